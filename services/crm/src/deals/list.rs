//! Lists of deals and the board: only deals in which the organisation takes part now, and
//! only by fields that it may see. A stage or an amount outside the mask is in no count or sum.

use gate::Scope;
use kernel::{Currency, Fault, Id, Moment, Organisation, Space};
use store::{Conn, statements};

use super::{Stage, sql::CardRow};
use crate::{OrgRef, text::id_list};

statements! {
    /// Deals, the last changed first.
    LIST = "
        select d.space_id, d.title, d.account_name, d.amount_minor, d.currency, d.stage,
               d.close_on, d.next_step, d.revision, d.updated_at, v.mask, v.sort_at,
               s.host_id, h.name as host_name, s.visibility, s.state,
               m.stage_name as own_stage_name
        from live_visible v
        join deal d on d.space_id = v.record_id
        join space s on s.id = d.space_id
        join organisation h on h.id = s.host_id
        left join deal_side m on m.organisation_id = v.organisation_id and m.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal'
          and (v.sort_at, v.record_id) < ($2, $3)
          and ($5 = '' or (',' || v.mask || ',' like '%,stage,%' and d.stage = $5))
          and (' ' || v.sort_name like $6
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $6))
          and (' ' || v.sort_name like $7
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $7))
          and (' ' || v.sort_name like $8
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $8))
        order by v.sort_at desc, v.record_id desc
        limit $4";

    /// How many deals the list has.
    COUNT = "
        select count(*)
        from live_visible v
        join deal d on d.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal'
          and ($2 = '' or (',' || v.mask || ',' like '%,stage,%' and d.stage = $2))
          and (' ' || v.sort_name like $3
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $3))
          and (' ' || v.sort_name like $4
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $4))
          and (' ' || v.sort_name like $5
               or (',' || v.mask || ',' like '%,account,%' and ' ' || lower(d.account_name) like $5))";

    /// How many deals stand in each stage, and what they are worth: by currency, with those
    /// whose amount is masked under none.
    LANES = "
        select b.stage, b.currency, count(*), cast(sum(b.amount_minor) as bigint)
        from (select d.stage,
                     case when ',' || v.mask || ',' like '%,amount,%' then d.currency end as currency,
                     case when ',' || v.mask || ',' like '%,amount,%' then d.amount_minor end as amount_minor
              from live_visible v
              join deal d on d.space_id = v.record_id
              where v.organisation_id = $1 and v.kind = 'deal'
                and ',' || v.mask || ',' like '%,stage,%') b
        group by b.stage, b.currency
        order by b.stage, b.currency";

    /// The first deals of each stage, the last changed first.
    BOARD = "
        select b.space_id, b.title, b.account_name, b.amount_minor, b.currency, b.stage,
               b.close_on, b.next_step, b.revision, b.updated_at, b.mask, b.sort_at,
               s.host_id, h.name as host_name, s.visibility, s.state,
               m.stage_name as own_stage_name
        from (select d.space_id, d.title, d.account_name, d.amount_minor, d.currency, d.stage,
                     d.close_on, d.next_step, d.revision, d.updated_at, v.mask, v.sort_at,
                     v.organisation_id,
                     row_number() over (
                         partition by d.stage
                         order by v.sort_at desc, v.record_id desc) as place
              from live_visible v
              join deal d on d.space_id = v.record_id
              where v.organisation_id = $1 and v.kind = 'deal'
                and ',' || v.mask || ',' like '%,stage,%') b
        join space s on s.id = b.space_id
        join organisation h on h.id = s.host_id
        left join deal_side m on m.organisation_id = b.organisation_id and m.space_id = b.space_id
        where b.place <= $2
        order by b.sort_at desc, b.space_id desc";

    /// How many messages of others a person has not read in the rooms of deals: of each room
    /// up to a hundred.
    UNREAD = sqlite "
        select r.space_id,
               cast(sum((
                   select count(*) from (
                       select 1 from room_event e
                       where e.room_id = r.room_id and e.kind = 'msg' and e.body is not null
                         and e.seq >= r.from_seq and e.seq > coalesce(m.seq, 0)
                         and (e.author_id is null or e.author_id <> $2)
                       limit 100) n)) as bigint)
        from readable_room r
        left join room_read m
          on m.room_id = r.room_id and m.person_id = $2 and m.organisation_id = r.organisation_id
        where r.organisation_id = $1
          and r.space_id in (select unhex(i.value) from json_each($3) i)
          and r.head_seq > coalesce(m.seq, 0) and r.head_seq >= r.from_seq
        group by r.space_id", postgres "
        select r.space_id,
               cast(sum((
                   select count(*) from (
                       select 1 from room_event e
                       where e.room_id = r.room_id and e.kind = 'msg' and e.body is not null
                         and e.seq >= r.from_seq and e.seq > coalesce(m.seq, 0)
                         and (e.author_id is null or e.author_id <> $2)
                       limit 100) n)) as bigint)
        from readable_room r
        left join room_read m
          on m.room_id = r.room_id and m.person_id = $2 and m.organisation_id = r.organisation_id
        where r.organisation_id = $1
          and r.space_id in (select cast(i.value as uuid) from jsonb_array_elements_text(cast($3 as jsonb)) as i (value))
          and r.head_seq > coalesce(m.seq, 0) and r.head_seq >= r.from_seq
        group by r.space_id";

    /// The live parties of deals, as far as the organisation may know of them.
    PARTIES = sqlite "
        select p.space_id, o.id, o.name
        from live_party me
        join space s on s.id = me.space_id
        join live_party p on p.space_id = me.space_id
        join organisation o on o.id = p.organisation_id
        where me.organisation_id = $1
          and me.space_id in (select unhex(r.value) from json_each($2) r)
          and (s.visibility = 'full' or me.role = 'host' or p.role = 'host' or p.id = me.id)
        order by p.id", postgres "
        select p.space_id, o.id, o.name
        from live_party me
        join space s on s.id = me.space_id
        join live_party p on p.space_id = me.space_id
        join organisation o on o.id = p.organisation_id
        where me.organisation_id = $1
          and me.space_id in (select cast(r.value as uuid) from jsonb_array_elements_text(cast($2 as jsonb)) as r (value))
          and (s.visibility = 'full' or me.role = 'host' or p.role = 'host' or p.id = me.id)
        order by p.id";

    /// The titles of deals into which the organisation is invited, where the offer shows it.
    INVITED_TITLES = "
        select p.id,
               case when ',' || p.offered_mask || ',' like '%,title,%' then d.title end
        from space_party p
        join partnership h on h.id = p.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
        join deal d on d.space_id = p.space_id
        where p.organisation_id = $1 and p.state = 'invited'";
}

