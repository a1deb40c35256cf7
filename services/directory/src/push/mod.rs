//! Notices on a device that sleeps: Web Push (RFC 8030).
//!
//! A browser subscribes at its vendor's push service and tells us its address there. Whenever its
//! person is given a notice, a turn is planned in the same transaction (`plan`); some seconds
//! later the job `push.tell` (`tell.rs`) reads what is new and unread by then, under the right of
//! that moment, and posts it, sealed for that browser alone. The push service sees neither words
//! nor names. What was read in the app meanwhile is not told; in quiet hours a turn waits.
//!
//! A device lives as long as the session in which it was told: whoever signs out, or is signed
//! out, hears nothing there any more. Many notices become one message: the newest, and how many
//! there are. A message that was posted right before a crash is posted once more; the browser
//! shows it in the place of the first.

mod http;
mod sql;
mod tell;

use std::time::Duration;

use gate::Problem;
use kernel::{Device, Fault, Id, Moment, Person, Session};
use serde::{Deserialize, Serialize};
use store::{Tx, jobs};
use webpush::Browser;

pub use http::routes;
pub use sql::ALL as STATEMENTS;
pub(crate) use tell::telling;

/// The kind of the job that tells.
const TELL: &str = "push.tell";
/// For so long notices are gathered, and may be read in the app, before a device is told.
const GATHER: Duration = Duration::from_secs(3);
/// How many devices somebody has at most; one more takes the place of the oldest.
const MOST_DEVICES: i64 = 10;
/// The longest address at a push service, in bytes.
const LIMIT_ENDPOINT_BYTES: usize = 1_000;

/// Why nothing was kept or sent.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// It is nowhere, or somebody else's.
    #[error("there is no such device of yours")]
    NotFound,
    /// A program asks.
    #[error("only a browser takes notices: ask with the session of one")]
    NoBrowser,
    /// The address is none.
    #[error("the address of a push service is `https://…`, of at most 1,000 bytes: {0}")]
    Endpoint(String),
    /// The keys are none.
    #[error(transparent)]
    Keys(#[from] webpush::Broken),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::NoBrowser => Self::new(&gate::FORBIDDEN, detail),
            Refusal::Endpoint(_) => Self::refused("endpoint", detail),
            Refusal::Keys(webpush::Broken::Secret) => Self::refused("auth", detail),
            Refusal::Keys(_) => Self::refused("p256dh", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Which device is told, and of what.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Errand {
    device: Id<Device>,
    about: About,
    /// When it was planned: news are from then on.
    since: Moment,
}

/// Of what a device is told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum About {
    /// What is new.
    News,
    /// That it works.
    Trial,
}

/// Plans that the devices of somebody who was given a notice are told.
///
/// # Errors
/// If the database fails.
pub(crate) async fn plan(
    tx: &mut Tx,
    person: Id<Person>,
    now: Moment,
) -> Result<(), Fault> {
    let due = now + GATHER;
    for device in sql::plan(tx, person, due, now).await? {
        let errand = Errand { device, about: About::News, since: now };
        jobs::add(tx, TELL, &errand, due).await?;
    }
    Ok(())
}

/// Keeps a browser for whoever is signed in there. The same address is the same device, whoever
/// used it before.
async fn keep(
    tx: &mut Tx,
    (person, session): (Id<Person>, Id<Session>),
    (endpoint, browser): (&str, &Browser),
    now: Moment,
) -> Result<(), Fault> {
    sql::clear(tx, person, now).await?;
    sql::keep(tx, (person, session), (endpoint, browser), now).await?;
    sql::limit(tx, person, MOST_DEVICES).await
}

/// Sends a message to the browser of a session, so that its person sees whether it arrives.
async fn trial(
    tx: &mut Tx,
    (person, session): (Id<Person>, Id<Session>),
    now: Moment,
) -> Result<(), Refusal> {
    let device = sql::here(tx, person, session).await?.ok_or(Refusal::NotFound)?;
    let errand = Errand { device, about: About::Trial, since: now };
    jobs::add(tx, TELL, &errand, now).await?;
    Ok(())
}
