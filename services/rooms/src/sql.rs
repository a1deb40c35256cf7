//! What rooms read besides their logs: names, guests, whom to notify.

use std::collections::HashMap;

use kernel::{Fault, Id, Moment, Organisation, Party, Person, Room, Space};
use sharing::{Mask, Reader};
use store::{Conn, Dialect, Tx, statements};

use crate::rules::Mention;

statements! {
    /// Holds an organisation's part in a room as it is: who would end it, waits.
    HOLD_PARTY = sqlite "
        select p.id
        from room_party m
        join space_party p on p.id = m.party_id
        where m.room_id = $1 and p.organisation_id = $2 and p.state = 'active'",
    postgres "
        select p.id
        from room_party m
        join space_party p on p.id = m.party_id
        where m.room_id = $1 and p.organisation_id = $2 and p.state = 'active'
        for share of p";

    /// The people of a room's audience who have no unread notice of it, and want one of any message.
    TO_NOTIFY unscoped "the author has shown their right to the room" = "
        select m.organisation_id, m.person_id, r.party_id
        from person_room r
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            and (r.person_id is null or r.person_id = m.person_id)
        where r.room_id = $1
          and not exists (
              select 1 from notification n
              where n.organisation_id = m.organisation_id and n.person_id = m.person_id
                and n.fold = $2 and n.read_at is null)
          and not exists (
              select 1 from room_own w
              where w.room_id = r.room_id and w.organisation_id = m.organisation_id
                and w.person_id = m.person_id and w.level <> 'all')
        order by m.id
        limit $3";

    /// The people of a room's audience whom an organisation may call by name: its own, and
    /// those of others who said something that it may read.
    CALLABLE = "
        select m.organisation_id, m.person_id, p.name, o.name as organisation_name, r.party_id
        from person_room own
        join person_room r on r.room_id = own.room_id
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            and (r.person_id is null or r.person_id = m.person_id)
        join person p on p.id = m.person_id
        join organisation o on o.id = m.organisation_id
        where own.organisation_id = $1 and own.room_id = $2
          and (own.person_id is null or own.person_id = $5)
          and (m.organisation_id = own.organisation_id or own.person_id is not null or exists (
              select 1 from room_event e
              where e.room_id = own.room_id and e.seq >= own.from_seq
                and e.author_id = m.person_id and e.organisation_id = m.organisation_id))
          and (cast($3 as text) = '' or lower(p.name) like $3)
        order by case when m.organisation_id = own.organisation_id then 0 else 1 end, p.name, m.id
        limit $4";

    /// One of them, unless they want nothing of the room.
    CALLED_PERSON = "
        select m.organisation_id, m.person_id, r.party_id
        from person_room own
        join person_room r on r.room_id = own.room_id
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            and (r.person_id is null or r.person_id = m.person_id)
        where own.organisation_id = $1 and own.room_id = $2
          and (own.person_id is null or own.person_id = $4) and m.person_id = $3
          and not exists (
              select 1 from room_own w
              where w.room_id = r.room_id and w.organisation_id = m.organisation_id
                and w.person_id = m.person_id and w.level = 'nothing')
          and (m.organisation_id = own.organisation_id or own.person_id is not null or exists (
              select 1 from room_event e
              where e.room_id = own.room_id and e.seq >= own.from_seq
                and e.author_id = m.person_id and e.organisation_id = m.organisation_id))";

    /// The people of a room's audience, of one organisation or of all, but for those who want
    /// nothing of it.
    CALLED_SIDE = "
        select m.organisation_id, m.person_id, r.party_id
        from person_room own
        join person_room r on r.room_id = own.room_id
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
            and (r.person_id is null or r.person_id = m.person_id)
        where own.organisation_id = $1 and own.room_id = $2
          and (own.person_id is null or own.person_id = $6)
          and (cast($4 as bigint) = 1 or m.organisation_id = $3)
          and not exists (
              select 1 from room_own w
              where w.room_id = r.room_id and w.organisation_id = m.organisation_id
                and w.person_id = m.person_id and w.level = 'nothing')
        order by m.id
        limit $5";

    /// A deal's title, for each party with its mask.
    TITLES unscoped "each title goes to the organisation of its row" = "
        select v.organisation_id, d.title, v.mask
        from live_visible v
        join deal d on d.space_id = v.record_id
        where v.kind = 'deal' and v.record_id = $1";

    /// A room's notice is read, once its person has read the room to its end.
    NOTICE_READ = "
        update notification set read_at = $5
        where organisation_id = $1 and person_id = $2 and fold = $4 and read_at is null
          and exists (
              select 1
              from room r
              join room_read m on m.room_id = r.id
              where r.id = $3 and m.organisation_id = $1 and m.person_id = $2
                and m.seq >= r.head_seq)";

    /// A person's name.
    PERSON_NAME unscoped "people belong to no one organisation" = "
        select name from person where id = $1";
}

