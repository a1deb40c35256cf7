//! Opening and closing groups and sets, and the end of an interchange.

use super::{MALFORMED_LIMIT, Reader};
use crate::envelope::{Group, Grouping, Heading, Interchange, Set, Standard};
use crate::{Broken, Faults, Flaw, Level, Segment};

impl<'a, S: Standard> Reader<'a, S> {
    pub(super) fn open_group(&mut self, header: &Segment<'a, '_>) {
        self.close_group(None);
        let ([place, _], level) = (S::CONTROLS, Level::Group);
        let control = header.text(place).trim().to_owned();
        let mut faults = Faults::beside(self.spent);
        if !S::is_control(level, &control) {
            faults.push(Broken::in_element(Flaw::ControlInvalid(level), header, place));
        } else if !self.group_numbers.insert(&control) {
            faults.push(Broken::in_element(Flaw::ControlRepeated(level), header, place));
        }
        S::shell(header, &self.read.header, &mut faults);
        self.groups = self.groups.saturating_add(1);
        self.spent = self.spent.saturating_add(faults.list.len());
        if self.is_noise(&faults) {
            self.read.faults.push(Broken::in_segment(Flaw::Stray, header));
            return;
        }
        self.push_group(Group {
            head: S::group(header),
            control,
            is_implied: false,
            counted: None,
            at: header.start(),
            sets: Vec::new(),
            faults,
        });
    }

    /// A set outside a group gets a group without a header, so that it can still be read.
    fn imply_group(&mut self, header: &Segment<'a, '_>) {
        let mut faults = Faults::beside(self.spent);
        if S::GROUPING == Grouping::Required {
            let flaw = Flaw::HeaderMissing(Level::Group);
            faults.push(Broken::in_segment(flaw, header));
        }
        self.implied = true;
        self.push_group(Group {
            head: S::GroupHead::default(),
            control: String::new(),
            is_implied: true,
            counted: None,
            at: header.start(),
            sets: Vec::new(),
            faults,
        });
    }

    fn push_group(&mut self, group: Group<'a, S>) {
        self.read.groups.push(group);
        self.set_numbers.clear();
        (self.sets, self.sets_end) = (0, 0);
        self.open_group = true;
    }

    /// Whether a header with these faults is no shell any more, but noise that would take a place.
    fn is_noise(&mut self, faults: &Faults) -> bool {
        self.malformed = self.malformed.saturating_add(usize::from(!faults.is_empty()));
        !faults.is_empty() && self.malformed > MALFORMED_LIMIT
    }

    pub(super) fn open_set(&mut self, header: &Segment<'a, '_>) {
        self.close_set(None);
        if !self.open_group {
            self.imply_group(header);
        }
        let ([_, place], level) = (S::CONTROLS, Level::Set);
        let (kind, head) = S::set(header);
        let control = header.text(place).trim().to_owned();
        let mut faults = Faults::beside(self.spent);
        let mut fault = |flaw: Flaw, element: usize| {
            faults.push(Broken::in_element(flaw, header, element).at_ordinal(1));
        };
        if !S::is_kind(&kind) {
            fault(Flaw::HeaderValue(level), S::KIND);
        }
        if !S::is_control(level, &control) {
            fault(Flaw::ControlInvalid(level), place);
        } else if !self.set_numbers.insert(&control) {
            fault(Flaw::ControlRepeated(level), place);
        }
        if self.is_noise(&faults) {
            self.faults().push(Broken::in_segment(Flaw::Stray, header));
            return;
        }
        self.set_count = 0;
        self.extend(header.after(), 1);
        let (marks, sheet) = (self.read.marks, self.read.sheet);
        if let Some(group) = self.read.groups.last_mut() {
            if !group.is_implied && !S::announces(&group.head, &kind) {
                let broken = Broken::in_element(Flaw::WrongGroup, header, S::KIND);
                faults.push(broken.at_ordinal(1));
            }
            group.sets.push(Set {
                kind,
                control,
                head,
                at: header.start(),
                end: header.after(),
                first: header.number(),
                count: 1,
                faults,
                marks,
                sheet,
            });
        }
        self.all_sets = self.all_sets.saturating_add(1);
        self.sets = self.sets.saturating_add(1);
        self.open_set = true;
    }

