//! Who may do what with account mapping.

use gate::{Action, Reach, Role};

use crate::accounts::sellers;

/// See the populations, what partners show, and what is in common.
#[derive(Debug)]
pub enum ReadMappings {}

/// Make populations, and change them.
#[derive(Debug)]
pub enum EditPopulations {}

/// Set how far a population goes with a partner, and answer who asks for names.
#[derive(Debug)]
pub enum SetMappings {}

/// Ask a partner for the names behind a number, or for a fresh number.
#[derive(Debug)]
pub enum AskForNames {}

/// Take customers in common out as a file.
#[derive(Debug)]
pub enum ExportOverlap {}

impl Action for ReadMappings {
    const NAME: &'static str = "mapping.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for EditPopulations {
    const NAME: &'static str = "mapping.populations";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for SetMappings {
    const NAME: &'static str = "mapping.levels";
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

impl Action for AskForNames {
    const NAME: &'static str = "mapping.ask";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for ExportOverlap {
    const NAME: &'static str = "mapping.export";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

/// Those who are told of what partners show and ask for.
pub(super) fn answers(role: Role) -> bool {
    matches!(SetMappings::reach(role), Reach::Organisation)
}

/// Those who are told of answers.
pub(super) fn asks(role: Role) -> bool {
    matches!(AskForNames::reach(role), Reach::Organisation)
}
