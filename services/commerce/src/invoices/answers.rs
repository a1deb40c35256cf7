//! What a buyer says to an invoice, and how a seller takes one back.

use gate::{Permit, Scope};
use kernel::{Day, Fault, Id, Invoice, Moment};
use serde_json::{Value, json};
use store::{Files, Tx};
use trade::Document;

use super::{
    Row, numbers, paper,
    rules::{InvoiceKind, InvoiceState},
    sql,
    sums::Sums,
    view,
};
use crate::{
    fulfilment::{
        self, AnswerInvoices, Course, Refusal, Told, WriteInvoices, does, reason_of,
    },
    orders,
    shipments::Written,
};

/// What a buyer says.
#[derive(Clone, Debug)]
pub enum InvoiceAnswer {
    /// It will be paid.
    Approve,
    /// Something is wrong with it, in words.
    Dispute(String),
}

/// Approves or disputes an invoice, as its buyer. If that was the last thing to wait for, its order
/// is closed.
///
/// # Errors
/// [`Refusal::NotTheBuyer`]; [`Refusal::Settled`] for one that was taken back, or takes one back;
/// [`Refusal::NotNow`], if its order is closed; [`Refusal::Stale`].
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerInvoices>,
    (invoice, revision): (Id<Invoice>, i64),
    said: InvoiceAnswer,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = take(tx, scope, invoice).await?;
    if row.buyer_id != Some(scope.organisation()) {
        return Err(Refusal::NotTheBuyer);
    }
    let (to, reason, action) = match said {
        InvoiceAnswer::Approve => (InvoiceState::Approved, None, "invoice.approve"),
        InvoiceAnswer::Dispute(why) => {
            (InvoiceState::Disputed, Some(reason_of(&why)?), "invoice.dispute")
        }
    };
    let order = orders::read(tx, permit, row.order_id).await?;
    if !order.summary.state.is_open() {
        let why = "its invoices are answered no more";
        return Err(Refusal::NotNow { state: order.summary.state, why });
    }
    let row = shift(tx, scope, &row, revision, (to, reason.as_deref()), at).await?;
    let course = fulfilment::advance(tx, permit, row.order_id, at).await?;
    if let Some(space) = course.space {
        // The deal is the seller's: its room hears of it, whether or not the buyer is there.
        let stead = (row.seller_id, space);
        orders::tell_in_stead(tx, scope, stead, card(&row, &course), at).await?;
    }
    let told = Told {
        kind: "invoice_answered",
        params: json!({ "number": row.number, "buyer": row.buyer_name, "state": to.word() }),
        subject: ("invoice", invoice.to_string()),
        who: does::<WriteInvoices>,
    };
    let seller = Some(row.seller_id).filter(|_| row.seller_key.is_none());
    fulfilment::notice(tx, seller, told, at).await?;
    let of = ("invoice", invoice.to_string());
    let detail = json!({ "number": row.number, "sha256": row.sha256 });
    Ok(fulfilment::entry(tx, scope, of, (action, detail), at).await?)
}

/// Reads an invoice under the lock of its order.
pub(super) async fn take(
    tx: &mut Tx,
    scope: Scope,
    invoice: Id<Invoice>,
) -> Result<Row, Refusal> {
    let organisation = scope.organisation();
    let row = sql::one(tx, organisation, invoice).await?.ok_or(Refusal::NotFound)?;
    fulfilment::lock(tx, organisation, row.order_id).await?;
    let row = sql::one(tx, organisation, invoice).await?.ok_or(Refusal::NotFound)?;
    let why =
        "what takes an invoice back, or credits it, is neither answered nor taken back";
    match row.kind {
        InvoiceKind::Invoice => Ok(row),
        InvoiceKind::Cancellation => Err(Refusal::Settled("cancellation", why)),
        InvoiceKind::CreditNote => Err(Refusal::Settled("credit note", why)),
    }
}

