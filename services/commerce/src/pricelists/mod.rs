//! Price lists: what the products of an organisation cost, for one partner or for all.
//!
//! A list is its owner's alone, name and all: for one partner, for a tier ([`tiers`]), or for all. A partner asks for prices ([`prices`]) and hears what
//! holds for itself on a day, product by product, as long as the partnership stands; neither that
//! there are other lists nor what they say. `rules.rs` has the rule by which a price is found.

mod compare;
mod http;
pub(crate) mod rules;
mod sql;
pub mod tiers;

use std::collections::BTreeMap;

use gate::{CONFLICT, Page, PageAsk, Permit, Problem, Scope};
use kernel::{Currency, Day, Fault, Id, Moment, Organisation, PriceList, Product};
use serde::Serialize;
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};
use utoipa::ToSchema;

pub use compare::{OffList, off_list};
pub use http::routes;
pub use rules::{ListedPrice, PriceBreak, PriceFlaw, PriceListWords};
pub use sql::ALL as STATEMENTS;

use crate::catalogue::WriteProducts;

/// A price list in brief.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PriceListSummary {
    /// Which.
    pub id: Id<PriceList>,
    /// What its owner calls it.
    pub name: String,
    /// In what its prices are.
    pub currency: Currency,
    /// For which partner; none is a tier, or all of them.
    pub buyer: Option<PriceListBuyer>,
    /// For the partners of which tier.
    pub tier: Option<String>,
    /// The first day on which it holds.
    pub valid_from: Day,
    /// The last day on which it holds.
    pub valid_to: Option<Day>,
    /// How many prices it has.
    pub prices: i64,
    /// How often it changed.
    pub revision: i64,
    /// When it last changed.
    pub updated_at: Moment,
}

/// For whom a price list is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PriceListBuyer {
    /// Which organisation.
    pub id: Id<Organisation>,
    /// Its name.
    pub name: String,
}

/// A price list with its prices.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PriceListView {
    /// The list in brief.
    #[serde(flatten)]
    pub summary: PriceListSummary,
    /// Its prices, by the number of the product and from the least quantity.
    pub rows: Vec<PriceListRow>,
}

/// A price of a list.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PriceListRow {
    /// The number of its product.
    pub sku: String,
    /// The price.
    #[serde(flatten)]
    pub price: ListedPrice,
}

/// A product, and what it costs the one who asks or is asked for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PricedProduct {
    /// Which.
    pub product: Id<Product>,
    /// The seller's number for it.
    pub sku: String,
    /// Its GTIN.
    pub gtin: Option<String>,
    /// Its names by language.
    pub names: BTreeMap<String, String>,
    /// The family that it belongs to.
    pub family: String,
    /// The unit in which it is sold.
    pub unit: String,
    /// How many units a pack holds.
    pub pack: Option<String>,
    /// In what the prices are.
    pub currency: Currency,
    /// The prices from the least quantity to the greatest: the last one whose quantity is not
    /// above the one asked for counts.
    pub prices: Vec<PriceBreak>,
}

/// Why a price list did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such list, or it is not the caller's.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// What it says makes no sense.
    #[error(transparent)]
    Flaw(#[from] PriceFlaw),
    /// The buyer is no partner.
    #[error("a list is for a partner of yours, or for all of them")]
    NoPartner,
    /// A price is of something that is no product of one's own.
    #[error("price {0}: no product of yours has that id")]
    NoProduct(usize),
    /// Another list holds for the same on the same day.
    #[error(
        "`{0}` holds for the same partners in the same currency on some of these days; end it before, or begin after it"
    )]
    Clash(String),
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Flaw(flaw) => Self::refused(flaw.field, flaw.why),
            Refusal::NoPartner => Self::refused("buyer", detail),
            Refusal::NoProduct(_) => Self::refused("prices", detail),
            Refusal::Clash(_) => Self::new(&CONFLICT, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<sql::Row> for PriceListSummary {
    fn from(row: sql::Row) -> Self {
        let buyer = row.buyer_id.zip(row.buyer_name);
        Self {
            id: row.id,
            name: row.name,
            currency: row.currency,
            buyer: buyer.map(|(id, name)| PriceListBuyer { id, name }),
            tier: row.tier,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            prices: row.prices,
            revision: row.revision,
            updated_at: row.updated_at,
        }
    }
}

/// Adds a list, or writes one anew at the revision that was read.
///
/// # Errors
/// [`Refusal`].
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteProducts>,
    of: Option<(Id<PriceList>, i64)>,
    words: PriceListWords,
    at: Moment,
) -> Result<Id<PriceList>, Refusal> {
    let own = permit.scope().organisation();
    if let Some((id, revision)) = of {
        let row = sql::one(tx, own, id).await?.ok_or(Refusal::NotFound)?;
        if row.revision != revision {
            return Err(Refusal::Stale(row.revision));
        }
    }
    let words = words.read()?;
    sql::hold(tx, own).await?;
    if let Some(buyer) = words.buyer {
        sql::partner(tx, own, buyer).await?.ok_or(Refusal::NoPartner)?;
    }
    let id = of.map_or_else(Id::mint, |(id, _)| id);
    let term = rules::Term {
        buyer: words.buyer,
        tier: words.tier.clone(),
        currency: words.currency,
        from: words.valid_from,
        to: words.valid_to,
    };
    let others = sql::terms(tx, own, (words.currency, id)).await?;
    if let Some(other) = others.into_iter().find(|it| it.term().clashes(&term)) {
        return Err(Refusal::Clash(other.name));
    }
    match of {
        None => sql::insert(tx, own, id, &words, at).await?,
        Some((_, revision)) => {
            if !sql::update(tx, own, (id, revision), &words, at).await? {
                return Err(Refusal::Stale(revision + 1));
            }
            sql::clear(tx, id).await?;
        }
    }
    for (place, it) in (1..).zip(&words.prices) {
        if !sql::price(tx, own, id, it).await? {
            return Err(Refusal::NoProduct(place));
        }
    }
    let (subject, actor) = (("price_list", id.to_string()), permit.scope().actor());
    let detail =
        json!({ "prices": words.prices.len(), "buyer": words.buyer, "tier": words.tier });
    audit::write(tx, own, actor, "price_list.write", subject, detail, at).await?;
    Ok(id)
}

