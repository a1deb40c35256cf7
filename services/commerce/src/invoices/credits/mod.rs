//! Credit notes: a part of an invoice given back, by a document of its own with the next number of
//! its seller.
//!
//! One credits quantities of lines at the price of the invoice, or amounts at its rates of tax,
//! and says why. It is counted under the lock of the order (`rules.rs`): no more is credited than
//! was invoiced less what was credited before, neither of a line, nor before tax at a rate, nor of
//! its tax; and once all is credited, to the cent, nothing is left. What is credited may not be
//! invoiced anew, and changes nothing in where the order stands, so a closed order is credited
//! too. An invoice of which a part was credited can be taken back no more.

mod rules;

use gate::Permit;
use kernel::{Currency, Fault, Id, Invoice, Moment};
use store::{Conn, Files, Tx};
use trade::Document;

pub(super) use rules::Left;
pub use rules::{CreditAmount, CreditLeft, CreditLine, LineLeft, NewCredit, RateLeft};

use super::{
    Row, answers, numbers, paper,
    rules::{Content, InvoiceKind, InvoiceState},
    sql, view,
};
use crate::{
    fulfilment::{self, Refusal, WriteInvoices},
    orders,
    shipments::Written,
};

/// What is left to be credited of an invoice, by the papers of its order.
pub(super) fn left(row: &Row, content: &Content, papers: &[Row]) -> Result<Left, Fault> {
    let credits = papers.iter().filter(|it| it.credits_id == Some(row.id));
    let credits = credits.map(view::content).collect::<Result<Vec<_>, _>>()?;
    let left = Left::of(content, &credits, row.currency);
    left.ok_or_else(|| {
        Fault::broken("counting what is left of an invoice", "it is too much")
    })
}

/// Credits a part of an invoice, as its seller.
///
/// # Errors
/// [`Refusal::NotTheSeller`]; [`Refusal::Settled`] for one that was taken back, or is none;
/// [`Refusal::Field`] for more than is left and without a reason; [`Refusal::Stale`],
/// [`Refusal::NumberTaken`].
pub async fn credit(
    tx: &mut Tx,
    files: &Files,
    permit: &Permit<WriteInvoices>,
    (invoice, new): (Id<Invoice>, &NewCredit),
    came: Option<&Document>,
    at: Moment,
) -> Result<Written<Id<Invoice>>, Refusal> {
    let scope = permit.scope();
    let row = answers::take(tx, scope, invoice).await?;
    if row.seller_id != scope.organisation() || row.seller_key.is_some() {
        return Err(Refusal::NotTheSeller);
    }
    if row.state == InvoiceState::Cancelled {
        let why = "there is nothing of it to be credited";
        return Err(Refusal::Settled(row.state.word(), why));
    }
    if row.revision != new.revision {
        return Err(Refusal::Stale(row.revision));
    }
    let course = fulfilment::course(tx, permit, row.order_id).await?;
    let base = fulfilment::base(&course.order, came);
    let reason = reason(&new.reason)?;
    let (content, sums) =
        read(tx, &row, (&NewCredit { reason, ..new.clone() }, &base), &course).await?;
    let number = match fulfilment::number_of(new.number.as_deref())? {
        Some(number) => number,
        None => numbers::next(tx, row.seller_id, new.issued_on).await?,
    };
    let head = paper::Head {
        number: &number,
        issued_on: new.issued_on,
        due_on: None,
        order: (&row.order_number, course.order.summary.ordered_on),
        currency: row.currency,
        takes: Some(paper::Takes::Part(&row.number)),
    };
    let document = super::written(head, &base, (&content, &course), sums)?;
    let sha256 = fulfilment::keep(tx, files, &course.order, &document, at).await?;
    let told = serde_json::to_string(&content);
    let credit = Row {
        id: Id::mint(),
        kind: InvoiceKind::CreditNote,
        number,
        state: InvoiceState::Sent,
        issued_on: new.issued_on,
        due_on: None,
        net_minor: sums.net,
        tax_minor: sums.tax,
        total_minor: sums.total,
        content: told.map_err(Fault::new("keeping what a credit note says"))?,
        sha256,
        cancels_id: None,
        cancels_number: None,
        cancelled_by: None,
        credits_id: Some(row.id),
        credits_number: Some(row.number.clone()),
        credited_minor: 0,
        reason: None,
        revision: 1,
        created_at: at,
        updated_at: at,
        ..row.clone()
    };
    if !sql::insert(tx, &credit).await? {
        return Err(Refusal::NumberTaken(credit.number));
    }
    let key = (scope.organisation(), row.id, row.revision);
    if !sql::shift(tx, key, (row.state, row.reason.as_deref()), at).await? {
        return Err(Refusal::Stale(row.revision + 1));
    }
    fulfilment::say(tx, scope, course.space, answers::card(&credit, &course), at).await?;
    let sides = [Some(row.seller_id), row.buyer_id];
    fulfilment::hint(tx, sides, ("invoice", row.id.to_string()), row.revision + 1);
    fulfilment::hint(tx, sides, ("invoice", credit.id.to_string()), 1);
    fulfilment::hint_order(tx, &course.order.summary);
    Ok(Written { id: credit.id, document, space: course.space, buyer: row.buyer_id })
}

fn reason(told: &str) -> Result<String, Refusal> {
    let reason = orders::note_of(told).map_err(|why| Refusal::Field("reason", why))?;
    if reason.is_empty() {
        return Err(Refusal::Field("reason", "say why it is credited".to_owned()));
    }
    Ok(reason)
}

/// Reads what the seller wrote against what is left of the invoice.
async fn read(
    conn: &mut Conn,
    row: &Row,
    (new, base): (&NewCredit, &Document),
    course: &fulfilment::Course,
) -> Result<(Content, super::sums::Sums), Refusal> {
    let papers = sql::of_order(conn, row.seller_id, row.order_id).await?;
    let invoice = view::content(row)?;
    let left = left(row, &invoice, &papers)?;
    let currency: Currency = row.currency;
    let net = |line: &super::InvoiceLine, quantity| {
        let place = course.order.lines.iter().position(|it| it.line == line.line)?;
        let price = line.unit_price.parse().ok()?;
        paper::net(base.lines.get(place)?, (quantity, price), currency)
    };
    rules::reckon(new, &invoice, &left, (currency, net))
}
