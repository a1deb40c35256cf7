//! `price_list` and its prices. A seller reads and writes its own; a buyer reads only what holds
//! for it, and only while its partnership with the seller does.

use kernel::{
    Currency, Day, Fault, Id, Moment, Order, Organisation, Partnership, PriceList,
    Product,
};
use store::{Conn, Tx, statements};

use super::{
    rules::{ListedPrice, PriceListWords, Term},
    tiers::TierRow,
};
use crate::catalogue::rules::like;

statements! {
    /// Holds all who would write lists of this organisation, until the end of the transaction.
    HOLD unscoped "id is the organisation" = "
        update organisation set revision = revision where id = $1";

    /// The partner, as long as the partnership stands.
    PARTNER = "
        select o.id, o.name
        from organisation o
        join partnership h on h.state in ('active', 'ending') and h.suspended_by is null
          and ((h.proposer_id = $1 and h.answerer_id = o.id) or (h.answerer_id = $1 and h.proposer_id = o.id))
        where o.id = $2 and $1 <> $2
        limit 1";

    /// One's own lists in a currency, but for one.
    TERMS = "
        select id, name, currency, buyer_id, tier, valid_from, valid_to
        from price_list
        where organisation_id = $1 and currency = $2 and id <> $3";

    /// Keeps a new list.
    INSERT = "
        insert into price_list (id, organisation_id, name, currency, buyer_id, tier, valid_from, valid_to, revision, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)";

    /// Writes a list anew, at the revision that was read.
    UPDATE = "
        update price_list
        set name = $4, currency = $5, buyer_id = $6, tier = $7, valid_from = $8, valid_to = $9,
            revision = revision + 1, updated_at = $10
        where organisation_id = $1 and id = $2 and revision = $3";

    /// Takes the prices of a list away.
    CLEAR unscoped "of a list that was written in the same breath" = "
        delete from price where list_id = $1";

    /// A price of a list, of one's own product.
    PRICE = "
        insert into price (list_id, product_id, from_quantity, unit_price, price_per)
        select $2, p.id, $4, $5, $6
        from product p
        where p.organisation_id = $1 and p.id = $3";

    /// One's own lists, the newest first.
    LIST = "
        select l.id, l.name, l.currency, l.buyer_id, b.name as buyer_name, l.tier, l.valid_from, l.valid_to, l.revision, l.updated_at,
               (select count(*) from price q where q.list_id = l.id) as prices
        from price_list l
        left join organisation b on b.id = l.buyer_id
        where l.organisation_id = $1
        order by l.valid_from desc, l.id desc
        limit 200";

    /// A list of one's own.
    ONE = "
        select l.id, l.name, l.currency, l.buyer_id, b.name as buyer_name, l.tier, l.valid_from, l.valid_to, l.revision, l.updated_at,
               (select count(*) from price q where q.list_id = l.id) as prices
        from price_list l
        left join organisation b on b.id = l.buyer_id
        where l.organisation_id = $1 and l.id = $2";

    /// The prices of a list of one's own.
    PRICES = "
        select q.product_id, p.sku, q.from_quantity, q.unit_price, q.price_per
        from price q
        join price_list l on l.id = q.list_id
        join product p on p.id = q.product_id
        where l.organisation_id = $1 and l.id = $2
        order by p.sku, q.from_quantity";

    /// Active products of a seller that have a price for a buyer on a day, by number.
    OFFERED = "
        select p.id, p.sku, p.gtin, p.names, p.family, p.unit, p.pack
        from product p
        where p.organisation_id = $1 and p.active = 1 and p.sku > $5 and p.words like $6 escape '!'
          and exists (
            select 1 from price q
            join price_list l on l.id = q.list_id
            where q.product_id = p.id and l.organisation_id = $1 and l.currency = $3
              and (l.buyer_id is null or l.buyer_id = $2)
              and (l.tier is null or exists (
                select 1 from price_tier r
                join partnership h on h.id = r.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
                where r.organisation_id = $1 and r.partner_id = $2 and r.tier = l.tier))
              and l.valid_from <= $4 and (l.valid_to is null or l.valid_to >= $4))
        order by p.sku
        limit $7";

    /// The prices of a seller's product for a buyer on a day.
    OFFER = "
        select l.buyer_id, l.tier, l.valid_from, l.valid_to, q.from_quantity, q.unit_price, q.price_per
        from price q
        join price_list l on l.id = q.list_id
        where l.organisation_id = $1 and q.product_id = $5 and l.currency = $3
          and (l.buyer_id is null or l.buyer_id = $2)
          and (l.tier is null or exists (
            select 1 from price_tier r
            join partnership h on h.id = r.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
            where r.organisation_id = $1 and r.partner_id = $2 and r.tier = l.tier))
          and l.valid_from <= $4 and (l.valid_to is null or l.valid_to >= $4)";

    /// The prices of what an order asks for, for its buyer on its day.
    LISTED = "
        select p.sku, p.unit, l.buyer_id, l.tier, l.valid_from, l.valid_to, q.from_quantity, q.unit_price, q.price_per
        from price q
        join price_list l on l.id = q.list_id
        join product p on p.id = q.product_id
        where l.organisation_id = $1 and l.currency = $3 and (l.buyer_id is null or l.buyer_id = $2)
          and (l.tier is null or exists (
            select 1 from price_tier r
            join partnership h on h.id = r.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
            where r.organisation_id = $1 and r.partner_id = $2 and r.tier = l.tier))
          and l.valid_from <= $4 and (l.valid_to is null or l.valid_to >= $4)
          and p.sku in (select product from trade_order_line where order_id = $5)";

    /// The other side of a partnership of one's own that stands.
    OTHER_SIDE = "
        select o.id, o.name
        from partnership h
        join organisation o on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        where h.id = $2 and (h.proposer_id = $1 or h.answerer_id = $1) and h.state in ('active', 'ending', 'suspended')";

    /// Takes a partner out of its tier.
    LEAVE_TIER = "
        delete from price_tier where organisation_id = $1 and partnership_id = $2";

    /// Puts a partner into a tier.
    JOIN_TIER = "
        insert into price_tier (organisation_id, partnership_id, partner_id, tier, updated_at)
        values ($1, $2, $3, $4, $5)";

    /// The partners that are in a tier of one's own, as long as their partnerships stand.
    TIERS = "
        select r.partnership_id, r.partner_id, o.name, r.tier
        from price_tier r
        join partnership h on h.id = r.partnership_id and h.state in ('active', 'ending', 'suspended')
        join organisation o on o.id = r.partner_id
        where r.organisation_id = $1
        order by o.name, o.id
        limit 1000";
}

