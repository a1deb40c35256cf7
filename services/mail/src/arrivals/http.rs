use axum::{Json, extract::State};
use gate::{Asked, House, Page, PageAsk, Permit, Problem};
use kernel::{Arrival, Id, Moment};
use serde::Serialize;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{SeeQuarantine, sql};

/// A mail that waits for a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct QuarantinedMail {
    id: Id<Arrival>,
    /// From which address.
    from: String,
    /// To which of ours; what makes it secret is left out.
    to: String,
    subject: String,
    /// Why it waits.
    reason: String,
    at: Moment,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(quarantine))
}

/// Mails that wait for a person, newest first.
#[utoipa::path(get, path = "/api/v1/mail/quarantine", operation_id = "list_quarantine", tag = "mail", params(PageAsk), responses((status = 200, body = Page<QuarantinedMail>)))]
async fn quarantine(
    State(house): State<House>,
    permit: Permit<SeeQuarantine>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<QuarantinedMail>>, Problem> {
    let (at, id): (i64, Id<Arrival>) =
        ask.after()?.unwrap_or((i64::MAX, Id::from_uuid(Uuid::max())));
    let mut conn = house.db.read().await?;
    let rows: Vec<sql::Held> = conn
        .run(sql::QUARANTINE)
        .bind(permit.scope().organisation())
        .bind(Moment::from_micros(at))
        .bind(id)
        .bind(ask.limit() + 1)
        .all()
        .await?;
    let page = Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id));
    Ok(Json(page.map(|row| QuarantinedMail {
        id: row.id,
        from: row.sender,
        to: row.recipient,
        subject: row.subject,
        reason: row.reason,
        at: row.at,
    })))
}
