//! A reader of BER and a writer of DER: as much as CMS and certificates need.
//!
//! It borrows, takes indefinite lengths and strings in pieces as they come (Bouncy Castle and
//! `openssl -stream` write both), and keeps the raw bytes, since signed attributes are hashed
//! as they were received.
//!
//! Source: ITU-T X.690, 8.1 (identifiers, lengths, end of contents), 8.7.3 (strings in pieces).

use std::borrow::Cow;

use crate::Broken;

/// How deep what is read may be nested.
const DEPTH: u8 = 32;

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const NULL: &[u8] = &[0x05, 0x00];
const CONSTRUCTED: u8 = 0x20;

/// One value: its tag, its content, and both with the length between, as they came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// Reads one value after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

const fn cut_short() -> Broken {
    Broken::Asn1("it is cut short")
}

/// Tag, length of tag and length, and length of the content unless that is indefinite.
fn head(bytes: &[u8]) -> Result<(u8, usize, Option<usize>), Broken> {
    let tag = *bytes.first().ok_or(cut_short())?;
    if tag & 0x1f == 0x1f {
        return Err(Broken::Asn1("a tag is longer than one byte"));
    }
    let first = *bytes.get(1).ok_or(cut_short())?;
    if first < 0x80 {
        return Ok((tag, 2, Some(usize::from(first))));
    }
    if first == 0x80 {
        let constructed = tag & CONSTRUCTED != 0;
        let why = Broken::Asn1("a primitive value has no length");
        return if constructed { Ok((tag, 2, None)) } else { Err(why) };
    }
    let count = usize::from(first & 0x7f);
    if count > 6 {
        return Err(Broken::Asn1("a length is longer than six bytes"));
    }
    let end = count.saturating_add(2);
    let digits = bytes.get(2..end).ok_or(cut_short())?;
    let length =
        digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
    Ok((tag, end, Some(length)))
}

/// How long the value is that these bytes begin with, and how long its content is; the two
/// bytes that end an indefinite one belong to the first alone.
fn measure(bytes: &[u8], depth: u8) -> Result<(u8, usize, usize, usize), Broken> {
    let depth = depth.checked_sub(1).ok_or(Broken::Asn1("it is nested too deep"))?;
    let (tag, begin, length) = head(bytes)?;
    if let Some(length) = length {
        let end = begin.checked_add(length).ok_or(cut_short())?;
        return if end <= bytes.len() {
            Ok((tag, begin, end, end))
        } else {
            Err(cut_short())
        };
    }
    let mut at = begin;
    loop {
        let rest = bytes.get(at..).ok_or(cut_short())?;
        if rest.starts_with(&[0, 0]) {
            return Ok((tag, begin, at, at.saturating_add(2)));
        }
        let (_, _, _, whole) = measure(rest, depth)?;
        at = at.checked_add(whole).ok_or(cut_short())?;
    }
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// The next value, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Item<'a>, Broken> {
        let (tag, begin, end, whole) = measure(self.0, DEPTH)?;
        let content = self.0.get(begin..end).ok_or(cut_short())?;
        let (raw, rest) = self.0.split_at_checked(whole).ok_or(cut_short())?;
        self.0 = rest;
        Ok(Item { tag, content, raw })
    }

    /// The next value, if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Item<'a>>, Broken> {
        if self.0.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// The next value, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Item<'a>, Broken> {
        self.optional(tag)?.ok_or(Broken::Asn1("a value is not what belongs there"))
    }

    /// The inside of a sequence.
    pub(crate) fn sequence(&mut self) -> Result<Self, Broken> {
        self.expect(SEQUENCE).map(|item| item.inside())
    }

    /// The content of an object identifier.
    pub(crate) fn oid(&mut self) -> Result<&'a [u8], Broken> {
        self.expect(OID).map(|item| item.content)
    }
}

impl<'a> Item<'a> {
    pub(crate) const fn inside(&self) -> Reader<'a> {
        Reader(self.content)
    }

    /// The bytes of a string, joined if it is in pieces.
    pub(crate) fn octets(&self) -> Result<Cow<'a, [u8]>, Broken> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut joined = Vec::with_capacity(self.content.len());
        join(self.inside(), &mut joined, DEPTH)?;
        Ok(Cow::Owned(joined))
    }
}

fn join(mut pieces: Reader<'_>, to: &mut Vec<u8>, depth: u8) -> Result<(), Broken> {
    let depth = depth.checked_sub(1).ok_or(Broken::Asn1("it is nested too deep"))?;
    while !pieces.is_done() {
        let piece = pieces.any()?;
        match piece.tag {
            OCTETS => to.extend_from_slice(piece.content),
            0x24 => join(piece.inside(), to, depth)?,
            _ => return Err(Broken::Asn1("a string in pieces has a piece that is none")),
        }
    }
    Ok(())
}

/// Writes a value at the end of `out`.
pub(crate) fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let digits = content.len().to_be_bytes();
            let zeros = digits.iter().take_while(|digit| **digit == 0).count();
            let digits = digits.get(zeros..).unwrap_or_default();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
            out.extend_from_slice(digits);
        }
    }
    out.extend_from_slice(content);
}

pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len().saturating_add(10));
    put(&mut out, tag, content);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A set, in the order that DER demands.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    value(SET, &parts.concat())
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    value(OID, content)
}

#[cfg(test)]
mod tests {
    use super::{OCTETS, Reader, SEQUENCE, value};
    use crate::Broken;

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_are_read() {
        let bytes = [
            0x30, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0x24, 3, 0x04, 1, b'b', 0, 0, 0x02, 1,
            7, 0, 0, 0xff,
        ];
        let mut reader = Reader::new(&bytes);
        let mut inside = reader.sequence().unwrap();

        assert_eq!(*inside.expect(0x24).unwrap().octets().unwrap(), *b"ab");
        assert_eq!(inside.expect(2).unwrap().content, [7]);
        assert!(inside.is_done());
        assert!(!reader.is_done());
    }

    #[test]
    fn what_is_nested_without_end_is_refused() {
        let bytes = [0x30, 0x80].repeat(100_000);

        assert_eq!(
            Reader::new(&bytes).any().err(),
            Some(Broken::Asn1("it is nested too deep"))
        );
    }

    #[test]
    fn long_lengths_are_written_as_der_has_them() {
        for (length, head) in
            [(127, &[4, 127][..]), (128, &[4, 0x81, 128]), (300, &[4, 0x82, 1, 44])]
        {
            let written = value(OCTETS, &vec![0; length]);
            assert!(written.starts_with(head));
            assert_eq!(Reader::new(&written).any().unwrap().content.len(), length);
        }
        assert!(Reader::new(&[SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff]).any().is_err());
    }
}
