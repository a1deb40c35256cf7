//! What was said about messages: better words, reactions, pins, answers. Each is an event of
//! its own, which names the message as its target; nothing is changed in place, except that
//! what was taken back is gone.

use kernel::{Fault, Id, Moment, Organisation, Person, Room};
use serde_json::Value;
use store::{Conn, Tx, statements};
use uuid::Uuid;

use super::{Event, EventKind, Reader, hold, sql::EventRow, words};

statements! {
    /// A message that an organisation may read.
    MESSAGE = "
        select e.author_kind, e.author_id, e.organisation_id, e.hidden,
               e.body is null as gone,
               (e.body is null or (e.hidden is not null and coalesce(e.hidden_of <> $1, 1 = 1))) as redacted
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq and e.seq >= r.first_seq
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $4) and e.seq = $3 and e.kind = 'msg'";

    /// What was said about messages from one seq to another.
    ABOUT = "
        select e.seq, e.kind, e.target, e.author_id, e.author_name, e.at,
               case when e.hidden is null or e.hidden_of = $1 then e.body end as body,
               case when e.hidden is null or e.hidden_of = $1 then e.detail end as detail
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $6) and e.target >= $3 and e.target <= $4
          and e.target >= r.from_seq and e.kind in ('msg', 'edit', 'redact', 'react', 'pin')
        order by e.seq desc
        limit $5";

    /// The messages whose last word is that they are pinned, the one pinned last first.
    PINNED = "
        select e.room_id, e.seq, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name, e.cid, e.via, e.target, e.at, e.hidden,
               case when e.hidden is null or e.hidden_of = $1 then e.body end as body,
               case when e.hidden is null or e.hidden_of = $1 then e.detail end as detail
        from person_room r
        join room_event p on p.room_id = r.room_id and p.seq >= r.from_seq and p.kind = 'pin'
        join told_event e on e.room_id = p.room_id and e.seq = p.target and e.seq >= r.from_seq
        left join organisation o on o.id = e.organisation_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $5) and p.detail = $3 and e.body is not null
          and not exists (
              select 1 from room_event l
              where l.room_id = p.room_id and l.target = p.target and l.kind = 'pin' and l.seq > p.seq)
        order by p.seq desc
        limit $4";

    /// The answers to a message.
    THREAD = "
        select e.room_id, e.seq, e.kind, e.author_kind, e.author_id, e.author_name,
               e.organisation_id, o.name as organisation_name, e.cid, e.via, e.target, e.at, e.hidden,
               case when e.hidden is null or e.hidden_of = $1 then e.body end as body,
               case when e.hidden is null or e.hidden_of = $1 then e.detail end as detail
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        left join organisation o on o.id = e.organisation_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $6) and e.target = $3 and e.kind = 'msg' and e.seq > $4
        order by e.seq
        limit $5";

    /// The last event before a moment.
    BEFORE_MOMENT = "
        select max(e.seq)
        from person_room r
        join room_event e on e.room_id = r.room_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $4) and e.at < $3";

    /// Takes the words of a message back, and all the better ones.
    REDACT unscoped "the caller has shown its right to the message" = "
        update room_event set body = null, body_hash = null, detail = null
        where room_id = $1 and ((seq = $2 and kind = 'msg') or (target = $2 and kind = 'edit'))";
}

/// How many events about one page of messages are looked at.
const MOST_ABOUT: i64 = 5_000;
/// How many pins are told.
const MOST_PINS: i64 = 100;
/// The detail of a pin that holds.
const ON: &str = r#"{"on":true}"#;

/// A message, for those who may do something about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Message {
    /// Who said it, if it was a person.
    pub person: Option<Id<Person>>,
    /// For which organisation.
    pub organisation: Option<Id<Organisation>>,
    /// Whether its words may not be read: it was taken back, or is hidden from the reader.
    pub redacted: bool,
    /// Whether it was taken back.
    pub gone: bool,
    /// Whether it is hidden from others than its author's side.
    pub hidden: bool,
}

