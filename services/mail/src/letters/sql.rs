//! The statements of letters.

use directory::Locale;
use kernel::{
    Fault, Guest, Id, Letter, MailSeat, Membership, Moment, Organisation, Room,
    Suppression,
};
use store::{Conn, Tx, statements};

use super::LetterState;

statements! {
    /// Adds a letter, unless it is there: one a guest and event.
    ADD = "
        insert into letter (id, organisation_id, room_id, guest_id, seq, recipient, subject, message_id, sha256, state, attempts, at, membership_id, seat_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', 0, $10, $11, $12)
        on conflict do nothing";

    /// A letter with what is needed to write and send it; without its guest, where that guest
    /// may not be written to any more.
    TO_SEND unscoped "the hub sends what was queued under a live right, and checks it again here" = "
        select l.room_id, l.guest_id, l.seq, coalesce(q.email, l.recipient) as recipient, l.subject, l.message_id,
               l.sha256, l.state, l.at, l.membership_id, l.seat_id,
               g.id as live_guest_id, g.name, g.locale, g.secret, g.sponsor_id, o.name as sponsor_name,
               s.id as suppression_id
        from letter l
        left join membership m on m.id = l.membership_id and m.state = 'active'
        left join person q on q.id = m.person_id
        left join suppression s on s.organisation_id = l.organisation_id
            and s.email = lower(coalesce(q.email, l.recipient))
        left join live_guest g on g.id = l.guest_id and g.state in ('added', 'active')
        left join organisation o on o.id = g.sponsor_id
        where l.id = $1";

    /// What a guest was sent and has sent, before an event: newest first.
    EARLIER unscoped "by a guest that was found live" = "
        select e.message_id
        from (
            select message_id, seq, 0 as side
            from letter
            where guest_id = $1 and seq < $2 and state in ('queued', 'sent', 'kept')
            union all
            select message_id, seq, 1 as side
            from arrival
            where guest_id = $1 and seq < $2 and state = 'posted' and message_id is not null) e
        order by e.seq desc, e.side desc
        limit 40";

    /// The bytes of a letter to a member, as they stand now.
    REWRITTEN unscoped "by the id that its job names" = "
        update letter set sha256 = $2, recipient = $3 where id = $1 and state = 'queued'";

    /// The letter's bytes are kept, once.
    WRITTEN unscoped "by the id that its job names" = "
        update letter set sha256 = $2 where id = $1 and sha256 = ''";

    /// Claims a letter for sending, unless another worker holds it, it is no longer to be
    /// sent, its guest may not be written to any more, or its member may not read any more what
    /// its bytes tell of.
    CLAIM unscoped "by the id that its job names" = "
        update letter set sending_until = $2, attempts = attempts + 1
        where id = $1 and state = 'queued' and (sending_until is null or sending_until < $3)
          and (guest_id is null or exists (
              select 1 from live_guest g
              where g.id = letter.guest_id and g.state in ('added', 'active')))
          and (membership_id is null or exists (
              select 1 from membership m
              where m.id = letter.membership_id and m.state = 'active'))
          and not exists (
              select 1 from letter_room t
              where t.letter_id = letter.id and t.told = 1 and not exists (
                  select 1 from live_seat v where v.id = t.seat_id and v.party_id = t.party_id))";

    /// Frees a letter that could not be sent now.
    PUT_OFF unscoped "by the id that its job names" = "
        update letter set sending_until = null, last_error = $2 where id = $1 and state = 'queued'";

    /// A letter has come to its end.
    SETTLE unscoped "by the id that its job names" = "
        update letter set state = $2, last_error = $3, sending_until = null
        where id = $1 and state = 'queued'";

    /// A letter that was kept or that failed is to be sent after all, if its guest may still
    /// be written to.
    SEND_AGAIN = "
        update letter set state = 'queued', last_error = null, sending_until = null
        where organisation_id = $1 and id = $2 and state in ('kept', 'failed')
          and (guest_id is null or exists (
              select 1 from live_guest g
              where g.id = letter.guest_id and g.sponsor_id = $1 and g.state in ('added', 'active')))";

    /// The state of one letter, and to whom it goes.
    STATE_OF = "
        select l.state, l.recipient
        from letter l
        where l.organisation_id = $1 and l.id = $2
          and (l.guest_id is null or exists (
              select 1 from guest g
              join live_party p on p.space_id = g.space_id and p.organisation_id = $1
              where g.id = l.guest_id))";

    /// A letter that was sent came back.
    CAME_BACK unscoped "by the id that its bounce address proves" = "
        update letter set state = 'failed', last_error = $2 where id = $1 and state = 'sent'";

    /// A letter to a guest, by the id that its reader saw.
    BY_MESSAGE_ID unscoped "by the guest that the token proved" = "
        select id from letter where guest_id = $1 and message_id = $2";

    /// Whom a letter went to.
    GUEST_OF unscoped "by the id that its bounce address proves" = "
        select guest_id, room_id from letter where id = $1";

    /// Guests that have not been written about everything in their rooms.
    BEHIND unscoped "the hub looks after every guest whose sponsor is live" = "
        select g.id, g.room_id, g.sponsor_id, g.email, g.cursor_seq, r.head_seq, r.title
        from live_guest g
        join room r on r.id = g.room_id and r.kind = 'topic' and r.head_seq > g.cursor_seq
        where g.state in ('added', 'active')
        limit 200";

    /// The same, in one room.
    BEHIND_IN unscoped "the hub looks after every guest whose sponsor is live" = "
        select g.id, g.room_id, g.sponsor_id, g.email, g.cursor_seq, r.head_seq, r.title
        from live_guest g
        join room r on r.id = g.room_id and r.kind = 'topic' and r.head_seq > g.cursor_seq
        where g.room_id = $1 and g.state in ('added', 'active')
        limit 200";

    /// Letters were made up to an event; only if nobody else made them, and the guest may
    /// still be written to.
    ADVANCE unscoped "by a guest that was found live" = "
        update guest set cursor_seq = $3
        where id = $1 and cursor_seq = $2 and state in ('added', 'active')";

    /// The outbox of an organisation, newest first: its own mails, and those to guests of
    /// spaces in which it still takes part.
    OUTBOX = "
        select l.id, l.recipient, l.subject, l.state, l.attempts, l.last_error, l.at
        from letter l
        where l.organisation_id = $1
          and (l.guest_id is null or exists (
              select 1 from guest g
              join live_party p on p.space_id = g.space_id and p.organisation_id = $1
              where g.id = l.guest_id))
          and (l.at < $2 or (l.at = $2 and l.id < $3))
        order by l.at desc, l.id desc
        limit $4";

    /// The bytes of one of them; what a member is told is for that member alone.
    RAW = "
        select l.sha256
        from letter l
        where l.organisation_id = $1 and l.id = $2 and l.membership_id is null
          and (l.guest_id is null or exists (
              select 1 from guest g
              join live_party p on p.space_id = g.space_id and p.organisation_id = $1
              where g.id = l.guest_id))";
}

/// A letter as its job finds it.
#[derive(sqlx::FromRow)]
pub(super) struct ToSend {
    pub(super) room_id: Option<Id<Room>>,
    pub(super) guest_id: Option<Id<Guest>>,
    pub(super) seq: Option<i64>,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) message_id: String,
    pub(super) sha256: String,
    pub(super) state: LetterState,
    pub(super) at: Moment,
    pub(super) membership_id: Option<Id<Membership>>,
    pub(super) seat_id: Option<Id<MailSeat>>,
    pub(super) live_guest_id: Option<Id<Guest>>,
    pub(super) name: Option<String>,
    pub(super) locale: Option<Locale>,
    pub(super) secret: Option<Vec<u8>>,
    pub(super) sponsor_id: Option<Id<Organisation>>,
    pub(super) sponsor_name: Option<String>,
    pub(super) suppression_id: Option<Id<Suppression>>,
}

