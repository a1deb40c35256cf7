use segments::{Broken, Faults, Flaw, Level, Numbers, Segment, Sheet, Tag};

use super::{Endpoint, Group, Header, Interchange, Message};

const UNA: Tag = Tag::of(b"UNA");
const UNB: Tag = Tag::of(b"UNB");
const UNZ: Tag = Tag::of(b"UNZ");
const UNG: Tag = Tag::of(b"UNG");
const UNE: Tag = Tag::of(b"UNE");
const UNH: Tag = Tag::of(b"UNH");
const UNT: Tag = Tag::of(b"UNT");

/// How many messages with a broken header are kept.
const MALFORMED_LIMIT: usize = 1000;

/// Reads one interchange, all at once or part by part.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    read: Interchange<'a>,
    has_header: bool,
    open_group: bool,
    open_message: bool,
    group_numbers: Numbers,
    message_numbers: Numbers,
    explicit_groups: usize,
    /// The messages of the interchange, of the open group, and the end of the last of them.
    all: usize,
    messages: usize,
    messages_end: usize,
    /// How many faults the closed messages keep, and how many messages had a broken header.
    spent: usize,
    malformed: usize,
    /// The end and the number of segments of the open message.
    message_end: usize,
    message_count: usize,
    /// The segments so far, and the end of the last of them.
    number: usize,
    end: usize,
}

/// Why a reader stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stop {
    /// UNZ was read.
    Closed,
    /// The bytes are spent, or another interchange begins.
    Spent,
}

/// Whether a segment is of a set, whatever set it is.
fn is_inner(tag: Tag) -> bool {
    !matches!(tag, Tag::NONE | UNA | UNB | UNZ | UNG | UNE | UNH | UNT)
}

impl<'a> Reader<'a> {
    /// Begins at UNB, the place `body`; filling and UNA began at `at`.
    pub(super) fn new(
        at: usize,
        body: usize,
        una: Vec<u8>,
        marks: segments::Marks,
    ) -> Self {
        Self {
            read: Interchange {
                header: Header::default(),
                marks,
                at,
                bytes: &[],
                groups: Vec::new(),
                faults: Faults::default(),
                unb: Vec::new(),
                una,
                body,
                sheet: Sheet::default(),
            },
            has_header: false,
            open_group: false,
            open_message: false,
            group_numbers: Numbers::default(),
            message_numbers: Numbers::default(),
            explicit_groups: 0,
            all: 0,
            messages: 0,
            messages_end: 0,
            spent: 0,
            malformed: 0,
            message_end: 0,
            message_count: 0,
            number: 0,
            end: body,
        }
    }

