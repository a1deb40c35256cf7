//! The table `account_import`, and accounts by the hundred.

use std::collections::HashSet;

use gate::Scope;
use kernel::{Account, Fault, Id, Import, Moment, Person};
use serde_json::json;
use store::{Conn, Tx, statements};

use super::rules::{Row, own_domain};
use crate::{mapping::books, words};

statements! {
    /// Which of these folded names are known. Each is looked up by itself, whatever the
    /// planner believes of the table: `offset 0` keeps it from making a join of it.
    KNOWN_NAMES = sqlite "
        select k.value from json_each($2) k
        where exists (
            select 1 from account a
            where a.organisation_id = $1 and a.sort_name = k.value and a.deleted_at is null)", postgres "
        select k.value from jsonb_array_elements_text(cast($2 as jsonb)) as k (value)
        where exists (
            select 1 from account a
            where a.organisation_id = $1 and a.sort_name = k.value and a.deleted_at is null
            offset 0)";

    /// Which of these domains are known.
    KNOWN_DOMAINS = sqlite "
        select k.value from json_each($2) k
        where exists (
            select 1 from account a
            where a.organisation_id = $1 and a.domain = k.value and a.deleted_at is null)", postgres "
        select k.value from jsonb_array_elements_text(cast($2 as jsonb)) as k (value)
        where exists (
            select 1 from account a
            where a.organisation_id = $1 and a.domain = k.value and a.deleted_at is null
            offset 0)";

    /// Adds accounts.
    ADD_ACCOUNTS = sqlite "
        insert into account (id, organisation_id, name, sort_name, domain, vat, city, country, segment, discount_bp, notes, owner_id, import_id, revision, created_at, updated_at)
        select unhex(r.value ->> '$.id'), $1, r.value ->> '$.name', r.value ->> '$.sort_name',
               r.value ->> '$.domain', r.value ->> '$.vat', r.value ->> '$.city',
               r.value ->> '$.country', r.value ->> '$.segment', r.value ->> '$.discount_bp',
               r.value ->> '$.notes', $3, $4, 1, $5, $5
        from json_each($2) r", postgres "
        insert into account (id, organisation_id, name, sort_name, domain, vat, city, country, segment, discount_bp, notes, owner_id, import_id, revision, created_at, updated_at)
        select r.id, $1, r.name, r.sort_name, r.domain, r.vat, r.city, r.country, r.segment,
               r.discount_bp, r.notes, $3, $4, 1, $5, $5
        from jsonb_to_recordset(cast($2 as jsonb)) as r (id uuid, name text, sort_name text, domain text, vat text, city text, country text, segment text, discount_bp bigint, notes text)";

    /// Keeps the words of their names.
    ADD_WORDS = sqlite "
        insert into account_word (organisation_id, word, account_id)
        select $1, w.value, unhex(r.value ->> '$.id')
        from json_each($2) r, json_each(r.value -> '$.words') w", postgres "
        insert into account_word (organisation_id, word, account_id)
        select $1, w.value, r.id
        from jsonb_to_recordset(cast($2 as jsonb)) as r (id uuid, words jsonb)
        cross join lateral jsonb_array_elements_text(r.words) as w (value)";

    /// Notes an import.
    ADD_IMPORT = "
        insert into account_import (id, organisation_id, person_id, filename, row_count, created_count, state, at)
        values ($2, $1, $3, $4, $5, $6, 'applied', $7)";

    /// The imports, newest first.
    LIST = "
        select i.id, i.filename, i.row_count, i.created_count, i.at, i.person_id,
               p.name as person_name, i.state
        from account_import i
        join person p on p.id = i.person_id
        where i.organisation_id = $1 and i.id < $2
        order by i.id desc
        limit $3";

    /// What became of an import.
    STATE = "
        select state from account_import where organisation_id = $1 and id = $2";

    /// Marks an import as undone, once.
    MARK_UNDONE = "
        update account_import set state = 'undone'
        where organisation_id = $1 and id = $2 and state = 'applied'";

    /// Removes the accounts of an import that nobody has touched since. Contacts, grants and
    /// deals are looked up for each, as above.
    REMOVE = "
        update account
        set deleted_at = $3, updated_at = $3, revision = revision + 1
        where organisation_id = $1 and import_id = $2 and deleted_at is null and revision = 1
          and not exists (
              select 1 from contact c
              where c.organisation_id = $1 and c.account_id = account.id and c.deleted_at is null
              limit 1 offset 0)
          and not exists (
              select 1 from record_grant g
              where g.kind = 'account' and g.record_id = account.id and g.state = 'live'
              limit 1 offset 0)
          and not exists (
              select 1 from deal_side s
              where s.organisation_id = $1 and s.account_id = account.id
              limit 1 offset 0)";

    /// Forgets the words of those that were removed.
    REMOVE_WORDS = "
        delete from account_word
        where organisation_id = $1 and account_id in (
            select a.id from account a
            where a.organisation_id = $1 and a.import_id = $2 and a.deleted_at = $3)";

    /// The accounts of an import that stay, and why.
    KEPT = "
        select a.id, a.name,
               case
                   when a.revision > 1 then 'changed'
                   when exists (
                       select 1 from contact c
                       where c.organisation_id = $1 and c.account_id = a.id and c.deleted_at is null)
                       then 'contacts'
                   when exists (
                       select 1 from record_grant g
                       where g.kind = 'account' and g.record_id = a.id and g.state = 'live')
                       then 'shared'
                   else 'deal'
               end as why
        from account a
        where a.organisation_id = $1 and a.import_id = $2 and a.deleted_at is null
        order by a.sort_name, a.id
        limit 1000";
}

