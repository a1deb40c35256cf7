//! What the keepers of a mailbox are warned of: files that fail, are refused, or that nobody
//! fetches, and servers that cannot be reached.

use std::time::Duration;

use gate::House;
use kernel::{Fault, Id, Moment, Organisation};
use serde_json::json;
use sharing::notify;
use store::Tx;

use super::{Mailbox, sql};
use crate::stations::warnings::keeps;

/// How often mailboxes are looked at.
const EVERY: Duration = Duration::from_mins(10);
/// For how long a file may wait for its partner before somebody is told.
const FETCHED_WITHIN: Duration = Duration::from_hours(24);

/// Tells of something that happened in a mailbox.
pub(super) async fn tell(
    tx: &mut Tx,
    mailbox: &Mailbox,
    (kind, why): (&'static str, &str),
    now: Moment,
) -> Result<(), Fault> {
    let params = json!({ "partner": mailbox.name, "why": why });
    notice(tx, mailbox.organisation, (kind, params), now).await
}

async fn notice(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (kind, params): (&'static str, serde_json::Value),
    now: Moment,
) -> Result<(), Fault> {
    let subject = Some(("station", organisation.to_string()));
    let notice = notify::Notice { kind, params, subject, party: None, fold: None };
    notify::all_who(tx, organisation, keeps, &notice, now).await
}

/// Looks now and then for what nobody fetched, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(fault) = warn(&house).await {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, "looking at mailboxes: {fault}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Tells of each file that waits for too long, once.
///
/// # Errors
/// Only ours.
pub(crate) async fn warn(house: &House) -> Result<(), Fault> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let late = sql::unfetched(&mut conn, now - FETCHED_WITHIN).await?;
    drop(conn);
    for (file, organisation, partner) in late {
        let mut tx = house.db.write().await?;
        if sql::warned(&mut tx, (organisation, file), now).await? {
            let params = json!({ "partner": partner });
            notice(&mut tx, organisation, ("sftp_unfetched", params), now).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
