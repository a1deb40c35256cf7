//! The statements of the suppression list.

use kernel::{Fault, Id, Letter, Moment, Organisation, Suppression};
use store::{Conn, Tx, statements};

use super::Suppressed;

statements! {
    /// Puts an address on the list, unless it is there.
    ADD = "
        insert into suppression (id, organisation_id, email, reason, detail, added_by, at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing";

    /// Takes an entry off.
    REMOVE = "
        delete from suppression where organisation_id = $1 and id = $2";

    /// Whether an address is on it.
    HOLDS = "
        select count(*) from suppression where organisation_id = $1 and email = $2";

    /// The list, newest first.
    LIST = "
        select id, email, reason, detail, added_by, at
        from suppression
        where organisation_id = $1 and (at < $2 or (at = $2 and id < $3))
        order by at desc, id desc
        limit $4";

    /// The address of a letter that came back goes on its organisation's list.
    BOUNCED unscoped "by the letter that its bounce address proves" = "
        insert into suppression (id, organisation_id, email, reason, detail, added_by, at)
        select $2, l.organisation_id, lower(l.recipient), 'bounced', $3, null, $4
        from letter l
        where l.id = $1 and l.organisation_id is not null
        on conflict do nothing";

    /// A letter could not be delivered for now; counted once a letter.
    SET_BACK unscoped "by the letter that its bounce address proves" = "
        insert into setback (letter_id, organisation_id, email, at)
        select l.id, l.organisation_id, lower(l.recipient), $2
        from letter l
        where l.id = $1 and l.organisation_id is not null
        on conflict do nothing";

    /// How many letters to the address of a letter were set back since a moment.
    SET_BACKS unscoped "by the letter that its bounce address proves" = "
        select count(*)
        from letter l
        join setback s on s.organisation_id = l.organisation_id and s.email = lower(l.recipient)
        where l.id = $1 and s.at >= $2";

    /// What counted against an address counts no more.
    FORGIVE = "
        delete from setback where organisation_id = $1 and email = $2";

    /// A bounce is over.
    ALIVE = "
        delete from suppression where organisation_id = $1 and email = $2 and reason = 'bounced'";
}

/// False if it was there.
pub(super) async fn add(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    entry: &Suppressed,
) -> Result<bool, Fault> {
    let added = tx
        .run(ADD)
        .bind(entry.id)
        .bind(organisation)
        .bind(entry.email.clone())
        .bind(entry.reason)
        .bind(entry.detail.clone())
        .bind(entry.added_by)
        .bind(entry.at)
        .execute()
        .await?;
    Ok(added == 1)
}

pub(super) async fn remove(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Suppression>,
) -> Result<bool, Fault> {
    Ok(tx.run(REMOVE).bind(organisation).bind(id).execute().await? == 1)
}

pub(super) async fn holds(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    email: &str,
) -> Result<bool, Fault> {
    let query = conn.run(HOLDS).bind(organisation).bind(email.to_owned());
    let (count,): (i64,) = query.one().await?;
    Ok(count > 0)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    before: (Moment, Id<Suppression>),
    limit: i64,
) -> Result<Vec<Suppressed>, Fault> {
    conn.run(LIST)
        .bind(organisation)
        .bind(before.0)
        .bind(before.1)
        .bind(limit)
        .all()
        .await
}

pub(super) async fn bounced(
    tx: &mut Tx,
    letter: Id<Letter>,
    id: Id<Suppression>,
    why: &str,
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(BOUNCED).bind(letter).bind(id);
    query.bind(why.to_owned()).bind(now).execute().await.map(drop)
}

/// How many letters to the same address were set back since `since`, this one among them.
pub(super) async fn set_back(
    tx: &mut Tx,
    letter: Id<Letter>,
    since: Moment,
    now: Moment,
) -> Result<i64, Fault> {
    tx.run(SET_BACK).bind(letter).bind(now).execute().await?;
    let (count,): (i64,) = tx.run(SET_BACKS).bind(letter).bind(since).one().await?;
    Ok(count)
}

pub(super) async fn alive(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    email: &str,
) -> Result<(), Fault> {
    tx.run(FORGIVE).bind(organisation).bind(email.to_owned()).execute().await?;
    tx.run(ALIVE).bind(organisation).bind(email.to_owned()).execute().await.map(drop)
}
