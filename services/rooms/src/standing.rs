//! How messages stand now. A client that has a log from some seq to its head folds the events
//! about a message by itself; a page out of the middle, a thread or a list of pins needs to be
//! told.

use kernel::{Fault, Id, Person, Room};
use serde::Serialize;
use sharing::{About, Event, EventKind, Reader, log};
use store::Conn;
use utoipa::ToSchema;

use crate::acts;

/// An event, and for a message what was said about it since.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    #[serde(flatten)]
    event: Event,
    /// How the message stands now; left out where nothing was said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Standing>,
}

/// How a message stands.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// The newest words, if it was said better.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The seq of the newest words.
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<i64>,
    /// Whether it was taken back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    redacted: bool,
    /// The reactions that stand, in the order in which each was given first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<ReactionView>,
    /// Who hid it: its words are there for its author's side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<String>,
    /// Whether it is pinned.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    /// How many answers it has.
    #[serde(skip_serializing_if = "is_none")]
    replies: usize,
}

/// An emoji, and who gave it.
#[derive(Debug, Serialize, ToSchema)]
struct ReactionView {
    emoji: String,
    by: Vec<Giver>,
}

/// Somebody who reacted.
#[derive(Debug, Serialize, ToSchema)]
struct Giver {
    user: Id<Person>,
    name: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Events as they go out, each message with how it stands.
pub(crate) async fn views(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    events: Vec<Event>,
) -> Result<Vec<EventView>, Fault> {
    let messages =
        || events.iter().filter(|it| it.kind == EventKind::Msg).map(|it| it.seq);
    let Some((first, last)) = messages().min().zip(messages().max()) else {
        return Ok(events
            .into_iter()
            .map(|event| EventView { event, now: None })
            .collect());
    };
    let said = log::about(conn, reader, room, (first, last)).await?;
    let view = |event: Event| {
        let about: Vec<About> =
            said.iter().filter(|it| it.target == event.seq).cloned().collect();
        let hidden = event.hidden.clone();
        let is_said = event.kind == EventKind::Msg;
        let redacted = is_said && event.body.is_none() && hidden.is_none();
        let told = is_said && (redacted || hidden.is_some() || !about.is_empty());
        let now = told.then(|| Standing { hidden, ..standing(&about, redacted) });
        EventView { event, now }
    };
    Ok(events.into_iter().map(view).collect())
}

/// Folds what was said about one message, oldest first.
fn standing(about: &[About], redacted: bool) -> Standing {
    if redacted {
        return Standing { redacted, replies: replies(about), ..Standing::default() };
    }
    let edit = about.iter().rfind(|it| it.kind == EventKind::Edit && it.body.is_some());
    let reactions = acts::reactions(about).into_iter().map(|reaction| {
        let by = reaction.by.into_iter().zip(reaction.names);
        let by = by.map(|(user, name)| Giver { user, name }).collect();
        ReactionView { emoji: reaction.emoji, by }
    });
    Standing {
        body: edit.and_then(|it| it.body.clone()),
        edited: edit.map(|it| it.seq),
        redacted,
        reactions: reactions.collect(),
        pinned: acts::is_pinned(about),
        hidden: None,
        replies: replies(about),
    }
}

fn replies(about: &[About]) -> usize {
    about.iter().filter(|it| it.kind == EventKind::Msg).count()
}
