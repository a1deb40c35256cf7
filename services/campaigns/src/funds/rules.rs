//! The states of funds, requests and claims, which side moves them where, and what a fund pays.
//! Pure.

use std::time::Duration;

use kernel::{Day, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($( #[doc = $about:literal] $name:ident as $schema:ident { $( #[doc = $doc:literal] $variant:ident = $word:literal, )+ } )+) => { $(
        #[doc = $about]
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub enum $name { $( #[doc = $doc] $variant, )+ }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$( Self::$variant ),+];

            /// Its word.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }
        }
    )+ };
}

words! {
    /// How far a fund is.
    FundState as FundState {
        /// The vendor is still writing it; it holds no money.
        Draft = "draft",
        /// Money is allocated, asked for and paid.
        Open = "open",
        /// It is over.
        Closed = "closed",
    }

    /// How far a request is.
    RequestState as FundRequestState {
        /// The partner is still writing it; the vendor knows nothing of it.
        Draft = "draft",
        /// The vendor has it.
        Submitted = "submitted",
        /// The vendor has begun to look at it.
        InReview = "in_review",
        /// Money is reserved for it.
        Approved = "approved",
        /// The vendor refused it.
        Rejected = "rejected",
        /// The vendor wants to know more.
        ActionRequired = "action_required",
        /// The partner took it back.
        Withdrawn = "withdrawn",
        /// It was claimed to the end.
        Used = "used",
        /// It was not claimed in time.
        Expired = "expired",
    }

    /// How far a claim is.
    ClaimState as FundClaimState {
        /// The partner is still writing it.
        Draft = "draft",
        /// The vendor has it.
        Submitted = "submitted",
        /// The vendor has begun to look at it.
        InReview = "in_review",
        /// It is to be paid.
        Approved = "approved",
        /// The vendor refused it.
        Rejected = "rejected",
        /// The vendor wants to know more.
        ActionRequired = "action_required",
        /// It was paid.
        Paid = "paid",
    }

    /// Who moves a request or a claim.
    Side as FundSide {
        /// Whose fund it is.
        Vendor = "vendor",
        /// Who asks.
        Partner = "partner",
        /// The hub, when a time has come.
        Clock = "clock",
    }

    /// A move of a request or a claim.
    Move as FundMove {
        /// The partner hands it in.
        Submit = "submit",
        /// The partner takes it back.
        Withdraw = "withdraw",
        /// The vendor begins to look at it.
        Review = "review",
        /// The vendor approves it, perhaps in part.
        Approve = "approve",
        /// The vendor refuses it.
        Reject = "reject",
        /// The vendor asks for more.
        AskMore = "ask_more",
        /// The vendor paid.
        Pay = "pay",
        /// What was approved has been claimed to the end.
        Finish = "finish",
        /// Nobody claimed it in time.
        Expire = "expire",
    }

    /// What a partner wants to do.
    Activity as FundActivity {
        /// A fair, a seminar, an evening with customers.
        Event = "event",
        /// Advertising.
        Advertising = "advertising",
        /// Texts, films, pages.
        Content = "content",
        /// Training of its people.
        Training = "training",
        /// Calls.
        Calls = "calls",
        /// Something to show.
        Demo = "demo",
        /// Another one.
        Other = "other",
    }

    /// What kind of proof a file is.
    Proof as FundProofKind {
        /// An invoice.
        Invoice = "invoice",
        /// That an invoice was paid.
        Receipt = "receipt",
        /// A picture of what was done.
        Picture = "picture",
        /// What came of it, in words and numbers.
        Report = "report",
        /// Another one.
        Other = "other",
    }
}

impl RequestState {
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
            (Side::Vendor, Self::Submitted, Move::Review) => Some(Self::InReview),
            (Side::Vendor, Self::InReview, Move::Approve) => Some(Self::Approved),
            (Side::Vendor, Self::InReview, Move::Reject) => Some(Self::Rejected),
            (Side::Vendor, Self::InReview, Move::AskMore) => Some(Self::ActionRequired),
            (Side::Clock, Self::Approved, Move::Finish) => Some(Self::Used),
            (Side::Clock, Self::Approved, Move::Expire) => Some(Self::Expired),
            _ => None,
        }
    }

    /// The moves that a side may make from here.
    pub fn moves(self, by: Side) -> Vec<Move> {
        let may = |it: &Move| self.step(by, *it).is_some();
        Move::ALL.iter().copied().filter(may).collect()
    }

    /// Whether its partner may change what it says.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::ActionRequired)
    }
}

