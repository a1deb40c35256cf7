//! Who may do what with contacts.

use gate::{Action, Reach, Role};

use crate::accounts::{EditAccounts, ReadAccounts};

/// See the contacts of one's own organisation's accounts.
#[derive(Debug)]
pub enum ReadContacts {}

/// Add, change and delete them.
#[derive(Debug)]
pub enum EditContacts {}

impl Action for ReadContacts {
    const NAME: &'static str = "contact.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        ReadAccounts::reach(role)
    }
}

impl Action for EditContacts {
    const NAME: &'static str = "contact.edit";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        EditAccounts::reach(role)
    }
}
