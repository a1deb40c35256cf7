//! Search in what was said: messages as they stand, topics' titles, and what the log tells of
//! a card's words.
//!
//! The statement that finds reads through the same right as a page of the room does, so it never
//! finds what a read refuses. The newest comes first: an order that nothing depends on but what
//! the reader may see. A score that counts how rare a word is would tell of others' messages.
//! A reader of few rooms searches only those; one of many reads much of the hub anyway.
//!
//! The words are kept by `sharing::log` with the event, in its transaction.

mod http;
mod rules;
mod snippet;
mod sql;

use gate::{Caller, Page, Problem};
use kernel::{Fault, Id, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::{Reader, log};
use store::Conn;

pub(crate) use http::routes;
pub(crate) use sql::ALL as STATEMENTS;

use rules::{Looks, Sought};
use sql::Found;

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Within {
    /// In all that one may read.
    Everything,
    /// In one room.
    Room(Id<Room>),
    /// In the rooms of one deal.
    Deal(Id<Space>),
}

/// The last that a page showed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Last {
    room: Id<Room>,
    seq: i64,
}

/// Rooms of a reader up to which only those are searched.
const FEW_ROOMS: usize = 64;

/// What was said and meets what is sought, the newest first.
///
/// # Errors
/// 404 for a room or a deal that is not the caller's to see; 422 for a place that no page
/// ended at, or that the caller may not read any more.
async fn find(
    conn: &mut Conn,
    caller: &Caller,
    sought: &Sought,
    within: Within,
    (limit, last): (i64, Option<Last>),
) -> Result<Page<Found>, Problem> {
    let reader = Reader::from(caller);
    let below = match last {
        None => i64::MAX,
        Some(Last { room, seq }) => {
            let place = sql::place(conn, reader, room, seq).await?;
            place.ok_or_else(|| {
                Problem::refused("after", "this page is gone; begin anew")
            })?
        }
    };
    let rooms = rooms(conn, caller, within).await?.ok_or_else(Problem::not_found)?;
    let few = rooms.len() <= FEW_ROOMS;
    if rooms.is_empty() || sought.is_empty() {
        return Ok(Page::all(Vec::new()));
    }
    let looks = Looks {
        words: sought.expression(conn.dialect(), few.then_some(rooms.as_slice())),
        by: sought.is_own.then_some(caller.person),
        span: sought.span,
        below,
    };
    let found = sql::find(conn, reader, &looks, limit + 1).await?;
    Ok(Page::cut(found, limit, |it| Last { room: it.room_id, seq: it.seq }))
}

/// The rooms in which to look: at most one more than are few. None where there is no such place.
async fn rooms(
    conn: &mut Conn,
    caller: &Caller,
    within: Within,
) -> Result<Option<Vec<Id<Room>>>, Fault> {
    let reader = Reader::from(caller);
    Ok(match within {
        Within::Everything => {
            let most = i64::try_from(FEW_ROOMS + 1).unwrap_or(i64::MAX);
            Some(sql::readable(conn, reader, most).await?)
        }
        Within::Room(room) => {
            log::reach(conn, reader, room).await?.map(|reach| vec![reach.room])
        }
        Within::Deal(deal) => {
            let rooms = log::rooms_of(conn, caller.organisation, deal).await?;
            let rooms: Vec<_> = rooms.into_iter().map(|reach| reach.room).collect();
            (!rooms.is_empty()).then_some(rooms)
        }
    })
}
