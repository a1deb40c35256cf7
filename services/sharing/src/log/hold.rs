//! What a legal hold keeps of a message that is taken back, and what becomes of its files.

use kernel::{Fault, Id, Moment, Room};
use store::{Tx, statements};

statements! {
    /// Keeps the words of a message that is about to be taken back, for each hold that is on it:
    /// one on its author, by the author's own side; or one on its room or space, by a side that
    /// reads it.
    KEEP = "
        insert into held_word (hold_id, organisation_id, room_id, seq, message, author_name, side_id, body, detail, at, taken_at)
        select h.id, h.organisation_id, e.room_id, e.seq, $2, e.author_name, e.organisation_id,
               e.body, e.detail, e.at, $3
        from told_event e
        join room r on r.id = e.room_id
        join legal_hold h on h.released_at is null
        where e.room_id = $1 and e.body is not null
          and ((e.seq = $2 and e.kind = 'msg') or (e.target = $2 and e.kind = 'edit'))
          and ((h.kind = 'person' and h.subject_id = e.author_id and h.organisation_id = e.organisation_id)
               or (((h.kind = 'room' and h.subject_id = r.id) or (h.kind = 'space' and h.subject_id = r.space_id))
                   and (e.hidden is null or e.hidden_of = h.organisation_id)
                   and exists (
                       select 1 from readable_room q
                       where q.room_id = r.id and q.organisation_id = h.organisation_id
                         and q.from_seq <= $2)))";

    /// The files of a message that is gone, unless somebody holds it.
    NOTE_FILES unscoped "of a message that was just taken back or let go" = "
        insert into file_leaving (sha256, since)
        select distinct f.sha256, cast($3 as bigint)
        from room_file f
        where f.room_id = $1 and f.seq = $2
          and not exists (select 1 from held_word w where w.room_id = f.room_id and w.message = f.seq)
        on conflict (sha256) do update set since = excluded.since";

    /// Takes them off it.
    TAKE_OFF unscoped "of a message that was just taken back or let go" = "
        delete from room_file
        where room_id = $1 and seq = $2
          and not exists (
              select 1 from held_word w
              where w.room_id = room_file.room_id and w.message = room_file.seq)";
}

/// Keeps what is held of a message that is about to be taken back; its files leave, unless
/// they are held with it.
pub(super) async fn keep(
    tx: &mut Tx,
    room: Id<Room>,
    seq: i64,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(KEEP).bind(room).bind(seq).bind(now).execute().await?;
    settle_files(tx, room, seq, now).await
}

/// Takes the files off a message that is gone, unless somebody still holds it.
///
/// # Errors
/// If the database fails.
pub async fn settle_files(
    tx: &mut Tx,
    room: Id<Room>,
    seq: i64,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(NOTE_FILES).bind(room).bind(seq).bind(now).execute().await?;
    tx.run(TAKE_OFF).bind(room).bind(seq).execute().await.map(drop)
}
