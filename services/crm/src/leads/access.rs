//! Who may do what with leads.

use gate::{Action, Reach, Role};

use crate::accounts::sellers;

/// See one's organisation's leads, and those that partners offer it.
#[derive(Debug)]
pub enum ReadLeads {}

/// Write leads down, and change what they say.
#[derive(Debug)]
pub enum WriteLeads {}

/// Qualify leads, offer them to partners, take them back, open deals with them.
#[derive(Debug)]
pub enum HandLeads {}

/// Accept, decline and return what partners offer.
#[derive(Debug)]
pub enum AnswerLeads {}

impl Action for ReadLeads {
    const NAME: &'static str = "lead.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for WriteLeads {
    const NAME: &'static str = "lead.write";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Marketer => Reach::Organisation,
            Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for HandLeads {
    const NAME: &'static str = "lead.hand";
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

impl Action for AnswerLeads {
    const NAME: &'static str = "lead.answer";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

/// Those of a vendor who are told what becomes of its leads.
pub(super) fn hands(role: Role) -> bool {
    matches!(HandLeads::reach(role), Reach::Organisation)
}

/// Those of a partner who are told of leads for it.
pub(super) const fn answers(role: Role) -> bool {
    matches!(sellers(role), Reach::Organisation)
}
