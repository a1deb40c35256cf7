//! What a person keeps of a room for oneself: the words that were not sent yet, and which
//! notices come of it. Nobody else reads it, not even in the same organisation. It is kept
//! for the person in one organisation, so that every device of theirs finds it.
//!
//! The last one who writes a draft wins: a person writes in one place at a time, and words
//! that were typed later are the ones that are meant. So there is no revision to name.

mod http;
mod rules;
mod sql;

use gate::{Caller, Permit, Problem};
use kernel::{Fault, Id, Moment, Room};
use store::{Conn, Hint, Statement, Tx};

use crate::{KeepOwn, ReadRooms};

pub(crate) use http::routes;
use rules::Change;
pub(crate) use rules::Level;

/// The statements of this feature.
pub(crate) const STATEMENTS: &[Statement] = sql::ALL;

/// What is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
struct Own {
    level: Level,
    draft: Option<String>,
    draft_at: Option<Moment>,
}

/// Somebody who has read a room so far.
#[derive(Debug, sqlx::FromRow)]
struct Reader {
    person_id: Id<kernel::Person>,
    name: String,
    organisation_id: Id<kernel::Organisation>,
    seq: i64,
}

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// There is no such room, or it may not be read.
    #[error("there is no such room")]
    NotFound,
    /// The draft is too long.
    #[error("a draft has at most 8000 characters; send a part of it first")]
    TooLong,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::TooLong => Self::refused("draft", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// What somebody keeps of a room.
async fn see(
    conn: &mut Conn,
    _permit: &Permit<ReadRooms>,
    caller: &Caller,
    room: Id<Room>,
) -> Result<Own, Refusal> {
    sql::own(conn, caller, room).await?.ok_or(Refusal::NotFound)
}

/// Keeps a draft or a level. The person's other devices are told to read it again.
async fn keep(
    tx: &mut Tx,
    _permit: &Permit<KeepOwn>,
    caller: &Caller,
    room: Id<Room>,
    change: &Change,
    now: Moment,
) -> Result<Own, Refusal> {
    let before = sql::own(tx, caller, room).await?.ok_or(Refusal::NotFound)?;
    if change.says_nothing_new(&before) {
        return Ok(before);
    }
    sql::keep(tx, caller, room, change, now).await?;
    let Caller { person, organisation, .. } = *caller;
    tx.hint(Hint::Person { person, organisation, kind: "own".to_owned() });
    sql::own(tx, caller, room).await?.ok_or(Refusal::NotFound)
}

/// How far others have read a room: one's own people, and those of other sides who said
/// something there.
async fn readers(
    conn: &mut Conn,
    _permit: &Permit<ReadRooms>,
    caller: &Caller,
    room: Id<Room>,
) -> Result<Vec<Reader>, Refusal> {
    sql::own(conn, caller, room).await?.ok_or(Refusal::NotFound)?;
    Ok(sql::readers(conn, caller, room).await?)
}
