//! An invoice out of an 810 or an INVOIC.

use commerce::{
    fulfilment::{Excess, InvoiceBasis},
    invoices::{
        ChargeDirection, ChargeService, InvoiceCharge, NewInvoice, NewInvoiceLine,
        TaxKind, Untaxed,
    },
};
use kernel::{Currency, Day};
use rust_decimal::Decimal;
use trade::{Charge, Document, Line, Tax};

use super::{Known, note, short};
use crate::dialects::{iso_day, plain};

pub(super) const TERMS: usize = 80;
const NOTE: usize = 264;

/// The invoice that a document is, for an order at its revision, from what was sent or from what was
/// ordered.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(crate) fn bill(
    document: &Document,
    known: &Known<'_>,
    (basis, excess): (InvoiceBasis, Excess),
) -> Result<NewInvoice, String> {
    let currency = known.order.summary.currency;
    let (number, issued_on) = head(document, currency)?;
    let rates = Rates::of(document)?;
    let mut lines = Vec::with_capacity(document.lines.len());
    for (ordinal, line) in (1..).zip(&document.lines) {
        let place = known.find((ordinal, line))?;
        let Some(own) = known.order.lines.get(place) else { continue };
        lines.push(of_line((ordinal, line), &own.line, (&rates, currency.digits()))?);
    }
    let charges = document.charges.iter().filter(|it| it.direction != "none");
    let charges = charges.map(|it| charge(it, &rates)).collect::<Result<_, _>>()?;
    let terms = document.payment_terms.iter();
    let words = terms.clone().find_map(|it| it.text.as_deref()).unwrap_or_default();
    Ok(NewInvoice {
        revision: known.order.summary.revision,
        number: Some(number),
        issued_on,
        due_on: due(document, issued_on).filter(|it| *it >= issued_on),
        terms: short(words, TERMS),
        note: note(document, NOTE),
        basis,
        tax_kind: rates.kind,
        untaxed: rates.untaxed,
        lines,
        charges,
        comes_to: total(document, currency)?,
        excess,
    })
}

/// Its number and its day, if it is in the order's currency.
pub(super) fn head(
    document: &Document,
    currency: Currency,
) -> Result<(String, Day), String> {
    let number = plain(&document.number);
    if number.is_empty() {
        return Err("the invoice has no number (BIG02, or 1004 of BGM)".to_owned());
    }
    if let Some(told) = document.currency.as_deref().map(str::trim)
        && told != currency.to_string()
    {
        return Err(format!("it is in {}, and the order in {currency}", plain(told)));
    }
    let issued_on = document.date.as_deref().and_then(iso_day);
    let issued_on = issued_on.ok_or("the invoice has no day (BIG01, or DTM 137)")?;
    Ok((number, issued_on))
}

/// What it says it comes to, in minor units.
pub(super) fn total(
    document: &Document,
    currency: Currency,
) -> Result<Option<i64>, String> {
    let Some(told) = document.amount("total") else { return Ok(None) };
    let scale = 10_i64.checked_pow(currency.digits()).map(Decimal::from);
    let minor = scale.and_then(|it| told.checked_mul(it)).map(|it| it.normalize());
    let minor = minor.filter(|it| it.scale() == 0);
    let minor = minor.and_then(|it| i64::try_from(it.mantissa()).ok());
    minor.map(Some).ok_or_else(|| format!("its total {told} is no amount of {currency}"))
}

/// By what day it is to be paid.
fn due(document: &Document, issued_on: Day) -> Option<Day> {
    let stated = document.payment_terms.iter().find_map(|it| it.date.as_deref());
    let dates = document.dates.iter().filter(|it| it.kind == "terms_net_due");
    let stated = stated.or(dates.map(|it| it.date.as_str()).next()).and_then(iso_day);
    let mut days = document.payment_terms.iter().filter(|it| it.kind == "net");
    let days = days.find_map(|it| it.days);
    stated.or_else(|| {
        let days = days.filter(|it| it.fract().is_zero())?.trunc();
        let days = i32::try_from(days.mantissa()).ok()?;
        (0..=3_650).contains(&days).then(|| issued_on.plus_days(days))
    })
}

/// Which taxes it bears.
pub(super) struct Rates {
    /// The only rate of the whole, if it has one; the rate of what says none of its own.
    only: Option<String>,
    /// Whether the whole names several rates.
    several: bool,
    kind: TaxKind,
    untaxed: Untaxed,
}

