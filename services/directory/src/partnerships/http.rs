//! `/partnerships`: propose, see. The moves stand in `sharing`.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::ETAG},
    response::{AppendHeaders, IntoResponse},
};
use gate::{At, Form, House, Page, Permit, Problem};
use kernel::{Id, Partnership as Kind};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Partnership, Proposal, Refusal, RunPartnerships, SeePartnerships};
use crate::DomainError;

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, propose)).routes(routes!(see))
}

/// Whom to ask.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProposalForm {
    /// The company's own mail domain.
    domain: String,
    /// Somebody there, who gets a mail if nobody of the company is here yet.
    email: Option<String>,
    /// What to tell them; at most 1,000 characters.
    message: Option<String>,
}

/// The organisation's partnerships, newest first.
#[utoipa::path(get, path = "/api/v1/partnerships", operation_id = "list_partnerships", tag = "partnerships", responses((status = 200, body = Page<Partnership>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<SeePartnerships>,
) -> Result<Json<Page<Partnership>>, Problem> {
    let mut conn = house.db.read().await?;
    let items = super::list(&mut conn, &permit, house.clock.now()).await?;
    Ok(Json(Page::all(items)))
}

/// Ask an organisation to sell together. The answer does not tell whether it is here.
#[utoipa::path(post, path = "/api/v1/partnerships", operation_id = "propose_partnership", tag = "partnerships", responses((status = 201, body = Partnership), (status = 409), (status = 422)))]
async fn propose(
    State(house): State<House>,
    permit: Permit<RunPartnerships>,
    Form(form): Form<ProposalForm>,
) -> Result<impl IntoResponse, Problem> {
    let domain = form.domain.parse();
    let domain = domain.map_err(|error: DomainError| Refusal::Domain(error))?;
    let email = form.email.as_deref().filter(|text| !text.trim().is_empty());
    let email = email.map(str::parse).transpose().map_err(Refusal::Email)?;
    let proposal = Proposal { domain, email, message: form.message.unwrap_or_default() };
    let mut tx = house.db.write().await?;
    let now = house.clock.now();
    let made = super::propose(&mut tx, &permit, &house.settings, &proposal, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(made)))
}

/// One of the organisation's partnerships.
#[utoipa::path(get, path = "/api/v1/partnerships/{partnership}", operation_id = "read_partnership", tag = "partnerships", params(("partnership" = Id<Kind>, Path)), responses((status = 200, body = Partnership), (status = 404)))]
async fn see(
    State(house): State<House>,
    permit: Permit<SeePartnerships>,
    At(id): At<Id<Kind>>,
) -> Result<impl IntoResponse, Problem> {
    let scope = permit.scope();
    let mut conn = house.db.read().await?;
    let found =
        super::view(&mut conn, scope.organisation(), id, house.clock.now()).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(tagged(found.for_role(permit.caller().map(|caller| caller.role))))
}

fn tagged(view: Partnership) -> impl IntoResponse {
    let tag = format!("\"{}\"", view.revision);
    (AppendHeaders([(ETAG, tag)]), Json(view))
}
