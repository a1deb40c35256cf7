//! What a document adds up to.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Charge, Document, Line};
use crate::units;

/// What a document adds up to, in its currency.
///
/// Each line, charge and tax is rounded to the smallest coin by itself, half away from zero, and
/// the rounded amounts are added: so the sum is that of the amounts that people see.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sum {
    /// The lines with their own allowances and charges, before tax.
    pub lines: Decimal,
    /// The charges on the whole less the allowances on the whole.
    pub charges: Decimal,
    /// The taxes of the whole; where none are given, those of the lines.
    pub taxes: Decimal,
    /// All of it.
    pub total: Decimal,
    /// Whether each line with a quantity and a price was counted: not where a price is for units
    /// that do not convert into those of the quantity.
    pub is_whole: bool,
}

/// How many decimals the coins of a currency have.
///
/// Source: ISO 4217, minor units other than two.
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
        | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl Line {
    /// Quantity times price, by the units that the price is for; none without either, and none
    /// where the units of the price do not convert exactly into those of the quantity: how many
    /// pieces a case holds is not known here.
    ///
    /// What an answer confirms does not count: that is for whoever compares.
    pub fn worth(&self, decimals: u32) -> Option<Decimal> {
        let (times, count) = self.priced_units()?;
        let price = self.price?.checked_mul(times)?;
        let whole = self.quantity?.checked_mul(price)?.checked_div(count)?;
        Some(round(whole, decimals))
    }

    /// The price of one unit of the quantity, to 28 digits; none without a price, and none where
    /// the units of the price do not convert exactly into those of the quantity.
    pub fn unit_price(&self) -> Option<Decimal> {
        let (times, count) = self.priced_units()?;
        let one = self.price?.checked_mul(times)?.checked_div(count)?;
        Some(one.normalize())
    }

    /// By what a price is multiplied and divided to be that of one unit of the quantity.
    fn priced_units(&self) -> Option<(Decimal, Decimal)> {
        let per = self.price_per.filter(|per| !per.is_zero()).unwrap_or(Decimal::ONE);
        let (times, of) = match &self.price_unit {
            None => (Decimal::ONE, Decimal::ONE),
            Some(unit) => units::factors(&self.unit, unit)?,
        };
        Some((times, per.checked_mul(of)?))
    }
}

impl Charge {
    /// The amount with its sign: what it adds. A percentage without an amount is of `base`.
    pub fn adds(&self, base: Decimal, decimals: u32) -> Decimal {
        let of_rate = self
            .rate
            .zip(self.quantity)
            .and_then(|(rate, count)| rate.checked_mul(count));
        let of_percent = self.percent.and_then(|percent| {
            base.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)
        });
        let worth = self.amount.or(of_rate).or(of_percent).unwrap_or_default();
        let worth = round(worth, decimals);
        match self.direction.as_str() {
            "allowance" => Decimal::ZERO.checked_sub(worth).unwrap_or_default(),
            "charge" => worth,
            _ => Decimal::ZERO,
        }
    }
}

impl Document {
    /// What the document adds up to.
    pub fn sum(&self) -> Sum {
        let decimals = decimals(self.currency.as_deref().unwrap_or_default());
        let add = |all: Vec<Decimal>| {
            all.into_iter()
                .fold(Decimal::ZERO, |sum, one| sum.checked_add(one).unwrap_or(sum))
        };
        let of_line = |line: &Line| {
            let worth = line.worth(decimals).unwrap_or_default();
            let own =
                line.charges.iter().map(|charge| charge.adds(worth, decimals)).collect();
            add(vec![worth, add(own)])
        };
        let lines = add(self.lines.iter().map(of_line).collect());
        let charges =
            add(self.charges.iter().map(|charge| charge.adds(lines, decimals)).collect());
        let whole = self.taxes.iter().filter_map(|tax| tax.amount);
        let of_lines = self.lines.iter().flat_map(|line| &line.taxes);
        let of_lines = of_lines.filter_map(|tax| tax.amount);
        let taxes: Vec<Decimal> =
            if self.taxes.is_empty() { of_lines.collect() } else { whole.collect() };
        let taxes = add(taxes.into_iter().map(|tax| round(tax, decimals)).collect());
        let counts = |line: &Line| {
            line.worth(decimals).is_some()
                || line.quantity.is_none()
                || line.price.is_none()
        };
        let is_whole = self.lines.iter().all(counts);
        Sum { lines, charges, taxes, total: add(vec![lines, charges, taxes]), is_whole }
    }
}

fn round(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}
