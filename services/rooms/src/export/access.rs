//! Who takes a space out as a file. What a party may take out, its verbs and its mask say.

use gate::{Action, Reach, Role};

/// Have a space made into a file, and fetch it.
#[derive(Debug)]
pub enum ExportSpace {}

impl Action for ExportSpace {
    const NAME: &'static str = "space.export";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
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
}
