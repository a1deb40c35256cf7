//! Rooms of two people, who take part in one space or belong to one organisation.
//!
//! Such a room stands in a space of its own, of kind `direct`, whose host is the organisation of
//! the one who opened it. Its audience is not the two organisations but the two people: the
//! views tell `person_room` (with the person) from `readable_room` (without), so a statement
//! that asks for an organisation alone finds none of these rooms.
//!
//! The two sides need a space in common, now. Where there is none any more, the host's side
//! keeps what was said and the other side reads nothing of it, as with every space; nobody
//! writes any more. While a partnership is suspended the room is dark for the other side; once
//! the last common space is over, so is the room, and coming back opens another.

mod sql;

use gate::Caller;
use kernel::{Id, Moment, Organisation, Person, Room};
use serde_json::json;
use store::{Hint, Tx};

pub use sql::ALL as STATEMENTS;

use crate::{Author, EventKind, NewEvent, Refusal, log};

/// Opens the room of the caller and somebody else, or finds the one that is open. Whether it
/// is new.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody who is not there, who shares no space with the caller, or
/// who has never said anything where the caller's organisation reads.
pub async fn open(
    tx: &mut Tx,
    caller: &Caller,
    (person, organisation): (Id<Person>, Id<Organisation>),
    at: Moment,
) -> Result<(Id<Room>, bool), Refusal> {
    let own = caller.organisation;
    if own != organisation {
        // Held to the end: who takes the last common space away, waits.
        sql::hold_common(tx, own, organisation).await?;
    }
    let mine = sql::place(tx, own, caller.person).await?.ok_or(Refusal::NotFound)?;
    let theirs = sql::found(tx, caller, (person, organisation)).await?;
    let theirs = theirs.ok_or(Refusal::NotFound)?;
    let (one, other) = if mine < theirs { (mine, theirs) } else { (theirs, mine) };
    sql::hold_places(tx, one, other).await?;
    if let Some(room) = sql::of_pair(tx, caller, (one, other)).await? {
        return Ok((room, false));
    }
    let (space, room) = (Id::mint(), Id::mint());
    sql::insert_space(tx, space, own, at).await?;
    let host = sql::insert_party(tx, (space, own), "host", at).await?;
    let party = if own == organisation {
        host
    } else {
        sql::insert_party(tx, (space, organisation), "party", at).await?
    };
    log::open_direct(tx, room, space, at).await?;
    for (party, place, opened) in [(host, mine, true), (party, theirs, false)] {
        sql::insert_person(tx, (room, party, place), opened).await?;
    }
    sql::insert_pair(tx, room, (one, other)).await?;
    for (person, organisation) in [(caller.person, own), (person, organisation)] {
        tx.hint(Hint::Person { person, organisation, kind: "room".to_owned() });
    }
    Ok((room, true))
}

/// Cuts the rooms of two people for which an organisation that has just lost a space has no
/// other space in common with the other side: in the transaction in which it lost it. Those
/// whose last common space is over, not dark, are over too.
///
/// # Errors
/// If the database fails.
pub(crate) async fn cut(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    at: Moment,
) -> Result<(), Refusal> {
    for row in sql::lost(tx, organisation).await? {
        let reason = if row.is_over { "ended" } else { "suspended" }.to_owned();
        let (space, organisation) = (row.space_id, row.organisation_id);
        if row.is_over && sql::drop_party(tx, row.party_id, at).await? {
            sql::close(tx, row.room_id).await?;
            let detail =
                json!({ "organisation": row.organisation_name, "move": "dropped" });
            let event = NewEvent::telling(EventKind::Party, Author::System, detail);
            log::append(tx, row.room_id, at, event).await?;
        }
        tx.hint(Hint::Revoked { space, organisation, reason });
    }
    Ok(())
}
