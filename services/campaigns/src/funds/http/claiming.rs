//! Claims: what partners spent, their proofs, and that they are paid. Each answers with its
//! request.

use axum::{
    body::Bytes,
    extract::State as Held,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use gate::{Asked, At, Form, House, Permit, Problem, Revision, Scope};
use kernel::{Fault, FundClaim, FundProof, FundRequest, Id};
use serde::Deserialize;
use sharing::files::NewFile;
use store::{Sha256, Tx};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    super::{
        ClaimFunds, PayClaims, Proof, ReadFunds, Refusal, RunFunds,
        claims::{self, NewClaim},
        settle,
        view::{self, RequestView},
    },
    Tagged,
    asking::FundStepForm,
    tagged,
};

pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(draft_fund_claim))
        .routes(routes!(write_fund_claim))
        .routes(routes!(add_fund_proof))
        .routes(routes!(read_fund_proof, drop_fund_proof))
        .routes(routes!(move_fund_claim))
        .routes(routes!(answer_fund_claim))
        .routes(routes!(pay_fund_claim))
}

/// What something cost, and what of it is claimed.
#[derive(Debug, Deserialize, ToSchema)]
struct NewFundClaim {
    /// What it cost, in minor units.
    cost_minor: i64,
    /// What of that the fund is to pay: at most its share, and what is left.
    asked_minor: i64,
    /// Whether nothing more is claimed after it, so that what it leaves over goes back; yes
    /// unless told.
    last: Option<bool>,
    #[serde(default)]
    note: String,
}

/// What a claim says; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct FundClaimPatch {
    cost_minor: Option<i64>,
    asked_minor: Option<i64>,
    last: Option<bool>,
    note: Option<String>,
}

/// What is said of a proof that comes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FundProofAsk {
    /// What kind it is.
    #[param(inline)]
    kind: Proof,
    /// What the file is called.
    name: String,
}

/// That a claim was paid.
#[derive(Debug, Deserialize, ToSchema)]
struct FundPaymentForm {
    /// How the vendor's books call it; 1 to 120 characters.
    reference: String,
    /// The revision that was read.
    revision: i64,
}

/// Begin a claim of an approved request.
#[utoipa::path(post, path = "/api/v1/fund-requests/{fund_request}/claims", tag = "funds", params(("fund_request" = Id<FundRequest>, Path)), responses((status = 201, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn draft_fund_claim(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundRequest>>,
    Form(form): Form<NewFundClaim>,
) -> Result<(StatusCode, Tagged<RequestView>), Problem> {
    let new = NewClaim {
        cost_minor: form.cost_minor,
        asked_minor: form.asked_minor,
        last: form.last.unwrap_or(true),
        note: form.note,
    };
    let mut tx = house.db.write().await?;
    claims::draft(&mut tx, &permit, id, new, house.clock.now()).await?;
    let told = told(&house, tx, permit.scope(), id).await?;
    Ok((StatusCode::CREATED, told))
}

/// Change what a claim says, before it is handed in or when more is wanted.
#[utoipa::path(patch, path = "/api/v1/fund-claims/{fund_claim}", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path), ("If-Match" = String, Header)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn write_fund_claim(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundClaim>>,
    Revision(revision): Revision,
    Form(form): Form<FundClaimPatch>,
) -> Result<Tagged<RequestView>, Problem> {
    let change = |old: NewClaim| NewClaim {
        cost_minor: form.cost_minor.unwrap_or(old.cost_minor),
        asked_minor: form.asked_minor.unwrap_or(old.asked_minor),
        last: form.last.unwrap_or(old.last),
        note: form.note.unwrap_or(old.note),
    };
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let of = claims::write(&mut tx, &permit, (id, revision), change, at).await?;
    told(&house, tx, permit.scope(), of).await
}

/// Prove a claim by a file: a PDF or a picture. The body is the file's bytes.
#[utoipa::path(post, path = "/api/v1/fund-claims/{fund_claim}/proofs", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path), FundProofAsk), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = RequestView), (status = 404), (status = 409), (status = 413), (status = 422)))]
async fn add_fund_proof(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundClaim>>,
    Asked(asked): Asked<FundProofAsk>,
    bytes: Bytes,
) -> Result<(StatusCode, Tagged<RequestView>), Problem> {
    let new = NewFile::of(&asked.name, &bytes);
    // Nothing is kept for who may not prove, nor of a type that is not taken.
    let mut conn = house.db.read().await?;
    claims::takes_proof(&mut conn, &permit, id, &new).await?;
    drop(conn);
    house.files.keep(bytes).await?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let of = claims::prove(&mut tx, &permit, id, (asked.kind, &new), at).await?;
    Ok((StatusCode::CREATED, told(&house, tx, permit.scope(), of).await?))
}

