//! The tables `account`, `account_word`, `account_count`: one record at a time.

use gate::Scope;
use kernel::{Account, Fault, Grant, Id, Moment, Organisation, Person};
use store::{Conn, Tx, statements};

use super::Fields;
use crate::{fold, mapping::books, text::id_list, words};

statements! {
    /// One of the organisation's own accounts.
    OWN = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from account a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.organisation_id = $1 and a.id = $2 and a.deleted_at is null";

    /// An account that somebody shares with the organisation.
    SHARED = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, v.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, cast(null as text) as owner_name, a.revision, a.created_at,
               v.sort_at as updated_at, v.mask, v.verbs
        from live_visible v
        join account a on a.id = v.record_id and a.deleted_at is null
        join organisation o on o.id = a.organisation_id
        where v.organisation_id = $1 and v.kind = 'account' and v.record_id = $2";

    /// Adds an account.
    ADD = "
        insert into account (id, organisation_id, name, sort_name, domain, vat, city, country, segment, discount_bp, notes, owner_id, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $13)";

    /// Changes an account, if it is still at the revision that was read; for its owner, or
    /// for one with whom it is shared to be edited.
    CHANGE = "
        update account
        set name = $4, sort_name = $5, domain = $6, vat = $7, city = $8, country = $9,
            segment = $10, discount_bp = $11, notes = $12, updated_at = $13,
            revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3 and deleted_at is null
          and (organisation_id = $14
               or exists (
                   select 1 from live_visible v
                   where v.organisation_id = $14 and v.kind = 'account' and v.record_id = account.id
                     and ',' || v.verbs || ',' like '%,edit,%'))";

    /// Deletes an account. The row stays, for the deals that name it.
    DELETE = "
        update account
        set deleted_at = $3, updated_at = $3, revision = revision + 1
        where organisation_id = $1 and id = $2 and deleted_at is null";

    /// Keeps the words of a name.
    ADD_WORDS = sqlite "
        insert into account_word (organisation_id, word, account_id)
        select $1, w.value, $2 from json_each($3) w
        where true
        on conflict do nothing", postgres "
        insert into account_word (organisation_id, word, account_id)
        select $1, w.value, $2 from jsonb_array_elements_text(cast($3 as jsonb)) as w (value)
        where true
        on conflict do nothing";

    /// Forgets the words of a name.
    DROP_WORDS = "
        delete from account_word where account_id = $2 and organisation_id = $1";

    /// Keeps count of an organisation's accounts.
    COUNT_BY = "
        insert into account_count (organisation_id, accounts)
        values ($1, $2)
        on conflict (organisation_id) do update
        set accounts = account_count.accounts + excluded.accounts";

    /// Keeps count when accounts go: an organisation that had some has its row.
    COUNT_DOWN = "
        update account_count set accounts = accounts - $2 where organisation_id = $1";

    /// With whom accounts of the organisation are shared.
    GRANTS = sqlite "
        select g.record_id, g.id, g.organisation_id, o.name, g.mask, g.verbs
        from record_grant g
        join organisation o on o.id = g.organisation_id
        join partnership h on h.id = g.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
        where g.giver_id = $1 and g.kind = 'account' and g.state = 'live'
          and g.record_id in (select unhex(r.value) from json_each($2) r)
        order by o.name, g.id", postgres "
        select g.record_id, g.id, g.organisation_id, o.name, g.mask, g.verbs
        from record_grant g
        join organisation o on o.id = g.organisation_id
        join partnership h on h.id = g.partnership_id and h.state in ('active', 'ending') and h.suspended_by is null
        where g.giver_id = $1 and g.kind = 'account' and g.state = 'live'
          and g.record_id in (select cast(r.value as uuid) from jsonb_array_elements_text(cast($2 as jsonb)) as r (value))
        order by o.name, g.id";

    /// Moves an account's row among what a partner sees, where it may.
    TOUCH = "
        update visible
        set sort_name = $3, sort_at = $4
        where organisation_id = $1 and kind = 'account' and record_id = $2";
}

/// One partner with whom an account is shared.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct GrantRow {
    pub(super) record_id: Id<Account>,
    pub(super) id: Id<Grant>,
    pub(super) organisation_id: Id<Organisation>,
    pub(super) name: String,
    pub(super) mask: String,
    pub(super) verbs: String,
}

/// An account, as one organisation may read it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: Id<Account>,
    pub(crate) organisation_id: Id<Organisation>,
    pub(crate) organisation_name: String,
    pub(crate) name: String,
    pub(crate) sort_name: String,
    pub(crate) domain: Option<String>,
    pub(crate) vat: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) segment: Option<String>,
    pub(crate) discount_bp: Option<i64>,
    pub(crate) notes: Option<String>,
    pub(crate) owner_id: Option<Id<Person>>,
    pub(crate) owner_name: Option<String>,
    pub(crate) revision: i64,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    /// The mask under which it is read; none for one's own.
    pub(crate) mask: Option<String>,
    /// What may be done under it; none for one's own.
    pub(crate) verbs: Option<String>,
}

