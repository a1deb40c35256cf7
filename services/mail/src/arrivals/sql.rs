//! The statements of arrivals.

use kernel::{
    Arrival, Fault, Guest, Id, MailPartner, MailSeat, Moment, Organisation, Party,
    Person, Room, Space,
};
use sharing::RoomKind;
use store::{Conn, Tx, statements};

use super::ArrivalState;
use crate::authentic::{Checks, Verdict};

statements! {
    /// A mail that waits to be filed.
    STORED unscoped "by the id that its job names" = "
        select room_id, guest_id, mail_partner_id, seat_id, sha256 from arrival where id = $1 and state = 'stored'";

    /// A guest that may write, and the part of its sponsor.
    WRITER unscoped "by the guest that the token proved" = "
        select g.id, g.space_id, g.room_id, g.sponsor_id, g.email, g.name, g.added_by,
               p.id as party_id, r.title
        from live_guest g
        join live_party p on p.space_id = g.space_id and p.organisation_id = g.sponsor_id
        join room r on r.id = g.room_id
        where g.id = $1";

    /// Whether a guest's mail of this id stands in the room.
    POSTED_BEFORE unscoped "by the guest that the token proved" = "
        select count(*) from arrival
        where room_id = $1 and sender = $2 and message_id = $3 and state = 'posted'";

    /// How many mails of a guest were posted since a moment.
    POSTED_SINCE unscoped "by the guest that the token proved" = "
        select count(*) from arrival where guest_id = $1 and state = 'posted' and at >= $2";

    /// How often a guest said the same words in a room since a moment.
    SAME_SINCE unscoped "by the guest that the token proved" = "
        select count(*) from room_event
        where room_id = $1 and author_id = $2 and body = $3 and at >= $4";

    /// A member who may write from a place, as it was when the mail came and is now.
    MEMBER unscoped "by the place that the token proved" = "
        select s.id, s.room_id, s.space_id, s.organisation_id, s.person_id, s.email, s.name,
               s.kind, s.title, s.party_id
        from live_seat s
        where s.id = $1";

    /// How many mails of a member were posted since a moment.
    MEMBER_SINCE unscoped "by the place that the token proved" = "
        select count(*) from arrival where seat_id = $1 and state = 'posted' and at >= $2";

    /// Mails that wait for the member whose name they bear, newest first.
    MINE = "
        select a.id, a.seat_id, a.sender, a.subject, a.state, a.reason, a.at, a.sha256, a.spf, a.dkim, a.dmarc
        from arrival a
        join live_seat s on s.id = a.seat_id and s.organisation_id = $1 and s.person_id = $2
        where a.state = 'quarantined'
        order by a.at desc, a.id desc
        limit 100";

    /// A mail that waits for the member whose name it bears, or that the member has dealt with.
    ONE_OF_MINE = "
        select a.id, a.seat_id, a.sender, a.subject, a.state, a.reason, a.at, a.sha256, a.spf, a.dkim, a.dmarc
        from arrival a
        join live_seat s on s.id = a.seat_id and s.organisation_id = $1 and s.person_id = $2
        where a.id = $3
          and (a.state = 'quarantined' or a.reason in ('a person let it in', 'a person put it away'))";

    /// What is known of where it comes from.
    CHECKED unscoped "by the id that its job names" = "
        update arrival set spf = $2, dkim = $3, dmarc = $4 where id = $1";

    /// What became of a mail.
    SETTLE unscoped "by the id that its job names" = "
        update arrival
        set state = $2, reason = $3, message_id = $4, sender = $5, subject = $6, seq = $7
        where id = $1 and state = 'stored'";

    /// Mails that wait for a person, newest first: to guests that the organisation invited
    /// into spaces in which it still takes part.
    QUARANTINE = "
        select a.id, a.guest_id, a.sender, a.recipient, a.subject, a.state, a.reason, a.at, a.sha256, a.spf, a.dkim, a.dmarc
        from arrival a
        join guest g on g.id = a.guest_id and g.sponsor_id = $1
        join live_party p on p.space_id = g.space_id and p.organisation_id = g.sponsor_id
        where a.state = 'quarantined' and (a.at < $2 or (a.at = $2 and a.id < $3))
        order by a.at desc, a.id desc
        limit $4";

    /// A mail that waits for a person, or that a person has dealt with.
    HELD = "
        select a.id, a.guest_id, a.sender, a.recipient, a.subject, a.state, a.reason, a.at, a.sha256, a.spf, a.dkim, a.dmarc
        from arrival a
        join guest g on g.id = a.guest_id and g.sponsor_id = $1
        join live_party p on p.space_id = g.space_id and p.organisation_id = g.sponsor_id
        where a.id = $2
          and (a.state = 'quarantined' or a.reason in ('a person let it in', 'a person put it away'))";

    /// A mail that waited waits no more.
    TAKE unscoped "the mail was found in the organisation's quarantine" = "
        update arrival set state = 'ignored', reason = $2 where id = $1 and state = 'quarantined'";

    /// Where in its room a mail stands.
    STANDS unscoped "the mail was found in the organisation's quarantine" = "
        update arrival set state = 'posted', seq = $2 where id = $1 and state = 'ignored'";
}

/// A mail that waits to be filed.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub(super) room_id: Option<Id<Room>>,
    pub(super) guest_id: Option<Id<Guest>>,
    pub(super) mail_partner_id: Option<Id<MailPartner>>,
    pub(super) seat_id: Option<Id<MailSeat>>,
    pub(super) sha256: String,
}

