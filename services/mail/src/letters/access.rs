use gate::{Action, Reach, Role};

/// See the mails that go out for the organisation.
#[derive(Debug)]
pub enum SeeOutbox {}

impl Action for SeeOutbox {
    const NAME: &'static str = "mail.outbox";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Send a letter that was kept, or that failed, after all.
#[derive(Debug)]
pub enum SendAgain {}

impl Action for SendAgain {
    const NAME: &'static str = "mail.send";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
