//! What CNT says about the lines.

use segments::{Broken, Faults, Flaw, Segment, Tag};

const LIN: Tag = Tag::of(b"LIN");
const CNT: Tag = Tag::of(b"CNT");

/// Counts the lines of a message.
///
/// Source: UNTDID 6069: 1 is the sum of the quantities, 2 the number of LIN segments.
#[derive(Debug, Default)]
pub struct Totals {
    lines: u64,
}

impl segments::Totals for Totals {
    /// Looks at CNT.
    fn segment(
        &mut self,
        segment: &Segment<'_, '_>,
        ordinal: usize,
        faults: &mut Faults,
    ) {
        match segment.tag() {
            LIN => self.lines = self.lines.saturating_add(1),
            CNT if segment.part(1, 1) == "2" && self.differs(segment) => {
                let flaw = Flaw::TotalMismatch { found: self.lines.to_string() };
                let broken = Broken::in_element(flaw, segment, 1);
                faults.push(broken.noted().at_ordinal(ordinal));
            }
            _ => {}
        }
    }
}

impl Totals {
    fn differs(&self, cnt: &Segment<'_, '_>) -> bool {
        cnt.part(1, 2).parse::<u64>().is_ok_and(|said| said != self.lines)
    }
}
