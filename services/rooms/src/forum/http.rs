use axum::{Json, extract::State, http::StatusCode};
use gate::{At, Caller, Form, House, Page, Permit, Problem, Revision};
use kernel::{Id, Moment, Organisation, Person, Room, Space};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Changes, sql::Row};
use crate::{PostMessage, ReadRooms, own::Level};

/// A topic of a deal.
#[derive(Debug, Serialize, ToSchema)]
struct TopicView {
    /// Its room.
    id: Id<Room>,
    deal: Id<Space>,
    title: String,
    /// Where it belongs; empty for nowhere.
    category: String,
    /// Whether nothing more is said in it.
    locked: bool,
    /// The message that was accepted as the answer.
    answer: Option<i64>,
    /// The message of the main room out of which it came, where one may read that.
    origin: Option<i64>,
    revision: i64,
    /// Who opened it.
    opened_by: Option<Id<Person>>,
    /// Their name.
    opener: Option<String>,
    organisation: Option<Id<Organisation>>,
    organisation_name: Option<String>,
    at: Moment,
    /// When something was said in it last.
    active_at: Moment,
    /// Who said it.
    last_name: Option<String>,
    /// How many messages it has.
    messages: i64,
    /// How many messages of others one has not read.
    unread: i64,
    /// How many people take part by mail.
    guests: i64,
    /// The names of those who said something.
    people: Vec<String>,
    /// Which notices come.
    level: Level,
}

/// What is to be changed; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct TopicChanges {
    /// 1 to 200 characters.
    title: Option<String>,
    /// At most 40 characters; empty for nowhere.
    category: Option<String>,
    /// Whether it is closed to more words.
    locked: Option<bool>,
    /// The seq of the message that is the answer; 0 takes the acceptance back.
    answer: Option<i64>,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list_topics)).routes(routes!(change_topic))
}

/// The topics of a deal, the one said something in last first: at most 200.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/topics", tag = "rooms", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<TopicView>), (status = 404)))]
async fn list_topics(
    State(house): State<House>,
    _permit: Permit<ReadRooms>,
    caller: Caller,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<TopicView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows = super::list(&mut conn, &caller, deal).await?;
    let view = |(row, people): (Row, Vec<String>)| TopicView {
        id: row.room_id,
        deal,
        title: row.title,
        category: row.category,
        locked: row.locked,
        answer: row.answer,
        origin: row.origin,
        revision: row.revision,
        opened_by: row.opened_by,
        opener: row.opener,
        organisation: row.organisation_id,
        organisation_name: row.organisation_name,
        at: row.created_at,
        active_at: row.active_at,
        last_name: row.last_name,
        messages: row.messages,
        unread: row.unread,
        guests: row.guests,
        people,
        level: row.level,
    };
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}

/// Change a topic: its title, its category, whether it is locked, which answer is accepted.
#[utoipa::path(patch, path = "/api/v1/rooms/{room}/topic", tag = "rooms", params(("room" = Id<Room>, Path), ("If-Match" = String, Header, description = "The revision that was read, in quotes")), request_body = TopicChanges, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change_topic(
    State(house): State<House>,
    permit: Permit<PostMessage>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Revision(revision): Revision,
    Form(form): Form<TopicChanges>,
) -> Result<StatusCode, Problem> {
    let TopicChanges { title, category, locked, answer } = form;
    let changes = Changes { title, category, locked, answer };
    let mut tx = house.db.write().await?;
    let now = house.clock.now();
    super::change(&mut tx, &permit, &caller, (room, revision), changes, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
