//! An order by EDI that names a quote and agrees with it line by line accepts that quote.

use gate::Permit;
use kernel::{Id, Moment, Order, Quote, Space};
use store::{Conn, Tx};

use super::{
    Refusal, compare,
    row::Row,
    rules::{QuoteState, Side, Step},
    sql, tell,
};
use crate::{
    orders::{self, ReceiveOrders},
    rfqs,
};

/// A quote that an order has just accepted, and the deal that it stands in.
pub type AcceptedQuote = (Id<Quote>, Id<Space>);

/// Accepts the quote that a new order names, if the order agrees with the document that was sent
/// last, line by line, while it may still be accepted. Else the quote stays as it is, and the
/// order shows in what the two disagree.
///
/// People and the log are told by [`announce_acceptance`], which stands apart: it takes the locks
/// that come last.
///
/// # Errors
/// If the database fails.
pub async fn accept_by_order(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    order: Id<Order>,
    buyer_key: &str,
    at: Moment,
) -> Result<Option<AcceptedQuote>, Refusal> {
    let seller = permit.scope().organisation();
    let view = orders::read(tx, permit, order).await?;
    let Some(quote) = view.summary.quote.as_ref().and_then(|it| it.id) else {
        return Ok(None);
    };
    let Some(row) = sql::one(tx, seller, quote).await? else { return Ok(None) };
    let Some(space) = row.space_id else { return Ok(None) };
    if !is_from_its_buyer(tx, &row, view.summary.buyer.id, buyer_key).await? {
        return Ok(None);
    }
    let agrees = compare::disagreements(tx, permit, &view).await?;
    if agrees.is_none_or(|it| !it.is_empty()) {
        return Ok(None);
    }
    // What was compared is the document of this hash.
    let Some(sha256) = row.sha256.clone() else { return Ok(None) };
    let Ok(stand) = row.stand()?.step(Side::Buyer, Step::Accept { sha256 }, at) else {
        return Ok(None);
    };
    let shared = tell::still_shared(tx, &row).await;
    let writes = match row.buyer_id {
        Some(buyer) => tell::may_write(tx, buyer, &row).await,
        None => Ok(()),
    };
    match shared.and(writes) {
        Ok(()) => {}
        Err(Refusal::Fault(fault)) => return Err(fault.into()),
        Err(_may_not) => return Ok(None),
    }
    let Some(moved) = sql::shift(tx, seller, &row, &stand, at).await? else {
        return Ok(None);
    };
    tell::hint(tx, Some(&row), &moved);
    let (of, nothing) = ((quote, row.offer_rev), (None, "[]".to_owned()));
    sql::became(tx, of, QuoteState::Accepted, nothing, at).await?;
    tell::card(tx, None, &moved, at).await?;
    Ok(Some((quote, space)))
}

/// Whether an order is from whom the quote was sent to: the same organisation; or, outside the
/// hub, who asked for the quote under the same EDI name.
async fn is_from_its_buyer(
    conn: &mut Conn,
    row: &Row,
    buyer: Option<Id<kernel::Organisation>>,
    buyer_key: &str,
) -> Result<bool, Refusal> {
    if row.buyer_id.is_some() {
        return Ok(row.buyer_id == buyer);
    }
    let Some(rfq) = row.rfq_id else { return Ok(false) };
    Ok(rfqs::asked_by(conn, row.seller_id, rfq, buyer_key).await?)
}

/// Tells both sides' people, and the seller's log, that an order accepted a quote.
///
/// # Errors
/// If the database fails.
pub async fn announce_acceptance(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    quote: Id<Quote>,
    at: Moment,
) -> Result<(), Refusal> {
    let seller = permit.scope().organisation();
    let row = sql::one(tx, seller, quote).await?.ok_or(Refusal::NotFound)?;
    tell::notice(tx, &row, Side::Seller, at).await?;
    tell::notice(tx, &row, Side::Buyer, at).await?;
    Ok(tell::entry(tx, (seller, None), &row, "quote.accept", at).await?)
}
