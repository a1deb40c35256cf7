//! The tables `record_grant` and `visible`.

use kernel::{Fault, Grant, Id, Moment, Organisation, Partnership, Party};
use store::{Conn, Tx, statements};
use uuid::Uuid;

use super::{Right, Shared};
use crate::{Mask, Verbs};

statements! {
    /// Adds a grant.
    INSERT = "
        insert into record_grant (id, giver_id, organisation_id, partnership_id, party_id, kind, record_id, mask, verbs, cause, state, created_at, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'live', $11, 1)";

    /// Shows the record to the holder; a row of an older grant gives way.
    SHOW = "
        insert into visible (organisation_id, kind, record_id, grant_id, party_id, mask, sort_name, sort_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (organisation_id, kind, record_id) do update
        set grant_id = excluded.grant_id, party_id = excluded.party_id, mask = excluded.mask,
            sort_name = excluded.sort_name, sort_at = excluded.sort_at";

    /// No longer shows what a grant showed.
    HIDE unscoped "by the grant that was just revoked" = "
        delete from visible where grant_id = $1";

    /// The live grant of a record to an organisation.
    LIVE_OF = "
        select id, mask from record_grant
        where kind = $1 and record_id = $2 and organisation_id = $3 and state = 'live'";

    /// Changes a grant's right.
    RESHAPE unscoped "by the grant that was just read by its giver" = "
        update record_grant set mask = $2, verbs = $3, revision = revision + 1 where id = $1";

    /// Takes a grant back.
    REVOKE = "
        update record_grant
        set state = 'revoked', revoked_at = $4, revision = revision + 1
        where giver_id = $1 and record_id = $2 and id = $3 and state = 'live' and party_id is null
        returning organisation_id";

    /// Takes back what was given on a record whose cause is gone.
    LAPSE = "
        update record_grant
        set state = 'revoked', revoked_at = $3, revision = revision + 1
        where kind = $1 and record_id = $2 and state = 'live'
        returning id, organisation_id";

    /// Takes the grant of a party back.
    REVOKE_OF_PARTY unscoped "by the party that has just gone" = "
        update record_grant set state = 'revoked', revision = revision + 1
        where party_id = $1 and state = 'live'";

    /// No longer shows what a party saw.
    HIDE_OF_PARTY unscoped "by the party that has just gone" = "
        delete from visible where party_id = $1";

    /// Who holds grants that rest on a partnership.
    HOLDERS_BY = "
        select distinct organisation_id from record_grant
        where partnership_id = $1 and state = 'live'";

    /// Takes every grant back that rests on a partnership.
    REVOKE_OF_PARTNERSHIP unscoped "by the partnership that has just ended" = "
        update record_grant set state = 'revoked', revision = revision + 1
        where partnership_id = $1 and state = 'live'";

    /// Changes the right of a party's grant.
    RESHAPE_OF_PARTY unscoped "by the party that its host has just read" = "
        update record_grant set mask = $2, verbs = $3, revision = revision + 1
        where party_id = $1 and state = 'live'";

    /// Changes what a party sees.
    RESHOW_OF_PARTY unscoped "by the party that its host has just read" = "
        update visible set mask = $2, sort_name = $3, sort_at = $4 where party_id = $1";

    /// Keeps the sort keys of everybody who sees a record.
    TOUCH unscoped "every reader's row of a record that the caller owns" = "
        update visible
        set sort_at = $4,
            sort_name = case when (',' || mask || ',') like $5 then $3 else '' end
        where kind = $1 and record_id = $2";

    /// Who sees a record now.
    READERS = "
        select organisation_id from live_visible where kind = $1 and record_id = $2";

    /// The live grants on a record, for its owner.
    OF_RECORD = "
        select g.id, g.organisation_id, o.name as organisation_name, g.mask, g.verbs, g.created_at
        from record_grant g
        join organisation o on o.id = g.organisation_id
        left join partnership h on h.id = g.partnership_id
        where g.giver_id = $1 and g.kind = $2 and g.record_id = $3 and g.state = 'live'
          and (g.partnership_id is null or h.state in ('active', 'ending', 'suspended'))
        order by g.id";

    /// What an organisation sees of a record.
    VISIBLE = "
        select v.grant_id, v.giver_id, o.name as giver_name, v.mask, v.verbs
        from live_visible v
        join organisation o on o.id = v.giver_id
        where v.organisation_id = $1 and v.kind = $2 and v.record_id = $3";

    /// The live partnership of two organisations.
    LIVE_PARTNERSHIP = "
        select id from partnership
        where ((proposer_id = $1 and answerer_id = $2) or (proposer_id = $2 and answerer_id = $1))
          and state in ('active', 'ending')";
}

/// A grant to be added.
pub(super) struct NewGrant {
    pub(super) grant: Id<Grant>,
    pub(super) giver: Id<Organisation>,
    pub(super) to: Id<Organisation>,
    pub(super) partnership: Option<Id<Partnership>>,
    pub(super) party: Option<Id<Party>>,
    pub(super) kind: &'static str,
    pub(super) record: Uuid,
    pub(super) cause: &'static str,
}

/// A live grant, as its giver sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GrantRow {
    /// Which.
    pub id: Id<Grant>,
    /// To whom.
    pub organisation_id: Id<Organisation>,
    /// Their name.
    pub organisation_name: String,
    mask: String,
    verbs: String,
    /// Since when.
    pub created_at: Moment,
}

impl GrantRow {
    /// The fields.
    pub fn mask(&self) -> Mask {
        Mask::read(&self.mask)
    }

    /// The verbs.
    pub fn verbs(&self) -> Verbs {
        Verbs::read(&self.verbs)
    }
}