/// A list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<PriceList>,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) buyer_name: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) valid_from: Day,
    pub(super) valid_to: Option<Day>,
    pub(super) revision: i64,
    pub(super) updated_at: Moment,
    pub(super) prices: i64,
}

/// When another list holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct TermRow {
    pub(super) name: String,
    currency: Currency,
    buyer_id: Option<Id<Organisation>>,
    tier: Option<String>,
    valid_from: Day,
    valid_to: Option<Day>,
}

impl TermRow {
    pub(super) fn term(&self) -> Term {
        Term {
            buyer: self.buyer_id,
            tier: self.tier.clone(),
            currency: self.currency,
            from: self.valid_from,
            to: self.valid_to,
        }
    }
}

/// A price of a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct PriceRow {
    pub(super) product_id: Id<Product>,
    pub(super) sku: String,
    pub(super) from_quantity: String,
    pub(super) unit_price: String,
    pub(super) price_per: i64,
}

/// A product that has a price.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OfferedRow {
    pub(super) id: Id<Product>,
    pub(super) sku: String,
    pub(super) gtin: Option<String>,
    pub(super) names: String,
    pub(super) family: String,
    pub(super) unit: String,
    pub(super) pack: Option<String>,
}

/// A price that holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OfferRow {
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) tier: Option<String>,
    pub(super) valid_from: Day,
    pub(super) valid_to: Option<Day>,
    pub(super) from_quantity: String,
    pub(super) unit_price: String,
    pub(super) price_per: i64,
}

/// A price that holds, of a product that is ordered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) sku: String,
    pub(super) unit: String,
    #[sqlx(flatten)]
    pub(super) offer: OfferRow,
}

pub(super) async fn hold(tx: &mut Tx, own: Id<Organisation>) -> Result<(), Fault> {
    tx.run(HOLD).bind(own).execute().await.map(drop)
}

/// The name of a partner, as long as the partnership stands.
pub(super) async fn partner(
    conn: &mut Conn,
    own: Id<Organisation>,
    other: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    let row: Option<(Id<Organisation>, String)> =
        conn.run(PARTNER).bind(own).bind(other).optional().await?;
    Ok(row.map(|(_, name)| name))
}

