//! Contacts: the people at an account. They are never shared; a partner who sees the account
//! sees none of them.

mod access;
mod http;
mod rules;
mod sql;

use gate::{Permit, Problem};
use kernel::{Account, Contact, Fault, Id, Moment, Organisation};
use store::{Hint, Tx};

pub use access::{EditContacts, ReadContacts};
pub use http::routes;
pub use rules::{Changes, Fields, Flaw};
pub use sql::ALL as STATEMENTS;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such contact or account of the organisation's own.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Flaw(flaw) => Self::refused(flaw.field, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Adds a contact to an account of one's own.
///
/// # Errors
/// [`Refusal::NotFound`], if there is no such account.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<EditContacts>,
    account: Id<Account>,
    fields: &Fields,
    at: Moment,
) -> Result<Id<Contact>, Refusal> {
    let id = Id::mint();
    if !sql::add(tx, permit.scope(), account, id, fields, at).await? {
        return Err(Refusal::NotFound);
    }
    tell(tx, permit.scope().organisation(), account);
    Ok(id)
}

/// Changes some fields of a contact.
///
/// # Errors
/// [`Refusal::Stale`], if it has another revision than the caller read; then nothing changed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<EditContacts>,
    id: Id<Contact>,
    changes: Changes,
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let old = sql::one(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if old.revision != revision {
        return Err(Refusal::Stale(old.revision));
    }
    let new = changes.over(old.fields())?;
    if new == old.fields() {
        return Ok(());
    }
    if !sql::change(tx, scope, &old, &new, at).await? {
        let now = sql::one(tx, scope, id).await?;
        return Err(now.map_or(Refusal::NotFound, |row| Refusal::Stale(row.revision)));
    }
    tell(tx, scope.organisation(), old.account_id);
    Ok(())
}

/// Deletes a contact.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit<EditContacts>,
    id: Id<Contact>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let old = sql::one(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if !sql::delete(tx, scope, id, at).await? {
        return Err(Refusal::NotFound);
    }
    tell(tx, scope.organisation(), old.account_id);
    Ok(())
}

/// A contact stands on its account's page: that is what has changed.
fn tell(tx: &mut Tx, organisation: Id<Organisation>, account: Id<Account>) {
    let (kind, id) = ("account".to_owned(), account.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
}
