//! `/me/push`.

use axum::{Json, extract::State, http::StatusCode};
use gate::{At, Caller, Form, House, Means, Permit, Problem};
use kernel::{Device, Id, Moment, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use webpush::Browser;

use super::{Refusal, sql, tell};
use crate::me::{EditMe, SeeMe};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(see_push, keep_push))
        .routes(routes!(forget_push))
        .routes(routes!(try_push))
}

/// A browser that takes notices while the app is closed, as it tells of its subscription
/// (W3C Push API, `PushSubscription`).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PushForm {
    /// Its address at the push service: `https://…`.
    endpoint: String,
    /// Its public key, in base64url (RFC 8291, 3.1).
    p256dh: String,
    /// Its secret, in base64url (RFC 8291, 3.2).
    auth: String,
}

/// One's devices, and by what key the hub is known to push services.
#[derive(Serialize, ToSchema)]
struct PushView {
    /// The hub's key: what a browser subscribes with as `applicationServerKey` (RFC 8292).
    key: String,
    /// Those that are told of notices, the newest first.
    devices: Vec<DeviceView>,
}

/// A browser that is told of notices.
#[derive(Serialize, ToSchema)]
#[schema(as = PushDevice)]
struct DeviceView {
    id: Id<Device>,
    /// What it calls itself (`User-Agent`).
    user_agent: String,
    since: Moment,
    /// Whether it is the one that asks.
    here: bool,
}

/// See which of one's devices are told of notices while the app is closed.
#[utoipa::path(get, path = "/api/v1/me/push", operation_id = "see_push", tag = "notifications", responses((status = 200, body = PushView)))]
async fn see_push(
    State(house): State<House>,
    _permit: Permit<SeeMe>,
    caller: Caller,
) -> Result<Json<PushView>, Problem> {
    view(&house, &caller).await
}

/// Have notices told to this browser while the app is closed, as long as one is signed in there.
#[utoipa::path(put, path = "/api/v1/me/push", operation_id = "keep_push", tag = "notifications", request_body = PushForm, responses((status = 200, body = PushView), (status = 403), (status = 422)))]
async fn keep_push(
    State(house): State<House>,
    _permit: Permit<EditMe>,
    caller: Caller,
    Form(form): Form<PushForm>,
) -> Result<Json<PushView>, Problem> {
    let session = session(&caller)?;
    tell::address(&house, &form.endpoint).map_err(Refusal::Endpoint)?;
    let browser = Browser::new(&form.p256dh, &form.auth).map_err(Refusal::Keys)?;
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let who = (caller.person, session);
    super::keep(&mut tx, who, (&form.endpoint, &browser), now).await?;
    tx.commit().await?;
    view(&house, &caller).await
}

/// Have a device told nothing any more.
#[utoipa::path(delete, path = "/api/v1/me/push/{device}", operation_id = "forget_push", tag = "notifications", params(("device" = Id<Device>, Path)), responses((status = 204), (status = 404)))]
async fn forget_push(
    State(house): State<House>,
    _permit: Permit<EditMe>,
    caller: Caller,
    At(device): At<Id<Device>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    if !sql::forget(&mut tx, device, Some(caller.person)).await? {
        return Err(Refusal::NotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have a message sent to this browser now, to see whether it arrives.
#[utoipa::path(post, path = "/api/v1/me/push/test", operation_id = "try_push", tag = "notifications", responses((status = 204), (status = 403), (status = 404)))]
async fn try_push(
    State(house): State<House>,
    _permit: Permit<EditMe>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let session = session(&caller)?;
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    super::trial(&mut tx, (caller.person, session), now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session(caller: &Caller) -> Result<Id<Session>, Refusal> {
    match caller.means {
        Means::Session(session) => Ok(session),
        Means::Token(_) | Means::Mail => Err(Refusal::NoBrowser),
    }
}

async fn view(house: &House, caller: &Caller) -> Result<Json<PushView>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = sql::list(&mut conn, caller.person, house.clock.now()).await?;
    let here = session(caller).ok();
    let devices = rows.into_iter().map(|row| DeviceView {
        id: row.id,
        user_agent: row.user_agent,
        since: row.created_at,
        here: Some(row.session_id) == here,
    });
    Ok(Json(PushView { key: tell::sender(house)?.public(), devices: devices.collect() }))
}
