//! `/quotes`, and the quotes of a deal.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use directory::Locale;
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Currency, Day, Id, Organisation, Quote, Rfq, Space};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApproveQuotes, Content, Filter, QuoteBuyer, QuoteLine, QuoteState, QuoteSummary,
    QuoteView, ReadQuotes, Side, WriteQuotes,
};
use crate::sheets;

/// What a revision of a quote says.
#[derive(Debug, Deserialize, ToSchema)]
struct QuoteContent {
    currency: Currency,
    /// The last day, in UTC, on which it can be accepted.
    valid_until: Day,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    terms: String,
    /// At most 500.
    lines: Vec<QuoteLine>,
}

/// A new quote.
#[derive(Debug, Deserialize, ToSchema)]
struct NewQuote {
    /// An organisation of the deal; or `buyer_name`.
    buyer: Option<Id<Organisation>>,
    /// Somebody who has no place on the hub.
    buyer_name: Option<String>,
    /// The request that it answers.
    rfq: Option<Id<Rfq>>,
    /// Your number for it, at most 22 characters; else one is given.
    number: Option<String>,
    #[serde(flatten)]
    content: QuoteContent,
}

/// Another draft.
#[derive(Debug, Deserialize, ToSchema)]
struct QuoteDraft {
    /// The revision of the record that is changed.
    revision: i64,
    #[serde(flatten)]
    content: QuoteContent,
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
struct QuoteApproval {
    /// The revision of the record that is approved.
    revision: i64,
}

/// Which quotes to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QuotesAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Only those that stand so.
    state: Option<QuoteState>,
    /// Only those that you sell, or buy.
    side: Option<Side>,
}

/// Which revision of a quote to print.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QuoteSheetAsk {
    /// Which; the last that you may see unless told.
    revision: Option<i64>,
    /// In which language; in the reader's own unless told.
    lang: Option<Locale>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_deal, create))
        .routes(routes!(one))
        .routes(routes!(write))
        .routes(routes!(approve))
        .routes(routes!(document))
        .routes(routes!(pdf))
}

impl From<QuoteContent> for Content {
    fn from(form: QuoteContent) -> Self {
        let QuoteContent { currency, valid_until, terms, lines } = form;
        Self { currency, valid_until, terms, lines }
    }
}

/// The quotes that one's organisation wrote or was sent, newest first.
#[utoipa::path(get, path = "/api/v1/quotes", operation_id = "list_quotes", tag = "quotes", params(QuotesAsk), responses((status = 200, body = Page<QuoteSummary>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    Asked(ask): Asked<QuotesAsk>,
) -> Result<Json<Page<QuoteSummary>>, Problem> {
    let filter = Filter { state: ask.state, side: ask.side };
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    super::list(&mut conn, permit.scope(), filter, &page).await.map(Json)
}

/// The quotes of a deal that one's organisation wrote or was sent, oldest first.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/quotes", operation_id = "list_deal_quotes", tag = "quotes", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<QuoteSummary>), (status = 404)))]
async fn of_deal(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<QuoteSummary>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::of_deal(&mut conn, permit.scope(), deal).await?))
}

/// Begin a quote in a deal, as its seller. Nobody else sees it before it is sent.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/quotes", operation_id = "create_quote", tag = "quotes", params(("deal" = Id<Space>, Path)), responses((status = 201, body = QuoteView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn create(
    State(house): State<House>,
    permit: Permit<WriteQuotes>,
    At(deal): At<Id<Space>>,
    Form(form): Form<NewQuote>,
) -> Result<(StatusCode, Json<QuoteView>), Problem> {
    let buyer = match (form.buyer, form.buyer_name) {
        (Some(id), None) => QuoteBuyer::OnHub(id),
        (None, Some(name)) => QuoteBuyer::Outside(name),
        (Some(_), Some(_)) | (None, None) => {
            let why = "name the buyer once: by `buyer` or by `buyer_name`";
            return Err(Problem::refused("buyer", why));
        }
    };
    let (content, of) = (form.content.into(), (buyer, form.rfq));
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    let id =
        super::create(&mut tx, &permit, deal, of, form.number, &content, now).await?;
    let view = super::read(&mut tx, &permit, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A quote with its revisions: for its buyer, those that were sent.
#[utoipa::path(get, path = "/api/v1/quotes/{quote}", operation_id = "read_quote", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = QuoteView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(quote): At<Id<Quote>>,
) -> Result<Json<QuoteView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, quote).await?))
}

/// Write a revision that was not sent anew.
#[utoipa::path(put, path = "/api/v1/quotes/{quote}/draft", operation_id = "write_quote", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = QuoteView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn write(
    State(house): State<House>,
    permit: Permit<WriteQuotes>,
    At(quote): At<Id<Quote>>,
    Form(form): Form<QuoteDraft>,
) -> Result<Json<QuoteView>, Problem> {
    let content = form.content.into();
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::write(&mut tx, &permit, quote, form.revision, &content, now).await?;
    let view = super::read(&mut tx, &permit, quote).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Approve a quote that is priced, so that it may be sent.
#[utoipa::path(post, path = "/api/v1/quotes/{quote}/approve", operation_id = "approve_quote", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = QuoteView), (status = 403), (status = 404), (status = 409)))]
async fn approve(
    State(house): State<House>,
    permit: Permit<ApproveQuotes>,
    At(quote): At<Id<Quote>>,
    Form(form): Form<QuoteApproval>,
) -> Result<Json<QuoteView>, Problem> {
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    super::approve(&mut tx, &permit, (quote, form.revision), now).await?;
    let view = super::read(&mut tx, &permit, quote).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// The document of a revision that was sent: the very bytes that its hash is of.
#[utoipa::path(get, path = "/api/v1/quotes/{quote}/documents/{rev}", operation_id = "read_quote_document", tag = "quotes", params(("quote" = Id<Quote>, Path), ("rev" = i64, Path)), responses((status = 200, body = serde_json::Value, content_type = "application/json"), (status = 404)))]
async fn document(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At((quote, rev)): At<(Id<Quote>, i64)>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let of = (quote, rev);
    let (sha256, bytes) = super::document(&mut conn, &house.files, &permit, of).await?;
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{sha256}\"")) {
        headers.insert(header::ETAG, tag);
    }
    Ok((headers, bytes))
}

/// A revision for printing: what was sent, or for its seller the draft.
#[utoipa::path(get, path = "/api/v1/quotes/{quote}/pdf", operation_id = "print_quote", tag = "quotes", params(("quote" = Id<Quote>, Path), QuoteSheetAsk), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404), (status = 422)))]
async fn pdf(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(quote): At<Id<Quote>>,
    Asked(ask): Asked<QuoteSheetAsk>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let language = sheets::language(&mut conn, permit.scope(), ask.lang).await?;
    let of = (quote, ask.revision);
    let paper = super::sheet::sheet(&mut conn, &house.files, &permit, of).await?;
    drop(conn);
    sheets::answer(paper, language).await
}
