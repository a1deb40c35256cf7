use gate::{Action, Reach, Role};

/// See how one wants mail of what was said, and what waits that bears one's name.
#[derive(Debug)]
pub enum SeeOwnMail {}

impl Action for SeeOwnMail {
    const NAME: &'static str = "mail.own";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

/// Say how one wants mail of what was said; let in what bears one's name, or put it away.
#[derive(Debug)]
pub enum KeepOwnMail {}

impl Action for KeepOwnMail {
    const NAME: &'static str = "mail.keep_own";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}
