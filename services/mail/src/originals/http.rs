use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use gate::{At, House, Permit, Problem};
use kernel::{Id, Moment, Room};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Original, ReadOriginal, open};
use crate::authentic::Checks;

/// The mail behind a message, as it came.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OriginalMail {
    /// From which address.
    from: String,
    subject: String,
    at: Moment,
    /// What is known of whether it comes from where it says.
    checks: Checks,
    /// Its header, line by line.
    headers: Vec<HeaderLine>,
    /// Its whole text, with what it quotes.
    text: String,
    /// Whether it is a page, too: `…/page` shows that.
    has_page: bool,
}

/// A line of a mail's header.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct HeaderLine {
    name: String,
    value: String,
}

impl From<Original> for OriginalMail {
    fn from(it: Original) -> Self {
        let row = it.row;
        let line = |(name, value)| HeaderLine { name, value };
        Self {
            from: row.sender,
            subject: row.subject,
            at: row.at,
            checks: Checks { spf: row.spf, dkim: row.dkim, dmarc: row.dmarc },
            headers: it.headers.into_iter().map(line).collect(),
            text: it.text,
            has_page: it.html.is_some(),
        }
    }
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(read_original)).routes(routes!(original_page))
}

/// The mail behind a message.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/mails/{seq}", tag = "mail", params(("room" = Id<Room>, Path), ("seq" = i64, Path)), responses((status = 200, body = OriginalMail), (status = 404)))]
async fn read_original(
    State(house): State<House>,
    permit: Permit<ReadOriginal>,
    At((room, seq)): At<(Id<Room>, i64)>,
) -> Result<Json<OriginalMail>, Problem> {
    let original = open(&house, &permit, room, seq).await?;
    original.map(|it| Json(it.into())).ok_or_else(Problem::not_found)
}

/// The same as a page to be shown in a frame. Nothing in it runs, and nothing is fetched for it.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/mails/{seq}/page", tag = "mail", params(("room" = Id<Room>, Path), ("seq" = i64, Path)), responses((status = 200, body = String, content_type = "text/html"), (status = 404)))]
async fn original_page(
    State(house): State<House>,
    permit: Permit<ReadOriginal>,
    At((room, seq)): At<(Id<Room>, i64)>,
) -> Result<Response, Problem> {
    let original = open(&house, &permit, room, seq).await?;
    let html = original.and_then(|it| it.html).ok_or_else(Problem::not_found)?;
    let policy = HeaderValue::from_static(
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
    );
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
