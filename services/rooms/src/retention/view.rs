//! What goes out.

use kernel::{Hold, Id, Moment, Room, Space};
use serde::Serialize;
use sharing::{RoomKind, files::File};
use utoipa::ToSchema;

use super::{
    Rule,
    rules::{Days, HoldKind},
    sql::{HoldRow, WordRow},
};

/// For how long an organisation keeps what is said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RetentionView {
    #[serde(flatten)]
    days: Days,
    /// Nothing is trimmed before this moment, since the rule was changed.
    rests_until: Option<Moment>,
    /// 0 where no rule was ever set.
    revision: i64,
}

/// What a hold is on.
#[derive(Debug, Serialize, ToSchema)]
struct HeldView {
    kind: HoldKind,
    /// The id of the space, the room or the person.
    id: String,
    /// The name of the person, the title of the deal or of the topic; none where one may not
    /// see it (any more).
    title: Option<String>,
    /// Of a room: which kind.
    room_kind: Option<RoomKind>,
    /// The deal, where one takes part.
    deal: Option<Id<Space>>,
}

/// A legal hold.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HoldView {
    id: Id<Hold>,
    subject: HeldView,
    reason: String,
    at: Moment,
    placed_by: String,
    released_at: Option<Moment>,
    released_by: Option<String>,
    /// How many messages that were taken back it keeps.
    kept: i64,
    revision: i64,
}

/// Words that were taken back while they were held.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HeldWordView {
    room: Id<Room>,
    /// Where they stood.
    seq: i64,
    /// The message that they are of: better words stand after it.
    message: i64,
    author_name: String,
    author_organisation: Option<String>,
    body: String,
    files: Vec<File>,
    at: Moment,
    taken_back_at: Moment,
}

impl From<Rule> for RetentionView {
    fn from(rule: Rule) -> Self {
        let Rule { days, rests_until, revision } = rule;
        Self { days, rests_until, revision }
    }
}

impl From<HoldRow> for HoldView {
    fn from(row: HoldRow) -> Self {
        let id = match row.kind {
            HoldKind::Space => Id::<Space>::from_uuid(row.subject_id).to_string(),
            HoldKind::Room => Id::<Room>::from_uuid(row.subject_id).to_string(),
            HoldKind::Person => {
                Id::<kernel::Person>::from_uuid(row.subject_id).to_string()
            }
        };
        let topic = row.room_title.filter(|title| !title.is_empty());
        Self {
            id: row.id,
            subject: HeldView {
                kind: row.kind,
                id,
                title: row.person_name.or(topic).or(row.deal_title),
                room_kind: row.room_kind,
                deal: row.space_id,
            },
            reason: row.reason,
            at: row.at,
            placed_by: row.placed_by,
            released_at: row.released_at,
            released_by: row.released_by,
            kept: row.kept,
            revision: row.revision,
        }
    }
}

impl From<WordRow> for HeldWordView {
    fn from(row: WordRow) -> Self {
        let detail: Option<serde_json::Value> =
            row.detail.and_then(|text| serde_json::from_str(&text).ok());
        let files =
            detail.and_then(|mut it| it.get_mut("files").map(serde_json::Value::take));
        Self {
            room: row.room_id,
            seq: row.seq,
            message: row.message,
            author_name: row.author_name,
            author_organisation: row.side,
            body: row.body,
            files: files
                .and_then(|it| serde_json::from_value(it).ok())
                .unwrap_or_default(),
            at: row.at,
            taken_back_at: row.taken_at,
        }
    }
}
