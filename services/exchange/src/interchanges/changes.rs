//! Changes of orders that come in: 860 and ORDCHG; and which papers carry and answer a change.

use commerce::changes::{self, Refusal};
use gate::Scope;
use kernel::{Fault, Id, Interchange, Order, Organisation};
use store::{Conn, Tx, statements};

use super::{
    apply::{Case, Lines, receives},
    sql,
};
use crate::dialects::Paper;

statements! {
    /// An interchange carries a change of an order, or answers one (set 0).
    LINK_CHANGE unscoped "of rows made in the same breath" = "
        insert into interchange_change (interchange_id, order_id, ordinal, set_ordinal)
        values ($1, $2, $3, $4)
        on conflict do nothing";

    /// The change that a set of an interchange was taken for.
    CHANGE_OF unscoped "by the interchange in hand" = "
        select order_id from interchange_change where interchange_id = $1 and set_ordinal = $2";

    /// The paper by which an order went out.
    SENT_BY = "
        select i.kind, i.sender, i.receiver
        from interchange_order x
        join interchange i on i.id = x.interchange_id and i.organisation_id = $1 and i.direction = 'out'
        join trade_order o on o.id = x.order_id and o.buyer_id = $1 and o.seller_key is not null
        where x.order_id = $2 and i.kind in ('850', 'ORDERS')
        order by i.at, i.id
        limit 1";

    /// The paper by which a change came to its seller.
    ORIGIN_OF_CHANGE = "
        select i.sha256, x.set_ordinal
        from interchange_change x
        join interchange i on i.id = x.interchange_id and i.organisation_id = $1 and i.direction = 'in'
        join trade_order o on o.id = x.order_id and o.seller_id = $1
        where x.order_id = $2 and x.ordinal = $3 and x.set_ordinal > 0
        order by i.at, i.id
        limit 1";
}

/// The paper by which an order went to a seller that is not on the hub.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct SentBy {
    /// `850` or `ORDERS`.
    pub(crate) kind: String,
    /// The buyer's EDI name.
    pub(crate) sender: String,
    /// The seller's.
    pub(crate) receiver: String,
}

/// The paper by which an organisation sent an order; none where its seller is on the hub.
pub(crate) async fn sent_by(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Option<SentBy>, Fault> {
    conn.run(SENT_BY).bind(organisation).bind(order).optional().await
}

/// What the changes of an interchange came to.
#[derive(Default)]
pub(super) struct Changes {
    /// The orders with a change that is news.
    pub(super) new: Vec<Id<Order>>,
    /// The orders of all of them.
    pub(super) all: Vec<Id<Order>>,
}

/// Receives a change of an order.
///
/// # Errors
/// In plain words, why it is no good change; a fault is ours.
pub(super) async fn take(
    tx: &mut Tx,
    case: &Case<'_>,
    (paper, set): (Paper<'_, '_>, i64),
    lines: &mut Lines,
    all: &mut Changes,
) -> Result<Result<(), String>, Fault> {
    let query = tx.run(CHANGE_OF).bind(case.id).bind(set);
    let before: Option<(Id<Order>,)> = query.optional().await?;
    if let Some((order,)) = before {
        all.all.push(order);
        return Ok(Ok(()));
    }
    let asked = match paper.changed() {
        Ok(asked) => asked,
        Err(why) => return Ok(Err(why)),
    };
    let what = format!("change of order {}", asked.order);
    if let Err(why) = lines.count(&what, asked.lines()) {
        return Ok(Err(why));
    }
    let (_, sender) = case.names;
    let permit = receives(case.receiver);
    let of = (sender, asked.order.as_str());
    let received =
        changes::receive(tx, &permit, of, |order| asked.wanted(order), case.now).await;
    let taken = match received {
        Ok(received) => received,
        Err(refusal) => {
            let why = refusal.into_words()?;
            return Ok(Err(format!("{what}: {why}")));
        }
    };
    let (order, change) = (taken.order, (taken.order, taken.ordinal));
    link_change(tx, case.id, change, set).await?;
    if let Some(settled) = &taken.settled {
        let (on, of) = ((case.house, &mut *tx), (change, settled));
        let told = crate::changes::confirm(on, &permit, of, case.now).await;
        if let Err(refusal) = told {
            let why = refusal.into_words()?;
            return Ok(Err(format!("{what}: {why}")));
        }
    }
    sql::link(tx, case.id, order, 0).await?;
    all.all.push(order);
    if taken.new {
        all.new.push(order);
    }
    Ok(Ok(()))
}

/// An interchange carries a change in the set of this ordinal, from 1, or answers it (0).
pub(crate) async fn link_change(
    tx: &mut Tx,
    id: Id<Interchange>,
    (order, ordinal): (Id<Order>, i64),
    set: i64,
) -> Result<(), Fault> {
    let query = tx.run(LINK_CHANGE).bind(id).bind(order).bind(ordinal);
    query.bind(set).execute().await.map(drop)
}

/// Where a change came from: its file, and which of its sets it is, from 1. None where it was
/// asked for in the browser, and for others than the order's seller.
pub(crate) async fn origin_of_change(
    conn: &mut Conn,
    scope: Scope,
    (order, ordinal): (Id<Order>, i64),
) -> Result<Option<(String, i64)>, Fault> {
    let query = conn.run(ORIGIN_OF_CHANGE).bind(scope.organisation());
    query.bind(order).bind(ordinal).optional().await
}

/// Tells people of a change that has just been received.
pub(super) async fn announce(
    tx: &mut Tx,
    permit: &gate::Permit<commerce::orders::ReceiveOrders>,
    order: Id<Order>,
    now: kernel::Moment,
) -> Result<(), Fault> {
    match changes::announce(tx, permit, order, now).await {
        Ok(()) => Ok(()),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(refusal) => Err(Fault::new("telling of a change")(refusal)),
    }
}
