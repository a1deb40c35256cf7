//! Calls: up to four people of a room hear each other, and one of them shows their screen.
//!
//! Sound and pictures go from browser to browser; the hub never has them. It says who is in the
//! call, and hands on what two browsers need to find each other. A call goes on in a room, and
//! whoever reads the room sees it: who is in, since when, who shares. A seat is a person's place
//! in it, from one device.
//!
//! A seat holds while its node renews its lease and its person may read the room; both are
//! looked at in the statements, so who loses the room is out of its call for everybody, whatever
//! becomes of the row. When the last one has left, the call ends, and the room's log tells who
//! took part: in the transaction of the end, so once, whoever ends it. If a node dies, the job
//! `call.lapse` does.
//!
//! What two seats tell each other is kept nowhere. Each text is authorised when it comes
//! ([`frames`]), and once more right before it is written, under a flag that a revocation cuts;
//! to a seat on another node it crosses the bus sealed ([`seal`]), and is authorised there.

mod access;
mod frames;
mod http;
mod ice;
mod lapse;
pub(crate) mod live;
mod rules;
mod seal;
mod sql;
mod work;

use gate::Caller;
use kernel::{Call, Fault, Id, Moment, Room, Seat, Space};
use sharing::{Author, EventKind, NewEvent, Reader, RoomKind, log, notify};
use store::{Hint, Statement, Tx, jobs};

pub use access::JoinCall;
pub(crate) use frames::{Ask, At, handle, introduce};
pub(crate) use http::routes;
pub(crate) use lapse::run as lapsing;
pub(crate) use work::{away, run as serve};

use rules::{LEASE, Place};
use sql::Going;

/// The statements of this feature.
pub(crate) const STATEMENTS: &[Statement] = sql::ALL;

/// Why somebody gets no seat, or may not say something from it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no such room, seat or call, or it is not theirs to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// They may read here, but not write.
    #[error("you may read here, but not write")]
    Forbidden,
    /// All seats are taken.
    #[error("four take part in a call at most")]
    Full,
    /// Somebody else shares their screen.
    #[error("one screen is shared at a time")]
    Taken,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal {
    /// Its word on the socket.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Full => "full",
            Self::Taken => "taken",
            Self::Fault(_) => "server_error",
        }
    }
}

/// A seat that somebody has now.
#[derive(Clone, Copy, Debug)]
struct Joined {
    call: Id<Call>,
    seat: Id<Seat>,
    space: Id<Space>,
    kind: RoomKind,
}

/// Gives somebody a seat in a room's call; where there is none, one starts, and rings where two
/// people talk.
///
/// # Errors
/// [`Refusal::Full`] for the fifth; the others where the room is not theirs to write in.
async fn join(
    tx: &mut Tx,
    caller: &Caller,
    (room, asked, muted): (Id<Room>, Option<Id<Seat>>, bool),
    now: Moment,
) -> Result<Joined, Refusal> {
    // Held to the end: who takes the right away, waits.
    crate::sql::hold_party(tx, caller.organisation, room).await?;
    let reach = log::reach(tx, caller, room).await?.ok_or(Refusal::NotFound)?;
    if !reach.may_write {
        return Err(Refusal::Forbidden);
    }
    sql::lock(tx, room).await?;
    let before = sql::going(tx, room).await?;
    let goes_on = match before {
        Some(call) => tidy(tx, &call, now).await?.then_some(call.id),
        None => None,
    };
    let call = match goes_on {
        Some(call) => call,
        None => start(tx, caller, room, now).await?,
    };
    let taken = sql::taken(tx, room).await?;
    let (who, until) = ((caller.person, caller.organisation), now + LEASE);
    let seat = match rules::place(&taken, who, asked) {
        Place::Full => return Err(Refusal::Full),
        Place::Again(seat) => {
            sql::renew(tx, seat, now, until).await?;
            seat
        }
        Place::New { instead_of } => {
            if let Some(old) = instead_of {
                sql::stand(tx, old, now).await?;
            }
            let seat = Id::mint();
            sql::sit(tx, (seat, call), caller, muted, (now, until)).await?;
            seat
        }
    };
    changed(tx, room, call).await?;
    Ok(Joined { call, seat, space: reach.space, kind: reach.kind })
}

/// Starts a call. Where two people talk, the other one's devices are told to look.
async fn start(
    tx: &mut Tx,
    caller: &Caller,
    room: Id<Room>,
    now: Moment,
) -> Result<Id<Call>, Fault> {
    let call = Id::mint();
    sql::begin(tx, call, caller, room, now).await?;
    jobs::add(tx, lapse::KIND, &lapse::Errand { call }, now + LEASE).await?;
    for (organisation, person, _) in sql::others(tx, room, caller.person).await? {
        tx.hint(Hint::Person { person, organisation, kind: "call".to_owned() });
    }
    Ok(call)
}

