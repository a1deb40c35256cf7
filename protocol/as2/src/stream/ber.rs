//! BER from a stream: the frame around content that is too long to be held.
//!
//! What is small is read whole and then taken apart by `asn1`; a string is handed on in
//! pieces as they come.
//!
//! Source: ITU-T X.690, 8.1 and 8.7.3.

use std::io::{Read, Take};

use super::{Failure, PIECE_BYTES, Sink};
use crate::{Broken, asn1::OCTETS};

/// The longest value that is read whole, in bytes: certificates, receivers, signatures.
const LIMIT_SMALL_BYTES: u64 = 1 << 20;
const CONSTRUCTED: u8 = 0x20;
/// How deep what is read may be nested.
const DEPTH: u8 = 32;

/// Reads one value after another.
pub(super) struct Ber<R> {
    source: R,
    at: u64,
    /// The tag of the next value, if it was looked at.
    tag: Option<u8>,
    /// Where the values end that are being read; none for one of indefinite length.
    open: Vec<Option<u64>>,
}

const fn cut_short() -> Failure {
    Failure::Broken(Broken::Asn1("it is cut short"))
}

const fn misplaced() -> Failure {
    Failure::Broken(Broken::Asn1("a value is not what belongs there"))
}

impl<R: Read> Ber<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, at: 0, tag: None, open: Vec::new() }
    }

    fn byte(&mut self) -> Result<u8, Failure> {
        let mut one = [0];
        self.source.read_exact(&mut one).map_err(Failure::reading)?;
        self.at = self.at.saturating_add(1);
        Ok(u8::from_ne_bytes(one))
    }

    /// The tag of the next value; none at the end of the one that is being read.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Failure> {
        if let Some(tag) = self.tag {
            return Ok(Some(tag).filter(|tag| *tag != 0));
        }
        if self.open.last().is_some_and(|end| end.is_some_and(|end| self.at >= end)) {
            return Ok(None);
        }
        let tag = self.byte()?;
        self.tag = Some(tag);
        Ok(Some(tag).filter(|tag| *tag != 0))
    }

    /// Tag and length of the next value, and how they were written.
    fn head(&mut self) -> Result<(u8, Option<u64>, Vec<u8>), Failure> {
        let tag = self.peek()?.ok_or(misplaced())?;
        self.tag = None;
        if tag & 0x1f == 0x1f {
            return Err(Broken::Asn1("a tag is longer than one byte").into());
        }
        let first = self.byte()?;
        let mut raw = vec![tag, first];
        if first < 0x80 {
            return self.fits(u64::from(first)).map(|length| (tag, Some(length), raw));
        }
        if first == 0x80 {
            let constructed = tag & CONSTRUCTED != 0;
            let why = Broken::Asn1("a primitive value has no length");
            return if constructed { Ok((tag, None, raw)) } else { Err(why.into()) };
        }
        let count = first & 0x7f;
        if count > 6 {
            return Err(Broken::Asn1("a length is longer than six bytes").into());
        }
        let mut length = 0_u64;
        for _ in 0..count {
            let digit = self.byte()?;
            raw.push(digit);
            length = (length << 8) | u64::from(digit);
        }
        self.fits(length).map(|length| (tag, Some(length), raw))
    }

    /// A value ends no later than the one that it is in.
    fn fits(&self, length: u64) -> Result<u64, Failure> {
        let end = self.at.checked_add(length).ok_or(cut_short())?;
        let within = self.open.iter().rev().find_map(|end| *end);
        if within.is_some_and(|within| end > within) {
            return Err(cut_short());
        }
        Ok(length)
    }

    /// Goes into the next value, which must have this tag.
    pub(super) fn enter(&mut self, tag: u8) -> Result<(), Failure> {
        if self.peek()? != Some(tag) {
            return Err(misplaced());
        }
        let (_, length, _) = self.head()?;
        self.push(length)
    }

    fn push(&mut self, length: Option<u64>) -> Result<(), Failure> {
        if self.open.len() >= usize::from(DEPTH) {
            return Err(Broken::Asn1("it is nested too deep").into());
        }
        let end = match length {
            Some(length) => Some(self.at.checked_add(length).ok_or(cut_short())?),
            None => None,
        };
        self.open.push(end);
        Ok(())
    }

    /// Leaves the value that is being read, at its end.
    pub(super) fn leave(&mut self) -> Result<(), Failure> {
        if self.peek()?.is_some() {
            return Err(misplaced());
        }
        match self.open.pop().flatten() {
            Some(end) if self.at == end => Ok(()),
            Some(_) => Err(cut_short()),
            None => {
                self.tag = None;
                if self.byte()? == 0 { Ok(()) } else { Err(misplaced()) }
            }
        }
    }

    /// The next value whole, with its tag and length as they came, if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Vec<u8>>, Failure> {
        if self.peek()? == Some(tag) { self.small().map(Some) } else { Ok(None) }
    }

    /// The next value whole, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Vec<u8>, Failure> {
        self.optional(tag)?.ok_or(misplaced())
    }

    /// The next value whole, whatever it is.
    pub(super) fn small(&mut self) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        self.whole(&mut out, DEPTH)?;
        Ok(out)
    }

    fn whole(&mut self, out: &mut Vec<u8>, depth: u8) -> Result<(), Failure> {
        let deep = Broken::Asn1("it is nested too deep");
        let depth = depth.checked_sub(1).ok_or(Failure::from(deep))?;
        let (_, length, raw) = self.head()?;
        out.extend_from_slice(&raw);
        let long = || Failure::from(Broken::Asn1("a value is longer than it can be"));
        if let Some(length) = length {
            let held = u64::try_from(out.len()).unwrap_or(u64::MAX);
            if held.saturating_add(length) > LIMIT_SMALL_BYTES {
                return Err(long());
            }
            return self.copy(length, &mut |piece| {
                out.extend_from_slice(piece);
                Ok(())
            });
        }
        self.push(None)?;
        while self.peek()?.is_some() {
            self.whole(out, depth)?;
            if u64::try_from(out.len()).is_ok_and(|held| held > LIMIT_SMALL_BYTES) {
                return Err(long());
            }
        }
        self.leave()?;
        out.extend_from_slice(&[0, 0]);
        Ok(())
    }

    /// Hands on a string, which may come in pieces; `tag` is the one of the whole.
    pub(super) fn octets(&mut self, tags: [u8; 2], to: Sink<'_>) -> Result<(), Failure> {
        if self.peek()?.is_none_or(|tag| !tags.contains(&tag)) {
            return Err(misplaced());
        }
        let (tag, length, _) = self.head()?;
        if tag & CONSTRUCTED == 0 {
            return self.copy(length.ok_or(cut_short())?, to);
        }
        self.push(length)?;
        while self.peek()?.is_some() {
            self.octets([OCTETS, OCTETS | CONSTRUCTED], to)?;
        }
        self.leave()
    }

    /// Reads to the end of all that is open; what stands there says nothing to us, but must be
    /// there.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        while !self.open.is_empty() {
            while self.peek()?.is_some() {
                self.small()?;
            }
            self.leave()?;
        }
        Ok(())
    }

    fn copy(&mut self, length: u64, to: Sink<'_>) -> Result<(), Failure> {
        let mut piece = vec![0; PIECE_BYTES];
        let mut from: Take<&mut R> = self.source.by_ref().take(length);
        let mut left = length;
        while left > 0 {
            let read = from.read(&mut piece).map_err(Failure::reading)?;
            if read == 0 {
                return Err(cut_short());
            }
            to(piece.get(..read).unwrap_or_default())?;
            left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        }
        self.at = self.at.saturating_add(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Ber;
    use crate::{asn1::SEQUENCE, stream::Failure};

    fn string(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        let mut ber = Ber::new(bytes);
        ber.enter(SEQUENCE)?;
        ber.octets([0x04, 0x24], &mut |piece| {
            out.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn a_string_in_pieces_of_indefinite_length_is_joined() {
        let bytes =
            [0x30, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0x24, 3, 0x04, 1, b'b', 0, 0, 0, 0];

        assert_eq!(string(&bytes).unwrap(), b"ab");
    }

    #[test]
    fn what_is_cut_short_nested_without_end_or_something_else_is_refused() {
        for bytes in [
            &[0x30, 5, 0x04, 9, b'a'][..],
            &[0x30, 0x80].repeat(1000),
            &[0x30, 3, 0x02, 1, 7],
            &[0x30, 0x80, 0x24, 0x80, 0x02, 1, 7],
            &[0x30],
        ] {
            assert!(matches!(string(bytes), Err(Failure::Broken(_))), "{bytes:?}");
        }
    }

    #[test]
    fn a_value_is_read_whole_as_it_came_and_only_if_it_is_small() {
        let bytes = [0x30, 0x80, 0x30, 0x80, 0x02, 1, 7, 0, 0, 0x02, 1, 8, 0, 0];
        let mut ber = Ber::new(&bytes[..]);
        ber.enter(SEQUENCE).unwrap();

        assert_eq!(ber.small().unwrap(), [0x30, 0x80, 0x02, 1, 7, 0, 0]);
        assert_eq!(ber.expect(2).unwrap(), [2, 1, 8]);
        assert_eq!(ber.peek().unwrap(), None);
        let long = [&[0x30, 0x84, 0, 0x20, 0, 0][..], &vec![0; 0x20_0000]].concat();
        assert!(Ber::new(&long[..]).small().is_err());
    }
}
