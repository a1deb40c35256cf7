//! Invoices as the API shows them.

use gate::Caller;
use kernel::{Currency, Day, Fault, Id, Invoice, Moment, Organisation};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    compare::InvoiceDisagreement,
    credits::{CreditLeft, Left},
    rules::{
        Content, InvoiceCharge, InvoiceKind, InvoiceLine, InvoiceState, InvoiceTax,
        TaxKind, Untaxed,
    },
    sql::Row,
};
use crate::{
    fulfilment::{AnswerInvoices, WriteInvoices, does},
    orders::{BuyerRef, OrderState, SellerRef},
    shipments::PaperOrder,
};

/// Another invoice, by id and number.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceRef {
    /// Which.
    pub id: Id<Invoice>,
    /// Its number.
    pub number: String,
}

/// A credit note of an invoice.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceCreditNote {
    /// Which.
    pub id: Id<Invoice>,
    /// Its number.
    pub number: String,
    /// Its day.
    pub issued_on: Day,
    /// What it comes to with tax, in minor units.
    pub total_minor: i64,
}

/// An invoice in brief.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceSummary {
    /// Which.
    pub id: Id<Invoice>,
    /// What it is to its order.
    pub kind: InvoiceKind,
    /// The seller's number for it.
    pub number: String,
    /// Where it stands.
    pub state: InvoiceState,
    /// The order that it is for.
    pub order: PaperOrder,
    /// Who sells.
    pub seller: SellerRef,
    /// Who buys.
    pub buyer: BuyerRef,
    /// Its day.
    pub issued_on: Day,
    /// By what day it is to be paid.
    pub due_on: Option<Day>,
    /// In what its amounts are.
    pub currency: Currency,
    /// What it comes to before tax, in minor units.
    pub net_minor: i64,
    /// Its taxes, in minor units.
    pub tax_minor: i64,
    /// What is to be paid, in minor units; what takes an invoice back has that invoice's, and a
    /// credit note what it gives back.
    pub total_minor: i64,
    /// The invoice that it takes back.
    pub cancels: Option<InvoiceRef>,
    /// What took it back.
    pub cancelled_by: Option<Id<Invoice>>,
    /// The invoice of which it credits a part.
    pub credits: Option<InvoiceRef>,
    /// What its credit notes come to with tax, in minor units.
    pub credited_minor: i64,
    /// The SHA-256 of its document.
    pub sha256: String,
    /// When it last changed.
    pub updated_at: Moment,
    /// How often what became of it changed.
    pub revision: i64,
}

/// What the caller may do now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of one thing that may be done, by its name"
)]
pub struct InvoiceMay {
    /// Approve it.
    pub approve: bool,
    /// Dispute it.
    pub dispute: bool,
    /// Take it back.
    pub cancel: bool,
    /// Credit a part of it.
    pub credit: bool,
}

/// An invoice.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct InvoiceView {
    /// It in brief.
    #[serde(flatten)]
    pub summary: InvoiceSummary,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Its charges and allowances.
    pub charges: Vec<InvoiceCharge>,
    /// Its taxes, by rate.
    pub taxes: Vec<InvoiceTax>,
    /// Which tax it bears.
    pub tax_kind: TaxKind,
    /// Why a rate of zero is none.
    pub untaxed: Untaxed,
    /// When to pay, in words.
    pub terms: String,
    /// A word to the buyer.
    pub note: String,
    /// Why its buyer disputes it, or its seller took it back.
    pub reason: Option<String>,
    /// In what it disagrees with the order and with what was sent.
    pub disagreements: Vec<InvoiceDisagreement>,
    /// Its credit notes, oldest first.
    pub credit_notes: Vec<InvoiceCreditNote>,
    /// What may still be credited; none of what is no invoice, and of one that was taken back.
    pub left: Option<CreditLeft>,
    /// What the caller may do now.
    pub may: InvoiceMay,
}

pub(crate) fn content(row: &Row) -> Result<Content, Fault> {
    serde_json::from_str(&row.content).map_err(Fault::new("reading what an invoice says"))
}

pub(crate) fn summary(row: Row) -> InvoiceSummary {
    let cancels = row.cancels_id.zip(row.cancels_number);
    let credits = row.credits_id.zip(row.credits_number);
    InvoiceSummary {
        id: row.id,
        kind: row.kind,
        number: row.number,
        state: row.state,
        order: PaperOrder { id: row.order_id, number: row.order_number },
        seller: SellerRef::of(row.seller_id, row.seller_name, row.seller_key.as_ref()),
        buyer: BuyerRef { id: row.buyer_id, name: row.buyer_name },
        issued_on: row.issued_on,
        due_on: row.due_on,
        currency: row.currency,
        net_minor: row.net_minor,
        tax_minor: row.tax_minor,
        total_minor: row.total_minor,
        cancels: cancels.map(|(id, number)| InvoiceRef { id, number }),
        cancelled_by: row.cancelled_by,
        credits: credits.map(|(id, number)| InvoiceRef { id, number }),
        credited_minor: row.credited_minor,
        sha256: row.sha256,
        updated_at: row.updated_at,
        revision: row.revision,
    }
}

pub(super) fn credit_notes(row: &Row, papers: &[Row]) -> Vec<InvoiceCreditNote> {
    let own = papers.iter().filter(|it| it.credits_id == Some(row.id));
    let told = own.map(|it| InvoiceCreditNote {
        id: it.id,
        number: it.number.clone(),
        issued_on: it.issued_on,
        total_minor: it.total_minor,
    });
    told.collect()
}

pub(super) fn may(
    row: &Row,
    (order, left): (OrderState, &Left),
    organisation: Id<Organisation>,
    caller: Option<&Caller>,
) -> InvoiceMay {
    let role = |does: fn(gate::Role) -> bool| caller.is_some_and(|it| does(it.role));
    let is_invoice = row.kind == InvoiceKind::Invoice;
    let buys = row.buyer_id == Some(organisation)
        && is_invoice
        && order.is_open()
        && role(does::<AnswerInvoices>);
    let writes = row.seller_key.is_none()
        && row.seller_id == organisation
        && is_invoice
        && role(does::<WriteInvoices>);
    let sells = writes && order.is_open() && row.credited_minor == 0;
    InvoiceMay {
        approve: buys && row.state.may_become(InvoiceState::Approved),
        dispute: buys && row.state.may_become(InvoiceState::Disputed),
        cancel: sells && row.state.may_become(InvoiceState::Cancelled),
        credit: writes && row.counts() && !left.is_nothing(),
    }
}
