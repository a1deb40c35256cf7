//! A lead with one partner. The grant on the offer is what the partner sees it by: narrow until
//! it accepts, wider after that, and gone with the offer.

mod sql;
mod view;

use std::time::Duration;

use gate::{Permit, Scope};
use kernel::{Fault, Id, Lead as LeadKind, LeadOffer, Moment, Organisation};
use sharing::{Mask, Verbs, grants};
use store::{Conn, Tx};

pub use sql::ALL;
pub(super) use sql::partnership;
pub(super) use view::{LeadOfferView, list_offered, offered};

use super::{
    AnswerLeads, Flaw, HandLeads, Move, OfferState, Refusal, Side,
    moves::{self, Step},
    rules::is_late,
    sql::{Row, hold},
    tell::{self, KIND},
    terms,
};

/// Offers a lead to a partner, on the vendor's terms of now.
///
/// # Errors
/// [`Refusal::NoMove`], unless it is qualified; no live partnership, also for an organisation
/// that does not exist.
pub async fn offer(
    tx: &mut Tx,
    permit: &Permit<HandLeads>,
    (id, revision): (Id<LeadKind>, i64),
    partner: Id<Organisation>,
    words: Option<String>,
    at: Moment,
) -> Result<(), Refusal> {
    let own = permit.scope().organisation();
    let row = hold(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    make(tx, permit.scope(), Side::Vendor, (&row, partner, words), at).await
}

/// Offers a lead that is held.
///
/// # Errors
/// As for [`offer`].
pub(super) async fn make(
    tx: &mut Tx,
    scope: Scope,
    by: Side,
    (row, partner, words): (&Row, Id<Organisation>, Option<String>),
    at: Moment,
) -> Result<(), Refusal> {
    let (own, id) = (scope.organisation(), row.id);
    let state = moves::leads_to(row, by, Move::Offer)?;
    let found = partnership(tx, own, partner).await?;
    let (partnership, name) = found.ok_or(sharing::Refusal::NoPartnership)?;
    let terms = terms::of(tx, own).await?;
    let hours = u32::try_from(terms.accept_hours).unwrap_or(1);
    let due = at + Duration::from_hours(1).saturating_mul(hours);
    let new = sql::NewOffer {
        id: Id::mint(),
        lead: id,
        vendor: own,
        partner,
        partnership,
        after: &terms.after,
        words: words.as_deref(),
        due,
    };
    sql::insert(tx, &new, at).await?;
    give(tx, scope, (new.id, partner), terms.before, at).await?;
    let after = Row {
        state,
        offer_id: Some(new.id),
        offer_state: Some(OfferState::Offered),
        partner_id: Some(partner),
        partner_name: Some(name),
        due_at: Some(due),
        offer_revision: Some(1),
        ..row.clone()
    };
    let step = Step { to: Move::Offer, revision: row.revision, reason: None, words };
    moves::finish(tx, scope, (row, &after), by, &step, at).await
}

/// Moves an offer as its partner: accepts, declines, returns.
///
/// # Errors
/// [`Refusal::Late`], once the time to accept is over, whether or not the clock has looked.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerLeads>,
    id: Id<LeadOffer>,
    step: Step,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let seen = own(tx, scope, id).await?;
    let row = hold(tx, seen.vendor_id, seen.lead_id).await?.ok_or(Refusal::NotFound)?;
    let seen = own(tx, scope, id).await?;
    if step.to == Move::Accept
        && seen.offer_state == OfferState::Accepted
        && seen.offer_revision == step.revision.saturating_add(1)
    {
        return Ok(());
    }
    if seen.offer_revision != step.revision {
        return Err(Refusal::Stale(seen.offer_revision));
    }
    let state = moves::leads_to(&row, Side::Partner, step.to)?;
    if seen.offer_state == OfferState::Offered && is_late(seen.due_at, at) {
        return Err(Refusal::Late);
    }
    if step.to == Move::Accept {
        let after = Mask::read(&seen.after_mask);
        give(tx, vendors(seen.vendor_id), (id, scope.organisation()), after, at).await?;
    }
    let after = Row { state, ..row.clone() };
    moves::finish(tx, scope, (&row, &after), Side::Partner, &step, at).await
}

/// Something became of the offer that stands: it is kept, and where the partner has the lead no
/// longer, its right is gone.
pub(super) async fn answered(
    tx: &mut Tx,
    before: &Row,
    to: OfferState,
    at: Moment,
) -> Result<(), Refusal> {
    let stands = before.offer_id.zip(before.offer_revision).zip(before.offer_state);
    let ((offer, revision), from) = stands.ok_or(Refusal::NotFound)?;
    let ends = to.of_lead().is_none();
    let accepted = if to == OfferState::Accepted { Some(at) } else { before.accepted_at };
    let times = (accepted, ends.then_some(at));
    if !sql::answer(tx, (offer, revision, from), to, times).await? {
        return Err(Refusal::Stale(before.revision));
    }
    if ends {
        return Ok(grants::lapse(tx, KIND, offer.uuid(), &offer.to_string(), at).await?);
    }
    if let Some(partner) = before.partner_id {
        tell::hint_partner(tx, partner, offer, revision + 1);
    }
    Ok(())
}

/// The offers whose time is over, by vendor and lead.
pub(super) async fn due(
    conn: &mut Conn,
    now: Moment,
) -> Result<Vec<(Id<Organisation>, Id<LeadKind>)>, Fault> {
    sql::due(conn, now).await
}

async fn give(
    tx: &mut Tx,
    scope: Scope,
    (offer, partner): (Id<LeadOffer>, Id<Organisation>),
    mask: Mask,
    at: Moment,
) -> Result<(), Refusal> {
    let shared = grants::Shared {
        kind: KIND,
        record: offer.uuid(),
        name: offer.to_string(),
        sort_name: "",
        name_field: "company",
        sort_at: at,
        cause: "preset",
    };
    let right = grants::Right { mask, verbs: Verbs::READ };
    grants::give(tx, scope, &shared, partner, &right, at).await?;
    Ok(())
}

/// Who gives what the partner sees after it accepted.
#[expect(
    clippy::disallowed_methods,
    reason = "the vendor said what is shown after accepting when it offered; nobody of it acts now"
)]
const fn vendors(vendor: Id<Organisation>) -> Scope {
    Permit::<HandLeads>::for_system(vendor).scope()
}

/// An offer that the acting organisation may see.
async fn own(
    conn: &mut Conn,
    scope: Scope,
    id: Id<LeadOffer>,
) -> Result<sql::OfferRow, Refusal> {
    sql::one(conn, scope.organisation(), id).await?.ok_or(Refusal::NotFound)
}

/// Words to a partner, read.
///
/// # Errors
/// If they are too long.
pub(super) fn words(words: Option<String>) -> Result<Option<String>, Flaw> {
    let step = Step { to: Move::Offer, revision: 0, reason: None, words };
    Ok(step.read()?.words)
}
