//! Who is told of what becomes of orders.

use gate::{Action, Permit, Reach, Role, Scope};
use kernel::{Id, Moment, Order};
use serde_json::json;
use sharing::{audit, notify};
use store::{Hint, Tx};

use super::{AnswerOrders, ReceiveOrders, Refusal, sold, sql};

/// Tells the seller's people of an order that has just been received, and the log.
///
/// # Errors
/// If the database fails.
pub async fn announce(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    order: Id<Order>,
    at: Moment,
) -> Result<(), Refusal> {
    let seller = permit.scope().organisation();
    let row = sql::one(tx, seller, order).await?.ok_or(Refusal::NotFound)?;
    hint(tx, &row);
    let notice = notify::Notice {
        kind: "order_received",
        params: json!({ "number": row.number, "buyer": row.buyer_name }),
        subject: Some(("order", order.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, seller, answers, &notice, at).await?;
    let of = ("order", order.to_string());
    let detail = json!({ "number": row.number });
    audit::write(tx, seller, None, "order.receive", of, detail, at).await?;
    Ok(())
}

/// Whose business it is that an order came.
pub(super) fn answers(role: Role) -> bool {
    AnswerOrders::reach(role) != Reach::Nowhere
}

/// Whose business it is that an order was answered.
fn buys(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin | Role::Buyer | Role::EdiOperator => true,
        Role::ChannelManager
        | Role::Seller
        | Role::Marketer
        | Role::Support
        | Role::Finance
        | Role::Viewer => false,
    }
}

pub(super) fn hint(tx: &mut Tx, row: &sql::Row) {
    for organisation in [Some(row.seller_id), row.buyer_id].into_iter().flatten() {
        let (kind, id) = ("order".to_owned(), row.id.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision: row.revision });
    }
}

/// Tells the buyer's people of an answer that has just been given, and the log. It stands
/// apart as [`announce`] does.
///
/// # Errors
/// If the database fails.
pub async fn announce_answer(
    tx: &mut Tx,
    scope: Scope,
    order: Id<Order>,
    at: Moment,
) -> Result<(), Refusal> {
    let row = sold(tx, scope, order).await?;
    if let Some(buyer) = row.buyer_id {
        let state = row.state.word();
        let seller = row.seller_name;
        let notice = notify::Notice {
            kind: "order_answered",
            params: json!({ "number": row.number, "seller": seller, "state": state }),
            subject: Some(("order", order.to_string())),
            party: None,
            fold: None,
        };
        notify::all_who(tx, buyer, buys, &notice, at).await?;
    }
    let (of, detail) = (("order", order.to_string()), json!({ "state": row.state }));
    audit::write(tx, row.seller_id, scope.actor(), "order.answer", of, detail, at)
        .await?;
    Ok(())
}
