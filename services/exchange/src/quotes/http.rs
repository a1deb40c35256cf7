//! `/quotes/{quote}/moves` and `answer`, and the papers of quotes and requests. All else about them is served by
//! `commerce`.

use axum::{Json, extract::State};
use commerce::quotes::{
    AnswerQuotes, QuoteAnswer, QuoteMove, QuoteView, QuoteWish, ReadQuotes, WriteQuotes,
};
use gate::{At, Form, House, Page, Permit, Problem};
use kernel::{Id, Quote, Rfq};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::interchanges::InterchangeView;

/// A move of a quote's seller.
#[derive(Debug, Deserialize, ToSchema)]
struct QuoteMoveForm {
    r#move: QuoteMove,
    /// The revision of the record that is moved.
    revision: i64,
}

/// What a buyer says.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum QuoteVerdict {
    /// Yes: an order is made of it.
    Accept,
    /// No.
    Reject,
    /// Otherwise.
    Counter,
}

/// The answer to a quote.
#[derive(Debug, Deserialize, ToSchema)]
struct QuoteAnswerForm {
    answer: QuoteVerdict,
    /// The hash of the document that is answered.
    sha256: String,
    /// The revision of the record that is answered.
    revision: i64,
    /// With `accept`: your number for the order; else the quote's.
    order_number: Option<String>,
    /// In words; at most 500 characters.
    note: Option<String>,
    /// With `counter`: what you wish of the lines.
    #[serde(default)]
    wishes: Vec<QuoteWish>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(step))
        .routes(routes!(answer))
        .routes(routes!(papers))
        .routes(routes!(papers_of_request))
}

/// Price, send, revise or withdraw a quote, as its seller. Where it answers a request by EDI,
/// sending it makes an 843 or QUOTES of it.
#[utoipa::path(post, path = "/api/v1/quotes/{quote}/moves", operation_id = "move_quote", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = QuoteView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn step(
    State(house): State<House>,
    permit: Permit<WriteQuotes>,
    At(quote): At<Id<Quote>>,
    Form(form): Form<QuoteMoveForm>,
) -> Result<Json<QuoteView>, Problem> {
    let of = (quote, form.revision);
    Ok(Json(super::step(&house, &permit, of, form.r#move).await?))
}

/// Accept, reject or counter a quote, as its buyer. The answer binds to the document's hash.
#[utoipa::path(post, path = "/api/v1/quotes/{quote}/answer", operation_id = "answer_quote", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = QuoteView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn answer(
    State(house): State<House>,
    permit: Permit<AnswerQuotes>,
    At(quote): At<Id<Quote>>,
    Form(form): Form<QuoteAnswerForm>,
) -> Result<Json<QuoteView>, Problem> {
    let said = match form.answer {
        QuoteVerdict::Accept => QuoteAnswer::Accept { order_number: form.order_number },
        QuoteVerdict::Reject => QuoteAnswer::Reject,
        QuoteVerdict::Counter => QuoteAnswer::Counter { wishes: form.wishes },
    };
    let of = (quote, form.revision, form.sha256);
    Ok(Json(super::answer(&house, &permit, of, said, form.note).await?))
}

/// The interchanges about a quote, and about the request that it answers, oldest first.
#[utoipa::path(get, path = "/api/v1/quotes/{quote}/papers", operation_id = "list_quote_papers", tag = "quotes", params(("quote" = Id<Quote>, Path)), responses((status = 200, body = Page<InterchangeView>), (status = 404)))]
async fn papers(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(quote): At<Id<Quote>>,
) -> Result<Json<Page<InterchangeView>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(Page::all(super::papers(&mut conn, &permit, quote).await?)))
}

/// The interchanges about a request for quote, oldest first.
#[utoipa::path(get, path = "/api/v1/rfqs/{rfq}/papers", operation_id = "list_rfq_papers", tag = "quotes", params(("rfq" = Id<Rfq>, Path)), responses((status = 200, body = Page<InterchangeView>), (status = 404)))]
async fn papers_of_request(
    State(house): State<House>,
    permit: Permit<ReadQuotes>,
    At(rfq): At<Id<Rfq>>,
) -> Result<Json<Page<InterchangeView>>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(Page::all(super::papers_of_request(&mut conn, &permit, rfq).await?)))
}