pub(super) async fn terms(
    conn: &mut Conn,
    own: Id<Organisation>,
    (currency, but): (Currency, Id<PriceList>),
) -> Result<Vec<TermRow>, Fault> {
    conn.run(TERMS).bind(own).bind(currency).bind(but).all().await
}

pub(super) async fn insert(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<PriceList>,
    words: &PriceListWords,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(INSERT).bind(id).bind(own).bind(words.name.clone());
    let query = query.bind(words.currency).bind(words.buyer);
    let query = query.bind(words.tier.clone()).bind(words.valid_from);
    query.bind(words.valid_to).bind(at).execute().await.map(drop)
}

pub(super) async fn update(
    tx: &mut Tx,
    own: Id<Organisation>,
    (id, revision): (Id<PriceList>, i64),
    words: &PriceListWords,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(UPDATE).bind(own).bind(id).bind(revision);
    let query = query.bind(words.name.clone()).bind(words.currency).bind(words.buyer);
    let query = query.bind(words.tier.clone());
    let query = query.bind(words.valid_from).bind(words.valid_to).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn clear(tx: &mut Tx, id: Id<PriceList>) -> Result<(), Fault> {
    tx.run(CLEAR).bind(id).execute().await.map(drop)
}

/// Keeps a price: false, if the product is not one's own.
pub(super) async fn price(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<PriceList>,
    it: &ListedPrice,
) -> Result<bool, Fault> {
    let query = tx.run(PRICE).bind(own).bind(id).bind(it.product);
    let query = query.bind(it.price.from.clone()).bind(it.price.unit_price.clone());
    Ok(query.bind(i64::from(it.price.price_per)).execute().await? == 1)
}

pub(super) async fn list(
    conn: &mut Conn,
    own: Id<Organisation>,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(own).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    own: Id<Organisation>,
    id: Id<PriceList>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(own).bind(id).optional().await
}

pub(super) async fn prices(
    conn: &mut Conn,
    own: Id<Organisation>,
    id: Id<PriceList>,
) -> Result<Vec<PriceRow>, Fault> {
    conn.run(PRICES).bind(own).bind(id).all().await
}

/// What is asked for: whose products, for whom, in what, on which day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) seller: Id<Organisation>,
    pub(super) buyer: Id<Organisation>,
    pub(super) currency: Currency,
    pub(super) on: Day,
}

pub(super) async fn offered(
    conn: &mut Conn,
    asked: Asked,
    (after, text, limit): (String, &str, i64),
) -> Result<Vec<OfferedRow>, Fault> {
    let query = conn.run(OFFERED).bind(asked.seller).bind(asked.buyer);
    let query = query.bind(asked.currency).bind(asked.on);
    query.bind(after).bind(like(text)).bind(limit).all().await
}

pub(super) async fn offer(
    conn: &mut Conn,
    asked: Asked,
    product: Id<Product>,
) -> Result<Vec<OfferRow>, Fault> {
    let query = conn.run(OFFER).bind(asked.seller).bind(asked.buyer);
    query.bind(asked.currency).bind(asked.on).bind(product).all().await
}

pub(super) async fn listed(
    conn: &mut Conn,
    asked: Asked,
    order: Id<Order>,
) -> Result<Vec<ListedRow>, Fault> {
    let query = conn.run(LISTED).bind(asked.seller).bind(asked.buyer);
    query.bind(asked.currency).bind(asked.on).bind(order).all().await
}

/// Who is on the other side of a partnership of one's own that stands, and its name.
pub(super) async fn other_side(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Option<(Id<Organisation>, String)>, Fault> {
    conn.run(OTHER_SIDE).bind(own).bind(partnership).optional().await
}

pub(super) async fn leave_tier(
    tx: &mut Tx,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<(), Fault> {
    tx.run(LEAVE_TIER).bind(own).bind(partnership).execute().await.map(drop)
}

pub(super) async fn join_tier(
    tx: &mut Tx,
    own: Id<Organisation>,
    (partnership, partner): (Id<Partnership>, Id<Organisation>),
    tier: &str,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(JOIN_TIER).bind(own).bind(partnership).bind(partner);
    query.bind(tier.to_owned()).bind(at).execute().await.map(drop)
}

pub(super) async fn tiers(
    conn: &mut Conn,
    own: Id<Organisation>,
) -> Result<Vec<TierRow>, Fault> {
    conn.run(TIERS).bind(own).all().await
}
