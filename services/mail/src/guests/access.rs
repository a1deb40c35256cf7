use gate::{Action, Reach, Role};

const fn converses(role: Role) -> Reach {
    match role {
        Role::Owner
        | Role::Admin
        | Role::ChannelManager
        | Role::Seller
        | Role::Marketer
        | Role::Buyer
        | Role::Support => Reach::Organisation,
        Role::EdiOperator | Role::Finance | Role::Viewer => Reach::Nowhere,
    }
}

/// Open a topic with an outside contact.
#[derive(Debug)]
pub enum OpenTopic {}

impl Action for OpenTopic {
    const NAME: &'static str = "topic.open";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        converses(role)
    }
}

/// Bring an outside contact into a topic, or take one out.
#[derive(Debug)]
pub enum ManageGuests {}

impl Action for ManageGuests {
    const NAME: &'static str = "guest.manage";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        converses(role)
    }
}
