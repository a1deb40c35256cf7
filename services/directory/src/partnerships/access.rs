//! Who may do what with partnerships.

use gate::{Action, Reach, Role};

/// See the organisation's partnerships.
#[derive(Debug)]
pub enum SeePartnerships {}

/// Propose, answer, suspend, end.
#[derive(Debug)]
pub enum RunPartnerships {}

impl Action for SeePartnerships {
    const NAME: &'static str = "partnership.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for RunPartnerships {
    const NAME: &'static str = "partnership.run";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if answers(role) { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Who answers for partnerships, and so is told of them.
pub(super) fn answers(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin | Role::ChannelManager => true,
        Role::Seller
        | Role::Marketer
        | Role::Buyer
        | Role::Support
        | Role::EdiOperator
        | Role::Finance
        | Role::Viewer => false,
    }
}
