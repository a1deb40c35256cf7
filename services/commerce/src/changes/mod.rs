//! Changes of orders: what a buyer wants otherwise, and what the seller agrees to, line by line.
//!
//! `asked → accepted | accepted_in_part | rejected`. A buyer on the hub asks in the browser
//! ([`ask`]); a change by EDI comes in once ([`receive`]). To call an order off is a change that
//! deletes all its lines. The seller agrees to a line, refuses it, or agrees otherwise than asked: a
//! counter-offer ([`LineOffer`]). What the seller agrees to ([`answer`]) makes the order's lines and total
//! anew; what they were stays beside the change, for both sides alike. Nothing is changed once some
//! of the order is under way. What the answer to the order itself has otherwise is the buyer's to take or
//! refuse ([`settle`]). `rules.rs` is pure; the paper of the answer is `exchange`'s business.

mod access;
mod http;
mod refusal;
mod rules;
mod settle;
mod sql;
mod tell;
mod view;

use gate::{Action, Permit};
use kernel::{Fault, Id, Moment, Order};
use store::{Conn, Tx};

pub use access::ChangeOrders;
pub use http::routes;
pub use refusal::Refusal;
pub use rules::{
    ChangeError, ChangeKind, ChangeLine, ChangeState, LineOffer, LineSettled,
    LineVerdict, OrderedLine,
};
pub use settle::{Settlement, Taken, settle, settled};
pub use sql::ALL as STATEMENTS;
pub use tell::{announce, announce_answer, announce_settlement};
pub use view::ChangeView;

use tell::{entry, show, tell_seller};

use crate::{
    orders::{self, AnswerOrders, OrderState, OrderView, ReceiveOrders},
    quotes,
};

/// What a buyer wants otherwise.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The buyer's number for the change, or nothing.
    pub number: String,
    /// Whether the order is to be called off; then no lines are named.
    pub whole: bool,
    /// What is to become of the lines.
    pub lines: Vec<ChangeLine>,
    /// In words; at most 2,000 characters.
    pub note: String,
}

/// A seller's answer to a change.
#[derive(Clone, Debug)]
pub struct ChangeAnswer {
    /// The order's revision that the seller read.
    pub revision: i64,
    /// Words to the buyer.
    pub note: Option<String>,
    /// Each line of the change, and whether it is agreed to, and how.
    pub lines: Vec<LineVerdict>,
}

/// A change that was answered.
#[derive(Clone, Debug)]
pub struct AnsweredChange {
    /// Its lines, with the answers.
    pub lines: Vec<ChangeLine>,
    /// Where the answers led it.
    pub state: ChangeState,
    /// The buyer's number for the change, or nothing.
    pub number: String,
    /// The order as it is now.
    pub order: OrderView,
    /// The lines that the order had before.
    pub before: Vec<OrderedLine>,
}

/// Asks for a change, as the buyer.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotTheBuyer`], [`Refusal::Stale`], [`Refusal::Change`].
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<ChangeOrders>,
    (order, revision): (Id<Order>, i64),
    wanted: Wanted,
    at: Moment,
) -> Result<i64, Refusal> {
    let scope = permit.scope();
    let view = read_order(tx, permit, order).await?;
    if view.summary.buyer.id != Some(scope.organisation()) {
        return Err(Refusal::NotTheBuyer);
    }
    if view.summary.revision != revision {
        return Err(Refusal::Stale(view.summary.revision));
    }
    let (ordinal, _) = keep(tx, &view, wanted, at).await?;
    show(tx, scope, (&view, ordinal), (ChangeState::Asked, view.summary.state), at)
        .await?;
    tell_seller(tx, &view, at).await?;
    entry(tx, scope, &view, "order.change", at).await?;
    Ok(ordinal)
}

/// Takes in a change that came by EDI from a buyer of this name, once. One that says nothing but
/// what the seller offered is the buyer's yes or no to that, and is done at once. People are told by
/// [`announce`], which stands apart: it takes the locks that come last.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that was never received; [`Refusal::Change`];
/// [`Refusal::NumberTaken`].
pub async fn receive(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    (buyer_key, number): (&str, &str),
    wanted: impl FnOnce(&OrderView) -> Result<Wanted, ChangeError>,
    at: Moment,
) -> Result<Taken, Refusal> {
    let seller = permit.scope().organisation();
    let found = sql::by_number(tx, seller, buyer_key, number).await?;
    let (order,) = found.ok_or(Refusal::NotFound)?;
    let view = read_order(tx, permit, order).await?;
    let wanted = wanted(&view)?;
    if let Some(taken) = settle::receive(tx, permit, &view, &wanted, at).await? {
        return Ok(taken);
    }
    let (ordinal, new) = keep(tx, &view, wanted, at).await?;
    if new {
        let of = (&view, ordinal);
        let state = (ChangeState::Asked, view.summary.state);
        show(tx, permit.scope(), of, state, at).await?;
    }
    Ok(Taken { order, ordinal, new, settled: None })
}

