//! The clock: trims logs by their rules, and removes files that nobody names any more.

use std::{error::Error, time::Duration};

use gate::House;
use kernel::{Fault, Id, Room};
use sharing::log;
use store::Sha256;

use super::sql;

/// How often it is looked at.
const EVERY: Duration = Duration::from_mins(5);
/// How many rooms are looked up at once.
const MOST_ROOMS: i64 = 100;
/// How many files are looked at in one look.
const MOST_FILES: i64 = 200;
/// How long a file waits before each of its two looks: longer than anybody takes to name what
/// was kept.
const FILE_RESTS: Duration = Duration::from_hours(2);

/// What one look came to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Trims {
    /// How many rooms had something to trim.
    pub rooms: usize,
    /// How many events went.
    pub events: i64,
}

/// Looks at the clock of retention, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        tokio::time::sleep(EVERY).await;
        for done in [trim_overdue(&house).await.map(drop), sweep(&house).await.map(drop)]
        {
            if let Err(fault) = done {
                let error = &fault as &dyn Error;
                tracing::error!(error, "trimming what is past its time: {fault}");
            }
        }
    }
}

/// Trims every log that has something older than its rule, a few hundred events at a time.
///
/// # Errors
/// If the database fails; what was trimmed before stays so.
pub async fn trim_overdue(house: &House) -> Result<Trims, Fault> {
    let mut trims = Trims::default();
    loop {
        let mut conn = house.db.read().await?;
        let rooms = log::overdue(&mut conn, house.clock.now(), MOST_ROOMS).await?;
        drop(conn);
        let mut moved = false;
        for room in &rooms {
            let gone = one(house, *room).await?;
            moved |= gone > 0;
            trims.rooms += usize::from(gone > 0);
            trims.events += gone;
        }
        if !moved || rooms.len() < usize::try_from(MOST_ROOMS).unwrap_or(usize::MAX) {
            return Ok(trims);
        }
    }
}

/// Trims one log: how many events went.
async fn one(house: &House, room: Id<Room>) -> Result<i64, Fault> {
    let mut gone = 0;
    loop {
        let mut tx = house.db.write().await?;
        let Some(trimmed) = log::trim(&mut tx, room, house.clock.now()).await? else {
            break;
        };
        tx.commit().await?;
        gone += trimmed.gone;
        if !trimmed.more {
            break;
        }
        // Whoever talks there goes first.
        tokio::task::yield_now().await;
    }
    if gone > 0 {
        tracing::info!(room = %room, gone, "trimmed the log of {room}");
    }
    Ok(gone)
}

/// Removes files of messages that are gone, once nobody else has the same bytes: first they are
/// put aside, and at a later look removed. How many were removed.
///
/// # Errors
/// If the database or the disk fails.
pub async fn sweep(house: &House) -> Result<usize, Fault> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let leaving = sql::leaving(&mut conn, now - FILE_RESTS, MOST_FILES).await?;
    drop(conn);
    let mut removed = 0;
    for (name, aside) in leaving {
        let file: Sha256 = name.parse()?;
        let mut tx = house.db.write().await?;
        let is_used = sql::is_named(&mut tx, &name).await?;
        if is_used {
            sql::forget_leaving(&mut tx, &name).await?;
            house.files.put_back(file)?;
        } else if aside {
            sql::forget_leaving(&mut tx, &name).await?;
            house.files.remove(file)?;
            removed += 1;
        } else {
            sql::put_aside(&mut tx, &name, now).await?;
            house.files.put_aside(file)?;
        }
        tx.commit().await?;
    }
    Ok(removed)
}
