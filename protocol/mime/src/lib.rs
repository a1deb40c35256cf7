//! The parts of MIME that signed business messages need: fields, parameters, multiparts,
//! transfer encodings and the canonical form.
//!
//! Everything borrows from its input, since a signature covers bytes as they came: what is
//! read here is never written again to be hashed. No I/O, no clock, no chance; a boundary is
//! a parameter. Bad bytes are a [`Broken`], never a panic.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod encoding;
mod fields;
mod multipart;
mod value;

pub use encoding::{TransferEncoding, base64_lines, canonical, decode};
pub use fields::{Entity, Fields, LIMIT_FIELDS_BYTES, entity};
pub use multipart::{LIMIT_PARTS, Multipart, parts};
pub use value::{Value, quoted, safe_file_name};

/// Why bytes are no MIME entity.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Broken {
    /// The fields before the content are longer than anybody needs.
    #[error("the fields of a part are longer than {LIMIT_FIELDS_BYTES} bytes")]
    FieldsTooLong,
    /// A line among the fields is no field.
    #[error("line {line} of the fields of a part has no colon")]
    NoField {
        /// Which line, from 1.
        line: usize,
    },
    /// A multipart does not say how it is cut.
    #[error("the multipart names no boundary of 1 to 70 characters")]
    NoBoundary,
    /// The closing boundary is missing.
    #[error("the multipart ends without its closing boundary")]
    Unclosed,
    /// More parts than anybody needs.
    #[error("the multipart has more than {LIMIT_PARTS} parts")]
    TooManyParts,
    /// A transfer encoding that is not known.
    #[error("the transfer encoding `{0}` is not known; use base64 or binary")]
    UnknownEncoding(String),
    /// The content is not what its transfer encoding says.
    #[error("the content is no {0}")]
    NotEncoded(&'static str),
}
