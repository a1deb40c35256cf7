//! `/notifications`.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use gate::{Asked, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Moment, Notification};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ReadNotices, SeeNotices, Which, sql};

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which notices are asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct NoticeAsk {
    /// Whether only those that are unread.
    unread: Option<bool>,
}

/// What a notice is about.
#[derive(Serialize, ToSchema)]
struct Subject {
    kind: String,
    id: String,
}

/// Something that the caller should know.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeView {
    id: Id<Notification>,
    /// What kind, such as `partnership_proposed`.
    kind: String,
    /// What its sentence is made of.
    params: BTreeMap<String, String>,
    subject: Option<Subject>,
    at: Moment,
    read: bool,
}

/// Which notices to mark as read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadForm {
    /// These; at most 200.
    ids: Option<Vec<Id<Notification>>>,
    /// Or every one.
    all: Option<bool>,
}

/// How many are left.
#[derive(Serialize, ToSchema)]
struct Left {
    unread: i64,
}

impl NoticeView {
    /// Whether somebody waits for this person alone.
    pub(crate) fn is_urgent(&self) -> bool {
        matches!(self.kind.as_str(), "mention" | "direct" | "missed_call")
    }
}

impl From<sql::Row> for NoticeView {
    fn from(row: sql::Row) -> Self {
        let mut params: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&row.params).unwrap_or_default();
        // The mask may have become narrower since; a topic's own title is no field of the card.
        if row.hides_title != 0 && !params.contains_key("topic") {
            params.entry("title".to_owned()).and_modify(|title| *title = "…".into());
        }
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => value.to_string(),
        };
        let subject = row.subject_kind.zip(row.subject_id);
        Self {
            id: row.id,
            kind: row.kind,
            params: params.into_iter().map(|(key, value)| (key, text(value))).collect(),
            subject: subject.map(|(kind, id)| Subject { kind, id }),
            at: row.at,
            read: row.read_at.is_some(),
        }
    }
}

/// One's own notices, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", operation_id = "list_notifications", tag = "notifications", params(PageAsk, NoticeAsk), responses((status = 200, body = Page<NoticeView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<SeeNotices>,
    Asked(page): Asked<PageAsk>,
    Asked(ask): Asked<NoticeAsk>,
) -> Result<Json<Page<NoticeView>>, Problem> {
    let scope = permit.scope();
    let Some(person) = scope.actor() else { return Ok(Json(Page::all(Vec::new()))) };
    let stretch = sql::Stretch {
        after: page.after()?,
        unread: ask.unread.unwrap_or(false),
        limit: page.limit(),
    };
    let mut conn = house.db.read().await?;
    let rows = sql::list(&mut conn, scope.organisation(), person, stretch).await?;
    let page = Page::cut(rows, page.limit(), |row| (row.at.micros(), row.id));
    Ok(Json(page.map(NoticeView::from)))
}

/// Mark notices of one's own as read.
#[utoipa::path(post, path = "/api/v1/notifications/read", operation_id = "mark_notifications_read", tag = "notifications", responses((status = 200, body = Left), (status = 422)))]
async fn read(
    State(house): State<House>,
    permit: Permit<ReadNotices>,
    Form(form): Form<ReadForm>,
) -> Result<Json<Left>, Problem> {
    let which = match (form.all, form.ids) {
        (Some(true), None) => Which::All,
        (None | Some(false), Some(ids)) if ids.len() <= 200 => Which::These(ids),
        (_, Some(_)) => {
            return Err(Problem::refused("ids", "name at most 200 at once, or all"));
        }
        (_, None) => {
            return Err(Problem::refused("ids", "say which, or `\"all\": true`"));
        }
    };
    let mut tx = house.db.write().await?;
    let unread = super::read(&mut tx, &permit, &which, house.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(Left { unread }))
}
