//! The tables `population`, `population_row` and `population_key`: one's own alone.

use kernel::{Fault, Id, Moment, Organisation, Population};
use serde_json::json;
use store::{Conn, Tx, statements};

use super::{Filter, ListRow, Made, Source};

statements! {
    /// The organisation's populations, by name.
    LIST = "
        select p.id, p.name, p.source, p.segment, p.country, p.city, p.filename, p.row_count,
               p.keyed_count, p.revision, p.updated_at,
               (select count(*) from live_offer o where o.population_id = p.id) as shown_to
        from population p
        where p.organisation_id = $1 and p.deleted_at is null
        order by p.name, p.id";

    /// One of them.
    ONE = "
        select p.id, p.name, p.source, p.segment, p.country, p.city, p.filename, p.row_count,
               p.keyed_count, p.revision, p.updated_at,
               (select count(*) from live_offer o where o.population_id = p.id) as shown_to
        from population p
        where p.organisation_id = $1 and p.id = $2 and p.deleted_at is null";

    /// How many there are.
    COUNT = "
        select count(*) from population where organisation_id = $1 and deleted_at is null";

    /// Whose a population is, and what it is made of.
    WHOSE unscoped "the clock compares for both sides" = "
        select organisation_id, source from population where id = $1 and deleted_at is null";

    /// Holds it to the end of the transaction: two comparisons go one after the other.
    HOLD = "
        update population set revision = revision where organisation_id = $1 and id = $2";

    /// Keeps a new one.
    INSERT = "
        insert into population (id, organisation_id, name, source, segment, country, city, filename, row_count, keyed_count, changed_at, revision, created_at, updated_at)
        values ($2, $1, $3, $4, $5, $6, $7, $8, 0, 0, $9, 1, $9, $9)";

    /// Gives it another name, if it is still at the revision that was read.
    RENAME = "
        update population set name = $4, updated_at = $5, revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3 and deleted_at is null";

    /// Makes it of something else.
    REMAKE = "
        update population
        set source = $3, segment = $4, country = $5, city = $6, filename = $7, changed_at = $8
        where organisation_id = $1 and id = $2";

    /// Deletes it; what was told of it stays told, so its numbers are not counted anew.
    DELETE = "
        update population set deleted_at = $3, revision = revision + 1
        where organisation_id = $1 and id = $2 and deleted_at is null";

    /// How many accounts pass a filter, and how many of them have a key.
    FOUND = "
        select count(*),
               coalesce(sum(case when exists (
                   select 1 from account_key k
                   where k.organisation_id = $1 and k.account_id = a.id
                   limit 1 offset 0) then 1 else 0 end), 0)
        from account a
        where a.organisation_id = $1 and a.deleted_at is null
          and (cast($2 as text) is null or a.segment = $2)
          and (cast($3 as text) is null or a.country = $3)
          and (cast($4 as text) is null or a.city = $4)";

    /// Forgets the rows of a list.
    DROP_ROWS = "
        delete from population_row
        where population_id = $2
          and exists (select 1 from population p where p.id = $2 and p.organisation_id = $1)";

    /// Forgets its keys.
    DROP_KEYS = "
        delete from population_key
        where population_id = $2
          and exists (select 1 from population p where p.id = $2 and p.organisation_id = $1)";

    /// Forgets the keys of accounts that do not belong to it, or no longer have them.
    DROP_STRANGERS = "
        delete from population_key
        where population_id = $2
          and not exists (
              select 1 from population p
              join account_key k on k.organisation_id = p.organisation_id
               and k.account_id = population_key.row_id and k.scheme = population_key.scheme
               and k.value = population_key.value
              join account a on a.id = k.account_id and a.organisation_id = k.organisation_id
              where p.id = $2 and p.organisation_id = $1 and p.source = 'filter'
                and a.deleted_at is null
                and (p.segment is null or a.segment = p.segment)
                and (p.country is null or a.country = p.country)
                and (p.city is null or a.city = p.city)
              limit 1 offset 0)";

    /// Brings in the keys of the accounts that pass its filter.
    ADD_FOUND = "
        insert into population_key (population_id, scheme, value, row_id)
        select p.id, k.scheme, k.value, k.account_id
        from population p
        join account_key k on k.organisation_id = p.organisation_id
        join account a on a.id = k.account_id and a.organisation_id = k.organisation_id
        where p.id = $2 and p.organisation_id = $1 and a.deleted_at is null
          and (p.segment is null or a.segment = p.segment)
          and (p.country is null or a.country = p.country)
          and (p.city is null or a.city = p.city)
        on conflict do nothing";

    /// A key that more than twenty rows share names no customer, and would make each of them
    /// the same as each of the other side's.
    DROP_COMMON = "
        delete from population_key
        where population_id = $2
          and exists (select 1 from population p where p.id = $2 and p.organisation_id = $1)
          and (scheme, value) in (
              select c.scheme, c.value from population_key c
              where c.population_id = $2
              group by c.scheme, c.value
              having count(*) > 20)";

    /// How many rows a list has.
    COUNT_LIST = "
        update population
        set row_count = (select count(*) from population_row r where r.population_id = $2),
            keyed_count = (select count(distinct k.row_id) from population_key k where k.population_id = $2)
        where organisation_id = $1 and id = $2";

    /// How many accounts pass its filter.
    COUNT_FILTER = "
        update population
        set row_count = (
                select count(*) from account a
                where a.organisation_id = $1 and a.deleted_at is null
                  and (population.segment is null or a.segment = population.segment)
                  and (population.country is null or a.country = population.country)
                  and (population.city is null or a.city = population.city)),
            keyed_count = (
                select count(*) from account a
                where a.organisation_id = $1 and a.deleted_at is null
                  and (population.segment is null or a.segment = population.segment)
                  and (population.country is null or a.country = population.country)
                  and (population.city is null or a.city = population.city)
                  and exists (
                      select 1 from account_key k
                      where k.organisation_id = $1 and k.account_id = a.id
                      limit 1 offset 0))
        where organisation_id = $1 and id = $2";

    /// Keeps rows of a list.
    ADD_ROWS = sqlite "
        insert into population_row (population_id, id, name, domain, vat, city, country)
        select p.id, unhex(r.value ->> '$.id'), r.value ->> '$.name', r.value ->> '$.domain',
               r.value ->> '$.vat', r.value ->> '$.city', r.value ->> '$.country'
        from population p, json_each($3) r
        where p.organisation_id = $1 and p.id = $2", postgres "
        insert into population_row (population_id, id, name, domain, vat, city, country)
        select p.id, r.id, r.name, r.domain, r.vat, r.city, r.country
        from population p,
             jsonb_to_recordset(cast($3 as jsonb)) as r (id uuid, name text, domain text, vat text, city text, country text)
        where p.organisation_id = $1 and p.id = $2";

    /// Keeps their keys.
    ADD_KEYS = sqlite "
        insert into population_key (population_id, scheme, value, row_id)
        select p.id, k.value ->> '$.scheme', k.value ->> '$.value', unhex(r.value ->> '$.id')
        from population p, json_each($3) r, json_each(r.value -> '$.keys') k
        where p.organisation_id = $1 and p.id = $2", postgres "
        insert into population_key (population_id, scheme, value, row_id)
        select p.id, k.scheme, k.value, r.id
        from population p,
             jsonb_to_recordset(cast($3 as jsonb)) as r (id uuid, keys jsonb)
        cross join lateral jsonb_to_recordset(r.keys) as k (scheme text, value text)
        where p.organisation_id = $1 and p.id = $2";
}