/// Notes how somebody takes part.
///
/// # Errors
/// [`Refusal::Taken`] where another one shares their screen.
async fn tell(
    tx: &mut Tx,
    caller: &Caller,
    (seat, room): (Id<Seat>, Id<Room>),
    (muted, sharing): (bool, bool),
) -> Result<(), Refusal> {
    let reach = log::reach(tx, caller, room).await?.ok_or(Refusal::NotFound)?;
    if !reach.may_write {
        return Err(Refusal::Forbidden);
    }
    sql::lock(tx, room).await?;
    let call = sql::going(tx, room).await?.ok_or(Refusal::NotFound)?;
    let taken = sql::taken(tx, room).await?;
    if sharing && taken.iter().any(|it| it.sharing && it.id != seat) {
        return Err(Refusal::Taken);
    }
    if !sql::tell(tx, caller, (seat, room), (muted, sharing)).await? {
        return Err(Refusal::NotFound);
    }
    Ok(changed(tx, room, call.id).await?)
}

/// Somebody gets up; the last one ends the call. Who has lost the room may still leave.
async fn leave(
    tx: &mut Tx,
    room: Id<Room>,
    seat: Id<Seat>,
    now: Moment,
) -> Result<(), Fault> {
    sql::lock(tx, room).await?;
    let Some(call) = sql::going(tx, room).await? else { return Ok(()) };
    if sql::stand(tx, seat, now).await? {
        changed(tx, room, call.id).await?;
    }
    tidy(tx, &call, now).await.map(drop)
}

/// Ends the seats that may not be held any longer, and with the last one the call. Whether it
/// goes on.
async fn tidy(tx: &mut Tx, call: &Going, now: Moment) -> Result<bool, Fault> {
    let (mut stays, mut ended) = (false, false);
    for seat in sql::taken(tx, call.room_id).await? {
        match rules::ends(&seat, now) {
            Some(at) => ended |= sql::stand(tx, seat.id, at).await?,
            None => stays = true,
        }
    }
    if !stays {
        end(tx, call, now).await?;
    } else if ended {
        changed(tx, call.room_id, call.id).await?;
    }
    Ok(stays)
}

/// Ends a call, and tells the room's log of it; whoever was called and did not come gets a
/// notice.
async fn end(tx: &mut Tx, call: &Going, now: Moment) -> Result<(), Fault> {
    if !sql::end(tx, call.id, now).await? {
        return Ok(());
    }
    let (room, person) = (call.room_id, call.person_id);
    let took = sql::took(tx, call.id).await?;
    let is_direct = call.kind == RoomKind::Direct;
    let (told, missed) =
        rules::note(&call.id.to_string(), call.started_at, &took, is_direct);
    let author = Author::Person { person, organisation: call.organisation_id };
    let event = NewEvent::telling(EventKind::Call, author, told);
    let appended = match log::append(tx, room, now, event).await {
        Ok(appended) => appended,
        Err(sharing::Refusal::Fault(fault)) => return Err(fault),
        Err(_refused) => {
            return Err(Fault::broken("telling of a call", "it was refused"));
        }
    };
    let others = sql::others(tx, room, person).await?;
    for (organisation, other, party) in others.into_iter().filter(|_| is_direct) {
        let hint = Hint::Person { person: other, organisation, kind: "call".to_owned() };
        tx.hint(hint);
        if !missed {
            continue;
        }
        let who = crate::sql::person_name(tx, person).await?;
        let params = serde_json::json!({ "who": who, "room": room, "seq": appended.seq });
        let notice = notify::Notice {
            kind: "missed_call",
            params,
            subject: Some(("direct", room.to_string())),
            party: Some(party),
            fold: None,
        };
        notify::person(tx, organisation, other, &notice, now).await?;
    }
    tx.hint(Hint::Call { room });
    Ok(())
}

async fn changed(tx: &mut Tx, room: Id<Room>, call: Id<Call>) -> Result<(), Fault> {
    sql::changed(tx, call).await?;
    tx.hint(Hint::Call { room });
    Ok(())
}

/// By whose right a room is read, as subscriptions do: one of two people by the person's.
fn reader(caller: &Caller, kind: RoomKind) -> Reader {
    match kind {
        RoomKind::Direct => Reader::from(caller),
        RoomKind::Main | RoomKind::Internal | RoomKind::Topic => {
            Reader::from(caller.organisation)
        }
    }
}
