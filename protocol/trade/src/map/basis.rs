//! What a price is the price of: X12 639, EDIFACT 5284 and 6411.
//!
//! A price without its basis is a wrong price: what cannot be resolved is told together with the
//! price, and what a dialect cannot say is told as the price of one unit where that is exact, and
//! left where it is not. The codes stand in `maps/basis.txt`.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::codes::{self, Dialect};
use crate::{Line, units};

/// How many of what a price is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Basis {
    pub(super) per: Decimal,
    /// Nothing for the unit of the line.
    pub(super) unit: Option<String>,
}

impl Basis {
    pub(super) fn of_one() -> Self {
        Self { per: Decimal::ONE, unit: None }
    }

    /// In the one form that says the same.
    fn tidy(self, line: &str) -> Self {
        let unit = self.unit.filter(|unit| unit != line);
        Self { per: self.per.normalize(), unit }
    }
}

/// What a code of X12 639 says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Coded {
    pub(super) basis: Basis,
    /// Whether the code says what kind of price it is too, which is told.
    pub(super) is_of_a_kind: bool,
}

struct Row {
    code: &'static str,
    per: Decimal,
    of: &'static str,
    kind: &'static str,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = include_str!("../../maps/basis.txt").lines();
    let row = |line: &'static str| {
        let mut cells = line.split_whitespace();
        let (code, per) = (cells.next()?, cells.next()?.parse().ok()?);
        Some(Row { code, per, of: cells.next()?, kind: cells.next()? })
    };
    lines.filter(|line| !line.starts_with('#')).filter_map(row).collect()
});

/// What a code says on a line of a unit; none where it cannot be known.
///
/// Source: X12.3, data element 639.
pub(super) fn of_code(code: &str, line: &str) -> Option<Coded> {
    let row = ROWS.iter().find(|row| row.code == code)?;
    let unit = match row.of {
        "line" => None,
        "some" => can_be_counted(line).then_some(None)?,
        "EA" if units::is_piece(line) => None,
        unit => Some(unit.to_owned()),
    };
    let basis = Basis { per: row.per, unit }.tidy(line);
    Some(Coded { basis, is_of_a_kind: row.kind != "-" })
}

/// The unit of UN/ECE recommendation 20 or 21 for a code of X12 (element 355), as documents name it;
/// one that the maps do not know keeps its code, such as `x12:HC`.
pub fn x12_unit(code: &str) -> String {
    match code {
        "" => String::new(),
        code => codes::list("unit").word(Dialect::X12, code),
    }
}

/// The price of one unit of a line of X12, from element 639 and the code of the line's unit
/// (element 355), to 28 digits; none where the basis cannot be resolved, or where its units do not
/// convert exactly into those of the line.
pub fn x12_unit_price(
    price: Decimal,
    basis: Option<&str>,
    unit: &str,
) -> Option<Decimal> {
    let unit = x12_unit(unit);
    let basis = match basis {
        None | Some("") => Basis::of_one(),
        Some(code) => of_code(code, &unit)?.basis,
    };
    let line = Line {
        unit,
        price: Some(price),
        price_per: Some(basis.per),
        price_unit: basis.unit,
        ..Line::default()
    };
    line.unit_price()
}

/// The code of X12 639 for a basis, and what that reads back as; none where there is no such code.
/// Where no unit is known, no code is needed.
pub(super) fn code(basis: &Basis, line: &str) -> Option<(&'static str, Basis)> {
    let basis = basis.clone().tidy(line);
    if basis == Basis::of_one() {
        let code = if line.is_empty() {
            ""
        } else if units::is_piece(line) {
            "PE"
        } else {
            "UM"
        };
        return Some((code, basis));
    }
    let says = |row: &&Row, basis: &Basis| {
        row.kind == "-"
            && of_code(row.code, line).is_some_and(|coded| coded.basis == *basis)
    };
    // Pieces of all names are alike to X12.
    let piece = basis.unit.as_deref().is_some_and(units::is_piece);
    let alike = || Basis {
        per: basis.per,
        unit: (!units::is_piece(line)).then(|| "EA".to_owned()),
    };
    let found = ROWS.iter().find(|row| says(row, &basis)).map(|row| (row, basis.clone()));
    let found = found.or_else(|| {
        let alike = piece.then(alike)?;
        if alike == Basis::of_one() {
            return Some((ROWS.iter().find(|row| row.code == "PE")?, alike));
        }
        ROWS.iter().find(|row| says(row, &alike)).map(|row| (row, alike))
    });
    found.map(|(row, basis)| (row.code, basis))
}