/// Keeps a change; gives its place, and whether it is new.
async fn keep(
    tx: &mut Tx,
    view: &OrderView,
    wanted: Wanted,
    at: Moment,
) -> Result<(i64, bool), Refusal> {
    let (order, ordered) = (view.summary.id, ordered(view));
    let asked = if wanted.whole { all_deleted(&ordered) } else { wanted.lines };
    let number = wanted.number.trim().to_owned();
    if number.chars().count() > 45 || number.contains(char::is_control) {
        let why = "a change has a number of at most 45 letters and digits".to_owned();
        return Err(Refusal::Field("number", why));
    }
    let note = quotes::long_words("note", &wanted.note);
    let note = note.map_err(|why| Refusal::Field("note", why.to_string()))?;
    let known = sql::all_of(tx, view.summary.keeper, order).await?;
    let lines = rules::read(&ordered, asked);
    let text = lines.as_ref().ok().map(written).transpose()?;
    for row in &known {
        let same = text.as_ref() == Some(&row.lines) && row.note == note;
        if same && row.number == number && row.state == ChangeState::Asked {
            return Ok((row.ordinal, false));
        }
        if !number.is_empty() && row.number == number {
            return Err(Refusal::NumberTaken(number));
        }
    }
    let left = lines?.iter().any(|it| it.kind != ChangeKind::Deleted)
        || !wanted.whole && text.is_some();
    rules::leads_to(view.summary.state, left)?;
    let text = text.unwrap_or_default();
    // First, so that nothing is kept of a change that is refused.
    if !sql::touch(tx, (order, view.summary.revision), at).await? {
        return Err(Refusal::Stale(view.summary.revision + 1));
    }
    let kept =
        sql::insert(tx, order, (&number, wanted.whole), (&text, &note), at).await?;
    let ordinal = kept.ok_or(Refusal::NumberTaken(number))?;
    Ok((ordinal, true))
}

fn all_deleted(ordered: &[OrderedLine]) -> Vec<ChangeLine> {
    let gone = ordered.iter().map(|line| ChangeLine {
        line: line.line.clone(),
        kind: ChangeKind::Deleted,
        product: String::new(),
        description: String::new(),
        unit: String::new(),
        quantity: None,
        unit_price: None,
        requested_on: None,
        accepted: None,
        offered: None,
    });
    gone.collect()
}

fn written(lines: &Vec<ChangeLine>) -> Result<String, Fault> {
    serde_json::to_string(lines).map_err(Fault::new("keeping the lines of a change"))
}

/// The lines of an order as they stand: with what the seller changed when it answered.
fn ordered(view: &OrderView) -> Vec<OrderedLine> {
    let lines = view.lines.iter().map(|line| {
        let answer = line.answer.as_ref();
        let agreed = |own: fn(&orders::LineAnswerView) -> &Option<String>,
                      was: &String| {
            answer.and_then(|it| own(it).clone()).unwrap_or_else(|| was.clone())
        };
        OrderedLine {
            line: line.line.clone(),
            product: line.product.clone(),
            description: line.description.clone().unwrap_or_default(),
            unit: line.unit.clone(),
            quantity: agreed(|it| &it.quantity, &line.quantity),
            unit_price: agreed(|it| &it.unit_price, &line.unit_price),
            requested_on: answer.and_then(|it| it.requested_on).or(line.requested_on),
        }
    });
    lines.collect()
}

/// Answers a change line by line, once, as the seller. What is agreed to is done.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotTheSeller`], [`Refusal::Answered`], [`Refusal::Stale`],
/// [`Refusal::Change`].
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerOrders>,
    (order, ordinal): (Id<Order>, i64),
    given: ChangeAnswer,
    at: Moment,
) -> Result<AnsweredChange, Refusal> {
    let scope = permit.scope();
    let seller = scope.organisation();
    let view = read_order(tx, permit, order).await?;
    let rows = sql::all_of(tx, seller, order).await?;
    let row = rows.into_iter().find(|it| it.ordinal == ordinal);
    let row = row.ok_or(Refusal::NotFound)?;
    if view.summary.keeper != seller {
        return Err(Refusal::NotTheSeller);
    }
    if row.state != ChangeState::Asked {
        return Err(Refusal::Answered);
    }
    if view.summary.revision != given.revision {
        return Err(Refusal::Stale(view.summary.revision));
    }
    let (state, lines) = rules::answer(lines_of(&row.lines)?, given.lines)?;
    let before = ordered(&view);
    let next = if state == ChangeState::Rejected {
        let same = (view.summary.state, view.summary.total_minor);
        if !sql::shift(tx, (seller, order, given.revision), same, at).await? {
            return Err(Refusal::Stale(view.summary.revision + 1));
        }
        view.summary.state
    } else {
        agree(tx, (&view, ordinal), &before, &lines, at).await?
    };
    let told = (state, written(&lines)?, given.note);
    if !sql::answer(tx, (order, ordinal), (told.0, &told.1, told.2), at).await? {
        return Err(Refusal::Answered);
    }
    show(tx, scope, (&view, ordinal), (state, next), at).await?;
    let order = read_order(tx, permit, order).await?;
    Ok(AnsweredChange { lines, state, number: row.number, order, before })
}

