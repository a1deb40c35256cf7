//! Who works with AS2 stations.

use gate::{Action, Reach, Role};

/// See one's station, its partners and their messages.
#[derive(Debug)]
pub enum ReadStation {}

/// Set up one's station and its partners.
#[derive(Debug)]
pub enum ManageStation {}

const fn keepers(role: Role) -> Reach {
    match role {
        Role::Owner | Role::Admin | Role::EdiOperator => Reach::Organisation,
        Role::ChannelManager
        | Role::Seller
        | Role::Marketer
        | Role::Buyer
        | Role::Support
        | Role::Finance
        | Role::Viewer => Reach::Nowhere,
    }
}

impl Action for ReadStation {
    const NAME: &'static str = "as2.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        keepers(role)
    }
}

impl Action for ManageStation {
    const NAME: &'static str = "as2.manage";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        keepers(role)
    }
}
