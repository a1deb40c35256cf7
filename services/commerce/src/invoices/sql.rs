//! `invoice` and its numbers. Who sells or buys the order reads its invoices.

use kernel::{Currency, Day, Fault, Id, Invoice, Moment, Order, Organisation};
use store::{Conn, Tx, statements};

use super::rules::{InvoiceKind, InvoiceState};
use crate::quotes::Side;

statements! {
    /// Draws the next number of a seller in a year. The row stays locked until the commit, so that
    /// a number that was drawn is used, or drawn again.
    DRAW unscoped "seller_id is the organisation" = "
        insert into invoice_number (seller_id, year, last_used)
        values ($1, $2, 1)
        on conflict (seller_id, year) do update set last_used = invoice_number.last_used + 1
        returning last_used";

    /// Whether a number of a seller is taken.
    TAKEN unscoped "seller_id is the organisation" = "
        select count(*) from invoice where seller_id = $1 and seller_key = '' and number = $2";

    /// Keeps an invoice, unless its seller has one of that number.
    INSERT unscoped "seller_id is the organisation" = "
        insert into invoice (id, order_id, seller_id, kind, number, state, issued_on, due_on, currency, net_minor, tax_minor, total_minor, content, sha256, cancels_id, revision, created_at, updated_at, seller_key, credits_id)
        values ($1, $2, $3, $4, $5, 'sent', $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $15, $16, $17)
        on conflict do nothing";

    /// The invoices of an order that an organisation sells or buys, oldest first.
    OF_ORDER unscoped "seller_id or buyer_id is the organisation" = "
        select i.id, i.kind, i.number, i.state, o.id as order_id, o.number as order_number, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.buyer_id, o.buyer_name, i.issued_on, i.due_on, i.currency, i.net_minor, i.tax_minor, i.total_minor, i.content, i.sha256,
               i.cancels_id, c.number as cancels_number, b.id as cancelled_by, i.credits_id, d.number as credits_number,
               (select cast(coalesce(sum(e.total_minor), 0) as bigint) from invoice e where e.credits_id = i.id) as credited_minor, i.reason, i.revision, i.created_at, i.updated_at
        from invoice i
        join trade_order o on o.id = i.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        join organisation s on s.id = o.seller_id
        left join invoice c on c.id = i.cancels_id
        left join invoice b on b.cancels_id = i.id
        left join invoice d on d.id = i.credits_id
        where i.order_id = $2
        order by i.created_at, i.id";

    /// An invoice of an order that an organisation sells or buys.
    ONE unscoped "seller_id or buyer_id is the organisation" = "
        select i.id, i.kind, i.number, i.state, o.id as order_id, o.number as order_number, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.buyer_id, o.buyer_name, i.issued_on, i.due_on, i.currency, i.net_minor, i.tax_minor, i.total_minor, i.content, i.sha256,
               i.cancels_id, c.number as cancels_number, b.id as cancelled_by, i.credits_id, d.number as credits_number,
               (select cast(coalesce(sum(e.total_minor), 0) as bigint) from invoice e where e.credits_id = i.id) as credited_minor, i.reason, i.revision, i.created_at, i.updated_at
        from invoice i
        join trade_order o on o.id = i.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        join organisation s on s.id = o.seller_id
        left join invoice c on c.id = i.cancels_id
        left join invoice b on b.cancels_id = i.id
        left join invoice d on d.id = i.credits_id
        where i.id = $2";

    /// A page of the invoices that an organisation wrote or was sent, newest first.
    LIST unscoped "seller_id or buyer_id is the organisation" = "
        select i.id, i.kind, i.number, i.state, o.id as order_id, o.number as order_number, o.seller_id, coalesce(o.seller_name, s.name) as seller_name, o.seller_key,
               o.buyer_id, o.buyer_name, i.issued_on, i.due_on, i.currency, i.net_minor, i.tax_minor, i.total_minor, i.content, i.sha256,
               i.cancels_id, c.number as cancels_number, b.id as cancelled_by, i.credits_id, d.number as credits_number,
               (select cast(coalesce(sum(e.total_minor), 0) as bigint) from invoice e where e.credits_id = i.id) as credited_minor, i.reason, i.revision, i.created_at, i.updated_at
        from (
            select id from (
                select id from invoice
                where seller_id = $1 and seller_key = '' and (created_at, id) < ($2, $3)
                  and (cast($5 as text) is null or state = $5)
                  and (cast($6 as text) is null or $6 = 'seller')
                order by created_at desc, id desc
                limit $4) as sold
            union
            select id from (
                select x.id from trade_order y
                join invoice x on x.order_id = y.id and (x.created_at, x.id) < ($2, $3)
                where y.buyer_id = $1
                  and (cast($5 as text) is null or x.state = $5)
                  and (cast($6 as text) is null or $6 = 'buyer')
                order by x.created_at desc, x.id desc
                limit $4) as bought
        ) as mine
        join invoice i on i.id = mine.id
        join trade_order o on o.id = i.order_id and (o.seller_id = $1 or o.buyer_id = $1)
        join organisation s on s.id = o.seller_id
        left join invoice c on c.id = i.cancels_id
        left join invoice b on b.cancels_id = i.id
        left join invoice d on d.id = i.credits_id
        order by i.created_at desc, i.id desc
        limit $4";

    /// Moves an invoice that an organisation wrote or was sent.
    MOVE unscoped "seller_id or buyer_id is the organisation" = "
        update invoice set state = $4, reason = $5, revision = revision + 1, updated_at = $6
        where id = $2 and revision = $3
          and exists (select 1 from trade_order o where o.id = invoice.order_id and (o.seller_id = $1 or o.buyer_id = $1))";
}

