//! Sessions, tokens, and what must be known of a person to let them in.

use kernel::{Fault, Id, Membership, Moment, Organisation, Person, Session, Token};
use store::{Conn, Tx, statements};

use crate::Role;

statements! {
    /// The person with an address, to check a password.
    PERSON_BY_EMAIL unscoped "nobody is signed in yet" = "
        select id, password_hash from person where email = $1";

    /// The places where a person may act.
    MEMBERSHIPS = "
        select m.id as membership_id, m.organisation_id, o.name as organisation_name,
               o.domain as organisation_domain, m.role, p.name, p.email, p.locale
        from membership m
        join organisation o on o.id = m.organisation_id
        join person p on p.id = m.person_id
        where m.person_id = $1 and m.state = 'active'
        order by o.name, m.id";

    /// Opens a session.
    OPEN_SESSION = "
        insert into session (id, person_id, organisation_id, token_hash, user_agent, created_at, seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $6, $7)";

    /// Who is behind a session's token, if the session and the membership are live.
    SESSION_BY_TOKEN unscoped "the token is what names the organisation" = "
        select s.id, s.person_id, s.organisation_id, m.role, s.seen_at
        from session s
        join membership m
          on m.organisation_id = s.organisation_id and m.person_id = s.person_id and m.state = 'active'
        where s.token_hash = $1 and s.ended_at is null and s.expires_at > $2";

    /// A session was used.
    TOUCH_SESSION unscoped "by the id that the token gave" = "
        update session set seen_at = $2, expires_at = $3 where id = $1";

    /// A person's live sessions in an organisation, newest first.
    SESSIONS = "
        select id, user_agent, created_at, seen_at
        from session
        where organisation_id = $1 and person_id = $2 and ended_at is null and expires_at > $3
        order by id desc";

    /// Ends a session of a person.
    END_SESSION = "
        update session set ended_at = $4
        where organisation_id = $1 and person_id = $2 and id = $3 and ended_at is null";

    /// Adds a token for a program.
    ADD_TOKEN = "
        insert into api_token (id, person_id, organisation_id, name, scopes, token_hash, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// Who is behind a program's token, if it and the membership are live.
    CALLER_BY_TOKEN unscoped "the token is what names the organisation" = "
        select t.id, t.person_id, t.organisation_id, m.role, t.scopes, t.last_used_at
        from api_token t
        join membership m
          on m.organisation_id = t.organisation_id and m.person_id = t.person_id and m.state = 'active'
        where t.token_hash = $1 and t.ended_at is null";

    /// A token was used.
    TOUCH_TOKEN unscoped "by the id that the token gave" = "
        update api_token set last_used_at = $2 where id = $1";

    /// A person's live tokens, newest first.
    TOKENS = "
        select id, name, scopes, created_at, last_used_at
        from api_token
        where organisation_id = $1 and person_id = $2 and ended_at is null
        order by id desc";

    /// Ends a token of a person.
    END_TOKEN = "
        update api_token set ended_at = $4
        where organisation_id = $1 and person_id = $2 and id = $3 and ended_at is null";

    /// Whether a person is still an active member of an organisation, and as what.
    ROLE_OF = "
        select role from membership
        where organisation_id = $1 and person_id = $2 and state = 'active'";

    /// Whether a session is live.
    SESSION_LIVE unscoped "by the id that the token gave" = "
        select count(*) from session where id = $1 and ended_at is null and expires_at > $2";

    /// Whether a token is live.
    TOKEN_LIVE unscoped "by the id that the token gave" = "
        select count(*) from api_token where id = $1 and ended_at is null";
}

/// A place where a person may act.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Place {
    /// The membership.
    pub membership_id: Id<Membership>,
    /// The organisation.
    pub organisation_id: Id<Organisation>,
    /// Its name.
    pub organisation_name: String,
    /// Its mail domain.
    pub organisation_domain: String,
    /// As what.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub locale: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) id: Id<Session>,
    pub(crate) person_id: Id<Person>,
    pub(crate) organisation_id: Id<Organisation>,
    pub(crate) role: Role,
    pub(crate) seen_at: Moment,
}

#[derive(sqlx::FromRow)]
pub(crate) struct TokenRow {
    pub(crate) id: Id<Token>,
    pub(crate) person_id: Id<Person>,
    pub(crate) organisation_id: Id<Organisation>,
    pub(crate) role: Role,
    pub(crate) scopes: String,
    pub(crate) last_used_at: Option<Moment>,
}

pub(crate) async fn person_by_email(
    conn: &mut Conn,
    email: &str,
) -> Result<Option<(Id<Person>, String)>, Fault> {
    conn.run(PERSON_BY_EMAIL).bind(email).optional().await
}

pub(crate) async fn memberships(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Vec<Place>, Fault> {
    conn.run(MEMBERSHIPS).bind(person).all().await
}

pub(crate) async fn session_by_token(
    conn: &mut Conn,
    hash: &str,
    now: Moment,
) -> Result<Option<SessionRow>, Fault> {
    conn.run(SESSION_BY_TOKEN).bind(hash).bind(now).optional().await
}

pub(crate) async fn caller_by_token(
    conn: &mut Conn,
    hash: &str,
) -> Result<Option<TokenRow>, Fault> {
    conn.run(CALLER_BY_TOKEN).bind(hash).optional().await
}

pub(crate) async fn touch_session(
    tx: &mut Tx,
    id: Id<Session>,
    now: Moment,
    expires: Moment,
) -> Result<(), Fault> {
    tx.run(TOUCH_SESSION).bind(id).bind(now).bind(expires).execute().await.map(drop)
}

pub(crate) async fn touch_token(
    tx: &mut Tx,
    id: Id<Token>,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(TOUCH_TOKEN).bind(id).bind(now).execute().await.map(drop)
}

pub(crate) async fn role_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<Role>, Fault> {
    let role: Option<(Role,)> =
        conn.run(ROLE_OF).bind(organisation).bind(person).optional().await?;
    Ok(role.map(|(role,)| role))
}