/// What an organisation sees of a record that another shares with it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// By which grant.
    pub grant: Id<Grant>,
    /// Who shares it.
    pub giver: Id<Organisation>,
    /// Their name.
    pub giver_name: String,
    /// The fields.
    pub mask: Mask,
    /// The verbs.
    pub verbs: Verbs,
}

/// A grant, its giver with their name, mask and verbs as stored.
type SeenRow = (Id<Grant>, Id<Organisation>, String, String, String);

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewGrant,
    right: &Right,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(INSERT)
        .bind(new.grant)
        .bind(new.giver)
        .bind(new.to)
        .bind(new.partnership)
        .bind(new.party)
        .bind(new.kind)
        .bind(new.record)
        .bind(right.mask.text())
        .bind(right.verbs.text())
        .bind(new.cause)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn show(
    tx: &mut Tx,
    new: &NewGrant,
    right: &Right,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(SHOW)
        .bind(new.to)
        .bind(new.kind)
        .bind(new.record)
        .bind(new.grant)
        .bind(new.party)
        .bind(right.mask.text())
        .bind(sort_name)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn hide(tx: &mut Tx, grant: Id<Grant>) -> Result<(), Fault> {
    tx.run(HIDE).bind(grant).execute().await.map(drop)
}

pub(super) async fn live_of(
    tx: &mut Tx,
    kind: &str,
    record: Uuid,
    to: Id<Organisation>,
) -> Result<Option<(Id<Grant>, Mask)>, Fault> {
    let row: Option<(Id<Grant>, String)> =
        tx.run(LIVE_OF).bind(kind).bind(record).bind(to).optional().await?;
    Ok(row.map(|(id, mask)| (id, Mask::read(&mask))))
}

pub(super) async fn reshape(
    tx: &mut Tx,
    grant: Id<Grant>,
    right: &Right,
) -> Result<(), Fault> {
    tx.run(RESHAPE)
        .bind(grant)
        .bind(right.mask.text())
        .bind(right.verbs.text())
        .execute()
        .await
        .map(drop)
}

pub(super) async fn revoke(
    tx: &mut Tx,
    giver: Id<Organisation>,
    record: Uuid,
    grant: Id<Grant>,
    at: Moment,
) -> Result<Option<Id<Organisation>>, Fault> {
    let row: Option<(Id<Organisation>,)> =
        tx.run(REVOKE).bind(giver).bind(record).bind(grant).bind(at).optional().await?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn lapse(
    tx: &mut Tx,
    kind: &str,
    record: Uuid,
    at: Moment,
) -> Result<Vec<(Id<Grant>, Id<Organisation>)>, Fault> {
    tx.run(LAPSE).bind(kind).bind(record).bind(at).all().await
}

pub(super) async fn revoke_of_party(tx: &mut Tx, party: Id<Party>) -> Result<(), Fault> {
    tx.run(REVOKE_OF_PARTY).bind(party).execute().await?;
    tx.run(HIDE_OF_PARTY).bind(party).execute().await.map(drop)
}

pub(super) async fn holders_by(
    tx: &mut Tx,
    partnership: Id<Partnership>,
) -> Result<Vec<Id<Organisation>>, Fault> {
    let rows: Vec<(Id<Organisation>,)> =
        tx.run(HOLDERS_BY).bind(partnership).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn revoke_of_partnership(
    tx: &mut Tx,
    partnership: Id<Partnership>,
) -> Result<(), Fault> {
    tx.run(REVOKE_OF_PARTNERSHIP).bind(partnership).execute().await.map(drop)
}

pub(super) async fn reshape_of_party(
    tx: &mut Tx,
    party: Id<Party>,
    right: &Right,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    let (mask, verbs) = (right.mask.text(), right.verbs.text());
    tx.run(RESHAPE_OF_PARTY).bind(party).bind(&mask).bind(verbs).execute().await?;
    let show = tx.run(RESHOW_OF_PARTY).bind(party).bind(mask).bind(sort_name).bind(at);
    show.execute().await.map(drop)
}

pub(super) async fn touch(
    tx: &mut Tx,
    shared: &Shared<'_>,
    with: &str,
) -> Result<(), Fault> {
    tx.run(TOUCH)
        .bind(shared.kind)
        .bind(shared.record)
        .bind(shared.sort_name)
        .bind(shared.sort_at)
        .bind(with)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn readers(
    tx: &mut Tx,
    kind: &str,
    record: Uuid,
) -> Result<Vec<Id<Organisation>>, Fault> {
    let rows: Vec<(Id<Organisation>,)> =
        tx.run(READERS).bind(kind).bind(record).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn of_record(
    conn: &mut Conn,
    giver: Id<Organisation>,
    kind: &str,
    record: Uuid,
) -> Result<Vec<GrantRow>, Fault> {
    conn.run(OF_RECORD).bind(giver).bind(kind).bind(record).all().await
}

pub(super) async fn visible(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    kind: &str,
    record: Uuid,
) -> Result<Option<Seen>, Fault> {
    let row: Option<SeenRow> =
        conn.run(VISIBLE).bind(organisation).bind(kind).bind(record).optional().await?;
    Ok(row.map(|(grant, giver, giver_name, mask, verbs)| Seen {
        grant,
        giver,
        giver_name,
        mask: Mask::read(&mask),
        verbs: Verbs::read(&verbs),
    }))
}

pub(super) async fn live_partnership(
    conn: &mut Conn,
    one: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<Option<Id<Partnership>>, Fault> {
    let found: Option<(Id<Partnership>,)> =
        conn.run(LIVE_PARTNERSHIP).bind(one).bind(other).optional().await?;
    Ok(found.map(|(id,)| id))
}
