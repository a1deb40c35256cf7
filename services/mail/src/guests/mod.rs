//! Guests: outside contacts who take part in one topic by plain mail.
//!
//! A guest belongs to one room, always a topic; main rooms and internal notes have none. It is
//! vouched for by its sponsor: when the sponsor's part in the space ends, so do the guest's
//! letters and its address. Taking a guest out stops its queued letters in the same commit, and
//! from then on its address is unknown.

mod access;
mod http;
mod list;
mod page;
mod rules;
mod sql;

use directory::Locale;
use gate::{Permit, Scope};
use kernel::{Fault, Guest, Id, Moment, Organisation, Room, Space};
use serde::Serialize;
use serde_json::json;
use sharing::{Author, EventKind, NewEvent, RoomKind, audit, log, spaces};
use store::{Conn, Tx};
use utoipa::ToSchema;

pub use access::{ManageGuests, OpenTopic};
pub use http::routes;
pub use list::{ALL as LIST_STATEMENTS, SeeGuests};
pub use rules::{GuestMove, GuestState, NewGuest};
pub use sql::ALL as STATEMENTS;

use crate::{
    letters::LetterState,
    suppression,
    token::{Purpose, Signer, Token},
};
use sql::{Known, Place};

/// Why a guest did not come in, or go.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A value was refused: the field, and why.
    #[error("{1}")]
    Input(&'static str, String),
    /// There is no such message to go on from.
    #[error("there is no such message in the main room, or it was taken back")]
    NoThread,
    /// The room is no topic.
    #[error("guests belong to topics; open one for them")]
    NoTopic,
    /// The deal is closed.
    #[error("the deal is closed")]
    Closed,
    /// The room has as many guests as it may.
    #[error("a topic has at most {MOST} guests")]
    Full,
    /// The address is in the room already.
    #[error("this address is in the topic already")]
    Exists,
    /// The address gets no more mail from this organisation.
    #[error(
        "this address is on the list of those that get no more mail; an administrator can take it off"
    )]
    Suppressed,
    /// Only the organisation that invited a guest, or the host, takes it out.
    #[error(
        "only the organisation that invited a guest, or the host of the deal, may do this"
    )]
    NotYours,
    /// The log, or the space, refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An organisation, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SponsorRef {
    /// Which.
    pub id: Id<Organisation>,
    /// Its name.
    pub name: String,
}

/// A guest's last letter.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = TopicGuestMail)]
pub struct LastMail {
    /// Where it is.
    pub state: MailState,
    /// Since when it has been there to be sent.
    pub at: Moment,
}

/// Where a guest's last letter is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is to be sent.
    Queued,
    /// The relay has it.
    Sent,
    /// It was not sent, or came back.
    Failed,
    /// It is kept in the outbox, as there is no relay.
    Outbox,
}

/// A guest as the room's audience sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TopicGuest)]
pub struct GuestView {
    /// Which.
    pub id: Id<Guest>,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The state.
    pub state: GuestState,
    /// Who vouches for it.
    pub sponsor: SponsorRef,
    /// Its last letter.
    pub last_mail: Option<LastMail>,
}

/// A topic to be opened.
#[derive(Clone, Debug)]
pub struct NewTopic {
    /// What it is about.
    pub title: String,
    /// Where it belongs; empty for nowhere.
    pub category: String,
    /// With whom outside, if with anybody.
    pub guest: Option<NewGuest>,
    /// The first message.
    pub message: Option<String>,
    /// The message of the main room whose thread goes on here.
    pub thread: Option<i64>,
}

/// How many guests a topic has at most.
const MOST: i64 = 20;

