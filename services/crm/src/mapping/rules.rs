//! Levels, states, and what a number tells. Pure.

use std::time::Duration;

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The fields that account mapping can show of a customer in common. What one earns of it, and
/// what one thinks of it, is shared account by account or not at all.
pub const FIELDS: [&str; 6] = ["name", "domain", "vat", "city", "country", "segment"];

/// How far a population goes with a partner.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[schema(as = MappingLevel)]
pub enum Level {
    /// The partner does not know that it exists.
    #[default]
    Hidden,
    /// Its name, and how many customers are in common.
    Counts,
    /// Some fields of the customers in common.
    Overlapping,
    /// Every field of [`FIELDS`] of the customers in common.
    All,
}

impl Level {
    /// What holds between two: neither lets out more than the other.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        self.min(other)
    }

    /// Whether customers are shown at it.
    pub fn shows_rows(self) -> bool {
        self >= Self::Overlapping
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Counts => "counts",
            Self::Overlapping => "overlapping",
            Self::All => "all",
        }
    }
}

/// Where the mapping with a partner is, as one side knows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MappingState)]
pub enum State {
    /// Neither side shows a population.
    Off,
    /// One side does.
    Offered,
    /// Both do, and nothing is counted yet.
    BothOn,
    /// One's own side has changed since it was counted. That the other's has is not told.
    Stale,
    /// What is shown is what was counted last.
    Recomputed,
}

impl State {
    /// From how many populations each side shows, and from each pair of them: when one's own
    /// changed, and when the two were compared.
    pub fn of((own, theirs): (usize, usize), pairs: &[(Moment, Option<Moment>)]) -> Self {
        match (own, theirs) {
            (0, 0) => Self::Off,
            (0, _) | (_, 0) => Self::Offered,
            _ if pairs.iter().all(|(_, compared)| compared.is_none()) => Self::BothOn,
            _ if pairs.iter().any(|(changed, at)| at.is_some_and(|at| *changed > at)) => {
                Self::Stale
            }
            _ => Self::Recomputed,
        }
    }
}

/// Below so many, a number is not told.
pub(super) const FEW: i64 = 5;

/// How many are in common, as far as it is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
#[schema(as = CommonCount)]
pub enum Common {
    /// It is not counted yet.
    Waiting,
    /// Fewer than five; none is among that.
    Few,
    /// About so many.
    About {
        /// Even below a thousand, then in tens.
        number: i64,
    },
}

impl Common {
    /// As it is shown.
    pub fn of(counted: Option<i64>) -> Self {
        match counted {
            None => Self::Waiting,
            Some(counted) if counted < FEW => Self::Few,
            Some(counted) if counted < 1_000 => {
                Self::About { number: counted + counted % 2 }
            }
            Some(counted) => Self::About { number: (counted + 5) / 10 * 10 },
        }
    }
}

/// What is told from now on, where `told` was counted before and `counted` is counted now. A
/// number that has moved by less than five stays, so that no single row can be seen coming or
/// going.
pub(super) fn told_after(told: Option<i64>, counted: i64) -> i64 {
    match told {
        Some(told) if (counted - told).abs() < FEW => told,
        Some(_) | None => counted,
    }
}

/// How often populations are compared without anybody asking.
pub(super) const EVERY: Duration = Duration::from_hours(24);
/// The span in which what a side has compared out of turn is counted.
pub(super) const SPAN: Duration = Duration::from_hours(7 * 24);
/// How often a side may have something compared out of turn in that span: when it shows a
/// population that was not compared yet, and when it asks.
pub(super) const OUT_OF_TURN: i64 = 12;
/// How often in that span a side may ask for a comparison.
pub(super) const ASKED: i64 = 3;
/// For how long a wish for names waits.
pub(super) const ASK_LASTS: Duration = Duration::from_hours(14 * 24);

/// How far a wish for names is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = MappingAskState)]
pub enum AskState {
    /// It waits for an answer.
    Asked,
    /// Some fields are shown.
    Granted,
    /// Fewer fields are shown than were at first.
    Narrowed,
    /// No.
    Refused,
    /// Nobody answered, or a side stopped showing its population before.
    Expired,
    /// Nothing is shown any more.
    Revoked,
}

/// What the side that was asked can do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MappingAskMove)]
pub enum AskMove {
    /// Show some fields.
    Grant,
    /// Show nothing.
    Refuse,
    /// Show fewer fields.
    Narrow,
    /// Show nothing any more.
    Revoke,
}

