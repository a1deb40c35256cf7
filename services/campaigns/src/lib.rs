//! What companies that sell together spend to be heard: [`funds`] of market development money.

pub mod funds;

use std::{future::Future, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<funds::ReadFunds>(),
    action_row::<funds::RunFunds>(),
    action_row::<funds::ClaimFunds>(),
    action_row::<funds::PayClaims>(),
    action_row::<funds::ReadLedger>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("campaigns/funds", funds::STATEMENTS),
    ("campaigns/funds/ledger", funds::LEDGER_STATEMENTS),
    ("campaigns/funds/requests", funds::REQUEST_STATEMENTS),
    ("campaigns/funds/claims", funds::CLAIM_STATEMENTS),
];

/// The routes of this crate.
pub fn routes() -> OpenApiRouter<House> {
    funds::routes()
}

/// A job that never ends.
pub type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The endless jobs of this crate.
pub fn jobs(house: &House) -> Vec<(&'static str, Endless)> {
    vec![("funds", Box::pin(funds::watch(house.clone())))]
}
