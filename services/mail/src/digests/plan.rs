//! Who is to be written to, and when. A turn is a row for somebody and a pace, with a job at its
//! time; while it stands, nothing more is planned at that pace. Where the bus is silent, all
//! rooms whose logs have grown are looked at each minute.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use gate::House;
use kernel::{Fault, Id, Membership, Moment, Room};
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;
use store::{Hint, Tx, jobs};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Pace,
    rules::{self, Zone},
    sql::{self, Behind, HabitRow},
};

/// The work of writing to somebody about all their rooms of one pace.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Turn {
    pub(super) membership: Id<Membership>,
    pub(super) pace: Pace,
    pub(super) due: Moment,
}

/// The kind of job that does it.
pub(super) const TURN: &str = "mail.turn";
/// Hints are gathered for so long: a room where many talk is looked at once.
const GATHER: Duration = Duration::from_secs(1);
/// Hints may be lost; then this often is soon enough.
const SWEEP: Duration = Duration::from_mins(1);

/// Plans letters to those who are behind, for ever.
pub(crate) async fn plan(house: House) {
    let mut hints = house.db.bus().listen();
    let mut heads = HashMap::new();
    let mut sweep = Instant::now();
    loop {
        let mut rooms = HashSet::new();
        let mut until = sweep;
        while let Ok(hint) = timeout_at(until, hints.recv()).await {
            match hint {
                Ok(Hint::Room { room, .. }) => {
                    rooms.insert(room);
                    until = until.min(Instant::now() + GATHER);
                }
                Ok(_) => {}
                // Some were lost: all rooms are looked at.
                Err(_lost) => {
                    sweep = Instant::now();
                    until = sweep;
                    sleep(GATHER).await;
                }
            }
        }
        let planned = if Instant::now() >= sweep {
            sweep = Instant::now() + SWEEP;
            all(&house, &mut heads).await
        } else {
            these(&house, rooms).await
        };
        if let Err(fault) = planned {
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                "planning letters to members: {fault}"
            );
            // What was missed is found when all rooms are looked at.
            heads.clear();
            sleep(GATHER).await;
        }
    }
}

/// Looks at every room whose log has grown since the last time.
async fn all(house: &House, heads: &mut HashMap<Id<Room>, i64>) -> Result<(), Fault> {
    let mut last = Id::<Room>::from_uuid(Uuid::nil());
    loop {
        let mut conn = house.db.read().await?;
        let (wanted,): (i64,) = conn.run(sql::ANYBODY).one().await?;
        if wanted == 0 {
            heads.clear();
            return Ok(());
        }
        let page: Vec<(Id<Room>, i64)> = conn.run(sql::HEADS).bind(last).all().await?;
        drop(conn);
        let Some((end, _)) = page.last() else { return Ok(()) };
        last = *end;
        let grown = page.iter().filter(|(room, head)| heads.get(room) != Some(head));
        these(house, grown.map(|(room, _)| *room).collect()).await?;
        heads.extend(page);
    }
}

async fn these(house: &House, rooms: HashSet<Id<Room>>) -> Result<(), Fault> {
    for room in rooms {
        let mut conn = house.db.read().await?;
        let behind: Vec<Behind> = conn.run(sql::BEHIND).bind(room).all().await?;
        drop(conn);
        if behind.is_empty() {
            continue;
        }
        let now = house.clock.now();
        let mut tx = house.db.write().await?;
        for one in behind {
            let hour = rules::hour(one.hour).unwrap_or_default();
            let wish = (one.pace, hour, &Zone::kept(&one.zone));
            once(&mut tx, one.membership_id, wish, now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Plans a letter to somebody, unless one of that pace is planned.
pub(super) async fn once(
    tx: &mut Tx,
    membership: Id<Membership>,
    (pace, hour, zone): (Pace, i8, &Zone),
    now: Moment,
) -> Result<(), Fault> {
    match rules::due(pace, hour, zone, now) {
        Some(due) => at(tx, Turn { membership, pace, due }).await,
        None => Ok(()),
    }
}

/// Plans a turn at its time, unless one of its pace is planned.
pub(super) async fn at(tx: &mut Tx, turn: Turn) -> Result<(), Fault> {
    let query = tx.run(sql::PLAN).bind(turn.membership).bind(turn.pace).bind(turn.due);
    if query.execute().await? == 1 {
        jobs::add(tx, TURN, &turn, turn.due).await?;
    }
    Ok(())
}

/// Plans anew, since somebody wants mail otherwise than before. A turn that tells of nothing
/// makes no letter, so one is planned at each pace that a room may have.
pub(super) async fn again(
    tx: &mut Tx,
    before: &HabitRow,
    (pace, hour, zone): (Pace, i8, &Zone),
    now: Moment,
) -> Result<(), Fault> {
    let membership = before.membership_id;
    tx.run(sql::CALL_OFF).bind(membership).execute().await?;
    let query = tx.run(sql::PACES).bind(membership);
    let mut paces: HashSet<Pace> =
        query.all::<(Pace,)>().await?.into_iter().map(|(pace,)| pace).collect();
    paces.insert(pace);
    for pace in paces {
        once(tx, membership, (pace, hour, zone), now).await?;
    }
    Ok(())
}
