//! Work to be done once a change has committed. A job is a row that commits with the change;
//! a worker leases it, and one that dies lets the lease run out.

use std::{future::Future, pin::pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use kernel::{Clock, Fault, Id, Job as JobKind, Moment};
use serde::{Serialize, de::DeserializeOwned};

mod bells;

use crate::{Conn, Db, Hint, Tx};
/// The statement of the bells.
pub use bells::ALL as BELL_STATEMENTS;
pub(crate) use bells::Bells;

crate::statements! {
    /// Adds a job.
    ADD unscoped "the queue belongs to the hub" = "
        insert into job (id, kind, payload, run_at, attempts, state, created_at)
        values ($1, $2, $3, $4, 0, 'waiting', $5)";

    /// Leases the jobs of a kind that are due, oldest first.
    LEASE unscoped "the queue belongs to the hub" = sqlite "
        update job set attempts = attempts + 1, run_at = $3
        where id in (
            select id from job
            where state = 'waiting' and kind = $1 and run_at <= $2
            order by run_at
            limit $4)
        returning id, payload, attempts", postgres "
        update job set attempts = attempts + 1, run_at = $3
        where id in (
            select id from job
            where state = 'waiting' and kind = $1 and run_at <= $2
            order by run_at
            limit $4
            for update skip locked)
        returning id, payload, attempts";

    /// A job is done.
    DONE unscoped "the queue belongs to the hub" = "
        delete from job where id = $1";

    /// A job is done, by the worker that holds it: `attempts` grows with each lease.
    STRIKE unscoped "the queue belongs to the hub" = "
        delete from job where id = $1 and attempts = $2";

    /// A lease goes on.
    RENEW unscoped "the queue belongs to the hub" = "
        update job set run_at = $3 where id = $1 and attempts = $2 and state = 'waiting'";

    /// A job is put off.
    PUT_OFF unscoped "the queue belongs to the hub" = "
        update job set run_at = $3, last_error = $4 where id = $1 and attempts = $2";

    /// A job is given up; it stays, for the operator to see.
    GIVE_UP unscoped "the queue belongs to the hub" = "
        update job set state = 'dead', last_error = $3 where id = $1 and attempts = $2";

    /// How many jobs wait, and how many were given up, by kind.
    COUNT unscoped "the queue belongs to the hub" = "
        select kind, state, count(*) from job group by kind, state order by kind, state";
}

const LEASE_FOR: Duration = Duration::from_mins(1);
const ATTEMPTS: i64 = 12;
/// How many jobs of one kind a process runs at once.
const AT_ONCE: usize = 4;

/// A job that this worker holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    /// Which.
    pub id: Id<JobKind>,
    /// What to do, in JSON.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

impl Job {
    /// Whether it is given up if it fails once more.
    pub const fn is_last(&self) -> bool {
        self.attempts >= ATTEMPTS
    }
}

/// What came of a job.
#[derive(Debug)]
pub enum Outcome {
    /// It is done, or need not be done any more.
    Done,
    /// It failed for now, for this reason.
    Retry(String),
    /// It can never succeed, for this reason.
    Dead(String),
}

/// Adds a job to be run at `at` or later.
///
/// # Errors
/// If the database fails.
pub async fn add(
    tx: &mut Tx,
    kind: &str,
    payload: &impl Serialize,
    at: Moment,
) -> Result<Id<JobKind>, Fault> {
    let id = Id::mint();
    let text = serde_json::to_string(payload).map_err(Fault::new("writing a job"))?;
    tx.run(ADD).bind(id).bind(kind).bind(text).bind(at).bind(at).execute().await?;
    tx.hint(Hint::Job { kind: kind.to_owned(), due: at });
    Ok(id)
}

/// Leases jobs of one kind that are due, up to so many.
///
/// # Errors
/// If the database fails.
pub async fn lease(
    tx: &mut Tx,
    kind: &str,
    now: Moment,
    most: usize,
) -> Result<Vec<Job>, Fault> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.run(LEASE).bind(kind).bind(now).bind(now + LEASE_FOR).bind(most).all().await
}

/// Strikes a job that is done off the queue. In the transaction of its effect, if it has one.
///
/// # Errors
/// If the database fails.
pub async fn done(tx: &mut Tx, id: Id<JobKind>) -> Result<(), Fault> {
    tx.run(DONE).bind(id).execute().await.map(drop)
}

/// Rows of (kind, state, how many), for the operator.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut Conn) -> Result<Vec<(String, String, i64)>, Fault> {
    conn.run(COUNT).all().await
}

