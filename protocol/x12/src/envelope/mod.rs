//! The shells of an interchange: ISA to IEA, GS to GE, ST to SE.

mod file;
mod head;
mod read;
mod stream;

use std::fmt;

use segments::{Faults, Marks, Scanner, Sheet};
use serde::Serialize;

pub use file::read;
pub use stream::{Part, Stream};

/// One interchange of a file, with its bytes.
#[derive(Clone, Debug)]
pub struct Interchange<'a> {
    /// What its ISA says.
    pub header: Header,
    /// The characters that cut it.
    pub marks: Marks,
    /// The byte of the file where it begins, filling before ISA included.
    pub at: usize,
    /// Its bytes, filling included: all interchanges of a file together are the file.
    pub bytes: &'a [u8],
    /// Its groups.
    pub groups: Vec<Group<'a>>,
    /// Where its TA1 segments are, as bytes of the file.
    pub(crate) receipts: Vec<usize>,
    /// What is wrong with its own shell.
    pub faults: Faults,
    /// The file, or the part of it that is held.
    pub(crate) sheet: Sheet<'a>,
}

/// What ISA says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Header {
    /// ISA05 and ISA06.
    pub sender: Endpoint,
    /// ISA07 and ISA08.
    pub receiver: Endpoint,
    /// ISA09, six digits.
    pub date: String,
    /// ISA10, four digits.
    pub time: String,
    /// ISA12, such as `00401`.
    pub version: String,
    /// ISA13, nine digits.
    pub control: String,
    /// ISA14: whether a TA1 is asked for.
    pub asks_for_receipt: bool,
    /// ISA15.
    pub usage: Usage,
}

/// Who sends or receives, as an interchange names them.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Endpoint {
    /// The scheme, such as `ZZ`, `01` (DUNS), `14` (GLN).
    pub qualifier: String,
    /// The identifier, without the blanks that fill it.
    pub id: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.qualifier, self.id)
    }
}

/// ISA15: what an interchange is for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// `P`.
    Production,
    /// `T`.
    #[default]
    Test,
    /// `I`.
    Information,
    /// Something else.
    Unknown,
}

/// A functional group.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// GS01, such as `PO`; empty where GS is missing.
    pub code: String,
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS06.
    pub control: String,
    /// GS08, such as `004010` or `004010VICS`.
    pub version: String,
    /// GE01, as it stands there.
    pub counted: Option<u32>,
    /// The byte of GS.
    pub at: usize,
    /// Its sets.
    pub sets: Vec<Set<'a>>,
    /// What is wrong with its own shell.
    pub faults: Faults,
}

impl Group<'_> {
    /// The same without its sets.
    pub fn without_sets(&self) -> Group<'static> {
        Group {
            code: self.code.clone(),
            sender: self.sender.clone(),
            receiver: self.receiver.clone(),
            control: self.control.clone(),
            version: self.version.clone(),
            counted: self.counted,
            at: self.at,
            sets: Vec::new(),
            faults: self.faults.clone(),
        }
    }

    /// Whether it holds acknowledgements, which are never acknowledged.
    pub fn is_acknowledgement(&self) -> bool {
        self.code == "FA"
            || self.sets.iter().any(|set| matches!(set.kind.as_str(), "997" | "999"))
    }
}

/// A transaction set.
#[derive(Clone, Debug)]
pub struct Set<'a> {
    /// ST01, such as `850`.
    pub kind: String,
    /// ST02.
    pub control: String,
    /// The byte of ST.
    pub at: usize,
    /// The byte after SE, or after the last segment where SE is missing.
    pub end: usize,
    /// The number of ST in the interchange, from 1 for ISA.
    pub first: usize,
    /// How many segments it has, ST and SE included.
    pub count: usize,
    /// What is wrong with its own shell.
    pub faults: Faults,
    pub(crate) marks: Marks,
    pub(crate) sheet: Sheet<'a>,
}

impl<'a> Set<'a> {
    /// Its segments, ST first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let mut scanner = self.sheet.until(self.end).segments(self.at, self.marks);
        scanner.renumber(self.first.saturating_sub(1));
        scanner
    }

    /// Its bytes, from ST to SE.
    pub fn bytes(&self) -> &'a [u8] {
        self.sheet.bytes(self.at, self.end)
    }
}

impl<'a> Interchange<'a> {
    /// All its sets.
    pub fn sets(&self) -> impl Iterator<Item = &Set<'a>> {
        self.groups.iter().flat_map(|group| group.sets.iter())
    }

    /// All its segments, ISA first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let end = self.at.saturating_add(self.bytes.len());
        self.sheet.until(end).segments(self.at, self.marks)
    }

    /// The segment that begins at this byte of the file, with its terminator; empty where it is
    /// not in this part.
    pub fn segment_at(&self, at: usize) -> &'a [u8] {
        if at < self.sheet.base() {
            return &[];
        }
        let mut scanner = self.sheet.segments(at, self.marks);
        scanner.next_segment().map(|segment| segment.raw()).unwrap_or_default()
    }

    /// Writes it from its segments, with the filling between them: the bytes that were read.
    pub fn write(&self) -> Vec<u8> {
        let mut written = Vec::with_capacity(self.bytes.len());
        let mut scanner = self.segments();
        while let Some(segment) = scanner.next_segment() {
            written.extend_from_slice(segment.whole());
        }
        let end = self.at.saturating_add(self.bytes.len());
        written.extend_from_slice(self.sheet.bytes(scanner.at(), end));
        written
    }
}
