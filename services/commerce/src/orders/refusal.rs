use gate::{FORBIDDEN, Problem, ProblemKind};
use kernel::Fault;

use super::{rules::RuleError, state::OrderState};

/// Why an order did not change.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such order or deal, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The caller buys it.
    #[error("only the seller of an order answers it, or puts it into a deal")]
    NotTheSeller,
    /// It has its answer.
    #[error("the order is `{}` already; it is answered once", .0.word())]
    Answered(OrderState),
    /// It stands in a deal.
    #[error("the order stands in another deal already")]
    PlacedElsewhere,
    /// The seller may only look at that deal.
    #[error("you may read this deal, but not write into its room")]
    ReadOnlyDeal,
    /// The record has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// Another order has this number.
    #[error(
        "order {0} was received before with other content; \
         to change it, send a change (860), or take a new number for a new order"
    )]
    NumberTaken(String),
    /// Another order of the buyer's has this number.
    #[error("you have another order {0}; take a new number")]
    OwnNumberTaken(String),
    /// It makes no sense.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Something shared refused.
    #[error(transparent)]
    Shared(#[from] sharing::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const ANSWERED: ProblemKind = ProblemKind {
    slug: "order-answered",
    status: 409,
    title: "The order has its answer",
};
const PLACED: ProblemKind = ProblemKind {
    slug: "order-placed",
    status: 409,
    title: "The order stands in a deal already",
};
const NUMBER_TAKEN: ProblemKind = ProblemKind {
    slug: "order-number-taken",
    status: 409,
    title: "Another order has this number",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NotTheSeller | Refusal::ReadOnlyDeal => {
                Self::new(&FORBIDDEN, detail)
            }
            Refusal::Answered(_) => Self::new(&ANSWERED, detail),
            Refusal::PlacedElsewhere => Self::new(&PLACED, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::NumberTaken(_) | Refusal::OwnNumberTaken(_) => {
                Self::new(&NUMBER_TAKEN, detail)
            }
            Refusal::Rule(_) => Self::refused("lines", detail),
            Refusal::Shared(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
