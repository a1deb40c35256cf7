//! The tables `room_call` and `call_seat`.

use gate::Caller;
use kernel::{Call, Fault, Id, Moment, Organisation, Party, Person, Room, Seat};
use sharing::{Reader, RoomKind};
use store::{Conn, Dialect, Tx, statements};

statements! {
    /// Holds a room's calls as they are. On SQLite, who writes is alone anyway.
    LOCK unscoped "the caller has shown its right to the room, or leaves it" = sqlite "
        select id from room where id = $1",
    postgres "
        select id from room where id = $1 for update";

    /// The call that goes on in a room.
    GOING unscoped "the caller has shown its right to the room, or ends what is over" = "
        select c.id, c.room_id, c.organisation_id, c.person_id, c.started_at, r.kind
        from room_call c
        join room r on r.id = c.room_id
        where c.room_id = $1 and c.ended_at is null";

    /// The room of a call.
    ROOM_OF unscoped "for the job that ends what is over" = "
        select room_id from room_call where id = $1";

    /// Starts a call.
    BEGIN = "
        insert into room_call (id, room_id, organisation_id, person_id, revision, started_at)
        values ($1, $2, $3, $4, 0, $5)";

    /// A call has changed.
    CHANGED unscoped "by the call whose room is locked" = "
        update room_call set revision = revision + 1 where id = $1";

    /// A call is over.
    END unscoped "by the call whose room is locked" = "
        update room_call set revision = revision + 1, ended_at = $2
        where id = $1 and ended_at is null";

    /// The seats of a room's call, with whether each may still be held: told to nobody.
    TAKEN unscoped "only by whom the seats are held decides on them" = "
        select s.id, s.organisation_id, s.person_id, s.sharing, s.joined_at, s.seen_at, s.lease_until,
               cast(case when exists (
                   select 1
                   from person_room r
                   join membership m on m.organisation_id = r.organisation_id
                       and m.person_id = s.person_id and m.state = 'active'
                   where r.room_id = c.room_id and r.organisation_id = s.organisation_id
                     and (r.person_id is null or r.person_id = s.person_id))
                   then 1 else 0 end as bigint) as reads
        from room_call c
        join call_seat s on s.call_id = c.id and s.left_at is null
        where c.room_id = $1 and c.ended_at is null
        order by s.joined_at, s.id";

    /// Takes a seat.
    SIT = "
        insert into call_seat (id, call_id, organisation_id, person_id, muted, sharing, joined_at, seen_at, lease_until)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)";

    /// Gets up.
    STAND unscoped "by the seat, whose room is locked" = "
        update call_seat set left_at = $2 where id = $1 and left_at is null";

    /// A seat goes on, for whom still reads the room.
    RENEW unscoped "by the seat's own organisation and person" = "
        update call_seat set seen_at = $2, lease_until = $3
        where id = $1 and left_at is null and exists (
            select 1
            from room_call c
            join person_room r on r.room_id = c.room_id
            join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            where c.id = call_seat.call_id and c.ended_at is null
              and r.organisation_id = call_seat.organisation_id and m.person_id = call_seat.person_id
              and (r.person_id is null or r.person_id = call_seat.person_id))";

    /// How somebody takes part.
    TELL = "
        update call_seat set muted = $4, sharing = $5
        where id = $1 and organisation_id = $2 and person_id = $3 and left_at is null
          and call_id in (select c.id from room_call c where c.room_id = $6 and c.ended_at is null)";

    /// Whether two seats are of one call that goes on in a room, and both may read it now.
    PAIR unscoped "each of the two by its own organisation and person" = "
        select t.id
        from room_call c
        join call_seat s on s.call_id = c.id and s.left_at is null
        join call_seat t on t.call_id = c.id and t.left_at is null and t.id <> s.id
        join person_room a on a.room_id = c.room_id and a.organisation_id = s.organisation_id
            and (a.person_id is null or a.person_id = s.person_id)
        join person_room b on b.room_id = c.room_id and b.organisation_id = t.organisation_id
            and (b.person_id is null or b.person_id = t.person_id)
        join membership m on m.organisation_id = s.organisation_id and m.person_id = s.person_id
            and m.state = 'active'
        join membership n on n.organisation_id = t.organisation_id and n.person_id = t.person_id
            and n.state = 'active'
        where c.room_id = $1 and c.ended_at is null and s.id = $2 and t.id = $3";

    /// The call of a room, as who reads the room may see it.
    SEEN = "
        select c.id, c.revision, c.started_at, c.person_id, p.name
        from person_room r
        join room_call c on c.room_id = r.room_id and c.ended_at is null
        join person p on p.id = c.person_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// Who is in it: those who may read the room themselves.
    SEATS_SEEN = "
        select s.id, s.person_id, p.name, s.organisation_id, o.name as organisation_name,
               s.muted, s.sharing, s.joined_at
        from person_room r
        join room_call c on c.room_id = r.room_id and c.ended_at is null
        join call_seat s on s.call_id = c.id and s.left_at is null
        join person_room t on t.room_id = c.room_id and t.organisation_id = s.organisation_id
            and (t.person_id is null or t.person_id = s.person_id)
        join membership m on m.organisation_id = s.organisation_id and m.person_id = s.person_id
            and m.state = 'active'
        join person p on p.id = s.person_id
        join organisation o on o.id = s.organisation_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)
        order by s.joined_at, s.id";

    /// Who took part in a call, from first to last.
    TOOK unscoped "what is told of it goes into the room's own log" = "
        select s.person_id, p.name, s.organisation_id, o.name as organisation_name,
               max(s.left_at) as left_at
        from call_seat s
        join person p on p.id = s.person_id
        join organisation o on o.id = s.organisation_id
        where s.call_id = $1
        group by s.person_id, p.name, s.organisation_id, o.name
        order by min(s.joined_at), s.person_id";

    /// The other one of a room of two people, unless they want nothing of it.
    OTHERS unscoped "the author has shown their right to the room" = "
        select r.organisation_id, r.person_id, r.party_id
        from person_room r
        where r.room_id = $1 and r.person_id is not null and r.person_id <> $2
          and not exists (
              select 1 from room_own w
              where w.room_id = r.room_id and w.organisation_id = r.organisation_id
                and w.person_id = r.person_id and w.level = 'nothing')";

    /// The calls that ring for somebody: of rooms of two people, where they are not yet.
    RINGS = "
        select c.id, c.room_id, c.started_at, c.person_id, p.name,
               c.organisation_id, o.name as organisation_name
        from person_room r
        join room_call c on c.room_id = r.room_id and c.ended_at is null
        join person p on p.id = c.person_id
        join organisation o on o.id = c.organisation_id
        where r.organisation_id = $1 and r.person_id = $2 and c.person_id <> $2
          and exists (select 1 from call_seat s where s.call_id = c.id and s.left_at is null)
          and not exists (
              select 1 from call_seat s
              where s.call_id = c.id and s.person_id = $2)
          and not exists (
              select 1 from room_own w
              where w.room_id = r.room_id and w.organisation_id = r.organisation_id
                and w.person_id = r.person_id and w.level = 'nothing')
        order by c.started_at desc
        limit 20";
}

