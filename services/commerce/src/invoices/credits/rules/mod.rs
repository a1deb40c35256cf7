//! What is left of an invoice to be credited, and what a credit note comes to. Pure.

use std::collections::BTreeMap;

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    rules::{
        ChargeDirection, ChargeService, Content, InvoiceCharge, InvoiceLine, InvoiceTax,
    },
    sums::{self, Sums},
};
use crate::{fulfilment::Refusal, orders::decimal};

/// What is credited of a line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
pub struct CreditLine {
    /// The line, as the invoice names it.
    pub line: String,
    /// How much of it, in decimals, at the price of the invoice; more than nothing.
    pub quantity: String,
}

/// An amount that is credited without a quantity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
pub struct CreditAmount {
    /// How much, in decimals of the currency, before tax.
    pub amount: String,
    /// The rate at which the invoice taxed it, in percent; the only one of the invoice, unless told.
    pub tax_percent: Option<String>,
    /// What for, in at most 80 characters; the reason, unless told.
    #[serde(default)]
    pub text: String,
}

/// A credit note, as its seller writes it.
#[derive(Clone, Debug)]
pub struct NewCredit {
    /// The revision of the invoice that the seller read.
    pub revision: i64,
    /// The seller's number for it; else the next one of the year.
    pub number: Option<String>,
    /// Its day.
    pub issued_on: Day,
    /// Why, in one line of at most 264 characters.
    pub reason: String,
    /// What is credited of lines; each at most once.
    pub lines: Vec<CreditLine>,
    /// Amounts without a quantity.
    pub amounts: Vec<CreditAmount>,
    /// What its own paper says it comes to, in minor units: it must.
    pub comes_to: Option<i64>,
}

/// How much of a line may still be credited.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct LineLeft {
    /// The line, as the invoice names it.
    pub line: String,
    /// How much of it, in decimals.
    pub quantity: String,
}

/// How much of what is taxed at one rate may still be credited.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct RateLeft {
    /// The rate, in percent; none of what is not taxed.
    pub percent: Option<String>,
    /// How much before tax, in minor units.
    pub net_minor: i64,
    /// How much tax, in minor units.
    pub tax_minor: i64,
}

/// What may still be credited of an invoice.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct CreditLeft {
    /// Of its lines.
    pub lines: Vec<LineLeft>,
    /// Of its rates, lowest first.
    pub rates: Vec<RateLeft>,
}

/// A rate of a tax, or none.
type Rate = Option<Decimal>;

/// What may still be credited: quantities by line; amounts before tax, and taxes, by rate.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::invoices) struct Left {
    quantities: BTreeMap<String, Decimal>,
    rates: BTreeMap<Rate, (i64, i64)>,
}

impl Left {
    /// What is left of an invoice after these credit notes. None, if it cannot be counted.
    pub(in crate::invoices) fn of(
        invoice: &Content,
        credits: &[Content],
        currency: Currency,
    ) -> Option<Self> {
        let mut left = Self::default();
        left.add(invoice, (1, Decimal::ONE), currency)?;
        for credit in credits {
            left.add(credit, (-1, Decimal::NEGATIVE_ONE), currency)?;
        }
        Some(left)
    }

    fn add(
        &mut self,
        content: &Content,
        (sign, whole): (i64, Decimal),
        currency: Currency,
    ) -> Option<()> {
        for line in &content.lines {
            let own = self.quantities.entry(line.line.clone()).or_default();
            let more = line.quantity.parse::<Decimal>().ok()?.checked_mul(whole)?;
            *own = own.checked_add(more)?;
            self.count(line.tax_percent.as_deref(), (sign, line.net_minor, 0))?;
        }
        for charge in &content.charges {
            let amount = minor(charge, currency)?;
            self.count(charge.tax_percent.as_deref(), (sign, amount, 0))?;
        }
        for tax in &content.taxes {
            self.count(Some(&tax.percent), (sign, 0, tax.amount_minor))?;
        }
        Some(())
    }

    fn count(
        &mut self,
        percent: Option<&str>,
        (sign, net, tax): (i64, i64, i64),
    ) -> Option<()> {
        let own = self.rates.entry(percent.and_then(decimal)).or_default();
        own.0 = own.0.checked_add(net.checked_mul(sign)?)?;
        own.1 = own.1.checked_add(tax.checked_mul(sign)?)?;
        Some(())
    }

