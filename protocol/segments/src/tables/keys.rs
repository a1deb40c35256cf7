//! Up to eight bytes as one number, and sets of such numbers.

/// A one in each byte.
pub(crate) const LOW: u64 = 0x0101_0101_0101_0101;

/// The eight bytes from `at` on, the first lowest; zeros where there are fewer.
#[inline]
pub(crate) fn word_at(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest
            .iter()
            .rev()
            .fold(0, |word, byte| word.wrapping_shl(8) | u64::from(*byte)),
    }
}

/// The first bytes of a word, up to eight, and zeros for the others.
#[inline]
pub(crate) fn low_bytes(word: u64, length: usize) -> u64 {
    let unused = 8_usize.saturating_sub(length).wrapping_mul(8);
    let kept = u32::try_from(unused).ok().and_then(|unused| u64::MAX.checked_shr(unused));
    word & kept.unwrap_or_default()
}

/// Codes of up to eight bytes, found again in a step or two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    /// The codes where their hash puts them, or behind; 0 for none. At least half are 0.
    table: Box<[u64]>,
}

impl Keys {
    /// Those of the codes that have eight bytes or fewer.
    pub(crate) fn of<'c>(codes: impl ExactSizeIterator<Item = &'c [u8]>) -> Self {
        let room = codes.len().saturating_mul(2).next_power_of_two();
        let mut keys = Self { table: vec![0; room].into_boxed_slice() };
        for code in codes.filter(|code| code.len() <= 8 && !code.is_empty()) {
            let word = word_at(code, 0);
            let free = keys.probe(word).find(|place| {
                keys.table.get(*place).is_some_and(|own| *own == 0 || *own == word)
            });
            if let Some(slot) = free.and_then(|place| keys.table.get_mut(place)) {
                *slot = word;
            }
        }
        keys
    }

    /// Whether a code is among them.
    #[inline]
    pub(crate) fn has(&self, word: u64) -> bool {
        if word == 0 {
            return false;
        }
        for place in self.probe(word) {
            match self.table.get(place) {
                Some(own) if *own == word => return true,
                Some(0) | None => return false,
                Some(_) => {}
            }
        }
        false
    }

    /// The places where a code can stand, in the order in which they are tried.
    #[inline]
    fn probe(&self, word: u64) -> impl Iterator<Item = usize> + use<> {
        let last = self.table.len().wrapping_sub(1);
        let hash = word.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_shr(32);
        let hash = usize::try_from(hash).unwrap_or_default();
        (0..self.table.len()).map(move |step| hash.wrapping_add(step) & last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_whole_and_nothing_else_is() {
        let codes: Vec<String> = (0..500).map(|code| format!("C{code}")).collect();
        let keys = Keys::of(codes.iter().map(String::as_bytes));
        assert!(codes.iter().all(|code| keys.has(word_at(code.as_bytes(), 0))));
        for odd in ["", "C", "C500", "c1", "C1 ", "0", "C12345678"] {
            let word = low_bytes(word_at(odd.as_bytes(), 0), odd.len().min(8));
            assert!(!keys.has(word), "{odd}");
        }
        assert!(!Keys::default().has(0) && !Keys::default().has(1));
    }

    #[test]
    fn a_word_has_the_bytes_that_are_there() {
        assert_eq!(word_at(b"abcdefghij", 1), u64::from_le_bytes(*b"bcdefghi"));
        assert_eq!(word_at(b"abc", 1), 0x6362);
        assert_eq!(low_bytes(word_at(b"abcdefgh", 0), 2), 0x6261);
        assert_eq!(low_bytes(u64::MAX, 8), u64::MAX);
        assert_eq!(low_bytes(u64::MAX, 0), 0);
    }
}
