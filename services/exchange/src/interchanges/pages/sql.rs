//! The statements of a page of an inbox or outbox. Each walks one index, newest first, over so many
//! rows, and gives those that fit; and last where the walk ended, with how many rows it saw.

use kernel::{Fault, Id, Interchange, Moment, Organisation};
use store::{Conn, Statement, Tx, statements};

use super::Wanted;

statements! {
    /// It came back, before it was acknowledged.
    RETURNED unscoped "by the interchange in hand" = "
        update interchange set state = 'built', way = 'hub'
        where id = $1 and state = 'sent' and acknowledged_at is null";

    /// What an organisation holds, newest first.
    BY_TIME = "
        with walked as (
            select h.interchange_id as id, h.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange_party h
            where h.organisation_id = $1
              and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
            order by h.at desc, h.interchange_id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What an organisation holds in a state.
    BY_STATE = "
        with walked as (
            select h.interchange_id as id, h.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange_party h
            where h.organisation_id = $1 and h.state = $6
              and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
            order by h.at desc, h.interchange_id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What an organisation holds of a partner's, or sent to it.
    BY_PARTNER = "
        with walked as (
            select h.interchange_id as id, h.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange_party h
            where h.organisation_id = $1 and h.partner = $7
              and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
            order by h.at desc, h.interchange_id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What an organisation holds of a kind of document.
    BY_KIND = "
        with walked as (
            select h.interchange_id as id, h.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange_party h
            where h.organisation_id = $1 and h.kind = $8
              and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
            order by h.at desc, h.interchange_id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What an organisation holds that came or went by a way.
    BY_WAY = "
        with walked as (
            select h.interchange_id as id, h.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange_party h
            where h.organisation_id = $1 and h.way = $9
              and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
            order by h.at desc, h.interchange_id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What partners should have acknowledged by now.
    OVERDUE = "
        with walked as (
            select i.id as id, i.at as at, h.direction, h.state, h.partner, h.kind, h.way
            from interchange i
            join interchange_party h on h.interchange_id = i.id and h.organisation_id = $1
            where i.organisation_id = $1 and i.overdue_at is not null
              and (i.at, i.id) < ($2, $3) and i.at >= $4
            order by i.at desc, i.id desc
            limit $10)
        select * from (
            select w.id, w.at, cast(0 as bigint) as walked
            from walked w
            where (cast($5 as text) is null or w.direction = $5)
              and (cast($6 as text) is null or w.state = $6)
              and (cast($7 as text) is null or w.partner = $7)
              and (cast($8 as text) is null or w.kind = $8)
              and (cast($9 as text) is null or w.way = $9)
            order by w.at desc, w.id desc
            limit $11) found
        union all
        select * from (
            select w.id, w.at, (select count(*) from walked) as walked
            from walked w
            order by w.at, w.id
            limit 1) ended";

    /// What bears a number: its own, or that of an order, a request or a quote.
    BY_NUMBER = "
        select h.interchange_id as id, h.at, cast(0 as bigint) as walked
        from interchange_party h
        where h.organisation_id = $1
          and h.interchange_id in (
              select c.interchange_id from interchange_party c
              where c.organisation_id = $1 and c.number = $12
              union
              select x.interchange_id from interchange_order x
              join trade_order o on o.id = x.order_id and (o.seller_id = $1 or o.buyer_id = $1)
              where o.number = $13
              union
              select x.interchange_id from interchange_rfq x
              join rfq f on f.id = x.rfq_id and (f.seller_id = $1 or f.buyer_id = $1)
              where f.number = $13
              union
              select x.interchange_id from interchange_quote x
              join quote q on q.id = x.quote_id and (q.seller_id = $1 or q.buyer_id = $1)
              where q.number = $13)
          and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4
          and (cast($5 as text) is null or h.direction = $5)
          and (cast($6 as text) is null or h.state = $6)
          and (cast($7 as text) is null or h.partner = $7)
          and (cast($8 as text) is null or h.kind = $8)
          and (cast($9 as text) is null or h.way = $9)
          and (cast($10 as bigint) = 0
               or exists (select 1 from interchange i where i.id = h.interchange_id and i.organisation_id = $1 and i.overdue_at is not null))
        order by h.at desc, h.interchange_id desc
        limit $11";

    /// How many rows each index would have to be walked over, up to so many.
    LENGTHS = "
        select
            (select count(*) from (select 1 as one from interchange_party h
              where h.organisation_id = $1 and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4 limit $9) a) as all_of_time,
            (select count(*) from (select 1 as one from interchange_party h
              where h.organisation_id = $1 and h.state = $5 and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4 limit $9) b) as of_state,
            (select count(*) from (select 1 as one from interchange_party h
              where h.organisation_id = $1 and h.partner = $6 and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4 limit $9) c) as of_partner,
            (select count(*) from (select 1 as one from interchange_party h
              where h.organisation_id = $1 and h.kind = $7 and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4 limit $9) d) as of_kind,
            (select count(*) from (select 1 as one from interchange_party h
              where h.organisation_id = $1 and h.way = $8 and (h.at, h.interchange_id) < ($2, $3) and h.at >= $4 limit $9) e) as of_way";

    /// What its holders look for follows the interchange.
    FOLLOW unscoped "of the interchange in hand, for all who hold it" = "
        update interchange_party
        set partner = case when interchange_party.direction = 'in' then i.sender else i.receiver end,
            kind = i.kind, state = i.state, way = i.way, number = ltrim(coalesce(i.control_number, ''), '0')
        from interchange i
        where i.id = $1 and interchange_party.interchange_id = i.id";

    /// The partners of an organisation, each once: from one to the next through their index.
    PARTNERS = "
        with recursive known (partner) as (
            select (select min(h.partner) from interchange_party h where h.organisation_id = $1)
            union all
            select (select min(h.partner) from interchange_party h where h.organisation_id = $1 and h.partner > k.partner)
            from known k where k.partner is not null)
        select partner from known where partner is not null limit $2";

    /// The kinds of what it holds, each once.
    KINDS = "
        with recursive known (kind) as (
            select (select min(h.kind) from interchange_party h where h.organisation_id = $1)
            union all
            select (select min(h.kind) from interchange_party h where h.organisation_id = $1 and h.kind > k.kind)
            from known k where k.kind is not null)
        select kind from known where kind is not null limit $2";
}

/// One that fits, or (with how many rows were walked over) where the walk ended.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Step {
    pub(super) id: Id<Interchange>,
    pub(super) at: Moment,
    pub(super) walked: i64,
}

/// How long the walk over each index would be.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Lengths {
    pub(super) all_of_time: i64,
    pub(super) of_state: i64,
    pub(super) of_partner: i64,
    pub(super) of_kind: i64,
    pub(super) of_way: i64,
}

pub(super) async fn walk(
    conn: &mut Conn,
    statement: Statement,
    organisation: Id<Organisation>,
    wanted: &Wanted,
    (scan, limit): (i64, i64),
) -> Result<Vec<Step>, Fault> {
    let filter = &wanted.filter;
    let run = conn
        .run(statement)
        .bind(organisation)
        .bind(wanted.before.0)
        .bind(wanted.before.1)
        .bind(wanted.from)
        .bind(filter.direction)
        .bind(filter.state)
        .bind(filter.partner.clone())
        .bind(filter.kind.clone())
        .bind(filter.way)
        .bind(scan)
        .bind(limit);
    run.all().await
}

pub(super) async fn by_number(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: &Wanted,
    (number, limit): (&str, i64),
) -> Result<Vec<Step>, Fault> {
    let filter = &wanted.filter;
    // An interchange bears its number with as many zeros before it as its sender likes.
    let bare = number.trim_start_matches('0');
    conn.run(BY_NUMBER)
        .bind(organisation)
        .bind(wanted.before.0)
        .bind(wanted.before.1)
        .bind(wanted.from)
        .bind(filter.direction)
        .bind(filter.state)
        .bind(filter.partner.clone())
        .bind(filter.kind.clone())
        .bind(filter.way)
        .bind(i64::from(filter.overdue))
        .bind(limit)
        .bind(if bare.is_empty() { number } else { bare }.to_owned())
        .bind(number.to_owned())
        .all()
        .await
}

pub(super) async fn lengths(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: &Wanted,
    enough: i64,
) -> Result<Lengths, Fault> {
    let filter = &wanted.filter;
    conn.run(LENGTHS)
        .bind(organisation)
        .bind(wanted.before.0)
        .bind(wanted.before.1)
        .bind(wanted.from)
        .bind(filter.state)
        .bind(filter.partner.clone())
        .bind(filter.kind.clone())
        .bind(filter.way)
        .bind(enough)
        .one()
        .await
}

pub(super) async fn each(
    conn: &mut Conn,
    statement: Statement,
    organisation: Id<Organisation>,
    limit: i64,
) -> Result<Vec<(String,)>, Fault> {
    conn.run(statement).bind(organisation).bind(limit).all().await
}

/// Has what its holders look for follow an interchange that was changed.
pub(in super::super) async fn follow(
    tx: &mut Tx,
    id: Id<Interchange>,
) -> Result<(), Fault> {
    tx.run(FOLLOW).bind(id).execute().await.map(drop)
}

/// What was handed over came back; whether it was away.
pub(in super::super) async fn returned(
    tx: &mut Tx,
    id: Id<Interchange>,
) -> Result<bool, Fault> {
    let is = tx.run(RETURNED).bind(id).execute().await? == 1;
    if is {
        follow(tx, id).await?;
    }
    Ok(is)
}
