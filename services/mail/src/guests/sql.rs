//! The statements of guests.

use directory::Locale;
use kernel::{Fault, Guest, Id, Moment, Organisation, Person, Room, Space};
use store::{Conn, Tx, statements};

use super::{GuestState, NewGuest};
use crate::letters::LetterState;

statements! {
    /// Adds a guest, unless the address is in the room already.
    ADD = "
        insert into guest (id, space_id, room_id, sponsor_id, email, name, locale, secret, state, created_at, added_by, cursor_seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'added', $9, $10, $11)
        on conflict do nothing";

    /// The guests of a room that an organisation may read, with their last letters.
    OF_ROOM = "
        select g.id, g.email, g.name, g.state, g.sponsor_id, o.name as sponsor_name,
               l.state as mail_state, l.at as mail_at
        from guest g
        join readable_room r on r.room_id = g.room_id and r.organisation_id = $1
        join organisation o on o.id = g.sponsor_id
        left join letter l on l.id = (
            select n.id from letter n
            where n.guest_id = g.id and n.state <> 'cancelled'
            order by n.at desc, n.id desc
            limit 1)
        where g.room_id = $2 and g.state <> 'removed'
        order by g.created_at, g.id";

    /// One guest of a room that an organisation may read, and who may take it out.
    ONE = "
        select g.id, g.space_id, g.room_id, g.sponsor_id, g.email, g.name, g.locale, g.secret, s.host_id
        from guest g
        join readable_room r on r.room_id = g.room_id and r.organisation_id = $1
        join space s on s.id = g.space_id
        where g.room_id = $2 and g.id = $3";

    /// One guest, live or not.
    BY_ID unscoped "by an id that a token proved" = "
        select g.id, g.space_id, g.room_id, g.sponsor_id, g.email, g.name, g.locale, g.secret, s.host_id
        from guest g
        join space s on s.id = g.space_id
        where g.id = $1";

    /// How many guests a room has.
    COUNT unscoped "in a room that was found readable" = "
        select count(*) from guest where room_id = $1 and state <> 'removed'";

    /// Takes a guest out.
    REMOVE unscoped "by a guest that was found" = "
        update guest set state = 'removed', removed_at = $2 where id = $1 and state <> 'removed'";

    /// Stops the letters of a guest that are not sent yet.
    CANCEL unscoped "by a guest that was found" = "
        update letter set state = 'cancelled' where guest_id = $1 and state = 'queued'";

    /// A guest has written.
    WROTE unscoped "by a guest that was found live" = "
        update guest set state = 'active' where id = $1 and state in ('added', 'bounced')";

    /// Mail to a guest came back.
    BOUNCED unscoped "by the letter's own address" = "
        update guest set state = 'bounced' where id = $1 and state in ('added', 'active')";
}

/// A guest as the room's audience sees it.
#[derive(sqlx::FromRow)]
pub(super) struct Shown {
    pub(super) id: Id<Guest>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) state: GuestState,
    pub(super) sponsor_id: Id<Organisation>,
    pub(super) sponsor_name: String,
    pub(super) mail_state: Option<LetterState>,
    pub(super) mail_at: Option<Moment>,
}

/// A guest as the house knows it.
#[derive(sqlx::FromRow)]
pub(super) struct Known {
    pub(super) id: Id<Guest>,
    pub(super) space_id: Id<Space>,
    pub(super) room_id: Id<Room>,
    pub(super) sponsor_id: Id<Organisation>,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) locale: Locale,
    pub(super) secret: Vec<u8>,
    pub(super) host_id: Id<Organisation>,
}

/// Where a new guest stands, and who vouches for it.
pub(super) struct Place {
    pub(super) id: Id<Guest>,
    pub(super) space: Id<Space>,
    pub(super) room: Id<Room>,
    pub(super) sponsor: Id<Organisation>,
    pub(super) added_by: Option<Id<Person>>,
    pub(super) locale: Locale,
    pub(super) secret: Vec<u8>,
    pub(super) cursor: i64,
}

/// False if the address is in the room already.
pub(super) async fn add(
    tx: &mut Tx,
    place: Place,
    guest: &NewGuest,
    at: Moment,
) -> Result<bool, Fault> {
    let added = tx
        .run(ADD)
        .bind(place.id)
        .bind(place.space)
        .bind(place.room)
        .bind(place.sponsor)
        .bind(guest.email.clone())
        .bind(guest.name.clone())
        .bind(place.locale)
        .bind(place.secret)
        .bind(at)
        .bind(place.added_by)
        .bind(place.cursor)
        .execute()
        .await?;
    Ok(added == 1)
}

pub(super) async fn of_room(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<Vec<Shown>, Fault> {
    conn.run(OF_ROOM).bind(organisation).bind(room).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
    guest: Id<Guest>,
) -> Result<Option<Known>, Fault> {
    conn.run(ONE).bind(organisation).bind(room).bind(guest).optional().await
}

pub(super) async fn by_id(
    conn: &mut Conn,
    guest: Id<Guest>,
) -> Result<Option<Known>, Fault> {
    conn.run(BY_ID).bind(guest).optional().await
}

pub(super) async fn count(conn: &mut Conn, room: Id<Room>) -> Result<i64, Fault> {
    let (count,): (i64,) = conn.run(COUNT).bind(room).one().await?;
    Ok(count)
}

/// False if the guest was out already. Its letters that are not sent yet are stopped.
pub(super) async fn remove(
    tx: &mut Tx,
    guest: Id<Guest>,
    at: Moment,
) -> Result<bool, Fault> {
    let removed = tx.run(REMOVE).bind(guest).bind(at).execute().await?;
    tx.run(CANCEL).bind(guest).execute().await?;
    Ok(removed == 1)
}

pub(super) async fn wrote(tx: &mut Tx, guest: Id<Guest>) -> Result<bool, Fault> {
    Ok(tx.run(WROTE).bind(guest).execute().await? == 1)
}

pub(super) async fn bounced(tx: &mut Tx, guest: Id<Guest>) -> Result<bool, Fault> {
    Ok(tx.run(BOUNCED).bind(guest).execute().await? == 1)
}
