use gate::{Action, Reach, Role};

/// Read rooms, and follow them live.
#[derive(Debug)]
pub enum ReadRooms {}

impl Action for ReadRooms {
    const NAME: &'static str = "room.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

/// Say something in a room.
#[derive(Debug)]
pub enum PostMessage {}

impl Action for PostMessage {
    const NAME: &'static str = "room.post";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance => Reach::Organisation,
            Role::Viewer => Reach::Nowhere,
        }
    }
}

/// Note how far one has read.
#[derive(Debug)]
pub enum MarkRead {}

impl Action for MarkRead {
    const NAME: &'static str = "room.mark_read";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

/// Keep something of a room for oneself: a draft, which notices come.
#[derive(Debug)]
pub enum KeepOwn {}

impl Action for KeepOwn {
    const NAME: &'static str = "room.keep_own";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}
