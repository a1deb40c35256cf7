//! The hub: it joins the services into one binary, `entente`.
//!
//! [`Config`] is what an administrator sets, [`house`] opens what it names, [`app`] joins the
//! routes, [`serve`] listens and drains, [`demo`] fills a fresh hub with companies to try.

pub mod app;
mod as2;
pub mod commands;
mod config;
pub mod demo;
mod docs;
mod document;
mod house;
pub mod serve;

pub use config::{Config, ConfigError, LogFormat, Role};
pub use house::house;

use gate::ActionRow;
use store::Statement;

/// Every action of the policy, in the order of the crates.
pub fn actions() -> Vec<ActionRow> {
    [
        gate::ACTIONS,
        directory::ACTIONS,
        sharing::ACTIONS,
        crm::ACTIONS,
        commerce::ACTIONS,
        exchange::ACTIONS,
        campaigns::ACTIONS,
        rooms::ACTIONS,
        mail::ACTIONS,
    ]
    .concat()
}

/// Every statement of the house, by feature.
pub fn statements() -> Vec<(&'static str, &'static [Statement])> {
    let own: &[(&str, &[Statement])] = &[
        ("store/idempotency", store::IDEMPOTENCY_STATEMENTS),
        ("store/jobs", store::jobs::ALL),
        ("store/jobs/bells", store::jobs::BELL_STATEMENTS),
        ("store/cluster", store::cluster::ALL),
        ("gate", gate::STATEMENTS),
    ];
    [
        own,
        directory::STATEMENTS,
        sharing::STATEMENTS,
        crm::STATEMENTS,
        commerce::STATEMENTS,
        exchange::STATEMENTS,
        campaigns::STATEMENTS,
        rooms::STATEMENTS,
        mail::STATEMENTS,
    ]
    .concat()
}
