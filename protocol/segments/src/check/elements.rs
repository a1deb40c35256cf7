use super::quick::Quick;
use super::values::{self, Classes};
use crate::{
    Broken, Faults, Flaw, Form, Layout, Parts, Rule, Segment, Slot, Syntax, Weight,
};

/// Collects what is wrong with the elements of a segment.
pub(super) struct Found<'f, 'a, 's> {
    pub(super) segment: &'f Segment<'a, 's>,
    pub(super) faults: &'f mut Faults,
    pub(super) classes: &'f Classes,
    /// Where in the list the faults of this segment begin.
    pub(super) first: Option<usize>,
}

/// Where in an element a value stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Spot {
    pub(super) element: usize,
    pub(super) component: usize,
    pub(super) repetition: usize,
    /// Bytes from the start of the element.
    pub(super) offset: usize,
}

impl Found<'_, '_, '_> {
    pub(super) fn element(&mut self, flaw: Flaw, element: usize, slot: Option<&Slot>) {
        let broken = Broken::in_element(flaw, self.segment, element);
        self.push(broken, slot);
    }

    pub(super) fn value(&mut self, flaw: Flaw, place: Spot, raw: &[u8], slot: &Slot) {
        self.weighed(flaw, Weight::Error, place, raw, slot);
    }

    pub(super) fn weighed(
        &mut self,
        flaw: Flaw,
        weight: Weight,
        place: Spot,
        raw: &[u8],
        slot: &Slot,
    ) {
        let mut broken = Broken::in_element(flaw, self.segment, place.element);
        broken.place.at = broken.place.at.saturating_add(place.offset);
        broken.place.length = raw.len();
        broken.place.component = place.component;
        broken.place.repetition = place.repetition;
        broken.value = crate::escape(raw);
        broken.weight = weight;
        self.push(broken, Some(slot));
    }

    fn push(&mut self, mut broken: Broken, slot: Option<&Slot>) {
        if let Some(slot) = slot {
            broken.place.reference = slot.reference.to_string();
        }
        let note = matches!(
            broken.flaw,
            Flaw::MarkInText | Flaw::TrailingEmpty | Flaw::OutsideCharset
        );
        let broken = broken.mended();
        self.first.get_or_insert(self.faults.list.len());
        self.faults.push(if note { broken.noted() } else { broken });
    }
}

/// Checks the elements of a segment; gives a bit for each of the first 64 that is there.
pub(super) fn check(layout: &Layout, found: &mut Found<'_, '_, '_>) -> u64 {
    let quick = Quick::of(found.segment, found.classes);
    check_by(quick, layout, found)
}

/// The same, by a close look alone where there is no quick one.
#[inline]
pub(super) fn check_by(
    quick: Option<Quick<'_>>,
    layout: &Layout,
    found: &mut Found<'_, '_, '_>,
) -> u64 {
    let (segment, slots) = (found.segment, &layout.slots);
    let (mut filled, mut bit) = (0, 1_u64);
    let mut spans = segment.spans();
    // Beyond the last element that is there, or must be, nothing can be wrong.
    let reach = segment.len().max(layout.demanded);
    for (slot, element) in slots.iter().zip(1..=reach) {
        let (from, to) = spans.next().unwrap_or_default();
        if from < to {
            filled |= bit;
            if !quick.is_some_and(|quick| quick.fits(slot, from, to)) {
                let raw = segment.bytes.get(from..to).unwrap_or_default();
                value(slot, raw, element, found);
            }
        } else if slot.mandatory {
            found.element(Flaw::ElementMissing, element, Some(slot));
        }
        bit = bit.wrapping_shl(1);
    }
    if filled == 0 && is_hollow(layout, segment) {
        found.push(Broken::in_segment(Flaw::SegmentEmpty, segment), None);
        return filled;
    }
    surplus(slots, found);
    filled
}

