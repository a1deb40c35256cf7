//! What is done beside for the seats of this process, one thing after the other: so that what is
//! told of a call never goes back.

use std::{
    collections::{HashMap, HashSet},
    error::Error,
    sync::Arc,
};

use gate::House;
use kernel::{Fault, Id, Room, Seat, Space};
use sharing::Reader;
use tokio::time::MissedTickBehavior;
use wire::{CallState, ServerFrame};

use super::{
    frames::state,
    live::{Seated, Task},
    rules::{AWAY, GRACE, LEASE, RENEW_EVERY},
    seal, sql,
};
use crate::{
    Live,
    live::{conn::text_of, hub::Sub, queue::Class},
};

/// Does what is to be done, for ever.
pub(crate) async fn run(live: Live, house: House) {
    let mut tasks = live.calls().doing.lock().await;
    let mut renewal = tokio::time::interval(RENEW_EVERY);
    renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            biased;
            _ = renewal.tick() => renew(&live, &house).await,
            task = tasks.recv() => match task {
                Some(task) => work(&live, &house, task).await,
                None => return,
            },
        };
        if let Err(fault) = done {
            tracing::error!(
                error = &fault as &dyn Error,
                "a call was not served: {fault}"
            );
        }
    }
}

async fn work(live: &Live, house: &House, task: Task) -> Result<(), Fault> {
    match task {
        Task::Refresh(room) => refresh(live, house, room).await,
        Task::Lost(space) => lost(live, house, space).await,
        Task::RefreshAll => {
            let rooms: HashSet<_> = live.calls().all().iter().map(|it| it.room).collect();
            let followed = live.hubs().into_iter().map(|hub| hub.room());
            for room in rooms.into_iter().chain(followed).collect::<HashSet<_>>() {
                refresh(live, house, room).await?;
            }
            Ok(())
        }
        Task::Deliver { seat, sealed } => deliver(live, house, seat, &sealed).await,
        Task::Leave(room, seat) => {
            let mut tx = house.db.write().await?;
            super::leave(&mut tx, room, seat, house.clock.now()).await?;
            tx.commit().await
        }
        Task::Gone(room, seat) => gone(live, house, room, seat).await,
        Task::Lapse(room) => {
            let mut tx = house.db.write().await?;
            sql::lock(&mut tx, room).await?;
            if let Some(call) = sql::going(&mut tx, room).await? {
                super::tidy(&mut tx, &call, house.clock.now()).await?;
            }
            tx.commit().await
        }
    }
}

/// A socket broke. Where this process goes away, the seat has more time already.
async fn gone(
    live: &Live,
    house: &House,
    room: Id<Room>,
    seat: Id<Seat>,
) -> Result<(), Fault> {
    if live.is_draining() || live.calls().seated(seat).is_some() {
        return Ok(());
    }
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    sql::renew(&mut tx, seat, now, now + GRACE).await?;
    tx.commit().await?;
    let live = live.clone();
    tokio::spawn(async move {
        tokio::time::sleep(GRACE).await;
        live.calls().task(Task::Lapse(room));
    });
    Ok(())
}

/// Renews the leases of the seats here. Who may not hold one any longer is told, and leaves.
async fn renew(live: &Live, house: &House) -> Result<(), Fault> {
    let mut seats = live.calls().all();
    seats.retain(|it| it.is_settled());
    if seats.is_empty() {
        return Ok(());
    }
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let mut ended = Vec::new();
    for seated in seats {
        if !sql::renew(&mut tx, seated.seat, now, now + LEASE).await? {
            ended.push(seated);
        }
    }
    tx.commit().await?;
    for seated in ended {
        if live.calls().stand(&seated) {
            seated.over("lapsed");
            live.calls().task(Task::Leave(seated.room, seated.seat));
        }
    }
    Ok(())
}

/// Gives the seats here more time: this process goes away, and their sockets come back elsewhere.
pub(crate) async fn away(live: &Live, house: &House) -> Result<(), Fault> {
    let seats = live.calls().all();
    if seats.is_empty() {
        return Ok(());
    }
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    for seated in seats {
        sql::renew(&mut tx, seated.seat, now, now + AWAY).await?;
    }
    tx.commit().await
}

