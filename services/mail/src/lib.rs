//! The bridge to people who have nothing but mail.
//!
//! [`guests`] are outside contacts in one topic each. What is said there goes out to them as
//! [`letters`]; what they answer comes in by [`smtp`] and is posted by [`arrivals`]. Members who
//! want it read their rooms by mail, too, and answer: [`digests`]. An
//! address with a token in it is all that ties a mail to a guest: see `token`. Nothing is sent to
//! an address that stands in [`suppression`]. What trading partners mail goes to `exchange::mailing`, and what
//! goes to them comes from there: here they are mails like others.

pub mod arrivals;
pub mod authentic;
pub mod digests;
pub mod guests;
pub mod inbox;
pub mod letters;
pub mod originals;
pub mod setup;
pub mod smtp;
pub mod suppression;
mod text;
mod token;

use std::pin::Pin;

use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

pub use smtp::{Tls, serve, serve_with};

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<guests::OpenTopic>(),
    action_row::<guests::ManageGuests>(),
    action_row::<guests::SeeGuests>(),
    action_row::<letters::SeeOutbox>(),
    action_row::<letters::SendAgain>(),
    action_row::<arrivals::SeeQuarantine>(),
    action_row::<arrivals::SettleQuarantine>(),
    action_row::<inbox::DeliverMail>(),
    action_row::<originals::ReadOriginal>(),
    action_row::<digests::SeeOwnMail>(),
    action_row::<digests::KeepOwnMail>(),
    action_row::<setup::SeeMailSetup>(),
    action_row::<setup::TestMail>(),
    action_row::<suppression::SeeSuppressed>(),
    action_row::<suppression::Suppress>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("mail/arrivals", arrivals::STATEMENTS),
    ("mail/digests", digests::STATEMENTS),
    ("mail/digests/title", digests::TITLE_STATEMENTS),
    ("mail/guests", guests::STATEMENTS),
    ("mail/guests/list", guests::LIST_STATEMENTS),
    ("mail/letters", letters::STATEMENTS),
    ("mail/originals", originals::STATEMENTS),
    ("mail/inbox", inbox::STATEMENTS),
    ("mail/setup", setup::STATEMENTS),
    ("mail/suppression", suppression::STATEMENTS),
];

/// The routes of this crate.
pub fn routes() -> OpenApiRouter<House> {
    guests::routes()
        .merge(digests::routes())
        .merge(letters::routes())
        .merge(letters::parcel::routes())
        .merge(arrivals::routes())
        .merge(inbox::routes())
        .merge(originals::routes())
        .merge(setup::routes())
        .merge(suppression::routes())
}

/// Work that goes on for ever.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The work of this crate that nobody waits for, by name.
pub fn jobs(house: &House) -> Vec<(&'static str, Work)> {
    vec![
        ("mail.send", Box::pin(letters::take_over(house.clone()))),
        ("edi.mail", Box::pin(letters::parcel::write_all(house.clone()))),
        ("mail.letter", Box::pin(letters::send(house.clone()))),
        ("mail.follow", Box::pin(letters::follow(house.clone()))),
        ("mail.plan", Box::pin(digests::plan(house.clone()))),
        ("mail.turn", Box::pin(digests::gather(house.clone()))),
        ("mail.poll", Box::pin(inbox::poll(house.clone()))),
        ("mail.file", Box::pin(arrivals::file(house.clone()))),
    ]
}
