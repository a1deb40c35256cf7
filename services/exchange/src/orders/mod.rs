//! A single order with its papers. An answer and the 855 that carries it share one commit.

mod http;

use commerce::orders::{
    self, Answer, AnswerOrders, Decision, LineAnswer, OrderView, ReadOrders, Refusal,
};
use gate::{Action, House, Permit};
use kernel::{Fault, Id, Order, Space};
use serde::Serialize;
use serde_json::json;
use store::Conn;
use utoipa::ToSchema;

pub use http::routes;

use crate::interchanges::{self, InterchangeView, Paper};

/// An order with its lines and its papers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderWithPapers {
    /// The order.
    #[serde(flatten)]
    pub order: OrderView,
    /// Its papers, oldest first.
    pub documents: Vec<InterchangeView>,
}

/// An order that one's organisation sells or buys, with its papers.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<OrderWithPapers, Refusal> {
    let view = orders::read(conn, permit, order).await?;
    let documents = interchanges::of_order(conn, permit, order).await?;
    Ok(OrderWithPapers { order: view, documents })
}

/// Answers an order line by line, once; if it came by EDI, with an 855.
///
/// # Errors
/// As [`orders::answer`].
pub async fn answer(
    house: &House,
    permit: &Permit<AnswerOrders>,
    order: Id<Order>,
    answer: Answer,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let mut conn = house.db.read().await?;
    // Only its seller finds where it came from; for others, answering is refused below.
    let origin = interchanges::origin(&mut conn, scope, order).await?;
    drop(conn);
    let origin = match origin {
        Some((sha256, ordinal)) => {
            Some((house.files.read(sha256.parse()?).await?, ordinal))
        }
        None => None,
    };
    let came = match &origin {
        Some((file, ordinal)) => Some(came_from(file, *ordinal)?),
        None => None,
    };
    let (now, note) = (house.clock.now(), answer.note.clone());
    let mut tx = house.db.write().await?;
    if let Some(came) = &came {
        let names = (came.own.as_str(), came.partner.as_str());
        interchanges::hold_pair(&mut tx, scope.organisation(), names).await?;
    }
    let answered = orders::answer(&mut tx, permit, order, answer, now).await?;
    if let Some(came) = &came {
        let decisions = answered.lines.iter().map(decision).collect();
        let answering = x12::Answering { seller_order: None, decisions, note };
        let stamp = interchanges::stamp(now);
        let paper = Paper {
            sender: scope.organisation(),
            receiver: answered.buyer,
            names: (&came.own, &came.partner),
            kind: "855",
            sets: 1,
            acknowledges: None,
            orders: vec![order],
        };
        let write = |numbers| {
            let envelope = x12::Envelope::answering(&came.interchange, numbers, stamp);
            x12::write_855(&came.order, &answering, &envelope)
        };
        let id = interchanges::build(house, &mut tx, paper, write, now).await?;
        if let Some(space) = answered.space {
            let detail = json!({ "interchange": id, "kind": "855", "state": "built" });
            orders::tell_paper(&mut tx, scope, space, detail, now).await?;
        }
    }
    orders::announce_answer(&mut tx, scope, order, now).await?;
    store::brink("order.answering");
    tx.commit().await?;
    store::brink("order.answered");
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

/// The 850 that an order came from.
struct Came<'f> {
    interchange: x12::Interchange<'f>,
    order: x12::PurchaseOrder,
    own: String,
    partner: String,
}

fn came_from(file: &[u8], ordinal: i64) -> Result<Came<'_>, Fault> {
    let doing = "reading the 850 of an order";
    let interchange = x12::read(file).map_err(Fault::new(doing))?.into_iter().next();
    let interchange =
        interchange.ok_or_else(|| Fault::broken(doing, "it holds no interchange"))?;
    let place = usize::try_from(ordinal - 1).unwrap_or(usize::MAX);
    let set = interchange.sets().nth(place);
    let set = set.ok_or_else(|| Fault::broken(doing, "it has no such set"))?;
    let order = x12::PurchaseOrder::read(set).map_err(Fault::new(doing))?;
    let header = &interchange.header;
    let own = header.receiver.to_string();
    let partner = header.sender.to_string();
    Ok(Came { interchange, order, own, partner })
}

fn decision(line: &LineAnswer) -> x12::Decision {
    match line.decision {
        Decision::Accept => x12::Decision::Accept,
        Decision::Reject => x12::Decision::Reject,
        Decision::Change => x12::Decision::Change {
            quantity: line.quantity,
            unit_price: line.unit_price,
            date: line.requested_on.map(interchanges::written),
        },
    }
}

/// The permit to look at an order is as good for who may answer it.
pub(crate) type Reads = ReadOrders;