/// A population, as its owner reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::mapping) struct Row {
    pub(in crate::mapping) id: Id<Population>,
    pub(in crate::mapping) name: String,
    pub(in crate::mapping) source: Source,
    pub(in crate::mapping) segment: Option<String>,
    pub(in crate::mapping) country: Option<String>,
    pub(in crate::mapping) city: Option<String>,
    pub(in crate::mapping) filename: Option<String>,
    #[sqlx(rename = "row_count")]
    pub(in crate::mapping) rows: i64,
    pub(in crate::mapping) keyed_count: i64,
    pub(in crate::mapping) revision: i64,
    pub(in crate::mapping) updated_at: Moment,
    pub(in crate::mapping) shown_to: i64,
}

pub(in crate::mapping) async fn list(
    conn: &mut Conn,
    own: Id<Organisation>,
) -> Result<Vec<Row>, Fault> {
    conn.run(LIST).bind(own).all().await
}

pub(in crate::mapping) async fn one(
    conn: &mut Conn,
    own: Id<Organisation>,
    id: Id<Population>,
) -> Result<Option<Row>, Fault> {
    conn.run(ONE).bind(own).bind(id).optional().await
}

pub(super) async fn count(conn: &mut Conn, own: Id<Organisation>) -> Result<i64, Fault> {
    let (count,): (i64,) = conn.run(COUNT).bind(own).one().await?;
    Ok(count)
}

