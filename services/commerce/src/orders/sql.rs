//! `trade_order` and its lines. Every read binds the acting organisation as seller or buyer;
//! the deal that an order stands in is shown only to who takes part in it now.

use kernel::{Currency, Day, Fault, Id, Kind, Moment, Order, Organisation, Quote, Space};
use store::{Conn, Tx, statements};

use super::{
    rules::{Decision, LineAnswer},
    state::OrderState,
};

statements! {
    /// Keeps a new order, unless the seller has one of that number from that buyer.
    INSERT unscoped "seller_id is the organisation" = "
        insert into trade_order (id, seller_id, buyer_id, buyer_name, buyer_key, number, ordered_on, currency, total_minor, state, revision, created_at, updated_at, quote_id, quote_number, seller_name, seller_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'received', 1, $10, $10, $11, $12, $13, $14)
        on conflict do nothing";

    /// Keeps a line of a new order.
    INSERT_LINE unscoped "of an order that was made in the same breath" = "
        insert into trade_order_line (order_id, line, assigned_id, quantity, unit, unit_price, amount_minor, product, product_ids, description, requested_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    /// The order of a number from a buyer.
    BY_NUMBER unscoped "seller_id is the organisation" = "
        select id, buyer_id, ordered_on, currency, total_minor
        from trade_order
        where seller_id = $1 and buyer_key = $2 and number = $3";

    /// The buyer turns out to be on the hub.
    SET_BUYER unscoped "seller_id is the organisation" = "
        update trade_order set buyer_id = $3, revision = revision + 1
        where seller_id = $1 and id = $2 and buyer_id is null";

    /// A page of the orders that an organisation sells or buys, newest first.
    LIST = "
        select o.id, o.number, o.state, o.buyer_id, o.buyer_name, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.ordered_on, o.currency, o.total_minor, o.created_at, o.updated_at, o.revision,
               o.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               o.note, k.id as quote_id, o.quote_number
        from (
            select id from (
                select id from trade_order
                where seller_id = $1 and (created_at, id) < ($2, $3)
                order by created_at desc, id desc
                limit $4) as sold
            union
            select id from (
                select id from trade_order
                where buyer_id = $1 and (created_at, id) < ($2, $3)
                order by created_at desc, id desc
                limit $4) as bought
        ) as mine
        join trade_order o on o.id = mine.id
        join organisation s on s.id = o.seller_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = o.space_id
        left join deal d on d.space_id = v.record_id
        left join quote k on k.id = o.quote_id and (k.seller_id = $1 or k.buyer_id = $1)
        order by o.created_at desc, o.id desc
        limit $4";

    /// An order that an organisation sells or buys.
    ONE = "
        select o.id, o.number, o.state, o.buyer_id, o.buyer_name, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.ordered_on, o.currency, o.total_minor, o.created_at, o.updated_at, o.revision,
               o.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               o.note, k.id as quote_id, o.quote_number
        from trade_order o
        join organisation s on s.id = o.seller_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = o.space_id
        left join deal d on d.space_id = v.record_id
        left join quote k on k.id = o.quote_id and (k.seller_id = $1 or k.buyer_id = $1)
        where o.id = $2 and (o.seller_id = $1 or o.buyer_id = $1)";

    /// The lines of an order that an organisation sells or buys.
    LINES unscoped "seller_id or buyer_id is the organisation" = "
        select l.assigned_id, l.quantity, l.unit, l.unit_price, l.amount_minor, l.product, l.product_ids,
               l.description, l.requested_on, l.answer, l.answer_quantity, l.answer_unit_price, l.answer_requested_on
        from trade_order_line l
        join trade_order o on o.id = l.order_id
        where o.id = $2 and (o.seller_id = $1 or o.buyer_id = $1)
        order by l.line";

    /// Answers an order that still waits, at the revision that was read.
    ANSWER unscoped "seller_id is the organisation" = "
        update trade_order
        set state = $4, note = $5, revision = revision + 1, updated_at = $6
        where seller_id = $1 and id = $2 and revision = $3 and state = 'received'";

    /// Answers a line.
    ANSWER_LINE unscoped "of an order that was answered in the same breath" = "
        update trade_order_line
        set answer = $3, answer_quantity = $4, answer_unit_price = $5, answer_requested_on = $6
        where order_id = $1 and line = $2";

    /// Puts an order that stands in no deal into one.
    PLACE unscoped "seller_id is the organisation" = "
        update trade_order
        set space_id = $3, revision = revision + 1, updated_at = $4
        where seller_id = $1 and id = $2 and space_id is null";

    /// An open deal that the organisation takes part in, by its id.
    DEAL_BY_ID = "
        select v.record_id
        from live_visible v
        join space s on s.id = v.record_id and s.state = 'open'
        where v.organisation_id = $1 and v.kind = 'deal' and v.record_id = $2";

    /// Open deals that the organisation sees under this title; two tell that it is ambiguous.
    DEALS_BY_TITLE = "
        select v.record_id
        from live_visible v
        join space s on s.id = v.record_id and s.state = 'open'
        join deal d on d.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal'
          and ',' || v.mask || ',' like '%,title,%' and lower(d.title) = lower($2)
        limit 2";

    /// Open deals with a customer of this name or domain, on the card as far as the
    /// organisation sees it, or on its own side; two tell that it is ambiguous.
    DEALS_BY_CUSTOMER = "
        select v.record_id
        from live_visible v
        join space s on s.id = v.record_id and s.state = 'open'
        join deal d on d.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal'
          and d.stage in ('identified', 'qualified', 'technical_ok', 'business_ok', 'committed')
          and ((',' || v.mask || ',' like '%,account,%' and lower(d.account_name) = lower($2))
            or exists (
                select 1
                from deal_side i
                join account a on a.id = i.account_id and a.deleted_at is null
                where i.organisation_id = $1 and i.space_id = d.space_id
                  and (lower(a.name) = lower($2) or a.domain = $3)))
        limit 2";
}

/// An order, as an organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Order>,
    pub(super) number: String,
    pub(super) state: OrderState,
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) buyer_name: String,
    pub(super) seller_id: Id<Organisation>,
    pub(super) seller_name: String,
    pub(super) seller_key: Option<String>,
    pub(super) ordered_on: Day,
    pub(super) currency: Currency,
    pub(super) total_minor: i64,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) revision: i64,
    pub(super) space_id: Option<Id<Space>>,
    pub(super) deal_id: Option<Id<Space>>,
    pub(super) deal_mask: Option<String>,
    pub(super) deal_title: Option<String>,
    pub(super) note: Option<String>,
    pub(super) quote_id: Option<Id<Quote>>,
    pub(super) quote_number: Option<String>,
}

