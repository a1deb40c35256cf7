//! `/orders/{order}/shipments`, `/orders/{order}/invoices`, and taking an invoice back or crediting it.

use axum::{Json, extract::State, http::StatusCode};
use commerce::{
    fulfilment::{Excess, InvoiceBasis, WriteInvoices, WriteShipments},
    invoices::{
        self, CreditAmount, CreditLine, InvoiceCharge, InvoiceView, NewCredit,
        NewInvoice, NewInvoiceLine, TaxKind, Untaxed,
    },
    shipments::{self, NewShipment, ShipmentLine, ShipmentPackage, ShipmentView},
};
use gate::{At, Form, House, Permit, Problem};
use kernel::{Day, Id, Invoice, Order};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A dispatch advice, as its seller writes it.
#[derive(Debug, Deserialize, ToSchema)]
struct ShipmentForm {
    /// The revision of the order that was read.
    revision: i64,
    /// Your number for it, at most 22 characters; else one is given.
    number: Option<String>,
    /// The day on which the goods went out.
    sent_on: Day,
    /// The day on which they are expected.
    expected_on: Option<Day>,
    /// Who carries them; at most 35 characters.
    #[serde(default)]
    carrier: String,
    /// The carrier's number; at most 30 characters.
    #[serde(default)]
    tracking: String,
    /// A word to the buyer; one line of at most 264 characters.
    #[serde(default)]
    note: String,
    /// By how many percent more than was confirmed may be sent of a line, 0 to 25; nothing more,
    /// unless told.
    over_percent: Option<String>,
    /// Lines name them by place, from 1.
    #[serde(default)]
    packages: Vec<ShipmentPackage>,
    /// At most 1,000; a line may be there once for each package.
    lines: Vec<ShipmentLine>,
}

/// An invoice, as its seller writes it.
#[derive(Debug, Deserialize, ToSchema)]
struct InvoiceForm {
    /// The revision of the order that was read.
    revision: i64,
    /// Your number for it, at most 22 characters; else the next one of the year.
    number: Option<String>,
    /// Its day.
    issued_on: Day,
    /// By what day it is to be paid.
    due_on: Option<Day>,
    /// When to pay, in words; at most 80 characters.
    #[serde(default)]
    terms: String,
    /// A word to the buyer; one line of at most 264 characters.
    #[serde(default)]
    note: String,
    /// From what it is written: `shipped`, unless told.
    #[serde(default)]
    basis: InvoiceBasis,
    /// Which tax it bears: `vat`, unless told.
    #[serde(default)]
    tax_kind: TaxKind,
    /// Why a rate of zero is none: `exempt`, unless told.
    #[serde(default)]
    untaxed: Untaxed,
    /// At most 1,000; each line of the order once.
    lines: Vec<NewInvoiceLine>,
    /// At most 20.
    #[serde(default)]
    charges: Vec<InvoiceCharge>,
}

/// The end of a wrong invoice.
#[derive(Debug, Deserialize, ToSchema)]
struct InvoiceCancellation {
    /// The revision of the invoice that was read.
    revision: i64,
    /// Why, in at most 500 characters; the buyer reads it too.
    reason: String,
    /// The day of the cancellation; today in UTC, unless told.
    issued_on: Option<Day>,
}

/// A part of an invoice that is given back.
#[derive(Debug, Deserialize, ToSchema)]
struct CreditForm {
    /// The revision of the invoice that was read.
    revision: i64,
    /// Your number for it, at most 22 characters; else the next one of the year.
    number: Option<String>,
    /// Its day; today in UTC, unless told.
    issued_on: Option<Day>,
    /// Why; one line of at most 264 characters, which the buyer reads too.
    reason: String,
    /// What is credited of lines, at the price of the invoice; each line at most once.
    #[serde(default)]
    lines: Vec<CreditLine>,
    /// Amounts without a quantity, at most 20.
    #[serde(default)]
    amounts: Vec<CreditAmount>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(ship))
        .routes(routes!(invoice))
        .routes(routes!(cancel))
        .routes(routes!(credit))
}

