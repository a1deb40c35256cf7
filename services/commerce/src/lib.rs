//! What is bought and sold: the [`catalogue`] holds products, [`pricelists`] what they cost whom;
//! [`rfqs`] ask, [`quotes`] offer, [`orders`] order; [`shipments`] send, [`invoices`] ask for
//! money, and [`fulfilment`] tells how far an order is.

pub mod catalogue;
pub mod changes;
pub mod fulfilment;
pub mod invoices;
pub mod orders;
pub mod pricelists;
pub mod quotes;
pub mod rfqs;
mod sheets;
pub mod shipments;

use std::{future::Future, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<orders::ReadOrders>(),
    action_row::<orders::AnswerOrders>(),
    action_row::<orders::WriteOrders>(),
    action_row::<orders::ReceiveOrders>(),
    action_row::<changes::ChangeOrders>(),
    action_row::<fulfilment::WriteShipments>(),
    action_row::<fulfilment::WriteInvoices>(),
    action_row::<fulfilment::AnswerInvoices>(),
    action_row::<quotes::ReadQuotes>(),
    action_row::<quotes::WriteQuotes>(),
    action_row::<quotes::ApproveQuotes>(),
    action_row::<quotes::AnswerQuotes>(),
    action_row::<catalogue::ReadProducts>(),
    action_row::<catalogue::WriteProducts>(),
    action_row::<catalogue::ReadPrices>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("commerce/changes", changes::STATEMENTS),
    ("commerce/fulfilment", fulfilment::STATEMENTS),
    ("commerce/invoices", invoices::STATEMENTS),
    ("commerce/catalogue", catalogue::STATEMENTS),
    ("commerce/orders", orders::STATEMENTS),
    ("commerce/orders/find", orders::FINDING_STATEMENTS),
    ("commerce/pricelists", pricelists::STATEMENTS),
    ("commerce/quotes", quotes::STATEMENTS),
    ("commerce/quotes/elsewhere", quotes::ELSEWHERE_STATEMENTS),
    ("commerce/rfqs", rfqs::STATEMENTS),
    ("commerce/rfqs/elsewhere", rfqs::ELSEWHERE_STATEMENTS),
    ("commerce/shipments", shipments::STATEMENTS),
];

/// The routes of this crate. A single order, with its papers, is served by `exchange`.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(catalogue::routes())
        .merge(changes::routes())
        .merge(orders::routes())
        .merge(pricelists::routes())
        .merge(quotes::routes())
        .merge(rfqs::routes())
        .merge(fulfilment::routes())
        .merge(shipments::routes())
        .merge(invoices::routes())
}

/// A job that never ends.
pub type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The endless jobs of this crate.
pub fn jobs(house: &House) -> Vec<(&'static str, Endless)> {
    vec![("quotes", quotes::watch(house.clone()))]
}
