//! The tables `direct_person` and `direct_pair`, and the spaces of kind `direct`.

use gate::Caller;
use kernel::{Fault, Id, Membership, Moment, Organisation, Party, Person, Room, Space};
use store::{Conn, Dialect, Tx, statements};

statements! {
    /// Holds a space that two organisations have in common.
    HOLD_COMMON = sqlite "
        select c.space_id from common_space c
        where c.organisation_id = $1 and c.other_id = $2
        limit 1",
    postgres "
        select a.space_id
        from space_party a
        join space_party b on b.space_id = a.space_id and b.state = 'active' and b.organisation_id = $2
        join space s on s.id = a.space_id and s.kind <> 'direct'
        where a.organisation_id = $1 and a.state = 'active'
        order by a.id
        limit 1
        for share of a, b";

    /// Holds the places of two people, so that one room of theirs is opened at a time.
    HOLD_PLACES unscoped "by the places that were just found" = sqlite "
        select id from membership where id = $1 or id = $2 order by id",
    postgres "
        select id from membership where id = $1 or id = $2 order by id for no key update";

    /// Somebody's place in an organisation.
    PLACE = "
        select id from membership
        where organisation_id = $1 and person_id = $2 and state = 'active'";

    /// The place of somebody to whom one may talk: of one's own organisation; or of one with
    /// which there is a space in common, who said something that one's organisation reads.
    FOUND = "
        select m.id
        from membership m
        where m.organisation_id = $3 and m.person_id = $4 and m.state = 'active'
          and m.person_id <> $2
          and (m.organisation_id = $1
               or (exists (
                       select 1 from common_space c
                       where c.organisation_id = $1 and c.other_id = $3)
                   and exists (
                       select 1
                       from readable_room a
                       join readable_room b on b.room_id = a.room_id and b.organisation_id = $3
                       join room_event e on e.room_id = a.room_id and e.author_id = m.person_id
                           and e.organisation_id = $3 and e.seq >= a.from_seq
                       where a.organisation_id = $1)))";

    /// The open room of two places.
    OF_PAIR = "
        select d.room_id
        from direct_pair d
        join person_room r on r.room_id = d.room_id and r.organisation_id = $1 and r.person_id = $5
        where d.one_id = $2 and d.other_id = $3 and d.closed = $4
        limit 1";

    /// Opens a space.
    INSERT_SPACE unscoped "its host is bound as the organisation" = "
        insert into space (id, kind, host_id, visibility, state, created_at)
        values ($1, 'direct', $2, 'full', 'open', $3)";

    /// A side takes its place.
    INSERT_PARTY = "
        insert into space_party (id, space_id, organisation_id, role, state, history, offered_mask, offered_verbs, invited_at, joined_at, revision)
        values ($1, $2, $3, $4, 'active', 'all', 'title', '', $5, $5, 1)";

    /// Somebody takes part.
    INSERT_PERSON unscoped "by the place that was just found" = "
        insert into direct_person (room_id, party_id, membership_id, organisation_id, person_id, opened)
        select $1, $2, m.id, m.organisation_id, m.person_id, $4
        from membership m
        where m.id = $3";

    /// The room belongs to these two.
    INSERT_PAIR unscoped "by the places that were just found" = "
        insert into direct_pair (room_id, one_id, other_id, closed) values ($1, $2, $3, $4)";

    /// The rooms of two people of which an organisation is a side, and whose sides have no space
    /// in common now; and whether that is for good.
    LOST = "
        select r.id as room_id, p.space_id, p.id as party_id, p.organisation_id,
               o.name as organisation_name,
               not exists (
                   select 1
                   from space_party a
                   join space_party b on b.space_id = a.space_id and b.state = 'active'
                       and b.organisation_id = s.host_id
                   join space c on c.id = a.space_id and c.kind <> 'direct'
                   where a.organisation_id = p.organisation_id and a.state = 'active'
                     and (c.visibility = 'full' or a.role = 'host' or b.role = 'host')) as is_over
        from space s
        join space_party p on p.space_id = s.id and p.role = 'party' and p.state = 'active'
        join room r on r.space_id = s.id and r.kind = 'direct'
        join organisation o on o.id = p.organisation_id
        where s.kind = 'direct'
          and s.id in (
              select h.id from space h where h.host_id = $1 and h.kind = 'direct'
              union
              select q.space_id from space_party q where q.organisation_id = $1 and q.state = 'active')
          and not exists (
              select 1 from common_space c
              where c.organisation_id = p.organisation_id and c.other_id = s.host_id)
        order by p.id";

    /// A side loses its place.
    DROP_PARTY unscoped "by the party whose last common space is over" = "
        update space_party set state = 'dropped', left_at = $2, revision = revision + 1
        where id = $1 and state = 'active'";

    /// The room is over.
    CLOSE unscoped "by the party whose last common space is over" = "
        update direct_pair set closed = $2 where room_id = $1";
}

