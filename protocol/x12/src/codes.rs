//! From flaws to the codes of acknowledgements.

use segments::{Broken, Flaw, Level};

use crate::Notice;

/// 716 (AK905 to AK909), where it is a flaw of a group.
pub(crate) fn group_code(notice: Notice, broken: &Broken) -> Option<&'static str> {
    let code = codes(&broken.flaw).group;
    let repeated = matches!(broken.flaw, Flaw::ControlRepeated(_));
    if notice == Notice::Implementation && repeated { Some("19") } else { code }
}

/// 718 (AK502 to AK506) or 618 (IK502 to IK506).
pub(crate) fn set_code(notice: Notice, broken: &Broken) -> &'static str {
    let code = codes(&broken.flaw).set;
    if notice == Notice::Functional {
        return code;
    }
    if let Flaw::ControlRepeated(_) = broken.flaw {
        "23"
    } else if broken.flaw == Flaw::WrongGroup {
        "18"
    } else if code == "5" && broken.place.guideline.is_some() {
        "I5"
    } else {
        code
    }
}

/// 720 (AK304) or 620 (IK304), where it is a flaw of a segment; the codes that begin with I are
/// for what a partner's guide says.
pub(crate) fn segment_code(notice: Notice, broken: &Broken) -> Option<&'static str> {
    let code = codes(&broken.flaw).segment?;
    if notice == Notice::Functional || broken.place.guideline.is_none() {
        return Some(code);
    }
    Some(match code {
        "3" => "I6",
        "1" | "6" => "I4",
        other => other,
    })
}

/// 723 (AK403) or 621 (IK403), where it is a flaw of an element.
pub(crate) fn element_code(notice: Notice, broken: &Broken) -> Option<&'static str> {
    let code = codes(&broken.flaw).element?;
    if notice == Notice::Functional {
        return Some(code);
    }
    if let Flaw::TooManyRepetitions { .. } = broken.flaw {
        return Some("12");
    }
    if let Flaw::TooManyComponents { .. } = broken.flaw {
        return Some("13");
    }
    if broken.place.guideline.is_none() {
        return Some(code);
    }
    Some(match code {
        "1" | "2" => "I9",
        "3" | "10" => "I10",
        "4" | "5" | "6" => "I12",
        "7" => "I6",
        other => other,
    })
}

/// I18 (TA105): what is wrong with an interchange.
///
/// Source: ASC X12.5, data element I18.
pub(crate) fn receipt_code(flaw: &Flaw, element: usize) -> &'static str {
    match flaw {
        Flaw::ControlMismatch { .. } => "001",
        Flaw::CountMismatch { .. } => "021",
        Flaw::TrailerMissing(_) | Flaw::CutOff => "023",
        Flaw::ControlInvalid(_) => "018",
        Flaw::HeaderWidth { .. } => match element {
            1 => "010",
            2 => "011",
            3 => "012",
            4 => "013",
            5 => "005",
            6 => "006",
            7 => "007",
            8 => "008",
            9 => "014",
            10 => "015",
            11 => "016",
            12 => "017",
            13 => "018",
            14 => "019",
            15 => "020",
            16 => "027",
            _ => "022",
        },
        Flaw::AmbiguousMarks => "026",
        Flaw::Stray | Flaw::Empty(_) | Flaw::HeaderMissing(Level::Group) => "024",
        Flaw::ControlRepeated(_) => "025",
        Flaw::HeaderMissing(Level::Interchange | Level::Set)
        | Flaw::HeaderValue(_)
        | Flaw::SetNotSupported
        | Flaw::WrongGroup
        | Flaw::SegmentUnknown
        | Flaw::SegmentNotInSet
        | Flaw::SegmentMisplaced
        | Flaw::SegmentMissing { .. }
        | Flaw::SegmentRepeated { .. }
        | Flaw::LoopRepeated { .. }
        | Flaw::SegmentEmpty
        | Flaw::SegmentTooLong
        | Flaw::ElementMissing
        | Flaw::ConditionMissing { .. }
        | Flaw::ConditionExcluded { .. }
        | Flaw::TooManyElements { .. }
        | Flaw::TooManyComponents { .. }
        | Flaw::TooManyRepetitions { .. }
        | Flaw::TooShort { .. }
        | Flaw::TooLong { .. }
        | Flaw::BadCharacter
        | Flaw::OutsideCharset
        | Flaw::NotANumber
        | Flaw::CodeUnknown
        | Flaw::DateInvalid
        | Flaw::TimeInvalid
        | Flaw::MarkInText
        | Flaw::TrailingEmpty
        | Flaw::TotalMismatch { .. } => "022",
    }
}

