//! The buyer's answers to a quote. Accepting one makes an order of it.

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Quote};
use store::Tx;

use super::{
    AnswerQuotes, QuoteWish, Refusal, lines, moves, orders_number,
    row::{RevisionRow, Row},
    rules::{QuoteState, Side, Step},
    sql, tell, view,
};
use crate::{
    orders::{self, Incoming, IncomingLine, ReceiveOrders},
    rfqs,
};

/// What a buyer says to what it was offered.
#[derive(Clone, Debug)]
pub enum QuoteAnswer {
    /// Yes, under this number of the buyer's own for the order; else the quote's.
    Accept {
        /// The order's number.
        order_number: Option<String>,
    },
    /// No.
    Reject,
    /// Otherwise.
    Counter {
        /// How, line by line.
        wishes: Vec<QuoteWish>,
    },
}

/// Answers a quote as its buyer. The answer binds to the hash of the document; the same
/// acceptance twice is one. Gives the order, if this made one; one to a seller that is not on the hub
/// is still to be sent, and noted ([`orders::note`]).
///
/// # Errors
/// [`Refusal::NoStep`] for another hash, another side, a quote that does not wait or waits no
/// more; [`Refusal::Stale`]; [`Refusal::Order`], if the order that it makes was refused.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerQuotes>,
    (quote, revision, sha256): (Id<Quote>, i64, String),
    answer: QuoteAnswer,
    note: Option<String>,
    at: Moment,
) -> Result<Option<Id<kernel::Order>>, Refusal> {
    let scope = permit.scope();
    let organisation = scope.organisation();
    let row = sql::one(tx, organisation, quote).await?.ok_or(Refusal::NotFound)?;
    let again = matches!(answer, QuoteAnswer::Accept { .. })
        && row.state == QuoteState::Accepted
        && row.side(organisation) == Side::Buyer
        && row.sha256.as_ref() == Some(&sha256);
    if again {
        return Ok(None);
    }
    if row.is_elsewhere() && matches!(answer, QuoteAnswer::Counter { .. }) {
        return Err(Refusal::NoWishes);
    }
    let note = said(note)?;
    let words = sql::revisions(tx, organisation, quote).await?;
    let words = words.into_iter().find(|it| it.rev == row.offer_rev);
    let words = words.ok_or(Refusal::NotFound)?;
    let (step, wishes) = match &answer {
        QuoteAnswer::Accept { .. } => (Step::Accept { sha256 }, Vec::new()),
        QuoteAnswer::Reject => (Step::Reject { sha256 }, Vec::new()),
        QuoteAnswer::Counter { wishes } => {
            lines::check_wishes(wishes, view::lines(&words)?.len())?;
            if wishes.is_empty() && note.is_none() {
                let why = "say what you wish: of a line, or in words".to_owned();
                return Err(Refusal::Field("wishes", why));
            }
            (Step::Counter { sha256 }, wishes.clone())
        }
    };
    // What the step says of the hash and the clock comes before an old revision does.
    row.stand()?.step(row.side(organisation), step.clone(), at)?;
    let row = moves::take(tx, scope, quote, revision).await?;
    tell::may_write(tx, organisation, &row).await?;
    tell::still_shared(tx, &row).await?;
    let moved = moves::shift(tx, scope, &row, step, at).await?;
    let wishes = serde_json::to_string(&wishes);
    let wishes = wishes.map_err(Fault::new("keeping the wishes of a buyer"))?;
    let of = (quote, row.offer_rev);
    sql::became(tx, of, moved.state, (note, wishes), at).await?;
    tell::card(tx, Some(scope), &moved, at).await?;
    let order = match answer {
        QuoteAnswer::Accept { order_number } => {
            Some(order(tx, scope, &moved, &words, order_number, at).await?)
        }
        QuoteAnswer::Reject | QuoteAnswer::Counter { .. } => None,
    };
    tell::notice(tx, &moved, Side::Seller, at).await?;
    entries(tx, scope, &moved, order, at).await?;
    Ok(order)
}

/// The words of an answer.
fn said(note: Option<String>) -> Result<Option<String>, Refusal> {
    let note = note.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let odd = |it: &String| {
        it.chars().count() > 500 || it.contains(|c: char| c.is_control() && c != '\n')
    };
    if note.as_ref().is_some_and(odd) {
        let why = "say it in at most 500 characters".to_owned();
        return Err(Refusal::Field("note", why));
    }
    Ok(note)
}

