//! The routes of this feature, and what goes out.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, Caller, Form, House, Page, Permit, Problem};
use kernel::{Id, Moment, Organisation, Person, Room};
use serde::{Deserialize, Serialize};
use sharing::{directs, log};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::sql::{self, Reachable, Row};
use crate::{PostMessage, ReadRooms};

/// How much of the last message is told, in characters.
const MOST_PREVIEW: usize = 160;

/// A room of two people.
#[derive(Debug, Serialize, ToSchema)]
struct DirectView {
    /// Its room.
    room: Id<Room>,
    with: ReachableView,
    /// When something was said in it last, or when it was opened.
    active_at: Moment,
    last: Option<LastSaid>,
    head: i64,
    /// How many messages of the other one are not read, up to a hundred.
    unread: i64,
    /// Whether one may still write: the other one is there, and there is something in common.
    open: bool,
}

/// What was said last.
#[derive(Debug, Serialize, ToSchema)]
struct LastSaid {
    /// Whether one said it oneself.
    own: bool,
    at: Moment,
    /// The beginning of the words, without markup; nothing where they were taken back.
    text: Option<String>,
}

/// Somebody to whom one may write.
#[derive(Debug, Serialize, ToSchema)]
struct ReachableView {
    user: Id<Person>,
    name: String,
    organisation: Id<Organisation>,
    organisation_name: String,
}

/// With whom to talk.
#[derive(Debug, Deserialize, ToSchema)]
struct NewDirect {
    person: Id<Person>,
    /// For which organisation they are addressed.
    organisation: Id<Organisation>,
}

/// Where it is.
#[derive(Debug, Serialize, ToSchema)]
struct DirectRoom {
    room: Id<Room>,
}

/// A part of a name.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DirectSearch {
    q: Option<String>,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_directs, open_direct))
        .routes(routes!(list_reachable))
}

/// One's direct messages, the newest first: at most 200 people.
#[utoipa::path(get, path = "/api/v1/directs", tag = "rooms", responses((status = 200, body = Page<DirectView>)))]
async fn list_directs(
    State(house): State<House>,
    _permit: Permit<ReadRooms>,
    caller: Caller,
) -> Result<Json<Page<DirectView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = sql::directs(&mut conn, &caller).await?;
    let view = |row| view(&caller, row);
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}

/// Open the room of oneself and somebody else, or find the one that is there.
#[utoipa::path(post, path = "/api/v1/directs", tag = "rooms", request_body = NewDirect, responses((status = 201, body = DirectRoom), (status = 200, description = "It was open before", body = DirectRoom), (status = 403), (status = 404), (status = 422)))]
async fn open_direct(
    State(house): State<House>,
    _permit: Permit<PostMessage>,
    caller: Caller,
    Form(form): Form<NewDirect>,
) -> Result<(StatusCode, Json<DirectRoom>), Problem> {
    if form.person == caller.person {
        return Err(Problem::refused("person", "name somebody else than yourself"));
    }
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let with = (form.person, form.organisation);
    let (room, is_new) = directs::open(&mut tx, &caller, with, now).await?;
    tx.commit().await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(DirectRoom { room })))
}

/// The people to whom one may write: one's own, and those of other sides who said something
/// where one reads. At most 50.
#[utoipa::path(get, path = "/api/v1/directs/people", tag = "rooms", params(DirectSearch), responses((status = 200, body = Page<ReachableView>)))]
async fn list_reachable(
    State(house): State<House>,
    _permit: Permit<ReadRooms>,
    caller: Caller,
    Asked(asked): Asked<DirectSearch>,
) -> Result<Json<Page<ReachableView>>, Problem> {
    let mut conn = house.db.read().await?;
    let part = asked.q.unwrap_or_default();
    let people = sql::people(&mut conn, &caller, &part).await?;
    let view = |it: Reachable| ReachableView {
        user: it.person_id,
        name: it.name,
        organisation: it.organisation_id,
        organisation_name: it.organisation_name,
    };
    Ok(Json(Page::all(people.into_iter().map(view).collect())))
}

fn view(caller: &Caller, row: Row) -> DirectView {
    let own = row.last_author == Some(caller.person);
    let text = row.last_body.as_deref().map(|body| {
        let plain = log::plain(body);
        plain.trim().chars().take(MOST_PREVIEW).collect()
    });
    DirectView {
        room: row.room_id,
        active_at: row.active_at,
        last: row.last_at.map(|at| LastSaid { own, at, text }),
        head: row.head_seq,
        unread: row.unread,
        open: row.others > 0,
        with: ReachableView {
            user: row.person_id,
            name: row.name,
            organisation: row.organisation_id,
            organisation_name: row.organisation_name,
        },
    }
}
