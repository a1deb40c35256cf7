//! The tables `room`, `room_party`, `room_read`; and reading `room_event`.

use kernel::{Fault, Guest, Id, Moment, Organisation, Party, Person, Room, Space};
use store::{Conn, Tx, statements};
use uuid::Uuid;

use super::{
    Author, Event, EventKind, NewTopic, Reach, Reader, RoomKind, Via, may_write,
};
use crate::{History, Mask, Verbs};

statements! {
    /// How far an organisation's right to a room goes.
    REACH = "
        select r.room_id, r.space_id, r.kind, r.title, r.epoch, r.head_seq,
               r.first_seq, r.from_seq, r.party_id, v.verbs, v.mask, k.locked,
               r.locked as closed, r.slow_s,
               case when r.kind = 'direct'
                    then (select count(*) from person_room o
                          where o.room_id = r.room_id and o.person_id <> r.person_id)
                    else 0 end as others
        from person_room r
        left join topic k on k.room_id = r.room_id
        left join live_visible v
          on v.organisation_id = r.organisation_id and v.record_id = r.space_id and v.kind = 'deal'
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// The rooms of a space that an organisation may read.
    ROOMS_OF = "
        select r.room_id, r.space_id, r.kind, r.title, r.epoch, r.head_seq,
               r.first_seq, r.from_seq, r.party_id, v.verbs, v.mask, k.locked,
               r.locked as closed, r.slow_s, cast(0 as bigint) as others
        from person_room r
        left join topic k on k.room_id = r.room_id
        left join live_visible v
          on v.organisation_id = r.organisation_id and v.record_id = r.space_id and v.kind = 'deal'
        where r.organisation_id = $1 and r.space_id = $2 and r.person_id is null
        order by case r.kind when 'main' then 0 when 'internal' then 1 else 2 end, r.room_id";

    /// What follows a seq.
    AFTER = "
        select e.room_id, e.seq, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name, e.cid, e.via, e.target, e.at, e.hidden,
               case when e.hidden is null or e.hidden_of = $1 then e.body end as body,
               case when e.hidden is null or e.hidden_of = $1 then e.detail end as detail
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        left join organisation o on o.id = e.organisation_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $5) and e.seq > $3
        order by e.seq
        limit $4";

    /// What precedes a seq, newest first.
    BEFORE = "
        select e.room_id, e.seq, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name, e.cid, e.via, e.target, e.at, e.hidden,
               case when e.hidden is null or e.hidden_of = $1 then e.body end as body,
               case when e.hidden is null or e.hidden_of = $1 then e.detail end as detail
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        left join organisation o on o.id = e.organisation_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $5) and e.seq < $3
        order by e.seq desc
        limit $4";

    /// Who may read a room now.
    AUDIENCE = "
        select distinct organisation_id from readable_room where room_id = $1 order by organisation_id";

    /// The main room of a space.
    MAIN_ROOM unscoped "the caller has shown its right to the space" = "
        select id from room where space_id = $1 and kind = 'main'";

    /// The room of an organisation's own notes.
    INTERNAL_ROOM = "
        select id from room where space_id = $1 and organisation_id = $2 and kind = 'internal'";

    /// Opens a room with an empty log.
    OPEN = "
        insert into room (id, space_id, kind, organisation_id, title, epoch, head_seq, first_seq, created_at)
        values ($1, $2, $3, $4, $5, 'e1', 0, 1, $6)";

    /// What a new topic has besides its room.
    OPEN_TOPIC = "
        insert into topic (room_id, opened_by, organisation_id, category, locked, origin, revision)
        values ($1, $2, $3, $4, $5, $6, 1)";

    /// Gives a room another title.
    RENAME unscoped "the caller has shown its right to the topic" = "
        update room set title = $2 where id = $1";

    /// Lets every active party into a new room; one whose partnership is suspended reads it once
    /// that is resumed.
    ADMIT_ALL unscoped "by the space that the caller has shown its right to" = "
        insert into room_party (room_id, party_id, from_seq)
        select $1, p.id, 1 from space_party p where p.space_id = $2 and p.state = 'active'";

    /// Lets a party into one room, from its beginning.
    ADMIT_ONE unscoped "by the party that has just become active" = "
        insert into room_party (room_id, party_id, from_seq)
        values ($1, $2, 1)
        on conflict do nothing";

    /// Lets a party into a space's shared rooms.
    ADMIT_SHARED unscoped "by the party that has just become active" = "
        insert into room_party (room_id, party_id, from_seq)
        select r.id, $2, case when $3 = 'all' then 1 else r.head_seq + 1 end
        from room r
        where r.space_id = $1 and r.kind <> 'internal'";

    /// Notes how far a person has read.
    MARK_READ = "
        insert into room_read (room_id, person_id, organisation_id, seq)
        select r.room_id, $3, r.organisation_id,
               case when $4 < r.head_seq then $4 else r.head_seq end
        from person_room r
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)
        on conflict (room_id, person_id, organisation_id) do update
        set seq = excluded.seq
        where room_read.seq < excluded.seq";

    /// How far a person has read.
    READ_MARK = "
        select seq from room_read where organisation_id = $1 and person_id = $2 and room_id = $3";
}

