mod block;
mod sheet;

use crate::{Marks, Segment, Tag};
use block::Block;

pub(crate) use block::bits;
pub(crate) use sheet::Index;
pub(crate) use sheet::Sheet;

/// Cuts bytes into segments, one after the other, without copying them.
///
/// Sixty-four bytes are looked at in one step, which gives a bit for every byte that cuts.
/// Components and repetitions are cut only where somebody asks for them. Cuts that are known
/// already, of a sheet, are not looked for again. A segment is lent until the next is asked for.
#[derive(Debug)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    marks: Marks,
    /// Where the block begins whose cuts are pending.
    place: usize,
    /// The cuts of the block that were not yet visited.
    block: Block,
    /// Whether a mark can be taken for filling.
    odd: bool,
    /// The end of the last segment, its terminator included.
    at: usize,
    number: usize,
    /// Where the elements of the last segment begin, from its start; more room than is used.
    cuts: Vec<u32>,
    /// Cuts that are known, and the next of them.
    known: Option<(&'a Index, usize)>,
    /// The place of the first byte in the file that the bytes are a part of.
    base: usize,
}

impl<'a> Scanner<'a> {
    /// The most elements of one segment whose places are kept; later ones are counted only.
    pub const ELEMENT_LIMIT: usize = 4096;

    /// Cuts `bytes` from the byte `at` on; places are told from the start of `bytes`.
    pub fn new(bytes: &'a [u8], at: usize, marks: Marks) -> Self {
        Self::within(bytes, 0, at, marks)
    }

    /// Cuts a part of a file that begins at its byte `base`, from the byte `at` of the file on.
    /// All places are told from the start of the file.
    pub fn within(bytes: &'a [u8], base: usize, at: usize, marks: Marks) -> Self {
        let mut scanner = Self::idle(bytes, base, at, marks);
        scanner.load(scanner.at, false);
        scanner
    }

    /// A scanner that has not looked at anything.
    fn idle(bytes: &'a [u8], base: usize, at: usize, marks: Marks) -> Self {
        let at = at.saturating_sub(base);
        Self {
            bytes,
            marks,
            place: at,
            block: Block::default(),
            odd: may_be_filling(marks),
            at,
            number: 0,
            cuts: Vec::new(),
            known: None,
            base,
        }
    }

    /// The marks that it cuts by.
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Where the next segment's filling begins.
    pub fn at(&self) -> usize {
        self.at.saturating_add(self.base)
    }

    /// Begins to count the segments anew, from `number` on.
    pub fn renumber(&mut self, number: usize) {
        self.number = number;
    }

    /// Where the next segment begins, after line ends and blanks.
    pub fn peek(&self) -> usize {
        opening(self.bytes, self.at, self.marks).saturating_add(self.base)
    }

