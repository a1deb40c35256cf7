//! Whether mail works: what the DNS must say and says, and a mail there and back.
//!
//! The test sends a mail to whoever asks, and its answers go to that letter's own address. What
//! arrives there is judged as every mail is, so the answer shows what others' mail will show.

mod access;
mod http;
mod records;
mod sql;

use gate::{House, Permit};
use kernel::{Fault, Moment};

pub use access::{SeeMailSetup, TestMail};
pub use http::routes;
pub use sql::ALL as STATEMENTS;

pub(crate) use records::{Found, Kind};

use crate::{authentic::Judge, letters::trial};
use records::Record;

/// What the DNS must say for our domain, each with what it says.
///
/// # Errors
/// If the key that signs cannot be read.
async fn records(house: &House) -> Result<Vec<Record>, Fault> {
    let settings = &house.settings;
    let key = match settings.mail.dkim_key_file.clone() {
        Some(file) => {
            let (domain, selector) =
                (settings.mail_domain.clone(), settings.mail.dkim_selector.clone());
            let reading = tokio::task::spawn_blocking(move || {
                crate::authentic::dkim::Signer::at(&file, &domain, &selector)?.record()
            });
            Some(reading.await.map_err(Fault::new("reading the DKIM key"))??)
        }
        None => None,
    };
    let host = settings.public_url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let wanted = records::wanted(&settings.mail_domain, host, key);
    let judge = Judge::new(&settings.mail.dns, &settings.mail_domain)?;
    let mut records = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let found = judge.look_up(wanted.kind, &wanted.name).await;
        records.push(wanted.compared(found));
    }
    Ok(records)
}

/// Sends whoever asks a mail that they can answer.
///
/// # Errors
/// If the database or the disk fails.
async fn test(house: &House, permit: &Permit<TestMail>) -> Result<bool, Fault> {
    let scope = permit.scope();
    let Some(person) = scope.actor() else { return Ok(false) };
    let now: Moment = house.clock.now();
    let mut conn = house.db.read().await?;
    let to = sql::address(&mut conn, scope.organisation(), person).await?;
    drop(conn);
    let Some((email, locale)) = to else { return Ok(false) };
    let trial = trial::write(house, email, locale, now).await?;
    let mut tx = house.db.write().await?;
    let letter = trial.id;
    trial::queue(&mut tx, scope.organisation(), trial, now).await?;
    sql::begin(&mut tx, scope.organisation(), person, letter, now).await?;
    tx.commit().await?;
    Ok(true)
}
