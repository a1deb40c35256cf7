//! Doing what an interchange says: 850 and ORDERS become orders, acknowledgements find what they
//! acknowledge; and the interchange is answered.
//!
//! Locks are taken in one order by all who work on papers: the numbers of the pair, the
//! order, the rooms, and last the chains of the logs, which [`announce`] writes to.

use std::borrow::Cow;

use commerce::orders::{self, ReceiveOrders, Received, Refusal};
use gate::{House, Permit};
use kernel::{Fault, Id, Interchange, Moment, Order, Organisation, Space};
use serde_json::json;
use store::Tx;

use super::{
    outbound, receipts,
    rules::{self, FaultNote, InterchangeState as State},
    seen, sql,
};
use crate::dialects::{Paper, Wire, Work};

/// An interchange that is the receiver's to work on.
pub(super) struct Case<'c> {
    pub(super) house: &'c House,
    pub(super) id: Id<Interchange>,
    pub(super) interchange: &'c Wire<'c>,
    pub(super) receiver: Id<Organisation>,
    pub(super) sender: Option<Id<Organisation>>,
    pub(super) authentic: Option<Id<Organisation>>,
    /// The EDI names of the receiver and the sender.
    pub(super) names: (&'c str, &'c str),
    pub(super) now: Moment,
}

/// An order that people are to be told of, by the permit it was received with.
pub(super) type News = (Permit<ReceiveOrders>, Id<Order>);

/// What came of it.
pub(super) struct Done {
    pub(super) state: State,
    pub(super) faults: Vec<FaultNote>,
    pub(super) acknowledges: Option<Id<Interchange>>,
    pub(super) orders: Vec<News>,
}

/// What the orders of an interchange came to.
#[derive(Default)]
struct Orders {
    new: Vec<Id<Order>>,
    placed: Vec<(Id<Order>, Id<Space>)>,
    all: Vec<Id<Order>>,
    lines: usize,
}

/// The permit to take orders in for a seller.
#[expect(
    clippy::disallowed_methods,
    reason = "an interchange that is addressed to the seller asks, not a person"
)]
pub(super) fn receives(seller: Id<Organisation>) -> Permit<ReceiveOrders> {
    Permit::for_system(seller)
}

/// Does what the interchange says, as far as it is good, and answers it.
pub(super) async fn apply(tx: &mut Tx, case: &Case<'_>) -> Result<Done, Fault> {
    let verdict = case.interchange.check();
    let mut faults = rules::notes(&verdict);
    let mut orders = Orders::default();
    let mut acknowledges = None;
    if verdict.answer != x12::Answer::Rejected {
        take_sets(tx, case, &verdict, &mut orders, &mut faults).await?;
        if faults.is_empty() {
            acknowledges = receipts::reconcile(tx, case, &mut faults).await?;
        }
    }
    let refused = acknowledges.is_some_and(|it| it.refused);
    let state = if verdict.answer == x12::Answer::Rejected {
        State::Rejected
    } else if faults.is_empty() || refused {
        State::Applied
    } else {
        State::Quarantined
    };
    let answer = answer(tx, case, &verdict, &orders).await?;
    let permit = receives(case.receiver);
    if let Some((answer, kind)) = answer {
        for (_, space) in &orders.placed {
            let detail = json!({ "interchange": answer, "kind": kind, "state": "built" });
            let scope = permit.scope();
            let told = orders::tell_paper(tx, scope, *space, detail, case.now).await;
            told.map_err(fault)?;
        }
    }
    let news = orders.new.into_iter().map(|order| (receives(case.receiver), order));
    let acknowledges = acknowledges.map(|it| it.of);
    Ok(Done { state, faults, acknowledges, orders: news.collect() })
}

async fn take_sets(
    tx: &mut Tx,
    case: &Case<'_>,
    verdict: &x12::Verdict,
    orders: &mut Orders,
    faults: &mut Vec<FaultNote>,
) -> Result<(), Fault> {
    let papers = case.interchange.papers();
    if papers.len() > rules::SETS_LIMIT {
        faults.push(FaultNote::plain(format!(
            "the interchange holds more than {} documents; send them in several",
            rules::SETS_LIMIT
        )));
        return Ok(());
    }
    for (ordinal, ((group, set), paper)) in (1_i64..).zip(papers) {
        if verdict.answer_to(group, set) == x12::Answer::Rejected {
            continue;
        }
        match paper.work() {
            Work::Order => match take_order(tx, case, paper, ordinal, orders).await? {
                Ok(()) => {}
                Err(why) => faults.push(paper.note(why)),
            },
            Work::Receipt => {}
            Work::Other => faults.push(paper.note(format!(
                "a document of kind {} is kept, but not worked on yet",
                rules::clean(paper.kind())
            ))),
        }
    }
    Ok(())
}

