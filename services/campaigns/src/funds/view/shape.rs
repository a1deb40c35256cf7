//! Rows made into what goes out.

use kernel::{Fault, Id, Organisation};

use super::{
    AllocationView, ClaimView, FundOrganisation, FundView, ProofView, RequestView,
};
use crate::funds::{
    RequestState, Side,
    claims::{ClaimRow, ProofRow},
    requests::RequestRow,
    sql::{self, FundRow, PartRow},
};

pub(super) fn fund_view(row: FundRow) -> Result<FundView, Fault> {
    Ok(FundView {
        id: row.id,
        proofs: sql::proofs_of(&row.proofs)?,
        name: row.name,
        currency: row.currency,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        share_percent: row.share_percent,
        claim_days: row.claim_days,
        words: row.words,
        state: row.state,
        amount_minor: row.amount_minor,
        free_minor: row.free_minor,
        allocated_minor: row.allocated_minor,
        reserved_minor: row.reserved_minor,
        claimed_minor: row.claimed_minor,
        paid_minor: row.paid_minor,
        expired_minor: row.expired_minor,
        revision: row.revision,
        allocations: None,
    })
}

pub(super) fn part_view(
    row: &PartRow,
    reader: Id<Organisation>,
) -> Result<AllocationView, Fault> {
    let side = if reader == row.vendor_id { Side::Vendor } else { Side::Partner };
    Ok(AllocationView {
        id: row.id,
        side,
        fund: row.fund_id,
        name: row.fund_name.clone(),
        vendor: FundOrganisation { id: row.vendor_id, name: row.vendor_name.clone() },
        partner: FundOrganisation { id: row.partner_id, name: row.partner_name.clone() },
        currency: row.currency,
        starts_on: row.starts_on.clone(),
        ends_on: row.ends_on.clone(),
        share_percent: row.share_percent,
        claim_days: row.claim_days,
        words: row.words.clone(),
        proofs: sql::proofs_of(&row.proofs)?,
        state: row.fund_state,
        amount_minor: row.amount_minor(),
        rest_minor: row.rest_minor(),
        pending_minor: row.pending_minor,
        reserved_minor: row.reserved_minor,
        claimed_minor: row.claimed_minor,
        paid_minor: row.paid_minor,
        used_minor: row.used_minor(),
        live: row.live == 1,
        revision: row.revision,
    })
}

pub(super) fn request_view(
    row: &RequestRow,
    reader: Id<Organisation>,
) -> Result<RequestView, Fault> {
    let side = row.side(reader);
    let partner = side == Side::Partner;
    Ok(RequestView {
        id: row.id,
        side,
        state: row.state,
        allocation: row.allocation_id,
        fund: row.fund_id,
        fund_name: row.fund_name.clone(),
        vendor: FundOrganisation { id: row.vendor_id, name: row.vendor_name.clone() },
        partner: FundOrganisation { id: row.partner_id, name: row.partner_name.clone() },
        currency: row.currency,
        share_percent: row.share_percent,
        proofs: sql::proofs_of(&row.proofs)?,
        title: row.title.clone(),
        kind: row.kind,
        starts_on: row.starts_on.clone(),
        ends_on: row.ends_on.clone(),
        cost_minor: row.cost_minor,
        asked_minor: row.asked_minor,
        note: row.note.clone(),
        submitted_at: row.submitted_at,
        approved_minor: row.approved_minor,
        rest_minor: row.rest_minor,
        use_by: row.use_by,
        moves: row.state.moves(side),
        writable: partner && row.state.is_written(),
        claimable: partner && row.state == RequestState::Approved,
        updated_at: row.updated_at,
        revision: row.revision,
        claims: None,
        events: None,
    })
}

pub(super) fn claim_view(
    request: &RequestRow,
    row: ClaimRow,
    proofs: Vec<ProofRow>,
    reader: Id<Organisation>,
) -> ClaimView {
    let side = request.side(reader);
    ClaimView {
        id: row.id,
        state: row.state,
        cost_minor: row.cost_minor,
        asked_minor: row.asked_minor,
        last: row.is_last == 1,
        note: row.note,
        submitted_at: row.submitted_at,
        approved_minor: row.approved_minor,
        payment: row.payment,
        paid_at: row.paid_at,
        proofs: proofs.into_iter().map(ProofView::from).collect(),
        moves: row.state.moves(side),
        writable: side == Side::Partner && row.state.is_written(),
        revision: row.revision,
    }
}
