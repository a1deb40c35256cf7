//! The tables `message_text` and `message_word`.

use kernel::{Fault, Id, Room};
use serde_json::{Value, json};
use store::{Dialect, Tx, statements};

use super::Entry;

statements! {
    /// Numbers what can be found.
    ADD_TEXTS unscoped "of events that were just appended" = sqlite "
        insert into message_text (room_id, seq, field)
        select $1, r.value ->> '$.seq', r.value ->> '$.field' from json_each($2) r
        where true
        on conflict do nothing", postgres "
        insert into message_text (room_id, seq, field)
        select $1, r.seq, r.field
        from jsonb_to_recordset(cast($2 as jsonb)) as r (seq bigint, field text)
        order by r.seq
        on conflict do nothing";

    /// Keeps the words of what was numbered.
    ADD_WORDS unscoped "of events that were just appended" = sqlite "
        insert into message_word (rowid, room, author, words)
        select t.id, lower(hex(t.room_id)), r.value ->> '$.author', r.value ->> '$.words'
        from json_each($2) r
        cross join message_text t
        where t.room_id = $1 and t.seq = r.value ->> '$.seq'", postgres "
        insert into message_word (rowid, words)
        select t.id, cast(r.words as tsvector)
        from jsonb_to_recordset(cast($2 as jsonb)) as r (seq bigint, words text)
        join message_text t on t.room_id = $1 and t.seq = r.seq";

    /// Forgets the words of one.
    FORGET unscoped "the caller has shown its right to the message" = "
        delete from message_word
        where rowid = (select id from message_text where room_id = $1 and seq = $2)";

    /// Who said something, and with what.
    SAID_BY unscoped "the caller has shown its right to the message" = "
        select author_name, detail from room_event where room_id = $1 and seq = $2";
}

pub(super) async fn add(
    tx: &mut Tx,
    room: Id<Room>,
    entries: &[Entry],
) -> Result<(), Fault> {
    let dialect = tx.dialect();
    let row = |entry: &Entry| {
        json!({
            "seq": entry.seq, "field": entry.field,
            "author": plain(&entry.author),
            "words": match dialect {
                Dialect::Sqlite => plain(&entry.words),
                Dialect::Postgres => lexemes(room, entry),
            },
        })
    };
    let rows = Value::Array(entries.iter().map(row).collect()).to_string();
    tx.run(ADD_TEXTS).bind(room).bind(&rows).execute().await?;
    tx.run(ADD_WORDS).bind(room).bind(&rows).execute().await.map(drop)
}

pub(super) async fn forget(tx: &mut Tx, room: Id<Room>, seq: i64) -> Result<(), Fault> {
    tx.run(FORGET).bind(room).bind(seq).execute().await.map(drop)
}

pub(super) async fn said_by(
    tx: &mut Tx,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<(String, Option<String>)>, Fault> {
    tx.run(SAID_BY).bind(room).bind(seq).optional().await
}

/// Words for SQLite: `·` stands where one is left out, so that its neighbours do not meet.
fn plain(words: &[Option<String>]) -> String {
    let told: Vec<&str> = words.iter().map(|it| it.as_deref().unwrap_or("·")).collect();
    told.join(" ")
}

/// Words for PostgreSQL. A word is letters and digits, so nothing has to be escaped.
fn lexemes(room: Id<Room>, entry: &Entry) -> String {
    let mut told = format!("'={}'", room.uuid().simple());
    let authors = entry.author.iter().flatten().map(|word| format!(" '@{word}'"));
    told.extend(authors);
    let words = entry.words.iter().zip(1_usize..);
    let words = words.filter_map(|(word, place)| {
        word.as_ref().map(|word| format!(" '{word}':{place}"))
    });
    told.extend(words);
    told
}
