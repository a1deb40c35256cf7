//! What a vendor asks for: its funds, their parts, their ledger; and what partners have of them.

use axum::{
    Json,
    extract::State as Held,
    http::{StatusCode, header},
    response::IntoResponse,
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Currency, Day, Fund, FundAllocation, Id, Organisation};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    super::{
        Proof, ReadFunds, ReadLedger, RunFunds, export,
        run::{self, Terms},
        view::{self, AllocationView, FundPosting, FundView},
    },
    Tagged, tagged,
};
use crate::funds::Refusal;

pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_funds, create_fund))
        .routes(routes!(read_fund, write_fund))
        .routes(routes!(move_fund))
        .routes(routes!(allocate_fund))
        .routes(routes!(list_fund_allocations))
        .routes(routes!(read_fund_allocation))
        .routes(routes!(set_fund_allocation))
        .routes(routes!(read_fund_ledger))
        .routes(routes!(export_fund_ledger))
}

/// A fund to be.
#[derive(Debug, Deserialize, ToSchema)]
struct NewFund {
    /// 1 to 120 characters.
    name: String,
    currency: Currency,
    /// The first day of what it pays for.
    starts_on: Day,
    /// The last one.
    ends_on: Day,
    /// What of a cost it pays, 1 to 100 percent.
    share_percent: i64,
    /// For how many days after an activity it may be claimed; 0 to 365.
    claim_days: i64,
    /// What may be claimed, in words.
    #[serde(default)]
    words: String,
    /// What every claim is proven by.
    #[serde(default)]
    proofs: Vec<Proof>,
    /// Minor units, above 0.
    amount_minor: i64,
}

/// What a fund says; what is absent stays. Of an open fund only name, words and amount change.
#[derive(Debug, Deserialize, ToSchema)]
struct FundPatch {
    name: Option<String>,
    currency: Option<Currency>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    share_percent: Option<i64>,
    claim_days: Option<i64>,
    words: Option<String>,
    proofs: Option<Vec<Proof>>,
    amount_minor: Option<i64>,
}

impl FundPatch {
    fn over(self, old: Terms) -> Terms {
        Terms {
            name: self.name.unwrap_or(old.name),
            currency: self.currency.unwrap_or(old.currency),
            starts_on: self.starts_on.unwrap_or(old.starts_on),
            ends_on: self.ends_on.unwrap_or(old.ends_on),
            share_percent: self.share_percent.unwrap_or(old.share_percent),
            claim_days: self.claim_days.unwrap_or(old.claim_days),
            words: self.words.unwrap_or(old.words),
            proofs: self.proofs.unwrap_or(old.proofs),
            amount_minor: self.amount_minor.unwrap_or(old.amount_minor),
        }
    }
}

/// A move of a fund.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FundStep {
    /// Its money is there from now on.
    Open,
    /// What is left expires.
    Close,
}

#[derive(Debug, Deserialize, ToSchema)]
struct FundMoveForm {
    r#move: FundStep,
    /// The revision that was read.
    revision: i64,
}

/// A part of a fund, for a partner.
#[derive(Debug, Deserialize, ToSchema)]
struct NewFundAllocation {
    /// For whom.
    partner: Id<Organisation>,
    /// Minor units, above 0.
    amount_minor: i64,
}

/// How large a part is to be.
#[derive(Debug, Deserialize, ToSchema)]
struct FundAllocationForm {
    /// Minor units; as little as it can be, unless told.
    amount_minor: Option<i64>,
    /// The revision that was read.
    revision: i64,
}

/// Funds of one's own organisation, newest first.
#[utoipa::path(get, path = "/api/v1/funds", tag = "funds", params(PageAsk), responses((status = 200, body = Page<FundView>)))]
async fn list_funds(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<FundView>>, Problem> {
    let mut conn = house.db.read().await?;
    view::funds(&mut conn, permit.scope(), &ask).await.map(Json)
}

/// Begin a fund. It holds no money before it is opened.
#[utoipa::path(post, path = "/api/v1/funds", tag = "funds", responses((status = 201, body = FundView), (status = 422)))]
async fn create_fund(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    Form(form): Form<NewFund>,
) -> Result<(StatusCode, Tagged<FundView>), Problem> {
    let terms = Terms {
        name: form.name,
        currency: form.currency,
        starts_on: form.starts_on,
        ends_on: form.ends_on,
        share_percent: form.share_percent,
        claim_days: form.claim_days,
        words: form.words,
        proofs: form.proofs,
        amount_minor: form.amount_minor,
    };
    let terms = terms.read().map_err(Refusal::from)?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = run::create(&mut tx, &permit, &terms, at).await?;
    let view = view::fund(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(view.revision, view)))
}

