//! What sellers say by EDI: of orders answers (855, 865, ORDRSP), dispatch advices (856, DESADV) and
//! invoices (810, INVOIC); of requests quotes (843, QUOTES; `offers.rs`).
//!
//! Where a seller on the hub has its own system send them, each does what the same move in the
//! browser does, by the same verb and with the same refusals; the interchange is then the seller's
//! to work on, and its buyer gets it once it was applied (`parties.rs`). Where the seller is not on
//! the hub, its papers come to the buyer, who keeps the order in its stead. A paper that is refused
//! leaves nothing behind but its reason; one that comes again, under whatever number, changes nothing.

mod moves;
mod offers;

use commerce::orders::{self, ReadOrders, Sought};
use gate::Permit;
use kernel::{Fault, Id, Order, Organisation, Rfq};
use serde_json::json;
use store::{Conn, Tx, statements};

use super::{
    NotCarried,
    apply::{Case, Lines, Subject, fault, receives},
    sql,
};
pub(super) use moves::announce;

use crate::{
    dialects::{self, Paper, seller},
    names,
};

statements! {
    /// A set of an interchange was taken for an order.
    TAKEN unscoped "of rows made in the same breath" = "
        insert into interchange_paper (interchange_id, set_ordinal, order_id)
        values ($1, $2, $3)
        on conflict do nothing";

    /// The order that a set of an interchange was taken for.
    TAKEN_FOR unscoped "by the interchange in hand" = "
        select order_id from interchange_paper where interchange_id = $1 and set_ordinal = $2";
}

/// What the papers of sellers in an interchange came to.
#[derive(Default)]
pub(super) struct Sellers {
    /// What people are to be told of, by whose it is.
    pub(super) new: Vec<(Id<Organisation>, Subject)>,
    /// The orders of all of them.
    pub(super) all: Vec<Id<Order>>,
    /// The requests that quotes among them answer.
    pub(super) rfqs: Vec<Id<Rfq>>,
    /// What of them is held in the paper alone.
    pub(super) left: Vec<NotCarried>,
}

/// Why a paper was not taken.
pub(super) enum Stop {
    /// In plain words.
    Why(String),
    /// Ours.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<String> for Stop {
    fn from(why: String) -> Self {
        Self::Why(why)
    }
}

/// Takes what a seller says of an order.
///
/// # Errors
/// In plain words, why it does not fit; a fault is ours.
pub(super) async fn take(
    tx: &mut Tx,
    case: &Case<'_>,
    (paper, set): (Paper<'_, '_>, i64),
    lines: &mut Lines,
    all: &mut Sellers,
) -> Result<Result<(), String>, Fault> {
    if matches!(paper.kind(), "843" | "QUOTES") {
        return offers::take(tx, case, (paper, set), lines, all).await;
    }
    let before = tx.run(TAKEN_FOR).bind(case.id).bind(set);
    if let Some((order,)) = before.optional::<(Id<Order>,)>().await? {
        all.all.push(order);
        return Ok(Ok(()));
    }
    let said = match seller::said(paper) {
        Ok(said) => said,
        Err(why) => return Ok(Err(why)),
    };
    let what = format!("{} for order {}", paper.kind(), said.order);
    if let Err(why) = lines.count(&what, said.document.lines.len()) {
        return Ok(Err(why));
    }
    let order = match find(tx, case, &said.order).await? {
        Ok(order) => order,
        Err(why) => return Ok(Err(why)),
    };
    let step = tx.step().await?;
    match moves::apply(tx, case, order, &said).await {
        Ok(new) => {
            tx.keep(step).await?;
            all.new.extend(new.map(|subject| (case.receiver, subject)));
        }
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Why(why)) => {
            tx.undo(step).await?;
            return Ok(Err(format!("{what}: {why}")));
        }
    }
    tx.run(TAKEN).bind(case.id).bind(set).bind(order).execute().await?;
    sql::link(tx, case.id, order, 0).await?;
    tell(tx, case, order).await?;
    all.all.push(order);
    all.left.extend(said.left.iter().map(NotCarried::from));
    Ok(Ok(()))
}

/// The order that a paper names.
async fn find(
    conn: &mut Conn,
    case: &Case<'_>,
    number: &str,
) -> Result<Result<Id<Order>, String>, Fault> {
    let (receiver, sender) = case.names;
    let scope = receives(case.receiver).scope();
    if case.sells {
        let mut found = None;
        // Its buyer goes by several names, and the order came under one of them.
        for name in names::all_of(conn, case.receiver, receiver).await? {
            let names = dialects::aliases(&name);
            let names = [names[0].as_str(), names[1].as_str()];
            let sought = Sought { number, buyer: case.buyer, names };
            found = found.or(orders::find_sold(conn, scope, sought).await?);
        }
        return Ok(found.ok_or_else(|| {
            format!("you have no order {number} of {receiver}; it is not here, or is another's")
        }));
    }
    let sought = Sought { number, buyer: Some(case.receiver), names: ["", ""] };
    for name in names::all_of(conn, case.receiver, sender).await? {
        let names = dialects::aliases(&name);
        let names = [names[0].as_str(), names[1].as_str()];
        let sought = Sought { names, ..sought };
        if let Some(found) = orders::find_bought(conn, scope, sought).await? {
            return Ok(Ok(found));
        }
    }
    if let Some(seller) = case.sender {
        let scope = receives(seller).scope();
        // It is the receiver's own order, so that it is sold on the hub is no news to it.
        if orders::find_sold(conn, scope, sought).await?.is_some() {
            return Ok(Err(format!(
                "order {number} is sold by {sender} on this hub: its papers are taken from the \
                 seller itself alone, over its own API, drop folder or station"
            )));
        }
    }
    Ok(Err(format!(
        "you have no order {number} with {sender}; it was never written here"
    )))
}

/// The room of the order's deal hears of the paper.
async fn tell(tx: &mut Tx, case: &Case<'_>, order: Id<Order>) -> Result<(), Fault> {
    let permit = reads(case.receiver);
    let view = orders::read(tx, &permit, order).await.map_err(fault)?;
    let Some(deal) = view.summary.deal else { return Ok(()) };
    let kind = case.interchange.kind();
    let detail = json!({ "interchange": case.id, "kind": kind, "state": "applied" });
    let told = orders::tell_paper(tx, permit.scope(), deal.id, detail, case.now).await;
    told.map_err(fault)
}

/// The permit to read the orders that a paper is about.
#[expect(
    clippy::disallowed_methods,
    reason = "an interchange of the seller, or for the buyer, asks, not a person"
)]
pub(super) fn reads(organisation: Id<Organisation>) -> Permit<ReadOrders> {
    Permit::for_system(organisation)
}