pub(super) async fn whose(
    conn: &mut Conn,
    id: Id<Population>,
) -> Result<Option<(Id<Organisation>, Source)>, Fault> {
    conn.run(WHOSE).bind(id).optional().await
}

/// The columns that say what it is made of: source, segment, country, city, file.
type Columns = (Source, Option<String>, Option<String>, Option<String>, Option<String>);

fn columns(made: &Made) -> Columns {
    match made {
        Made::Of(Filter { segment, country, city }) => {
            (Source::Filter, segment.clone(), country.clone(), city.clone(), None)
        }
        Made::From { filename, .. } => {
            (Source::List, None, None, None, Some(filename.clone()))
        }
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<Population>,
    name: &str,
    made: &Made,
    at: Moment,
) -> Result<(), Fault> {
    let (source, segment, country, city, filename) = columns(made);
    let query = tx.run(INSERT).bind(own).bind(id).bind(name).bind(source);
    let query = query.bind(segment).bind(country).bind(city).bind(filename);
    query.bind(at).execute().await.map(drop)
}

pub(super) async fn rename(
    tx: &mut Tx,
    own: Id<Organisation>,
    (id, revision): (Id<Population>, i64),
    name: &str,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(RENAME).bind(own).bind(id).bind(revision).bind(name).bind(at);
    Ok(query.execute().await? == 1)
}

pub(super) async fn remake(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<Population>,
    made: &Made,
    at: Moment,
) -> Result<(), Fault> {
    let (source, segment, country, city, filename) = columns(made);
    let query = tx.run(REMAKE).bind(own).bind(id).bind(source);
    let query = query.bind(segment).bind(country).bind(city).bind(filename);
    query.bind(at).execute().await.map(drop)
}

pub(super) async fn delete(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<Population>,
    at: Moment,
) -> Result<(), Fault> {
    drop_rows(tx, own, id).await?;
    drop_keys(tx, own, id).await?;
    tx.run(DELETE).bind(own).bind(id).bind(at).execute().await.map(drop)
}

pub(super) async fn found(
    conn: &mut Conn,
    own: Id<Organisation>,
    filter: &Filter,
) -> Result<(i64, i64), Fault> {
    let Filter { segment, country, city } = filter;
    conn.run(FOUND).anew().bind(own).bind(segment).bind(country).bind(city).one().await
}

/// How many rows one statement takes.
const AT_ONCE: usize = 500;

pub(super) async fn add_rows(
    tx: &mut Tx,
    own: Id<Organisation>,
    id: Id<Population>,
    rows: &[ListRow],
) -> Result<(), Fault> {
    for some in rows.chunks(AT_ONCE) {
        let each = some.iter().map(|row| {
            let key = |it: &crate::keys::CustomerKey| json!({ "scheme": it.scheme, "value": it.value });
            json!({
                "id": Id::<Population>::mint().uuid().simple().to_string(),
                "name": row.fields.name, "domain": row.fields.domain, "vat": row.fields.vat,
                "city": row.fields.city, "country": row.fields.country,
                "keys": row.keys.iter().map(key).collect::<Vec<_>>(),
            })
        });
        let list = serde_json::Value::Array(each.collect()).to_string();
        tx.run(ADD_ROWS).bind(own).bind(id).bind(&list).execute().await?;
        tx.run(ADD_KEYS).bind(own).bind(id).bind(&list).execute().await?;
    }
    Ok(())
}

macro_rules! each {
    ($( $name:ident = $statement:ident; )+) => {
        $( pub(super) async fn $name(
            tx: &mut Tx,
            own: Id<Organisation>,
            id: Id<Population>,
        ) -> Result<(), Fault> {
            tx.run($statement).anew().bind(own).bind(id).execute().await.map(drop)
        } )+
    };
}

each! {
    hold = HOLD;
    drop_rows = DROP_ROWS;
    drop_keys = DROP_KEYS;
    drop_strangers = DROP_STRANGERS;
    add_found = ADD_FOUND;
    drop_common = DROP_COMMON;
    count_list = COUNT_LIST;
    count_filter = COUNT_FILTER;
}
