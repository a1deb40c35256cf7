//! Partnerships: two organisations shake hands before anything can be shared.
//!
//! One proposes, by the other's mail domain; the other answers. What they share later lives
//! by their partnership, and ends with it: `sharing` calls [`step`] and [`expire_due`], and
//! drops in the same transaction what has lost its ground. Until the other side agrees, its
//! proposer learns nothing of it, not even whether it is here: see [`propose`].

mod access;
mod http;
mod propose;
mod rules;
mod sql;
mod tell;
mod view;

use gate::{Permit, Problem, ProblemKind};
use kernel::{Fault, Id, Moment, Organisation, Partnership as Kind, Person};
use serde::Deserialize;
use store::{Conn, Hint, Tx};
use utoipa::ToSchema;

pub use access::{RunPartnerships, SeePartnerships};
pub use http::routes;
pub(crate) use propose::address;
pub use propose::{Proposal, establish, propose};
pub use rules::{Command, Move, Refusal as RuleRefusal, Side, State, StateWord};
pub use sql::{ALL as STATEMENTS, Partner};
pub use view::{PartnerView, Partnership};

use crate::{DomainError, EmailError, words};

/// Why a partnership stays as it is, or is not proposed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such partnership of the organisation.
    #[error("no partnership of that id is yours")]
    NotFound,
    /// The two have something open already.
    #[error("a partnership with {domain} is proposed or under way")]
    Exists {
        /// The domain, as the caller named it.
        domain: String,
    },
    /// It is the caller's own domain.
    #[error("this is your own domain")]
    OwnDomain,
    /// The domain cannot be one of a company.
    #[error(transparent)]
    Domain(DomainError),
    /// The address makes no sense.
    #[error(transparent)]
    Email(EmailError),
    /// The address is not at the domain: it could not prove it.
    #[error("the address must be at {domain}, else it proves nothing")]
    EmailElsewhere {
        /// The domain, as the caller named it.
        domain: String,
    },
    /// A text is too long.
    #[error("at most 1,000 characters")]
    TooLong {
        /// Which.
        field: &'static str,
    },
    /// The rules of partnerships do not allow it.
    #[error(transparent)]
    Rule(#[from] rules::Refusal),
    /// Somebody was faster.
    #[error("it has changed since you read it")]
    Stale {
        /// Its revision now.
        revision: i64,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What one side asks for: a move, on the revision that it has read.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveAsk {
    /// Which move.
    pub r#move: Move,
    /// The revision it was decided on.
    pub revision: i64,
    /// For `give_notice`: when it ends.
    pub ends_at: Option<Moment>,
    /// Why; at most 1,000 characters. The other side reads it.
    pub reason: Option<String>,
}

/// What a move has done.
#[derive(Clone, Debug)]
pub struct Stepped {
    /// The partnership, as who moved sees it.
    pub partnership: Partnership,
    /// Which.
    pub id: Id<Kind>,
    /// Who moved.
    pub by: Id<Organisation>,
    /// The other one; none while nobody owns the domain that was asked.
    pub other: Option<Id<Organisation>>,
    /// How it stands now.
    pub state: State,
    /// Whether it has just ended, so that every part that lives by it must be dropped.
    pub ended_now: bool,
    /// Whether what was shared is hidden from now on: it has ended, or is suspended.
    pub went_dark: bool,
    /// Whether what is shared can be seen from now on.
    pub came_alive: bool,
}

/// A partnership that time has ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ended {
    /// Which.
    pub id: Id<Kind>,
    /// Between whom.
    pub organisations: [Id<Organisation>; 2],
}

const LIMIT_TEXT: usize = 1_000;

/// Makes a move for the acting organisation.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<RunPartnerships>,
    id: Id<Kind>,
    ask: &MoveAsk,
    now: Moment,
) -> Result<Stepped, Refusal> {
    let scope = permit.scope();
    let row = sql::one(tx, scope.organisation(), id).await?.ok_or(Refusal::NotFound)?;
    if row.revision != ask.revision {
        return Err(Refusal::Stale { revision: row.revision });
    }
    let reason = words::lines(ask.reason.as_deref().unwrap_or_default(), LIMIT_TEXT);
    let reason = reason.ok_or(Refusal::TooLong { field: "reason" })?;
    let command = ask.r#move.command(ask.ends_at, now)?;
    let who = Mover { organisation: scope.organisation(), person: scope.actor() };
    carry_out(tx, who, row, command, &reason, now).await
}

/// Accepts a proposal that was addressed to an organisation: for the one that has just come
/// in by its link.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub(crate) async fn accept(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    id: Id<Kind>,
    now: Moment,
) -> Result<Stepped, Refusal> {
    let row = sql::one(tx, organisation, id).await?.ok_or(Refusal::NotFound)?;
    let who = Mover { organisation, person: Some(person) };
    carry_out(tx, who, row, Command::Accept, "", now).await
}

/// Who moves.
#[derive(Clone, Copy)]
struct Mover {
    organisation: Id<Organisation>,
    person: Option<Id<Person>>,
}

