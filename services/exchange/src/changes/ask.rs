//! Asking for a change of an order, as its buyer. Where the seller is not on the hub, the 860 or ORDCHG
//! that carries it shares the commit; what comes back is taken by `interchanges/sellers`.

use commerce::{
    changes::{
        self, ChangeKind, ChangeLine, ChangeOrders, ChangeView, OrderedLine, Refusal,
        Wanted,
    },
    orders::{self, OrderSummary},
};
use gate::{House, Permit};
use kernel::{Id, Moment, Order, Organisation};
use store::Tx;
use trade::{DateOf, Document, Kind, Line, Note, Party, Product, Reference};

use crate::{
    buying::{Syntax, paper},
    interchanges::{self, NotCarried, Paper},
};

/// Asks for a change, and sends it; gives all changes of the order.
///
/// # Errors
/// As [`changes::ask`]; [`Refusal::Field`] where it cannot be written in the seller's dialect.
pub(super) async fn ask(
    house: &House,
    permit: &Permit<ChangeOrders>,
    (order, revision): (Id<Order>, i64),
    wanted: Wanted,
) -> Result<Vec<ChangeView>, Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    let sent = interchanges::sent_by(&mut tx, organisation, order).await?;
    if let Some(sent) = &sent {
        let names = (sent.sender.as_str(), sent.receiver.as_str());
        interchanges::hold_pair(&mut tx, organisation, names).await?;
    }
    let told =
        (wanted.number.trim().to_owned(), wanted.note.trim().to_owned(), wanted.whole);
    let ordinal = changes::ask(&mut tx, permit, (order, revision), wanted, now).await?;
    let all = changes::list(&mut tx, permit, order).await?;
    if let Some(sent) = &sent {
        let view = orders::read(&mut tx, permit, order).await?;
        let (_, lines, ordered) = changes::asked(&mut tx, permit, order).await?;
        let document = document(&view.summary, &told, (&lines, &ordered), now);
        let on = (organisation, (order, ordinal));
        send(house, &mut tx, on, (sent, &document), now).await?;
    }
    store::brink("change.asking");
    tx.commit().await?;
    store::brink("change.asked");
    Ok(all)
}

/// Sends the paper of a change to where its order went.
pub(super) async fn send(
    house: &House,
    tx: &mut Tx,
    (organisation, change): (Id<Organisation>, (Id<Order>, i64)),
    (sent, document): (&interchanges::SentBy, &Document),
    now: Moment,
) -> Result<(), Refusal> {
    let (syntax, kind) = match sent.kind.as_str() {
        "ORDERS" => (Syntax::Edifact, "ORDCHG"),
        _ => (Syntax::X12, "860"),
    };
    let names = (sent.sender.as_str(), sent.receiver.as_str());
    let stamp = interchanges::stamp(now);
    let write = |numbers| paper::write(document, (syntax, names), numbers, &stamp);
    // Where it cannot be written, no number is drawn for it.
    let (bytes, left) = write(x12::Numbers { interchange: 0, group: 0, set: 0 });
    paper::is_good(&bytes).map_err(|why| Refusal::Field("lines", why))?;
    let paper = Paper {
        sender: organisation,
        receiver: None,
        names,
        kind,
        sets: 1,
        acknowledges: None,
        orders: vec![change.0],
    };
    let id = interchanges::build(house, tx, paper, |it| write(it).0, now).await?;
    interchanges::link_change(tx, id, change, 0).await?;
    let left = left.iter().map(NotCarried::from).collect();
    Ok(interchanges::not_carried(tx, id, left).await?)
}

/// The change as a document: each line says how it is to be, not only what is otherwise.
pub(super) fn document(
    order: &OrderSummary,
    (number, note, whole): &(String, String, bool),
    (lines, ordered): (&[ChangeLine], &[OrderedLine]),
    now: Moment,
) -> Document {
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let about = Reference {
        kind: "order".to_owned(),
        number: order.number.clone(),
        date: Some(order.ordered_on.to_string()),
    };
    let note = filled(note).map(|text| Note { text, ..Note::default() });
    let purpose = if *whole { "cancellation" } else { "change" };
    let line = |it: &ChangeLine| line(it, ordered.iter().find(|was| was.line == it.line));
    Document {
        kind: Kind::OrderChange,
        number: number.clone(),
        date: Some(now.day().to_string()),
        purpose: purpose.to_owned(),
        order_type: Some("stand_alone".to_owned()),
        about: Some(about),
        currency: Some(order.currency.to_string()),
        parties: vec![
            party("buyer", &order.buyer.name),
            party("seller", &order.seller.name),
        ],
        notes: note.into_iter().collect(),
        lines: lines.iter().map(line).collect(),
        ..Document::default()
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|it| !it.is_empty())
}

fn line(change: &ChangeLine, was: Option<&OrderedLine>) -> Line {
    let word = match change.kind {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Deleted => "deleted",
    };
    let quantity = change.quantity.as_ref().or(was.map(|it| &it.quantity));
    let price = change.unit_price.as_ref().or(was.map(|it| &it.unit_price));
    let told = |own: &str, was: Option<&String>| filled(own).or_else(|| was.cloned());
    let product = told(&change.product, was.map(|it| &it.product));
    let product = product.filter(|it| !it.is_empty());
    let wanted = change.requested_on.or(was.and_then(|it| it.requested_on));
    let wanted = wanted.map(|day| DateOf {
        kind: "requested_delivery".to_owned(),
        date: day.to_string(),
    });
    Line {
        number: change.line.clone(),
        change: Some(word.to_owned()),
        quantity: quantity.and_then(|it| it.parse().ok()),
        unit: told(&change.unit, was.map(|it| &it.unit)).unwrap_or_default(),
        price: price.and_then(|it| it.parse().ok()),
        products: product
            .map(|value| Product { kind: "vendor".to_owned(), value })
            .into_iter()
            .collect(),
        description: told(&change.description, was.map(|it| &it.description)),
        dates: wanted.into_iter().collect(),
        ..Line::default()
    }
}
