//! Who may import.

use gate::{Action, Reach, Role};

use crate::accounts::sellers;

/// Import accounts from a file, and undo that.
#[derive(Debug)]
pub enum ImportAccounts {}

impl Action for ImportAccounts {
    const NAME: &'static str = "account.import";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Marketer => Reach::Organisation,
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => sellers(role),
        }
    }
}
