//! The tables `space` and `space_party`, and what is offered to a party.

use kernel::{Fault, Grant, Id, Moment, Organisation, Partnership, Party, Space};
use store::{Conn, Tx, statements};

use super::{PartyRole, PartyState, Standing};
use crate::{History, Mask, Verbs, grants::Right};

statements! {
    /// Opens a space.
    INSERT_SPACE unscoped "its host is bound as the organisation" = "
        insert into space (id, kind, host_id, visibility, state, created_at)
        values ($1, 'deal', $2, 'full', 'open', $3)";

    /// The host takes its place.
    INSERT_HOST = "
        insert into space_party (id, space_id, organisation_id, role, state, history, offered_mask, offered_verbs, invited_at, joined_at, revision)
        values ($1, $2, $3, 'host', 'active', 'all', '', '', $4, $4, 1)";

    /// Somebody is invited, unless they are there.
    INSERT_INVITED = "
        insert into space_party (id, space_id, organisation_id, partnership_id, role, state, history, offered_mask, offered_verbs, invited_at, revision)
        values ($1, $2, $3, $4, 'party', 'invited', $5, '', '', $6, 1)
        on conflict do nothing";

    /// What a party is offered.
    SET_OFFER unscoped "by the party that was just read by its organisation" = "
        update space_party set offered_mask = $2, offered_verbs = $3 where id = $1";

    /// What a party was offered.
    OFFER unscoped "by the party that was just read by its organisation" = "
        select offered_mask, offered_verbs from space_party where id = $1";

    /// The live partnership of two organisations.
    LIVE_PARTNERSHIP = "
        select id from partnership
        where ((proposer_id = $1 and answerer_id = $2) or (proposer_id = $2 and answerer_id = $1))
          and state in ('active', 'ending')";

    /// Whether the partnership stands on which a party rests.
    PARTNERSHIP_STANDS unscoped "by the party that was just read by its organisation" = "
        select count(*)
        from space_party p
        join partnership h on h.id = p.partnership_id
        where p.id = $1 and h.state in ('active', 'ending')";

    /// What an organisation is in a space.
    STANDING = "
        select p.id as party_id, p.role, v.mask, v.verbs, s.host_id, s.state
        from live_party p
        join space s on s.id = p.space_id
        join live_visible v
          on v.organisation_id = p.organisation_id and v.kind = 'deal' and v.record_id = p.space_id
        where p.organisation_id = $1 and p.space_id = $2";

    /// A party.
    PARTY unscoped "by the party that was just changed" = "
        select p.id, p.space_id, p.organisation_id, o.name as organisation_name, s.host_id,
               h.name as host_name, p.partnership_id, p.role, p.state, p.history,
               p.offered_mask, p.offered_verbs, p.invited_at, p.revision
        from space_party p
        join space s on s.id = p.space_id
        join organisation o on o.id = p.organisation_id
        join organisation h on h.id = s.host_id
        where p.id = $1";

    /// A party, for its own organisation or the host of its space.
    PARTY_FOR = "
        select p.id, p.space_id, p.organisation_id, o.name as organisation_name, s.host_id,
               h.name as host_name, p.partnership_id, p.role, p.state, p.history,
               p.offered_mask, p.offered_verbs, p.invited_at, p.revision
        from space_party p
        join space s on s.id = p.space_id
        join organisation o on o.id = p.organisation_id
        join organisation h on h.id = s.host_id
        where p.id = $2
          and (s.host_id = $1
               or (p.organisation_id = $1 and p.state = 'invited')
               or exists (select 1 from live_party l where l.id = p.id and l.organisation_id = $1))";

    /// The parties of a space.
    PARTIES = "
        select p.id, p.space_id, p.organisation_id, o.name as organisation_name, s.host_id,
               h.name as host_name, p.partnership_id, p.role, p.state, p.history,
               p.offered_mask, p.offered_verbs, p.invited_at, p.revision
        from space_party p
        join space s on s.id = p.space_id
        join organisation o on o.id = p.organisation_id
        join organisation h on h.id = s.host_id
        where p.space_id = $2
          and exists (select 1 from live_party l where l.space_id = p.space_id and l.organisation_id = $1)
          and (s.host_id = $1
               or exists (select 1 from live_party l where l.id = p.id))
        order by p.id";

    /// The parties to which an organisation is invited.
    INVITATIONS = "
        select p.id, p.space_id, p.organisation_id, o.name as organisation_name, s.host_id,
               h.name as host_name, p.partnership_id, p.role, p.state, p.history,
               p.offered_mask, p.offered_verbs, p.invited_at, p.revision
        from space_party p
        join space s on s.id = p.space_id
        join organisation o on o.id = p.organisation_id
        join organisation h on h.id = s.host_id
        join partnership n on n.id = p.partnership_id and n.state in ('active', 'ending')
        where p.organisation_id = $1 and p.state = 'invited'
        order by p.id desc";

    /// The parties that rest on a partnership.
    OF_PARTNERSHIP unscoped "by the partnership that one of its two sides has ended" = "
        select p.id, p.space_id, p.organisation_id, o.name as organisation_name, s.host_id,
               h.name as host_name, p.partnership_id, p.role, p.state, p.history,
               p.offered_mask, p.offered_verbs, p.invited_at, p.revision
        from space_party p
        join space s on s.id = p.space_id
        join organisation o on o.id = p.organisation_id
        join organisation h on h.id = s.host_id
        where p.partnership_id = $1 and p.state in ('active', 'invited')
        order by p.id";

    /// Moves a party on from a state.
    SET_STATE unscoped "by the party that was just read by its organisation" = "
        update space_party
        set state = $3, revision = revision + 1,
            joined_at = case when $3 = 'active' then $4 else joined_at end,
            left_at = case when $3 = 'active' then left_at else $4 end
        where id = $1 and revision = $2";

    /// Raises a party's revision, if it is still the one that was read.
    TOUCH_PARTY unscoped "by the party that was just read by its organisation" = "
        update space_party set revision = revision + 1 where id = $1 and revision = $2";

    /// The live parties with their masks.
    MASKS = "
        select p.organisation_id, o.name, v.mask
        from live_party p
        join organisation o on o.id = p.organisation_id
        join live_visible v
          on v.organisation_id = p.organisation_id and v.kind = 'deal' and v.record_id = p.space_id
        where p.space_id = $1
        order by p.id";

    /// Keeps everybody's sort keys.
    TOUCH unscoped "every party's row of a space that the caller has shown its right to" = "
        update visible
        set sort_at = $3,
            sort_name = case when (',' || mask || ',') like '%,title,%' then $2 else '' end
        where kind = 'deal' and record_id = $1";

    /// The grant of a party.
    GRANT_OF unscoped "by the party" = "
        select id from record_grant where party_id = $1 and state = 'live'";
}

