//! Accounts: the customers in an organisation's books.
//!
//! Each belongs to one organisation. It may be shared with a partner field by field: a grant
//! names the fields, and `read` or `edit`. The partner sees it among the shared accounts for
//! as long as the grant and the partnership live; a field that the grant does not name is
//! absent, and moves nothing that the partner can observe.

mod access;
mod http;
mod list;
pub mod rules;
mod sql;
mod traces;
mod view;

use gate::{Permit, Problem, Scope};
use kernel::{Account, Fault, Grant, Id, Moment, Organisation};
use serde_json::json;
use sharing::{Mask, Verbs, audit, grants};
use store::{Conn, Hint, Tx};

pub(crate) use access::sellers;
pub use access::{DeleteAccounts, EditAccounts, ReadAccounts, ShareAccounts};
pub use http::routes;
pub(crate) use http::tagged;
pub(crate) use list::Sought;
pub use list::{ALL as LIST_STATEMENTS, Sort, View};
pub use rules::{Changes, FIELDS, Fields, Flaw};
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::{count_down, count_up};
pub use traces::ALL as TRACE_STATEMENTS;
pub use view::{AccountView, GrantView};

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such account, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// A field that is not shared with the caller.
    #[error("`{0}` is not shared with you")]
    Masked(&'static str),
    /// It is shared for reading only.
    #[error("this account is shared with you to read, not to edit")]
    ReadOnly,
    /// Sharing refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
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
            Refusal::Masked(field) => Self::refused(field, detail),
            Refusal::ReadOnly => Self::new(&gate::FORBIDDEN, detail),
            Refusal::Sharing(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Adds an account. Whoever adds it owns it.
///
/// # Errors
/// If the database fails.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<EditAccounts>,
    fields: &Fields,
    at: Moment,
) -> Result<Id<Account>, Fault> {
    let (scope, id) = (permit.scope(), Id::mint());
    sql::add(tx, scope, id, fields, at).await?;
    log(tx, scope, "account.create", id, json!({}), at).await?;
    tell(tx, scope.organisation(), id, 1);
    Ok(id)
}

/// Changes some fields of an account: one's own, or a shared one as far as its grant goes.
///
/// # Errors
/// [`Refusal::Stale`], if it has another revision than the caller read; then nothing changed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<EditAccounts>,
    id: Id<Account>,
    changes: Changes,
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let old = match sql::own(tx, scope, id).await? {
        Some(own) => own,
        None => editable(tx, scope, id, &changes).await?,
    };
    if old.revision != revision {
        return Err(Refusal::Stale(old.revision));
    }
    let fields = changes.fields();
    let new = changes.over(old.fields())?;
    if new == old.fields() {
        return Ok(());
    }
    if !sql::change(tx, scope, &old, &new, at).await? {
        let now = sql::of_owner(tx, old.organisation_id, id).await?;
        return Err(now.map_or(Refusal::NotFound, |row| Refusal::Stale(row.revision)));
    }
    traces::note(tx, scope, &old, &new, at).await?;
    tell(tx, old.organisation_id, id, revision + 1);
    tell_readers(tx, old.organisation_id, id, &new, &fields, revision + 1, at).await
}

/// The account behind a grant to edit it.
async fn editable(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Account>,
    changes: &Changes,
) -> Result<sql::AccountRow, Refusal> {
    let seen = grants::visible(tx, scope.organisation(), "account", id.uuid()).await?;
    let seen = seen.ok_or(Refusal::NotFound)?;
    if !seen.verbs.edit {
        return Err(Refusal::ReadOnly);
    }
    if let Some(masked) = changes.fields().into_iter().find(|it| !seen.mask.has(it)) {
        return Err(Refusal::Masked(masked));
    }
    sql::of_owner(tx, seen.giver, id).await?.ok_or(Refusal::NotFound)
}

