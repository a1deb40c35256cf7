//! Invoices: what a seller asks to be paid for an order, and what its buyer says to that.
//!
//! One is written once ([`write()`]) from what was sent and not invoiced yet, or from what was
//! confirmed, and never changes: it is a document of `trade` (`paper.rs`), kept under its SHA-256,
//! held by both sides. It bears the next number of its seller and year, without a gap, unless the
//! seller gives one. Sums are exact, each rounded once to the smallest coin (`sums.rs`). Its buyer
//! sees where it says something else than the order and the dispatch advices (`compare.rs`),
//! approves it or disputes it; a wrong one is taken back by a document of its own (`answers.rs`).

mod answers;
mod compare;
mod credits;
mod form;
mod http;
mod known;
mod numbers;
mod paper;
mod rules;
mod sql;
mod sums;
mod view;

use gate::{Page, PageAsk, Permit, Problem, Scope};
use kernel::{Fault, Id, Invoice, Moment, Order, Organisation};
use serde_json::json;
use store::{Conn, Files, Tx};
use trade::Document;

pub use answers::{InvoiceAnswer, answer, cancel};
pub use compare::{InvoiceDisagreement, InvoiceDisagreementKind};
pub use credits::{
    CreditAmount, CreditLeft, CreditLine, LineLeft, NewCredit, RateLeft, credit,
};
pub use http::routes;
pub use known::{known, known_credit, numbered};
pub use rules::{
    ChargeDirection, ChargeService, InvoiceCharge, InvoiceKind, InvoiceLine,
    InvoiceState, InvoiceTax, NewInvoice, NewInvoiceLine, TaxKind, Untaxed,
};
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::Row;
pub use view::{InvoiceMay, InvoiceRef, InvoiceSummary, InvoiceView};
pub(crate) use view::{content, summary};

use crate::{
    fulfilment::{self, AnswerInvoices, Course, Refusal, Told, WriteInvoices, does},
    orders::{self, ReadOrders},
    quotes::Side,
    shipments::Written,
};

/// Writes an invoice for an order, as its seller. `came` is the document by which the order came,
/// if it came by EDI: its parties and products are named as the buyer named them.
///
/// # Errors
/// [`Refusal::NotNow`] for an order that was not taken on, or is closed; [`Refusal::Field`] for
/// more than is to be invoiced and what else makes no sense; [`Refusal::Stale`],
/// [`Refusal::NumberTaken`].
pub async fn write(
    tx: &mut Tx,
    files: &Files,
    permit: &Permit<WriteInvoices>,
    (order, new): (Id<Order>, &NewInvoice),
    came: Option<&Document>,
    at: Moment,
) -> Result<Written<Id<Invoice>>, Refusal> {
    let scope = permit.scope();
    let course = fulfilment::take(tx, permit, order, new.revision).await?;
    fulfilment::speaks(scope, &course.order.summary)?;
    let base = fulfilment::base(&course.order, came);
    let (content, sums) = form::read(new, &course, &base)?;
    let given = fulfilment::number_of(new.number.as_deref())?;
    let summary = &course.order.summary;
    let number = match given {
        Some(number) => number,
        None => numbers::next(tx, summary.keeper, new.issued_on).await?,
    };
    let head = paper::Head {
        number: &number,
        issued_on: new.issued_on,
        due_on: new.due_on,
        order: (&summary.number, summary.ordered_on),
        currency: summary.currency,
        takes: None,
    };
    let document = written(head, &base, (&content, &course), sums)?;
    let sha256 = fulfilment::keep(tx, files, &course.order, &document, at).await?;
    let told = serde_json::to_string(&content);
    let row = Row {
        id: Id::mint(),
        kind: InvoiceKind::Invoice,
        number,
        state: InvoiceState::Sent,
        order_id: order,
        order_number: summary.number.clone(),
        seller_id: summary.keeper,
        seller_name: summary.seller.name.clone(),
        seller_key: summary.seller_key.clone(),
        buyer_id: summary.buyer.id,
        buyer_name: summary.buyer.name.clone(),
        issued_on: new.issued_on,
        due_on: new.due_on,
        currency: summary.currency,
        net_minor: sums.net,
        tax_minor: sums.tax,
        total_minor: sums.total,
        content: told.map_err(Fault::new("keeping what an invoice says"))?,
        sha256,
        cancels_id: None,
        cancels_number: None,
        cancelled_by: None,
        credits_id: None,
        credits_number: None,
        credited_minor: 0,
        reason: None,
        revision: 1,
        created_at: at,
        updated_at: at,
    };
    if !sql::insert(tx, &row).await? {
        return Err(Refusal::NumberTaken(row.number));
    }
    let course = fulfilment::advance(tx, permit, order, at).await?;
    fulfilment::say(tx, scope, course.space, answers::card(&row, &course), at).await?;
    let sides = [Some(row.seller_id), row.buyer_id];
    fulfilment::hint(tx, sides, ("invoice", row.id.to_string()), 1);
    Ok(Written { id: row.id, document, space: course.space, buyer: row.buyer_id })
}

