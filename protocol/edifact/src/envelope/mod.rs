//! The shells of an interchange: UNB to UNZ, UNG to UNE, UNH to UNT.

mod file;
mod marks;
mod read;
mod stream;

use std::fmt;

use segments::{Broken, Faults, Marks, Scanner, Sheet};
use serde::Serialize;

pub use file::read;
pub use stream::{Part, Stream};

/// One interchange of a file, with its bytes.
#[derive(Clone, Debug)]
pub struct Interchange<'a> {
    /// What its UNB says.
    pub header: Header,
    /// The characters that cut it.
    pub marks: Marks,
    /// The byte of the file where it begins, filling before UNA or UNB included.
    pub at: usize,
    /// Its bytes: all interchanges of a file together are the file.
    pub bytes: &'a [u8],
    /// Its groups; messages without UNG stand in one group without a header.
    pub groups: Vec<Group<'a>>,
    /// What is wrong with its own shell.
    pub faults: Faults,
    /// What is wrong with the elements of its UNB.
    pub(crate) unb: Vec<Broken>,
    /// UNA as it was sent; empty where there was none.
    pub(crate) una: Vec<u8>,
    /// Where UNB begins, after a UNA.
    pub(crate) body: usize,
    /// The file, or the part of it that is held.
    pub(crate) sheet: Sheet<'a>,
}

/// What UNB says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Header {
    /// 0001, such as `UNOC`.
    pub syntax: String,
    /// 0002: 1 to 4; 0 where UNB does not say.
    pub version: u8,
    /// S002.
    pub sender: Endpoint,
    /// S003.
    pub receiver: Endpoint,
    /// 0017.
    pub date: String,
    /// 0019.
    pub time: String,
    /// 0020.
    pub control: String,
    /// 0026.
    pub application: String,
    /// 0031: whether a CONTRL is asked for.
    pub asks_for_receipt: bool,
    /// 0035.
    pub is_test: bool,
}

/// Who sends or receives, as an interchange names them.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Endpoint {
    /// The identifier.
    pub id: String,
    /// The scheme, such as `14` (GLN), `1` (DUNS), `ZZZ`.
    pub qualifier: String,
    /// An address behind it.
    pub address: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.qualifier, self.id)
    }
}

/// A group, or the messages of an interchange without groups.
#[derive(Clone, Debug, Default)]
pub struct Group<'a> {
    /// 0038, the kind of messages; none where there is no UNG.
    pub kind: Option<String>,
    /// 0048.
    pub control: String,
    /// S006; empty where there is no UNG.
    pub sender: Endpoint,
    /// S007; empty where there is no UNG.
    pub receiver: Endpoint,
    /// The byte of UNG, or of the first message.
    pub at: usize,
    /// Its messages.
    pub messages: Vec<Message<'a>>,
    /// What is wrong with its own shell.
    pub faults: Faults,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// 0065, such as `ORDERS`.
    pub kind: String,
    /// 0052, such as `D`.
    pub version: String,
    /// 0054, such as `96A`.
    pub release: String,
    /// 0051, such as `UN`.
    pub agency: String,
    /// 0057, such as `EAN008`.
    pub association: String,
    /// 0062.
    pub control: String,
    /// The byte of UNH.
    pub at: usize,
    /// The byte after UNT, or after the last segment where UNT is missing.
    pub end: usize,
    /// The number of UNH in the interchange, from 1 for UNB.
    pub first: usize,
    /// How many segments it has, UNH and UNT included.
    pub count: usize,
    /// What is wrong with its own shell.
    pub faults: Faults,
    pub(crate) marks: Marks,
    pub(crate) sheet: Sheet<'a>,
}

impl Group<'_> {
    /// The same without its messages.
    pub fn without_messages(&self) -> Group<'static> {
        Group {
            kind: self.kind.clone(),
            control: self.control.clone(),
            sender: self.sender.clone(),
            receiver: self.receiver.clone(),
            at: self.at,
            messages: Vec::new(),
            faults: self.faults.clone(),
        }
    }
}

impl<'a> Message<'a> {
    /// Its segments, UNH first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let mut scanner = self.sheet.until(self.end).segments(self.at, self.marks);
        scanner.renumber(self.first.saturating_sub(1));
        scanner
    }

    /// Its bytes, from UNH to UNT.
    pub fn bytes(&self) -> &'a [u8] {
        self.sheet.bytes(self.at, self.end)
    }
}

impl<'a> Interchange<'a> {
    /// UNA as it was sent; empty where there was none.
    pub fn una(&self) -> &[u8] {
        &self.una
    }

    /// UNB with its terminator; empty in a part that does not hold it.
    pub fn header_bytes(&self) -> &'a [u8] {
        self.segment_at(self.body)
    }

    /// All its messages.
    pub fn messages(&self) -> impl Iterator<Item = &Message<'a>> {
        self.groups.iter().flat_map(|group| group.messages.iter())
    }

    /// All its segments, UNB first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let end = self.at.saturating_add(self.bytes.len());
        self.sheet.until(end).segments(self.body, self.marks)
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

    /// Writes it from its segments, with UNA and the filling: the bytes that were read.
    pub fn write(&self) -> Vec<u8> {
        let mut written = Vec::with_capacity(self.bytes.len());
        written.extend_from_slice(self.sheet.bytes(self.at, self.body));
        let mut scanner = self.segments();
        while let Some(segment) = scanner.next_segment() {
            written.extend_from_slice(segment.whole());
        }
        let end = self.at.saturating_add(self.bytes.len());
        written.extend_from_slice(self.sheet.bytes(scanner.at(), end));
        written
    }
}
