//! Rooms over REST: what the socket is not needed for.

use std::collections::HashMap;

use axum::{Extension, Json, extract::State, http::StatusCode};
use gate::{Asked, At, Caller, Form, House, Page, Permit, Problem, ProblemKind};
use kernel::{Fault, Guest, Id, Moment, Organisation, Person, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::{Event, Range, Reach, RoomKind, log};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Live, MarkRead, PostMessage, ReadRooms,
    live::{commit, reads},
    post::Draft,
    sql,
};

const RATE: ProblemKind =
    ProblemKind { slug: "too-many-messages", status: 429, title: "Too many messages" };

/// An organisation, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrgRef)]
pub struct Named {
    /// Which.
    id: Id<Organisation>,
    /// Its name.
    name: String,
}

/// The last mail to a guest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastMail {
    /// `queued`, `sent`, `failed`, or `outbox` where the hub sends no mail.
    state: String,
    /// When.
    at: Moment,
}

/// An outside contact in a topic.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Guest)]
pub struct GuestView {
    /// Which.
    id: Id<Guest>,
    /// Their address.
    email: String,
    /// Their name.
    name: String,
    /// `added`, `active` or `bounced`.
    state: String,
    /// Who answers for them.
    sponsor: Named,
    /// The last mail to them.
    last_mail: Option<LastMail>,
}

/// A room, as one organisation sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomView {
    /// Which.
    pub id: Id<Room>,
    /// Its deal.
    pub deal: Id<Space>,
    /// What kind.
    pub kind: RoomKind,
    /// A topic's title.
    pub title: Option<String>,
    /// The newest seq.
    pub head: i64,
    /// The oldest seq that may be read.
    pub first: i64,
    /// How far the caller has read.
    pub read: i64,
    /// The log's epoch.
    pub epoch: String,
    /// The guests of a topic.
    pub guests: Vec<GuestView>,
    /// Who may read it.
    pub audience: Vec<Named>,
}

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
        .routes(routes!(of_deal))
        .routes(routes!(one))
        .routes(routes!(events, say))
        .routes(routes!(read))
}

/// The rooms of a space that an organisation may read: the main room, its notes, the topics.
///
/// # Errors
/// If the database fails.
pub async fn rooms_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
    space: Id<Space>,
) -> Result<Vec<RoomView>, Fault> {
    let reaches = log::rooms_of(conn, organisation, space).await?;
    views(conn, organisation, person, space, reaches).await
}

/// A room, if an organisation may read it.
///
/// # Errors
/// If the database fails.
pub async fn room(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
    room: Id<Room>,
) -> Result<Option<RoomView>, Fault> {
    let Some(reach) = log::reach(conn, organisation, room).await? else {
        return Ok(None);
    };
    let space = reach.space;
    Ok(views(conn, organisation, person, space, vec![reach]).await?.pop())
}

async fn views(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
    space: Id<Space>,
    reaches: Vec<Reach>,
) -> Result<Vec<RoomView>, Fault> {
    let marks = sql::marks(conn, organisation, space, person).await?;
    let marks: HashMap<_, _> = marks.into_iter().collect();
    let mut audiences: HashMap<_, Vec<Named>> = HashMap::new();
    for (room, id, name) in sql::audiences(conn, organisation, space).await? {
        audiences.entry(room).or_default().push(Named { id, name });
    }
    let mut guests: HashMap<_, Vec<GuestView>> = HashMap::new();
    for row in sql::guests(conn, organisation, space).await? {
        guests.entry(row.room_id).or_default().push(row.into());
    }
    let view = |reach: Reach| RoomView {
        id: reach.room,
        deal: reach.space,
        kind: reach.kind,
        title: Some(reach.title).filter(|title| !title.is_empty()),
        head: reach.head,
        first: reach.first,
        read: marks.get(&reach.room).copied().unwrap_or(0),
        epoch: reach.epoch,
        guests: guests.remove(&reach.room).unwrap_or_default(),
        audience: audiences.remove(&reach.room).unwrap_or_default(),
    };
    Ok(reaches.into_iter().map(view).collect())
}

impl From<sql::GuestRow> for GuestView {
    fn from(row: sql::GuestRow) -> Self {
        let mail = row.mail_state.zip(row.mail_at);
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            state: row.state,
            sponsor: Named { id: row.sponsor_id, name: row.sponsor_name },
            last_mail: mail.map(|(state, at)| {
                let state = if state == "kept" { "outbox".to_owned() } else { state };
                LastMail { state, at }
            }),
        }
    }
}

/// The rooms of a deal that one may read.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/rooms", tag = "rooms", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<RoomView>), (status = 404)))]
async fn of_deal(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<RoomView>>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let rooms = rooms_of(&mut conn, scope.organisation(), scope.actor(), deal).await?;
    // Whoever takes part in a space may read its main room at least.
    if rooms.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(Json(Page::all(rooms)))
}

/// A room.
#[utoipa::path(get, path = "/api/v1/rooms/{room}", tag = "rooms", params(("room" = Id<Room>, Path)), responses((status = 200, body = RoomView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At(id): At<Id<Room>>,
) -> Result<Json<RoomView>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let room = room(&mut conn, scope.organisation(), scope.actor(), id).await?;
    room.map(Json).ok_or_else(Problem::not_found)
}

/// A part of a room's log.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/events", tag = "rooms", params(("room" = Id<Room>, Path), Stretch), responses((status = 200, body = EventPage), (status = 404), (status = 422)))]
async fn events(
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

/// Say something in a room.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/events", tag = "rooms", params(("room" = Id<Room>, Path)), request_body = NewMessage, responses((status = 201, body = SentView), (status = 200, description = "It stood there before", body = SentView), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
async fn say(
    State(house): State<House>,
    Extension(live): Extension<Live>,
    _permit: Permit<PostMessage>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Form(form): Form<NewMessage>,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let draft = Draft::new(room, form.cid, form.body, form.reply_to)?;
    if let Err(wait) = live.count_send(caller.person, house.clock.now()) {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(0);
        let detail = format!("wait {wait_ms} ms, and send it again");
        return Err(Problem::new(&RATE, detail).with("retry_ms", wait_ms));
    }
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
async fn read(
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
