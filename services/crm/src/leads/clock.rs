//! The clock: leads that nobody accepted in time are their vendor's again, and leads that go by
//! rules are handed out. Each is told once, also after the hub was down.

use std::time::Duration;

use gate::{House, Permit, Scope};
use kernel::{Id, Moment, Organisation};
use store::Tx;

use super::{
    HandLeads, Move, OfferState, Refusal, Side,
    moves::{self, Step},
    offers, routing,
    rules::is_late,
    sql::{self, Row},
};

const EVERY: Duration = Duration::from_secs(20);

/// Looks at the clock of leads, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(refusal) = look(&house).await {
            let error = &refusal as &dyn std::error::Error;
            tracing::error!(error, "watching the clock of leads: {refusal}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look: tells how many leads went back, or to a partner.
///
/// # Errors
/// Only ours.
pub async fn look(house: &House) -> Result<usize, Refusal> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let due = offers::due(&mut conn, now).await?;
    drop(conn);
    let mut told = 0;
    for (vendor, lead) in due {
        let mut tx = house.db.write().await?;
        let Some(row) = sql::hold(&mut tx, vendor, lead).await? else { continue };
        if lapse(&mut tx, row, now).await? {
            tx.commit().await?;
            told += 1;
        }
    }
    Ok(told + routing::look(house).await?)
}

/// Whether it went back: the partner may have accepted in the meantime.
async fn lapse(tx: &mut Tx, row: Row, now: Moment) -> Result<bool, Refusal> {
    let waits = row.offer_state == Some(OfferState::Offered);
    let Some(state) = row.state.step(Side::Clock, Move::Lapse).filter(|_| waits) else {
        return Ok(false);
    };
    if !row.due_at.is_some_and(|due| is_late(due, now)) {
        return Ok(false);
    }
    let after = Row { state, ..row.clone() };
    let step =
        Step { to: Move::Lapse, revision: row.revision, reason: None, words: None };
    let scope = nobody(row.organisation_id);
    moves::finish(tx, scope, (&row, &after), Side::Clock, &step, now).await?;
    Ok(true)
}

/// Nobody acts but the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock acts for the vendor; nobody does"
)]
const fn nobody(vendor: Id<Organisation>) -> Scope {
    Permit::<HandLeads>::for_system(vendor).scope()
}
