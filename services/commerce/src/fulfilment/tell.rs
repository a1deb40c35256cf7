//! Who is told of what becomes of an order: the deal's room, both sides' people, screens, logs.

use gate::{Role, Scope};
use kernel::{Fault, Id, Moment, Organisation, Space};
use serde_json::{Value, json};
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{Course, Refusal};
use crate::orders::{self, OrderSummary};

/// What people are told.
pub(crate) struct Told<'t> {
    pub(crate) kind: &'t str,
    pub(crate) params: Value,
    pub(crate) subject: (&'t str, String),
    pub(crate) who: fn(Role) -> bool,
}

/// Puts a card into the room of an order's deal, if the one who acts may write there.
pub(crate) async fn say(
    tx: &mut Tx,
    scope: Scope,
    space: Option<Id<Space>>,
    detail: Value,
    at: Moment,
) -> Result<(), Refusal> {
    let Some(space) = space else { return Ok(()) };
    Ok(orders::tell_order(tx, scope, space, detail, at).await?)
}

/// The card of an order that came to its end.
pub(super) async fn order_card(
    tx: &mut Tx,
    scope: Scope,
    course: &Course,
    at: Moment,
) -> Result<(), Refusal> {
    let order = &course.order.summary;
    let detail = json!({
        "order": order.id,
        "number": order.number,
        "amount_minor": order.total_minor,
        "currency": order.currency,
        "state": order.state,
    });
    say(tx, scope, course.space, detail, at).await
}

/// Tells the screens of both sides that the order changed.
pub(crate) fn hint_order(tx: &mut Tx, order: &OrderSummary) {
    let sides = [Some(order.keeper), order.buyer.id];
    hint(tx, sides, ("order", order.id.to_string()), order.revision);
}

/// Tells the screens of both sides that a paper changed.
pub(crate) fn hint(
    tx: &mut Tx,
    sides: [Option<Id<Organisation>>; 2],
    (kind, id): (&str, String),
    revision: i64,
) {
    for organisation in sides.into_iter().flatten() {
        let (kind, id) = (kind.to_owned(), id.clone());
        tx.hint(Hint::Changed { organisation, kind, id, revision });
    }
}

/// Tells people of an organisation, if it is on the hub.
pub(crate) async fn notice(
    tx: &mut Tx,
    organisation: Option<Id<Organisation>>,
    told: Told<'_>,
    at: Moment,
) -> Result<(), Fault> {
    let Some(organisation) = organisation else { return Ok(()) };
    let Told { kind, params, subject, who } = told;
    let notice =
        notify::Notice { kind, params, subject: Some(subject), party: None, fold: None };
    notify::all_who(tx, organisation, who, &notice, at).await
}

/// An entry in the log of who acts.
pub(crate) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    of: (&str, String),
    (action, detail): (&str, Value),
    at: Moment,
) -> Result<(), Fault> {
    audit::write(tx, scope.organisation(), scope.actor(), action, of, detail, at).await
}
