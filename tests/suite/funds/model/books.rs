//! What may be tried, and the plain numbers that say what comes of it.

use std::collections::BTreeMap;

use proptest::prelude::{Strategy, any};

/// Something that somebody tries.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The vendor puts money in, or takes some out.
    Endow(u8),
    /// It makes a partner's part so large.
    Give(bool, u8),
    /// It takes back what is unused.
    TakeBack(bool),
    /// A partner asks.
    Ask(bool, u8),
    /// The vendor approves its newest request, in part or whole; or refuses it.
    Answer(bool, u8),
    /// The partner takes it back.
    Withdraw(bool),
    /// It claims; the detail says how much, and whether that is the last.
    Claim(bool, u8),
    /// The vendor approves the claim, in part or whole, or refuses it.
    Judge(bool, u8),
    /// It pays it.
    Pay(bool),
    /// Days pass.
    Wait(u8),
    /// The vendor closes the fund.
    Close,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    (0_u8..24, any::<bool>(), any::<u8>()).prop_map(|(which, who, much)| match which {
        0 => Act::Endow(much),
        1..=3 => Act::Give(who, much),
        4 => Act::TakeBack(who),
        5..=8 => Act::Ask(who, much),
        9..=12 => Act::Answer(who, much),
        13 => Act::Withdraw(who),
        14..=16 => Act::Claim(who, much),
        17..=19 => Act::Judge(who, much),
        20..=21 => Act::Pay(who),
        22 => Act::Wait(much % 25),
        _ if much < 40 => Act::Close,
        _ => Act::Wait(1),
    })
}

/// What a partner has, in plain numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Purse {
    pub(super) free: i64,
    pub(super) reserved: i64,
    pub(super) claimed: i64,
    pub(super) paid: i64,
    /// Its newest request: its address, what it asks for, and how far it is.
    pub(super) request: Option<(String, i64, Stand)>,
    /// A claim of it: its address, how much, whether the last, approved or not.
    pub(super) claim: Option<(String, i64, bool, Option<i64>)>,
    pub(super) part: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stand {
    Submitted { day: i64 },
    Approved { rest: i64, all: i64, day: i64 },
}

impl Purse {
    pub(super) fn pending(&self) -> i64 {
        match &self.request {
            Some((_, asked, Stand::Submitted { .. })) => *asked,
            Some(_) | None => 0,
        }
    }

    pub(super) fn sum(&self) -> i64 {
        self.free + self.reserved + self.claimed + self.paid
    }

    pub(super) fn used(&self) -> i64 {
        self.sum() - self.free + self.pending()
    }
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) put_in: i64,
    pub(super) free: i64,
    pub(super) expired: i64,
    pub(super) day: i64,
    pub(super) closed: bool,
    pub(super) purses: BTreeMap<bool, Purse>,
}

impl Purse {
    /// The day on which the newest request was made.
    pub(super) fn asked_on(&self) -> Option<i64> {
        match &self.request {
            Some((_, _, Stand::Approved { day, .. })) => Some(*day),
            Some(_) | None => None,
        }
    }
}
