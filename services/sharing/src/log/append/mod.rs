//! Appending to the log of a room, one event or many: each time in as many statements.

mod sql;

use std::collections::HashMap;

use kernel::{Fault, Id, Moment, Person, Room};
use store::{Hint, Sha256, Tx};
use uuid::Uuid;

use super::{Author, EventKind, NewEvent, words};
use crate::Refusal;
use sql::{Known, Line};

pub use sql::ALL as STATEMENTS;

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
    let answer = append_all(tx, room, at, vec![event]).await?.pop();
    answer
        .unwrap_or_else(|| Err(Fault::broken("appending", "there was no answer").into()))
}

/// Appends events to one room, in their order, as [`append`] would one after the other; an
/// answer for each. One that is refused leaves no gap and does not keep the others out.
///
/// However many there are, it asks the database seven times; less where none has a `cid` or nothing can be found.
///
/// # Errors
/// If the database fails. What is refused is in the answers.
pub async fn append_all(
    tx: &mut Tx,
    room: Id<Room>,
    at: Moment,
    events: Vec<NewEvent>,
) -> Result<Vec<Result<Appended, Refusal>>, Fault> {
    let lines = lines(tx, events).await?;
    let mut known = known(tx, room, &lines).await?;
    let places = places(&lines, &mut known);
    let count = places.iter().filter(|place| matches!(place, Place::New(_))).count();
    let before = match i64::try_from(count) {
        Ok(0) => 0,
        Ok(count) => {
            let head = sql::advance(tx, room, count).await?;
            let before = head - count;
            let new = lines.iter().zip(&places).filter_map(|(line, place)| match place {
                Place::New(offset) => Some((before + offset, line)),
                Place::Known(_) | Place::Again(_) | Place::Reused => None,
            });
            sql::insert(tx, room, at, new.clone()).await?;
            let told = new.map(|(seq, line)| (seq, &line.event, line.name.as_str()));
            words::keep(tx, room, told).await?;
            tx.hint(Hint::Room { room, head });
            before
        }
        Err(_) => return Err(Fault::broken("appending", "too many events at once")),
    };
    let answer = |place| match place {
        Place::New(offset) => Ok(Appended { seq: before + offset, at, duplicate: false }),
        Place::Again(offset) => {
            Ok(Appended { seq: before + offset, at, duplicate: true })
        }
        Place::Known(appended) => Ok(appended),
        Place::Reused => Err(Refusal::CidReused),
    };
    Ok(places.into_iter().map(answer).collect())
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
    let lines = lines(tx, vec![event.clone()]).await?;
    let mut known = known(tx, room, &lines).await?;
    match places(&lines, &mut known).pop() {
        Some(Place::Known(appended)) => Ok(Some(appended)),
        Some(Place::Reused) => Err(Refusal::CidReused),
        Some(Place::New(_) | Place::Again(_)) | None => Ok(None),
    }
}

/// Where an event of the list stands, or will.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    /// So far behind the head: 1 for the first new one.
    New(i64),
    /// It is in the log since before.
    Known(Appended),
    /// It stands earlier in the list, so far behind the head.
    Again(i64),
    /// Its `cid` belongs to other words.
    Reused,
}

/// What stands under an author's `cid`: where, and the hash of its words.
type Under = HashMap<(Uuid, String), (Place, Option<String>)>;

/// Gives each event its place, as if they came one after the other.
fn places(lines: &[Line], known: &mut Under) -> Vec<Place> {
    let mut offset = 0;
    let mut next = || {
        offset += 1;
        Place::New(offset)
    };
    let place = |line: &Line| {
        let (Some(author), Some(cid)) = (line.author.id, &line.event.cid) else {
            return next();
        };
        match known.get(&(author, cid.clone())) {
            None => {
                let place = next();
                known.insert((author, cid.clone()), (place, line.hash.clone()));
                place
            }
            // What was taken back has no words left to differ from.
            Some((_, hash)) if hash.is_some() && *hash != line.hash => Place::Reused,
            Some((Place::New(offset), _)) => Place::Again(*offset),
            Some((place, _)) => *place,
        }
    };
    lines.iter().map(place).collect()
}

/// The events with what the database has to say of their authors.
async fn lines(tx: &mut Tx, events: Vec<NewEvent>) -> Result<Vec<Line>, Fault> {
    let mut people: Vec<Id<Person>> = Vec::new();
    for event in &events {
        if let Author::Person { person, .. } = event.author
            && !people.contains(&person)
        {
            people.push(person);
        }
    }
    let names: HashMap<Id<Person>, String> = if people.is_empty() {
        HashMap::new()
    } else {
        sql::person_names(tx, &people).await?.into_iter().collect()
    };
    let line = |event: NewEvent| {
        let (author, name) = match &event.author {
            Author::Person { person, organisation } => {
                let name = names.get(person).cloned().ok_or_else(|| {
                    Fault::broken("appending", "its author does not exist")
                })?;
                (sql::AuthorKey::person(*person, *organisation), name)
            }
            Author::Guest { guest, name } => {
                (sql::AuthorKey::guest(*guest), name.clone())
            }
            Author::System => (sql::AuthorKey::system(), String::new()),
        };
        let hash = event.cid.is_some().then(|| hash(&event));
        Ok(Line { event, author, name, hash })
    };
    events.into_iter().map(line).collect()
}

/// What was said before under the `cid`s of these events. Locks the log, so that nothing can
/// be said under them meanwhile.
async fn known(tx: &mut Tx, room: Id<Room>, lines: &[Line]) -> Result<Under, Fault> {
    let forgets = store::seeded("cids-forgotten");
    if forgets || lines.iter().all(|line| line.event.cid.is_none()) {
        return Ok(Under::new());
    }
    sql::lock(tx, room).await?;
    let found = sql::by_cid(tx, room, lines).await?;
    let under = |Known { author_id, cid, seq, at, body_hash }: Known| {
        let place = Place::Known(Appended { seq, at, duplicate: true });
        ((author_id, cid), (place, body_hash))
    };
    Ok(found.into_iter().map(under).collect())
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
