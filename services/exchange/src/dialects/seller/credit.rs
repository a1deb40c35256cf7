//! A credit note out of an 810 (BIG07 `CR`) or an INVOIC (1001 of BGM `381`).

use commerce::invoices::{CreditAmount, CreditLine, NewCredit};
use kernel::Currency;
use trade::{Document, Line};

use super::{
    Known,
    bill::{Rates, TERMS, charge, head, of_line, total},
    note, short,
};
use crate::dialects::plain;

const REASON: usize = 264;

/// The number of the invoice that a document credits a part of, and what it credits.
///
/// # Errors
/// In plain words, what keeps it from being a credit note.
pub(crate) fn credit(
    document: &Document,
    known: &Known<'_>,
) -> Result<(String, NewCredit), String> {
    let currency = known.order.summary.currency;
    let (number, issued_on) = head(document, currency)?;
    let invoice = credited(document)?;
    let comes_to = total(document, currency)?.ok_or(
        "it does not say what it comes to (TDS01, or MOA 77), so nothing proves that it was read well",
    )?;
    let rates = Rates::of(document)?;
    let (mut lines, mut amounts) = (Vec::new(), Vec::new());
    for (ordinal, line) in (1..).zip(&document.lines) {
        // What is of no product is an amount, as it goes out of here, too.
        if line.products.iter().all(|it| plain(&it.value).is_empty())
            && known.order.lines.iter().all(|it| it.line != plain(&line.number))
        {
            amounts.push(amount((ordinal, line), (&rates, currency))?);
            continue;
        }
        let place = known.find((ordinal, line))?;
        let Some(own) = known.order.lines.get(place) else { continue };
        let read = of_line((ordinal, line), &own.line, (&rates, currency.digits()))?;
        lines.push(CreditLine { line: read.line, quantity: read.quantity });
    }
    for told in document.charges.iter().filter(|it| it.direction != "none") {
        if told.direction == "allowance" {
            return Err(
                "it takes an allowance off what it credits; state what is credited, \
                        net of it"
                    .to_owned(),
            );
        }
        let read = charge(told, &rates)?;
        let (amount, tax_percent, text) = (read.amount, read.tax_percent, read.text);
        amounts.push(CreditAmount { amount, tax_percent, text });
    }
    let told = note(document, REASON);
    let reason = if told.is_empty() { format!("Credit note {number}") } else { told };
    let new = NewCredit {
        revision: 0,
        number: Some(number),
        issued_on,
        reason,
        lines,
        amounts,
        comes_to: Some(comes_to),
    };
    Ok((invoice, new))
}

/// The number of the invoice that it names.
fn credited(document: &Document) -> Result<String, String> {
    let named = document.references.iter().filter(|it| it.kind == "invoice");
    let mut named: Vec<_> =
        named.map(|it| plain(&it.number)).filter(|it| !it.is_empty()).collect();
    named.sort_unstable();
    named.dedup();
    match <[String; 1]>::try_from(named) {
        Ok([invoice]) => Ok(invoice),
        Err(none) if none.is_empty() => {
            Err("it does not name the invoice that it credits (REF IV, or RFF IV)"
                .to_owned())
        }
        Err(many) => Err(format!(
            "it credits several invoices ({}); send a credit note for each",
            many.join(", ")
        )),
    }
}

fn amount(
    (ordinal, line): (usize, &Line),
    (rates, currency): (&Rates, Currency),
) -> Result<CreditAmount, String> {
    let read = of_line((ordinal, line), "", (rates, currency.digits()))?;
    let worth = line.worth(currency.digits()).ok_or_else(|| {
        format!("line {ordinal} is of no product, and has no price: it credits nothing")
    })?;
    let text = short(line.description.as_deref().unwrap_or_default(), TERMS);
    let amount = worth.normalize().to_string();
    Ok(CreditAmount { amount, tax_percent: read.tax_percent, text })
}