/// Whether a segment without any value among its elements says nothing, and no element is told to be
/// missing: a segment has a value at least.
///
/// Source: ASC X12.6. ISO 9735 lets a mandatory segment be sent with its name alone.
#[cold]
fn is_hollow(layout: &Layout, segment: &Segment<'_, '_>) -> bool {
    segment.marks().syntax() == Syntax::X12
        && layout.demanded == 0
        && segment.elements().all(<[u8]>::is_empty)
        && !layout.conditions.iter().any(|condition| condition.rule == Rule::Required)
}

/// Looks at elements that the segment does not have, and at empty ones at its end.
fn surplus(slots: &[Slot], found: &mut Found<'_, '_, '_>) {
    let segment = found.segment;
    let most = slots.len();
    if segment.len() > most {
        let extra = (most.saturating_add(1)..=segment.len().min(most.saturating_add(64)))
            .find(|element| segment.element(*element).is_some_and(|raw| !raw.is_empty()));
        match extra {
            Some(element) => found.element(Flaw::TooManyElements { most }, element, None),
            None => found.element(Flaw::TrailingEmpty, most.saturating_add(1), None),
        }
    } else if !segment.is_empty() && segment.element(segment.len()) == Some(b"") {
        found.element(Flaw::TrailingEmpty, segment.len(), None);
    }
    if segment.len() > crate::Scanner::ELEMENT_LIMIT {
        let broken = Broken::in_segment(Flaw::SegmentTooLong, segment);
        found.push(broken, None);
    }
}

/// Checks an element that is there: its repetitions, its components, its value.
fn value(slot: &Slot, raw: &[u8], element: usize, found: &mut Found<'_, '_, '_>) {
    let marks = found.segment.marks();
    let place = Spot { element, ..Spot::default() };
    let mark = marks.repetition.filter(|mark| raw.contains(mark));
    let Some(mark) = mark else {
        return repetition(slot, raw, place, found);
    };
    if slot.repeats <= 1 && marks.release.is_none() {
        return repetition(slot, raw, place, found);
    }
    for ((offset, one), count) in Parts::new(raw, mark, marks.release).zip(1_usize..) {
        let place = Spot { element, component: 0, repetition: count, offset };
        if u32::try_from(count).unwrap_or(u32::MAX) > slot.repeats {
            let flaw = Flaw::TooManyRepetitions { most: slot.repeats };
            return found.value(flaw, place, one, slot);
        }
        if !one.is_empty() {
            repetition(slot, one, place, found);
        }
    }
}

fn repetition(slot: &Slot, raw: &[u8], place: Spot, found: &mut Found<'_, '_, '_>) {
    match &slot.form {
        Form::Simple { .. } => values::simple(slot, raw, place, found),
        Form::Composite(slots) => components(slot, slots, raw, place, found),
    }
}

fn components(
    whole: &Slot,
    slots: &[Slot],
    raw: &[u8],
    place: Spot,
    found: &mut Found<'_, '_, '_>,
) {
    let marks = found.segment.marks();
    let mut parts = Parts::new(raw, marks.component, marks.release);
    for (slot, component) in slots.iter().zip(1_usize..) {
        let (offset, part) = parts.next().unwrap_or((raw.len(), b""));
        let offset = place.offset.saturating_add(offset);
        let place = Spot { component, offset, ..place };
        if !part.is_empty() {
            values::simple(slot, part, place, found);
        } else if slot.mandatory {
            found.value(Flaw::ElementMissing, place, part, slot);
        }
    }
    let most = slots.len();
    let mut count = most;
    for (offset, part) in parts {
        count = count.saturating_add(1);
        if !part.is_empty() {
            let offset = place.offset.saturating_add(offset);
            let place = Spot { component: count, offset, ..place };
            return found.value(Flaw::TooManyComponents { most }, place, part, whole);
        }
    }
    if raw.last() == Some(&marks.component) {
        let released = marks.release.is_some_and(|release| ends_released(raw, release));
        if !released {
            found.value(Flaw::TrailingEmpty, place, raw, whole);
        }
    }
}

/// Whether the last byte is made plain by a release character before it.
fn ends_released(raw: &[u8], release: u8) -> bool {
    let before = raw.iter().rev().skip(1).take_while(|byte| **byte == release).count();
    !before.is_multiple_of(2)
}
