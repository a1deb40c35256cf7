//! A single order with its papers. An answer and the 855 or ORDRSP that carries it share one commit.

mod http;

use commerce::{
    fulfilment::{self, Fulfilment},
    orders::{self, Answer, AnswerOrders, OrderView, ReadOrders, Refusal},
    pricelists::{self, OffList},
    quotes::{self, Disagreement},
};
use gate::{Action, House, Permit};
use kernel::{Id, Moment, Order, Space};
use serde::Serialize;
use serde_json::json;
use store::{Conn, Tx};
use utoipa::ToSchema;

pub use http::routes;

use crate::{
    dialects::{Answering, Came},
    fulfilment::origin as fulfilment_origin,
    interchanges::{self, InterchangeView, Paper},
};

/// An order with its lines and its papers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderWithPapers {
    /// The order.
    #[serde(flatten)]
    pub order: OrderView,
    /// Its papers, oldest first.
    pub documents: Vec<InterchangeView>,
    /// In what it disagrees with the quote that it names; empty where they agree, none where
    /// it names none that the reader knows.
    pub disagreements: Option<Vec<Disagreement>>,
    /// How far it is: what was sent and invoiced, line by line, and by which papers.
    pub fulfilment: Fulfilment,
    /// The lines that ask for another price than the seller's lists have for the buyer.
    pub off_list: Vec<OffList>,
}

/// An order that one's organisation sells or buys, with its papers.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<OrderWithPapers, fulfilment::Refusal> {
    let view = orders::read(conn, permit, order).await?;
    let documents = interchanges::of_order(conn, permit, order).await?;
    let disagreements = quotes::disagreements(conn, permit, &view).await?;
    let fulfilment = fulfilment::overview(conn, permit, order).await?;
    let off_list = pricelists::off_list(conn, permit, &view).await?;
    Ok(OrderWithPapers { order: view, documents, disagreements, fulfilment, off_list })
}

/// Answers an order line by line, once; if it came by EDI, with an 855 or ORDRSP.
///
/// # Errors
/// As [`orders::answer`].
pub async fn answer(
    house: &House,
    permit: &Permit<AnswerOrders>,
    order: Id<Order>,
    answer: Answer,
) -> Result<(), Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let file = fulfilment_origin(house, &mut conn, scope, order).await?;
    drop(conn);
    let mut tx = house.db.write().await?;
    answer_in((house, &mut tx), permit, file.as_ref(), (order, answer), now).await?;
    orders::announce_answer(&mut tx, scope, order, now).await?;
    store::brink("order.answering");
    tx.commit().await?;
    store::brink("order.answered");
    Ok(())
}

/// The same, in a transaction that does more; nobody is told yet. `file` is what the order came by.
pub(crate) async fn answer_in(
    (house, tx): (&House, &mut Tx),
    permit: &Permit<AnswerOrders>,
    file: Option<&(Vec<u8>, i64)>,
    (order, answer): (Id<Order>, Answer),
    now: Moment,
) -> Result<(), Refusal> {
    let (scope, note) = (permit.scope(), answer.note.clone());
    let came = match file {
        Some((file, ordinal)) => Some(Came::of(file, *ordinal)?),
        None => None,
    };
    if let Some(came) = &came {
        let names = (came.own.as_str(), came.partner.as_str());
        interchanges::hold_pair(tx, scope.organisation(), names).await?;
    }
    let answered = orders::answer(tx, permit, order, answer, now).await?;
    let Some(came) = &came else { return Ok(()) };
    let answering = Answering { lines: &answered.lines, note };
    let kind = came.answer_kind();
    let stamp = interchanges::stamp(now);
    let write = |numbers| came.answer(&answering, numbers, stamp.clone());
    // Where it cannot be written, no number is drawn for it.
    write(x12::Numbers { interchange: 0, group: 0, set: 0 })?;
    let paper = Paper {
        sender: scope.organisation(),
        receiver: answered.buyer,
        names: (&came.own, &came.partner),
        kind,
        sets: 1,
        acknowledges: None,
        orders: vec![order],
    };
    let write = |numbers| write(numbers).unwrap_or_default();
    let id = interchanges::build(house, tx, paper, write, now).await?;
    if let Some(space) = answered.space {
        let detail = json!({ "interchange": id, "kind": kind, "state": "built" });
        orders::tell_paper(tx, scope, space, detail, now).await?;
    }
    Ok(())
}

/// Puts an order into a deal by hand.
///
/// # Errors
/// As [`orders::place`].
pub async fn place(
    house: &House,
    permit: &Permit<AnswerOrders>,
    order: Id<Order>,
    space: Id<Space>,
) -> Result<(), Refusal> {
    let mut tx = house.db.write().await?;
    orders::place(&mut tx, permit.scope(), order, space, house.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// The permit to look at an order is as good for who may answer it.
pub(crate) type Reads = ReadOrders;
