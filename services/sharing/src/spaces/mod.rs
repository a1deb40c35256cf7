//! Spaces: the only containers that more than one organisation can see.
//!
//! A space has one host and further parties, each joined to the host by a live partnership. A
//! party's right is its live grant: an allow-list of fields, and verbs. A party that goes takes
//! its grant with it; coming back is a new party. `rules.rs` tells the moves, `sql.rs` the rows.

mod ended;
mod rules;
mod sql;

use gate::Scope;
use kernel::{Fault, Grant, Id, Moment, Organisation, Party, Room, Space};
use serde_json::json;
use store::{Conn, Hint, Tx};

pub(crate) use ended::darken;
pub use ended::{Dropped, drop_of_partnership};
pub use rules::{PartyMove, PartyRole, PartyState};
pub use sql::{ALL as STATEMENTS, PartyRow};

use crate::{
    Author, EventKind, History, Mask, NewEvent, Refusal, Verbs, audit, directs, grants,
    log,
};

/// A space that has just been opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The space.
    pub space: Id<Space>,
    /// Its host's party.
    pub party: Id<Party>,
    /// Its main room.
    pub main: Id<Room>,
}

/// What an organisation is in a space: the right by which it sees anything of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its party.
    pub party: Id<Party>,
    /// Its role.
    pub role: PartyRole,
    /// The fields of the card that it may see.
    pub mask: Mask,
    /// What it may do with them.
    pub verbs: Verbs,
    /// The host.
    pub host: Id<Organisation>,
    /// Whether the space is open.
    pub open: bool,
}

/// Opens a space: its host with every field and verb, its main room, the host's own notes.
///
/// # Errors
/// If the database fails.
pub async fn open(
    tx: &mut Tx,
    scope: Scope,
    at: Moment,
    full_mask: &Mask,
    sort_name: &str,
) -> Result<Opened, Refusal> {
    let (space, party, host) = (Id::mint(), Id::mint(), scope.organisation());
    sql::insert_space(tx, space, host, at).await?;
    sql::insert_host(tx, party, space, host, at).await?;
    let main = log::open_main(tx, space, at).await?;
    let right = grants::Right { mask: full_mask.clone(), verbs: Verbs::ALL };
    let by = grants::Cause::Host { party };
    grants::give_in_space(tx, host, host, space, None, &right, by, sort_name, at).await?;
    log::admit(tx, space, party, host, History::All, at).await?;
    Ok(Opened { space, party, main })
}

/// What an organisation is in a space; none where it is nothing, or there is no such space.
///
/// # Errors
/// If the database fails.
pub async fn standing(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Option<Standing>, Fault> {
    sql::standing(conn, organisation, space).await
}

/// What an organisation is in a space, or the refusal for where it is nothing.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn stands(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
) -> Result<Standing, Refusal> {
    standing(conn, scope.organisation(), space).await?.ok_or(Refusal::NotFound)
}

/// Invites an organisation into a space. Only its host may, or a party with the verb.
///
/// # Errors
/// [`Refusal::NoPartnership`], if none is live between the host and the invited;
/// [`Refusal::Exists`], if it takes part or is invited already.
#[expect(clippy::too_many_arguments, reason = "what an invitation says")]
pub async fn invite(
    tx: &mut Tx,
    scope: Scope,
    space: Id<Space>,
    organisation: Id<Organisation>,
    mask: &Mask,
    verbs: Verbs,
    history: History,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let standing = stands(tx, scope, space).await?;
    if standing.role != PartyRole::Host {
        return Err(Refusal::Forbidden("only the host of a space brings others in"));
    }
    let partnership = sql::live_partnership(tx, standing.host, organisation).await?;
    let partnership = partnership.ok_or(Refusal::NoPartnership)?;
    let party = Id::mint();
    let invited =
        sql::insert_invited(tx, party, space, organisation, partnership, history, at)
            .await?;
    if !invited {
        return Err(Refusal::Exists("this partner takes part already, or is invited"));
    }
    sql::insert_offer(tx, party, mask, verbs).await?;
    let detail = json!({ "fields": mask.list(), "verbs": verbs.words() });
    let of = ("deal", space.to_string());
    audit::write(tx, standing.host, scope.actor(), "deal.invite", of, detail, at).await?;
    hint_party(tx, organisation, party, 1);
    changed(tx, space, "deal", &space.to_string(), 0).await?;
    party_view(tx, party).await
}

