//! What CTT says about the lines.

use segments::{Broken, Faults, Flaw, Segment, Tag};

const PO1: Tag = Tag::of(b"PO1");
const IT1: Tag = Tag::of(b"IT1");
const POC: Tag = Tag::of(b"POC");
const HL: Tag = Tag::of(b"HL ");
const CTT: Tag = Tag::of(b"CTT");

/// Counts the lines of a set and sums what they say.
///
/// Source: X12 004010, CTT. CTT01 counts the lines (in 856 the HL segments); CTT02 is the sum of
/// their quantities without regard to decimal points and signs, of which the last ten digits count.
#[derive(Debug, Default)]
pub struct Totals {
    lines: u64,
    quantities: u64,
}

/// What element 347 holds at most.
const HASH_LIMIT: u64 = 10_000_000_000;

impl segments::Totals for Totals {
    /// Looks at CTT.
    fn segment(
        &mut self,
        segment: &Segment<'_, '_>,
        ordinal: usize,
        faults: &mut Faults,
    ) {
        match segment.tag() {
            PO1 | IT1 => self.line(segment, Some(2)),
            POC => self.line(segment, Some(3)),
            HL => self.line(segment, None),
            CTT => {
                let mut note = |element: usize, found: u64| {
                    let said = segment.text(element);
                    let said = said.trim();
                    if said.parse::<u64>().is_ok_and(|said| said != found) {
                        let flaw = Flaw::TotalMismatch { found: found.to_string() };
                        let broken = Broken::in_element(flaw, segment, element);
                        faults.push(broken.noted().at_ordinal(ordinal));
                    }
                };
                note(1, self.lines);
                if self.quantities > 0 {
                    note(2, self.quantities);
                }
            }
            _ => {}
        }
    }
}

impl Totals {
    fn line(&mut self, segment: &Segment<'_, '_>, quantity: Option<usize>) {
        self.lines = self.lines.saturating_add(1);
        let raw =
            quantity.and_then(|element| segment.element(element)).unwrap_or_default();
        let digits = raw.iter().filter(|byte| byte.is_ascii_digit());
        let value = digits.fold(0_u64, |value, byte| {
            let digit = u64::from(byte.wrapping_sub(b'0'));
            value.wrapping_mul(10).wrapping_add(digit) % HASH_LIMIT
        });
        self.quantities = self.quantities.wrapping_add(value) % HASH_LIMIT;
    }
}
