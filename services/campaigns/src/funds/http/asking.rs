//! Requests: what partners ask for, and what vendors answer.

use axum::{Json, extract::State as Held, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem, Revision};
use kernel::{Day, FundAllocation, FundRequest, Id};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    super::{
        Activity, ClaimFunds, Move, ReadFunds, Refusal, RunFunds, Side,
        moves::Said,
        requests::{self, Wish},
        settle,
        view::{self, RequestView},
    },
    Tagged, tagged,
};

pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list_fund_requests, draft_fund_request))
        .routes(routes!(read_fund_request, write_fund_request))
        .routes(routes!(move_fund_request))
        .routes(routes!(answer_fund_request))
}

/// Which requests are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FundRequestAsk {
    /// Only those that one's organisation made (`partner`), or is to answer (`vendor`).
    #[param(inline)]
    side: Option<Side>,
    /// Only those of this part of a fund.
    allocation: Option<Id<FundAllocation>>,
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What a partner wants to do.
#[derive(Debug, Deserialize, ToSchema)]
struct NewFundRequest {
    /// Of which part of a fund.
    allocation: Id<FundAllocation>,
    /// Whether to hand it in at once; else it is a draft.
    #[serde(default)]
    submit: bool,
    /// 1 to 160 characters.
    title: String,
    kind: Activity,
    /// Its first day, within the fund's period.
    starts_on: Day,
    /// Its last one.
    ends_on: Day,
    /// What it is to cost, in minor units.
    cost_minor: i64,
    /// What of that the fund is to pay: at most its share.
    asked_minor: i64,
    #[serde(default)]
    note: String,
}

/// What a request says; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct FundRequestPatch {
    title: Option<String>,
    kind: Option<Activity>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    cost_minor: Option<i64>,
    asked_minor: Option<i64>,
    note: Option<String>,
}

impl FundRequestPatch {
    fn over(self, old: Wish) -> Wish {
        Wish {
            title: self.title.unwrap_or(old.title),
            kind: self.kind.unwrap_or(old.kind),
            starts_on: self.starts_on.unwrap_or(old.starts_on),
            ends_on: self.ends_on.unwrap_or(old.ends_on),
            cost_minor: self.cost_minor.unwrap_or(old.cost_minor),
            asked_minor: self.asked_minor.unwrap_or(old.asked_minor),
            note: self.note.unwrap_or(old.note),
        }
    }
}

/// A move of a request or a claim.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct FundStepForm {
    r#move: Move,
    /// The revision that was read.
    revision: i64,
    /// Of an approval: how much; all that was asked for unless told.
    amount_minor: Option<i64>,
    /// In words, for the other side; up to 2,000 characters. A refusal, a question and an
    /// approval in part need them.
    words: Option<String>,
}

impl FundStepForm {
    pub(super) fn read(self) -> Result<Said, Refusal> {
        let Self { r#move: to, revision, amount_minor: minor, words } = self;
        Ok(Said { to, revision, minor, words }.read()?)
    }
}

/// Requests that one's organisation made, or is to answer, newest first.
#[utoipa::path(get, path = "/api/v1/fund-requests", tag = "funds", params(FundRequestAsk), responses((status = 200, body = Page<RequestView>)))]
async fn list_fund_requests(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    Asked(ask): Asked<FundRequestAsk>,
) -> Result<Json<Page<RequestView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    let which = (ask.side, ask.allocation);
    view::requests(&mut conn, permit.scope(), which, &page).await.map(Json)
}

/// Ask a vendor for money of its fund: as a draft, or handed in at once.
#[utoipa::path(post, path = "/api/v1/fund-requests", tag = "funds", responses((status = 201, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn draft_fund_request(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    Form(form): Form<NewFundRequest>,
) -> Result<(StatusCode, Tagged<RequestView>), Problem> {
    let wish = Wish {
        title: form.title,
        kind: form.kind,
        starts_on: form.starts_on,
        ends_on: form.ends_on,
        cost_minor: form.cost_minor,
        asked_minor: form.asked_minor,
        note: form.note,
    };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = requests::draft(&mut tx, &permit, form.allocation, wish, at).await?;
    if form.submit {
        let said = Said { to: Move::Submit, revision: 1, minor: None, words: None };
        requests::step(&mut tx, &permit, id, &said, at).await?;
    }
    let view = view::request(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, tagged(view.revision, view)))
}

/// A request with its claims and its timeline.
#[utoipa::path(get, path = "/api/v1/fund-requests/{fund_request}", tag = "funds", params(("fund_request" = Id<FundRequest>, Path)), responses((status = 200, body = RequestView), (status = 404)))]
async fn read_fund_request(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    At(id): At<Id<FundRequest>>,
) -> Result<Tagged<RequestView>, Problem> {
    let (at, mut conn) = (house.clock.now(), house.db.read().await?);
    let view = view::request(&mut conn, permit.scope(), id, at).await?;
    Ok(tagged(view.revision, view))
}

/// Change what a request says, before it is handed in or when more is wanted.
#[utoipa::path(patch, path = "/api/v1/fund-requests/{fund_request}", tag = "funds", params(("fund_request" = Id<FundRequest>, Path), ("If-Match" = String, Header)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn write_fund_request(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundRequest>>,
    Revision(revision): Revision,
    Form(form): Form<FundRequestPatch>,
) -> Result<Tagged<RequestView>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    requests::write(&mut tx, &permit, (id, revision), |old| form.over(old), at).await?;
    let view = view::request(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Move a request as its partner: `submit`, `withdraw`.
#[utoipa::path(post, path = "/api/v1/fund-requests/{fund_request}/moves", tag = "funds", params(("fund_request" = Id<FundRequest>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn move_fund_request(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundRequest>>,
    Form(form): Form<FundStepForm>,
) -> Result<Tagged<RequestView>, Problem> {
    let said = form.read()?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    requests::step(&mut tx, &permit, id, &said, at).await?;
    let view = view::request(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}

/// Answer a request as its vendor: `review`, `approve`, `reject`, `ask_more`.
#[utoipa::path(post, path = "/api/v1/fund-requests/{fund_request}/answers", tag = "funds", params(("fund_request" = Id<FundRequest>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn answer_fund_request(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<FundRequest>>,
    Form(form): Form<FundStepForm>,
) -> Result<Tagged<RequestView>, Problem> {
    let said = form.read()?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    settle::answer_request(&mut tx, &permit, id, &said, at).await?;
    let view = view::request(&mut tx, permit.scope(), id, at).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}