/// How many rows one statement takes.
const AT_ONCE: usize = 500;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct ImportRow {
    pub(super) id: Id<Import>,
    pub(super) filename: String,
    pub(super) row_count: i64,
    pub(super) created_count: i64,
    pub(super) at: Moment,
    pub(super) person_id: Id<Person>,
    pub(super) person_name: String,
    pub(super) state: String,
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> Result<String, Fault> {
    let texts: Vec<&str> = texts.collect();
    serde_json::to_string(&texts).map_err(Fault::new("writing a list"))
}

/// The names and the domains of these rows that the organisation has already.
pub(super) async fn known(
    conn: &mut Conn,
    scope: Scope,
    rows: &[Row],
) -> Result<(HashSet<String>, HashSet<String>), Fault> {
    let own = scope.organisation();
    let (mut names, mut domains) = (HashSet::new(), HashSet::new());
    for some in rows.chunks(AT_ONCE) {
        let keys = list(some.iter().map(|row| row.key.as_str()))?;
        let found: Vec<(String,)> =
            conn.run(KNOWN_NAMES).anew().bind(own).bind(keys).all().await?;
        names.extend(found.into_iter().map(|(name,)| name));
        let keys = list(some.iter().filter_map(|row| own_domain(&row.fields)))?;
        let found: Vec<(String,)> =
            conn.run(KNOWN_DOMAINS).anew().bind(own).bind(keys).all().await?;
        domains.extend(found.into_iter().map(|(domain,)| domain));
    }
    Ok((names, domains))
}

/// Adds accounts, and the words of their names.
pub(super) async fn add_accounts(
    tx: &mut Tx,
    scope: Scope,
    import: Id<Import>,
    rows: &[Row],
    at: Moment,
) -> Result<(), Fault> {
    for some in rows.chunks(AT_ONCE) {
        let minted: Vec<Id<Account>> = some.iter().map(|_| Id::mint()).collect();
        let each = some.iter().zip(&minted).map(|(row, id)| {
            let fields = &row.fields;
            json!({
                "id": id.uuid().simple().to_string(),
                "name": fields.name, "sort_name": row.key, "domain": fields.domain,
                "vat": fields.vat, "city": fields.city, "country": fields.country,
                "segment": fields.segment, "discount_bp": fields.discount_bp,
                "notes": fields.notes, "words": words(&fields.name),
            })
        });
        let list = serde_json::Value::Array(each.collect()).to_string();
        let own = scope.organisation();
        tx.run(ADD_ACCOUNTS)
            .bind(own)
            .bind(&list)
            .bind(scope.actor())
            .bind(import)
            .bind(at)
            .execute()
            .await?;
        tx.run(ADD_WORDS).bind(own).bind(&list).execute().await?;
        let kept = minted.iter().copied().zip(some.iter().map(|row| &row.fields));
        books::added(tx, own, kept, at).await?;
    }
    Ok(())
}

pub(super) async fn add_import(
    tx: &mut Tx,
    scope: Scope,
    import: Id<Import>,
    filename: &str,
    (rows, created): (i64, i64),
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ADD_IMPORT)
        .bind(scope.organisation())
        .bind(import)
        .bind(scope.actor())
        .bind(filename)
        .bind(rows)
        .bind(created)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn imports(
    conn: &mut Conn,
    scope: Scope,
    before: Id<Import>,
    limit: i64,
) -> Result<Vec<ImportRow>, Fault> {
    conn.run(LIST).bind(scope.organisation()).bind(before).bind(limit).all().await
}

pub(super) async fn state(
    conn: &mut Conn,
    scope: Scope,
    import: Id<Import>,
) -> Result<Option<String>, Fault> {
    let state: Option<(String,)> =
        conn.run(STATE).bind(scope.organisation()).bind(import).optional().await?;
    Ok(state.map(|(state,)| state))
}

pub(super) async fn mark_undone(
    tx: &mut Tx,
    scope: Scope,
    import: Id<Import>,
) -> Result<bool, Fault> {
    let marked =
        tx.run(MARK_UNDONE).bind(scope.organisation()).bind(import).execute().await?;
    Ok(marked == 1)
}

/// How many accounts were removed.
pub(super) async fn remove(
    tx: &mut Tx,
    scope: Scope,
    import: Id<Import>,
    at: Moment,
) -> Result<i64, Fault> {
    let own = scope.organisation();
    let removed = tx.run(REMOVE).anew().bind(own).bind(import).bind(at).execute().await?;
    tx.run(REMOVE_WORDS).anew().bind(own).bind(import).bind(at).execute().await?;
    books::undone(tx, own, import, at).await?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

pub(super) async fn kept(
    conn: &mut Conn,
    scope: Scope,
    import: Id<Import>,
) -> Result<Vec<(Id<Account>, String, String)>, Fault> {
    conn.run(KEPT).anew().bind(scope.organisation()).bind(import).all().await
}
