use gate::{Action, Reach, Role};

/// See whether mail works.
#[derive(Debug)]
pub enum SeeMailSetup {}

impl Action for SeeMailSetup {
    const NAME: &'static str = "mail.setup";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

/// Send oneself a mail to see whether mail works.
#[derive(Debug)]
pub enum TestMail {}

impl Action for TestMail {
    const NAME: &'static str = "mail.test";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