/// The codes with which a 997 of 004010 tells a flaw.
#[derive(Clone, Copy, Debug)]
struct Codes {
    /// 716 (AK905 to AK909), where it is a flaw of a group.
    group: Option<&'static str>,
    /// 718 (AK502 to AK506), where it is a flaw of a set; `5` for what its segments say.
    set: &'static str,
    /// 720 (AK304), where it is a flaw of a segment.
    segment: Option<&'static str>,
    /// 723 (AK403), where it is a flaw of an element.
    element: Option<&'static str>,
}

/// The codes of a flaw. Source: X12 004010, data elements 716, 718, 720 and 723.
fn codes(flaw: &Flaw) -> Codes {
    match flaw {
        Flaw::TrailerMissing(_) | Flaw::CutOff => shell("3", "2"),
        Flaw::ControlMismatch { .. } => shell("4", "3"),
        Flaw::CountMismatch { .. } => shell("5", "4"),
        Flaw::Empty(_) => shell("5", "5"),
        Flaw::ControlInvalid(_) | Flaw::ControlRepeated(_) => shell("6", "7"),
        Flaw::HeaderMissing(_) | Flaw::HeaderValue(_) => shell("1", "6"),
        Flaw::WrongGroup => shell("1", "1"),
        Flaw::SetNotSupported => shell("2", "1"),
        Flaw::AmbiguousMarks | Flaw::HeaderWidth { .. } => {
            Codes { group: None, set: "5", segment: None, element: None }
        }
        Flaw::SegmentUnknown => segment("1"),
        Flaw::Stray => segment("2"),
        Flaw::SegmentMissing { .. } => segment("3"),
        Flaw::LoopRepeated { .. } => segment("4"),
        Flaw::SegmentRepeated { .. } => segment("5"),
        Flaw::SegmentNotInSet => segment("6"),
        Flaw::SegmentMisplaced => segment("7"),
        Flaw::SegmentEmpty | Flaw::SegmentTooLong => segment("8"),
        Flaw::ElementMissing => element("1"),
        Flaw::ConditionMissing { .. } => element("2"),
        Flaw::TooManyElements { .. }
        | Flaw::TooManyComponents { .. }
        | Flaw::TooManyRepetitions { .. } => element("3"),
        Flaw::TooShort { .. } => element("4"),
        Flaw::TooLong { .. } => element("5"),
        Flaw::BadCharacter
        | Flaw::OutsideCharset
        | Flaw::NotANumber
        | Flaw::MarkInText
        | Flaw::TrailingEmpty => element("6"),
        Flaw::CodeUnknown | Flaw::TotalMismatch { .. } => element("7"),
        Flaw::DateInvalid => element("8"),
        Flaw::TimeInvalid => element("9"),
        Flaw::ConditionExcluded { .. } => element("10"),
    }
}

fn shell(group: &'static str, set: &'static str) -> Codes {
    Codes { group: Some(group), set, segment: None, element: None }
}

fn segment(code: &'static str) -> Codes {
    Codes { group: None, set: "5", segment: Some(code), element: None }
}

fn element(code: &'static str) -> Codes {
    Codes { group: None, set: "5", segment: None, element: Some(code) }
}
