//! Interchanges: EDI envelopes that come in, and those that answer them.
//!
//! What comes in is kept first, byte for byte, and only then judged ([`take`], `judge.rs`): it
//! belongs to the organisation whose ISA id it names as its receiver, and, if it is known to
//! come from it, to its sender. The same interchange twice is applied once and acknowledged
//! again. Good sets are worked on (`apply.rs`) beside bad ones, which hold the interchange
//! in quarantine; there it can be judged again ([`replay`]), or mended by hand (`mend`). Answers are built with gap-free
//! numbers (`numbers.rs`) in the same transaction and handed over later (`outbound.rs`).

mod access;
mod apply;
mod arrivals;
mod changes;
mod deadlines;
mod http;
mod judge;
mod long;
mod mend;
mod numbers;
mod outbound;
mod pages;
mod papers;
mod parties;
mod reading;
mod receipts;
mod requests;
mod rules;
mod seen;
mod sellers;
mod sql;
mod tell;
mod view;
mod views;

use std::time::Duration;

use bytes::Bytes;
use gate::{Action, House, Permit, Problem, ProblemKind, Scope};
use kernel::{Fault, Id, Interchange, Moment, Order, Organisation};
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx, jobs};

pub use access::{
    KeepViews, ReadInterchanges, ReplayInterchanges, ShareViews, SubmitInterchanges,
};
pub use http::routes;
pub use mend::{Deed, DeedKind, Discard, Mend, MendEdit, MendPreview};
pub use pages::{InterchangeFacets, InterchangeFilter, Way};
pub use papers::NotCarried;
pub use rules::{Direction, FaultNote, InterchangeState};
pub use view::{AckRef, InterchangeView, OrderRef, Taken};
pub use views::{SavedViewForm, SavedViewView, SavedViews};

pub(crate) use arrivals::{Arrival, keep, keep_in};
pub(crate) use changes::{SentBy, link_change, origin_of_change, sent_by};
pub(crate) use deadlines::{DUE, pass};
use judge::Cause;
pub(crate) use outbound::{
    DELIVER, Errand, Paper, arrived, arrived_in, build, deliver, hand_over, returned_in,
};
pub(crate) use papers::{
    link_quote, link_rfq, not_carried, of_quote, of_rfq, origin_of_quote,
};
pub(crate) use rules::{LINES_LIMIT, clean, incoming_850, stamp, written};

/// The statements of this feature.
pub const STATEMENTS: &[store::Statement] = sql::ALL;
/// The statements of mending by hand.
pub const MENDING_STATEMENTS: &[store::Statement] = mend::STATEMENTS;
/// The statements of its pages.
pub const PAGE_STATEMENTS: &[store::Statement] = pages::ALL;
/// The statements of saved views.
pub const VIEW_STATEMENTS: &[store::Statement] = views::ALL;
/// The statements of this feature that read.
pub const READING_STATEMENTS: &[store::Statement] = seen::ALL;

/// The statements of this feature about requests and quotes.
pub const PAPER_STATEMENTS: &[store::Statement] = papers::ALL;

/// The statements of this feature about what sellers say.
pub const SELLER_STATEMENTS: &[store::Statement] = sellers::ALL;

/// The statements of this feature about changes.
pub const CHANGE_STATEMENTS: &[store::Statement] = changes::ALL;

/// The largest file that is taken in, in bytes.
pub const LIMIT_BYTES: usize = 10 * 1024 * 1024;

/// The longest AS2 message, in bytes, and the longest document in one; what is longer than
/// [`LIMIT_BYTES`] is kept and receipted, and not judged.
pub(crate) const LIMIT_SPOOLED_BYTES: u64 = 1 << 30;

/// The kind of job that judges what was kept, should the process die before it has.
pub(crate) const JUDGE: &str = "edi.judge";

/// For so long the one who kept a file has it to itself.
const JUDGE_AFTER: Duration = Duration::from_secs(10);

/// Who sends a file in.
#[derive(Clone, Debug)]
pub enum Source {
    /// A member, for an organisation, over the API.
    Api(Scope),
    /// A partner's AS2 station, of this name, for the organisation that trusts it.
    As2(Id<Organisation>, String),
    /// A partner's mailbox by SFTP, of this name, for the organisation that trusts it.
    Sftp(Id<Organisation>, String),
    /// A mail of a partner of this name, for the organisation that trusts it.
    Mail(Id<Organisation>, String),
    /// The operator's drop folder, as a file of this name.
    Folder(String),
}

/// Why an interchange was not judged again.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is none, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// There are no words in that language.
    #[error("the languages are en, fr and es")]
    Language,
    /// There is no acknowledgement to ask for.
    #[error("its acknowledgement is not awaited: it came, or none is due")]
    NotAwaited,
    /// Somebody was faster.
    #[error("other bytes stand there by now; read it again")]
    Moved,
    /// It cannot be mended so.
    #[error("{1}")]
    Mend(&'static str, String),
    /// It is not in quarantine, or not with the caller.
    #[error(
        "only who received an interchange has it judged again, mends it or puts it away, and only in quarantine"
    )]
    NotInQuarantine,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const NOT_IN_QUARANTINE: ProblemKind = ProblemKind {
    slug: "not-in-quarantine",
    status: 409,
    title: "The interchange is not in quarantine",
};

const NOT_AWAITED: ProblemKind = ProblemKind {
    slug: "not-awaited",
    status: 409,
    title: "No acknowledgement is awaited",
};

