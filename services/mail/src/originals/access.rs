use gate::{Action, Reach, Role};

/// Open the mail behind a message.
#[derive(Debug)]
pub enum ReadOriginal {}

impl Action for ReadOriginal {
    const NAME: &'static str = "mail.original";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}
