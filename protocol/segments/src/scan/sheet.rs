//! Bytes that are held, and the cuts that are known of them.

use super::Scanner;
use crate::{Marks, Segment, Tag};

/// A part of a file that is held, or all of it, with what is known of its segments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sheet<'a> {
    bytes: &'a [u8],
    /// The place of the first byte in the file.
    base: usize,
    index: Option<&'a Index>,
}

impl<'a> Sheet<'a> {
    /// A part of a file that begins at its byte `base`.
    pub(crate) fn new(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, base, index: None }
    }

    /// The same, with cuts that are known.
    pub(crate) fn with(self, index: &'a Index) -> Self {
        Self { index: Some(index), ..self }
    }

    /// The same up to the byte `end` of the file.
    #[must_use]
    pub(crate) fn until(self, end: usize) -> Self {
        let length = end.saturating_sub(self.base);
        Self { bytes: self.bytes.get(..length).unwrap_or(self.bytes), ..self }
    }

    /// The bytes from one place of the file to another.
    pub(crate) fn bytes(&self, from: usize, to: usize) -> &'a [u8] {
        let (from, to) = (from.saturating_sub(self.base), to.saturating_sub(self.base));
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The place of the first byte.
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// Its segments, from the place `at` of the file on. What was cut already is not cut again.
    pub(crate) fn segments(&self, at: usize, marks: Marks) -> Scanner<'a> {
        let known = self.index.and_then(|index| Some((index, index.find(at, marks)?)));
        if known.is_none() {
            return Scanner::within(self.bytes, self.base, at, marks);
        }
        Scanner { known, ..Scanner::idle(self.bytes, self.base, at, marks) }
    }
}

/// Segments that were cut, in order, without a gap between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    marks: Option<Marks>,
    entries: Vec<Entry>,
    /// Where elements begin, from the start of their segment.
    cuts: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where its filling, it itself and its terminator begin, from the start of the file.
    trivia: usize,
    start: usize,
    end: usize,
    /// Where its cuts begin, and how many elements it has.
    first: u32,
    elements: u32,
    tag: Tag,
}

/// A segment that is known; places are among the bytes held.
pub(super) struct Known<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) elements: usize,
    pub(super) cuts: &'a [u32],
    pub(super) tag: Tag,
}

impl Index {
    /// How many segments and elements are remembered; others are cut again.
    const ENTRIES: usize = 1 << 17;
    const CUTS: usize = 1 << 20;

    /// Remembers a segment, if it follows the one before and there is room.
    pub(crate) fn push(&mut self, segment: &Segment<'_, '_>) {
        let kept = segment.cuts.len();
        let room = self.entries.len() < Self::ENTRIES
            && self.cuts.len().saturating_add(kept) <= Self::CUTS;
        let trivia = segment.trivia.saturating_add(segment.base);
        let follows =
            self.entries.last().is_none_or(|last| last.end.wrapping_add(1) == trivia);
        let (Ok(first), Ok(elements)) =
            (u32::try_from(self.cuts.len()), u32::try_from(segment.elements))
        else {
            return;
        };
        if !room || !follows || !segment.ended {
            return;
        }
        self.marks = Some(segment.marks);
        self.cuts.extend_from_slice(segment.cuts);
        self.entries.push(Entry {
            trivia,
            start: segment.start(),
            end: segment.end(),
            first,
            elements,
            tag: segment.tag,
        });
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.cuts.clear();
    }

    /// Forgets what begins before the place `from`; tells whether a segment, or its filling,
    /// begins there.
    pub(crate) fn forget(&mut self, from: usize) -> bool {
        let gone = self.entries.partition_point(|entry| entry.start < from);
        let Some(first) = self.entries.get_mut(gone).filter(|it| it.trivia <= from)
        else {
            self.clear();
            return false;
        };
        first.trivia = from;
        let cuts = first.first;
        self.entries.drain(..gone);
        self.cuts.drain(..(cuts as usize).min(self.cuts.len()));
        for entry in &mut self.entries {
            entry.first = entry.first.saturating_sub(cuts);
        }
        true
    }

    /// The segment that begins at this place of the file, filling aside.
    fn find(&self, at: usize, marks: Marks) -> Option<usize> {
        let place = self.entries.partition_point(|entry| entry.start < at);
        let entry = self.entries.get(place)?;
        (entry.trivia <= at && self.marks == Some(marks)).then_some(place)
    }

    /// How many segments from this place on have such names and end within `length` bytes from
    /// the place `base` on, and the end of the last of them.
    pub(super) fn run(
        &self,
        place: usize,
        length: usize,
        base: usize,
        is_one: impl Fn(Tag) -> bool,
    ) -> Option<(usize, usize)> {
        let limit = base.saturating_add(length);
        let rest = self.entries.get(place..).unwrap_or_default();
        let ends = |entry: &Entry| !is_one(entry.tag) || entry.end >= limit;
        let passed = rest.iter().position(ends).unwrap_or(rest.len());
        let last = rest.get(passed.checked_sub(1)?)?;
        Some((passed, last.end.wrapping_sub(base)))
    }

    /// A segment that ends within `length` bytes from the place `base` on.
    #[inline]
    pub(super) fn segment(
        &self,
        place: usize,
        length: usize,
        base: usize,
    ) -> Option<Known<'_>> {
        let entry = self.entries.get(place)?;
        let (start, end) = (entry.start.checked_sub(base)?, entry.end.wrapping_sub(base));
        if end >= length {
            return None;
        }
        let (first, elements) = (entry.first as usize, entry.elements as usize);
        let last = first.saturating_add(elements.min(Scanner::ELEMENT_LIMIT));
        let cuts = self.cuts.get(first..last).unwrap_or_default();
        Some(Known { start, end, elements, cuts, tag: entry.tag })
    }
}