/// A call that goes on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Going {
    pub(super) id: Id<Call>,
    pub(super) room_id: Id<Room>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) person_id: Id<Person>,
    pub(super) started_at: Moment,
    pub(super) kind: RoomKind,
}

/// A seat that somebody holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Taken {
    pub(super) id: Id<Seat>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) person_id: Id<Person>,
    pub(super) sharing: bool,
    pub(super) joined_at: Moment,
    pub(super) seen_at: Moment,
    pub(super) lease_until: Moment,
    /// 1 while its person may read the room.
    pub(super) reads: i64,
}

/// Somebody who took part.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Took {
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    pub(super) left_at: Option<Moment>,
}

/// A call as its room sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Seen {
    pub(super) id: Id<Call>,
    pub(super) revision: i64,
    pub(super) started_at: Moment,
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
}

/// A seat as its room sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SeatSeen {
    pub(super) id: Id<Seat>,
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    pub(super) muted: bool,
    pub(super) sharing: bool,
    pub(super) joined_at: Moment,
}

/// A call that rings.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Ring {
    pub(super) id: Id<Call>,
    pub(super) room_id: Id<Room>,
    pub(super) started_at: Moment,
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
}

pub(super) async fn lock(tx: &mut Tx, room: Id<Room>) -> Result<(), Fault> {
    if tx.dialect() == Dialect::Postgres {
        let _held: Vec<(Id<Room>,)> = tx.run(LOCK).bind(room).all().await?;
    }
    Ok(())
}

