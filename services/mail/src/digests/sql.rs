//! The statements of digests.

use directory::Locale;
use kernel::{
    Fault, Id, Letter, MailSeat, Membership, Moment, Organisation, Party, Person, Room,
    Space,
};
use sharing::RoomKind;
use store::{Conn, Tx, statements};

use super::Pace;

statements! {
    /// How somebody wants mail, and by which place in the organisation.
    HABIT = "
        select m.id as membership_id, coalesce(h.pace, 'off') as pace, coalesce(h.hour, 8) as hour,
               coalesce(h.zone, 'UTC') as zone, coalesce(h.since, 0) as since
        from membership m
        left join mail_habit h on h.membership_id = m.id
        where m.organisation_id = $1 and m.person_id = $2 and m.state = 'active'";

    /// Keeps how somebody wants mail.
    KEEP_HABIT = "
        insert into mail_habit (organisation_id, person_id, membership_id, pace, hour, zone, since)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (membership_id) do update
        set pace = excluded.pace, hour = excluded.hour, zone = excluded.zone, since = excluded.since";

    /// The pace of one room that somebody reads, if it has one of its own, and since when.
    ROOM_PACE = "
        select s.pace, s.since
        from person_room r
        left join membership m on m.organisation_id = r.organisation_id and m.person_id = $3 and m.state = 'active'
        left join mail_seat s on s.membership_id = m.id and s.room_id = r.room_id
        where r.organisation_id = $1 and r.room_id = $2
          and (r.person_id is null or r.person_id = $3)";

    /// Keeps the pace of one room.
    KEEP_SEAT = "
        insert into mail_seat (organisation_id, person_id, membership_id, room_id, pace, since, id, cursor_seq, secret)
        values ($1, $2, $3, $4, $5, $6, $7, 0, $8)
        on conflict (membership_id, room_id) do update
        set pace = excluded.pace, since = excluded.since";

    /// Gives somebody a place at a room, unless there is one.
    SIT = "
        insert into mail_seat (organisation_id, person_id, membership_id, room_id, pace, since, id, cursor_seq, secret)
        values ($1, $2, $3, $4, null, $5, $6, 0, $7)
        on conflict (membership_id, room_id) do nothing";

    /// That place.
    SEAT_AT unscoped "by a membership that was found active" = "
        select id from mail_seat where membership_id = $1 and room_id = $2";

    /// The rooms for which somebody wants another pace than usual.
    EXCEPTIONS = "
        select s.room_id, s.space_id, s.kind, s.title, s.pace
        from live_seat s
        where s.organisation_id = $1 and s.person_id = $2 and s.pace is not null
        order by s.id
        limit 200";

    /// Who is to be written to of a room, with nothing planned for them yet.
    BEHIND unscoped "the hub looks after everybody who may read the room and wants mail" = "
        select m.id as membership_id, coalesce(s.pace, h.pace, 'off') as pace,
               coalesce(h.hour, 8) as hour, coalesce(h.zone, 'UTC') as zone
        from person_room r
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            and (r.person_id is null or r.person_id = m.person_id)
        left join mail_habit h on h.membership_id = m.id
        left join mail_seat s on s.membership_id = m.id and s.room_id = r.room_id
        left join room_read w on w.room_id = r.room_id and w.organisation_id = m.organisation_id
            and w.person_id = m.person_id
        where r.room_id = $1 and coalesce(s.pace, h.pace, 'off') <> 'off'
          and r.head_seq > coalesce(s.cursor_seq, 0) and r.head_seq > coalesce(w.seq, 0)
          and not exists (
              select 1 from room_own o
              where o.room_id = r.room_id and o.organisation_id = m.organisation_id
                and o.person_id = m.person_id and o.level = 'nothing')
          and not exists (
              select 1 from mail_turn t
              where t.membership_id = m.id and t.pace = coalesce(s.pace, h.pace))
        order by m.id
        limit 500";

    /// Whether anybody wants such mail at all.
    ANYBODY unscoped "the hub looks after everybody who wants mail" = "
        select (select count(*) from (select 1 from mail_habit where pace <> 'off' limit 1) h)
             + (select count(*) from (select 1 from mail_seat where pace <> 'off' limit 1) s)";

    /// The rooms and how long their logs are.
    HEADS unscoped "the hub looks after every room" = "
        select id, head_seq from room where head_seq > 0 and id > $1 order by id limit 1000";

    /// Somebody is to be written to, unless they are already.
    PLAN unscoped "by a membership that was found active" = "
        insert into mail_turn (membership_id, pace, due_at) values ($1, $2, $3)
        on conflict (membership_id, pace) do nothing";

    /// It is being done.
    TAKE_TURN unscoped "by the membership that its job names" = "
        delete from mail_turn where membership_id = $1 and pace = $2 and due_at = $3";

    /// It is not to be done any more: its job finds nothing.
    CALL_OFF unscoped "by a membership that was found active" = "
        delete from mail_turn where membership_id = $1";

    /// The paces that rooms of somebody's have of their own.
    PACES unscoped "by a membership that was found active" = "
        select distinct pace from mail_seat where membership_id = $1 and pace is not null and pace <> 'off'";

    /// To whom a letter goes.
    ADDRESSEE unscoped "by the membership that a job or a letter names" = "
        select m.id as membership_id, m.organisation_id, m.person_id, p.email, p.name, p.locale,
               o.name as organisation_name, coalesce(h.zone, 'UTC') as zone
        from membership m
        join person p on p.id = m.person_id
        join organisation o on o.id = m.organisation_id
        left join mail_habit h on h.membership_id = m.id
        where m.id = $1 and m.state = 'active'";

    /// The rooms in which somebody has not read all, of those with one pace.
    UNREAD unscoped "by a membership that was found active" = "
        select r.room_id, r.space_id, r.kind, r.title, r.party_id, s.id as seat_id, s.secret,
               coalesce(s.cursor_seq, 0) as after_seq, r.head_seq as upto_seq,
               case when s.pace is null then h.since else s.since end as since,
               coalesce(w.seq, 0) as read_seq,
               cast(case when o.level = 'mentions' then 1 else 0 end as bigint) as calls_only
        from membership m
        join person_room r on r.organisation_id = m.organisation_id
            and (r.person_id is null or r.person_id = m.person_id)
        left join mail_habit h on h.membership_id = m.id
        left join mail_seat s on s.membership_id = m.id and s.room_id = r.room_id
        left join room_read w on w.room_id = r.room_id and w.organisation_id = m.organisation_id
            and w.person_id = m.person_id
        left join room_own o on o.room_id = r.room_id and o.organisation_id = m.organisation_id
            and o.person_id = m.person_id
        where m.id = $1 and m.state = 'active' and coalesce(s.pace, h.pace, 'off') = $2
          and coalesce(o.level, 'all') <> 'nothing'
          and r.head_seq > coalesce(s.cursor_seq, 0) and r.head_seq > coalesce(w.seq, 0)
        order by r.room_id
        limit 500";

    /// What a letter may still tell of: read again right before it goes.
    OF_LETTER unscoped "by the letter that its job names; the places are live ones" = "
        select s.room_id, s.space_id, s.kind, s.title, s.party_id, s.id as seat_id, s.secret,
               t.from_seq as after_seq, t.to_seq as upto_seq,
               case when s.pace is null then h.since else s.since end as since,
               coalesce(w.seq, 0) as read_seq,
               cast(case when o.level = 'mentions' then 1 else 0 end as bigint) as calls_only
        from letter_room t
        join live_seat s on s.id = t.seat_id and s.party_id = t.party_id
        left join mail_habit h on h.membership_id = s.membership_id
        left join room_read w on w.room_id = s.room_id and w.organisation_id = s.organisation_id
            and w.person_id = s.person_id
        left join room_own o on o.room_id = s.room_id and o.organisation_id = s.organisation_id
            and o.person_id = s.person_id
        where t.letter_id = $1 and coalesce(s.pace, h.pace, 'off') <> 'off'
          and coalesce(o.level, 'all') <> 'nothing'
        order by s.room_id";

    /// Letters told of a room up to here.
    ADVANCE unscoped "by a membership that was found active" = "
        update mail_seat set cursor_seq = $2 where id = $1 and cursor_seq < $2";

    /// A letter is to tell of a room.
    ADD_ROOM unscoped "by a membership that was found active" = "
        insert into letter_room (letter_id, seat_id, party_id, from_seq, to_seq, told)
        values ($1, $2, $3, $4, $5, 0)";

    /// The letter's bytes tell of none so far.
    UNTELL unscoped "by the letter that its job names" = "
        update letter_room set told = 0 where letter_id = $1";

    /// They tell of this room.
    TELL unscoped "by the letter that its job names" = "
        update letter_room set told = 1 where letter_id = $1 and seat_id = $2";

    /// What somebody was sent of one room alone and has sent there, newest first.
    EARLIER unscoped "by a place that was found live" = "
        select e.message_id
        from (
            select l.message_id, l.at
            from letter l
            where l.seat_id = $1 and l.id <> $2 and l.at <= $3 and l.state in ('queued', 'sent', 'kept')
            union all
            select a.message_id, a.at
            from arrival a
            where a.seat_id = $1 and a.at <= $3 and a.state = 'posted' and a.message_id is not null) e
        order by e.at desc
        limit 40";

    /// What somebody was sent of several rooms, newest first.
    EARLIER_OF_ALL unscoped "by a membership that was found active" = "
        select l.message_id
        from letter l
        where l.membership_id = $1 and l.seat_id is null and l.id <> $2 and l.at <= $3
          and l.state in ('queued', 'sent', 'kept')
        order by l.at desc
        limit 20";

    /// A place that may be written from.
    LIVE_SEAT unscoped "the token in the address is the right" = "
        select s.id, s.room_id, s.membership_id, s.party_id, s.email, s.secret
        from live_seat s
        where s.id = $1";

    /// The place to which a letter of one room went, if it may be written from.
    ANSWERED unscoped "only its reader has seen the letter's id" = "
        select s.id, s.room_id, s.membership_id, s.party_id, s.email, s.secret
        from letter l
        join live_seat s on s.id = l.seat_id
        where l.message_id = $1";

    /// A place, live or not: for who wants no more mail.
    SEAT_SECRET unscoped "the token in the link is the right" = "
        select s.secret, p.locale
        from mail_seat s
        join person p on p.id = s.person_id
        where s.id = $1";

    /// In which language the reader of a letter is asked.
    LETTER_LOCALE unscoped "the token in the link is the right" = "
        select p.locale
        from letter l
        join membership m on m.id = l.membership_id
        join person p on p.id = m.person_id
        where l.id = $1";

    /// No more mail of a room.
    QUIET_SEAT unscoped "the token in the link is the right" = "
        update mail_seat set pace = 'off' where id = $1";

    /// No more mail of the rooms that a letter told of.
    QUIET_LETTER unscoped "the token in the link is the right" = "
        update mail_seat set pace = 'off'
        where id in (select t.seat_id from letter_room t where t.letter_id = $1)";
}