/// Moves a party: its own organisation accepts, declines or leaves; the host cancels or removes.
///
/// # Errors
/// [`Refusal::NotFound`] for a party that the caller may not know of;
/// [`Refusal::NoMove`] where the state, or the side, does not allow it.
pub async fn step(
    tx: &mut Tx,
    scope: Scope,
    party: Id<Party>,
    step: PartyMove,
    sort_name: &str,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let row = sql::party_for(tx, scope.organisation(), party).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let next = rules::next(&row, scope.organisation(), step)?;
    if next == PartyState::Active && !sql::partnership_stands(tx, party).await? {
        return Err(Refusal::NoPartnership);
    }
    // A second one that read the same state finds nothing to change.
    if !sql::set_state(tx, &row, next, at).await? {
        return Err(Refusal::Stale(row.revision + 1));
    }
    if next == PartyState::Active {
        join(tx, &row, sort_name, at).await?;
    } else if row.state == PartyState::Active {
        depart(tx, row.space_id, party, row.organisation_id, next.word()).await?;
        directs::cut(tx, row.organisation_id, at).await?;
    }
    tell(tx, scope, &row, step, at).await?;
    hint_party(tx, row.organisation_id, party, row.revision + 1);
    changed(tx, row.space_id, "deal", &row.space_id.to_string(), 0).await?;
    party_view(tx, party).await
}

/// A party that has become active gets what it was offered, and its rooms.
async fn join(
    tx: &mut Tx,
    row: &PartyRow,
    sort_name: &str,
    at: Moment,
) -> Result<(), Refusal> {
    let right = sql::offer(tx, row.id).await?;
    let (giver, to) = (row.host_id, row.organisation_id);
    let by = grants::Cause::Invite { party: row.id };
    let space = row.space_id;
    let partnership = row.partnership_id;
    grants::give_in_space(tx, giver, to, space, partnership, &right, by, sort_name, at)
        .await?;
    Ok(log::admit(tx, space, row.id, to, row.history, at).await?)
}

/// A party that was active loses everything but its own side and the papers exchanged.
async fn depart(
    tx: &mut Tx,
    space: Id<Space>,
    party: Id<Party>,
    organisation: Id<Organisation>,
    reason: &str,
) -> Result<(), Fault> {
    grants::revoke_of_party(tx, party).await?;
    let reason = reason.to_owned();
    tx.hint(Hint::Revoked { space, organisation, reason });
    Ok(())
}

/// Tells the main room, and both organisations' audit logs.
async fn tell(
    tx: &mut Tx,
    scope: Scope,
    row: &PartyRow,
    step: PartyMove,
    at: Moment,
) -> Result<(), Refusal> {
    if matches!(step, PartyMove::Accept | PartyMove::Leave | PartyMove::Remove) {
        let main = log::main_room(tx, row.space_id).await?;
        let detail =
            json!({ "organisation": row.organisation_name, "move": step.word() });
        let author = match scope.actor() {
            Some(person) => Author::Person { person, organisation: scope.organisation() },
            None => Author::System,
        };
        log::append(tx, main, at, NewEvent::telling(EventKind::Party, author, detail))
            .await?;
    }
    let action = format!("party.{}", step.word());
    for organisation in [row.host_id, row.organisation_id] {
        let person = scope.actor().filter(|_| organisation == scope.organisation());
        let of = ("deal", row.space_id.to_string());
        let detail = json!({ "party": row.id, "organisation": row.organisation_id });
        audit::write(tx, organisation, person, &action, of, detail, at).await?;
    }
    Ok(())
}

