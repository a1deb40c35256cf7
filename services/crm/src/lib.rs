//! What people sell, and to whom: accounts, their contacts, imports of them, and deals.
//!
//! An account belongs to one organisation, which may share it with a partner field by field. A
//! deal is a space: one card that its parties share, and one private side for each of them.
//! What others share is read through `live_visible`, so a field outside the mask is not only
//! left out of answers: it is never sorted by, searched or counted. A partner registers a deal
//! with a vendor, which protects it and opens it as a deal of both; a vendor gives its leads to
//! partners, who make deals of them. Partners find out what customers they have in common by
//! account mapping.

pub mod accounts;
pub mod contacts;
pub mod deals;
pub mod imports;
mod keys;
pub mod leads;
pub mod mapping;
mod patch;
mod refs;
pub mod registrations;
#[cfg(test)]
mod scenes;
pub mod search;
mod text;
mod words;

pub use patch::Given;
pub use refs::{OrgRef, PersonRef};
pub use text::{fold, words};

use std::{future::Future, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<accounts::ReadAccounts>(),
    action_row::<accounts::EditAccounts>(),
    action_row::<accounts::DeleteAccounts>(),
    action_row::<accounts::ShareAccounts>(),
    action_row::<contacts::ReadContacts>(),
    action_row::<contacts::EditContacts>(),
    action_row::<imports::ImportAccounts>(),
    action_row::<deals::ReadDeals>(),
    action_row::<deals::CreateDeal>(),
    action_row::<deals::EditDeal>(),
    action_row::<deals::InviteToDeal>(),
    action_row::<registrations::ReadRegistrations>(),
    action_row::<registrations::RegisterDeals>(),
    action_row::<registrations::AnswerRegistrations>(),
    action_row::<registrations::SetTerms>(),
    action_row::<leads::ReadLeads>(),
    action_row::<leads::WriteLeads>(),
    action_row::<leads::HandLeads>(),
    action_row::<leads::AnswerLeads>(),
    action_row::<mapping::ReadMappings>(),
    action_row::<mapping::EditPopulations>(),
    action_row::<mapping::SetMappings>(),
    action_row::<mapping::AskForNames>(),
    action_row::<mapping::ExportOverlap>(),
    action_row::<search::Search>(),
];

/// Every statement of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("accounts", accounts::STATEMENTS),
    ("account lists", accounts::LIST_STATEMENTS),
    ("account changes", accounts::TRACE_STATEMENTS),
    ("contacts", contacts::STATEMENTS),
    ("imports", imports::STATEMENTS),
    ("deals", deals::STATEMENTS),
    ("deal lists", deals::LIST_STATEMENTS),
    ("deal orders", deals::ORDER_STATEMENTS),
    ("deal rooms", deals::rooms::ALL),
    ("registrations", registrations::STATEMENTS),
    ("registration conflicts", registrations::CONFLICT_STATEMENTS),
    ("registration holds", registrations::HOLD_STATEMENTS),
    ("registration terms", registrations::TERM_STATEMENTS),
    ("leads", leads::STATEMENTS),
    ("lead offers", leads::OFFER_STATEMENTS),
    ("lead terms", leads::TERM_STATEMENTS),
    ("lead routing", leads::ROUTING_STATEMENTS),
    ("mapping asks", mapping::ASK_STATEMENTS),
    ("mapping books", mapping::BOOK_STATEMENTS),
    ("mapping comparisons", mapping::COMPARE_STATEMENTS),
    ("mapping offers", mapping::OFFER_STATEMENTS),
    ("mapping overlaps", mapping::OVERLAP_STATEMENTS),
    ("mapping populations", mapping::POPULATION_STATEMENTS),
    ("mapping views", mapping::VIEW_STATEMENTS),
    ("search", search::STATEMENTS),
];

/// The routes of this crate.
pub fn routes() -> OpenApiRouter<House> {
    accounts::routes()
        .merge(contacts::routes())
        .merge(imports::routes())
        .merge(deals::routes())
        .merge(registrations::routes())
        .merge(leads::routes())
        .merge(mapping::routes())
        .merge(search::routes())
}

/// A job that never ends.
pub type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The endless jobs of this crate.
pub fn jobs(house: &House) -> Vec<(&'static str, Endless)> {
    vec![
        ("leads", Box::pin(leads::watch(house.clone()))),
        ("mapping", Box::pin(mapping::watch(house.clone()))),
        ("registrations", Box::pin(registrations::watch(house.clone()))),
    ]
}
