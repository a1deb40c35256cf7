//! Comparing: on a schedule, when a population is shown for the first time, and on request as
//! far as each side's measure goes. Never because of an upload, so that uploading again and
//! again tells nothing.
//!
//! Both sides of each pair are walked by key, so the work grows with the rows and not with their
//! product. Each population and each pair is a transaction of its own, so that others wait for
//! one of them at most. Whoever dies in between leaves the rest due.

mod sql;

use std::time::Duration;

use gate::{House, Permit};
use kernel::{Fault, Id, Moment, Organisation, Partnership, Population};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    Tx,
    jobs::{self, Job, Outcome},
};

pub use sql::ALL as STATEMENTS;

use super::{
    AskForNames, Refusal, asks, offers, populations,
    rules::{ASKED, EVERY, OUT_OF_TURN, SPAN, told_after},
};

/// The jobs that compare.
const JOB: &str = "mapping.compare";
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Whose populations to compare.
#[derive(Debug, Deserialize, Serialize)]
struct Errand {
    partnership: Id<Partnership>,
}

/// Sees to it that pairs which were never compared are: now, as far as the measure of the side
/// goes that made them, else when the clock comes round.
pub(super) async fn wanted(
    tx: &mut Tx,
    (partnership, by): (Id<Partnership>, Id<Organisation>),
    at: Moment,
) -> Result<(), Fault> {
    sql::begin(tx, partnership).await?;
    let pairs = sql::pairs(tx, partnership).await?;
    if pairs.iter().all(|pair| pair.computed_at.is_some()) {
        return Ok(());
    }
    let spent = sql::runs(tx, partnership, by, at - SPAN).await?;
    if i64::try_from(spent.len()).unwrap_or(i64::MAX) >= OUT_OF_TURN {
        return Ok(());
    }
    sql::add_run(tx, partnership, by, "new", at).await?;
    sql::set_new(tx, partnership, at).await?;
    jobs::add(tx, JOB, &Errand { partnership }, at).await.map(drop)
}

/// Asks for a fresh comparison of everything.
///
/// # Errors
/// [`Refusal::NothingToCompare`]; [`Refusal::TooSoon`].
pub async fn ask_anew(
    tx: &mut Tx,
    permit: &Permit<AskForNames>,
    partnership: Id<Partnership>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let by = scope.organisation();
    let pair = offers::pair_of(tx, scope, partnership).await?;
    if sql::pairs(tx, partnership).await?.is_empty() {
        return Err(Refusal::NothingToCompare);
    }
    sql::begin(tx, partnership).await?;
    let spent = sql::runs(tx, partnership, by, at - SPAN).await?;
    if let Some(again) = again_at(&spent) {
        return Err(Refusal::TooSoon(again));
    }
    sql::add_run(tx, partnership, by, "asked", at).await?;
    sql::set_full(tx, partnership, at).await?;
    jobs::add(tx, JOB, &Errand { partnership }, at).await?;
    offers::tell(tx, partnership, [by, pair.partner_id]);
    Ok(offers::log(tx, scope, partnership, "mapping.compare", json!({}), at).await?)
}

/// When a side may ask again; none if it may now. `spent` is the newest first.
fn again_at(spent: &[sql::RunRow]) -> Option<Moment> {
    let limit = |most: i64| usize::try_from(most - 1).unwrap_or_default();
    let asked = spent.iter().filter(|run| run.kind == "asked").nth(limit(ASKED));
    let any = spent.get(limit(OUT_OF_TURN));
    let last = asked.into_iter().chain(any).map(|run| run.at + SPAN);
    last.max()
}

/// When the acting side may ask for a comparison again; none if it may now.
pub(super) async fn next_ask(
    conn: &mut store::Conn,
    partnership: Id<Partnership>,
    by: Id<Organisation>,
    at: Moment,
) -> Result<Option<Moment>, Fault> {
    Ok(again_at(&sql::runs(conn, partnership, by, at - SPAN).await?))
}

/// Compares what is due, for ever.
pub(crate) async fn watch(house: House) {
    let run = |_job: Job, errand: Errand| {
        let house = house.clone();
        async move {
            one(&house, errand.partnership).await?;
            Ok(Outcome::Done)
        }
    };
    let (db, clock) = (house.db.clone(), house.clock.clone());
    tokio::join!(jobs::work(db, clock, JOB, run), by_clock(&house));
}

async fn by_clock(house: &House) {
    loop {
        if let Err(fault) = look(house).await {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, "watching the clock of account mapping: {fault}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// One look at the clock: compares what is due, and ends wishes that nobody answered.
///
/// # Errors
/// If the database fails.
pub async fn look(house: &House) -> Result<(), Fault> {
    let now = house.clock.now();
    asks::expire(house, now).await?;
    let mut conn = house.db.read().await?;
    let due = sql::due(&mut conn, now, now - EVERY).await?;
    drop(conn);
    for partnership in due {
        one(house, partnership).await?;
    }
    Ok(())
}

/// Compares what is due of one partnership.
async fn one(house: &House, partnership: Id<Partnership>) -> Result<(), Fault> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let Some(state) = sql::state(&mut conn, partnership).await? else { return Ok(()) };
    let pairs = sql::pairs(&mut conn, partnership).await?;
    drop(conn);
    let asked = state.full_at.is_some_and(|at| at <= now);
    let due = |pair: &&sql::PairRow| {
        asked
            || pair.computed_at.is_none()
            || (pair.computed_at.is_some_and(|at| at <= now - EVERY) && pair.changed != 0)
    };
    let due: Vec<&sql::PairRow> = pairs.iter().filter(due).collect();
    let mut sides: Vec<Id<Population>> =
        due.iter().flat_map(|pair| [pair.proposed, pair.answered]).collect();
    sides.sort_unstable();
    sides.dedup();
    for population in sides {
        let mut tx = house.db.write().await?;
        populations::refresh(&mut tx, population).await?;
        tx.commit().await?;
    }
    for pair in &due {
        let mut tx = house.db.write().await?;
        compare(&mut tx, partnership, pair, now).await?;
        store::brink("mapping.comparing");
        tx.commit().await?;
        store::brink("mapping.compared");
    }
    let mut tx = house.db.write().await?;
    sql::settle(&mut tx, partnership, now, !due.is_empty()).await?;
    offers::tell(&mut tx, partnership, [state.proposer_id, state.answerer_id]);
    tx.commit().await
}

/// Compares two populations, and tells how many they have in common as far as that moved. One
/// that was hidden in the meantime is left alone.
async fn compare(
    tx: &mut Tx,
    partnership: Id<Partnership>,
    pair: &sql::PairRow,
    now: Moment,
) -> Result<(), Fault> {
    sql::hold(tx, partnership).await?;
    let still = sql::pairs(tx, partnership).await?;
    let same =
        |it: &sql::PairRow| (it.proposed, it.answered) == (pair.proposed, pair.answered);
    let Some(pair) = still.into_iter().find(same) else { return Ok(()) };
    let cell = match pair.cell_id {
        Some(cell) => cell,
        None => sql::add_cell(tx, partnership, &pair, now).await?,
    };
    for (own, other) in [(pair.proposed, pair.answered), (pair.answered, pair.proposed)] {
        sql::match_side(tx, cell, own, other).await?;
    }
    let counted = sql::count(tx, cell).await?;
    let before = pair.cell_id.and(pair.counted);
    sql::count_cell(tx, cell, told_after(before, counted), now).await
}
