use gate::{Action, Reach, Role};

/// Deliver mails that came elsewhere.
#[derive(Debug)]
pub enum DeliverMail {}

impl Action for DeliverMail {
    const NAME: &'static str = "mail.deliver";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
