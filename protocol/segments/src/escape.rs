use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Marks;

/// The most bytes of a value that are shown; a mark tells that there were more.
pub(crate) const SHOWN_LIMIT: usize = 96;

/// Shows bytes to a person: readable text as it is, everything else as `\xNN`.
///
/// A value over 96 bytes is shown shortened, with `…` and its length after it.
pub fn escape(bytes: &[u8]) -> String {
    escape_run(bytes, bytes.len())
}

/// Shows a run of `length` bytes of which `bytes` are the first.
pub(crate) fn escape_run(bytes: &[u8], length: usize) -> String {
    let mut shown = String::new();
    let head = bytes.get(..SHOWN_LIMIT).unwrap_or(bytes);
    for chunk in head.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter == '\\' || letter.is_control() {
                for byte in letter.to_string().bytes() {
                    push_hex(&mut shown, byte);
                }
            } else {
                shown.push(letter);
            }
        }
        for byte in chunk.invalid() {
            push_hex(&mut shown, *byte);
        }
    }
    if length > head.len() {
        shown.push_str("… (");
        shown.push_str(&length.to_string());
        shown.push_str(" bytes)");
    }
    shown
}

fn push_hex(shown: &mut String, byte: u8) {
    // Writing to a string does not fail.
    let _ = write!(shown, "\\x{byte:02x}");
}

/// The text that raw bytes of an element stand for: without line ends that wrapped the file,
/// release characters taken away, ISO 8859-1 where it is not UTF-8.
pub fn text<'a>(raw: &'a [u8], marks: &Marks) -> Cow<'a, str> {
    let wrapped = marks.line_ends_are_trivia();
    let is_filling = |byte: u8| wrapped && matches!(byte, b'\r' | b'\n');
    let is_plain = |byte: u8| Some(byte) != marks.release && !is_filling(byte);
    if raw.iter().copied().all(is_plain) {
        return match std::str::from_utf8(raw) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(latin1(raw)),
        };
    }
    let mut kept = Vec::with_capacity(raw.len());
    let mut released = false;
    for byte in raw.iter().copied() {
        if is_filling(byte) {
            continue;
        }
        if !released && Some(byte) == marks.release {
            released = true;
            continue;
        }
        released = false;
        kept.push(byte);
    }
    Cow::Owned(String::from_utf8(kept).unwrap_or_else(|kept| latin1(kept.as_bytes())))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_shown_by_its_bytes() {
        assert_eq!(escape(b"1x0\n\xff"), "1x0\\x0a\\xff");
        assert_eq!(escape("Müller".as_bytes()), "Müller");
        assert!(escape(&[b'x'; 200]).ends_with("… (200 bytes)"));
    }
}
