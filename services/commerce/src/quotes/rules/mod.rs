//! Where a quote stands, and who moves it where. Pure.

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The word for where a quote stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum QuoteState {
    /// Its seller writes it.
    Draft,
    /// Every line has its price.
    Priced,
    /// Somebody at the seller's has approved it.
    ApprovedInternal,
    /// The buyer has it, and may answer.
    Sent,
    /// The buyer took it.
    Accepted,
    /// The buyer did not take it.
    Rejected,
    /// The buyer wants it otherwise.
    Countered,
    /// Its time ran out before it was answered.
    Expired,
    /// The seller took it back.
    Withdrawn,
}

/// What the buyer was sent last.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Offer {
    /// Which revision of the quote, from 1.
    pub(super) rev: i64,
    /// The SHA-256 of its document, in hexadecimal digits.
    pub(super) sha256: String,
    /// The first moment at which it can be accepted no more.
    pub(super) until: Moment,
}

/// Where a quote stands, with what belongs to standing there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Stand {
    /// This revision is being written; what was sent before it was countered.
    Draft { rev: i64, before: Option<Offer> },
    /// Every line of this revision has its price.
    Priced { rev: i64, before: Option<Offer> },
    /// This revision may be sent.
    Approved { rev: i64, before: Option<Offer> },
    /// This waits for the buyer.
    Sent(Offer),
    /// This was accepted.
    Accepted(Offer),
    /// This was rejected.
    Rejected(Offer),
    /// This was countered, and its seller has not begun another.
    Countered(Offer),
    /// Nobody answered this in time.
    Expired(Offer),
    /// Taken back, with what was sent before, if anything was.
    Withdrawn { rev: i64, before: Option<Offer> },
}

/// On which side of a quote somebody stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who sells.
    Seller,
    /// Who buys.
    Buyer,
}

/// A step of a quote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// The seller writes other lines.
    Write,
    /// The seller says that every line has its price.
    Price,
    /// Somebody at the seller's approves.
    Approve,
    /// The seller sends this document, which can be accepted until then.
    Send { sha256: String, until: Moment },
    /// The seller takes it back.
    Withdraw,
    /// The seller begins the next revision.
    Revise,
    /// The buyer takes the document of this hash.
    Accept { sha256: String },
    /// The buyer does not take the document of this hash.
    Reject { sha256: String },
    /// The buyer wants the document of this hash otherwise.
    Counter { sha256: String },
}

/// Why a step was not made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoStep {
    /// Not from there.
    #[error("a quote that is `{}` cannot be {step}", .from.word())]
    NotFrom {
        /// Where it stands, for who asks.
        from: QuoteState,
        /// What was asked.
        step: &'static str,
    },
    /// The other side's.
    #[error("only the {0} of a quote does that")]
    OtherSide(&'static str),
    /// Another document than the one that was sent last.
    #[error(
        "what was answered is not what was sent last: read revision {rev} and answer \
         its hash {sha256}"
    )]
    OtherHash {
        /// The revision that was sent last.
        rev: i64,
        /// The hash of its document.
        sha256: String,
    },
    /// Too late.
    #[error("the quote was valid until {0}; ask for a new one")]
    TooLate(Moment),
}

impl QuoteState {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Priced => "priced",
            Self::ApprovedInternal => "approved_internal",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Countered => "countered",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Step {
    const fn word(&self) -> &'static str {
        match self {
            Self::Write => "written",
            Self::Price => "priced",
            Self::Approve => "approved",
            Self::Send { .. } => "sent",
            Self::Withdraw => "withdrawn",
            Self::Revise => "revised",
            Self::Accept { .. } => "accepted",
            Self::Reject { .. } => "rejected",
            Self::Counter { .. } => "countered",
        }
    }

    /// Whose it is.
    const fn side(&self) -> Side {
        match self {
            Self::Write
            | Self::Price
            | Self::Approve
            | Self::Send { .. }
            | Self::Withdraw
            | Self::Revise => Side::Seller,
            Self::Accept { .. } | Self::Reject { .. } | Self::Counter { .. } => {
                Side::Buyer
            }
        }
    }
}

impl Stand {
    /// Its word, as its seller hears it.
    pub(super) const fn state(&self) -> QuoteState {
        match self {
            Self::Draft { .. } => QuoteState::Draft,
            Self::Priced { .. } => QuoteState::Priced,
            Self::Approved { .. } => QuoteState::ApprovedInternal,
            Self::Sent(_) => QuoteState::Sent,
            Self::Accepted(_) => QuoteState::Accepted,
            Self::Rejected(_) => QuoteState::Rejected,
            Self::Countered(_) => QuoteState::Countered,
            Self::Expired(_) => QuoteState::Expired,
            Self::Withdrawn { .. } => QuoteState::Withdrawn,
        }
    }

    /// The revision that it is about.
    pub(super) const fn rev(&self) -> i64 {
        match self {
            Self::Draft { rev, .. }
            | Self::Priced { rev, .. }
            | Self::Approved { rev, .. }
            | Self::Withdrawn { rev, .. } => *rev,
            Self::Sent(offer)
            | Self::Accepted(offer)
            | Self::Rejected(offer)
            | Self::Countered(offer)
            | Self::Expired(offer) => offer.rev,
        }
    }

