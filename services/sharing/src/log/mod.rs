//! The append-only logs of rooms. Each log has exactly one audience: the parties that stand in
//! `room_party`. An event is appended in the transaction of the change that it tells.

mod about;
mod append;
mod event;
mod hold;
mod sql;
mod trim;
mod words;

use gate::{Caller, Scope};
use kernel::{Fault, Id, Moment, Organisation, Party, Person, Room, Space};
use store::{Conn, Tx};

pub use about::{
    ALL as ABOUT_STATEMENTS, About, Message, about, before_moment, message, pinned,
    redact, thread,
};
pub use append::{
    Appended, STATEMENTS as APPEND_STATEMENTS, append, append_all, appended_before,
};
pub use event::{Author, Event, EventKind, NewEvent, RoomKind, Via};
pub use hold::{ALL as HOLD_STATEMENTS, settle_files};
pub use sql::ALL as STATEMENTS;
pub use trim::{ALL as TRIM_STATEMENTS, CHUNK, GRACE, Trimmed, overdue, take_turn, trim};
pub use words::{STATEMENTS as WORD_STATEMENTS, plain, told};

use crate::{History, Mask, Refusal, Verbs};

/// Which part of a log.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Range {
    /// What follows this seq, oldest first.
    After(i64),
    /// What precedes this seq: the newest of it, oldest first.
    Before(i64),
}

/// Who reads: an organisation, or a person who acts for it. A room of two people is read by
/// these people alone, so an organisation by itself reads none of those.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Reader {
    /// For which organisation.
    pub organisation: Id<Organisation>,
    /// Who.
    pub person: Option<Id<Person>>,
}

impl From<Id<Organisation>> for Reader {
    fn from(organisation: Id<Organisation>) -> Self {
        Self { organisation, person: None }
    }
}

impl From<&Caller> for Reader {
    fn from(caller: &Caller) -> Self {
        Self { organisation: caller.organisation, person: Some(caller.person) }
    }
}

impl From<Scope> for Reader {
    fn from(scope: Scope) -> Self {
        Self { organisation: scope.organisation(), person: scope.actor() }
    }
}

/// How far a reader's right to a room goes.
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
    /// Whether something may be written here.
    pub may_write: bool,
    /// Whether the host has locked the room.
    pub locked: bool,
    /// How many seconds a person waits between two messages; 0 for none.
    pub slow_s: i64,
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

/// What somebody may read of a room; none where they may read nothing of it. The right
/// is checked by the same statement that reads.
///
/// # Errors
/// If the database fails.
pub async fn slice(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    range: Range,
    limit: i64,
) -> Result<Option<Slice>, Fault> {
    let reader = reader.into();
    let Some(before) = reach(conn, reader, room).await? else { return Ok(None) };
    let events = match range {
        Range::After(seq) => sql::after(conn, reader, room, seq, limit).await?,
        Range::Before(seq) => {
            let mut events = sql::before(conn, reader, room, seq, limit).await?;
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

/// How far somebody's right to a room goes; none where there is none.
///
/// # Errors
/// If the database fails.
pub async fn reach(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
) -> Result<Option<Reach>, Fault> {
    sql::reach(conn, reader.into(), room).await
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

/// A topic to be opened.
#[derive(Clone, Copy, Debug)]
pub struct NewTopic<'t> {
    /// What it is about.
    pub title: &'t str,
    /// Where it belongs, in the words of those who talk; empty for nowhere.
    pub category: &'t str,
    /// Who opens it.
    pub author: &'t Author,
    /// The message of the main room out of which it comes.
    pub origin: Option<i64>,
}

/// Opens a topic: a room of its own, for every party that is active now, and tells so in the
/// main room. Parties that join later come in when they join.
///
/// # Errors
/// If the database fails.
pub async fn open_topic(
    tx: &mut Tx,
    space: Id<Space>,
    topic: NewTopic<'_>,
    at: Moment,
) -> Result<Id<Room>, Refusal> {
    let room = Id::mint();
    sql::open(tx, room, space, RoomKind::Topic, None, topic.title, at).await?;
    sql::open_topic(tx, room, topic).await?;
    sql::admit_all(tx, room, space).await?;
    words::keep_title(tx, room, topic.title).await?;
    let detail = serde_json::json!({ "room": room, "title": topic.title });
    let told = NewEvent::telling(EventKind::Topic, topic.author.clone(), detail);
    let told = NewEvent { target: topic.origin, ..told };
    let main = main_room(tx, space).await?;
    append(tx, main, at, told).await?;
    Ok(room)
}

/// Gives a topic another title.
///
/// # Errors
/// If the database fails.
pub async fn rename_topic(tx: &mut Tx, room: Id<Room>, title: &str) -> Result<(), Fault> {
    sql::rename(tx, room, title).await?;
    words::keep_title(tx, room, title).await
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

/// Opens a room of two people, for the parties of its space.
pub(crate) async fn open_direct(
    tx: &mut Tx,
    room: Id<Room>,
    space: Id<Space>,
    at: Moment,
) -> Result<(), Fault> {
    sql::open(tx, room, space, RoomKind::Direct, None, "", at).await?;
    sql::admit_all(tx, room, space).await
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

/// Notes how far a person has read a room. It never goes back; whether it went on.
///
/// # Errors
/// If the database fails.
pub async fn mark_read(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
    seq: i64,
) -> Result<bool, Fault> {
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

/// Whether a right lets its holder write into a room: into one of two people, while the other
/// one reads it.
const fn may_write(kind: RoomKind, verbs: Verbs, others: bool) -> bool {
    match kind {
        RoomKind::Internal => true,
        RoomKind::Main | RoomKind::Topic => verbs.comment,
        RoomKind::Direct => others,
    }
}
