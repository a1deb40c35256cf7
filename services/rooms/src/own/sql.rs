use gate::Caller;
use kernel::{Fault, Id, Moment, Room};
use store::{Conn, Tx, statements};

use super::{Own, Reader, rules::Change};

statements! {
    /// What a person keeps of a room that their organisation reads.
    OWN = "
        select coalesce(w.level, 'all') as level, w.draft, w.draft_at
        from person_room r
        left join room_own w on w.room_id = r.room_id and w.organisation_id = r.organisation_id
            and w.person_id = $3
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// Keeps what is named; the rest stays.
    KEEP = "
        insert into room_own (room_id, person_id, organisation_id, level, draft, draft_at)
        select r.room_id, $3, r.organisation_id, coalesce(cast($4 as text), 'all'),
               nullif(cast($5 as text), ''), case when cast($5 as text) <> '' then cast($6 as bigint) end
        from person_room r
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)
        on conflict (room_id, person_id, organisation_id) do update
        set level = coalesce(cast($4 as text), room_own.level),
            draft = case when cast($5 as text) is null then room_own.draft else excluded.draft end,
            draft_at = case when cast($5 as text) is null then room_own.draft_at else excluded.draft_at end";

    /// How far others have read a room, the furthest first.
    READERS = "
        select w.person_id, p.name, w.organisation_id, w.seq
        from person_room own
        join person_room r on r.room_id = own.room_id
        join room_read w on w.room_id = r.room_id and w.organisation_id = r.organisation_id
            and (r.person_id is null or r.person_id = w.person_id)
        join membership m on m.organisation_id = w.organisation_id and m.person_id = w.person_id
            and m.state = 'active'
        join person p on p.id = w.person_id
        where own.organisation_id = $1 and own.room_id = $2
          and (own.person_id is null or own.person_id = $3) and w.person_id <> $3
          and w.seq >= own.from_seq
          and (w.organisation_id = own.organisation_id or own.person_id is not null or exists (
              select 1 from room_event e
              where e.room_id = own.room_id and e.seq >= own.from_seq
                and e.author_id = w.person_id and e.organisation_id = w.organisation_id))
        order by w.seq desc, w.person_id
        limit $4";
}

/// How many readers are told.
const MOST_READERS: i64 = 100;

pub(super) async fn own(
    conn: &mut Conn,
    caller: &Caller,
    room: Id<Room>,
) -> Result<Option<Own>, Fault> {
    let query = conn.run(OWN).bind(caller.organisation).bind(room);
    query.bind(caller.person).optional().await
}

pub(super) async fn keep(
    tx: &mut Tx,
    caller: &Caller,
    room: Id<Room>,
    change: &Change,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(KEEP)
        .bind(caller.organisation)
        .bind(room)
        .bind(caller.person)
        .bind(change.level)
        .bind(change.draft.clone())
        .bind(now)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn readers(
    conn: &mut Conn,
    caller: &Caller,
    room: Id<Room>,
) -> Result<Vec<Reader>, Fault> {
    let query = conn.run(READERS).bind(caller.organisation).bind(room);
    query.bind(caller.person).bind(MOST_READERS).all().await
}
