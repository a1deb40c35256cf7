//! `product`.

use kernel::{Fault, Id, Moment, Organisation, Product};
use store::{Conn, Tx, statements};

use super::rules::{ProductWords, like};

statements! {
    /// Keeps a new product, unless one has its number or its GTIN.
    INSERT = "
        insert into product (id, organisation_id, sku, gtin, names, family, unit, pack, active, words, revision, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
        on conflict do nothing";

    /// Whether another product of one's own has this number or GTIN.
    TAKEN = "
        select id from product
        where organisation_id = $1 and id <> $2 and (sku = $3 or gtin = $4)
        limit 1";

    /// Writes a product anew, at the revision that was read.
    UPDATE = "
        update product
        set sku = $4, gtin = $5, names = $6, family = $7, unit = $8, pack = $9, active = $10,
            words = $11, revision = revision + 1, updated_at = $12
        where organisation_id = $1 and id = $2 and revision = $3";

    /// A product of one's own.
    ONE = "
        select id, sku, gtin, names, family, unit, pack, active, revision, updated_at
        from product
        where organisation_id = $1 and id = $2";

    /// A page of one's own products, by number.
    LIST = "
        select id, sku, gtin, names, family, unit, pack, active, revision, updated_at
        from product
        where organisation_id = $1 and sku > $2 and words like $3 escape '!'
          and ($4 = 1 or active = 1)
        order by sku
        limit $5";
}

/// A product.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Product>,
    pub(super) sku: String,
    pub(super) gtin: Option<String>,
    pub(super) names: String,
    pub(super) family: String,
    pub(super) unit: String,
    pub(super) pack: Option<String>,
    pub(super) active: i64,
    pub(super) revision: i64,
    pub(super) updated_at: Moment,
}

fn names(words: &ProductWords) -> Result<String, Fault> {
    serde_json::to_string(&words.names).map_err(Fault::new("keeping a product"))
}

pub(super) async fn insert(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Product>,
    own: &ProductWords,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(INSERT).bind(id).bind(organisation).bind(own.sku.clone());
    let query = query.bind(own.gtin.clone()).bind(names(own)?).bind(own.family.clone());
    let query = query.bind(own.unit.clone()).bind(own.pack.clone());
    let query = query.bind(i64::from(own.active)).bind(own.words()).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn taken(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Product>,
    own: &ProductWords,
) -> Result<bool, Fault> {
    let query = conn.run(TAKEN).bind(organisation).bind(id).bind(own.sku.clone());
    let row: Option<(Id<Product>,)> = query.bind(own.gtin.clone()).optional().await?;
    Ok(row.is_some())
}

pub(super) async fn update(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (id, revision): (Id<Product>, i64),
    own: &ProductWords,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(UPDATE).bind(organisation).bind(id).bind(revision);
    let query = query.bind(own.sku.clone()).bind(own.gtin.clone()).bind(names(own)?);
    let query = query.bind(own.family.clone()).bind(own.unit.clone());
    let query = query.bind(own.pack.clone()).bind(i64::from(own.active));
    Ok(query.bind(own.words()).bind(at).execute().await? == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Product>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

/// What a page of products is of.
pub(super) struct Wanted<'w> {
    pub(super) after: String,
    pub(super) text: &'w str,
    pub(super) inactive: bool,
    pub(super) limit: i64,
}

pub(super) async fn list(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: Wanted<'_>,
) -> Result<Vec<Row>, Fault> {
    let query = conn.run(LIST).bind(organisation).bind(wanted.after);
    let query = query.bind(like(wanted.text)).bind(i64::from(wanted.inactive));
    query.bind(wanted.limit).all().await
}
