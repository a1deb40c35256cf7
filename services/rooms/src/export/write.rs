//! What stands in the archive, written as it is read, a page at a time.

use std::{collections::BTreeSet, io};

use gate::House;
use kernel::Fault;
use serde::Serialize;
use serde_json::{Value, json};
use sharing::{Range, log};
use store::{Conn, Sha256};

use super::{
    Sight,
    archive::{Archive, place},
    sql::{self, Waiting},
    words,
};

/// How many rows are read at once.
const PAGE: i64 = 200;
/// What of a deal is about who looks at it, not about the deal; its rooms follow by themselves.
const OF_THE_READER: [&str; 4] = ["unread", "you", "next_stages", "rooms"];
/// The same of a room.
const OF_THE_READER_OF_A_ROOM: [&str; 6] =
    ["read", "unread", "can_write", "revision", "hosted", "with"];

/// Writes the archive: first what is told, then the files that it names.
pub(super) async fn write(
    house: &House,
    asked: &Waiting,
    sight: Sight,
) -> Result<Archive, Fault> {
    let mut archive = Archive::begin(&house.files)?;
    let telling = Fault::new("writing an export");
    archive
        .text("README.txt")
        .and_then(|()| archive.write(words::read_me(asked.locale).as_bytes()))
        .and_then(|()| archive.text("space.json"))
        .map_err(telling)?;
    let mut telling = Telling { archive, files: BTreeSet::new() };
    let mut conn = house.db.read().await?;
    telling.space(&mut conn, asked, sight).await?;
    drop(conn);
    let Telling { mut archive, files } = telling;
    for file in files {
        let store = house.files.clone();
        archive = blocking(move || archive.file(&store, file).map(|()| archive)).await?;
    }
    Ok(archive)
}

/// Does something with the disk that takes its time.
pub(super) async fn blocking<T: Send + 'static>(
    what: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(what).await;
    let done = done.map_err(Fault::new("waiting for an export to be written"))?;
    done.map_err(Fault::new("writing an export"))
}

/// `space.json`, as far as it is written.
struct Telling {
    archive: Archive,
    /// The files that it names.
    files: BTreeSet<Sha256>,
}

impl Telling {
    async fn space(
        &mut self,
        conn: &mut Conn,
        asked: &Waiting,
        sight: Sight,
    ) -> Result<(), Fault> {
        let Sight { mut deal, rooms, right: _ } = sight;
        let views = deal.get("rooms").cloned().unwrap_or_default();
        without(&mut deal, &OF_THE_READER);
        self.put("{\"format\":\"entente.space.v1\",\"organisation\":")?;
        self.put_json(&asked.organisation_id)?;
        self.put(",\"asked_at\":")?;
        self.put_json(&asked.asked_at)?;
        self.put(",\"deal\":")?;
        self.put_json(&deal)?;
        self.papers(conn, asked).await?;
        self.put(",\"rooms\":[")?;
        for (place, room) in rooms.iter().enumerate() {
            self.put(if place == 0 { "\n" } else { ",\n" })?;
            self.room(conn, asked, room, &views).await?;
        }
        self.put("]}\n")
    }

    /// The papers that the organisation holds.
    async fn papers(&mut self, conn: &mut Conn, asked: &Waiting) -> Result<(), Fault> {
        let rows = sql::papers(conn, asked.organisation_id, asked.space_id).await?;
        let mut papers = Vec::new();
        for row in rows {
            self.files.insert(row.sha256.parse()?);
            papers.push(json!({
                "kind": row.kind, "number": row.number, "revision": row.revision,
                "at": row.at, "type": row.media_type, "bytes": row.bytes,
                "sha256": row.sha256, "path": place(&row.sha256),
            }));
        }
        self.put(",\"papers\":")?;
        self.put_json(&papers)
    }

    /// A room: what it is, its events in order, the files of its messages.
    async fn room(
        &mut self,
        conn: &mut Conn,
        asked: &Waiting,
        room: &log::Reach,
        views: &Value,
    ) -> Result<(), Fault> {
        let id = room.room.to_string();
        let its = |it: &&Value| it.get("id").and_then(Value::as_str) == Some(&id);
        let mut view = views.as_array().into_iter().flatten().find(its).cloned();
        let mut view = view.take().unwrap_or_else(|| json!({ "id": id }));
        without(&mut view, &OF_THE_READER_OF_A_ROOM);
        if let Value::Object(fields) = &mut view {
            fields.insert("head".to_owned(), json!(room.head));
            let topic = sql::topic(conn, asked.organisation_id, room.room).await?;
            fields.insert("topic".to_owned(), json!(topic));
        }
        self.put("{\"room\":")?;
        self.put_json(&view)?;
        self.put(",\"events\":[")?;
        self.events(conn, asked, room).await?;
        self.put("],\"files\":[")?;
        self.files_of(conn, asked, room).await?;
        self.put("]}")
    }

    async fn events(
        &mut self,
        conn: &mut Conn,
        asked: &Waiting,
        room: &log::Reach,
    ) -> Result<(), Fault> {
        let (mut after, mut between) = (0, "\n");
        while after < room.head {
            let range = Range::After(after);
            let part =
                log::slice(conn, asked.organisation_id, room.room, range, PAGE).await?;
            let events = part.map(|it| it.events).unwrap_or_default();
            let Some(last) = events.last() else { break };
            after = last.seq;
            for event in events.iter().filter(|it| it.seq <= room.head) {
                self.put(between)?;
                self.put_json(event)?;
                between = ",\n";
            }
        }
        Ok(())
    }

    async fn files_of(
        &mut self,
        conn: &mut Conn,
        asked: &Waiting,
        room: &log::Reach,
    ) -> Result<(), Fault> {
        let (mut after, mut between) = ((0, 0), "\n");
        loop {
            let of = (room.room, room.head);
            let rows = sql::files(conn, asked.organisation_id, of, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = (last.seq, last.place);
            for row in rows {
                self.files.insert(row.sha256.parse()?);
                self.put(between)?;
                self.put_json(&json!({
                    "seq": row.seq, "id": row.id, "name": row.name, "type": row.kind,
                    "bytes": row.bytes, "sha256": row.sha256, "path": place(&row.sha256),
                }))?;
                between = ",\n";
            }
        }
    }

    fn put(&mut self, text: &str) -> Result<(), Fault> {
        self.archive.write(text.as_bytes()).map_err(Fault::new("writing an export"))
    }

    fn put_json(&mut self, value: &impl Serialize) -> Result<(), Fault> {
        let bytes = serde_json::to_vec(value).map_err(Fault::new("writing an export"))?;
        self.archive.write(&bytes).map_err(Fault::new("writing an export"))
    }
}

/// Leaves fields out.
fn without(value: &mut Value, names: &[&str]) {
    if let Value::Object(fields) = value {
        for name in names {
            fields.remove(*name);
        }
    }
}