    /// The name of the next segment, as raw bytes.
    pub fn peek_tag(&self) -> &'a [u8] {
        name_at(self.bytes, self.at, self.marks)
    }

    /// Passes over the next segments as long as they are known already and of these names; tells
    /// how many they were.
    pub fn pass(&mut self, is_one: impl Fn(Tag) -> bool) -> usize {
        let Some((index, next)) = self.known else {
            return 0;
        };
        let Some((passed, end)) = index.run(next, self.bytes.len(), self.base, is_one)
        else {
            return 0;
        };
        self.known = Some((index, next.wrapping_add(passed)));
        self.number = self.number.wrapping_add(passed);
        self.at = end.wrapping_add(1);
        passed
    }

    /// Lends the next segment; none when only filling is left.
    pub fn next_segment(&mut self) -> Option<Segment<'a, '_>> {
        if let Some((index, next)) = self.known {
            if let Some(known) = index.segment(next, self.bytes.len(), self.base) {
                self.known = Some((index, next.wrapping_add(1)));
                self.number = self.number.wrapping_add(1);
                let trivia = self.at;
                self.at = known.end.wrapping_add(1);
                return Some(Segment {
                    bytes: self.bytes,
                    marks: self.marks,
                    trivia,
                    start: known.start,
                    end: known.end,
                    ended: true,
                    number: self.number,
                    elements: known.elements,
                    cuts: known.cuts,
                    tag: known.tag,
                    base: self.base,
                });
            }
            // What follows was not cut yet.
            self.known = None;
            self.load(self.at, false);
        }
        self.cut()
    }

    fn cut(&mut self) -> Option<Segment<'a, '_>> {
        let trivia = self.at;
        let start = opening(self.bytes, trivia, self.marks);
        if start >= self.bytes.len() {
            return None;
        }
        if self.odd && start > trivia {
            self.load(start, false);
        }
        self.number = self.number.wrapping_add(1);
        let mut elements = 0_usize;
        loop {
            let Block { elements: all, segments: ends, .. } = self.block;
            // All bits below the first terminator, or simply all.
            let before = ends.wrapping_sub(1) & !ends;
            let mut cuts = all & before;
            self.block.elements = all & !before;
            let shift = self.place.wrapping_sub(start);
            while cuts != 0 {
                let cut = shift.wrapping_add(cuts.trailing_zeros() as usize);
                cuts &= cuts.wrapping_sub(1);
                self.keep(elements, u32::try_from(cut).unwrap_or(u32::MAX));
                elements = elements.wrapping_add(1);
            }
            if ends != 0 {
                self.block.segments = ends & ends.wrapping_sub(1);
                let end = self.place.wrapping_add(ends.trailing_zeros() as usize);
                self.at = end.wrapping_add(1);
                return Some(self.lend(trivia, start, end, elements, true));
            }
            let next = self.place.wrapping_add(block::SIZE);
            if next >= self.bytes.len() {
                self.at = self.bytes.len();
                return Some(self.lend(trivia, start, self.at, elements, false));
            }
            self.load(next, self.block.releases);
        }
    }

    /// Keeps where an element begins, if there is room.
    #[inline]
    fn keep(&mut self, element: usize, cut: u32) {
        if let Some(slot) = self.cuts.get_mut(element) {
            *slot = cut;
        } else if element < Self::ELEMENT_LIMIT {
            self.grow(element, cut);
        }
    }

    #[cold]
    fn grow(&mut self, element: usize, cut: u32) {
        let room = element.saturating_mul(2).clamp(32, Self::ELEMENT_LIMIT);
        self.cuts.resize(room, 0);
        if let Some(slot) = self.cuts.get_mut(element) {
            *slot = cut;
        }
    }

    #[inline]
    fn lend(
        &self,
        trivia: usize,
        start: usize,
        end: usize,
        elements: usize,
        ended: bool,
    ) -> Segment<'a, '_> {
        let cuts = self.cuts.get(..elements).unwrap_or(&self.cuts);
        let name = cuts.first().map_or(end, |cut| start.wrapping_add(*cut as usize));
        Segment {
            bytes: self.bytes,
            marks: self.marks,
            trivia,
            start,
            end,
            ended,
            number: self.number,
            elements,
            cuts,
            tag: Tag::read(self.bytes.get(start..name).unwrap_or_default()),
            base: self.base,
        }
    }

    fn load(&mut self, at: usize, plain: bool) {
        self.place = at;
        self.block = Block::of(self.bytes, at, self.marks, plain);
    }
}

/// Whether a mark stands for something that is skipped before a segment.
fn may_be_filling(marks: Marks) -> bool {
    let skipped = |mark: u8| {
        matches!(mark, b' ' | b'\t' | b'\r' | b'\n')
            || marks.segment >= 0xc2 && matches!(mark, 0x80..=0xbf)
    };
    let all = [Some(marks.element), Some(marks.segment), marks.release];
    all.into_iter().flatten().any(skipped)
}

/// Where a segment begins that may have filling before it.
///
/// A terminator outside ASCII takes two bytes in UTF-8: the first ends the segment, the second is
/// filling.
fn opening(bytes: &[u8], at: usize, marks: Marks) -> usize {
    let mut start = at;
    while let Some(byte) = bytes.get(start) {
        let is_blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if !is_blank && (byte.is_ascii() || !is_rest_of_mark(bytes, start, marks)) {
            break;
        }
        start = start.wrapping_add(1);
    }
    start
}

#[cold]
fn is_rest_of_mark(bytes: &[u8], at: usize, marks: Marks) -> bool {
    marks.segment >= 0xc2
        && matches!(bytes.get(at), Some(0x80..=0xbf))
        && at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&marks.segment)
}

/// The name of the segment after the byte `at`, as raw bytes.
pub(crate) fn name_at(bytes: &[u8], at: usize, marks: Marks) -> &[u8] {
    let rest = bytes.get(opening(bytes, at, marks)..).unwrap_or_default();
    let window = rest.get(..rest.len().min(8)).unwrap_or_default();
    let ends = |byte: &u8| *byte == marks.element || *byte == marks.segment;
    let end = window.iter().position(ends).unwrap_or(window.len());
    window.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
