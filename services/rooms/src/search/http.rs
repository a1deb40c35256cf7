//! The route of this feature, and what goes out.

use axum::{Json, extract::State};
use gate::{Asked, Caller, House, Page, PageAsk, Permit, Problem};
use kernel::{Guest, Id, Moment, Organisation, Person, Room, Space};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sharing::{EventKind, RoomKind, log};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Within,
    rules::Sought,
    snippet::{Piece, snippet},
    sql::Found,
};
use crate::ReadRooms;

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(search_messages))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MessageSearch {
    /// Words that were all said, the last of them perhaps only begun; `"words together"`;
    /// `from:name` or `from:me`, `before:2026-11-23`, `after:2026-11-23` (from that day on, in
    /// UTC). At most 200 characters.
    #[serde(default)]
    q: String,
    /// Only in this room.
    room: Option<Id<Room>>,
    /// Only in the rooms of this deal.
    deal: Option<Id<Space>>,
    /// How many, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What kind of words were found.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FoundWords {
    /// What somebody said, or the name of a file with it.
    Message,
    /// The title of a topic.
    Topic,
    /// What a card was changed to, or why its stage was.
    Card,
}

/// Something that was said, and where.
#[derive(Debug, Serialize, ToSchema)]
struct FoundMessage {
    kind: FoundWords,
    room: FoundRoom,
    /// Its place in the room's log; 0 for a title.
    seq: i64,
    /// Who: a person's or a guest's id, or `system`; nobody for a title.
    author: Option<String>,
    /// The author's name at that time.
    name: Option<String>,
    /// The author's organisation.
    organisation: Option<Id<Organisation>>,
    /// Its name.
    organisation_name: Option<String>,
    at: Moment,
    /// The field of the card that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The part of the words in which something was found. It is text, not markup.
    snippet: Vec<Piece>,
}

/// The room in which something was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundRoom {
    id: Id<Room>,
    kind: RoomKind,
    /// Its title; empty but for topics.
    title: String,
    deal: Id<Space>,
    /// The deal's title, where one may see it.
    deal_title: Option<String>,
}

/// What stands between what was said and the names of files.
const BETWEEN: &str = " · ";
/// The longest search, in characters.
const MOST_CHARS: usize = 200;

/// Search what was said in the rooms that one may read, the newest first.
#[utoipa::path(get, path = "/api/v1/search/messages", tag = "search", params(MessageSearch), responses((status = 200, body = Page<FoundMessage>), (status = 404), (status = 422)))]
async fn search_messages(
    State(house): State<House>,
    _permit: Permit<ReadRooms>,
    caller: Caller,
    Asked(asked): Asked<MessageSearch>,
) -> Result<Json<Page<FoundMessage>>, Problem> {
    let MessageSearch { q, room, deal, limit, after } = asked;
    if q.chars().nth(MOST_CHARS).is_some() {
        return Err(Problem::refused("q", "a search has at most 200 characters"));
    }
    let sought =
        Sought::read(&q).map_err(|bad| Problem::refused("q", bad.to_string()))?;
    let within = match (room, deal) {
        (None, None) => Within::Everything,
        (Some(room), None) => Within::Room(room),
        (None, Some(deal)) => Within::Deal(deal),
        (Some(_), Some(_)) => {
            return Err(Problem::refused("deal", "ask for one of `room` and `deal`"));
        }
    };
    let ask = PageAsk { limit, after, total: None };
    let place = (ask.limit(), ask.after()?);
    let mut conn = house.db.read().await?;
    let found = super::find(&mut conn, &caller, &sought, within, place).await?;
    Ok(Json(found.map(|it| view(it, &sought))))
}

fn view(found: Found, sought: &Sought) -> FoundMessage {
    let details: Option<Value> =
        found.detail.as_deref().and_then(|it| serde_json::from_str(it).ok());
    let detail = |name: &str| details.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let (kind, text) = match found.kind {
        None => (FoundWords::Topic, found.title.clone()),
        Some(EventKind::Card) => (FoundWords::Card, detail("to").unwrap_or_default()),
        Some(EventKind::Stage) => {
            (FoundWords::Card, detail("reason").unwrap_or_default())
        }
        Some(
            EventKind::Msg
            | EventKind::Edit
            | EventKind::Redact
            | EventKind::React
            | EventKind::Pin
            | EventKind::Party
            | EventKind::Guest
            | EventKind::Quote
            | EventKind::Order
            | EventKind::Edi
            | EventKind::Topic
            | EventKind::Hide
            | EventKind::Rule
            | EventKind::Call,
        ) => {
            let body = found.body.as_deref().unwrap_or_default();
            (FoundWords::Message, log::told(body, details.as_ref()).join(BETWEEN))
        }
    };
    let author = found.author_kind.as_deref().map(|kind| match (kind, found.author_id) {
        ("person", Some(id)) => Id::<Person>::from_uuid(id).to_string(),
        ("guest", Some(id)) => Id::<Guest>::from_uuid(id).to_string(),
        _ => "system".to_owned(),
    });
    FoundMessage {
        kind,
        seq: found.seq,
        author,
        name: found.author_name,
        organisation: found.organisation_id,
        organisation_name: found.organisation_name,
        at: found.at,
        field: Some(found.field).filter(|field| !field.is_empty()),
        snippet: snippet(text.trim(), sought),
        room: FoundRoom {
            id: found.room_id,
            kind: found.room_kind,
            title: found.title,
            deal: found.space_id,
            deal_title: found.deal_title,
        },
    }
}
