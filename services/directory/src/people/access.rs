//! Who may do what with the people of an organisation.

use gate::{Action, Reach, Role};

/// See one's colleagues.
#[derive(Debug)]
pub enum SeePeople {}

/// Give roles, suspend, end.
#[derive(Debug)]
pub enum RunPeople {}

impl Action for SeePeople {
    const NAME: &'static str = "people.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for RunPeople {
    const NAME: &'static str = "people.run";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
