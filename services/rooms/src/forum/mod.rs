//! The forum of a space: its topics, each a room with a title.
//!
//! A topic is opened by `mail::guests`, with somebody outside or without. It has a category, may
//! be locked, and one of its messages may be accepted as the answer; who opened it decides, and
//! who answers for the opener's organisation or for the host's. What one follows of it is the
//! room's level. A topic out of a thread names the thread's first message; nothing is copied, so
//! who may not read that message learns nothing of it. A topic outlives the deal: it can be
//! written in after the deal has closed, until it is locked.
//!
//! What changes is told in the topic's own log, so that everybody there sees it live.

mod http;
mod sql;

use gate::{Caller, Permit, Problem, Role};
use kernel::{Id, Moment, Room, Space};
use serde_json::{Value, json};
use sharing::{Author, EventKind, NewEvent, RoomKind, audit, log, spaces};
use store::{Conn, Tx};

pub(crate) use http::routes;
pub(crate) use sql::ALL as STATEMENTS;

use crate::PostMessage;
use sql::{Kept, Row};

/// What is to be changed of a topic; what is left out stays.
#[derive(Debug, Default)]
struct Changes {
    title: Option<String>,
    category: Option<String>,
    locked: Option<bool>,
    /// The message that is accepted; 0 for none.
    answer: Option<i64>,
}

/// The topics of a deal, the one said something in last first, each with who said something.
///
/// # Errors
/// 404 for a deal that is not the caller's to see.
async fn list(
    conn: &mut Conn,
    caller: &Caller,
    deal: Id<Space>,
) -> Result<Vec<(Row, Vec<String>)>, Problem> {
    let rows = sql::topics(conn, caller, deal).await?;
    if rows.is_empty() && log::rooms_of(conn, caller.organisation, deal).await?.is_empty()
    {
        return Err(Problem::not_found());
    }
    let people = sql::people(conn, caller.organisation, deal).await?;
    let with = |row: Row| {
        let theirs = people.iter().filter(|(room, _)| *room == row.room_id);
        let names = theirs.map(|(_, name)| name.clone()).collect();
        (row, names)
    };
    Ok(rows.into_iter().map(with).collect())
}

/// Changes a topic. What stands so already is not told again.
///
/// # Errors
/// 404 for a room that is not the caller's to see, 422 for one that is no topic, for a title or
/// category that does not fit, and for an answer that nobody gave; 403 for who neither opened it
/// nor answers for the opener's side or the host's; 409 at another revision.
async fn change(
    tx: &mut Tx,
    permit: &Permit<PostMessage>,
    caller: &Caller,
    (room, revision): (Id<Room>, i64),
    changes: Changes,
    now: Moment,
) -> Result<(), Problem> {
    let organisation = permit.scope().organisation();
    let reach =
        log::reach(tx, organisation, room).await?.ok_or_else(Problem::not_found)?;
    let is_topic = reach.kind == RoomKind::Topic;
    let kept = if is_topic { sql::kept(tx, organisation, room).await? } else { None };
    let kept = kept.ok_or_else(|| Problem::refused("room", "this room is no topic"))?;
    let host = spaces::stands(tx, permit.scope(), reach.space).await?.host;
    if !may_change(caller, &kept, host == organisation) {
        let why = "who opened the topic decides, and the administrators of that side and of the host";
        return Err(sharing::Refusal::Forbidden(why).into());
    }
    let (next, told) = apply(&kept, &reach.title, changes)?;
    if let Some(seq) = next.answer.filter(|_| next.answer != kept.answer) {
        let said = log::message(tx, organisation, room, seq).await?;
        said.filter(|it| !it.redacted).ok_or_else(|| {
            Problem::refused("answer", "there is no such message, or it was taken back")
        })?;
    }
    if told.is_empty() {
        return Ok(());
    }
    if !sql::change(tx, room, revision, &next).await? {
        return Err(sharing::Refusal::Stale(kept.revision).into());
    }
    let author = Author::Person { person: caller.person, organisation };
    for detail in told {
        if let Some(title) = detail.get("title").and_then(Value::as_str) {
            log::rename_topic(tx, room, title).await?;
        }
        let target = detail.get("answer").and_then(Value::as_i64);
        let event = NewEvent::telling(EventKind::Topic, author.clone(), detail);
        log::append(tx, room, now, NewEvent { target, ..event }).await?;
    }
    let of = ("room", room.to_string());
    let detail = json!({ "locked": next.locked, "answer": next.answer });
    let who = permit.scope().actor();
    audit::write(tx, organisation, who, "topic.change", of, detail, now).await?;
    Ok(spaces::changed(tx, reach.space, "room", &room.to_string(), revision + 1).await?)
}

