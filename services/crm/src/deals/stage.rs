//! The stages of a deal, and the steps between them. Pure.
//!
//! `identified → qualified → technical_ok → business_ok → committed → won → delivered`. A deal
//! goes forward one stage at a time; nothing is skipped, so that every deal has been through
//! the same questions. It may step back to any earlier stage, with a reason. While it is open
//! (up to `committed`) it may be lost, with a reason; a lost deal is reopened by stepping back,
//! with a reason, to a stage up to `business_ok`: what was committed must be committed anew.
//! `committed` is proven by a quote of the deal that its buyer accepted, `won` by an order of
//! the deal that its seller took on. Without such a paper (the yes was said by phone, the order
//! went past the hub) the step asks for a reason, which stands in the room and in the log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a deal stands.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Stage {
    /// Somebody may buy.
    Identified,
    /// They want to, and can.
    Qualified,
    /// What is offered does what they need.
    TechnicalOk,
    /// And is worth it to them.
    BusinessOk,
    /// They have said yes.
    Committed,
    /// They have ordered.
    Won,
    /// They have it.
    Delivered,
    /// They will not buy.
    Lost,
}

/// Why a step was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoStep {
    /// The stages do not follow each other.
    #[error("a deal goes forward one stage at a time, back, or is lost while it is open")]
    NotNext,
    /// The step needs a reason.
    #[error(
        "say why: a step back and `lost` need a reason, and so do `committed` without an \
         accepted quote and `won` without an accepted order"
    )]
    ReasonRequired,
}

/// Whether a paper of the deal proves a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// An accepted quote, or an order that its seller took on.
    Paper,
    /// Nothing: somebody's word for it.
    Word,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 8] = [
        Self::Identified,
        Self::Qualified,
        Self::TechnicalOk,
        Self::BusinessOk,
        Self::Committed,
        Self::Won,
        Self::Delivered,
        Self::Lost,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identified => "identified",
            Self::Qualified => "qualified",
            Self::TechnicalOk => "technical_ok",
            Self::BusinessOk => "business_ok",
            Self::Committed => "committed",
            Self::Won => "won",
            Self::Delivered => "delivered",
            Self::Lost => "lost",
        }
    }

    /// Whether the deal is still to be won.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Identified
            | Self::Qualified
            | Self::TechnicalOk
            | Self::BusinessOk
            | Self::Committed => true,
            Self::Won | Self::Delivered | Self::Lost => false,
        }
    }

    /// Whether a new deal may begin here: as far as no proof is needed.
    pub const fn may_begin(self) -> bool {
        match self {
            Self::Identified | Self::Qualified | Self::TechnicalOk | Self::BusinessOk => {
                true
            }
            Self::Committed | Self::Won | Self::Delivered | Self::Lost => false,
        }
    }

    /// The stage after it; none after the last, and after `lost`.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Identified => Some(Self::Qualified),
            Self::Qualified => Some(Self::TechnicalOk),
            Self::TechnicalOk => Some(Self::BusinessOk),
            Self::BusinessOk => Some(Self::Committed),
            Self::Committed => Some(Self::Won),
            Self::Won => Some(Self::Delivered),
            Self::Delivered | Self::Lost => None,
        }
    }

    /// Checks a step from here to another stage.
    ///
    /// # Errors
    /// [`NoStep::NotNext`], whatever the reason; [`NoStep::ReasonRequired`] without one.
    pub fn step(
        self,
        to: Self,
        reason: Option<&str>,
        proof: Proof,
    ) -> Result<(), NoStep> {
        let needs_reason = match (self, to) {
            (from, Self::Lost) if from.is_open() => true,
            (Self::Lost, to) if to.may_begin() => true,
            (Self::Lost, _) | (_, Self::Lost) => return Err(NoStep::NotNext),
            (from, to) if from.next() == Some(to) => {
                matches!(to, Self::Committed | Self::Won) && proof == Proof::Word
            }
            (from, to) if to < from => true,
            _ => return Err(NoStep::NotNext),
        };
        if needs_reason && reason.is_none_or(|reason| reason.trim().is_empty()) {
            return Err(NoStep::ReasonRequired);
        }
        Ok(())
    }

    /// The stages to which it may step, with a reason where one is needed.
    pub fn steps(self) -> Vec<Self> {
        let may =
            |to: &Self| *to != self && self.step(*to, Some("why"), Proof::Word).is_ok();
        Self::ALL.into_iter().filter(may).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{NoStep, Proof, Stage};

    #[test]
    fn the_steps_are_these_and_no_others() {
        let table = Stage::ALL.map(|from| {
            let to: Vec<_> = from.steps().into_iter().map(Stage::word).collect();
            format!("{} -> {}", from.word(), to.join(" "))
        });
        let expected = [
            "identified -> qualified lost",
            "qualified -> identified technical_ok lost",
            "technical_ok -> identified qualified business_ok lost",
            "business_ok -> identified qualified technical_ok committed lost",
            "committed -> identified qualified technical_ok business_ok won lost",
            "won -> identified qualified technical_ok business_ok committed delivered",
            "delivered -> identified qualified technical_ok business_ok committed won",
            "lost -> identified qualified technical_ok business_ok",
        ];
        assert_eq!(table, expected);
    }

    #[test]
    fn only_a_step_forward_below_committed_or_to_delivered_needs_no_reason() {
        let mut free = Vec::new();
        for from in Stage::ALL {
            for to in from.steps() {
                match from.step(to, None, Proof::Word) {
                    Ok(()) => free.push(to.word()),
                    Err(refusal) => assert_eq!(refusal, NoStep::ReasonRequired),
                }
                assert_eq!(
                    from.step(to, Some(" "), Proof::Word).is_ok(),
                    from.step(to, None, Proof::Word).is_ok()
                );
            }
        }
        assert_eq!(free, ["qualified", "technical_ok", "business_ok", "delivered"]);
    }

    #[test]
    fn a_paper_proves_only_the_step_forward_to_committed_and_to_won() {
        let mut proven = Vec::new();
        for from in Stage::ALL {
            for to in from.steps() {
                let (word, paper) = (Proof::Word, Proof::Paper);
                if from.step(to, None, paper) != from.step(to, None, word) {
                    proven.push(format!("{} -> {}", from.word(), to.word()));
                }
            }
        }
        assert_eq!(proven, ["business_ok -> committed", "committed -> won"]);
    }

    #[test]
    fn a_stage_does_not_step_to_itself() {
        for stage in Stage::ALL {
            assert_eq!(
                stage.step(stage, Some("why"), Proof::Paper),
                Err(NoStep::NotNext)
            );
        }
    }
}
