//! Who may do what with the organisation itself.

use gate::{Action, Reach, Role};

/// See the organisation's own record.
#[derive(Debug)]
pub enum SeeOrganisation {}

/// Change it.
#[derive(Debug)]
pub enum EditOrganisation {}

impl Action for SeeOrganisation {
    const NAME: &'static str = "organisation.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for EditOrganisation {
    const NAME: &'static str = "organisation.edit";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
