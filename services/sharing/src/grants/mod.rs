//! Rights that were given: on a space's card, and on single records of one's own. Each grant
//! has a cause, and goes when its cause goes; `visible` holds one row a grant and reader.

mod sql;

use gate::Scope;
use kernel::{Fault, Grant, Id, Moment, Organisation, Partnership, Party, Space};
use serde_json::json;
use store::{Conn, Hint, Tx};
use uuid::Uuid;

pub use sql::{ALL as STATEMENTS, GrantRow, Seen};

use crate::{Mask, Refusal, Verbs, audit};

/// What is given: fields, and what may be done with them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Right {
    /// The fields.
    pub mask: Mask,
    /// The verbs.
    pub verbs: Verbs,
}

/// Why a right on a space is given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cause {
    /// To its host, by opening it.
    Host {
        /// The host's party.
        party: Id<Party>,
    },
    /// To a party, by the invitation that it accepted.
    Invite {
        /// The party.
        party: Id<Party>,
    },
}

/// A record of one's own that is shared.
#[derive(Clone, Debug)]
pub struct Shared<'r> {
    /// Its kind, such as `account`.
    pub kind: &'static str,
    /// Its id's bits.
    pub record: Uuid,
    /// Its id as text, for the log.
    pub name: String,
    /// Its name, by which readers who may see it sort.
    pub sort_name: &'r str,
    /// The field of the mask that holds that name.
    pub name_field: &'static str,
    /// When it last changed.
    pub sort_at: Moment,
    /// Why it is shared: `admin`, or `request` where it was asked for.
    pub cause: &'static str,
}

/// Gives a right on a space's card to one of its parties.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub(crate) async fn give_in_space(
    tx: &mut Tx,
    giver: Id<Organisation>,
    to: Id<Organisation>,
    space: Id<Space>,
    partnership: Option<Id<Partnership>>,
    right: &Right,
    cause: Cause,
    sort_name: &str,
    at: Moment,
) -> Result<Id<Grant>, Fault> {
    let (cause, party) = match cause {
        Cause::Host { party } => ("host", party),
        Cause::Invite { party } => ("invite", party),
    };
    let grant = Id::mint();
    let new = sql::NewGrant {
        grant,
        giver,
        to,
        partnership,
        party: Some(party),
        kind: "deal",
        record: space.uuid(),
        cause,
    };
    sql::insert(tx, &new, right, at).await?;
    let sort_name = if right.mask.has("title") { sort_name } else { "" };
    sql::show(tx, &new, right, sort_name, at).await?;
    Ok(grant)
}

/// Gives another organisation a right on a record of one's own, or changes the one it has.
///
/// The caller has shown that the record is its own.
///
/// # Errors
/// [`Refusal::NoPartnership`], if none is live between the two.
pub async fn give(
    tx: &mut Tx,
    scope: Scope,
    shared: &Shared<'_>,
    to: Id<Organisation>,
    right: &Right,
    at: Moment,
) -> Result<Id<Grant>, Refusal> {
    let giver = scope.organisation();
    let partnership = sql::live_partnership(tx, giver, to).await?;
    let partnership = Some(partnership.ok_or(Refusal::NoPartnership)?);
    let before = sql::live_of(tx, shared.kind, shared.record, to).await?;
    let grant = before.as_ref().map_or_else(Id::mint, |(id, _)| *id);
    let (kind, record) = (shared.kind, shared.record);
    let new = sql::NewGrant {
        grant,
        giver,
        to,
        partnership,
        party: None,
        kind,
        record,
        cause: shared.cause,
    };
    if before.is_some() {
        sql::reshape(tx, grant, right).await?;
    } else {
        sql::insert(tx, &new, right, at).await?;
    }
    let sort_name = if right.mask.has(shared.name_field) { shared.sort_name } else { "" };
    sql::show(tx, &new, right, sort_name, shared.sort_at).await?;
    if before.is_some_and(|(_, mask)| !right.mask.covers(&mask)) {
        tx.hint(Hint::Narrowed { organisation: to });
    }
    let detail = json!({ "organisation": to, "fields": right.mask.list(), "verbs": right.verbs.words() });
    let of = (kind, shared.name.clone());
    audit::write(tx, giver, scope.actor(), "share", of, detail, at).await?;
    let (kind, id) = (kind.to_owned(), shared.name.clone());
    tx.hint(Hint::Changed { organisation: to, kind, id, revision: 0 });
    Ok(grant)
}

