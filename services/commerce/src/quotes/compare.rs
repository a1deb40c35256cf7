//! Where an order says something else than the quote that it names, line by line.

use gate::{Action, Permit};
use kernel::Fault;
use rust_decimal::Decimal;
use serde::Serialize;
use store::Conn;
use trade::{DateOf, Document, Kind, Line, Product, Said, What};
use utoipa::ToSchema;

use super::{paper, sql, view};
use crate::orders::{self, OrderView};

/// About what an order and its quote disagree.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisagreementKind {
    /// The currency.
    Currency,
    /// The total, beside what the lines account for.
    Total,
    /// A line of the quote is not ordered.
    LineMissing,
    /// A line of the order was not offered.
    LineExtra,
    /// Another product.
    Product,
    /// How much.
    Quantity,
    /// Of what unit.
    Unit,
    /// At what price.
    Price,
    /// On what day.
    Date,
}

/// Something in which an order and its quote disagree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct Disagreement {
    /// About what.
    pub what: DisagreementKind,
    /// The line, as the order names it; for a line that was not ordered as the quote does;
    /// none where it is about the whole.
    pub line: Option<String>,
    /// What the quote says.
    pub offered: Option<String>,
    /// What the order says.
    pub ordered: Option<String>,
}

/// In what an order and the quote that it names disagree: nothing, if they agree; none, if it
/// names no quote that the reader knows.
///
/// # Errors
/// If the database fails.
pub async fn disagreements<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: &OrderView,
) -> Result<Option<Vec<Disagreement>>, Fault> {
    let Some(quote) = order.summary.quote.as_ref().and_then(|it| it.id) else {
        return Ok(None);
    };
    let organisation = permit.scope().organisation();
    let Some(row) = sql::one(conn, organisation, quote).await? else { return Ok(None) };
    let revisions = sql::revisions(conn, organisation, quote).await?;
    let offer = revisions.into_iter().find(|it| it.rev == row.offer_rev);
    let Some(offer) = offer else { return Ok(None) };
    let head = paper::Head {
        number: &row.number,
        rev: offer.rev,
        day: offer.valid_until,
        seller: &row.seller_name,
        buyer: &row.buyer_name,
        asked: None,
        valid_until: offer.valid_until,
        currency: offer.currency,
        terms: "",
    };
    let lines = view::lines(&offer)?;
    let document = paper::document(head, &lines, offer.total_minor);
    Ok(document.map(|quote| compare(quote, order)))
}

fn compare(mut quote: Document, order: &OrderView) -> Vec<Disagreement> {
    // What the quote promises is what the order asks for.
    for date in quote.lines.iter_mut().flat_map(|line| &mut line.dates) {
        if date.kind == "promised" {
            "requested_delivery".clone_into(&mut date.kind);
        }
    }
    let ordered = Document {
        kind: Kind::Order,
        number: order.summary.number.clone(),
        currency: Some(order.summary.currency.to_string()),
        lines: order.lines.iter().map(line).collect(),
        ..Document::default()
    };
    quote.kind = Kind::Order;
    let comparison = trade::compare(&quote, &ordered);
    let told = comparison.differences.into_iter().filter_map(|it| {
        let ordered = it.second_line.and_then(|at| order.lines.get(at));
        Some(Disagreement {
            what: kind(it.what)?,
            line: ordered.map(|line| line.line.clone()).or(it.line),
            offered: it.expected.map(said),
            ordered: it.found.map(said),
        })
    });
    told.collect()
}

fn line(line: &orders::OrderLineView) -> Line {
    let product = Product { kind: "vendor".to_owned(), value: line.product.clone() };
    let wanted = line.requested_on.map(|day| DateOf {
        kind: "requested_delivery".to_owned(),
        date: day.to_string(),
    });
    Line {
        number: line.line.clone(),
        quantity: orders::decimal(&line.quantity),
        unit: line.unit.clone(),
        price: line.unit_price.parse().ok(),
        products: Some(product).filter(|it| !it.value.is_empty()).into_iter().collect(),
        dates: wanted.into_iter().collect(),
        ..Line::default()
    }
}

/// What a quote and an order may disagree about; the rest are matters of answers.
const fn kind(what: What) -> Option<DisagreementKind> {
    Some(match what {
        What::Currency => DisagreementKind::Currency,
        What::Total => DisagreementKind::Total,
        What::LineMissing => DisagreementKind::LineMissing,
        What::LineExtra => DisagreementKind::LineExtra,
        What::Product => DisagreementKind::Product,
        What::Quantity => DisagreementKind::Quantity,
        What::Unit => DisagreementKind::Unit,
        What::Price => DisagreementKind::Price,
        What::Date => DisagreementKind::Date,
        What::Refused | What::Charges | What::LineRefused => return None,
    })
}

fn said(said: Said) -> String {
    match said {
        Said::Quantity { quantity, unit } => format!("{} {unit}", quantity.normalize()),
        Said::Price { price, per, .. } if per == Decimal::ONE => {
            price.normalize().to_string()
        }
        Said::Price { price, per, .. } => {
            format!("{} / {}", price.normalize(), per.normalize())
        }
        Said::Money { amount } => amount.normalize().to_string(),
        Said::Date { date } => date,
        Said::Text { text } => text,
    }
}
