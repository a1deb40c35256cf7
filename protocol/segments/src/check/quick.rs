//! A quick look at the elements of a segment: most are plain and right, and need no other.
//!
//! It says "nothing is wrong" or nothing at all; what is wrong is found by the close look of
//! [`elements`](super::elements). Eight bytes are looked at in one step, those behind an element
//! among them, which is why it is given the bytes around the segment.

use super::values::Classes;
use crate::tables::{LOW, low_bytes, word_at};
use crate::{Form, Kind, Marks, Segment, Slot, is_date, is_time};

/// How many bytes of a segment are looked at in one step.
const WIDTH: usize = 32;

const HIGH: u64 = 0x8080_8080_8080_8080;
const TENS: u64 = 0xf0f0_f0f0_f0f0_f0f0;
const ZEROS: u64 = LOW.wrapping_mul(b'0' as u64);

/// Looks at the elements of a plain segment.
#[derive(Clone, Copy)]
pub(super) struct Quick<'a> {
    bytes: &'a [u8],
    marks: Marks,
}

impl<'a> Quick<'a> {
    /// For a plain segment: of printable ASCII, of the announced character set, with no release
    /// character, no repetition and, in X12, no component.
    pub(super) fn of(segment: &Segment<'a, '_>, classes: &Classes) -> Option<Self> {
        let (bytes, marks) = (segment.bytes, segment.marks);
        let is_plain = is_plain(bytes, segment.start, segment.end, marks)
            && (!classes.narrows() || !classes.is_outside(segment.raw()));
        is_plain.then_some(Self { bytes, marks })
    }

    /// Whether nothing can be wrong with the element that spans these bytes, at least one.
    #[inline]
    pub(super) fn fits(self, slot: &Slot, from: usize, to: usize) -> bool {
        match &slot.form {
            Form::Composite(slots) => self.composite(slots, from, to),
            Form::Simple { .. } => {
                let is_whole = self.marks.release.is_none() || self.part(from, to) == to;
                is_whole && self.value(slot, from, to)
            }
        }
    }

    fn composite(self, slots: &[Slot], from: usize, to: usize) -> bool {
        let mut at = from;
        let mut slots = slots.iter();
        while let Some(slot) = slots.next() {
            let end = self.part(at, to);
            if end > at {
                if !self.value(slot, at, end) {
                    return false;
                }
            } else if slot.mandatory {
                return false;
            }
            if end >= to {
                return end > at && slots.all(|slot| !slot.mandatory);
            }
            at = end.wrapping_add(1);
        }
        false
    }

    /// Where the component that begins at `from` ends, in an element that ends at `to`.
    #[inline]
    fn part(self, from: usize, to: usize) -> usize {
        let mark = LOW.wrapping_mul(u64::from(self.marks.component));
        let mut at = from;
        while at < to {
            let word = word_at(self.bytes, at) ^ mark;
            // The lowest bit of these is that of the first byte that is the mark.
            let found = word.wrapping_sub(LOW) & !word & HIGH;
            if found != 0 {
                let place = found.trailing_zeros().wrapping_shr(3) as usize;
                return at.wrapping_add(place).min(to);
            }
            at = at.wrapping_add(8);
        }
        to
    }

    #[inline]
    fn value(self, slot: &Slot, from: usize, to: usize) -> bool {
        let Form::Simple { kind, least, most, codes } = &slot.form else {
            return false;
        };
        let length = to.wrapping_sub(from);
        let raw = || self.bytes.get(from..to).unwrap_or_default();
        let fits = |length: usize| *least as usize <= length && length <= *most as usize;
        let is_formed = match kind {
            Kind::Code | Kind::Text => fits(length),
            Kind::Letters => fits(length) && raw().iter().all(u8::is_ascii_alphabetic),
            Kind::Whole(_) => fits(length) && self.digits(from, length, b'0').is_some(),
            Kind::Real | Kind::Number => {
                self.digits(from, length, self.marks.decimal).is_some_and(fits)
            }
            Kind::Date => fits(length) && is_date(raw()),
            Kind::Time => fits(length) && is_time(raw()),
            Kind::Binary => false,
        };
        is_formed
            && codes.as_ref().is_none_or(|list| {
                if length <= 8 {
                    list.keys.has(low_bytes(word_at(self.bytes, from), length))
                } else {
                    list.has(raw())
                }
            })
    }

    /// How many digits a value of up to eight bytes has that has nothing else but, once at most,
    /// the decimal mark.
    fn digits(self, from: usize, length: usize, decimal: u8) -> Option<usize> {
        if length > 8 {
            return None;
        }
        let beyond = low_bytes(u64::MAX, length);
        let word = (word_at(self.bytes, from) & beyond) | (ZEROS & !beyond);
        // A high bit for each byte that is the mark; then the mark is taken for a zero.
        let other = word ^ LOW.wrapping_mul(u64::from(decimal));
        let marks = !((other & !HIGH).wrapping_add(!HIGH) | other | !HIGH);
        let marks = if decimal == b'0' { 0 } else { marks };
        let swap = u64::from(decimal ^ b'0');
        let word = word ^ marks.wrapping_shr(7).wrapping_mul(swap);
        let are_digits = word & TENS == ZEROS
            && word.wrapping_add(LOW.wrapping_mul(6)) & TENS == ZEROS;
        let is_one = marks & marks.wrapping_sub(1) == 0;
        let digits = length.wrapping_sub(usize::from(marks != 0));
        (are_digits && is_one && digits > 0).then_some(digits)
    }
}

