//! Registrations as they go out: the vendor alone sees conflicts and the first of two approvals.

use gate::{Page, PageAsk, Problem, Scope};
use kernel::{Currency, Fault, Id, Moment, Organisation, Registration, Space};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;

use super::{
    Conflict, KeyScheme, Month, Move, Reason, Refusal, Side, State, conflicts,
    sql::{self, EventRow, Row},
    terms::{self, Terms},
};
use crate::OrgRef;

/// A deal that a partner registered with a vendor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// Which.
    pub id: Id<Registration>,
    /// Whether the reader registered it, or is to answer.
    side: Side,
    /// How far it is.
    pub state: State,
    /// Who answers.
    vendor: OrgRef,
    /// Who registered.
    partner: OrgRef,
    /// The customer's name; empty while it is not told.
    customer: String,
    /// Its city.
    city: Option<String>,
    /// What kind of key the customer is known by.
    key_scheme: Option<KeyScheme>,
    /// The key, as the partner wrote it.
    key: Option<String>,
    /// The product families.
    families: Vec<String>,
    /// The territories.
    territories: Vec<String>,
    /// Minor units.
    amount_minor: Option<i64>,
    currency: Option<Currency>,
    /// `YYYY-MM`.
    close_month: Option<String>,
    /// In words.
    note: Option<String>,
    /// When it was submitted, for the last time.
    submitted_at: Option<Moment>,
    /// When the vendor's first answer is due.
    answer_due: Option<Moment>,
    /// When it came.
    answered_at: Option<Moment>,
    /// Whether it is late.
    overdue: bool,
    /// Until when it is protected.
    protected_until: Option<Moment>,
    /// For how many days more the partner asks.
    wished_days: Option<i64>,
    /// The deal that came of it, if the reader takes part there.
    deal: Option<Id<Space>>,
    /// The moves that the reader's organisation may make now.
    moves: Vec<Move>,
    /// Whether the reader's organisation may change its fields now.
    writable: bool,
    /// When it last changed.
    updated_at: Moment,
    /// How often it changed.
    pub revision: i64,
    /// For its vendor: how many conflicts there were when it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict_count: Option<i64>,
    /// For its vendor: the first of two approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_approval: Option<FirstApproval>,
    /// For its vendor, of a single one: whether its amount takes two approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_second: Option<bool>,
    /// Of a single one: what became of it, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<RegistrationEvent>>,
    /// For its vendor, of a single one: what it comes into conflict with now.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflicts: Option<Vec<Conflict>>,
}

/// The first of two approvals.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FirstApproval {
    /// Who approved.
    person: Option<String>,
    /// Whether that is the reader.
    by_you: bool,
    /// For how many days.
    days: Option<i64>,
    /// When.
    at: Option<Moment>,
}

/// One move of a registration, as both sides read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct RegistrationEvent {
    /// 1, 2, 3 …
    seq: i64,
    /// The move.
    r#move: Move,
    /// Who made it.
    side: Side,
    /// The person, where one did.
    person: Option<String>,
    /// Where it led.
    state: State,
    /// Why.
    reason: Option<Reason>,
    /// In words.
    words: Option<String>,
    /// For how many days.
    days: Option<i64>,
    /// Until when it was protected from then on.
    until: Option<Moment>,
    /// When.
    at: Moment,
}

impl From<EventRow> for RegistrationEvent {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            r#move: row.r#move,
            side: row.side,
            person: row.person_name,
            state: row.state,
            reason: row.reason,
            words: row.words,
            days: row.days,
            until: row.until,
            at: row.at,
        }
    }
}

/// Which registrations to list.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RegistrationFilter {
    /// All.
    #[default]
    All,
    /// Those that wait for the reader's organisation.
    Waiting,
    /// Those whose first answer is late.
    Overdue,
}

/// A registration with everything that its reader may know of it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Registration>,
    at: Moment,
) -> Result<RegistrationView, Refusal> {
    let organisation = scope.organisation();
    let row = sql::one(conn, organisation, id).await?.ok_or(Refusal::NotFound)?;
    let events = sql::events(conn, id).await?;
    let mut view = view(&row, scope, at)?;
    view.events = Some(events.into_iter().map(RegistrationEvent::from).collect());
    if view.side == Side::Vendor {
        let terms: Terms = terms::of(conn, organisation).await?;
        let worth = row.amount_minor.zip(row.currency);
        view.needs_second = worth.map(|(minor, of)| terms.needs_second(minor, of));
        view.conflicts = Some(conflicts::of(conn, &row, at).await?);
    }
    Ok(view)
}

/// A page of registrations, newest first: of one side, or of both.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub(super) async fn list(
    conn: &mut Conn,
    scope: Scope,
    (side, filter): (Option<Side>, RegistrationFilter),
    ask: &PageAsk,
    at: Moment,
) -> Result<Page<RegistrationView>, Problem> {
    let side = match side {
        Some(Side::Partner) => 1_i64,
        Some(Side::Vendor) => 2,
        Some(Side::Clock) | None => 0,
    };
    let filter = match filter {
        RegistrationFilter::All => 0_i64,
        RegistrationFilter::Waiting => 1,
        RegistrationFilter::Overdue => 2,
    };
    let after: Option<Id<Registration>> = ask.after()?;
    let before = after.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let limit = ask.limit();
    let query = conn.run(sql::LIST).bind(scope.organisation()).bind(before);
    let query = query.bind(side).bind(filter).bind(at).bind(limit + 1);
    let rows: Vec<Row> = query.all().await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let (next, total) = (page.next, page.total);
    let items = page.items.iter().map(|row| view(row, scope, at));
    Ok(Page { items: items.collect::<Result<_, Fault>>()?, next, total })
}

fn view(row: &Row, scope: Scope, at: Moment) -> Result<RegistrationView, Fault> {
    let reader: Id<Organisation> = scope.organisation();
    let side = row.side(reader);
    let wanted = row.wanted()?;
    let late = row.answer_due.is_some_and(|due| due < at);
    let moves = if row.live == 0 { Vec::new() } else { row.state.moves(side) };
    let first = row.first_by.filter(|_| side == Side::Vendor);
    Ok(RegistrationView {
        id: row.id,
        side,
        state: row.state,
        vendor: OrgRef { id: row.vendor_id, name: row.vendor_name.clone() },
        partner: OrgRef { id: row.partner_id, name: row.partner_name.clone() },
        customer: wanted.customer,
        city: wanted.city,
        key_scheme: wanted.key_scheme,
        key: wanted.key_text,
        families: wanted.families,
        territories: wanted.territories,
        amount_minor: wanted.amount_minor,
        currency: wanted.currency,
        close_month: wanted.close_month.map(Month::text),
        note: wanted.note,
        submitted_at: row.submitted_at,
        answer_due: row.answer_due,
        answered_at: row.answered_at,
        overdue: row.state.awaits_answer() && late,
        protected_until: row.until,
        wished_days: row.wished_days,
        deal: row.deal_id,
        moves,
        writable: side == Side::Partner && row.state.is_written() && row.live != 0,
        updated_at: row.updated_at,
        revision: row.revision,
        conflict_count: (side == Side::Vendor).then_some(row.conflicts),
        first_approval: first.map(|by| FirstApproval {
            person: row.first_name.clone(),
            by_you: scope.actor() == Some(by),
            days: row.first_days,
            at: row.first_at,
        }),
        needs_second: None,
        events: None,
        conflicts: None,
    })
}
