//! Rooms over REST: what the socket is not needed for.

use std::time::Duration;

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use crm::deals::rooms::{self as views, RoomView};
use gate::{Asked, At, Caller, Form, House, Page, Permit, Problem, ProblemKind};
use kernel::{Id, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::{Event, Range, Reach, log};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Live, MarkRead, PostMessage, ReadRooms,
    live::{commit, reads},
    post::{Draft, Refusal},
};

const RATE: ProblemKind =
    ProblemKind { slug: "too-many-messages", status: 429, title: "Too many messages" };

/// A part of a room's log, oldest first.
#[derive(Debug, Serialize, ToSchema)]
struct EventPage {
    epoch: String,
    head: i64,
    first: i64,
    items: Vec<Event>,
}

/// Which part of a log: what follows `after`, or what precedes `before`; else the newest.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Stretch {
    after: Option<i64>,
    before: Option<i64>,
    /// How many events, 1 to 200; 50 unless told.
    limit: Option<i64>,
}

/// A message.
#[derive(Debug, Deserialize, ToSchema)]
struct NewMessage {
    /// The client's own id for it, at most 64 bytes: the same one is never posted twice.
    cid: String,
    /// The words, in Markdown: 1 to 8,000 characters.
    body: String,
    /// The seq that it answers.
    reply_to: Option<i64>,
}

/// Where a message stands.
#[derive(Debug, Serialize, ToSchema)]
struct SentView {
    cid: String,
    room: Id<Room>,
    seq: i64,
    /// Milliseconds since 1970.
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dup: Option<bool>,
}

/// How far a room has been read.
#[derive(Debug, Deserialize, ToSchema)]
struct ReadMark {
    seq: i64,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_rooms))
        .routes(routes!(see_room))
        .routes(routes!(list_events, post_message))
        .routes(routes!(mark_room_read))
}

/// The rooms of a deal that one may read.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/rooms", tag = "rooms", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<RoomView>), (status = 404)))]
async fn list_rooms(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<RoomView>>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let rooms = views::of_deal(&mut conn, scope, deal).await?;
    // Whoever takes part in a space may read its main room at least.
    if rooms.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(Json(Page::all(rooms)))
}

/// A room.
#[utoipa::path(get, path = "/api/v1/rooms/{room}", tag = "rooms", params(("room" = Id<Room>, Path)), responses((status = 200, body = RoomView), (status = 404)))]
async fn see_room(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(id): At<Id<Room>>,
) -> Result<Json<RoomView>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let room = views::one(&mut conn, scope, id).await?;
    room.map(Json).ok_or_else(Problem::not_found)
}

/// A part of a room's log.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/events", tag = "rooms", params(("room" = Id<Room>, Path), Stretch), responses((status = 200, body = EventPage), (status = 404), (status = 422)))]
async fn list_events(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(room): At<Id<Room>>,
    Asked(asked): Asked<Stretch>,
) -> Result<Json<EventPage>, Problem> {
    let range = match (asked.after, asked.before) {
        (Some(seq), None) => Range::After(seq),
        (None, Some(seq)) => Range::Before(seq),
        (None, None) => Range::Before(i64::MAX),
        (Some(_), Some(_)) => {
            return Err(Problem::refused(
                "before",
                "ask for `after` or `before`, not both",
            ));
        }
    };
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let mut conn = house.db.read().await?;
    let slice =
        log::slice(&mut conn, permit.scope().organisation(), room, range, limit).await?;
    let slice = slice.ok_or_else(Problem::not_found)?;
    let Reach { epoch, head, first, .. } = slice.reach;
    Ok(Json(EventPage { epoch, head, first, items: slice.events }))
}

/// Why a message was refused.
enum Refused {
    /// For what it is.
    Problem(Problem),
    /// There were too many before it: after this long there is room again.
    Wait(Duration),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Wait(wait) => {
                let seconds = wait.as_millis().div_ceil(1_000);
                let detail = format!("wait {seconds} s, and send it again");
                let headers = [(header::RETRY_AFTER, seconds.to_string())];
                (headers, Problem::new(&RATE, detail)).into_response()
            }
        }
    }
}

/// Say something in a room.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/events", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = NewMessage, responses((status = 201, body = SentView), (status = 200, description = "It stood there before", body = SentView), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
async fn post_message(
    State(house): State<House>,
    Extension(live): Extension<Live>,
    _permit: Permit<PostMessage>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<NewMessage>,
) -> Result<(StatusCode, Json<SentView>), Refused> {
    let draft = Draft::new(room, form.cid, form.body, form.reply_to)?;
    live.count_send(caller.person, house.clock.now()).map_err(Refused::Wait)?;
    let posted = commit::alone(&house, &caller, &draft).await?;
    let view = SentView {
        cid: draft.cid,
        room,
        seq: posted.seq,
        at: posted.at.millis(),
        dup: posted.duplicate.then_some(true),
    };
    let status = if posted.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(view)))
}

/// Note how far one has read a room. It never goes back.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/read", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = ReadMark, responses((status = 204), (status = 404), (status = 422)))]
async fn mark_room_read(
    State(house): State<House>,
    permit: Permit<MarkRead>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<ReadMark>,
) -> Result<StatusCode, Problem> {
    if form.seq < 0 {
        return Err(Problem::refused("seq", "a seq is not negative"));
    }
    let organisation = permit.scope().organisation();
    let mut tx = house.db.write().await?;
    if log::reach(&mut tx, organisation, room).await?.is_none() {
        return Err(Problem::not_found());
    }
    reads::mark(&mut tx, &house, (organisation, caller.person, room), form.seq).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