/// Tells those with whom a changed field is shared, and moves the account in their lists.
/// Nobody else learns that something changed.
async fn tell_readers(
    tx: &mut Tx,
    owner: Id<Organisation>,
    id: Id<Account>,
    new: &Fields,
    fields: &[&str],
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    for grant in sql::grants(tx, owner, &[id]).await? {
        let mask = Mask::read(&grant.mask);
        if fields.iter().any(|field| mask.has(field)) {
            let folded = crate::fold(&new.name);
            let sort_name = if mask.has("name") { folded.as_str() } else { "" };
            sql::touch(tx, grant.organisation_id, id, sort_name, at).await?;
            tell(tx, grant.organisation_id, id, revision);
        }
    }
    Ok(())
}

/// Deletes one's own account. What was shared of it is taken back.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit<DeleteAccounts>,
    id: Id<Account>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let old = sql::own(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    for grant in grants::of_record(tx, scope, "account", id.uuid()).await? {
        let name = id.to_string();
        grants::revoke(tx, scope, "account", id.uuid(), name, grant.id, at).await?;
    }
    if !sql::delete(tx, scope, id, at).await? {
        return Err(Refusal::NotFound);
    }
    log(tx, scope, "account.delete", id, json!({ "name": old.name }), at).await?;
    tell(tx, scope.organisation(), id, old.revision + 1);
    Ok(())
}

/// Shares an account of one's own with a partner; sharing it again replaces the fields.
///
/// # Errors
/// [`sharing::Refusal::NoPartnership`], if none is live with that organisation.
pub async fn share(
    tx: &mut Tx,
    permit: &Permit<ShareAccounts>,
    id: Id<Account>,
    with: Id<Organisation>,
    mask: Mask,
    verbs: Verbs,
    at: Moment,
) -> Result<Id<Grant>, Refusal> {
    let scope = permit.scope();
    let row = sql::own(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if with == scope.organisation() {
        return Err(Refusal::Sharing(sharing::Refusal::NoPartnership));
    }
    let shared = grants::Shared {
        kind: "account",
        record: id.uuid(),
        name: id.to_string(),
        sort_name: &row.sort_name,
        name_field: "name",
        sort_at: at,
        cause: "admin",
    };
    let right = grants::Right { mask, verbs };
    let grant = grants::give(tx, scope, &shared, with, &right, at).await?;
    tell(tx, scope.organisation(), id, row.revision);
    Ok(grant)
}

/// Takes back what was shared with a partner.
///
/// # Errors
/// [`Refusal::NotFound`], if there is no such account or grant of the caller's own.
pub async fn unshare(
    tx: &mut Tx,
    permit: &Permit<ShareAccounts>,
    id: Id<Account>,
    grant: Id<Grant>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = sql::own(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    grants::revoke(tx, scope, "account", id.uuid(), id.to_string(), grant, at).await?;
    tell(tx, scope.organisation(), id, row.revision);
    Ok(())
}

/// Whether an account is the organisation's own, or shared with it.
pub(crate) async fn whose(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Account>,
) -> Result<Option<Whose>, Fault> {
    if sql::own(conn, scope, id).await?.is_some() {
        return Ok(Some(Whose::Own));
    }
    Ok(sql::shared(conn, scope, id).await?.map(|_| Whose::Partners))
}

/// Whose an account is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Whose {
    /// The acting organisation's.
    Own,
    /// A partner's, who shares it.
    Partners,
}

/// Reads an account, own or shared, as the caller may see it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    permit: &Permit<ReadAccounts>,
    id: Id<Account>,
) -> Result<AccountView, Refusal> {
    view::one(conn, permit.scope(), id).await
}

/// Tells an organisation's screens that an account has changed.
fn tell(tx: &mut Tx, organisation: Id<Organisation>, id: Id<Account>, revision: i64) {
    let (kind, id) = ("account".to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision });
}

async fn log(
    tx: &mut Tx,
    scope: Scope,
    action: &str,
    id: Id<Account>,
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Fault> {
    let of = ("account", id.to_string());
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}