pub(super) async fn going(
    conn: &mut Conn,
    room: Id<Room>,
) -> Result<Option<Going>, Fault> {
    conn.run(GOING).bind(room).optional().await
}

pub(super) async fn room_of(
    conn: &mut Conn,
    call: Id<Call>,
) -> Result<Option<Id<Room>>, Fault> {
    let row: Option<(Id<Room>,)> = conn.run(ROOM_OF).bind(call).optional().await?;
    Ok(row.map(|(room,)| room))
}

pub(super) async fn begin(
    tx: &mut Tx,
    call: Id<Call>,
    caller: &Caller,
    room: Id<Room>,
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(BEGIN).bind(call).bind(room).bind(caller.organisation);
    query.bind(caller.person).bind(now).execute().await.map(drop)
}

pub(super) async fn changed(tx: &mut Tx, call: Id<Call>) -> Result<(), Fault> {
    tx.run(CHANGED).bind(call).execute().await.map(drop)
}

/// Whether it was going on until now.
pub(super) async fn end(tx: &mut Tx, call: Id<Call>, at: Moment) -> Result<bool, Fault> {
    Ok(tx.run(END).bind(call).bind(at).execute().await? > 0)
}

pub(super) async fn taken(conn: &mut Conn, room: Id<Room>) -> Result<Vec<Taken>, Fault> {
    conn.run(TAKEN).bind(room).all().await
}

pub(super) async fn sit(
    tx: &mut Tx,
    (seat, call): (Id<Seat>, Id<Call>),
    caller: &Caller,
    muted: bool,
    (now, until): (Moment, Moment),
) -> Result<(), Fault> {
    let query = tx.run(SIT).bind(seat).bind(call).bind(caller.organisation);
    let query = query.bind(caller.person).bind(muted).bind(false);
    query.bind(now).bind(until).execute().await.map(drop)
}

/// Whether somebody sat there.
pub(super) async fn stand(
    tx: &mut Tx,
    seat: Id<Seat>,
    at: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(STAND).bind(seat).bind(at).execute().await? > 0)
}

/// Whether the seat may be held on.
pub(super) async fn renew(
    tx: &mut Tx,
    seat: Id<Seat>,
    now: Moment,
    until: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(RENEW).bind(seat).bind(now).bind(until).execute().await? > 0)
}

/// Whether it is the caller's seat.
pub(super) async fn tell(
    tx: &mut Tx,
    caller: &Caller,
    (seat, room): (Id<Seat>, Id<Room>),
    (muted, sharing): (bool, bool),
) -> Result<bool, Fault> {
    let query = tx.run(TELL).bind(seat).bind(caller.organisation).bind(caller.person);
    let query = query.bind(muted).bind(sharing).bind(room);
    Ok(query.execute().await? > 0)
}

pub(super) async fn are_of_one_call(
    conn: &mut Conn,
    room: Id<Room>,
    (from, to): (Id<Seat>, Id<Seat>),
) -> Result<bool, Fault> {
    let query = conn.run(PAIR).bind(room).bind(from).bind(to);
    let row: Option<(Id<Seat>,)> = query.optional().await?;
    Ok(row.is_some())
}

pub(super) async fn seen(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
) -> Result<Option<Seen>, Fault> {
    let query = conn.run(SEEN).bind(reader.organisation).bind(room);
    query.bind(reader.person).optional().await
}

pub(super) async fn seats_seen(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
) -> Result<Vec<SeatSeen>, Fault> {
    let query = conn.run(SEATS_SEEN).bind(reader.organisation).bind(room);
    query.bind(reader.person).all().await
}

pub(super) async fn took(conn: &mut Conn, call: Id<Call>) -> Result<Vec<Took>, Fault> {
    conn.run(TOOK).bind(call).all().await
}

pub(super) async fn others(
    conn: &mut Conn,
    room: Id<Room>,
    person: Id<Person>,
) -> Result<Vec<(Id<Organisation>, Id<Person>, Id<Party>)>, Fault> {
    conn.run(OTHERS).bind(room).bind(person).all().await
}

pub(super) async fn rings(conn: &mut Conn, caller: &Caller) -> Result<Vec<Ring>, Fault> {
    conn.run(RINGS).bind(caller.organisation).bind(caller.person).all().await
}