/// A guest that may write.
#[derive(sqlx::FromRow)]
pub(super) struct Writer {
    pub(super) id: Id<Guest>,
    pub(super) space_id: Id<Space>,
    pub(super) room_id: Id<Room>,
    pub(super) sponsor_id: Id<Organisation>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) added_by: Option<Id<Person>>,
    pub(super) party_id: Id<Party>,
    pub(super) title: String,
}

/// A mail that waits for a person.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Held {
    pub(super) id: Id<Arrival>,
    pub(super) guest_id: Id<Guest>,
    pub(super) state: ArrivalState,
    pub(super) sha256: String,
    pub(super) spf: Verdict,
    pub(super) dkim: Verdict,
    pub(super) dmarc: Verdict,
    pub(super) sender: String,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) reason: String,
    pub(super) at: Moment,
}

/// A member who may write.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Member {
    pub(super) id: Id<MailSeat>,
    pub(super) room_id: Id<Room>,
    pub(super) space_id: Id<Space>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) person_id: Id<Person>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) kind: RoomKind,
    pub(super) title: String,
    pub(super) party_id: Id<Party>,
}

/// A mail that waits for the member whose name it bears.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Mine {
    pub(super) id: Id<Arrival>,
    pub(super) seat_id: Id<MailSeat>,
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) state: ArrivalState,
    pub(super) reason: String,
    pub(super) at: Moment,
    pub(super) sha256: String,
    pub(super) spf: Verdict,
    pub(super) dkim: Verdict,
    pub(super) dmarc: Verdict,
}

/// What became of a mail.
pub(super) struct Settled<'s> {
    pub(super) state: ArrivalState,
    pub(super) reason: &'s str,
    pub(super) message_id: Option<String>,
    pub(super) sender: &'s str,
    pub(super) subject: &'s str,
    pub(super) seq: Option<i64>,
}

pub(super) async fn stored(
    conn: &mut Conn,
    arrival: Id<Arrival>,
) -> Result<Option<Stored>, Fault> {
    conn.run(STORED).bind(arrival).optional().await
}

pub(super) async fn writer(
    conn: &mut Conn,
    guest: Id<Guest>,
) -> Result<Option<Writer>, Fault> {
    conn.run(WRITER).bind(guest).optional().await
}

pub(super) async fn posted_before(
    conn: &mut Conn,
    room: Id<Room>,
    sender: &str,
    message_id: &str,
) -> Result<bool, Fault> {
    let query = conn.run(POSTED_BEFORE).bind(room).bind(sender.to_owned());
    let (count,): (i64,) = query.bind(message_id.to_owned()).one().await?;
    Ok(count > 0)
}

pub(super) async fn posted_since(
    conn: &mut Conn,
    guest: Id<Guest>,
    since: Moment,
) -> Result<i64, Fault> {
    let (count,): (i64,) = conn.run(POSTED_SINCE).bind(guest).bind(since).one().await?;
    Ok(count)
}

pub(super) async fn same_since(
    conn: &mut Conn,
    (room, guest): (Id<Room>, Id<Guest>),
    words: &str,
    since: Moment,
) -> Result<i64, Fault> {
    let query = conn.run(SAME_SINCE).bind(room).bind(guest).bind(words.to_owned());
    let (count,): (i64,) = query.bind(since).one().await?;
    Ok(count)
}

pub(super) async fn settle(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    settled: Settled<'_>,
) -> Result<(), Fault> {
    tx.run(SETTLE)
        .bind(arrival)
        .bind(settled.state)
        .bind(settled.reason.to_owned())
        .bind(settled.message_id)
        .bind(settled.sender.to_owned())
        .bind(settled.subject.to_owned())
        .bind(settled.seq)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn checked(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    checks: Checks,
) -> Result<(), Fault> {
    let query = tx.run(CHECKED).bind(arrival).bind(checks.spf);
    query.bind(checks.dkim).bind(checks.dmarc).execute().await.map(drop)
}

pub(super) async fn held(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    arrival: Id<Arrival>,
) -> Result<Option<Held>, Fault> {
    conn.run(HELD).bind(organisation).bind(arrival).optional().await
}

pub(super) async fn member(
    conn: &mut Conn,
    seat: Id<MailSeat>,
) -> Result<Option<Member>, Fault> {
    conn.run(MEMBER).bind(seat).optional().await
}

pub(super) async fn member_since(
    conn: &mut Conn,
    seat: Id<MailSeat>,
    since: Moment,
) -> Result<i64, Fault> {
    let (count,): (i64,) = conn.run(MEMBER_SINCE).bind(seat).bind(since).one().await?;
    Ok(count)
}

pub(super) async fn same_of_member_since(
    conn: &mut Conn,
    member: &Member,
    words: &str,
    since: Moment,
) -> Result<i64, Fault> {
    let query = conn.run(SAME_SINCE).bind(member.room_id).bind(member.person_id);
    let (count,): (i64,) = query.bind(words.to_owned()).bind(since).one().await?;
    Ok(count)
}

/// False if somebody was faster.
pub(super) async fn take(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    reason: &str,
) -> Result<bool, Fault> {
    let query = tx.run(TAKE).bind(arrival).bind(reason.to_owned());
    Ok(query.execute().await? == 1)
}

pub(super) async fn stands(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    seq: i64,
) -> Result<(), Fault> {
    tx.run(STANDS).bind(arrival).bind(seq).execute().await.map(drop)
}
