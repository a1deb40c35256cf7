//! Words of ours for the codes of both dialects, from `maps/words.txt` and `maps/units.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The two dialects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dialect {
    X12,
    Edifact,
}

impl Dialect {
    fn prefix(self) -> &'static str {
        match self {
            Self::X12 => "x12:",
            Self::Edifact => "edifact:",
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X12 => "X12",
            Self::Edifact => "EDIFACT",
        }
    }
}

/// A list of words, each with its codes; the first code is written, all are read.
#[derive(Debug, Default)]
pub(crate) struct Words {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    word: &'static str,
    x12: Codes,
    edifact: Codes,
}

/// The codes of one dialect for a word.
#[derive(Debug)]
struct Codes {
    written: Option<&'static str>,
    read: Vec<&'static str>,
}

impl Codes {
    /// Reads a cell such as `AD,AT`, `-` (none) or `>2` (written, and not read).
    fn of(cell: &'static str) -> Self {
        if let Some(code) = cell.strip_prefix('>') {
            return Self { written: Some(code), read: Vec::new() };
        }
        let read: Vec<_> = cell.split(',').filter(|code| *code != "-").collect();
        Self { written: read.first().copied(), read }
    }
}

impl Row {
    fn codes(&self, dialect: Dialect) -> &Codes {
        match dialect {
            Dialect::X12 => &self.x12,
            Dialect::Edifact => &self.edifact,
        }
    }
}

impl Words {
    /// The word for a code, or the code with the name of its dialect.
    pub(crate) fn word(&self, dialect: Dialect, code: &str) -> String {
        let found = self.rows.iter().find(|row| row.codes(dialect).read.contains(&code));
        found.map_or_else(
            || format!("{}{code}", dialect.prefix()),
            |row| row.word.to_owned(),
        )
    }

    /// The code for a word; none where the dialect has none.
    pub(crate) fn code<'a>(&self, dialect: Dialect, word: &'a str) -> Option<&'a str> {
        if let Some(code) = word.strip_prefix(dialect.prefix()) {
            return Some(code);
        }
        let row = self.rows.iter().find(|row| row.word == word)?;
        row.codes(dialect).written
    }

    /// The words, in order.
    #[cfg(test)]
    pub(crate) fn words(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|row| row.word)
    }

    /// Every code of a dialect.
    #[cfg(test)]
    pub(crate) fn all(&self, dialect: Dialect) -> impl Iterator<Item = &'static str> {
        self.rows.iter().flat_map(move |row| {
            let codes = row.codes(dialect);
            codes.written.into_iter().chain(codes.read.iter().copied())
        })
    }
}

/// The list of a name, such as `role`; an empty one where there is none.
pub(crate) fn list(name: &str) -> &'static Words {
    static NONE: Words = Words { rows: Vec::new() };
    LISTS.get(name).unwrap_or(&NONE)
}

/// The elements of X12 and EDIFACT whose codes a list has words for.
const ELEMENTS: [(&str, &str, &str); 28] = [
    ("role", "98", "3035"),
    ("scheme", "66", "3055"),
    ("reference", "128", "1153"),
    ("date", "374", "2005"),
    ("product", "235", "7143"),
    ("purpose", "353", "1225"),
    ("order_type", "92", "1001"),
    ("invoice_type", "640", "1001"),
    ("answer", "587", "4343"),
    ("status", "668", "1229"),
    ("change", "670", "1229"),
    ("price_kind", "", "5125"),
    ("channel", "365", "3155"),
    ("desk", "366", "3139"),
    ("note", "", "4451"),
    ("direction", "248", "5463"),
    ("service", "1300", "7161"),
    ("tax", "963", "5153"),
    ("tax_category", "441", "5305"),
    ("terms", "336", "4279"),
    ("terms_from", "333", "2475"),
    ("freight", "146", "4215"),
    ("mode", "91", "8067"),
    ("mark", "88", "7405"),
    ("package", "103", "7065"),
    ("amount", "522", "5025"),
    ("unit", "355", "6411"),
    ("quantity", "", "6063"),
];

/// The list and word of a code at an element; none where we have no word for it.
pub(crate) fn of_element(
    dialect: Dialect,
    element: &str,
    code: &str,
) -> Option<(&'static str, String)> {
    let mut lists = ELEMENTS.iter().filter(|(_, x12, edifact)| match dialect {
        Dialect::X12 => *x12 == element,
        Dialect::Edifact => *edifact == element,
    });
    lists.find_map(|(name, ..)| {
        let word = list(name).word(dialect, code);
        (!word.starts_with(dialect.prefix())).then_some((*name, word))
    })
}

static LISTS: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let texts = [include_str!("../maps/words.txt"), include_str!("../maps/units.txt")];
    let mut lists: HashMap<&'static str, Words> = HashMap::new();
    let mut open = "";
    for line in texts.into_iter().flat_map(str::lines) {
        let mut cells = line.split_whitespace();
        match (cells.next(), cells.next(), cells.next()) {
            (Some("list"), Some(name), _) => open = name,
            (Some(word), Some(x12), Some(edifact)) if !word.starts_with('#') => {
                let row = Row { word, x12: Codes::of(x12), edifact: Codes::of(edifact) };
                lists.entry(open).or_default().rows.push(row);
            }
            _ => {}
        }
    }
    lists
});

/// The names of the lists.
#[cfg(test)]
pub(crate) fn names() -> Vec<&'static str> {
    LISTS.keys().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_itself() {
        for name in names() {
            for word in list(name).words() {
                for dialect in [Dialect::X12, Dialect::Edifact] {
                    let code = list(name).code(dialect, word);
                    let only_written = list(name).rows.iter().any(|row| {
                        row.word == word && row.codes(dialect).read.is_empty()
                    });
                    if let (Some(code), false) = (code, only_written) {
                        assert_eq!(list(name).word(dialect, code), word, "{name} {code}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_code_without_a_word_keeps_the_name_of_its_dialect() {
        let references = list("reference");
        let word = references.word(Dialect::X12, "ZZ");
        assert_eq!(word, "x12:ZZ");
        assert_eq!(references.code(Dialect::X12, &word), Some("ZZ"));
        assert_eq!(references.code(Dialect::Edifact, &word), None);
    }
}
