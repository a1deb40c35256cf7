//! Inputs that nobody thought of: samples, cut, mixed, doubled and bitten, the same each time.
//!
//! A test takes this file in by its path, names what it starts from and what must hold of each
//! case, and runs [`run`]. How many cases there are is told by `ENTENTE_MUTATIONS`.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Draws numbers that look drawn (xorshift).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The numbers of a case.
    pub(crate) fn of(case: u64) -> Self {
        let mut draw =
            Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d | 1);
        draw.below(2);
        draw
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit.max(1)
    }

    /// A place in bytes, and one after it, near.
    fn span(&mut self, length: usize, most: usize) -> (usize, usize) {
        let from = self.below(length);
        (from, (from + self.below(most)).min(length))
    }
}

/// What cases came to.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) cases: u64,
    /// Names of what was seen, such as rejects and rules, each with how many cases it was seen in.
    pub(crate) seen: BTreeMap<String, u64>,
    /// Cases that made the code panic, or for which something did not hold.
    pub(crate) failed: Vec<(u64, String)>,
}

impl Count {
    /// Notes that something was seen.
    pub(crate) fn saw(&mut self, what: impl Into<String>) {
        *self.seen.entry(what.into()).or_default() += 1;
    }
}

/// How many cases there are: `ENTENTE_MUTATIONS`, or a fixed few.
pub(crate) fn cases(few: u64) -> u64 {
    let told = std::env::var("ENTENTE_MUTATIONS").ok();
    told.and_then(|told| told.parse().ok()).unwrap_or(few)
}

/// The bytes of a case: some of the samples one after the other, bitten.
pub(crate) fn input(samples: &[Vec<u8>], words: &[&[u8]], case: u64) -> Vec<u8> {
    let mut draw = Draw::of(case);
    let mut bytes = Vec::new();
    for _ in 0..=draw.below(10) / 8 {
        bytes.extend_from_slice(&samples[draw.below(samples.len())]);
    }
    // Half of the cases are bitten once or twice: most of what they hold still makes sense.
    let most = if draw.below(2) == 0 { 3 } else { 9 };
    for _ in 0..draw.below(most) {
        bite(&mut bytes, samples, words, &mut draw);
    }
    bytes
}

fn bite(bytes: &mut Vec<u8>, samples: &[Vec<u8>], words: &[&[u8]], draw: &mut Draw) {
    if bytes.is_empty() {
        bytes.push(0);
    }
    let (from, to) = draw.span(bytes.len(), 64);
    match draw.below(9) {
        0 => bytes[from] = u8::try_from(draw.below(256)).unwrap_or(0),
        1 => bytes[from] ^= 1 << draw.below(8),
        2 => drop(bytes.drain(from..to)),
        3 => {
            let twice = bytes[from..to].to_vec();
            bytes.splice(from..from, twice);
        }
        4 => {
            let word = words[draw.below(words.len())];
            bytes.splice(from..from, word.iter().copied());
        }
        5 => {
            let word = words[draw.below(words.len())];
            bytes.splice(from..to, word.iter().copied());
        }
        6 => {
            let other = &samples[draw.below(samples.len())];
            let (begin, end) = draw.span(other.len(), 400);
            bytes.splice(from..from, other[begin..end].iter().copied());
        }
        7 => {
            let many = vec![bytes[from]; draw.below(3000)];
            bytes.splice(from..from, many);
        }
        _ => bytes.truncate(from.max(1)),
    }
}

/// Runs cases; a case fails by panicking. Fails with all that failed, and prints what was seen.
pub(crate) fn run(
    name: &str,
    cases: u64,
    mut input: impl FnMut(u64) -> Vec<u8>,
    mut judge: impl FnMut(&[u8], &mut Count),
) {
    let mut count = Count { cases, ..Count::default() };
    for case in 0..cases {
        let bytes = input(case);
        let held = catch_unwind(AssertUnwindSafe(|| judge(&bytes, &mut count)));
        if let Err(why) = held {
            let text = why.downcast_ref::<String>().cloned();
            let text =
                text.or_else(|| why.downcast_ref::<&str>().map(|it| (*it).to_owned()));
            count.failed.push((case, text.unwrap_or_default()));
        }
    }
    println!("{name}: {} cases, {} failed", count.cases, count.failed.len());
    for (what, often) in &count.seen {
        println!("  {often:>8} {what}");
    }
    assert!(
        count.failed.is_empty(),
        "{name}: {:#?}",
        count.failed.iter().take(5).collect::<Vec<_>>()
    );
}
