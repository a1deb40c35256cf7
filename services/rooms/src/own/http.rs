use axum::{Json, extract::State};
use gate::{At, Caller, Form, House, Page, Permit, Problem};
use kernel::{Id, Moment, Organisation, Person, Room};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Own,
    rules::{Change, Level},
};
use crate::{KeepOwn, ReadRooms};

/// What one keeps of a room for oneself.
#[derive(Debug, Serialize, ToSchema)]
struct OwnView {
    level: Level,
    /// What was not sent yet, in Markdown.
    draft: Option<String>,
    /// When the draft was kept: milliseconds since 1970.
    draft_at: Option<i64>,
}

impl From<Own> for OwnView {
    fn from(own: Own) -> Self {
        let draft_at = own.draft_at.map(Moment::millis);
        Self { level: own.level, draft: own.draft, draft_at }
    }
}

/// What is to be kept; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct OwnForm {
    level: Option<Level>,
    /// At most 8,000 characters; an empty one is forgotten.
    draft: Option<String>,
}

/// Somebody else who has read a room so far.
#[derive(Debug, Serialize, ToSchema)]
struct ReaderView {
    user: Id<Person>,
    name: String,
    organisation: Id<Organisation>,
    seq: i64,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(see_own, keep_own)).routes(routes!(list_readers))
}

/// What one keeps of a room for oneself: a draft, and which notices come.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/own", tag = "rooms", params(("room" = Id<Room>, Path)), responses((status = 200, body = OwnView), (status = 404)))]
async fn see_own(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    caller: Caller,
    At(room): At<Id<Room>>,
) -> Result<Json<OwnView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::see(&mut conn, &permit, &caller, room).await?.into()))
}

/// Keep a draft, or say which notices come. The last one who writes wins; nobody else reads it.
#[utoipa::path(patch, path = "/api/v1/rooms/{room}/own", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = OwnForm, responses((status = 200, body = OwnView), (status = 404), (status = 422)))]
async fn keep_own(
    State(house): State<House>,
    permit: Permit<KeepOwn>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<OwnForm>,
) -> Result<Json<OwnView>, Problem> {
    let change = Change::new(form.level, form.draft)?;
    let mut tx = house.db.write().await?;
    let now = house.clock.now();
    let own = super::keep(&mut tx, &permit, &caller, room, &change, now).await?;
    tx.commit().await?;
    Ok(Json(own.into()))
}

/// How far others have read a room: one's own people, and those of other sides who said
/// something there; whoever read furthest comes first.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/readers", tag = "rooms", params(("room" = Id<Room>, Path)), responses((status = 200, body = Page<ReaderView>), (status = 404)))]
async fn list_readers(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    caller: Caller,
    At(room): At<Id<Room>>,
) -> Result<Json<Page<ReaderView>>, Problem> {
    let mut conn = house.db.read().await?;
    let readers = super::readers(&mut conn, &permit, &caller, room).await?;
    let items = readers.into_iter().map(|reader| ReaderView {
        user: reader.person_id,
        name: reader.name,
        organisation: reader.organisation_id,
        seq: reader.seq,
    });
    Ok(Json(Page::all(items.collect())))
}
