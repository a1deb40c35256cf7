//! Work to be done once a change has committed. A job is a row that commits with the change;
//! a worker leases it, and one that dies lets the lease run out.

use std::{future::Future, time::Duration};

use kernel::{Clock, Fault, Id, Job as JobKind, Moment};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Conn, Db, Hint, Tx};

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

    /// A job is put off.
    PUT_OFF unscoped "the queue belongs to the hub" = "
        update job set run_at = $2, last_error = $3 where id = $1";

    /// A job is given up; it stays, for the operator to see.
    GIVE_UP unscoped "the queue belongs to the hub" = "
        update job set state = 'dead', last_error = $2 where id = $1";

    /// Whether a job of this kind is due: a read, so that waiting does not write.
    DUE unscoped "the queue belongs to the hub" = "
        select count(*) from (
            select 1 from job
            where state = 'waiting' and kind = $1 and run_at <= $2
            limit 1) as due";

    /// How many jobs wait, and how many were given up, by kind.
    COUNT unscoped "the queue belongs to the hub" = "
        select kind, state, count(*) from job group by kind, state order by kind, state";
}

const LEASE_FOR: Duration = Duration::from_mins(1);
const ATTEMPTS: i64 = 12;
const AT_ONCE: i64 = 16;

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
    tx.hint(Hint::Job);
    Ok(id)
}

/// Leases jobs of one kind that are due.
///
/// # Errors
/// If the database fails.
pub async fn lease(tx: &mut Tx, kind: &str, now: Moment) -> Result<Vec<Job>, Fault> {
    tx.run(LEASE).bind(kind).bind(now).bind(now + LEASE_FOR).bind(AT_ONCE).all().await
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

/// Works on jobs of one kind, for ever: woken by hints, and once a second besides.
pub async fn work<P, F, R>(db: Db, clock: Clock, kind: &'static str, run: F)
where
    P: DeserializeOwned + Send,
    F: Fn(Job, P) -> R + Send + Sync,
    R: Future<Output = Result<Outcome, Fault>> + Send,
{
    let mut hints = db.bus().listen();
    loop {
        match round(&db, &clock, kind, &run).await {
            Ok(0) => wait(&mut hints).await,
            Ok(_) => {}
            Err(fault) => {
                tracing::error!(
                    error = &fault as &dyn std::error::Error,
                    kind,
                    "jobs: {fault}"
                );
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn wait(hints: &mut crate::Hints) {
    let job = async {
        loop {
            match hints.recv().await {
                Ok(Hint::Job) | Err(_) => break,
                Ok(_) => {}
            }
        }
    };
    drop(tokio::time::timeout(Duration::from_secs(1), job).await);
}

/// One round: how many jobs were tried.
async fn round<P, F, R>(
    db: &Db,
    clock: &Clock,
    kind: &str,
    run: &F,
) -> Result<usize, Fault>
where
    P: DeserializeOwned + Send,
    F: Fn(Job, P) -> R + Send + Sync,
    R: Future<Output = Result<Outcome, Fault>> + Send,
{
    if !any_due(db, clock, kind).await? {
        return Ok(0);
    }
    let mut tx = db.write().await?;
    let jobs = lease(&mut tx, kind, clock.now()).await?;
    tx.commit().await?;
    let tried = jobs.len();
    for job in jobs {
        let outcome = match serde_json::from_str(&job.payload) {
            Ok(payload) => run(job.clone(), payload).await,
            Err(error) => {
                Ok(Outcome::Dead(format!("its payload makes no sense: {error}")))
            }
        };
        let outcome = outcome.unwrap_or_else(|fault| {
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                kind,
                "job: {fault}"
            );
            Outcome::Retry(fault.to_string())
        });
        settle(db, clock, &job, outcome).await?;
    }
    Ok(tried)
}

async fn any_due(db: &Db, clock: &Clock, kind: &str) -> Result<bool, Fault> {
    let mut conn = db.read().await?;
    let (due,): (i64,) = conn.run(DUE).bind(kind).bind(clock.now()).one().await?;
    Ok(due > 0)
}

async fn settle(
    db: &Db,
    clock: &Clock,
    job: &Job,
    outcome: Outcome,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    match outcome {
        Outcome::Done => done(&mut tx, job.id).await?,
        Outcome::Retry(why) if job.attempts < ATTEMPTS => {
            let pause = Duration::from_secs(1 << job.attempts.clamp(0, 12));
            let again = clock.now() + pause;
            tx.run(PUT_OFF).bind(job.id).bind(again).bind(why).execute().await?;
        }
        Outcome::Retry(why) | Outcome::Dead(why) => {
            tracing::warn!(job.id = %job.id, "job {} is given up: {why}", job.id);
            tx.run(GIVE_UP).bind(job.id).bind(why).execute().await?;
        }
    }
    tx.commit().await
}
