//! Who is told of what becomes of changes: the deal's room, people, screens, logs.

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Order, Organisation};
use serde_json::json;
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{Refusal, access, read_order, rules::ChangeState, sql};
use crate::orders::{self, OrderState, OrderView, ReceiveOrders};

/// Puts a card of the order with its change into the room of its deal, and tells the screens.
pub(super) async fn show(
    tx: &mut Tx,
    scope: Scope,
    (view, ordinal): (&OrderView, i64),
    (change, state): (ChangeState, OrderState),
    at: Moment,
) -> Result<(), Refusal> {
    let summary = &view.summary;
    hint(tx, view, summary.revision + 1);
    let detail = json!({
        "order": summary.id,
        "number": summary.number,
        "state": state,
        "change": change,
        "change_rev": ordinal,
    });
    Ok(orders::change_card(tx, scope, summary.id, detail, at).await?)
}

/// Puts a card of the order into the room of its deal that says how much of the counter-offer was
/// taken, and tells the screens. The order is read after it was made anew.
pub(super) async fn show_settled(
    tx: &mut Tx,
    scope: Scope,
    (view, ordinal): (&OrderView, i64),
    settled: ChangeState,
    at: Moment,
) -> Result<(), Refusal> {
    let summary = &view.summary;
    hint(tx, view, summary.revision);
    let detail = json!({
        "order": summary.id,
        "number": summary.number,
        "state": summary.state,
        "counter": settled,
        "change_rev": ordinal,
    });
    Ok(orders::change_card(tx, scope, summary.id, detail, at).await?)
}

fn hint(tx: &mut Tx, view: &OrderView, revision: i64) {
    let summary = &view.summary;
    for organisation in [Some(summary.keeper), summary.buyer.id].into_iter().flatten() {
        let (kind, id) = ("order".to_owned(), summary.id.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision });
    }
}

/// Tells the seller's people of a change that has just been received, and the log.
///
/// # Errors
/// If the database fails.
pub async fn announce(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    order: Id<Order>,
    at: Moment,
) -> Result<(), Refusal> {
    let view = read_order(tx, permit, order).await?;
    let rows = sql::all_of(tx, permit.scope().organisation(), order).await?;
    if let Some(last) = rows.last().filter(|it| it.settles != 0) {
        return announce_settlement(tx, permit.scope(), (&view, last.state), at).await;
    }
    tell_seller(tx, &view, at).await?;
    entry(tx, permit.scope(), &view, "order.change", at).await
}

/// Tells the seller's people how much of their counter-offer was taken, and the log. It stands apart
/// as [`announce`] does.
///
/// # Errors
/// If the database fails.
pub async fn announce_settlement(
    tx: &mut Tx,
    scope: Scope,
    (order, settled): (&OrderView, ChangeState),
    at: Moment,
) -> Result<(), Refusal> {
    let summary = &order.summary;
    if let Some(seller) = summary.seller.id {
        let params = json!({
            "number": summary.number, "other": summary.buyer.name, "state": settled,
        });
        let notice = notice("counter_settled", params, summary.id);
        notify::all_who(tx, seller, access::answers, &notice, at).await?;
    }
    entry(tx, scope, order, "order.settle", at).await
}

pub(super) async fn tell_seller(
    tx: &mut Tx,
    view: &OrderView,
    at: Moment,
) -> Result<(), Fault> {
    let summary = &view.summary;
    let Some(seller) = summary.seller.id else { return Ok(()) };
    let params = json!({ "number": summary.number, "other": summary.buyer.name });
    let notice = notice("change_asked", params, summary.id);
    notify::all_who(tx, seller, access::answers, &notice, at).await
}

/// Tells the buyer's people of the answer to a change, and the log. It stands apart as
/// [`announce`] does.
///
/// # Errors
/// If the database fails.
pub async fn announce_answer(
    tx: &mut Tx,
    scope: Scope,
    order: &OrderView,
    at: Moment,
) -> Result<(), Refusal> {
    let summary = &order.summary;
    if let Some(buyer) = summary.buyer.id {
        let params = json!({ "number": summary.number, "other": summary.seller.name });
        let notice = notice("change_answered", params, summary.id);
        notify::all_who(tx, buyer, access::asks, &notice, at).await?;
    }
    entry(tx, scope, order, "order.change_answer", at).await
}

fn notice(
    kind: &'static str,
    params: serde_json::Value,
    order: Id<Order>,
) -> notify::Notice<'static> {
    let subject = Some(("order", order.to_string()));
    notify::Notice { kind, params, subject, party: None, fold: None }
}

pub(super) async fn entry(
    tx: &mut Tx,
    scope: Scope,
    view: &OrderView,
    action: &str,
    at: Moment,
) -> Result<(), Refusal> {
    let of = ("order", view.summary.id.to_string());
    let detail = json!({ "number": view.summary.number });
    let (organisation, person): (Id<Organisation>, _) =
        (scope.organisation(), scope.actor());
    Ok(audit::write(tx, organisation, person, action, of, detail, at).await?)
}
