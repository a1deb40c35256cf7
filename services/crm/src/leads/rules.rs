//! The states of a lead, which side moves it where, and what it is worth. Pure.

use kernel::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Lead;

/// How far a lead is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadState)]
pub enum State {
    /// Nobody has looked at it.
    New,
    /// It is worth a partner's time.
    Qualified,
    /// It is not.
    Disqualified,
    /// A partner has it to accept, and the clock runs.
    Offered,
    /// A partner works on it.
    Accepted,
    /// A deal came of it.
    Converted,
}

/// How far a partner is with a lead.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadOfferState)]
pub enum OfferState {
    /// It has it to accept.
    Offered,
    /// It works on it.
    Accepted,
    /// A deal came of it.
    Converted,
    /// It did not want it.
    Declined,
    /// It gave it back.
    Returned,
    /// It did not answer in time.
    Lapsed,
    /// The vendor took it back.
    Withdrawn,
}

/// Who moves a lead.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadSide)]
pub enum Side {
    /// Whose lead it is.
    Vendor,
    /// To whom it is offered.
    Partner,
    /// The hub, when a time has come.
    Clock,
}

/// A move of a lead.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadMove)]
pub enum Move {
    /// The vendor finds it worth a partner's time.
    Qualify,
    /// The vendor finds that it is not.
    Disqualify,
    /// The vendor looks at it again.
    Reopen,
    /// The vendor, or its rules, offer it to a partner.
    Offer,
    /// The vendor takes it back.
    Withdraw,
    /// The partner takes it on.
    Accept,
    /// The partner does not want it.
    Decline,
    /// The partner gives back what it took on.
    Return,
    /// The partner did not answer in time.
    Lapse,
    /// The vendor opens a deal with it.
    Convert,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Qualified,
        Self::Disqualified,
        Self::Offered,
        Self::Accepted,
        Self::Converted,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Qualified => "qualified",
            Self::Disqualified => "disqualified",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Converted => "converted",
        }
    }

    /// Where a move leads from here, if this side may make it.
    pub const fn step(self, by: Side, step: Move) -> Option<Self> {
        match (by, self, step) {
            (Side::Vendor, Self::New, Move::Qualify)
            | (Side::Vendor, Self::Offered | Self::Accepted, Move::Withdraw)
            | (Side::Partner, Self::Offered, Move::Decline)
            | (Side::Partner, Self::Accepted, Move::Return)
            | (Side::Clock, Self::Offered, Move::Lapse) => Some(Self::Qualified),
            (Side::Vendor, Self::New | Self::Qualified, Move::Disqualify) => {
                Some(Self::Disqualified)
            }
            (Side::Vendor, Self::Disqualified, Move::Reopen) => Some(Self::New),
            (Side::Vendor | Side::Clock, Self::Qualified, Move::Offer) => {
                Some(Self::Offered)
            }
            (Side::Partner, Self::Offered, Move::Accept) => Some(Self::Accepted),
            (Side::Vendor, Self::Accepted, Move::Convert) => Some(Self::Converted),
            _ => None,
        }
    }

    /// The moves that a side may make from here.
    pub fn moves(self, by: Side) -> Vec<Move> {
        Move::ALL.into_iter().filter(|it| self.step(by, *it).is_some()).collect()
    }
}

impl OfferState {
    /// The lead's state while a partner has it so; none once it has it no longer.
    pub const fn of_lead(self) -> Option<State> {
        match self {
            Self::Offered => Some(State::Offered),
            Self::Accepted => Some(State::Accepted),
            Self::Converted => Some(State::Converted),
            Self::Declined | Self::Returned | Self::Lapsed | Self::Withdrawn => None,
        }
    }
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 10] = [
        Self::Qualify,
        Self::Disqualify,
        Self::Reopen,
        Self::Offer,
        Self::Withdraw,
        Self::Accept,
        Self::Decline,
        Self::Return,
        Self::Lapse,
        Self::Convert,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Qualify => "qualify",
            Self::Disqualify => "disqualify",
            Self::Reopen => "reopen",
            Self::Offer => "offer",
            Self::Withdraw => "withdraw",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Return => "return",
            Self::Lapse => "lapse",
            Self::Convert => "convert",
        }
    }

    /// What it makes of the offer that stands; none, if it does not touch one.
    pub const fn of_offer(self) -> Option<OfferState> {
        match self {
            Self::Accept => Some(OfferState::Accepted),
            Self::Decline => Some(OfferState::Declined),
            Self::Return => Some(OfferState::Returned),
            Self::Lapse => Some(OfferState::Lapsed),
            Self::Withdraw => Some(OfferState::Withdrawn),
            Self::Convert => Some(OfferState::Converted),
            Self::Qualify | Self::Disqualify | Self::Reopen | Self::Offer => None,
        }
    }

    /// Whether it says why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Disqualify | Self::Decline | Self::Return)
    }
}

/// Why a lead is put away, or given back.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadReason)]
pub enum Reason {
    /// It needs nothing of what is sold.
    NoNeed,
    /// It has no money for it.
    NoBudget,
    /// Nobody answers there.
    NotReachable,
    /// It is known already.
    Duplicate,
    /// It is no serious asking.
    Junk,
    /// There is nobody free for it.
    NoCapacity,
    /// Not these products, or not there.
    OutOfScope,
    /// Another one, told in words.
    Other,
}

