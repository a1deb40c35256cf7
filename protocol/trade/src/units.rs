//! Units that convert into each other exactly.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::codes::{self, Dialect};

/// What a unit measures, and how much of the base it is.
static FACTORS: LazyLock<HashMap<&'static str, (&'static str, Decimal)>> =
    LazyLock::new(|| {
        let lines = include_str!("../maps/convert.txt").lines();
        let mut block = "";
        let mut all = HashMap::new();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (unit, factor) = match words.as_slice() {
                [measures, unit, factor] => {
                    block = *measures;
                    (*unit, *factor)
                }
                [unit, factor] => (*unit, *factor),
                _ => continue,
            };
            if let Ok(factor) = factor.parse() {
                all.insert(unit, (block, factor));
            }
        }
        all
    });

/// How much of a base both units are; none where they do not convert.
pub(crate) fn factors(one: &str, other: &str) -> Option<(Decimal, Decimal)> {
    if one == other {
        return Some((Decimal::ONE, Decimal::ONE));
    }
    let (block, first) = FACTORS.get(one)?;
    let (same, second) = FACTORS.get(other)?;
    (block == same).then_some((*first, *second))
}

/// Whether a code is a unit of UN/ECE recommendation 20 (or 21) that the maps know.
pub fn is_unit(code: &str) -> bool {
    codes::list("unit").code(Dialect::Edifact, code).is_some()
}

/// Whether a unit is one piece, whatever it is called.
pub(crate) fn is_piece(unit: &str) -> bool {
    FACTORS
        .get(unit)
        .is_some_and(|(block, factor)| *block == "count" && *factor == Decimal::ONE)
}

/// Whether a unit is one of mass, volume, length, area or time.
pub(crate) fn is_measure(unit: &str) -> bool {
    FACTORS.get(unit).is_some_and(|(block, _)| *block != "count")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_convert_within_what_they_measure() {
        let twelve: Decimal = "12".parse().unwrap();
        assert_eq!(factors("EA", "DZN"), Some((Decimal::ONE, twelve)));
        assert_eq!(factors("XYZ", "XYZ"), Some((Decimal::ONE, Decimal::ONE)));
        assert_eq!(factors("KGM", "LTR"), None);
        assert_eq!(factors("EA", "CS"), None);
        // A dozen dozens are a gross, 16 ounces a pound, 12 inches a foot, 8 pints a gallon.
        for (count, small, large) in [
            (12, "DZN", "GRO"),
            (16, "ONZ", "LBR"),
            (12, "INH", "FOT"),
            (8, "PTL", "GLL"),
            (9, "FTK", "YDK"),
        ] {
            let (one, other) = factors(small, large).unwrap();
            assert_eq!(Decimal::from(count) * one, other, "{small} {large}");
        }
    }

    #[test]
    fn every_unit_that_converts_is_one_of_the_maps() {
        assert!(FACTORS.len() > 60);
        for unit in FACTORS.keys() {
            assert!(codes::list("unit").code(Dialect::Edifact, unit).is_some(), "{unit}");
        }
    }
}
