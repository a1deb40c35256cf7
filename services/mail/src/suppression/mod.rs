//! Addresses to which an organisation sends no more mail.
//!
//! A letter that came back for good puts its address here, and so do five within a month that
//! came back for now; an administrator may do the same. Every
//! letter is held against the list when it is about to be sent, and every new guest when it is
//! invited. A mail from the address itself proves that it lives, and takes a bounce back; what
//! a person asked for, only a person takes back.

mod access;
mod http;
mod sql;

use std::time::Duration;

use directory::Email;
use gate::Permit;
use kernel::{Fault, Id, Letter, Moment, Organisation, Person, Suppression};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};
use utoipa::ToSchema;

pub use access::{SeeSuppressed, Suppress};
pub use http::routes;
pub use sql::ALL as STATEMENTS;

use crate::text::cut;

/// Why no more mail is sent to an address.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = SuppressionReason)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reason {
    /// A letter to it came back for good (RFC 3463, class 5).
    Bounced,
    /// Its owner reported our mail as unwanted.
    Complained,
    /// Its owner asked for it.
    Asked,
    /// An administrator decided it.
    ByHand,
}

/// Why the list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is no address.
    #[error("this is not a mail address; write it like ada@acme.example")]
    NoAddress,
    /// The words are too long.
    #[error("this is longer than {LONGEST} characters")]
    TooLong,
    /// The address is there already.
    #[error("this address is on the list already")]
    Exists,
    /// It is not there, or not to be seen.
    #[error("there is no such address")]
    NotFound,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An address on the list.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Suppressed {
    /// Which entry.
    pub id: Id<Suppression>,
    /// The address, in lower case.
    pub email: String,
    /// Why.
    pub reason: Reason,
    /// What is known besides: what the other server said, or what the administrator wrote.
    pub detail: String,
    /// Who put it there; none for the hub itself.
    #[schema(nullable)]
    pub added_by: Option<Id<Person>>,
    /// Since when.
    pub at: Moment,
}

const LONGEST: usize = 300;

/// Puts an address on the list, by hand.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<Suppress>,
    email: &str,
    detail: &str,
    now: Moment,
) -> Result<Suppressed, Refusal> {
    let email: Email = email.parse().map_err(|_error| Refusal::NoAddress)?;
    let detail = detail.trim();
    if detail.chars().count() > LONGEST {
        return Err(Refusal::TooLong);
    }
    let scope = permit.scope();
    let entry = Suppressed {
        id: Id::mint(),
        email: email.into(),
        reason: Reason::ByHand,
        detail: detail.replace(char::is_control, " "),
        added_by: scope.actor(),
        at: now,
    };
    if !sql::add(tx, scope.organisation(), &entry).await? {
        return Err(Refusal::Exists);
    }
    note(tx, permit, "mail.suppress", entry.id, now).await?;
    Ok(entry)
}

/// Takes an address off the list.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<Suppress>,
    id: Id<Suppression>,
    now: Moment,
) -> Result<(), Refusal> {
    if !sql::remove(tx, permit.scope().organisation(), id).await? {
        return Err(Refusal::NotFound);
    }
    Ok(note(tx, permit, "mail.unsuppress", id, now).await?)
}

/// What the chain keeps names no address: see [`directory::audit`].
async fn note(
    tx: &mut Tx,
    permit: &Permit<Suppress>,
    action: &str,
    id: Id<Suppression>,
    now: Moment,
) -> Result<(), Fault> {
    let scope = permit.scope();
    let of = ("suppression", id.to_string());
    audit::write(tx, scope.organisation(), scope.actor(), action, of, json!({}), now)
        .await
}

/// Whether an organisation sends no mail to an address.
pub(crate) async fn holds(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    email: &str,
) -> Result<bool, Fault> {
    sql::holds(conn, organisation, &email.to_lowercase()).await
}

/// A letter came back for good: its organisation writes to this address no more.
pub(crate) async fn bounced(
    tx: &mut Tx,
    letter: Id<Letter>,
    why: &str,
    now: Moment,
) -> Result<(), Fault> {
    sql::bounced(tx, letter, Id::mint(), &cut(why, LONGEST), now).await
}

/// So many letters within so long, none of them delivered, are as good as a refusal.
const SETBACKS: i64 = 5;
const WITHIN: Duration = Duration::from_hours(24 * 30);

/// A letter could not be delivered for now. Tells whether that happened too often: then its
/// organisation writes to this address no more.
pub(crate) async fn set_back(
    tx: &mut Tx,
    letter: Id<Letter>,
    why: &str,
    now: Moment,
) -> Result<bool, Fault> {
    let over = sql::set_back(tx, letter, now - WITHIN, now).await? >= SETBACKS;
    if over {
        bounced(tx, letter, why, now).await?;
    }
    Ok(over)
}

/// The address wrote to us: a bounce is over.
pub(crate) async fn alive(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    email: &str,
) -> Result<(), Fault> {
    sql::alive(tx, organisation, &email.to_lowercase()).await
}
