//! What each side may see, by plain maps alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// The masks that are given.
pub(super) const MASKS: [&[&str]; 3] = [&["name"], &["city"], &["city", "name"]];

/// A row: its key, and which row with that key it is.
pub(super) type Row = (u8, u32);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wish {
    Asked,
    Shown(usize),
}

/// What each side has, shows and asked for; 0 is the first company.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) books: BTreeMap<u8, u32>,
    /// The rows of each population as they are compared.
    pub(super) keys: [BTreeSet<Row>; 2],
    /// The rows of each side that the other had too, when they were compared.
    pub(super) matched: [BTreeSet<Row>; 2],
    pub(super) level: [usize; 2],
    pub(super) mask: [usize; 2],
    /// What each side asked of the other.
    pub(super) wish: [Option<Wish>; 2],
    pub(super) counted: Option<i64>,
    pub(super) changed: bool,
    /// Whether a day has passed since it was compared.
    pub(super) aged: bool,
    pub(super) suspended: bool,
    pub(super) born: u32,
}

impl Model {
    pub(super) fn both_on(&self) -> bool {
        !self.suspended && self.level.iter().all(|level| *level > 0)
    }

    pub(super) fn compare(&mut self) {
        let books = self.books.iter().map(|(key, row)| (*key, *row));
        self.keys[0] = books.collect();
        for side in [0, 1] {
            let has = |key: u8| self.keys[1 - side].iter().any(|row| row.0 == key);
            let same = self.keys[side].iter().filter(|row| has(row.0));
            self.matched[side] = same.copied().collect();
        }
        let sides = self.matched.iter().map(BTreeSet::len);
        let now = i64::try_from(sides.min().unwrap()).unwrap();
        // Written down once more, and not called: told in steps of five.
        let stays = self.counted.is_some_and(|told| (told - now).abs() < 5);
        self.counted = if stays { self.counted } else { Some(now) };
        (self.changed, self.aged) = (false, false);
    }

    /// The fields that a side sees of the other's rows.
    pub(super) fn mask_of(&self, reader: usize) -> Option<&'static [&'static str]> {
        let giver = 1 - reader;
        if !self.both_on() || self.counted.is_none() {
            return None;
        }
        match (self.level[0].min(self.level[1]), self.wish[reader]) {
            (3, _) => Some(MASKS[2]),
            (2, _) => Some(MASKS[self.mask[giver]]),
            (_, Some(Wish::Shown(mask))) => Some(MASKS[mask]),
            _ => None,
        }
    }

    /// The words of the other side's books that a side sees.
    pub(super) fn words(&self, reader: usize) -> BTreeSet<String> {
        let giver = 1 - reader;
        let Some(mask) = self.mask_of(reader) else { return BTreeSet::new() };
        let mut words = BTreeSet::new();
        for row in self.matched[reader].intersection(&self.keys[reader]) {
            if self.keys[giver].iter().any(|its| its.0 == row.0) {
                words.extend(mask.iter().map(|field| word(giver, field, row.0)));
            }
        }
        words
    }

    pub(super) fn common(&self) -> Option<Value> {
        self.both_on().then(|| match self.counted {
            None => json!({ "is": "waiting" }),
            Some(few) if few < 5 => json!({ "is": "few" }),
            Some(it) => json!({ "is": "about", "number": it + it % 2 }),
        })
    }
}

/// The word that stands in a field of the row with a key in the books of a side.
pub(super) fn word(side: usize, field: &str, key: u8) -> String {
    let field = field.chars().next().unwrap();
    format!("zq{field}{side}k{key:02}")
}
