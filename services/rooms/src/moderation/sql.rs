//! The tables `message_hidden` and `message_report`, and the rules of a room.

use gate::Caller;
use kernel::{Fault, Id, Moment, Organisation, Party, Person, Report, Room, Space};
use sharing::{Reader, RoomKind};
use store::{Conn, Tx, statements};

use super::slow::Last;

statements! {
    /// Hides a message.
    HIDE = "
        insert into message_hidden (room_id, seq, organisation_id, by_name, at)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing";

    /// Shows it again.
    SHOW unscoped "the caller keeps order in the room" = "
        delete from message_hidden where room_id = $1 and seq = $2";

    /// Changes the rules of a room.
    RULE unscoped "the caller keeps order in the room" = "
        update room set locked = $3, slow_s = $4, revision = revision + 1
        where id = $1 and revision = $2";

    /// The revision of a room's rules.
    REVISION unscoped "the caller keeps order in the room" = "
        select revision from room where id = $1";

    /// What somebody said last.
    LAST_SAID = "
        select e.at, e.cid
        from room_event e
        where e.room_id = $2 and e.author_id = $3 and e.organisation_id = $1 and e.kind = 'msg'
        order by e.seq desc
        limit 1";

    /// The message that is reported, with the side of its author, and the party by which that
    /// side reads the room.
    REPORTED = "
        select e.author_name, e.organisation_id as side, p.id as party_id
        from person_room r
        join room_event e on e.room_id = r.room_id and e.seq >= r.from_seq and e.seq >= r.first_seq
        left join room_party m on m.room_id = r.room_id
            and exists (
                select 1 from live_party l
                where l.id = m.party_id and l.organisation_id = e.organisation_id)
        left join space_party p on p.id = m.party_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $4) and e.seq = $3 and e.kind = 'msg'
        order by p.id
        limit 1";

    /// Keeps a report, once for each who reports.
    REPORT = "
        insert into message_report (id, organisation_id, room_id, seq, author_name, author_organisation_id, reporter_id, reporter_organisation_id, reason, at, state, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', 1)
        on conflict do nothing";

    /// What was reported to an organisation, where it takes part, the newest first. The words
    /// are there for who reads the room.
    REPORTS = "
        select p.id, p.room_id, p.seq, p.author_name, a.name as author_organisation,
               n.name as reporter_name, b.name as reporter_organisation, p.reason, p.at,
               p.state, s.name as settled_by, p.settled_at, p.revision, q.kind as room_kind,
               q.title as room_title, q.space_id,
               case when ',' || v.mask || ',' like '%,title,%' then d.title end as deal_title,
               (select case when e.hidden is null or e.hidden_of = $1 then
                           coalesce((select x.body from room_event x
                                     where x.room_id = e.room_id and x.target = e.seq
                                       and x.kind = 'edit' and x.body is not null
                                     order by x.seq desc limit 1), e.body)
                       end
                from person_room r
                join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
                    and e.seq >= r.first_seq
                where r.organisation_id = $1 and (r.person_id is null or r.person_id = $2)
                  and r.room_id = p.room_id and e.seq = p.seq and e.body is not null) as body
        from message_report p
        join room q on q.id = p.room_id
        join person n on n.id = p.reporter_id
        join organisation b on b.id = p.reporter_organisation_id
        left join organisation a on a.id = p.author_organisation_id
        left join person s on s.id = p.settled_by
        left join live_visible v
          on v.organisation_id = $1 and v.record_id = q.space_id and v.kind = 'deal'
        left join deal d on d.space_id = q.space_id
        where p.organisation_id = $1 and p.state = $3
          and exists (
              select 1 from room_party m
              join live_party l on l.id = m.party_id
              where m.room_id = p.room_id and l.organisation_id = $1)
        order by p.id desc
        limit 200";

    /// A report has been looked at, or is open again.
    SETTLE = "
        update message_report
        set state = $4, settled_by = $5, settled_at = $6, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3
          and exists (
              select 1 from room_party m
              join live_party l on l.id = m.party_id
              where m.room_id = message_report.room_id and l.organisation_id = $1)";

    /// The revision of a report.
    REPORT_REVISION = "
        select p.revision from message_report p
        where p.organisation_id = $1 and p.id = $2
          and exists (
              select 1 from room_party m
              join live_party l on l.id = m.party_id
              where m.room_id = p.room_id and l.organisation_id = $1)";
}