#[derive(sqlx::FromRow)]
struct ReachRow {
    room_id: Id<Room>,
    space_id: Id<Space>,
    kind: RoomKind,
    title: String,
    epoch: String,
    head_seq: i64,
    first_seq: i64,
    from_seq: i64,
    party_id: Id<Party>,
    verbs: Option<String>,
    mask: Option<String>,
    /// None for what is no topic.
    locked: Option<bool>,
    closed: bool,
    slow_s: i64,
    /// Who else reads a room of two people now.
    others: i64,
}

impl From<ReachRow> for Reach {
    fn from(row: ReachRow) -> Self {
        let verbs = row.verbs.as_deref().map(Verbs::read).unwrap_or_default();
        Self {
            room: row.room_id,
            space: row.space_id,
            kind: row.kind,
            title: row.title,
            epoch: row.epoch,
            head: row.head_seq,
            first: row.first_seq.max(row.from_seq),
            party: row.party_id,
            may_write: may_write(row.kind, verbs, row.others > 0)
                && row.locked != Some(true)
                && !row.closed,
            locked: row.closed,
            slow_s: row.slow_s,
            mask: row.mask.as_deref().map(Mask::read).unwrap_or_default(),
        }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    room_id: Id<Room>,
    seq: i64,
    kind: EventKind,
    author_kind: String,
    author_id: Option<Uuid>,
    author_name: String,
    organisation_id: Option<Id<Organisation>>,
    organisation_name: Option<String>,
    cid: Option<String>,
    body: Option<String>,
    via: Option<Via>,
    target: Option<i64>,
    detail: Option<String>,
    at: Moment,
    hidden: Option<String>,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        let author = match (row.author_kind.as_str(), row.author_id) {
            ("person", Some(id)) => Id::<Person>::from_uuid(id).to_string(),
            ("guest", Some(id)) => Id::<Guest>::from_uuid(id).to_string(),
            _ => "system".to_owned(),
        };
        Self {
            room: row.room_id,
            seq: row.seq,
            kind: row.kind,
            author,
            name: row.author_name,
            organisation: row.organisation_id,
            organisation_name: row.organisation_name,
            cid: row.cid,
            at: row.at.millis(),
            body: row.body,
            via: row.via,
            target: row.target,
            detail: row.detail.and_then(|text| serde_json::from_str(&text).ok()),
            hidden: row.hidden,
        }
    }
}

pub(super) async fn reach(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
) -> Result<Option<Reach>, Fault> {
    let row: Option<ReachRow> = conn
        .run(REACH)
        .bind(reader.organisation)
        .bind(room)
        .bind(reader.person)
        .optional()
        .await?;
    Ok(row.map(Reach::from))
}

pub(super) async fn rooms_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<Reach>, Fault> {
    let rows: Vec<ReachRow> =
        conn.run(ROOMS_OF).bind(organisation).bind(space).all().await?;
    Ok(rows.into_iter().map(Reach::from).collect())
}

