use rust_decimal::Decimal;

use super::{Comparison, Difference, Said, What};
use crate::Kind;
use crate::said::{Say, capital};

/// Tells disagreements in words.
pub(super) struct Teller<'a> {
    pub(super) say: Say,
    pub(super) comparison: &'a Comparison,
    pub(super) coins: u32,
}

impl Teller<'_> {
    pub(super) fn tell(&self, difference: &Difference) -> String {
        let (first, second) =
            (self.kind(self.comparison.first), self.kind(self.comparison.second));
        let expected = self.said(difference.expected.as_ref());
        let found = self.said(difference.found.as_ref());
        let what = match difference.what {
            What::Refused | What::LineMissing | What::LineExtra | What::LineRefused => {
                String::new()
            }
            What::Currency => self.say.word("what", "currency"),
            What::Total => self.say.word("what", "total"),
            What::Charges => self.say.word("what", "charges"),
            What::Product => self.say.word("what", "product"),
            What::Quantity => self.say.word("what", "quantity"),
            What::Unit => self.say.word("what", "unit"),
            What::Price => self.say.word("what", "price"),
            What::Date => self.say.word("what", "date"),
        };
        let key = match difference.what {
            What::Charges if difference.line.is_none() => "compare.whole",
            What::Refused => "compare.refused",
            What::Currency | What::Total => "compare.whole",
            What::LineMissing => "compare.line_missing",
            What::LineExtra => "compare.line_extra",
            What::LineRefused => "compare.line_refused",
            What::Product
            | What::Quantity
            | What::Unit
            | What::Price
            | What::Charges
            | What::Date => "compare.line",
        };
        let line = difference.line.as_deref().unwrap_or_default();
        let values = [
            ("line", line),
            ("what", &what),
            ("first", &first),
            ("second", &second),
            ("expected", &expected),
            ("found", &found),
        ];
        capital(&self.say.say(key, &values))
    }

    fn kind(&self, kind: Kind) -> String {
        let kind = serde_json::to_value(kind).unwrap_or_default();
        self.say.word("kind", kind.as_str().unwrap_or_default()).to_lowercase()
    }

    fn said(&self, said: Option<&Said>) -> String {
        let money = |amount: Decimal| {
            let number = self.say.number(amount, self.coins);
            match &self.comparison.currency {
                Some(currency) => format!("{number} {currency}"),
                None => number,
            }
        };
        match said {
            None => self.say.say("compare.nothing", &[]),
            Some(Said::Quantity { quantity, unit }) => self.say.quantity(*quantity, unit),
            Some(Said::Price { price, per, unit }) => {
                let (price, count) = (money(*price), self.say.number(*per, 0));
                let unit = self.say.unit(*per, unit);
                let values =
                    [("price", price.as_str()), ("count", &count), ("unit", &unit)];
                if *per == Decimal::ONE {
                    return price;
                }
                self.say.say("say.per", &values)
            }
            Some(Said::Money { amount }) => money(*amount),
            Some(Said::Date { date }) => self.say.date(date),
            Some(Said::Text { text }) => text.clone(),
        }
    }
}