/// A room that the side of one of its two people does not read any more.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Lost {
    pub(super) room_id: Id<Room>,
    pub(super) space_id: Id<Space>,
    pub(super) party_id: Id<Party>,
    /// The side that does not keep it.
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    pub(super) is_over: bool,
}

/// Two places, the lower id first.
type Pair = (Id<Membership>, Id<Membership>);

pub(super) async fn hold_common(
    tx: &mut Tx,
    own: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<(), Fault> {
    let _held: Option<(Id<Space>,)> =
        tx.run(HOLD_COMMON).bind(own).bind(other).optional().await?;
    Ok(())
}

pub(super) async fn hold_places(
    tx: &mut Tx,
    one: Id<Membership>,
    other: Id<Membership>,
) -> Result<(), Fault> {
    if tx.dialect() == Dialect::Postgres {
        let _held: Vec<(Id<Membership>,)> =
            tx.run(HOLD_PLACES).bind(one).bind(other).all().await?;
    }
    Ok(())
}

pub(super) async fn place(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<Id<Membership>>, Fault> {
    let row: Option<(Id<Membership>,)> =
        conn.run(PLACE).bind(organisation).bind(person).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn found(
    conn: &mut Conn,
    caller: &Caller,
    (person, organisation): (Id<Person>, Id<Organisation>),
) -> Result<Option<Id<Membership>>, Fault> {
    let query = conn.run(FOUND).bind(caller.organisation).bind(caller.person);
    let row: Option<(Id<Membership>,)> =
        query.bind(organisation).bind(person).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn of_pair(
    conn: &mut Conn,
    caller: &Caller,
    (one, other): Pair,
) -> Result<Option<Id<Room>>, Fault> {
    let query = conn.run(OF_PAIR).bind(caller.organisation).bind(one).bind(other);
    let row: Option<(Id<Room>,)> =
        query.bind(false).bind(caller.person).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn insert_space(
    tx: &mut Tx,
    space: Id<Space>,
    host: Id<Organisation>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(INSERT_SPACE).bind(space).bind(host).bind(at).execute().await.map(drop)
}

pub(super) async fn insert_party(
    tx: &mut Tx,
    (space, organisation): (Id<Space>, Id<Organisation>),
    role: &'static str,
    at: Moment,
) -> Result<Id<Party>, Fault> {
    let party = Id::mint();
    let query = tx.run(INSERT_PARTY).bind(party).bind(space).bind(organisation);
    query.bind(role).bind(at).execute().await?;
    Ok(party)
}

pub(super) async fn insert_person(
    tx: &mut Tx,
    (room, party, place): (Id<Room>, Id<Party>, Id<Membership>),
    opened: bool,
) -> Result<(), Fault> {
    let query = tx.run(INSERT_PERSON).bind(room).bind(party).bind(place);
    query.bind(opened).execute().await.map(drop)
}

pub(super) async fn insert_pair(
    tx: &mut Tx,
    room: Id<Room>,
    (one, other): Pair,
) -> Result<(), Fault> {
    let query = tx.run(INSERT_PAIR).bind(room).bind(one).bind(other);
    query.bind(false).execute().await.map(drop)
}

pub(super) async fn lost(
    tx: &mut Tx,
    organisation: Id<Organisation>,
) -> Result<Vec<Lost>, Fault> {
    tx.run(LOST).bind(organisation).all().await
}

pub(super) async fn drop_party(
    tx: &mut Tx,
    party: Id<Party>,
    at: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(DROP_PARTY).bind(party).bind(at).execute().await? == 1)
}

pub(super) async fn close(tx: &mut Tx, room: Id<Room>) -> Result<(), Fault> {
    tx.run(CLOSE).bind(room).bind(true).execute().await.map(drop)
}
