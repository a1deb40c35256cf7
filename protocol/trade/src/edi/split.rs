use segments::{Broken, Heading, Standard, Tag};

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
            Part::X12(part) => self.cut(part),
            Part::Edifact(part) => self.cut(part),
        }
    }

    fn cut<S: Standard>(&mut self, part: &segments::Part<'_, S>) -> Vec<Piece> {
        let (read, shells) = (&part.interchange, S::SHELLS);
        if self.head.is_empty() {
            self.head = [read.lead(), read.header_bytes()].concat();
        }
        let ([_, closes], control) = (shells.groups, read.header.control());
        let mut pieces = Vec::new();
        for group in &read.groups {
            let has_shell = !group.is_implied;
            self.enter(group.at, if has_shell { read.segment_at(group.at) } else { &[] });
            let own = has_shell.then(|| trailer(closes, &group.control, read.marks));
            let last = trailer(shells.ends, control, read.marks);
            for set in &group.sets {
                let bytes = self.around(set.bytes(), own.as_deref(), &last);
                pieces.push(self.piece([control, &set.kind, &set.control], bytes));
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

    fn piece(&mut self, [control, kind, set]: [&str; 3], bytes: Vec<u8>) -> Piece {
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
fn trailer(tag: Tag, control: &str, marks: segments::Marks) -> Vec<u8> {
    let mut bytes = tag.to_string().into_bytes();
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
