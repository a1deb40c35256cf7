//! An order for printing, as it stands.

use gate::Permit;
use kernel::{Fault, Id, Order};
use rust_decimal::Decimal;
use store::{Conn, Sha256};
use trade::{
    Amount, Confirmation, DateOf, Document, Kind, Line, Note, Party, Product, Reference,
};

use super::{Decision, OrderLineView, OrderView, ReadOrders, Refusal};
use crate::sheets::Paper;

/// The order as a document, with what was answered. Its hash is that of the document as JSON.
pub(super) async fn sheet(
    conn: &mut Conn,
    permit: &Permit<ReadOrders>,
    order: Id<Order>,
) -> Result<Paper, Refusal> {
    let document = document(super::read(conn, permit, order).await?);
    let doing = "printing an order";
    let bytes = serde_json::to_vec(&document).map_err(Fault::new(doing))?;
    Ok(Paper { document, sha256: Some(Sha256::of(&bytes).to_string()) })
}

fn document(order: OrderView) -> Document {
    let OrderView { summary, lines, note, .. } = order;
    let digits = summary.currency.digits();
    let total = Decimal::from_i128_with_scale(summary.total_minor.into(), digits);
    let party = |role: &str, name: String| Party {
        role: role.to_owned(),
        name,
        ..Party::default()
    };
    let quote = summary.quote.map(|it| Reference {
        kind: "quote".to_owned(),
        number: it.number,
        date: None,
    });
    Document {
        kind: Kind::Order,
        number: summary.number,
        date: Some(summary.ordered_on.to_string()),
        currency: Some(summary.currency.to_string()),
        references: quote.into_iter().collect(),
        parties: vec![
            party("buyer", summary.buyer.name),
            party("seller", summary.seller.name),
        ],
        notes: note.map(|text| Note { text, ..Note::default() }).into_iter().collect(),
        lines: lines.into_iter().map(line).collect(),
        amounts: vec![Amount { kind: "total".to_owned(), amount: total }],
        ..Document::default()
    }
}

fn line(line: OrderLineView) -> Line {
    let product = Product { kind: "vendor".to_owned(), value: line.product };
    let wanted = line.requested_on.map(|day| DateOf {
        kind: "requested_delivery".to_owned(),
        date: day.to_string(),
    });
    let price = line.answer.as_ref().and_then(|it| it.unit_price.as_ref()?.parse().ok());
    let price = price.map(|amount| Amount { kind: "unit_price".to_owned(), amount });
    let answer = line.answer.map(|it| {
        let status = match it.decision {
            Decision::Accept => "accepted",
            Decision::Change => "changed",
            Decision::Reject => "rejected",
        };
        Confirmation {
            status: status.to_owned(),
            quantity: it.quantity.as_deref().and_then(super::decimal),
            unit: None,
            date_kind: it.requested_on.map(|_| "promised".to_owned()),
            date: it.requested_on.map(|day| day.to_string()),
        }
    });
    Line {
        number: line.line,
        quantity: super::decimal(&line.quantity),
        unit: line.unit,
        price: line.unit_price.parse().ok(),
        products: Some(product).filter(|it| !it.value.is_empty()).into_iter().collect(),
        description: line.description.filter(|it| !it.is_empty()),
        dates: wanted.into_iter().collect(),
        amounts: price.into_iter().collect(),
        confirmations: answer.into_iter().collect(),
        ..Line::default()
    }
}
