//! Funds, parts, requests and claims as they go out, each to the side that may read it.

mod shape;

use gate::{Cursor, Page, PageAsk, Problem, Scope};
use kernel::{
    Currency, Fault, Fund, FundAllocation, FundClaim, FundProof, FundRequest, Id, Moment,
    Organisation,
};
use serde::Serialize;
use shape::{claim_view, fund_view, part_view, request_view};
use store::Conn;
use utoipa::ToSchema;

use super::{
    Account, Activity, ClaimState, FundState, Move, Proof, Refusal, RequestState, Side,
    claims::{self, ClaimRow, ProofRow},
    ledger::{self, Cause},
    requests::{self, EventRow, RequestRow},
    sql,
};

/// An organisation, by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FundOrganisation {
    /// Which.
    id: Id<Organisation>,
    /// Its name.
    name: String,
}

/// A fund, as its vendor reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FundView {
    pub(super) id: Id<Fund>,
    name: String,
    currency: Currency,
    /// The first day of what it pays for.
    starts_on: String,
    /// The last one.
    ends_on: String,
    /// What of a cost it pays, in percent.
    share_percent: i64,
    /// For how many days after an activity it may be claimed.
    claim_days: i64,
    /// What may be claimed, in words.
    words: String,
    /// What every claim is proven by.
    proofs: Vec<Proof>,
    state: FundState,
    /// What was put in; of a draft, what will be.
    amount_minor: i64,
    /// What is given to nobody.
    free_minor: i64,
    /// What is free in the parts of partners.
    allocated_minor: i64,
    /// What is approved for requests.
    reserved_minor: i64,
    /// What is approved of claims, and to be paid.
    claimed_minor: i64,
    paid_minor: i64,
    /// What was left when it was closed.
    expired_minor: i64,
    pub(super) revision: i64,
    /// Of a single one: the parts of partners.
    #[serde(skip_serializing_if = "Option::is_none")]
    allocations: Option<Vec<AllocationView>>,
}

/// A partner's part of a fund, as both its sides read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FundAllocationView)]
pub(super) struct AllocationView {
    id: Id<FundAllocation>,
    /// Whether the reader is the vendor, or the partner.
    side: Side,
    fund: Id<Fund>,
    /// The fund's name.
    name: String,
    vendor: FundOrganisation,
    partner: FundOrganisation,
    currency: Currency,
    starts_on: String,
    ends_on: String,
    share_percent: i64,
    claim_days: i64,
    words: String,
    proofs: Vec<Proof>,
    state: FundState,
    /// All that was given.
    amount_minor: i64,
    /// What may still be asked for.
    rest_minor: i64,
    /// What is asked for, and not answered.
    pending_minor: i64,
    reserved_minor: i64,
    claimed_minor: i64,
    paid_minor: i64,
    /// What cannot be taken back.
    used_minor: i64,
    /// Whether the partnership stands, so that the partner may read it.
    live: bool,
    revision: i64,
}

/// A request of a partner.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FundRequestView)]
pub(super) struct RequestView {
    pub(super) id: Id<FundRequest>,
    side: Side,
    state: RequestState,
    allocation: Id<FundAllocation>,
    fund: Id<Fund>,
    fund_name: String,
    vendor: FundOrganisation,
    partner: FundOrganisation,
    currency: Currency,
    /// What of a cost the fund pays, in percent.
    share_percent: i64,
    /// What every claim is proven by.
    proofs: Vec<Proof>,
    title: String,
    kind: Activity,
    starts_on: String,
    ends_on: String,
    /// What it is to cost.
    cost_minor: i64,
    /// What of that the fund is to pay.
    asked_minor: i64,
    note: String,
    submitted_at: Option<Moment>,
    approved_minor: Option<i64>,
    /// What of that may still be claimed.
    rest_minor: i64,
    /// Until when it may be claimed.
    use_by: Option<Moment>,
    /// The moves that the reader's organisation may make now.
    moves: Vec<Move>,
    /// Whether the reader's organisation may change what it says.
    writable: bool,
    /// Whether it may be claimed now by the reader's organisation.
    claimable: bool,
    updated_at: Moment,
    pub(super) revision: i64,
    /// Of a single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<ClaimView>>,
    /// Of a single one: what became of it and its claims, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<FundEvent>>,
}

/// A claim.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FundClaimView)]
pub(super) struct ClaimView {
    id: Id<FundClaim>,
    state: ClaimState,
    /// What it cost.
    cost_minor: i64,
    /// What of that is claimed.
    asked_minor: i64,
    /// Whether nothing more is claimed after it.
    last: bool,
    note: String,
    submitted_at: Option<Moment>,
    approved_minor: Option<i64>,
    /// How the vendor's books call the payment.
    payment: Option<String>,
    paid_at: Option<Moment>,
    proofs: Vec<ProofView>,
    moves: Vec<Move>,
    writable: bool,
    revision: i64,
}

/// A file that proves a claim.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FundProofView)]
pub(super) struct ProofView {
    id: Id<FundProof>,
    kind: Proof,
    name: String,
    bytes: i64,
    /// A PDF or a picture.
    r#type: String,
    sha256: String,
}

/// One move, as both sides read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FundEvent {
    seq: i64,
    /// The claim that it was of, else the request itself.
    claim: Option<Id<FundClaim>>,
    r#move: Move,
    side: Side,
    person: Option<String>,
    /// How much: approved, claimed, paid, given back.
    minor: Option<i64>,
    words: Option<String>,
    at: Moment,
}

/// One posting of a fund's ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FundPosting {
    seq: i64,
    cause: Cause,
    from: Account,
    to: Account,
    minor: i64,
    allocation: Option<Id<FundAllocation>>,
    partner: Option<String>,
    request: Option<Id<FundRequest>>,
    request_title: Option<String>,
    claim: Option<Id<FundClaim>>,
    person: Option<String>,
    reference: String,
    at: Moment,
}

