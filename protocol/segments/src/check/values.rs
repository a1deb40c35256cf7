use std::borrow::Cow;

use super::Charset;
use super::elements::{Found, Spot};
use crate::{Flaw, Form, Kind, Marks, Slot, Weight, is_date, is_time};

/// What the bytes of a value are, one bit each.
#[derive(Clone, Debug)]
pub(super) struct Classes([u8; 256]);

/// Line ends and the release character: the value must be cleaned.
const UNCLEAN: u8 = 1;
/// Control characters.
const CONTROL: u8 = 2;
const DIGIT: u8 = 4;
/// Beyond ASCII.
const WIDE: u8 = 8;
/// A mark that cuts components or repetitions.
const CUTS: u8 = 16;
/// What the announced character set does not have.
const OUTSIDE: u8 = 32;
/// Everything but digits.
const OTHER: u8 = 64;

/// What bytes are whatever the marks.
const PLAIN: [u8; 256] = {
    let mut classes = [0; 256];
    let mut rest: &mut [u8] = &mut classes;
    let mut byte = 0_u8;
    while let Some((class, others)) = rest.split_first_mut() {
        *class = match byte {
            b'\r' | b'\n' => UNCLEAN | CONTROL | OTHER,
            0..=0x1f | 0x7f => CONTROL | OTHER,
            b'0'..=b'9' => DIGIT,
            0x80..=0xff => WIDE | OTHER,
            0x20..=0x2f | 0x3a..=0x7e => OTHER,
        };
        byte = byte.wrapping_add(1);
        rest = others;
    }
    classes
};

impl Classes {
    pub(super) fn of(marks: Marks, charset: Charset) -> Self {
        let mut classes = PLAIN;
        let mut mark = |byte: Option<u8>, bit: u8| {
            let class = byte.and_then(|byte| classes.get_mut(usize::from(byte)));
            if let Some(class) = class {
                *class |= bit;
            }
        };
        mark(marks.release, UNCLEAN);
        mark(Some(marks.component), CUTS);
        mark(marks.repetition, CUTS);
        if charset != Charset::Any {
            for byte in 0..=255 {
                mark(Some(byte).filter(|byte| !allowed(charset, *byte)), OUTSIDE);
            }
        }
        Self(classes)
    }

    /// Whether the announced character set has less than printable ASCII.
    pub(super) fn narrows(&self) -> bool {
        self.0.get(usize::from(b'a')).is_some_and(|class| class & OUTSIDE != 0)
    }

    /// Whether a byte is none of the announced character set.
    pub(super) fn is_outside(&self, raw: &[u8]) -> bool {
        self.sum(raw) & OUTSIDE != 0
    }

    /// All that the bytes of a value are.
    fn sum(&self, value: &[u8]) -> u8 {
        let class =
            |byte: &u8| self.0.get(usize::from(*byte)).copied().unwrap_or_default();
        value.iter().fold(0, |sum, byte| sum | class(byte))
    }
}

fn allowed(charset: Charset, byte: u8) -> bool {
    match charset {
        Charset::Any => true,
        Charset::LevelA => {
            byte.is_ascii_uppercase()
                || byte.is_ascii_digit()
                || b" .,-()/='+:?!\"%&*;<>".contains(&byte)
        }
        Charset::LevelB => byte < 0x7f,
    }
}

