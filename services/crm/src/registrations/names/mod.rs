//! How near two customers' names are. Pure, in whole percents.
//!
//! Accents and capitals are folded, legal forms and small words are left out. What is left is
//! compared word by word: each word is paired with at most one of the other name, so that the
//! pairs together are as near as can be. `names/tests.rs` holds it against a naive oracle.

/// From what nearness on two names are the same customer's, when both cities are told and are
/// alike.
const SAME_CITY: u32 = 75;
/// The same where a city is not told.
const ANY_CITY: u32 = 85;
/// Words that are less alike than this are not alike at all.
const WORD: u32 = 65;
/// More words of a name than this are not compared.
const MOST_WORDS: usize = 8;
/// More letters of a word than this are not compared.
const MOST_LETTERS: usize = 32;

const FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "bvba",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "doo",
    "eg",
    "ek",
    "ev",
    "eurl",
    "gbr",
    "gesmbh",
    "gmbh",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "limited",
    "llc",
    "llp",
    "ltd",
    "mbh",
    "nv",
    "ohg",
    "oy",
    "oyj",
    "plc",
    "pty",
    "sa",
    "sab",
    "sarl",
    "sas",
    "sasu",
    "sc",
    "sca",
    "scop",
    "se",
    "sl",
    "slu",
    "snc",
    "spa",
    "spol",
    "sprl",
    "srl",
    "sro",
    "ug",
    "zoo",
];
const SMALL: &[&str] = &[
    "and", "de", "der", "des", "die", "du", "et", "el", "la", "le", "les", "of", "the",
    "und", "y",
];

/// Why two customers are taken for one by their names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Near {
    /// How near the names are, in percent.
    pub percent: u32,
    /// Whether both cities are told, and are alike.
    pub same_city: bool,
}

/// A name and a city, folded once to be compared often.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Spelled {
    words: Vec<Vec<char>>,
    city: String,
}

impl Spelled {
    /// From a name, and a city where it is known.
    pub(super) fn new(name: &str, city: Option<&str>) -> Self {
        let telling = telling(name);
        let letters = |word: &String| word.chars().take(MOST_LETTERS).collect();
        Self {
            words: telling.iter().take(MOST_WORDS).map(letters).collect(),
            city: city.map(crate::fold).unwrap_or_default(),
        }
    }

    /// Whether the two may be one customer, and how near they are.
    pub(super) fn near(&self, other: &Self) -> Option<Near> {
        let told = !self.city.is_empty() && !other.city.is_empty();
        let same_city = told && {
            let (one, two) = (letters(&self.city), letters(&other.city));
            alike(&one, &two) >= ANY_CITY
        };
        if told && !same_city {
            return None;
        }
        let percent = nearness(&self.words, &other.words);
        let least = if same_city { SAME_CITY } else { ANY_CITY };
        (percent >= least).then_some(Near { percent, same_city })
    }
}

fn letters(word: &str) -> Vec<char> {
    word.chars().take(MOST_LETTERS).collect()
}

/// The words that tell a name apart: folded, letters of abbreviations put together, legal forms
/// and small words left out. A name that has nothing else keeps them.
pub(super) fn telling(name: &str) -> Vec<String> {
    let folded = crate::fold(name);
    let mut all: Vec<String> = Vec::new();
    let mut spelt = false;
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let single = word.chars().count() == 1;
        match all.last_mut() {
            Some(last) if spelt && single => last.push_str(word),
            Some(_) | None => all.push(word.to_owned()),
        }
        spelt = single;
    }
    let left_out =
        |word: &String| FORMS.contains(&word.as_str()) || SMALL.contains(&word.as_str());
    let kept: Vec<String> = all.iter().filter(|word| !left_out(word)).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// How near two names are, in percent: by their words, or written together, whichever is more.
fn nearness(one: &[Vec<char>], two: &[Vec<char>]) -> u32 {
    let whole = alike(&one.concat(), &two.concat());
    paired(one, two).max(if whole >= ANY_CITY { whole } else { 0 })
}

/// The best pairing of words, each weighed by its letters, in percent of all letters.
fn paired(one: &[Vec<char>], two: &[Vec<char>]) -> u32 {
    // best[mask]: the most that the words so far can gain with these words of `two` taken.
    let mut best = vec![0_u32; 1 << two.len()];
    for word in one {
        let mut next = best.clone();
        for (mask, gained) in best.iter().enumerate() {
            for (place, other) in two.iter().enumerate() {
                let with = mask | (1 << place);
                if with != mask
                    && let Some(slot) = next.get_mut(with)
                {
                    *slot = (*slot).max(gained + gain(word, other));
                }
            }
        }
        best = next;
    }
    let letters = total(one) + total(two);
    best.into_iter().max().unwrap_or(0).checked_div(letters).unwrap_or(0)
}

fn total(words: &[Vec<char>]) -> u32 {
    words.iter().map(|word| size(word)).sum()
}

fn size(word: &[char]) -> u32 {
    u32::try_from(word.len()).unwrap_or(u32::MAX)
}

/// What a pair of words adds: their letters, by how alike they are.
fn gain(one: &[char], two: &[char]) -> u32 {
    let percent = alike(one, two);
    if percent < WORD { 0 } else { percent * (size(one) + size(two)) }
}

/// How alike two words are, in percent: one less the share of letters to be changed.
fn alike(one: &[char], two: &[char]) -> u32 {
    let longest = size(one).max(size(two));
    let kept = longest - distance(one, two).min(longest);
    (kept * 100).checked_div(longest).unwrap_or(0)
}

/// How many letters must be put in, taken out or changed (V. I. Levenshtein, 1965).
fn distance(one: &[char], two: &[char]) -> u32 {
    let mut row: Vec<u32> = (0..=size(two)).collect();
    for (before, letter) in (1..).zip(one) {
        let mut corner = before - 1;
        let mut left = before;
        for (other, cell) in two.iter().zip(row.iter_mut().skip(1)) {
            let changed = corner + u32::from(letter != other);
            corner = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = before;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