/// A fund with the parts of its partners.
#[utoipa::path(get, path = "/api/v1/funds/{fund}", tag = "funds", params(("fund" = Id<Fund>, Path)), responses((status = 200, body = FundView), (status = 404)))]
async fn read_fund(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    At(id): At<Id<Fund>>,
) -> Result<Tagged<FundView>, Problem> {
    let mut conn = house.db.read().await?;
    let view = view::fund(&mut conn, permit.scope(), id).await?;
    Ok(tagged(view.revision, view))
}

/// Change what a fund says.
#[utoipa::path(patch, path = "/api/v1/funds/{fund}", tag = "funds", params(("fund" = Id<Fund>, Path), ("If-Match" = String, Header)), responses((status = 200, body = FundView), (status = 404), (status = 409), (status = 422)))]
async fn write_fund(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<Fund>>,
    Revision(revision): Revision,
    Form(form): Form<FundPatch>,
) -> Result<Tagged<FundView>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    run::write(&mut tx, &permit, (id, revision), |old| form.over(old), at).await?;
    let view = view::fund(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Open a fund, or close it.
#[utoipa::path(post, path = "/api/v1/funds/{fund}/moves", tag = "funds", params(("fund" = Id<Fund>, Path)), responses((status = 200, body = FundView), (status = 404), (status = 409)))]
async fn move_fund(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<Fund>>,
    Form(form): Form<FundMoveForm>,
) -> Result<Tagged<FundView>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let read = (id, form.revision);
    match form.r#move {
        FundStep::Open => run::open(&mut tx, &permit, read, at).await?,
        FundStep::Close => run::close(&mut tx, &permit, read, at).await?,
    }
    let view = view::fund(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Give a partner a part of a fund.
#[utoipa::path(post, path = "/api/v1/funds/{fund}/allocations", tag = "funds", params(("fund" = Id<Fund>, Path)), responses((status = 201, body = AllocationView), (status = 404), (status = 409), (status = 422)))]
async fn allocate_fund(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<Fund>>,
    Form(form): Form<NewFundAllocation>,
) -> Result<(StatusCode, Json<AllocationView>), Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let what = (form.partner, form.amount_minor);
    let part = run::allocate(&mut tx, &permit, id, what, at).await?;
    let view = view::part(&mut tx, permit.scope(), part).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// What one's organisation has of its vendors' funds.
#[utoipa::path(get, path = "/api/v1/fund-allocations", tag = "funds", params(PageAsk), responses((status = 200, body = Page<AllocationView>)))]
async fn list_fund_allocations(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<AllocationView>>, Problem> {
    let mut conn = house.db.read().await?;
    view::parts(&mut conn, permit.scope(), &ask).await.map(Json)
}

/// A part of a fund.
#[utoipa::path(get, path = "/api/v1/fund-allocations/{allocation}", tag = "funds", params(("allocation" = Id<FundAllocation>, Path)), responses((status = 200, body = AllocationView), (status = 404)))]
async fn read_fund_allocation(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    At(id): At<Id<FundAllocation>>,
) -> Result<Json<AllocationView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(view::part(&mut conn, permit.scope(), id).await?))
}

/// Raise or lower a partner's part, or take back what is not used of it.
#[utoipa::path(post, path = "/api/v1/fund-allocations/{allocation}/amount", tag = "funds", params(("allocation" = Id<FundAllocation>, Path)), responses((status = 200, body = AllocationView), (status = 404), (status = 409), (status = 422)))]
async fn set_fund_allocation(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<FundAllocation>>,
    Form(form): Form<FundAllocationForm>,
) -> Result<Json<AllocationView>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let read = (id, form.revision);
    run::set_amount(&mut tx, &permit, read, form.amount_minor, at).await?;
    let view = view::part(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// The ledger of a fund: each posting takes from one account what it gives to another.
#[utoipa::path(get, path = "/api/v1/funds/{fund}/ledger", tag = "funds", params(("fund" = Id<Fund>, Path), PageAsk), responses((status = 200, body = Page<FundPosting>), (status = 404)))]
async fn read_fund_ledger(
    Held(house): Held<House>,
    permit: Permit<ReadLedger>,
    At(id): At<Id<Fund>>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<Page<FundPosting>>, Problem> {
    let mut conn = house.db.read().await?;
    view::postings(&mut conn, permit.scope(), id, &ask).await.map(Json)
}

/// The ledger as a CSV file for accounting: two lines a posting, which sum to zero.
#[utoipa::path(get, path = "/api/v1/funds/{fund}/ledger/csv", tag = "funds", params(("fund" = Id<Fund>, Path)), responses((status = 200, body = String, content_type = "text/csv"), (status = 404)))]
async fn export_fund_ledger(
    Held(house): Held<House>,
    permit: Permit<ReadLedger>,
    At(id): At<Id<Fund>>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let file = export::csv(&mut conn, permit.scope(), id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file))
}
