//! Imports: accounts from a file, tried first, applied in one transaction, undone as one.
//!
//! A row with a fault makes no account and is told with its place; a row whose name or domain
//! is known is skipped and counted. Undoing removes what nobody has touched since, and says
//! what it kept and why.

mod access;
mod http;
pub mod rules;
mod sql;

use std::collections::BTreeMap;

use gate::{Permit, Problem};
use kernel::{Account, Fault, Id, Import, Moment};
use serde_json::json;
use sharing::audit;
use store::{Conn, Hint, Tx};

pub use access::ImportAccounts;
pub use http::routes;
pub use sql::ALL as STATEMENTS;

use crate::accounts::{self, Fields};
use rules::{FileFlaw, Sheet};

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such import.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The file, or its mapping.
    #[error(transparent)]
    File(#[from] FileFlaw),
    /// Its name.
    #[error("a file's name has 1 to 200 characters")]
    Filename,
    /// It was undone before.
    #[error("this import is undone already")]
    Undone,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::File(FileFlaw::TooLarge | FileFlaw::NoHeader) => {
                Self::refused("csv", detail)
            }
            Refusal::File(
                FileFlaw::UnknownField(_)
                | FileFlaw::NameUnmapped
                | FileFlaw::NoColumn(_),
            ) => Self::refused("mapping", detail),
            Refusal::Filename => Self::refused("filename", detail),
            Refusal::Undone => Self::new(&gate::CONFLICT, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// What a file would do, or did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The import, once it is applied.
    pub id: Option<Id<Import>>,
    /// The file as it was read; its good rows are those that make accounts.
    pub sheet: Sheet,
    /// How many rows were skipped because the account is known.
    pub duplicates: i64,
}

/// Reads a file's name.
///
/// # Errors
/// [`Refusal::Filename`].
pub fn filename(text: &str) -> Result<String, Refusal> {
    let trimmed = text.trim();
    let good = (1..=200).contains(&trimmed.chars().count());
    if good && !trimmed.contains(char::is_control) {
        Ok(trimmed.to_owned())
    } else {
        Err(Refusal::Filename)
    }
}

/// Tells what a file would do. Nothing changes.
///
/// # Errors
/// [`Refusal::File`], if it makes no sense as a whole.
pub async fn try_out(
    conn: &mut Conn,
    permit: &Permit<ImportAccounts>,
    csv: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<Outcome, Refusal> {
    let mut sheet = rules::read(csv, mapping)?;
    let (names, domains) = sql::known(conn, permit.scope(), &sheet.good).await?;
    let rows = std::mem::take(&mut sheet.good);
    let (fresh, duplicates) = rules::without_duplicates(rows, names, domains);
    sheet.good = fresh;
    Ok(Outcome { id: None, sheet, duplicates })
}

/// Makes the accounts of a file.
///
/// # Errors
/// [`Refusal::File`], if it makes no sense as a whole; then nothing changed.
pub async fn apply(
    tx: &mut Tx,
    permit: &Permit<ImportAccounts>,
    filename: &str,
    csv: &str,
    mapping: &BTreeMap<String, String>,
    at: Moment,
) -> Result<Outcome, Refusal> {
    let (scope, id) = (permit.scope(), Id::mint());
    let outcome = try_out(tx, permit, csv, mapping).await?;
    let rows = &outcome.sheet.good;
    let created = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let counts = (outcome.sheet.rows, created);
    sql::add_import(tx, scope, id, filename, counts, at).await?;
    sql::add_accounts(tx, scope, id, rows, at).await?;
    accounts::count_up(tx, scope.organisation(), created).await?;
    let detail = json!({ "filename": filename, "rows": counts.0, "created": created });
    log(tx, permit, "account.import", id, detail, at).await?;
    Ok(Outcome { id: Some(id), ..outcome })
}

/// What undoing an import did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// How many accounts are gone.
    pub removed: i64,
    /// Those that stay, by name: `changed`, `contacts`, `shared` or `deal` says why.
    pub kept: Vec<(Id<Account>, String, String)>,
}

/// Undoes an import: the accounts that nobody has touched since are removed.
///
/// # Errors
/// [`Refusal::Undone`], if it was undone before.
pub async fn undo(
    tx: &mut Tx,
    permit: &Permit<ImportAccounts>,
    import: Id<Import>,
    at: Moment,
) -> Result<Undone, Refusal> {
    let scope = permit.scope();
    if !sql::mark_undone(tx, scope, import).await? {
        let known = sql::state(tx, scope, import).await?;
        return Err(known.map_or(Refusal::NotFound, |_undone| Refusal::Undone));
    }
    let removed = sql::remove(tx, scope, import, at).await?;
    accounts::count_down(tx, scope.organisation(), removed).await?;
    let kept = sql::kept(tx, scope, import).await?;
    let detail = json!({ "removed": removed, "kept": kept.len() });
    log(tx, permit, "account.import_undo", import, detail, at).await?;
    Ok(Undone { removed, kept })
}

async fn log(
    tx: &mut Tx,
    permit: &Permit<ImportAccounts>,
    action: &str,
    import: Id<Import>,
    detail: serde_json::Value,
    at: Moment,
) -> Result<(), Fault> {
    let (scope, id) = (permit.scope(), import.to_string());
    let (organisation, kind) = (scope.organisation(), "account".to_owned());
    tx.hint(Hint::Changed { organisation, kind, id: id.clone(), revision: 0 });
    let of = ("import", id);
    audit::write(tx, organisation, scope.actor(), action, of, detail, at).await
}

/// The fields of the first rows, for a look before applying.
fn preview(sheet: &Sheet) -> impl Iterator<Item = &Fields> {
    sheet.good.iter().take(5).map(|row| &row.fields)
}
