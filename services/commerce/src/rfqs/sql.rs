//! `rfq`. Every read binds the acting organisation as seller or buyer.

use kernel::{Day, Fault, Id, Moment, Organisation, Rfq, Space};
use store::{Conn, Tx, statements};

use super::RfqState;

statements! {
    /// Keeps a new request, unless the seller has one of that number from that buyer.
    INSERT unscoped "seller_id and buyer_id are the organisations" = "
        insert into rfq (id, seller_id, buyer_id, buyer_name, buyer_key, space_id, number, state, lines, note, answer_by, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'sent', $8, $9, $10, 1, $11, $11)
        on conflict do nothing";

    /// The request of a number from a buyer.
    BY_NUMBER unscoped "seller_id is the organisation" = "
        select id, lines, note from rfq
        where seller_id = $1 and seller_key = '' and buyer_key = $2 and number = $3";

    /// Whether a request came from a buyer of this EDI name.
    ASKED_BY unscoped "seller_id is the organisation" = "
        select count(*) from rfq where seller_id = $1 and id = $2 and buyer_key = $3";

    /// The buyer turns out to be on the hub.
    SET_BUYER unscoped "seller_id is the organisation" = "
        update rfq set buyer_id = $3, revision = revision + 1
        where seller_id = $1 and id = $2 and buyer_id is null";

    /// A request was answered.
    ANSWER unscoped "seller_id is the organisation" = "
        update rfq set state = $4, reason = $5, revision = revision + 1, updated_at = $6
        where seller_id = $1 and id = $2 and revision = $3 and state = 'sent'";

    /// Puts a request that stands in no deal into one.
    PLACE unscoped "seller_id is the organisation" = "
        update rfq set space_id = $3, revision = revision + 1, updated_at = $4
        where seller_id = $1 and id = $2 and space_id is null";

    /// A page of the requests that an organisation asked, or is to answer, newest first.
    LIST = "
        select f.id, f.number, f.state, f.seller_id, coalesce(f.seller_name, s.name) as seller_name, f.seller_key, f.buyer_id, coalesce(b.name, f.buyer_name) as buyer_name,
               f.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               f.lines, f.note, f.answer_by, f.reason, f.created_at, f.revision
        from (
            select id from (
                select id from rfq
                where seller_id = $1 and (created_at, id) < ($2, $3) and (space_id = $4 or $6 = 1)
                order by created_at desc, id desc
                limit $5) as asked_of
            union
            select id from (
                select id from rfq
                where buyer_id = $1 and (created_at, id) < ($2, $3) and (space_id = $4 or $6 = 1)
                order by created_at desc, id desc
                limit $5) as asked
        ) as mine
        join rfq f on f.id = mine.id
        join organisation s on s.id = f.seller_id
        left join organisation b on b.id = f.buyer_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = f.space_id
        left join deal d on d.space_id = v.record_id
        order by f.created_at desc, f.id desc
        limit $5";

    /// A request that an organisation asked, or is to answer.
    ONE = "
        select f.id, f.number, f.state, f.seller_id, coalesce(f.seller_name, s.name) as seller_name, f.seller_key, f.buyer_id, coalesce(b.name, f.buyer_name) as buyer_name,
               f.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               f.lines, f.note, f.answer_by, f.reason, f.created_at, f.revision
        from rfq f
        join organisation s on s.id = f.seller_id
        left join organisation b on b.id = f.buyer_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = f.space_id
        left join deal d on d.space_id = v.record_id
        where f.id = $2 and (f.seller_id = $1 or f.buyer_id = $1)";
}

/// A request, as an organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Rfq>,
    pub(super) number: String,
    pub(super) state: RfqState,
    pub(super) seller_id: Id<Organisation>,
    pub(super) seller_name: String,
    pub(super) seller_key: String,
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) buyer_name: String,
    pub(super) space_id: Option<Id<Space>>,
    pub(super) deal_id: Option<Id<Space>>,
    pub(super) deal_mask: Option<String>,
    pub(super) deal_title: Option<String>,
    pub(super) lines: String,
    pub(super) note: String,
    pub(super) answer_by: Option<Day>,
    pub(super) reason: Option<String>,
    pub(super) created_at: Moment,
    pub(super) revision: i64,
}

