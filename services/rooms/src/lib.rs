//! Rooms: chat and what happened, live over the WebSocket and paged over REST.
//!
//! The logs themselves are appended to and read by `sharing::log`; this crate delivers them.
//! [`socket`] speaks the frames of the crate `wire`; `live` brings hints of the bus to every
//! socket, and cuts sockets off what they may no longer read; `post` is the one way in.

mod access;
mod acts;
mod calls;
mod directs;
mod export;
mod files;
mod forum;
mod http;
mod live;
mod mailed;
mod moderation;
mod news;
mod own;
mod post;
mod retention;
mod rules;
mod search;
pub mod socket;
mod sql;
mod standing;

use axum::Extension;
use futures_util::future::BoxFuture;
use gate::{ActionRow, House, action_row};
use store::Statement;
use utoipa_axum::router::OpenApiRouter;

pub use access::{
    KeepOwn, MarkRead, Moderate, PostMessage, ReadReports, ReadRooms, Report,
};
pub use calls::JoinCall;
pub use export::ExportSpace;
pub use live::Live;
pub use mailed::say_by_mail;
pub use post::{Posted, Refusal};
pub use retention::{KeepHolds, ReadRetention, SetRetention, Trims, sweep, trim_overdue};
pub use rules::{Act, Draft, MOST_CHARS, Mention, mentions};

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<ReadRooms>(),
    action_row::<PostMessage>(),
    action_row::<MarkRead>(),
    action_row::<KeepOwn>(),
    action_row::<Moderate>(),
    action_row::<Report>(),
    action_row::<ReadReports>(),
    action_row::<JoinCall>(),
    action_row::<ExportSpace>(),
    action_row::<ReadRetention>(),
    action_row::<SetRetention>(),
    action_row::<KeepHolds>(),
];

/// Every statement of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("rooms", sql::ALL),
    ("rooms.calls", calls::STATEMENTS),
    ("rooms.directs", directs::STATEMENTS),
    ("rooms.export", export::STATEMENTS),
    ("rooms.forum", forum::STATEMENTS),
    ("rooms.moderation", moderation::STATEMENTS),
    ("rooms.own", own::STATEMENTS),
    ("rooms.retention", retention::STATEMENTS),
    ("rooms.search", search::STATEMENTS),
];

/// The routes of this crate. Sockets that come through them are known to `live`.
pub fn routes(live: &Live) -> OpenApiRouter<House> {
    http::routes()
        .merge(files::routes())
        .merge(calls::routes())
        .merge(directs::routes())
        .merge(export::routes())
        .merge(forum::routes())
        .merge(moderation::routes())
        .merge(own::routes())
        .merge(retention::routes())
        .merge(search::routes())
        .merge(socket::routes())
        .layer(Extension(live.clone()))
}

/// What runs beside: hints to sockets, messages to logs, read marks, presence, calls.
pub fn jobs(house: &House, live: &Live) -> Vec<(&'static str, BoxFuture<'static, ()>)> {
    let on =
        |job: fn(Live, House) -> BoxFuture<'static, ()>| job(live.clone(), house.clone());
    vec![
        ("rooms.dispatch", on(|live, house| Box::pin(live::dispatch::run(live, house)))),
        ("rooms.commit", on(|live, house| Box::pin(live::commit::run(live, house)))),
        ("rooms.renew", on(|live, house| Box::pin(live::dispatch::renew(live, house)))),
        ("rooms.retention", Box::pin(retention::watch(house.clone()))),
        ("rooms.export", Box::pin(export::making(house.clone()))),
        ("rooms.export_expiry", Box::pin(export::expiring(house.clone()))),
        ("rooms.reads", on(|live, house| Box::pin(live::reads::run(live, house)))),
        ("rooms.calls", on(|live, house| Box::pin(calls::serve(live, house)))),
        ("rooms.calls_lapse", Box::pin(calls::lapsing(house.clone()))),
        ("rooms.tick", on(|live, house| Box::pin(live::dispatch::tick(live, house)))),
    ]
}
