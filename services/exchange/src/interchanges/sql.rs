//! `interchange`, who holds it and what it is about: what is written, and looked up on the
//! way. What people see of it is read in `seen.rs`.

use kernel::{Fault, Id, Interchange, Moment, Order, Organisation};
use store::{Conn, Tx, statements};

use super::{
    Way, pages,
    rules::{Direction, InterchangeState},
};

statements! {
    /// The domain of an organisation.
    DOMAIN_OF unscoped "by its own id" = "
        select domain from organisation where id = $1";

    /// Keeps an interchange.
    INSERT = "
        insert into interchange (id, organisation_id, submitted_by, direction, kind, state, control_number, sender, receiver, sha256, bytes, source, acknowledges_id, file, content, group_control, faults, at, way, asks_receipt)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '[]', $17, $18, $19)";

    /// Somebody holds an interchange.
    HOLD = "
        insert into interchange_party (organisation_id, interchange_id, direction, at, partner, kind, state, way, number)
        select $1, i.id, $3, $4, case when $3 = 'in' then i.sender else i.receiver end, i.kind, i.state, i.way,
               ltrim(coalesce(i.control_number, ''), '0')
        from interchange i where i.id = $2
        on conflict (organisation_id, interchange_id) do update
        set direction = excluded.direction, partner = excluded.partner";

    /// A document is held.
    HOLD_DOCUMENT = "
        insert into document_holding (sha256, organisation_id, bytes, media_type, at)
        values ($1, $2, $3, 'application/edi-x12', $4)
        on conflict do nothing";

    /// Takes an interchange in hand, if it still is what it was.
    TAKE unscoped "who it belongs to is what judging finds out" = "
        update interchange set state = $2 where id = $1 and state = $2";

    /// Writes down the judgement.
    JUDGED = "
        update interchange
        set organisation_id = $2, kind = $3, state = $4, control_number = $5, sender = $6, receiver = $7,
            sha256 = $8, bytes = $9, content = $10, acknowledges_id = $11, duplicate_of = $12, faults = $13
        where id = $1";

    /// Interchanges that came before under a control number.
    EARLIER = "
        select id, content, state
        from interchange
        where organisation_id = $1 and sender = $2 and receiver = $3 and control_number = $4
          and direction = 'in' and state in ('applied', 'rejected', 'quarantined') and id <> $5
        order by at, id";

    /// Something of ours that a partner acknowledges, by the number of its group.
    SENT_GROUP = "
        select id, control_number, group_control
        from interchange
        where organisation_id = $1 and sender = $2 and receiver = $3 and direction = 'out'
          and kind not in ('997', 'TA1', 'CONTRL') and group_control = $4";

    /// Something of ours that a partner acknowledges, by its control number.
    SENT_INTERCHANGE = "
        select id, control_number, group_control
        from interchange
        where organisation_id = $1 and sender = $2 and receiver = $3 and direction = 'out'
          and control_number = $4";

    /// A partner refused something of ours.
    REFUSED = "
        update interchange set state = 'rejected'
        where organisation_id = $1 and id = $2 and direction = 'out'";

    /// An interchange is about an order.
    LINK unscoped "of rows made in the same breath" = "
        insert into interchange_order (interchange_id, order_id, set_ordinal)
        values ($1, $2, $3)
        on conflict do nothing";

    /// A partner acknowledged something of ours.
    ACKNOWLEDGED = "
        update interchange set acknowledged_at = coalesce(acknowledged_at, $3), overdue_at = null
        where organisation_id = $1 and id = $2 and direction = 'out'";

    /// Until when something of ours is to be acknowledged.
    AWAIT = "
        update interchange set due_at = $3
        where organisation_id = $1 and id = $2 and direction = 'out'";

    /// Something of ours was not acknowledged in time.
    OVERDUE unscoped "the job's errand, by id" = "
        update interchange set overdue_at = $2
        where id = $1 and direction = 'out' and state = 'sent' and acknowledged_at is null
          and due_at <= $2 and overdue_at is null
        returning organisation_id, kind, control_number, receiver";

    /// A partner is asked once more to acknowledge something of ours; gives how often by now.
    CHASE = "
        update interchange set chased = chased + 1, overdue_at = null
        where organisation_id = $1 and id = $2 and direction = 'out' and state = 'sent'
          and acknowledged_at is null and due_at is not null
        returning chased";

    /// Something goes out once more; gives how often by now.
    AGAIN unscoped "an answer to the interchange in hand" = "
        update interchange set chased = chased + 1 where id = $1 returning chased";

    /// It was handed over.
    DELIVERED unscoped "the job's errand, by id" = "
        update interchange set state = 'sent', way = $2 where id = $1 and state = 'built'";

    /// Holds the numbers of a pair until the commit.
    HOLD_NUMBERS = "
        insert into control_number (organisation_id, partner, kind, last_used)
        values ($1, $2, 'interchange', 0)
        on conflict (organisation_id, partner, kind) do update set last_used = control_number.last_used";

    /// Draws numbers of a pair; gives the last of them.
    DRAW = "
        insert into control_number (organisation_id, partner, kind, last_used)
        values ($1, $2, $3, $4)
        on conflict (organisation_id, partner, kind) do update set last_used = control_number.last_used + $4
        returning last_used";
}

