//! What the frames of calls do. Each is authorised when it is handled.

use std::sync::{Arc, atomic::AtomicBool};

use gate::House;
use kernel::{Fault, Id, Room, Seat};
use sharing::{Reader, log};
use store::Hint;
use wire::{
    CallJoin, CallJoined, CallLeave, CallSeat, CallSignal, CallSignalled, CallState,
    CallTell, Nak, ServerFrame,
};

use super::{
    JoinCall, Joined, Refusal, ice,
    live::{Seated, Task},
    reader,
    rules::{Counted, MOST_SEATS, MOST_SIGNAL_BYTES},
    seal, sql,
};
use crate::{Live, live::conn::Conn};

/// A client that finds the hub busy tries again after this.
const BUSY_MS: i64 = 1_000;

/// A frame about a call.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Take a seat.
    Join(CallJoin),
    /// Get up.
    Leave(CallLeave),
    /// Say how one takes part.
    Tell(CallTell),
    /// Have something handed on.
    Signal(CallSignal),
}

impl Ask {
    fn head(&self) -> (Option<u64>, &str) {
        match self {
            Self::Join(ask) => (ask.id, &ask.room),
            Self::Leave(ask) => (ask.id, &ask.room),
            Self::Tell(ask) => (ask.id, &ask.room),
            Self::Signal(ask) => (ask.id, &ask.room),
        }
    }
}

/// Whose frame it is.
#[derive(Debug)]
pub(crate) struct At<'l> {
    pub(crate) live: &'l Live,
    pub(crate) house: &'l House,
    pub(crate) conn: &'l Arc<Conn>,
}

/// Does what a frame asks for, or says why not.
pub(crate) async fn handle(at: &At<'_>, ask: Ask) -> Result<(), Fault> {
    let (id, room) = ask.head();
    let room = room.to_owned();
    match handled(at, ask).await {
        Ok(()) => Ok(()),
        Err(Refused::Ours(fault)) => Err(fault),
        Err(Refused::For(code, retry)) => {
            let (room, code) = (Some(room), code.to_owned());
            let nak = Nak { id, cid: None, room, code, retry };
            at.conn.say(&ServerFrame::Nak(nak));
            Ok(())
        }
    }
}

/// Why a frame was refused, for programs; and after how many milliseconds it may be sent again.
enum Refused {
    For(&'static str, Option<i64>),
    Ours(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Ours(fault)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fault(fault) => Self::Ours(fault),
            Refusal::NotFound | Refusal::Forbidden | Refusal::Full | Refusal::Taken => {
                Self::For(refusal.code(), None)
            }
        }
    }
}

async fn handled(at: &At<'_>, ask: Ask) -> Result<(), Refused> {
    let At { live, house, conn } = at;
    let what = match &ask {
        Ask::Signal(_) => Counted::Signal,
        Ask::Join(_) | Ask::Leave(_) | Ask::Tell(_) => Counted::Ask,
    };
    if let Err(wait) = live.calls().count(conn.person, what, house.clock.now()) {
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX).max(1);
        return Err(Refused::For("rate", Some(wait_ms)));
    }
    if !house.settings.calls.enabled {
        return Err(Refused::For("off", None));
    }
    if conn.caller().permit::<JoinCall>().is_err() {
        return Err(Refused::For("forbidden", None));
    }
    let named: Result<Id<Room>, _> = ask.head().1.parse();
    let room = named.map_err(|_other| Refused::For("not_found", None))?;
    match ask {
        Ask::Join(ask) => join(at, room, &ask).await,
        Ask::Leave(ask) => {
            let own = own(at, room, &ask.seat)?;
            if live.calls().stand(&own) {
                live.calls().task(Task::Leave(room, own.seat));
            }
            Ok(())
        }
        Ask::Tell(ask) => {
            let own = own(at, room, &ask.seat)?;
            let mut tx = house.db.write().await?;
            let how = (ask.muted, ask.sharing);
            super::tell(&mut tx, &conn.caller(), (own.seat, room), how).await?;
            Ok(tx.commit().await?)
        }
        Ask::Signal(ask) => signal(at, room, ask).await,
    }
}

/// The seat that a frame names, which must be this connection's.
fn own(at: &At<'_>, room: Id<Room>, seat: &str) -> Result<Arc<Seated>, Refused> {
    let seat: Option<Id<Seat>> = seat.parse().ok();
    let own = seat.and_then(|seat| at.live.calls().own(at.conn, (room, seat)));
    own.ok_or(Refused::For("not_found", None))
}

