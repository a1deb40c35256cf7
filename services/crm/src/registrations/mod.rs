//! Deal registration: a partner tells a vendor of a deal, and the vendor protects it.
//!
//! `draft → submitted → in_review → approved | rejected | action_required → submitted`; what is
//! approved is extended, converted into a deal, lost, revoked, or expires. `rules.rs` has the
//! states and which side makes which move; `writing.rs` what the partner does, `answering.rs`
//! what the vendor does, `clock.rs` what time does, `moves.rs` what they have in common.
//!
//! The partner never learns of a rival. Conflicts (`conflicts.rs`) are worked out for the vendor
//! alone, by key (`crm/src/keys.rs`) and by spelling (`names`); a refusal has a reason of a fixed list, and
//! words that name another partner are stopped once. A partner hears of its own registrations
//! only, in the same words whatever others have registered.
//!
//! At most one registration has a family in a territory of a customer's key (`holds.rs`): the
//! approving transaction takes it under a primary key, and what is submitted to a vendor and
//! approved by it goes one after the other, under a lock on its terms (`terms.rs`).

mod access;
mod answering;
mod clock;
mod conflicts;
mod convert;
mod holds;
mod http;
mod moves;
mod names;
mod refusal;
mod rules;
mod sql;
mod tell;
pub mod terms;
mod view;
mod wanted;
mod writing;

pub use access::{AnswerRegistrations, ReadRegistrations, RegisterDeals, SetTerms};
pub use answering::{Answer, Anyway, answer};
pub use clock::look;
pub(crate) use clock::watch;
pub use conflicts::{ALL as CONFLICT_STATEMENTS, Conflict, ConflictSubject, MatchRule};
pub use holds::ALL as HOLD_STATEMENTS;
pub use http::routes;
pub use moves::Step;
pub use refusal::Refusal;
pub use rules::{Move, Reason, Side, State};
pub use sql::ALL as STATEMENTS;
pub use terms::ALL as TERM_STATEMENTS;
pub use view::{RegistrationView, read};
pub use wanted::{Claim, Month, Wanted, WantedChanges};
pub use writing::{draft, step, write};

pub use crate::{
    accounts::Flaw,
    keys::{CustomerKey, KeyScheme},
};
