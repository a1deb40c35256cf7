//! The paper of a request for quote: an 840 or a REQOTE out of the canonical document. Pure.

use commerce::{quotes::QuoteLine, rfqs::RfqView};
use kernel::Day;
use rust_decimal::Decimal;
use trade::{DateOf, Document, Kind, Line, Note, Party, Product};

/// The request as a document. A price in it is what the buyer hopes for.
pub(super) fn document(rfq: &RfqView, today: Day) -> Document {
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let date =
        |kind: &str, day: Day| DateOf { kind: kind.to_owned(), date: day.to_string() };
    let notes = rfq.note.lines().filter_map(filled);
    Document {
        kind: Kind::RequestForQuote,
        number: rfq.number.clone(),
        date: Some(today.to_string()),
        purpose: "original".to_owned(),
        dates: rfq.answer_by.map(|day| date("expiry", day)).into_iter().collect(),
        parties: vec![party("buyer", &rfq.buyer.name), party("seller", &rfq.seller.name)],
        notes: notes.map(|text| Note { text, ..Note::default() }).collect(),
        lines: (1..).zip(&rfq.lines).map(|(at, it)| line(at, it)).collect(),
        ..Document::default()
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|it| !it.is_empty())
}

fn line(at: usize, line: &QuoteLine) -> Line {
    let product =
        filled(&line.product).map(|value| Product { kind: "vendor".to_owned(), value });
    let wanted = line.deliver_on.map(|day| DateOf {
        kind: "requested_delivery".to_owned(),
        date: day.to_string(),
    });
    Line {
        number: at.to_string(),
        quantity: line.quantity.parse().ok(),
        unit: line.unit.clone(),
        price: line.unit_price.as_deref().and_then(|it| it.parse().ok()),
        price_per: (line.unit_price.is_some() && line.price_per != 1)
            .then(|| Decimal::from(line.price_per)),
        products: product.into_iter().collect(),
        description: filled(&line.description),
        dates: wanted.into_iter().collect(),
        ..Line::default()
    }
}
