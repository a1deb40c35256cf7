//! What becomes of an order that was taken on: goods under way ([`crate::shipments`]), invoices
//! ([`crate::invoices`]), and its end.
//!
//! How far an order is follows from its papers, line by line (`rules.rs`), and is counted anew
//! whenever one is written, under the lock of the order (`take`, `advance`). Once all of it is
//! sent, invoiced and approved the order is closed; its seller may close it before, and says why.

mod access;
mod http;
mod refusal;
mod rules;
mod sql;
mod tell;
mod view;

use gate::{Action, Permit, Scope};
use kernel::{Fault, Id, Moment, Order, Organisation};
use rust_decimal::Decimal;
use store::{Conn, Files, Tx};
use trade::{Document, Line, Party, Product};

pub use access::{AnswerInvoices, WriteInvoices, WriteShipments};
pub(crate) use access::{does, receives};
pub use http::routes;
pub(crate) use http::served;
pub use refusal::Refusal;
pub(crate) use rules::agreed_price;
pub use rules::{Excess, InvoiceBasis, LineStand};
pub use sql::ALL as STATEMENTS;
pub(crate) use tell::{Told, entry, hint, hint_order, notice, say};
pub use view::{Fulfilment, FulfilmentMay, LineProgress};

use crate::{
    invoices,
    orders::{self, AnswerOrders, OrderState, OrderView},
    shipments,
};

/// An order with how far its lines are.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) order: OrderView,
    pub(crate) stands: Vec<LineStand>,
    /// Where it stood before anything was under way.
    agreed: OrderState,
    /// The deal that it stands in, whoever may see that.
    pub(crate) space: Option<Id<kernel::Space>>,
    closed_reason: Option<String>,
    shipments: Vec<shipments::Row>,
    invoices: Vec<invoices::Row>,
}

impl Course {
    /// Its invoices and what takes them back or credits them, oldest first.
    pub(crate) fn invoices(&self) -> &[invoices::Row] {
        &self.invoices
    }
}

/// Reads an order that one's organisation sells or buys, with how far it is.
pub(crate) async fn course<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<Course, Refusal> {
    let organisation = permit.scope().organisation();
    let view = orders::read(conn, permit, order).await?;
    let beside = sql::beside(conn, organisation, order).await?;
    let beside = beside.ok_or(Refusal::NotFound)?;
    let shipments = shipments::rows(conn, organisation, order).await?;
    let invoices = invoices::rows(conn, organisation, order).await?;
    let doing = "counting what became of an order";
    let mut stands = Vec::with_capacity(view.lines.len());
    for line in &view.lines {
        let confirmed = rules::confirmed(beside.state, line);
        stands.push(LineStand {
            line: line.line.clone(),
            ordered: line.quantity.parse().map_err(Fault::new(doing))?,
            confirmed: confirmed
                .ok_or_else(|| Fault::broken(doing, "a quantity is no number"))?,
            ..LineStand::default()
        });
    }
    for row in &shipments {
        for part in shipments::parts(row)? {
            add(&mut stands, &part.line, &part.quantity, |it| &mut it.shipped)?;
        }
    }
    for row in invoices.iter().filter(|it| it.counts()) {
        for line in invoices::content(row)?.lines {
            add(&mut stands, &line.line, &line.quantity, |it| &mut it.invoiced)?;
        }
    }
    for row in invoices.iter().filter(|it| it.credits()) {
        for line in invoices::content(row)?.lines {
            add(&mut stands, &line.line, &line.quantity, |it| &mut it.credited)?;
        }
    }
    Ok(Course {
        agreed: beside.agreed.unwrap_or(beside.state),
        order: view,
        stands,
        space: beside.space_id,
        closed_reason: beside.closed_reason,
        shipments,
        invoices,
    })
}

