//! Leads as their organisation reads them.

use gate::{Page, PageAsk, Problem, Scope};
use kernel::{Account, Currency, Id, Lead as LeadKind, Moment, Space};
use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{
    Consent, Lead, Move, OfferState, Reason, Refusal, ScoreRule, Side, Source, State,
    rules::score,
    sql::{self, EventRow, Row},
};
use crate::OrgRef;

/// A lead, as its organisation reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadView {
    /// Which.
    pub id: Id<LeadKind>,
    /// How far it is.
    state: State,
    /// The company's name.
    company: String,
    /// Its domain.
    domain: Option<String>,
    /// By ISO 3166-1 alpha-2.
    country: Option<String>,
    /// The part of the country.
    region: Option<String>,
    /// Its city.
    city: Option<String>,
    /// Who asked there.
    contact_name: Option<String>,
    /// Their address.
    contact_email: Option<String>,
    /// Their telephone.
    contact_phone: Option<String>,
    /// Whether they may be written to.
    consent: Consent,
    /// Where it came from.
    source: Source,
    /// The campaign's word.
    campaign: Option<String>,
    /// What is wanted.
    family: Option<String>,
    /// In words.
    note: Option<String>,
    /// Minor units.
    amount_minor: Option<i64>,
    currency: Option<Currency>,
    /// What speaks for it: 0 to 100.
    score: i64,
    /// Rule by rule.
    score_rules: Vec<LeadScore>,
    /// The partner that has it now.
    holder: Option<LeadHolder>,
    /// The account that came of it.
    account: Option<Id<Account>>,
    /// The deal that came of it.
    deal: Option<Id<Space>>,
    /// The moves that its organisation may make now; `offer` names a partner.
    moves: Vec<Move>,
    /// When it was written down.
    created_at: Moment,
    /// When it last changed.
    updated_at: Moment,
    /// How often it changed.
    pub revision: i64,
    /// Of a single one: what became of it, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<LeadEvent>>,
    /// Of a single one: other leads of the same company.
    #[serde(skip_serializing_if = "Option::is_none")]
    twins: Option<Vec<LeadTwin>>,
    /// Of a single one: accounts of the same company.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_as: Option<Vec<LeadAccount>>,
}

/// What a rule gives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadScore {
    rule: ScoreRule,
    points: i64,
}

/// The partner that has a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadHolder {
    partner: OrgRef,
    state: OfferState,
    /// Until when it accepts.
    due_at: Option<Moment>,
    /// When it did.
    accepted_at: Option<Moment>,
}

/// Another lead of the same company.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadTwin {
    id: Id<LeadKind>,
    company: String,
    state: State,
}

/// An account of the same company.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadAccount {
    id: Id<Account>,
    name: String,
}

/// One move of a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LeadEvent {
    r#move: Move,
    /// Who made it.
    side: Side,
    /// The person, where one did.
    person: Option<String>,
    /// The partner it is about.
    partner: Option<String>,
    /// Where it led.
    state: State,
    reason: Option<Reason>,
    /// In words.
    words: Option<String>,
    /// Until when the partner was to accept.
    due_at: Option<Moment>,
    /// When.
    at: Moment,
}

impl From<EventRow> for LeadEvent {
    fn from(row: EventRow) -> Self {
        Self {
            r#move: row.r#move,
            side: row.side,
            person: row.person_name,
            partner: row.partner_name,
            state: row.state,
            reason: row.reason,
            words: row.words,
            due_at: row.due_at,
            at: row.at,
        }
    }
}

/// A lead with everything that its organisation may know of it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    id: Id<LeadKind>,
) -> Result<LeadView, Refusal> {
    let own = scope.organisation();
    let row = sql::one(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let (mut twins, mut known) = (Vec::new(), Vec::new());
    if let Some(key) = row.lead.key() {
        twins = sql::twins(conn, own, &key, id).await?;
        known = sql::accounts(conn, own, &key).await?;
    }
    let events = sql::events(conn, id).await?;
    let twin = |(id, company, state)| LeadTwin { id, company, state };
    Ok(LeadView {
        events: Some(events.into_iter().map(LeadEvent::from).collect()),
        twins: Some(twins.into_iter().map(twin).collect()),
        known_as: Some(
            known.into_iter().map(|(id, name)| LeadAccount { id, name }).collect(),
        ),
        ..view(row)
    })
}

/// A page of leads, newest first.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub(super) async fn list(
    conn: &mut Conn,
    scope: Scope,
    state: Option<State>,
    ask: &PageAsk,
) -> Result<Page<LeadView>, Problem> {
    let after: Option<Id<LeadKind>> = ask.after()?;
    let before = after.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let limit = ask.limit();
    let query = conn.run(sql::LIST).bind(scope.organisation()).bind(before);
    let query = query.bind(state.map_or("", State::word)).bind(limit + 1);
    let rows: Vec<Row> = query.all().await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = page.items.into_iter().map(view).collect();
    Ok(Page { items, next: page.next, total: page.total })
}

fn view(row: Row) -> LeadView {
    let rules = score(&row.lead);
    let holder = row.partner_id.zip(row.partner_name).zip(row.offer_state);
    let Lead { company, domain, country, region, city, .. } = row.lead;
    LeadView {
        id: row.id,
        state: row.state,
        company,
        domain,
        country,
        region,
        city,
        contact_name: row.lead.contact_name,
        contact_email: row.lead.contact_email,
        contact_phone: row.lead.contact_phone,
        consent: row.lead.consent,
        source: row.lead.source,
        campaign: row.lead.campaign,
        family: row.lead.family,
        note: row.lead.note,
        amount_minor: row.lead.amount_minor,
        currency: row.lead.currency,
        score: rules.iter().map(|(_, points)| points).sum(),
        score_rules: rules
            .into_iter()
            .map(|(rule, points)| LeadScore { rule, points })
            .collect(),
        holder: holder.map(|((id, name), state)| LeadHolder {
            partner: OrgRef { id, name },
            state,
            due_at: row.due_at,
            accepted_at: row.accepted_at,
        }),
        account: row.account_id,
        deal: row.deal_id,
        moves: row.state.moves(Side::Vendor),
        created_at: row.created_at,
        updated_at: row.updated_at,
        revision: row.revision,
        events: None,
        twins: None,
        known_as: None,
    }
}