/// Opens a topic in a space, with its first guest if it has one, and says the first words in it.
///
/// # Errors
/// [`Refusal`]; 404 where the space is not the caller's to see.
pub async fn open_topic(
    tx: &mut Tx,
    permit: &Permit<OpenTopic>,
    space: Id<Space>,
    topic: &NewTopic,
    now: Moment,
) -> Result<Id<Room>, Refusal> {
    let scope = permit.scope();
    let standing = spaces::stands(tx, scope, space).await?;
    if !standing.open {
        return Err(Refusal::Closed);
    }
    if !standing.verbs.comment {
        let why = "your part in this deal does not let you write";
        return Err(sharing::Refusal::Forbidden(why).into());
    }
    let title = rules::line("title", &topic.title, 200)?;
    let message = topic.message.as_deref().map(rules::message).transpose()?;
    let category = rules::category(&topic.category)?;
    let main = log::main_room(tx, space).await?;
    if let Some(seq) = topic.thread {
        let said = log::message(tx, scope.organisation(), main, seq).await?;
        said.filter(|it| !it.redacted).ok_or(Refusal::NoThread)?;
    }
    let author = author(scope);
    let new = log::NewTopic {
        title: &title,
        category: &category,
        author: &author,
        origin: topic.thread,
    };
    let room = log::open_topic(tx, space, new, now).await?;
    if let Some(guest) = &topic.guest {
        admit(tx, scope, space, room, guest, now).await?;
    } else {
        spaces::changed(tx, space, "room", &room.to_string(), 0).await?;
    }
    if let Some(message) = message {
        let said = NewEvent::saying(author, None, message);
        log::append(tx, room, now, said).await?;
    }
    let of = ("room", room.to_string());
    let detail = json!({ "deal": space });
    audit::write(tx, scope.organisation(), scope.actor(), "topic.open", of, detail, now)
        .await?;
    Ok(room)
}

/// Brings a guest into a topic.
///
/// # Errors
/// [`Refusal`]; 404 where the room is not the caller's to see.
pub async fn invite(
    tx: &mut Tx,
    permit: &Permit<ManageGuests>,
    room: Id<Room>,
    guest: &NewGuest,
    now: Moment,
) -> Result<Id<Guest>, Refusal> {
    let scope = permit.scope();
    let reach = log::reach(tx, scope.organisation(), room).await?;
    let reach = reach.ok_or(sharing::Refusal::NotFound)?;
    match reach.kind {
        RoomKind::Topic => {}
        RoomKind::Main | RoomKind::Internal | RoomKind::Direct => {
            return Err(Refusal::NoTopic);
        }
    }
    if !reach.may_write {
        let why = "your part in this deal does not let you write";
        return Err(sharing::Refusal::Forbidden(why).into());
    }
    if !spaces::stands(tx, scope, reach.space).await?.open {
        return Err(Refusal::Closed);
    }
    admit(tx, scope, reach.space, room, guest, now).await
}

/// The event comes first: its seq is where the guest's letters begin.
async fn admit(
    tx: &mut Tx,
    scope: Scope,
    space: Id<Space>,
    room: Id<Room>,
    guest: &NewGuest,
    now: Moment,
) -> Result<Id<Guest>, Refusal> {
    if suppression::holds(tx, scope.organisation(), &guest.email).await? {
        return Err(Refusal::Suppressed);
    }
    let told = told(author(scope), &guest.email, &guest.name, GuestMove::Added);
    let cursor = log::append(tx, room, now, told).await?.seq;
    if sql::count(tx, room).await? >= MOST {
        return Err(Refusal::Full);
    }
    let locale = match (guest.locale, scope.actor()) {
        (Some(locale), _) => locale,
        (None, Some(person)) => {
            let places = gate::sessions::places(tx, person).await?;
            places.first().and_then(|it| it.locale.parse().ok()).unwrap_or_default()
        }
        (None, None) => Locale::default(),
    };
    let place = Place {
        id: Id::mint(),
        space,
        room,
        sponsor: scope.organisation(),
        added_by: scope.actor(),
        locale,
        secret: secret()?,
        cursor,
    };
    let id = place.id;
    if !sql::add(tx, place, guest, now).await? {
        return Err(Refusal::Exists);
    }
    let detail = json!({ "guest": id, "room": room });
    let of = ("deal", space.to_string());
    audit::write(tx, scope.organisation(), scope.actor(), "guest.add", of, detail, now)
        .await?;
    spaces::changed(tx, space, "room", &room.to_string(), 0).await?;
    Ok(id)
}

/// Takes a guest out of a topic: its queued letters are stopped, and its address is unknown
/// from now on. Done twice, it is done once.
///
/// # Errors
/// [`Refusal::NotYours`]; 404 where the room is not the caller's to see.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<ManageGuests>,
    room: Id<Room>,
    guest: Id<Guest>,
    now: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let known = sql::one(tx, scope.organisation(), room, guest).await?;
    let known = known.ok_or(sharing::Refusal::NotFound)?;
    if ![known.sponsor_id, known.host_id].contains(&scope.organisation()) {
        return Err(Refusal::NotYours);
    }
    if depart(tx, &known, author(scope), GuestMove::Removed, now).await? {
        let detail = json!({ "guest": guest, "room": room });
        let (who, of) = (scope.actor(), ("deal", known.space_id.to_string()));
        let organisation = scope.organisation();
        audit::write(tx, organisation, who, "guest.remove", of, detail, now).await?;
    }
    Ok(())
}

