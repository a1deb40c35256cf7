//! Market development funds: a vendor's money for what its partners do to sell.
//!
//! A fund is allocated in parts to partnerships. A partner asks for money (`requests.rs`); what the
//! vendor approves is reserved. It claims what it spent, with proofs (`claims.rs`); what is
//! approved is paid. What nobody asked for by the fund's end, and what was approved and not
//! claimed in time, goes back to where it came from (`clock.rs`).
//!
//! Money moves by `ledger.rs` alone: each posting takes from one account what it gives to another,
//! and changes the balances that stand with the fund and its parts in the same transaction.
//! Whoever moves money holds the fund first (`sql::hold`), so moves of one fund go one after the
//! other, and no two approvals spend the same.
//!
//! A partner sees its own part, never another's nor what the fund holds; it goes dark with the
//! partnership. A draft is its partner's alone. What is owed stays owed: the vendor can settle
//! claims also when the partnership is over.

mod access;
mod claims;
mod clock;
mod export;
mod http;
mod ledger;
mod moves;
mod refusal;
mod requests;
mod rules;
mod run;
mod settle;
mod sql;
mod tell;
mod view;

pub use access::{ClaimFunds, PayClaims, ReadFunds, ReadLedger, RunFunds};
pub use claims::ALL as CLAIM_STATEMENTS;
pub use clock::look;
pub(crate) use clock::watch;
pub use http::routes;
pub use ledger::{ALL as LEDGER_STATEMENTS, Account};
pub use refusal::{Flaw, Refusal};
pub use requests::ALL as REQUEST_STATEMENTS;
pub use rules::{Activity, ClaimState, FundState, Move, Proof, RequestState, Side};
pub use sql::ALL as STATEMENTS;
