//! Account mapping: two partners find out what customers they have in common, and show each other
//! as much of them as both want.
//!
//! Each side makes populations (`populations/`) and says how far each goes with a partner
//! (`offers/`): hidden, counts, overlapping, all. Between two populations the lower level holds.
//! Customers are the same by key (domain, VAT, GLN, D-U-N-S: `crm/src/keys.rs`) and by nothing
//! else: a near name would tell of a customer that is not in common. What does not match never
//! leaves; free mail and keys that many rows share match nothing.
//!
//! Numbers are compared on a schedule, not when somebody uploads (`compute/`), are told from five
//! on, and move in steps of five (`rules.rs`), so that whoever uploads again and again learns little,
//! and how often is bounded. Rows are read live (`overlap/`): what leaves a population is gone at
//! once (`books.rs`), what comes into one waits for the comparison. Behind a number one can ask
//! for names (`asks/`). Whatever shows rows is a grant, read through `live_visible`, so it ends
//! with the partnership, goes dark with it, and is taken back like any other.

mod access;
mod asks;
pub(crate) mod books;
mod compute;
mod http;
mod offers;
mod overlap;
mod population_http;
mod populations;
mod refusal;
mod rules;
mod view;

pub use access::{
    AskForNames, EditPopulations, ExportOverlap, ReadMappings, SetMappings,
};
pub use asks::{STATEMENTS as ASK_STATEMENTS, answer, ask};
pub use books::ALL as BOOK_STATEMENTS;
pub(crate) use compute::watch;
pub use compute::{STATEMENTS as COMPARE_STATEMENTS, ask_anew, look};
pub use http::routes;
pub use offers::{STATEMENTS as OFFER_STATEMENTS, set};
pub use overlap::STATEMENTS as OVERLAP_STATEMENTS;
pub use populations::{Filter, ListRow, Made, STATEMENTS as POPULATION_STATEMENTS};
pub use refusal::Refusal;
pub use rules::{AskMove, AskState, Common, FIELDS, Level, State};
pub use view::ALL as VIEW_STATEMENTS;