/// A guest to whom letters are due.
#[derive(sqlx::FromRow)]
pub(super) struct Behind {
    pub(super) id: Id<Guest>,
    pub(super) room_id: Id<Room>,
    pub(super) sponsor_id: Id<Organisation>,
    pub(super) email: String,
    pub(super) cursor_seq: i64,
    pub(super) head_seq: i64,
    pub(super) title: String,
}

/// A letter as the outbox shows it.
#[derive(sqlx::FromRow)]
pub(super) struct Shown {
    pub(super) id: Id<Letter>,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) state: LetterState,
    pub(super) attempts: i64,
    pub(super) last_error: Option<String>,
    pub(super) at: Moment,
}

/// A letter to be added.
pub(super) struct NewLetter<'l> {
    pub(super) id: Id<Letter>,
    pub(super) organisation: Option<Id<Organisation>>,
    pub(super) about: Option<(Id<Room>, Id<Guest>, i64)>,
    pub(super) member: Option<(Id<Membership>, Option<Id<MailSeat>>)>,
    pub(super) recipient: &'l str,
    pub(super) subject: &'l str,
    pub(super) message_id: String,
    pub(super) sha256: String,
    pub(super) at: Moment,
}

/// False if there was one already.
pub(super) async fn add(tx: &mut Tx, letter: NewLetter<'_>) -> Result<bool, Fault> {
    let about = letter.about;
    let added = tx
        .run(ADD)
        .bind(letter.id)
        .bind(letter.organisation)
        .bind(about.map(|(room, _, _)| room))
        .bind(about.map(|(_, guest, _)| guest))
        .bind(about.map(|(_, _, seq)| seq))
        .bind(letter.recipient.to_owned())
        .bind(letter.subject.to_owned())
        .bind(letter.message_id)
        .bind(letter.sha256)
        .bind(letter.at)
        .bind(letter.member.map(|(membership, _)| membership))
        .bind(letter.member.and_then(|(_, seat)| seat))
        .execute()
        .await?;
    Ok(added == 1)
}

