//! The routes of this feature. Everything else about calls goes over the socket.

use axum::{Json, extract::State};
use gate::{Caller, House, Page, Permit, Problem};
use kernel::{Call, Id, Moment, Organisation, Person, Room};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::sql;
use crate::ReadRooms;

/// A call that rings.
#[derive(Debug, Serialize, ToSchema)]
struct RingView {
    call: Id<Call>,
    /// The room of the two.
    room: Id<Room>,
    since: Moment,
    /// Who calls.
    user: Id<Person>,
    name: String,
    organisation: Id<Organisation>,
    organisation_name: String,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list_ringing))
}

/// The calls that ring for one: in messages between two people, while one has not joined. The
/// newest first.
#[utoipa::path(get, path = "/api/v1/calls", tag = "rooms", responses((status = 200, body = Page<RingView>)))]
async fn list_ringing(
    State(house): State<House>,
    _permit: Permit<ReadRooms>,
    caller: Caller,
) -> Result<Json<Page<RingView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rings = sql::rings(&mut conn, &caller).await?;
    let view = |ring: sql::Ring| RingView {
        call: ring.id,
        room: ring.room_id,
        since: ring.started_at,
        user: ring.person_id,
        name: ring.name,
        organisation: ring.organisation_id,
        organisation_name: ring.organisation_name,
    };
    Ok(Json(Page::all(rings.into_iter().map(view).collect())))
}
