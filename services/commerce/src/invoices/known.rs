//! Telling an invoice that comes once more from another of its number.

use gate::Permit;
use kernel::{Id, Invoice, Order};
use store::Conn;

use super::{InvoiceLine, NewInvoice, NewInvoiceLine, Row, content, sql};
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
    if row.issued_on == new.issued_on && same_lines && same_total {
        return Ok(Some(row.id));
    }
    Err(Refusal::NumberTaken(row.number.clone()))
}
