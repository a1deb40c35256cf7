//! Taking or refusing a seller's counter-offer: what its answer to an order has otherwise. It is a
//! change that both sides agree to as it is made, so it waits for nobody and is kept beside the
//! others; what is refused is ordered no more.

use gate::Permit;
use kernel::{Id, Moment, Order};
use store::{Conn, Tx};

use super::{
    AnsweredChange, ChangeError, ChangeLine, ChangeOrders, ChangeState, LineOffer,
    LineSettled, OrderedLine, Refusal, Wanted, agree, lines_of, ordered, read_order,
    rules::{self, Countered},
    sql, tell, written,
};
use crate::orders::{self, AnswerOrders, OrderLineView, OrderView, ReceiveOrders};

/// What a buyer says of a counter-offer.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The order's revision that the buyer read.
    pub revision: i64,
    /// What becomes of which lines; the others stay offered.
    pub lines: Vec<LineSettled>,
    /// In words, at most 264 characters; needed where something is refused.
    pub note: String,
}

/// A change that came by EDI.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The order.
    pub order: Id<Order>,
    /// The place of the change.
    pub ordinal: i64,
    /// Whether it is news.
    pub new: bool,
    /// Where it took or refused a counter-offer, and was done at once: what the buyer is to be told.
    pub settled: Option<AnsweredChange>,
}

