//! Own side private, our side shared, papers exchanged stay with both. No copies, ever.
//!
//! A [`spaces`] is the only container that more than one organisation can see; [`grants`] share
//! single records of one's own; a room's [`log`] has exactly one audience. Who may see what is
//! read through the views `live_party`, `live_visible`, `readable_room` and, for rooms of two
//! people ([`directs`]), `person_room`, so that taking a
//! right back is one small write. [`audit`] is the log that nobody rewrites.

pub mod audit;
pub mod directs;
pub mod files;
pub mod grants;
pub mod handshakes;
pub mod log;
mod mask;
mod refusal;
pub mod spaces;

pub use directory::notices as notify;
pub use log::{
    About, Appended, Author, Event, EventKind, NewEvent, Range, Reach, Reader, RoomKind,
    Slice, Via,
};
pub use mask::{History, Mask, Verbs};
pub use refusal::Refusal;

use std::{future::Future, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[action_row::<audit::ReadAudit>()];

/// Every statement of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("audit", audit::STATEMENTS),
    ("directs", directs::STATEMENTS),
    ("files", files::STATEMENTS),
    ("grants", grants::STATEMENTS),
    ("log", log::STATEMENTS),
    ("log/about", log::ABOUT_STATEMENTS),
    ("log/append", log::APPEND_STATEMENTS),
    ("log/hold", log::HOLD_STATEMENTS),
    ("log/trim", log::TRIM_STATEMENTS),
    ("log/words", log::WORD_STATEMENTS),
    ("spaces", spaces::STATEMENTS),
];

/// The routes of this crate.
pub fn routes() -> OpenApiRouter<House> {
    handshakes::routes().merge(audit::routes())
}

/// A job that never ends.
pub type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The endless jobs of this crate.
pub fn jobs(house: &House) -> Vec<(&'static str, Endless)> {
    vec![("partnerships", Box::pin(handshakes::watch(house.clone())))]
}
