//! How an order goes on, and the papers that were kept of it.

use kernel::{Fault, Id, Moment, Order, Organisation, Space};
use store::{Conn, Tx, statements};

use crate::orders::OrderState;

statements! {
    /// Takes the lock of an order that an organisation sells or buys: what is sent and invoiced
    /// of it is counted by one at a time.
    LOCK unscoped "seller_id or buyer_id is the organisation" = "
        update trade_order set updated_at = updated_at
        where id = $2 and (seller_id = $1 or buyer_id = $1)";

    /// What stands beside an order.
    BESIDE unscoped "seller_id or buyer_id is the organisation" = "
        select state, agreed, space_id, closed_reason
        from trade_order
        where id = $2 and (seller_id = $1 or buyer_id = $1)";

    /// Moves an order that an organisation sells or buys.
    MOVE unscoped "seller_id or buyer_id is the organisation" = "
        update trade_order
        set agreed = case when state in ('accepted', 'accepted_with_change', 'changed') then state else agreed end,
            state = $4, closed_reason = coalesce($5, closed_reason), revision = revision + 1, updated_at = $6
        where id = $2 and (seller_id = $1 or buyer_id = $1) and revision = $3";

    /// A party's copy of a document, for good.
    HOLD = "
        insert into document_holding (sha256, organisation_id, bytes, media_type, at)
        values ($1, $2, $3, 'application/json', $4)
        on conflict do nothing";
}

/// What stands beside an order.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Beside {
    pub(super) state: OrderState,
    pub(super) agreed: Option<OrderState>,
    pub(super) space_id: Option<Id<Space>>,
    pub(super) closed_reason: Option<String>,
}

pub(super) async fn lock(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<(), Fault> {
    tx.run(LOCK).bind(organisation).bind(order).execute().await.map(drop)
}

pub(super) async fn beside(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Option<Beside>, Fault> {
    conn.run(BESIDE).bind(organisation).bind(order).optional().await
}

/// Whether it moved: false, if it changed in the meantime.
pub(super) async fn shift(
    tx: &mut Tx,
    (organisation, order, revision): (Id<Organisation>, Id<Order>, i64),
    (state, reason): (OrderState, Option<&str>),
    at: Moment,
) -> Result<bool, Fault> {
    let moved = tx
        .run(MOVE)
        .bind(organisation)
        .bind(order)
        .bind(revision)
        .bind(state)
        .bind(reason.map(str::to_owned))
        .bind(at)
        .execute()
        .await?;
    Ok(moved == 1)
}

pub(super) async fn hold(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (sha256, bytes): (&str, i64),
    at: Moment,
) -> Result<(), Fault> {
    tx.run(HOLD)
        .bind(sha256)
        .bind(organisation)
        .bind(bytes)
        .bind(at)
        .execute()
        .await
        .map(drop)
}