/// A proof, as it came. Nothing in it runs.
#[utoipa::path(get, path = "/api/v1/fund-claims/{fund_claim}/proofs/{proof}", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path), ("proof" = Id<FundProof>, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404)))]
async fn read_fund_proof(
    Held(house): Held<House>,
    permit: Permit<ReadFunds>,
    At((id, proof)): At<(Id<FundClaim>, Id<FundProof>)>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let claim = claims::one(&mut conn, permit.scope().organisation(), id).await?;
    let claim = claim.ok_or(Refusal::NotFound)?;
    let proofs = claims::proofs(&mut conn, claim.id).await?;
    drop(conn);
    let kept = proofs.into_iter().find(|it| it.id == proof).ok_or(Refusal::NotFound)?;
    let bytes = house.files.read(kept.sha256.parse::<Sha256>()?).await?;
    let name: String = kept.name.bytes().map(percent).collect();
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let disposition = HeaderValue::from_str(&disposition);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (
            header::CONTENT_DISPOSITION,
            disposition.map_err(Fault::new("naming a proof in a header"))?,
        ),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// RFC 8187 § 3.2.1: what is no plain letter or digit is written as `%XX`.
fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Take a proof off a claim that was not handed in.
#[utoipa::path(delete, path = "/api/v1/fund-claims/{fund_claim}/proofs/{proof}", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path), ("proof" = Id<FundProof>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409)))]
async fn drop_fund_proof(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(ids): At<(Id<FundClaim>, Id<FundProof>)>,
) -> Result<Tagged<RequestView>, Problem> {
    let mut tx = house.db.write().await?;
    let of = claims::unprove(&mut tx, &permit, ids).await?;
    told(&house, tx, permit.scope(), of).await
}

/// Move a claim as its partner: `submit`.
#[utoipa::path(post, path = "/api/v1/fund-claims/{fund_claim}/moves", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn move_fund_claim(
    Held(house): Held<House>,
    permit: Permit<ClaimFunds>,
    At(id): At<Id<FundClaim>>,
    Form(form): Form<FundStepForm>,
) -> Result<Tagged<RequestView>, Problem> {
    let said = form.read()?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let of = claims::step(&mut tx, &permit, id, &said, at).await?;
    told(&house, tx, permit.scope(), of).await
}

/// Answer a claim as its vendor: `review`, `approve`, `reject`, `ask_more`.
#[utoipa::path(post, path = "/api/v1/fund-claims/{fund_claim}/answers", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn answer_fund_claim(
    Held(house): Held<House>,
    permit: Permit<RunFunds>,
    At(id): At<Id<FundClaim>>,
    Form(form): Form<FundStepForm>,
) -> Result<Tagged<RequestView>, Problem> {
    let said = form.read()?;
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let of = settle::answer_claim(&mut tx, &permit, id, &said, at).await?;
    told(&house, tx, permit.scope(), of).await
}

/// Say that an approved claim was paid.
#[utoipa::path(post, path = "/api/v1/fund-claims/{fund_claim}/payment", tag = "funds", params(("fund_claim" = Id<FundClaim>, Path)), responses((status = 200, body = RequestView), (status = 404), (status = 409), (status = 422)))]
async fn pay_fund_claim(
    Held(house): Held<House>,
    permit: Permit<PayClaims>,
    At(id): At<Id<FundClaim>>,
    Form(form): Form<FundPaymentForm>,
) -> Result<Tagged<RequestView>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let read = (id, form.revision);
    let of = settle::pay(&mut tx, &permit, read, &form.reference, at).await?;
    told(&house, tx, permit.scope(), of).await
}

async fn told(
    house: &House,
    mut tx: Tx,
    scope: Scope,
    of: Id<FundRequest>,
) -> Result<Tagged<RequestView>, Problem> {
    let view = view::request(&mut tx, scope, of, house.clock.now()).await?;
    tx.commit().await?;
    Ok(tagged(view.revision, view))
}