/// Checks one value: its length, its characters, its code.
pub(super) fn simple(
    slot: &Slot,
    raw: &[u8],
    place: Spot,
    found: &mut Found<'_, '_, '_>,
) {
    let Form::Simple { kind, least, most, codes } = &slot.form else {
        return;
    };
    let marks = found.segment.marks();
    let classes = found.classes;
    let mut sum = classes.sum(raw);
    let value = if sum & UNCLEAN == 0 { Cow::Borrowed(raw) } else { clean(raw, marks) };
    let value = value.as_ref();
    if sum & CUTS != 0 {
        if marks.release.is_some() && has_second_part(raw, marks, place) {
            return found.value(Flaw::TooManyComponents { most: 1 }, place, raw, slot);
        }
        if marks.release.is_none() && *kind == Kind::Text && place.component == 0 {
            found.value(Flaw::MarkInText, place, raw, slot);
        }
    }
    if sum & UNCLEAN != 0 {
        sum = classes.sum(value);
    }
    let is_text = matches!(kind, Kind::Code | Kind::Text | Kind::Letters);
    let (length, is_formed) = match kind {
        Kind::Code | Kind::Text => (characters(value, sum), sum & CONTROL == 0),
        Kind::Letters => (characters(value, sum), sum & (CONTROL | DIGIT) == 0),
        // Signs, points and exponents do not count: ASC X12.6 3.5.1.3, ISO 9735 part 1 §10.
        Kind::Whole(_) | Kind::Real | Kind::Number if sum & OTHER == 0 => {
            (value.len(), !value.is_empty())
        }
        Kind::Whole(_) => (digits(value), is_whole(value)),
        Kind::Real | Kind::Number => (digits(value), is_real(value, marks.decimal)),
        Kind::Date | Kind::Time | Kind::Binary => (value.len(), true),
    };
    if is_text && sum & OUTSIDE != 0 && is_formed {
        found.value(Flaw::OutsideCharset, place, raw, slot);
    }
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    if !is_formed {
        let flaw = if is_text { Flaw::BadCharacter } else { Flaw::NotANumber };
        found.value(flaw, place, raw, slot);
    } else if length < *least {
        found.value(Flaw::TooShort { least: *least }, place, raw, slot);
    } else if length > *most {
        found.value(Flaw::TooLong { most: *most }, place, raw, slot);
    } else if *kind == Kind::Date && !is_date(value) {
        found.value(Flaw::DateInvalid, place, raw, slot);
    } else if *kind == Kind::Time && !is_time(value) {
        found.value(Flaw::TimeInvalid, place, raw, slot);
    } else if let Some(list) = codes.as_ref().filter(|list| !list.has(value)) {
        let weight = if list.whole { Weight::Error } else { Weight::Note };
        found.weighed(Flaw::CodeUnknown, weight, place, raw, slot);
    }
}

/// The value without line ends of a wrapped file and without release characters.
fn clean(raw: &[u8], marks: Marks) -> Cow<'_, [u8]> {
    let mut kept = Vec::with_capacity(raw.len());
    let mut released = false;
    for byte in raw {
        if matches!(byte, b'\r' | b'\n') && marks.line_ends_are_trivia() {
            continue;
        }
        if !released && Some(*byte) == marks.release {
            released = true;
            continue;
        }
        released = false;
        kept.push(*byte);
    }
    Cow::Owned(kept)
}

/// Whether there is a second component where there may be one only.
fn has_second_part(raw: &[u8], marks: Marks, place: Spot) -> bool {
    let mut parts = crate::Parts::new(raw, marks.component, marks.release);
    place.component == 0 && parts.nth(1).is_some_and(|(_, part)| !part.is_empty())
}

fn characters(value: &[u8], sum: u8) -> usize {
    if sum & WIDE == 0 {
        return value.len();
    }
    std::str::from_utf8(value).map_or(value.len(), |text| text.chars().count())
}

fn digits(value: &[u8]) -> usize {
    value.iter().filter(|byte| byte.is_ascii_digit()).count()
}

fn is_whole(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn is_real(value: &[u8], decimal: u8) -> bool {
    let mut rest = value.strip_prefix(b"-").unwrap_or(value);
    if let Some(at) = rest.iter().position(|byte| *byte == b'E') {
        let (mantissa, exponent) = rest.split_at_checked(at).unwrap_or_default();
        if !is_whole(exponent.get(1..).unwrap_or_default()) {
            return false;
        }
        rest = mantissa;
    }
    // ISO 9735 takes comma and point alike for the decimal mark.
    let is_mark = |byte: u8| byte == decimal || (decimal == b',' && byte == b'.');
    let marks = rest.iter().filter(|byte| is_mark(**byte)).count();
    let digits = digits(rest);
    digits > 0 && marks <= 1 && marks.saturating_add(digits) == rest.len()
}
