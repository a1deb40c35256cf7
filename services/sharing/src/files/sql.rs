//! The table `room_file`.

use kernel::{Fault, Id, Moment, Room, StoredFile};
use store::{Conn, Tx, statements};

use super::{File, NewFile};
use crate::Reader;

statements! {
    /// Hangs a file on a message.
    ADD unscoped "the caller has just posted the message" = "
        insert into room_file (id, room_id, seq, place, name, kind, bytes, sha256, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// The files of a message that an organisation may read.
    OF_MESSAGE = "
        select f.id, f.name, f.kind, f.bytes, f.sha256
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        join room_file f on f.room_id = e.room_id and f.seq = e.seq
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $4) and e.seq = $3
          and e.body is not null and (e.hidden is null or e.hidden_of = $1)
        order by f.place";

    /// One file of a message that an organisation may read.
    ONE = "
        select f.id, f.name, f.kind, f.bytes, f.sha256
        from person_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        join room_file f on f.room_id = e.room_id and f.seq = e.seq
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $4) and f.id = $3
          and e.body is not null and (e.hidden is null or e.hidden_of = $1)";
}

/// A file that is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kept {
    /// Which.
    pub id: Id<StoredFile>,
    /// Its name.
    pub name: String,
    /// What its bytes are.
    pub kind: String,
    /// Its size.
    pub bytes: i64,
    /// Its bytes, by their SHA-256 in hex.
    pub sha256: String,
}

pub(super) async fn add(
    tx: &mut Tx,
    (room, seq, place): (Id<Room>, i64, i64),
    new: &NewFile,
    now: Moment,
) -> Result<(), Fault> {
    let File { id, name, bytes, kind } = &new.file;
    tx.run(ADD)
        .bind(*id)
        .bind(room)
        .bind(seq)
        .bind(place)
        .bind(name.clone())
        .bind(kind.clone())
        .bind(*bytes)
        .bind(new.sha256.to_string())
        .bind(now)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn of_message(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    seq: i64,
) -> Result<Vec<Kept>, Fault> {
    conn.run(OF_MESSAGE)
        .bind(reader.organisation)
        .bind(room)
        .bind(seq)
        .bind(reader.person)
        .all()
        .await
}

pub(super) async fn one(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    file: Id<StoredFile>,
) -> Result<Option<Kept>, Fault> {
    conn.run(ONE)
        .bind(reader.organisation)
        .bind(room)
        .bind(file)
        .bind(reader.person)
        .optional()
        .await
}
