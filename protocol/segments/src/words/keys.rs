//! Which sentence of `tables/words.txt` tells a flaw, and what fills its places.

use super::Words;
use crate::{Broken, Flaw, Level};

/// The sentences about a flaw: `rule.` and `mend.` with this key.
pub(super) fn rule(flaw: &Flaw) -> &'static str {
    match flaw {
        Flaw::AmbiguousMarks => "ambiguous_marks",
        Flaw::HeaderWidth { .. } => "header_width",
        Flaw::HeaderMissing(_) => "header_missing",
        Flaw::TrailerMissing(_) => "trailer_missing",
        Flaw::HeaderValue(_) => "header_value",
        Flaw::ControlMismatch { .. } => "control_mismatch",
        Flaw::ControlInvalid(_) => "control_invalid",
        Flaw::ControlRepeated(_) => "control_repeated",
        Flaw::CountMismatch { .. } => "count_mismatch",
        Flaw::Empty(_) => "empty",
        Flaw::CutOff => "cut_off",
        Flaw::Stray => "stray",
        Flaw::SetNotSupported => "set_not_supported",
        Flaw::WrongGroup => "wrong_group",
        Flaw::SegmentUnknown => "segment_unknown",
        Flaw::SegmentNotInSet => "segment_not_in_set",
        Flaw::SegmentMisplaced => "segment_misplaced",
        Flaw::SegmentMissing { .. } => "segment_missing",
        Flaw::SegmentRepeated { .. } => "segment_repeated",
        Flaw::LoopRepeated { .. } => "loop_repeated",
        Flaw::SegmentEmpty => "segment_empty",
        Flaw::SegmentTooLong => "segment_too_long",
        Flaw::ElementMissing => "element_missing",
        Flaw::ConditionMissing { condition } if condition.starts_with(['R', 'L']) => {
            "condition_missing_one"
        }
        Flaw::ConditionMissing { .. } => "condition_missing",
        Flaw::ConditionExcluded { .. } => "condition_excluded",
        Flaw::TooManyElements { .. } => "too_many_elements",
        Flaw::TooManyComponents { .. } => "too_many_components",
        Flaw::TooManyRepetitions { .. } => "too_many_repetitions",
        Flaw::TooShort { .. } => "too_short",
        Flaw::TooLong { .. } => "too_long",
        Flaw::BadCharacter => "bad_character",
        Flaw::OutsideCharset => "outside_charset",
        Flaw::NotANumber => "not_a_number",
        Flaw::CodeUnknown => "code_unknown",
        Flaw::DateInvalid => "date_invalid",
        Flaw::TimeInvalid => "time_invalid",
        Flaw::MarkInText => "mark_in_text",
        Flaw::TrailingEmpty => "trailing_empty",
        Flaw::TotalMismatch { .. } => "total_mismatch",
    }
}

/// Whether the sentence about a flaw shows the value that stands there.
pub(super) fn shows_its_value(flaw: &Flaw) -> bool {
    let of_shell = matches!(
        flaw,
        Flaw::CountMismatch { .. }
            | Flaw::ControlMismatch { .. }
            | Flaw::ControlInvalid(_)
            | Flaw::ControlRepeated(_)
            | Flaw::HeaderValue(_)
            | Flaw::HeaderWidth { .. }
            | Flaw::SetNotSupported
    );
    flaw.is_of_element() || of_shell
}

/// What fills the places of the sentences about a flaw.
pub(super) fn values(broken: &Broken, words: Words) -> Vec<(&'static str, String)> {
    let level = |level: Level| ("level", level_name(level, words));
    match &broken.flaw {
        Flaw::HeaderWidth { wanted, found } => {
            vec![("wanted", wanted.to_string()), ("found", found.to_string())]
        }
        Flaw::HeaderMissing(own)
        | Flaw::TrailerMissing(own)
        | Flaw::HeaderValue(own)
        | Flaw::ControlInvalid(own)
        | Flaw::ControlRepeated(own)
        | Flaw::Empty(own) => vec![level(*own)],
        Flaw::ControlMismatch { level: own, header } => {
            vec![level(*own), ("header", header.clone())]
        }
        Flaw::CountMismatch { level: own, found } => {
            let parts = match own {
                Level::Interchange => "parts.interchange",
                Level::Group => "parts.group",
                Level::Set => "parts.set",
            };
            let parts = words.say(parts, &[]);
            vec![level(*own), ("found", found.to_string()), ("parts", parts)]
        }
        Flaw::SegmentMissing { tag } => vec![("tag", words.called(tag))],
        Flaw::SegmentRepeated { most }
        | Flaw::LoopRepeated { most }
        | Flaw::TooManyRepetitions { most }
        | Flaw::TooLong { most } => vec![("most", most.to_string())],
        Flaw::TooManyElements { most } | Flaw::TooManyComponents { most } => {
            vec![("most", most.to_string())]
        }
        Flaw::ConditionMissing { condition } | Flaw::ConditionExcluded { condition } => {
            let others = others(condition, broken);
            vec![("condition", condition.clone()), ("others", others)]
        }
        Flaw::TooShort { least } => vec![("least", least.to_string())],
        Flaw::TotalMismatch { found } => vec![("found", found.clone())],
        Flaw::AmbiguousMarks
        | Flaw::CutOff
        | Flaw::Stray
        | Flaw::SetNotSupported
        | Flaw::WrongGroup
        | Flaw::SegmentUnknown
        | Flaw::SegmentNotInSet
        | Flaw::SegmentMisplaced
        | Flaw::SegmentEmpty
        | Flaw::SegmentTooLong
        | Flaw::ElementMissing
        | Flaw::BadCharacter
        | Flaw::OutsideCharset
        | Flaw::NotANumber
        | Flaw::CodeUnknown
        | Flaw::DateInvalid
        | Flaw::TimeInvalid
        | Flaw::MarkInText
        | Flaw::TrailingEmpty => Vec::new(),
    }
}

/// The other elements that a condition such as `P0607` is about, such as `PO106`.
fn others(condition: &str, broken: &Broken) -> String {
    let own = format!("{:02}", broken.place.element);
    // In a list condition the first calls for one of the others.
    let skipped = if condition.starts_with('L') { 3 } else { 1 };
    let digits = condition.as_bytes().get(skipped..).unwrap_or_default();
    let places = digits.chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let others = places.filter(|place| *place != own);
    let others = others.map(|place| format!("{}{place}", broken.place.segment));
    others.collect::<Vec<_>>().join(", ")
}

fn level_name(level: Level, words: Words) -> String {
    let key = match level {
        Level::Interchange => "level.interchange",
        Level::Group => "level.group",
        Level::Set => "level.set",
    };
    words.say(key, &[])
}