impl AskState {
    /// Where a move leads; none, if it cannot be made.
    pub const fn step(self, step: AskMove) -> Option<Self> {
        match (self, step) {
            (Self::Asked, AskMove::Grant) => Some(Self::Granted),
            (Self::Asked, AskMove::Refuse) => Some(Self::Refused),
            (Self::Granted | Self::Narrowed, AskMove::Narrow) => Some(Self::Narrowed),
            (Self::Granted | Self::Narrowed, AskMove::Revoke) => Some(Self::Revoked),
            (
                Self::Asked
                | Self::Granted
                | Self::Narrowed
                | Self::Refused
                | Self::Expired
                | Self::Revoked,
                AskMove::Grant | AskMove::Refuse | AskMove::Narrow | AskMove::Revoke,
            ) => None,
        }
    }

    /// What becomes of it where a side no longer shows its population.
    #[must_use]
    pub const fn ended(self) -> Self {
        match self {
            Self::Asked | Self::Expired => Self::Expired,
            Self::Granted | Self::Narrowed | Self::Revoked => Self::Revoked,
            Self::Refused => Self::Refused,
        }
    }

    /// The moves that the side that was asked has.
    pub fn moves(self) -> Vec<AskMove> {
        let all = [AskMove::Grant, AskMove::Refuse, AskMove::Narrow, AskMove::Revoke];
        all.into_iter().filter(|it| self.step(*it).is_some()).collect()
    }
}

impl AskMove {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Refuse => "refuse",
            Self::Narrow => "narrow",
            Self::Revoke => "revoke",
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Moment;
    use proptest::prelude::*;

    use super::{AskMove, AskState, Common, FEW, Level, State, told_after};

    #[test]
    fn neither_side_lets_out_more_than_the_other() {
        assert_eq!(Level::All.with(Level::Counts), Level::Counts);
        assert_eq!(Level::Hidden.with(Level::All), Level::Hidden);
        assert!(Level::Overlapping.shows_rows() && !Level::Counts.shows_rows());
    }

    #[test]
    fn a_mapping_is_where_both_sides_have_brought_it() {
        let at = Moment::from_micros;
        assert_eq!(State::of((0, 0), &[]), State::Off);
        assert_eq!(State::of((0, 3), &[]), State::Offered);
        assert_eq!(State::of((1, 1), &[(at(2), None)]), State::BothOn);
        assert_eq!(State::of((1, 1), &[(at(2), Some(at(1)))]), State::Stale);
        let waits = [(at(2), Some(at(2))), (at(3), None)];
        assert_eq!(State::of((1, 2), &waits), State::Recomputed);
    }

    #[test]
    fn a_small_number_is_not_told_and_none_is_small() {
        for few in 0..FEW {
            assert_eq!(Common::of(Some(few)), Common::Few);
        }
        assert_eq!(Common::of(Some(214)), Common::About { number: 214 });
        assert_eq!(Common::of(Some(213)), Common::About { number: 214 });
        assert_eq!(Common::of(Some(12_344)), Common::About { number: 12_340 });
        assert_eq!(Common::of(None), Common::Waiting);
    }

    #[test]
    fn a_wish_is_answered_once_and_what_was_shown_is_taken_back_once() {
        let granted = AskState::Asked.step(AskMove::Grant).unwrap();
        let narrowed = granted.step(AskMove::Narrow).unwrap();
        assert_eq!(narrowed.step(AskMove::Revoke), Some(AskState::Revoked));
        for over in [AskState::Refused, AskState::Expired, AskState::Revoked] {
            assert!(over.moves().is_empty() && over.ended() == over);
        }
        assert_eq!(AskState::Asked.step(AskMove::Revoke), None);
        assert_eq!(granted.step(AskMove::Grant), None);
    }

    proptest! {
        /// Whoever adds or takes away rows one at a time sees a number move in steps of five.
        #[test]
        fn no_single_row_moves_a_number(start in 0_i64..2_000, steps in prop::collection::vec(-4_i64..=4, 0..40)) {
            let mut told = told_after(None, start);
            let mut counted = start;
            for step in steps {
                let before = told;
                counted = (counted + step).max(0);
                told = told_after(Some(told), counted);
                prop_assert!(told == before || (told - before).abs() >= FEW);
                prop_assert!((told - counted).abs() < FEW);
            }
        }
    }
}
