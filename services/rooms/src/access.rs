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

/// Hide what was said where one's organisation is the host; lock a room, slow it down.
#[derive(Debug)]
pub enum Moderate {}

impl Action for Moderate {
    const NAME: &'static str = "room.moderate";
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

/// Report what was said.
#[derive(Debug)]
pub enum Report {}

impl Action for Report {
    const NAME: &'static str = "room.report";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

/// Look at what was reported, and settle it.
#[derive(Debug)]
pub enum ReadReports {}

impl Action for ReadReports {
    const NAME: &'static str = "report.settle";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin => Reach::Organisation,
            Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}
