//! `/organisation`: one's own.

use axum::{
    Json,
    extract::State,
    http::header::ETAG,
    response::{AppendHeaders, IntoResponse},
};
use gate::{Form, House, Permit, Problem, Revision};
use kernel::{Id, Organisation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Change, EditOrganisation, Identifier, Refusal, Scheme, SeeOrganisation, sql,
};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(see, edit))
}

/// An identifier, as it is written.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
struct IdentifierView {
    /// `gln`, `duns`, `vat` or `isa`.
    #[schema(value_type = Scheme)]
    scheme: String,
    /// Its value; of an `isa` with the qualifier: `ZZ:ACME`.
    value: String,
}

/// The acting organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    id: Id<Organisation>,
    name: String,
    /// The mail domain that it owns.
    domain: String,
    /// Whether it has proven that.
    domain_verified: bool,
    identifiers: Vec<IdentifierView>,
    revision: i64,
}

impl OrganisationView {
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    pub(super) fn new(row: sql::Row, identifiers: Vec<(String, String)>) -> Self {
        let identifier = |(scheme, value)| IdentifierView { scheme, value };
        Self {
            id: row.id,
            name: row.name,
            domain: row.domain,
            domain_verified: row.domain_verified,
            identifiers: identifiers.into_iter().map(identifier).collect(),
            revision: row.revision,
        }
    }
}

/// An identifier to set.
#[derive(Deserialize, ToSchema)]
struct IdentifierForm {
    scheme: Scheme,
    value: String,
}

/// What is to be another than before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrganisationForm {
    /// 1 to 200 characters.
    name: Option<String>,
    /// All of them; at most 50.
    identifiers: Option<Vec<IdentifierForm>>,
}

/// The acting organisation.
#[utoipa::path(get, path = "/api/v1/organisation", operation_id = "read_organisation", tag = "directory", responses((status = 200, body = OrganisationView)))]
async fn see(
    State(house): State<House>,
    permit: Permit<SeeOrganisation>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let view = super::view(&mut conn, permit.scope().organisation()).await?;
    Ok(tagged(view))
}

/// Change its name or its identifiers.
#[utoipa::path(patch, path = "/api/v1/organisation", operation_id = "change_organisation", tag = "directory", params(("If-Match" = String, Header)), responses((status = 200, body = OrganisationView), (status = 409), (status = 422), (status = 428)))]
async fn edit(
    State(house): State<House>,
    permit: Permit<EditOrganisation>,
    Revision(revision): Revision,
    Form(form): Form<OrganisationForm>,
) -> Result<impl IntoResponse, Problem> {
    let read = |it: IdentifierForm| Identifier::new(it.scheme, &it.value);
    let identifiers = form.identifiers.map(|them| them.into_iter().map(read).collect());
    let identifiers = identifiers.transpose().map_err(Refusal::Identifier)?;
    let change = Change { name: form.name, identifiers };
    let mut tx = house.db.write().await?;
    let view = super::edit(&mut tx, &permit, change, revision, house.clock.now()).await?;
    tx.commit().await?;
    Ok(tagged(view))
}

fn tagged(view: OrganisationView) -> impl IntoResponse {
    let tag = format!("\"{}\"", view.revision);
    (AppendHeaders([(ETAG, tag)]), Json(view))
}
