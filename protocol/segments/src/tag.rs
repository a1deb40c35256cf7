use std::fmt;

/// The two or three letters that name a segment.
///
/// Source: ASC X12.6 3.5 and ISO 9735 6.3: upper-case letters and digits, the first a letter. Held
/// in one word, so that comparing tags costs nothing.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tag(u32);

impl Tag {
    /// What stands where no tag can be read.
    pub const NONE: Self = Self(0);

    /// The tag of these two or three characters, for constants.
    pub const fn of(letters: &[u8; 3]) -> Self {
        let [first, second, third] = *letters;
        let third = if third == b' ' { 0 } else { third };
        Self(u32::from_be_bytes([0, first, second, third]))
    }

    /// Reads a tag, or [`Tag::NONE`] where the bytes cannot name a segment.
    ///
    /// Line ends inside are skipped, for files that were wrapped at a fixed width.
    pub fn read(bytes: &[u8]) -> Self {
        let named = match bytes {
            [first, second] => Self::from_letters(*first, *second, 0),
            [first, second, third] => Self::from_letters(*first, *second, *third),
            [] | [_] | [_, _, _, _, ..] => Self::NONE,
        };
        if named == Self::NONE && bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
            let mut letters =
                bytes.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).copied();
            let (first, second) =
                (letters.next().unwrap_or(0), letters.next().unwrap_or(0));
            let third = letters.next().unwrap_or(0);
            return if letters.next().is_none() {
                Self::from_letters(first, second, third)
            } else {
                Self::NONE
            };
        }
        named
    }

    /// One bit of 128 for the tag; some tags share one.
    pub(crate) fn bit(self) -> u128 {
        1_u128.wrapping_shl(self.0.wrapping_mul(0x9e37_79b1).wrapping_shr(25))
    }

    fn from_letters(first: u8, second: u8, third: u8) -> Self {
        let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if first.is_ascii_uppercase() && fits(second) && (third == 0 || fits(third)) {
            Self(u32::from_be_bytes([0, first, second, third]))
        } else {
            Self::NONE
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.to_be_bytes() {
            if byte != 0 {
                write!(out, "{}", char::from(byte))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Tag({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_survives_a_line_wrap_and_refuses_what_cannot_name_a_segment() {
        assert_eq!(Tag::read(b"P\r\nO1"), Tag::of(b"PO1"));
        assert_eq!(Tag::read(b"ST").to_string(), "ST");
        assert_eq!(Tag::read(b"ST"), Tag::of(b"ST "));
        for odd in [b"".as_slice(), b"S", b"po1", b"1AB", b"ABCD", b"A\nBCD"] {
            assert_eq!(Tag::read(odd), Tag::NONE);
        }
    }
}
