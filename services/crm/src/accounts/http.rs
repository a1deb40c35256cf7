//! The routes of accounts.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::ETAG},
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Account, Grant, Id, Organisation};
use serde::{Deserialize, Serialize};
use sharing::{Mask, Verbs};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AccountView, Changes, DeleteAccounts, EditAccounts, FIELDS, Fields, GrantView,
    ReadAccounts, ShareAccounts, Sort, Sought, View, list, view,
};
use crate::Given;

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, add_account))
        .routes(routes!(read_account, change_account, delete_account))
        .routes(routes!(share_account))
        .routes(routes!(unshare_account))
}

/// Which accounts are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountAsk {
    /// `own` (unless told) or `shared`.
    #[serde(default)]
    #[param(inline)]
    view: View,
    /// Beginnings of words of the name.
    #[serde(default)]
    q: String,
    /// `name` (unless told) or `-updated_at`.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Whether to count all rows.
    total: Option<bool>,
}

/// Fields of an account; all but the name may be left out, or null.
#[derive(Debug, Deserialize, ToSchema)]
struct AccountForm {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    domain: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    vat: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    city: Given<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    country: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    segment: Given<String>,
    /// Basis points, 0 to 10,000.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    discount_bp: Given<i64>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    notes: Given<String>,
}

impl From<AccountForm> for Changes {
    fn from(form: AccountForm) -> Self {
        Self {
            name: form.name,
            domain: form.domain,
            vat: form.vat,
            city: form.city,
            country: form.country,
            segment: form.segment,
            discount_bp: form.discount_bp,
            notes: form.notes,
        }
    }
}

/// What a partner shall see of an account.
#[derive(Debug, Deserialize, ToSchema)]
struct GrantForm {
    organisation: Id<Organisation>,
    /// The fields that they may see.
    fields: Vec<String>,
    /// `read`, `edit`; `read` unless told.
    #[serde(default)]
    verbs: Vec<String>,
}

/// Something with its revision in the `ETag`.
type Tagged<T> = (HeaderMap, Json<T>);

/// Puts the revision into the `ETag`.
pub(crate) fn tagged<T: Serialize>(revision: i64, body: T) -> Tagged<T> {
    let tag = format!("\"{revision}\"").parse();
    let headers = tag.into_iter().map(|tag| (ETAG, tag)).collect();
    (headers, Json(body))
}

/// Accounts: one's own, or those that partners share.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(AccountAsk), responses((status = 200, body = Page<AccountView>)))]
async fn list_accounts(
    State(house): State<House>,
    permit: Permit<ReadAccounts>,
    Asked(ask): Asked<AccountAsk>,
) -> Result<Json<Page<AccountView>>, Problem> {
    let AccountAsk { view: whose, q, sort, limit, after, total } = ask;
    let page = PageAsk { limit, after, total };
    let (scope, sought) = (permit.scope(), Sought::read(&q));
    let mut conn = house.db.read().await?;
    let rows = list::page(&mut conn, scope, whose, sort, &sought, &page).await?;
    let cut = match sort {
        Sort::Name => {
            Page::cut(rows, page.limit(), |row| (row.sort_name.clone(), row.id))
        }
        Sort::Updated => {
            Page::cut(rows, page.limit(), |row| (row.updated_at.micros(), row.id))
        }
    };
    let counted = if total == Some(true) {
        Some(list::total(&mut conn, scope, whose, &sought).await?)
    } else {
        None
    };
    let items = view::many(&mut conn, scope, cut.items).await?;
    Ok(Json(Page { items, next: cut.next, total: counted }))
}

/// Add an account.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", responses((status = 201, body = AccountView), (status = 422)))]
async fn add_account(
    State(house): State<House>,
    permit: Permit<EditAccounts>,
    Form(form): Form<AccountForm>,
) -> Result<(StatusCode, Tagged<AccountView>), Problem> {
    let changes = match Changes::from(form) {
        Changes { name: Given::Absent, .. } => {
            return Err(Problem::refused("name", "an account has a name"));
        }
        named => named,
    };
    let fields = changes.over(Fields::default()).map_err(super::Refusal::from)?;
    let mut tx = house.db.write().await?;
    let id = super::add(&mut tx, &permit, &fields, house.clock.now()).await?;
    let account = view::one(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(account.revision, account)))
}

