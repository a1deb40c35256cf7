//! Who may do what with notices: everybody with their own.

use gate::{Action, Reach, Role};

/// See one's own notices.
#[derive(Debug)]
pub enum SeeNotices {}

/// Mark one's own notices as read.
#[derive(Debug)]
pub enum ReadNotices {}

impl Action for SeeNotices {
    const NAME: &'static str = "notification.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

impl Action for ReadNotices {
    const NAME: &'static str = "notification.read";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}
