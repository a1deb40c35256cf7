//! What an invoice comes to: exact, each amount rounded once. Pure.

use std::collections::BTreeMap;

use kernel::Currency;
use rust_decimal::{Decimal, RoundingStrategy};

use super::rules::{ChargeDirection, InvoiceCharge, InvoiceLine, InvoiceTax};
use crate::{fulfilment::Refusal, orders::decimal};

/// What an invoice comes to, in minor units.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Sums {
    pub(super) net: i64,
    pub(super) tax: i64,
    pub(super) total: i64,
}

impl Sums {
    /// Compares what an invoice comes to with what its writer says, in minor units.
    ///
    /// # Errors
    /// [`Refusal::Field`] with both.
    pub(super) fn agree_with(
        self,
        told: Option<i64>,
        currency: Currency,
    ) -> Result<(), Refusal> {
        let Some(told) = told.filter(|told| *told != self.total) else { return Ok(()) };
        let why = format!(
            "it says it comes to {}, and its lines, charges and taxes come to {}",
            major(told, currency),
            major(self.total, currency)
        );
        Err(Refusal::Field("total", why))
    }
}

/// How many lines, and how many charges, an invoice has at most.
pub(super) const LIMITS: (usize, usize) = (1_000, 20);

/// How long words in a charge, and terms, may be: SAC15 and ITD12 have 80.
const TEXT_LIMIT: usize = 80;

/// Words of one line.
pub(super) fn words(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > TEXT_LIMIT || text.contains(char::is_control) {
        let why = format!("say it in one line of at most {TEXT_LIMIT} characters");
        return Err(Refusal::Field(field, why));
    }
    Ok(text.to_owned())
}

/// A rate of a tax: 0 to 100 percent with at most four decimals.
pub(super) fn rate(told: Option<&str>) -> Result<Option<String>, String> {
    let Some(told) = told.map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let read = decimal(told).map(|it| it.normalize());
    let fits = |it: &Decimal| *it <= Decimal::ONE_HUNDRED && it.scale() <= 4;
    let read = read.filter(fits).ok_or_else(|| {
        "the rate of a tax is 0 to 100 percent, with at most four decimals".to_owned()
    })?;
    Ok(Some(read.to_string()))
}

/// Reads charges, each with its amount.
///
/// # Errors
/// [`Refusal::Field`], with the charge's place.
pub(super) fn charges(
    told: &[InvoiceCharge],
    currency: Currency,
) -> Result<Vec<InvoiceCharge>, Refusal> {
    if told.len() > LIMITS.1 {
        let why = format!("at most {} charges", LIMITS.1);
        return Err(Refusal::Field("charges", why));
    }
    let read = |(at, one): (usize, &InvoiceCharge)| {
        let refused =
            |why: String| Refusal::Field("charges", format!("charge {at}: {why}"));
        let amount = decimal(one.amount.trim()).map(|it| it.normalize());
        let fits = |it: &Decimal| !it.is_zero() && it.scale() <= currency.digits();
        let amount = amount.filter(fits).ok_or_else(|| {
            refused(format!("`{}` is no amount of {currency}", one.amount.trim()))
        })?;
        Ok(InvoiceCharge {
            direction: one.direction,
            service: one.service,
            text: words("charges", &one.text)?,
            amount: amount.to_string(),
            tax_percent: rate(one.tax_percent.as_deref()).map_err(refused)?,
        })
    };
    (1..).zip(told).map(read).collect()
}

/// An amount in minor units. None, if it has parts of these, or cannot be counted.
pub(super) fn minor(amount: Decimal, currency: Currency) -> Option<i64> {
    let scale = 10_i64.checked_pow(currency.digits())?;
    let whole = amount.checked_mul(Decimal::from(scale))?;
    (whole == whole.trunc()).then(|| i64::try_from(whole.trunc().mantissa()).ok())?
}

/// Minor units as an amount.
pub(super) fn major(minor: i64, currency: Currency) -> Decimal {
    Decimal::try_from_i128_with_scale(i128::from(minor), currency.digits())
        .unwrap_or_default()
}

/// The tax on an amount in minor units, rounded once, halves up. None, if it cannot be counted.
pub(super) fn tax(base_minor: i64, percent: Decimal) -> Option<i64> {
    let exact = Decimal::from(base_minor).checked_mul(percent)?;
    let exact = exact.checked_div(Decimal::ONE_HUNDRED)?;
    let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded.trunc().mantissa()).ok()
}

