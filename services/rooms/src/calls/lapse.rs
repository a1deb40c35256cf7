//! The job that ends what nobody ends: seats whose node has died, and their call.

use std::time::Duration;

use gate::House;
use kernel::{Call, Fault, Id};
use serde::{Deserialize, Serialize};
use store::jobs::{self, Job, Outcome};

use super::{sql, tidy};

/// The kind of this job.
pub(super) const KIND: &str = "call.lapse";
/// It is not looked more often than this.
const AT_LEAST: Duration = Duration::from_secs(1);

/// Which call to look at.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Errand {
    pub(super) call: Id<Call>,
}

/// Looks at calls when the first lease of their seats runs out, for ever.
pub(crate) async fn run(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let look = move |job, errand| {
        let house = house.clone();
        async move { look(&house, job, errand).await }
    };
    jobs::work(db, clock, KIND, look).await;
}

/// Looks once. As long as the call goes on, the next look is queued in the same commit.
async fn look(house: &House, job: Job, errand: Errand) -> Result<Outcome, Fault> {
    let mut tx = house.db.write().await?;
    let now = house.clock.now();
    let Some(room) = sql::room_of(&mut tx, errand.call).await? else {
        return Ok(Outcome::Done);
    };
    sql::lock(&mut tx, room).await?;
    let going = sql::going(&mut tx, room).await?.filter(|it| it.id == errand.call);
    let Some(call) = going else { return Ok(Outcome::Done) };
    let goes_on = tidy(&mut tx, &call, now).await?;
    jobs::done(&mut tx, job.id).await?;
    if goes_on {
        let taken = sql::taken(&mut tx, room).await?;
        let first = taken.iter().map(|it| it.lease_until).min().unwrap_or(now);
        jobs::add(&mut tx, KIND, &errand, first.max(now + AT_LEAST)).await?;
        tx.commit().await?;
    } else {
        store::brink("call.ending");
        tx.commit().await?;
        store::brink("call.ended");
    }
    Ok(Outcome::Done)
}
