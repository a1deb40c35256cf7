//! The shells of an interchange: ISA to IEA, GS to GE, ST to SE.

mod head;
mod standard;

use std::fmt;

use segments::Heading;
use serde::Serialize;

pub use standard::X12;

/// One interchange of a file, with its bytes.
pub type Interchange<'a> = segments::Interchange<'a, X12>;
/// A functional group.
pub type Group<'a> = segments::Group<'a, X12>;
/// A transaction set.
pub type Set<'a> = segments::Set<'a, X12>;
/// Part of an interchange.
pub type Part<'a> = segments::Part<'a, X12>;
/// Reads interchanges from bytes that arrive piece by piece, set by set.
pub type Stream = segments::Stream<X12>;

/// What ISA says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Header {
    /// ISA05 and ISA06.
    pub sender: Endpoint,
    /// ISA07 and ISA08.
    pub receiver: Endpoint,
    /// ISA09, six digits.
    pub date: String,
    /// ISA10, four digits.
    pub time: String,
    /// ISA12, such as `00401`.
    pub version: String,
    /// ISA13, nine digits.
    pub control: String,
    /// ISA14: whether a TA1 is asked for.
    pub asks_for_receipt: bool,
    /// ISA15.
    pub usage: Usage,
}

/// Who sends or receives, as an interchange names them.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Endpoint {
    /// The scheme, such as `ZZ`, `01` (DUNS), `14` (GLN).
    pub qualifier: String,
    /// The identifier, without the blanks that fill it.
    pub id: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.qualifier, self.id)
    }
}

/// ISA15: what an interchange is for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// `P`.
    Production,
    /// `T`.
    #[default]
    Test,
    /// `I`.
    Information,
    /// Something else.
    Unknown,
}

/// What GS says besides its control number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GroupHead {
    /// GS01, such as `PO`; empty where GS is missing.
    pub code: String,
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS08, such as `004010` or `004010VICS`.
    pub version: String,
}

impl Heading for Header {
    fn control(&self) -> &str {
        &self.control
    }

    fn ends(&self) -> [String; 2] {
        [self.sender.to_string(), self.receiver.to_string()]
    }
}

/// Whether a group holds acknowledgements, which are never acknowledged.
pub(crate) fn holds_acknowledgements(group: &Group<'_>) -> bool {
    group.head.code == "FA"
        || group.sets.iter().any(|set| matches!(set.kind.as_str(), "997" | "999"))
}