/// A line of an order.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub(super) struct LineRow {
    pub(super) assigned_id: String,
    pub(super) quantity: String,
    pub(super) unit: String,
    pub(super) unit_price: String,
    pub(super) amount_minor: i64,
    pub(super) product: String,
    pub(super) product_ids: String,
    pub(super) description: String,
    pub(super) requested_on: Option<Day>,
    pub(super) answer: Option<Decision>,
    pub(super) answer_quantity: Option<String>,
    pub(super) answer_unit_price: Option<String>,
    pub(super) answer_requested_on: Option<Day>,
}

/// What tells an order that is known from another of its number.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Known {
    pub(super) id: Id<Order>,
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) ordered_on: Day,
    pub(super) currency: Currency,
    pub(super) total_minor: i64,
}

/// A new order's own columns.
#[derive(Debug)]
pub(super) struct NewRow<'n> {
    pub(super) id: Id<Order>,
    pub(super) seller: Id<Organisation>,
    pub(super) buyer: Option<Id<Organisation>>,
    pub(super) buyer_name: &'n str,
    pub(super) buyer_key: &'n str,
    pub(super) number: &'n str,
    pub(super) ordered_on: Day,
    pub(super) currency: Currency,
    pub(super) total_minor: i64,
    pub(super) quote: (Option<Id<Quote>>, Option<&'n str>),
    /// Name and EDI name of a seller that is not on the hub.
    pub(super) elsewhere: Option<(&'n str, &'n str)>,
}