pub(super) async fn domain_of(
    conn: &mut Conn,
    id: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = conn.run(DOMAIN_OF).bind(id).optional().await?;
    Ok(row.map(|(domain,)| domain))
}

/// A new interchange's columns.
#[derive(Clone, Debug)]
pub(super) struct NewRow {
    pub(super) id: Id<Interchange>,
    pub(super) organisation: Option<Id<Organisation>>,
    pub(super) submitted_by: Option<Id<Organisation>>,
    pub(super) direction: Direction,
    pub(super) kind: String,
    pub(super) state: InterchangeState,
    pub(super) control_number: Option<String>,
    pub(super) sender: Option<String>,
    pub(super) receiver: Option<String>,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) source: String,
    pub(super) way: Way,
    pub(super) asks_receipt: bool,
    pub(super) acknowledges: Option<Id<Interchange>>,
    pub(super) file: String,
    pub(super) group_control: Option<String>,
}

/// What judging found.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) organisation: Option<Id<Organisation>>,
    pub(super) kind: &'static str,
    pub(super) state: InterchangeState,
    pub(super) control_number: Option<String>,
    pub(super) sender: Option<String>,
    pub(super) receiver: Option<String>,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) content: Option<String>,
    pub(super) acknowledges: Option<Id<Interchange>>,
    pub(super) duplicate_of: Option<Id<Interchange>>,
    pub(super) faults: String,
}

pub(super) async fn insert(tx: &mut Tx, new: NewRow, at: Moment) -> Result<(), Fault> {
    tx.run(INSERT)
        .bind(new.id)
        .bind(new.organisation)
        .bind(new.submitted_by)
        .bind(new.direction)
        .bind(new.kind)
        .bind(new.state)
        .bind(new.control_number)
        .bind(new.sender)
        .bind(new.receiver)
        .bind(new.sha256)
        .bind(new.bytes)
        .bind(new.source)
        .bind(new.acknowledges)
        .bind(new.file)
        .bind(None::<String>)
        .bind(new.group_control)
        .bind(at)
        .bind(new.way)
        .bind(new.asks_receipt)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn judged(
    tx: &mut Tx,
    id: Id<Interchange>,
    judged: Judged,
) -> Result<(), Fault> {
    tx.run(JUDGED)
        .bind(id)
        .bind(judged.organisation)
        .bind(judged.kind)
        .bind(judged.state)
        .bind(judged.control_number)
        .bind(judged.sender)
        .bind(judged.receiver)
        .bind(judged.sha256)
        .bind(judged.bytes)
        .bind(judged.content)
        .bind(judged.acknowledges)
        .bind(judged.duplicate_of)
        .bind(judged.faults)
        .execute()
        .await?;
    pages::follow(tx, id).await
}

/// Notes that an organisation holds an interchange, and its bytes.
pub(super) async fn hold(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (id, sha256, bytes): (Id<Interchange>, &str, i64),
    direction: Direction,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(HOLD).bind(organisation).bind(id).bind(direction).bind(at).execute().await?;
    tx.run(HOLD_DOCUMENT)
        .bind(sha256)
        .bind(organisation)
        .bind(bytes)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

/// Whether it is still in that state, and ours to judge until the commit.
pub(super) async fn take(
    tx: &mut Tx,
    id: Id<Interchange>,
    state: InterchangeState,
) -> Result<bool, Fault> {
    Ok(tx.run(TAKE).bind(id).bind(state).execute().await? == 1)
}

/// An interchange that came before under a control number.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Earlier {
    pub(super) id: Id<Interchange>,
    pub(super) content: Option<String>,
    pub(super) state: InterchangeState,
}

/// Who receives from whom, under which number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address<'a> {
    pub(super) organisation: Id<Organisation>,
    pub(super) sender: &'a str,
    pub(super) receiver: &'a str,
    pub(super) number: &'a str,
}