/// An invoice, as an organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Id<Invoice>,
    pub(crate) kind: InvoiceKind,
    pub(crate) number: String,
    pub(crate) state: InvoiceState,
    pub(crate) order_id: Id<Order>,
    pub(crate) order_number: String,
    pub(crate) seller_id: Id<Organisation>,
    pub(crate) seller_name: String,
    pub(crate) seller_key: Option<String>,
    pub(crate) buyer_id: Option<Id<Organisation>>,
    pub(crate) buyer_name: String,
    pub(crate) issued_on: Day,
    pub(crate) due_on: Option<Day>,
    pub(crate) currency: Currency,
    pub(crate) net_minor: i64,
    pub(crate) tax_minor: i64,
    pub(crate) total_minor: i64,
    pub(crate) content: String,
    pub(crate) sha256: String,
    pub(crate) cancels_id: Option<Id<Invoice>>,
    pub(crate) cancels_number: Option<String>,
    pub(crate) cancelled_by: Option<Id<Invoice>>,
    pub(crate) credits_id: Option<Id<Invoice>>,
    pub(crate) credits_number: Option<String>,
    /// What its credit notes come to.
    pub(crate) credited_minor: i64,
    pub(crate) reason: Option<String>,
    pub(crate) revision: i64,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

impl Row {
    /// Whether what it says is invoiced.
    pub(crate) fn counts(&self) -> bool {
        self.kind == InvoiceKind::Invoice && self.state != InvoiceState::Cancelled
    }

    /// Whether what it says is credited.
    pub(crate) fn credits(&self) -> bool {
        self.kind == InvoiceKind::CreditNote
    }

    /// Whether its buyer approved it.
    pub(crate) fn is_approved(&self) -> bool {
        self.state == InvoiceState::Approved
    }
}

pub(super) async fn draw(
    tx: &mut Tx,
    seller: Id<Organisation>,
    year: i64,
) -> Result<i64, Fault> {
    let (number,): (i64,) = tx.run(DRAW).bind(seller).bind(year).one().await?;
    Ok(number)
}

pub(super) async fn free(
    conn: &mut Conn,
    seller: Id<Organisation>,
    number: &str,
) -> Result<bool, Fault> {
    let (taken,): (i64,) = conn.run(TAKEN).bind(seller).bind(number).one().await?;
    Ok(taken == 0)
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(tx: &mut Tx, new: &Row) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.order_id)
        .bind(new.seller_id)
        .bind(new.kind)
        .bind(&new.number)
        .bind(new.issued_on)
        .bind(new.due_on)
        .bind(new.currency)
        .bind(new.net_minor)
        .bind(new.tax_minor)
        .bind(new.total_minor)
        .bind(&new.content)
        .bind(&new.sha256)
        .bind(new.cancels_id)
        .bind(new.created_at)
        .bind(new.seller_key.clone().unwrap_or_default())
        .bind(new.credits_id)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn of_order(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    order: Id<Order>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OF_ORDER).bind(organisation).bind(order).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    invoice: Id<Invoice>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(invoice).optional().await
}

/// Which invoices a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) before: (Moment, Id<Invoice>),
    pub(super) limit: i64,
    pub(super) state: Option<InvoiceState>,
    pub(super) side: Option<Side>,
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: Wanted,
) -> Result<Vec<Row>, Fault> {
    let side = wanted.side.map(|side| match side {
        Side::Seller => "seller",
        Side::Buyer => "buyer",
    });
    conn.run(LIST)
        .bind(organisation)
        .bind(wanted.before.0)
        .bind(wanted.before.1)
        .bind(wanted.limit)
        .bind(wanted.state)
        .bind(side)
        .all()
        .await
}

/// Whether it moved: false, if it changed in the meantime.
pub(super) async fn shift(
    tx: &mut Tx,
    (organisation, invoice, revision): (Id<Organisation>, Id<Invoice>, i64),
    (state, reason): (InvoiceState, Option<&str>),
    at: Moment,
) -> Result<bool, Fault> {
    let moved = tx
        .run(MOVE)
        .bind(organisation)
        .bind(invoice)
        .bind(revision)
        .bind(state)
        .bind(reason.map(str::to_owned))
        .bind(at)
        .execute()
        .await?;
    Ok(moved == 1)
}