    /// Reads on from the place `from` of the file up to UNZ, to where another interchange
    /// begins, or to the end of the sheet.
    pub(super) fn run(&mut self, sheet: Sheet<'a>, from: usize) -> Stop {
        self.read.sheet = sheet;
        let mut scanner = sheet.segments(from, self.read.marks);
        scanner.renumber(self.number);
        if !std::mem::replace(&mut self.has_header, true)
            && let Some(unb) = scanner.next_segment()
        {
            self.header(&unb);
            (self.number, self.end) = (unb.number(), unb.after());
        }
        loop {
            if self.open_message {
                let passed = scanner.pass(is_inner);
                if passed > 0 {
                    (self.message_end, self.end) = (scanner.at(), scanner.at());
                    self.message_count = self.message_count.saturating_add(passed);
                    self.number = self.number.saturating_add(passed);
                }
            }
            let Some(segment) = scanner.next_segment() else {
                break;
            };
            let tag = segment.tag();
            if self.open_message && segment.ended() && is_inner(tag) {
                self.message_end = segment.after();
                self.message_count = self.message_count.saturating_add(1);
                (self.number, self.end) = (segment.number(), self.message_end);
                continue;
            }
            if tag == UNB || segment.name().starts_with(b"UNA") {
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

    /// What was read so far, and a reader for the parts that follow. A message that is open is
    /// closed.
    pub(super) fn part(mut self) -> (Interchange<'a>, Reader<'static>, Option<usize>) {
        self.close_message(None);
        let continued = if self.open_group { self.read.groups.last() } else { None };
        let group = continued.map(Group::without_messages);
        let open = group.as_ref().map(|group| group.at);
        let next = Reader {
            read: Interchange {
                header: self.read.header.clone(),
                faults: self.read.faults.clone(),
                unb: self.read.unb.clone(),
                una: self.read.una.clone(),
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

    fn header(&mut self, unb: &Segment<'a, '_>) {
        let value =
            |element: usize, part: usize| unb.part(element, part).trim().to_owned();
        let endpoint = |element: usize| Endpoint {
            id: value(element, 1),
            qualifier: value(element, 2),
            address: value(element, 3),
        };
        self.read.header = Header {
            syntax: value(1, 1),
            version: value(1, 2).parse().unwrap_or_default(),
            sender: endpoint(2),
            receiver: endpoint(3),
            date: value(4, 1),
            time: value(4, 2),
            control: value(5, 1),
            application: value(7, 1),
            asks_for_receipt: value(9, 1) == "1",
            is_test: value(11, 1) == "1",
        };
        self.read.unb = crate::check::shell(unb, self.read.header.version);
        if self.read.header.version == 0 || self.read.header.version > 4 {
            let flaw = Flaw::HeaderValue(Level::Interchange);
            self.read.faults.push(Broken::in_element(flaw, unb, 1));
        }
        if self.read.header.control.is_empty() {
            let flaw = Flaw::ControlInvalid(Level::Interchange);
            self.read.faults.push(Broken::in_element(flaw, unb, 5));
        }
    }

    /// Takes a segment in; tells whether it was UNZ.
    fn segment(&mut self, segment: &Segment<'a, '_>) -> bool {
        let tag = segment.tag();
        if !segment.ended() && tag != UNZ {
            self.faults().push(Broken::in_segment(Flaw::CutOff, segment));
        }
        match tag {
            UNH => self.open_message(segment),
            UNT if self.open_message => self.close_message(Some(segment)),
            UNG => self.open_group(segment),
            UNE if self.open_group => self.close_group(Some(segment)),
            UNZ => {
                self.close_group(None);
                self.trailer(segment);
                return true;
            }
            _ if self.open_message => {
                self.message_end = segment.after();
                self.message_count = self.message_count.saturating_add(1);
            }
            _ => self.faults().push(Broken::in_segment(Flaw::Stray, segment)),
        }
        false
    }

    /// The faults of the innermost open shell.
    fn faults(&mut self) -> &mut Faults {
        let group = if self.open_group { self.read.groups.last_mut() } else { None };
        match group {
            None => &mut self.read.faults,
            Some(Group { messages, faults, .. }) => match messages.last_mut() {
                Some(message) if self.open_message => &mut message.faults,
                Some(_) | None => faults,
            },
        }
    }

    fn last_message(&mut self) -> Option<&mut Message<'a>> {
        self.read.groups.last_mut()?.messages.last_mut()
    }

    fn open_group(&mut self, ung: &Segment<'a, '_>) {
        self.close_group(None);
        let level = Level::Group;
        let control = ung.text(5).trim().to_owned();
        let mut faults = Faults::beside(self.spent);
        if control.is_empty() {
            faults.push(Broken::in_element(Flaw::ControlInvalid(level), ung, 5));
        } else if !self.group_numbers.insert(&control) {
            faults.push(Broken::in_element(Flaw::ControlRepeated(level), ung, 5));
        }
        for broken in crate::check::shell(ung, self.read.header.version) {
            faults.push(broken);
        }
        self.explicit_groups = self.explicit_groups.saturating_add(1);
        self.spent = self.spent.saturating_add(faults.list.len());
        if !faults.is_empty() {
            self.malformed = self.malformed.saturating_add(1);
            if self.malformed > MALFORMED_LIMIT {
                self.read.faults.push(Broken::in_segment(Flaw::Stray, ung));
                return;
            }
        }
        self.push_group(
            Some(ung.text(1).trim().to_owned()),
            control,
            ung.start(),
            faults,
        );
        if let Some(group) = self.read.groups.last_mut() {
            (group.sender, group.receiver) = (party(ung, 2), party(ung, 3));
        }
    }

    fn push_group(
        &mut self,
        kind: Option<String>,
        control: String,
        at: usize,
        faults: Faults,
    ) {
        let messages = Vec::new();
        self.read.groups.push(Group {
            kind,
            control,
            at,
            messages,
            faults,
            ..Group::default()
        });
        self.message_numbers.clear();
        (self.messages, self.messages_end) = (0, 0);
        self.open_group = true;
    }

    fn open_message(&mut self, unh: &Segment<'a, '_>) {
        self.close_message(None);
        if !self.open_group {
            self.push_group(None, String::new(), unh.start(), Faults::default());
        }
        let value =
            |element: usize, part: usize| unh.part(element, part).trim().to_owned();
        let mut message = Message {
            kind: value(2, 1),
            version: value(2, 2),
            release: value(2, 3),
            agency: value(2, 4),
            association: value(2, 5),
            control: value(1, 1),
            at: unh.start(),
            end: unh.after(),
            first: unh.number(),
            count: 1,
            faults: Faults::beside(self.spent),
            marks: self.read.marks,
            sheet: self.read.sheet,
        };
        let level = Level::Set;
        if message.control.is_empty() {
            let broken = Broken::in_element(Flaw::ControlInvalid(level), unh, 1);
            message.faults.push(broken.at_ordinal(1));
        } else if !self.message_numbers.insert(&message.control) {
            let broken = Broken::in_element(Flaw::ControlRepeated(level), unh, 1);
            message.faults.push(broken.at_ordinal(1));
        }
        if !message.faults.is_empty() {
            self.malformed = self.malformed.saturating_add(1);
            if self.malformed > MALFORMED_LIMIT {
                // Not a document any more, but noise that would take a place each.
                self.faults().push(Broken::in_segment(Flaw::Stray, unh));
                return;
            }
        }
        if let Some(group) = self.read.groups.last_mut() {
            if group.kind.as_ref().is_some_and(|kind| *kind != message.kind) {
                let broken = Broken::in_element(Flaw::WrongGroup, unh, 2);
                message.faults.push(broken.at_ordinal(1));
            }
            (self.message_end, self.message_count) = (message.end, message.count);
            group.messages.push(message);
        }
        self.all = self.all.saturating_add(1);
        self.messages = self.messages.saturating_add(1);
        self.open_message = true;
    }

    fn close_message(&mut self, unt: Option<&Segment<'a, '_>>) {
        if std::mem::replace(&mut self.open_message, false) {
            self.end_message(unt);
            let kept = self.last_message().map_or(0, |message| message.faults.list.len());
            self.spent = self.spent.saturating_add(kept);
            self.messages_end = self.last_message().map_or(0, |message| message.end);
        }
    }

    fn end_message(&mut self, unt: Option<&Segment<'a, '_>>) {
        let (end, count) = (self.message_end, self.message_count);
        let Some(message) = self.last_message() else {
            return;
        };
        (message.end, message.count) = (end, count);
        let level = Level::Set;
        let Some(unt) = unt else {
            let broken = Broken::in_bytes(Flaw::TrailerMissing(level), message.end, &[]);
            message.faults.push(broken.at_ordinal(message.count.saturating_add(1)));
            return;
        };
        message.end = unt.after();
        message.count = message.count.saturating_add(1);
        let found = message.count;
        if number(unt, 1) != Some(found) {
            let broken = Broken::in_element(Flaw::CountMismatch { level, found }, unt, 1);
            message.faults.push(broken.at_ordinal(found));
        }
        if unt.text(2).trim() != message.control {
            let header = message.control.clone();
            let broken =
                Broken::in_element(Flaw::ControlMismatch { level, header }, unt, 2);
            message.faults.push(broken.at_ordinal(found));
        }
    }

    fn close_group(&mut self, une: Option<&Segment<'a, '_>>) {
        self.close_message(None);
        if !std::mem::replace(&mut self.open_group, false) {
            return;
        }
        let (found, end) = (self.messages, self.messages_end);
        let Some(group) = self.read.groups.last_mut() else {
            return;
        };
        let level = Level::Group;
        match une {
            None if group.kind.is_some() => {
                let at = group.at.max(end);
                group.faults.push(Broken::in_bytes(Flaw::TrailerMissing(level), at, &[]));
            }
            Some(une) => {
                for broken in crate::check::shell(une, self.read.header.version) {
                    group.faults.push(broken);
                }
                if number(une, 1) != Some(found) {
                    let flaw = Flaw::CountMismatch { level, found };
                    group.faults.push(Broken::in_element(flaw, une, 1));
                }
                if une.text(2).trim() != group.control {
                    let header = group.control.clone();
                    let flaw = Flaw::ControlMismatch { level, header };
                    group.faults.push(Broken::in_element(flaw, une, 2));
                }
            }
            None => {}
        }
    }

    fn trailer(&mut self, unz: &Segment<'a, '_>) {
        let level = Level::Interchange;
        let messages = self.all;
        let found =
            if self.explicit_groups > 0 { self.explicit_groups } else { messages };
        let faults = &mut self.read.faults;
        for broken in crate::check::shell(unz, self.read.header.version) {
            faults.push(broken);
        }
        if number(unz, 1) != Some(found) {
            faults.push(Broken::in_element(Flaw::CountMismatch { level, found }, unz, 1));
        }
        let header = self.read.header.control.clone();
        if unz.text(2).trim() != header {
            faults.push(Broken::in_element(
                Flaw::ControlMismatch { level, header },
                unz,
                2,
            ));
        }
        if messages == 0 {
            faults.push(Broken::in_segment(Flaw::Empty(level), unz));
        }
        if !unz.ended() {
            let cut = Broken::in_segment(Flaw::CutOff, unz);
            // A release character with nothing after it: more was to come.
            let released = unz.raw().last() == unz.marks().release.as_ref();
            faults.push(if released { cut } else { cut.noted() });
        }
    }
}

/// S006 or S007.
fn party(ung: &Segment<'_, '_>, element: usize) -> Endpoint {
    let part = |part: usize| ung.part(element, part).trim().to_owned();
    Endpoint { id: part(1), qualifier: part(2), address: String::new() }
}

fn number(segment: &Segment<'_, '_>, element: usize) -> Option<usize> {
    let text = segment.text(element);
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