impl Row {
    /// Whether an organisation is to answer it: not what it asked of a seller that is not on the hub.
    pub(super) fn is_to(&self, organisation: Id<Organisation>) -> bool {
        self.seller_id == organisation && self.seller_key.is_empty()
    }
}

/// A new request's own columns.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) id: Id<Rfq>,
    pub(super) seller: Id<Organisation>,
    pub(super) buyer: Option<Id<Organisation>>,
    pub(super) buyer_name: String,
    pub(super) buyer_key: String,
    pub(super) space: Option<Id<Space>>,
    pub(super) number: String,
    pub(super) lines: String,
    pub(super) note: String,
    pub(super) answer_by: Option<Day>,
}

/// Whether it was kept: false, if the number is taken.
pub(super) async fn insert(tx: &mut Tx, new: &NewRow, at: Moment) -> Result<bool, Fault> {
    let kept = tx
        .run(INSERT)
        .bind(new.id)
        .bind(new.seller)
        .bind(new.buyer)
        .bind(&new.buyer_name)
        .bind(&new.buyer_key)
        .bind(new.space)
        .bind(&new.number)
        .bind(&new.lines)
        .bind(&new.note)
        .bind(new.answer_by)
        .bind(at)
        .execute()
        .await?;
    Ok(kept == 1)
}

pub(super) async fn by_number(
    conn: &mut Conn,
    seller: Id<Organisation>,
    buyer_key: &str,
    number: &str,
) -> Result<(Id<Rfq>, String, String), Fault> {
    conn.run(BY_NUMBER).bind(seller).bind(buyer_key).bind(number).one().await
}

/// Whether a request came from a buyer of this EDI name.
pub(crate) async fn asked_by(
    conn: &mut Conn,
    seller: Id<Organisation>,
    rfq: Id<Rfq>,
    buyer_key: &str,
) -> Result<bool, Fault> {
    let query = conn.run(ASKED_BY).bind(seller).bind(rfq).bind(buyer_key);
    let (count,): (i64,) = query.one().await?;
    Ok(count > 0)
}

pub(super) async fn set_buyer(
    tx: &mut Tx,
    seller: Id<Organisation>,
    rfq: Id<Rfq>,
    buyer: Id<Organisation>,
) -> Result<(), Fault> {
    tx.run(SET_BUYER).bind(seller).bind(rfq).bind(buyer).execute().await.map(drop)
}

/// Whether it was answered: false, if it was answered or changed in the meantime.
pub(super) async fn answer(
    tx: &mut Tx,
    (seller, rfq, revision): (Id<Organisation>, Id<Rfq>, i64),
    state: RfqState,
    reason: Option<String>,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(ANSWER).bind(seller).bind(rfq).bind(revision);
    let answered = query.bind(state).bind(reason).bind(at).execute().await?;
    Ok(answered == 1)
}

/// Whether it was placed: false, if it stands in a deal already.
pub(super) async fn place(
    tx: &mut Tx,
    seller: Id<Organisation>,
    rfq: Id<Rfq>,
    space: Id<Space>,
    at: Moment,
) -> Result<bool, Fault> {
    let placed =
        tx.run(PLACE).bind(seller).bind(rfq).bind(space).bind(at).execute().await?;
    Ok(placed == 1)
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    before: (Moment, Id<Rfq>),
    deal: Option<Id<Space>>,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST)
        .bind(organisation)
        .bind(before.0)
        .bind(before.1)
        .bind(deal)
        .bind(limit)
        .bind(i64::from(deal.is_none()))
        .all()
        .await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    rfq: Id<Rfq>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(rfq).optional().await
}