/// An id after every other of its kind: where a list that runs backwards starts.
pub(crate) fn last<K: Kind>() -> Id<K> {
    format!("{}_7zzzzzzzzzzzzzzzzzzzzzzzzz", K::PREFIX)
        .parse()
        .unwrap_or_else(|_never| Id::mint())
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewRow<'_>,
    at: Moment,
) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.seller)
        .bind(new.buyer)
        .bind(new.buyer_name)
        .bind(new.buyer_key)
        .bind(new.number)
        .bind(new.ordered_on)
        .bind(new.currency)
        .bind(new.total_minor)
        .bind(at)
        .bind(new.quote.0)
        .bind(new.quote.1.map(str::to_owned))
        .bind(new.elsewhere.map(|it| it.0.to_owned()))
        .bind(new.elsewhere.map(|it| it.1.to_owned()))
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn insert_line(
    tx: &mut Tx,
    order: Id<Order>,
    ordinal: i64,
    line: &LineRow,
) -> Result<(), Fault> {
    tx.run(INSERT_LINE)
        .bind(order)
        .bind(ordinal)
        .bind(&line.assigned_id)
        .bind(&line.quantity)
        .bind(&line.unit)
        .bind(&line.unit_price)
        .bind(line.amount_minor)
        .bind(&line.product)
        .bind(&line.product_ids)
        .bind(&line.description)
        .bind(line.requested_on)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn by_number(
    conn: &mut Conn,
    seller: Id<Organisation>,
    buyer_key: &str,
    number: &str,
) -> Result<Known, Fault> {
    conn.run(BY_NUMBER).bind(seller).bind(buyer_key).bind(number).one().await
}

pub(super) async fn set_buyer(
    tx: &mut Tx,
    seller: Id<Organisation>,
    order: Id<Order>,
    buyer: Id<Organisation>,
) -> Result<(), Fault> {
    tx.run(SET_BUYER).bind(seller).bind(order).bind(buyer).execute().await.map(drop)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    before: (Moment, Id<Order>),
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST)
        .bind(organisation)
        .bind(before.0)
        .bind(before.1)
        .bind(limit)
        .all()
        .await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(order).optional().await
}

pub(super) async fn lines(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<LineRow>, Fault> {
    conn.run(LINES).bind(organisation).bind(order).all().await
}

/// Whether it was answered: false, if it was answered or changed in the meantime.
pub(super) async fn answer(
    tx: &mut Tx,
    (seller, order, revision): (Id<Organisation>, Id<Order>, i64),
    state: OrderState,
    note: Option<&str>,
    at: Moment,
) -> Result<bool, Fault> {
    let answered = tx
        .run(ANSWER)
        .bind(seller)
        .bind(order)
        .bind(revision)
        .bind(state)
        .bind(note.map(str::to_owned))
        .bind(at)
        .execute()
        .await?;
    Ok(answered == 1)
}

pub(super) async fn answer_line(
    tx: &mut Tx,
    order: Id<Order>,
    ordinal: i64,
    answer: &LineAnswer,
) -> Result<(), Fault> {
    tx.run(ANSWER_LINE)
        .bind(order)
        .bind(ordinal)
        .bind(answer.decision)
        .bind(answer.quantity.map(|it| it.to_string()))
        .bind(answer.unit_price.map(|it| it.to_string()))
        .bind(answer.requested_on)
        .execute()
        .await
        .map(drop)
}

/// Whether it was placed: false, if it stands in a deal already.
pub(super) async fn place(
    tx: &mut Tx,
    seller: Id<Organisation>,
    order: Id<Order>,
    space: Id<Space>,
    at: Moment,
) -> Result<bool, Fault> {
    let placed =
        tx.run(PLACE).bind(seller).bind(order).bind(space).bind(at).execute().await?;
    Ok(placed == 1)
}

pub(super) async fn deal_by_id(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<(Id<Space>,)>, Fault> {
    conn.run(DEAL_BY_ID).bind(organisation).bind(space).all().await
}

pub(super) async fn deals_by_title(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    title: &str,
) -> Result<Vec<(Id<Space>,)>, Fault> {
    conn.run(DEALS_BY_TITLE).bind(organisation).bind(title).all().await
}

pub(super) async fn deals_by_customer(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
    domain: Option<&str>,
) -> Result<Vec<(Id<Space>,)>, Fault> {
    conn.run(DEALS_BY_CUSTOMER)
        .bind(organisation)
        .bind(name)
        .bind(domain.map(str::to_owned))
        .all()
        .await
}
