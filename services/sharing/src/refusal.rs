use gate::{CONFLICT, FORBIDDEN, Problem, ProblemKind};
use kernel::Fault;

/// Why a shared thing did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The caller takes part, but not with this right.
    #[error("{0}")]
    Forbidden(&'static str),
    /// No live partnership joins the two organisations.
    #[error("you sell together with no live partnership; propose one first")]
    NoPartnership,
    /// It is there already.
    #[error("{0}")]
    Exists(&'static str),
    /// The state does not allow this move.
    #[error("this cannot `{step}` while it is `{state}`")]
    NoMove {
        /// The move.
        step: &'static str,
        /// The state.
        state: String,
    },
    /// The record has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A client's id was used before, with another body.
    #[error("this `cid` was used for another message; take a new one")]
    CidReused,
    /// A mask names a field that does not exist.
    #[error("`{0}` is no field that can be shared")]
    UnknownField(String),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const NO_PARTNERSHIP: ProblemKind =
    ProblemKind { slug: "no-partnership", status: 422, title: "You are not partners" };
const NO_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "It cannot go there from here",
};
const CID_REUSED: ProblemKind =
    ProblemKind { slug: "cid-reused", status: 409, title: "This id was used before" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Forbidden(_) => Self::new(&FORBIDDEN, detail),
            Refusal::NoPartnership => {
                Self::new(&NO_PARTNERSHIP, detail).with("field", "organisation")
            }
            Refusal::Exists(_) => Self::new(&CONFLICT, detail),
            Refusal::NoMove { .. } => Self::new(&NO_MOVE, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::CidReused => Self::new(&CID_REUSED, detail),
            Refusal::UnknownField(_) => Self::refused("fields", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
