//! What wakes a worker: a bell for its kind of job, and a look at the clock that all workers
//! of a process share.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use kernel::{Clock, Fault, Moment};
use tokio::sync::Notify;

use crate::Db;

crate::statements! {
    /// Those of these kinds of which a job is due: one read for all workers, so that waiting
    /// does not write.
    DUE unscoped "the queue belongs to the hub" = sqlite "
        select k.value
        from json_each($1) k
        where exists (
            select 1 from job
            where state = 'waiting' and kind = k.value and run_at <= $2)", postgres "
        select k.value
        from jsonb_array_elements_text($1::jsonb) k
        where exists (
            select 1 from job
            where state = 'waiting' and kind = k.value and run_at <= $2)";
}

/// For so long one worker's look at the queue holds for the others.
const LOOK_HOLDS: Duration = Duration::from_millis(500);
/// How often a worker looks by itself: for what is due by time, and for bells that were lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The bells of a process.
#[derive(Debug, Default)]
pub(crate) struct Bells {
    bells: Mutex<HashMap<&'static str, Arc<Bell>>>,
    looked: tokio::sync::Mutex<Option<(Instant, HashSet<String>)>>,
}

/// The bell of one kind of job.
#[derive(Debug)]
pub(super) struct Bell {
    rung: Notify,
    /// When the first of the jobs is due that it was rung for since somebody listened.
    earliest: AtomicI64,
}

impl Bells {
    /// The bell of this kind.
    pub(super) fn of(&self, kind: &'static str) -> Arc<Bell> {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        let new =
            || Arc::new(Bell { rung: Notify::new(), earliest: AtomicI64::new(i64::MAX) });
        Arc::clone(bells.entry(kind).or_insert_with(new))
    }

    /// A job of this kind was written, and is due then. Nobody here may work on such.
    pub(crate) fn ring(&self, kind: &str, due: Moment) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(kind) {
            bell.earliest.fetch_min(due.micros(), Ordering::SeqCst);
            bell.rung.notify_one();
        }
    }

    /// Whether a job of this kind is due, as somebody here saw a moment ago.
    async fn is_due(&self, db: &Db, clock: &Clock, kind: &str) -> Result<bool, Fault> {
        let mut looked = self.looked.lock().await;
        if let Some((at, due)) = looked.as_ref()
            && at.elapsed() < LOOK_HOLDS
        {
            return Ok(due.contains(kind));
        }
        let kinds: Vec<_> = {
            let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
            bells.keys().copied().collect()
        };
        let kinds =
            serde_json::to_string(&kinds).map_err(Fault::new("listing kinds of jobs"))?;
        let mut conn = db.read().await?;
        let due: Vec<(String,)> =
            conn.run(DUE).bind(kinds).bind(clock.now()).all().await?;
        drop(conn);
        let due: HashSet<_> = due.into_iter().map(|(kind,)| kind).collect();
        let is = due.contains(kind);
        *looked = Some((Instant::now(), due));
        Ok(is)
    }
}

impl Bell {
    /// Returns when there may be a job to lease: one was written that is due, or one became
    /// due meanwhile.
    pub(super) async fn awaited(
        &self,
        db: &Db,
        clock: &Clock,
        kind: &str,
    ) -> Result<(), Fault> {
        loop {
            match tokio::time::timeout(LOOK_EVERY, self.rung.notified()).await {
                Ok(()) => {
                    let earliest = self.earliest.swap(i64::MAX, Ordering::SeqCst);
                    if earliest <= clock.now().micros() {
                        return Ok(());
                    }
                }
                Err(_elapsed) => {
                    if db.bus().bells().is_due(db, clock, kind).await? {
                        return Ok(());
                    }
                }
            }
        }
    }
}
