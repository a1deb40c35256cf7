//! The record of what was done: one chain of hashes an organisation, append-only.
//!
//! An entry carries ids and words of the trade, never names or addresses: those are read
//! where the entry is shown, so that a person can be erased without breaking the chain.

mod sql;

use kernel::{Fault, Id, Moment, Organisation, Person};
use serde_json::{Value, json};
use store::{Sha256, Tx};

pub use sql::ALL as STATEMENTS;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Entry<'e> {
    /// In whose log it stands.
    pub organisation: Id<Organisation>,
    /// Who did it; none for the hub itself, and for another organisation's person.
    pub person: Option<Id<Person>>,
    /// What, such as `partnership.accept`.
    pub action: &'e str,
    /// To what kind of thing, such as `partnership`.
    pub subject_kind: &'e str,
    /// To which.
    pub subject_id: String,
    /// What else is to be known: ids and words, never names or addresses.
    pub detail: Value,
}

/// Writes an entry at the end of its organisation's chain; tells its number.
///
/// A transaction that writes to several chains takes them in the order of their ids, so that
/// two of them never wait for each other.
///
/// # Errors
/// Only ours.
pub async fn write(tx: &mut Tx, entry: &Entry<'_>, at: Moment) -> Result<i64, Fault> {
    let (seq, previous) = sql::next(tx, entry.organisation).await?;
    let detail = entry.detail.to_string();
    let hash = link(entry, &detail, seq, &previous, at);
    sql::append(tx, entry, &detail, (seq, &previous, &hash), at).await?;
    sql::advance(tx, entry.organisation, &hash).await?;
    Ok(seq)
}

/// The hash of one entry: over its place in the chain and all that it says.
pub(crate) fn link(
    entry: &Entry<'_>,
    detail: &str,
    seq: i64,
    previous: &str,
    at: Moment,
) -> String {
    let told = json!([
        previous,
        entry.organisation,
        seq,
        at.micros(),
        entry.person,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        detail,
    ]);
    Sha256::of(told.to_string().as_bytes()).to_string()
}

/// Reads a whole chain again; tells the number of the first entry that does not fit, if any.
///
/// # Errors
/// Only ours.
pub async fn first_broken(
    conn: &mut store::Conn,
    organisation: Id<Organisation>,
) -> Result<Option<i64>, Fault> {
    let mut previous = String::new();
    let mut after = 0;
    loop {
        let rows = sql::chain(conn, organisation, after).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            let entry = Entry {
                organisation,
                person: row.person_id,
                action: &row.action,
                subject_kind: &row.subject_kind,
                subject_id: row.subject_id.clone(),
                detail: Value::Null,
            };
            let hash = link(&entry, &row.detail, row.seq, &previous, row.at);
            if row.seq != after + 1 || row.previous != previous || row.hash != hash {
                return Ok(Some(row.seq));
            }
            (previous, after) = (hash, row.seq);
        }
    }
}
