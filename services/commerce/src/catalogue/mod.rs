//! Products: what an organisation sells, under its own numbers.
//!
//! A product is its organisation's alone; a partner learns of one by its price
//! ([`crate::pricelists`]). Nothing of it is deleted: what is not sold any more is not active.

mod access;
mod http;
pub(crate) mod rules;
mod sql;

use std::collections::BTreeMap;

use gate::{CONFLICT, Page, PageAsk, Permit, Problem, Scope};
use kernel::{Fault, Id, Moment, Product};
use serde::Serialize;
use serde_json::json;
use sharing::audit;
use store::{Conn, Hint, Tx};
use utoipa::ToSchema;

pub use access::{ReadPrices, ReadProducts, WriteProducts};
pub use http::routes;
pub use rules::{ProductFlaw, ProductWords, is_gtin};
pub use sql::ALL as STATEMENTS;

/// A product.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct ProductView {
    /// Which.
    pub id: Id<Product>,
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
    /// Whether it is sold now.
    pub active: bool,
    /// How often it changed.
    pub revision: i64,
    /// When it last changed.
    pub updated_at: Moment,
}

/// Why a product did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such product, or it is not the caller's.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// What it says makes no sense.
    #[error(transparent)]
    Flaw(#[from] ProductFlaw),
    /// Another product has its number or its GTIN.
    #[error("another product of yours has this number or this GTIN")]
    Taken,
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
            Refusal::Taken => Self::new(&CONFLICT, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl TryFrom<sql::Row> for ProductView {
    type Error = Fault;

    fn try_from(row: sql::Row) -> Result<Self, Fault> {
        let names = serde_json::from_str(&row.names);
        Ok(Self {
            id: row.id,
            sku: row.sku,
            gtin: row.gtin,
            names: names.map_err(Fault::new("reading a product"))?,
            family: row.family,
            unit: row.unit,
            pack: row.pack,
            active: row.active == 1,
            revision: row.revision,
            updated_at: row.updated_at,
        })
    }
}

/// Adds a product.
///
/// # Errors
/// [`Refusal::Flaw`], [`Refusal::Taken`].
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<WriteProducts>,
    words: ProductWords,
    at: Moment,
) -> Result<Id<Product>, Refusal> {
    let (id, own) = (Id::mint(), words.read()?);
    if !sql::insert(tx, permit.scope().organisation(), id, &own, at).await? {
        return Err(Refusal::Taken);
    }
    tell(tx, permit.scope(), ("product.add", id, 1), &own, at).await?;
    Ok(id)
}

/// Writes a product anew.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Flaw`], [`Refusal::Taken`], [`Refusal::Stale`].
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteProducts>,
    (id, revision): (Id<Product>, i64),
    words: ProductWords,
    at: Moment,
) -> Result<(), Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(tx, organisation, id).await?.ok_or(Refusal::NotFound)?;
    let own = words.read()?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    if sql::taken(tx, organisation, id, &own).await? {
        return Err(Refusal::Taken);
    }
    if !sql::update(tx, organisation, (id, revision), &own, at).await? {
        return Err(Refusal::Stale(revision + 1));
    }
    tell(tx, permit.scope(), ("product.write", id, revision + 1), &own, at).await
}

async fn tell(
    tx: &mut Tx,
    scope: Scope,
    (action, id, revision): (&str, Id<Product>, i64),
    own: &ProductWords,
    at: Moment,
) -> Result<(), Refusal> {
    let (organisation, of) = (scope.organisation(), ("product", id.to_string()));
    let detail = json!({ "sku": own.sku, "active": own.active });
    audit::write(tx, organisation, scope.actor(), action, of, detail, at).await?;
    let (kind, id) = ("product".to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision });
    Ok(())
}

/// A product of one's own.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Product>,
) -> Result<ProductView, Refusal> {
    let row = sql::one(conn, scope.organisation(), id).await?;
    Ok(row.ok_or(Refusal::NotFound)?.try_into()?)
}

/// A page of one's own products, by number.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    (text, inactive): (&str, bool),
    ask: &PageAsk,
) -> Result<Page<ProductView>, Problem> {
    let after: String = ask.after()?.unwrap_or_default();
    let limit = ask.limit();
    let wanted = sql::Wanted { after, text, inactive, limit: limit + 1 };
    let rows = sql::list(conn, scope.organisation(), wanted).await?;
    let page = Page::cut(rows, limit, |row| row.sku.clone());
    let (next, total) = (page.next, page.total);
    let items = page.items.into_iter().map(ProductView::try_from);
    Ok(Page { items: items.collect::<Result<_, _>>()?, next, total })
}
