//! The table `room_event`, written by the list.

use kernel::{Fault, Guest, Id, Moment, Organisation, Person, Room};
use serde_json::{Value, json};
use store::{Tx, statements};
use uuid::Uuid;

use crate::log::NewEvent;

statements! {
    /// Locks a room's log.
    LOCK unscoped "the caller has shown its right to the room" = "
        update room set head_seq = head_seq where id = $1";

    /// Gives the next seqs, and locks the log until the commit.
    ADVANCE unscoped "the caller has shown its right to the room" = "
        update room set head_seq = head_seq + $2 where id = $1 returning head_seq";

    /// What was said under these clients' ids. Each is looked up by itself.
    BY_CID unscoped "the caller has shown its right to the room" = sqlite "
        select e.author_id, e.cid, e.seq, e.at, e.body_hash
        from json_each($2) k
        cross join room_event e
        where e.room_id = $1 and e.author_id = unhex(k.value ->> '$.author')
          and e.cid = k.value ->> '$.cid'", postgres "
        select e.author_id, e.cid, e.seq, e.at, e.body_hash
        from jsonb_to_recordset(cast($2 as jsonb)) as k (author uuid, cid text)
        cross join lateral (
            select * from room_event
            where room_id = $1 and author_id = k.author and cid = k.cid
            limit 1) e";

    /// Appends events.
    INSERT = sqlite "
        insert into room_event (room_id, seq, kind, author_kind, author_id, author_name, organisation_id, cid, body_hash, body, via, target, detail, at)
        select $1, r.value ->> '$.seq', r.value ->> '$.kind', r.value ->> '$.author_kind',
               unhex(r.value ->> '$.author'), r.value ->> '$.name',
               unhex(r.value ->> '$.organisation'), r.value ->> '$.cid',
               r.value ->> '$.body_hash', r.value ->> '$.body', r.value ->> '$.via',
               r.value ->> '$.target', r.value ->> '$.detail', $3
        from json_each($2) r", postgres "
        insert into room_event (room_id, seq, kind, author_kind, author_id, author_name, organisation_id, cid, body_hash, body, via, target, detail, at)
        select $1, r.seq, r.kind, r.author_kind, r.author, r.name, r.organisation, r.cid,
               r.body_hash, r.body, r.via, r.target, r.detail, $3
        from jsonb_to_recordset(cast($2 as jsonb)) as r (seq bigint, kind text, author_kind text, author uuid, name text, organisation uuid, cid text, body_hash text, body text, via text, target bigint, detail text)";

    /// The names of people.
    PERSON_NAMES unscoped "people belong to no one organisation" = sqlite "
        select id, name from person where id in (select unhex(k.value) from json_each($1) k)", postgres "
        select id, name from person
        where id = any (array(
            select cast(k.value as uuid) from jsonb_array_elements_text(cast($1 as jsonb)) as k (value)))";
}

/// Who an author is, as three columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct AuthorKey {
    kind: &'static str,
    pub(super) id: Option<Uuid>,
    organisation: Option<Id<Organisation>>,
}

impl AuthorKey {
    pub(super) const fn person(
        person: Id<Person>,
        organisation: Id<Organisation>,
    ) -> Self {
        Self { kind: "person", id: Some(person.uuid()), organisation: Some(organisation) }
    }

    pub(super) const fn guest(guest: Id<Guest>) -> Self {
        Self { kind: "guest", id: Some(guest.uuid()), organisation: None }
    }

    pub(super) const fn system() -> Self {
        Self { kind: "system", id: None, organisation: None }
    }
}

/// An event that waits to be appended.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) event: NewEvent,
    pub(super) author: AuthorKey,
    pub(super) name: String,
    /// Of its words, and what they answer.
    pub(super) hash: Option<String>,
}

/// What was said under a client's id.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Known {
    pub(super) author_id: Uuid,
    pub(super) cid: String,
    pub(super) seq: i64,
    pub(super) at: Moment,
    pub(super) body_hash: Option<String>,
}

fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// PostgreSQL keeps no NUL in a text.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

pub(super) async fn lock(tx: &mut Tx, room: Id<Room>) -> Result<(), Fault> {
    tx.run(LOCK).bind(room).execute().await.map(drop)
}

/// The head, after so many more.
pub(super) async fn advance(
    tx: &mut Tx,
    room: Id<Room>,
    count: i64,
) -> Result<i64, Fault> {
    let (head,): (i64,) = tx.run(ADVANCE).bind(room).bind(count).one().await?;
    Ok(head)
}

pub(super) async fn by_cid(
    tx: &mut Tx,
    room: Id<Room>,
    lines: &[Line],
) -> Result<Vec<Known>, Fault> {
    let key = |line: &Line| {
        let (author, cid) = (line.author.id?, line.event.cid.as_ref()?);
        Some(json!({ "author": hex(author), "cid": cid }))
    };
    let keys = Value::Array(lines.iter().filter_map(key).collect());
    tx.run(BY_CID).bind(room).bind(keys.to_string()).all().await
}

pub(super) async fn insert<'l>(
    tx: &mut Tx,
    room: Id<Room>,
    at: Moment,
    lines: impl Iterator<Item = (i64, &'l Line)>,
) -> Result<(), Fault> {
    let row = |(seq, line): (i64, &Line)| {
        let Line { event, author, name, hash } = line;
        json!({
            "seq": seq, "kind": event.kind, "author_kind": author.kind,
            "author": author.id.map(hex), "name": without_nul(name),
            "organisation": author.organisation.map(|it| hex(it.uuid())),
            "cid": event.cid, "body_hash": hash,
            "body": event.body.as_deref().map(without_nul), "via": event.via,
            "target": event.target,
            "detail": event.detail.as_ref().map(ToString::to_string),
        })
    };
    let rows = Value::Array(lines.map(row).collect());
    tx.run(INSERT).bind(room).bind(rows.to_string()).bind(at).execute().await.map(drop)
}

pub(super) async fn person_names(
    tx: &mut Tx,
    people: &[Id<Person>],
) -> Result<Vec<(Id<Person>, String)>, Fault> {
    let ids = people.iter().map(|person| Value::String(hex(person.uuid()))).collect();
    tx.run(PERSON_NAMES).bind(Value::Array(ids).to_string()).all().await
}
