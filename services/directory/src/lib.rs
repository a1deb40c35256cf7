//! Who is here: organisations, their people, and the organisations they sell together with.
//!
//! Each folder is one feature; start at its `mod.rs`. [`partnerships`] holds the handshake,
//! [`invitations`] the links by which people and partners come in. [`outbox`], [`notices`]
//! and [`audit`] are what every other crate uses to tell people, by mail, in the hub, and
//! for the record.

pub mod audit;
mod domain;
pub mod invitations;
mod letters;
mod locale;
pub mod me;
pub mod notices;
pub mod organisations;
pub mod outbox;
pub mod partnerships;
pub mod people;
pub mod push;
pub mod quiet;
#[cfg(test)]
mod scenes;
mod words;

use std::{future::Future, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

pub use domain::{Domain, DomainError, Email, EmailError};
pub use locale::{Locale, LocaleError};

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<me::SeeMe>(),
    action_row::<me::EditMe>(),
    action_row::<organisations::SeeOrganisation>(),
    action_row::<organisations::EditOrganisation>(),
    action_row::<people::SeePeople>(),
    action_row::<people::RunPeople>(),
    action_row::<invitations::SeeInvitations>(),
    action_row::<invitations::Invite>(),
    action_row::<partnerships::SeePartnerships>(),
    action_row::<partnerships::RunPartnerships>(),
    action_row::<notices::SeeNotices>(),
    action_row::<notices::ReadNotices>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("directory/audit", audit::STATEMENTS),
    ("directory/invitations", invitations::STATEMENTS),
    ("directory/me", me::STATEMENTS),
    ("directory/notices", notices::STATEMENTS),
    ("directory/organisations", organisations::STATEMENTS),
    ("directory/partnerships", partnerships::STATEMENTS),
    ("directory/people", people::STATEMENTS),
    ("directory/push", push::STATEMENTS),
    ("directory/quiet", quiet::STATEMENTS),
];

/// The routes of this crate. `POST /partnerships/{id}/moves` stands in `sharing`, which must
/// also drop the parties of a partnership that ends.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(me::routes())
        .merge(quiet::routes())
        .merge(push::routes())
        .merge(organisations::routes())
        .merge(people::routes())
        .merge(invitations::routes())
        .merge(partnerships::routes())
        .merge(notices::routes())
}

/// An endless task.
pub type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What this crate does by itself, by name.
pub fn jobs(house: &House) -> Vec<(&'static str, Endless)> {
    vec![("push", Box::pin(push::telling(house.clone())))]
}
