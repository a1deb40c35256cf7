//! The table `account_change`: who last changed each field.

use gate::Scope;
use kernel::{Account, Fault, Id, Moment, Organisation, Person};
use serde::Serialize;
use store::{Conn, Tx, statements};
use utoipa::ToSchema;

use super::{Fields, sql::AccountRow};
use crate::{OrgRef, PersonRef};

statements! {
    /// Notes who changed a field.
    NOTE = "
        insert into account_change (organisation_id, account_id, field, by_organisation_id, person_id, at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (organisation_id, account_id, field) do update
        set by_organisation_id = excluded.by_organisation_id, person_id = excluded.person_id, at = excluded.at";

    /// Who last changed the fields that an organisation sees. One with whom the account is
    /// shared learns of its owner and of itself: who else has it is not its to know.
    SEEN = "
        select c.field, c.at, c.person_id, p.name as person_name,
               c.by_organisation_id, o.name as organisation_name
        from account_change c
        join person p on p.id = c.person_id
        join organisation o on o.id = c.by_organisation_id
        where c.account_id = $2
          and (c.organisation_id = $1
               or (c.by_organisation_id in (c.organisation_id, $1)
                   and exists (
                       select 1 from live_visible v
                       where v.organisation_id = $1 and v.kind = 'account' and v.record_id = c.account_id
                         and ',' || v.mask || ',' like '%,' || c.field || ',%')))
        order by c.at desc, c.field";
}

/// Who changed a field last.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub(super) struct FieldChange {
    /// Which field.
    #[schema(schema_with = crate::words::account_field)]
    field: String,
    /// Who.
    by: PersonRef,
    /// For whom they acted.
    organisation: OrgRef,
    /// When.
    at: Moment,
}

#[derive(sqlx::FromRow)]
struct Row {
    field: String,
    at: Moment,
    person_id: Id<Person>,
    person_name: String,
    by_organisation_id: Id<Organisation>,
    organisation_name: String,
}

/// Notes who made an account what it is now; nothing is noted of what the hub did itself.
pub(super) async fn note(
    tx: &mut Tx,
    scope: Scope,
    old: &AccountRow,
    new: &Fields,
    at: Moment,
) -> Result<(), Fault> {
    let Some(person) = scope.actor() else { return Ok(()) };
    for field in old.fields().differing(new) {
        tx.run(NOTE)
            .bind(old.organisation_id)
            .bind(old.id)
            .bind(field)
            .bind(scope.organisation())
            .bind(person)
            .bind(at)
            .execute()
            .await?;
    }
    Ok(())
}

/// Who last changed what the acting organisation sees of an account, newest first.
pub(super) async fn seen(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Account>,
) -> Result<Vec<FieldChange>, Fault> {
    let rows: Vec<Row> = conn.run(SEEN).bind(scope.organisation()).bind(id).all().await?;
    let told = rows.into_iter().map(|row| FieldChange {
        field: row.field,
        by: PersonRef { id: row.person_id, name: row.person_name },
        organisation: OrgRef { id: row.by_organisation_id, name: row.organisation_name },
        at: row.at,
    });
    Ok(told.collect())
}
