use gate::{CONFLICT, FORBIDDEN, Problem, ProblemKind};
use kernel::Fault;
use serde_json::Value;

use super::{Flaw, NoStep, Stage};

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such deal, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// A field that is not shared with the caller.
    #[error("`{0}` is not shared with you")]
    Masked(&'static str),
    /// The caller takes part without the verb `edit`.
    #[error("you take part in this deal to read, not to edit")]
    ReadOnly,
    /// The deal is closed.
    #[error("this deal is closed")]
    Closed,
    /// A deal cannot begin at that stage.
    #[error(
        "a deal begins at a stage up to `business_ok`; what follows is reached by steps"
    )]
    MayNotBegin,
    /// The stage cannot be reached so.
    #[error("{why}")]
    NoStep {
        /// Why not.
        why: NoStep,
        /// What can be reached.
        next: Vec<Stage>,
    },
    /// Sharing refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const REASON_REQUIRED: ProblemKind =
    ProblemKind { slug: "reason-required", status: 422, title: "Say why" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Stale(revision) => Self::stale(revision),
            Refusal::Flaw(flaw) => Self::refused(flaw.field, detail),
            Refusal::Masked(field) => Self::refused(field, detail),
            Refusal::ReadOnly => Self::new(&FORBIDDEN, detail),
            Refusal::Closed => Self::new(&CONFLICT, detail),
            Refusal::MayNotBegin => Self::refused("stage", detail),
            Refusal::NoStep { why: NoStep::ReasonRequired, .. } => {
                Self::new(&REASON_REQUIRED, detail).with("field", "reason")
            }
            Refusal::NoStep { why: NoStep::NotNext, next } => {
                let next: Vec<&str> = next.into_iter().map(Stage::word).collect();
                Self::refused("stage", detail).with("next_stages", Value::from(next))
            }
            Refusal::Sharing(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
