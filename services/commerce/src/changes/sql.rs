//! `order_change`, and what of an order it changes. Every read binds the acting organisation as
//! seller or buyer of the order.

use kernel::{Day, Fault, Id, Moment, Order, Organisation};
use store::{Conn, Tx, statements};

use super::rules::{ChangeState, OrderedLine};
use crate::orders::OrderState;

statements! {
    /// The order of a number from a buyer.
    BY_NUMBER unscoped "seller_id is the organisation" = "
        select id from trade_order where seller_id = $1 and buyer_key = $2 and number = $3";

    /// Keeps a change as the next of its order.
    INSERT unscoped "of an order that was read in the same breath" = "
        insert into order_change (order_id, ordinal, number, state, whole, lines, note, at)
        values ($1, (select coalesce(max(ordinal), 0) + 1 from order_change where order_id = $1), $2, 'asked', $3, $4, $5, $6)
        on conflict do nothing
        returning ordinal";

    /// The changes of an order that an organisation sells or buys, oldest first.
    ALL_OF unscoped "seller_id or buyer_id is the organisation" = "
        select c.ordinal, c.number, c.state, c.whole, c.settles, c.lines, c.note, c.answer_note, c.at, c.answered_at,
               r.lines as before, r.total_minor as before_minor
        from order_change c
        join trade_order o on o.id = c.order_id
        left join order_revision r on r.order_id = c.order_id and r.ordinal = c.ordinal
        where o.id = $2 and (o.seller_id = $1 or o.buyer_id = $1)
        order by c.ordinal";

    /// Answers a change that still waits.
    ANSWER unscoped "of an order that was read in the same breath" = "
        update order_change set state = $3, lines = $4, answer_note = $5, answered_at = $6
        where order_id = $1 and ordinal = $2 and state = 'asked'";

    /// A change by which the buyer took or refused a counter-offer waits for nobody.
    SETTLE unscoped "of a change that was made in the same breath" = "
        update order_change set settles = 1, state = $3, answered_at = $4
        where order_id = $1 and ordinal = $2";

    /// What the order was.
    REMEMBER unscoped "of an order that was read in the same breath" = "
        insert into order_revision (order_id, ordinal, lines, total_minor, state, at)
        values ($1, $2, $3, $4, $5, $6)";

    /// What the order is now, if it still is at that revision.
    MOVE unscoped "seller_id is the organisation" = "
        update trade_order set state = $4, total_minor = $5, revision = revision + 1, updated_at = $6
        where seller_id = $1 and id = $2 and revision = $3";

    /// The order's revision counts what was asked too.
    TOUCH unscoped "of an order that was read in the same breath" = "
        update trade_order set revision = revision + 1, updated_at = $3
        where id = $1 and revision = $2";

    /// What a line is now. What was agreed about it before is over.
    CHANGE_LINE unscoped "of an order that was moved in the same breath" = "
        update trade_order_line
        set quantity = $3, unit_price = $4, amount_minor = $5, requested_on = $6,
            answer = case when answer is null then null else 'accept' end,
            answer_quantity = null, answer_unit_price = null, answer_requested_on = null
        where order_id = $1 and assigned_id = $2";

    /// A line is there no more.
    DELETE_LINE unscoped "of an order that was moved in the same breath" = "
        delete from trade_order_line where order_id = $1 and assigned_id = $2";

    /// A line is new.
    ADD_LINE unscoped "of an order that was moved in the same breath" = "
        insert into trade_order_line (order_id, line, assigned_id, quantity, unit, unit_price, amount_minor, product, product_ids, description, requested_on, answer)
        values ($1, (select coalesce(max(line), 0) + 1 from trade_order_line where order_id = $1), $2, $3, $4, $5, $6, $7, '[]', $8, $9, $10)";
}

/// A change, with what the order was before it was accepted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) ordinal: i64,
    pub(super) number: String,
    pub(super) state: ChangeState,
    pub(super) whole: i64,
    pub(super) settles: i64,
    pub(super) lines: String,
    pub(super) note: String,
    pub(super) answer_note: Option<String>,
    pub(super) at: Moment,
    pub(super) answered_at: Option<Moment>,
    pub(super) before: Option<String>,
    pub(super) before_minor: Option<i64>,
}

