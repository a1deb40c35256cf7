//! Who may do what with accounts.

use gate::{Action, Reach, Role};

/// See accounts: one's own organisation's, and what partners share.
#[derive(Debug)]
pub enum ReadAccounts {}

/// Add and change accounts.
#[derive(Debug)]
pub enum EditAccounts {}

/// Delete accounts.
#[derive(Debug)]
pub enum DeleteAccounts {}

/// Share accounts with partners, and take that back.
#[derive(Debug)]
pub enum ShareAccounts {}

impl Action for ReadAccounts {
    const NAME: &'static str = "account.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for EditAccounts {
    const NAME: &'static str = "account.edit";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Support => Reach::Organisation,
            Role::Buyer | Role::EdiOperator | Role::Finance | Role::Viewer => {
                Reach::Nowhere
            }
        }
    }
}

impl Action for DeleteAccounts {
    const NAME: &'static str = "account.delete";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

impl Action for ShareAccounts {
    const NAME: &'static str = "account.share";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        sellers(role)
    }
}

/// Those who answer for customers and partners.
pub(crate) const fn sellers(role: Role) -> Reach {
    match role {
        Role::Owner | Role::Admin | Role::ChannelManager | Role::Seller => {
            Reach::Organisation
        }
        Role::Marketer
        | Role::Buyer
        | Role::Support
        | Role::EdiOperator
        | Role::Finance
        | Role::Viewer => Reach::Nowhere,
    }
}
