//! `/mailing`: one's partners by mail, and the files of both directions.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Kind, MailFile, MailPartner, Moment};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    MailFileView, MailPartnerView, held,
    partners::{self, MailPartnerForm},
    sql, view,
};
use crate::stations::{ManageStation, ReadStation};

/// Which files are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MailFileAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(mail_partners, set_mail_partner))
        .routes(routes!(close_mail_partner))
        .routes(routes!(readdress_mail_partner))
        .routes(routes!(mail_files))
        .routes(routes!(mail_file))
        .routes(routes!(release_mail_file))
        .routes(routes!(discard_mail_file))
}

/// One's partners by mail, by name.
#[utoipa::path(get, path = "/api/v1/mailing/partners", tag = "mailing", responses((status = 200, body = Page<MailPartnerView>)))]
async fn mail_partners(
    State(house): State<House>,
    permit: Permit<ReadStation>,
) -> Result<Json<Page<MailPartnerView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = sql::partners(&mut conn, permit.scope().organisation()).await?;
    let views = rows.into_iter().map(|row| view::of(&house, row));
    Ok(Json(Page::all(views.collect::<Result<_, _>>()?)))
}

/// Make a partner by mail, or change the one of that name.
#[utoipa::path(post, path = "/api/v1/mailing/partners", tag = "mailing", request_body = MailPartnerForm, responses((status = 200, body = MailPartnerView), (status = 422)))]
async fn set_mail_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<MailPartnerForm>,
) -> Result<Json<MailPartnerView>, Problem> {
    Ok(Json(partners::set(&house, &permit, form).await?))
}

/// Trade with a partner by mail no more.
#[utoipa::path(delete, path = "/api/v1/mailing/partners/{mail_partner}", tag = "mailing", params(("mail_partner" = Id<MailPartner>, Path)), responses((status = 204), (status = 404)))]
async fn close_mail_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(partner): At<Id<MailPartner>>,
) -> Result<StatusCode, Problem> {
    partners::close(&house, &permit, partner).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a partner another address of ours; what comes to the old one is refused.
#[utoipa::path(post, path = "/api/v1/mailing/partners/{mail_partner}/address", tag = "mailing", params(("mail_partner" = Id<MailPartner>, Path)), responses((status = 200, body = MailPartnerView), (status = 404)))]
async fn readdress_mail_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(partner): At<Id<MailPartner>>,
) -> Result<Json<MailPartnerView>, Problem> {
    Ok(Json(partners::readdress(&house, &permit, partner).await?))
}

/// The files that came and went with mails of partners, newest first.
#[utoipa::path(get, path = "/api/v1/mailing/files", tag = "mailing", params(MailFileAsk), responses((status = 200, body = Page<MailFileView>)))]
async fn mail_files(
    State(house): State<House>,
    permit: Permit<ReadStation>,
    Asked(ask): Asked<MailFileAsk>,
) -> Result<Json<Page<MailFileView>>, Problem> {
    let ask = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let after: Option<(i64, Id<MailFile>)> = ask.after()?;
    let before = match after {
        Some((at, id)) => (Moment::from_micros(at), id),
        None => (Moment::from_micros(i64::MAX), last()),
    };
    let mut conn = house.db.read().await?;
    let organisation = permit.scope().organisation();
    let rows = sql::files(&mut conn, organisation, before, ask.limit() + 1).await?;
    let page = Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id));
    let items = page.items.into_iter().map(MailFileView::from).collect();
    Ok(Json(Page { items, next: page.next, total: None }))
}

/// The bytes of a file that is an interchange.
#[utoipa::path(get, path = "/api/v1/mailing/files/{mail_file}", tag = "mailing", params(("mail_file" = Id<MailFile>, Path)), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404)))]
async fn mail_file(
    State(house): State<House>,
    permit: Permit<ReadStation>,
    At(file): At<Id<MailFile>>,
) -> Result<impl IntoResponse, Problem> {
    let bytes = held::raw(&house, &permit, file).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"interchange.edi\""),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes))
}

/// Let a file in that waits for a person: it is judged.
#[utoipa::path(post, path = "/api/v1/mailing/files/{mail_file}/release", tag = "mailing", params(("mail_file" = Id<MailFile>, Path)), responses((status = 204), (status = 404), (status = 409), (status = 422)))]
async fn release_mail_file(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(file): At<Id<MailFile>>,
) -> Result<StatusCode, Problem> {
    held::release(&house, &permit, file).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a file away that waits for a person: nothing is done with it.
#[utoipa::path(post, path = "/api/v1/mailing/files/{mail_file}/discard", tag = "mailing", params(("mail_file" = Id<MailFile>, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn discard_mail_file(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(file): At<Id<MailFile>>,
) -> Result<StatusCode, Problem> {
    held::discard(&house, &permit, file).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn last() -> Id<MailFile> {
    let text = format!("{}_7zzzzzzzzzzzzzzzzzzzzzzzzz", MailFile::PREFIX);
    text.parse().unwrap_or_else(|_never| Id::mint())
}
