//! `/retention` and `/holds`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use gate::{At, Caller, Form, House, Page, Permit, Problem};
use kernel::{Hold, Id, StoredFile};
use serde::Deserialize;
use store::Sha256;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    KeepHolds, ReadRetention, SetRetention, holds,
    rules::{Days, HoldKind, Subject},
    view::{HeldWordView, HoldView, RetentionView},
};

/// For how long it is to be kept; what is null is kept for ever.
#[derive(Debug, Deserialize, ToSchema)]
struct RetentionForm {
    #[serde(flatten)]
    days: Days,
    /// The revision that was read; 0 where no rule was ever set.
    revision: i64,
}

/// What is to be held.
#[derive(Debug, Deserialize, ToSchema)]
struct HoldForm {
    kind: HoldKind,
    /// The id of the space, the room or the person.
    subject: String,
    /// Why: 1 to 1,000 characters.
    reason: String,
}

/// Which revision is meant.
#[derive(Debug, Deserialize, ToSchema)]
struct ReleaseForm {
    revision: i64,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(read_retention, set_retention))
        .routes(routes!(list_holds, place_hold))
        .routes(routes!(release_hold))
        .routes(routes!(read_held_words))
        .routes(routes!(read_held_file))
}

/// For how long one's organisation keeps what is said, by kind of room.
#[utoipa::path(get, path = "/api/v1/retention", tag = "records", responses((status = 200, body = RetentionView)))]
async fn read_retention(
    State(house): State<House>,
    permit: Permit<ReadRetention>,
) -> Result<Json<RetentionView>, Problem> {
    let mut conn = house.db.read().await?;
    let rule = super::rule(&mut conn, &permit, house.clock.now()).await?;
    Ok(Json(rule.into()))
}

/// Say for how long one's organisation keeps what is said. For seven days after a change nothing
/// is trimmed.
#[utoipa::path(put, path = "/api/v1/retention", tag = "records", request_body = RetentionForm, responses((status = 200, body = RetentionView), (status = 403), (status = 409), (status = 422)))]
async fn set_retention(
    State(house): State<House>,
    permit: Permit<SetRetention>,
    caller: Caller,
    Form(form): Form<RetentionForm>,
) -> Result<Json<RetentionView>, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let to = (form.days, form.revision);
    let rule = super::set(&mut tx, &permit, &caller, to, now).await?;
    tx.commit().await?;
    Ok(Json(rule.into()))
}

/// One's legal holds: those that hold first; at most 500.
#[utoipa::path(get, path = "/api/v1/holds", tag = "records", responses((status = 200, body = Page<HoldView>), (status = 403)))]
async fn list_holds(
    State(house): State<House>,
    permit: Permit<KeepHolds>,
) -> Result<Json<Page<HoldView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = holds::all(&mut conn, &permit).await?;
    Ok(Json(Page::all(rows.into_iter().map(HoldView::from).collect())))
}

/// Keep a space, a room, or what one of one's own people said, in spite of every rule. Nobody else
/// is told.
#[utoipa::path(post, path = "/api/v1/holds", tag = "records", request_body = HoldForm, responses((status = 201, body = HoldView), (status = 403), (status = 409), (status = 422)))]
async fn place_hold(
    State(house): State<House>,
    permit: Permit<KeepHolds>,
    caller: Caller,
    Form(form): Form<HoldForm>,
) -> Result<(StatusCode, Json<HoldView>), Problem> {
    let subject = Subject::read(form.kind, &form.subject)?;
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let what = (subject, form.reason.as_str());
    let row = holds::place(&mut tx, &permit, &caller, what, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Release a hold. What it kept of messages that were taken back is gone for good.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/release", tag = "records", params(("hold" = Id<Hold>, Path)), request_body = ReleaseForm, responses((status = 200, body = HoldView), (status = 403), (status = 404), (status = 409)))]
async fn release_hold(
    State(house): State<House>,
    permit: Permit<KeepHolds>,
    caller: Caller,
    At(hold): At<Id<Hold>>,
    Form(form): Form<ReleaseForm>,
) -> Result<Json<HoldView>, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let of = (hold, form.revision);
    let row = holds::release(&mut tx, &permit, &caller, of, now).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

/// What was taken back under a hold, oldest first; at most 1,000. Each reading is in the audit log.
#[utoipa::path(get, path = "/api/v1/holds/{hold}/words", tag = "records", params(("hold" = Id<Hold>, Path)), responses((status = 200, body = Page<HeldWordView>), (status = 403), (status = 404)))]
async fn read_held_words(
    State(house): State<House>,
    permit: Permit<KeepHolds>,
    caller: Caller,
    At(hold): At<Id<Hold>>,
) -> Result<Json<Page<HeldWordView>>, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let rows = holds::words(&mut tx, &permit, &caller, hold, now).await?;
    tx.commit().await?;
    Ok(Json(Page::all(rows.into_iter().map(HeldWordView::from).collect())))
}

/// A file of a message that was taken back under a hold. Each reading is in the audit log.
#[utoipa::path(get, path = "/api/v1/holds/{hold}/files/{file}", tag = "records", params(("hold" = Id<Hold>, Path), ("file" = Id<StoredFile>, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 403), (status = 404)))]
async fn read_held_file(
    State(house): State<House>,
    permit: Permit<KeepHolds>,
    caller: Caller,
    At((hold, file)): At<(Id<Hold>, Id<StoredFile>)>,
) -> Result<Response, Problem> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let of = (hold, file);
    let (name, sha256) = holds::file(&mut tx, &permit, &caller, of, now).await?;
    tx.commit().await?;
    let bytes = house.files.read(sha256.parse::<Sha256>()?).await?;
    Ok(crate::files::answer(&name, "application/octet-stream", false, bytes)?)
}