fn add(
    stands: &mut [LineStand],
    line: &str,
    quantity: &str,
    of: fn(&mut LineStand) -> &mut Decimal,
) -> Result<(), Fault> {
    let doing = "adding up what became of a line";
    let more: Decimal = quantity.parse().map_err(Fault::new(doing))?;
    // A line that a change has taken out of the order is counted no more.
    if let Some(stand) = stands.iter_mut().find(|it| it.line == line) {
        let sum = of(stand).checked_add(more);
        *of(stand) = sum.ok_or_else(|| Fault::broken(doing, "it cannot be counted"))?;
    }
    Ok(())
}

/// Reads an order under its lock, to go on with it. The seller goes on at the revision that it
/// read.
pub(crate) async fn take<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    order: Id<Order>,
    revision: i64,
) -> Result<Course, Refusal> {
    let organisation = permit.scope().organisation();
    sql::lock(tx, organisation, order).await?;
    let course = course(tx, permit, order).await?;
    let summary = &course.order.summary;
    if summary.keeper != organisation {
        return Err(Refusal::NotTheSeller);
    }
    if summary.revision != revision {
        return Err(Refusal::Stale(summary.revision));
    }
    if !summary.state.is_open() {
        let why = match summary.state {
            OrderState::Received => "answer it first",
            OrderState::Rejected | OrderState::Cancelled => "nothing of it is to be sent",
            OrderState::Closed => "nothing more happens to it",
            OrderState::Accepted
            | OrderState::AcceptedWithChange
            | OrderState::Changed
            | OrderState::PartShipped
            | OrderState::Shipped
            | OrderState::Invoiced => "it is open",
        };
        return Err(Refusal::NotNow { state: summary.state, why });
    }
    Ok(course)
}

/// Whether one may send goods and write invoices in the seller's name: a seller that is not on the
/// hub speaks by its own papers alone.
pub(crate) fn speaks(scope: Scope, order: &orders::OrderSummary) -> Result<(), Refusal> {
    let by_hand = scope.actor().is_some();
    if by_hand && order.seller_key.is_some() {
        Err(Refusal::NotTheSeller)
    } else {
        Ok(())
    }
}

/// Takes the lock of an order, for its seller or its buyer.
pub(crate) async fn lock(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<(), Fault> {
    sql::lock(tx, organisation, order).await
}

/// Moves an order on to where its papers lead it, under its lock; what it stands at now.
pub(crate) async fn advance<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    order: Id<Order>,
    at: Moment,
) -> Result<Course, Refusal> {
    let mut course = course(tx, permit, order).await?;
    let now = course.order.summary.state;
    let mut next = rules::stand(course.agreed, &course.stands);
    let counted = course.invoices.iter().filter(|it| it.counts());
    let approved = counted.clone().all(invoices::Row::is_approved);
    if rules::is_done(next, &course.stands, approved) {
        next = OrderState::Closed;
    }
    if now != next && !now.may_become(next) {
        let why = "its papers lead it where it cannot go; nothing was written";
        return Err(Refusal::NotNow { state: now, why });
    }
    shift(tx, permit.scope(), &mut course, (next, None), at).await?;
    Ok(course)
}

async fn shift(
    tx: &mut Tx,
    scope: Scope,
    course: &mut Course,
    to: (OrderState, Option<&str>),
    at: Moment,
) -> Result<(), Refusal> {
    let summary = &mut course.order.summary;
    let key = (scope.organisation(), summary.id, summary.revision);
    if !sql::shift(tx, key, to, at).await? {
        return Err(Refusal::Stale(summary.revision + 1));
    }
    let moved = summary.state != to.0;
    (summary.state, summary.updated_at) = (to.0, at);
    summary.revision += 1;
    hint_order(tx, summary);
    if moved && to.0 == OrderState::Closed {
        tell::order_card(tx, scope, course, at).await?;
    }
    Ok(())
}

