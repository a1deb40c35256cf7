use gate::{Action, Reach, Role};

/// See the addresses to which no more mail is sent.
#[derive(Debug)]
pub enum SeeSuppressed {}

impl Action for SeeSuppressed {
    const NAME: &'static str = "mail.suppressed";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Put an address on that list, or take it off.
#[derive(Debug)]
pub enum Suppress {}

impl Action for Suppress {
    const NAME: &'static str = "mail.suppress";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