async fn shift(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    revision: i64,
    to: (InvoiceState, Option<&str>),
    at: Moment,
) -> Result<Row, Refusal> {
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    if !row.state.may_become(to.0) {
        let why = "it does not go there from where it stands";
        return Err(Refusal::Settled(row.state.word(), why));
    }
    let key = (scope.organisation(), row.id, revision);
    if !sql::shift(tx, key, to, at).await? {
        return Err(Refusal::Stale(revision + 1));
    }
    let sides = [Some(row.seller_id), row.buyer_id];
    fulfilment::hint(tx, sides, ("invoice", row.id.to_string()), revision + 1);
    let reason = to.1.map(str::to_owned);
    Ok(Row { state: to.0, reason, revision: revision + 1, ..row.clone() })
}

/// What the room is told.
pub(super) fn card(row: &Row, course: &Course) -> Value {
    json!({
        "order": row.order_id,
        "number": row.order_number,
        "invoice": { "id": row.id, "number": row.number, "kind": row.kind, "state": row.state },
        "amount_minor": row.total_minor,
        "currency": row.currency,
        "state": course.order.summary.state,
    })
}

/// Takes an invoice back, as its seller: by a document of its own, with a number of its own, that
/// says the same and is its cancellation. What it invoiced may be invoiced anew.
///
/// # Errors
/// [`Refusal::NotTheSeller`]; [`Refusal::Settled`] for one that was taken back, or takes one back,
/// and for one of which a part was credited; [`Refusal::NotNow`], if its order is closed;
/// [`Refusal::Stale`]; [`Refusal::Field`] without a reason.
pub async fn cancel(
    tx: &mut Tx,
    files: &Files,
    permit: &Permit<WriteInvoices>,
    (invoice, revision): (Id<Invoice>, i64),
    (issued_on, reason): (Day, &str),
    came: Option<&Document>,
    at: Moment,
) -> Result<Written<Id<Invoice>>, Refusal> {
    let scope = permit.scope();
    let reason = reason_of(reason)?;
    let row = take(tx, scope, invoice).await?;
    if row.seller_id != scope.organisation() || row.seller_key.is_some() {
        return Err(Refusal::NotTheSeller);
    }
    if row.credited_minor > 0 {
        let why = "a part of it was credited; credit what is left of it";
        return Err(Refusal::Settled(row.state.word(), why));
    }
    let order = orders::read(tx, permit, row.order_id).await?;
    let course =
        fulfilment::take(tx, permit, row.order_id, order.summary.revision).await?;
    let wrong =
        shift(tx, scope, &row, revision, (InvoiceState::Cancelled, Some(&reason)), at)
            .await?;
    let number = numbers::next(tx, row.seller_id, issued_on).await?;
    let content = view::content(&row)?;
    let head = paper::Head {
        number: &number,
        issued_on,
        due_on: None,
        order: (&row.order_number, course.order.summary.ordered_on),
        currency: row.currency,
        takes: Some(paper::Takes::All(&row.number)),
    };
    let sums = Sums { net: row.net_minor, tax: row.tax_minor, total: row.total_minor };
    let base = fulfilment::base(&course.order, came);
    let document = super::written(head, &base, (&content, &course), sums)?;
    let sha256 = fulfilment::keep(tx, files, &course.order, &document, at).await?;
    let new = Row {
        id: Id::mint(),
        kind: InvoiceKind::Cancellation,
        number,
        state: InvoiceState::Sent,
        issued_on,
        due_on: None,
        sha256,
        cancels_id: Some(row.id),
        revision: 1,
        created_at: at,
        updated_at: at,
        reason: None,
        ..wrong.clone()
    };
    if !sql::insert(tx, &new).await? {
        let doing = "taking an invoice back";
        return Err(Fault::broken(doing, "its new number is taken").into());
    }
    let course = fulfilment::advance(tx, permit, row.order_id, at).await?;
    fulfilment::say(tx, scope, course.space, card(&wrong, &course), at).await?;
    let (space, buyer) = (course.space, row.buyer_id);
    Ok(Written { id: new.id, document, space, buyer })
}
