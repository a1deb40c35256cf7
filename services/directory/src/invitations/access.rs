//! Who may invite.

use gate::{Action, Reach, Role};

/// See who has been invited.
#[derive(Debug)]
pub enum SeeInvitations {}

/// Invite, and take it back.
#[derive(Debug)]
pub enum Invite {}

impl Action for SeeInvitations {
    const NAME: &'static str = "invitation.see";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

impl Action for Invite {
    const NAME: &'static str = "invitation.send";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
