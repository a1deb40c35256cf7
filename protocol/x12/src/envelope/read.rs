use segments::{Broken, Faults, Flaw, Level, Numbers, Segment, Sheet, Tag};

use super::{Group, Interchange, Set, head};

const ISA: Tag = Tag::of(b"ISA");
const IEA: Tag = Tag::of(b"IEA");
const GS: Tag = Tag::of(b"GS ");
const GE: Tag = Tag::of(b"GE ");
const ST: Tag = Tag::of(b"ST ");
const SE: Tag = Tag::of(b"SE ");
const TA1: Tag = Tag::of(b"TA1");

/// How many sets with a broken header are kept.
const MALFORMED_LIMIT: usize = 1000;

/// Reads one interchange, all at once or part by part.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of another shell whether it is open or was seen"
)]
pub(super) struct Reader<'a> {
    read: Interchange<'a>,
    has_header: bool,
    open_group: bool,
    open_set: bool,
    group_numbers: Numbers,
    set_numbers: Numbers,
    groups: usize,
    /// Whether there was a set outside a group.
    implied: bool,
    receipts: usize,
    /// The sets of the open group, and the end of the last of them.
    sets: usize,
    sets_end: usize,
    /// How many faults the closed sets keep, and how many sets had a broken header.
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
    /// IEA was read.
    Closed,
    /// The bytes are spent, or another interchange begins.
    Spent,
}

/// Whether a segment is of a set, whatever set it is.
fn is_inner(tag: Tag) -> bool {
    !matches!(tag, Tag::NONE | ISA | IEA | GS | GE | ST | SE | TA1)
}

impl<'a> Reader<'a> {
    pub(super) fn new(at: usize, marks: segments::Marks) -> Self {
        Self {
            read: Interchange {
                header: super::Header::default(),
                marks,
                at,
                bytes: &[],
                groups: Vec::new(),
                receipts: Vec::new(),
                faults: Faults::default(),
                sheet: Sheet::default(),
            },
            has_header: false,
            open_group: false,
            open_set: false,
            group_numbers: Numbers::default(),
            set_numbers: Numbers::default(),
            groups: 0,
            implied: false,
            receipts: 0,
            sets: 0,
            sets_end: 0,
            spent: 0,
            malformed: 0,
            set_end: 0,
            set_count: 0,
            number: 0,
            end: at,
        }
    }

