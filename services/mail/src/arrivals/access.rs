use gate::{Action, Reach, Role};

/// See the mails that wait for a person.
#[derive(Debug)]
pub enum SeeQuarantine {}

impl Action for SeeQuarantine {
    const NAME: &'static str = "mail.quarantine";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Let a mail that waits into its room, or put it away.
#[derive(Debug)]
pub enum SettleQuarantine {}

impl Action for SettleQuarantine {
    const NAME: &'static str = "mail.settle";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
