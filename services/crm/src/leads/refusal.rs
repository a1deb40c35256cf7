use gate::{CONFLICT, Problem, ProblemKind};
use kernel::{Fault, Id, Lead as LeadKind};
use serde_json::Value;

use super::{Flaw, Move, State};

/// Why a lead did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such lead, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value is missing, or cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The state, or the side, does not allow this move.
    #[error("a lead that is `{}` cannot be moved so by you", .from.word())]
    NoMove {
        /// Where it is.
        from: State,
        /// What may be done with it.
        next: Vec<Move>,
    },
    /// There is a lead of this company.
    #[error(
        "there is a lead of this company already; write it down `anyway`, or go on with that one"
    )]
    Twin(Id<LeadKind>),
    /// The time to accept is over.
    #[error("the time to accept it is over")]
    Late,
    /// Sharing refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
    /// The deal could not be opened.
    #[error(transparent)]
    Deal(#[from] crate::deals::Refusal),
    /// The contact could not be kept.
    #[error(transparent)]
    Contact(#[from] crate::contacts::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const NO_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "It cannot go there from here",
};
const LATE: ProblemKind =
    ProblemKind { slug: "too-late", status: 409, title: "The time is over" };

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
                Self::new(&CONFLICT, detail).with("lead", id.to_string())
            }
            Refusal::Late => Self::new(&LATE, detail),
            Refusal::Sharing(refusal) => refusal.into(),
            Refusal::Deal(refusal) => refusal.into(),
            Refusal::Contact(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