/// How much a lead may be worth, in whole units of its currency: what a partner may learn before it accepts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeadSize)]
pub enum Size {
    /// Under 10,000.
    Small,
    /// From 10,000 on.
    Medium,
    /// From 50,000 on.
    Large,
    /// From 250,000 on.
    Huge,
}

impl Size {
    /// The size of an amount in minor units.
    pub const fn of(amount_minor: i64) -> Self {
        match amount_minor / 100 {
            ..10_000 => Self::Small,
            10_000..50_000 => Self::Medium,
            50_000..250_000 => Self::Large,
            250_000.. => Self::Huge,
        }
    }
}

/// What speaks for a lead, with its points.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreRule {
    /// Its domain is known: 20.
    Domain,
    /// The contact writes from that domain: 15.
    OwnAddress,
    /// There is a telephone number: 10.
    Phone,
    /// The contact agreed to be written to: 15.
    Consent,
    /// It says what it wants: 15.
    Family,
    /// It is worth 10,000 or more: 15.
    Worth,
    /// It is worth 50,000 or more: 10 besides.
    WorthMuch,
}

/// The rules that a lead keeps, with their points, 100 in all.
pub(super) fn score(lead: &Lead) -> Vec<(ScoreRule, i64)> {
    let worth = lead.amount_minor.map(Size::of);
    let mails_from = |domain: &String| {
        let end = format!("@{domain}");
        lead.contact_email.as_ref().is_some_and(|mail| mail.ends_with(&end))
    };
    let large = matches!(worth, Some(Size::Large | Size::Huge));
    let rules = [
        (ScoreRule::Domain, 20, lead.domain.is_some()),
        (ScoreRule::OwnAddress, 15, lead.domain.as_ref().is_some_and(mails_from)),
        (ScoreRule::Phone, 10, lead.contact_phone.is_some()),
        (ScoreRule::Consent, 15, lead.consent == super::Consent::Given),
        (ScoreRule::Family, 15, lead.family.is_some()),
        (ScoreRule::Worth, 15, large || worth == Some(Size::Medium)),
        (ScoreRule::WorthMuch, 10, large),
    ];
    let kept = rules.into_iter().filter(|(_, _, kept)| *kept);
    kept.map(|(rule, points, _)| (rule, points)).collect()
}

/// Whether the time to accept is over.
pub(super) fn is_late(due: Moment, now: Moment) -> bool {
    due <= now
}

#[cfg(test)]
mod tests {
    use super::{Move, OfferState, Side, Size, State, score};
    use crate::leads::{Consent, Lead};

    const LISTED: &[(&str, &str, Side, &str)] = &[
        ("new", "qualify", Side::Vendor, "qualified"),
        ("new", "disqualify", Side::Vendor, "disqualified"),
        ("qualified", "disqualify", Side::Vendor, "disqualified"),
        ("disqualified", "reopen", Side::Vendor, "new"),
        ("qualified", "offer", Side::Vendor, "offered"),
        ("qualified", "offer", Side::Clock, "offered"),
        ("offered", "withdraw", Side::Vendor, "qualified"),
        ("accepted", "withdraw", Side::Vendor, "qualified"),
        ("offered", "accept", Side::Partner, "accepted"),
        ("offered", "decline", Side::Partner, "qualified"),
        ("accepted", "return", Side::Partner, "qualified"),
        ("offered", "lapse", Side::Clock, "qualified"),
        ("accepted", "convert", Side::Vendor, "converted"),
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
    fn a_partner_holds_a_lead_exactly_while_the_lead_says_so() {
        for (from, word, side, to) in LISTED {
            let step = Move::ALL.into_iter().find(|it| it.word() == *word).unwrap();
            let held = ["offered", "accepted", "converted"].contains(to);
            let stands = step.of_offer().and_then(OfferState::of_lead).map(State::word);
            if step != Move::Offer {
                assert_eq!(stands, held.then_some(*to), "{from} {word} {side:?}");
            }
        }
    }

    #[test]
    fn a_lead_is_scored_by_what_is_known_of_it() {
        let points = |lead: &Lead| score(lead).iter().map(|(_, it)| it).sum::<i64>();
        let mut lead = Lead { company: "Hafen".to_owned(), ..Lead::default() };
        assert_eq!(points(&lead), 0);
        lead.contact_email = Some("jo@hafen.example".to_owned());
        assert_eq!(points(&lead), 0, "an address alone says nothing");
        lead.domain = Some("hafen.example".to_owned());
        assert_eq!(points(&lead), 35);
        lead.amount_minor = Some(4_999_999);
        assert_eq!(points(&lead), 50);
        lead.amount_minor = Some(5_000_000);
        lead.contact_phone = Some("1".to_owned());
        (lead.consent, lead.family) = (Consent::Given, Some("Gates".to_owned()));
        assert_eq!(points(&lead), 100);
    }

    #[test]
    fn sizes_begin_at_round_amounts() {
        assert_eq!(Size::of(999_999), Size::Small);
        assert_eq!(Size::of(1_000_000), Size::Medium);
        assert_eq!(Size::of(25_000_000), Size::Huge);
    }
}
