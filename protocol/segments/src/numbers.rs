use std::collections::{BTreeMap, HashSet};

/// Control numbers that were used, kept small: numbers that follow each other are one entry.
///
/// An interchange of a million sets that count up takes no more than one of ten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    /// The first and the last of each run, by how many digits they are written with.
    runs: BTreeMap<(usize, u64), u64>,
    /// What is no number.
    others: HashSet<Box<str>>,
}

impl Numbers {
    /// How many runs and other names are kept; later ones are not known again.
    pub(crate) const LIMIT: usize = 1_000_000;

    /// Takes one in; tells whether it is new.
    pub(crate) fn insert(&mut self, control: &str) -> bool {
        let width = control.len();
        let is_number = width < 19 && control.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = control.parse::<u64>().ok().filter(|_| is_number) else {
            return self.others.len() >= Self::LIMIT
                || self.others.insert(control.into());
        };
        let before = self.runs.range(..=(width, number)).next_back();
        let before = before.filter(|((digits, _), _)| *digits == width);
        let before = before.map(|((_, first), last)| (*first, *last));
        if before.is_some_and(|(_, last)| number <= last) {
            return false;
        }
        let next = number.saturating_add(1);
        let joins = before.filter(|(_, last)| last.saturating_add(1) == number);
        if joins.is_none() && self.runs.len() >= Self::LIMIT {
            return true;
        }
        let last = self.runs.remove(&(width, next)).unwrap_or(number);
        let first = joins.map_or(number, |(first, _)| first);
        self.runs.insert((width, first), last);
        true
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.runs.clear();
        self.others.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_once_and_runs_stay_one_entry() {
        let mut numbers = Numbers::default();
        for number in [5, 7, 6, 1, 2, 4, 3] {
            assert!(numbers.insert(&format!("{number:04}")), "{number}");
        }
        assert_eq!(numbers.runs.len(), 1);
        for number in 1..=7 {
            assert!(!numbers.insert(&format!("{number:04}")), "{number}");
        }
        assert!(numbers.insert("00005"), "another width is another number");
        assert!(numbers.insert("A1") && !numbers.insert("A1") && numbers.insert("8"));
    }
}
