use gate::{CONFLICT, Problem, ProblemKind};
use kernel::Fault;
use serde_json::Value;

use super::{Move, Proof};

/// A value that cannot be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct Flaw {
    /// Of which field.
    pub field: &'static str,
    /// Why, and what to do.
    pub why: &'static str,
}

/// Why nothing happened to a fund.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// It has another revision than the caller read.
    #[error("it is at revision {0} by now")]
    Stale(i64),
    /// A value is missing, or cannot be.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The state, or the side, does not allow this move.
    #[error("what is `{from}` cannot be moved so by you")]
    NoMove {
        /// Where it is.
        from: &'static str,
        /// What may be done with it.
        next: Vec<Move>,
    },
    /// More than there is.
    #[error("that is more than the rest of {0} in minor units; ask for that or less")]
    OverRest(i64),
    /// Less than is spoken for.
    #[error(
        "{0} in minor units are asked for, approved or paid already; it cannot be less"
    )]
    UnderUsed(i64),
    /// More than the fund's share of the cost.
    #[error("the fund pays {percent} % of the cost: at most {most_minor} in minor units")]
    OverShare {
        /// The fund's share.
        percent: i64,
        /// What that comes to.
        most_minor: i64,
    },
    /// Another claim of the same request is not settled yet.
    #[error("another claim of this request waits; there is one at a time")]
    ClaimWaits,
    /// Proofs that the fund demands are missing.
    #[error("the fund demands proofs that are missing")]
    ProofsMissing(Vec<Proof>),
    /// A proof is of a type that is not taken.
    #[error("a proof is a PDF or a picture (PNG, JPEG, GIF, WebP); this file is neither")]
    ForbiddenType,
    /// Too many proofs.
    #[error("a claim has at most 20 proofs")]
    TooManyProofs,
    /// The fund is not open.
    #[error("the fund is not open")]
    NotOpen,
    /// Money is under way.
    #[error(
        "{0} in minor units are reserved, or claimed and not paid; settle that first"
    )]
    UnderWay(i64),
    /// The partner has a part of this fund already.
    #[error("the partner has a part of this fund; change that one")]
    Twin,
    /// No live partnership joins the two organisations.
    #[error("you sell together with no live partnership")]
    NoPartnership,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const NO_MOVE: ProblemKind = ProblemKind {
    slug: "no-such-move",
    status: 409,
    title: "It cannot go there from here",
};
const OVER_REST: ProblemKind =
    ProblemKind { slug: "over-rest", status: 422, title: "There is not so much left" };
const UNDER_USED: ProblemKind = ProblemKind {
    slug: "under-used",
    status: 422,
    title: "More than that is spoken for",
};
const OVER_SHARE: ProblemKind = ProblemKind {
    slug: "over-share",
    status: 422,
    title: "The fund pays a smaller share",
};
const CLAIM_WAITS: ProblemKind =
    ProblemKind { slug: "claim-waits", status: 409, title: "Another claim waits" };
const PROOFS: ProblemKind =
    ProblemKind { slug: "proofs-missing", status: 422, title: "Proofs are missing" };
const TYPE: ProblemKind = ProblemKind {
    slug: "forbidden-type",
    status: 422,
    title: "No proof is of this type",
};
const NOT_OPEN: ProblemKind =
    ProblemKind { slug: "fund-not-open", status: 409, title: "The fund is not open" };
const UNDER_WAY: ProblemKind =
    ProblemKind { slug: "money-under-way", status: 409, title: "Money is under way" };
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
            Refusal::OverRest(rest) => {
                let problem = Self::new(&OVER_REST, detail).with("rest_minor", rest);
                problem.with("field", "amount_minor")
            }
            Refusal::UnderUsed(used) => {
                let problem = Self::new(&UNDER_USED, detail).with("used_minor", used);
                problem.with("field", "amount_minor")
            }
            Refusal::OverShare { percent, most_minor } => {
                let problem =
                    Self::new(&OVER_SHARE, detail).with("most_minor", most_minor);
                problem.with("share_percent", percent).with("field", "amount_minor")
            }
            Refusal::ClaimWaits => Self::new(&CLAIM_WAITS, detail),
            Refusal::ProofsMissing(kinds) => {
                let kinds: Vec<&str> = kinds.into_iter().map(Proof::word).collect();
                Self::new(&PROOFS, detail).with("missing", Value::from(kinds))
            }
            Refusal::ForbiddenType => Self::new(&TYPE, detail).with("field", "file"),
            Refusal::TooManyProofs => Self::refused("file", detail),
            Refusal::NotOpen => Self::new(&NOT_OPEN, detail),
            Refusal::UnderWay(minor) => {
                Self::new(&UNDER_WAY, detail).with("under_way_minor", minor)
            }
            Refusal::Twin => Self::new(&CONFLICT, detail),
            Refusal::NoPartnership => {
                Self::new(&NO_PARTNERSHIP, detail).with("field", "partner")
            }
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