/// Takes or refuses what is offered otherwise, as the buyer; gives its place among the changes.
/// The seller's people are told by [`super::announce_settlement`].
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotTheBuyer`], [`Refusal::Stale`], [`Refusal::Change`];
/// [`Refusal::Field`] where a refusal has no reason.
pub async fn settle(
    tx: &mut Tx,
    permit: &Permit<ChangeOrders>,
    order: Id<Order>,
    settlement: Settlement,
    at: Moment,
) -> Result<(i64, AnsweredChange), Refusal> {
    let scope = permit.scope();
    let view = read_order(tx, permit, order).await?;
    if view.summary.buyer.id != Some(scope.organisation()) {
        return Err(Refusal::NotTheBuyer);
    }
    if view.summary.revision != settlement.revision {
        return Err(Refusal::Stale(view.summary.revision));
    }
    let note = orders::note_of(&settlement.note);
    let note = note.map_err(|why| Refusal::Field("note", why))?;
    if note.is_empty() && settlement.lines.iter().any(|it| !it.take) {
        let why = "say why it is refused: the seller reads it".to_owned();
        return Err(Refusal::Field("note", why));
    }
    let (ordinal, lines, before) =
        done(tx, &view, ("", &note), &settlement.lines, at).await?;
    let after = read_order(tx, permit, order).await?;
    let state = lines.0;
    tell::show_settled(tx, scope, (&after, ordinal), state, at).await?;
    let (lines, number, order) = (lines.1, String::new(), after);
    Ok((ordinal, AnsweredChange { lines, state, number, order, before }))
}

type Done = (i64, (ChangeState, Vec<ChangeLine>), Vec<OrderedLine>);

/// Keeps it as a change that is agreed to, and makes the order anew.
pub(super) async fn done(
    tx: &mut Tx,
    view: &OrderView,
    (number, note): (&str, &str),
    said: &[LineSettled],
    at: Moment,
) -> Result<Done, Refusal> {
    let summary = &view.summary;
    if !summary.state.is_agreed() {
        return Err(ChangeError::TooLate(summary.state).into());
    }
    let (state, lines) = rules::settle(&countered(view), said)?;
    let text = written(&lines)?;
    let kept = sql::insert(tx, summary.id, (number, false), (&text, note), at).await?;
    let ordinal = kept.ok_or_else(|| Refusal::NumberTaken(number.to_owned()))?;
    // What it was before is what was ordered, where that is settled now.
    let mut before = ordered(view);
    for line in &mut before {
        if let Some(own) = view.lines.iter().find(|it| it.line == line.line)
            && said.iter().any(|it| it.line == line.line)
        {
            *line = as_ordered(own);
        }
    }
    agree(tx, (view, ordinal), &before, &lines, at).await?;
    sql::settle(tx, (summary.id, ordinal), state, at).await?;
    Ok((ordinal, (state, lines), before))
}

/// Takes a change that came by EDI as the buyer's yes or no to what is offered, if it says nothing
/// else; none, if it is to be asked for as any other.
pub(super) async fn receive(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    view: &OrderView,
    wanted: &Wanted,
    at: Moment,
) -> Result<Option<Taken>, Refusal> {
    let (order, seller) = (view.summary.id, permit.scope().organisation());
    let known = sql::all_of(tx, seller, order).await?;
    let number = wanted.number.trim();
    let same = |it: &&sql::Row| it.settles != 0 && it.number == number;
    if let Some(row) = known.iter().rfind(same).filter(|_| !wanted.whole) {
        // The very paper once more finds that all of it is so already.
        let lines = lines_of(&row.lines)?;
        let gone = |it: &ChangeLine| !view.lines.iter().any(|own| own.line == it.line);
        let again = wanted.lines.iter().all(|it| {
            lines.iter().any(|was| was.line == it.line && was.kind == it.kind)
                && (gone(it) || rules::stands(&ordered(view), it))
        });
        if again && !wanted.lines.is_empty() {
            let ordinal = row.ordinal;
            return Ok(Some(Taken { order, ordinal, new: false, settled: None }));
        }
    }
    let offered = countered(view);
    if wanted.whole || offered.is_empty() {
        return Ok(None);
    }
    let Some(said) = rules::settles(&offered, &ordered(view), &wanted.lines) else {
        return Ok(None);
    };
    if number.chars().count() > 45 || number.contains(char::is_control) {
        return Ok(None);
    }
    let note: String = wanted.note.replace('\n', " ").chars().take(2_000).collect();
    let (ordinal, (state, lines), before) =
        done(tx, view, (number, &note), &said, at).await?;
    let after = read_order(tx, permit, order).await?;
    tell::show_settled(tx, permit.scope(), (&after, ordinal), state, at).await?;
    // The paper that answers says that all of it is so.
    let (state, number) = (ChangeState::Accepted, number.to_owned());
    let settled = Some(AnsweredChange { lines, state, number, order: after, before });
    Ok(Some(Taken { order, ordinal, new: true, settled }))
}

/// What is offered otherwise than it was ordered.
pub(super) fn countered(view: &OrderView) -> Vec<Countered> {
    let lines = view.counter.iter().flat_map(|counter| &counter.lines);
    let lines = lines.filter_map(|it| view.lines.iter().find(|own| own.line == it.line));
    let offered = lines.filter_map(|line| {
        let answer = line.answer.as_ref()?;
        let offer = LineOffer {
            quantity: answer.quantity.clone(),
            unit_price: answer.unit_price.clone(),
            requested_on: answer.requested_on,
        };
        Some(Countered { ordered: as_ordered(line), offer })
    });
    offered.collect()
}

fn as_ordered(line: &OrderLineView) -> OrderedLine {
    OrderedLine {
        line: line.line.clone(),
        product: line.product.clone(),
        description: line.description.clone().unwrap_or_default(),
        unit: line.unit.clone(),
        quantity: line.quantity.clone(),
        unit_price: line.unit_price.clone(),
        requested_on: line.requested_on,
    }
}

/// The last settlement of an order, if no change came after it: its lines, and those that the order
/// had before. A seller's word about it finds nothing to do.
///
/// # Errors
/// If the database fails.
pub async fn settled(
    conn: &mut Conn,
    permit: &Permit<AnswerOrders>,
    order: Id<Order>,
) -> Result<Option<(Vec<ChangeLine>, Vec<OrderedLine>)>, Refusal> {
    let rows = sql::all_of(conn, permit.scope().organisation(), order).await?;
    let Some(last) = rows.last().filter(|it| it.settles != 0) else { return Ok(None) };
    let lines = lines_of(&last.lines)?;
    Ok(Some((lines, super::lines_before(last)?.unwrap_or_default())))
}