/// Changes what a party may see and do. Only the host may.
///
/// # Errors
/// [`Refusal::Stale`], if the party has another revision than the caller read.
#[expect(clippy::too_many_arguments, reason = "what a right says")]
pub async fn set_mask(
    tx: &mut Tx,
    scope: Scope,
    party: Id<Party>,
    mask: Option<Mask>,
    verbs: Option<Verbs>,
    revision: i64,
    sort_name: &str,
    at: Moment,
) -> Result<PartyRow, Refusal> {
    let row = sql::party_for(tx, scope.organisation(), party).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    if row.host_id != scope.organisation() || row.role == PartyRole::Host {
        return Err(Refusal::Forbidden("only the host sets what another party sees"));
    }
    if row.revision != revision || !sql::touch_party(tx, party, revision).await? {
        return Err(Refusal::Stale(row.revision));
    }
    let before = sql::offer(tx, party).await?;
    let right = grants::Right {
        mask: mask.unwrap_or_else(|| before.mask.clone()),
        verbs: verbs.unwrap_or(before.verbs),
    };
    sql::set_offer(tx, party, &right).await?;
    if row.state == PartyState::Active {
        grants::reshape_of_party(tx, party, &right, sort_name, at).await?;
        if !right.mask.covers(&before.mask) || right.verbs != before.verbs {
            tx.hint(Hint::Narrowed { organisation: row.organisation_id });
        }
    }
    let detail = json!({
        "organisation": row.organisation_id,
        "fields": right.mask.list(),
        "verbs": right.verbs.words(),
    });
    let of = ("deal", row.space_id.to_string());
    audit::write(tx, row.host_id, scope.actor(), "deal.mask", of, detail, at).await?;
    changed(tx, row.space_id, "deal", &row.space_id.to_string(), 0).await?;
    party_view(tx, party).await
}

/// The parties of a space, for one that takes part: the live ones and those invited, oldest
/// first; the host also sees those that are gone.
///
/// # Errors
/// If the database fails.
pub async fn parties(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
) -> Result<Vec<PartyRow>, Fault> {
    sql::parties(conn, scope.organisation(), space).await
}

/// The spaces into which an organisation is invited.
///
/// # Errors
/// If the database fails.
pub async fn invitations(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<PartyRow>, Fault> {
    sql::invitations(conn, organisation).await
}

/// The live parties' organisations, with their masks.
///
/// # Errors
/// If the database fails.
pub async fn masks(
    conn: &mut Conn,
    space: Id<Space>,
) -> Result<Vec<(Id<Organisation>, String, Mask)>, Fault> {
    sql::masks(conn, space).await
}

/// Whether everybody who reads the main room may see a field of the card.
///
/// # Errors
/// If the database fails.
pub async fn all_see(
    conn: &mut Conn,
    space: Id<Space>,
    field: &str,
) -> Result<bool, Fault> {
    Ok(sql::masks(conn, space).await?.iter().all(|(_, _, mask)| mask.has(field)))
}

/// Keeps the sort keys of everybody's rows in `visible`. A name goes only to those who may
/// see it.
///
/// # Errors
/// If the database fails.
pub async fn touch(
    tx: &mut Tx,
    space: Id<Space>,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    sql::touch(tx, space, sort_name, at).await
}

/// Tells every live party that a record of the space has changed, without saying what.
///
/// # Errors
/// If the database fails.
pub async fn changed(
    tx: &mut Tx,
    space: Id<Space>,
    kind: &str,
    id: &str,
    revision: i64,
) -> Result<(), Fault> {
    for (organisation, _, _) in sql::masks(tx, space).await? {
        let (kind, id) = (kind.to_owned(), id.to_owned());
        tx.hint(Hint::Changed { organisation, kind, id, revision });
    }
    Ok(())
}

async fn party_view(tx: &mut Tx, party: Id<Party>) -> Result<PartyRow, Refusal> {
    sql::party(tx, party).await?.ok_or(Refusal::NotFound)
}

fn hint_party(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    party: Id<Party>,
    revision: i64,
) {
    let (kind, id) = ("invitation".to_owned(), party.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision });
}

/// The grant behind a party's right, for tests and the preview.
///
/// # Errors
/// If the database fails.
pub async fn grant_of(
    conn: &mut Conn,
    party: Id<Party>,
) -> Result<Option<Id<Grant>>, Fault> {
    sql::grant_of(conn, party).await
}
