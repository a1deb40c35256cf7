//! Taking or refusing a seller's counter-offer, as the buyer of the order. Where the seller is not on the
//! hub, the 860 or ORDCHG that tells it shares the commit. Where the buyer is told by EDI, it
//! says so by an 860 or ORDCHG of its own, which is answered in the commit that takes it.

use commerce::{
    changes::{self, AnsweredChange, ChangeOrders, ChangeState, Refusal, Settlement},
    orders::{OrderState, ReceiveOrders},
};
use gate::{House, Permit};
use kernel::{Id, Moment, Order};
use store::Tx;

use super::{ask, origin, write};
use crate::{dialects::Came, interchanges};

/// Takes or refuses what is offered, and tells the seller.
///
/// # Errors
/// As [`changes::settle`]; [`Refusal::Field`] where it cannot be written in the seller's dialect.
pub(super) async fn settle(
    house: &House,
    permit: &Permit<ChangeOrders>,
    order: Id<Order>,
    settlement: Settlement,
) -> Result<(), Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let organisation = scope.organisation();
    let mut tx = house.db.write().await?;
    let sent = interchanges::sent_by(&mut tx, organisation, order).await?;
    if let Some(sent) = &sent {
        let names = (sent.sender.as_str(), sent.receiver.as_str());
        interchanges::hold_pair(&mut tx, organisation, names).await?;
    }
    let note = settlement.note.trim().to_owned();
    let (ordinal, done) =
        changes::settle(&mut tx, permit, order, settlement, now).await?;
    if let Some(sent) = &sent {
        let whole = done.order.summary.state == OrderState::Cancelled;
        let told = (done.number.clone(), note, whole);
        let lines = (&done.lines[..], &done.before[..]);
        let document = ask::document(&done.order.summary, &told, lines, now);
        let on = (organisation, (order, ordinal));
        ask::send(house, &mut tx, on, (sent, &document), now).await?;
    }
    let told = (&done.order, done.state);
    changes::announce_settlement(&mut tx, scope, told, now).await?;
    store::brink("counter.settling");
    tx.commit().await?;
    store::brink("counter.settled");
    Ok(())
}

/// Answers a change by EDI that took or refused what was offered: all of it is so.
pub(crate) async fn confirm(
    (house, tx): (&House, &mut Tx),
    permit: &Permit<ReceiveOrders>,
    (change, settled): ((Id<Order>, i64), &AnsweredChange),
    now: Moment,
) -> Result<(), Refusal> {
    debug_assert_eq!(settled.state, ChangeState::Accepted, "nothing of it waits");
    let scope = permit.scope();
    let Some((file, ordinal)) = origin(house, tx, scope, change).await? else {
        return Ok(());
    };
    let came = Came::of(&file, ordinal)?;
    write(house, tx, scope, (&came, change, (settled, None)), now).await
}
