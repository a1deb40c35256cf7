//! The append-only logs of rooms. Each log has exactly one audience: the parties that stand in
//! `room_party`. An event is appended in the transaction of the change that it tells.

mod about;
mod event;
mod sql;

use kernel::{Fault, Id, Moment, Organisation, Party, Person, Room, Space};
use store::{Conn, Hint, Sha256, Tx};
use uuid::Uuid;

pub use about::{
    ALL as ABOUT_STATEMENTS, About, Message, about, before_moment, message, pinned,
    redact, thread,
};
pub use event::{Author, Event, EventKind, NewEvent, RoomKind, Via};
pub use sql::ALL as STATEMENTS;

use crate::{History, Mask, Refusal, Verbs};

/// What came of appending.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Appended {
    /// Its place in the log.
    pub seq: i64,
    /// When it was said.
    pub at: Moment,
    /// Whether it had been said before, under the same `cid`.
    pub duplicate: bool,
}

/// Which part of a log.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Range {
    /// What follows this seq, oldest first.
    After(i64),
    /// What precedes this seq: the newest of it, oldest first.
    Before(i64),
}

/// How far an organisation's right to a room goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The room.
    pub room: Id<Room>,
    /// Its space.
    pub space: Id<Space>,
    /// Its kind.
    pub kind: RoomKind,
    /// Its title; empty but for topics.
    pub title: String,
    /// Changes when a log is restored; a cursor is (epoch, seq).
    pub epoch: String,
    /// The newest seq; 0 in an empty log.
    pub head: i64,
    /// The oldest seq that may be read.
    pub first: i64,
    /// The organisation's party.
    pub party: Id<Party>,
    /// Whether the organisation may write here.
    pub may_write: bool,
    /// The fields of the card that the organisation may see.
    pub mask: Mask,
}

/// A part of a log, with the right by which it was read.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The right.
    pub reach: Reach,
    /// The events, oldest first, without a gap.
    pub events: Vec<Event>,
}

/// Appends an event in the transaction of the change that it tells.
///
/// The room's row is locked first, so seqs are dense and in commit order. The same `cid` with
/// the same body gives the seq that it got the first time; so does any body, once the message
/// was taken back.
///
/// # Errors
/// [`Refusal::CidReused`] for the same `cid` with another body.
pub async fn append(
    tx: &mut Tx,
    room: Id<Room>,
    at: Moment,
    event: NewEvent,
) -> Result<Appended, Refusal> {
    let (author, name) = named(tx, &event.author).await?;
    if let Some(appended) = appended(tx, room, author.id, &event).await? {
        return Ok(appended);
    }
    let body_hash = event.cid.is_some().then(|| hash(&event));
    let seq = sql::next_seq(tx, room).await?;
    sql::insert(tx, room, seq, at, &author, &name, body_hash, &event).await?;
    tx.hint(Hint::Room { room, head: seq });
    Ok(Appended { seq, at, duplicate: false })
}

/// Locks a room's log, and tells whether an event was appended before, under its `cid`.
///
/// # Errors
/// [`Refusal::CidReused`] for the same `cid` with another body.
pub async fn appended_before(
    tx: &mut Tx,
    room: Id<Room>,
    event: &NewEvent,
) -> Result<Option<Appended>, Refusal> {
    let (author, _) = named(tx, &event.author).await?;
    appended(tx, room, author.id, event).await
}

async fn appended(
    tx: &mut Tx,
    room: Id<Room>,
    author: Option<Uuid>,
    event: &NewEvent,
) -> Result<Option<Appended>, Refusal> {
    let Some(cid) = &event.cid else { return Ok(None) };
    sql::lock(tx, room).await?;
    match sql::by_cid(tx, room, author, cid).await? {
        Some((seq, at, known)) if known.as_ref().is_none_or(|it| *it == hash(event)) => {
            Ok(Some(Appended { seq, at, duplicate: true }))
        }
        Some(_) => Err(Refusal::CidReused),
        None => Ok(None),
    }
}

/// Tells events of one `cid` apart. What a message's detail says follows from its words.
fn hash(event: &NewEvent) -> String {
    let detail = event.detail.as_ref().filter(|_| event.kind != EventKind::Msg);
    let told = format!(
        "{:?}\n{}\n{}\n{}",
        event.kind,
        event.target.unwrap_or_default(),
        detail.map(ToString::to_string).unwrap_or_default(),
        event.body.as_deref().unwrap_or_default()
    );
    Sha256::of(told.as_bytes()).to_string()
}

async fn named(tx: &mut Tx, author: &Author) -> Result<(sql::AuthorKey, String), Fault> {
    Ok(match author {
        Author::Person { person, organisation } => {
            let name = sql::person_name(tx, *person).await?;
            (sql::AuthorKey::person(*person, *organisation), name)
        }
        Author::Guest { guest, name } => (sql::AuthorKey::guest(*guest), name.clone()),
        Author::System => (sql::AuthorKey::system(), String::new()),
    })
}