pub(super) async fn after(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    seq: i64,
    limit: i64,
) -> Result<Vec<Event>, Fault> {
    let rows: Vec<EventRow> = conn
        .run(AFTER)
        .bind(reader.organisation)
        .bind(room)
        .bind(seq)
        .bind(limit)
        .bind(reader.person)
        .all()
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

pub(super) async fn before(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    seq: i64,
    limit: i64,
) -> Result<Vec<Event>, Fault> {
    let rows: Vec<EventRow> = conn
        .run(BEFORE)
        .bind(reader.organisation)
        .bind(room)
        .bind(seq)
        .bind(limit)
        .bind(reader.person)
        .all()
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

pub(super) async fn audience(
    conn: &mut Conn,
    room: Id<Room>,
) -> Result<Vec<Id<Organisation>>, Fault> {
    let rows: Vec<(Id<Organisation>,)> = conn.run(AUDIENCE).bind(room).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn main_room(
    conn: &mut Conn,
    space: Id<Space>,
) -> Result<Id<Room>, Fault> {
    let (room,): (Id<Room>,) = conn.run(MAIN_ROOM).bind(space).one().await?;
    Ok(room)
}

pub(super) async fn internal_room(
    conn: &mut Conn,
    space: Id<Space>,
    organisation: Id<Organisation>,
) -> Result<Option<Id<Room>>, Fault> {
    let room: Option<(Id<Room>,)> =
        conn.run(INTERNAL_ROOM).bind(space).bind(organisation).optional().await?;
    Ok(room.map(|(id,)| id))
}

pub(super) async fn open(
    tx: &mut Tx,
    room: Id<Room>,
    space: Id<Space>,
    kind: RoomKind,
    organisation: Option<Id<Organisation>>,
    title: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(OPEN)
        .bind(room)
        .bind(space)
        .bind(kind)
        .bind(organisation)
        .bind(title)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn open_topic(
    tx: &mut Tx,
    room: Id<Room>,
    topic: NewTopic<'_>,
) -> Result<(), Fault> {
    let (person, organisation) = match topic.author {
        Author::Person { person, organisation } => (Some(*person), Some(*organisation)),
        Author::Guest { .. } | Author::System => (None, None),
    };
    let query = tx.run(OPEN_TOPIC).bind(room).bind(person).bind(organisation);
    let query = query.bind(topic.category.to_owned()).bind(false);
    query.bind(topic.origin).execute().await.map(drop)
}

pub(super) async fn rename(
    tx: &mut Tx,
    room: Id<Room>,
    title: &str,
) -> Result<(), Fault> {
    tx.run(RENAME).bind(room).bind(title.to_owned()).execute().await.map(drop)
}

pub(super) async fn admit_all(
    tx: &mut Tx,
    room: Id<Room>,
    space: Id<Space>,
) -> Result<(), Fault> {
    tx.run(ADMIT_ALL).bind(room).bind(space).execute().await.map(drop)
}

pub(super) async fn admit_one(
    tx: &mut Tx,
    room: Id<Room>,
    party: Id<Party>,
) -> Result<(), Fault> {
    tx.run(ADMIT_ONE).bind(room).bind(party).execute().await.map(drop)
}

pub(super) async fn admit_shared(
    tx: &mut Tx,
    space: Id<Space>,
    party: Id<Party>,
    history: History,
) -> Result<(), Fault> {
    tx.run(ADMIT_SHARED).bind(space).bind(party).bind(history).execute().await.map(drop)
}

pub(super) async fn mark_read(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
    seq: i64,
) -> Result<bool, Fault> {
    let query = tx.run(MARK_READ).bind(organisation).bind(room).bind(person);
    Ok(query.bind(seq).execute().await? > 0)
}

pub(super) async fn read_mark(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
) -> Result<i64, Fault> {
    let mark: Option<(i64,)> =
        conn.run(READ_MARK).bind(organisation).bind(person).bind(room).optional().await?;
    Ok(mark.map_or(0, |(seq,)| seq))
}
