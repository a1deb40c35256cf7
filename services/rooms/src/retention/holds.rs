//! Legal holds: placing one, releasing it, and reading what was taken back under it.

use gate::{Caller, Permit};
use kernel::{Fault, Hold, Id, Moment, StoredFile};
use serde_json::json;
use sharing::{audit, log};
use store::{Conn, Tx};

use super::{
    KeepHolds, Refusal,
    rules::{self, Subject},
    sql::{self, HoldRow, Which, WordRow},
};

/// How many words are read at once.
const MOST_WORDS: i64 = 1_000;

/// Places a hold. When it returns, nothing of it is being trimmed.
pub(super) async fn place(
    tx: &mut Tx,
    _permit: &Permit<KeepHolds>,
    caller: &Caller,
    (subject, reason): (Subject, &str),
    now: Moment,
) -> Result<HoldRow, Refusal> {
    let (organisation, reason) = (caller.organisation, rules::reason(reason)?);
    log::take_turn(tx).await?;
    if !sql::may_hold(tx, organisation, subject).await? {
        return Err(Refusal::Unknown);
    }
    let id = Id::mint();
    let by = (caller.person, now);
    if !sql::place(tx, (id, organisation), subject, reason, by).await? {
        return Err(Refusal::Held);
    }
    told(tx, caller, "hold.place", id, now).await?;
    one(tx, caller, id).await
}

/// Releases a hold: what was taken back under it is gone for its keepers too.
pub(super) async fn release(
    tx: &mut Tx,
    _permit: &Permit<KeepHolds>,
    caller: &Caller,
    (hold, revision): (Id<Hold>, i64),
    now: Moment,
) -> Result<HoldRow, Refusal> {
    let row = one(tx, caller, hold).await?;
    if row.released_at.is_some() && row.revision == revision + 1 {
        return Ok(row);
    }
    let by = (caller.person, now);
    if !sql::release(tx, caller.organisation, (hold, revision), by).await? {
        return Err(Refusal::Stale(row.revision));
    }
    for (room, message) in sql::let_go(tx, caller.organisation, hold).await? {
        log::settle_files(tx, room, message, now).await?;
    }
    told(tx, caller, "hold.release", hold, now).await?;
    one(tx, caller, hold).await
}

/// What was taken back under a hold. That it was read is in the audit log.
pub(super) async fn words(
    tx: &mut Tx,
    _permit: &Permit<KeepHolds>,
    caller: &Caller,
    hold: Id<Hold>,
    now: Moment,
) -> Result<Vec<WordRow>, Refusal> {
    one(tx, caller, hold).await?;
    let words = sql::words(tx, caller.organisation, hold, MOST_WORDS).await?;
    told(tx, caller, "hold.read", hold, now).await?;
    Ok(words)
}

/// The name and the bytes' SHA-256 of a file that was taken back under a hold.
pub(super) async fn file(
    tx: &mut Tx,
    _permit: &Permit<KeepHolds>,
    caller: &Caller,
    (hold, file): (Id<Hold>, Id<StoredFile>),
    now: Moment,
) -> Result<(String, String), Refusal> {
    let found = sql::file(tx, caller.organisation, hold, file).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    told(tx, caller, "hold.read", hold, now).await?;
    Ok(found)
}

/// The holds of the caller's organisation.
pub(super) async fn all(
    conn: &mut Conn,
    permit: &Permit<KeepHolds>,
) -> Result<Vec<HoldRow>, Refusal> {
    Ok(sql::holds(conn, permit.scope().organisation(), Which::All).await?)
}

async fn one(
    conn: &mut Conn,
    caller: &Caller,
    hold: Id<Hold>,
) -> Result<HoldRow, Refusal> {
    let rows = sql::holds(conn, caller.organisation, Which::One(hold)).await?;
    rows.into_iter().next().ok_or(Refusal::NotFound)
}

async fn told(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    hold: Id<Hold>,
    now: Moment,
) -> Result<(), Fault> {
    let (who, of) = (Some(caller.person), ("hold", hold.to_string()));
    audit::write(tx, caller.organisation, who, action, of, json!({}), now).await
}
