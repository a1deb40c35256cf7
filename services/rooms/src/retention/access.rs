//! Who says for how long rooms keep what is said, and who keeps it in spite of that.

use gate::{Action, Reach, Role};

/// See for how long one's organisation keeps what is said.
#[derive(Debug)]
pub enum ReadRetention {}

/// Change it.
#[derive(Debug)]
pub enum SetRetention {}

/// Place legal holds, release them, and read what they keep.
#[derive(Debug)]
pub enum KeepHolds {}

impl Action for ReadRetention {
    const NAME: &'static str = "retention.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for SetRetention {
    const NAME: &'static str = "retention.set";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}

impl Action for KeepHolds {
    const NAME: &'static str = "hold.keep";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        if role.governs() { Reach::Organisation } else { Reach::Nowhere }
    }
}