    pub(super) fn close_set(&mut self, trailer: Option<&Segment<'a, '_>>) {
        if std::mem::replace(&mut self.open_set, false) {
            self.end_set(trailer);
            let kept = self.last_set().map_or(0, |set| set.faults.list.len());
            self.spent = self.spent.saturating_add(kept);
            self.sets_end = self.last_set().map_or(0, |set| set.end);
        }
    }

    fn end_set(&mut self, trailer: Option<&Segment<'a, '_>>) {
        let (end, count) = (self.set_end, self.set_count);
        let Some(set) = self.last_set() else {
            return;
        };
        (set.end, set.count) = (end, count);
        let level = Level::Set;
        let after = set.count.saturating_add(1);
        let Some(trailer) = trailer else {
            let broken = Broken::in_bytes(Flaw::TrailerMissing(level), set.end, &[]);
            set.faults.push(broken.at_ordinal(after));
            return;
        };
        (set.end, set.count) = (trailer.after(), after);
        for broken in disagreements::<S>(trailer, level, after, &set.control) {
            set.faults.push(broken.at_ordinal(after));
        }
    }

    pub(super) fn close_group(&mut self, trailer: Option<&Segment<'a, '_>>) {
        self.close_set(None);
        if !std::mem::replace(&mut self.open_group, false) {
            return;
        }
        let (found, sets_end, level) = (self.sets, self.sets_end, Level::Group);
        let Some(group) = self.read.groups.last_mut() else {
            return;
        };
        let is_required = S::GROUPING == Grouping::Required;
        let Some(trailer) = trailer else {
            if is_required || !group.is_implied {
                let at = group.at.max(sets_end);
                group.faults.push(Broken::in_bytes(Flaw::TrailerMissing(level), at, &[]));
            }
            return;
        };
        group.counted = number(trailer, 1);
        S::shell(trailer, &self.read.header, &mut group.faults);
        if is_required && found == 0 {
            group.faults.push(Broken::in_segment(Flaw::Empty(level), trailer));
        }
        for broken in disagreements::<S>(trailer, level, found, &group.control) {
            group.faults.push(broken);
        }
    }

    pub(super) fn trailer(&mut self, trailer: &Segment<'a, '_>) {
        let level = Level::Interchange;
        let is_grouped = S::GROUPING == Grouping::Required || self.groups > 0;
        let found = if is_grouped { self.groups } else { self.all_sets };
        let is_empty = match S::GROUPING {
            Grouping::Required => self.groups == 0 && !self.implied && self.asides == 0,
            Grouping::Optional => self.all_sets == 0,
        };
        let Interchange { faults, header, .. } = &mut self.read;
        S::shell(trailer, header, faults);
        for broken in disagreements::<S>(trailer, level, found, header.control()) {
            faults.push(broken);
        }
        if is_empty {
            faults.push(Broken::in_segment(Flaw::Empty(level), trailer));
        }
        if !trailer.ended() {
            let cut = Broken::in_segment(Flaw::CutOff, trailer);
            // A release character with nothing after it: more was to come.
            let released = trailer.raw().last() == trailer.marks().release.as_ref();
            faults.push(if released { cut } else { cut.noted().mended() });
        }
    }
}

/// What a trailer says otherwise than what is there: the count first, then the control number.
fn disagreements<S: Standard>(
    trailer: &Segment<'_, '_>,
    level: Level,
    found: usize,
    control: &str,
) -> impl Iterator<Item = Broken> {
    let counts = number(trailer, 1) == Some(found);
    let count = (!counts)
        .then(|| Broken::in_element(Flaw::CountMismatch { level, found }, trailer, 1));
    let agrees = S::agrees(level, trailer.text(2).trim(), control);
    let number = (!agrees).then(|| {
        let header = control.to_owned();
        Broken::in_element(Flaw::ControlMismatch { level, header }, trailer, 2)
    });
    count.into_iter().chain(number)
}

fn number(segment: &Segment<'_, '_>, element: usize) -> Option<usize> {
    let text = segment.text(element);
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
