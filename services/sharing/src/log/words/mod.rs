//! What can be found in logs: the words of messages as they stand and the names of their files, of
//! topics' titles, and of changes of a card. They are kept in the transaction of the event that tells them.
//!
//! Words are folded by the hub, and the databases only compare them, so that both find the same.

mod sql;

use std::{collections::HashMap, iter::once};

use kernel::{Fault, Id, Room, text::spoken};
use serde_json::Value;
use store::Tx;

use super::{EventKind, NewEvent};

pub use sql::ALL as STATEMENTS;

/// How many words of one text can be found: PostgreSQL knows 16,383 places.
const MOST_WORDS: usize = 16_000;
/// How often one word of a text can be found: PostgreSQL knows 256 places of each.
const MOST_TIMES: usize = 255;

/// Something that can be found.
#[derive(Debug)]
struct Entry {
    /// Its event; 0 for the title of the room.
    seq: i64,
    /// The field of the card that it tells of; empty for what is said.
    field: &'static str,
    author: Vec<Option<String>>,
    words: Vec<Option<String>>,
}

/// The fields of a card that are words.
const FIELDS: &[&str] = &["title", "account", "next_step"];

/// Keeps the words of events that were just appended.
pub(super) async fn keep<'e>(
    tx: &mut Tx,
    room: Id<Room>,
    events: impl Iterator<Item = (i64, &'e NewEvent, &'e str)>,
) -> Result<(), Fault> {
    let (mut entries, mut better) = (Vec::new(), Vec::new());
    for (seq, event, author) in events {
        match (event.kind, event.target, &event.body) {
            (EventKind::Edit, Some(target), Some(body)) => better.push((target, body)),
            _ => entries.extend(entry(seq, event, author)),
        }
    }
    if !entries.is_empty() {
        sql::add(tx, room, &entries).await?;
    }
    for (seq, body) in better {
        let (author, detail) = sql::said_by(tx, room, seq).await?.unwrap_or_default();
        let detail = detail.and_then(|it| serde_json::from_str(&it).ok());
        let (author, words) = (folded(&[author]), folded(&told(body, detail.as_ref())));
        sql::forget(tx, room, seq).await?;
        sql::add(tx, room, &[Entry { seq, field: "", author, words }]).await?;
    }
    Ok(())
}

/// Keeps the words of a room's title, in place of those that it had.
pub(super) async fn keep_title(
    tx: &mut Tx,
    room: Id<Room>,
    title: &str,
) -> Result<(), Fault> {
    sql::forget(tx, room, 0).await?;
    let words = folded(&[title]);
    sql::add(tx, room, &[Entry { seq: 0, field: "", author: Vec::new(), words }]).await
}

/// Forgets the words of what was taken back.
pub(super) async fn forget(tx: &mut Tx, room: Id<Room>, seq: i64) -> Result<(), Fault> {
    sql::forget(tx, room, seq).await
}

/// What of an event can be found.
fn entry(seq: i64, event: &NewEvent, author: &str) -> Option<Entry> {
    let detail = |name: &str| event.detail.as_ref()?.get(name)?.as_str();
    let (field, words) = match event.kind {
        EventKind::Msg => {
            ("", folded(&told(event.body.as_deref()?, event.detail.as_ref())))
        }
        EventKind::Card => {
            let told = detail("field")?;
            let field = FIELDS.iter().find(|field| **field == told)?;
            (*field, folded(&[detail("to")?]))
        }
        EventKind::Stage => ("stage", folded(&[detail("reason")?])),
        EventKind::Edit
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
        | EventKind::Call => return None,
    };
    Some(Entry { seq, field, author: folded(&[author]), words })
}

/// The words of texts; none in the place of one that stands there too often, nor between two
/// texts: the last word of one and the first of the next do not stand together.
fn folded<T: AsRef<str>>(texts: &[T]) -> Vec<Option<String>> {
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut word = |word: kernel::text::Spoken| {
        let times = times.entry(word.folded.clone()).or_default();
        *times += 1;
        (*times <= MOST_TIMES).then_some(word.folded)
    };
    let of = |text: &T| spoken(text.as_ref()).into_iter().map(Some).chain(once(None));
    let mut words: Vec<_> = texts.iter().flat_map(of).take(MOST_WORDS).collect();
    words.pop_if(|last| last.is_none());
    words.into_iter().map(|it| it.and_then(&mut word)).collect()
}

/// What a message is found by, and shown as where it was found: what it says, and the names of
/// its files.
#[must_use]
pub fn told(body: &str, detail: Option<&Value>) -> Vec<String> {
    let files = detail.and_then(|it| it.get("files")?.as_array()).into_iter().flatten();
    let names = files.filter_map(|it| it.get("name")?.as_str().map(str::to_owned));
    once(plain(body)).chain(names).filter(|it| !it.trim().is_empty()).collect()
}

/// What somebody said, as it is found: a call is `@` and a name, and marks of Markdown that stand
/// inside of words are gone.
#[must_use]
pub fn plain(body: &str) -> String {
    let mut told = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, call)) = rest.split_once("@[") {
        told.push_str(before);
        told.push('@');
        let name = call.split_once("](").and_then(|(name, after)| {
            let (id, after) = after.split_once(')')?;
            let is_id = id.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
            (is_id && !name.contains(['[', ']', '\n'])).then_some((name, after))
        });
        rest = if let Some((name, after)) = name {
            told.push_str(name);
            after
        } else {
            told.push('[');
            call
        };
    }
    told.push_str(rest);
    told.replace("**", "").replace("~~", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MOST_TIMES, folded, plain, told};

    #[test]
    fn a_call_is_found_by_its_name_and_not_by_its_id() {
        let body = "Ask @[Ana Ruiz](per_01arz3ndektsv4rrffq69g5fav), **not** @[x] or me@[a b](c d)";
        assert_eq!(plain(body), "Ask @Ana Ruiz, not @[x] or me@[a b](c d)");
        assert_eq!(plain("`a` ~~b~~ @["), "a b @[");
    }

    #[test]
    fn a_word_that_stands_too_often_keeps_its_place() {
        let told = folded(&["ja ".repeat(300)]);
        assert_eq!(told.iter().flatten().count(), MOST_TIMES);
        assert_eq!(told.len(), 300);
    }

    #[test]
    fn a_message_is_found_by_the_names_of_its_files_which_stand_apart() {
        let detail = json!({ "files": [{ "name": "plan_2.PDF" }, { "size": 3 }] });
        let texts = told("See the **plan**", Some(&detail));
        assert_eq!(texts, ["See the plan", "plan_2.PDF"]);
        let words = folded(&texts);
        let words: Vec<_> = words.iter().map(|it| it.as_deref().unwrap_or("|")).collect();
        assert_eq!(words, ["see", "the", "plan", "|", "plan", "2", "pdf"]);
        assert_eq!(told("", Some(&json!({ "files": 1 }))), [""; 0]);
        assert_eq!(folded(&[] as &[&str]), []);
    }
}
