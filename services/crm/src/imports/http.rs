//! The routes of imports.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Account, Id, Import, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ImportAccounts, Outcome, Undone, preview, rules::LIMIT_BYTES, sql};
use crate::{
    PersonRef,
    accounts::{Fields, ReadAccounts},
};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    // JSON escapes: a file of quotes doubles.
    let limit = DefaultBodyLimit::max(2 * LIMIT_BYTES + 64 * 1024);
    OpenApiRouter::new()
        .routes(routes!(import_accounts))
        .layer(limit)
        .routes(routes!(list_imports))
        .routes(routes!(undo_import))
}

/// A file of accounts.
#[derive(Debug, Deserialize, ToSchema)]
struct ImportForm {
    filename: String,
    /// The file's text, up to 5 MB. Comma, semicolon or tab between values.
    csv: String,
    /// For each field of an account, the column that has it: `{"name": "Company name"}`.
    mapping: BTreeMap<String, String>,
    /// Only tell what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// What a file would do, or did.
#[derive(Debug, Serialize, ToSchema)]
struct ImportView {
    /// Null where it was only tried.
    id: Option<Id<Import>>,
    filename: String,
    /// How many rows the file has.
    rows: i64,
    /// How many of them make accounts.
    created: i64,
    /// How many were skipped because the account is known.
    duplicates: i64,
    /// What is wrong with the others; the first thousand.
    errors: Vec<ImportFault>,
    /// How many values are wrong in all.
    error_count: i64,
    /// The first accounts.
    preview: Vec<PreviewView>,
    state: ImportState,
}

/// A value that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct ImportFault {
    /// As a spreadsheet counts: the header is row 1.
    row: i64,
    column: String,
    value: String,
    message: &'static str,
}

/// An account as it would be made.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewView {
    name: String,
    domain: Option<String>,
    vat: Option<String>,
    city: Option<String>,
    country: Option<String>,
    segment: Option<String>,
    discount_bp: Option<i64>,
    notes: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ImportState {
    Dry,
    Applied,
    Undone,
}

/// An import that was applied.
#[derive(Debug, Serialize, ToSchema)]
struct ImportItem {
    id: Id<Import>,
    filename: String,
    rows: i64,
    created: i64,
    at: Moment,
    by: PersonRef,
    state: ImportState,
}

/// What undoing an import did.
#[derive(Debug, Serialize, ToSchema)]
struct UndoneView {
    removed: i64,
    kept: Vec<KeptView>,
}

/// An account that stays.
#[derive(Debug, Serialize, ToSchema)]
struct KeptView {
    id: Id<Account>,
    name: String,
    /// `changed`, `contacts`, `shared` or `deal`.
    why: String,
}

impl From<&Fields> for PreviewView {
    fn from(fields: &Fields) -> Self {
        let Fields { name, domain, vat, city, country, segment, discount_bp, notes } =
            fields.clone();
        Self { name, domain, vat, city, country, segment, discount_bp, notes }
    }
}

impl From<sql::ImportRow> for ImportItem {
    fn from(row: sql::ImportRow) -> Self {
        let undone = row.state == "undone";
        Self {
            id: row.id,
            filename: row.filename,
            rows: row.row_count,
            created: row.created_count,
            at: row.at,
            by: PersonRef { id: row.person_id, name: row.person_name },
            state: if undone { ImportState::Undone } else { ImportState::Applied },
        }
    }
}

impl From<Undone> for UndoneView {
    fn from(undone: Undone) -> Self {
        let view = |(id, name, why)| KeptView { id, name, why };
        Self {
            removed: undone.removed,
            kept: undone.kept.into_iter().map(view).collect(),
        }
    }
}

fn view(filename: String, outcome: Outcome) -> ImportView {
    let Outcome { id, sheet, duplicates } = outcome;
    let preview = preview(&sheet).map(PreviewView::from).collect();
    let fault = |it: super::rules::Fault| ImportFault {
        row: it.row,
        column: it.column,
        value: it.value,
        message: it.message,
    };
    ImportView {
        id,
        filename,
        rows: sheet.rows,
        created: i64::try_from(sheet.good.len()).unwrap_or(i64::MAX),
        duplicates,
        errors: sheet.faults.into_iter().map(fault).collect(),
        error_count: sheet.fault_count,
        preview,
        state: if id.is_some() { ImportState::Applied } else { ImportState::Dry },
    }
}

/// Import accounts from a file, or try what that would do.
#[utoipa::path(post, path = "/api/v1/accounts/imports", tag = "accounts", responses((status = 200, body = ImportView, description = "Tried only"), (status = 201, body = ImportView), (status = 422)))]
async fn import_accounts(
    State(house): State<House>,
    permit: Permit<ImportAccounts>,
    Form(form): Form<ImportForm>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let ImportForm { filename, csv, mapping, dry_run } = form;
    let filename = super::filename(&filename)?;
    if dry_run {
        let mut conn = house.db.read().await?;
        let outcome = super::try_out(&mut conn, &permit, &csv, &mapping).await?;
        return Ok((StatusCode::OK, Json(view(filename, outcome))));
    }
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    let outcome = super::apply(&mut tx, &permit, &filename, &csv, &mapping, at).await?;
    store::brink("import.applying");
    tx.commit().await?;
    store::brink("import.applied");
    Ok((StatusCode::CREATED, Json(view(filename, outcome))))
}

/// The imports, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/imports", tag = "accounts", params(PageAsk), responses((status = 200, body = Page<ImportItem>)))]
async fn list_imports(
    State(house): State<House>,
    permit: Permit<ReadAccounts>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<ImportItem>>, Problem> {
    let before = ask.after()?.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let mut conn = house.db.read().await?;
    let rows = sql::imports(&mut conn, permit.scope(), before, ask.limit() + 1).await?;
    let page = Page::cut(rows, ask.limit(), |row| row.id);
    Ok(Json(page.map(ImportItem::from)))
}

/// Undo an import: accounts that nobody has touched since are removed.
#[utoipa::path(post, path = "/api/v1/accounts/imports/{import}/undo", tag = "accounts", params(("import" = Id<Import>, Path)), responses((status = 200, body = UndoneView), (status = 404), (status = 409)))]
async fn undo_import(
    State(house): State<House>,
    permit: Permit<ImportAccounts>,
    At(import): At<Id<Import>>,
) -> Result<Json<UndoneView>, Problem> {
    let mut tx = house.db.write().await?;
    let undone = super::undo(&mut tx, &permit, import, house.clock.now()).await?;
    store::brink("import.undoing");
    tx.commit().await?;
    store::brink("import.undone");
    Ok(Json(undone.into()))
}
