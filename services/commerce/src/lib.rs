//! What is bought and sold. For now: [`orders`].

pub mod orders;

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<orders::ReadOrders>(),
    action_row::<orders::AnswerOrders>(),
    action_row::<orders::ReceiveOrders>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] =
    &[("commerce/orders", orders::STATEMENTS)];

/// The routes of this crate. A single order, with its papers, is served by `exchange`.
pub fn routes() -> OpenApiRouter<House> {
    orders::routes()
}
