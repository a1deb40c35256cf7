//! Orders: what a buyer asks a seller for, in lines, and what the seller answers.
//!
//! An order belongs to its seller and, if the buyer is on the hub, to its buyer too. It comes
//! in once ([`receive`]), is answered once ([`answer`]), and may stand in a deal ([`place`]):
//! then its card is in the deal's room, for all who take part there. It may name the quote that
//! it came of. The numbers are in `rules.rs`; `room.rs` leads to deals; documents are the business of `exchange`.

mod access;
mod buying;
mod counter;
mod find;
mod http;
mod refusal;
mod room;
mod rules;
mod sheet;
mod sql;
mod state;
mod tell;
mod view;

use gate::{Action, Page, PageAsk, Permit, Problem, Scope};
use kernel::{Currency, Day, Fault, Id, Moment, Order, Organisation, Space};
use rust_decimal::Decimal;
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};

use crate::quotes;

pub use access::{AnswerOrders, ReadOrders, ReceiveOrders, WriteOrders};
pub(crate) use buying::write_in;
pub use buying::{NewOrder, note, write};
pub use counter::{CounterLine, CounterOffer};
pub use find::{
    ALL as FINDING_STATEMENTS, Sought, find_bought, find_sold, is_answered_so,
};
pub use http::routes;
pub use refusal::Refusal;
pub use room::{Clues, find_deal, tell_paper};
pub(crate) use room::{change_card, tell_in_stead, tell_order};
pub(crate) use rules::note_of;
pub use rules::{Decision, LineAnswer, RuleError, amount, decimal};
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::last;
pub use state::OrderState;
pub use tell::{announce, announce_answer};
pub use view::{
    BuyerRef, LineAnswerView, OrderDeal, OrderLineView, OrderQuote, OrderSummary,
    OrderView, SellerRef,
};

/// An order on its way in. The seller is who receives it.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The buyer, if it is on the hub and the order is known to be its own.
    pub buyer: Option<Id<Organisation>>,
    /// By what the buyer is known, such as `ZZ:ACME`: numbers are unique under it.
    pub buyer_key: String,
    /// The buyer's name.
    pub buyer_name: String,
    /// The buyer's number for it.
    pub number: String,
    /// The day that the buyer wrote on it.
    pub ordered_on: Day,
    /// In what its prices are.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<IncomingLine>,
    /// The number of the quote that it names.
    pub quote: Option<String>,
}

/// A line of an order on its way in.
#[derive(Clone, Debug)]
pub struct IncomingLine {
    /// The buyer's name for the line, or nothing.
    pub assigned: String,
    /// How much.
    pub quantity: Decimal,
    /// Of what unit.
    pub unit: String,
    /// At what price a unit.
    pub unit_price: Decimal,
    /// What, by the first of its numbers.
    pub product: String,
    /// What, by all its numbers: pairs of qualifier and number.
    pub product_ids: Vec<(String, String)>,
    /// What, in words.
    pub description: String,
    /// By what day it is wanted.
    pub requested_on: Option<Day>,
}

/// What came of receiving.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Received {
    /// A new order.
    New(Id<Order>),
    /// The very order that was received before.
    Known(Id<Order>),
}

impl Received {
    /// The order.
    pub const fn order(self) -> Id<Order> {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// An answer to an order.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The revision that was answered.
    pub revision: i64,
    /// Words to the buyer.
    pub note: Option<String>,
    /// The lines.
    pub lines: Vec<LineAnswer>,
}

/// What came of answering.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Where it led the order.
    pub state: OrderState,
    /// The answers, in the order of the lines.
    pub lines: Vec<LineAnswer>,
    /// The deal that the order stands in.
    pub space: Option<Id<Space>>,
    /// The buyer, if it is on the hub.
    pub buyer: Option<Id<Organisation>>,
}

