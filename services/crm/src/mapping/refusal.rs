use gate::{CONFLICT, Problem, ProblemKind};
use kernel::{Fault, Moment};

use crate::{accounts::Flaw, imports};

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// A list, or its columns.
    #[error(transparent)]
    File(#[from] imports::Refusal),
    /// Sharing refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
    /// There are enough populations.
    #[error("an organisation has up to {0} populations; change or delete one")]
    TooMany(i64),
    /// A comparison was asked for too often.
    #[error(
        "you have asked often enough this week; the clock compares once a day anyway"
    )]
    TooSoon(Moment),
    /// Nothing is compared yet.
    #[error("a number is compared where both of you show a population")]
    NothingToCompare,
    /// The two see each other's customers in common already.
    #[error("you see these customers already")]
    SeenAlready,
    /// The same wish waits, or was granted.
    #[error("you have asked for these names already")]
    AskedAlready,
    /// The state does not allow this move.
    #[error("this wish was answered, or is over")]
    NoMove,
    /// Narrowing shows no field that was not shown.
    #[error("narrowing takes fields away; it adds none")]
    Wider,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const TOO_SOON: ProblemKind =
    ProblemKind { slug: "too-soon", status: 409, title: "Not again so soon" };
const NO_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "It cannot go there from here",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Flaw(flaw) => Self::refused(flaw.field, detail),
            Refusal::File(refusal) => refusal.into(),
            Refusal::Sharing(refusal) => refusal.into(),
            Refusal::TooMany(_)
            | Refusal::NothingToCompare
            | Refusal::SeenAlready
            | Refusal::AskedAlready => Self::new(&CONFLICT, detail),
            Refusal::TooSoon(next) => {
                Self::new(&TOO_SOON, detail).with("next_at", next.to_string())
            }
            Refusal::NoMove => Self::new(&NO_MOVE, detail),
            Refusal::Wider => Self::refused("fields", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
