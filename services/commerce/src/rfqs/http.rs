//! `/rfqs`, and asking in a deal.

use axum::{Json, extract::State, http::StatusCode};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Day, Id, Organisation, Rfq, Space};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{RfqView, Wanted};
use crate::quotes::{self, AnswerQuotes, QuoteLine, ReadQuotes, RfqQuote, WriteQuotes};

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRfq {
    /// Whom, of the deal's organisations.
    seller: Id<Organisation>,
    /// Your number for it, at most 22 characters; else one is given.
    number: Option<String>,
    /// What, and how much; prices are what you hope for.
    lines: Vec<QuoteLine>,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    note: String,
    /// By what day you need an answer.
    answer_by: Option<Day>,
}

/// Why nothing is offered.
#[derive(Debug, Deserialize, ToSchema)]
struct RfqRefusal {
    /// The revision that is answered.
    revision: i64,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    reason: String,
}

/// A deal to put a request into.
#[derive(Debug, Deserialize, ToSchema)]
struct RfqPlace {
    deal: Id<Space>,
}

/// Which requests to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RfqsAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Only those that stand in this deal.
    deal: Option<Id<Space>>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(ask))
        .routes(routes!(decline))
        .routes(routes!(place))
        .routes(routes!(offers))
}

/// The requests for quote that one's organisation asked, or is to answer, newest first.
#[utoipa::path(get, path = "/api/v1/rfqs", operation_id = "list_rfqs", tag = "quotes", params(RfqsAsk), responses((status = 200, body = Page<RfqView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    Asked(ask): Asked<RfqsAsk>,
) -> Result<Json<Page<RfqView>>, Problem> {
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    super::list(&mut conn, permit.scope(), ask.deal, &page).await.map(Json)
}

/// A request for quote.
#[utoipa::path(get, path = "/api/v1/rfqs/{rfq}", operation_id = "read_rfq", tag = "quotes", params(("rfq" = Id<Rfq>, Path)), responses((status = 200, body = RfqView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(rfq): At<Id<Rfq>>,
) -> Result<Json<RfqView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, permit.scope(), rfq).await?))
}

/// Ask another organisation of a deal for a quote.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/rfqs", operation_id = "ask_quote", tag = "quotes", params(("deal" = Id<Space>, Path)), responses((status = 201, body = RfqView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ask(
    State(house): State<House>,
    permit: Permit<AnswerQuotes>,
    At(deal): At<Id<Space>>,
    Form(form): Form<NewRfq>,
) -> Result<(StatusCode, Json<RfqView>), Problem> {
    let NewRfq { seller, number, lines, note, answer_by } = form;
    let wanted = Wanted { number, lines, note, answer_by };
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let id = super::ask(&mut tx, &permit, (deal, seller), wanted, now).await?;
    let view = super::read(&mut tx, permit.scope(), id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Decline a request for quote, as its seller.
#[utoipa::path(post, path = "/api/v1/rfqs/{rfq}/decline", operation_id = "decline_rfq", tag = "quotes", params(("rfq" = Id<Rfq>, Path)), responses((status = 200, body = RfqView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn decline(
    State(house): State<House>,
    permit: Permit<WriteQuotes>,
    At(rfq): At<Id<Rfq>>,
    Form(form): Form<RfqRefusal>,
) -> Result<Json<RfqView>, Problem> {
    let of = (rfq, form.revision);
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::decline(&mut tx, &permit, of, &form.reason, now).await?;
    let view = super::read(&mut tx, permit.scope(), rfq).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Put a request for quote that stands in no deal into one, as its seller.
#[utoipa::path(post, path = "/api/v1/rfqs/{rfq}/deal", operation_id = "place_rfq", tag = "quotes", params(("rfq" = Id<Rfq>, Path)), responses((status = 200, body = RfqView), (status = 403), (status = 404), (status = 409)))]
async fn place(
    State(house): State<House>,
    permit: Permit<WriteQuotes>,
    At(rfq): At<Id<Rfq>>,
    Form(form): Form<RfqPlace>,
) -> Result<Json<RfqView>, Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::place(&mut tx, permit.scope(), rfq, form.deal, now).await?;
    let view = super::read(&mut tx, permit.scope(), rfq).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// The quotes that answer a request, each line by line against it, oldest first.
#[utoipa::path(get, path = "/api/v1/rfqs/{rfq}/quotes", operation_id = "list_rfq_quotes", tag = "quotes", params(("rfq" = Id<Rfq>, Path)), responses((status = 200, body = Page<RfqQuote>), (status = 404)))]
async fn offers(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(rfq): At<Id<Rfq>>,
) -> Result<Json<Page<RfqQuote>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(Page::all(quotes::of_request(&mut conn, &permit, rfq).await?)))
}