/// Something that was said about a message.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Its own place in the log.
    pub seq: i64,
    /// What it is: an answer, an edit, a reaction or a pin.
    pub kind: EventKind,
    /// The message.
    pub target: i64,
    /// Who said it, if it was a person.
    pub person: Option<Id<Person>>,
    /// Their name at that time.
    pub name: String,
    /// The words of an edit.
    pub body: Option<String>,
    /// What its kind adds.
    pub detail: Option<Value>,
    /// When.
    pub at: Moment,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    author_kind: String,
    author_id: Option<Uuid>,
    organisation_id: Option<Id<Organisation>>,
    redacted: bool,
    gone: bool,
    hidden: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AboutRow {
    seq: i64,
    kind: EventKind,
    target: i64,
    author_id: Option<Uuid>,
    author_name: String,
    body: Option<String>,
    detail: Option<String>,
    at: Moment,
}

/// A message that an organisation may read; none for what is no message.
///
/// # Errors
/// If the database fails.
pub async fn message(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<Message>, Fault> {
    let reader = reader.into();
    let query = conn.run(MESSAGE).bind(reader.organisation).bind(room).bind(seq);
    let row: Option<MessageRow> = query.bind(reader.person).optional().await?;
    Ok(row.map(|row| Message {
        person: row.author_id.filter(|_| row.author_kind == "person").map(Id::from_uuid),
        organisation: row.organisation_id,
        redacted: row.redacted,
        gone: row.gone,
        hidden: row.hidden.is_some(),
    }))
}

/// What was said about the messages from `first` to `last`, oldest first.
///
/// # Errors
/// If the database fails.
pub async fn about(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    (first, last): (i64, i64),
) -> Result<Vec<About>, Fault> {
    let reader = reader.into();
    let rows: Vec<AboutRow> = conn
        .run(ABOUT)
        .bind(reader.organisation)
        .bind(room)
        .bind(first)
        .bind(last)
        .bind(MOST_ABOUT)
        .bind(reader.person)
        .all()
        .await?;
    let about = |row: AboutRow| About {
        seq: row.seq,
        kind: row.kind,
        target: row.target,
        person: row.author_id.map(Id::from_uuid),
        name: row.author_name,
        body: row.body,
        detail: row.detail.and_then(|text| serde_json::from_str(&text).ok()),
        at: row.at,
    };
    Ok(rows.into_iter().rev().map(about).collect())
}

/// The messages that are pinned, the one pinned last first.
///
/// # Errors
/// If the database fails.
pub async fn pinned(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
) -> Result<Vec<Event>, Fault> {
    let reader = reader.into();
    let query = conn.run(PINNED).bind(reader.organisation).bind(room);
    let query = query.bind(ON).bind(MOST_PINS).bind(reader.person);
    let rows: Vec<EventRow> = query.all().await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The answers to a message, after one of them, oldest first.
///
/// # Errors
/// If the database fails.
pub async fn thread(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    (target, after): (i64, i64),
    limit: i64,
) -> Result<Vec<Event>, Fault> {
    let reader = reader.into();
    let query = conn.run(THREAD).bind(reader.organisation).bind(room);
    let query = query.bind(target).bind(after).bind(limit).bind(reader.person);
    let rows: Vec<EventRow> = query.all().await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The last event before a moment; 0 if there was none.
///
/// # Errors
/// If the database fails.
pub async fn before_moment(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    moment: Moment,
) -> Result<i64, Fault> {
    let reader = reader.into();
    let query = conn.run(BEFORE_MOMENT).bind(reader.organisation).bind(room);
    let query = query.bind(moment).bind(reader.person);
    let (seq,): (Option<i64>,) = query.one().await?;
    Ok(seq.unwrap_or(0))
}

/// Takes the words of a message back, for good: of itself, and of all that said it better.
/// What is left is that there was one; and, for the keepers of a legal hold on it, the words.
///
/// # Errors
/// If the database fails.
pub async fn redact(
    tx: &mut Tx,
    room: Id<Room>,
    seq: i64,
    now: Moment,
) -> Result<(), Fault> {
    hold::keep(tx, room, seq, now).await?;
    tx.run(REDACT).bind(room).bind(seq).execute().await?;
    words::forget(tx, room, seq).await
}
