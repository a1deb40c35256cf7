//! Trimming a log: what is older than the rule of its room goes, from the front on, so that what is
//! left is dense and no seq is used twice. `first_seq` rises in the transaction that deletes; who
//! stands before it is told of a gap.
//!
//! The front alone can go, so a log is kept from the first event on that is young enough, or that a
//! legal hold keeps. A rule that was just changed rests for [`GRACE`].

use std::time::Duration;

use kernel::{Fault, Id, Moment, Room};
use store::{Conn, Hint, Tx, statements};

/// How long nothing is trimmed after a rule was changed: time to see a slip.
pub const GRACE: Duration = Duration::from_hours(7 * 24);
/// How many events one transaction takes away.
pub const CHUNK: i64 = 500;
/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

statements! {
    /// The rooms whose first event is older than their rule, and is not held.
    OVERDUE unscoped "the rules of all organisations" = "
        select r.id
        from retention t
        join space s on s.host_id = t.organisation_id
        join room r on r.space_id = s.id and r.kind <> 'internal'
        join room_event e on e.room_id = r.id and e.seq = r.first_seq
        where t.changed_at <= $1
          and e.at < $2 - $3 * case r.kind when 'main' then t.main_days
              when 'topic' then t.topic_days else t.direct_days end
          and not exists (
              select 1 from held_room h where h.room_id = r.id and h.from_seq <= r.first_seq)
          and not exists (
              select 1 from legal_hold p
              where p.kind = 'person' and p.subject_id = e.author_id
                and p.organisation_id = e.organisation_id and p.released_at is null)
        union all
        select r.id
        from retention t
        join room r on r.organisation_id = t.organisation_id and r.kind = 'internal'
        join room_event e on e.room_id = r.id and e.seq = r.first_seq
        where t.changed_at <= $1 and e.at < $2 - $3 * t.internal_days
          and not exists (
              select 1 from held_room h where h.room_id = r.id and h.from_seq <= r.first_seq)
          and not exists (
              select 1 from legal_hold p
              where p.kind = 'person' and p.subject_id = e.author_id
                and p.organisation_id = e.organisation_id and p.released_at is null)
        limit $4";

    /// Waits until nobody else trims or places a hold.
    TAKE_TURN unscoped "all trims and holds take turns" = "
        update retention_turn set no = no + 1";

    /// Locks a room's log, and tells where it begins and ends.
    LOCK unscoped "the clock trims, under the host's rule" = "
        update room set head_seq = head_seq where id = $1 returning first_seq, head_seq";

    /// The rule of a room: in days, and when it was changed.
    RULE = "
        select case r.kind when 'main' then t.main_days when 'topic' then t.topic_days
                    when 'internal' then t.internal_days else t.direct_days end as days,
               t.changed_at
        from room r
        join space s on s.id = r.space_id
        join retention t
          on t.organisation_id = case r.kind when 'internal' then r.organisation_id else s.host_id end
        where r.id = $1";

    /// The first of these events that is young enough, or whose author is held.
    FIRST_KEPT = "
        select min(e.seq)
        from room_event e
        where e.room_id = $1 and e.seq < $2
          and (e.at >= $3 or exists (
              select 1 from legal_hold h
              where h.kind = 'person' and h.subject_id = e.author_id
                and h.organisation_id = e.organisation_id and h.released_at is null))";

    /// Where the first hold on a room begins.
    FIRST_HELD unscoped "a hold of any side keeps the room" = "
        select min(from_seq) from held_room where room_id = $1";

    /// The files of what goes.
    NOTE_FILES unscoped "the clock trims, under the host's rule" = "
        insert into file_leaving (sha256, since)
        select distinct f.sha256, cast($3 as bigint) from room_file f
        where f.room_id = $1 and f.seq < $2
        on conflict (sha256) do update set since = excluded.since";

    /// Forgets which files hung on it.
    DROP_FILES unscoped "the clock trims, under the host's rule" = "
        delete from room_file where room_id = $1 and seq < $2";

    /// Forgets its words; the title of a topic, at 0, stays.
    DROP_WORDS unscoped "the clock trims, under the host's rule" = "
        delete from message_word
        where rowid in (
            select id from message_text where room_id = $1 and seq > 0 and seq < $2)";

    /// Forgets the places of its words.
    DROP_TEXTS unscoped "the clock trims, under the host's rule" = "
        delete from message_text where room_id = $1 and seq > 0 and seq < $2";

    /// Forgets what was hidden of it.
    DROP_HIDDEN unscoped "the clock trims, under the host's rule" = "
        delete from message_hidden where room_id = $1 and seq < $2";

    /// Forgets what a side that is not there any more had held of it.
    DROP_HELD unscoped "the clock trims, under the host's rule" = "
        delete from held_word where room_id = $1 and message < $2";

    /// Forgets it.
    DROP_EVENTS unscoped "the clock trims, under the host's rule" = "
        delete from room_event where room_id = $1 and seq < $2";

    /// The log begins later.
    BEGIN_AT unscoped "the clock trims, under the host's rule" = "
        update room set first_seq = $2 where id = $1";
}