impl ClaimState {
    /// Where a move leads from here, if this side may make it.
    pub const fn step(self, by: Side, step: Move) -> Option<Self> {
        match (by, self, step) {
            (Side::Partner, Self::Draft | Self::ActionRequired, Move::Submit) => {
                Some(Self::Submitted)
            }
            (Side::Vendor, Self::Submitted, Move::Review) => Some(Self::InReview),
            (Side::Vendor, Self::InReview, Move::Approve) => Some(Self::Approved),
            (Side::Vendor, Self::InReview, Move::Reject) => Some(Self::Rejected),
            (Side::Vendor, Self::InReview, Move::AskMore) => Some(Self::ActionRequired),
            (Side::Vendor, Self::Approved, Move::Pay) => Some(Self::Paid),
            _ => None,
        }
    }

    /// The moves that a side may make from here.
    pub fn moves(self, by: Side) -> Vec<Move> {
        let may = |it: &Move| self.step(by, *it).is_some();
        Move::ALL.iter().copied().filter(may).collect()
    }

    /// Whether its partner may change what it says.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::ActionRequired)
    }
}

/// The most that an amount may be, in minor units: sums of many stay countable.
pub(super) const MOST_MINOR: i64 = 10_000_000_000_000;

/// What a fund pays at most of a cost, rounded down to the minor unit.
pub(super) fn share_of(cost_minor: i64, percent: i64) -> i64 {
    let share = i128::from(cost_minor) * i128::from(percent) / 100;
    i64::try_from(share).unwrap_or(i64::MAX)
}

/// Until when something that ends on a day may be claimed: the end of so many days later, UTC.
pub(super) fn use_by(ends_on: Day, claim_days: i64) -> Option<Moment> {
    let days = i32::try_from(claim_days).ok()?.checked_add(1)?;
    let after = ends_on.plus_days(days);
    format!("{after}T00:00:00Z")
        .parse()
        .ok()
        .map(|it: Moment| it - Duration::from_micros(1))
}

#[cfg(test)]
mod tests {
    use super::{ClaimState, Move, RequestState, Side, share_of, use_by};

    #[test]
    fn a_request_makes_only_the_listed_moves_and_only_by_the_listed_side() {
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
            ("approved", "finish", Side::Clock, "used"),
            ("approved", "expire", Side::Clock, "expired"),
        ];
        let mut made = 0;
        for state in RequestState::ALL {
            for (by, step) in every() {
                let row = (state.word(), step.word(), by);
                let listed = LISTED.iter().find(|it| (it.0, it.1, it.2) == row);
                let led = state.step(by, step).map(RequestState::word);
                assert_eq!(led, listed.map(|it| it.3), "{row:?}");
                made += usize::from(led.is_some());
            }
        }
        assert_eq!(made, LISTED.len());
    }

    #[test]
    fn a_claim_makes_only_the_listed_moves_and_only_by_the_listed_side() {
        const LISTED: &[(&str, &str, Side, &str)] = &[
            ("draft", "submit", Side::Partner, "submitted"),
            ("action_required", "submit", Side::Partner, "submitted"),
            ("submitted", "review", Side::Vendor, "in_review"),
            ("in_review", "approve", Side::Vendor, "approved"),
            ("in_review", "reject", Side::Vendor, "rejected"),
            ("in_review", "ask_more", Side::Vendor, "action_required"),
            ("approved", "pay", Side::Vendor, "paid"),
        ];
        let mut made = 0;
        for state in ClaimState::ALL {
            for (by, step) in every() {
                let row = (state.word(), step.word(), by);
                let listed = LISTED.iter().find(|it| (it.0, it.1, it.2) == row);
                let led = state.step(by, step).map(ClaimState::word);
                assert_eq!(led, listed.map(|it| it.3), "{row:?}");
                made += usize::from(led.is_some());
            }
        }
        assert_eq!(made, LISTED.len());
    }

    fn every() -> Vec<(Side, Move)> {
        let each =
            |by: &Side| Move::ALL.iter().map(|step| (*by, *step)).collect::<Vec<_>>();
        Side::ALL.iter().flat_map(each).collect()
    }

    #[test]
    fn a_fund_pays_its_share_rounded_down() {
        assert_eq!(share_of(800_000, 50), 400_000);
        assert_eq!(share_of(101, 50), 50);
        assert_eq!(share_of(i64::MAX, 100), i64::MAX);
    }

    #[test]
    fn a_claim_may_come_to_the_end_of_its_last_day() {
        let by = use_by("2026-02-27".parse().unwrap(), 2).unwrap();
        assert_eq!(by, "2026-03-01T23:59:59.999999Z".parse().unwrap());
        assert_eq!(by.day(), "2026-03-01".parse().unwrap());
    }
}
