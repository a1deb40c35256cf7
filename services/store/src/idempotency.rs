//! A write that is asked for twice happens once.
//!
//! A request that carries an `Idempotency-Key` runs inside [`with_claim`]; the first
//! transaction it begins claims the key in the same commit as the change, so the change and
//! the claim stand or fall together. The answer is remembered right after. Should the process
//! die in between, the claim still refuses a second effect.

use std::{
    cell::Cell,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::{Fault, Id, Moment, Organisation, Person};

use crate::{Conn, Sha256, Tx};

crate::statements! {
    /// Claims a key, unless it is claimed.
    CLAIM = "
        insert into idempotency (organisation_id, person_id, key, body_hash, claimed_at)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing";

    /// What is known of a key.
    RECALL = "
        select body_hash, status, answer
        from idempotency
        where organisation_id = $1 and person_id = $2 and key = $3";

    /// Remembers the answer.
    REMEMBER = "
        update idempotency
        set status = $4, answer = $5
        where organisation_id = $1 and person_id = $2 and key = $3";

    /// Forgets old keys.
    FORGET unscoped "clears keys of every organisation by age" = "
        delete from idempotency
        where claimed_at < $1";
}

/// A key, by whom it was sent, with which body.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The acting organisation.
    pub organisation: Id<Organisation>,
    /// Who sent it.
    pub person: Id<Person>,
    /// The key, as sent.
    pub key: String,
    /// Of method, path and body.
    pub body: Sha256,
    /// When.
    pub at: Moment,
}

struct Pending {
    claim: Claim,
    taken: Cell<bool>,
}

tokio::task_local! {
    static PENDING: Arc<Mutex<Pending>>;
}

/// Runs a request under a claim; tells whether the claim was committed.
pub async fn with_claim<T>(claim: Claim, request: impl Future<Output = T>) -> (T, bool) {
    let pending = Arc::new(Mutex::new(Pending { claim, taken: Cell::new(false) }));
    let answer = PENDING.scope(Arc::clone(&pending), request).await;
    let taken = pending.lock().unwrap_or_else(PoisonError::into_inner).taken.get();
    (answer, taken)
}

/// Claims the request's key in this transaction, unless an earlier one of it has.
pub(crate) async fn claim(tx: &mut Tx) -> Result<(), Fault> {
    let pending = PENDING.try_with(|it| {
        let it = it.lock().unwrap_or_else(PoisonError::into_inner);
        (!it.taken.get()).then(|| it.claim.clone())
    });
    let Ok(Some(claim)) = pending else { return Ok(()) };
    let claimed = tx
        .run(CLAIM)
        .bind(claim.organisation)
        .bind(claim.person)
        .bind(claim.key)
        .bind(claim.body.to_string())
        .bind(claim.at)
        .execute()
        .await?;
    if claimed == 1 {
        Ok(())
    } else {
        Err(Fault::broken("claiming an idempotency key", "another request holds it"))
    }
}

/// Notes that a transaction of this request has committed.
pub(crate) fn committed() {
    let _outside_a_claim = PENDING
        .try_with(|it| it.lock().unwrap_or_else(PoisonError::into_inner).taken.set(true));
}

/// What is known of a key: the body's hash, and the answer if it was remembered.
///
/// # Errors
/// If the database fails.
pub async fn recall(
    conn: &mut Conn,
    claim: &Claim,
) -> Result<Option<(String, Option<i64>, Option<String>)>, Fault> {
    conn.run(RECALL)
        .bind(claim.organisation)
        .bind(claim.person)
        .bind(&claim.key)
        .optional()
        .await
}

/// Remembers the answer to a key.
///
/// # Errors
/// If the database fails.
pub async fn remember(
    tx: &mut Tx,
    claim: &Claim,
    status: u16,
    answer: &str,
) -> Result<(), Fault> {
    tx.run(REMEMBER)
        .bind(claim.organisation)
        .bind(claim.person)
        .bind(&claim.key)
        .bind(i64::from(status))
        .bind(answer)
        .execute()
        .await
        .map(drop)
}

/// Forgets keys that were claimed before a moment.
///
/// # Errors
/// If the database fails.
pub async fn forget_before(tx: &mut Tx, moment: Moment) -> Result<u64, Fault> {
    tx.run(FORGET).bind(moment).execute().await
}