    /// Reads on from the place `from` of the file up to IEA, to where another interchange
    /// begins, or to the end of the sheet.
    pub(super) fn run(&mut self, sheet: Sheet<'a>, from: usize) -> Stop {
        self.read.sheet = sheet;
        let mut scanner = sheet.segments(from, self.read.marks);
        scanner.renumber(self.number);
        if !std::mem::replace(&mut self.has_header, true)
            && let Some(isa) = scanner.next_segment()
        {
            self.read.header = head::header(&isa, &mut self.read.faults);
            (self.number, self.end) = (isa.number(), isa.after());
        }
        loop {
            if self.open_set {
                let passed = scanner.pass(is_inner);
                if passed > 0 {
                    (self.set_end, self.end) = (scanner.at(), scanner.at());
                    self.set_count = self.set_count.saturating_add(passed);
                    self.number = self.number.saturating_add(passed);
                }
            }
            let Some(segment) = scanner.next_segment() else {
                break;
            };
            let tag = segment.tag();
            if self.open_set && segment.ended() && is_inner(tag) {
                self.set_end = segment.after();
                self.set_count = self.set_count.saturating_add(1);
                self.number = segment.number();
                self.end = self.set_end;
                continue;
            }
            if tag == ISA {
                break;
            }
            self.number = segment.number();
            let closed = self.segment(&segment);
            self.end = segment.after();
            if closed {
                return Stop::Closed;
            }
        }
        Stop::Spent
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
    pub(super) fn finish(mut self, stop: Stop) -> (Interchange<'a>, usize) {
        self.shut(stop);
        (self.read, self.end)
    }

    /// What was read so far, and a reader for the parts that follow. A set that is open is closed.
    pub(super) fn part(mut self) -> (Interchange<'a>, Reader<'static>, Option<usize>) {
        self.close_set(None);
        let continued = if self.open_group { self.read.groups.last() } else { None };
        let group = continued.map(Group::without_sets);
        let open = group.as_ref().map(|group| group.at);
        let next = Reader {
            read: Interchange {
                header: self.read.header.clone(),
                faults: self.read.faults.clone(),
                receipts: Vec::new(),
                groups: group.into_iter().collect(),
                bytes: &[],
                sheet: Sheet::default(),
                ..self.read
            },
            ..self
        };
        (self.read, next, open)
    }

    pub(super) fn marks(&self) -> segments::Marks {
        self.read.marks
    }

    /// Whether its header is still to be read.
    pub(super) fn header_is(&self) -> segments::Header {
        if self.has_header { segments::Header::Read } else { segments::Header::Ahead }
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Takes a segment in; tells whether it was IEA.
    fn segment(&mut self, segment: &Segment<'a, '_>) -> bool {
        let tag = segment.tag();
        if !segment.ended() && tag != IEA {
            self.faults().push(Broken::in_segment(Flaw::CutOff, segment));
        }
        match tag {
            ST => self.open_set(segment),
            SE if self.open_set => self.close_set(Some(segment)),
            GS => self.open_group(segment),
            GE if self.open_group => self.close_group(Some(segment)),
            TA1 if !self.open_group => {
                self.receipts = self.receipts.saturating_add(1);
                self.read.receipts.push(segment.start());
            }
            IEA => {
                self.close_group(None);
                self.trailer(segment);
                return true;
            }
            _ if self.open_set => self.extend(segment),
            _ => self.faults().push(Broken::in_segment(Flaw::Stray, segment)),
        }
        false
    }

    /// The faults of the innermost open shell.
    fn faults(&mut self) -> &mut Faults {
        let group = if self.open_group { self.read.groups.last_mut() } else { None };
        match group {
            None => &mut self.read.faults,
            Some(group) => {
                let Group { sets, faults, .. } = group;
                match sets.last_mut() {
                    Some(set) if self.open_set => &mut set.faults,
                    Some(_) | None => faults,
                }
            }
        }
    }

    fn extend(&mut self, segment: &Segment<'a, '_>) {
        self.set_end = segment.after();
        self.set_count = self.set_count.saturating_add(1);
    }

    fn last_set(&mut self) -> Option<&mut Set<'a>> {
        self.read.groups.last_mut()?.sets.last_mut()
    }

    fn open_group(&mut self, gs: &Segment<'a, '_>) {
        self.close_group(None);
        let mut group = Group {
            code: gs.text(1).trim().to_owned(),
            sender: gs.text(2).trim().to_owned(),
            receiver: gs.text(3).trim().to_owned(),
            control: gs.text(6).trim().to_owned(),
            version: gs.text(8).trim().to_owned(),
            counted: None,
            at: gs.start(),
            sets: Vec::new(),
            faults: Faults::beside(self.spent),
        };
        let level = Level::Group;
        if group.control.is_empty()
            || !group.control.bytes().all(|byte| byte.is_ascii_digit())
        {
            group.faults.push(Broken::in_element(Flaw::ControlInvalid(level), gs, 6));
        } else if !self.group_numbers.insert(&group.control) {
            group.faults.push(Broken::in_element(Flaw::ControlRepeated(level), gs, 6));
        }
        for element in [1, 2, 3, 4, 5, 7, 8] {
            if gs.element(element).is_none_or(<[u8]>::is_empty) {
                group.faults.push(Broken::in_element(Flaw::ElementMissing, gs, element));
            }
        }
        self.spent = self.spent.saturating_add(group.faults.list.len());
        if !group.faults.is_empty() {
            self.malformed = self.malformed.saturating_add(1);
            if self.malformed > MALFORMED_LIMIT {
                self.read.faults.push(Broken::in_segment(Flaw::Stray, gs));
                return;
            }
        }
        self.read.groups.push(group);
        self.groups = self.groups.saturating_add(1);
        self.begin_sets();
        self.open_group = true;
    }

    /// A set outside a group gets a group without a name, so that it can still be read.
    fn imply_group(&mut self, st: &Segment<'a, '_>) {
        let mut faults = Faults::beside(self.spent);
        faults.push(Broken::in_segment(Flaw::HeaderMissing(Level::Group), st));
        self.implied = true;
        self.read.groups.push(Group {
            code: String::new(),
            sender: String::new(),
            receiver: String::new(),
            control: String::new(),
            version: String::new(),
            counted: None,
            at: st.start(),
            sets: Vec::new(),
            faults,
        });
        self.begin_sets();
        self.open_group = true;
    }

    fn begin_sets(&mut self) {
        self.set_numbers.clear();
        (self.sets, self.sets_end) = (0, 0);
    }

    fn open_set(&mut self, st: &Segment<'a, '_>) {
        self.close_set(None);
        if !self.open_group {
            self.imply_group(st);
        }
        let mut set = Set {
            kind: st.text(1).trim().to_owned(),
            control: st.text(2).trim().to_owned(),
            at: st.start(),
            end: st.after(),
            first: st.number(),
            count: 1,
            faults: Faults::beside(self.spent),
            marks: self.read.marks,
            sheet: self.read.sheet,
        };
        let level = Level::Set;
        if set.kind.len() != 3 || !set.kind.bytes().all(|byte| byte.is_ascii_digit()) {
            set.faults
                .push(Broken::in_element(Flaw::HeaderValue(level), st, 1).at_ordinal(1));
        }
        if set.control.len() < 4 || set.control.len() > 9 {
            set.faults.push(
                Broken::in_element(Flaw::ControlInvalid(level), st, 2).at_ordinal(1),
            );
        } else if !self.set_numbers.insert(&set.control) {
            set.faults.push(
                Broken::in_element(Flaw::ControlRepeated(level), st, 2).at_ordinal(1),
            );
        }
        if !set.faults.is_empty() {
            self.malformed = self.malformed.saturating_add(1);
            if self.malformed > MALFORMED_LIMIT {
                // Not a document any more, but noise that would take a place each.
                self.faults().push(Broken::in_segment(Flaw::Stray, st));
                return;
            }
        }
        (self.set_end, self.set_count) = (set.end, set.count);
        if let Some(group) = self.read.groups.last_mut() {
            group.sets.push(set);
        }
        self.sets = self.sets.saturating_add(1);
        self.open_set = true;
    }

    fn close_set(&mut self, se: Option<&Segment<'a, '_>>) {
        if std::mem::replace(&mut self.open_set, false) {
            self.end_set(se);
            let kept = self.last_set().map_or(0, |set| set.faults.list.len());
            self.spent = self.spent.saturating_add(kept);
            self.sets_end = self.last_set().map_or(0, |set| set.end);
        }
    }

    fn end_set(&mut self, se: Option<&Segment<'a, '_>>) {
        let (end, count) = (self.set_end, self.set_count);
        let Some(set) = self.last_set() else {
            return;
        };
        (set.end, set.count) = (end, count);
        let level = Level::Set;
        let Some(se) = se else {
            let broken = Broken::in_bytes(Flaw::TrailerMissing(level), set.end, &[]);
            set.faults.push(broken.at_ordinal(set.count.saturating_add(1)));
            return;
        };
        set.end = se.after();
        set.count = set.count.saturating_add(1);
        let found = set.count;
        if number(se, 1) != u32::try_from(found).ok() {
            let broken = Broken::in_element(Flaw::CountMismatch { level, found }, se, 1);
            set.faults.push(broken.at_ordinal(found));
        }
        if se.text(2).trim() != set.control {
            let header = set.control.clone();
            let broken =
                Broken::in_element(Flaw::ControlMismatch { level, header }, se, 2);
            set.faults.push(broken.at_ordinal(found));
        }
    }

    fn close_group(&mut self, ge: Option<&Segment<'a, '_>>) {
        self.close_set(None);
        if !std::mem::replace(&mut self.open_group, false) {
            return;
        }
        let (found, sets_end) = (self.sets, self.sets_end);
        let Some(group) = self.read.groups.last_mut() else {
            return;
        };
        let level = Level::Group;
        let Some(ge) = ge else {
            let at = group.at.max(sets_end);
            group.faults.push(Broken::in_bytes(Flaw::TrailerMissing(level), at, &[]));
            return;
        };
        group.counted = number(ge, 1);
        if found == 0 {
            group.faults.push(Broken::in_segment(Flaw::Empty(level), ge));
        }
        if group.counted != u32::try_from(found).ok() {
            group.faults.push(Broken::in_element(
                Flaw::CountMismatch { level, found },
                ge,
                1,
            ));
        }
        let said = ge.text(2);
        if said.trim() != group.control && number(ge, 2) != group.control.parse().ok() {
            let header = group.control.clone();
            group.faults.push(Broken::in_element(
                Flaw::ControlMismatch { level, header },
                ge,
                2,
            ));
        }
    }

    fn trailer(&mut self, iea: &Segment<'a, '_>) {
        let level = Level::Interchange;
        let found = self.groups;
        let faults = &mut self.read.faults;
        if number(iea, 1) != u32::try_from(found).ok() {
            faults.push(Broken::in_element(Flaw::CountMismatch { level, found }, iea, 1));
        }
        let header = self.read.header.control.clone();
        if iea.text(2).trim() != header {
            faults.push(Broken::in_element(
                Flaw::ControlMismatch { level, header },
                iea,
                2,
            ));
        }
        if found == 0 && !self.implied && self.receipts == 0 {
            faults.push(Broken::in_segment(Flaw::Empty(level), iea));
        }
        if !iea.ended() {
            faults.push(Broken::in_segment(Flaw::CutOff, iea).noted());
        }
    }
}

fn number(segment: &Segment<'_, '_>, element: usize) -> Option<u32> {
    let text = segment.text(element);
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
