//! `/as2`: one's station, its partners, their messages.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{As2Message, Id, Kind, Moment, TradingPartner};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    As2MessageView, ManageStation, ReadStation, StationView, TradingPartnerView,
    TrialView,
    lane::{self, LaneForm, LaneReport},
    partners::{self, TradingPartnerForm},
    proof, sql, trial,
};

/// A station's name.
#[derive(Debug, Deserialize, ToSchema)]
struct StationForm {
    /// Its AS2 name, 1 to 128 characters of ASCII; case matters.
    name: String,
}

/// A key of one's own.
#[derive(Debug, Deserialize, ToSchema)]
struct StationKeyForm {
    /// The file, in base64: PKCS #12 (`.pfx`, `.p12`), or PEM with key and certificate.
    file: String,
    /// Its password; empty for PEM.
    #[serde(default)]
    password: String,
}

/// Which messages are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MessageAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(station, set_station))
        .routes(routes!(add_key))
        .routes(routes!(import_key))
        .routes(routes!(partners, set_partner))
        .routes(routes!(close_partner))
        .routes(routes!(try_partner))
        .routes(routes!(play_lane))
        .routes(routes!(messages))
        .routes(routes!(send_again))
        .routes(routes!(prove))
}

/// One's AS2 station.
#[utoipa::path(get, path = "/api/v1/as2/station", operation_id = "as2_station", tag = "as2", responses((status = 200, body = StationView)))]
async fn station(
    State(house): State<House>,
    permit: Permit<ReadStation>,
) -> Result<Json<StationView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::view(&house, &mut conn, permit.scope().organisation()).await?))
}

/// Name one's AS2 station; the first time, it gets a key.
#[utoipa::path(put, path = "/api/v1/as2/station", operation_id = "set_as2_station", tag = "as2", request_body = StationForm, responses((status = 200, body = StationView), (status = 422)))]
async fn set_station(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<StationForm>,
) -> Result<Json<StationView>, Problem> {
    Ok(Json(super::set_up(&house, &permit, form.name.trim()).await?))
}

/// Give one's AS2 station a new key, which signs from now on; the old ones still decrypt.
#[utoipa::path(post, path = "/api/v1/as2/station/keys", operation_id = "add_as2_key", tag = "as2", responses((status = 200, body = StationView), (status = 404)))]
async fn add_key(
    State(house): State<House>,
    permit: Permit<ManageStation>,
) -> Result<Json<StationView>, Problem> {
    Ok(Json(super::roll_over(&house, &permit).await?))
}

/// Take a key of one's own, as PKCS #12 or PEM; it signs from now on, the old ones still decrypt.
#[utoipa::path(post, path = "/api/v1/as2/station/keys/import", operation_id = "import_as2_key", tag = "as2", request_body = StationKeyForm, responses((status = 200, body = StationView), (status = 404), (status = 422)))]
async fn import_key(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<StationKeyForm>,
) -> Result<Json<StationView>, Problem> {
    let file = proof::decoded(&form.file)?;
    Ok(Json(super::import_key(&house, &permit, (&file, &form.password)).await?))
}

/// Trade with an AS2 partner no more.
#[utoipa::path(delete, path = "/api/v1/as2/partners/{partner}", operation_id = "close_as2_partner", tag = "as2", params(("partner" = Id<TradingPartner>, Path)), responses((status = 204), (status = 404)))]
async fn close_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(partner): At<Id<TradingPartner>>,
) -> Result<StatusCode, Problem> {
    partners::close(&house, &permit, partner).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an AS2 partner a test message now, and tell each step.
#[utoipa::path(post, path = "/api/v1/as2/partners/{partner}/test", operation_id = "test_as2_partner", tag = "as2", params(("partner" = Id<TradingPartner>, Path)), responses((status = 200, body = TrialView), (status = 404), (status = 422)))]
async fn try_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(partner): At<Id<TradingPartner>>,
) -> Result<Json<TrialView>, Problem> {
    Ok(Json(trial::send(&house, &permit, partner).await?))
}

