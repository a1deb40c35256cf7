//! Who is told of what becomes of a fund: people, screens, logs.

use gate::{Role, Scope};
use kernel::{Fault, Id, Moment, Organisation};
use serde_json::{Value, json};
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{
    Move, Side,
    access::{claims, pays, runs},
    requests::RequestRow,
    sql::{FundRow, PartRow},
};

fn changed(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    what: (&str, String),
    revision: i64,
) {
    let (kind, id) = (what.0.to_owned(), what.1);
    tx.hint(Hint::Changed { organisation, kind, id, revision });
}

/// The vendor's screens, and its log.
pub(super) async fn fund(
    tx: &mut Tx,
    scope: Scope,
    row: &FundRow,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    changed(tx, row.vendor_id, ("fund", row.id.to_string()), row.revision);
    let (of, detail) = (("fund", row.id.to_string()), json!({ "name": row.name }));
    audit::write(tx, row.vendor_id, scope.actor(), action, of, detail, at).await
}

/// The screens of both sides of a part.
pub(super) fn part(tx: &mut Tx, row: &PartRow) {
    changed(tx, row.vendor_id, ("fund", row.fund_id.to_string()), row.revision);
    if row.live == 1 {
        let what = ("fund_allocation", row.id.to_string());
        changed(tx, row.partner_id, what, row.revision);
    }
}

/// A partner's people, and both logs: how large its part is now.
pub(super) async fn allocated(
    tx: &mut Tx,
    scope: Scope,
    row: &PartRow,
    at: Moment,
) -> Result<(), Fault> {
    let subject = ("fund_allocation", row.id.to_string());
    let params = json!({ "fund": row.fund_name, "other": row.vendor_name });
    if row.live == 1 {
        people(
            tx,
            row.partner_id,
            claims,
            ("fund_allocated", params, subject.clone()),
            at,
        )
        .await?;
    }
    let detail = json!({ "fund": row.fund_name, "amount_minor": row.amount_minor() });
    let action = "fund.allocate";
    audit::write(tx, row.vendor_id, scope.actor(), action, subject, detail, at).await
}

/// The screens of both sides of a request; a draft is its partner's alone.
pub(super) fn request(tx: &mut Tx, row: &RequestRow) {
    let what = || ("fund_request", row.id.to_string());
    if row.live == 1 {
        changed(tx, row.partner_id, what(), row.revision);
        let part = ("fund_allocation", row.allocation_id.to_string());
        changed(tx, row.partner_id, part, row.revision);
    }
    if row.submitted_at.is_some() {
        changed(tx, row.vendor_id, what(), row.revision);
        changed(tx, row.vendor_id, ("fund", row.fund_id.to_string()), row.revision);
    }
}

/// The people of the side that did not move a request.
pub(super) async fn of_request(
    tx: &mut Tx,
    row: &RequestRow,
    step: Move,
    at: Moment,
) -> Result<(), Fault> {
    let (side, kind) = match step {
        Move::Submit => (Side::Vendor, "fund_request_submitted"),
        Move::Withdraw if row.submitted_at.is_some() => {
            (Side::Vendor, "fund_request_withdrawn")
        }
        Move::Approve => (Side::Partner, "fund_request_approved"),
        Move::Reject => (Side::Partner, "fund_request_rejected"),
        Move::AskMore => (Side::Partner, "fund_request_action_required"),
        Move::Expire => (Side::Partner, "fund_request_expired"),
        Move::Withdraw | Move::Review | Move::Pay | Move::Finish => return Ok(()),
    };
    side_of(tx, row, (side, runs), kind, at).await
}

/// The people of the side that did not move a claim; of an approved one also who pays it.
pub(super) async fn of_claim(
    tx: &mut Tx,
    row: &RequestRow,
    step: Move,
    at: Moment,
) -> Result<(), Fault> {
    let (side, kind) = match step {
        Move::Submit => (Side::Vendor, "fund_claim_submitted"),
        Move::Approve => {
            side_of(tx, row, (Side::Vendor, pays), "fund_claim_to_pay", at).await?;
            (Side::Partner, "fund_claim_approved")
        }
        Move::Reject => (Side::Partner, "fund_claim_rejected"),
        Move::AskMore => (Side::Partner, "fund_claim_action_required"),
        Move::Pay => (Side::Partner, "fund_claim_paid"),
        Move::Withdraw | Move::Review | Move::Finish | Move::Expire => return Ok(()),
    };
    side_of(tx, row, (side, runs), kind, at).await
}

async fn side_of(
    tx: &mut Tx,
    row: &RequestRow,
    (side, vendors): (Side, fn(Role) -> bool),
    kind: &str,
    at: Moment,
) -> Result<(), Fault> {
    let (organisation, other, allowed) = match side {
        Side::Vendor => (row.vendor_id, &row.partner_name, vendors),
        Side::Partner | Side::Clock if row.live == 1 => {
            (row.partner_id, &row.vendor_name, claims as fn(Role) -> bool)
        }
        Side::Partner | Side::Clock => return Ok(()),
    };
    let params = json!({ "title": row.title, "fund": row.fund_name, "other": other });
    let subject = ("fund_request", row.id.to_string());
    people(tx, organisation, allowed, (kind, params, subject), at).await
}

async fn people(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    allowed: fn(Role) -> bool,
    (kind, params, subject): (&str, Value, (&str, String)),
    at: Moment,
) -> Result<(), Fault> {
    let subject = Some(subject);
    let notice = notify::Notice { kind, params, subject, party: None, fold: None };
    notify::all_who(tx, organisation, allowed, &notice, at).await
}

/// An entry in the log of who acts.
pub(super) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    row: &RequestRow,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    let of = ("fund_request", row.id.to_string());
    let detail = json!({ "title": row.title, "state": row.state });
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}

/// The same, where nobody acts but the clock: in both logs.
pub(super) async fn clock_entry(
    tx: &mut Tx,
    sides: [Id<Organisation>; 2],
    (action, of): (&str, (&str, String)),
    detail: Value,
    at: Moment,
) -> Result<(), Fault> {
    for organisation in sides {
        let (of, detail) = (of.clone(), detail.clone());
        audit::write(tx, organisation, None, action, of, detail, at).await?;
    }
    Ok(())
}
