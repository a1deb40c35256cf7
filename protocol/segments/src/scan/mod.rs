mod block;
mod sheet;

use crate::{Marks, Segment, Tag};
use block::Block;

pub(crate) use sheet::Index;
pub use sheet::Sheet;

/// Cuts bytes into segments, one after the other, without copying them.
///
/// Sixty-four bytes are looked at in one step, which gives a bit for every byte that cuts.
/// Components and repetitions are cut only where somebody asks for them. Cuts that are known
/// already, of a [`Sheet`], are not looked for again. A segment is lent until the next is asked for.
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
mod tests {
    use super::*;

    const X12: Marks = Marks {
        element: b'*',
        component: b'>',
        repetition: None,
        release: None,
        decimal: b'.',
        segment: b'~',
    };
    const EDIFACT: Marks = Marks {
        element: b'+',
        component: b':',
        repetition: None,
        release: Some(b'?'),
        decimal: b'.',
        segment: b'\'',
    };

    fn cut(bytes: &[u8], marks: Marks) -> Vec<Vec<String>> {
        let mut scanner = Scanner::new(bytes, 0, marks);
        let mut all = Vec::new();
        while let Some(segment) = scanner.next_segment() {
            let mut one = vec![String::from_utf8_lossy(segment.name()).into_owned()];
            for place in 1..=segment.len() {
                let raw = segment.element(place).unwrap_or_default();
                one.push(String::from_utf8_lossy(raw).into_owned());
            }
            all.push(one);
        }
        all
    }

    #[test]
    fn segments_are_cut_wherever_the_marks_fall_in_a_word() {
        let long = "x".repeat(21);
        let text = format!("ST*850*0001~\r\n  BEG*{long}**~SE*1*0001");

        assert_eq!(
            cut(text.as_bytes(), X12),
            [
                vec!["ST", "850", "0001"],
                vec!["BEG", long.as_str(), "", ""],
                vec!["SE", "1", "0001"],
            ]
        );
    }

    /// Cuts byte by byte, as the standard tells it: name, elements, filling, whether it ended.
    fn plainly(bytes: &[u8], marks: Marks) -> Vec<(Vec<Vec<u8>>, Vec<u8>, bool)> {
        let (mut all, mut at) = (Vec::new(), 0);
        loop {
            let start = opening(bytes, at, marks);
            if start >= bytes.len() {
                return all;
            }
            let filling = bytes[at..start].to_vec();
            let (mut parts, mut ended, mut plain) = (vec![Vec::new()], false, false);
            at = bytes.len();
            for (place, byte) in bytes.iter().enumerate().skip(start) {
                let released = std::mem::take(&mut plain);
                if !released && *byte == marks.element {
                    parts.push(Vec::new());
                    continue;
                }
                if !released && *byte == marks.segment {
                    (at, ended) = (place.wrapping_add(1), true);
                    break;
                }
                plain = !released && Some(*byte) == marks.release;
                parts.last_mut().unwrap().push(*byte);
            }
            all.push((parts, filling, ended));
        }
    }

    proptest::proptest! {
        #[test]
        fn properties_of_blocks_are_those_of_bytes(
            letters in proptest::collection::vec(0..12_usize, 0..400), odd in 0..4_u8,
        ) {
            let marks = match odd {
                0 => X12,
                1 => EDIFACT,
                2 => Marks { segment: b'\n', release: Some(b'\t'), ..EDIFACT },
                _ => Marks { segment: 0xc2, element: 0x85, ..EDIFACT },
            };
            let release = marks.release.unwrap_or(b'R');
            let choice = [
                marks.element, marks.segment, release, release, b'a', b'b', b'c', b' ', b'\n', 0,
                0x85, b'Z',
            ];
            let bytes: Vec<u8> = letters.iter().map(|letter| choice[*letter]).collect();
            let mut scanner = Scanner::new(&bytes, 0, marks);
            let mut index = Index::default();
            let mut all = Vec::new();
            while let Some(segment) = scanner.next_segment() {
                let mut parts = vec![segment.name().to_vec()];
                let elements = (1..=segment.len()).map(|place| segment.element(place));
                parts.extend(elements.map(|raw| raw.unwrap().to_vec()));
                all.push((parts, segment.filling().to_vec(), segment.ended()));
                index.push(&segment);
            }
            proptest::prop_assert_eq!(&all, &plainly(&bytes, marks));

            // What is known of the cuts comes to the same, from any segment on.
            let mut live = Scanner::new(&bytes, 0, marks);
            while let Some(first) = live.next_segment() {
                let (from, number) = (first.start(), first.number());
                let mut again = Scanner::within(&bytes, 0, from, marks);
                let mut known = Sheet::new(&bytes, 0).with(&index).segments(from, marks);
                known.renumber(number);
                again.renumber(number);
                loop {
                    let (one, other) = (known.next_segment(), again.next_segment());
                    proptest::prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
                    if one.is_none() {
                        break;
                    }
                }
            }
        }
    }

    #[test]
    fn a_release_character_makes_the_next_byte_plain() {
        assert_eq!(
            cut(b"FTX+AAI+a?'b?+c??'UNS+S'", EDIFACT),
            [vec!["FTX", "AAI", "a?'b?+c??"], vec!["UNS", "S"]]
        );
    }

    #[test]
    fn a_part_of_a_file_tells_places_of_the_file() {
        let file = b"BEG*00~\r\nPO1*1*24~CTT*1~";
        let mut scanner = Scanner::within(&file[4..], 4, 7, X12);

        let po1 = scanner.next_segment().unwrap();
        assert_eq!((po1.start(), po1.at(2), po1.end(), po1.after()), (9, 15, 17, 18));
        assert_eq!((po1.text(2).as_ref(), po1.filling()), ("24", b"\r\n".as_slice()));
        assert_eq!((scanner.at(), scanner.peek()), (18, 18));
    }

    #[test]
    fn a_segment_that_the_bytes_break_off_is_lent_and_says_so() {
        let mut scanner = Scanner::new(b"DTM*002*2026", 0, X12);
        assert!(!scanner.next_segment().is_some_and(|segment| segment.ended()));
        assert!(scanner.next_segment().is_none());
    }
}
