//! The tables `person` and `membership`.

use gate::Role;
use kernel::{Fault, Id, Membership, Moment, Organisation, Person, Session};
use store::{Conn, Tx, statements};

use super::rules::{MemberState, Standing};
use crate::{Email, Locale};

statements! {
    /// Makes a person, unless the address has one.
    INSERT_PERSON unscoped "a person is of no organisation yet" = "
        insert into person (id, email, name, password_hash, locale, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing";

    /// The person with an address, to check a password.
    BY_EMAIL unscoped "nobody is signed in yet" = "
        select id, password_hash from person where email = $1";

    /// What a person is called.
    NAME_OF unscoped "a name that stands beside what the person did" = "
        select name from person where id = $1";

    /// Gives a person another password.
    SET_PASSWORD unscoped "a person has one password, wherever they are a member" = "
        update person set password_hash = $2 where id = $1";

    /// Ends a person's sessions, wherever they are signed in.
    END_EVERY_SESSION unscoped "a new password ends what the old one opened" = "
        update session set ended_at = $2
        where person_id = $1 and ended_at is null
        returning id";

    /// Takes a person in, unless they are in.
    JOIN = "
        insert into membership (id, organisation_id, person_id, role, state, revision, created_at)
        values ($1, $2, $3, $4, 'active', 1, $5)
        on conflict do nothing";

    /// The active members and their roles.
    MEMBERS = "
        select person_id, role
        from membership
        where organisation_id = $1 and state = 'active'
        order by id";

    /// The active members with what is needed to write to them.
    READERS = "
        select m.person_id, m.role, p.email, p.name, p.locale
        from membership m
        join person p on p.id = m.person_id
        where m.organisation_id = $1 and m.state = 'active'
        order by m.id";

    /// Everybody who has not left, in the order of their names.
    LIST = "
        select m.id, m.person_id, p.name, p.email, m.role, m.state, m.revision
        from membership m
        join person p on p.id = m.person_id
        where m.organisation_id = $1 and m.state <> 'ended'
          and (p.name > $2 or (p.name = $2 and m.id > $3))
        order by p.name, m.id
        limit $4";

    /// One of them.
    ONE = "
        select m.id, m.person_id, p.name, p.email, m.role, m.state, m.revision
        from membership m
        join person p on p.id = m.person_id
        where m.organisation_id = $1 and m.state <> 'ended' and m.id = $2";

    /// Whether an address is a colleague's already.
    HAS_EMAIL = "
        select count(*)
        from membership m
        join person p on p.id = m.person_id
        where m.organisation_id = $1 and m.state <> 'ended' and p.email = $2";

    /// Holds the organisation, so that two changes of its owners follow each other.
    HOLD unscoped "the organisation's own row, by its id" = "
        update organisation set name = name where id = $1";

    /// How many active owners there are.
    OWNERS = "
        select count(*)
        from membership
        where organisation_id = $1 and state = 'active' and role = 'owner'";

    /// Changes a membership, if it is as the caller read it.
    UPDATE = "
        update membership
        set role = $3, state = $4, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $5";

    /// Ends the sessions of a person who has left.
    END_SESSIONS = "
        update session set ended_at = $3
        where organisation_id = $1 and person_id = $2 and ended_at is null";

    /// Ends their tokens.
    END_TOKENS = "
        update api_token set ended_at = $3
        where organisation_id = $1 and person_id = $2 and ended_at is null";
}

/// A person's place in an organisation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Membership>,
    pub(super) person_id: Id<Person>,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) state: MemberState,
    pub(super) revision: i64,
}

/// Somebody to write to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reader {
    /// Who.
    pub person_id: Id<Person>,
    /// As what.
    pub role: Role,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their language.
    pub locale: Locale,
}

pub(super) async fn insert_person(
    tx: &mut Tx,
    id: Id<Person>,
    email: &Email,
    name: &str,
    hash: &str,
    locale: Locale,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(INSERT_PERSON).bind(id).bind(email.as_str()).bind(name);
    Ok(query.bind(hash).bind(locale).bind(at).execute().await? == 1)
}

pub(super) async fn by_email(
    conn: &mut Conn,
    email: &str,
) -> Result<Option<(Id<Person>, String)>, Fault> {
    conn.run(BY_EMAIL).bind(email).optional().await
}

pub(super) async fn set_password(
    tx: &mut Tx,
    person: Id<Person>,
    hash: &str,
) -> Result<(), Fault> {
    tx.run(SET_PASSWORD).bind(person).bind(hash).execute().await.map(drop)
}

pub(super) async fn end_every_session(
    tx: &mut Tx,
    person: Id<Person>,
    at: Moment,
) -> Result<Vec<Id<Session>>, Fault> {
    let rows: Vec<(Id<Session>,)> =
        tx.run(END_EVERY_SESSION).bind(person).bind(at).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn name_of(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = conn.run(NAME_OF).bind(person).optional().await?;
    Ok(row.map(|(name,)| name))
}

pub(super) async fn join(
    tx: &mut Tx,
    id: Id<Membership>,
    organisation: Id<Organisation>,
    person: Id<Person>,
    role: Role,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(JOIN).bind(id).bind(organisation).bind(person);
    Ok(query.bind(role).bind(at).execute().await? == 1)
}

pub(super) async fn members(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<(Id<Person>, Role)>, Fault> {
    conn.run(MEMBERS).bind(organisation).all().await
}

pub(super) async fn readers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<Reader>, Fault> {
    conn.run(READERS).bind(organisation).all().await
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (name, id): (String, Id<Membership>),
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let query = conn.run(LIST).bind(organisation).bind(name).bind(id);
    query.bind(limit + 1).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Membership>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(super) async fn has_email(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    email: &Email,
) -> Result<bool, Fault> {
    let query = conn.run(HAS_EMAIL).bind(organisation).bind(email.as_str());
    let (count,): (i64,) = query.one().await?;
    Ok(count > 0)
}

pub(super) async fn hold(tx: &mut Tx, id: Id<Organisation>) -> Result<(), Fault> {
    tx.run(HOLD).bind(id).execute().await.map(drop)
}

pub(super) async fn owners(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<i64, Fault> {
    let (count,) = conn.run(OWNERS).bind(organisation).one().await?;
    Ok(count)
}

pub(super) async fn update(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Membership>,
    next: Standing,
    revision: i64,
) -> Result<bool, Fault> {
    let query = tx.run(UPDATE).bind(organisation).bind(id).bind(next.role);
    Ok(query.bind(next.state).bind(revision).execute().await? == 1)
}

pub(super) async fn end_access(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    at: Moment,
) -> Result<(), Fault> {
    for statement in [END_SESSIONS, END_TOKENS] {
        tx.run(statement).bind(organisation).bind(person).bind(at).execute().await?;
    }
    Ok(())
}
