//! Who may do what with orders.

use gate::{Action, Reach, Role};

/// Look at the orders that one's organisation sells or buys.
#[derive(Debug)]
pub enum ReadOrders {}

/// Answer an order as its seller, or put it into a deal.
#[derive(Debug)]
pub enum AnswerOrders {}

/// Take an order in: what the exchange of documents does for a seller. No role has it.
#[derive(Debug)]
pub enum ReceiveOrders {}

/// Write an order to a seller that is not on the hub.
#[derive(Debug)]
pub enum WriteOrders {}

impl Action for WriteOrders {
    const NAME: &'static str = "order.write";
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

impl Action for ReadOrders {
    const NAME: &'static str = "order.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Organisation,
            Role::Marketer => Reach::Nowhere,
        }
    }
}

impl Action for AnswerOrders {
    const NAME: &'static str = "order.answer";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::EdiOperator => Reach::Organisation,
            Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for ReceiveOrders {
    const NAME: &'static str = "order.receive";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Nowhere
    }
}
