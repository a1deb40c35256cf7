//! The routes of contacts.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use gate::{At, Form, House, Page, Permit, Problem, Revision, Scope};
use kernel::{Account, Contact, Id};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Changes, EditContacts, Fields, ReadContacts, Refusal,
    sql::{self, ContactRow},
};
use crate::{
    Given,
    accounts::{Whose, tagged, whose},
};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts, add_contact))
        .routes(routes!(change_contact, delete_contact))
}

/// A contact.
#[derive(Debug, Serialize, ToSchema)]
struct ContactView {
    id: Id<Contact>,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    title: Option<String>,
    revision: i64,
}

/// Fields of a contact; all but the name may be left out, or null.
#[derive(Debug, Deserialize, ToSchema)]
struct ContactForm {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    email: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Given<String>,
    /// What they are there.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    title: Given<String>,
}

impl From<ContactForm> for Changes {
    fn from(form: ContactForm) -> Self {
        let ContactForm { name, email, phone, title } = form;
        Self { name, email, phone, title }
    }
}

impl From<ContactRow> for ContactView {
    fn from(row: ContactRow) -> Self {
        let ContactRow { id, account_id: _, name, email, phone, title, revision } = row;
        Self { id, name, email, phone, title, revision }
    }
}

async fn view(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Contact>,
) -> Result<ContactView, Problem> {
    let row = sql::one(conn, scope, id).await?.ok_or_else(Problem::not_found)?;
    Ok(row.into())
}

/// The contacts of an account. Those of a partner's account are the partner's alone.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/contacts", tag = "accounts", params(("account" = Id<Account>, Path)), responses((status = 200, body = Page<ContactView>), (status = 404)))]
async fn list_contacts(
    State(house): State<House>,
    permit: Permit<ReadContacts>,
    At(account): At<Id<Account>>,
) -> Result<Json<Page<ContactView>>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let rows = match whose(&mut conn, scope, account).await? {
        None => return Err(Problem::not_found()),
        Some(Whose::Partners) => Vec::new(),
        Some(Whose::Own) => sql::list(&mut conn, scope, account).await?,
    };
    Ok(Json(Page::all(rows.into_iter().map(ContactView::from).collect())))
}

/// Add a contact to an account of one's own.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/contacts", tag = "accounts", params(("account" = Id<Account>, Path)), responses((status = 201, body = ContactView), (status = 404), (status = 422)))]
async fn add_contact(
    State(house): State<House>,
    permit: Permit<EditContacts>,
    At(account): At<Id<Account>>,
    Form(form): Form<ContactForm>,
) -> Result<(StatusCode, (HeaderMap, Json<ContactView>)), Problem> {
    if !form.name.is_given() {
        return Err(Problem::refused("name", "a contact has a name"));
    }
    let fields = Changes::from(form).over(Fields::default()).map_err(Refusal::from)?;
    let mut tx = house.db.write().await?;
    let id = super::add(&mut tx, &permit, account, &fields, house.clock.now()).await?;
    let contact = view(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(contact.revision, contact)))
}

/// Change some fields of a contact.
#[utoipa::path(patch, path = "/api/v1/contacts/{contact}", tag = "accounts", params(("contact" = Id<Contact>, Path), ("If-Match" = String, Header)), responses((status = 200, body = ContactView), (status = 404), (status = 409), (status = 422)))]
async fn change_contact(
    State(house): State<House>,
    permit: Permit<EditContacts>,
    At(id): At<Id<Contact>>,
    Revision(revision): Revision,
    Form(form): Form<ContactForm>,
) -> Result<(HeaderMap, Json<ContactView>), Problem> {
    let mut tx = house.db.write().await?;
    super::change(&mut tx, &permit, id, form.into(), revision, house.clock.now()).await?;
    let contact = view(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(contact.revision, contact))
}

/// Delete a contact.
#[utoipa::path(delete, path = "/api/v1/contacts/{contact}", tag = "accounts", params(("contact" = Id<Contact>, Path)), responses((status = 204), (status = 404)))]
async fn delete_contact(
    State(house): State<House>,
    permit: Permit<EditContacts>,
    At(id): At<Id<Contact>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::delete(&mut tx, &permit, id, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
