//! `quote` and its revisions. Every read binds the acting organisation as seller or buyer; a
//! buyer reads only what was sent, and of that only the revision that it was sent last.

use kernel::{Currency, Day, Fault, Id, Moment, Organisation, Quote, Rfq, Space};
use store::{Conn, Tx, statements};

use super::{
    row::{RevisionRow, Row},
    rules::{QuoteState, Side, Stand},
};

statements! {
    /// Keeps a new quote, unless its seller has one of that number.
    INSERT unscoped "seller_id is the organisation" = "
        insert into quote (id, seller_id, buyer_id, buyer_name, rfq_id, space_id, number, state, rev, offer_rev, revision, face, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'draft', 1, 0, 1, 0, $8, $8)
        on conflict do nothing";

    /// Keeps a revision, or what it says by now, as long as it was not sent.
    WRITE unscoped "of a quote that was moved in the same breath" = "
        insert into quote_revision (quote_id, rev, currency, valid_until, terms, lines, total_minor, wishes)
        values ($1, $2, $3, $4, $5, $6, $7, '[]')
        on conflict (quote_id, rev) do update
        set currency = excluded.currency, valid_until = excluded.valid_until, terms = excluded.terms,
            lines = excluded.lines, total_minor = excluded.total_minor
        where quote_revision.sent_at is null";

    /// A revision was sent.
    SEND unscoped "of a quote that was moved in the same breath" = "
        update quote_revision set sha256 = $3, sent_at = $4
        where quote_id = $1 and rev = $2 and sent_at is null";

    /// What became of a revision that was sent.
    BECAME unscoped "of a quote that was moved in the same breath" = "
        update quote_revision set became = $3, note = $4, wishes = $5, became_at = $6
        where quote_id = $1 and rev = $2 and sent_at is not null and became is null";

    /// Moves a quote of one's own, as its seller or its buyer, at the revision that was read.
    MOVE unscoped "seller_id or buyer_id is the organisation" = "
        update quote
        set state = $4, rev = $5, offer_rev = $6, sha256 = $7, until = $8, face = $9,
            shown_from = $10, shown_at = $11, updated_at = $12, revision = revision + 1
        where id = $2 and revision = $3 and (seller_id = $1 or buyer_id = $1)";

    /// The quotes whose time has run out.
    DUE unscoped "the clock looks after all" = "
        select id, seller_id from quote
        where state = 'sent' and until <= $1
        order by until
        limit 100";

    /// Both hold the document.
    HOLD = "
        insert into document_holding (sha256, organisation_id, bytes, media_type, at)
        values ($1, $2, $3, 'application/json', $4)
        on conflict do nothing";

    /// A page of the quotes that an organisation wrote or was sent, newest first.
    LIST = "
        select q.id, q.number, q.seller_id, coalesce(q.seller_name, s.name) as seller_name, q.seller_key, q.buyer_id, coalesce(b.name, q.buyer_name) as buyer_name,
               q.rfq_id, f.number as rfq_number, q.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               q.state, q.rev, q.offer_rev, q.sha256, q.until, q.revision, q.face, q.created_at, q.updated_at, q.shown_from, q.shown_at,
               r.currency, r.total_minor, r.valid_until,
               (select t.id from trade_order t where t.quote_id = q.id and (t.seller_id = $1 or t.buyer_id = $1) order by t.created_at, t.id limit 1) as order_id
        from (
            select id, at from (
                select id, created_at as at from quote
                where seller_id = $1 and seller_key = '' and (created_at, id) < ($2, $3)
                  and (cast($5 as text) is null or state = $5)
                  and (cast($6 as text) is null or $6 = 'seller')
                order by created_at desc, id desc
                limit $4) as sold
            union all
            select id, at from (
                select id, shown_from as at from quote
                where buyer_id = $1 and offer_rev > 0 and (shown_from, id) < ($2, $3)
                  and (cast($5 as text) is null or case when state in ('draft', 'priced', 'approved_internal') then 'countered' else state end = $5)
                  and (cast($6 as text) is null or $6 = 'buyer')
                order by shown_from desc, id desc
                limit $4) as bought
        ) as mine
        join quote q on q.id = mine.id
        join quote_revision r on r.quote_id = q.id and r.rev = case when q.seller_id = $1 then q.rev else q.offer_rev end
        join organisation s on s.id = q.seller_id
        left join organisation b on b.id = q.buyer_id
        left join rfq f on f.id = q.rfq_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = q.space_id
        left join deal d on d.space_id = v.record_id
        order by mine.at desc, q.id desc
        limit $4";

    /// The quotes of a deal that an organisation wrote or was sent, oldest first.
    OF_DEAL = "
        select q.id, q.number, q.seller_id, coalesce(q.seller_name, s.name) as seller_name, q.seller_key, q.buyer_id, coalesce(b.name, q.buyer_name) as buyer_name,
               q.rfq_id, f.number as rfq_number, q.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               q.state, q.rev, q.offer_rev, q.sha256, q.until, q.revision, q.face, q.created_at, q.updated_at, q.shown_from, q.shown_at,
               r.currency, r.total_minor, r.valid_until,
               (select t.id from trade_order t where t.quote_id = q.id and (t.seller_id = $1 or t.buyer_id = $1) order by t.created_at, t.id limit 1) as order_id
        from quote q
        join quote_revision r on r.quote_id = q.id and r.rev = case when q.seller_id = $1 then q.rev else q.offer_rev end
        join organisation s on s.id = q.seller_id
        left join organisation b on b.id = q.buyer_id
        left join rfq f on f.id = q.rfq_id
        join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = q.space_id
        join deal d on d.space_id = v.record_id
        where q.space_id = $2 and (q.seller_id = $1 or (q.buyer_id = $1 and q.offer_rev > 0))
        order by coalesce(case when q.seller_id = $1 then q.created_at else q.shown_from end, 0), q.id
        limit 200";

    /// A quote that an organisation wrote or was sent.
    ONE = "
        select q.id, q.number, q.seller_id, coalesce(q.seller_name, s.name) as seller_name, q.seller_key, q.buyer_id, coalesce(b.name, q.buyer_name) as buyer_name,
               q.rfq_id, f.number as rfq_number, q.space_id, v.record_id as deal_id, v.mask as deal_mask, d.title as deal_title,
               q.state, q.rev, q.offer_rev, q.sha256, q.until, q.revision, q.face, q.created_at, q.updated_at, q.shown_from, q.shown_at,
               r.currency, r.total_minor, r.valid_until,
               (select t.id from trade_order t where t.quote_id = q.id and (t.seller_id = $1 or t.buyer_id = $1) order by t.created_at, t.id limit 1) as order_id
        from quote q
        join quote_revision r on r.quote_id = q.id and r.rev = case when q.seller_id = $1 then q.rev else q.offer_rev end
        join organisation s on s.id = q.seller_id
        left join organisation b on b.id = q.buyer_id
        left join rfq f on f.id = q.rfq_id
        left join live_visible v on v.organisation_id = $1 and v.kind = 'deal' and v.record_id = q.space_id
        left join deal d on d.space_id = v.record_id
        where q.id = $2 and (q.seller_id = $1 or (q.buyer_id = $1 and q.offer_rev > 0))";

    /// The revisions of a quote: all for its seller, those that were sent for its buyer.
    REVISIONS unscoped "seller_id or buyer_id is the organisation" = "
        select r.rev, r.currency, r.valid_until, r.terms, r.lines, r.total_minor, r.sha256, r.sent_at,
               r.became, r.note, r.wishes, r.became_at
        from quote_revision r
        join quote q on q.id = r.quote_id
        where q.id = $2 and (q.seller_id = $1 or (q.buyer_id = $1 and r.sent_at is not null))
        order by r.rev";

    /// The quote of a number that a seller sent to a buyer, or to somebody outside the hub.
    NAMED unscoped "seller_id is the organisation" = "
        select id, buyer_id from quote
        where seller_id = $1 and seller_key = '' and number = $2 and offer_rev > 0 and (buyer_id is null or buyer_id = $3)";
}

