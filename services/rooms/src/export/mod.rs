//! A space as a file, for each party as far as it may read it.
//!
//! Somebody of a party with the verb `export` asks for it; the job `export.make` (`make.rs`)
//! writes a ZIP, page by page, of what the organisation reads: the card under its mask, its side,
//! the parties, its rooms with their events in order, the topics, the papers that it holds, and the
//! files of all that. The file is kept for a few days, and named by its SHA-256.
//!
//! The right is read anew when the file is written, right before it is named, when it is asked
//! for, and before each piece that is sent: `rules.rs` says whether the right of that moment still
//! shows all that was read. If not, or if a message in it was taken back or hidden since, there
//! is nothing to fetch any more, and the file goes. It can be made anew, of what is there now.

mod access;
mod archive;
mod http;
mod make;
mod rules;
mod sql;
mod words;
mod write;

use std::time::Duration;

use crm::deals::{self, ReadDeals};
use gate::{Permit, Problem, ProblemKind};
use kernel::{Export, Fault, Id, Moment, Organisation, Space};
use serde::Serialize;
use serde_json::{Value, json};
use sharing::{
    audit, log,
    spaces::{self, Standing},
};
use store::{Conn, Hint, Statement, Tx, jobs};
use utoipa::ToSchema;

pub use access::ExportSpace;
pub(crate) use http::routes;
pub(crate) use make::{expiring, making};

use rules::Right;

/// The statements of this feature.
pub(crate) const STATEMENTS: &[Statement] = sql::ALL;

/// For how long a file is kept.
const KEPT_FOR: Duration = Duration::from_hours(72);

/// What has become of an export.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
enum State {
    /// It is being made.
    Waiting,
    /// It can be fetched.
    Ready,
    /// It could not be made: who asked for it may not read this any more.
    Refused,
    /// Its file is gone: its time is over, a newer one is there, or less may be read by now.
    Removed,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The organisation takes part without the verb `export`.
    #[error("your organisation may read this deal, but not take it out; ask its host")]
    NoVerb,
    /// One is being made.
    #[error("one is being made already; wait until it is there")]
    Busy,
    /// What may be read has become less since it was made.
    #[error("what you may read has changed since this was made; have it made anew")]
    Outdated,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const OUTDATED: ProblemKind = ProblemKind {
    slug: "export-outdated",
    status: 409,
    title: "What you may read has changed",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NoVerb => Self::new(&gate::FORBIDDEN, detail),
            Refusal::Busy => Self::new(&gate::CONFLICT, detail),
            Refusal::Outdated => Self::new(&OUTDATED, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// What is read of a deal for a file, and by which right.
struct Sight {
    right: Right,
    /// The deal, as the organisation sees it.
    deal: Value,
    rooms: Vec<log::Reach>,
}

/// Asks for a file.
async fn ask(
    tx: &mut Tx,
    permit: &Permit<ExportSpace>,
    space: Id<Space>,
    now: Moment,
) -> Result<sql::Row, Refusal> {
    let (scope, export) = (permit.scope(), Id::mint());
    let organisation = scope.organisation();
    let standing = stands(tx, organisation, space).await?;
    let who = (organisation, scope.actor());
    if !sql::ask(tx, export, who, (space, &standing), now).await? {
        return Err(Refusal::Busy);
    }
    jobs::add(tx, make::MAKE, &make::Errand { export }, now).await?;
    let of = ("deal", space.to_string());
    let detail = json!({ "export": export });
    audit::write(tx, organisation, scope.actor(), "export.ask", of, detail, now).await?;
    changed(tx, organisation, space);
    let of = (space, standing.party);
    let rows = sql::list(tx, organisation, of, sql::Which::One(export)).await?;
    rows.into_iter().next().ok_or(Refusal::NotFound)
}

/// The newest exports of a space.
async fn list(
    conn: &mut Conn,
    permit: &Permit<ExportSpace>,
    space: Id<Space>,
) -> Result<Vec<sql::Row>, Refusal> {
    let organisation = permit.scope().organisation();
    let standing = stands(conn, organisation, space).await?;
    let of = (space, standing.party);
    Ok(sql::list(conn, organisation, of, sql::Which::All).await?)
}

/// A file to be fetched now. Where less may be read than stands in it, it goes.
async fn fetch(
    tx: &mut Tx,
    permit: &Permit<ExportSpace>,
    (space, export): (Id<Space>, Id<Export>),
    now: Moment,
) -> Result<Result<sql::Ready, Refusal>, Refusal> {
    let scope = permit.scope();
    let organisation = scope.organisation();
    stands(tx, organisation, space).await?;
    let ready = sql::readable(tx, organisation, (space, export)).await?;
    let ready = ready.ok_or(Refusal::NotFound)?;
    if !still(tx, organisation, space, &ready.made_under()?).await? {
        sql::remove(tx, (export, sql::Goes::Itself), now).await?;
        changed(tx, organisation, space);
        return Ok(Err(Refusal::Outdated));
    }
    let of = ("deal", space.to_string());
    let detail = json!({ "export": export, "sha256": ready.sha256 });
    audit::write(tx, organisation, scope.actor(), "export.fetch", of, detail, now)
        .await?;
    Ok(Ok(ready))
}

/// What an organisation is in a space, where it may take it out.
async fn stands(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Standing, Refusal> {
    let standing = spaces::standing(conn, organisation, space).await?;
    let standing = standing.ok_or(Refusal::NotFound)?;
    if standing.verbs.export { Ok(standing) } else { Err(Refusal::NoVerb) }
}

/// What an organisation may take out of a space now; none where that is nothing.
async fn sight(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Option<Sight>, Fault> {
    #[expect(
        clippy::disallowed_methods,
        reason = "what is read is the organisation's; who asked is looked at by the callers"
    )]
    let permit = Permit::<ReadDeals>::for_system(organisation);
    let standing = match stands(conn, organisation, space).await {
        Ok(standing) => standing,
        Err(Refusal::Fault(fault)) => return Err(fault),
        Err(_refused) => return Ok(None),
    };
    let seen = match deals::seen(conn, &permit, space).await {
        Ok(seen) => seen,
        Err(deals::Refusal::Fault(fault)) => return Err(fault),
        Err(_refused) => return Ok(None),
    };
    let deal =
        serde_json::to_value(seen).map_err(Fault::new("writing a deal for export"))?;
    let rooms = log::rooms_of(conn, organisation, space).await?;
    Ok(Some(Sight { right: Right::of(&standing, &deal, &rooms), deal, rooms }))
}

/// Whether an organisation may still read all that was read under a right.
async fn still(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
    made: &Right,
) -> Result<bool, Fault> {
    let Some(now) = sight(conn, organisation, space).await? else { return Ok(false) };
    if !now.right.covers(made) {
        return Ok(false);
    }
    for room in &now.rooms {
        let Some(span) = made.rooms.get(&room.room.to_string()) else { continue };
        if sql::taken_back(conn, organisation, (room.room, span.head)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells the organisation's screens to look again.
fn changed(tx: &mut Tx, organisation: Id<Organisation>, space: Id<Space>) {
    let (kind, id) = ("export".to_owned(), space.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
}