/// The price of one unit of the line, where that is exact.
pub(super) fn of_one_unit(price: Decimal, basis: &Basis, line: &str) -> Option<Decimal> {
    let (own, of) = match &basis.unit {
        None => (Decimal::ONE, Decimal::ONE),
        Some(unit) => units::factors(line, unit)?,
    };
    let (worth, count) = (price.checked_mul(own)?, basis.per.checked_mul(of)?);
    let one = worth.checked_div(count)?.normalize();
    (one.checked_mul(count)? == worth).then_some(one)
}

/// Every code that is known.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.code)
}

fn can_be_counted(unit: &str) -> bool {
    unit.is_empty() || units::is_piece(unit) || units::is_measure(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(per: i64, unit: &str) -> Basis {
        let unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
        Basis { per: Decimal::from(per), unit }
    }

    fn read(code: &str, line: &str) -> Option<Basis> {
        of_code(code, line).map(|coded| coded.basis)
    }

    #[test]
    fn each_is_a_piece_and_no_case() {
        assert_eq!(read("PE", "EA"), Some(basis(1, "")));
        assert_eq!(read("PE", "PCE"), Some(basis(1, "")));
        assert_eq!(read("PE", "CS"), Some(basis(1, "EA")));
        assert_eq!(read("PE", ""), Some(basis(1, "EA")));
        assert_eq!(read("UM", "CS"), Some(basis(1, "")));
        assert_eq!(read("PE", "KGM"), Some(basis(1, "EA")));
    }

    #[test]
    fn a_hundred_of_what_is_known_of_pieces_and_measures_only() {
        assert_eq!(read("HP", "EA"), Some(basis(100, "")));
        assert_eq!(read("TP", "FOT"), Some(basis(1000, "")));
        assert_eq!(read("HF", "FOT"), Some(basis(100, "")));
        assert_eq!(read("HF", "MTR"), Some(basis(100, "FOT")));
        assert_eq!(read("HP", "CS"), None);
        assert_eq!(read("TP", "DZN"), None);
        assert_eq!(read("HP", "x12:HC"), None);
        assert_eq!(read("RE", "EA"), None);
        assert_eq!(read("??", "EA"), None);
    }

    #[test]
    fn what_is_written_reads_back() {
        let lines = ["", "EA", "PCE", "CS", "DZN", "KGM", "FOT", "MTR", "x12:HC"];
        let units = ["", "EA", "C62", "DZN", "KGM", "FOT", "FTK", "MTR", "LTR", "TNE"];
        let mut written = 0;
        for line in lines {
            for unit in units {
                for per in [1, 10, 12, 100, 1000, 10_000] {
                    let Some((code, back)) = code(&basis(per, unit), line) else {
                        continue;
                    };
                    written += 1;
                    let read = match code {
                        "" => Some(Basis::of_one()),
                        code => read(code, line),
                    };
                    assert_eq!(read, Some(back), "{per} {unit} on {line}: {code}");
                }
            }
        }
        assert!(written > 100, "{written}");
    }

    #[test]
    fn a_price_becomes_that_of_one_unit_only_where_that_is_exact() {
        let of_one = |price: &str, per, unit, line| {
            let price = price.parse().unwrap();
            of_one_unit(price, &basis(per, unit), line).map(|price| price.to_string())
        };
        assert_eq!(of_one("6", 12, "", "CS"), Some("0.5".into()));
        assert_eq!(of_one("5", 12, "", "CS"), None);
        assert_eq!(of_one("5", 12, "EA", "DZN"), Some("5".into()));
        assert_eq!(of_one("3", 1, "EA", "CS"), None);
        assert_eq!(of_one("4", 1, "TNE", "KGM"), Some("0.004".into()));
        assert_eq!(of_one("4", 1, "LBR", "KGM"), None);
        assert_eq!(of_one("4", 0, "", "KGM"), None);
    }

    #[test]
    fn every_code_is_one_of_the_standard() {
        assert!(ROWS.len() > 30);
        for row in ROWS.iter() {
            let known = ["line", "some"].contains(&row.of)
                || units::is_piece(row.of)
                || units::factors(row.of, row.of).is_some();
            assert!(known && row.code.len() == 2, "{}", row.code);
        }
    }
}
