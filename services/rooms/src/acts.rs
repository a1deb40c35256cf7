//! What is done to a message that stands: better words, taking it back, reactions, pins.
//!
//! Each is an event of its own with the message as its target. What is there already is not
//! said again: whoever asks twice gets the place of the first.

use gate::{Caller, Role};
use kernel::{Fault, Id, Moment, Person};
use serde_json::Value;
use sharing::{About, Author, EventKind, NewEvent, Reach, log};
use store::Tx;

use crate::{
    moderation,
    post::{Posted, Refusal, refusal},
    rules::{Act, Draft},
};

/// How many different reactions a message takes.
const MOST_REACTIONS: usize = 20;
/// How many pins a room has.
const MOST_PINS: usize = 100;

/// Does something to a message, under a right that is held.
///
/// # Errors
/// As `Round::post`: a [`Refusal`] writes nothing.
pub(crate) async fn post(
    tx: &mut Tx,
    caller: &Caller,
    reach: &mut Reach,
    draft: &Draft,
    now: Moment,
) -> Result<Posted, Refusal> {
    let Some(target) = draft.act.target() else { return Err(Refusal::BadTarget) };
    let Caller { person, organisation, role, .. } = *caller;
    let (room, space) = (draft.room, reach.space);
    let event = event(draft, caller);
    let posted = |seq, at, duplicate| Ok(Posted { space, seq, at, duplicate });
    // The log is locked from here on: what is read of the message stays so.
    if let Some(it) = log::appended_before(tx, room, &event).await.map_err(refusal)? {
        return posted(it.seq, it.at, true);
    }
    let message = log::message(tx, caller, room, target).await?;
    let message = message.ok_or(Refusal::BadTarget)?;
    let own =
        message.person == Some(person) && message.organisation == Some(organisation);
    match &draft.act {
        Act::Hide { on, .. } => {
            if !moderation::hosts(tx, caller, reach).await? {
                return Err(Refusal::NotHost);
            }
            if message.gone {
                return Err(Refusal::BadTarget);
            }
            if message.hidden == *on {
                return posted(target, now, true);
            }
            let side = (target, message.organisation);
            moderation::hide(tx, caller, room, side, *on, now).await?;
        }
        // It was taken back already: once is enough.
        Act::Redact { .. } if message.gone => return posted(target, now, true),
        _ if message.redacted => return Err(Refusal::BadTarget),
        Act::Edit { .. } if !own => return Err(Refusal::NotYours),
        Act::Redact { .. } => {
            let theirs = message.organisation == Some(organisation);
            let may = own || (theirs && answers_for(role));
            if !may {
                return Err(Refusal::NotYours);
            }
            log::redact(tx, room, target, now).await?;
        }
        Act::React { emoji, on, .. } => {
            let said = about(tx, caller, reach, target).await?;
            let given = reactions(&said);
            let stands =
                given.iter().any(|it| it.emoji == *emoji && it.by.contains(&person));
            if stands == *on {
                return posted(target, now, true);
            }
            let known = given.iter().any(|it| it.emoji == *emoji);
            if *on && !known && given.len() >= MOST_REACTIONS {
                return Err(Refusal::TooManyReactions);
            }
        }
        Act::Pin { on, .. } => {
            let said = about(tx, caller, reach, target).await?;
            if is_pinned(&said) == *on {
                return posted(target, now, true);
            }
            let pins = log::pinned(tx, caller, room).await?;
            if *on && pins.len() >= MOST_PINS {
                return Err(Refusal::TooManyPins);
            }
        }
        Act::Edit { .. } | Act::Say { .. } => {}
    }
    let appended = log::append(tx, room, now, event).await.map_err(refusal)?;
    reach.head = appended.seq;
    posted(appended.seq, appended.at, appended.duplicate)
}

/// Whose role may take back what others of their organisation said.
const fn answers_for(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin => true,
        Role::ChannelManager
        | Role::Seller
        | Role::Marketer
        | Role::Buyer
        | Role::Support
        | Role::EdiOperator
        | Role::Finance
        | Role::Viewer => false,
    }
}

