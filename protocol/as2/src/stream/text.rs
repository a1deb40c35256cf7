//! Base64 and the parts of a multipart, from a stream.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use base64::{Engine as _, engine::DecodePaddingMode};
use mime::Value;

use super::{Failure, Place};

/// The longest line that can be a boundary, with some white space after it.
const LIMIT_LINE_BYTES: usize = 1024;

/// Base64 undone as it is read; white space is skipped, and padding may be missing.
pub(super) struct Base64<R> {
    source: R,
    letters: Vec<u8>,
    bytes: Vec<u8>,
    given: usize,
}

const LENIENT: base64::engine::GeneralPurpose = base64::engine::GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl<R: BufRead> Base64<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, letters: Vec::new(), bytes: Vec::new(), given: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.bytes.clear();
        self.given = 0;
        loop {
            let chunk = self.source.fill_buf()?;
            let read = chunk.len();
            let some = chunk.iter().filter(|byte| !byte.is_ascii_whitespace());
            self.letters.extend(some);
            self.source.consume(read);
            // Four letters are three bytes; at the end what is left is.
            let rest = if read == 0 { 0 } else { self.letters.len() & 3 };
            let whole = self.letters.len().saturating_sub(rest);
            if whole == 0 && read > 0 {
                continue;
            }
            let rest = self.letters.split_off(whole);
            let decoded = LENIENT.decode(&self.letters);
            let bad = |_bad| io::Error::new(io::ErrorKind::InvalidData, "no base64");
            self.bytes = decoded.map_err(bad)?;
            self.letters = rest;
            return Ok(());
        }
    }
}

impl<R: BufRead> Read for Base64<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.bytes.len() {
            self.refill()?;
        }
        let rest = self.bytes.get(self.given..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(rest);
        }
        self.given = self.given.saturating_add(count);
        Ok(count)
    }
}

/// Where the parts of a multipart lie, as [`mime::parts`] cuts them.
pub(super) fn parts<F: Read + Seek>(
    file: &mut F,
    place: Place,
    kind: &Value,
) -> Result<Vec<Place>, Failure> {
    let boundary = kind.param("boundary").unwrap_or_default();
    if boundary.is_empty() || boundary.len() > 70 {
        return Err(mime::Broken::NoBoundary.into());
    }
    let begin = format!("--{boundary}");
    file.seek(SeekFrom::Start(place.from)).map_err(Failure::Io)?;
    let length = place.to.saturating_sub(place.from);
    let mut lines = Lines::new(io::BufReader::with_capacity(1 << 16, file.take(length)));
    let mut found = Vec::new();
    let mut open = None;
    // The line break before a boundary belongs to it.
    let (mut at, mut broken) = (place.from, 0_u64);
    while let Some(line) = lines.next().map_err(Failure::Io)? {
        let next = at.saturating_add(line.length);
        if let Some(close) = delimits(line.begin, begin.as_bytes(), line.length) {
            if let Some(from) = open {
                if found.len() >= mime::LIMIT_PARTS {
                    return Err(mime::Broken::TooManyParts.into());
                }
                let to = at.saturating_sub(broken).max(from);
                found.push(Place { from, to });
            }
            if close {
                return Ok(found);
            }
            open = Some(next);
        }
        (at, broken) = (next, line.broken);
    }
    Err(mime::Broken::Unclosed.into())
}

fn delimits(line: &[u8], begin: &[u8], length: u64) -> Option<bool> {
    let rest = line.strip_prefix(begin)?;
    if u64::try_from(line.len()).is_ok_and(|seen| seen < length) {
        return None;
    }
    let blank = |rest: &[u8]| rest.iter().all(u8::is_ascii_whitespace);
    match rest.strip_prefix(b"--") {
        Some(rest) if blank(rest) => Some(true),
        _ if blank(rest) => Some(false),
        _ => None,
    }
}

/// Lines of any length, of which only the first bytes are held.
struct Lines<R> {
    source: R,
    begin: Vec<u8>,
}

struct Line<'l> {
    /// Its first bytes, with the line break if it is that short.
    begin: &'l [u8],
    length: u64,
    /// How long its line break is: 0 to 2 bytes.
    broken: u64,
}

impl<R: BufRead> Lines<R> {
    const fn new(source: R) -> Self {
        Self { source, begin: Vec::new() }
    }

    fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.begin.clear();
        let (mut length, mut last) = (0_u64, 0_u8);
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                let line = Line { begin: &self.begin, length, broken: 0 };
                return Ok((length > 0).then_some(line));
            }
            let end = memchr::memchr(b'\n', chunk);
            let count = end.map_or(chunk.len(), |at| at.saturating_add(1));
            let some = chunk.get(..count).unwrap_or(chunk);
            let room = LIMIT_LINE_BYTES.saturating_sub(self.begin.len());
            self.begin.extend_from_slice(some.get(..room).unwrap_or(some));
            let before = match some {
                [.., before, _] => *before,
                [_] | [] => last,
            };
            last = some.last().copied().unwrap_or(last);
            length = length.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            self.source.consume(count);
            if end.is_some() {
                let broken = if before == b'\r' { 2 } else { 1 };
                return Ok(Some(Line { begin: &self.begin, length, broken }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read as _};

    use mime::Value;
    use proptest::prelude::*;

    use super::{Base64, Place, parts};

    #[test]
    fn base64_is_undone_whatever_the_pieces() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1001).collect();
        let lines = mime::base64_lines(&bytes);
        for held in [1, 2, 3, 7, 64, 4096] {
            let source = BufReader::with_capacity(held, lines.as_bytes());
            let mut out = Vec::new();
            Base64::new(source).read_to_end(&mut out).unwrap();
            assert_eq!(out, bytes, "{held}");
        }
        let mut out = Vec::new();
        assert!(Base64::new(&b"!!!!"[..]).read_to_end(&mut out).is_err());
    }

    proptest! {
        /// The same parts as the reader that holds the whole.
        #[test]
        fn property_parts_are_cut_as_from_memory(
            lines in proptest::collection::vec("(--b|--b--|--bc|a|)[ ]{0,2}(\r\n|\n|)", 0..12),
        ) {
            let kind = Value::read("multipart/mixed; boundary=b");
            let text = format!("xx{}", lines.concat()).into_bytes();
            let content = &text[2..];
            let whole = u64::try_from(text.len()).unwrap();
            let held = mime::parts(content, &kind).ok();

            let place = Place { from: 2, to: whole };
            let found = parts(&mut Cursor::new(&text), place, &kind).ok();
            let cut = found.map(|found| {
                let range = |it: &Place| {
                    let at = |at: u64| usize::try_from(at).unwrap();
                    &text[at(it.from)..at(it.to)]
                };
                found.iter().map(range).collect::<Vec<_>>()
            });

            prop_assert_eq!(cut, held);
        }
    }
}