/// Makes the order's lines and total anew; gives where it stands then.
async fn agree(
    tx: &mut Tx,
    (view, ordinal): (&OrderView, i64),
    before: &[OrderedLine],
    change: &[ChangeLine],
    at: Moment,
) -> Result<OrderState, Refusal> {
    let summary = &view.summary;
    let mut after = rules::apply(before, change, summary.currency)?;
    // What the seller rejected is worth nothing, unless it is taken up again.
    after.retain(|(line, _)| {
        let own = view.lines.iter().find(|it| it.line == line.line);
        let rejected = own.and_then(orders::OrderLineView::decision);
        rejected != Some(orders::Decision::Reject)
            || change.iter().any(|it| it.line == line.line && it.accepted == Some(true))
    });
    let next = rules::leads_to(summary.state, !after.is_empty())?;
    let doing = "keeping what an order was";
    let was = serde_json::to_string(before).map_err(Fault::new(doing))?;
    let key = (summary.id, ordinal);
    sql::remember(tx, key, (&was, summary.total_minor, summary.state), at).await?;
    // An order that was called off keeps its lines: what was called off stays to be read.
    let mut total = Some(0_i64);
    if next == OrderState::Cancelled {
        total = Some(summary.total_minor);
    } else {
        let agreed = summary.state != OrderState::Received;
        for (line, amount) in &after {
            total = total.and_then(|sum| sum.checked_add(*amount));
            match change.iter().find(|it| it.line == line.line) {
                Some(it) if it.accepted != Some(true) => {}
                Some(it) if it.kind == ChangeKind::Added => {
                    let answer = agreed.then_some("accept");
                    sql::add_line(tx, summary.id, (line, *amount), answer).await?;
                }
                Some(_) => sql::change_line(tx, summary.id, (line, *amount)).await?,
                None => {}
            }
        }
        for gone in change {
            if gone.kind == ChangeKind::Deleted && gone.accepted == Some(true) {
                sql::delete_line(tx, summary.id, &gone.line).await?;
            }
        }
    }
    let why =
        || ChangeError::Line("1".to_owned(), "the order is worth too much".to_owned());
    let total = total.ok_or_else(why)?;
    let key = (summary.keeper, summary.id, summary.revision);
    if sql::shift(tx, key, (next, total), at).await? {
        Ok(next)
    } else {
        Err(Refusal::Stale(summary.revision + 1))
    }
}

fn lines_of(text: &str) -> Result<Vec<ChangeLine>, Fault> {
    serde_json::from_str(text).map_err(Fault::new("reading the lines of a change"))
}

fn lines_before(row: &sql::Row) -> Result<Option<Vec<OrderedLine>>, Fault> {
    let before = row.before.as_deref().map(serde_json::from_str).transpose();
    before.map_err(Fault::new("reading what an order was"))
}

async fn read_order<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<OrderView, Refusal> {
    match orders::read(conn, permit, order).await {
        Err(orders::Refusal::NotFound) => Err(Refusal::NotFound),
        read => Ok(read?),
    }
}

/// The last change of an order that its buyer asked for and that is not answered yet: its place, its
/// lines, and the lines of the order as they stand.
///
/// # Errors
/// [`Refusal::NotFound`], also where there is none.
pub async fn asked<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<(i64, Vec<ChangeLine>, Vec<OrderedLine>), Refusal> {
    let view = read_order(conn, permit, order).await?;
    let rows = sql::all_of(conn, permit.scope().organisation(), order).await?;
    let last = rows.into_iter().rfind(|it| it.state == ChangeState::Asked);
    let last = last.ok_or(Refusal::NotFound)?;
    Ok((last.ordinal, lines_of(&last.lines)?, ordered(&view)))
}

/// The changes of an order that one's organisation sells or buys, oldest first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn list<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    order: Id<Order>,
) -> Result<Vec<ChangeView>, Refusal> {
    read_order(conn, permit, order).await?;
    let rows = sql::all_of(conn, permit.scope().organisation(), order).await?;
    let view = |row: sql::Row| {
        let before = lines_before(&row)?;
        Ok(ChangeView {
            rev: row.ordinal,
            number: row.number,
            state: row.state,
            cancels: row.whole != 0,
            settles: row.settles != 0,
            lines: lines_of(&row.lines)?,
            note: row.note,
            answer_note: row.answer_note,
            before,
            before_minor: row.before_minor,
            at: row.at,
            answered_at: row.answered_at,
        })
    };
    rows.into_iter().map(view).collect()
}