/// The event that a draft becomes.
pub(crate) fn event(
    draft: &Draft,
    &Caller { person, organisation, .. }: &Caller,
) -> NewEvent {
    let (kind, body, target) = match &draft.act {
        Act::Say { body, reply_to } => (EventKind::Msg, Some(body), *reply_to),
        Act::Edit { body, target } => (EventKind::Edit, Some(body), Some(*target)),
        Act::Redact { target } => (EventKind::Redact, None, Some(*target)),
        Act::React { target, .. } => (EventKind::React, None, Some(*target)),
        Act::Pin { target, .. } => (EventKind::Pin, None, Some(*target)),
        Act::Hide { target, .. } => (EventKind::Hide, None, Some(*target)),
    };
    NewEvent {
        kind,
        author: Author::Person { person, organisation },
        cid: Some(draft.cid.clone()),
        body: body.cloned(),
        via: None,
        target,
        detail: draft.act.detail(),
    }
}

async fn about(
    tx: &mut Tx,
    caller: &Caller,
    reach: &Reach,
    target: i64,
) -> Result<Vec<About>, Fault> {
    log::about(tx, caller, reach.room, (target, target)).await
}

/// One emoji under a message, and who gave it.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Reaction {
    pub(crate) emoji: String,
    pub(crate) by: Vec<Id<Person>>,
    pub(crate) names: Vec<String>,
}

/// The reactions that stand, in the order in which each was given first.
pub(crate) fn reactions(said: &[About]) -> Vec<Reaction> {
    let mut given: Vec<Reaction> = Vec::new();
    for event in said.iter().filter(|it| it.kind == EventKind::React) {
        let (Some(emoji), Some(person)) = (emoji(event), event.person) else { continue };
        let place = given.iter().position(|it| it.emoji == emoji).unwrap_or(given.len());
        if place == given.len() {
            let (by, names) = (Vec::new(), Vec::new());
            given.push(Reaction { emoji: emoji.to_owned(), by, names });
        }
        let Some(reaction) = given.get_mut(place) else { continue };
        let known = reaction.by.iter().position(|it| *it == person);
        match (known, is_on(event)) {
            (None, true) => {
                reaction.by.push(person);
                reaction.names.push(event.name.clone());
            }
            (Some(place), false) => {
                reaction.by.remove(place);
                reaction.names.remove(place);
            }
            (Some(_), true) | (None, false) => {}
        }
    }
    given.retain(|reaction| !reaction.by.is_empty());
    given
}

/// Whether a message is pinned, after what was said about it.
pub(crate) fn is_pinned(said: &[About]) -> bool {
    said.iter().rfind(|it| it.kind == EventKind::Pin).is_some_and(is_on)
}

fn emoji(event: &About) -> Option<&str> {
    event.detail.as_ref()?.get("emoji")?.as_str()
}

fn is_on(event: &About) -> bool {
    let on = event.detail.as_ref().and_then(|detail| detail.get("on"));
    on.and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(seq: i64, person: Id<Person>, kind: EventKind, detail: Value) -> About {
        let (name, at) = ("Ana".to_owned(), Moment::from_micros(seq));
        let (detail, person) = (Some(detail), Some(person));
        About { seq, kind, target: 1, person, name, body: None, detail, at }
    }

    #[test]
    fn the_last_word_of_each_person_counts() {
        let (ana, bo) = (Id::mint(), Id::mint());
        let react = |seq, who, emoji: &str, on: bool| {
            said(seq, who, EventKind::React, json!({ "emoji": emoji, "on": on }))
        };
        let given = reactions(&[
            react(2, ana, "👍", true),
            react(3, bo, "👍", true),
            react(4, ana, "🎉", true),
            react(5, ana, "👍", false),
            react(6, ana, "🎉", false),
            react(7, bo, "👍", true),
        ]);
        assert_eq!(given.len(), 1);
        assert_eq!((given[0].emoji.as_str(), &given[0].by), ("👍", &vec![bo]));
    }

    #[test]
    fn a_message_is_pinned_as_was_said_last() {
        let pin =
            |seq, on: bool| said(seq, Id::mint(), EventKind::Pin, json!({ "on": on }));
        assert!(!is_pinned(&[]));
        assert!(is_pinned(&[pin(2, false), pin(3, true)]));
        assert!(!is_pinned(&[pin(2, true), pin(3, false)]));
    }
}