/// Whether the bytes are printable ASCII without the marks that call for a close look.
fn is_plain(bytes: &[u8], start: usize, end: usize, marks: Marks) -> bool {
    let first = marks.release.unwrap_or(marks.component);
    let second = marks.repetition.unwrap_or(first);
    let is_odd = |byte: u8| {
        byte.wrapping_sub(b' ') > b'~' - b' ' || byte == first || byte == second
    };
    let mut at = start;
    while at < end {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(chunk) = rest.first_chunk::<WIDTH>() else {
            let rest = rest.get(..end.wrapping_sub(at)).unwrap_or_default();
            return !rest.iter().copied().any(is_odd);
        };
        let odd = crate::scan::bits(chunk, is_odd);
        let left = u32::try_from(end.wrapping_sub(at)).unwrap_or(u32::MAX);
        let beyond = u64::MAX.checked_shl(left).unwrap_or_default();
        if odd & !beyond != 0 {
            return false;
        }
        at = at.wrapping_add(WIDTH);
    }
    true
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::{Strategy, any, proptest};
    use proptest::{collection::vec, prop_assert_eq, sample::select};

    use super::*;
    use crate::check::{Charset, elements};
    use crate::{Faults, Release, Scanner, facts};

    const X12: Marks = Marks {
        element: b'*',
        component: b'>',
        repetition: None,
        release: None,
        decimal: b'.',
        segment: b'~',
    };
    const EDIFACT: Marks = Marks {
        element: b'+',
        component: b':',
        release: Some(b'?'),
        segment: b'\'',
        ..X12
    };

    /// A value as partners write them, right and wrong.
    fn value() -> impl Strategy<Value = String> {
        let known = [
            "",
            "1",
            "9",
            "21",
            "EA",
            "PCE",
            "EN",
            "VP",
            "BY",
            "137",
            "102",
            "20261122",
            "20261341",
            "1200",
            "9.50",
            "9,5",
            "1.2.3",
            "-4",
            "12345678",
            "123456789",
            ".",
            "A-1",
            "4000862141404",
            "EUR",
            "Hex bolt M8x40",
            "a text of more than some",
            "?:",
            "??",
            "*",
            "M\u{fc}ller",
            "\n",
            "0",
            "UNOC",
            "USD:9",
            "EN:9:9:9:9:9",
            ":",
        ];
        let drawn = vec(select(b"019Aa .:>?*-,^".to_vec()), 0..12);
        proptest::prop_oneof![
            3 => select(known.map(str::to_owned).to_vec()),
            1 => drawn.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        ]
    }

    static TABLES: LazyLock<(Release, Release)> = LazyLock::new(|| {
        let read = |texts: &[&str]| Release::read(texts).expect("a table");
        let x12 = read(&[facts::X12_004010, facts::X12_CODES]);
        (x12, read(&[facts::EDIFACT_D96A, facts::EDIFACT_CODES]))
    });

    #[derive(Clone, Copy)]
    enum Look {
        Quick,
        Close,
    }

    fn faults(
        bytes: &[u8],
        (layout, marks, charset): (&crate::Layout, Marks, Charset),
        look: Look,
    ) -> (Faults, u64) {
        let mut scanner = Scanner::new(bytes, 0, marks);
        let (segment, classes) = (scanner.next_segment(), Classes::of(marks, charset));
        let segment = segment.expect("a segment");
        let quick = match look {
            Look::Quick => Quick::of(&segment, &classes),
            Look::Close => None,
        };
        let mut faults = Faults::default();
        let mut found = elements::Found {
            segment: &segment,
            faults: &mut faults,
            classes: &classes,
            first: None,
        };
        let filled = elements::check_by(quick, layout, &mut found);
        (faults, filled)
    }

    proptest! {
        #[test]
        fn property_a_quick_look_finds_what_a_close_one_finds(
            parts in vec(vec(value(), 1..6), 0..12),
            charset in select(vec![Charset::Any, Charset::LevelA, Charset::LevelB]),
            decimal in select(b".,".to_vec()),
            repetition in select(vec![None, Some(b'^')]),
            tail in any::<bool>(),
        ) {
            for (release, marks) in [(&TABLES.0, X12), (&TABLES.1, EDIFACT)] {
                let marks = Marks { repetition, decimal, ..marks };
                for layout in release.layouts() {
                    let mut file = layout.tag.to_string().into_bytes();
                    for part in &parts {
                        let count = if marks.release.is_some() { part.len() } else { 1 };
                        file.push(marks.element);
                        let text = part[..count].join(&char::from(marks.component).to_string());
                        file.extend(text.bytes());
                    }
                    file.push(marks.segment);
                    if tail {
                        file.extend(b"NEXT+1:2'");
                    }
                    let by = (layout, marks, charset);
                    let quick = faults(&file, by, Look::Quick);
                    prop_assert_eq!(quick, faults(&file, by, Look::Close), "{:?}", file);
                }
            }
        }
    }
}