/// The message that is reported.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Reported {
    pub(super) author_name: String,
    pub(super) side: Option<Id<Organisation>>,
    pub(super) party_id: Option<Id<Party>>,
}

/// Who reports what to whom.
#[derive(Debug)]
pub(super) struct NewReport<'n> {
    pub(super) to: Id<Organisation>,
    pub(super) room: Id<Room>,
    pub(super) seq: i64,
    pub(super) message: &'n Reported,
    pub(super) reason: &'n str,
}

/// A report.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Report>,
    pub(super) room_id: Id<Room>,
    pub(super) seq: i64,
    pub(super) author_name: String,
    pub(super) author_organisation: Option<String>,
    pub(super) reporter_name: String,
    pub(super) reporter_organisation: String,
    pub(super) reason: String,
    pub(super) at: Moment,
    pub(super) state: String,
    pub(super) settled_by: Option<String>,
    pub(super) settled_at: Option<Moment>,
    pub(super) revision: i64,
    pub(super) room_kind: RoomKind,
    pub(super) room_title: String,
    pub(super) space_id: Id<Space>,
    pub(super) deal_title: Option<String>,
    pub(super) body: Option<String>,
}

pub(super) async fn hide(
    tx: &mut Tx,
    (room, seq): (Id<Room>, i64),
    side: Option<Id<Organisation>>,
    name: &str,
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(HIDE).bind(room).bind(seq).bind(side);
    query.bind(name.to_owned()).bind(now).execute().await.map(drop)
}

pub(super) async fn show(tx: &mut Tx, (room, seq): (Id<Room>, i64)) -> Result<(), Fault> {
    tx.run(SHOW).bind(room).bind(seq).execute().await.map(drop)
}

pub(super) async fn rule(
    tx: &mut Tx,
    (room, revision): (Id<Room>, i64),
    locked: bool,
    slow_s: i64,
) -> Result<bool, Fault> {
    let query = tx.run(RULE).bind(room).bind(revision).bind(locked).bind(slow_s);
    Ok(query.execute().await? == 1)
}

pub(super) async fn revision(conn: &mut Conn, room: Id<Room>) -> Result<i64, Fault> {
    let (revision,): (i64,) = conn.run(REVISION).bind(room).one().await?;
    Ok(revision)
}

pub(super) async fn last_said(
    conn: &mut Conn,
    caller: &Caller,
    room: Id<Room>,
) -> Result<Option<Last>, Fault> {
    let query = conn.run(LAST_SAID).bind(caller.organisation).bind(room);
    query.bind(caller.person).optional().await
}

pub(super) async fn reported(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<Reported>, Fault> {
    let query = conn.run(REPORTED).bind(reader.organisation).bind(room);
    query.bind(seq).bind(reader.person).optional().await
}

pub(super) async fn report(
    tx: &mut Tx,
    caller: &Caller,
    new: NewReport<'_>,
    now: Moment,
) -> Result<Option<Id<Report>>, Fault> {
    let id = Id::mint();
    let query = tx.run(REPORT).bind(id).bind(new.to).bind(new.room).bind(new.seq);
    let query = query.bind(new.message.author_name.clone()).bind(new.message.side);
    let query = query.bind(caller.person).bind(caller.organisation);
    let kept = query.bind(new.reason.to_owned()).bind(now).execute().await?;
    Ok((kept == 1).then_some(id))
}

pub(super) async fn reports(
    conn: &mut Conn,
    reader: (Id<Organisation>, Option<Id<Person>>),
    state: &'static str,
) -> Result<Vec<Row>, Fault> {
    conn.run(REPORTS).bind(reader.0).bind(reader.1).bind(state).all().await
}

pub(super) async fn settle(
    tx: &mut Tx,
    caller: &Caller,
    (report, revision): (Id<Report>, i64),
    settled: Option<Moment>,
) -> Result<bool, Fault> {
    let state = if settled.is_some() { "settled" } else { "open" };
    let query = tx.run(SETTLE).bind(caller.organisation).bind(report).bind(revision);
    let query = query.bind(state).bind(settled.map(|_| caller.person)).bind(settled);
    Ok(query.execute().await? == 1)
}

pub(super) async fn report_revision(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    report: Id<Report>,
) -> Result<Option<i64>, Fault> {
    let query = conn.run(REPORT_REVISION).bind(organisation).bind(report);
    let row: Option<(i64,)> = query.optional().await?;
    Ok(row.map(|(revision,)| revision))
}
