//! Sixty-four bytes at a time: which of them cut.

use crate::Marks;

/// How many bytes a block has.
pub(super) const SIZE: usize = 64;

const LOW: u64 = 0x0101_0101_0101_0101;

/// Byte `n` of a word holds bit `n`, so that a multiplication gathers the bits of all eight.
const BITS: [u8; SIZE] = {
    let mut bits = [0; SIZE];
    let mut rest: &mut [u8] = &mut bits;
    let mut bit = 1_u8;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = bit;
        bit = bit.rotate_left(1);
        rest = others;
    }
    bits
};

/// The bytes of a block that cut, one bit each, the first byte lowest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// Those that cut elements.
    pub(super) elements: u64,
    /// Those that end segments.
    pub(super) segments: u64,
    /// Whether the last byte makes the one after the block plain.
    pub(super) releases: bool,
}

impl Block {
    /// Looks at the bytes from `at` on, as many as there are; `plain` tells that the first is
    /// none that cuts.
    pub(super) fn of(bytes: &[u8], at: usize, marks: Marks, plain: bool) -> Self {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(whole) = rest.first_chunk::<SIZE>() {
            return Self::whole(whole, marks, plain);
        }
        let mut padded = [0_u8; SIZE];
        for (slot, byte) in padded.iter_mut().zip(rest) {
            *slot = *byte;
        }
        let block = Self::whole(&padded, marks, plain);
        let unused = SIZE.saturating_sub(rest.len());
        let within = u32::try_from(unused)
            .ok()
            .and_then(|unused| u64::MAX.checked_shr(unused))
            .unwrap_or_default();
        Self {
            elements: block.elements & within,
            segments: block.segments & within,
            releases: false,
        }
    }

    #[inline]
    fn whole(bytes: &[u8; SIZE], marks: Marks, plain: bool) -> Self {
        let elements = hits(bytes, marks.element);
        let segments = hits(bytes, marks.segment) & !elements;
        let block = Self { elements, segments, releases: false };
        match marks.release {
            None => block,
            Some(release) => {
                let releases = hits(bytes, release) & !elements & !segments;
                if releases == 0 && !plain {
                    block
                } else {
                    block.without(releases, plain)
                }
            }
        }
    }

    /// Takes away what release characters make plain, release characters among it.
    fn without(mut self, mut releases: u64, plain: bool) -> Self {
        let mut next = u64::from(plain);
        loop {
            self.elements &= !next;
            self.segments &= !next;
            releases &= !next;
            if releases == 0 {
                return self;
            }
            let release = releases & releases.wrapping_neg();
            releases &= !release;
            next = release.wrapping_shl(1);
            // The last byte of the block: what it makes plain is in the next.
            self.releases = next == 0;
        }
    }
}

/// One bit for each byte that is the needle.
#[inline]
fn hits(bytes: &[u8; SIZE], needle: u8) -> u64 {
    bits(bytes, |byte| byte == needle)
}

/// One bit for each byte, of up to 64, that is one of those; the first byte lowest.
#[inline]
pub(crate) fn bits<const N: usize>(bytes: &[u8; N], is: impl Fn(u8) -> bool) -> u64 {
    let mut found = [0_u8; N];
    for ((slot, byte), bit) in found.iter_mut().zip(bytes).zip(&BITS) {
        *slot = if is(*byte) { *bit } else { 0 };
    }
    let (words, _) = found.as_chunks::<8>();
    words.iter().rev().fold(0, |all: u64, word| {
        let bits = u64::from_le_bytes(*word).wrapping_mul(LOW).wrapping_shr(56);
        all.wrapping_shl(8) | bits
    })
}