/// Receives an order and puts it into its deal, if it leads to one.
async fn take_order(
    tx: &mut Tx,
    case: &Case<'_>,
    paper: Paper<'_, '_>,
    ordinal: i64,
    orders: &mut Orders,
) -> Result<Result<(), String>, Fault> {
    let (_, sender) = case.names;
    let name = match case.sender {
        Some(id) => directory::organisations::name_of(tx, id).await?,
        None => None,
    };
    let fallback = name.as_deref().map_or(Cow::from(sender), Cow::from);
    let (incoming, mut clues) = match paper.order(sender, &fallback) {
        Ok((incoming, clues)) => {
            (orders::Incoming { buyer: case.authentic, ..incoming }, clues)
        }
        Err(why) => return Ok(Err(why)),
    };
    orders.lines += incoming.lines.len();
    if orders.lines > rules::LINES_LIMIT {
        return Ok(Err(format!(
            "order {}: with it the interchange has more than {} lines; split it",
            incoming.number,
            rules::LINES_LIMIT
        )));
    }
    let permit = receives(case.receiver);
    let received = match orders::receive(tx, &permit, &incoming, case.now).await {
        Ok(received) => received,
        Err(refusal) => return plain(refusal),
    };
    let id = received.order();
    sql::link(tx, case.id, id, ordinal).await?;
    orders.all.push(id);
    match received {
        Received::Known(_) => {}
        Received::New(_) => {
            orders.new.push(id);
            clues.names.extend(name);
            if let Some(id) = case.sender {
                clues.domain = sql::domain_of(tx, id).await?;
            }
            place(tx, case, id, &clues, orders).await?;
        }
    }
    Ok(Ok(()))
}

async fn place(
    tx: &mut Tx,
    case: &Case<'_>,
    order: Id<Order>,
    clues: &orders::Clues,
    orders: &mut Orders,
) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    let Some(space) = orders::find_deal(tx, scope, clues).await? else { return Ok(()) };
    match orders::place(tx, scope, order, space, case.now).await {
        Ok(()) => orders.placed.push((order, space)),
        Err(refusal) => drop(plain(refusal)?),
    }
    Ok(())
}

/// A refusal in plain words; a fault stays one.
fn plain(refusal: Refusal) -> Result<Result<(), String>, Fault> {
    if let Refusal::Fault(fault) | Refusal::Shared(sharing::Refusal::Fault(fault)) =
        refusal
    {
        return Err(fault);
    }
    Ok(Err(refusal.to_string()))
}

/// A refusal where none is to be expected.
pub(super) fn fault(refusal: Refusal) -> Fault {
    if let Refusal::Fault(fault) | Refusal::Shared(sharing::Refusal::Fault(fault)) =
        refusal
    {
        return fault;
    }
    Fault::new("working on an interchange")(refusal)
}

/// Answers the interchange with 997 and TA1, or CONTRL, unless that was done, or nothing is to be
/// answered.
async fn answer(
    tx: &mut Tx,
    case: &Case<'_>,
    verdict: &x12::Verdict,
    orders: &Orders,
) -> Result<Option<(Id<Interchange>, &'static str)>, Fault> {
    if !seen::answers(tx, case.receiver, case.id).await?.is_empty() {
        return Ok(None);
    }
    let stamp = rules::stamp(case.now);
    let write = |numbers| case.interchange.acknowledge(verdict, numbers, &stamp);
    // No number may be drawn for an answer that is not given.
    if write(x12::Numbers { interchange: 0, group: 0, set: 0 }).is_none() {
        return Ok(None);
    }
    let (kind, sets) = case.interchange.answered_by(verdict);
    let paper = outbound::Paper {
        sender: case.receiver,
        receiver: case.authentic,
        names: case.names,
        kind,
        sets,
        acknowledges: Some(case.id),
        orders: orders.all.clone(),
    };
    let write = |numbers| write(numbers).unwrap_or_default();
    let id = outbound::build(case.house, tx, paper, write, case.now).await?;
    Ok(Some((id, kind)))
}

/// Tells people of a new order.
pub(super) async fn announce(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    order: Id<Order>,
    now: Moment,
) -> Result<(), Fault> {
    orders::announce(tx, permit, order, now).await.map_err(fault)
}
