//! Leads: somebody who may buy is found, judged, and given to a partner who makes a deal of it.
//!
//! `new → qualified | disqualified → new`, `qualified → offered → accepted → converted`; what is
//! declined, returned, withdrawn or not answered in time is qualified again. `rules.rs` has the
//! states and which side makes which move; `writing.rs` and `moves.rs` what the vendor does,
//! `offers/` how a partner gets a lead and what it does with it, `routing/` which partner gets it
//! by the vendor's rules, `clock.rs` what time does.
//!
//! A lead is its organisation's alone. What a partner gets is an **offer**, a record of its own
//! with its own id and revision, so neither tells who had the lead before. It is read through a
//! grant of kind `lead`, under the mask that the vendor's terms (`terms.rs`) allow before and
//! after it is accepted; so a revocation, a suspension and an end are each one small write with
//! the fence and the barrier. Giving back and taking back end the grant: nothing stays behind.
//!
//! At most one offer of a lead stands: a unique index says so, and every move of a lead first
//! takes its row.

mod access;
mod clock;
mod convert;
mod http;
mod moves;
mod offers;
mod refusal;
mod routing;
mod rules;
mod sql;
mod tell;
mod terms;
mod view;
mod wanted;
mod writing;

pub use access::{AnswerLeads, HandLeads, ReadLeads, WriteLeads};
pub use clock::look;
pub(crate) use clock::watch;
pub use http::routes;
pub use moves::{Step, hand};
pub use offers::{ALL as OFFER_STATEMENTS, answer, offer};
pub use refusal::Refusal;
pub use routing::ALL as ROUTING_STATEMENTS;
pub use rules::{Move, OfferState, Reason, ScoreRule, Side, Size, State};
pub use sql::ALL as STATEMENTS;
pub use terms::{ALL as TERM_STATEMENTS, Terms};
pub use view::{LeadView, read};
pub use wanted::{Changes, Consent, EARLY_FIELDS, FIELDS, Lead, Source};
pub use writing::{Anyway, add, change};

pub use crate::{accounts::Flaw, keys::KeyScheme};
