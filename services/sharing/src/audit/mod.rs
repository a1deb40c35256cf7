//! Reading the audit log, which `directory` keeps: one hash chain an organisation.

mod http;
mod sql;

use gate::{Action, Reach, Role};
use kernel::{Fault, Id, Moment, Organisation, Person};
use serde_json::Value;
use store::Tx;

pub use directory::audit::first_broken;
pub use http::routes;
pub use sql::ALL as STATEMENTS;

/// Read the log.
#[derive(Debug)]
pub enum ReadAudit {}

impl Action for ReadAudit {
    const NAME: &'static str = "audit.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Writes an entry, in the transaction of the change that it tells.
///
/// # Errors
/// If the database fails.
pub async fn write(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
    action: &str,
    (subject_kind, subject_id): (&str, String),
    detail: Value,
    at: Moment,
) -> Result<(), Fault> {
    let entry = directory::audit::Entry {
        organisation,
        person,
        action,
        subject_kind,
        subject_id,
        detail,
    };
    directory::audit::write(tx, &entry, at).await.map(drop)
}
