//! What rooms read besides their logs: names, guests, whom to notify.

use kernel::{Fault, Guest, Id, Moment, Organisation, Party, Person, Room, Space};
use sharing::Mask;
use store::{Conn, Dialect, Tx, statements};

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

    /// The people of a room's audience who have no unread notice of it, but its author.
    TO_NOTIFY unscoped "the author has shown their right to the room" = "
        select m.organisation_id, m.person_id, r.party_id, d.title, v.mask
        from readable_room r
        join membership m on m.organisation_id = r.organisation_id and m.state = 'active'
        left join live_visible v
          on v.organisation_id = r.organisation_id and v.kind = 'deal' and v.record_id = r.space_id
        left join deal d on d.space_id = r.space_id
        where r.room_id = $1 and m.person_id <> $2
          and not exists (
              select 1 from notification n
              where n.organisation_id = m.organisation_id and n.person_id = m.person_id
                and n.fold = $3 and n.read_at is null)
        order by m.id
        limit $4";

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

    /// The audiences of a space's rooms that an organisation may read.
    AUDIENCES = "
        select other.room_id, o.id, o.name
        from readable_room own
        join readable_room other on other.room_id = own.room_id
        join organisation o on o.id = other.organisation_id
        where own.organisation_id = $1 and own.space_id = $2
        order by other.room_id, o.name, o.id";

    /// How far a person has read the rooms of a space.
    MARKS = "
        select m.room_id, m.seq
        from readable_room r
        join room_read m on m.room_id = r.room_id and m.organisation_id = r.organisation_id
        where r.organisation_id = $1 and r.space_id = $2 and m.person_id = $3";

    /// The guests of a space's topics, with the last mail to each.
    GUESTS = "
        select g.room_id, g.id, g.email, g.name, g.state, g.sponsor_id,
               o.name as sponsor_name, l.state as mail_state, l.at as mail_at
        from readable_room r
        join guest g on g.room_id = r.room_id and g.state <> 'removed'
        join organisation o on o.id = g.sponsor_id
        left join letter l on l.id = (
            select x.id from letter x
            where x.guest_id = g.id and x.state <> 'cancelled'
            order by x.at desc, x.id desc
            limit 1)
        where r.organisation_id = $1 and r.space_id = $2
        order by g.room_id, g.created_at, g.id";
}

#[derive(sqlx::FromRow)]
pub(crate) struct Notified {
    pub(crate) organisation_id: Id<Organisation>,
    pub(crate) person_id: Id<Person>,
    pub(crate) party_id: Id<Party>,
    title: Option<String>,
    mask: Option<String>,
}

impl Notified {
    /// The deal's title, if this organisation may see it.
    pub(crate) fn title(&self) -> Option<&str> {
        let mask = Mask::read(self.mask.as_deref().unwrap_or_default());
        self.title.as_deref().filter(|_| mask.has("title"))
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct GuestRow {
    pub(crate) room_id: Id<Room>,
    pub(crate) id: Id<Guest>,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) sponsor_id: Id<Organisation>,
    pub(crate) sponsor_name: String,
    pub(crate) mail_state: Option<String>,
    pub(crate) mail_at: Option<Moment>,
}

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
    author: Id<Person>,
    limit: i64,
) -> Result<Vec<Notified>, Fault> {
    tx.run(TO_NOTIFY).bind(room).bind(author).bind(fold_of(room)).bind(limit).all().await
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

pub(crate) async fn audiences(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<(Id<Room>, Id<Organisation>, String)>, Fault> {
    conn.run(AUDIENCES).bind(organisation).bind(space).all().await
}

pub(crate) async fn marks(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
    person: Option<Id<Person>>,
) -> Result<Vec<(Id<Room>, i64)>, Fault> {
    conn.run(MARKS).bind(organisation).bind(space).bind(person).all().await
}

pub(crate) async fn guests(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<GuestRow>, Fault> {
    conn.run(GUESTS).bind(organisation).bind(space).all().await
}
