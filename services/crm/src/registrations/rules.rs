//! The states of a registration, and which side moves it where. Pure.

use std::time::Duration;

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a registration is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RegistrationState)]
pub enum State {
    /// The partner is still writing it; the vendor knows nothing of it.
    Draft,
    /// The vendor has it, and the clock runs.
    Submitted,
    /// The vendor has begun to look at it.
    InReview,
    /// It is the partner's, until its protection ends.
    Approved,
    /// The same, and the partner wishes for a longer protection.
    ExtensionAsked,
    /// The vendor refused it.
    Rejected,
    /// The vendor wants to know more.
    ActionRequired,
    /// The partner took it back.
    Withdrawn,
    /// A deal came of it.
    Converted,
    /// Its protection ran out.
    Expired,
    /// The partner lost the customer.
    Lost,
    /// The vendor took its approval back.
    Revoked,
}

/// Who moves a registration.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RegistrationSide)]
pub enum Side {
    /// Who registered.
    Partner,
    /// Who answers.
    Vendor,
    /// The hub, when a time has come.
    Clock,
}

/// A move of a registration.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RegistrationMove)]
pub enum Move {
    /// The partner hands it in.
    Submit,
    /// The partner takes it back.
    Withdraw,
    /// The vendor begins to look at it.
    Review,
    /// The vendor approves it.
    Approve,
    /// The vendor refuses it.
    Reject,
    /// The vendor asks for more.
    AskMore,
    /// The partner asks for a longer protection.
    AskExtension,
    /// The vendor grants it.
    Extend,
    /// The vendor leaves the protection as it was; so does the clock, once it has run out.
    RefuseExtension,
    /// The vendor opens a deal with it.
    Convert,
    /// The partner has lost the customer.
    Lose,
    /// The vendor takes its approval back.
    Revoke,
    /// Its protection has run out.
    Expire,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Draft,
        Self::Submitted,
        Self::InReview,
        Self::Approved,
        Self::ExtensionAsked,
        Self::Rejected,
        Self::ActionRequired,
        Self::Withdrawn,
        Self::Converted,
        Self::Expired,
        Self::Lost,
        Self::Revoked,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::ExtensionAsked => "extension_asked",
            Self::Rejected => "rejected",
            Self::ActionRequired => "action_required",
            Self::Withdrawn => "withdrawn",
            Self::Converted => "converted",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Revoked => "revoked",
        }
    }

    /// Where a move leads from here, if this side may make it.
    pub const fn step(self, by: Side, step: Move) -> Option<Self> {
        match (by, self, step) {
            (Side::Partner, Self::Draft | Self::ActionRequired, Move::Submit) => {
                Some(Self::Submitted)
            }
            (
                Side::Partner,
                Self::Draft | Self::Submitted | Self::ActionRequired,
                Move::Withdraw,
            ) => Some(Self::Withdrawn),
            (Side::Partner, Self::Approved, Move::AskExtension) => {
                Some(Self::ExtensionAsked)
            }
            (Side::Partner, Self::Approved, Move::Lose) => Some(Self::Lost),
            (Side::Vendor, Self::Submitted, Move::Review) => Some(Self::InReview),
            (Side::Vendor, Self::InReview, Move::Approve)
            | (Side::Vendor, Self::ExtensionAsked, Move::Extend)
            | (Side::Vendor | Side::Clock, Self::ExtensionAsked, Move::RefuseExtension) => {
                Some(Self::Approved)
            }
            (Side::Vendor, Self::InReview, Move::Reject) => Some(Self::Rejected),
            (Side::Vendor, Self::InReview, Move::AskMore) => Some(Self::ActionRequired),
            (Side::Vendor, Self::Approved, Move::Convert) => Some(Self::Converted),
            (Side::Vendor, Self::Approved, Move::Revoke) => Some(Self::Revoked),
            (Side::Clock, Self::Approved, Move::Expire) => Some(Self::Expired),
            _ => None,
        }
    }

    /// The moves that a side may make from here.
    pub fn moves(self, by: Side) -> Vec<Move> {
        Move::ALL.into_iter().filter(|it| self.step(by, *it).is_some()).collect()
    }

    /// Whether its partner may change its fields.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::ActionRequired)
    }

    /// Whether the vendor has still to give its first answer.
    pub const fn awaits_answer(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview)
    }
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 13] = [
        Self::Submit,
        Self::Withdraw,
        Self::Review,
        Self::Approve,
        Self::Reject,
        Self::AskMore,
        Self::AskExtension,
        Self::Extend,
        Self::RefuseExtension,
        Self::Convert,
        Self::Lose,
        Self::Revoke,
        Self::Expire,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Review => "review",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::AskMore => "ask_more",
            Self::AskExtension => "ask_extension",
            Self::Extend => "extend",
            Self::RefuseExtension => "refuse_extension",
            Self::Convert => "convert",
            Self::Lose => "lose",
            Self::Revoke => "revoke",
            Self::Expire => "expire",
        }
    }
}

