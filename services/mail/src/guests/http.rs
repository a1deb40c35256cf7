use axum::{Json, extract::State, http::StatusCode};
use directory::{Locale, organisations};
use gate::{At, CONFLICT, Caller, FORBIDDEN, Form, House, Permit, Problem, ProblemKind};
use kernel::{Fault, Guest, Id, Organisation, Room, Space};
use serde::{Deserialize, Serialize};
use sharing::log;
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    GuestView, ManageGuests, NewGuest, NewTopic, OpenTopic, Refusal, SponsorRef, list,
    page,
};

const NO_TOPIC: ProblemKind =
    ProblemKind { slug: "not-a-topic", status: 409, title: "Guests belong to topics" };
const GUEST_EXISTS: ProblemKind = ProblemKind {
    slug: "guest-exists",
    status: 409,
    title: "This address is in the topic already",
};

const SUPPRESSED: ProblemKind = ProblemKind {
    slug: "address-suppressed",
    status: 409,
    title: "This address gets no more mail",
};

/// An outside contact to be invited.
#[derive(Debug, Deserialize, ToSchema)]
struct GuestForm {
    /// Where mail reaches them.
    email: String,
    /// What they are called, 1 to 100 characters.
    name: String,
    /// The language of our letters; that of the person who invites unless told.
    locale: Option<Locale>,
}

/// A topic to be opened.
#[derive(Debug, Deserialize, ToSchema)]
struct TopicForm {
    /// What it is about, 1 to 200 characters.
    title: String,
    /// Where it belongs, in a word of one's own: at most 40 characters.
    #[serde(default)]
    category: String,
    /// With whom outside, if with anybody.
    guest: Option<GuestForm>,
    /// The first message.
    message: Option<String>,
    /// The seq of a message of the deal's main room, whose thread goes on here.
    thread: Option<i64>,
}

/// A topic, as a room.
#[derive(Debug, Serialize, ToSchema)]
struct TopicRoom {
    id: Id<Room>,
    deal: Id<Space>,
    kind: TopicKind,
    title: String,
    /// The newest event.
    head: i64,
    /// The oldest event that the caller may read.
    first: i64,
    /// Up to where the caller has read.
    read: i64,
    epoch: String,
    guests: Vec<GuestView>,
    audience: Vec<SponsorRef>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TopicKind {
    Topic,
}

impl GuestForm {
    fn read(self, house: &House) -> Result<NewGuest, Refusal> {
        let domain = &house.settings.mail_domain;
        NewGuest::read(&self.email, &self.name, self.locale, domain)
    }
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(invite))
        .routes(routes!(remove))
        .merge(list::routes())
        .merge(page::routes())
}

/// Open a topic. An outside contact who takes part gets the first message by mail.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/topics", operation_id = "open_topic", tag = "guests", params(("deal" = Id<Space>, Path)), request_body = TopicForm, responses((status = 201, body = TopicRoom), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn open(
    State(house): State<House>,
    permit: Permit<OpenTopic>,
    caller: Caller,
    At(deal): At<Id<Space>>,
    Form(form): Form<TopicForm>,
) -> Result<(StatusCode, Json<TopicRoom>), Problem> {
    let TopicForm { title, category, guest, message, thread } = form;
    let guest = guest.map(|guest| guest.read(&house)).transpose()?;
    let topic = NewTopic { title, category, guest, message, thread };
    let mut tx = house.db.write().await?;
    let room =
        super::open_topic(&mut tx, &permit, deal, &topic, house.clock.now()).await?;
    let view = view(&mut tx, &caller, room).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

async fn view(
    conn: &mut Conn,
    caller: &Caller,
    room: Id<Room>,
) -> Result<TopicRoom, Problem> {
    let organisation = caller.organisation;
    let reach = log::reach(conn, organisation, room).await?;
    let reach = reach.ok_or_else(Problem::not_found)?;
    let mut audience = Vec::new();
    for id in log::audience(conn, room).await? {
        audience.push(named(conn, id).await?);
    }
    Ok(TopicRoom {
        id: room,
        deal: reach.space,
        kind: TopicKind::Topic,
        title: reach.title,
        head: reach.head,
        first: reach.first,
        read: log::read_mark(conn, organisation, caller.person, room).await?,
        epoch: reach.epoch,
        guests: super::of_room(conn, organisation, room).await?,
        audience,
    })
}

async fn named(conn: &mut Conn, id: Id<Organisation>) -> Result<SponsorRef, Fault> {
    let name = organisations::name_of(conn, id).await?.unwrap_or_default();
    Ok(SponsorRef { id, name })
}

/// Bring an outside contact into a topic.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/guests", operation_id = "invite_guest", tag = "guests", params(("room" = Id<Room>, Path)), request_body = GuestForm, responses((status = 201, body = GuestView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn invite(
    State(house): State<House>,
    permit: Permit<ManageGuests>,
    At(room): At<Id<Room>>,
    Form(form): Form<GuestForm>,
) -> Result<(StatusCode, Json<GuestView>), Problem> {
    let guest = form.read(&house)?;
    let mut tx = house.db.write().await?;
    let id = super::invite(&mut tx, &permit, room, &guest, house.clock.now()).await?;
    let guests = super::of_room(&mut tx, permit.scope().organisation(), room).await?;
    let view = guests.into_iter().find(|guest| guest.id == id);
    let view = view.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Take a guest out: queued letters are stopped, and replies are refused from now on.
#[utoipa::path(delete, path = "/api/v1/rooms/{room}/guests/{guest}", operation_id = "remove_guest", tag = "guests", params(("room" = Id<Room>, Path), ("guest" = Id<Guest>, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn remove(
    State(house): State<House>,
    permit: Permit<ManageGuests>,
    At((room, guest)): At<(Id<Room>, Id<Guest>)>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    super::remove(&mut tx, &permit, room, guest, house.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Input(field, detail) => Self::refused(field, detail),
            Refusal::NoThread => Self::refused("thread", detail),
            Refusal::NoTopic => Self::new(&NO_TOPIC, detail),
            Refusal::Closed | Refusal::Full => Self::new(&CONFLICT, detail),
            Refusal::Exists => Self::new(&GUEST_EXISTS, detail),
            Refusal::Suppressed => Self::new(&SUPPRESSED, detail),
            Refusal::NotYours => Self::new(&FORBIDDEN, detail),
            Refusal::Sharing(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
