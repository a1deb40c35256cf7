use axum::{
    Json,
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use gate::{Asked, At, CONFLICT, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Letter, Moment};
use serde::Serialize;
use sqlx::types::Uuid;
use store::Sha256;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{LetterState, SeeOutbox, again, sql};

/// A mail on its way out.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OutboxLetter {
    id: Id<Letter>,
    /// To which address.
    to: String,
    subject: String,
    state: LetterState,
    attempts: i64,
    /// Why it failed, or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    at: Moment,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(outbox))
        .routes(routes!(raw))
        .merge(again::routes())
}

/// The organisation's mails, newest first.
#[utoipa::path(get, path = "/api/v1/mail/outbox", operation_id = "list_outbox", tag = "mail", params(PageAsk), responses((status = 200, body = Page<OutboxLetter>)))]
async fn outbox(
    State(house): State<House>,
    permit: Permit<SeeOutbox>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<OutboxLetter>>, Problem> {
    let last = (Moment::from_micros(i64::MAX), Id::from_uuid(Uuid::max()));
    let (at, id): (i64, Id<Letter>) = ask.after()?.unwrap_or((last.0.micros(), last.1));
    let mut conn = house.db.read().await?;
    let rows: Vec<sql::Shown> = conn
        .run(sql::OUTBOX)
        .bind(permit.scope().organisation())
        .bind(Moment::from_micros(at))
        .bind(id)
        .bind(ask.limit() + 1)
        .all()
        .await?;
    let page = Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id));
    Ok(Json(page.map(|row| OutboxLetter {
        id: row.id,
        to: row.recipient,
        subject: row.subject,
        state: row.state,
        attempts: row.attempts,
        error: row.last_error,
        at: row.at,
    })))
}

/// A mail as it went, or will go, over the wire.
#[utoipa::path(get, path = "/api/v1/mail/outbox/{letter}/raw", operation_id = "read_letter_bytes", tag = "mail", params(("letter" = Id<Letter>, Path)), responses((status = 200, body = String, content_type = "message/rfc822"), (status = 404), (status = 409)))]
async fn raw(
    State(house): State<House>,
    permit: Permit<SeeOutbox>,
    At(letter): At<Id<Letter>>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let found: Option<(String,)> = conn
        .run(sql::RAW)
        .bind(permit.scope().organisation())
        .bind(letter)
        .optional()
        .await?;
    drop(conn);
    let (sha256,) = found.ok_or_else(Problem::not_found)?;
    if sha256.is_empty() {
        return Err(Problem::new(&CONFLICT, "it is not written yet; ask again soon"));
    }
    let bytes = house.files.read(sha256.parse::<Sha256>()?).await?;
    let headers = [
        (CONTENT_TYPE, "message/rfc822".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{letter}.eml\"")),
    ];
    Ok((headers, bytes).into_response())
}