/// The permit to take an order in for the seller that offered it.
#[expect(
    clippy::disallowed_methods,
    reason = "the seller offered it, and its buyer has accepted: nobody else is asked"
)]
fn receives(row: &Row) -> Permit<ReceiveOrders> {
    Permit::for_system(row.seller_id)
}

/// The order that a quote becomes: received by its seller, in the quote's deal.
async fn order(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    words: &RevisionRow,
    number: Option<String>,
    at: Moment,
) -> Result<Id<kernel::Order>, Refusal> {
    let number = match number {
        Some(number) => orders_number("order_number", &number)?,
        None => orders_number("order_number", &row.number)?,
    };
    let offered = view::lines(words)?;
    let doing = "making an order of a quote";
    let line = |(place, line): (usize, lines::QuoteLine)| {
        let worth = line.worth(words.currency);
        let worth = worth.ok_or_else(|| Fault::broken(doing, "a line has no price"))?;
        let product = line.product.trim().to_owned();
        let ids = Some(("vendor".to_owned(), product.clone()));
        Ok::<_, Fault>(IncomingLine {
            assigned: place.to_string(),
            quantity: worth.quantity,
            unit: line.unit,
            unit_price: worth.each,
            product_ids: ids.filter(|_| !product.is_empty()).into_iter().collect(),
            product,
            description: line.description.trim().to_owned(),
            requested_on: line.deliver_on,
        })
    };
    let lines = (1..).zip(offered).map(line).collect::<Result<Vec<_>, _>>()?;
    if row.is_elsewhere() {
        return elsewhere(tx, scope, row, (number, words.currency, lines), at).await;
    }
    let incoming = Incoming {
        buyer: Some(scope.organisation()),
        buyer_key: scope.organisation().to_string(),
        buyer_name: row.buyer_name.clone(),
        number,
        ordered_on: at.day(),
        currency: words.currency,
        lines,
        quote: Some(row.number.clone()),
    };
    let permit = receives(row);
    let received = match orders::receive(tx, &permit, &incoming, at).await? {
        orders::Received::New(order) => order,
        orders::Received::Known(_) => {
            return Err(orders::Refusal::NumberTaken(incoming.number).into());
        }
    };
    let Some(space) = row.space_id else { return Ok(received) };
    // The seller may have left the deal's room meanwhile; the order is its all the same.
    match orders::place(tx, permit.scope(), received, space, at).await {
        Ok(()) | Err(orders::Refusal::NotFound | orders::Refusal::ReadOnlyDeal) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(received)
}

/// The order to a seller that is not on the hub, kept by its buyer.
async fn elsewhere(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    (number, currency, lines): (String, kernel::Currency, Vec<IncomingLine>),
    at: Moment,
) -> Result<Id<kernel::Order>, Refusal> {
    let gone = || Fault::broken("ordering what was offered", "its request is gone");
    let asked = match row.rfq_id {
        Some(rfq) => rfqs::seller_elsewhere(tx, scope, rfq).await?,
        None => None,
    };
    let asked = asked.ok_or_else(gone)?;
    let new = orders::NewOrder {
        seller_name: row.seller_name.clone(),
        seller_key: row.seller_key.clone(),
        buyer_name: row.buyer_name.clone(),
        buyer_key: asked.buyer_key,
        number,
        ordered_on: at.day(),
        currency,
        lines,
        quote: Some((row.id, row.number.clone())),
    };
    Ok(orders::write_in(tx, scope, new, at).await?)
}

/// The logs of both sides, in the order in which all who write to several take them.
async fn entries(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    order: Option<Id<kernel::Order>>,
    at: Moment,
) -> Result<(), Refusal> {
    let action = match row.state {
        QuoteState::Accepted => "quote.accept",
        QuoteState::Rejected => "quote.reject",
        QuoteState::Draft
        | QuoteState::Priced
        | QuoteState::ApprovedInternal
        | QuoteState::Sent
        | QuoteState::Countered
        | QuoteState::Expired
        | QuoteState::Withdrawn => "quote.counter",
    };
    let mut chains = [row.seller_id, scope.organisation()];
    chains.sort_unstable();
    let chains = if chains[0] == chains[1] { &chains[..1] } else { &chains[..] };
    for &organisation in chains {
        let own = organisation == scope.organisation();
        let by = (organisation, scope.actor().filter(|_| own));
        tell::entry(tx, by, row, action, at).await?;
        if let Some(order) = order.filter(|_| !own) {
            orders::announce(tx, &receives(row), order, at).await?;
        }
    }
    Ok(())
}
