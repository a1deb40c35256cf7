//! Who is told of what becomes of a registration: people, screens, logs.

use gate::Scope;
use kernel::{Fault, Id, Moment, Organisation};
use serde_json::json;
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{
    Move, Side,
    access::{answers, registers},
    sql::Row,
};

/// The screens of both sides; a draft is its partner's alone.
pub(super) fn hint(tx: &mut Tx, row: &Row) {
    let vendor = row.submitted_at.map(|_| row.vendor_id);
    for organisation in [Some(row.partner_id), vendor].into_iter().flatten() {
        let (kind, id) = ("registration".to_owned(), row.id.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision: row.revision });
    }
}

/// The people of a side.
pub(super) async fn people(
    tx: &mut Tx,
    row: &Row,
    side: Side,
    kind: &str,
    days: Option<i64>,
    at: Moment,
) -> Result<(), Fault> {
    let (organisation, other, allowed): (Id<Organisation>, &str, fn(_) -> bool) =
        match side {
            Side::Vendor => (row.vendor_id, &row.partner_name, answers),
            Side::Partner | Side::Clock => (row.partner_id, &row.vendor_name, registers),
        };
    let days = days.map(|days| days.to_string()).unwrap_or_default();
    let notice = notify::Notice {
        kind,
        params: json!({ "customer": row.customer, "other": other, "days": days }),
        subject: Some(("registration", row.id.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, organisation, allowed, &notice, at).await
}

/// Whom a move is told, and under which word. A review is seen on the page alone.
pub(super) const fn notices(step: Move) -> &'static [(Side, &'static str)] {
    match step {
        Move::Submit => &[(Side::Vendor, "registration_submitted")],
        Move::Withdraw => &[(Side::Vendor, "registration_withdrawn")],
        Move::Review => &[],
        Move::Approve => &[(Side::Partner, "registration_approved")],
        Move::Reject => &[(Side::Partner, "registration_rejected")],
        Move::AskMore => &[(Side::Partner, "registration_action_required")],
        Move::AskExtension => &[(Side::Vendor, "registration_extension_asked")],
        Move::Extend => &[(Side::Partner, "registration_extended")],
        Move::RefuseExtension => &[(Side::Partner, "registration_extension_refused")],
        Move::Convert => &[(Side::Partner, "registration_converted")],
        Move::Lose => &[(Side::Vendor, "registration_lost")],
        Move::Revoke => &[(Side::Partner, "registration_revoked")],
        Move::Expire => &[
            (Side::Partner, "registration_expired"),
            (Side::Vendor, "registration_expired"),
        ],
    }
}

/// An entry in the log of who acts.
pub(super) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    let of = ("registration", row.id.to_string());
    let detail = json!({ "customer": row.customer, "state": row.state });
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}

/// The same, where nobody acts but the clock: in both logs.
pub(super) async fn clock_entry(
    tx: &mut Tx,
    row: &Row,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    for organisation in [row.vendor_id, row.partner_id] {
        let of = ("registration", row.id.to_string());
        let detail = json!({ "customer": row.customer, "state": row.state });
        audit::write(tx, organisation, None, action, of, detail, at).await?;
    }
    Ok(())
}
