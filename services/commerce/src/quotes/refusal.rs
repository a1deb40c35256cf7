use gate::{CONFLICT, FORBIDDEN, Problem, ProblemKind};
use kernel::Fault;

use super::{lines::LineError, rules::NoStep};
use crate::orders;

/// Why a quote did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such quote or deal, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The state, the side, the hash or the clock does not allow it.
    #[error(transparent)]
    NoStep(#[from] NoStep),
    /// The lines make no sense, or are not complete.
    #[error(transparent)]
    Lines(#[from] LineError),
    /// Something else of the form.
    #[error("{1}")]
    Field(&'static str, String),
    /// Who is to buy takes no part in the deal.
    #[error("that organisation takes no part in this deal; choose one that does")]
    NotAParty,
    /// The deal is closed, or one side has left it.
    #[error("the deal is closed, or no longer shared by both sides")]
    NotShared,
    /// The seller may only look at that deal.
    #[error("you may read this deal, but not write into its room")]
    ReadOnlyDeal,
    /// Too much is taken off for a seller to approve.
    #[error(
        "{0} % is taken off a line; above {limit} % somebody else approves: an owner, an \
         admin, a channel manager or finance",
        limit = super::FREE_DISCOUNT
    )]
    TooDeep(String),
    /// The record has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A seller that is not on the hub hears no wishes.
    #[error(
        "a seller that is not on the hub cannot be told wishes: reject the quote, and ask anew"
    )]
    NoWishes,
    /// A request has its answer.
    #[error("the request was answered already")]
    Answered,
    /// A request stands in a deal.
    #[error("the request stands in another deal already")]
    Placed,
    /// Another paper has this number.
    #[error("there is another paper {0} of yours; take a new number")]
    NumberTaken(String),
    /// Another request has this number.
    #[error(
        "request {0} was received before with other content; take a new number for a new request"
    )]
    RequestTaken(String),
    /// The order that accepting makes was refused.
    #[error(transparent)]
    Order(#[from] orders::Refusal),
    /// Something shared refused.
    #[error(transparent)]
    Shared(#[from] sharing::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal {
    /// A refusal where none is to be expected.
    pub fn into_fault(self) -> Fault {
        if let Self::Fault(fault) | Self::Shared(sharing::Refusal::Fault(fault)) = self {
            return fault;
        }
        Fault::new("working on a quote")(self)
    }
}

const NO_STEP: ProblemKind = ProblemKind {
    slug: "quote-step",
    status: 409,
    title: "The quote does not go there from where it stands",
};
const OTHER_HASH: ProblemKind = ProblemKind {
    slug: "quote-hash",
    status: 409,
    title: "That is not the document that was sent last",
};
const TOO_LATE: ProblemKind = ProblemKind {
    slug: "quote-expired",
    status: 409,
    title: "The quote is no longer valid",
};
const NUMBER_TAKEN: ProblemKind = ProblemKind {
    slug: "quote-number-taken",
    status: 409,
    title: "Another paper has this number",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NoStep(NoStep::NotFrom { from, .. }) => {
                Self::new(&NO_STEP, detail).with("state", from.word())
            }
            Refusal::NoStep(NoStep::OtherHash { rev, sha256 }) => {
                Self::new(&OTHER_HASH, detail).with("rev", rev).with("sha256", sha256)
            }
            Refusal::NoStep(NoStep::TooLate(_)) => Self::new(&TOO_LATE, detail),
            Refusal::NoStep(NoStep::OtherSide(_))
            | Refusal::ReadOnlyDeal
            | Refusal::TooDeep(_) => Self::new(&FORBIDDEN, detail),
            Refusal::Lines(_) => Self::refused("lines", detail),
            Refusal::Field(field, _) => Self::refused(field, detail),
            Refusal::NotAParty => Self::refused("buyer", detail),
            Refusal::NotShared
            | Refusal::Answered
            | Refusal::Placed
            | Refusal::NoWishes => Self::new(&CONFLICT, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::NumberTaken(_) | Refusal::RequestTaken(_) => {
                Self::new(&NUMBER_TAKEN, detail)
            }
            Refusal::Order(refusal) => refusal.into(),
            Refusal::Shared(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
