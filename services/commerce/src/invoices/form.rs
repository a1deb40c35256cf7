//! An invoice as its seller writes it, read against what is to be invoiced.

use rust_decimal::Decimal;
use trade::Document;

use super::{
    paper,
    rules::{self, InvoiceLine, NewInvoice, NewInvoiceLine},
    sums,
};
use crate::{
    fulfilment::{Course, Excess, Refusal, agreed_price},
    orders::{self, decimal},
};

/// Reads what the seller wrote against what is to be invoiced.
pub(super) fn read(
    new: &NewInvoice,
    course: &Course,
    base: &Document,
) -> Result<(rules::Content, sums::Sums), Refusal> {
    let currency = course.order.summary.currency;
    if new.due_on.is_some_and(|day| day < new.issued_on) {
        let why = "it is not due before its own day".to_owned();
        return Err(Refusal::Field("due_on", why));
    }
    if new.lines.is_empty() || new.lines.len() > sums::LIMITS.0 {
        let why = format!("an invoice has 1 to {} lines", sums::LIMITS.0);
        return Err(Refusal::Field("lines", why));
    }
    let mut lines: Vec<InvoiceLine> = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        if lines.iter().any(|it| it.line == line.line) {
            return Err(Refusal::line(&line.line, "it is there twice"));
        }
        lines.push(read_line(line, new, course, base)?);
    }
    let charges = sums::charges(&new.charges, currency)?;
    let (sums, taxes) = sums::reckon(&lines, &charges, currency)?;
    sums.agree_with(new.comes_to, currency)?;
    let content = rules::Content {
        basis: new.basis,
        tax_kind: new.tax_kind,
        untaxed: new.untaxed,
        terms: sums::words("terms", &new.terms)?,
        note: orders::note_of(&new.note).map_err(|why| Refusal::Field("note", why))?,
        lines,
        charges,
        taxes,
    };
    Ok((content, sums))
}

fn read_line(
    line: &NewInvoiceLine,
    new: &NewInvoice,
    course: &Course,
    base: &Document,
) -> Result<InvoiceLine, Refusal> {
    let name = &line.line;
    let place = course.order.lines.iter().position(|it| it.line == *name);
    let found = place.and_then(|at| {
        Some((course.order.lines.get(at)?, course.stands.get(at)?, base.lines.get(at)?))
    });
    let Some((own, stand, ordered)) = found else {
        return Err(Refusal::line(name, "the order has no such line"));
    };
    let number = |text: &str, what: &str| {
        let shown: String = text.chars().filter(|it| !it.is_control()).take(40).collect();
        decimal(text.trim())
            .ok_or_else(|| Refusal::line(name, format!("`{shown}` is no {what}")))
    };
    let quantity = number(&line.quantity, "quantity")?;
    let most = stand.to_invoice(new.basis);
    let too_much = quantity > most && new.excess == Excess::Refused;
    if quantity.is_zero() || too_much {
        let why = format!(
            "{} are to be invoiced, and not {}",
            most.normalize(),
            quantity.normalize()
        );
        return Err(Refusal::line(name, why));
    }
    let given = line.unit_price.as_deref().filter(|it| !it.trim().is_empty());
    let unit_price: Decimal = match given {
        Some(text) => number(text, "price")?,
        None => agreed_price(own)
            .ok_or_else(|| Refusal::line(name, "it has no price; give one"))?,
    };
    let currency = course.order.summary.currency;
    let net = paper::net(ordered, (quantity, unit_price), currency)
        .ok_or_else(|| Refusal::line(name, "it is worth more than can be counted"))?;
    let tax_percent = sums::rate(line.tax_percent.as_deref());
    Ok(InvoiceLine {
        line: name.clone(),
        quantity: quantity.normalize().to_string(),
        unit: own.unit.clone(),
        unit_price: unit_price.normalize().to_string(),
        product: own.product.clone(),
        description: own.description.clone(),
        net_minor: net,
        tax_percent: tax_percent.map_err(|why| Refusal::line(name, why))?,
    })
}