/// How somebody wants mail, as it is kept.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct HabitRow {
    pub(super) membership_id: Id<Membership>,
    pub(super) pace: Pace,
    pub(super) hour: i64,
    pub(super) zone: String,
    pub(super) since: Moment,
}

/// A room with a pace of its own.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Exception {
    pub(super) room_id: Id<Room>,
    pub(super) space_id: Id<Space>,
    pub(super) kind: RoomKind,
    pub(super) title: String,
    pub(super) pace: Pace,
}

/// Somebody who is to be written to.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Behind {
    pub(super) membership_id: Id<Membership>,
    pub(super) pace: Pace,
    pub(super) hour: i64,
    pub(super) zone: String,
}

/// To whom a letter goes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Addressee {
    pub(super) membership_id: Id<Membership>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) person_id: Id<Person>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) locale: Locale,
    pub(super) organisation_name: String,
    pub(super) zone: String,
}

/// A room that a letter may tell of.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Place {
    pub(super) room_id: Id<Room>,
    pub(super) space_id: Id<Space>,
    pub(super) kind: RoomKind,
    pub(super) title: String,
    pub(super) party_id: Id<Party>,
    pub(super) seat_id: Option<Id<MailSeat>>,
    pub(super) secret: Option<Vec<u8>>,
    pub(super) after_seq: i64,
    pub(super) upto_seq: i64,
    pub(super) since: Option<Moment>,
    pub(super) read_seq: i64,
    pub(super) calls_only: i64,
}

