//! Who may do what with registrations.

use gate::{Action, Reach, Role};

use crate::accounts::sellers;

/// See what one's organisation registered, and what was registered with it.
#[derive(Debug)]
pub enum ReadRegistrations {}

/// Register deals with a vendor, and move what was registered.
#[derive(Debug)]
pub enum RegisterDeals {}

/// Answer what partners register.
#[derive(Debug)]
pub enum AnswerRegistrations {}

/// Set on what terms partners register.
#[derive(Debug)]
pub enum SetTerms {}

impl Action for ReadRegistrations {
    const NAME: &'static str = "registration.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for RegisterDeals {
    const NAME: &'static str = "registration.register";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for AnswerRegistrations {
    const NAME: &'static str = "registration.answer";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        managers(role)
    }
}

impl Action for SetTerms {
    const NAME: &'static str = "registration.terms";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        managers(role)
    }
}

const fn managers(role: Role) -> Reach {
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

/// Those of a partner who are told what becomes of its registrations.
pub(super) const fn registers(role: Role) -> bool {
    matches!(sellers(role), Reach::Organisation)
}

/// Those of a vendor who are told of registrations.
pub(super) const fn answers(role: Role) -> bool {
    matches!(managers(role), Reach::Organisation)
}
