use gate::{CONFLICT, Problem, ProblemKind};
use kernel::{Fault, Id, Registration};
use serde_json::Value;

use super::{Flaw, Move, State};

/// Why a registration did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such registration, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value is missing, or cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The state, or the side, does not allow this move.
    #[error("a registration that is `{}` cannot be moved so by you", .from.word())]
    NoMove {
        /// Where it is.
        from: State,
        /// What may be done with it.
        next: Vec<Move>,
    },
    /// The caller's organisation has registered this already.
    #[error("you have registered this customer with this vendor already")]
    Twin(Id<Registration>),
    /// What another registration protects. The vendor alone hears this.
    #[error(
        "this customer is protected for another registration, in this family and territory"
    )]
    Held(Id<Registration>),
    /// Another one was submitted before, and waits for an answer. The vendor alone hears this.
    #[error(
        "another registration of this customer was submitted earlier; answer that one first"
    )]
    EarlierFirst(Id<Registration>),
    /// The first of two approvals was the caller's.
    #[error(
        "you have approved it already; above the limit, somebody else approves as well"
    )]
    SecondNeeded,
    /// The second of two approvals is not of what the first one approved.
    #[error("the first approval was for {0} days; approve the same, or ask for more")]
    OtherDays(i64),
    /// Words to a partner name another one.
    #[error(
        "your words name `{0}`, another partner; say it otherwise, or send it `anyway`"
    )]
    NamesPartner(String),
    /// No live partnership joins the two organisations.
    #[error("you sell together with no live partnership")]
    NoPartnership,
    /// The deal could not be opened.
    #[error(transparent)]
    Deal(#[from] crate::deals::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const NO_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "It cannot go there from here",
};
const HELD: ProblemKind = ProblemKind {
    slug: "already-protected",
    status: 409,
    title: "It is protected already",
};
const EARLIER: ProblemKind =
    ProblemKind { slug: "earlier-first", status: 409, title: "Another one came earlier" };
const SECOND: ProblemKind =
    ProblemKind { slug: "second-needed", status: 409, title: "A second person approves" };
const NAMES: ProblemKind = ProblemKind {
    slug: "names-a-partner",
    status: 422,
    title: "It names another partner",
};
const NO_PARTNERSHIP: ProblemKind =
    ProblemKind { slug: "no-partnership", status: 422, title: "You are not partners" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Flaw(flaw) => Self::refused(flaw.field, detail),
            Refusal::NoMove { next, .. } => {
                let next: Vec<&str> = next.into_iter().map(Move::word).collect();
                Self::new(&NO_MOVE, detail).with("next_moves", Value::from(next))
            }
            Refusal::Twin(id) => {
                Self::new(&CONFLICT, detail).with("registration", id.to_string())
            }
            Refusal::Held(id) => {
                Self::new(&HELD, detail).with("registration", id.to_string())
            }
            Refusal::EarlierFirst(id) => {
                Self::new(&EARLIER, detail).with("registration", id.to_string())
            }
            Refusal::SecondNeeded => Self::new(&SECOND, detail),
            Refusal::OtherDays(days) => {
                Self::refused("days", detail).with("first_days", days)
            }
            Refusal::NamesPartner(name) => {
                Self::new(&NAMES, detail).with("field", "words").with("name", name)
            }
            Refusal::NoPartnership => {
                Self::new(&NO_PARTNERSHIP, detail).with("field", "vendor")
            }
            Refusal::Deal(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
