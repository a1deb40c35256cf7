//! The exchange of documents with partners: [`interchanges`] in and out, the [`orders`] that
//! they bring and answer, what follows these ([`fulfilment`]), the ways to partners ([`stations`] by
//! AS2, mailboxes by [`sftp`], [`mailing`]), and the operator's [`drop_folder`].

pub mod asking;
pub mod buying;
pub mod changes;
mod dialects;
pub mod drop_folder;
pub mod fulfilment;
pub mod interchanges;
pub mod mailing;
mod names;
pub mod orders;
pub mod quotes;
#[cfg(test)]
mod scenes;
pub mod sftp;
pub mod stations;

use std::{future::Future, path::PathBuf, pin::Pin};

use gate::{ActionRow, House, action_row};
use store::{Statement, jobs};
use utoipa_axum::router::OpenApiRouter;

use crate::drop_folder::DropFolder;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] = &[
    action_row::<interchanges::SubmitInterchanges>(),
    action_row::<interchanges::ReadInterchanges>(),
    action_row::<interchanges::ReplayInterchanges>(),
    action_row::<interchanges::KeepViews>(),
    action_row::<interchanges::ShareViews>(),
    action_row::<stations::ReadStation>(),
    action_row::<stations::ManageStation>(),
];

/// The statements of this crate, by feature.
pub const STATEMENTS: &[(&str, &[Statement])] = &[
    ("exchange/interchanges", interchanges::STATEMENTS),
    ("exchange/interchanges/mend", interchanges::MENDING_STATEMENTS),
    ("exchange/interchanges/pages", interchanges::PAGE_STATEMENTS),
    ("exchange/interchanges/views", interchanges::VIEW_STATEMENTS),
    ("exchange/interchanges/seen", interchanges::READING_STATEMENTS),
    ("exchange/interchanges/changes", interchanges::CHANGE_STATEMENTS),
    ("exchange/interchanges/sellers", interchanges::SELLER_STATEMENTS),
    ("exchange/interchanges/papers", interchanges::PAPER_STATEMENTS),
    ("exchange/buying", buying::STATEMENTS),
    ("exchange/names", names::STATEMENTS),
    ("exchange/stations", stations::STATEMENTS),
    ("exchange/stations/lane", stations::LANE_STATEMENTS),
    ("exchange/sftp", sftp::STATEMENTS),
    ("exchange/mailing", mailing::STATEMENTS),
    ("exchange/stations/warnings", stations::WARNING_STATEMENTS),
    ("exchange/stations/unproven", stations::UNPROVEN_STATEMENTS),
];

/// The routes of this crate.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(interchanges::routes())
        .merge(asking::routes())
        .merge(buying::routes())
        .merge(changes::routes())
        .merge(orders::routes())
        .merge(quotes::routes())
        .merge(fulfilment::routes())
        .merge(mailing::routes())
        .merge(sftp::routes())
        .merge(stations::routes())
}

/// Work that never ends, with its name.
pub type Endless = (&'static str, Pin<Box<dyn Future<Output = ()> + Send>>);

/// What this crate does in the background. The drop folder stands beside the files, unless
/// told otherwise.
pub fn jobs(house: &House, drop_folder: Option<PathBuf>) -> Vec<Endless> {
    let beside = DropFolder::beside(&house.files);
    let folder = drop_folder.map_or(beside, DropFolder::at);
    vec![
        ("edi.judge", Box::pin(judging(house.clone()))),
        ("edi.due", Box::pin(awaiting(house.clone()))),
        ("edi.deliver", Box::pin(delivering(house.clone(), folder.clone()))),
        ("as2.receipt", Box::pin(sending_receipts(house.clone()))),
        ("as2.certificates", Box::pin(stations::watch(house.clone()))),
        ("sftp.look", Box::pin(looking(house.clone()))),
        ("sftp.unfetched", Box::pin(sftp::watch(house.clone()))),
        ("edi.folder", Box::pin(drop_folder::watch(house.clone(), folder))),
    ]
}

/// Judges what was kept by a process that died before it had judged it.
pub async fn judging(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |_job, errand| {
        let house = house.clone();
        async move { interchanges::judge_kept(&house, errand).await }
    };
    jobs::work(db, clock, interchanges::JUDGE, run).await;
}

/// Tells of acknowledgements that do not come in time.
pub async fn awaiting(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |_job, errand| {
        let house = house.clone();
        async move { interchanges::pass(&house, errand).await }
    };
    jobs::work(db, clock, interchanges::DUE, run).await;
}

/// Sends receipts to where partners want them.
pub async fn sending_receipts(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |_job, errand| {
        let house = house.clone();
        async move { stations::send_receipt(&house, errand).await }
    };
    jobs::work(db, clock, stations::RECEIPT, run).await;
}

/// Looks into partners' mailboxes.
pub async fn looking(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |_job, errand| {
        let house = house.clone();
        async move { sftp::look(&house, errand).await }
    };
    jobs::work(db, clock, sftp::LOOK, run).await;
}

/// Hands over what was built.
pub async fn delivering(house: House, folder: DropFolder) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |job, errand| {
        let (house, folder) = (house.clone(), folder.clone());
        async move {
            let folder = folder.outgoing();
            interchanges::hand_over(&house, &folder, (&job, errand)).await
        }
    };
    jobs::work(db, clock, interchanges::DELIVER, run).await;
}