/// A party of a space, with the names that people see.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartyRow {
    /// Which.
    pub id: Id<Party>,
    /// Of which space.
    pub space_id: Id<Space>,
    /// Whose.
    pub organisation_id: Id<Organisation>,
    /// Its name.
    pub organisation_name: String,
    /// The host of the space.
    pub host_id: Id<Organisation>,
    /// The host's name.
    pub host_name: String,
    /// The partnership on which it rests; none for the host.
    pub partnership_id: Option<Id<Partnership>>,
    /// As what.
    pub role: PartyRole,
    /// How far it is.
    pub state: PartyState,
    /// From where it may read.
    pub history: History,
    /// The fields it was offered, as stored.
    pub offered_mask: String,
    /// The verbs it was offered, as stored.
    pub offered_verbs: String,
    /// When it was invited.
    pub invited_at: Moment,
    /// Counts its changes.
    pub revision: i64,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    party_id: Id<Party>,
    role: PartyRole,
    mask: String,
    verbs: String,
    host_id: Id<Organisation>,
    state: String,
}

pub(super) async fn insert_space(
    tx: &mut Tx,
    space: Id<Space>,
    host: Id<Organisation>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(INSERT_SPACE).bind(space).bind(host).bind(at).execute().await.map(drop)
}

pub(super) async fn insert_host(
    tx: &mut Tx,
    party: Id<Party>,
    space: Id<Space>,
    host: Id<Organisation>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(INSERT_HOST)
        .bind(party)
        .bind(space)
        .bind(host)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn insert_invited(
    tx: &mut Tx,
    party: Id<Party>,
    space: Id<Space>,
    organisation: Id<Organisation>,
    partnership: Id<Partnership>,
    history: History,
    at: Moment,
) -> Result<bool, Fault> {
    let invited = tx
        .run(INSERT_INVITED)
        .bind(party)
        .bind(space)
        .bind(organisation)
        .bind(partnership)
        .bind(history)
        .bind(at)
        .execute()
        .await?;
    Ok(invited == 1)
}

pub(super) async fn insert_offer(
    tx: &mut Tx,
    party: Id<Party>,
    mask: &Mask,
    verbs: Verbs,
) -> Result<(), Fault> {
    set_offer(tx, party, &Right { mask: mask.clone(), verbs }).await
}

pub(super) async fn set_offer(
    tx: &mut Tx,
    party: Id<Party>,
    right: &Right,
) -> Result<(), Fault> {
    tx.run(SET_OFFER)
        .bind(party)
        .bind(right.mask.text())
        .bind(right.verbs.text())
        .execute()
        .await
        .map(drop)
}

pub(super) async fn offer(tx: &mut Tx, party: Id<Party>) -> Result<Right, Fault> {
    let (mask, verbs): (String, String) = tx.run(OFFER).bind(party).one().await?;
    Ok(Right { mask: Mask::read(&mask), verbs: Verbs::read(&verbs) })
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

pub(super) async fn partnership_stands(
    tx: &mut Tx,
    party: Id<Party>,
) -> Result<bool, Fault> {
    let (stands,): (i64,) = tx.run(PARTNERSHIP_STANDS).bind(party).one().await?;
    Ok(stands > 0)
}

pub(super) async fn standing(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Option<Standing>, Fault> {
    let row: Option<StandingRow> =
        conn.run(STANDING).bind(organisation).bind(space).optional().await?;
    Ok(row.map(|row| Standing {
        party: row.party_id,
        role: row.role,
        mask: Mask::read(&row.mask),
        verbs: Verbs::read(&row.verbs),
        host: row.host_id,
        open: row.state == "open",
    }))
}

pub(super) async fn party(
    conn: &mut Conn,
    party: Id<Party>,
) -> Result<Option<PartyRow>, Fault> {
    conn.run(PARTY).bind(party).optional().await
}

pub(super) async fn party_for(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    party: Id<Party>,
) -> Result<Option<PartyRow>, Fault> {
    conn.run(PARTY_FOR).bind(organisation).bind(party).optional().await
}

pub(super) async fn parties(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<PartyRow>, Fault> {
    conn.run(PARTIES).bind(organisation).bind(space).all().await
}

pub(super) async fn invitations(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<PartyRow>, Fault> {
    conn.run(INVITATIONS).bind(organisation).all().await
}

pub(super) async fn of_partnership(
    tx: &mut Tx,
    partnership: Id<Partnership>,
) -> Result<Vec<PartyRow>, Fault> {
    tx.run(OF_PARTNERSHIP).bind(partnership).all().await
}

pub(super) async fn set_state(
    tx: &mut Tx,
    row: &PartyRow,
    state: PartyState,
    at: Moment,
) -> Result<bool, Fault> {
    let moved = tx
        .run(SET_STATE)
        .bind(row.id)
        .bind(row.revision)
        .bind(state)
        .bind(at)
        .execute()
        .await?;
    Ok(moved == 1)
}

pub(super) async fn touch_party(
    tx: &mut Tx,
    party: Id<Party>,
    revision: i64,
) -> Result<bool, Fault> {
    Ok(tx.run(TOUCH_PARTY).bind(party).bind(revision).execute().await? == 1)
}

pub(super) async fn masks(
    conn: &mut Conn,
    space: Id<Space>,
) -> Result<Vec<(Id<Organisation>, String, Mask)>, Fault> {
    let rows: Vec<(Id<Organisation>, String, String)> =
        conn.run(MASKS).bind(space).all().await?;
    Ok(rows.into_iter().map(|(id, name, mask)| (id, name, Mask::read(&mask))).collect())
}

pub(super) async fn touch(
    tx: &mut Tx,
    space: Id<Space>,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(TOUCH).bind(space).bind(sort_name).bind(at).execute().await.map(drop)
}

pub(super) async fn grant_of(
    conn: &mut Conn,
    party: Id<Party>,
) -> Result<Option<Id<Grant>>, Fault> {
    let found: Option<(Id<Grant>,)> = conn.run(GRANT_OF).bind(party).optional().await?;
    Ok(found.map(|(id,)| id))
}