/// Works on jobs of one kind, for ever: woken by the bell of its kind, and looking once a second
/// besides.
///
/// Up to four run at once, so that one which waits for a slow peer does not hold up the others.
/// Each starts as soon as it is leased, and its lease is renewed for as long as it runs.
pub async fn work<P, F, R>(db: Db, clock: Clock, kind: &'static str, run: F)
where
    P: DeserializeOwned + Send,
    F: Fn(Job, P) -> R + Send + Sync,
    R: Future<Output = Result<Outcome, Fault>> + Send,
{
    let bell = db.bus().bells().of(kind);
    let mut running = FuturesUnordered::new();
    // What was left behind by a process before this one.
    let mut more = true;
    loop {
        let free = AT_ONCE.saturating_sub(running.len());
        if free == 0 {
            running.next().await;
            continue;
        }
        let leased = async {
            if !more {
                bell.awaited(&db, &clock, kind).await?;
            }
            due(&db, &clock, kind, free).await
        };
        match beside(&mut running, leased).await {
            Ok(jobs) => {
                more = jobs.len() == free;
                let run = jobs.into_iter().map(|job| one(&db, &clock, kind, &run, job));
                running.extend(run);
            }
            Err(fault) => {
                told(kind, &fault);
                beside(&mut running, tokio::time::sleep(Duration::from_secs(1))).await;
            }
        }
    }
}

/// Waits for something while the jobs run on. One of them may hold the connection that it
/// waits for: to wait for it alone would be to wait for ever.
async fn beside<T>(
    running: &mut FuturesUnordered<impl Future<Output = ()>>,
    awaited: impl Future<Output = T>,
) -> T {
    let mut awaited = pin!(awaited);
    loop {
        tokio::select! {
            came = &mut awaited => return came,
            Some(()) = running.next() => {}
        }
    }
}

fn told(kind: &str, fault: &Fault) {
    tracing::error!(error = fault as &dyn std::error::Error, kind, "jobs: {fault}");
}

/// Leases up to so many jobs that are due.
async fn due(db: &Db, clock: &Clock, kind: &str, most: usize) -> Result<Vec<Job>, Fault> {
    let mut tx = db.write().await?;
    let jobs = lease(&mut tx, kind, clock.now(), most).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Runs one job under its lease, and writes down what came of it.
async fn one<P, F, R>(db: &Db, clock: &Clock, kind: &str, run: &F, job: Job)
where
    P: DeserializeOwned + Send,
    F: Fn(Job, P) -> R + Send + Sync,
    R: Future<Output = Result<Outcome, Fault>> + Send,
{
    let outcome = match serde_json::from_str(&job.payload) {
        Ok(payload) => tokio::select! {
            outcome = run(job.clone(), payload) => outcome,
            // Another worker has it by now, and will say what came of it.
            () = lost(db, clock, kind, &job) => return,
        },
        Err(error) => Ok(Outcome::Dead(format!("its payload makes no sense: {error}"))),
    };
    let outcome = outcome.unwrap_or_else(|fault| {
        told(kind, &fault);
        Outcome::Retry(fault.to_string())
    });
    if let Err(fault) = settle(db, clock, &job, outcome).await {
        told(kind, &fault);
    }
}

/// Renews a lease for as long as it is ours; returns once it is not.
async fn lost(db: &Db, clock: &Clock, kind: &str, job: &Job) {
    loop {
        tokio::time::sleep(LEASE_FOR / 3).await;
        match renew(db, clock, job).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(fault) => told(kind, &fault),
        }
    }
}

/// Whether the lease was still ours to renew.
async fn renew(db: &Db, clock: &Clock, job: &Job) -> Result<bool, Fault> {
    let mut tx = db.write().await?;
    let until = clock.now() + LEASE_FOR;
    let renewed =
        tx.run(RENEW).bind(job.id).bind(job.attempts).bind(until).execute().await?;
    tx.commit().await?;
    Ok(renewed == 1)
}

/// Writes down what came of a job; nothing if its lease ran out and another worker has it.
async fn settle(
    db: &Db,
    clock: &Clock,
    job: &Job,
    outcome: Outcome,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let (id, attempts) = (job.id, job.attempts);
    match outcome {
        Outcome::Done => tx.run(STRIKE).bind(id).bind(attempts),
        Outcome::Retry(why) if attempts < ATTEMPTS => {
            let pause = Duration::from_secs(1 << attempts.clamp(0, 12));
            let again = clock.now() + pause;
            tx.run(PUT_OFF).bind(id).bind(attempts).bind(again).bind(why)
        }
        Outcome::Retry(why) | Outcome::Dead(why) => {
            tracing::warn!(job.id = %id, "job {id} is given up: {why}");
            tx.run(GIVE_UP).bind(id).bind(attempts).bind(why)
        }
    }
    .execute()
    .await?;
    tx.commit().await
}
