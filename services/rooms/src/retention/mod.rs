//! For how long rooms keep what is said, and what is kept in spite of that.
//!
//! An organisation says so for each kind of room. The host's rule governs the shared rooms of a
//! space, each side's its own notes, and of two people the side that opened their room; every
//! reader is told which rule holds. The clock (`clock.rs`) trims logs from the front
//! (`sharing::log::trim`). After a change nothing is trimmed for seven days, so that a slip of an
//! administrator's can be mended. Documents that were exchanged are records of their own, and stay.
//!
//! A **legal hold** (`holds.rs`) of any side that takes part keeps a log from the first event on
//! that this side reads: evidence of one side must not hang on the other side's rule. The others
//! are not told of it; they may see that an old log goes on. It ends with the side's part in the
//! space. On a person it keeps what that member said for the organisation, also to another
//! person, and so whatever came after it in the same log. What is taken back under a hold is taken
//! back for everybody; only the keepers of the hold read the words, and each reading is in the
//! audit log. Words of other people in rooms of two are kept for nobody.

mod access;
mod clock;
mod holds;
mod http;
mod rules;
mod sql;
mod view;

use gate::{Caller, Permit, Problem};
use kernel::{Fault, Moment};
use serde_json::json;
use sharing::{audit, log};
use store::{Conn, Tx};

pub use access::{KeepHolds, ReadRetention, SetRetention};
pub(crate) use clock::watch;
pub use clock::{Trims, sweep, trim_overdue};
pub(crate) use http::routes;
use rules::Days;
pub(crate) use sql::ALL as STATEMENTS;

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// There is no such thing to hold.
    #[error(
        "name a space or a room where your organisation takes part, or one of its people"
    )]
    Unknown,
    /// No such time.
    #[error("keep it for 1 to 36500 days, or for ever")]
    Days(&'static str),
    /// There is no reason.
    #[error("say why: 1 to 1000 characters")]
    Reason,
    /// It is held.
    #[error("it is on hold already")]
    Held,
    /// Somebody was faster.
    #[error("it has been changed since you read it; it is at revision {0}")]
    Stale(i64),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Unknown => Self::refused("subject", detail),
            Refusal::Days(field) => Self::refused(field, detail),
            Refusal::Reason => Self::refused("reason", detail),
            Refusal::Held => Self::new(&gate::CONFLICT, detail),
            Refusal::Stale(revision) => sharing::Refusal::Stale(revision).into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// The rule of an organisation.
#[derive(Clone, Copy, Debug, Default)]
struct Rule {
    days: Days,
    /// When nothing is trimmed before; none if that is over, or there is no rule.
    rests_until: Option<Moment>,
    /// 0 where none was ever set.
    revision: i64,
}

/// For how long the caller's organisation keeps what is said.
async fn rule(
    conn: &mut Conn,
    permit: &Permit<ReadRetention>,
    now: Moment,
) -> Result<Rule, Refusal> {
    ruled(conn, permit.scope().organisation(), now).await
}

async fn ruled(
    conn: &mut Conn,
    organisation: kernel::Id<kernel::Organisation>,
    now: Moment,
) -> Result<Rule, Refusal> {
    let Some(row) = sql::rule(conn, organisation).await? else {
        return Ok(Rule::default());
    };
    let until = row.changed_at + log::GRACE;
    let rests_until = (until > now && row.days != Days::default()).then_some(until);
    Ok(Rule { days: row.days, rests_until, revision: row.revision })
}

/// Says for how long it keeps it from now on.
async fn set(
    tx: &mut Tx,
    _permit: &Permit<SetRetention>,
    caller: &Caller,
    (days, revision): (Days, i64),
    now: Moment,
) -> Result<Rule, Refusal> {
    let days = days.checked()?;
    let organisation = caller.organisation;
    if !sql::set(tx, organisation, (&days, revision), now).await? {
        let at = sql::rule(tx, organisation).await?.map_or(0, |row| row.revision);
        return Err(Refusal::Stale(at));
    }
    let (who, of) = (Some(caller.person), ("organisation", organisation.to_string()));
    let detail = json!(days);
    audit::write(tx, organisation, who, "retention.set", of, detail, now).await?;
    ruled(tx, organisation, now).await
}
