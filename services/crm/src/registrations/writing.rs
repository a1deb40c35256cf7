//! What the partner does: writes a registration, hands it in, takes it back, asks for longer.

use std::time::Duration;

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Organisation, Registration};

use super::{
    Flaw, Move, Refusal, RegisterDeals, Side, State, Wanted, WantedChanges, conflicts,
    holds,
    moves::{self, Step},
    rules::MOST_DAYS,
    sql::{self, Row},
    tell, terms,
};
use store::Tx;

/// Begins a draft for a vendor. Nobody but the partner knows of it.
///
/// # Errors
/// [`Refusal::NoPartnership`], also for a vendor that does not exist; [`Refusal::Flaw`].
pub async fn draft(
    tx: &mut Tx,
    permit: &Permit<RegisterDeals>,
    vendor: Id<Organisation>,
    changes: WantedChanges,
    at: Moment,
) -> Result<Id<Registration>, Refusal> {
    let (id, scope) = (Id::mint(), permit.scope());
    let partner = scope.organisation();
    let wanted = changes.over(Wanted::default())?;
    let partnership = sql::partnership(tx, partner, vendor).await?;
    let partnership = partnership.ok_or(Refusal::NoPartnership)?;
    sql::insert(tx, id, (vendor, partner), partnership, at).await?;
    sql::write(tx, partner, (id, 1), &wanted, at).await?;
    let row = sql::one(tx, partner, id).await?.ok_or(Refusal::NotFound)?;
    tell::hint(tx, &row);
    Ok(id)
}

/// Changes what is written, before it is handed in or when the vendor wants to know more.
///
/// # Errors
/// [`Refusal::Stale`]; [`Refusal::NoMove`], while it is not the partner's to write.
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<RegisterDeals>,
    (id, revision): (Id<Registration>, i64),
    changes: WantedChanges,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = own(tx, scope, id).await?;
    if !row.state.is_written() {
        let next = row.state.moves(Side::Partner);
        return Err(Refusal::NoMove { from: row.state, next });
    }
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    let wanted = changes.over(row.wanted()?)?;
    if wanted == row.wanted()? {
        return Ok(());
    }
    if !sql::write(tx, row.partner_id, (id, revision), &wanted, at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    tell::hint(tx, &Row { revision: revision + 1, ..row });
    Ok(())
}

/// Moves a registration as its partner.
///
/// # Errors
/// [`Refusal`], each by its name; with nothing changed.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<RegisterDeals>,
    id: Id<Registration>,
    step: Step,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = own(tx, scope, id).await?;
    let terms = match step.to {
        Move::Submit => Some(terms::hold(tx, row.vendor_id, at).await?),
        Move::Withdraw
        | Move::Review
        | Move::Approve
        | Move::Reject
        | Move::AskMore
        | Move::AskExtension
        | Move::Extend
        | Move::RefuseExtension
        | Move::Convert
        | Move::Lose
        | Move::Revoke
        | Move::Expire => None,
    };
    let row = own(tx, scope, id).await?;
    let Some(state) = moves::begin(tx, &row, Side::Partner, &step).await? else {
        return Ok(());
    };
    let mut after = Row { state, ..row.clone() };
    if let Some(terms) = terms {
        let claim = row.wanted()?.complete(&terms, at.day())?;
        after.key_value = Some(claim.key.value.clone());
        after.families = terms::list_text(&claim.families)?;
        after.territories = terms::list_text(&claim.territories)?;
        if let Some(twin) = holds::twin(tx, &after, &claim.key, at).await? {
            return Err(Refusal::Twin(twin));
        }
        let hours = u32::try_from(terms.answer_hours).unwrap_or(u32::MAX);
        after.submitted_at = Some(at);
        after.answer_due = Some(at + Duration::from_hours(1).saturating_mul(hours));
        (after.answered_at, after.told_overdue) = (None, 0);
        let found = conflicts::of(tx, &after, at).await?;
        after.conflicts = i64::try_from(found.len()).unwrap_or(i64::MAX);
    }
    match state {
        State::ExtensionAsked => after.wished_days = Some(asked_days(&step)?),
        State::Lost => holds::release(tx, &row).await?,
        State::Draft
        | State::Submitted
        | State::InReview
        | State::Approved
        | State::Rejected
        | State::ActionRequired
        | State::Withdrawn
        | State::Converted
        | State::Expired
        | State::Revoked => {}
    }
    moves::finish(tx, scope, (&row, &after), Side::Partner, &step, at).await
}

fn asked_days(step: &Step) -> Result<i64, Refusal> {
    let days = step.days.filter(|days| (1..=MOST_DAYS).contains(days));
    let why = "say for how many days more, 1 to 365";
    Ok(days.ok_or(Flaw { field: "days", why })?)
}

/// A registration of the acting organisation's own.
async fn own(tx: &mut Tx, scope: Scope, id: Id<Registration>) -> Result<Row, Refusal> {
    let row: Result<Option<Row>, Fault> = sql::one(tx, scope.organisation(), id).await;
    let row = row?.filter(|row| row.partner_id == scope.organisation());
    row.ok_or(Refusal::NotFound)
}
