//! Quotes of sellers that are not on the hub, and quotes by their number.

use kernel::{Fault, Id, Moment, Organisation, Quote, Rfq};
use store::{Conn, Tx, statements};

use super::super::sql::NewRow;
use crate::rfqs::SellerElsewhere;

statements! {
    /// Keeps a new quote of a seller that is not on the hub, unless it has one of that number.
    INSERT unscoped "seller_id is the organisation" = "
        insert into quote (id, seller_id, buyer_id, buyer_name, rfq_id, number, state, rev, offer_rev, sha256, until, revision, face, created_at, updated_at, shown_from, shown_at, seller_name, seller_key)
        values ($1, $2, $2, $3, $4, $5, 'sent', 1, 1, $6, $7, 1, 1, $8, $8, $8, $8, $9, $10)
        on conflict do nothing";

    /// The quote of a number, of the organisation itself ('') or of a seller that is not on the hub.
    OF_SELLER unscoped "seller_id is the organisation" = "
        select id from quote where seller_id = $1 and seller_key = $2 and number = $3";

    /// The quotes that answer a request, as far as an organisation sees them.
    OF_RFQ unscoped "seller_id or buyer_id is the organisation" = "
        select id from quote
        where rfq_id = $2 and (seller_id = $1 or (buyer_id = $1 and offer_rev > 0))
        order by created_at, id
        limit 50";
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewRow<'_>,
    seller: &SellerElsewhere,
    (sha256, until): (&str, Moment),
    at: Moment,
) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.seller)
        .bind(new.buyer_name)
        .bind(new.rfq)
        .bind(new.number)
        .bind(sha256)
        .bind(until)
        .bind(at)
        .bind(&seller.name)
        .bind(&seller.key)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn of_seller(
    conn: &mut Conn,
    seller: Id<Organisation>,
    key: &str,
    number: &str,
) -> Result<Option<Id<Quote>>, Fault> {
    let query = conn.run(OF_SELLER).bind(seller).bind(key).bind(number);
    Ok(query.optional::<(Id<Quote>,)>().await?.map(|(id,)| id))
}

pub(in crate::quotes) async fn of_rfq(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    rfq: Id<Rfq>,
) -> Result<Vec<Id<Quote>>, Fault> {
    let all = conn.run(OF_RFQ).bind(organisation).bind(rfq).all::<(Id<Quote>,)>().await?;
    Ok(all.into_iter().map(|(id,)| id).collect())
}
