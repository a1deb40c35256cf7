//! Files that hang on messages.
//!
//! A file is kept once, by its SHA-256 (`store::Files`); a row here says on which message it
//! hangs. Who may read the message may read the file, and nobody else: the right is in the
//! statement, and a message that was taken back has no files any more.

mod rules;
mod sql;

use kernel::{Fault, Id, Moment, Room, StoredFile};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Conn, Sha256, Tx};
use utoipa::ToSchema;

use crate::Reader;

pub use rules::{clean_name, is_picture, kind_of};
pub use sql::{ALL as STATEMENTS, Kept};

/// A file as the message that it hangs on tells of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = MessageFile)]
pub struct File {
    /// Which.
    pub id: Id<StoredFile>,
    /// Its name: one that no file system chokes on.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// What its bytes are: a picture, a PDF, plain text, or `application/octet-stream`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A file that is kept, to be hung on a message.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// As its message tells of it.
    pub file: File,
    /// Its bytes.
    pub sha256: Sha256,
}

impl NewFile {
    /// A file of these bytes, under the name that somebody gave it.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let file = File {
            id: Id::mint(),
            name: clean_name(name),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            kind: kind_of(bytes).to_owned(),
        };
        Self { file, sha256: Sha256::of(bytes) }
    }
}

/// What a message's `detail` says of its files.
pub fn told(files: &[NewFile]) -> Value {
    json!(files.iter().map(|it| &it.file).collect::<Vec<_>>())
}

/// Hangs files on a message, in the transaction that posts it.
///
/// # Errors
/// If the database fails.
pub async fn hang(
    tx: &mut Tx,
    room: Id<Room>,
    seq: i64,
    files: &[NewFile],
    now: Moment,
) -> Result<(), Fault> {
    for (place, file) in (0_i64..).zip(files) {
        sql::add(tx, (room, seq, place), file, now).await?;
    }
    Ok(())
}

/// The files of a message that an organisation may read, as they were hung on it.
///
/// # Errors
/// If the database fails.
pub async fn of_message(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    seq: i64,
) -> Result<Vec<Kept>, Fault> {
    sql::of_message(conn, reader.into(), room, seq).await
}

/// One file of a room, if an organisation may read its message.
///
/// # Errors
/// If the database fails.
pub async fn one(
    conn: &mut Conn,
    reader: impl Into<Reader>,
    room: Id<Room>,
    file: Id<StoredFile>,
) -> Result<Option<Kept>, Fault> {
    sql::one(conn, reader.into(), room, file).await
}
