//! Doing what an interchange says: 850 and ORDERS become orders, 840 and REQOTE requests for quote
//! (`requests.rs`), acknowledgements find what they acknowledge; and the interchange is answered.
//!
//! Locks are taken in one order by all who work on papers: the numbers of the pair, the
//! order, the rooms, and last the chains of the logs, which [`announce`] writes to.

use std::borrow::Cow;

use commerce::{
    orders::{self, ReceiveOrders, Received, Refusal},
    quotes, rfqs,
};
use gate::{House, Permit};
use kernel::{
    Fault, Id, Interchange, Invoice, Moment, Order, Organisation, Quote, Rfq, Shipment,
    Space,
};
use serde_json::json;
use store::Tx;

use super::{
    changes::{self, Changes},
    outbound, papers, receipts,
    requests::{self, Requests},
    rules::{self, FaultNote, InterchangeState as State},
    seen,
    sellers::{self, Sellers},
    sql,
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
    /// Whether it is a seller's word about orders that the receiver sells: its own system sent it.
    pub(super) sells: bool,
    /// Then its buyer, if it is on the hub.
    pub(super) buyer: Option<Id<Organisation>>,
    /// The EDI names of the receiver and the sender.
    pub(super) names: (&'c str, &'c str),
    pub(super) now: Moment,
}

/// What people are to be told of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    /// A new order.
    Order(Id<Order>),
    /// A new request for quote.
    Rfq(Id<Rfq>),
    /// A quote that an order has accepted.
    Accepted(Id<Quote>),
    /// A new change of an order.
    Change(Id<Order>),
    /// An order that its seller answered.
    Answered(Id<Order>),
    /// An order of which a change was answered.
    ChangeAnswered(Id<Order>),
    /// A new dispatch advice.
    Shipped(Id<Shipment>),
    /// A new invoice.
    Invoiced(Id<Invoice>),
    /// What a seller that is not on the hub offers.
    Offered(Id<Quote>),
}

/// What people are to be told of, by the permit it was received with.
pub(super) type News = (Permit<ReceiveOrders>, Subject);

/// What came of it.
pub(super) struct Done {
    pub(super) state: State,
    pub(super) faults: Vec<FaultNote>,
    pub(super) acknowledges: Option<Id<Interchange>>,
    pub(super) news: Vec<News>,
}

/// How many lines the documents of an interchange have so far.
#[derive(Default)]
pub(super) struct Lines(usize);

impl Lines {
    /// Counts those of one more document.
    ///
    /// # Errors
    /// In plain words, if that is too many.
    pub(super) fn count(&mut self, what: &str, lines: usize) -> Result<(), String> {
        self.0 = self.0.saturating_add(lines);
        if self.0 <= rules::LINES_LIMIT {
            return Ok(());
        }
        Err(format!(
            "{what}: with it the interchange has more than {} lines; split it",
            rules::LINES_LIMIT
        ))
    }
}