/// One's own lists, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
) -> Result<Page<PriceListSummary>, Refusal> {
    let rows = sql::list(conn, scope.organisation()).await?;
    Ok(Page::all(rows.into_iter().map(PriceListSummary::from).collect()))
}

/// A list of one's own.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    id: Id<PriceList>,
) -> Result<PriceListView, Refusal> {
    let own = scope.organisation();
    let row = sql::one(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let rows = sql::prices(conn, own, id).await?.into_iter().map(|it| PriceListRow {
        sku: it.sku,
        price: ListedPrice {
            product: it.product_id,
            price: broken_down(it.from_quantity, it.unit_price, it.price_per),
        },
    });
    let mut rows: Vec<_> = rows.collect();
    let from =
        |it: &PriceListRow| it.price.price.from.parse::<rust_decimal::Decimal>().ok();
    rows.sort_by(|one, two| one.sku.cmp(&two.sku).then(from(one).cmp(&from(two))));
    Ok(PriceListView { summary: row.into(), rows })
}

fn broken_down(from: String, unit_price: String, per: i64) -> PriceBreak {
    PriceBreak { from, unit_price, price_per: u32::try_from(per).unwrap_or(1) }
}

/// Who asks for prices of whom.
#[derive(Clone, Copy, Debug)]
pub enum Between {
    /// One's own prices, for this buyer.
    Buyer(Id<Organisation>),
    /// The prices of this seller, for oneself.
    Seller(Id<Organisation>),
}

/// A page of what a seller's products cost a buyer on a day, by number. Empty where the two are
/// no partners: whether the other one exists is not told.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn prices(
    conn: &mut Conn,
    scope: Scope,
    between: Between,
    (currency, on, text): (Currency, Day, &str),
    ask: &PageAsk,
) -> Result<Page<PricedProduct>, Problem> {
    let own = scope.organisation();
    let (seller, buyer, other) = match between {
        Between::Buyer(buyer) => (own, buyer, buyer),
        Between::Seller(seller) => (seller, own, seller),
    };
    let after: String = ask.after()?.unwrap_or_default();
    if sql::partner(conn, own, other).await?.is_none() {
        return Ok(Page::all(Vec::new()));
    }
    let (asked, limit) = (sql::Asked { seller, buyer, currency, on }, ask.limit());
    let rows = sql::offered(conn, asked, (after, text, limit + 1)).await?;
    let page = Page::cut(rows, limit, |row| row.sku.clone());
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(priced(conn, asked, row).await?);
    }
    Ok(Page { items, next: page.next, total: page.total })
}

async fn priced(
    conn: &mut Conn,
    asked: sql::Asked,
    row: sql::OfferedRow,
) -> Result<PricedProduct, Fault> {
    let offers = sql::offer(conn, asked, row.id).await?;
    let names = serde_json::from_str(&row.names);
    Ok(PricedProduct {
        product: row.id,
        sku: row.sku,
        gtin: row.gtin,
        names: names.map_err(Fault::new("reading a product"))?,
        family: row.family,
        unit: row.unit,
        pack: row.pack,
        currency: asked.currency,
        prices: effective(asked, offers),
    })
}

/// What holds of prices, by the rule.
fn effective(
    asked: sql::Asked,
    offers: impl IntoIterator<Item = sql::OfferRow>,
) -> Vec<PriceBreak> {
    let offers = offers.into_iter().map(|it| {
        let term = rules::Term {
            buyer: it.buyer_id,
            tier: it.tier,
            currency: asked.currency,
            from: it.valid_from,
            to: it.valid_to,
        };
        (term, vec![broken_down(it.from_quantity, it.unit_price, it.price_per)])
    });
    // A list of a tier was found by the statement only for a buyer that is in it.
    let holds = |term: &rules::Term| {
        let whom = (asked.buyer, term.tier.as_deref());
        term.holds(whom, asked.currency, asked.on)
    };
    rules::effective(offers.filter(|(term, _)| holds(term)))
}