/// Send an AS2 message once more: the very same bytes.
#[utoipa::path(post, path = "/api/v1/as2/messages/{message}/send", operation_id = "send_as2_message_again", tag = "as2", params(("message" = Id<As2Message>, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn send_again(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    At(message): At<Id<As2Message>>,
) -> Result<StatusCode, Problem> {
    super::resend(&house, &permit, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What proves an AS2 message, as a tar archive that openssl checks without us.
#[utoipa::path(get, path = "/api/v1/as2/messages/{message}/proof", operation_id = "prove_as2_message", tag = "as2", params(("message" = Id<As2Message>, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/x-tar"), (status = 404)))]
async fn prove(
    State(house): State<House>,
    permit: Permit<ReadStation>,
    At(message): At<Id<As2Message>>,
) -> Result<impl IntoResponse, Problem> {
    let tar = proof::folder(&house, permit.scope().organisation(), message).await?;
    let tar = tokio::fs::File::from_std(tar);
    let tar = Body::from_stream(tokio_util::io::ReaderStream::new(tar));
    let name = format!("attachment; filename=\"{message}.tar\"");
    let kind = "application/x-tar".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], tar))
}

/// One's AS2 partners, by name.
#[utoipa::path(get, path = "/api/v1/as2/partners", operation_id = "as2_partners", tag = "as2", responses((status = 200, body = Page<TradingPartnerView>)))]
async fn partners(
    State(house): State<House>,
    permit: Permit<ReadStation>,
) -> Result<Json<Page<TradingPartnerView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = sql::partners(&mut conn, permit.scope().organisation()).await?;
    let views: Result<Vec<_>, _> = rows.into_iter().map(partners::partner_view).collect();
    Ok(Json(Page::all(views?)))
}

/// Make an AS2 partner, or change the one of that name.
#[utoipa::path(post, path = "/api/v1/as2/partners", operation_id = "set_as2_partner", tag = "as2", request_body = TradingPartnerForm, responses((status = 200, body = TradingPartnerView), (status = 422)))]
async fn set_partner(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<TradingPartnerForm>,
) -> Result<Json<TradingPartnerView>, Problem> {
    Ok(Json(partners::set_partner(&house, &permit, form).await?))
}

/// Play a partner that errs, or means harm, to one's own station, in a hall of its own: nothing of the
/// organisation's is touched.
#[utoipa::path(post, path = "/api/v1/as2/lane", operation_id = "play_test_lane", tag = "as2", request_body = LaneForm, responses((status = 200, body = LaneReport), (status = 404), (status = 422)))]
async fn play_lane(
    State(house): State<House>,
    permit: Permit<ManageStation>,
    Form(form): Form<LaneForm>,
) -> Result<Json<LaneReport>, Problem> {
    Ok(Json(lane::play(&house, &permit, form).await?))
}

/// The AS2 messages of one's station, newest first.
#[utoipa::path(get, path = "/api/v1/as2/messages", operation_id = "as2_messages", tag = "as2", params(MessageAsk), responses((status = 200, body = Page<As2MessageView>)))]
async fn messages(
    State(house): State<House>,
    permit: Permit<ReadStation>,
    Asked(ask): Asked<MessageAsk>,
) -> Result<Json<Page<As2MessageView>>, Problem> {
    let ask = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let after: Option<(i64, Id<As2Message>)> = ask.after()?;
    let before = match after {
        Some((at, id)) => (Moment::from_micros(at), id),
        None => (Moment::from_micros(i64::MAX), last()),
    };
    let mut conn = house.db.read().await?;
    let organisation = permit.scope().organisation();
    let rows = sql::messages(&mut conn, organisation, before, ask.limit() + 1).await?;
    let page = Page::cut(rows, ask.limit(), |row| (row.at.micros(), row.id));
    let items = page.items.into_iter().map(|row| As2MessageView {
        id: row.id,
        partner: row.partner,
        direction: row.direction,
        message_id: row.message_id,
        state: row.state,
        interchange: row.interchange_id,
        why: row.why,
        at: row.at,
    });
    Ok(Json(Page { items: items.collect(), next: page.next, total: None }))
}

fn last() -> Id<As2Message> {
    let text = format!("{}_7zzzzzzzzzzzzzzzzzzzzzzzzz", As2Message::PREFIX);
    text.parse().unwrap_or_else(|_never| Id::mint())
}
