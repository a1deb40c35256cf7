//! Where two documents of a trade disagree: an order and its answer, change, dispatch advice or
//! invoice, or a quote and the order made of it.
//!
//! Numbers are compared exactly, across units that convert exactly (12 each are 1 dozen). Lines are
//! paired by their numbers, then by what buyer and seller call the product.

mod effect;
mod pairs;
mod tell;

use rust_decimal::Decimal;
use segments::Language;
use serde::Serialize;

use crate::document::decimals;
use crate::said::Say;
use crate::{Document, Kind, Line};

/// Where two documents disagree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Comparison {
    /// What was compared with: the earlier document.
    pub first: Kind,
    /// What was compared: the later one.
    pub second: Kind,
    /// The currency of the earlier one, or that of the later one where it names none.
    pub currency: Option<String>,
    /// The disagreements: those of the whole, then those of the lines in the order of the first.
    pub differences: Vec<Difference>,
}

/// A disagreement.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Difference {
    /// About what.
    pub what: What,
    /// The number of the line; none where it is about the whole.
    pub line: Option<String>,
    /// The place of the line among those of the first document, from 0.
    pub first_line: Option<usize>,
    /// The place of the line among those of the second document, from 0.
    pub second_line: Option<usize>,
    /// What the first document says.
    pub expected: Option<Said>,
    /// What the second one says.
    pub found: Option<Said>,
}

/// What a disagreement is about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The whole is refused.
    Refused,
    /// The currency.
    Currency,
    /// The total, beside what the lines, charges and taxes account for.
    Total,
    /// Allowances and charges, of the whole or of a line.
    Charges,
    /// A line of the first is not in the second, or is taken out by it.
    LineMissing,
    /// A line of the second is not in the first.
    LineExtra,
    /// The line is refused.
    LineRefused,
    /// Another product.
    Product,
    /// A quantity in units that convert.
    Quantity,
    /// A unit that does not convert.
    Unit,
    /// The price of a unit.
    Price,
    /// The day of delivery.
    Date,
}

/// What a document says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Said {
    /// A quantity.
    Quantity {
        /// How many.
        quantity: Decimal,
        /// UN/ECE recommendation 20.
        unit: String,
    },
    /// A price.
    Price {
        /// The price, in the currency of the comparison.
        price: Decimal,
        /// Of how many units.
        per: Decimal,
        /// Of which units.
        unit: String,
    },
    /// An amount of money.
    Money {
        /// The amount.
        amount: Decimal,
    },
    /// A date, as in [`Document`].
    Date {
        /// The date.
        date: String,
    },
    /// Something in words.
    Text {
        /// The words.
        text: String,
    },
}

impl Comparison {
    /// Whether they agree.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// The disagreements in words, one sentence each.
    pub fn tell(&self, language: Language) -> Vec<String> {
        let teller = tell::Teller {
            say: Say(language),
            comparison: self,
            coins: decimals(self.currency.as_deref().unwrap_or_default()),
        };
        self.differences.iter().map(|difference| teller.tell(difference)).collect()
    }
}

/// Compares a document with the one that came before it.
///
/// An order change of which the purpose is not `original` or `replacement` names only the lines
/// that it changes; other documents that lack a line disagree about it. The dates of invoices are
/// not compared.
pub fn compare(first: &Document, second: &Document) -> Comparison {
    let mut found = Vec::new();
    if let (Some(own), Some(other)) = (&first.currency, &second.currency)
        && own != other
    {
        let (expected, found_is) = (text(own), text(other));
        found.push(of_whole(What::Currency, Some(expected), Some(found_is)));
    }
    let all = (first.sum().lines, &first.charges[..]);
    let charges = effect::charges(all, (second.sum().lines, &second.charges), second);
    found.extend(charges.map(|(what, one, other)| of_whole(what, one, other)));
    found.extend(totals(first, second));
    let answers = matches!(second.kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
    if answers && second.lines.is_empty() {
        // An answer without lines speaks of the whole.
        if second.answer.as_deref() == Some("rejected") {
            found.push(of_whole(What::Refused, None, None));
        }
    } else {
        lines(first, second, &mut found);
    }
    Comparison {
        first: first.kind,
        second: second.kind,
        currency: first.currency.clone().or_else(|| second.currency.clone()),
        differences: found,
    }
}

fn text(own: &str) -> Said {
    Said::Text { text: own.to_owned() }
}

fn of_whole(what: What, expected: Option<Said>, found: Option<Said>) -> Difference {
    Difference { what, line: None, first_line: None, second_line: None, expected, found }
}

/// A total disagrees where it is off by more than the lines, charges and taxes account for.
fn totals(first: &Document, second: &Document) -> Option<Difference> {
    let total = second.amount("total")?;
    let off = |total: Decimal, of: &Document| total.checked_sub(of.sum().total);
    let (own, allowed) = match first.amount("total") {
        Some(own) => (own, off(own, first)?),
        None if !second.sum().is_whole => return None,
        None => (second.sum().total, Decimal::ZERO),
    };
    let money = |amount| Some(Said::Money { amount });
    (off(total, second)? != allowed)
        .then(|| of_whole(What::Total, money(own), money(total)))
}

fn lines(first: &Document, second: &Document, found: &mut Vec<Difference>) {
    let pairs = pairs::pairs(first, second);
    let part_of = second.kind == Kind::OrderChange
        && !matches!(second.purpose.as_str(), "original" | "replacement");
    let mut about: Vec<Vec<(usize, &Line)>> = vec![Vec::new(); first.lines.len()];
    for (one, other) in &pairs {
        if let Some(own) = one.and_then(|one| about.get_mut(one)) {
            own.extend(second.lines.get(*other).map(|line| (*other, line)));
        }
    }
    for ((place, own), others) in first.lines.iter().enumerate().zip(about) {
        let at = |what, expected, found| Difference {
            what,
            line: Some(own.number.clone()),
            first_line: Some(place),
            second_line: others.first().map(|(other, _)| *other),
            expected,
            found,
        };
        let is_out =
            others.iter().any(|(_, line)| line.change.as_deref() == Some("deleted"));
        if (others.is_empty() && !part_of) || is_out {
            found.push(at(What::LineMissing, effect::product(own), None));
        } else if !others.is_empty() {
            let effects = effect::effects((first, own), (second, &others));
            found.extend(
                effects.into_iter().map(|(what, one, other)| at(what, one, other)),
            );
        }
    }
    for (one, place) in pairs {
        let extra = second.lines.get(place).filter(|_| one.is_none());
        found.extend(extra.map(|line| Difference {
            what: What::LineExtra,
            line: Some(line.number.clone()),
            first_line: None,
            second_line: Some(place),
            expected: None,
            found: effect::product(line),
        }));
    }
}
