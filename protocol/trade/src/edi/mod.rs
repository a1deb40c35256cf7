//! What `entente edi` does, as functions: bytes in, values out.
//!
//! Both dialects are told apart by their first letters. Nothing here prints, asks the clock or
//! draws numbers; everything that comes out can be serialised.

mod answer;
mod convert;
mod inspect;
mod reading;
mod split;
mod stream;
mod target;
mod validate;

use segments::{Broken, Flaw, Level};
use serde::Serialize;

pub use answer::{Answering, Numbering, acknowledge, acknowledge_with};
pub use convert::{Conversion, Converted, Converting, Refusal, RejectedShells, convert};
pub use inspect::{
    InspectedSegment, InspectedSet, InspectedValue, Inspection, inspect, inspect_in,
    inspect_part,
};
pub use reading::{Part, Reading};
pub use segments::{Language, Overlay};
pub use split::{Piece, Splitter, split};
pub use stream::{Found, FoundGroup, FoundInterchange, FoundSet, Stream, Sum};
pub use target::{Target, UnknownTarget};
pub use validate::{JudgedInterchange, JudgedSet, Report, Told, validate, validate_by};
pub use x12::Notice;

/// The dialects that a file can be in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// ASC X12.
    X12,
    /// UN/EDIFACT.
    Edifact,
}

/// Tells the dialect of a file by its first letters.
pub fn dialect(file: &[u8]) -> Option<Dialect> {
    let body = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii_start();
    match body {
        [b'I', b'S', b'A', ..] => Some(Dialect::X12),
        [b'U', b'N', b'A' | b'B', ..] => Some(Dialect::Edifact),
        _ => None,
    }
}

/// Why a file is neither.
fn unknown(file: &[u8]) -> Broken {
    let shown = file.get(..16).unwrap_or(file);
    Broken::in_bytes(Flaw::HeaderMissing(Level::Interchange), 0, shown)
}
