//! Leads as a partner reads them: under the mask of its grant.

use gate::{Page, PageAsk, Problem, Scope};
use kernel::{Currency, Fault, Id, LeadOffer, Moment, Space};
use serde::Serialize;
use sharing::Mask;
use store::Conn;
use utoipa::ToSchema;

use super::sql::{self, OfferRow};
use crate::{
    Given, OrgRef,
    leads::{Consent, Move, OfferState, Side, Size, Source, rules::is_late},
};

/// A lead that is offered to the reader's organisation, or that it accepted. What the vendor
/// does not show is absent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::leads) struct LeadOfferView {
    /// Which.
    pub id: Id<LeadOffer>,
    /// Whose lead it is.
    vendor: OrgRef,
    /// How far it is.
    state: OfferState,
    /// What the vendor says to it.
    words: Option<String>,
    /// Since when.
    offered_at: Moment,
    /// Until when it is to be accepted.
    due_at: Moment,
    /// When it was.
    accepted_at: Option<Moment>,
    /// The deal that came of it.
    deal: Option<Id<Space>>,
    /// The moves that the reader's organisation may make now.
    moves: Vec<Move>,
    /// How often it changed.
    pub revision: i64,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    company: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    domain: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    country: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    region: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    city: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<LeadContact>, required = false)]
    contact: Given<LeadContact>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<Source>, required = false)]
    source: Given<Source>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    campaign: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    family: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<Size>, required = false)]
    size: Given<Size>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<LeadAmount>, required = false)]
    amount: Given<LeadAmount>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    note: Given<String>,
}

/// Who asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::leads) struct LeadContact {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    consent: Consent,
}

/// What a lead may be worth.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::leads) struct LeadAmount {
    /// Minor units.
    minor: i64,
    currency: Currency,
}

/// What is offered to the acting organisation, if it still may see it.
///
/// # Errors
/// If the database fails.
pub(in crate::leads) async fn offered(
    conn: &mut Conn,
    scope: Scope,
    id: Id<LeadOffer>,
    at: Moment,
) -> Result<Option<LeadOfferView>, Fault> {
    let row = sql::one(conn, scope.organisation(), id).await?;
    Ok(row.map(|row| masked(row, at)))
}

/// A page of what is offered, newest first.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub(in crate::leads) async fn list_offered(
    conn: &mut Conn,
    scope: Scope,
    waiting: bool,
    ask: &PageAsk,
    at: Moment,
) -> Result<Page<LeadOfferView>, Problem> {
    let after: Option<Id<LeadOffer>> = ask.after()?;
    let before = after.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let limit = ask.limit();
    let which = (before, waiting);
    let rows = sql::list(conn, scope.organisation(), which, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = page.items.into_iter().map(|row| masked(row, at)).collect();
    Ok(Page { items, next: page.next, total: page.total })
}

fn masked(row: OfferRow, at: Moment) -> LeadOfferView {
    let (mask, lead) = (Mask::read(&row.mask), row.lead);
    let late = row.offer_state == OfferState::Offered && is_late(row.due_at, at);
    let state = row.offer_state.of_lead().filter(|_| !late);
    let seen = |field: &str| mask.has(field);
    let amount = lead.amount_minor.zip(lead.currency);
    let contact = LeadContact {
        name: lead.contact_name,
        email: lead.contact_email,
        phone: lead.contact_phone,
        consent: lead.consent,
    };
    LeadOfferView {
        id: row.id,
        vendor: OrgRef { id: row.vendor_id, name: row.vendor_name },
        state: row.offer_state,
        words: row.words,
        offered_at: row.offered_at,
        due_at: row.due_at,
        accepted_at: row.accepted_at,
        deal: row.deal_id,
        moves: state.map(|state| state.moves(Side::Partner)).unwrap_or_default(),
        revision: row.offer_revision,
        company: Given::shown(seen("company"), Some(lead.company)),
        domain: Given::shown(seen("domain"), lead.domain),
        country: Given::shown(seen("country"), lead.country),
        region: Given::shown(seen("region"), lead.region),
        city: Given::shown(seen("city"), lead.city),
        contact: Given::shown(seen("contact"), Some(contact)),
        source: Given::shown(seen("source"), Some(lead.source)),
        campaign: Given::shown(seen("campaign"), lead.campaign),
        family: Given::shown(seen("family"), lead.family),
        size: Given::shown(seen("size"), lead.amount_minor.map(Size::of)),
        amount: Given::shown(
            seen("amount"),
            amount.map(|(minor, currency)| LeadAmount { minor, currency }),
        ),
        note: Given::shown(seen("note"), lead.note),
    }
}