/// What the documents of an interchange came to.
#[derive(Default)]
struct Taken {
    new: Vec<Id<Order>>,
    placed: Vec<Id<Space>>,
    all: Vec<Id<Order>>,
    accepted: Vec<Id<Quote>>,
    requests: Requests,
    changes: Changes,
    sellers: Sellers,
    lines: Lines,
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
    let mut taken = Taken::default();
    let mut acknowledges = None;
    if verdict.answer != x12::Answer::Rejected {
        take_sets(tx, case, &verdict, &mut taken, &mut faults).await?;
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
    let answer = answer(tx, case, &verdict, &taken).await?;
    let permit = receives(case.receiver);
    if let Some((answer, kind)) = answer {
        for space in taken.placed.iter().chain(&taken.requests.placed) {
            let detail = json!({ "interchange": answer, "kind": kind, "state": "built" });
            let scope = permit.scope();
            let told = orders::tell_paper(tx, scope, *space, detail, case.now).await;
            told.map_err(fault)?;
        }
    }
    let left = taken.requests.left.into_iter().chain(taken.sellers.left).collect();
    papers::not_carried(tx, case.id, left).await?;
    let orders = taken.new.into_iter().map(Subject::Order);
    let news = orders.chain(taken.requests.new.into_iter().map(Subject::Rfq));
    let news = news.chain(taken.accepted.into_iter().map(Subject::Accepted));
    let news = news.chain(taken.changes.new.into_iter().map(Subject::Change));
    let own = taken.sellers.new.into_iter();
    let own = own.map(|(organisation, subject)| (receives(organisation), subject));
    let news = news.map(|subject| (receives(case.receiver), subject));
    let news = news.chain(own).collect();
    let acknowledges = acknowledges.map(|it| it.of);
    Ok(Done { state, faults, acknowledges, news })
}

async fn take_sets(
    tx: &mut Tx,
    case: &Case<'_>,
    verdict: &x12::Verdict,
    taken: &mut Taken,
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
            Work::Order => match take_order(tx, case, paper, ordinal, taken).await? {
                Ok(()) => {}
                Err(why) => faults.push(paper.note(why)),
            },
            Work::Request => {
                let (lines, requests) = (&mut taken.lines, &mut taken.requests);
                let of = (paper, ordinal);
                let told = requests::take(tx, case, of, lines, requests).await?;
                faults.extend(told.err().map(|why| paper.note(why)));
            }
            Work::Change => {
                let (lines, changes) = (&mut taken.lines, &mut taken.changes);
                let of = (paper, ordinal);
                let told = changes::take(tx, case, of, lines, changes).await?;
                faults.extend(told.err().map(|why| paper.note(why)));
            }
            Work::Seller => {
                let (lines, sellers) = (&mut taken.lines, &mut taken.sellers);
                let of = (paper, ordinal);
                let told = sellers::take(tx, case, of, lines, sellers).await?;
                faults.extend(told.err().map(|why| paper.note(why)));
            }
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
    taken: &mut Taken,
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
    let what = format!("order {}", incoming.number);
    if let Err(why) = taken.lines.count(&what, incoming.lines.len()) {
        return Ok(Err(why));
    }
    let permit = receives(case.receiver);
    let received = match orders::receive(tx, &permit, &incoming, case.now).await {
        Ok(received) => received,
        Err(refusal) => return plain(refusal),
    };
    let id = received.order();
    sql::link(tx, case.id, id, ordinal).await?;
    taken.all.push(id);
    match received {
        Received::Known(_) => {}
        Received::New(_) => {
            taken.new.push(id);
            clues.names.extend(name);
            if let Some(id) = case.sender {
                clues.domain = sql::domain_of(tx, id).await?;
            }
            let (key, now) = (&incoming.buyer_key, case.now);
            let accepted = quotes::accept_by_order(tx, &permit, id, key, now).await;
            match accepted.map_err(quotes::Refusal::into_fault)? {
                Some((quote, space)) => {
                    taken.accepted.push(quote);
                    place_in(tx, case, id, space, taken).await?;
                }
                None => place(tx, case, id, &clues, taken).await?,
            }
        }
    }
    Ok(Ok(()))
}

async fn place(
    tx: &mut Tx,
    case: &Case<'_>,
    order: Id<Order>,
    clues: &orders::Clues,
    taken: &mut Taken,
) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    match orders::find_deal(tx, scope, clues).await? {
        Some(space) => place_in(tx, case, order, space, taken).await,
        None => Ok(()),
    }
}

async fn place_in(
    tx: &mut Tx,
    case: &Case<'_>,
    order: Id<Order>,
    space: Id<Space>,
    taken: &mut Taken,
) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    match orders::place(tx, scope, order, space, case.now).await {
        Ok(()) => taken.placed.push(space),
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
    taken: &Taken,
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
        orders: [&taken.all[..], &taken.changes.all[..], &taken.sellers.all[..]].concat(),
    };
    let write = |numbers| write(numbers).unwrap_or_default();
    let id = outbound::build(case.house, tx, paper, write, case.now).await?;
    for rfq in taken.requests.all.iter().chain(&taken.sellers.rfqs) {
        papers::link_rfq(tx, id, *rfq, 0).await?;
    }
    Ok(Some((id, kind)))
}

/// Tells people of what is new.
pub(super) async fn announce(
    tx: &mut Tx,
    (permit, subject): &News,
    now: Moment,
) -> Result<(), Fault> {
    match *subject {
        Subject::Order(order) => {
            orders::announce(tx, permit, order, now).await.map_err(fault)
        }
        Subject::Change(order) => changes::announce(tx, permit, order, now).await,
        Subject::Answered(_)
        | Subject::ChangeAnswered(_)
        | Subject::Shipped(_)
        | Subject::Offered(_)
        | Subject::Invoiced(_) => {
            let organisation = permit.scope().organisation();
            sellers::announce(tx, organisation, *subject, now).await
        }
        Subject::Rfq(rfq) => {
            let told = rfqs::announce(tx, permit, rfq, now).await;
            told.map_err(quotes::Refusal::into_fault)
        }
        Subject::Accepted(quote) => {
            let told = quotes::announce_acceptance(tx, permit, quote, now).await;
            told.map_err(quotes::Refusal::into_fault)
        }
    }
}