impl Rates {
    pub(super) fn of(document: &Document) -> Result<Self, String> {
        let of_lines = document.lines.iter().flat_map(|it| &it.taxes);
        let all: Vec<&Tax> = document.taxes.iter().chain(of_lines).collect();
        let kind = match all.iter().map(|it| it.kind.as_str()).find(|it| !it.is_empty()) {
            Some("goods_and_services") => TaxKind::GoodsAndServices,
            Some("state_sales" | "local_sales" | "state_and_local_sales") => {
                TaxKind::StateSales
            }
            Some(_) | None => TaxKind::Vat,
        };
        let told = all.iter().filter_map(|it| it.category.as_deref());
        let untaxed =
            match told.into_iter().find(|it| !matches!(*it, "standard" | "taxable")) {
                Some("zero") => Untaxed::Zero,
                Some("reverse_charge") => Untaxed::ReverseCharge,
                Some(_) | None => Untaxed::Exempt,
            };
        let mut rates: Vec<Decimal> = Vec::new();
        for tax in &document.taxes {
            let nothing = tax.amount.is_none_or(|it| it.is_zero());
            match tax.percent {
                Some(percent) => rates.push(percent.normalize()),
                None if nothing => {}
                None => {
                    return Err("its tax is told without a rate (TXI03, or 5278 of TAX)"
                        .to_owned());
                }
            }
        }
        rates.sort_unstable();
        rates.dedup();
        let several = rates.len() > 1;
        let only = rates.first().filter(|_| !several).map(ToString::to_string);
        Ok(Self { only, several, kind, untaxed })
    }
}

pub(super) fn of_line(
    (ordinal, line): (usize, &Line),
    name: &str,
    (rates, digits): (&Rates, u32),
) -> Result<NewInvoiceLine, String> {
    let quantity = line.quantity.ok_or_else(|| {
        format!("line {ordinal} does not say how much is invoiced (IT102, or QTY 47)")
    })?;
    let unit_price = match line.price {
        None => None,
        Some(_) => Some(line.unit_price().ok_or_else(|| {
            format!(
                "line {ordinal}: its price is of another unit; state the price of one"
            )
        })?),
    };
    let worth = line.worth(digits);
    let told = line.amounts.iter().find(|it| it.kind == "line").map(|it| it.amount);
    if let (Some(told), Some(worth)) = (told, worth)
        && told.normalize() != worth.normalize()
    {
        let (told, worth) = (told.normalize(), worth.normalize());
        return Err(format!(
            "line {ordinal} says that it comes to {told} (PAM05, or MOA 203), and quantity and price \
             to {worth}"
        ));
    }
    if !line.charges.is_empty() {
        return Err(format!(
            "line {ordinal} has a charge or an allowance of its own; state its net price, or put \
             them on the whole"
        ));
    }
    let own = line.taxes.iter().find_map(|it| it.percent);
    if own.is_none() && rates.several {
        return Err(format!(
            "line {ordinal} does not say which of the rates of tax it bears; say it in the line"
        ));
    }
    let own = own.map(|it| it.normalize().to_string());
    Ok(NewInvoiceLine {
        line: name.to_owned(),
        quantity: quantity.normalize().to_string(),
        unit_price: unit_price.map(|it| it.normalize().to_string()),
        tax_percent: own.or_else(|| rates.only.clone()),
    })
}

pub(super) fn charge(charge: &Charge, rates: &Rates) -> Result<InvoiceCharge, String> {
    let text = plain(charge.text.as_deref().unwrap_or_default());
    let service = charge.service.as_deref().unwrap_or_default();
    let amount = charge.amount.ok_or_else(|| {
        format!(
            "the charge `{}` has no amount",
            if text.is_empty() { service } else { &text }
        )
    })?;
    if rates.several {
        return Err("it has charges and several rates of tax, and a charge does not say which it \
                    bears; state the charge as a line"
            .to_owned());
    }
    let (service, words) = match service {
        "freight" => (ChargeService::Freight, text),
        "discount" => (ChargeService::Discount, text),
        "packing" => (ChargeService::Packing, text),
        "insurance" => (ChargeService::Insurance, text),
        "handling" | "" => (ChargeService::Handling, text),
        other if text.is_empty() => (ChargeService::Handling, plain(other)),
        _ => (ChargeService::Handling, text),
    };
    let allowance = charge.direction == "allowance";
    let direction =
        if allowance { ChargeDirection::Allowance } else { ChargeDirection::Charge };
    Ok(InvoiceCharge {
        direction,
        service,
        text: short(&words, TERMS),
        amount: amount.normalize().to_string(),
        tax_percent: rates.only.clone(),
    })
}