async fn carry_out(
    tx: &mut Tx,
    who: Mover,
    row: sql::Row,
    command: Command,
    reason: &str,
    now: Moment,
) -> Result<Stepped, Refusal> {
    let (side, before) = (row.side(who.organisation), row.state()?);
    let next = before.step(side, command, now)?;
    if !sql::update(tx, &row, next, reason, now).await? {
        return Err(Refusal::Stale { revision: row.revision + 1 });
    }
    if !before.was_agreed() {
        crate::invitations::withdraw(tx, row.id).await?;
    }
    let other = row.organisation(side.other());
    let told = tell::Told { row: &row, side, command, next, reason };
    tell::stepped(tx, &told, who.person, now).await?;
    hint(
        tx,
        &[Some(who.organisation), other],
        (before, next),
        (row.id, row.revision + 1),
    );
    let fresh = sql::one(tx, who.organisation, row.id).await?.ok_or(Refusal::NotFound)?;
    Ok(Stepped {
        id: row.id,
        by: who.organisation,
        other,
        state: next,
        ended_now: next == State::Ended,
        went_dark: before.is_live() && !next.is_live(),
        came_alive: !before.is_live() && next.is_live(),
        partnership: Partnership::new(fresh, who.organisation, now)?,
    })
}

/// Tells the screens of both, and cuts what may no longer be seen.
fn hint(
    tx: &mut Tx,
    organisations: &[Option<Id<Organisation>>],
    (before, next): (State, State),
    (id, revision): (Id<Kind>, i64),
) {
    for organisation in organisations.iter().flatten().copied() {
        let kind = "partnership".to_owned();
        tx.hint(Hint::Changed { organisation, kind, id: id.to_string(), revision });
        if before.is_live() && !next.is_live() {
            tx.hint(Hint::Narrowed { organisation });
        }
    }
}

/// Does what time asks for: closes proposals that were not answered, ends partnerships whose
/// notice has run out. Gives those that have ended, for their parts to be dropped in the same
/// transaction. At most 200 at a call.
///
/// # Errors
/// Only ours.
pub async fn expire_due(tx: &mut Tx, now: Moment) -> Result<Vec<Ended>, Fault> {
    let mut ended = Vec::new();
    for (id, proposer) in sql::due(tx, now).await? {
        let Some(row) = sql::one(tx, proposer, id).await? else { continue };
        let before = row.state()?;
        let next = before.at(now);
        let reason = row.reason.clone();
        if next == before || !sql::update(tx, &row, next, &reason, now).await? {
            continue;
        }
        tell::expired(tx, &row, next, now).await?;
        let organisations = [Some(row.proposer_id), row.answerer_id];
        hint(tx, &organisations, (before, next), (id, row.revision + 1));
        match (next, row.answerer_id) {
            (State::Ended, Some(other)) => {
                ended.push(Ended { id, organisations: [proposer, other] });
            }
            _ => crate::invitations::outlive(tx, id).await?,
        }
    }
    Ok(ended)
}

/// The acting organisation's partnerships, newest first.
///
/// # Errors
/// Only ours.
pub async fn list(
    conn: &mut Conn,
    permit: &Permit<SeePartnerships>,
    now: Moment,
) -> Result<Vec<Partnership>, Fault> {
    let organisation = permit.scope().organisation();
    let role = permit.caller().map(|caller| caller.role);
    let rows = sql::list(conn, organisation).await?;
    let view = |row| Partnership::new(row, organisation, now).map(|it| it.for_role(role));
    rows.into_iter().map(view).collect()
}

/// One partnership as an organisation sees it, with every move that is open to it; none if it
/// is not one of the two.
///
/// # Errors
/// Only ours.
pub async fn view(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Kind>,
    now: Moment,
) -> Result<Option<Partnership>, Fault> {
    let row = sql::one(conn, organisation, id).await?;
    row.map(|row| Partnership::new(row, organisation, now)).transpose()
}

/// The partnership by which two organisations may share now: active, or ending.
///
/// # Errors
/// Only ours.
pub async fn live_between(
    conn: &mut Conn,
    one: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<Option<Id<Kind>>, Fault> {
    sql::live_between(conn, one, other).await
}

/// The organisations with which one may share now, by name.
///
/// # Errors
/// Only ours.
pub async fn partners_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<Partner>, Fault> {
    sql::partners_of(conn, organisation).await
}

const EXISTS: ProblemKind = ProblemKind {
    slug: "partnership-exists",
    status: 409,
    title: "There is a partnership with this organisation",
};
const NO_SUCH_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "The partnership does not allow this now",
};
const EXPIRED: ProblemKind = ProblemKind {
    slug: "partnership-expired",
    status: 409,
    title: "The proposal was not answered in time",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Exists { .. } => Self::new(&EXISTS, detail),
            Refusal::OwnDomain | Refusal::Domain(_) => Self::refused("domain", detail),
            Refusal::Email(_) | Refusal::EmailElsewhere { .. } => {
                Self::refused("email", detail)
            }
            Refusal::TooLong { field } => Self::refused(field, detail),
            Refusal::Rule(rules::Refusal::NoSuchMove { .. }) => {
                Self::new(&NO_SUCH_MOVE, detail)
            }
            Refusal::Rule(rules::Refusal::Expired) => Self::new(&EXPIRED, detail),
            Refusal::Rule(rules::Refusal::NoticeEnd) => Self::refused("ends_at", detail),
            Refusal::Stale { revision } => Self::stale(revision),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
