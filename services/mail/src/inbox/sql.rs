//! The statements of the inbox.

use kernel::{Arrival, Fault, Guest, Id, Letter, MailPartner, MailSeat, Moment, Room};
use store::{Conn, Tx, statements};

statements! {
    /// A guest that may write to us.
    GUEST unscoped "the token in the address is the right" = "
        select id, room_id, secret from live_guest where id = $1";

    /// The guest that a letter went to, if it may write to us.
    ANSWERED unscoped "only its reader has seen the letter's id" = "
        select g.id, g.room_id
        from letter l
        join live_guest g on g.id = l.guest_id and g.room_id = l.room_id
        where l.message_id = $1";

    /// Whether the same bytes came before, for the same guest or partner, or about the same letter.
    KEPT_BEFORE unscoped "the token in the address is the right" = "
        select count(*) from arrival
        where sha256 = $1 and guest_id is not distinct from $2 and letter_id is not distinct from $3
          and mail_partner_id is not distinct from $4 and seat_id is not distinct from $5";

    /// A mail has been kept.
    ADD unscoped "the token in the address is the right" = "
        insert into arrival (id, room_id, guest_id, letter_id, message_id, sender, recipient, subject, sha256, state, reason, seq, at, spf, dkim, dmarc, mail_partner_id, seat_id)
        values ($1, $2, $3, $8, null, $4, $5, '', $6, 'stored', '', null, $7, 'unknown', 'unknown', 'unknown', $9, $10)";

    /// Up to where a mailbox elsewhere was read.
    READ_TO unscoped "the hub reads one mailbox for all" = "
        select uid_validity, last_uid from mailbox_read where mailbox = $1";

    /// It was read up to here.
    MARK unscoped "the hub reads one mailbox for all" = "
        insert into mailbox_read (mailbox, uid_validity, last_uid, at)
        values ($1, $2, $3, $4)
        on conflict (mailbox) do update
        set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, at = excluded.at";
}

/// To whom a mail leads.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Known {
    pub(crate) guest: Option<Id<Guest>>,
    pub(crate) room: Option<Id<Room>>,
    pub(crate) bounce_of: Option<Id<Letter>>,
    /// The trading partner whose address it came to.
    pub(crate) partner: Option<Id<MailPartner>>,
    /// The member whose answer it is, by their place at the room.
    pub(crate) seat: Option<Id<MailSeat>>,
}

pub(super) async fn guest(
    conn: &mut Conn,
    guest: Id<Guest>,
) -> Result<Option<(Id<Guest>, Id<Room>, Vec<u8>)>, Fault> {
    conn.run(GUEST).bind(guest).optional().await
}

pub(super) async fn answered(
    conn: &mut Conn,
    message_id: &str,
) -> Result<Option<(Id<Guest>, Id<Room>)>, Fault> {
    conn.run(ANSWERED).bind(message_id.to_owned()).optional().await
}

pub(super) async fn kept_before(
    tx: &mut Tx,
    known: Known,
    sha256: &str,
) -> Result<bool, Fault> {
    let query = tx.run(KEPT_BEFORE).bind(sha256.to_owned()).bind(known.guest);
    let query = query.bind(known.bounce_of).bind(known.partner).bind(known.seat);
    let (count,): (i64,) = query.one().await?;
    Ok(count > 0)
}

pub(super) async fn add(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    known: Known,
    (sender, recipient): (String, &str),
    sha256: &str,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(ADD)
        .bind(arrival)
        .bind(known.room)
        .bind(known.guest)
        .bind(sender)
        .bind(recipient.to_owned())
        .bind(sha256.to_owned())
        .bind(now)
        .bind(known.bounce_of)
        .bind(known.partner)
        .bind(known.seat)
        .execute()
        .await
        .map(drop)
}

/// The mailbox's UIDVALIDITY, and the last UID that was read under it.
pub(super) async fn read_to(
    conn: &mut Conn,
    mailbox: &str,
) -> Result<Option<(i64, i64)>, Fault> {
    conn.run(READ_TO).bind(mailbox.to_owned()).optional().await
}

pub(super) async fn mark(
    tx: &mut Tx,
    mailbox: &str,
    (validity, uid): (i64, i64),
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(MARK).bind(mailbox.to_owned()).bind(validity).bind(uid);
    query.bind(now).execute().await.map(drop)
}
