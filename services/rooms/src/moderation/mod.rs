//! Keeping order: messages that are hidden or reported, rooms that are locked or slowed down.
//!
//! The host of a space keeps order in its shared rooms, and each side in its own notes; a room
//! of two people has no host. A hidden message is a tombstone that names who hid it. Its author's
//! side still reads it, and it can be shown again; nothing of it is deleted. Which words a reader
//! gets is decided by the statement that reads them (`told_event`), wherever they are read.
//!
//! A report goes to the administrators of the reporter's side, and to those of the author's side
//! where that is another. It keeps no words: whoever looks at it reads the message by one's own
//! right, and so nobody reads by a report what two people said to each other.

mod http;
mod reports;
mod slow;
mod sql;

use gate::{Caller, Permit, Problem};
use kernel::{Fault, Id, Moment, Organisation, Room};
use serde_json::{Value, json};
use sharing::{Author, EventKind, NewEvent, Reach, Reader, RoomKind, audit, log, spaces};
use store::{Conn, Tx};

pub(crate) use http::routes;
pub(crate) use slow::Slow;
pub(crate) use sql::ALL as STATEMENTS;

use crate::Moderate;

/// The longest wait between two messages of a person, in seconds.
const MOST_SLOW_S: i64 = 3_600;

/// What is to be changed of a room; what is left out stays.
#[derive(Debug, Default)]
struct Rules {
    locked: Option<bool>,
    slow_s: Option<i64>,
}

/// Whether somebody keeps order in a room.
///
/// # Errors
/// If the database fails.
pub(crate) async fn hosts(
    conn: &mut Conn,
    caller: &Caller,
    reach: &Reach,
) -> Result<bool, Fault> {
    if caller.permit::<Moderate>().is_err() {
        return Ok(false);
    }
    let organisation = caller.organisation;
    Ok(match reach.kind {
        RoomKind::Internal => true,
        RoomKind::Direct => false,
        RoomKind::Main | RoomKind::Topic => {
            let standing = spaces::standing(conn, organisation, reach.space).await?;
            standing.is_some_and(|it| it.host == organisation)
        }
    })
}

/// Hides a message from all but its author's side, or shows it again.
///
/// # Errors
/// If the database fails.
pub(crate) async fn hide(
    tx: &mut Tx,
    caller: &Caller,
    room: Id<Room>,
    (seq, side): (i64, Option<Id<Organisation>>),
    on: bool,
    now: Moment,
) -> Result<(), Fault> {
    if on {
        let name = crate::sql::person_name(tx, caller.person).await?;
        sql::hide(tx, (room, seq), side, &name, now).await?;
    } else {
        sql::show(tx, (room, seq)).await?;
    }
    let action = if on { "message.hide" } else { "message.show" };
    let (of, detail) = (("room", room.to_string()), json!({ "seq": seq }));
    let who = Some(caller.person);
    audit::write(tx, caller.organisation, who, action, of, detail, now).await
}

/// Locks a room or opens it, slows it down or lets it run. What stands so already is not told.
///
/// # Errors
/// 404 for a room that is not the caller's to see, 403 for who does not keep order there, 422
/// for a wait that is too long and for locking a topic, 409 at another revision.
async fn rule(
    tx: &mut Tx,
    permit: &Permit<Moderate>,
    caller: &Caller,
    (room, revision): (Id<Room>, i64),
    rules: Rules,
    now: Moment,
) -> Result<(), Problem> {
    let reach = log::reach(tx, Reader::from(caller), room).await?;
    let reach = reach.ok_or_else(Problem::not_found)?;
    if !hosts(tx, caller, &reach).await? {
        let why = "only the host of a space keeps order in its rooms";
        return Err(sharing::Refusal::Forbidden(why).into());
    }
    if rules.locked.is_some() && reach.kind == RoomKind::Topic {
        let how = "a topic is locked as a topic: change its own `locked`";
        return Err(Problem::refused("locked", how));
    }
    let slow_s = rules.slow_s.unwrap_or(reach.slow_s);
    if !(0..=MOST_SLOW_S).contains(&slow_s) {
        return Err(Problem::refused("slow_s", "0 to 3600 seconds"));
    }
    let locked = rules.locked.unwrap_or(reach.locked);
    let told = told((reach.locked, reach.slow_s), (locked, slow_s));
    if told.is_empty() {
        return Ok(());
    }
    if !sql::rule(tx, (room, revision), locked, slow_s).await? {
        let at = sql::revision(tx, room).await?;
        return Err(sharing::Refusal::Stale(at).into());
    }
    let organisation = caller.organisation;
    for detail in told {
        let author = Author::Person { person: caller.person, organisation };
        log::append(tx, room, now, NewEvent::telling(EventKind::Rule, author, detail))
            .await?;
    }
    let detail = json!({ "locked": locked, "slow_s": slow_s });
    let (who, of) = (permit.scope().actor(), ("room", room.to_string()));
    audit::write(tx, organisation, who, "room.rule", of, detail, now).await?;
    let id = room.to_string();
    Ok(spaces::changed(tx, reach.space, "room", &id, revision + 1).await?)
}

/// What is told of a change, in the room's own log.
fn told(before: (bool, i64), after: (bool, i64)) -> Vec<Value> {
    let mut told = Vec::new();
    if before.0 != after.0 {
        let change = if after.0 { "locked" } else { "unlocked" };
        told.push(json!({ "change": change }));
    }
    if before.1 != after.1 {
        told.push(json!({ "change": "slow", "seconds": after.1 }));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_is_not_told_again() {
        assert_eq!(told((true, 30), (true, 30)), Vec::<Value>::new());
        let both = told((false, 0), (true, 30));
        assert_eq!(
            both,
            [json!({ "change": "locked" }), json!({ "change": "slow", "seconds": 30 })]
        );
        assert_eq!(told((true, 0), (false, 0)), [json!({ "change": "unlocked" })]);
    }
}
