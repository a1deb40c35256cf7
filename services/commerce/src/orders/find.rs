//! Finding the order that a seller's paper is about.

use gate::Scope;
use kernel::{Fault, Id, Order, Organisation};
use store::{Conn, statements};

use super::{LineAnswer, OrderLineView, OrderView, decimal};

statements! {
    /// Orders of a number that an organisation sells: to a buyer on the hub, or to one that is known
    /// by one of two names; two tell that it is ambiguous.
    SOLD_TO unscoped "seller_id is the organisation" = "
        select id from trade_order
        where seller_id = $1 and seller_key is null and number = $2
          and (buyer_id = $3 or buyer_key in ($4, $5))
        order by id
        limit 2";

    /// Orders of a number that an organisation buys of a seller that is not on the hub, and is known
    /// by one of two names.
    BOUGHT_OF unscoped "buyer_id is the organisation" = "
        select id from trade_order
        where seller_id = $1 and buyer_id = $1 and number = $2 and seller_key in ($3, $4)
        order by id
        limit 2";
}

/// The order that a seller's paper is about.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'s> {
    /// The buyer's number for it.
    pub number: &'s str,
    /// The buyer, if it is on the hub.
    pub buyer: Option<Id<Organisation>>,
    /// By what names the other side may be known.
    pub names: [&'s str; 2],
}

/// The order that an organisation sells, by its number and its buyer. None, if there is none, or
/// more than one.
///
/// # Errors
/// If the database fails.
pub async fn find_sold(
    conn: &mut Conn,
    scope: Scope,
    sought: Sought<'_>,
) -> Result<Option<Id<Order>>, Fault> {
    let Sought { number, buyer, names } = sought;
    let query = conn.run(SOLD_TO).bind(scope.organisation()).bind(number).bind(buyer);
    let found: Vec<(Id<Order>,)> = query.bind(names[0]).bind(names[1]).all().await?;
    Ok(if let [(only,)] = *found { Some(only) } else { None })
}

/// The order that an organisation buys of a seller that is not on the hub, by its number and the
/// seller's names. None, if there is none, or more than one.
///
/// # Errors
/// If the database fails.
pub async fn find_bought(
    conn: &mut Conn,
    scope: Scope,
    sought: Sought<'_>,
) -> Result<Option<Id<Order>>, Fault> {
    let Sought { number, names, .. } = sought;
    let query = conn.run(BOUGHT_OF).bind(scope.organisation()).bind(number);
    let found: Vec<(Id<Order>,)> = query.bind(names[0]).bind(names[1]).all().await?;
    Ok(if let [(only,)] = *found { Some(only) } else { None })
}

/// Whether an order was answered with these very words about its lines.
pub fn is_answered_so(order: &OrderView, answers: &[LineAnswer]) -> bool {
    let same = |line: &OrderLineView| {
        let given = answers.iter().find(|it| it.line == line.line);
        let number = |text: &Option<String>| text.as_deref().and_then(decimal);
        given.zip(line.answer.as_ref()).is_some_and(|(given, kept)| {
            (given.decision, given.requested_on) == (kept.decision, kept.requested_on)
                && given.quantity == number(&kept.quantity)
                && given.unit_price == number(&kept.unit_price)
        })
    };
    answers.len() == order.lines.len() && order.lines.iter().all(same)
}