/// Why a vendor refuses a registration, or takes its approval back. None of them says that
/// somebody else registered the customer.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RegistrationReason)]
pub enum Reason {
    /// The customer is spoken to already.
    CustomerEngaged,
    /// It is the vendor's own customer.
    HouseAccount,
    /// The partner does not sell this family, or not there.
    OutOfScope,
    /// Too little is known of it.
    NotQualified,
    /// What was asked for did not come.
    Incomplete,
    /// Nothing has happened with the customer.
    NoActivity,
    /// Another one, told in words.
    Other,
}

/// The longest protection, in days.
pub(super) const MOST_DAYS: i64 = 365;

const DAY: Duration = Duration::from_hours(24);

/// So many days later; a day is 24 hours.
pub(super) fn days_after(at: Moment, days: i64) -> Moment {
    at + DAY.saturating_mul(u32::try_from(days).unwrap_or(0))
}

/// Which warning is due before the end of a protection: 14, 3, or none (0). One that was told
/// is not told again, and the earlier of two that are due at once is passed over.
pub(super) fn warning(until: Moment, now: Moment, told: i64) -> i64 {
    let due = [3, 14].into_iter().find(|days| days_after(now, *days) >= until);
    due.filter(|days| told == 0 || *days < told).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::{Move, Side, State, days_after, warning};

    /// The moves as `sharing.md` lists them, word for word.
    const LISTED: &[(&str, &str, Side, &str)] = &[
        ("draft", "submit", Side::Partner, "submitted"),
        ("action_required", "submit", Side::Partner, "submitted"),
        ("draft", "withdraw", Side::Partner, "withdrawn"),
        ("submitted", "withdraw", Side::Partner, "withdrawn"),
        ("action_required", "withdraw", Side::Partner, "withdrawn"),
        ("submitted", "review", Side::Vendor, "in_review"),
        ("in_review", "approve", Side::Vendor, "approved"),
        ("in_review", "reject", Side::Vendor, "rejected"),
        ("in_review", "ask_more", Side::Vendor, "action_required"),
        ("approved", "ask_extension", Side::Partner, "extension_asked"),
        ("extension_asked", "extend", Side::Vendor, "approved"),
        ("extension_asked", "refuse_extension", Side::Vendor, "approved"),
        ("extension_asked", "refuse_extension", Side::Clock, "approved"),
        ("approved", "convert", Side::Vendor, "converted"),
        ("approved", "expire", Side::Clock, "expired"),
        ("approved", "lose", Side::Partner, "lost"),
        ("approved", "revoke", Side::Vendor, "revoked"),
    ];

    #[test]
    fn only_the_listed_moves_are_made_and_only_by_the_listed_side() {
        let mut made = 0;
        for state in State::ALL {
            for by in [Side::Partner, Side::Vendor, Side::Clock] {
                for step in Move::ALL {
                    let listed = LISTED.iter().find(|(from, word, side, _)| {
                        (*from, *word, *side) == (state.word(), step.word(), by)
                    });
                    let led = state.step(by, step).map(State::word);
                    assert_eq!(led, listed.map(|row| row.3), "{state:?} {by:?} {step:?}");
                    made += usize::from(led.is_some());
                }
            }
        }
        assert_eq!(made, LISTED.len());
    }

    #[test]
    fn what_has_ended_stays_ended() {
        for state in [
            State::Rejected,
            State::Withdrawn,
            State::Converted,
            State::Expired,
            State::Lost,
            State::Revoked,
        ] {
            for by in [Side::Partner, Side::Vendor, Side::Clock] {
                assert_eq!(state.moves(by), [], "{state:?}");
            }
        }
    }

    #[test]
    fn warnings_come_14_and_3_days_before_and_once_each() {
        let start = Moment::from_micros(1_795_000_000_000_000);
        let until = days_after(start, 90);
        let at = |day: i64| days_after(start, day);
        assert_eq!(warning(until, at(75), 0), 0);
        assert_eq!(warning(until, at(76), 0), 14);
        assert_eq!(warning(until, at(80), 14), 0);
        assert_eq!(warning(until, at(87), 14), 3);
        assert_eq!(warning(until, at(89), 3), 0);
        assert_eq!(warning(until, at(88), 0), 3, "after downtime the nearer one alone");
    }
}