const MOVED: ProblemKind = ProblemKind {
    slug: "interchange-moved",
    status: 409,
    title: "The interchange has changed",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Language => Self::refused("language", detail),
            Refusal::NotAwaited => Self::new(&NOT_AWAITED, detail),
            Refusal::Moved => Self::new(&MOVED, detail),
            Refusal::Mend(what, detail) => Self::refused(what, detail),
            Refusal::NotInQuarantine => Self::new(&NOT_IN_QUARANTINE, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Takes a file in: keeps it, then judges it. Gives its interchanges.
///
/// Once it is kept, nothing loses it: a job judges it, should this process die.
///
/// # Errors
/// Only ours. Where the file was kept but could not be judged, that is logged, and left to the
/// job.
pub async fn take(
    house: &House,
    source: Source,
    file: Bytes,
) -> Result<Vec<Id<Interchange>>, Fault> {
    let id = keep(house, source, file).await?;
    store::brink("edi.kept");
    match judge::judge(house, id, InterchangeState::Received, Cause::First).await {
        Ok(ids) => Ok(ids),
        Err(fault) => {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, interchange.id = %id, "judging {id} is left to a job");
            Ok(vec![id])
        }
    }
}

/// Writes into the log of an organisation what one of its people did with an interchange.
async fn note(
    tx: &mut Tx,
    scope: Scope,
    action: &str,
    id: Id<Interchange>,
    at: Moment,
) -> Result<(), Fault> {
    let of = ("interchange", id.to_string());
    let (organisation, person) = (scope.organisation(), scope.actor());
    audit::write(tx, organisation, person, action, of, json!({}), at).await
}

/// Judges what was kept, if nobody has yet: the job's errand.
pub(crate) async fn judge_kept(
    house: &House,
    errand: Errand,
) -> Result<jobs::Outcome, Fault> {
    judge::judge(house, errand.interchange, InterchangeState::Received, Cause::First)
        .await?;
    Ok(jobs::Outcome::Done)
}

/// Whether all that an interchange said was done, now or before, or is sure to be.
pub(crate) async fn went_well(
    conn: &mut Conn,
    id: Id<Interchange>,
) -> Result<bool, Fault> {
    let row = seen::to_judge(conn, id).await?;
    Ok(row.is_some_and(|row| match row.state {
        // What was kept but not judged is a job's by now.
        InterchangeState::Received
        | InterchangeState::Applied
        | InterchangeState::Duplicate => true,
        InterchangeState::Quarantined
        | InterchangeState::Discarded
        | InterchangeState::Rejected
        | InterchangeState::Built
        | InterchangeState::Sent => false,
    }))
}

/// Judges an interchange in quarantine, or a rejected one, again: its ids, its deals or its partner may be known
/// by now. What it said and was done before is not done twice.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::NotInQuarantine`] for the sender of it too.
pub async fn replay(
    house: &House,
    permit: &Permit<ReplayInterchanges>,
    id: Id<Interchange>,
) -> Result<Vec<Id<Interchange>>, Refusal> {
    let organisation = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let known = seen::one(&mut conn, organisation, id).await?.is_some();
    let state = seen::replayable(&mut conn, organisation, id).await?;
    drop(conn);
    match state {
        _ if !known => Err(Refusal::NotFound),
        Some((state @ (InterchangeState::Quarantined | InterchangeState::Rejected),)) => {
            Ok(judge::judge(house, id, state, Cause::Again(permit.scope())).await?)
        }
        Some(_) | None => Err(Refusal::NotInQuarantine),
    }
}

/// An interchange that one's organisation holds.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Interchange>,
) -> Result<InterchangeView, Refusal> {
    let found = views(conn, scope.organisation(), &[id]).await?.pop();
    found.ok_or(Refusal::NotFound)
}

/// Several interchanges that one's organisation holds; those it does not are left out.
pub(crate) async fn read_all(
    conn: &mut Conn,
    scope: Scope,
    ids: Vec<Id<Interchange>>,
) -> Result<Vec<InterchangeView>, Fault> {
    views(conn, scope.organisation(), &ids).await
}

/// The papers of an order that one's organisation holds, oldest first.
pub(crate) async fn of_order<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<Vec<InterchangeView>, Fault> {
    let organisation = permit.scope().organisation();
    let ids = seen::of_order(conn, organisation, order).await?;
    let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
    views(conn, organisation, &ids).await
}

/// Those of these that an organisation holds, in their order, with what acknowledges them.
async fn views(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    ids: &[Id<Interchange>],
) -> Result<Vec<InterchangeView>, Fault> {
    let mut rows = seen::rows(conn, organisation, ids).await?;
    let place = |row: &seen::Row| ids.iter().position(|id| *id == row.id);
    rows.sort_by_cached_key(place);
    // A duplicate was acknowledged by what acknowledged the first.
    let first = |row: &seen::Row| row.duplicate_of.unwrap_or(row.id);
    let firsts: Vec<_> = rows.iter().map(first).collect();
    let acks = seen::acks(conn, organisation, &firsts).await?;
    let view = |row: seen::Row| {
        let of = first(&row);
        let acks = acks.iter().filter(|ack| ack.acknowledges_id == of).cloned();
        InterchangeView::of(row, acks.collect())
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Holds the numbers of a pair until the commit; see `apply.rs` for the order of locks.
pub(crate) async fn hold_pair(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (own, partner): (&str, &str),
) -> Result<(), Fault> {
    numbers::hold(tx, organisation, &rules::pair(own, partner)).await
}

/// Where an order came from: the file of its 850, and which of its sets it is, from 1.
pub(crate) async fn origin(
    conn: &mut Conn,
    scope: Scope,
    order: Id<Order>,
) -> Result<Option<(String, i64)>, Fault> {
    let found = seen::origin(conn, scope.organisation(), order).await?;
    Ok(found.map(|(_, sha256, ordinal)| (sha256, ordinal)))
}
