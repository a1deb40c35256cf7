use std::borrow::Cow;

use super::Charset;
use super::elements::{Found, Spot};
use crate::{Flaw, Form, Kind, Marks, Slot, is_date, is_time};

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
    let clean = clean(raw, marks);
    let value = clean.as_ref();
    if marks.release.is_none() {
        cuts_inside(raw, marks, *kind, place, slot, found);
    } else if let Some(at) = too_many_parts(raw, marks, place) {
        return found.value(Flaw::TooManyComponents { most: 1 }, place, at, slot);
    }
    let (length, form) = match kind {
        Kind::Code | Kind::Text | Kind::Letters => {
            (characters(value), text(value, *kind, found))
        }
        Kind::Whole(_) => (digits(value), whole(value)),
        Kind::Real | Kind::Number => (digits(value), real(value, marks.decimal)),
        Kind::Date | Kind::Time | Kind::Binary => (value.len(), None),
    };
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let form = form.filter(|flaw| {
        let remark = *flaw == Flaw::OutsideCharset;
        if remark {
            found.value(Flaw::OutsideCharset, place, raw, slot);
        }
        !remark
    });
    if let Some(flaw) = form {
        found.value(flaw, place, raw, slot);
    } else if length < *least {
        found.value(Flaw::TooShort { least: *least }, place, raw, slot);
    } else if length > *most {
        found.value(Flaw::TooLong { most: *most }, place, raw, slot);
    } else if let Some(flaw) = worth(*kind, value) {
        found.value(flaw, place, raw, slot);
    } else if let Some(list) = codes
        && !std::str::from_utf8(value).is_ok_and(|code| list.has(code))
    {
        found.value(Flaw::CodeUnknown, place, raw, slot);
    }
}

/// The value without line ends of a wrapped file and without release characters.
fn clean(raw: &[u8], marks: Marks) -> Cow<'_, [u8]> {
    let plain =
        |byte: &u8| Some(*byte) != marks.release && !matches!(byte, b'\r' | b'\n');
    if raw.iter().all(plain) {
        return Cow::Borrowed(raw);
    }
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

/// X12 has no release character: a mark that stands in a text is a remark, in a code an error.
fn cuts_inside(
    raw: &[u8],
    marks: Marks,
    kind: Kind,
    place: Spot,
    slot: &Slot,
    found: &mut Found<'_, '_, '_>,
) {
    let cuts = |byte: &u8| *byte == marks.component || Some(*byte) == marks.repetition;
    if kind == Kind::Text && place.component == 0 && raw.iter().any(cuts) {
        found.value(Flaw::MarkInText, place, raw, slot);
    }
}

/// The first byte of a second component where there may be one only.
fn too_many_parts(raw: &[u8], marks: Marks, place: Spot) -> Option<&[u8]> {
    if place.component != 0 || !raw.contains(&marks.component) {
        return None;
    }
    let mut parts = crate::Parts::new(raw, marks.component, marks.release);
    parts.nth(1).filter(|(_, part)| !part.is_empty()).map(|_| raw)
}

fn characters(value: &[u8]) -> usize {
    if value.is_ascii() {
        return value.len();
    }
    std::str::from_utf8(value).map_or(value.len(), |text| text.chars().count())
}

/// Signs, points and exponents do not count: ASC X12.6 3.5.1.3, ISO 9735 part 1 §10.
fn digits(value: &[u8]) -> usize {
    value.iter().filter(|byte| byte.is_ascii_digit()).count()
}

fn text(value: &[u8], kind: Kind, found: &Found<'_, '_, '_>) -> Option<Flaw> {
    let letters = |byte: u8| kind != Kind::Letters || !byte.is_ascii_digit();
    let fits = value.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f && letters(*byte));
    if !fits {
        return Some(Flaw::BadCharacter);
    }
    let allowed = |byte: u8| match found.limits.charset {
        Charset::Any => true,
        Charset::LevelA => {
            byte.is_ascii_uppercase()
                || byte.is_ascii_digit()
                || b" .,-()/='+:?!\"%&*;<>".contains(&byte)
        }
        Charset::LevelB => byte < 0x7f,
    };
    (!value.iter().all(|byte| allowed(*byte))).then_some(Flaw::OutsideCharset)
}

fn whole(value: &[u8]) -> Option<Flaw> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let fits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    (!fits).then_some(Flaw::NotANumber)
}

fn real(value: &[u8], decimal: u8) -> Option<Flaw> {
    let mut rest = value.strip_prefix(b"-").unwrap_or(value);
    if let Some(at) = rest.iter().position(|byte| *byte == b'E') {
        let (mantissa, exponent) = rest.split_at_checked(at)?;
        if whole(exponent.get(1..).unwrap_or_default()).is_some() {
            return Some(Flaw::NotANumber);
        }
        rest = mantissa;
    }
    // ISO 9735 takes comma and point alike for the decimal mark.
    let is_mark = |byte: u8| byte == decimal || (decimal == b',' && byte == b'.');
    let marks = rest.iter().filter(|byte| is_mark(**byte)).count();
    let digits = rest.iter().filter(|byte| byte.is_ascii_digit()).count();
    let fits = digits > 0 && marks <= 1 && marks.saturating_add(digits) == rest.len();
    (!fits).then_some(Flaw::NotANumber)
}

fn worth(kind: Kind, value: &[u8]) -> Option<Flaw> {
    match kind {
        Kind::Date if !is_date(value) => Some(Flaw::DateInvalid),
        Kind::Time if !is_time(value) => Some(Flaw::TimeInvalid),
        Kind::Date
        | Kind::Time
        | Kind::Code
        | Kind::Text
        | Kind::Whole(_)
        | Kind::Real
        | Kind::Letters
        | Kind::Number
        | Kind::Binary => None,
    }
}