async fn join(at: &At<'_>, room: Id<Room>, ask: &CallJoin) -> Result<(), Refused> {
    let At { live, house, conn } = at;
    if live.is_draining() {
        return Err(Refused::For("busy", Some(BUSY_MS)));
    }
    let asked: Option<Id<Seat>> = ask.seat.as_deref().and_then(|seat| seat.parse().ok());
    let (flag, caller) = (conn.flag(), conn.caller());
    let (cuts, now) = (live.cuts(), house.clock.now());
    let mut tx = house.db.write().await?;
    let it = super::join(&mut tx, &caller, (room, asked, ask.muted), now).await;
    let Joined { call, seat, space, kind } = it?;
    flag.settle(space);
    let seated = Arc::new(Seated {
        seat,
        room,
        space,
        reader: reader(&caller, kind),
        conn: Arc::clone(conn),
        flag,
        stands: AtomicBool::new(false),
    });
    // Before the others hear of it: what they say to it is to find it.
    live.calls().sit(Arc::clone(&seated));
    if let Err(fault) = tx.commit().await {
        live.calls().stand(&seated);
        return Err(fault.into());
    }
    seated.settle();
    // A cut that came between has not found the seat.
    if live.cuts() != cuts {
        let mut db = house.db.read().await?;
        if log::reach(&mut db, &caller, room).await?.is_none() {
            live.calls().lose(conn, space);
            return Err(Refused::For("not_found", None));
        }
    }
    seated.say(&ServerFrame::CallJoined(CallJoined {
        id: ask.id,
        room: room.to_string(),
        call: call.to_string(),
        seat: seat.to_string(),
        ice: ice::servers(&house.settings.calls, seat, now),
    }));
    // Told under the seat too: its hint may have passed before the seat was there.
    live.calls().task(Task::Refresh(room));
    Ok(())
}

/// Hands a text on to another seat of the same call: here under its flag, to another node sealed.
async fn signal(at: &At<'_>, room: Id<Room>, ask: CallSignal) -> Result<(), Refused> {
    let At { live, house, conn } = at;
    if ask.body.len() > MOST_SIGNAL_BYTES {
        return Err(Refused::For("too_long", None));
    }
    let own = own(at, room, &ask.seat)?;
    let to: Id<Seat> =
        ask.to.parse().map_err(|_other| Refused::For("not_found", None))?;
    let signal = CallSignalled {
        room: room.to_string(),
        seat: to.to_string(),
        from: own.seat.to_string(),
        kind: ask.kind,
        body: ask.body,
    };
    loop {
        let cuts = live.cuts();
        let mut db = house.db.read().await?;
        let reach = log::reach(&mut db, &conn.caller(), room).await?;
        let reach = reach.ok_or(Refused::For("not_found", None))?;
        if !reach.may_write {
            return Err(Refused::For("forbidden", None));
        }
        if !sql::are_of_one_call(&mut db, room, (own.seat, to)).await? {
            return Err(Refused::For("not_found", None));
        }
        drop(db);
        let Some(other) = live.calls().seated(to) else {
            let sealed = seal::seal(&house.settings.secret, to, &signal)?;
            house.db.bus().tell(Hint::Signal { seat: to, sealed });
            return Ok(());
        };
        let frame = ServerFrame::CallSignal(signal.clone());
        if live.unless_cut(cuts, || other.say(&frame)).is_some() {
            return Ok(());
        }
    }
}

/// Tells a new follower of a room of the call that goes on in it.
pub(crate) async fn introduce(at: &At<'_>, room: Id<Room>) -> Result<(), Fault> {
    loop {
        let Some(sub) = at.conn.sub(room) else { return Ok(()) };
        let cuts = at.live.cuts();
        let Some(state) = state(at.house, sub.reader, room).await? else { return Ok(()) };
        if state.call.is_none()
            || at.live.unless_cut(cuts, || sub.say(&ServerFrame::Call(state))).is_some()
        {
            return Ok(());
        }
    }
}

/// A room's call, as a reader of the room may see it; none to who reads nothing of it.
pub(super) async fn state(
    house: &House,
    reader: Reader,
    room: Id<Room>,
) -> Result<Option<CallState>, Fault> {
    let mut db = house.db.read().await?;
    let none =
        CallState { room: room.to_string(), most: MOST_SEATS, ..CallState::default() };
    let Some(call) = sql::seen(&mut db, reader, room).await? else {
        let reach = log::reach(&mut db, reader, room).await?;
        return Ok(reach.map(|_| none));
    };
    let seats = sql::seats_seen(&mut db, reader, room).await?;
    let seats = seats.into_iter().map(|it| CallSeat {
        seat: it.id.to_string(),
        user: it.person_id.to_string(),
        name: it.name,
        organisation: it.organisation_id.to_string(),
        organisation_name: it.organisation_name,
        muted: it.muted,
        sharing: it.sharing,
        since: it.joined_at.millis(),
    });
    Ok(Some(CallState {
        call: Some(call.id.to_string()),
        revision: call.revision,
        since: call.started_at.millis(),
        by: call.person_id.to_string(),
        by_name: call.name,
        seats: seats.collect(),
        ..none
    }))
}