/// Receives an order for the seller of the permit. The same order twice is received once.
///
/// People are told by [`announce`], which stands apart: it takes the locks that come last.
///
/// # Errors
/// [`Refusal::NumberTaken`] for another order under the same number; [`Refusal::Rule`] for
/// one that is worth more than can be counted.
pub async fn receive(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    incoming: &Incoming,
    at: Moment,
) -> Result<Received, Refusal> {
    let (id, seller) = (Id::mint(), permit.scope().organisation());
    let lines = rows(incoming)?;
    let total = rules::total(lines.iter().map(|line| line.amount_minor));
    let quote = match &incoming.quote {
        Some(number) => quotes::named(tx, seller, number, incoming.buyer).await?,
        None => None,
    };
    let new = sql::NewRow {
        id,
        seller,
        buyer: incoming.buyer,
        buyer_name: &incoming.buyer_name,
        buyer_key: &incoming.buyer_key,
        number: &incoming.number,
        ordered_on: incoming.ordered_on,
        currency: incoming.currency,
        total_minor: total.ok_or(RuleError::TooMuch)?,
        quote: (quote, incoming.quote.as_deref()),
        elsewhere: None,
    };
    if sql::insert(tx, &new, at).await? {
        for (ordinal, line) in (1..).zip(&lines) {
            sql::insert_line(tx, id, ordinal, line).await?;
        }
        return Ok(Received::New(id));
    }
    let known = sql::by_number(tx, seller, new.buyer_key, new.number).await?;
    let kept = sql::lines(tx, seller, known.id).await?.into_iter().map(unanswered);
    let same = (known.ordered_on, known.currency, known.total_minor)
        == (new.ordered_on, new.currency, new.total_minor)
        && kept.eq(lines);
    if !same {
        return Err(Refusal::NumberTaken(incoming.number.clone()));
    }
    if let (None, Some(buyer)) = (known.buyer_id, incoming.buyer) {
        sql::set_buyer(tx, seller, known.id, buyer).await?;
    }
    Ok(Received::Known(known.id))
}

fn rows(incoming: &Incoming) -> Result<Vec<sql::LineRow>, RuleError> {
    if incoming.lines.is_empty() {
        return Err(RuleError::Empty);
    }
    let assigned: Vec<_> = incoming.lines.iter().map(|it| it.assigned.as_str()).collect();
    let named = rules::line_names(&assigned).into_iter().zip(&incoming.lines);
    named
        .map(|(assigned_id, line)| {
            let amount = amount(line.quantity, line.unit_price, incoming.currency);
            Ok(sql::LineRow {
                assigned_id,
                quantity: line.quantity.to_string(),
                unit: line.unit.clone(),
                unit_price: line.unit_price.to_string(),
                amount_minor: amount.ok_or(RuleError::TooMuch)?,
                product: line.product.clone(),
                product_ids: json!(line.product_ids).to_string(),
                description: line.description.clone(),
                requested_on: line.requested_on,
                answer: None,
                answer_quantity: None,
                answer_unit_price: None,
                answer_requested_on: None,
            })
        })
        .collect()
}

fn unanswered(line: sql::LineRow) -> sql::LineRow {
    sql::LineRow {
        answer: None,
        answer_quantity: None,
        answer_unit_price: None,
        answer_requested_on: None,
        ..line
    }
}

/// The buyer of an order turns out to be on the hub: from now on it sees the order too.
///
/// # Errors
/// If the database fails.
pub async fn adopt(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    order: Id<Order>,
    buyer: Id<Organisation>,
) -> Result<(), Fault> {
    sql::set_buyer(tx, permit.scope().organisation(), order, buyer).await
}

