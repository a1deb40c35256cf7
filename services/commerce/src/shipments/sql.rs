//! `shipment`. Who sells or buys its order reads it.

use kernel::{Day, Fault, Id, Moment, Order, Organisation, Shipment};
use store::{Conn, Tx, statements};

statements! {
    /// Keeps a dispatch advice, unless its seller has one of that number.
    INSERT unscoped "seller_id is the organisation" = "
        insert into shipment (id, order_id, seller_id, number, sent_on, expected_on, carrier, tracking, note, lines, packages, sha256, at, seller_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict do nothing";

    /// The dispatch advices of an order that an organisation sells or buys, oldest first.
    OF_ORDER unscoped "seller_id or buyer_id is the organisation" = "
        select m.id, m.number, o.id as order_id, o.number as order_number, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.buyer_id, o.buyer_name, m.sent_on, m.expected_on, m.carrier, m.tracking, m.note, m.lines, m.packages, m.sha256, m.at
        from shipment m
        join trade_order o on o.id = m.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        join organisation s on s.id = o.seller_id
        where m.order_id = $2
        order by m.at, m.id";

    /// A dispatch advice of an order that an organisation sells or buys.
    ONE unscoped "seller_id or buyer_id is the organisation" = "
        select m.id, m.number, o.id as order_id, o.number as order_number, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.buyer_id, o.buyer_name, m.sent_on, m.expected_on, m.carrier, m.tracking, m.note, m.lines, m.packages, m.sha256, m.at
        from shipment m
        join trade_order o on o.id = m.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        join organisation s on s.id = o.seller_id
        where m.id = $2";
}

/// A dispatch advice, as an organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Id<Shipment>,
    pub(crate) number: String,
    pub(crate) order_id: Id<Order>,
    pub(crate) order_number: String,
    pub(crate) seller_id: Id<Organisation>,
    pub(crate) seller_name: String,
    pub(crate) seller_key: Option<String>,
    pub(crate) buyer_id: Option<Id<Organisation>>,
    pub(crate) buyer_name: String,
    pub(crate) sent_on: Day,
    pub(crate) expected_on: Option<Day>,
    pub(crate) carrier: String,
    pub(crate) tracking: String,
    pub(crate) note: String,
    pub(crate) lines: String,
    pub(crate) packages: String,
    pub(crate) sha256: String,
    pub(crate) at: Moment,
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(tx: &mut Tx, new: &Row) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.order_id)
        .bind(new.seller_id)
        .bind(&new.number)
        .bind(new.sent_on)
        .bind(new.expected_on)
        .bind(&new.carrier)
        .bind(&new.tracking)
        .bind(&new.note)
        .bind(&new.lines)
        .bind(&new.packages)
        .bind(&new.sha256)
        .bind(new.at)
        .bind(new.seller_key.clone().unwrap_or_default())
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn of_order(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OF_ORDER).bind(organisation).bind(order).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    shipment: Id<Shipment>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(shipment).optional().await
}
