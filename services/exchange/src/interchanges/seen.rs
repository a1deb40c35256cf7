//! Interchanges as they are read. What people see goes through `interchange_party`.

use kernel::{Fault, Id, Interchange, Moment, Order, Organisation, Quote, Rfq, Space};
use store::{Conn, statements};

use super::{
    Way,
    rules::{Direction, InterchangeState},
};

statements! {
    /// What is to be judged.
    TO_JUDGE unscoped "who it belongs to is what judging finds out" = "
        select id, submitted_by, state, sha256, file, bytes, content, source, way, at
        from interchange
        where id = $1";

    /// What was answered to an interchange by its receiver.
    ANSWERS = "
        select id from interchange
        where organisation_id = $1 and acknowledges_id = $2 and direction = 'out'
        order by at, id";

    /// The orders that an interchange is about, with the deals that they stand in.
    ORDERS unscoped "by the interchange in hand" = "
        select o.id, o.space_id
        from interchange_order x
        join trade_order o on o.id = x.order_id
        where x.interchange_id = $1
        order by o.id";

    /// The 850 by which an order came to its seller.
    ORIGIN = "
        select i.id, i.sha256, x.set_ordinal
        from interchange_order x
        join interchange i on i.id = x.interchange_id and i.organisation_id = $1 and i.direction = 'in'
        join trade_order o on o.id = x.order_id and o.seller_id = $1
        where x.order_id = $2 and x.set_ordinal > 0
        order by i.at, i.id
        limit 1";

    /// An interchange that was made and is to be handed over.
    TO_DELIVER unscoped "the job's errand, by id" = "
        select organisation_id, kind, sha256, sender, receiver, control_number, state, asks_receipt
        from interchange
        where id = $1 and direction = 'out'";

    /// Who holds an interchange.
    HOLDERS unscoped "by the interchange in hand" = "
        select organisation_id, direction from interchange_party where interchange_id = $1";

    /// Interchanges that an organisation holds, of these.
    ROWS = sqlite "
        select i.id, p.direction, i.kind, i.state, i.control_number, i.sender, i.receiver, i.bytes, i.sha256,
               i.acknowledges_id, i.duplicate_of, i.faults, p.at, o.id as order_id, o.number as order_number,
               case when i.organisation_id = $1 then i.due_at end as due_at,
               case when i.organisation_id = $1 then i.overdue_at end as overdue_at, i.acknowledged_at,
               i.not_carried, i.way, f.id as rfq_id, f.number as rfq_number, q.id as quote_id, q.number as quote_number
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        left join trade_order o
          on o.id = (select x.order_id from interchange_order x where x.interchange_id = i.id order by x.order_id limit 1)
         and (o.seller_id = $1 or o.buyer_id = $1)
        left join rfq f
          on f.id = (select x.rfq_id from interchange_rfq x where x.interchange_id = i.id order by x.rfq_id limit 1)
         and (f.seller_id = $1 or f.buyer_id = $1)
        left join quote q
          on q.id = (select x.quote_id from interchange_quote x where x.interchange_id = i.id order by x.quote_id limit 1)
         and (q.seller_id = $1 or q.buyer_id = $1)
        where p.organisation_id = $1 and p.interchange_id in (select unhex(r.value) from json_each($2) r)", postgres "
        select i.id, p.direction, i.kind, i.state, i.control_number, i.sender, i.receiver, i.bytes, i.sha256,
               i.acknowledges_id, i.duplicate_of, i.faults, p.at, o.id as order_id, o.number as order_number,
               case when i.organisation_id = $1 then i.due_at end as due_at,
               case when i.organisation_id = $1 then i.overdue_at end as overdue_at, i.acknowledged_at,
               i.not_carried, i.way, f.id as rfq_id, f.number as rfq_number, q.id as quote_id, q.number as quote_number
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        left join trade_order o
          on o.id = (select x.order_id from interchange_order x where x.interchange_id = i.id order by x.order_id limit 1)
         and (o.seller_id = $1 or o.buyer_id = $1)
        left join rfq f
          on f.id = (select x.rfq_id from interchange_rfq x where x.interchange_id = i.id order by x.rfq_id limit 1)
         and (f.seller_id = $1 or f.buyer_id = $1)
        left join quote q
          on q.id = (select x.quote_id from interchange_quote x where x.interchange_id = i.id order by x.quote_id limit 1)
         and (q.seller_id = $1 or q.buyer_id = $1)
        where p.organisation_id = $1 and p.interchange_id in (select cast(r.value as uuid) from jsonb_array_elements_text(cast($2 as jsonb)) as r (value))";

    /// The interchanges about an order that an organisation holds, oldest first.
    OF_ORDER = "
        select p.interchange_id
        from interchange_order x
        join interchange_party p on p.interchange_id = x.interchange_id and p.organisation_id = $1
        join trade_order o on o.id = x.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        where x.order_id = $2
        order by p.at, p.interchange_id";

    /// What acknowledges these interchanges, as far as the organisation holds it.
    ACKS = sqlite "
        select a.acknowledges_id, a.id, a.kind, a.state
        from interchange a
        join interchange_party p on p.interchange_id = a.id and p.organisation_id = $1
        where a.acknowledges_id in (select unhex(r.value) from json_each($2) r)
        order by a.at, a.id", postgres "
        select a.acknowledges_id, a.id, a.kind, a.state
        from interchange a
        join interchange_party p on p.interchange_id = a.id and p.organisation_id = $1
        where a.acknowledges_id in (select cast(r.value as uuid) from jsonb_array_elements_text(cast($2 as jsonb)) as r (value))
        order by a.at, a.id";

    /// An interchange in quarantine that the organisation may have judged again: the receiver
    /// of it, or who sent it in while nobody receives it.
    REPLAYABLE = "
        select i.state
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        where p.organisation_id = $1 and p.interchange_id = $2 and i.direction = 'in'
          and (i.organisation_id = $1 or i.organisation_id is null)";
}