/// One account, own or shared.
#[utoipa::path(get, path = "/api/v1/accounts/{account}", tag = "accounts", params(("account" = Id<Account>, Path)), responses((status = 200, body = AccountView), (status = 404)))]
async fn read_account(
    State(house): State<House>,
    permit: Permit<ReadAccounts>,
    At(id): At<Id<Account>>,
) -> Result<Tagged<AccountView>, Problem> {
    let mut conn = house.db.read().await?;
    let account = super::read(&mut conn, &permit, id).await?;
    Ok(tagged(account.revision, account))
}

/// Change some fields of an account.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", tag = "accounts", params(("account" = Id<Account>, Path), ("If-Match" = String, Header)), responses((status = 200, body = AccountView), (status = 404), (status = 409), (status = 422)))]
async fn change_account(
    State(house): State<House>,
    permit: Permit<EditAccounts>,
    At(id): At<Id<Account>>,
    Revision(revision): Revision,
    Form(form): Form<AccountForm>,
) -> Result<Tagged<AccountView>, Problem> {
    let mut tx = house.db.write().await?;
    super::change(&mut tx, &permit, id, form.into(), revision, house.clock.now()).await?;
    let account = view::one(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(account.revision, account))
}

/// Delete an account of one's own.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}", tag = "accounts", params(("account" = Id<Account>, Path)), responses((status = 204), (status = 404)))]
async fn delete_account(
    State(house): State<House>,
    permit: Permit<DeleteAccounts>,
    At(id): At<Id<Account>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::delete(&mut tx, &permit, id, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Share an account with a partner, field by field. Again: it replaces the fields.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/grants", tag = "accounts", params(("account" = Id<Account>, Path)), responses((status = 201, body = GrantView), (status = 404), (status = 422)))]
async fn share_account(
    State(house): State<House>,
    permit: Permit<ShareAccounts>,
    At(id): At<Id<Account>>,
    Form(form): Form<GrantForm>,
) -> Result<(StatusCode, Json<GrantView>), Problem> {
    let (mask, verbs) = right(form.fields, &form.verbs)?;
    let (at, with) = (house.clock.now(), form.organisation);
    let mut tx = house.db.write().await?;
    let grant = super::share(&mut tx, &permit, id, with, mask, verbs, at).await?;
    let given = granted(&mut tx, &permit, id, grant).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(given)))
}

/// Reads a mask of account fields, and verbs.
fn right(fields: Vec<String>, verbs: &[String]) -> Result<(Mask, Verbs), Problem> {
    if fields.is_empty() {
        return Err(Problem::refused("fields", "name at least one field"));
    }
    let mask = Mask::among(fields, &FIELDS)?;
    if let Some(odd) = verbs.iter().find(|verb| !matches!(verb.as_str(), "read" | "edit"))
    {
        let odd: String = odd.chars().take(40).collect();
        let detail = format!("`{odd}` is neither `read` nor `edit`");
        return Err(Problem::refused("verbs", detail));
    }
    Ok((mask, Verbs::of(verbs.iter().map(String::as_str))))
}

async fn granted(
    conn: &mut Conn,
    permit: &Permit<ShareAccounts>,
    id: Id<Account>,
    grant: Id<Grant>,
) -> Result<GrantView, Problem> {
    let owner = permit.scope().organisation();
    let rows = super::sql::grants(conn, owner, &[id]).await?;
    let row = rows.into_iter().find(|row| row.id == grant);
    row.map(GrantView::from).ok_or_else(Problem::not_found)
}

/// Take back what was shared with a partner.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/grants/{grant}", tag = "accounts", params(("account" = Id<Account>, Path), ("grant" = Id<Grant>, Path)), responses((status = 204), (status = 404)))]
async fn unshare_account(
    State(house): State<House>,
    permit: Permit<ShareAccounts>,
    At((id, grant)): At<(Id<Account>, Id<Grant>)>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::unshare(&mut tx, &permit, id, grant, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
