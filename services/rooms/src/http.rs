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
use kernel::{Id, Moment, Organisation, Person, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::{Range, Reach, Reader, log};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Live, MarkRead, PostMessage, ReadRooms,
    live::{commit, reads},
    post::{Posted, Refusal, seconds},
    rules::{Act, Draft},
    sql,
    standing::{EventView, views},
};

pub(crate) const RATE: ProblemKind =
    ProblemKind { slug: "too-many-messages", status: 429, title: "Too many messages" };

/// A part of a room's log, oldest first.
#[derive(Debug, Serialize, ToSchema)]
struct EventPage {
    epoch: String,
    head: i64,
    first: i64,
    items: Vec<EventView>,
}

/// Which part of a log: what follows `after`, what precedes `before`, or what was said from
/// `at` on; else the newest.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Stretch {
    after: Option<i64>,
    before: Option<i64>,
    /// Milliseconds since 1970.
    at: Option<i64>,
    /// Only the answers to this seq, oldest first; with `after`, what follows it.
    thread: Option<i64>,
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

/// Something done to a message.
#[derive(Debug, Deserialize, ToSchema)]
struct NewAct {
    /// The client's own id for it, at most 64 bytes: the same one is never posted twice.
    cid: String,
    #[serde(flatten)]
    act: ActForm,
}

/// What is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
enum ActForm {
    /// Say it better: one's own message.
    Edit { target: i64, body: String },
    /// Take it back: one's own, or, for owners and administrators, their organisation's.
    Redact { target: i64 },
    /// React with an emoji; with `on: false`, take the reaction back.
    React { target: i64, emoji: String, on: Option<bool> },
    /// Pin it; with `on: false`, unpin it.
    Pin { target: i64, on: Option<bool> },
    /// Hide it from all but its author's side; with `on: false`, show it again. Only the host's
    /// owners, administrators and channel managers.
    Hide { target: i64, on: Option<bool> },
}

/// A part of a name.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct NamePart {
    q: Option<String>,
}

/// Somebody who may be called.
#[derive(Debug, Serialize, ToSchema)]
struct CallableView {
    user: Id<Person>,
    name: String,
    organisation: Id<Organisation>,
    organisation_name: String,
}

/// How many people are told of at once.
const MOST_CALLABLE: i64 = 50;

/// Where a message stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentView {
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
        .routes(routes!(act_on_message))
        .routes(routes!(list_pins))
        .routes(routes!(list_callable))
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
    let reader = Reader::from(permit.scope());
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let mut conn = house.db.read().await?;
    let range = match (asked.after, asked.before, asked.at) {
        (Some(seq), None, None) => Range::After(seq),
        (None, Some(seq), None) => Range::Before(seq),
        (None, None, Some(at)) => {
            let at = Moment::from_micros(at.saturating_mul(1_000));
            Range::After(log::before_moment(&mut conn, reader, room, at).await?)
        }
        (None, None, None) => Range::Before(i64::MAX),
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            return Err(Problem::refused(
                "before",
                "ask for one of `after`, `before` and `at`",
            ));
        }
    };
    if let Some(target) = asked.thread {
        let reach = log::reach(&mut conn, reader, room).await?;
        let Reach { epoch, head, first, .. } = reach.ok_or_else(Problem::not_found)?;
        let from = (target, asked.after.unwrap_or(0));
        let events = log::thread(&mut conn, reader, room, from, limit).await?;
        let items = views(&mut conn, reader, room, events).await?;
        return Ok(Json(EventPage { epoch, head, first, items }));
    }
    let slice = log::slice(&mut conn, reader, room, range, limit).await?;
    let slice = slice.ok_or_else(Problem::not_found)?;
    let Reach { epoch, head, first, .. } = slice.reach;
    let items = views(&mut conn, reader, room, slice.events).await?;
    Ok(Json(EventPage { epoch, head, first, items }))
}

