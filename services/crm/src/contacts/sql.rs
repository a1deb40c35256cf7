//! The table `contact`.

use gate::Scope;
use kernel::{Account, Contact, Fault, Id, Moment};
use store::{Conn, Tx, statements};

use super::Fields;

statements! {
    /// The contacts of an account.
    LIST = "
        select c.id, c.account_id, c.name, c.email, c.phone, c.title, c.revision
        from contact c
        join account a on a.id = c.account_id and a.deleted_at is null
        where c.organisation_id = $1 and c.account_id = $2 and c.deleted_at is null
        order by c.id
        limit 1000";

    /// One contact.
    ONE = "
        select c.id, c.account_id, c.name, c.email, c.phone, c.title, c.revision
        from contact c
        join account a on a.id = c.account_id and a.deleted_at is null
        where c.organisation_id = $1 and c.id = $2 and c.deleted_at is null";

    /// Adds a contact to an account of the organisation's own.
    ADD = "
        insert into contact (id, organisation_id, account_id, name, email, phone, title, revision, created_at, updated_at)
        select $3, a.organisation_id, a.id, $4, $5, $6, $7, 1, $8, $8
        from account a
        where a.organisation_id = $1 and a.id = $2 and a.deleted_at is null";

    /// Changes a contact, if it is still at the revision that was read.
    CHANGE = "
        update contact
        set name = $4, email = $5, phone = $6, title = $7, updated_at = $8,
            revision = revision + 1
        where organisation_id = $1 and id = $2 and revision = $3 and deleted_at is null";

    /// Deletes a contact.
    DELETE = "
        update contact
        set deleted_at = $3, updated_at = $3, revision = revision + 1
        where organisation_id = $1 and id = $2 and deleted_at is null";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ContactRow {
    pub(super) id: Id<Contact>,
    pub(super) account_id: Id<Account>,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) title: Option<String>,
    pub(super) revision: i64,
}

impl ContactRow {
    pub(super) fn fields(&self) -> Fields {
        Fields {
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            title: self.title.clone(),
        }
    }
}

pub(super) async fn list(
    conn: &mut Conn,
    scope: Scope,
    account: Id<Account>,
) -> Result<Vec<ContactRow>, Fault> {
    conn.run(LIST).bind(scope.organisation()).bind(account).all().await
}

pub(super) async fn one(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Contact>,
) -> Result<Option<ContactRow>, Fault> {
    conn.run(ONE).bind(scope.organisation()).bind(id).optional().await
}

/// Whether it was added: not without such an account.
pub(super) async fn add(
    tx: &mut Tx,
    scope: Scope,
    account: Id<Account>,
    id: Id<Contact>,
    fields: &Fields,
    at: Moment,
) -> Result<bool, Fault> {
    let added = tx
        .run(ADD)
        .bind(scope.organisation())
        .bind(account)
        .bind(id)
        .bind(&fields.name)
        .bind(&fields.email)
        .bind(&fields.phone)
        .bind(&fields.title)
        .bind(at)
        .execute()
        .await?;
    Ok(added == 1)
}

pub(super) async fn change(
    tx: &mut Tx,
    scope: Scope,
    old: &ContactRow,
    new: &Fields,
    at: Moment,
) -> Result<bool, Fault> {
    let changed = tx
        .run(CHANGE)
        .bind(scope.organisation())
        .bind(old.id)
        .bind(old.revision)
        .bind(&new.name)
        .bind(&new.email)
        .bind(&new.phone)
        .bind(&new.title)
        .bind(at)
        .execute()
        .await?;
    Ok(changed == 1)
}

pub(super) async fn delete(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Contact>,
    at: Moment,
) -> Result<bool, Fault> {
    let deleted =
        tx.run(DELETE).bind(scope.organisation()).bind(id).bind(at).execute().await?;
    Ok(deleted == 1)
}
