//! Everybody sees and names themselves.

use gate::{Action, Reach, Role};

/// See who one is here.
#[derive(Debug)]
pub enum SeeMe {}

/// Change one's name and language.
#[derive(Debug)]
pub enum EditMe {}

impl Action for SeeMe {
    const NAME: &'static str = "me.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

impl Action for EditMe {
    const NAME: &'static str = "me.edit";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}
