use std::borrow::Cow;

use crate::{Marks, Tag, text};

/// One segment, lent by the [`Scanner`](crate::Scanner); it holds no bytes of its own.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a, 's> {
    pub(crate) bytes: &'a [u8],
    pub(crate) marks: Marks,
    pub(crate) trivia: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) ended: bool,
    pub(crate) number: usize,
    pub(crate) elements: usize,
    /// Where its elements begin, from its start; of no more than can be kept.
    pub(crate) cuts: &'s [u32],
    pub(crate) tag: Tag,
    /// The place of the first of `bytes` in the file.
    pub(crate) base: usize,
}

impl<'a> Segment<'a, '_> {
    /// Its name, raw.
    pub fn name(&self) -> &'a [u8] {
        let end = self.cuts.first().map_or(self.end, |cut| self.cut(*cut));
        self.bytes.get(self.start..end).unwrap_or_default()
    }

    /// Its name.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// The name of the segment that follows it, or [`Tag::NONE`] after the last.
    pub fn following(&self) -> Tag {
        Tag::read(crate::scan::name_at(self.bytes, self.close(), self.marks))
    }

    /// How many elements follow the name.
    pub fn len(&self) -> usize {
        self.elements
    }

    /// Whether the name stands alone.
    pub fn is_empty(&self) -> bool {
        self.elements == 0
    }

    /// The first byte of the name.
    pub fn start(&self) -> usize {
        self.start.saturating_add(self.base)
    }

    /// The byte after the last element: the terminator, if it has one.
    pub fn end(&self) -> usize {
        self.end.saturating_add(self.base)
    }

    /// The byte after the terminator.
    pub fn after(&self) -> usize {
        self.close().saturating_add(self.base)
    }

    /// Whether a terminator ended it.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Its number among the segments of the scan, from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The marks that cut it.
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// What stands before the name and is no part of it: line ends, blanks.
    pub fn filling(&self) -> &'a [u8] {
        self.bytes.get(self.trivia..self.start).unwrap_or_default()
    }

    /// All of it, from the name to the terminator.
    pub fn raw(&self) -> &'a [u8] {
        self.bytes.get(self.start..self.close()).unwrap_or_default()
    }

    /// All of it with the filling before it: put together, segments are the file.
    pub fn whole(&self) -> &'a [u8] {
        self.bytes.get(self.trivia..self.close()).unwrap_or_default()
    }

    /// The bytes of the element at this place, from 1; none after the last.
    pub fn element(&self, place: usize) -> Option<&'a [u8]> {
        let (from, to) = self.span(place)?;
        self.bytes.get(from..to)
    }

    /// The bytes of its elements in order, of as many as places are kept of.
    pub fn elements(&self) -> impl Iterator<Item = &'a [u8]> + use<'a, '_> {
        let bytes = self.bytes;
        self.spans().map_while(move |(from, to)| bytes.get(from..to))
    }

    /// Where its elements begin and end among its bytes, of as many as places are kept of.
    #[inline]
    pub(crate) fn spans(&self) -> impl Iterator<Item = (usize, usize)> + use<'a, '_> {
        let (mut rest, start) = (self.cuts, self.start);
        // The last that is kept ends where the next begins that is not.
        let last = if rest.len() < self.elements { 0 } else { self.end };
        std::iter::from_fn(move || {
            let (from, others) = rest.split_first()?;
            rest = others;
            let from = start.wrapping_add(*from as usize).wrapping_add(1);
            let to = match others.first() {
                Some(to) => start.wrapping_add(*to as usize),
                None => last.max(from),
            };
            Some((from, to))
        })
    }

    /// Where the element at this place begins, or where it would, were it there.
    pub fn at(&self, place: usize) -> usize {
        self.span(place).map_or(self.end, |(from, _)| from).saturating_add(self.base)
    }

    /// The element at this place as text, without line ends and release characters; empty when
    /// it is not there.
    pub fn text(&self, place: usize) -> Cow<'a, str> {
        text(self.element(place).unwrap_or_default(), &self.marks)
    }

    /// The component `part` (from 1) of the element at this place, as text.
    pub fn part(&self, place: usize, part: usize) -> Cow<'a, str> {
        let raw = self.element(place).unwrap_or_default();
        let mut parts = Parts::new(raw, self.marks.component, self.marks.release);
        let found = parts.nth(part.saturating_sub(1)).map_or(&[][..], |(_, bytes)| bytes);
        text(found, &self.marks)
    }

    /// The byte after the terminator, among its bytes.
    fn close(&self) -> usize {
        if self.ended { self.end.saturating_add(1) } else { self.end }
    }

    fn span(&self, place: usize) -> Option<(usize, usize)> {
        let cut = self.cut(*self.cuts.get(place.checked_sub(1)?)?);
        let end = match self.cuts.get(place) {
            Some(next) => self.cut(*next),
            None if self.cuts.len() < self.elements => {
                self.end.min(cut.saturating_add(1))
            }
            None => self.end,
        };
        Some((cut.saturating_add(1), end))
    }

    /// A cut as a place among its bytes.
    fn cut(&self, cut: u32) -> usize {
        self.start.saturating_add(cut as usize)
    }
}

/// The pieces of an element, by component or repetition mark, with their offsets in it.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    bytes: &'a [u8],
    mark: u8,
    release: Option<u8>,
    at: Option<usize>,
}

impl<'a> Parts<'a> {
    /// Cuts `bytes` at every `mark` that no release character makes plain.
    pub fn new(bytes: &'a [u8], mark: u8, release: Option<u8>) -> Self {
        Self { bytes, mark, release, at: Some(0) }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.at?;
        let rest = self.bytes.get(from..)?;
        // Without a release character the mark stands for it, and is found first.
        let release = self.release.unwrap_or(self.mark);
        let stops = |byte: &u8| *byte == self.mark || *byte == release;
        let mut next = 0_usize;
        while let Some(left) = rest.get(next..)
            && let Some(found) = left.iter().position(stops)
        {
            if left.get(found) == Some(&self.mark) {
                let length = next.wrapping_add(found);
                self.at = Some(from.wrapping_add(length).wrapping_add(1));
                return Some((from, rest.get(..length)?));
            }
            next = next.wrapping_add(found).wrapping_add(2);
        }
        self.at = None;
        Some((from, rest))
    }
}
