//! Multiparts: cut into raw parts, and written around parts that already are bytes.

use crate::{Broken, Fields, Value};

/// How many parts one multipart may have.
pub const LIMIT_PARTS: usize = 100;

/// The raw parts of a multipart: fields and content of each, as they came.
///
/// A boundary counts only at the begin of a line, followed by white space alone; the line
/// break before it belongs to the boundary, not to the part.
///
/// Source: RFC 2046, 5.1.1.
///
/// # Errors
/// [`Broken::NoBoundary`], [`Broken::Unclosed`], [`Broken::TooManyParts`].
pub fn parts<'a>(content: &'a [u8], kind: &Value) -> Result<Vec<&'a [u8]>, Broken> {
    let boundary = kind.param("boundary").unwrap_or_default();
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(Broken::NoBoundary);
    }
    let mut found = Vec::new();
    let (mut began, mut line_began) = (None::<usize>, 0_usize);
    while let Some(rest) = content.get(line_began..).filter(|rest| !rest.is_empty()) {
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at.saturating_add(1));
        let line = rest.get(..length).unwrap_or(rest);
        let next = line_began.saturating_add(length);
        if let Some(close) = delimits(line, boundary.as_bytes()) {
            if let Some(began) = began {
                if found.len() >= LIMIT_PARTS {
                    return Err(Broken::TooManyParts);
                }
                let end = without_break(content, line_began).max(began);
                found.push(content.get(began..end).unwrap_or_default());
            }
            if close {
                return Ok(found);
            }
            began = Some(next);
        }
        line_began = next;
    }
    Err(Broken::Unclosed)
}

/// Whether this line is a boundary, and if so, whether it closes.
fn delimits(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    let blank = |rest: &[u8]| rest.iter().all(u8::is_ascii_whitespace);
    match rest.strip_prefix(b"--") {
        Some(rest) if blank(rest) => Some(true),
        _ if blank(rest) => Some(false),
        _ => None,
    }
}

/// Where the text before `at` ends without its line break.
fn without_break(content: &[u8], at: usize) -> usize {
    let before = content.get(..at).unwrap_or_default();
    let without = before.strip_suffix(b"\n").unwrap_or(before);
    without.strip_suffix(b"\r").unwrap_or(without).len()
}

/// A multipart to be written.
#[derive(Clone, Debug)]
pub struct Multipart<'a> {
    /// `multipart/signed; …`, without the boundary.
    pub kind: &'a str,
    /// Up to 70 letters, digits and `=_-`, which no part contains: draw it at random.
    pub boundary: &'a str,
    /// The parts, fields and all.
    pub parts: &'a [&'a [u8]],
}

impl Multipart<'_> {
    /// The value of its `Content-Type`.
    pub fn content_type(&self) -> String {
        format!("{}; boundary=\"{}\"", self.kind, self.boundary)
    }

    /// The content: the parts with boundaries between them.
    pub fn content(&self) -> Vec<u8> {
        let length: usize = self.parts.iter().map(|part| part.len()).sum();
        let mut out = Vec::with_capacity(length.saturating_add(1024));
        for part in self.parts {
            out.extend_from_slice(format!("--{}\r\n", self.boundary).as_bytes());
            out.extend_from_slice(part);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        out
    }

    /// Fields and content, to be a part itself.
    pub fn entity(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields.push("Content-Type", self.content_type());
        let mut out = fields.lines().into_bytes();
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.content());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Multipart, parts};
    use crate::{Broken, Value};

    #[test]
    fn parts_are_cut_at_boundaries_at_the_begin_of_a_line_alone() {
        let kind = Value::read("multipart/mixed; boundary=b");
        let text =
            b"preamble\r\n--b\r\none --b\r\n--bc\r\n\r\n--b  \r\ntwo\n--b--\r\nend";

        assert_eq!(parts(text, &kind).unwrap(), [&b"one --b\r\n--bc\r\n"[..], b"two"]);
    }

    #[test]
    fn one_that_is_cut_short_is_refused() {
        let kind = Value::read("multipart/mixed; boundary=b");

        assert_eq!(parts(b"--b\r\none\r\n", &kind), Err(Broken::Unclosed));
        assert_eq!(parts(b"", &Value::read("multipart/mixed")), Err(Broken::NoBoundary));
    }

    #[test]
    fn what_is_written_is_read_again_byte_for_byte() {
        let written = Multipart {
            kind: "multipart/mixed",
            boundary: "=_x",
            parts: &[b"\r\na\n", b"", b"b\r\n"],
        };
        let kind = Value::read(&written.content_type());

        assert_eq!(parts(&written.content(), &kind).unwrap(), written.parts);
    }
}
