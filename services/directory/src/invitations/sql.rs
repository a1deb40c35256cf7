//! The table `invitation`.

use gate::Role;
use kernel::{Fault, Id, Invitation, Moment, Organisation, Partnership, Person};
use store::{Conn, Tx, statements};

use super::rules::{InvitationKind, InvitationState};
use crate::{Email, Locale};

statements! {
    /// Keeps one, unless the address waits for one already.
    INSERT = "
        insert into invitation (id, organisation_id, kind, email, role, partnership_id, domain, token_hash, state, invited_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'sent', $9, $10, $11)
        on conflict do nothing";

    /// What an address let pass is out of the way.
    EXPIRE = "
        update invitation set state = 'expired'
        where organisation_id = $1 and email = $2 and kind = 'member' and state = 'sent' and expires_at <= $3";

    /// Who has been invited and has not come, newest first.
    LIST = "
        select id, email, role, state, expires_at
        from invitation
        where organisation_id = $1 and kind = 'member' and state in ('sent', 'expired')
        order by id desc
        limit 500";

    /// Takes one back.
    CANCEL = "
        update invitation set state = 'cancelled'
        where organisation_id = $1 and id = $2 and kind = 'member' and state = 'sent'";

    /// What stands behind a link.
    BY_TOKEN = "
        select i.id, i.organisation_id, o.name as organisation_name, i.kind, i.email, i.role,
               i.partnership_id, i.domain, i.state, i.expires_at
        from invitation i
        join organisation o on o.id = i.organisation_id
        where i.token_hash = $1";

    /// A link is used: once.
    USE unscoped "the token is what names the invitation" = "
        update invitation set state = 'accepted'
        where id = $1 and state = 'sent' and expires_at > $2";

    /// The link of a proposal leads nowhere any more.
    SETTLE unscoped "the partnership was read under the acting organisation" = "
        update invitation set state = $2
        where partnership_id = $1 and state = 'sent'";

    /// In which language somebody writes.
    LOCALE_OF unscoped "the acting person's own" = "
        select locale from person where id = $1";
}

/// An invitation to be kept.
pub(super) struct Fresh<'f> {
    pub(super) id: Id<Invitation>,
    pub(super) organisation: Id<Organisation>,
    pub(super) kind: InvitationKind,
    pub(super) email: &'f Email,
    pub(super) role: Role,
    pub(super) partnership: Option<Id<Partnership>>,
    pub(super) domain: Option<&'f str>,
    pub(super) token_hash: String,
    pub(super) invited_by: Id<Person>,
    pub(super) at: Moment,
    pub(super) until: Moment,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Invitation>,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) state: InvitationState,
    pub(super) expires_at: Moment,
}

/// What stands behind a link.
#[derive(sqlx::FromRow)]
pub(super) struct Door {
    pub(super) id: Id<Invitation>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) organisation_name: String,
    pub(super) kind: InvitationKind,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) partnership_id: Option<Id<Partnership>>,
    pub(super) domain: Option<String>,
    pub(super) state: InvitationState,
    pub(super) expires_at: Moment,
}

pub(super) async fn insert(tx: &mut Tx, fresh: &Fresh<'_>) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(fresh.id)
        .bind(fresh.organisation)
        .bind(fresh.kind)
        .bind(fresh.email.as_str())
        .bind(fresh.role)
        .bind(fresh.partnership)
        .bind(fresh.domain.map(str::to_owned))
        .bind(&fresh.token_hash)
        .bind(fresh.invited_by)
        .bind(fresh.at)
        .bind(fresh.until)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn expire(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    email: &Email,
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(EXPIRE).bind(organisation).bind(email.as_str());
    query.bind(now).execute().await.map(drop)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(organisation).all().await
}

pub(super) async fn cancel(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Invitation>,
) -> Result<bool, Fault> {
    Ok(tx.run(CANCEL).bind(organisation).bind(id).execute().await? == 1)
}

pub(super) async fn by_token(conn: &mut Conn, hash: &str) -> Result<Option<Door>, Fault> {
    conn.run(BY_TOKEN).bind(hash).optional().await
}

pub(super) async fn mark_used(
    tx: &mut Tx,
    id: Id<Invitation>,
    now: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(USE).bind(id).bind(now).execute().await? == 1)
}

pub(super) async fn settle(
    tx: &mut Tx,
    partnership: Id<Partnership>,
    state: InvitationState,
) -> Result<(), Fault> {
    tx.run(SETTLE).bind(partnership).bind(state).execute().await.map(drop)
}

pub(super) async fn locale_of(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Locale, Fault> {
    let row: Option<(Locale,)> = conn.run(LOCALE_OF).bind(person).optional().await?;
    Ok(row.map(|(locale,)| locale).unwrap_or_default())
}
