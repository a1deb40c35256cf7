//! Who is told of what becomes of a lead: people, screens, logs.

use gate::Scope;
use kernel::{Fault, Id, Lead as LeadKind, LeadOffer, Moment, Organisation};
use serde_json::json;
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{
    access::{answers, hands},
    sql::Row,
};

/// What grants of leads are on, and what the screens know them as.
pub(super) const KIND: &str = "lead";

/// The screens of its organisation.
pub(super) fn hint(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<LeadKind>,
    revision: i64,
) {
    let (kind, id) = (KIND.to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision });
}

/// The screens of a partner: by the offer, as it knows nothing else of the lead.
pub(super) fn hint_partner(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<LeadOffer>,
    revision: i64,
) {
    let (kind, id) = (KIND.to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision });
}

/// The people of its organisation, of what a partner or the clock did.
pub(super) async fn vendor(
    tx: &mut Tx,
    row: &Row,
    kind: &str,
    at: Moment,
) -> Result<(), Fault> {
    let other = row.partner_name.as_deref().unwrap_or_default();
    let notice = notify::Notice {
        kind,
        params: json!({ "customer": row.lead.company, "other": other }),
        subject: Some((KIND, row.id.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, row.organisation_id, hands, &notice, at).await
}

/// The people of the partner. A notice outlives the right to the lead, so it names nobody but
/// the vendor.
pub(super) async fn partner(
    tx: &mut Tx,
    row: &Row,
    kind: &str,
    at: Moment,
) -> Result<(), Fault> {
    let Some((partner, offer)) = row.partner_id.zip(row.offer_id) else { return Ok(()) };
    let notice = notify::Notice {
        kind,
        params: json!({ "other": row.vendor_name }),
        subject: Some(("lead_offer", offer.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, partner, answers, &notice, at).await
}

/// An entry in the log of who acts: of the vendor under the lead's id, of a partner under the
/// offer's.
pub(super) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    action: &str,
    at: Moment,
) -> Result<(), Fault> {
    let own = scope.organisation() == row.organisation_id;
    let offer = row.offer_id.map(|id| id.to_string()).unwrap_or_default();
    let of = if own { (KIND, row.id.to_string()) } else { ("lead_offer", offer) };
    let detail = json!({ "state": row.state, "partner": row.partner_id });
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}
