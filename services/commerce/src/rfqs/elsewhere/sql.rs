//! Requests by whom they are between, and by their number.

use kernel::{Fault, Id, Moment, Organisation, Rfq};
use store::{Conn, Tx, statements};

use super::super::sql::NewRow;

statements! {
    /// Keeps a new request to a seller that is not on the hub, unless it has one of that number.
    INSERT unscoped "seller_id is the organisation" = "
        insert into rfq (id, seller_id, buyer_id, buyer_name, buyer_key, number, state, lines, note, answer_by, revision, created_at, updated_at, seller_name, seller_key, seller_syntax)
        values ($1, $2, $2, $3, $4, $5, 'sent', $6, $7, $8, 1, $9, $9, $10, $11, $12)
        on conflict do nothing";

    /// Who was asked, and by which name of ours.
    SELLER unscoped "seller_id is the organisation" = "
        select f.number, f.seller_name as name, f.seller_key as key, f.seller_syntax as syntax,
               coalesce(b.name, f.buyer_name) as buyer_name, f.buyer_key
        from rfq f
        left join organisation b on b.id = f.buyer_id
        where f.seller_id = $1 and f.id = $2 and f.seller_key <> ''";

    /// The request of a number to a seller that is not on the hub.
    ASKED unscoped "seller_id is the organisation" = "
        select id from rfq
        where seller_id = $1 and seller_key <> '' and seller_key in ($2, $3) and number = $4
        order by created_at desc, id desc
        limit 1";

    /// The request of a number from a buyer: from this organisation, or under these names.
    RECEIVED unscoped "seller_id is the organisation" = "
        select id from rfq
        where seller_id = $1 and seller_key = '' and number = $4
          and (buyer_key in ($2, $3) or buyer_id = $5)
        order by created_at desc, id desc
        limit 1";
}

/// A seller that is not on the hub, as it was asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SellerElsewhere {
    /// The number of the request.
    pub number: String,
    /// Its name.
    pub name: String,
    /// By what name it is known in EDI.
    pub key: String,
    /// In which dialect it reads, in a word of the exchange's.
    pub syntax: String,
    /// Who asked.
    pub buyer_name: String,
    /// By what name of EDI.
    pub buyer_key: String,
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewRow,
    (name, key, syntax): (&str, &str, &str),
    at: Moment,
) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.seller)
        .bind(&new.buyer_name)
        .bind(&new.buyer_key)
        .bind(&new.number)
        .bind(&new.lines)
        .bind(&new.note)
        .bind(new.answer_by)
        .bind(at)
        .bind(name)
        .bind(key)
        .bind(syntax)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn seller(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    rfq: Id<Rfq>,
) -> Result<Option<SellerElsewhere>, Fault> {
    conn.run(SELLER).bind(organisation).bind(rfq).optional().await
}

pub(super) async fn asked(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    number: &str,
    [one, other]: [&str; 2],
) -> Result<Option<Id<Rfq>>, Fault> {
    let query = conn.run(ASKED).bind(organisation).bind(one).bind(other).bind(number);
    Ok(query.optional::<(Id<Rfq>,)>().await?.map(|(id,)| id))
}

pub(super) async fn received(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    number: &str,
    (buyer, [one, other]): (Option<Id<Organisation>>, [&str; 2]),
) -> Result<Option<Id<Rfq>>, Fault> {
    let query = conn.run(RECEIVED).bind(organisation).bind(one).bind(other).bind(number);
    Ok(query.bind(buyer).optional::<(Id<Rfq>,)>().await?.map(|(id,)| id))
}
