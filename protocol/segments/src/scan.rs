use crate::{Marks, Segment};

/// Cuts bytes into segments, one after the other, without copying them.
///
/// Eight bytes are looked at in one step: a word is compared with each mark that matters, which
/// gives a bit for every byte that cuts. Components and repetitions are cut only where somebody
/// asks for them. A segment is lent until the next is asked for.
#[derive(Debug)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    marks: Marks,
    needles: [u64; 3],
    /// Where the word begins whose hits are pending.
    word: usize,
    /// The high bit of each byte of the word that cuts and was not yet visited.
    pending: u64,
    /// The end of the last segment, its terminator included.
    at: usize,
    /// A byte that a release character has made plain.
    plain: usize,
    number: usize,
    cuts: Vec<usize>,
    element_limit: usize,
    /// The place of the first byte in the file that the bytes are a part of.
    base: usize,
}

const LOW: u64 = 0x0101_0101_0101_0101;
const SEVEN: u64 = 0x7f7f_7f7f_7f7f_7f7f;

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
        let at = at.saturating_sub(base);
        let spread = |mark: u8| u64::from(mark).wrapping_mul(LOW);
        let mut scanner = Self {
            bytes,
            marks,
            needles: [
                spread(marks.element),
                spread(marks.segment),
                spread(marks.release.unwrap_or(marks.segment)),
            ],
            word: at,
            pending: 0,
            at,
            plain: usize::MAX,
            number: 0,
            cuts: Vec::with_capacity(32),
            element_limit: Self::ELEMENT_LIMIT,
            base,
        };
        scanner.load(at);
        scanner
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
        let start = opening(self.bytes, self.at, self.marks);
        let trivia = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        self.cuts.clear();
        let mut elements = 0_usize;
        self.number = self.number.wrapping_add(1);
        loop {
            let Some(hit) = self.next_hit() else {
                self.at = self.bytes.len();
                return Some(self.lend(trivia, start, self.bytes.len(), elements, false));
            };
            if hit < start || hit == self.plain {
                continue;
            }
            let byte = self.bytes.get(hit).copied().unwrap_or_default();
            if byte == self.marks.element {
                elements = elements.wrapping_add(1);
                if elements <= self.element_limit {
                    self.cuts.push(hit);
                }
            } else if byte == self.marks.segment {
                self.at = hit.wrapping_add(1);
                return Some(self.lend(trivia, start, hit, elements, true));
            } else {
                self.plain = hit.wrapping_add(1);
            }
        }
    }

    fn lend(
        &self,
        trivia: usize,
        start: usize,
        end: usize,
        elements: usize,
        ended: bool,
    ) -> Segment<'a, '_> {
        Segment {
            bytes: self.bytes,
            marks: self.marks,
            trivia,
            start,
            end,
            ended,
            number: self.number,
            elements,
            cuts: &self.cuts,
            base: self.base,
        }
    }

    fn next_hit(&mut self) -> Option<usize> {
        while self.pending == 0 {
            let next = self.word.wrapping_add(8);
            if next >= self.bytes.len() {
                self.word = self.bytes.len();
                return None;
            }
            self.load(next);
        }
        let place = self.pending.trailing_zeros().wrapping_shr(3);
        self.pending &= self.pending.wrapping_sub(1);
        Some(self.word.wrapping_add(place as usize))
    }

    fn load(&mut self, at: usize) {
        self.word = at;
        let rest = self.bytes.get(at..).unwrap_or_default();
        if let Some(eight) = rest.first_chunk::<8>() {
            self.pending = hits(u64::from_le_bytes(*eight), &self.needles);
            return;
        }
        let mut tail = [0_u8; 8];
        for (slot, byte) in tail.iter_mut().zip(rest) {
            *slot = *byte;
        }
        let within = LOW.wrapping_shl(0) << 7;
        let unused = u32::try_from(rest.len()).unwrap_or(0).saturating_mul(8);
        let kept = if unused == 0 {
            0
        } else {
            within & (u64::MAX >> 64_u32.saturating_sub(unused))
        };
        self.pending = hits(u64::from_le_bytes(tail), &self.needles) & kept;
    }
}

/// Where a segment begins that may have filling before it.
///
/// A terminator outside ASCII takes two bytes in UTF-8: the first ends the segment, the second is
/// filling.
fn opening(bytes: &[u8], at: usize, marks: Marks) -> usize {
    let mut start = at;
    while let Some(byte) = bytes.get(start) {
        let rest_of_mark = marks.segment >= 0xc2
            && matches!(byte, 0x80..=0xbf)
            && start.checked_sub(1).and_then(|before| bytes.get(before))
                == Some(&marks.segment);
        if !rest_of_mark && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            break;
        }
        start = start.wrapping_add(1);
    }
    start
}

/// The name of the segment after the byte `at`, as raw bytes.
pub(crate) fn name_at(bytes: &[u8], at: usize, marks: Marks) -> &[u8] {
    let rest = bytes.get(opening(bytes, at, marks)..).unwrap_or_default();
    let window = rest.get(..rest.len().min(8)).unwrap_or_default();
    let ends = |byte: &u8| *byte == marks.element || *byte == marks.segment;
    let end = window.iter().position(ends).unwrap_or(window.len());
    window.get(..end).unwrap_or_default()
}

/// The high bit of every byte of `word` that equals a needle; exact, not only the lowest.
#[inline]
fn hits(word: u64, needles: &[u64; 3]) -> u64 {
    let [first, second, third] = *needles;
    let same = |needle: u64| {
        let differs = word ^ needle;
        !((differs & SEVEN).wrapping_add(SEVEN) | differs | SEVEN)
    };
    same(first) | same(second) | same(third)
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
