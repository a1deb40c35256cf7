//! By what the accounts in the books are known: written with each account, so that comparing
//! reads keys and no accounts. What leaves a population is gone from what partners see in the
//! same commit; what comes into one waits until it is compared.

use kernel::{Account, Fault, Id, Import, Moment, Organisation};
use serde_json::json;
use store::{Tx, statements};

use crate::{
    accounts::Fields,
    keys::{CustomerKey, KeyScheme},
};

statements! {
    /// Keeps the keys of accounts.
    ADD = sqlite "
        insert into account_key (organisation_id, account_id, scheme, value)
        select $1, unhex(r.value ->> '$.id'), r.value ->> '$.scheme', r.value ->> '$.value'
        from json_each($2) r
        where true
        on conflict do nothing", postgres "
        insert into account_key (organisation_id, account_id, scheme, value)
        select $1, r.id, r.scheme, r.value
        from jsonb_to_recordset(cast($2 as jsonb)) as r (id uuid, scheme text, value text)
        on conflict do nothing";

    /// Forgets the keys of an account.
    DROP = "
        delete from account_key where organisation_id = $1 and account_id = $2";

    /// Forgets the keys of the accounts of an import that was undone.
    DROP_OF_IMPORT = "
        delete from account_key
        where organisation_id = $1 and account_id in (
            select a.id from account a
            where a.organisation_id = $1 and a.import_id = $2 and a.deleted_at = $3)";

    /// Those accounts are in no population any more.
    NARROW_OF_IMPORT = "
        delete from population_key
        where population_id in (
              select p.id from population p where p.organisation_id = $1 and p.source = 'filter')
          and row_id in (
              select a.id from account a
              where a.organisation_id = $1 and a.import_id = $2 and a.deleted_at = $3)";

    /// An account is in no population any more by a key that it no longer has, nor in one whose
    /// filter it no longer passes.
    NARROW = "
        delete from population_key
        where row_id = $2
          and population_id in (
              select p.id from population p where p.organisation_id = $1 and p.source = 'filter')
          and not exists (
              select 1 from account_key k
              join account a on a.id = k.account_id and a.organisation_id = k.organisation_id
              join population p on p.id = population_key.population_id
              where k.organisation_id = $1 and k.account_id = $2
                and k.scheme = population_key.scheme and k.value = population_key.value
                and a.deleted_at is null
                and (p.segment is null or a.segment = p.segment)
                and (p.country is null or a.country = p.country)
                and (p.city is null or a.city = p.city))";

    /// What was compared is no longer what the books say. Written once after each comparison.
    CHANGED = "
        update population
        set changed_at = $2
        where organisation_id = $1 and source = 'filter' and deleted_at is null
          and exists (
              select 1 from mapping_cell c
              where (c.proposer_population_id = population.id or c.answerer_population_id = population.id)
                and c.computed_at >= population.changed_at)";
}

/// The keys of an account.
fn keys_of(fields: &Fields) -> impl Iterator<Item = CustomerKey> {
    let domain = CustomerKey::of_books(KeyScheme::Domain, fields.domain.as_deref());
    let vat = CustomerKey::of_books(KeyScheme::Vat, fields.vat.as_deref());
    domain.into_iter().chain(vat)
}

/// Accounts were added.
///
/// # Errors
/// If the database fails.
pub(crate) async fn added<'f>(
    tx: &mut Tx,
    owner: Id<Organisation>,
    accounts: impl Iterator<Item = (Id<Account>, &'f Fields)>,
    at: Moment,
) -> Result<(), Fault> {
    let rows = accounts.flat_map(|(id, fields)| {
        let id = id.uuid().simple().to_string();
        let row = move |key: CustomerKey| json!({ "id": id, "scheme": key.scheme, "value": key.value });
        keys_of(fields).map(row)
    });
    let rows: Vec<serde_json::Value> = rows.collect();
    if !rows.is_empty() {
        let list = serde_json::Value::Array(rows).to_string();
        tx.run(ADD).bind(owner).bind(list).execute().await?;
    }
    changed(tx, owner, at).await
}

/// An account was changed.
///
/// # Errors
/// If the database fails.
pub(crate) async fn rewritten(
    tx: &mut Tx,
    owner: Id<Organisation>,
    id: Id<Account>,
    (old, new): (&Fields, &Fields),
    at: Moment,
) -> Result<(), Fault> {
    let place = |it: &Fields| (it.segment.clone(), it.country.clone(), it.city.clone());
    let moved = place(old) != place(new);
    if (&old.domain, &old.vat) != (&new.domain, &new.vat) {
        tx.run(DROP).bind(owner).bind(id).execute().await?;
        added(tx, owner, std::iter::once((id, new)), at).await?;
    } else if moved {
        changed(tx, owner, at).await?;
    } else {
        return Ok(());
    }
    tx.run(NARROW).bind(owner).bind(id).execute().await.map(drop)
}

/// An account was deleted.
///
/// # Errors
/// If the database fails.
pub(crate) async fn removed(
    tx: &mut Tx,
    owner: Id<Organisation>,
    id: Id<Account>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(DROP).bind(owner).bind(id).execute().await?;
    tx.run(NARROW).bind(owner).bind(id).execute().await?;
    changed(tx, owner, at).await
}

/// An import was undone.
///
/// # Errors
/// If the database fails.
pub(crate) async fn undone(
    tx: &mut Tx,
    owner: Id<Organisation>,
    import: Id<Import>,
    at: Moment,
) -> Result<(), Fault> {
    for statement in [DROP_OF_IMPORT, NARROW_OF_IMPORT] {
        let query = tx.run(statement).anew();
        query.bind(owner).bind(import).bind(at).execute().await?;
    }
    changed(tx, owner, at).await
}

async fn changed(tx: &mut Tx, owner: Id<Organisation>, at: Moment) -> Result<(), Fault> {
    tx.run(CHANGED).bind(owner).bind(at).execute().await.map(drop)
}
