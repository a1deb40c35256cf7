//! Several processes on one database, and how a right that one of them takes away is gone on
//! all of them before the answer says so.
//!
//! A transaction that lowers rights writes what is to be cut into `cut`, under a number that
//! is dense and in the order of commits. Each node keeps a row in `node` and a [`Lease`]: once
//! a second, and whenever the bus says so, it reads the cuts that it has not made, makes them,
//! tells so, and only then may send for another `LEASE` after the moment *before* it read.
//!
//! Whoever took the right away waits, after the commit, until every node has made the cut, or
//! a lease's time (and `MARGIN`) has passed: a node that read before the commit may not
//! send any more by then, and one that read after it has made the cut. No clock is
//! compared with another machine's. The bus only makes it quick; without it, the table
//! tells.
//!
//! SQLite belongs to one process, which cuts its own sockets: nothing of this runs there.

mod lease;
mod sql;

use std::{
    collections::HashMap,
    error::Error,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{Fault, Id, Node};
use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};

pub use lease::Lease;
pub use sql::ALL;
pub(crate) use sql::note_cut;

use crate::{Db, Dialect, Hint};
use lease::LEASE;

/// How often a node renews its lease.
const RENEW: Duration = Duration::from_secs(1);
/// Two clocks may run so far apart during a lease.
const MARGIN: Duration = Duration::from_millis(500);
/// How often the table is asked who has cut, if the bus does not tell.
const ASK: Duration = Duration::from_millis(100);
/// Answers that are being made hold a cut up for so long; later they are refused instead.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);

/// What this node knows of the others.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    /// Up to which number each has cut, as far as the bus told.
    cut: Mutex<HashMap<Id<Node>, i64>>,
    told: Notify,
    /// Up to which number this node has cut; none while it has no row.
    seen: tokio::sync::Mutex<Option<i64>>,
    look: Notify,
}

impl Neighbours {
    /// A node says that it has cut so far.
    pub(crate) fn has_cut(&self, node: Id<Node>, no: i64) {
        {
            let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
            let known = cut.entry(node).or_insert(no);
            *known = no.max(*known);
        }
        self.told.notify_waiters();
    }

    /// Somebody says that there is something to cut.
    pub(crate) fn look(&self) {
        self.look.notify_one();
    }

    fn behind(&self, nodes: &mut Vec<Id<Node>>, no: i64) {
        let cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.retain(|node| cut.get(node).is_none_or(|seen| *seen < no));
    }
}

impl Db {
    /// Takes this node's first lease, where there may be others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn join(&self) -> Result<(), Fault> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let mut seen = self.bus().neighbours().seen.lock().await;
        enter(self, &mut seen).await
    }

    /// Gives this node's lease back: nobody waits for it any more. Call it once nothing is
    /// sent any more.
    pub async fn leave(&self) {
        if self.dialect() == Dialect::Sqlite {
            return;
        }
        let mut seen = self.bus().neighbours().seen.lock().await;
        self.bus().lease().end();
        *seen = None;
        let left = async {
            let mut conn = self.lease_conn().await?;
            sql::leave(&mut conn, self.bus().node()).await
        };
        if let Err(fault) = left.await {
            warn("others wait for a node that has gone", &fault);
        }
    }
}

async fn enter(db: &Db, seen: &mut Option<i64>) -> Result<(), Fault> {
    let bus = db.bus();
    bus.lease().end();
    // What was read before is not sent: nobody waited for it to be cut.
    bus.refuse_answers();
    bus.cut(&Hint::LeaseLost).await;
    let from = bus.lease().now();
    let mut conn = db.lease_conn().await?;
    sql::leave(&mut conn, bus.node()).await?;
    *seen = Some(sql::join(&mut conn, bus.node()).await?);
    bus.lease().renew(from);
    Ok(())
}

/// Keeps this node's lease, for ever, and makes the cuts that others ask for.
pub async fn keep(db: Db) {
    if db.dialect() == Dialect::Sqlite {
        return std::future::pending().await;
    }
    tokio::join!(renew_for_ever(&db), watch(&db));
}

async fn renew_for_ever(db: &Db) {
    let mut beats = HashMap::new();
    loop {
        let looked = timeout(RENEW, db.bus().neighbours().look.notified()).await;
        match timeout(LEASE, renew(db)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => warn("this node's lease could not be renewed", &fault),
            Err(_elapsed) => tracing::warn!("the database is slow to renew the lease"),
        }
        // The bus may call often; the dead are looked for now and then.
        if looked.is_err()
            && let Ok(Err(fault)) = timeout(LEASE, bury(db, &mut beats)).await
        {
            warn("nodes that are gone could not be looked for", &fault);
        }
    }
}