impl From<ShipmentForm> for NewShipment {
    fn from(form: ShipmentForm) -> Self {
        Self {
            revision: form.revision,
            number: form.number,
            sent_on: form.sent_on,
            expected_on: form.expected_on,
            carrier: form.carrier,
            tracking: form.tracking,
            note: form.note,
            over_percent: form.over_percent,
            packages: form.packages,
            lines: form.lines,
            excess: Excess::Refused,
        }
    }
}

impl From<InvoiceForm> for NewInvoice {
    fn from(form: InvoiceForm) -> Self {
        Self {
            revision: form.revision,
            number: form.number,
            issued_on: form.issued_on,
            due_on: form.due_on,
            terms: form.terms,
            note: form.note,
            basis: form.basis,
            tax_kind: form.tax_kind,
            untaxed: form.untaxed,
            lines: form.lines,
            charges: form.charges,
            comes_to: None,
            excess: Excess::Refused,
        }
    }
}

/// Write a dispatch advice for an order; if it came by EDI, it goes out as 856 or DESADV.
#[utoipa::path(post, path = "/api/v1/orders/{order}/shipments", operation_id = "create_shipment", tag = "shipments", params(("order" = Id<Order>, Path)), responses((status = 201, body = ShipmentView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ship(
    State(house): State<House>,
    permit: Permit<WriteShipments>,
    At(order): At<Id<Order>>,
    Form(form): Form<ShipmentForm>,
) -> Result<(StatusCode, Json<ShipmentView>), Problem> {
    let id = super::ship(&house, &permit, order, &form.into()).await?;
    let mut conn = house.db.read().await?;
    let view = shipments::read(&mut conn, &permit, id).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Write an invoice for an order; if it came by EDI, it goes out as 810 or INVOIC.
#[utoipa::path(post, path = "/api/v1/orders/{order}/invoices", operation_id = "create_invoice", tag = "invoices", params(("order" = Id<Order>, Path)), responses((status = 201, body = InvoiceView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn invoice(
    State(house): State<House>,
    permit: Permit<WriteInvoices>,
    At(order): At<Id<Order>>,
    Form(form): Form<InvoiceForm>,
) -> Result<(StatusCode, Json<InvoiceView>), Problem> {
    let id = super::invoice(&house, &permit, order, &form.into()).await?;
    let mut conn = house.db.read().await?;
    let view = invoices::read(&mut conn, &permit, id).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Take a wrong invoice back, by a document of its own; if its order came by EDI, it goes out.
#[utoipa::path(post, path = "/api/v1/invoices/{invoice}/cancel", operation_id = "cancel_invoice", tag = "invoices", params(("invoice" = Id<Invoice>, Path)), responses((status = 201, body = InvoiceView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn cancel(
    State(house): State<House>,
    permit: Permit<WriteInvoices>,
    At(invoice): At<Id<Invoice>>,
    Form(form): Form<InvoiceCancellation>,
) -> Result<(StatusCode, Json<InvoiceView>), Problem> {
    let (of, says) = ((invoice, form.revision), (form.issued_on, form.reason.as_str()));
    let id = super::cancel(&house, &permit, of, says).await?;
    let mut conn = house.db.read().await?;
    let view = invoices::read(&mut conn, &permit, id).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Credit a part of an invoice, by a document of its own; if its order came by EDI, it goes out.
#[utoipa::path(post, path = "/api/v1/invoices/{invoice}/credit", operation_id = "credit_invoice", tag = "invoices", params(("invoice" = Id<Invoice>, Path)), responses((status = 201, body = InvoiceView), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn credit(
    State(house): State<House>,
    permit: Permit<WriteInvoices>,
    At(invoice): At<Id<Invoice>>,
    Form(form): Form<CreditForm>,
) -> Result<(StatusCode, Json<InvoiceView>), Problem> {
    let new = NewCredit {
        revision: form.revision,
        number: form.number,
        issued_on: form.issued_on.unwrap_or_else(|| house.clock.now().day()),
        reason: form.reason,
        lines: form.lines,
        amounts: form.amounts,
        comes_to: None,
    };
    let id = super::credit(&house, &permit, invoice, &new).await?;
    let mut conn = house.db.read().await?;
    let view = invoices::read(&mut conn, &permit, id).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