/// Why a message was refused.
pub(crate) enum Refused {
    /// For what it is.
    Problem(Problem),
    /// There were too many before it: after this long there is room again.
    Wait(Duration),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        refusal.wait().map_or_else(|| Self::Problem(refusal.into()), Self::Wait)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Wait(wait) => {
                let seconds = seconds(wait);
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
    post(&house, &live, caller, draft).await
}

/// Do something to a message: say it better, take it back, react to it, pin it.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/acts", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = NewAct, responses((status = 201, body = SentView), (status = 200, description = "It stood so before", body = SentView), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
async fn act_on_message(
    State(house): State<House>,
    Extension(live): Extension<Live>,
    _permit: Permit<PostMessage>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<NewAct>,
) -> Result<(StatusCode, Json<SentView>), Refused> {
    let NewAct { cid, act } = form;
    let act = match act {
        ActForm::Edit { target, body } => Act::Edit { target, body },
        ActForm::Redact { target } => Act::Redact { target },
        ActForm::React { target, emoji, on } => {
            Act::React { target, emoji, on: on.unwrap_or(true) }
        }
        ActForm::Pin { target, on } => Act::Pin { target, on: on.unwrap_or(true) },
        ActForm::Hide { target, on } => Act::Hide { target, on: on.unwrap_or(true) },
    };
    post(&house, &live, caller, Draft::doing(room, cid, act)?).await
}

async fn post(
    house: &House,
    live: &Live,
    caller: Caller,
    draft: Draft,
) -> Result<(StatusCode, Json<SentView>), Refused> {
    live.count_send(caller.person, house.clock.now()).map_err(Refused::Wait)?;
    let posted = commit::alone(house, &caller, &draft).await?;
    Ok(sent(draft, posted))
}

/// Where a message stands now.
pub(crate) fn sent(draft: Draft, posted: Posted) -> (StatusCode, Json<SentView>) {
    let view = SentView {
        cid: draft.cid,
        room: draft.room,
        seq: posted.seq,
        at: posted.at.millis(),
        dup: posted.duplicate.then_some(true),
    };
    let status = if posted.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    (status, Json(view))
}

/// The messages that are pinned in a room, the one pinned last first.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/pins", tag = "rooms", params(("room" = Id<Room>, Path)), responses((status = 200, body = Page<EventView>), (status = 404)))]
async fn list_pins(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(room): At<Id<Room>>,
) -> Result<Json<Page<EventView>>, Problem> {
    let (reader, mut conn) = (Reader::from(permit.scope()), house.db.read().await?);
    if log::reach(&mut conn, reader, room).await?.is_none() {
        return Err(Problem::not_found());
    }
    let events = log::pinned(&mut conn, reader, room).await?;
    let mut items = Vec::with_capacity(events.len());
    // They may lie far apart: each is looked at for itself.
    for event in events {
        items.extend(views(&mut conn, reader, room, vec![event]).await?);
    }
    Ok(Json(Page::all(items)))
}

/// Whom one may call in a room by `@[name](id)`: one's own people, and those of other sides
/// who said something there. The sides themselves, and `all`, may always be called.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/people", tag = "rooms", params(("room" = Id<Room>, Path), NamePart), responses((status = 200, body = Page<CallableView>), (status = 404)))]
async fn list_callable(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(room): At<Id<Room>>,
    Asked(asked): Asked<NamePart>,
) -> Result<Json<Page<CallableView>>, Problem> {
    let (reader, mut conn) = (Reader::from(permit.scope()), house.db.read().await?);
    if log::reach(&mut conn, reader, room).await?.is_none() {
        return Err(Problem::not_found());
    }
    let part = asked.q.unwrap_or_default();
    let people = sql::callable(&mut conn, reader, room, &part, MOST_CALLABLE).await?;
    let items = people.into_iter().map(|somebody| CallableView {
        user: somebody.person_id,
        name: somebody.name,
        organisation: somebody.organisation_id,
        organisation_name: somebody.organisation_name,
    });
    Ok(Json(Page::all(items.collect())))
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
    if log::reach(&mut tx, &caller, room).await?.is_none() {
        return Err(Problem::not_found());
    }
    reads::mark(&mut tx, &house, (organisation, caller.person, room), form.seq).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
