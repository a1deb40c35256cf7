//! Who may ask for changes of orders. Who answers an order answers its changes.

use gate::{Action, Reach, Role};

use crate::orders::AnswerOrders;

/// Ask for a change of an order as its buyer, or call it off.
#[derive(Debug)]
pub enum ChangeOrders {}

impl Action for ChangeOrders {
    const NAME: &'static str = "order.change";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::Buyer => Reach::Organisation,
            Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

/// Whose business it is that a change is asked for.
pub(super) fn answers(role: Role) -> bool {
    AnswerOrders::reach(role) != Reach::Nowhere
}

/// Whose business it is that a change was answered.
pub(super) fn asks(role: Role) -> bool {
    ChangeOrders::reach(role) != Reach::Nowhere
}
