//! The tables `audit` and `audit_head`.

use kernel::{Fault, Id, Moment, Organisation, Person};
use store::{Conn, Tx, statements};

use super::Entry;

statements! {
    /// Makes an organisation's chain, unless it has one.
    BEGIN = "
        insert into audit_head (organisation_id, seq, hash)
        values ($1, 0, '')
        on conflict do nothing";

    /// Takes the next number of a chain, and with it the right to append.
    NEXT = "
        update audit_head set seq = seq + 1
        where organisation_id = $1
        returning seq, hash";

    /// Appends an entry.
    APPEND = "
        insert into audit (organisation_id, seq, at, person_id, action, subject_kind, subject_id, detail, previous, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// The chain has a new end.
    ADVANCE = "
        update audit_head set hash = $2
        where organisation_id = $1";

    /// A stretch of a chain, to read it again.
    CHAIN = "
        select seq, at, person_id, action, subject_kind, subject_id, detail, previous, hash
        from audit
        where organisation_id = $1 and seq > $2
        order by seq
        limit 1000";
}

#[derive(sqlx::FromRow)]
pub(super) struct Link {
    pub(super) seq: i64,
    pub(super) at: Moment,
    pub(super) person_id: Option<Id<Person>>,
    pub(super) action: String,
    pub(super) subject_kind: String,
    pub(super) subject_id: String,
    pub(super) detail: String,
    pub(super) previous: String,
    pub(super) hash: String,
}

pub(super) async fn next(
    tx: &mut Tx,
    organisation: Id<Organisation>,
) -> Result<(i64, String), Fault> {
    let taken = tx.run(NEXT).bind(organisation).optional().await?;
    if let Some(taken) = taken {
        return Ok(taken);
    }
    tx.run(BEGIN).bind(organisation).execute().await?;
    tx.run(NEXT).bind(organisation).one().await
}

pub(super) async fn append(
    tx: &mut Tx,
    entry: &Entry<'_>,
    detail: &str,
    (seq, previous, hash): (i64, &str, &str),
    at: Moment,
) -> Result<(), Fault> {
    tx.run(APPEND)
        .bind(entry.organisation)
        .bind(seq)
        .bind(at)
        .bind(entry.person)
        .bind(entry.action)
        .bind(entry.subject_kind)
        .bind(&entry.subject_id)
        .bind(detail)
        .bind(previous)
        .bind(hash)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn advance(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    hash: &str,
) -> Result<(), Fault> {
    tx.run(ADVANCE).bind(organisation).bind(hash).execute().await.map(drop)
}

pub(super) async fn chain(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    after: i64,
) -> Result<Vec<Link>, Fault> {
    conn.run(CHAIN).bind(organisation).bind(after).all().await
}
