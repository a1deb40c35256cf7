//! How far an order is, as the API shows it.

use gate::Caller;
use kernel::{Fault, Id, Organisation};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AnswerOrders, Course, InvoiceBasis, Refusal, WriteInvoices, WriteShipments, does,
    rules,
};
use crate::{
    invoices::{self, InvoiceSummary},
    shipments::{self, ShipmentSummary},
};

/// How far a line of an order is; quantities in its unit, in decimals.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct LineProgress {
    /// The line, as the order names it.
    pub line: String,
    /// What, by the first of its numbers.
    pub product: String,
    /// What, in words.
    pub description: Option<String>,
    /// Of what unit the quantities are.
    pub unit: String,
    /// How much was ordered.
    pub ordered: String,
    /// How much the seller is to send.
    pub confirmed: String,
    /// How much is under way.
    pub shipped: String,
    /// How much was invoiced, less what was taken back.
    pub invoiced: String,
    /// How much of that was credited.
    pub credited: String,
    /// How much is still to be sent.
    pub open: String,
    /// How much of what was sent may be invoiced.
    pub to_invoice: String,
    /// How much of what was confirmed may be invoiced, sent or not.
    pub to_invoice_ordered: String,
    /// The price of one unit that both agreed on, in decimals.
    pub agreed_price: String,
}

/// What the caller may do now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct FulfilmentMay {
    /// Write a dispatch advice.
    pub ship: bool,
    /// Write an invoice.
    pub invoice: bool,
    /// Close the order by hand.
    pub close: bool,
}

/// How far an order is, with the papers that say so.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct Fulfilment {
    /// Line by line.
    pub lines: Vec<LineProgress>,
    /// Its dispatch advices, oldest first.
    pub shipments: Vec<ShipmentSummary>,
    /// Its invoices and what took them back, oldest first.
    pub invoices: Vec<InvoiceSummary>,
    /// What its invoices come to with tax, less what was taken back, in minor units.
    pub invoiced_minor: i64,
    /// What of that was credited, in minor units.
    pub credited_minor: i64,
    /// Why its seller closed it by hand.
    pub closed_reason: Option<String>,
    /// What the caller may do now.
    pub may: FulfilmentMay,
}

pub(super) fn overview(
    course: Course,
    organisation: Id<Organisation>,
    caller: Option<&Caller>,
) -> Result<Fulfilment, Refusal> {
    let keeps = course.order.summary.keeper == organisation;
    let sells = course.order.summary.seller.id == Some(organisation);
    let open = course.order.summary.state.is_open();
    let role =
        |does: fn(gate::Role) -> bool| open && caller.is_some_and(|it| does(it.role));
    let may = FulfilmentMay {
        ship: sells && role(does::<WriteShipments>),
        invoice: sells && role(does::<WriteInvoices>),
        close: keeps && role(does::<AnswerOrders>),
    };
    let lines = course.order.lines.iter().zip(&course.stands).map(|(line, stand)| {
        let to_invoice = |basis| stand.to_invoice(basis).normalize().to_string();
        LineProgress {
            line: line.line.clone(),
            product: line.product.clone(),
            description: line.description.clone(),
            unit: line.unit.clone(),
            ordered: stand.ordered.normalize().to_string(),
            confirmed: stand.confirmed.normalize().to_string(),
            shipped: stand.shipped.normalize().to_string(),
            invoiced: stand.invoiced.normalize().to_string(),
            credited: stand.credited.normalize().to_string(),
            open: stand.open().normalize().to_string(),
            to_invoice: to_invoice(InvoiceBasis::Shipped),
            to_invoice_ordered: to_invoice(InvoiceBasis::Ordered),
            agreed_price: rules::agreed_price(line)
                .map(|it| it.normalize().to_string())
                .unwrap_or_default(),
        }
    });
    let counted = || course.invoices.iter().filter(|it| it.counts());
    let sum = |of: fn(&invoices::Row) -> i64| {
        counted().try_fold(0_i64, |all, it| all.checked_add(of(it)))
    };
    let broken = || Fault::broken("adding up invoices", "they cannot be counted");
    let invoiced_minor = sum(|it| it.total_minor).ok_or_else(broken)?;
    let credited_minor = sum(|it| it.credited_minor).ok_or_else(broken)?;
    Ok(Fulfilment {
        invoiced_minor,
        credited_minor,
        lines: lines.collect(),
        shipments: course
            .shipments
            .into_iter()
            .map(shipments::summary)
            .collect::<Result<_, _>>()?,
        invoices: course.invoices.into_iter().map(invoices::summary).collect(),
        closed_reason: course.closed_reason,
        may,
    })
}