/// An interchange, as one who holds it sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Interchange>,
    pub(super) direction: Direction,
    pub(super) kind: String,
    pub(super) state: InterchangeState,
    pub(super) control_number: Option<String>,
    pub(super) sender: Option<String>,
    pub(super) receiver: Option<String>,
    pub(super) bytes: i64,
    pub(super) sha256: String,
    pub(super) acknowledges_id: Option<Id<Interchange>>,
    pub(super) duplicate_of: Option<Id<Interchange>>,
    pub(super) faults: String,
    pub(super) at: Moment,
    pub(super) order_id: Option<Id<Order>>,
    pub(super) order_number: Option<String>,
    /// Until when its receiver is to acknowledge it; for its sender alone.
    pub(super) due_at: Option<Moment>,
    pub(super) overdue_at: Option<Moment>,
    pub(super) acknowledged_at: Option<Moment>,
    pub(super) not_carried: String,
    pub(super) way: Way,
    pub(super) rfq_id: Option<Id<Rfq>>,
    pub(super) rfq_number: Option<String>,
    pub(super) quote_id: Option<Id<Quote>>,
    pub(super) quote_number: Option<String>,
}

/// What acknowledges an interchange.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct AckRow {
    pub(super) acknowledges_id: Id<Interchange>,
    pub(super) id: Id<Interchange>,
    pub(super) kind: String,
    pub(super) state: InterchangeState,
}

/// An interchange that is to be judged.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ToJudge {
    pub(super) id: Id<Interchange>,
    pub(super) submitted_by: Option<Id<Organisation>>,
    pub(super) state: InterchangeState,
    pub(super) sha256: String,
    pub(super) file: String,
    pub(super) bytes: i64,
    /// The SHA-256 of the interchange as it came, once it was read.
    pub(super) content: Option<String>,
    pub(super) source: String,
    pub(super) way: Way,
    pub(super) at: Moment,
}

/// An interchange that is to be handed over.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ToDeliver {
    pub(super) organisation_id: Id<Organisation>,
    pub(super) kind: String,
    pub(super) sha256: String,
    pub(super) sender: String,
    pub(super) receiver: String,
    pub(super) control_number: String,
    pub(super) state: InterchangeState,
    pub(super) asks_receipt: bool,
}

pub(super) async fn to_judge(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Option<ToJudge>, Fault> {
    conn.run(TO_JUDGE).bind(id).optional().await
}

pub(super) async fn answers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Vec<(Id<Interchange>,)>, Fault> {
    conn.run(ANSWERS).bind(organisation).bind(id).all().await
}

pub(super) async fn orders(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Vec<(Id<Order>, Option<Id<Space>>)>, Fault> {
    conn.run(ORDERS).bind(id).all().await
}

pub(super) async fn origin(
    conn: &mut Conn,
    seller: Id<Organisation>,
    order: Id<Order>,
) -> Result<Option<(Id<Interchange>, String, i64)>, Fault> {
    conn.run(ORIGIN).bind(seller).bind(order).optional().await
}

pub(super) async fn to_deliver(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Option<ToDeliver>, Fault> {
    conn.run(TO_DELIVER).bind(id).optional().await
}

pub(super) async fn holders(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<Vec<(Id<Organisation>, Direction)>, Fault> {
    conn.run(HOLDERS).bind(id).all().await
}

/// Those of these that the organisation holds, in no order.
pub(super) async fn rows(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    ids: &[Id<Interchange>],
) -> Result<Vec<Row>, Fault> {
    conn.run(ROWS).bind(organisation).bind(id_list(ids)).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Option<Row>, Fault> {
    Ok(rows(conn, organisation, &[id]).await?.pop())
}

pub(super) async fn of_order(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<(Id<Interchange>,)>, Fault> {
    conn.run(OF_ORDER).bind(organisation).bind(order).all().await
}

pub(super) async fn acks(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    ids: &[Id<Interchange>],
) -> Result<Vec<AckRow>, Fault> {
    conn.run(ACKS).bind(organisation).bind(id_list(ids)).all().await
}

/// Ids as a JSON list of hexadecimal texts: how a statement takes many.
fn id_list(ids: &[Id<Interchange>]) -> String {
    let quoted = ids.iter().map(|id| format!("\"{}\"", id.uuid().simple()));
    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
}

pub(super) async fn replayable(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Option<(InterchangeState,)>, Fault> {
    conn.run(REPLAYABLE).bind(organisation).bind(id).optional().await
}