impl From<EventRow> for FundEvent {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            claim: row.claim_id,
            r#move: row.r#move,
            side: row.side,
            person: row.person_name,
            minor: row.minor,
            words: row.words,
            at: row.at,
        }
    }
}

impl From<ledger::Row> for FundPosting {
    fn from(row: ledger::Row) -> Self {
        Self {
            seq: row.seq,
            cause: row.kind,
            from: row.from_account,
            to: row.to_account,
            minor: row.minor,
            allocation: row.allocation_id,
            partner: row.partner_name,
            request: row.request_id,
            request_title: row.request_title,
            claim: row.claim_id,
            person: row.person_name,
            reference: row.reference,
            at: row.at,
        }
    }
}

impl From<ProofRow> for ProofView {
    fn from(row: ProofRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            bytes: row.bytes,
            r#type: row.media_type,
            sha256: row.sha256,
        }
    }
}

/// Where a list begins that goes down.
fn top<K>() -> Id<K> {
    Id::from_uuid(uuid::Uuid::max())
}

/// An organisation's own funds, newest first.
pub(super) async fn funds(
    conn: &mut Conn,
    scope: Scope,
    ask: &PageAsk,
) -> Result<Page<FundView>, Problem> {
    let before = ask.after()?.unwrap_or(top());
    let rows = sql::list(conn, scope.organisation(), before, ask.limit() + 1).await?;
    let Page { items, next, total } = Page::cut(rows, ask.limit(), |row| row.id);
    let items = items.into_iter().map(fund_view).collect::<Result<_, Fault>>()?;
    Ok(Page { items, next, total })
}

/// A fund with its parts, for its vendor.
pub(super) async fn fund(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Fund>,
) -> Result<FundView, Refusal> {
    let own = scope.organisation();
    let row = sql::one(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let parts = sql::parts(conn, own, id).await?;
    let parts = parts.iter().map(|it| part_view(it, own));
    let allocations = Some(parts.collect::<Result<_, Fault>>()?);
    Ok(FundView { allocations, ..fund_view(row)? })
}

/// What an organisation has of its vendors' funds.
pub(super) async fn parts(
    conn: &mut Conn,
    scope: Scope,
    ask: &PageAsk,
) -> Result<Page<AllocationView>, Problem> {
    let (own, before) =
        (scope.organisation(), ask.after()?.unwrap_or(top::<FundAllocation>()));
    let rows = sql::ours(conn, own, before, ask.limit() + 1).await?;
    let Page { items, next, total } = Page::cut(rows, ask.limit(), |row| row.id);
    let items = items.iter().map(|it| part_view(it, own));
    Ok(Page { items: items.collect::<Result<_, Fault>>()?, next, total })
}

/// A part of a fund, for one of its sides.
pub(super) async fn part(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundAllocation>,
) -> Result<AllocationView, Refusal> {
    let own = scope.organisation();
    let row = sql::part(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    Ok(part_view(&row, own)?)
}

/// Requests that an organisation made, or is to answer, newest first.
pub(super) async fn requests(
    conn: &mut Conn,
    scope: Scope,
    (side, allocation): (Option<Side>, Option<Id<FundAllocation>>),
    ask: &PageAsk,
) -> Result<Page<RequestView>, Problem> {
    let (own, before) =
        (scope.organisation(), ask.after()?.unwrap_or(top::<FundRequest>()));
    let side = match side {
        Some(Side::Partner) => 1_i64,
        Some(Side::Vendor) => 2,
        Some(Side::Clock) | None => 0,
    };
    let query = conn.run(requests::LIST).bind(own).bind(before).bind(side);
    let query = query.bind(allocation).bind(ask.limit() + 1);
    let rows: Vec<RequestRow> = query.all().await?;
    let Page { items, next, total } = Page::cut(rows, ask.limit(), |row| row.id);
    let items = items.iter().map(|it| request_view(it, own));
    Ok(Page { items: items.collect::<Result<_, Fault>>()?, next, total })
}

/// A request with its claims and its timeline.
pub(super) async fn request(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundRequest>,
    at: Moment,
) -> Result<RequestView, Refusal> {
    let own = scope.organisation();
    let row = requests::one(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let query = conn.run(claims::OF_REQUEST).bind(own).bind(id);
    let rows: Vec<ClaimRow> = query.all().await?;
    let mut claims = Vec::new();
    for claim in rows {
        let proofs = claims::proofs(conn, claim.id).await?;
        claims.push(claim_view(&row, claim, proofs, own));
    }
    let query = conn.run(requests::EVENTS).bind(id);
    let events: Vec<EventRow> = query.all().await?;
    let mut view = request_view(&row, own)?;
    let waits = claims.iter().any(|it: &ClaimView| {
        !matches!(
            it.state,
            ClaimState::Approved | ClaimState::Paid | ClaimState::Rejected
        )
    });
    view.claimable = view.claimable && !waits && row.use_by.is_some_and(|by| by >= at);
    view.claims = Some(claims);
    view.events = Some(events.into_iter().map(FundEvent::from).collect());
    Ok(view)
}

/// Postings of a fund, in order.
pub(super) async fn postings(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Fund>,
    ask: &PageAsk,
) -> Result<Page<FundPosting>, Problem> {
    let own = scope.organisation();
    sql::one(conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let (after, limit) = (ask.after()?.unwrap_or(0), ask.limit());
    let mut rows = ledger::postings(conn, own, (id, after), limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(|row| Cursor(row.seq).text());
    let items = rows.into_iter().map(FundPosting::from).collect();
    Ok(Page { items, next: last, total: None })
}
