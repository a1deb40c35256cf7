use gate::{Action, Reach, Role};

use crate::PostMessage;

/// Take part in the calls of rooms in which one may say something.
#[derive(Debug)]
pub enum JoinCall {}

impl Action for JoinCall {
    const NAME: &'static str = "room.call";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        PostMessage::reach(role)
    }
}