/// Puts an order into a deal that its seller takes part in: its card goes into the deal's
/// room. Where it stands there already, nothing happens.
///
/// # Errors
/// [`Refusal::NotFound`] for an order or a deal that is not the seller's to know of;
/// [`Refusal::PlacedElsewhere`], if it stands in another deal.
pub async fn place(
    tx: &mut Tx,
    scope: Scope,
    order: Id<Order>,
    space: Id<Space>,
    at: Moment,
) -> Result<(), Refusal> {
    let row = sold(tx, scope, order).await?;
    room::may_place(tx, scope, space).await?;
    if !sql::place(tx, row.seller_id, order, space, at).await? {
        let row = sold(tx, scope, order).await?;
        let here = row.space_id == Some(space);
        return if here { Ok(()) } else { Err(Refusal::PlacedElsewhere) };
    }
    room::card(tx, scope, &row, space, at).await?;
    tell::hint(tx, &sql::Row { revision: row.revision + 1, ..row.clone() });
    if let Some(person) = scope.actor() {
        let of = ("order", order.to_string());
        let detail = json!({ "deal": space });
        let seller = row.seller_id;
        audit::write(tx, seller, Some(person), "order.place", of, detail, at).await?;
    }
    Ok(())
}

/// Answers an order, line by line, once.
///
/// # Errors
/// [`Refusal::Answered`], [`Refusal::Stale`], or [`Refusal::Rule`] where an answer makes no
/// sense.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerOrders>,
    order: Id<Order>,
    answer: Answer,
    at: Moment,
) -> Result<Answered, Refusal> {
    let scope = permit.scope();
    let row = sold(tx, scope, order).await?;
    if row.revision != answer.revision {
        return Err(Refusal::Stale(row.revision));
    }
    if row.state != OrderState::Received {
        return Err(Refusal::Answered(row.state));
    }
    let kept = sql::lines(tx, row.seller_id, order).await?;
    let names: Vec<_> = kept.into_iter().map(|line| line.assigned_id).collect();
    let (state, lines) = rules::decide(&names, answer.lines)?;
    let key = (row.seller_id, order, row.revision);
    if !sql::answer(tx, key, state, answer.note.as_deref(), at).await? {
        return Err(Refusal::Stale(row.revision + 1));
    }
    for (ordinal, line) in (1..).zip(&lines) {
        sql::answer_line(tx, order, ordinal, line).await?;
    }
    let row = sql::Row { state, revision: row.revision + 1, ..row };
    tell::hint(tx, &row);
    if let Some(space) = row.space_id
        && room::may_place(tx, scope, space).await.is_ok()
    {
        room::card(tx, scope, &row, space, at).await?;
    }
    let (space, buyer) = (row.space_id, row.buyer_id);
    Ok(Answered { state, lines, space, buyer })
}

/// An order that the scope's organisation sells.
async fn sold(
    conn: &mut Conn,
    scope: Scope,
    order: Id<Order>,
) -> Result<sql::Row, Refusal> {
    let row = sql::one(conn, scope.organisation(), order).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let seller = row.seller_id == scope.organisation();
    if seller { Ok(row) } else { Err(Refusal::NotTheSeller) }
}

/// An order that one's organisation sells or buys, with its lines.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<OrderView, Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(conn, organisation, order).await?.ok_or(Refusal::NotFound)?;
    let lines = sql::lines(conn, organisation, order).await?;
    let may = permit.caller().is_some_and(|caller| tell::answers(caller.role));
    let can_answer =
        may && row.seller_id == organisation && row.state == OrderState::Received;
    let lines: Vec<_> = lines.into_iter().map(OrderLineView::from).collect();
    let counter = counter::standing(row.state, row.currency, &lines);
    let note = row.note.clone();
    Ok(OrderView { summary: row.into(), lines, note, counter, can_answer })
}

/// A page of the orders that one's organisation sells or buys, newest first.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    ask: &PageAsk,
) -> Result<Page<OrderSummary>, Problem> {
    let start = (Moment::from_micros(i64::MAX), last());
    let after: Option<(i64, Id<Order>)> = ask.after()?;
    let before = after.map_or(start, |(at, id)| (Moment::from_micros(at), id));
    let limit = ask.limit();
    let rows = sql::list(conn, scope.organisation(), before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.micros(), row.id));
    Ok(page.map(OrderSummary::from))
}
