use kernel::{Guest, Id, Organisation, Person, Room};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Mask;

/// What kind of room.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RoomKind {
    /// The space's own: for all its parties.
    Main,
    /// One organisation's notes.
    Internal,
    /// A topic, with a title; guests may take part by mail.
    Topic,
    /// Two people's.
    Direct,
}

/// What kind of event.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody said something.
    Msg,
    /// Somebody said it better.
    Edit,
    /// Somebody took it back.
    Redact,
    /// Somebody reacted.
    React,
    /// Somebody pinned it, or unpinned it.
    Pin,
    /// A field of the card changed.
    Card,
    /// The stage changed.
    Stage,
    /// A party came, or went.
    Party,
    /// A guest came, or went.
    Guest,
    /// A quote was asked for, sent, or answered.
    Quote,
    /// An order arrived, or was answered.
    Order,
    /// A document was exchanged by EDI.
    Edi,
    /// A topic was opened.
    Topic,
    /// The host hid a message, or shows it again.
    Hide,
    /// The host locked the room, opened it, or slowed it down.
    Rule,
    /// A call has ended.
    Call,
}

/// By which way, if not by the hub's own.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Via {
    /// By mail.
    Email,
}

/// Who says it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Author {
    /// A member of an organisation.
    Person {
        /// Who.
        person: Id<Person>,
        /// For which organisation.
        organisation: Id<Organisation>,
    },
    /// An outside contact.
    Guest {
        /// Who.
        guest: Id<Guest>,
        /// Their name.
        name: String,
    },
    /// The hub itself.
    System,
}

/// An event to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// What it is.
    pub kind: EventKind,
    /// Who says it.
    pub author: Author,
    /// The client's own id for it, unique per room and author.
    pub cid: Option<String>,
    /// The words, in Markdown.
    pub body: Option<String>,
    /// By which way.
    pub via: Option<Via>,
    /// The seq that it is about.
    pub target: Option<i64>,
    /// What its kind adds. Only what the whole audience may read.
    pub detail: Option<Value>,
}

impl NewEvent {
    /// An event of a kind, with its detail.
    pub const fn telling(kind: EventKind, author: Author, detail: Value) -> Self {
        let detail = Some(detail);
        Self { kind, author, cid: None, body: None, via: None, target: None, detail }
    }

    /// A message.
    pub fn saying(author: Author, cid: Option<String>, body: impl Into<String>) -> Self {
        let body = Some(body.into());
        let kind = EventKind::Msg;
        Self { kind, author, cid, body, via: None, target: None, detail: None }
    }
}

/// An event as everybody who may read its room sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Event {
    /// The room.
    pub room: Id<Room>,
    /// Its place in the room's log: 1, 2, 3 …
    pub seq: i64,
    /// What it is.
    pub kind: EventKind,
    /// Who: a person's or a guest's id, or `system`.
    pub author: String,
    /// The author's name at that time.
    pub name: String,
    /// The author's organisation.
    pub organisation: Option<Id<Organisation>>,
    /// Its name.
    pub organisation_name: Option<String>,
    /// The client's own id for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// The words, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// The seq that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// What its kind adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
    /// Who hid the message: its words are there for its author's side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<String>,
}

impl Event {
    /// The event without what a mask does not show. A change of a field was told to an audience
    /// that saw the field then; one that joined later, or sees less by now, reads only that
    /// something changed. So does one who may not read the message that was said better.
    #[must_use]
    pub(crate) fn within(mut self, mask: &Mask, first: i64) -> Self {
        // Better words for a message from before the reader came.
        if self.kind == EventKind::Edit && self.target.is_some_and(|seq| seq < first) {
            self.body = None;
        }
        let field = self.detail.as_ref().and_then(|detail| detail.get("field"));
        let shown = match self.kind {
            EventKind::Card => {
                field.and_then(Value::as_str).is_some_and(|it| mask.has(it))
            }
            EventKind::Stage => mask.has("stage"),
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
            | EventKind::Call => true,
        };
        if !shown {
            self.detail = None;
        }
        self
    }
}
