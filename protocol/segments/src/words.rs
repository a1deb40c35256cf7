//! Flaws in words that a buyer understands.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::{Broken, Flaw, Guideline, Level};

/// Names of segments and elements, in one language, in our own words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    names: HashMap<String, String>,
}

/// The English words.
pub fn english() -> &'static Words {
    static ENGLISH: LazyLock<Words> =
        LazyLock::new(|| Words::read(include_str!("../tables/words-en.txt")));
    &ENGLISH
}

impl Words {
    /// Reads lines such as `PO1 order line` and `355 unit of measure`.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once(' '));
        Self {
            names: pairs.map(|(key, name)| (key.to_owned(), name.to_owned())).collect(),
        }
    }

    /// What a segment, element or composite is called, if the words have it.
    pub fn name(&self, key: &str) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// Tells a flaw and its place in one sentence.
    pub fn tell(&self, broken: &Broken) -> String {
        let place = self.place(broken);
        let what = match &broken.place.guideline {
            None => self.what(broken),
            Some(line) => {
                let Guideline { guide, line, says } = line.as_ref();
                format!("{says} (guide {guide}, line {line})")
            }
        };
        let shown = if broken.value.is_empty() || !broken.flaw.is_of_element() {
            String::new()
        } else {
            format!(" “{}”", broken.value)
        };
        let mend = if broken.mend.is_empty() {
            String::new()
        } else {
            format!("; {}", broken.mend)
        };
        format!("{place}{shown}: {what}{mend} (byte {})", broken.place.at)
    }

    fn place(&self, broken: &Broken) -> String {
        let place = &broken.place;
        if place.segment.is_empty() {
            return "the file".to_owned();
        }
        let segment = self.called(&place.segment);
        let number = match (place.ordinal, place.number) {
            (0, 0) => String::new(),
            (0, number) => format!(", segment {number} of the file"),
            (ordinal, _) => format!(", segment {ordinal} of the document"),
        };
        if place.element == 0 {
            return segment + &number;
        }
        let element = format!(", {}{:02}", place.segment, place.element);
        let component = match place.component {
            0 => String::new(),
            component => format!("-{component}"),
        };
        let name = self.name(&place.reference).map(|name| format!(" ({name})"));
        segment + &number + &element + &component + &name.unwrap_or_default()
    }

    fn called(&self, tag: &str) -> String {
        self.name(tag).map_or_else(|| tag.to_owned(), |name| format!("{tag} ({name})"))
    }

    fn what(&self, broken: &Broken) -> String {
        match &broken.flaw {
            Flaw::AmbiguousMarks => "one separator has two meanings".into(),
            Flaw::HeaderWidth { wanted, found } => {
                format!("must be {wanted} characters wide and is {found}")
            }
            Flaw::HeaderMissing(level) => format!("the {} has no header", name(*level)),
            Flaw::TrailerMissing(level) => format!("the {} has no trailer", name(*level)),
            Flaw::HeaderValue(level) => format!("the {} may not say this", name(*level)),
            Flaw::ControlMismatch { level, header } => format!(
                "the control number of the {} is {header} in its header and another here",
                name(*level)
            ),
            Flaw::ControlInvalid(level) => {
                format!("this is no control number of the {}", name(*level))
            }
            Flaw::ControlRepeated(level) => {
                format!("this control number of the {} was used before", name(*level))
            }
            Flaw::CountMismatch { level, found } => {
                format!("the {} holds {found}, not what is counted here", name(*level))
            }
            Flaw::Empty(level) => format!("the {} is empty", name(*level)),
            Flaw::CutOff => "the file breaks off here".into(),
            Flaw::Stray => "does not belong here".into(),
            Flaw::SetNotSupported => {
                "this document, or its release, is not known here".into()
            }
            Flaw::WrongGroup => "the group announces another kind of document".into(),
            Flaw::SegmentUnknown => "no segment is called this".into(),
            Flaw::SegmentNotInSet => "this document has no such segment".into(),
            Flaw::SegmentMisplaced => "the segment does not belong at this place".into(),
            Flaw::SegmentMissing { tag } => {
                format!("{} is missing before this segment", self.called(tag))
            }
            Flaw::SegmentRepeated { most } => format!("stands more than {most} times"),
            Flaw::LoopRepeated { most } => {
                format!("its group stands more than {most} times")
            }
            Flaw::SegmentTooLong => "far more elements than any segment has".into(),
            Flaw::ElementMissing => "is missing".into(),
            Flaw::ConditionMissing { condition } => {
                format!("is missing, and other elements call for it (rule {condition})")
            }
            Flaw::ConditionExcluded { condition } => {
                format!("may not stand beside another element (rule {condition})")
            }
            Flaw::TooManyElements { most } => {
                format!("the segment has only {most} elements")
            }
            Flaw::TooManyComponents { most } => {
                format!("the element has only {most} parts")
            }
            Flaw::TooManyRepetitions { most } => format!("may stand {most} times only"),
            Flaw::TooShort { least } => format!("is shorter than {least} characters"),
            Flaw::TooLong { most } => format!("is longer than {most} characters"),
            Flaw::BadCharacter => "holds a character that is not allowed".into(),
            Flaw::OutsideCharset => {
                "holds a character that the announced character set does not have".into()
            }
            Flaw::NotANumber => "is not a number".into(),
            Flaw::CodeUnknown => "is not a code of the list".into(),
            Flaw::DateInvalid => "is not a day of the calendar".into(),
            Flaw::TimeInvalid => "is not a time of day".into(),
            Flaw::MarkInText => "holds a separator of this file".into(),
            Flaw::TrailingEmpty => "is empty at the end".into(),
            Flaw::TotalMismatch { found } => format!("the lines give {found}"),
        }
    }

    /// Tells the way out; empty where the flaw says it already.
    pub fn mend(&self, broken: &Broken) -> String {
        match &broken.flaw {
            Flaw::AmbiguousMarks => "give every separator a character of its own".into(),
            Flaw::HeaderWidth { wanted, found } if found < wanted => {
                "fill it with blanks on the right".into()
            }
            Flaw::HeaderWidth { .. } => "shorten it".into(),
            Flaw::TrailerMissing(_) | Flaw::CutOff => {
                "send the whole file again; it was cut on the way".into()
            }
            Flaw::ControlMismatch { header, .. } => format!("write {header}"),
            Flaw::CountMismatch { found, .. } => format!("write {found}"),
            Flaw::ControlRepeated(_) => "give each its own number".into(),
            Flaw::SegmentMissing { tag } => format!("add {}", self.called(tag)),
            Flaw::SegmentUnknown => "correct its name or leave it out".into(),
            Flaw::SegmentNotInSet => "leave it out".into(),
            Flaw::SegmentMisplaced => "move it to where the document expects it".into(),
            Flaw::ElementMissing | Flaw::ConditionMissing { .. } => "fill it in".into(),
            Flaw::ConditionExcluded { .. } | Flaw::TooManyElements { .. } => {
                "leave it out".into()
            }
            Flaw::TooShort { least } => format!("write at least {least} characters"),
            Flaw::TooLong { most } => format!("write at most {most} characters"),
            Flaw::NotANumber => "write digits, with a point for decimals".into(),
            Flaw::DateInvalid => "write year, month and day, such as 20261231".into(),
            Flaw::TimeInvalid => "write hours and minutes, such as 1430".into(),
            Flaw::CodeUnknown => match broken.place.reference.as_str() {
                "355" | "6411" => "use a unit code such as EA (each)".into(),
                _ => "use a code of the standard's list".into(),
            },
            Flaw::MarkInText => "choose a separator that no text holds".into(),
            Flaw::OutsideCharset => "announce a wider character set, such as UNOC".into(),
            Flaw::TrailingEmpty => "end the segment after its last value".into(),
            Flaw::TotalMismatch { found } => format!("write {found}"),
            Flaw::SetNotSupported => "agree on a release that both sides know".into(),
            Flaw::HeaderMissing(_)
            | Flaw::HeaderValue(_)
            | Flaw::ControlInvalid(_)
            | Flaw::Empty(_)
            | Flaw::Stray
            | Flaw::WrongGroup
            | Flaw::SegmentRepeated { .. }
            | Flaw::LoopRepeated { .. }
            | Flaw::SegmentTooLong
            | Flaw::TooManyComponents { .. }
            | Flaw::TooManyRepetitions { .. }
            | Flaw::BadCharacter => String::new(),
        }
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Interchange => "interchange",
        Level::Group => "group",
        Level::Set => "document",
    }
}
