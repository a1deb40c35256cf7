//! Mending by hand what waits in quarantine.
//!
//! Its receiver writes other bytes in some places ([`mend`]) and has it judged again, in one commit:
//! what the sender sent is kept, and everybody who holds the interchange sees that it was mended,
//! where, and by which organisation. Who it is from, who it is for and its number cannot be mended,
//! and for what is a duplicate the bytes that came count. It is acknowledged once, as it came.
//! Before, [`preview`] tells what would still be wrong. What is not to be worked on at all is put
//! away ([`discard`]).

mod edits;
mod sql;

use gate::{House, Permit, Scope};
use kernel::{Fault, Id, Interchange, Moment};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx};
use utoipa::ToSchema;

use super::{
    InterchangeView, Refusal, ReplayInterchanges,
    access::ReadInterchanges,
    judge::{self, Cause},
    long, note, outbound,
    rules::{self, FaultNote, InterchangeState},
    seen,
};
use crate::dialects::{Wire, Work};

pub use edits::MendEdit;
pub(super) use sql::ALL as STATEMENTS;
pub use sql::{Deed, DeedKind};

/// The most characters that a reason may have.
const REASON_LIMIT: usize = 500;

/// Other words for an interchange.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Mend {
    /// The SHA-256 of the bytes that were read: if others stand there by now, nothing happens.
    pub sha256: String,
    /// What is to stand where.
    pub edits: Vec<MendEdit>,
    /// Why, 1 to 500 characters; it stays with the interchange.
    pub reason: String,
}

/// Why an interchange is not to be worked on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Discard {
    /// The SHA-256 of the bytes that were read.
    pub sha256: String,
    /// Why, 1 to 500 characters; it stays with the interchange.
    pub reason: String,
}

/// What would be wrong with mended bytes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MendPreview {
    /// What their own text shows to be wrong. What only the hub's records show (a deal, a number
    /// that was used before) is found when they are judged.
    pub faults: Vec<FaultNote>,
}

/// What was mended: the judge writes it down where it judges.
#[derive(Debug)]
pub(super) struct Mended<'m> {
    scope: Scope,
    before: sql::InHand,
    reason: &'m str,
    pub(super) file: Vec<u8>,
    sha256: String,
}

impl Mended<'_> {
    /// The SHA-256 of the new bytes, and how many they are.
    pub(super) fn bytes(&self) -> (&str, i64) {
        (&self.sha256, judge::length(&self.file))
    }

    /// Writes them down; false if others stand there by now.
    pub(super) async fn write(
        &self,
        tx: &mut Tx,
        id: Id<Interchange>,
        now: Moment,
    ) -> Result<bool, Fault> {
        if !sql::rewrite(tx, id, &self.before.sha256, self.bytes()).await? {
            return Ok(false);
        }
        let deed = sql::NewDeed {
            kind: DeedKind::Mend,
            organisation: self.scope.organisation(),
            person: self.scope.actor(),
            before: &self.before,
            reason: self.reason,
        };
        sql::note(tx, id, deed, now).await?;
        Ok(true)
    }

    /// Notes it in the log of who did it. This locks the log's chain, so it comes last.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        id: Id<Interchange>,
        now: Moment,
    ) -> Result<(), Fault> {
        note(tx, self.scope, "edi.mend", id, now).await
    }
}

/// What somebody did to an interchange that the organisation holds.
pub(super) async fn deeds(
    conn: &mut Conn,
    permit: &Permit<ReadInterchanges>,
    id: Id<Interchange>,
) -> Result<Vec<Deed>, Fault> {
    sql::deeds(conn, permit.scope().organisation(), id).await
}

/// Tells what would be wrong with the interchange if it were mended so.
///
/// # Errors
/// As [`mend`], but for the reason, which is not looked at.
pub(super) async fn preview(
    house: &House,
    permit: &Permit<ReplayInterchanges>,
    id: Id<Interchange>,
    mend: Mend,
) -> Result<MendPreview, Refusal> {
    let (_, file) = in_hand(house, permit.scope(), id, &mend.sha256).await?;
    let mended = edits::apply(&file, mend.edits).map_err(wrong)?;
    let look = move || match edits::same(&file, &mended) {
        Ok(wire) => faults(&wire),
        Err(why) => vec![FaultNote::plain(why.to_string())],
    };
    let faults = tokio::task::spawn_blocking(look).await;
    Ok(MendPreview { faults: faults.map_err(Fault::new("looking at mended bytes"))? })
}