/// What was trimmed of a log.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Trimmed {
    /// How many events went.
    pub gone: i64,
    /// Where the log begins now.
    pub first: i64,
    /// Whether there may be more to trim.
    pub more: bool,
}

/// Rooms that have something to trim, up to so many.
///
/// # Errors
/// If the database fails.
pub async fn overdue(
    conn: &mut Conn,
    now: Moment,
    most: i64,
) -> Result<Vec<Id<Room>>, Fault> {
    let query = conn.run(OVERDUE).bind(now - GRACE).bind(now).bind(DAY_US).bind(most);
    let rows: Vec<(Id<Room>,)> = query.all().await?;
    Ok(rows.into_iter().map(|(room,)| room).collect())
}

/// Waits until nobody else trims or places a hold: to the end of the transaction.
///
/// # Errors
/// If the database fails.
pub async fn take_turn(tx: &mut Tx) -> Result<(), Fault> {
    tx.run(TAKE_TURN).execute().await.map(drop)
}

/// Takes the oldest of a log away, as far as its rule and the holds on it allow and no more than
/// [`CHUNK`] events; none where there is nothing to take.
///
/// # Errors
/// If the database fails.
pub async fn trim(
    tx: &mut Tx,
    room: Id<Room>,
    now: Moment,
) -> Result<Option<Trimmed>, Fault> {
    take_turn(tx).await?;
    let log: Option<(i64, i64)> = tx.run(LOCK).bind(room).optional().await?;
    let rule: Option<(Option<i64>, Moment)> = tx.run(RULE).bind(room).optional().await?;
    let (Some((first, head)), Some((Some(days), changed_at))) = (log, rule) else {
        return Ok(None);
    };
    if changed_at + GRACE > now {
        return Ok(None);
    }
    let oldest = Moment::from_micros(now.micros() - days.saturating_mul(DAY_US));
    let end = (first + CHUNK).min(head + 1);
    let query = tx.run(FIRST_KEPT).bind(room).bind(end).bind(oldest);
    let (kept,): (Option<i64>,) = query.one().await?;
    let (first_held,): (Option<i64>,) = tx.run(FIRST_HELD).bind(room).one().await?;
    let first_left = end.min(kept.unwrap_or(end)).min(first_held.unwrap_or(end));
    if first_left <= first {
        return Ok(None);
    }
    tx.run(NOTE_FILES).bind(room).bind(first_left).bind(now).execute().await?;
    for drop in [
        DROP_FILES,
        DROP_WORDS,
        DROP_TEXTS,
        DROP_HIDDEN,
        DROP_HELD,
        DROP_EVENTS,
        BEGIN_AT,
    ] {
        tx.run(drop).bind(room).bind(first_left).execute().await?;
    }
    tx.hint(Hint::Room { room, head });
    let gone = first_left - first;
    Ok(Some(Trimmed { gone, first: first_left, more: first_left == end && end <= head }))
}
