//! Telling an invoice that comes once more from another of its number.

use gate::Permit;
use kernel::{Id, Invoice, Order};
use store::Conn;

use super::{
    InvoiceKind, InvoiceLine, NewCredit, NewInvoice, NewInvoiceLine, Row, content, sql,
};
use crate::{fulfilment::Refusal, orders::decimal};

/// The invoice that was written before for an order, if it is this very one.
///
/// # Errors
/// [`Refusal::NumberTaken`] where it has this number, and says something else.
pub async fn known<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    (order, new): (Id<Order>, &NewInvoice),
) -> Result<Option<Id<Invoice>>, Refusal> {
    let all = sql::of_order(conn, permit.scope().organisation(), order).await?;
    let same = |row: &&Row| Some(row.number.as_str()) == new.number.as_deref();
    let Some(row) = all.iter().find(same) else { return Ok(None) };
    let lines = content(row)?.lines;
    let line = |(kept, new): (&InvoiceLine, &NewInvoiceLine)| {
        let quantity = decimal(new.quantity.trim());
        let price = new.unit_price.as_deref().map(|it| decimal(it.trim()));
        kept.line == new.line
            && decimal(&kept.quantity) == quantity
            && price.is_none_or(|it| it == decimal(&kept.unit_price))
    };
    let same_lines =
        lines.len() == new.lines.len() && lines.iter().zip(&new.lines).all(line);
    let same_total = new.comes_to.is_none_or(|it| it == row.total_minor);
    let same_lines = same_lines && row.kind == InvoiceKind::Invoice;
    if row.issued_on == new.issued_on && same_lines && same_total {
        return Ok(Some(row.id));
    }
    Err(Refusal::NumberTaken(row.number.clone()))
}

/// The credit note that was written before for an order, if it is this very one of that invoice.
///
/// # Errors
/// [`Refusal::NumberTaken`] where there is a paper of this number that says something else.
pub async fn known_credit<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    (order, invoice): (Id<Order>, &str),
    new: &NewCredit,
) -> Result<Option<Id<Invoice>>, Refusal> {
    let all = sql::of_order(conn, permit.scope().organisation(), order).await?;
    let same = |row: &&Row| Some(row.number.as_str()) == new.number.as_deref();
    let Some(row) = all.iter().find(same) else { return Ok(None) };
    let lines = content(row)?.lines;
    let same_lines = lines.len() == new.lines.len()
        && lines.iter().zip(&new.lines).all(|(kept, new)| {
            let quantity = decimal(new.quantity.trim());
            kept.line == new.line && decimal(&kept.quantity) == quantity
        });
    let same_total = new.comes_to.is_none_or(|it| it == row.total_minor);
    let of_invoice = row.credits_number.as_deref() == Some(invoice);
    if of_invoice && row.issued_on == new.issued_on && same_lines && same_total {
        return Ok(Some(row.id));
    }
    Err(Refusal::NumberTaken(row.number.clone()))
}

/// The invoice of an order that has a number, and its revision; credit notes and cancellations are
/// none.
///
/// # Errors
/// If the database fails.
pub async fn numbered<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    (order, number): (Id<Order>, &str),
) -> Result<Option<(Id<Invoice>, i64)>, Refusal> {
    let all = sql::of_order(conn, permit.scope().organisation(), order).await?;
    let is_it = |row: &&Row| row.kind == InvoiceKind::Invoice && row.number == number;
    Ok(all.iter().find(is_it).map(|row| (row.id, row.revision)))
}