/// What an interchange shows to be wrong by itself.
fn faults(wire: &Wire<'_>) -> Vec<FaultNote> {
    let verdict = wire.check();
    let mut faults = rules::notes(&verdict);
    let sender = wire.sender();
    for ((group, set), paper) in wire.papers().into_iter().take(rules::SETS_LIMIT) {
        if verdict.answer_to(group, set) == x12::Answer::Rejected {
            continue;
        }
        let why = match paper.work() {
            Work::Order => paper.order(&sender, &sender).err(),
            Work::Request => paper.asked().err(),
            Work::Change => paper.changed().err(),
            Work::Seller => paper.document().err(),
            Work::Receipt | Work::Other => None,
        };
        faults.extend(why.map(|it| paper.note(it)));
    }
    faults.truncate(rules::FAULTS_LIMIT);
    faults
}

/// Mends an interchange in quarantine, or a refused one, and has it judged.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::NotInQuarantine`]; [`Refusal::Moved`] where other bytes stand
/// there by now; [`Refusal::Mend`] where the edits or the reason make no sense.
pub(super) async fn mend(
    house: &House,
    permit: &Permit<ReplayInterchanges>,
    id: Id<Interchange>,
    mend: Mend,
) -> Result<Vec<Id<Interchange>>, Refusal> {
    let scope = permit.scope();
    let reason = reason(&mend.reason)?;
    let (before, file) = in_hand(house, scope, id, &mend.sha256).await?;
    let mended = edits::apply(&file, mend.edits).map_err(wrong)?;
    edits::same(&file, &mended).map_err(wrong)?;
    let sha256 = house.files.keep(mended.clone()).await?.to_string();
    let state = before.state;
    let mended = Mended { scope, before, reason, file: mended, sha256 };
    let ids = judge::judge(house, id, state, Cause::Mended(&mended)).await?;
    if ids.is_empty() { Err(Refusal::Moved) } else { Ok(ids) }
}

/// Puts an interchange in quarantine, or a refused one, away: it is kept, and not worked on.
///
/// # Errors
/// As [`mend`].
pub(super) async fn discard(
    house: &House,
    permit: &Permit<ReplayInterchanges>,
    id: Id<Interchange>,
    discard: Discard,
) -> Result<InterchangeView, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let reason = reason(&discard.reason)?;
    let mut tx = house.db.write().await?;
    let before = held(&mut tx, scope, id, &discard.sha256).await?;
    if !sql::discard(&mut tx, id, &before.sha256).await? {
        return Err(Refusal::Moved);
    }
    let deed = sql::NewDeed {
        kind: DeedKind::Discard,
        organisation: scope.organisation(),
        person: scope.actor(),
        before: &before,
        reason,
    };
    sql::note(&mut tx, id, deed, now).await?;
    for (holder, _) in seen::holders(&mut tx, id).await? {
        outbound::hint(&mut tx, holder, id);
    }
    note(&mut tx, scope, "edi.discard", id, now).await?;
    let view = super::read(&mut tx, scope, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// The interchange as it stands, if it waits for the caller, with its bytes.
async fn in_hand(
    house: &House,
    scope: Scope,
    id: Id<Interchange>,
    sha256: &str,
) -> Result<(sql::InHand, Vec<u8>), Refusal> {
    let mut conn = house.db.read().await?;
    let before = held(&mut conn, scope, id, sha256).await?;
    drop(conn);
    let name = before.sha256.parse()?;
    if long::is(house.files.length(name).await?) {
        let why =
            "it is too long to be mended by hand; fetch it, and have it sent in parts";
        return Err(Refusal::Mend("file", why.to_owned()));
    }
    let file = house.files.read(name).await?;
    Ok((before, file))
}

async fn held(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Interchange>,
    sha256: &str,
) -> Result<sql::InHand, Refusal> {
    let organisation = scope.organisation();
    seen::one(conn, organisation, id).await?.ok_or(Refusal::NotFound)?;
    let found = sql::in_hand(conn, organisation, id).await?;
    let waits = found.filter(|it| match it.state {
        InterchangeState::Quarantined | InterchangeState::Rejected => true,
        InterchangeState::Received
        | InterchangeState::Applied
        | InterchangeState::Duplicate
        | InterchangeState::Discarded
        | InterchangeState::Built
        | InterchangeState::Sent => false,
    });
    let before = waits.ok_or(Refusal::NotInQuarantine)?;
    if before.sha256 == sha256 { Ok(before) } else { Err(Refusal::Moved) }
}

fn reason(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > REASON_LIMIT || text.contains('\0') {
        let why = format!("say why, in 1 to {REASON_LIMIT} characters");
        return Err(Refusal::Mend("reason", why));
    }
    Ok(text)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn wrong(why: edits::WrongEdit) -> Refusal {
    Refusal::Mend("edits", why.to_string())
}
