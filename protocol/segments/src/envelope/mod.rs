//! The shells of an interchange (ISA to IEA, UNB to UNZ; GS to GE, UNG to UNE; ST to SE, UNH to
//! UNT), read and judged alike in both syntaxes. What differs is told by a [`Standard`].

mod file;
mod judge;
mod reader;
mod standard;
mod stream;

pub use file::read;
pub use judge::{Judge, check_by};
pub use standard::{Grouping, Heading, Standard, Totals};
pub use stream::{Part, Stream};

use crate::{Broken, Faults, Marks, Scanner, Sheet};

/// One interchange of a file, with its bytes.
#[derive(Clone, Debug)]
pub struct Interchange<'a, S: Standard> {
    /// What its ISA or UNB says.
    pub header: S::Header,
    /// The characters that cut it.
    pub marks: Marks,
    /// The byte of the file where it begins, filling before ISA, UNA or UNB included.
    pub at: usize,
    /// Its bytes, filling included: all interchanges of a file together are the file.
    pub bytes: &'a [u8],
    /// Its groups; sets outside a group stand in one without a header.
    pub groups: Vec<Group<'a, S>>,
    /// Where its segments outside of groups (TA1) are, as bytes of the file.
    pub asides: Vec<usize>,
    /// What is wrong with its own shell.
    pub faults: Faults,
    /// What is wrong with the elements of its UNB.
    pub(crate) header_faults: Vec<Broken>,
    /// UNA as it was sent; empty where there was none.
    pub(crate) lead: Vec<u8>,
    /// Where ISA or UNB begins.
    pub(crate) body: usize,
    /// The file, or the part of it that is held.
    pub(crate) sheet: Sheet<'a>,
}

/// A functional group.
#[derive(Clone, Debug)]
pub struct Group<'a, S: Standard> {
    /// What its GS or UNG says besides; nothing where it is implied.
    pub head: S::GroupHead,
    /// GS06 or 0048.
    pub control: String,
    /// Whether there is no GS or UNG.
    pub is_implied: bool,
    /// GE01 or 0060, as it stands there.
    pub counted: Option<usize>,
    /// The byte of GS or UNG, or of the first set.
    pub at: usize,
    /// Its sets.
    pub sets: Vec<Set<'a, S>>,
    /// What is wrong with its own shell.
    pub faults: Faults,
}

/// A transaction set, or a message.
#[derive(Clone, Debug)]
pub struct Set<'a, S: Standard> {
    /// ST01 or 0065, such as `850` or `ORDERS`.
    pub kind: String,
    /// ST02 or 0062.
    pub control: String,
    /// What its ST or UNH says besides.
    pub head: S::SetHead,
    /// The byte of ST or UNH.
    pub at: usize,
    /// The byte after SE or UNT, or after the last segment where that is missing.
    pub end: usize,
    /// The number of ST or UNH in the interchange, from 1 for ISA or UNB.
    pub first: usize,
    /// How many segments it has, ST and SE or UNH and UNT included.
    pub count: usize,
    /// What is wrong with its own shell.
    pub faults: Faults,
    pub(crate) marks: Marks,
    pub(crate) sheet: Sheet<'a>,
}

impl<S: Standard> Group<'_, S> {
    /// The same without its sets.
    pub fn without_sets(&self) -> Group<'static, S> {
        Group {
            head: self.head.clone(),
            control: self.control.clone(),
            is_implied: self.is_implied,
            counted: self.counted,
            at: self.at,
            sets: Vec::new(),
            faults: self.faults.clone(),
        }
    }
}

impl<'a, S: Standard> Set<'a, S> {
    /// Its segments, ST or UNH first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let mut scanner = self.sheet.until(self.end).segments(self.at, self.marks);
        scanner.renumber(self.first.saturating_sub(1));
        scanner
    }

    /// Its bytes, from ST to SE or UNH to UNT.
    pub fn bytes(&self) -> &'a [u8] {
        self.sheet.bytes(self.at, self.end)
    }
}

impl<'a, S: Standard> Interchange<'a, S> {
    /// UNA as it was sent; empty where there was none.
    pub fn lead(&self) -> &[u8] {
        &self.lead
    }

    /// ISA or UNB with its terminator; empty in a part that does not hold it.
    pub fn header_bytes(&self) -> &'a [u8] {
        self.segment_at(self.body)
    }

    /// All its sets.
    pub fn sets(&self) -> impl Iterator<Item = &Set<'a, S>> {
        self.groups.iter().flat_map(|group| group.sets.iter())
    }

    /// All its segments, ISA or UNB first, with places of the file.
    pub fn segments(&self) -> Scanner<'a> {
        let end = self.at.saturating_add(self.bytes.len());
        self.sheet.until(end).segments(self.body, self.marks)
    }

    /// Its segments outside of groups, such as TA1, one scanner at each.
    pub fn asides(&self) -> impl Iterator<Item = Scanner<'a>> {
        self.asides.iter().map(|at| self.sheet.segments(*at, self.marks))
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
