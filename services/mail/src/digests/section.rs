//! What of a room a letter tells: the messages of others that its reader has not read.

use std::collections::HashMap;

use kernel::{Fault, Id, MailSeat, Moment, Organisation, Person};
use rooms::{Mention, mentions};
use sharing::{Event, EventKind, Range, Reader, RoomKind, log};
use store::Conn;

use super::{
    sql::{Addressee, Place},
    title,
};

/// So many events of a room are looked at.
const MOST_EVENTS: i64 = 500;
/// So many messages of a room are told; of the others, how many there are.
const MOST_SAID: usize = 20;

/// A room in a letter.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) seat: Option<Id<MailSeat>>,
    pub(super) kind: RoomKind,
    /// The topic, the deal's title, or the other of two people.
    pub(super) title: String,
    /// Where it is in the app.
    pub(super) path: String,
    pub(super) said: Vec<Said>,
    /// How many more there are.
    pub(super) more: usize,
}

/// A message in a letter.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) name: String,
    pub(super) organisation: Option<String>,
    pub(super) at: Moment,
    /// The newest words.
    pub(super) body: String,
    /// The names of what hangs on it.
    pub(super) files: Vec<String>,
}

/// What may be told of a room; none if that is nothing. It is read by the person's own right.
pub(super) async fn of(
    conn: &mut Conn,
    who: &Addressee,
    place: &Place,
) -> Result<Option<Section>, Fault> {
    let one = (who.organisation_id, who.person_id);
    let reader = Reader { organisation: one.0, person: Some(one.1) };
    let range = Range::After(place.after_seq.max(place.read_seq));
    let slice = log::slice(conn, reader, place.room_id, range, MOST_EVENTS).await?;
    let Some(slice) = slice else { return Ok(None) };
    let mut better = HashMap::new();
    for event in &slice.events {
        if let (EventKind::Edit, Some(target), Some(body)) =
            (event.kind, event.target, &event.body)
        {
            better.insert(target, body.clone());
        }
    }
    let own = one.1.to_string();
    let mut said: Vec<Said> = slice
        .events
        .into_iter()
        .filter(|event| event.seq <= place.upto_seq && event.author != own)
        .filter(|event| place.since.is_none_or(|since| event.at >= since.millis()))
        .filter_map(|event| say(event, &better))
        .filter(|(body, _)| place.calls_only == 0 || calls(body, one))
        .map(|(_, said)| said)
        .collect();
    if said.is_empty() {
        return Ok(None);
    }
    let more = said.len().saturating_sub(MOST_SAID);
    said.truncate(MOST_SAID);
    let (kind, at) = (place.kind, (place.room_id, place.space_id));
    let title = title::of(conn, one, at, (kind, &place.title)).await?;
    let path = match kind {
        RoomKind::Direct => format!("/messages/{}", at.0),
        RoomKind::Topic => format!("/deals/{}/topics/{}", at.1, at.0),
        RoomKind::Main | RoomKind::Internal => format!("/deals/{}", at.1),
    };
    let seat = place.seat_id;
    Ok(Some(Section { seat, kind, title, path, said, more }))
}

/// A message as it stands, with its words as they were written: what they call is an id there.
fn say(event: Event, better: &HashMap<i64, String>) -> Option<(String, Said)> {
    let shown = event.kind == EventKind::Msg && event.hidden.is_none();
    let first = event.body.filter(|_| shown)?;
    let body = better.get(&event.seq).cloned().unwrap_or(first);
    let files = event.detail.as_ref().and_then(|it| it.get("files")?.as_array());
    let name = |it: &serde_json::Value| it.get("name")?.as_str().map(str::to_owned);
    let said = Said {
        name: event.name,
        organisation: event.organisation_name,
        at: Moment::from_micros(event.at.saturating_mul(1_000)),
        body: log::plain(&body),
        files: files.into_iter().flatten().filter_map(name).collect(),
    };
    Some((body, said))
}

/// Whether words call somebody.
fn calls(body: &str, (organisation, person): (Id<Organisation>, Id<Person>)) -> bool {
    mentions(body).into_iter().any(|it| match it {
        Mention::Person(called) => called == person,
        Mention::Side(side) => side == organisation,
        Mention::All => true,
    })
}
