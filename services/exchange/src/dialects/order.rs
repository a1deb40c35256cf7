//! An order out of an ORDERS message, by the canonical document.

use commerce::orders::{Clues, Incoming, IncomingLine};
use kernel::{Currency, Day};
use trade::{Document, Kind, Line};

use crate::interchanges::{LINES_LIMIT, clean};

/// The order that a message is, and what it says about its deal.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(super) fn incoming(
    message: &edifact::Message<'_>,
    sender: &str,
    fallback: &str,
) -> Result<(Incoming, Clues), String> {
    let read = trade::from_edifact(message).map_err(|broken| broken.to_string())?;
    order(&read.outcome, sender, fallback)
}

fn order(
    document: &Document,
    sender: &str,
    fallback: &str,
) -> Result<(Incoming, Clues), String> {
    let number = clean(&document.number);
    if number.is_empty() {
        return Err("the order has no number (BGM, 1004)".to_owned());
    }
    let known = matches!(document.purpose.as_str(), "" | "original" | "duplicate");
    if document.kind != Kind::Order || !known {
        return Err(format!(
            "order {number} is no new order (BGM, 1225); send a change as ORDCHG"
        ));
    }
    if document.lines.len() > LINES_LIMIT {
        return Err(format!(
            "order {number} has more than {LINES_LIMIT} lines; split it"
        ));
    }
    // Money is not guessed: where X12 is at home in one currency, EDIFACT is in none.
    let currency = document.currency.as_deref().unwrap_or_default();
    let currency: Currency = currency.trim().parse().map_err(|_unknown| {
        format!("order {number}: `{}` is no currency (CUX, 6345)", clean(currency))
    })?;
    let date = document.date.as_deref().unwrap_or_default();
    let ordered_on = day(date).ok_or_else(|| {
        format!("order {number}: `{}` is no day (DTM 137)", clean(date))
    })?;
    let name = document.party("buyer").map(|party| clean(&party.name));
    let lines = (1..).zip(&document.lines).map(|(at, it)| line(at, it, &number));
    let mut references = document.references.iter();
    let quote =
        references.find(|it| it.kind == "quote").map(|it| clean(it.number.trim()));
    let incoming = Incoming {
        quote: quote.filter(|it| !it.is_empty()),
        buyer: None,
        buyer_key: sender.to_owned(),
        buyer_name: name.filter(|it| !it.is_empty()).unwrap_or(fallback.to_owned()),
        ordered_on,
        currency,
        lines: lines.collect::<Result<_, _>>()?,
        number,
    };
    Ok((incoming, super::clues(document)))
}

/// The day of a date, which may have a time behind it.
fn day(text: &str) -> Option<Day> {
    text.get(..10)?.parse().ok()
}

fn line(ordinal: usize, line: &Line, number: &str) -> Result<IncomingLine, String> {
    let quantity = line.quantity.unwrap_or_default();
    if quantity.is_sign_negative() || quantity.is_zero() {
        return Err(format!("order {number}: line {ordinal} orders nothing (QTY 21)"));
    }
    let price = line.price.unwrap_or_default();
    if price.is_sign_negative() {
        return Err(format!("order {number}: line {ordinal} has a price below zero"));
    }
    let unit_price = match line.price {
        None => price,
        Some(_) => line.unit_price().ok_or_else(|| {
            format!(
                "order {number}: line {ordinal} counts {} and is priced in {}, and how many of \
                 these make one is not known; state the price of one {} (PRI)",
                clean(&line.unit),
                clean(line.price_unit.as_deref().unwrap_or_default()),
                clean(&line.unit),
            )
        })?,
    };
    let ours = line.products.iter().find(|product| product.kind == "vendor");
    let first = ours.or(line.products.first());
    let dates = line.dates.iter().map(|it| (&it.kind, &it.date));
    let dates = dates.chain(line.schedules.iter().map(|it| (&it.kind, &it.date)));
    let requested = dates.filter(|(kind, _)| *kind == "requested_delivery");
    Ok(IncomingLine {
        assigned: clean(line.number.trim()),
        quantity,
        unit: clean(&line.unit),
        unit_price,
        product: first.map(|it| clean(&it.value)).unwrap_or_default(),
        product_ids: line
            .products
            .iter()
            .map(|it| (clean(&it.kind), clean(&it.value)))
            .collect(),
        description: clean(line.description.as_deref().unwrap_or_default()),
        requested_on: requested.map(|(_, date)| date).find_map(|date| day(date)),
    })
}
