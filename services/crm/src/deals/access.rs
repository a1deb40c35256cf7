//! Who may do what with deals. What a party may do in one deal, its verbs say.

use gate::{Action, Reach, Role};

use crate::accounts::sellers;

/// See the deals in which one's organisation takes part.
#[derive(Debug)]
pub enum ReadDeals {}

/// Open a deal.
#[derive(Debug)]
pub enum CreateDeal {}

/// Change a deal's card, its stage, and one's own side.
#[derive(Debug)]
pub enum EditDeal {}

/// Bring partners into a deal, and answer and end such invitations.
#[derive(Debug)]
pub enum InviteToDeal {}

impl Action for ReadDeals {
    const NAME: &'static str = "deal.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for CreateDeal {
    const NAME: &'static str = "deal.create";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for EditDeal {
    const NAME: &'static str = "deal.edit";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for InviteToDeal {
    const NAME: &'static str = "deal.invite";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

/// Those who are told of invitations, joinings and stages.
pub(super) const fn follows(role: Role) -> bool {
    matches!(sellers(role), Reach::Organisation)
}
