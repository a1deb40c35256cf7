//! An account as it goes out: only the fields that its reader may see.

use gate::Scope;
use kernel::{Account, Fault, Grant, Id, Moment};
use serde::Serialize;
use sharing::{Mask, Verbs};
use store::Conn;
use utoipa::ToSchema;

use super::{
    FIELDS, Refusal,
    sql::{self, AccountRow, GrantRow},
    traces::{self, FieldChange},
};
use crate::{Given, OrgRef, PersonRef};

/// An account. A field that the reader may not see is absent.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    pub(super) id: Id<Account>,
    /// Whether it is the acting organisation's.
    own: bool,
    owner_organisation: OrgRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    domain: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    vat: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    city: Given<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    country: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    segment: Given<String>,
    /// Basis points.
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<i64>)]
    discount_bp: Given<i64>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    notes: Given<String>,
    /// Who looks after it; null for a partner's.
    owner: Option<PersonRef>,
    /// The fields that the reader may see.
    #[schema(schema_with = crate::words::account_fields)]
    fields: Vec<String>,
    /// What the reader's organisation may do with it: `read`, `edit`.
    #[schema(schema_with = crate::words::verbs)]
    verbs: Vec<&'static str>,
    /// With whom it is shared; only on one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_with: Option<Vec<GrantView>>,
    /// Who last changed a field, newest first; only where one account is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<FieldChange>>,
    pub(super) revision: i64,
    created_at: Moment,
    updated_at: Moment,
}

/// A partner with whom an account is shared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GrantView {
    pub(super) grant: Id<Grant>,
    organisation: OrgRef,
    #[schema(schema_with = crate::words::account_fields)]
    fields: Vec<String>,
    #[schema(schema_with = crate::words::verbs)]
    verbs: Vec<String>,
}

impl From<GrantRow> for GrantView {
    fn from(row: GrantRow) -> Self {
        let verbs = Verbs::read(&row.verbs).words();
        Self {
            grant: row.id,
            organisation: OrgRef { id: row.organisation_id, name: row.name },
            fields: Mask::read(&row.mask).list(),
            verbs: verbs.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl AccountView {
    fn new(row: AccountRow, shared_with: Vec<GrantView>) -> Self {
        let own = row.mask.is_none();
        let mask = row.mask.as_deref().map_or_else(|| Mask::of(FIELDS), Mask::read);
        let sees = |field: &str| mask.has(field);
        let organisation =
            OrgRef { id: row.organisation_id, name: row.organisation_name };
        Self {
            id: row.id,
            own,
            owner_organisation: organisation,
            name: sees("name").then_some(row.name),
            domain: Given::shown(sees("domain"), row.domain),
            vat: Given::shown(sees("vat"), row.vat),
            city: Given::shown(sees("city"), row.city),
            country: Given::shown(sees("country"), row.country),
            segment: Given::shown(sees("segment"), row.segment),
            discount_bp: Given::shown(sees("discount_bp"), row.discount_bp),
            notes: Given::shown(sees("notes"), row.notes),
            owner: PersonRef::of(row.owner_id, row.owner_name).filter(|_| own),
            fields: mask.list(),
            verbs: row
                .verbs
                .as_deref()
                .map_or_else(|| vec!["read", "edit"], |verbs| Verbs::read(verbs).words()),
            shared_with: own.then_some(shared_with),
            changes: None,
            revision: row.revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// One account, own or shared.
pub(super) async fn one(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Account>,
) -> Result<AccountView, Refusal> {
    let row = match sql::own(conn, scope, id).await? {
        Some(own) => own,
        None => sql::shared(conn, scope, id).await?.ok_or(Refusal::NotFound)?,
    };
    let views = many(conn, scope, vec![row]).await?;
    let mut view = views.into_iter().next().ok_or(Refusal::NotFound)?;
    view.changes = Some(traces::seen(conn, scope, id).await?);
    Ok(view)
}

/// Accounts with the partners they are shared with.
pub(super) async fn many(
    conn: &mut Conn,
    scope: Scope,
    rows: Vec<AccountRow>,
) -> Result<Vec<AccountView>, Fault> {
    let own: Vec<_> =
        rows.iter().filter(|row| row.mask.is_none()).map(|row| row.id).collect();
    let grants = sql::grants(conn, scope.organisation(), &own).await?;
    let view = |row: AccountRow| {
        let its = grants.iter().filter(|grant| grant.record_id == row.id);
        let shared_with = its.cloned().map(GrantView::from).collect();
        AccountView::new(row, shared_with)
    };
    Ok(rows.into_iter().map(view).collect())
}