impl AccountRow {
    pub(super) fn fields(&self) -> Fields {
        Fields {
            name: self.name.clone(),
            domain: self.domain.clone(),
            vat: self.vat.clone(),
            city: self.city.clone(),
            country: self.country.clone(),
            segment: self.segment.clone(),
            discount_bp: self.discount_bp,
            notes: self.notes.clone(),
        }
    }
}

pub(super) async fn own(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Account>,
) -> Result<Option<AccountRow>, Fault> {
    conn.run(OWN).bind(scope.organisation()).bind(id).optional().await
}

/// By the organisation that owns it: for a partner who edits what it was given.
pub(super) async fn of_owner(
    conn: &mut Conn,
    owner: Id<Organisation>,
    id: Id<Account>,
) -> Result<Option<AccountRow>, Fault> {
    conn.run(OWN).bind(owner).bind(id).optional().await
}

pub(super) async fn shared(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Account>,
) -> Result<Option<AccountRow>, Fault> {
    conn.run(SHARED).bind(scope.organisation()).bind(id).optional().await
}

pub(super) async fn add(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Account>,
    fields: &Fields,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(ADD)
        .bind(id)
        .bind(scope.organisation())
        .bind(&fields.name)
        .bind(fold(&fields.name))
        .bind(&fields.domain)
        .bind(&fields.vat)
        .bind(&fields.city)
        .bind(&fields.country)
        .bind(&fields.segment)
        .bind(fields.discount_bp)
        .bind(&fields.notes)
        .bind(scope.actor())
        .bind(at)
        .execute()
        .await?;
    add_words(tx, scope.organisation(), id, &fields.name).await?;
    let one = std::iter::once((id, fields));
    books::added(tx, scope.organisation(), one, at).await?;
    count_up(tx, scope.organisation(), 1).await
}

/// Whether it was changed: not if it has another revision by now.
pub(super) async fn change(
    tx: &mut Tx,
    scope: Scope,
    old: &AccountRow,
    new: &Fields,
    at: Moment,
) -> Result<bool, Fault> {
    let sort_name = fold(&new.name);
    let changed = tx
        .run(CHANGE)
        .bind(old.organisation_id)
        .bind(old.id)
        .bind(old.revision)
        .bind(&new.name)
        .bind(&sort_name)
        .bind(&new.domain)
        .bind(&new.vat)
        .bind(&new.city)
        .bind(&new.country)
        .bind(&new.segment)
        .bind(new.discount_bp)
        .bind(&new.notes)
        .bind(at)
        .bind(scope.organisation())
        .execute()
        .await?;
    if changed == 1 && sort_name != old.sort_name {
        drop_words(tx, old.organisation_id, old.id).await?;
        add_words(tx, old.organisation_id, old.id, &new.name).await?;
    }
    if changed == 1 {
        let fields = (&old.fields(), new);
        books::rewritten(tx, old.organisation_id, old.id, fields, at).await?;
    }
    Ok(changed == 1)
}

pub(super) async fn delete(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Account>,
    at: Moment,
) -> Result<bool, Fault> {
    let own = scope.organisation();
    let deleted = tx.run(DELETE).bind(own).bind(id).bind(at).execute().await?;
    if deleted == 1 {
        drop_words(tx, own, id).await?;
        books::removed(tx, own, id, at).await?;
        count_down(tx, own, 1).await?;
    }
    Ok(deleted == 1)
}

async fn add_words(
    tx: &mut Tx,
    owner: Id<Organisation>,
    id: Id<Account>,
    name: &str,
) -> Result<(), Fault> {
    let list =
        serde_json::to_string(&words(name)).map_err(Fault::new("writing words"))?;
    tx.run(ADD_WORDS).bind(owner).bind(id).bind(list).execute().await.map(drop)
}

async fn drop_words(
    tx: &mut Tx,
    owner: Id<Organisation>,
    id: Id<Account>,
) -> Result<(), Fault> {
    tx.run(DROP_WORDS).bind(owner).bind(id).execute().await.map(drop)
}

pub(crate) async fn count_up(
    tx: &mut Tx,
    owner: Id<Organisation>,
    by: i64,
) -> Result<(), Fault> {
    tx.run(COUNT_BY).bind(owner).bind(by).execute().await.map(drop)
}

pub(crate) async fn count_down(
    tx: &mut Tx,
    owner: Id<Organisation>,
    by: i64,
) -> Result<(), Fault> {
    tx.run(COUNT_DOWN).bind(owner).bind(by).execute().await.map(drop)
}

/// With whom these accounts of the organisation are shared.
pub(super) async fn grants(
    conn: &mut Conn,
    owner: Id<Organisation>,
    of: &[Id<Account>],
) -> Result<Vec<GrantRow>, Fault> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    conn.run(GRANTS).bind(owner).bind(id_list(of)).all().await
}

/// Moves an account's row in the lists of one partner.
pub(super) async fn touch(
    tx: &mut Tx,
    partner: Id<Organisation>,
    id: Id<Account>,
    sort_name: &str,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(TOUCH)
        .bind(partner)
        .bind(id)
        .bind(sort_name)
        .bind(at)
        .execute()
        .await
        .map(drop)
}