pub(super) async fn by_number(
    conn: &mut Conn,
    seller: Id<Organisation>,
    buyer_key: &str,
    number: &str,
) -> Result<Option<(Id<Order>,)>, Fault> {
    conn.run(BY_NUMBER).bind(seller).bind(buyer_key).bind(number).optional().await
}

/// The place of the change; none, if there is one of that number.
pub(super) async fn insert(
    tx: &mut Tx,
    order: Id<Order>,
    (number, whole): (&str, bool),
    (lines, note): (&str, &str),
    at: Moment,
) -> Result<Option<i64>, Fault> {
    let query = tx.run(INSERT).bind(order).bind(number).bind(i64::from(whole));
    let found: Option<(i64,)> = query.bind(lines).bind(note).bind(at).optional().await?;
    Ok(found.map(|(ordinal,)| ordinal))
}

pub(super) async fn all_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<Row>, Fault> {
    conn.run(ALL_OF).bind(organisation).bind(order).all().await
}

/// Whether it was answered: false, if somebody was faster.
pub(super) async fn answer(
    tx: &mut Tx,
    (order, ordinal): (Id<Order>, i64),
    (state, lines, note): (ChangeState, &str, Option<String>),
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(ANSWER).bind(order).bind(ordinal).bind(state).bind(lines);
    Ok(query.bind(note).bind(at).execute().await? == 1)
}

pub(super) async fn settle(
    tx: &mut Tx,
    (order, ordinal): (Id<Order>, i64),
    state: ChangeState,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(SETTLE).bind(order).bind(ordinal).bind(state).bind(at);
    query.execute().await.map(drop)
}

pub(super) async fn remember(
    tx: &mut Tx,
    (order, ordinal): (Id<Order>, i64),
    (lines, total_minor, state): (&str, i64, OrderState),
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(REMEMBER).bind(order).bind(ordinal).bind(lines);
    query.bind(total_minor).bind(state).bind(at).execute().await.map(drop)
}

/// Whether the order was moved: false, if somebody was faster.
pub(super) async fn shift(
    tx: &mut Tx,
    (seller, order, revision): (Id<Organisation>, Id<Order>, i64),
    (state, total_minor): (OrderState, i64),
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(MOVE).bind(seller).bind(order).bind(revision).bind(state);
    Ok(query.bind(total_minor).bind(at).execute().await? == 1)
}

/// Whether the order still was at that revision.
pub(super) async fn touch(
    tx: &mut Tx,
    (order, revision): (Id<Order>, i64),
    at: Moment,
) -> Result<bool, Fault> {
    Ok(tx.run(TOUCH).bind(order).bind(revision).bind(at).execute().await? == 1)
}

pub(super) async fn change_line(
    tx: &mut Tx,
    order: Id<Order>,
    (line, amount_minor): (&OrderedLine, i64),
) -> Result<(), Fault> {
    let query = tx.run(CHANGE_LINE).bind(order).bind(&line.line).bind(&line.quantity);
    let query = query.bind(&line.unit_price).bind(amount_minor);
    query.bind(line.requested_on).execute().await.map(drop)
}

pub(super) async fn delete_line(
    tx: &mut Tx,
    order: Id<Order>,
    line: &str,
) -> Result<(), Fault> {
    tx.run(DELETE_LINE).bind(order).bind(line).execute().await.map(drop)
}

pub(super) async fn add_line(
    tx: &mut Tx,
    order: Id<Order>,
    (line, amount_minor): (&OrderedLine, i64),
    answer: Option<&'static str>,
) -> Result<(), Fault> {
    let query = tx.run(ADD_LINE).bind(order).bind(&line.line).bind(&line.quantity);
    let query = query.bind(&line.unit).bind(&line.unit_price).bind(amount_minor);
    let query = query.bind(&line.product).bind(&line.description);
    let day: Option<Day> = line.requested_on;
    query.bind(day).bind(answer.map(str::to_owned)).execute().await.map(drop)
}
