//! `/invoices`. Writing one, and taking one back, is the business of `exchange`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use gate::{Asked, At, Form, House, Page, PageAsk, Permit, Problem};
use kernel::{Id, Invoice};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Filter, InvoiceState, InvoiceSummary, InvoiceView,
    answers::{self, InvoiceAnswer},
};
use crate::{
    fulfilment::{self, AnswerInvoices},
    orders::ReadOrders,
    quotes::Side,
    sheets::{self, Paper, SheetAsk},
};

/// What a buyer says to an invoice.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InvoiceVerdict {
    /// It will be paid.
    Approve,
    /// Something is wrong with it.
    Dispute,
}

/// The answer to an invoice.
#[derive(Debug, Deserialize, ToSchema)]
struct InvoiceAnswerForm {
    answer: InvoiceVerdict,
    /// The revision of the invoice that is answered.
    revision: i64,
    /// With `dispute`: why, in at most 500 characters.
    reason: Option<String>,
}

/// Which invoices to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InvoicesAsk {
    /// How many rows, 1 to 200; 50 unless told.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Only those that stand so.
    state: Option<InvoiceState>,
    /// Only those that you sell, or buy.
    side: Option<Side>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(answer))
        .routes(routes!(document))
        .routes(routes!(pdf))
}

/// The invoices that one's organisation wrote or was sent, newest first.
#[utoipa::path(get, path = "/api/v1/invoices", operation_id = "list_invoices", tag = "invoices", params(InvoicesAsk), responses((status = 200, body = Page<InvoiceSummary>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    Asked(ask): Asked<InvoicesAsk>,
) -> Result<Json<Page<InvoiceSummary>>, Problem> {
    let filter = Filter { state: ask.state, side: ask.side };
    let page = PageAsk { limit: ask.limit, after: ask.after, total: None };
    let mut conn = house.db.read().await?;
    super::list(&mut conn, permit.scope(), filter, &page).await.map(Json)
}

/// An invoice, and in what it disagrees with its order and with what was sent.
#[utoipa::path(get, path = "/api/v1/invoices/{invoice}", operation_id = "read_invoice", tag = "invoices", params(("invoice" = Id<Invoice>, Path)), responses((status = 200, body = InvoiceView), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(invoice): At<Id<Invoice>>,
) -> Result<Json<InvoiceView>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, invoice).await?))
}

/// Approve or dispute an invoice, as its buyer.
#[utoipa::path(post, path = "/api/v1/invoices/{invoice}/answer", operation_id = "answer_invoice", tag = "invoices", params(("invoice" = Id<Invoice>, Path)), responses((status = 200, body = InvoiceView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn answer(
    State(house): State<House>,
    permit: Permit<AnswerInvoices>,
    At(invoice): At<Id<Invoice>>,
    Form(form): Form<InvoiceAnswerForm>,
) -> Result<Json<InvoiceView>, Problem> {
    let said = match form.answer {
        InvoiceVerdict::Approve => InvoiceAnswer::Approve,
        InvoiceVerdict::Dispute => {
            InvoiceAnswer::Dispute(form.reason.unwrap_or_default())
        }
    };
    let of = (invoice, form.revision);
    let (now, mut tx) = (house.clock.now(), house.db.write().await?);
    answers::answer(&mut tx, &permit, of, said, now).await?;
    let view = super::read(&mut tx, &permit, invoice).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// The document of an invoice: the very bytes that its hash is of.
#[utoipa::path(get, path = "/api/v1/invoices/{invoice}/document", operation_id = "read_invoice_document", tag = "invoices", params(("invoice" = Id<Invoice>, Path)), responses((status = 200, body = serde_json::Value, content_type = "application/json"), (status = 404)))]
async fn document(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(invoice): At<Id<Invoice>>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = house.db.read().await?;
    let told = super::document(&mut conn, &house.files, &permit, invoice).await?;
    Ok(fulfilment::served(told))
}

/// An invoice, or what takes one back, for printing: what is printed is the very document.
#[utoipa::path(get, path = "/api/v1/invoices/{invoice}/pdf", operation_id = "print_invoice", tag = "invoices", params(("invoice" = Id<Invoice>, Path), SheetAsk), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404)))]
async fn pdf(
    State(house): State<House>,
    permit: Permit<ReadOrders>,
    At(invoice): At<Id<Invoice>>,
    Asked(ask): Asked<SheetAsk>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let language = sheets::language(&mut conn, permit.scope(), ask.lang).await?;
    let sha256 = super::sha256(&mut conn, permit.scope(), invoice).await?;
    drop(conn);
    sheets::answer(Paper::kept(&house.files, sha256).await?, language).await
}
