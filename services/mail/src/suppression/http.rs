use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, ProblemKind};
use kernel::{Id, Moment, Suppression};
use serde::Deserialize;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Refusal, SeeSuppressed, Suppress, Suppressed, sql};

const EXISTS: ProblemKind = ProblemKind {
    slug: "suppressed-already",
    status: 409,
    title: "This address is on the list already",
};

/// An address to which no more mail is to be sent.
#[derive(Debug, Deserialize, ToSchema)]
struct SuppressionForm {
    /// The address.
    email: String,
    /// Why, at most 300 characters.
    #[serde(default)]
    detail: String,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(suppressed, suppress)).routes(routes!(unsuppress))
}

/// Addresses to which the organisation sends no more mail, newest first.
#[utoipa::path(get, path = "/api/v1/mail/suppressed", tag = "mail", params(PageAsk), responses((status = 200, body = Page<Suppressed>)))]
async fn suppressed(
    State(house): State<House>,
    permit: Permit<SeeSuppressed>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<Suppressed>>, Problem> {
    let (at, id): (i64, Id<Suppression>) =
        ask.after()?.unwrap_or((i64::MAX, Id::from_uuid(Uuid::max())));
    let before = (Moment::from_micros(at), id);
    let mut conn = house.db.read().await?;
    let organisation = permit.scope().organisation();
    let rows = sql::list(&mut conn, organisation, before, ask.limit() + 1).await?;
    Ok(Json(Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id))))
}

/// Send no more mail to an address.
#[utoipa::path(post, path = "/api/v1/mail/suppressed", tag = "mail", request_body = SuppressionForm, responses((status = 201, body = Suppressed), (status = 403), (status = 409), (status = 422)))]
async fn suppress(
    State(house): State<House>,
    permit: Permit<Suppress>,
    Form(form): Form<SuppressionForm>,
) -> Result<(StatusCode, Json<Suppressed>), Problem> {
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    let added = super::add(&mut tx, &permit, &form.email, &form.detail, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Take an address off the list, so that it gets mail again.
#[utoipa::path(delete, path = "/api/v1/mail/suppressed/{entry}", tag = "mail", params(("entry" = Id<Suppression>, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn unsuppress(
    State(house): State<House>,
    permit: Permit<Suppress>,
    At(entry): At<Id<Suppression>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::remove(&mut tx, &permit, entry, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NoAddress => Self::refused("email", detail),
            Refusal::TooLong => Self::refused("detail", detail),
            Refusal::Exists => Self::new(&EXISTS, detail),
            Refusal::NotFound => Self::not_found(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
