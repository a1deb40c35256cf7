//! Who may do what with interchanges.

use gate::{Action, Reach, Role};

/// Send interchanges in.
#[derive(Debug)]
pub enum SubmitInterchanges {}

/// Look at the interchanges that one's organisation holds.
#[derive(Debug)]
pub enum ReadInterchanges {}

/// Judge an interchange in quarantine again.
#[derive(Debug)]
pub enum ReplayInterchanges {}

impl Action for SubmitInterchanges {
    const NAME: &'static str = "edi.submit";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::Seller
            | Role::Buyer
            | Role::EdiOperator => Reach::Organisation,
            Role::ChannelManager
            | Role::Marketer
            | Role::Support
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for ReadInterchanges {
    const NAME: &'static str = "edi.read";
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

impl Action for ReplayInterchanges {
    const NAME: &'static str = "edi.replay";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
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
}
