use gate::{FORBIDDEN, Problem, ProblemKind};
use kernel::Fault;

use crate::orders::{self, OrderState};

/// Why nothing was sent, invoiced, answered or closed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such paper, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The caller buys it.
    #[error("only the seller of an order sends goods and writes invoices for it")]
    NotTheSeller,
    /// The caller sells it.
    #[error("only the buyer answers an invoice")]
    NotTheBuyer,
    /// The order does not stand so that this may happen.
    #[error("the order is `{}`; {why}", state.word())]
    NotNow {
        /// Where it stands.
        state: OrderState,
        /// What to do instead.
        why: &'static str,
    },
    /// The invoice does not stand so that this may happen.
    #[error("the invoice is `{0}`; {1}")]
    Settled(&'static str, &'static str),
    /// Something of the form.
    #[error("{1}")]
    Field(&'static str, String),
    /// The record has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// Another paper has this number.
    #[error("there is another paper {0} of yours; take a new number")]
    NumberTaken(String),
    /// The order was refused.
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
    /// Something is wrong with a line.
    pub(crate) fn line(line: &str, why: impl std::fmt::Display) -> Self {
        Self::Field("lines", format!("line {line}: {why}"))
    }
}

const NOT_NOW: ProblemKind = ProblemKind {
    slug: "order-step",
    status: 409,
    title: "The order does not go there from where it stands",
};
const SETTLED: ProblemKind = ProblemKind {
    slug: "invoice-step",
    status: 409,
    title: "The invoice does not go there from where it stands",
};
const NUMBER_TAKEN: ProblemKind = ProblemKind {
    slug: "paper-number-taken",
    status: 409,
    title: "Another paper has this number",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NotTheSeller | Refusal::NotTheBuyer => Self::new(&FORBIDDEN, detail),
            Refusal::NotNow { state, why: _ } => {
                Self::new(&NOT_NOW, detail).with("state", state.word())
            }
            Refusal::Settled(state, _) => {
                Self::new(&SETTLED, detail).with("state", state)
            }
            Refusal::Field(field, _) => Self::refused(field, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::NumberTaken(_) => Self::new(&NUMBER_TAKEN, detail),
            Refusal::Order(refusal) => refusal.into(),
            Refusal::Shared(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
