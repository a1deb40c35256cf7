use axum::{
    Json,
    extract::State,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use gate::{Asked, At, CONFLICT, House, Page, PageAsk, Permit, Problem};
use kernel::{Arrival, Id, Moment};
use serde::Serialize;
use sharing::files::File;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{SeeQuarantine, SettleQuarantine, held, sql};
use crate::authentic::Checks;

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
    /// What is known of whether it comes from where it says.
    checks: Checks,
}

/// A mail that waits for a person, opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OpenedMail {
    #[serde(flatten)]
    mail: QuarantinedMail,
    /// What would be posted: its new words, without what it quotes.
    text: String,
    /// What hangs on it.
    files: Vec<File>,
}

impl From<sql::Held> for QuarantinedMail {
    fn from(row: sql::Held) -> Self {
        Self {
            id: row.id,
            from: row.sender,
            to: row.recipient,
            subject: row.subject,
            reason: row.reason,
            at: row.at,
            checks: Checks { spf: row.spf, dkim: row.dkim, dmarc: row.dmarc },
        }
    }
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(quarantine))
        .routes(routes!(quarantined))
        .routes(routes!(quarantined_raw))
        .routes(routes!(release_mail))
        .routes(routes!(discard_mail))
        .merge(super::mine::routes())
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
    Ok(Json(page.map(QuarantinedMail::from)))
}

/// Open a mail that waits for a person.
#[utoipa::path(get, path = "/api/v1/mail/quarantine/{mail}", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 200, body = OpenedMail), (status = 404)))]
async fn quarantined(
    State(house): State<House>,
    permit: Permit<SeeQuarantine>,
    At(mail): At<Id<Arrival>>,
) -> Result<Json<OpenedMail>, Problem> {
    let opened = held::open(&house, &permit, mail).await?;
    let (text, files) = (opened.text, opened.files);
    Ok(Json(OpenedMail { mail: opened.row.into(), text, files }))
}

/// A mail that waits for a person, as it came.
#[utoipa::path(get, path = "/api/v1/mail/quarantine/{mail}/raw", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 200, body = String, content_type = "message/rfc822"), (status = 404)))]
async fn quarantined_raw(
    State(house): State<House>,
    permit: Permit<SeeQuarantine>,
    At(mail): At<Id<Arrival>>,
) -> Result<Response, Problem> {
    let bytes = held::raw(&house, &permit, mail).await?;
    let headers = [
        (CONTENT_TYPE, "message/rfc822".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{mail}.eml\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// Let a mail into its room, in its guest's name.
#[utoipa::path(post, path = "/api/v1/mail/quarantine/{mail}/release", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn release_mail(
    State(house): State<House>,
    permit: Permit<SettleQuarantine>,
    At(mail): At<Id<Arrival>>,
) -> Result<StatusCode, Problem> {
    held::release(&house, &permit, mail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a mail away; its bytes stay.
#[utoipa::path(post, path = "/api/v1/mail/quarantine/{mail}/discard", tag = "mail", params(("mail" = Id<Arrival>, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn discard_mail(
    State(house): State<House>,
    permit: Permit<SettleQuarantine>,
    At(mail): At<Id<Arrival>>,
) -> Result<StatusCode, Problem> {
    held::discard(&house, &permit, mail).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<held::Refusal> for Problem {
    fn from(refusal: held::Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            held::Refusal::NotFound => Self::not_found(),
            held::Refusal::Settled(_)
            | held::Refusal::Gone
            | held::Refusal::Unreadable => Self::new(&CONFLICT, detail),
            held::Refusal::Sharing(refusal) => refusal.into(),
            held::Refusal::Fault(fault) => fault.into(),
        }
    }
}
