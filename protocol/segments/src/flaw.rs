use serde::Serialize;

/// The shell of an interchange in which something is wrong.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// ISA to IEA, UNB to UNZ.
    Interchange,
    /// GS to GE, UNG to UNE.
    Group,
    /// ST to SE, UNH to UNT.
    Set,
}

/// What is wrong at a place; the same list for both syntaxes.
///
/// The acknowledgement codes of X12 (elements 716, 718, 720, 723, I18) and EDIFACT (0085) are
/// made from it by the crate of each syntax.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Flaw {
    /// A mark was given two meanings.
    AmbiguousMarks,
    /// A header element of fixed width has another.
    HeaderWidth {
        /// The width it must have.
        wanted: u32,
        /// The width it has.
        found: u32,
    },
    /// A header is cut short or missing.
    HeaderMissing(Level),
    /// A trailer is missing.
    TrailerMissing(Level),
    /// A header says something that it may not say.
    HeaderValue(Level),
    /// Header and trailer carry different control numbers.
    ControlMismatch {
        /// Whose.
        level: Level,
        /// The number in the header.
        header: String,
    },
    /// A control number is not written as one.
    ControlInvalid(Level),
    /// A control number was used before within the level above.
    ControlRepeated(Level),
    /// A trailer counts otherwise than what is there.
    CountMismatch {
        /// Whose trailer.
        level: Level,
        /// What is there.
        found: usize,
    },
    /// A level holds nothing.
    Empty(Level),
    /// The last segment is cut off: it has no terminator.
    CutOff,
    /// Bytes or a segment where none of them belong.
    Stray,
    /// The set, or its release, has no plan here.
    SetNotSupported,
    /// The group announces another kind of set.
    WrongGroup,
    /// Bytes that cannot name a segment, or a name that the release does not know.
    SegmentUnknown,
    /// The release knows the segment; this set does not use it.
    SegmentNotInSet,
    /// The set uses the segment elsewhere.
    SegmentMisplaced,
    /// A mandatory segment is missing before this place.
    SegmentMissing {
        /// Its tag.
        tag: String,
    },
    /// A segment stands more often than it may.
    SegmentRepeated {
        /// How often it may.
        most: u32,
    },
    /// A loop stands more often than it may.
    LoopRepeated {
        /// How often it may.
        most: u32,
    },
    /// A segment holds no value at all.
    SegmentEmpty,
    /// A segment has more elements than the tokenizer keeps places of.
    SegmentTooLong,
    /// A mandatory element is empty.
    ElementMissing,
    /// An element is empty that others call for.
    ConditionMissing {
        /// The condition, as X12 writes it.
        condition: String,
    },
    /// An element is there that others forbid.
    ConditionExcluded {
        /// The condition, as X12 writes it.
        condition: String,
    },
    /// More elements than the segment has.
    TooManyElements {
        /// How many it has.
        most: usize,
    },
    /// More components than the element has.
    TooManyComponents {
        /// How many it has.
        most: usize,
    },
    /// More repetitions than the element may have.
    TooManyRepetitions {
        /// How many it may have.
        most: u32,
    },
    /// An element is too short.
    TooShort {
        /// The fewest characters.
        least: u32,
    },
    /// An element is too long.
    TooLong {
        /// The most characters.
        most: u32,
    },
    /// A character that the element, or the character set, does not allow.
    BadCharacter,
    /// A character that the interchange's repertoire, such as UNOA, does not have.
    OutsideCharset,
    /// Not a number as the syntax writes one.
    NotANumber,
    /// Not a value of the list.
    CodeUnknown,
    /// Not a day.
    DateInvalid,
    /// Not a time of day.
    TimeInvalid,
    /// A mark stands inside a text; readers may cut it there.
    MarkInText,
    /// Empty elements or components at the end that should have been left out.
    TrailingEmpty,
    /// A total of the document says otherwise than its lines.
    TotalMismatch {
        /// What the lines give.
        found: String,
    },
}

impl Flaw {
    /// Whether it belongs to an element, not to a segment or a shell.
    pub fn is_of_element(&self) -> bool {
        match self {
            Self::ElementMissing
            | Self::ConditionMissing { .. }
            | Self::ConditionExcluded { .. }
            | Self::TooManyElements { .. }
            | Self::TooManyComponents { .. }
            | Self::TooManyRepetitions { .. }
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::BadCharacter
            | Self::OutsideCharset
            | Self::NotANumber
            | Self::CodeUnknown
            | Self::DateInvalid
            | Self::TimeInvalid
            | Self::MarkInText
            | Self::TrailingEmpty
            | Self::TotalMismatch { .. } => true,
            Self::AmbiguousMarks
            | Self::HeaderWidth { .. }
            | Self::HeaderMissing(_)
            | Self::TrailerMissing(_)
            | Self::HeaderValue(_)
            | Self::ControlMismatch { .. }
            | Self::ControlInvalid(_)
            | Self::ControlRepeated(_)
            | Self::CountMismatch { .. }
            | Self::Empty(_)
            | Self::CutOff
            | Self::Stray
            | Self::SetNotSupported
            | Self::WrongGroup
            | Self::SegmentUnknown
            | Self::SegmentNotInSet
            | Self::SegmentMisplaced
            | Self::SegmentMissing { .. }
            | Self::SegmentRepeated { .. }
            | Self::LoopRepeated { .. }
            | Self::SegmentEmpty
            | Self::SegmentTooLong => false,
        }
    }
}