/// Whether somebody may change a topic.
fn may_change(caller: &Caller, kept: &Kept, is_host: bool) -> bool {
    let is_theirs = kept.organisation_id == Some(caller.organisation);
    let opened = is_theirs && kept.opened_by == Some(caller.person);
    let answers = match caller.role {
        Role::Owner | Role::Admin | Role::ChannelManager => true,
        Role::Seller
        | Role::Marketer
        | Role::Buyer
        | Role::Support
        | Role::EdiOperator
        | Role::Finance
        | Role::Viewer => false,
    };
    opened || (answers && (is_theirs || is_host))
}

/// The topic after its changes, and what is told of each.
fn apply(
    kept: &Kept,
    title: &str,
    changes: Changes,
) -> Result<(Kept, Vec<Value>), Problem> {
    let (mut next, mut told) = (kept.clone(), Vec::new());
    if let Some(new) = changes.title {
        let new = line("title", &new, 1, 200)?;
        if new != title {
            told.push(json!({ "change": "title", "title": new }));
        }
    }
    if let Some(new) = changes.category {
        let new = line("category", &new, 0, 40)?;
        if new != kept.category {
            told.push(json!({ "change": "category", "category": new }));
        }
        next.category = new;
    }
    if let Some(answer) = changes.answer {
        next.answer = (answer > 0).then_some(answer);
        if next.answer != kept.answer {
            told.push(json!({ "change": "answer", "answer": next.answer }));
        }
    }
    if let Some(locked) = changes.locked {
        if locked != kept.locked {
            let change = if locked { "locked" } else { "unlocked" };
            told.push(json!({ "change": change }));
        }
        next.locked = locked;
    }
    Ok((next, told))
}

/// One line, without blanks around it.
fn line(
    field: &'static str,
    text: &str,
    least: usize,
    most: usize,
) -> Result<String, Problem> {
    let text = text.trim();
    let fits = (least..=most).contains(&text.chars().count());
    if fits && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Problem::refused(field, format!("one line of {least} to {most} characters")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        Kept {
            opened_by: None,
            organisation_id: None,
            category: "Prices".to_owned(),
            locked: false,
            answer: Some(4),
            revision: 2,
        }
    }

    #[test]
    fn what_stands_is_not_told_again() {
        let same = Changes {
            title: Some(" Plans ".to_owned()),
            category: Some("Prices".to_owned()),
            locked: Some(false),
            answer: Some(4),
        };
        let (next, told) = apply(&kept(), "Plans", same).unwrap();
        assert_eq!((next.answer, told), (Some(4), vec![]));
    }

    #[test]
    fn each_change_is_told_by_itself() {
        let other = Changes {
            title: Some("Prices".to_owned()),
            category: Some(String::new()),
            locked: Some(true),
            answer: Some(0),
        };
        let (next, told) = apply(&kept(), "Plans", other).unwrap();
        assert_eq!((next.answer, next.locked, told.len()), (None, true, 4));
        let empty = Changes { title: Some(" ".to_owned()), ..Changes::default() };
        assert!(apply(&kept(), "Plans", empty).is_err());
    }
}