/// Closes an order by hand, as its seller: nothing more is to happen.
///
/// # Errors
/// [`Refusal::NotNow`], [`Refusal::Stale`]; [`Refusal::Field`] without a reason.
pub async fn close(
    tx: &mut Tx,
    permit: &Permit<AnswerOrders>,
    (order, revision): (Id<Order>, i64),
    reason: &str,
    at: Moment,
) -> Result<(), Refusal> {
    let reason = reason_of(reason)?;
    let mut course = take(tx, permit, order, revision).await?;
    let scope = permit.scope();
    shift(tx, scope, &mut course, (OrderState::Closed, Some(&reason)), at).await?;
    let of = ("order", order.to_string());
    Ok(entry(tx, scope, of, ("order.close", serde_json::json!({})), at).await?)
}

/// A reason, in words.
pub(crate) fn reason_of(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let odd = text.contains(|it: char| it.is_control() && it != '\n');
    if text.is_empty() || odd || text.chars().count() > 500 {
        let why = "say why, in at most 500 characters".to_owned();
        return Err(Refusal::Field("reason", why));
    }
    Ok(text.to_owned())
}

/// A number that the seller gives, or none.
pub(crate) fn number_of(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let fits = text.chars().count() <= 22
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./ ".contains(it));
    if fits {
        return Ok(Some(text.to_owned()));
    }
    let why = "a number has at most 22 letters, digits, `-`, `_`, `.`, `/` and spaces";
    Err(Refusal::Field("number", why.to_owned()))
}

/// Keeps the bytes of a document, held by both sides of its order; its SHA-256.
pub(crate) async fn keep(
    tx: &mut Tx,
    files: &Files,
    order: &OrderView,
    document: &Document,
    at: Moment,
) -> Result<String, Refusal> {
    let bytes = serde_json::to_vec(document);
    let bytes = bytes.map_err(Fault::new("writing a document that follows an order"))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sha256 = files.keep(bytes).await?.to_string();
    let (seller, buyer) = (order.summary.keeper, order.summary.buyer.id);
    for organisation in [Some(seller), buyer].into_iter().flatten() {
        sql::hold(tx, organisation, (&sha256, size), at).await?;
    }
    Ok(sha256)
}

/// An order as a document: the one that it came as, with the lines that it has now; else what is
/// known of it here.
pub(crate) fn base(order: &OrderView, came: Option<&Document>) -> Document {
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let known = |place: usize| came.and_then(|it| it.lines.get(place)).cloned();
    let line = |(place, own): (usize, &orders::OrderLineView)| {
        let product = Some(own.product.clone()).filter(|it| !it.is_empty());
        let product = product.map(|value| Product { kind: "vendor".to_owned(), value });
        let same = known(place).filter(|it| {
            product.as_ref().is_none_or(|own| {
                it.products.iter().any(|product| product.value.trim() == own.value)
            })
        });
        same.unwrap_or_else(|| Line {
            unit: own.unit.clone(),
            products: product.into_iter().collect(),
            description: own.description.clone(),
            ..Line::default()
        })
    };
    let summary = &order.summary;
    let mut parties = came.map(|it| it.parties.clone()).unwrap_or_default();
    // Many orders by EDI name their buyer alone; what follows must say who sends it.
    let sides: [(&[&str], &str); 2] = [
        (&["seller", "supplier", "vendor"], &summary.seller.name),
        (&["buyer"], &summary.buyer.name),
    ];
    for (roles, name) in sides {
        if !parties.iter().any(|it| roles.contains(&it.role.as_str())) {
            parties.extend(roles.first().map(|role| party(role, name)));
        }
    }
    Document {
        number: summary.number.clone(),
        currency: Some(summary.currency.to_string()),
        parties,
        lines: order.lines.iter().enumerate().map(line).collect(),
        ..Document::default()
    }
}

/// How far an order is that one's organisation sells or buys, with its papers.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn overview<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<Fulfilment, Refusal> {
    let course = course(conn, permit, order).await?;
    let caller = permit.caller();
    view::overview(course, permit.scope().organisation(), caller.as_ref())
}