/// What an organisation may read of a room; none where it may read nothing of it. The right
/// is checked by the same statement that reads.
///
/// # Errors
/// If the database fails.
pub async fn slice(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
    range: Range,
    limit: i64,
) -> Result<Option<Slice>, Fault> {
    let Some(before) = reach(conn, organisation, room).await? else { return Ok(None) };
    let events = match range {
        Range::After(seq) => sql::after(conn, organisation, room, seq, limit).await?,
        Range::Before(seq) => {
            let mut events = sql::before(conn, organisation, room, seq, limit).await?;
            events.reverse();
            events
        }
    };
    let events: Vec<Event> =
        events.into_iter().map(|it| it.within(&before.mask, before.first)).collect();
    // On PostgreSQL each statement sees its own moment: the head is at least what was read.
    let newest = events.last().map_or(0, |event| event.seq);
    let reach = Reach { head: before.head.max(newest), ..before };
    Ok(Some(Slice { reach, events }))
}

/// How far an organisation's right to a room goes; none where there is none.
///
/// # Errors
/// If the database fails.
pub async fn reach(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<Option<Reach>, Fault> {
    sql::reach(conn, organisation, room).await
}

/// The rooms of a space that an organisation may read: main first, then its notes, then topics.
///
/// # Errors
/// If the database fails.
pub async fn rooms_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<Reach>, Fault> {
    sql::rooms_of(conn, organisation, space).await
}

/// The organisations that may read a room now.
///
/// # Errors
/// If the database fails.
pub async fn audience(
    conn: &mut Conn,
    room: Id<Room>,
) -> Result<Vec<Id<Organisation>>, Fault> {
    sql::audience(conn, room).await
}

/// The main room of a space.
///
/// # Errors
/// If there is no such space.
pub async fn main_room(conn: &mut Conn, space: Id<Space>) -> Result<Id<Room>, Fault> {
    sql::main_room(conn, space).await
}

/// The room of an organisation's own notes in a space, if it takes part.
///
/// # Errors
/// If the database fails.
pub async fn internal_room(
    conn: &mut Conn,
    space: Id<Space>,
    organisation: Id<Organisation>,
) -> Result<Option<Id<Room>>, Fault> {
    sql::internal_room(conn, space, organisation).await
}

/// Opens a topic: a room of its own, for every party that is active now. Parties that join
/// later come in when they join.
///
/// # Errors
/// If the database fails.
pub async fn open_topic(
    tx: &mut Tx,
    space: Id<Space>,
    title: &str,
    at: Moment,
) -> Result<Id<Room>, Fault> {
    let room = Id::mint();
    sql::open(tx, room, space, RoomKind::Topic, None, title, at).await?;
    sql::admit_all(tx, room, space).await?;
    Ok(room)
}

/// Opens the main room of a new space.
pub(crate) async fn open_main(
    tx: &mut Tx,
    space: Id<Space>,
    at: Moment,
) -> Result<Id<Room>, Fault> {
    let room = Id::mint();
    sql::open(tx, room, space, RoomKind::Main, None, "", at).await?;
    Ok(room)
}

/// Lets a party that has just become active into its rooms: the main room and the topics from
/// where its history begins, and the room of its organisation's own notes.
pub(crate) async fn admit(
    tx: &mut Tx,
    space: Id<Space>,
    party: Id<Party>,
    organisation: Id<Organisation>,
    history: History,
    at: Moment,
) -> Result<(), Fault> {
    let internal = if let Some(room) = sql::internal_room(tx, space, organisation).await?
    {
        room
    } else {
        let room = Id::mint();
        sql::open(tx, room, space, RoomKind::Internal, Some(organisation), "", at)
            .await?;
        room
    };
    sql::admit_one(tx, internal, party).await?;
    sql::admit_shared(tx, space, party, history).await
}

/// Notes how far a person has read a room. It never goes back.
///
/// # Errors
/// If the database fails.
pub async fn mark_read(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
    seq: i64,
) -> Result<(), Fault> {
    sql::mark_read(tx, organisation, person, room, seq).await
}

/// How far a person has read a room; 0 if not at all.
///
/// # Errors
/// If the database fails.
pub async fn read_mark(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
) -> Result<i64, Fault> {
    sql::read_mark(conn, organisation, person, room).await
}

/// How many events of a space's rooms a person has not read, by space; spaces with none are
/// left out.
///
/// # Errors
/// If the database fails.
pub async fn unread(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Vec<(Id<Space>, i64)>, Fault> {
    sql::unread(conn, organisation, person).await
}

/// Whether a right lets its holder write into the rooms of a space.
const fn may_write(kind: RoomKind, verbs: Verbs) -> bool {
    match kind {
        RoomKind::Internal => true,
        RoomKind::Main | RoomKind::Topic => verbs.comment,
    }
}