/// A new quote's own columns.
#[derive(Debug)]
pub(super) struct NewRow<'n> {
    pub(super) id: Id<Quote>,
    pub(super) seller: Id<Organisation>,
    pub(super) buyer: Option<Id<Organisation>>,
    pub(super) buyer_name: &'n str,
    pub(super) rfq: Option<Id<Rfq>>,
    /// None for one of a seller that is not on the hub.
    pub(super) space: Option<Id<Space>>,
    pub(super) number: &'n str,
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
        .bind(new.rfq)
        .bind(new.space)
        .bind(new.number)
        .bind(at)
        .execute()
        .await?;
    Ok(kept == 1)
}

/// What a revision says.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) currency: Currency,
    pub(super) valid_until: Day,
    pub(super) terms: String,
    pub(super) lines: String,
    pub(super) total_minor: i64,
}

pub(super) async fn write(
    tx: &mut Tx,
    (quote, rev): (Id<Quote>, i64),
    words: &Words,
) -> Result<(), Fault> {
    tx.run(WRITE)
        .bind(quote)
        .bind(rev)
        .bind(words.currency)
        .bind(words.valid_until)
        .bind(&words.terms)
        .bind(&words.lines)
        .bind(words.total_minor)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn send(
    tx: &mut Tx,
    (quote, rev): (Id<Quote>, i64),
    sha256: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(SEND).bind(quote).bind(rev).bind(sha256).bind(at).execute().await.map(drop)
}

pub(super) async fn hold(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (sha256, bytes): (&str, i64),
    at: Moment,
) -> Result<(), Fault> {
    tx.run(HOLD)
        .bind(sha256)
        .bind(organisation)
        .bind(bytes)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn became(
    tx: &mut Tx,
    (quote, rev): (Id<Quote>, i64),
    state: QuoteState,
    (note, wishes): (Option<String>, String),
    at: Moment,
) -> Result<(), Fault> {
    tx.run(BECAME)
        .bind(quote)
        .bind(rev)
        .bind(state)
        .bind(note)
        .bind(wishes)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

/// Moves a quote to where it now stands. Gives the row as it is then, or none, if somebody
/// was faster.
pub(super) async fn shift(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    row: &Row,
    to: &Stand,
    at: Moment,
) -> Result<Option<Row>, Fault> {
    let offer = to.offer().cloned();
    let shows = to.face(Side::Buyer) != row.stand()?.face(Side::Buyer)
        || offer.as_ref().map_or(0, |it| it.rev) != row.offer_rev;
    let mut next = row.clone();
    next.state = to.state();
    next.rev = to.rev();
    next.offer_rev = offer.as_ref().map_or(0, |it| it.rev);
    next.until = offer.as_ref().map(|it| it.until);
    next.sha256 = offer.map(|it| it.sha256);
    next.updated_at = at;
    next.revision = row.revision + 1;
    if shows {
        next.face = row.face + 1;
        next.shown_at = Some(at);
        next.shown_from = row.shown_from.or(Some(at));
    }
    let moved = tx
        .run(MOVE)
        .bind(organisation)
        .bind(row.id)
        .bind(row.revision)
        .bind(next.state)
        .bind(next.rev)
        .bind(next.offer_rev)
        .bind(next.sha256.clone())
        .bind(next.until)
        .bind(next.face)
        .bind(next.shown_from)
        .bind(next.shown_at)
        .bind(at)
        .execute()
        .await?;
    Ok((moved == 1).then_some(next))
}

pub(super) async fn due(
    conn: &mut Conn,
    at: Moment,
) -> Result<Vec<(Id<Quote>, Id<Organisation>)>, Fault> {
    conn.run(DUE).bind(at).all().await
}

/// Which quotes a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) before: (Moment, Id<Quote>),
    pub(super) limit: i64,
    pub(super) state: Option<QuoteState>,
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

pub(super) async fn of_deal(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    space: Id<Space>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OF_DEAL).bind(organisation).bind(space).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    quote: Id<Quote>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(quote).optional().await
}

pub(super) async fn revisions(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    quote: Id<Quote>,
) -> Result<Vec<RevisionRow>, Fault> {
    conn.run(REVISIONS).bind(organisation).bind(quote).all().await
}

pub(super) async fn named(
    conn: &mut Conn,
    seller: Id<Organisation>,
    number: &str,
    buyer: Option<Id<Organisation>>,
) -> Result<Option<(Id<Quote>, Option<Id<Organisation>>)>, Fault> {
    conn.run(NAMED).bind(seller).bind(number).bind(buyer).optional().await
}