/// Somebody to notify: for whom they act, who they are, the party by which they read.
pub(crate) type Notified = (Id<Organisation>, Id<Person>, Id<Party>);

/// The word by which notices of a room fold into one.
pub(crate) fn fold_of(room: Id<Room>) -> String {
    format!("message:{room}")
}

/// Holds an organisation's part in a room. On SQLite, who writes is alone anyway.
pub(crate) async fn hold_party(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    room: Id<Room>,
) -> Result<(), Fault> {
    if tx.dialect() == Dialect::Postgres {
        let _held: Vec<(Id<Party>,)> =
            tx.run(HOLD_PARTY).bind(room).bind(organisation).all().await?;
    }
    Ok(())
}

pub(crate) async fn to_notify(
    tx: &mut Tx,
    room: Id<Room>,
    limit: i64,
) -> Result<Vec<Notified>, Fault> {
    tx.run(TO_NOTIFY).bind(room).bind(fold_of(room)).bind(limit).all().await
}

/// Somebody who may be called by name.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Callable {
    pub(crate) organisation_id: Id<Organisation>,
    pub(crate) person_id: Id<Person>,
    pub(crate) name: String,
    pub(crate) organisation_name: String,
}

/// Whom somebody of an organisation may call in a room, whose names have a part in them.
pub(crate) async fn callable(
    conn: &mut Conn,
    reader: Reader,
    room: Id<Room>,
    part: &str,
    limit: i64,
) -> Result<Vec<Callable>, Fault> {
    let plain: String =
        part.chars().filter(|it| !matches!(it, '%' | '_' | '\0')).collect();
    let like = match plain.trim() {
        "" => String::new(),
        plain => format!("%{}%", plain.to_lowercase()),
    };
    let query = conn.run(CALLABLE).bind(reader.organisation).bind(room);
    query.bind(like).bind(limit).bind(reader.person).all().await
}

/// The people whom a mention of an organisation's member reaches.
pub(crate) async fn called(
    tx: &mut Tx,
    room: Id<Room>,
    author: Reader,
    mention: Mention,
    limit: i64,
) -> Result<Vec<Notified>, Fault> {
    let side = match mention {
        Mention::Person(person) => {
            let query = tx.run(CALLED_PERSON).bind(author.organisation).bind(room);
            return query.bind(person).bind(author.person).all().await;
        }
        Mention::Side(side) => (side, 0_i64),
        Mention::All => (author.organisation, 1),
    };
    let query = tx.run(CALLED_SIDE).bind(author.organisation).bind(room);
    query.bind(side.0).bind(side.1).bind(limit).bind(author.person).all().await
}

/// A deal's title, for those whose mask shows it.
pub(crate) async fn titles(
    tx: &mut Tx,
    space: Id<Space>,
) -> Result<HashMap<Id<Organisation>, String>, Fault> {
    let rows: Vec<(Id<Organisation>, String, String)> =
        tx.run(TITLES).bind(space).all().await?;
    let shown = rows.into_iter().filter(|(_, _, mask)| Mask::read(mask).has("title"));
    Ok(shown.map(|(organisation, title, _)| (organisation, title)).collect())
}

pub(crate) async fn notice_read(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    room: Id<Room>,
    now: Moment,
) -> Result<bool, Fault> {
    let read = tx
        .run(NOTICE_READ)
        .bind(organisation)
        .bind(person)
        .bind(room)
        .bind(fold_of(room))
        .bind(now)
        .execute()
        .await?;
    Ok(read > 0)
}

pub(crate) async fn person_name(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<String, Fault> {
    let (name,) = conn.run(PERSON_NAME).bind(person).one().await?;
    Ok(name)
}