pub(super) async fn earlier(
    conn: &mut Conn,
    address: Address<'_>,
    id: Id<Interchange>,
) -> Result<Vec<Earlier>, Fault> {
    conn.run(EARLIER)
        .bind(address.organisation)
        .bind(address.sender)
        .bind(address.receiver)
        .bind(address.number)
        .bind(id)
        .all()
        .await
}

pub(super) async fn sent(
    conn: &mut Conn,
    statement: store::Statement,
    address: Address<'_>,
) -> Result<Option<(Id<Interchange>, String, Option<String>)>, Fault> {
    conn.run(statement)
        .bind(address.organisation)
        .bind(address.sender)
        .bind(address.receiver)
        .bind(address.number)
        .optional()
        .await
}

pub(super) async fn refused(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<(), Fault> {
    tx.run(REFUSED).bind(organisation).bind(id).execute().await?;
    pages::follow(tx, id).await
}

pub(super) async fn link(
    tx: &mut Tx,
    id: Id<Interchange>,
    order: Id<Order>,
    set_ordinal: i64,
) -> Result<(), Fault> {
    tx.run(LINK).bind(id).bind(order).bind(set_ordinal).execute().await.map(drop)
}

pub(super) async fn delivered(
    tx: &mut Tx,
    id: Id<Interchange>,
    way: Way,
) -> Result<bool, Fault> {
    let is = tx.run(DELIVERED).bind(id).bind(way).execute().await? == 1;
    if is {
        pages::follow(tx, id).await?;
    }
    Ok(is)
}

pub(super) async fn acknowledged(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ACKNOWLEDGED).bind(organisation).bind(id).bind(at).execute().await.map(drop)
}

pub(super) async fn expect(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
    due: Moment,
) -> Result<(), Fault> {
    tx.run(AWAIT).bind(organisation).bind(id).bind(due).execute().await.map(drop)
}

/// What was not acknowledged in time.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OverdueRow {
    pub(super) organisation_id: Id<Organisation>,
    pub(super) kind: String,
    pub(super) control_number: String,
    pub(super) receiver: String,
}

pub(super) async fn overdue(
    tx: &mut Tx,
    id: Id<Interchange>,
    now: Moment,
) -> Result<Option<OverdueRow>, Fault> {
    tx.run(OVERDUE).bind(id).bind(now).optional().await
}

pub(super) async fn chase(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
) -> Result<Option<(i64,)>, Fault> {
    tx.run(CHASE).bind(organisation).bind(id).optional().await
}

pub(super) async fn again(tx: &mut Tx, id: Id<Interchange>) -> Result<i64, Fault> {
    let (chased,): (i64,) = tx.run(AGAIN).bind(id).one().await?;
    Ok(chased)
}

pub(super) async fn hold_numbers(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    pair: &str,
) -> Result<(), Fault> {
    tx.run(HOLD_NUMBERS).bind(organisation).bind(pair).execute().await.map(drop)
}

pub(super) async fn draw_numbers(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    pair: &str,
    kind: &str,
    count: i64,
) -> Result<i64, Fault> {
    let (last,) = tx
        .run(DRAW)
        .bind(organisation)
        .bind(pair)
        .bind(kind)
        .bind(count)
        .one::<(i64,)>()
        .await?;
    Ok(last)
}
