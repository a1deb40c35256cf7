//! The shells of an interchange: UNB to UNZ, UNG to UNE, UNH to UNT.

pub(crate) mod marks;
mod standard;

use std::fmt;

use segments::Heading;
use serde::Serialize;

pub use standard::Edifact;

/// One interchange of a file, with its bytes.
pub type Interchange<'a> = segments::Interchange<'a, Edifact>;
/// A group, or the messages of an interchange without groups.
pub type Group<'a> = segments::Group<'a, Edifact>;
/// A message.
pub type Message<'a> = segments::Set<'a, Edifact>;
/// Part of an interchange.
pub type Part<'a> = segments::Part<'a, Edifact>;
/// Reads interchanges from bytes that arrive piece by piece, message by message.
pub type Stream = segments::Stream<Edifact>;

/// What UNB says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Header {
    /// 0001, such as `UNOC`.
    pub syntax: String,
    /// 0002: 1 to 4; 0 where UNB does not say.
    pub version: u8,
    /// S002.
    pub sender: Endpoint,
    /// S003.
    pub receiver: Endpoint,
    /// 0017.
    pub date: String,
    /// 0019.
    pub time: String,
    /// 0020.
    pub control: String,
    /// 0026.
    pub application: String,
    /// 0031: whether a CONTRL is asked for.
    pub asks_for_receipt: bool,
    /// 0035.
    pub is_test: bool,
}

/// Who sends or receives, as an interchange names them.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Endpoint {
    /// The identifier.
    pub id: String,
    /// The scheme, such as `14` (GLN), `1` (DUNS), `ZZZ`.
    pub qualifier: String,
    /// An address behind it.
    pub address: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.qualifier, self.id)
    }
}

/// What UNG says besides its control number; empty where there is none.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GroupHead {
    /// 0038, the kind of messages.
    pub kind: String,
    /// S006.
    pub sender: Endpoint,
    /// S007.
    pub receiver: Endpoint,
}

/// What UNH says besides the kind of message and its control number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MessageHead {
    /// 0052, such as `D`.
    pub version: String,
    /// 0054, such as `96A`.
    pub release: String,
    /// 0051, such as `UN`.
    pub agency: String,
    /// 0057, such as `EAN008`.
    pub association: String,
}

impl Heading for Header {
    fn control(&self) -> &str {
        &self.control
    }

    fn ends(&self) -> [String; 2] {
        [self.sender.to_string(), self.receiver.to_string()]
    }
}
