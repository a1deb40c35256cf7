//! Who may do what with products and what they cost.

use gate::{Action, Reach, Role};

/// Look at the products of one's organisation.
#[derive(Debug)]
pub enum ReadProducts {}

/// Write products and price lists.
#[derive(Debug)]
pub enum WriteProducts {}

/// Look at the price lists of one's organisation, and at what partners offer it.
#[derive(Debug)]
pub enum ReadPrices {}

impl Action for ReadProducts {
    const NAME: &'static str = "product.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Organisation,
        }
    }
}

impl Action for WriteProducts {
    const NAME: &'static str = "product.write";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::ChannelManager => Reach::Organisation,
            Role::Seller
            | Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for ReadPrices {
    const NAME: &'static str = "price.read";
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
