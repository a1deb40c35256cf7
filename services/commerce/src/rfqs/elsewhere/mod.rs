//! Requests for quote to sellers that are not on the hub. The buyer keeps them in the seller's stead,
//! as it keeps orders; they go out by EDI, and what comes back is taken by `quotes::elsewhere`.

mod sql;

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Organisation, Rfq};
use store::{Conn, Tx};

pub use sql::{ALL as STATEMENTS, SellerElsewhere};

use super::{Wanted, new_row, sql as rfqs, tell};
use crate::quotes::{AnswerQuotes, Refusal};

/// A request, as its buyer writes it.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// The seller's name.
    pub seller_name: String,
    /// By what name the seller is known in EDI, such as `ZZ:ACME`.
    pub seller_key: String,
    /// In which dialect the seller reads, in a word of the exchange's.
    pub syntax: String,
    /// The buyer's name.
    pub buyer_name: String,
    /// By what name the buyer is known in EDI.
    pub buyer_key: String,
    /// What is asked.
    pub wanted: Wanted,
}

/// Asks a seller that is not on the hub.
///
/// # Errors
/// [`Refusal::NumberTaken`] for the number of another request to this seller; [`Refusal::Lines`] and
/// [`Refusal::Field`] for what makes no sense.
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<AnswerQuotes>,
    new: NewRequest,
    at: Moment,
) -> Result<Id<Rfq>, Refusal> {
    let (id, buyer) = (Id::mint(), permit.scope().organisation());
    let NewRequest { seller_name, seller_key, syntax, .. } = new;
    let names = (new.buyer_name, new.buyer_key);
    let row = new_row(id, (buyer, Some(buyer)), names, &new.wanted, at)?;
    let seller = (seller_name.as_str(), seller_key.as_str(), syntax.as_str());
    if !sql::insert(tx, &row, seller, at).await? {
        return Err(Refusal::NumberTaken(row.number));
    }
    let kept = rfqs::one(tx, buyer, id).await?.ok_or(Refusal::NotFound)?;
    tell::hint(tx, &kept);
    Ok(id)
}

/// Notes in the log that a request was sent. It stands apart since it takes the locks that come
/// last.
///
/// # Errors
/// If the database fails.
pub async fn note(
    tx: &mut Tx,
    permit: &Permit<AnswerQuotes>,
    rfq: Id<Rfq>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = rfqs::one(tx, scope.organisation(), rfq).await?;
    tell::entry(tx, scope, &row.ok_or(Refusal::NotFound)?, "rfq.ask", at).await
}

/// Who was asked that is not on the hub; none for other requests, and other organisations'.
///
/// # Errors
/// If the database fails.
pub async fn seller_elsewhere(
    conn: &mut Conn,
    scope: Scope,
    rfq: Id<Rfq>,
) -> Result<Option<SellerElsewhere>, Fault> {
    sql::seller(conn, scope.organisation(), rfq).await
}

/// The request of this number that one's organisation sent to a seller of one of these names.
///
/// # Errors
/// If the database fails.
pub async fn find_asked(
    conn: &mut Conn,
    scope: Scope,
    number: &str,
    names: [&str; 2],
) -> Result<Option<Id<Rfq>>, Fault> {
    sql::asked(conn, scope.organisation(), number, names).await
}

/// The request of this number that one's organisation had from a buyer: from this organisation, or
/// under one of these names.
///
/// # Errors
/// If the database fails.
pub async fn find_received(
    conn: &mut Conn,
    scope: Scope,
    number: &str,
    (buyer, names): (Option<Id<Organisation>>, [&str; 2]),
) -> Result<Option<Id<Rfq>>, Fault> {
    sql::received(conn, scope.organisation(), number, (buyer, names)).await
}