    /// What the buyer was sent last.
    pub(super) const fn offer(&self) -> Option<&Offer> {
        match self {
            Self::Draft { before, .. }
            | Self::Priced { before, .. }
            | Self::Approved { before, .. }
            | Self::Withdrawn { before, .. } => before.as_ref(),
            Self::Sent(offer)
            | Self::Accepted(offer)
            | Self::Rejected(offer)
            | Self::Countered(offer)
            | Self::Expired(offer) => Some(offer),
        }
    }

    /// What a side sees of it. The buyer sees nothing of a quote before it is sent, and a
    /// quote that it countered stays countered until the next revision is sent.
    pub(super) const fn face(&self, side: Side) -> Option<QuoteState> {
        let hidden = match side {
            Side::Seller => return Some(self.state()),
            Side::Buyer => self,
        };
        match hidden {
            Self::Draft { before: Some(_), .. }
            | Self::Priced { before: Some(_), .. }
            | Self::Approved { before: Some(_), .. } => Some(QuoteState::Countered),
            Self::Draft { before: None, .. }
            | Self::Priced { before: None, .. }
            | Self::Approved { before: None, .. }
            | Self::Withdrawn { before: None, .. } => None,
            Self::Sent(_)
            | Self::Accepted(_)
            | Self::Rejected(_)
            | Self::Countered(_)
            | Self::Expired(_)
            | Self::Withdrawn { before: Some(_), .. } => Some(self.state()),
        }
    }

    /// Makes a step.
    ///
    /// # Errors
    /// [`NoStep::OtherSide`] whatever the state; then [`NoStep::NotFrom`]; then
    /// [`NoStep::OtherHash`] and [`NoStep::TooLate`].
    pub(super) fn step(
        self,
        side: Side,
        step: Step,
        now: Moment,
    ) -> Result<Self, NoStep> {
        if step.side() != side {
            return Err(NoStep::OtherSide(match step.side() {
                Side::Seller => "seller",
                Side::Buyer => "buyer",
            }));
        }
        let refused = NoStep::NotFrom {
            from: self.face(side).unwrap_or_else(|| self.state()),
            step: step.word(),
        };
        Ok(match (self, step) {
            (
                Self::Draft { rev, before }
                | Self::Priced { rev, before }
                | Self::Approved { rev, before },
                Step::Write,
            ) => Self::Draft { rev, before },
            (Self::Draft { rev, before }, Step::Price) => Self::Priced { rev, before },
            (Self::Priced { rev, before }, Step::Approve) => {
                Self::Approved { rev, before }
            }
            (Self::Approved { rev, .. }, Step::Send { sha256, until }) => {
                if until <= now {
                    return Err(NoStep::TooLate(until));
                }
                Self::Sent(Offer { rev, sha256, until })
            }
            (
                Self::Draft { rev, before }
                | Self::Priced { rev, before }
                | Self::Approved { rev, before },
                Step::Withdraw,
            ) => Self::Withdrawn { rev, before },
            (Self::Sent(offer) | Self::Countered(offer), Step::Withdraw) => {
                Self::Withdrawn { rev: offer.rev, before: Some(offer) }
            }
            (Self::Countered(offer), Step::Revise) => {
                Self::Draft { rev: offer.rev + 1, before: Some(offer) }
            }
            (Self::Sent(offer), Step::Accept { sha256 }) => {
                Self::Accepted(offer.answered(&sha256, now)?)
            }
            (Self::Sent(offer), Step::Reject { sha256 }) => {
                Self::Rejected(offer.answered(&sha256, now)?)
            }
            (Self::Sent(offer), Step::Counter { sha256 }) => {
                Self::Countered(offer.answered(&sha256, now)?)
            }
            _ => return Err(refused),
        })
    }

    /// What the next revision of a seller that is not on the hub makes of it: whatever stood before,
    /// that waits for the buyer now, unless the buyer took it.
    ///
    /// # Errors
    /// [`NoStep::NotFrom`], once it was accepted, or taken back.
    pub(super) fn replaced(self, sha256: String, until: Moment) -> Result<Self, NoStep> {
        match self {
            Self::Sent(offer)
            | Self::Rejected(offer)
            | Self::Countered(offer)
            | Self::Expired(offer) => {
                Ok(Self::Sent(Offer { rev: offer.rev + 1, sha256, until }))
            }
            Self::Draft { .. }
            | Self::Priced { .. }
            | Self::Approved { .. }
            | Self::Accepted(_)
            | Self::Withdrawn { .. } => {
                Err(NoStep::NotFrom { from: self.state(), step: "revised" })
            }
        }
    }

    /// What the clock makes of it: what was sent and not answered in time has expired.
    pub(super) fn ring(self, now: Moment) -> Self {
        match self {
            Self::Sent(offer) if offer.until <= now => Self::Expired(offer),
            Self::Draft { .. }
            | Self::Priced { .. }
            | Self::Approved { .. }
            | Self::Sent(_)
            | Self::Accepted(_)
            | Self::Rejected(_)
            | Self::Countered(_)
            | Self::Expired(_)
            | Self::Withdrawn { .. } => self,
        }
    }
}

impl Offer {
    fn answered(self, sha256: &str, now: Moment) -> Result<Self, NoStep> {
        if self.sha256 != sha256 {
            return Err(NoStep::OtherHash { rev: self.rev, sha256: self.sha256 });
        }
        if self.until <= now {
            return Err(NoStep::TooLate(self.until));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