    /// Whether nothing is left.
    pub(in crate::invoices) fn is_nothing(&self) -> bool {
        self.rates.values().all(|(net, tax)| *net <= 0 && *tax <= 0)
    }

    pub(in crate::invoices) fn view(&self) -> CreditLeft {
        let line = |(line, quantity): (&String, &Decimal)| LineLeft {
            line: line.clone(),
            quantity: quantity.max(&Decimal::ZERO).normalize().to_string(),
        };
        let rate = |(percent, left): (&Rate, &(i64, i64))| RateLeft {
            percent: percent.map(|it| it.normalize().to_string()),
            net_minor: left.0.max(0),
            tax_minor: left.1.max(0),
        };
        CreditLeft {
            lines: self.quantities.iter().map(line).collect(),
            rates: self.rates.iter().map(rate).collect(),
        }
    }
}

/// A charge in minor units, below nothing where it takes.
fn minor(charge: &InvoiceCharge, currency: Currency) -> Option<i64> {
    let amount = sums::minor(decimal(&charge.amount)?, currency)?;
    match charge.direction {
        ChargeDirection::Charge => Some(amount),
        ChargeDirection::Allowance => amount.checked_neg(),
    }
}

/// What a credit note says, and what it comes to. `net` tells what a quantity of a line of the
/// invoice is worth.
///
/// # Errors
/// [`Refusal::Field`] for what the invoice does not have, or has no more of.
pub(super) fn reckon(
    new: &NewCredit,
    invoice: &Content,
    left: &Left,
    (currency, net): (Currency, impl Fn(&InvoiceLine, Decimal) -> Option<i64>),
) -> Result<(Content, Sums), Refusal> {
    if new.lines.is_empty() && new.amounts.is_empty() {
        let why = "credit a part of a line, or an amount".to_owned();
        return Err(Refusal::Field("lines", why));
    }
    let mut lines: Vec<InvoiceLine> = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        if lines.iter().any(|it| it.line == line.line) {
            return Err(Refusal::line(&line.line, "it is there twice"));
        }
        lines.push(credited(line, invoice, left, &net)?);
    }
    let mut charges = amounts(new, left, currency)?;
    let mut bases: BTreeMap<Rate, i64> = BTreeMap::new();
    let of_lines = lines.iter().map(|it| Some((it.tax_percent.as_deref(), it.net_minor)));
    let of_charges =
        charges.iter().map(|it| Some((it.tax_percent.as_deref(), minor(it, currency)?)));
    for part in of_lines.chain(of_charges) {
        let (percent, amount) = part.ok_or_else(uncounted)?;
        let base = bases.entry(percent.and_then(decimal)).or_default();
        *base = base.checked_add(amount).ok_or_else(uncounted)?;
    }
    for (rate, base) in &mut bases {
        let own = left.rates.get(rate).map_or(0, |it| it.0);
        let beyond = base.saturating_sub(own);
        if beyond <= 0 {
            continue;
        }
        // Each part was rounded by itself: what that adds up to is taken off again.
        let parts = lines.iter().filter(|it| percent_of(it) == *rate).count();
        if own <= 0 || usize::try_from(beyond).is_ok_and(|it| it > parts) {
            return Err(too_much(*rate, (own, *base), currency));
        }
        charges.push(InvoiceCharge {
            direction: ChargeDirection::Allowance,
            service: ChargeService::Discount,
            text: "Rounding".to_owned(),
            amount: sums::major(beyond, currency).normalize().to_string(),
            tax_percent: rate.map(|it| it.to_string()),
        });
        *base = own;
    }
    let (taxes, sums) = taxed(&bases, left).ok_or_else(uncounted)?;
    sums.agree_with(new.comes_to, currency)?;
    let words = (invoice.terms.clone(), new.reason.clone());
    let content = Content {
        terms: words.0,
        note: words.1,
        lines,
        charges,
        taxes,
        ..invoice.clone()
    };
    Ok((content, sums))
}

fn uncounted() -> Refusal {
    Refusal::Field("lines", "it is worth more than can be counted".to_owned())
}

fn percent_of(line: &InvoiceLine) -> Rate {
    line.tax_percent.as_deref().and_then(decimal)
}