async fn depart(
    tx: &mut Tx,
    guest: &Known,
    author: Author,
    how: GuestMove,
    now: Moment,
) -> Result<bool, Refusal> {
    if !sql::remove(tx, guest.id, now).await? {
        return Ok(false);
    }
    let told = told(author, &guest.email, &guest.name, how);
    log::append(tx, guest.room_id, now, told).await?;
    spaces::changed(tx, guest.space_id, "room", &guest.room_id.to_string(), 0).await?;
    Ok(true)
}

/// The guest that a link in a letter is about, out already or not.
async fn of_link(
    conn: &mut Conn,
    signer: &Signer,
    token: &Token,
) -> Result<Option<Known>, Fault> {
    let known = sql::by_id(conn, token.guest()).await?;
    Ok(known.filter(|it| {
        let made = signer.of_guest(Purpose::Unsubscribe, it.id, it.room_id, &it.secret);
        token.is(&made)
    }))
}

/// A guest leaves by the link in a letter. Done twice, it is done once.
async fn leave(tx: &mut Tx, guest: &Known, now: Moment) -> Result<(), Refusal> {
    let author = Author::Guest { guest: guest.id, name: guest.name.clone() };
    depart(tx, guest, author, GuestMove::Left, now).await.map(drop)
}

/// A guest has written: from now on it is active.
pub(crate) async fn wrote(
    tx: &mut Tx,
    guest: Id<Guest>,
    space: Id<Space>,
    room: Id<Room>,
) -> Result<(), Fault> {
    if sql::wrote(tx, guest).await? {
        spaces::changed(tx, space, "room", &room.to_string(), 0).await?;
    }
    Ok(())
}

/// Mail to a guest came back: no more is sent until it writes.
pub(crate) async fn bounced(
    tx: &mut Tx,
    guest: Id<Guest>,
    now: Moment,
) -> Result<(), sharing::Refusal> {
    if !sql::bounced(tx, guest).await? {
        return Ok(());
    }
    let Some(known) = sql::by_id(tx, guest).await? else { return Ok(()) };
    let told = told(Author::System, &known.email, &known.name, GuestMove::Bounced);
    log::append(tx, known.room_id, now, told).await?;
    Ok(spaces::changed(tx, known.space_id, "room", &known.room_id.to_string(), 0).await?)
}

/// The guests of a room that an organisation may read; none of any other room.
///
/// # Errors
/// If the database fails.
pub async fn of_room(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<Vec<GuestView>, Fault> {
    let rows = sql::of_room(conn, organisation, room).await?;
    Ok(rows.into_iter().map(GuestView::from).collect())
}

impl From<sql::Shown> for GuestView {
    fn from(row: sql::Shown) -> Self {
        let mail = row.mail_state.zip(row.mail_at);
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            state: row.state,
            sponsor: SponsorRef { id: row.sponsor_id, name: row.sponsor_name },
            last_mail: mail.map(|(state, at)| LastMail { state: state.into(), at }),
        }
    }
}

impl From<LetterState> for MailState {
    fn from(state: LetterState) -> Self {
        match state {
            LetterState::Queued => Self::Queued,
            LetterState::Sent => Self::Sent,
            LetterState::Failed | LetterState::Cancelled => Self::Failed,
            LetterState::Kept => Self::Outbox,
        }
    }
}

fn author(scope: Scope) -> Author {
    match scope.actor() {
        Some(person) => Author::Person { person, organisation: scope.organisation() },
        None => Author::System,
    }
}

fn told(author: Author, email: &str, name: &str, how: GuestMove) -> NewEvent {
    let detail = json!({ "email": email, "name": name, "move": how.word() });
    NewEvent::telling(EventKind::Guest, author, detail)
}

/// What makes the guest's tokens its own, whatever becomes of the ids.
fn secret() -> Result<Vec<u8>, Fault> {
    let mut secret = vec![0; 16];
    aws_lc_rs::rand::fill(&mut secret).map_err(Fault::new("drawing a guest's secret"))?;
    Ok(secret)
}