pub(super) async fn to_send(
    conn: &mut Conn,
    letter: Id<Letter>,
) -> Result<Option<ToSend>, Fault> {
    conn.run(TO_SEND).bind(letter).optional().await
}

/// The ids of what came before, oldest first.
pub(super) async fn earlier(
    conn: &mut Conn,
    guest: Id<Guest>,
    seq: i64,
) -> Result<Vec<String>, Fault> {
    let ids: Vec<(String,)> = conn.run(EARLIER).bind(guest).bind(seq).all().await?;
    Ok(ids.into_iter().rev().map(|(id,)| id).collect())
}

pub(super) async fn rewritten(
    tx: &mut Tx,
    letter: Id<Letter>,
    sha256: String,
    recipient: &str,
) -> Result<(), Fault> {
    let query = tx.run(REWRITTEN).bind(letter).bind(sha256).bind(recipient.to_owned());
    query.execute().await.map(drop)
}

pub(super) async fn written(
    tx: &mut Tx,
    letter: Id<Letter>,
    sha256: String,
) -> Result<bool, Fault> {
    Ok(tx.run(WRITTEN).bind(letter).bind(sha256).execute().await? == 1)
}

pub(super) async fn claim(
    tx: &mut Tx,
    letter: Id<Letter>,
    until: Moment,
    now: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(CLAIM).bind(letter).bind(until).bind(now).execute().await? == 1)
}

pub(super) async fn put_off(
    tx: &mut Tx,
    letter: Id<Letter>,
    why: &str,
) -> Result<(), Fault> {
    tx.run(PUT_OFF).bind(letter).bind(why.to_owned()).execute().await.map(drop)
}

pub(super) async fn settle(
    tx: &mut Tx,
    letter: Id<Letter>,
    state: LetterState,
    why: Option<String>,
) -> Result<(), Fault> {
    tx.run(SETTLE).bind(letter).bind(state).bind(why).execute().await.map(drop)
}

pub(super) async fn behind(
    conn: &mut Conn,
    room: Option<Id<Room>>,
) -> Result<Vec<Behind>, Fault> {
    match room {
        Some(room) => conn.run(BEHIND_IN).bind(room).all().await,
        None => conn.run(BEHIND).all().await,
    }
}

pub(super) async fn advance(
    tx: &mut Tx,
    guest: Id<Guest>,
    from: i64,
    to: i64,
) -> Result<bool, Fault> {
    Ok(tx.run(ADVANCE).bind(guest).bind(from).bind(to).execute().await? == 1)
}