fn too_much(rate: Rate, (own, base): (i64, i64), currency: Currency) -> Refusal {
    let at = rate
        .map_or_else(|| "untaxed".to_owned(), |it| format!("at {} %", it.normalize()));
    let why = format!(
        "{} {currency} of the invoice are left to be credited {at}, and not {}",
        sums::major(own.max(0), currency),
        sums::major(base, currency)
    );
    Refusal::Field("lines", why)
}

fn credited(
    line: &CreditLine,
    invoice: &Content,
    left: &Left,
    net: &impl Fn(&InvoiceLine, Decimal) -> Option<i64>,
) -> Result<InvoiceLine, Refusal> {
    let name = &line.line;
    let own = invoice.lines.iter().find(|it| it.line == *name);
    let own = own.ok_or_else(|| Refusal::line(name, "the invoice has no such line"))?;
    let told = line.quantity.trim();
    let shown: String = told.chars().filter(|it| !it.is_control()).take(40).collect();
    let quantity = decimal(told);
    let quantity = quantity
        .ok_or_else(|| Refusal::line(name, format!("`{shown}` is no quantity")))?;
    let most = left.quantities.get(name).copied().unwrap_or_default().max(Decimal::ZERO);
    if quantity.is_zero() || quantity > most {
        let (most, told) = (most.normalize(), quantity.normalize());
        let why = format!("{most} are left to be credited, and not {told}");
        return Err(Refusal::line(name, why));
    }
    let net_minor = net(own, quantity)
        .ok_or_else(|| Refusal::line(name, "it is worth more than can be counted"))?;
    let quantity = quantity.normalize().to_string();
    Ok(InvoiceLine { quantity, net_minor, ..own.clone() })
}

/// The amounts without a quantity, each at a rate of the invoice.
fn amounts(
    new: &NewCredit,
    left: &Left,
    currency: Currency,
) -> Result<Vec<InvoiceCharge>, Refusal> {
    let refused = |why: String| Refusal::Field("amounts", why);
    let only = left.rates.keys().next().filter(|_| left.rates.len() == 1);
    let mut plain = Vec::with_capacity(new.amounts.len());
    for one in &new.amounts {
        let told = sums::rate(one.tax_percent.as_deref()).map_err(refused)?;
        let rate = told.as_deref().and_then(decimal);
        let rate = if told.is_none() { only.copied().unwrap_or(rate) } else { rate };
        if !left.rates.contains_key(&rate) {
            let why = match &told {
                Some(percent) => format!("the invoice has nothing at {percent} %"),
                None => "say at which rate the invoice taxed it".to_owned(),
            };
            return Err(refused(why));
        }
        let words = if one.text.trim().is_empty() { &new.reason } else { &one.text };
        let short: String = words.trim().chars().take(80).collect();
        plain.push(InvoiceCharge {
            direction: ChargeDirection::Charge,
            service: ChargeService::Discount,
            text: short,
            amount: one.amount.clone(),
            tax_percent: rate.map(|it| it.normalize().to_string()),
        });
    }
    sums::charges(&plain, currency).map_err(|refusal| {
        if let Refusal::Field(_, why) = refusal {
            refused(why.replacen("charge", "amount", 1))
        } else {
            refusal
        }
    })
}

/// The taxes on what is credited at each rate: rounded once, never more than is left of the
/// invoice's tax, and all that is left of it where nothing is left before tax.
fn taxed(bases: &BTreeMap<Rate, i64>, left: &Left) -> Option<(Vec<InvoiceTax>, Sums)> {
    let (mut taxes, mut sums) = (Vec::new(), Sums::default());
    for (rate, base) in bases {
        sums.net = sums.net.checked_add(*base)?;
        let Some(percent) = rate else { continue };
        let own = left.rates.get(rate).copied().unwrap_or_default();
        let part = sums::tax(*base, *percent)?;
        let amount_minor = if *base == own.0 { own.1 } else { part.min(own.1) };
        sums.tax = sums.tax.checked_add(amount_minor)?;
        taxes.push(InvoiceTax {
            percent: percent.normalize().to_string(),
            base_minor: *base,
            amount_minor,
        });
    }
    sums.total = sums.net.checked_add(sums.tax)?;
    Some((taxes, sums))
}

#[cfg(test)]
mod tests;
