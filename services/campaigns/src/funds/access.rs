//! Who may do what with funds.

use gate::{Action, Reach, Role};

/// See funds, one's own part of them, requests and claims.
#[derive(Debug)]
pub enum ReadFunds {}

/// Run funds: open, allocate, close; answer requests and claims.
#[derive(Debug)]
pub enum RunFunds {}

/// Ask a vendor for money of its fund, and claim it.
#[derive(Debug)]
pub enum ClaimFunds {}

/// Say that a claim is paid.
#[derive(Debug)]
pub enum PayClaims {}

/// Read the ledger of a fund.
#[derive(Debug)]
pub enum ReadLedger {}

impl Action for ReadFunds {
    const NAME: &'static str = "fund.read";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

impl Action for RunFunds {
    const NAME: &'static str = "fund.run";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        within(runs(role))
    }
}

impl Action for ClaimFunds {
    const NAME: &'static str = "fund.claim";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        within(claims(role))
    }
}

impl Action for PayClaims {
    const NAME: &'static str = "fund.pay";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        within(pays(role))
    }
}

impl Action for ReadLedger {
    const NAME: &'static str = "fund.ledger";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        within(runs(role) || pays(role))
    }
}

const fn within(may: bool) -> Reach {
    if may { Reach::Organisation } else { Reach::Nowhere }
}

/// Those of a vendor who are told of requests and claims.
pub(super) const fn runs(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin | Role::ChannelManager)
}

/// Those of a partner who are told what becomes of them.
pub(super) const fn claims(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin | Role::ChannelManager | Role::Marketer)
}

/// Those of a vendor who are told what is to be paid.
pub(super) const fn pays(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin | Role::Finance)
}
