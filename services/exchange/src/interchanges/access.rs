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

/// Keep views of the inbox and outbox for oneself.
#[derive(Debug)]
pub enum KeepViews {}

/// Keep views of the inbox and outbox for everybody in one's organisation.
#[derive(Debug)]
pub enum ShareViews {}

impl Action for KeepViews {
    const NAME: &'static str = "edi.views";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match ReadInterchanges::reach(role) {
            Reach::Organisation | Reach::Own => Reach::Own,
            Reach::Nowhere => Reach::Nowhere,
        }
    }
}

impl Action for ShareViews {
    const NAME: &'static str = "edi.views.share";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        ReplayInterchanges::reach(role)
    }
}

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
