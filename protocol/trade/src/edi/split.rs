use segments::{Broken, Scanner};

use super::reading::{Part, Reading, broken};

/// A set in an interchange of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Piece {
    /// A name for a file, such as `000000077-1-850-0001.edi`.
    pub name: String,
    /// The interchange.
    pub bytes: Vec<u8>,
}

/// Cuts a file into interchanges of one set each. Headers and sets keep their bytes; trailers count
/// anew.
///
/// # Errors
/// The file is no interchange.
pub fn split(file: &[u8]) -> Result<Vec<Piece>, Broken> {
    let (mut reading, mut splitter) = (Reading::of(file), Splitter::default());
    let mut pieces = Vec::new();
    while let Some(part) = reading.part().map_err(broken)? {
        pieces.extend(splitter.part(&part));
    }
    Ok(pieces)
}

/// Cuts interchanges into pieces, part by part.
#[derive(Debug, Default)]
pub struct Splitter {
    /// The header of the interchange.
    head: Vec<u8>,
    /// The header of the group, and where it begins.
    group: (usize, Vec<u8>),
    count: usize,
}

impl Splitter {
    /// The pieces of the next part.
    pub fn part(&mut self, part: &Part<'_>) -> Vec<Piece> {
        match part {
            Part::X12(part) => self.x12(part),
            Part::Edifact(part) => self.edifact(part),
        }
    }

    fn x12(&mut self, part: &x12::Part<'_>) -> Vec<Piece> {
        let read = &part.interchange;
        if self.head.is_empty() {
            let mut scanner = Scanner::new(read.bytes, 0, read.marks);
            let isa = scanner.next_segment().map(|segment| segment.raw());
            self.head = isa.unwrap_or_default().to_vec();
        }
        let mut pieces = Vec::new();
        for group in &read.groups {
            let has_shell = !group.code.is_empty();
            self.enter(group.at, if has_shell { read.segment_at(group.at) } else { &[] });
            let own = has_shell.then(|| trailer(b"GE", &group.control, read.marks));
            let last = trailer(b"IEA", &read.header.control, read.marks);
            for set in &group.sets {
                let bytes = self.around(set.bytes(), own.as_deref(), &last);
                let name = [&read.header.control, &set.kind, &set.control];
                pieces.push(self.piece(name, bytes));
            }
        }
        self.leave(part.is_last);
        pieces
    }

    fn edifact(&mut self, part: &edifact::Part<'_>) -> Vec<Piece> {
        let read = &part.interchange;
        if self.head.is_empty() {
            self.head = [read.una(), read.header_bytes()].concat();
        }
        let mut pieces = Vec::new();
        for group in &read.groups {
            let has_shell = group.kind.is_some();
            self.enter(group.at, if has_shell { read.segment_at(group.at) } else { &[] });
            let own = has_shell.then(|| trailer(b"UNE", &group.control, read.marks));
            let last = trailer(b"UNZ", &read.header.control, read.marks);
            for message in &group.messages {
                let bytes = self.around(message.bytes(), own.as_deref(), &last);
                let name = [&read.header.control, &message.kind, &message.control];
                pieces.push(self.piece(name, bytes));
            }
        }
        self.leave(part.is_last);
        pieces
    }

    fn enter(&mut self, at: usize, header: &[u8]) {
        if self.group.0 != at {
            self.group = (at, header.to_vec());
        }
    }

    fn leave(&mut self, is_last: bool) {
        if is_last {
            self.head.clear();
            self.group = (0, Vec::new());
        }
    }

    fn around(&self, set: &[u8], group: Option<&[u8]>, last: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = group.map(|_| self.group.1.as_slice());
        let parts = [Some(self.head.as_slice()), header, Some(set), group, Some(last)];
        for part in parts.into_iter().flatten() {
            bytes.extend_from_slice(part);
            bytes.push(b'\n');
        }
        bytes
    }

    fn piece(&mut self, [control, kind, set]: [&String; 3], bytes: Vec<u8>) -> Piece {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            letters.take(35).collect()
        };
        self.count = self.count.saturating_add(1);
        let number = self.count;
        let name =
            format!("{}-{number}-{}-{}.edi", plain(control), plain(kind), plain(set));
        Piece { name, bytes }
    }
}

/// A trailer that counts one, with the control number of its header.
fn trailer(tag: &[u8], control: &str, marks: segments::Marks) -> Vec<u8> {
    let mut bytes = tag.to_vec();
    bytes.push(marks.element);
    bytes.push(b'1');
    bytes.push(marks.element);
    for byte in control.bytes() {
        if let Some(release) = marks.release
            && (byte == release || marks.cuts(byte))
        {
            bytes.push(release);
        }
        bytes.push(byte);
    }
    bytes.push(marks.segment);
    bytes
}
