use segments::{Flaw, Level};

/// 0085: what CONTRL says about a flaw.
///
/// Source: ISO 9735 part 4, code list of 0085.
pub(crate) fn syntax_error(flaw: &Flaw) -> &'static str {
    match flaw {
        Flaw::HeaderValue(Level::Interchange) => "2",
        Flaw::HeaderValue(Level::Group | Level::Set)
        | Flaw::ControlInvalid(_)
        | Flaw::CodeUnknown
        | Flaw::DateInvalid
        | Flaw::TimeInvalid => "12",
        Flaw::HeaderMissing(_)
        | Flaw::TrailerMissing(_)
        | Flaw::CutOff
        | Flaw::SegmentMissing { .. }
        | Flaw::SegmentEmpty
        | Flaw::ElementMissing
        | Flaw::ConditionMissing { .. } => "13",
        Flaw::SetNotSupported => "14",
        Flaw::SegmentUnknown
        | Flaw::SegmentNotInSet
        | Flaw::SegmentMisplaced
        | Flaw::ConditionExcluded { .. } => "15",
        Flaw::TooManyElements { .. }
        | Flaw::TooManyComponents { .. }
        | Flaw::SegmentTooLong => "16",
        Flaw::HeaderWidth { .. } => "18",
        Flaw::BadCharacter | Flaw::OutsideCharset => "21",
        Flaw::AmbiguousMarks | Flaw::MarkInText => "22",
        Flaw::ControlRepeated(_) => "26",
        Flaw::ControlMismatch { .. } => "28",
        Flaw::CountMismatch { .. } | Flaw::TotalMismatch { .. } => "29",
        Flaw::WrongGroup => "31",
        Flaw::Empty(_) => "32",
        Flaw::Stray => "33",
        Flaw::SegmentRepeated { .. } | Flaw::TooManyRepetitions { .. } => "35",
        Flaw::LoopRepeated { .. } => "36",
        Flaw::NotANumber => "37",
        Flaw::TooLong { .. } => "39",
        Flaw::TooShort { .. } => "40",
        Flaw::TrailingEmpty => "45",
    }
}