/// Takes a grant on a record of one's own back.
///
/// # Errors
/// [`Refusal::NotFound`], if the caller gave no such live grant on that record.
pub async fn revoke(
    tx: &mut Tx,
    scope: Scope,
    kind: &'static str,
    record: Uuid,
    name: String,
    grant: Id<Grant>,
    at: Moment,
) -> Result<(), Refusal> {
    let to = sql::revoke(tx, scope.organisation(), record, grant, at).await?;
    let to = to.ok_or(Refusal::NotFound)?;
    sql::hide(tx, grant).await?;
    tx.hint(Hint::Narrowed { organisation: to });
    let detail = json!({ "organisation": to });
    let of = (kind, name.clone());
    audit::write(tx, scope.organisation(), scope.actor(), "unshare", of, detail, at)
        .await?;
    let kind = kind.to_owned();
    tx.hint(Hint::Changed { organisation: to, kind, id: name, revision: 0 });
    Ok(())
}

/// The cause of what was shared of a record is gone: whoever had a right on it has it no longer.
/// Tells their screens by `name`.
///
/// The caller has shown that the cause was its own to end.
///
/// # Errors
/// If the database fails.
pub async fn lapse(
    tx: &mut Tx,
    kind: &'static str,
    record: Uuid,
    name: &str,
    at: Moment,
) -> Result<(), Fault> {
    for (grant, organisation) in sql::lapse(tx, kind, record, at).await? {
        sql::hide(tx, grant).await?;
        tx.hint(Hint::Narrowed { organisation });
        let (kind, id) = (kind.to_owned(), name.to_owned());
        tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
    }
    Ok(())
}

/// Keeps the sort keys of a shared record's rows, and tells its readers that it changed.
///
/// # Errors
/// If the database fails.
pub async fn touch(tx: &mut Tx, shared: &Shared<'_>, revision: i64) -> Result<(), Fault> {
    let with = format!("%,{},%", shared.name_field);
    sql::touch(tx, shared, &with).await?;
    for organisation in sql::readers(tx, shared.kind, shared.record).await? {
        let (kind, id) = (shared.kind.to_owned(), shared.name.clone());
        tx.hint(Hint::Changed { organisation, kind, id, revision });
    }
    Ok(())
}

/// The live grants on a record of one's own.
///
/// # Errors
/// If the database fails.
pub async fn of_record(
    conn: &mut Conn,
    scope: Scope,
    kind: &str,
    record: Uuid,
) -> Result<Vec<GrantRow>, Fault> {
    sql::of_record(conn, scope.organisation(), kind, record).await
}

/// What an organisation may see of a record that another shares with it.
///
/// # Errors
/// If the database fails.
pub async fn visible(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    kind: &str,
    record: Uuid,
) -> Result<Option<Seen>, Fault> {
    sql::visible(conn, organisation, kind, record).await
}

/// A party has gone: its grant goes.
pub(crate) async fn revoke_of_party(tx: &mut Tx, party: Id<Party>) -> Result<(), Fault> {
    sql::revoke_of_party(tx, party).await
}

/// A partnership has ended: every grant that rests on it goes.
pub(crate) async fn revoke_of_partnership(
    tx: &mut Tx,
    partnership: Id<Partnership>,
) -> Result<(), Fault> {
    for organisation in sql::holders_by(tx, partnership).await? {
        tx.hint(Hint::Narrowed { organisation });
    }
    sql::revoke_of_partnership(tx, partnership).await
}

/// A party's right has changed.
pub(crate) async fn reshape_of_party(
    tx: &mut Tx,
    party: Id<Party>,
    right: &Right,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    let sort_name = if right.mask.has("title") { sort_name } else { "" };
    sql::reshape_of_party(tx, party, right, sort_name, at).await
}
