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