/// A place that may be written from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct LiveSeat {
    pub(crate) id: Id<MailSeat>,
    pub(crate) room_id: Id<Room>,
    pub(crate) membership_id: Id<Membership>,
    pub(crate) party_id: Id<Party>,
    pub(crate) email: String,
    pub(crate) secret: Vec<u8>,
}

pub(super) async fn habit(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<HabitRow>, Fault> {
    conn.run(HABIT).bind(organisation).bind(person).optional().await
}

/// The room's own pace, and since when; none where the room may not be read.
pub(super) async fn room_pace(
    conn: &mut Conn,
    (organisation, person): (Id<Organisation>, Id<Person>),
    room: Id<Room>,
) -> Result<Option<(Option<Pace>, Option<Moment>)>, Fault> {
    conn.run(ROOM_PACE).bind(organisation).bind(room).bind(person).optional().await
}

pub(super) async fn addressee(
    conn: &mut Conn,
    membership: Id<Membership>,
) -> Result<Option<Addressee>, Fault> {
    conn.run(ADDRESSEE).bind(membership).optional().await
}

pub(super) async fn of_letter(
    conn: &mut Conn,
    letter: Id<Letter>,
) -> Result<Vec<Place>, Fault> {
    conn.run(OF_LETTER).bind(letter).all().await
}

/// The place of somebody at a room; made where there is none.
pub(super) async fn sit(
    tx: &mut Tx,
    who: &Addressee,
    room: Id<Room>,
    secret: Vec<u8>,
    now: Moment,
) -> Result<Id<MailSeat>, Fault> {
    tx.run(SIT)
        .bind(who.organisation_id)
        .bind(who.person_id)
        .bind(who.membership_id)
        .bind(room)
        .bind(now)
        .bind(Id::<MailSeat>::mint())
        .bind(secret)
        .execute()
        .await?;
    let (seat,) = tx.run(SEAT_AT).bind(who.membership_id).bind(room).one().await?;
    Ok(seat)
}

/// The ids of what came before, oldest first.
pub(super) async fn earlier(
    conn: &mut Conn,
    (seat, membership): (Option<Id<MailSeat>>, Id<Membership>),
    letter: Id<Letter>,
    at: Moment,
) -> Result<Vec<String>, Fault> {
    let query = match seat {
        Some(seat) => conn.run(EARLIER).bind(seat),
        None => conn.run(EARLIER_OF_ALL).bind(membership),
    };
    let ids: Vec<(String,)> = query.bind(letter).bind(at).all().await?;
    Ok(ids.into_iter().rev().map(|(id,)| id).collect())
}
