//! The clock: protections that end, warnings before, answers that are late. Each is told once,
//! also after the hub was down.

use std::time::Duration;

use gate::House;
use kernel::{Fault, Id, Moment, Organisation, Registration};
use store::Tx;

use super::{
    Move, Refusal, Side, State, holds,
    rules::{days_after, warning},
    sql::{self, Row, Told},
    tell,
};

const EVERY: Duration = Duration::from_secs(20);

/// Looks at the clock of registrations, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(refusal) = look(&house).await {
            let error = &refusal as &dyn std::error::Error;
            tracing::error!(error, "watching the clock of registrations: {refusal}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look: tells how many registrations something became of.
///
/// # Errors
/// Only ours.
pub async fn look(house: &House) -> Result<usize, Refusal> {
    let now = house.clock.now();
    let (in_14, in_3) = (days_after(now, 14), days_after(now, 3));
    let mut conn = house.db.read().await?;
    let query = conn.run(sql::DUE).bind(now).bind(in_14).bind(in_3);
    let due: Vec<(Id<Registration>, Id<Organisation>)> = query.all().await?;
    drop(conn);
    let mut told = 0;
    for (id, vendor) in due {
        let mut tx = house.db.write().await?;
        let Some(row) = sql::one(&mut tx, vendor, id).await? else { continue };
        if one(&mut tx, row, now).await? {
            tx.commit().await?;
            told += 1;
        }
    }
    Ok(told)
}

/// Whether there was something to tell.
async fn one(tx: &mut Tx, row: Row, now: Moment) -> Result<bool, Refusal> {
    if row.live == 0 {
        return Ok(false);
    }
    match (row.state, row.until) {
        (State::Submitted | State::InReview, _) => late(tx, &row, now).await,
        (State::Approved | State::ExtensionAsked, Some(until)) if until <= now => {
            expire(tx, row, now).await
        }
        (State::Approved | State::ExtensionAsked, Some(until)) => {
            warn(tx, &row, until, now).await
        }
        _ => Ok(false),
    }
}

/// A protection ends. A wish for a longer one that nobody answered ends with it: it is refused
/// first, so that only the listed moves are made.
async fn expire(tx: &mut Tx, row: Row, now: Moment) -> Result<bool, Refusal> {
    let mut row = row;
    for step in [Move::RefuseExtension, Move::Expire] {
        let Some(state) = row.state.step(Side::Clock, step) else { continue };
        let after = Row { state, wished_days: None, ..row.clone() };
        if !sql::shift(tx, row.vendor_id, &row, &after, now).await? {
            return Ok(false);
        }
        sql::add_event(tx, &after, (step, Side::Clock), &Told::default(), now).await?;
        row = Row { revision: row.revision + 1, ..after };
    }
    holds::release(tx, &row).await?;
    tell::hint(tx, &row);
    both(tx, &row, "registration_expired", None, now).await?;
    tell::clock_entry(tx, &row, "registration.expire", now).await?;
    Ok(true)
}

async fn warn(
    tx: &mut Tx,
    row: &Row,
    until: Moment,
    now: Moment,
) -> Result<bool, Refusal> {
    let days = warning(until, now, row.warned_days);
    if days == 0 || !sql::tell(tx, row, row.told_overdue, days).await? {
        return Ok(false);
    }
    both(tx, row, "registration_ending", Some(days), now).await?;
    Ok(true)
}

async fn late(tx: &mut Tx, row: &Row, now: Moment) -> Result<bool, Refusal> {
    let due = row.answer_due.is_some_and(|due| due < now);
    if !due || row.told_overdue != 0 || !sql::tell(tx, row, 1, row.warned_days).await? {
        return Ok(false);
    }
    tell::hint(tx, row);
    both(tx, row, "registration_overdue", None, now).await?;
    Ok(true)
}

async fn both(
    tx: &mut Tx,
    row: &Row,
    kind: &str,
    days: Option<i64>,
    now: Moment,
) -> Result<(), Fault> {
    for side in [Side::Vendor, Side::Partner] {
        tell::people(tx, row, side, kind, days, now).await?;
    }
    Ok(())
}