/// What an invoice comes to: its lines, with its charges less its allowances, and on what is taxed
/// at one rate the tax, rounded once to the smallest coin, halves up.
///
/// # Errors
/// [`Refusal::Field`], where allowances take more than there is, or it cannot be counted.
pub(super) fn reckon(
    lines: &[InvoiceLine],
    charges: &[InvoiceCharge],
    currency: Currency,
) -> Result<(Sums, Vec<InvoiceTax>), Refusal> {
    let refused = |why: &str| Refusal::Field("lines", why.to_owned());
    let too_much = || refused("the invoice is worth more than can be counted");
    let mut bases: BTreeMap<Decimal, i64> = BTreeMap::new();
    let mut net = 0_i64;
    let of_lines = lines.iter().map(|it| (it.net_minor, it.tax_percent.as_deref()));
    let mut parts: Vec<_> = of_lines.collect();
    for charge in charges {
        let amount = decimal(&charge.amount).and_then(|it| minor(it, currency));
        let amount = amount.ok_or_else(too_much)?;
        let signed = match charge.direction {
            ChargeDirection::Charge => amount,
            ChargeDirection::Allowance => amount.checked_neg().ok_or_else(too_much)?,
        };
        parts.push((signed, charge.tax_percent.as_deref()));
    }
    for (amount, percent) in parts {
        net = net.checked_add(amount).ok_or_else(too_much)?;
        if let Some(percent) = percent.and_then(decimal) {
            let base = bases.entry(percent).or_default();
            *base = base.checked_add(amount).ok_or_else(too_much)?;
        }
    }
    if net < 0 || bases.values().any(|it| *it < 0) {
        let why = "the allowances take more than there is, at one of the rates";
        return Err(Refusal::Field("charges", why.to_owned()));
    }
    let mut taxes = Vec::with_capacity(bases.len());
    let mut tax = 0_i64;
    for (percent, base_minor) in bases {
        let amount_minor = self::tax(base_minor, percent).ok_or_else(too_much)?;
        tax = tax.checked_add(amount_minor).ok_or_else(too_much)?;
        let percent = percent.normalize().to_string();
        taxes.push(InvoiceTax { percent, base_minor, amount_minor });
    }
    let total = net.checked_add(tax).ok_or_else(too_much)?;
    Ok((Sums { net, tax, total }, taxes))
}

#[cfg(test)]
mod tests {
    use super::{
        super::rules::ChargeService, ChargeDirection, InvoiceCharge, InvoiceLine,
        charges, minor, rate, reckon,
    };

    fn line(net_minor: i64, percent: Option<&str>) -> InvoiceLine {
        InvoiceLine {
            line: "1".to_owned(),
            quantity: "1".to_owned(),
            unit: "EA".to_owned(),
            unit_price: "1".to_owned(),
            product: String::new(),
            description: None,
            net_minor,
            tax_percent: percent.map(str::to_owned),
        }
    }

    fn charge(
        direction: ChargeDirection,
        amount: &str,
        percent: Option<&str>,
    ) -> InvoiceCharge {
        InvoiceCharge {
            direction,
            service: ChargeService::Freight,
            text: String::new(),
            amount: amount.to_owned(),
            tax_percent: percent.map(str::to_owned),
        }
    }

    #[test]
    fn a_tax_is_rounded_once_for_each_rate_halves_up() {
        let eur = "EUR".parse().unwrap();
        let lines = [line(105, Some("19")), line(105, Some("19")), line(50, Some("7"))];
        let (sums, taxes) = reckon(&lines, &[], eur).unwrap();
        // 7 % of 0.50 is 0.035; 19 % of 2.10 is 0.399.
        let told: Vec<_> =
            taxes.iter().map(|it| (&*it.percent, it.amount_minor)).collect();
        assert_eq!(told, [("7", 4), ("19", 40)]);
        assert_eq!((sums.net, sums.tax, sums.total), (260, 44, 304));
        let (sums, taxes) = reckon(&[line(100, None)], &[], eur).unwrap();
        assert_eq!((sums.total, taxes.len()), (100, 0));
        let (_, taxes) = reckon(&[line(100, Some("0"))], &[], eur).unwrap();
        assert_eq!((taxes.len(), taxes[0].amount_minor), (1, 0));
    }

    #[test]
    fn charges_and_allowances_are_taxed_with_what_they_change() {
        let eur = "EUR".parse().unwrap();
        let all = [
            charge(ChargeDirection::Charge, "4.90", Some("19")),
            charge(ChargeDirection::Allowance, "10", Some("19")),
        ];
        let (sums, taxes) = reckon(&[line(10_000, Some("19"))], &all, eur).unwrap();
        assert_eq!((sums.net, taxes[0].base_minor), (9_490, 9_490));
        assert_eq!(sums.tax, 1_803);
        let much = [charge(ChargeDirection::Allowance, "1", Some("7"))];
        let refused = reckon(&[line(10_000, Some("19"))], &much, eur).unwrap_err();
        assert!(refused.to_string().contains("at one of the rates"), "{refused}");
    }

    #[test]
    fn only_what_coins_can_pay_is_an_amount_and_only_percents_are_rates() {
        let (eur, jpy) = ("EUR".parse().unwrap(), "JPY".parse().unwrap());
        let one = |amount| [charge(ChargeDirection::Charge, amount, None)];
        assert_eq!(charges(&one("4.90"), eur).unwrap()[0].amount, "4.9");
        for (bad, currency) in [("0", eur), ("4.905", eur), ("-1", eur), ("1.5", jpy)] {
            let refused = charges(&one(bad), currency).unwrap_err().to_string();
            assert!(refused.starts_with("charge 1: `"), "{refused}");
        }
        assert_eq!(rate(Some("19.00")).unwrap().as_deref(), Some("19"));
        assert_eq!(rate(Some(" ")).unwrap(), None);
        for bad in ["-1", "101", "1.00001", "x"] {
            assert!(rate(Some(bad)).is_err(), "{bad}");
        }
        assert_eq!(minor("1.005".parse().unwrap(), eur), None);
        assert_eq!(minor("1.5".parse().unwrap(), eur), Some(150));
    }
}
