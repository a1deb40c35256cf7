mod shells;

use super::{Group, Interchange, Set, Standard};
use crate::{Broken, Faults, Flaw, Header, Level, Marks, Numbers, Segment, Sheet, Tag};

/// How many interchanges, groups and sets with a broken header are kept.
pub(super) const MALFORMED_LIMIT: usize = 1000;

/// Reads one interchange, all at once or part by part.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of another shell whether it is open or was seen"
)]
pub(super) struct Reader<'a, S: Standard> {
    read: Interchange<'a, S>,
    has_header: bool,
    open_group: bool,
    open_set: bool,
    group_numbers: Numbers,
    set_numbers: Numbers,
    /// The groups with a header, and whether there was one without.
    groups: usize,
    implied: bool,
    asides: usize,
    /// The sets of the interchange, of the open group, and the end of the last of them.
    all_sets: usize,
    sets: usize,
    sets_end: usize,
    /// How many faults the closed sets keep, and how many shells had a broken header.
    spent: usize,
    malformed: usize,
    /// The end and the number of segments of the open set.
    set_end: usize,
    set_count: usize,
    /// The segments so far, and the end of the last of them.
    number: usize,
    end: usize,
}

/// Why a reader stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stop {
    /// IEA or UNZ was read.
    Closed,
    /// The bytes are spent, or another interchange begins.
    Spent,
}

impl<'a, S: Standard> Reader<'a, S> {
    /// Begins at ISA or UNB, the place `body`; filling and UNA, the `lead`, began at `at`.
    pub(super) fn new(at: usize, body: usize, lead: Vec<u8>, marks: Marks) -> Self {
        Self {
            read: Interchange {
                header: S::Header::default(),
                marks,
                at,
                bytes: &[],
                groups: Vec::new(),
                asides: Vec::new(),
                faults: Faults::default(),
                header_faults: Vec::new(),
                lead,
                body,
                sheet: Sheet::default(),
            },
            has_header: false,
            open_group: false,
            open_set: false,
            group_numbers: Numbers::default(),
            set_numbers: Numbers::default(),
            groups: 0,
            implied: false,
            asides: 0,
            all_sets: 0,
            sets: 0,
            sets_end: 0,
            spent: 0,
            malformed: 0,
            set_end: 0,
            set_count: 0,
            number: 0,
            end: body,
        }
    }

    /// Reads on from the place `from` of the file up to IEA or UNZ, to where another interchange
    /// begins, or to the end of the sheet.
    pub(super) fn run(&mut self, sheet: Sheet<'a>, from: usize) -> Stop {
        self.read.sheet = sheet;
        let mut scanner = sheet.segments(from, self.read.marks);
        scanner.renumber(self.number);
        if !std::mem::replace(&mut self.has_header, true)
            && let Some(header) = scanner.next_segment()
        {
            let (read, faults) = S::header(&header, &mut self.read.faults);
            (self.read.header, self.read.header_faults) = (read, faults);
            (self.number, self.end) = (header.number(), header.after());
        }
        // A segment of a set, whatever set it is.
        let is_inner = |tag: Tag| tag != Tag::NONE && !S::SHELLS.has(tag);
        loop {
            if self.open_set {
                let passed = scanner.pass(is_inner);
                if passed > 0 {
                    self.extend(scanner.at(), passed);
                    self.number = self.number.saturating_add(passed);
                    self.end = self.set_end;
                }
            }
            let Some(segment) = scanner.next_segment() else {
                return Stop::Spent;
            };
            let tag = segment.tag();
            if self.open_set && segment.ended() && is_inner(tag) {
                self.extend(segment.after(), 1);
                (self.number, self.end) = (segment.number(), self.set_end);
                continue;
            }
            if tag == S::SHELLS.begins || S::SHELLS.lead(segment.name()) {
                return Stop::Spent;
            }
            self.number = segment.number();
            let closed = self.segment(&segment);
            self.end = segment.after();
            if closed {
                return Stop::Closed;
            }
        }
    }

    /// Closes what is open at the end.
    pub(super) fn shut(&mut self, stop: Stop) {
        if stop == Stop::Spent {
            self.close_group(None);
            let flaw = Flaw::TrailerMissing(Level::Interchange);
            self.read.faults.push(Broken::in_bytes(flaw, self.end, &[]));
        }
    }

    /// The interchange, and the place where it ends.
    pub(super) fn finish(mut self, stop: Stop) -> (Interchange<'a, S>, usize) {
        self.shut(stop);
        (self.read, self.end)
    }

    /// What was read so far, and a reader for the parts that follow. A set that is open is closed.
    pub(super) fn part(
        mut self,
    ) -> (Interchange<'a, S>, Reader<'static, S>, Option<usize>) {
        self.close_set(None);
        let continued = if self.open_group { self.read.groups.last() } else { None };
        let group = continued.map(Group::without_sets);
        let open = group.as_ref().map(|group| group.at);
        let next = Reader {
            read: Interchange {
                header: self.read.header.clone(),
                faults: self.read.faults.clone(),
                header_faults: self.read.header_faults.clone(),
                lead: self.read.lead.clone(),
                asides: Vec::new(),
                groups: group.into_iter().collect(),
                bytes: &[],
                sheet: Sheet::default(),
                ..self.read
            },
            ..self
        };
        (self.read, next, open)
    }

    pub(super) fn marks(&self) -> Marks {
        self.read.marks
    }

    /// Whether its header is still to be read.
    pub(super) fn header_is(&self) -> Header {
        if self.has_header { Header::Read } else { Header::Ahead }
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Takes a segment in; tells whether it was IEA or UNZ.
    fn segment(&mut self, segment: &Segment<'a, '_>) -> bool {
        let (tag, shells) = (segment.tag(), S::SHELLS);
        let [opens_group, closes_group] = shells.groups;
        if !segment.ended() && tag != shells.ends {
            self.faults().push(Broken::in_segment(Flaw::CutOff, segment));
        }
        if tag == shells.opens {
            self.open_set(segment);
        } else if tag == shells.closes && self.open_set {
            self.close_set(Some(segment));
        } else if tag == opens_group {
            self.open_group(segment);
        } else if tag == closes_group && self.open_group {
            self.close_group(Some(segment));
        } else if S::ASIDE == Some(tag) && !self.open_group {
            self.asides = self.asides.saturating_add(1);
            self.read.asides.push(segment.start());
        } else if tag == shells.ends {
            self.close_group(None);
            self.trailer(segment);
            return true;
        } else if self.open_set {
            self.extend(segment.after(), 1);
        } else {
            self.faults().push(Broken::in_segment(Flaw::Stray, segment));
        }
        false
    }

    /// The faults of the innermost open shell.
    fn faults(&mut self) -> &mut Faults {
        let group = if self.open_group { self.read.groups.last_mut() } else { None };
        match group {
            None => &mut self.read.faults,
            Some(Group { sets, faults, .. }) => match sets.last_mut() {
                Some(set) if self.open_set => &mut set.faults,
                Some(_) | None => faults,
            },
        }
    }

    fn extend(&mut self, end: usize, segments: usize) {
        self.set_end = end;
        self.set_count = self.set_count.saturating_add(segments);
    }

    fn last_set(&mut self) -> Option<&mut Set<'a, S>> {
        self.read.groups.last_mut()?.sets.last_mut()
    }
}
