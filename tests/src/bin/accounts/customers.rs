//! Customers whose names have words as names have: some common, many rare. Always the same.

use std::fmt::Write as _;

use serde_json::{Value, json};

const SYLLABLES: [&str; 16] = [
    "ba", "lor", "mi", "ken", "dra", "vos", "tel", "fin", "gau", "ris", "no", "pel",
    "sta", "wen", "zor", "hal",
];
/// What companies call themselves besides.
const KINDS: [&str; 6] = ["Pumps", "Systems", "Foods", "Logistics", "Partners", "Works"];
/// How many words there are for the first part of a name.
const WORDS: usize = 4096;

/// So many of them.
pub(crate) struct Customers {
    rows: usize,
}

/// A word of three syllables.
fn word(number: usize) -> String {
    let syllable = |at: u32| SYLLABLES[number / 16_usize.pow(at) % 16];
    format!("{}{}{}", syllable(0), syllable(1), syllable(2))
}

/// Numbers that look like chance, and are the same in every run.
fn scattered(number: usize) -> usize {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 40).unwrap_or_default()
}

fn words(row: usize) -> (String, String) {
    let chance = scattered(row);
    (word(chance % WORDS), word(chance / WORDS % WORDS))
}

impl Customers {
    pub(crate) const fn new(rows: usize) -> Self {
        Self { rows }
    }

    /// The file of all of them, as it is sent to be imported.
    pub(crate) fn form(&self) -> Value {
        let mut csv = "Name,Domain,Country\n".to_owned();
        for row in 0..self.rows {
            let ((first, second), kind) = (words(row), KINDS[row % KINDS.len()]);
            let _infallible = writeln!(csv, "{first} {second} {kind},k{row}.example,FR");
        }
        let mapping = json!({ "name": "Name", "domain": "Domain", "country": "Country" });
        json!({ "filename": "customers.csv", "csv": csv, "mapping": mapping, "dry_run": false })
    }

    /// A search for one or two words of some customer.
    pub(crate) fn search(&self, number: usize, count: usize) -> String {
        let (first, second) = words(scattered(number) % self.rows);
        let sought = if count > 1 { format!("{first}+{second}") } else { first };
        format!("/api/v1/accounts?limit=50&q={sought}")
    }

    /// A search for the first two letters of some customer: thousands begin so.
    pub(crate) fn beginning(&self, number: usize) -> String {
        let (first, _) = words(scattered(number) % self.rows);
        let letters: String = first.chars().take(2).collect();
        format!("/api/v1/accounts?limit=50&q={letters}")
    }
}
