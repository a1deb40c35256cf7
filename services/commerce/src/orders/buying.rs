//! An order to a seller that is not on the hub. Its buyer keeps it, also in the seller's stead: what
//! the seller answers, sends and invoices comes to the buyer, by EDI.

use gate::{Action, Permit, Scope};
use kernel::{Currency, Day, Id, Moment, Order, Quote};
use serde_json::json;
use sharing::audit;
use store::Tx;

use super::{
    Incoming, IncomingLine, Refusal, WriteOrders, rows,
    rules::{self, RuleError},
    sql, tell,
};

/// An order, as its buyer writes it.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The seller's name.
    pub seller_name: String,
    /// By what name the seller is known in EDI, such as `ZZ:ACME`.
    pub seller_key: String,
    /// The buyer's name.
    pub buyer_name: String,
    /// By what name the buyer is known in EDI.
    pub buyer_key: String,
    /// The buyer's number for it: no other order of the buyer's has it.
    pub number: String,
    /// Its day.
    pub ordered_on: Day,
    /// In what its prices are.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<IncomingLine>,
    /// The quote that it accepts, if it does, and the seller's number for that.
    pub quote: Option<(Id<Quote>, String)>,
}

/// Writes an order to a seller that is not on the hub.
///
/// # Errors
/// [`Refusal::NumberTaken`]; [`Refusal::Rule`] without lines, or for one that is worth more than can
/// be counted.
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteOrders>,
    new: NewOrder,
    at: Moment,
) -> Result<Id<Order>, Refusal> {
    write_in(tx, permit.scope(), new, at).await
}

/// The same, for who accepts a quote.
pub(crate) async fn write_in(
    tx: &mut Tx,
    scope: Scope,
    new: NewOrder,
    at: Moment,
) -> Result<Id<Order>, Refusal> {
    let (id, buyer) = (Id::mint(), scope.organisation());
    let NewOrder { seller_name, seller_key, .. } = &new;
    let incoming = Incoming {
        buyer: Some(buyer),
        buyer_key: new.buyer_key.clone(),
        buyer_name: new.buyer_name.clone(),
        number: new.number.clone(),
        ordered_on: new.ordered_on,
        currency: new.currency,
        lines: new.lines.clone(),
        quote: None,
    };
    let quote = new.quote.as_ref();
    let lines = rows(&incoming)?;
    let total = rules::total(lines.iter().map(|line| line.amount_minor));
    let row = sql::NewRow {
        id,
        seller: buyer,
        buyer: Some(buyer),
        buyer_name: &new.buyer_name,
        buyer_key: &new.buyer_key,
        number: &new.number,
        ordered_on: new.ordered_on,
        currency: new.currency,
        total_minor: total.ok_or(RuleError::TooMuch)?,
        quote: (quote.map(|it| it.0), quote.map(|it| it.1.as_str())),
        elsewhere: Some((seller_name, seller_key)),
    };
    if !sql::insert(tx, &row, at).await? {
        return Err(Refusal::OwnNumberTaken(new.number));
    }
    for (ordinal, line) in (1..).zip(&lines) {
        sql::insert_line(tx, id, ordinal, line).await?;
    }
    let kept = sql::one(tx, buyer, id).await?.ok_or(Refusal::NotFound)?;
    tell::hint(tx, &kept);
    Ok(id)
}

/// Notes in the log that an order was written. It stands apart since it takes the locks that come
/// last.
///
/// # Errors
/// If the database fails.
pub async fn note(
    tx: &mut Tx,
    permit: &Permit<impl Action>,
    order: (Id<Order>, &str),
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, of) = (permit.scope(), ("order", order.0.to_string()));
    let detail = json!({ "number": order.1 });
    let (organisation, person) = (scope.organisation(), scope.actor());
    Ok(audit::write(tx, organisation, person, "order.write", of, detail, at).await?)
}
