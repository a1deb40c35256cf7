use gate::{CONFLICT, FORBIDDEN, Problem};
use kernel::Fault;

use super::rules::ChangeError;
use crate::orders;

/// Why an order was not changed, or a change not answered.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such order or change, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The caller sells the order.
    #[error("only the buyer of an order asks for a change of it")]
    NotTheBuyer,
    /// The caller buys the order.
    #[error("only the seller of an order answers a change of it")]
    NotTheSeller,
    /// The change has its answer.
    #[error("the change was answered already")]
    Answered,
    /// Another change has this number.
    #[error("change {0} came before with other content; take a new number")]
    NumberTaken(String),
    /// The order has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// It makes no sense, or comes too late.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// Something else of the form.
    #[error("{1}")]
    Field(&'static str, String),
    /// The order could not be read, or its card not be put into the room.
    #[error(transparent)]
    Order(#[from] orders::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal {
    /// Why not, in plain words; a fault stays one.
    ///
    /// # Errors
    /// Ours.
    pub fn into_words(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault)
            | Self::Order(
                orders::Refusal::Fault(fault)
                | orders::Refusal::Shared(sharing::Refusal::Fault(fault)),
            ) => Err(fault),
            Self::NotFound => {
                Ok("the order that it changes was never received from this buyer"
                    .to_owned())
            }
            Self::NotTheBuyer
            | Self::NotTheSeller
            | Self::Answered
            | Self::NumberTaken(_)
            | Self::Stale(_)
            | Self::Change(_)
            | Self::Field(..)
            | Self::Order(_) => Ok(self.to_string()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NotTheBuyer | Refusal::NotTheSeller => Self::new(&FORBIDDEN, detail),
            Refusal::Answered
            | Refusal::NumberTaken(_)
            | Refusal::Change(ChangeError::TooLate(_)) => Self::new(&CONFLICT, detail),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Change(_) => Self::refused("lines", detail),
            Refusal::Field(field, _) => Self::refused(field, detail),
            Refusal::Order(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