/// Makes the cuts that this node has not made, and takes its next lease.
async fn renew(db: &Db) -> Result<(), Fault> {
    let bus = db.bus();
    let mut seen = bus.neighbours().seen.lock().await;
    let Some(before) = *seen else { return enter(db, &mut seen).await };
    let from = bus.lease().now();
    let mut conn = db.lease_conn().await?;
    let cuts = sql::cuts_after(&mut conn, before).await?;
    let upto = cuts.last().map_or(before, |(no, ..)| *no);
    let others = cuts.into_iter().filter(|(_, node, _)| *node != bus.node());
    let others: Vec<String> = others.map(|(.., hints)| hints).collect();
    if !others.is_empty() {
        make(db, &others).await;
        bus.tell_cut(upto);
    }
    if sql::beat(&mut conn, bus.node(), upto).await? {
        *seen = Some(upto);
        bus.lease().renew(from);
        return Ok(());
    }
    tracing::warn!("this node was taken for dead: its sockets come back");
    *seen = None;
    drop(conn);
    enter(db, &mut seen).await
}

/// Cuts what other nodes took away. Returns once nothing of it is sent any more.
async fn make(db: &Db, cuts: &[String]) {
    let bus = db.bus();
    let fence = timeout(ANSWERED_WITHIN, bus.fence().write()).await;
    if fence.is_err() {
        bus.refuse_answers();
    }
    drop(fence);
    for hints in cuts {
        match serde_json::from_str::<Vec<Hint>>(hints) {
            Ok(hints) => {
                for hint in hints {
                    bus.cut(&hint).await;
                    bus.tell_here(hint);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a cut makes no sense here: every socket goes");
                bus.refuse_answers();
                bus.cut(&Hint::LeaseLost).await;
            }
        }
    }
}

/// Sends the sockets away when the lease runs out.
async fn watch(db: &Db) {
    let lease = db.bus().lease();
    let mut told = false;
    loop {
        let live = lease.is_live();
        if !live && !told {
            tracing::warn!("this node has no lease: it sends nothing, its sockets go");
            metrics::counter!("entente_leases_lost_total").increment(1);
            db.bus().cut(&Hint::LeaseLost).await;
            db.bus().neighbours().look();
        }
        told = !live;
        let rest = if live { lease.rest() } else { RENEW };
        tokio::time::sleep(rest.max(Duration::from_millis(50))).await;
    }
}

/// Takes the rows of nodes away that did not renew for longer than a lease, by our clock, and
/// forgets what everybody has cut.
async fn bury(
    db: &Db,
    beats: &mut HashMap<Id<Node>, (i64, Instant)>,
) -> Result<(), Fault> {
    let mut conn = db.lease_conn().await?;
    let others = sql::others(&mut conn, db.bus().node()).await?;
    let now = Instant::now();
    beats.retain(|node, _| others.iter().any(|(other, _)| other == node));
    for (node, beat) in others {
        let known = beats.entry(node).or_insert((beat, now));
        if known.0 != beat {
            *known = (beat, now);
        } else if now.duration_since(known.1) > LEASE + MARGIN {
            tracing::warn!(node.id = %node, "a node has gone without saying so");
            sql::bury(&mut conn, node, beat).await?;
        }
    }
    sql::forget_cuts(&mut conn).await
}

/// Waits, after a commit, until every other node has made a cut, or may not send any more.
/// At most a lease and its margin.
pub(crate) async fn made_everywhere(db: &Db, no: i64) {
    let (bus, began) = (db.bus(), Instant::now());
    // Of any read that began before the commit, the lease is over by then.
    let end = began + LEASE + MARGIN;
    bus.tell_to_cut(no);
    loop {
        let told = bus.neighbours().told.notified();
        tokio::pin!(told);
        told.as_mut().enable();
        let rest = end.saturating_duration_since(Instant::now());
        let behind = match timeout(rest.max(ASK), behind(db, no)).await {
            Ok(Ok(behind)) if behind.is_empty() => break,
            Ok(Ok(behind)) => behind,
            Ok(Err(fault)) => {
                warn("who has made a cut could not be asked", &fault);
                Vec::new()
            }
            Err(_elapsed) => Vec::new(),
        };
        if rest.is_zero() {
            put_out(db, &behind, no).await;
            break;
        }
        let _told_or_time = timeout(ASK.min(rest), told).await;
    }
    metrics::histogram!("entente_cut_seconds").record(began.elapsed());
}

async fn behind(db: &Db, no: i64) -> Result<Vec<Id<Node>>, Fault> {
    let mut conn = db.read().await?;
    let mut behind = sql::behind(&mut conn, db.bus().node(), no).await?;
    db.bus().neighbours().behind(&mut behind, no);
    Ok(behind)
}

/// Nodes that did not cut have no lease any more; nobody waits for them again.
async fn put_out(db: &Db, nodes: &[Id<Node>], no: i64) {
    let out = async {
        let mut conn = db.lease_conn().await?;
        for node in nodes {
            sql::put_out(&mut conn, *node, no).await?;
        }
        Ok(())
    };
    tracing::warn!(nodes = nodes.len(), "nodes that did not answer are put out");
    if let Ok(Err(fault)) = timeout(LEASE, out).await {
        warn("nodes that did not answer could not be put out", &fault);
    }
}

fn warn(what: &str, fault: &Fault) {
    tracing::warn!(error = fault as &dyn Error, "{what}: {fault}");
}