/// The document, which adds up to the sums.
fn written(
    head: paper::Head<'_>,
    base: &Document,
    (content, course): (&rules::Content, &Course),
    sums: sums::Sums,
) -> Result<Document, Fault> {
    let doing = "writing the document of an invoice";
    let place = |line: &InvoiceLine| {
        course.order.lines.iter().position(|it| it.line == line.line)
    };
    let places: Option<Vec<_>> = content.lines.iter().map(place).collect();
    let places = places.ok_or_else(|| Fault::broken(doing, "a line is gone"))?;
    let document = paper::document(head, base, (content, &places), sums);
    document.ok_or_else(|| Fault::broken(doing, "it does not add up"))
}

/// Tells the buyer's people of an invoice, or of one that was taken back, and the log. It stands
/// apart since it takes the locks that come last.
///
/// # Errors
/// If the database fails.
pub async fn announce(
    tx: &mut Tx,
    permit: &Permit<WriteInvoices>,
    invoice: Id<Invoice>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = sql::one(tx, scope.organisation(), invoice).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let of = |number: &Option<String>| number.clone().unwrap_or_default();
    let (kind, number, action) = match row.kind {
        InvoiceKind::Cancellation => {
            ("invoice_cancelled", of(&row.cancels_number), "invoice.cancel")
        }
        InvoiceKind::CreditNote => {
            ("invoice_credited", of(&row.credits_number), "invoice.credit")
        }
        InvoiceKind::Invoice => ("invoice_received", row.number.clone(), "invoice.write"),
    };
    let told = Told {
        kind,
        params: json!({ "number": number, "seller": row.seller_name }),
        subject: ("invoice", row.id.to_string()),
        who: does::<AnswerInvoices>,
    };
    fulfilment::notice(tx, row.buyer_id, told, at).await?;
    let of = ("invoice", row.id.to_string());
    let detail =
        json!({ "number": row.number, "order": row.order_id, "sha256": row.sha256 });
    Ok(fulfilment::entry(tx, scope, of, (action, detail), at).await?)
}

/// The order of an invoice that one's organisation wrote or was sent.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn order_of(
    conn: &mut Conn,
    scope: Scope,
    invoice: Id<Invoice>,
) -> Result<Id<Order>, Refusal> {
    let row = sql::one(conn, scope.organisation(), invoice).await?;
    row.map(|it| it.order_id).ok_or(Refusal::NotFound)
}

/// The invoices of an order.
pub(crate) async fn rows(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<Row>, Fault> {
    sql::of_order(conn, organisation, order).await
}

/// An invoice that one's organisation wrote or was sent.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: gate::Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    invoice: Id<Invoice>,
) -> Result<InvoiceView, Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(conn, organisation, invoice).await?.ok_or(Refusal::NotFound)?;
    let course = fulfilment::course(conn, permit, row.order_id).await?;
    let told = content(&row)?;
    let sums =
        sums::Sums { net: row.net_minor, tax: row.tax_minor, total: row.total_minor };
    let of = (&course.order, course.stands.as_slice());
    let disagreements =
        if row.counts() { compare::compare(&told, sums, of) } else { Vec::new() };
    let caller = permit.caller();
    let state = course.order.summary.state;
    let left = credits::left(&row, &told, course.invoices())?;
    let may = view::may(&row, (state, &left), organisation, caller.as_ref());
    let credit_notes = view::credit_notes(&row, course.invoices());
    let left = row.counts().then(|| left.view());
    let reason = row.reason.clone();
    let rules::Content { terms, note, lines, charges, taxes, tax_kind, untaxed, .. } =
        told;
    Ok(InvoiceView {
        summary: summary(row),
        lines,
        charges,
        taxes,
        tax_kind,
        untaxed,
        terms,
        note,
        reason,
        disagreements,
        credit_notes,
        left,
        may,
    })
}

/// The document of an invoice, byte for byte, with its hash.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn document(
    conn: &mut Conn,
    files: &Files,
    permit: &Permit<ReadOrders>,
    invoice: Id<Invoice>,
) -> Result<(String, Vec<u8>), Refusal> {
    let sha256 = sha256(conn, permit.scope(), invoice).await?;
    let bytes = files.read(sha256.parse()?).await?;
    Ok((sha256, bytes))
}

/// The hash of the document of an invoice.
async fn sha256(
    conn: &mut Conn,
    scope: Scope,
    invoice: Id<Invoice>,
) -> Result<String, Refusal> {
    let row = sql::one(conn, scope.organisation(), invoice).await?;
    row.map(|it| it.sha256).ok_or(Refusal::NotFound)
}

/// Which invoices a list is of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Those that stand so.
    pub state: Option<InvoiceState>,
    /// Those that one's organisation sells, or buys.
    pub side: Option<Side>,
}

/// A page of the invoices that one's organisation wrote or was sent, newest first.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: Filter,
    ask: &PageAsk,
) -> Result<Page<InvoiceSummary>, Problem> {
    let start = (Moment::from_micros(i64::MAX), orders::last());
    let after: Option<(i64, Id<Invoice>)> = ask.after()?;
    let before = after.map_or(start, |(at, id)| (Moment::from_micros(at), id));
    let limit = ask.limit();
    let Filter { state, side } = filter;
    let wanted = sql::Wanted { before, limit: limit + 1, state, side };
    let rows = sql::list(conn, scope.organisation(), wanted).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.micros(), row.id));
    Ok(page.map(summary))
}