/// A space was taken from somebody: what the others see of its calls has changed.
async fn lost(live: &Live, house: &House, space: Id<Space>) -> Result<(), Fault> {
    let seats = live.calls().all();
    let rooms = seats.iter().filter(|it| it.space == space).map(|it| it.room);
    let followed = live.hubs().into_iter().filter(|hub| hub.is_of(space));
    let rooms: HashSet<_> = rooms.chain(followed.map(|hub| hub.room())).collect();
    for room in rooms {
        refresh(live, house, room).await?;
    }
    Ok(())
}

/// Tells those who follow a room here how its call stands, each under their own right; and whose
/// seat is gone, that it is.
async fn refresh(live: &Live, house: &House, room: Id<Room>) -> Result<(), Fault> {
    let mut seats = live.calls().of_room(room);
    // Before the database is read: a seat that is being committed meanwhile has not lapsed.
    seats.retain(|it| it.is_settled());
    if !seats.is_empty() {
        let mut db = house.db.read().await?;
        let taken = sql::taken(&mut db, room).await?;
        drop(db);
        for seated in &seats {
            if taken.iter().any(|it| it.id == seated.seat && it.reads > 0) {
                continue;
            }
            if live.calls().stand(seated) {
                let again = taken.iter().any(|it| it.person_id == seated.conn.person);
                seated.over(if again { "elsewhere" } else { "lapsed" });
                live.calls().task(Task::Leave(room, seated.seat));
            }
        }
    }
    let (subs, seats) = (subs(live, room), live.calls().of_room(room));
    let readers = subs.iter().map(|it| it.reader).chain(seats.iter().map(|it| it.reader));
    for reader in readers.collect::<HashSet<Reader>>() {
        loop {
            let cuts = live.cuts();
            let Some(state) = state(house, reader, room).await? else { break };
            let told = live.unless_cut(cuts, || tell(state, reader, &subs, &seats));
            if told.is_some() {
                break;
            }
        }
    }
    Ok(())
}

fn subs(live: &Live, room: Id<Room>) -> Vec<Arc<Sub>> {
    live.hub(room).map(|hub| hub.subs()).unwrap_or_default()
}

/// Once for each connection: under its seat, else under its subscription.
fn tell(state: CallState, reader: Reader, subs: &[Arc<Sub>], seats: &[Arc<Seated>]) {
    let frame = ServerFrame::Call(state);
    let seated: HashMap<u64, &Arc<Seated>> =
        seats.iter().map(|it| (it.conn.number, it)).collect();
    for seat in seated.values().filter(|it| it.reader == reader) {
        seat.say(&frame);
    }
    let Some(text) = text_of(&frame) else { return };
    for sub in subs.iter().filter(|it| it.reader == reader) {
        if !seated.contains_key(&sub.conn.number) {
            sub.push(text.clone(), Class::Lasting);
        }
    }
}

/// Hands on what came sealed from another node: authorised once more, here.
async fn deliver(
    live: &Live,
    house: &House,
    seat: Id<Seat>,
    sealed: &str,
) -> Result<(), Fault> {
    let Some(signal) = seal::open(&house.settings.secret, seat, sealed) else {
        tracing::warn!(
            "what another node sealed cannot be opened: have they one secret?"
        );
        return Ok(());
    };
    let (Ok(room), Ok(from)) =
        (signal.room.parse::<Id<Room>>(), signal.from.parse::<Id<Seat>>())
    else {
        return Ok(());
    };
    let frame = ServerFrame::CallSignal(signal);
    loop {
        let Some(there) = live.calls().seated(seat).filter(|it| it.room == room) else {
            return Ok(());
        };
        let cuts = live.cuts();
        let mut db = house.db.read().await?;
        let paired = sql::are_of_one_call(&mut db, room, (from, seat)).await?;
        drop(db);
        if !paired || live.unless_cut(cuts, || there.say(&frame)).is_some() {
            return Ok(());
        }
    }
}
