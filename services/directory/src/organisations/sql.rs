//! The tables `organisation` and `organisation_identifier`.

use kernel::{Fault, Id, Moment, Organisation};
use store::{Conn, Tx, statements};

statements! {
    /// Makes one, unless its domain has one.
    INSERT unscoped "it makes the organisation" = "
        insert into organisation (id, name, domain, domain_verified, revision, created_at)
        values ($1, $2, $3, $4, 1, $5)
        on conflict do nothing";

    /// The organisation's own record.
    ONE unscoped "the organisation's own row, by its id" = "
        select id, name, domain, domain_verified, revision
        from organisation
        where id = $1";

    /// Changes it, if it is as the caller read it.
    UPDATE unscoped "the organisation's own row, by its id" = "
        update organisation
        set name = coalesce($2, name), revision = revision + 1
        where id = $1 and revision = $3";

    /// Every one, for the operator of the hub.
    EVERY unscoped "the operator's command line lists them all" = "
        select id, name, domain from organisation order by name, id";

    /// What it is called.
    NAME_OF unscoped "the organisation's own row, by its id" = "
        select name from organisation where id = $1";

    /// Who owns a domain.
    BY_DOMAIN unscoped "finds the organisation" = "
        select id from organisation where domain = $1";

    /// Who has an identifier.
    BY_IDENTIFIER = "
        select organisation_id
        from organisation_identifier
        where scheme = $1 and value = $2";

    /// Its identifiers.
    IDENTIFIERS = "
        select scheme, value
        from organisation_identifier
        where organisation_id = $1
        order by scheme, value";

    /// Takes them away.
    CLEAR_IDENTIFIERS = "
        delete from organisation_identifier where organisation_id = $1";

    /// Gives it one, unless somebody has it.
    ADD_IDENTIFIER = "
        insert into organisation_identifier (organisation_id, scheme, value)
        values ($1, $2, $3)
        on conflict do nothing";
}

/// An organisation's own record.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Organisation>,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) domain_verified: bool,
    pub(super) revision: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Id<Organisation>,
    name: &str,
    domain: &str,
    verified: bool,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(INSERT).bind(id).bind(name).bind(domain).bind(verified).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn one(conn: &mut Conn, id: Id<Organisation>) -> Result<Row, Fault> {
    conn.run(ONE).bind(id).one().await
}

pub(super) async fn update(
    tx: &mut Tx,
    id: Id<Organisation>,
    name: Option<String>,
    revision: i64,
) -> Result<bool, Fault> {
    Ok(tx.run(UPDATE).bind(id).bind(name).bind(revision).execute().await? == 1)
}

pub(super) async fn all(
    conn: &mut Conn,
) -> Result<Vec<(Id<Organisation>, String, String)>, Fault> {
    conn.run(EVERY).all().await
}

pub(super) async fn name_of(
    conn: &mut Conn,
    id: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = conn.run(NAME_OF).bind(id).optional().await?;
    Ok(row.map(|(name,)| name))
}

pub(super) async fn by_domain(
    conn: &mut Conn,
    domain: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    let row: Option<(Id<Organisation>,)> =
        conn.run(BY_DOMAIN).bind(domain).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn by_identifier(
    conn: &mut Conn,
    scheme: &str,
    value: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    let row: Option<(Id<Organisation>,)> =
        conn.run(BY_IDENTIFIER).bind(scheme).bind(value).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn identifiers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<(String, String)>, Fault> {
    conn.run(IDENTIFIERS).bind(organisation).all().await
}

pub(super) async fn clear_identifiers(
    tx: &mut Tx,
    organisation: Id<Organisation>,
) -> Result<(), Fault> {
    tx.run(CLEAR_IDENTIFIERS).bind(organisation).execute().await.map(drop)
}

pub(super) async fn add_identifier(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    scheme: &str,
    value: &str,
) -> Result<bool, Fault> {
    let query = tx.run(ADD_IDENTIFIER).bind(organisation).bind(scheme).bind(value);
    Ok(query.execute().await? == 1)
}