/// Which deals are asked for.
#[derive(Debug)]
pub(super) struct Ask {
    /// Only those in this stage.
    pub(super) stage: Option<Stage>,
    /// Patterns for words of title or account.
    pub(super) patterns: [String; 3],
}

pub(super) async fn page(
    conn: &mut Conn,
    scope: Scope,
    ask: &Ask,
    (at, id): (Moment, Id<Space>),
    limit: i64,
) -> Result<Vec<CardRow>, Fault> {
    let [first, second, third] = &ask.patterns;
    conn.run(LIST)
        .bind(scope.organisation())
        .bind(at)
        .bind(id)
        .bind(limit)
        .bind(ask.stage.map_or("", Stage::word))
        .bind(first)
        .bind(second)
        .bind(third)
        .all()
        .await
}

pub(super) async fn total(
    conn: &mut Conn,
    scope: Scope,
    ask: &Ask,
) -> Result<i64, Fault> {
    let [first, second, third] = &ask.patterns;
    let query = conn.run(COUNT).bind(scope.organisation());
    let query = query.bind(ask.stage.map_or("", Stage::word));
    let (count,): (i64,) = query.bind(first).bind(second).bind(third).one().await?;
    Ok(count)
}

/// What stands in a stage: in which currency, how many, worth how much. Without a currency:
/// those whose amount may not be seen.
pub(super) type Heap = (Stage, Option<Currency>, i64, Option<i64>);

pub(super) async fn lanes(conn: &mut Conn, scope: Scope) -> Result<Vec<Heap>, Fault> {
    conn.run(LANES).bind(scope.organisation()).all().await
}

pub(super) async fn unread(
    conn: &mut Conn,
    scope: Scope,
    deals: &[Id<Space>],
) -> Result<Vec<(Id<Space>, i64)>, Fault> {
    let Some(person) = scope.actor().filter(|_| !deals.is_empty()) else {
        return Ok(Vec::new());
    };
    let query = conn.run(UNREAD).bind(scope.organisation()).bind(person);
    query.bind(id_list(deals)).all().await
}

pub(super) async fn board(
    conn: &mut Conn,
    scope: Scope,
    each: i64,
) -> Result<Vec<CardRow>, Fault> {
    conn.run(BOARD).bind(scope.organisation()).bind(each).all().await
}

pub(super) async fn parties(
    conn: &mut Conn,
    scope: Scope,
    deals: &[Id<Space>],
) -> Result<Vec<(Id<Space>, OrgRef)>, Fault> {
    if deals.is_empty() {
        return Ok(Vec::new());
    }
    let query = conn.run(PARTIES).bind(scope.organisation()).bind(id_list(deals));
    let rows: Vec<(Id<Space>, Id<Organisation>, String)> = query.all().await?;
    Ok(rows.into_iter().map(|(deal, id, name)| (deal, OrgRef { id, name })).collect())
}

pub(super) async fn invited_titles(
    conn: &mut Conn,
    scope: Scope,
) -> Result<Vec<(Id<kernel::Party>, Option<String>)>, Fault> {
    conn.run(INVITED_TITLES).bind(scope.organisation()).all().await
}
