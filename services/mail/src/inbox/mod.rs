//! Mails that come in, whichever way: by SMTP, by a program that calls our API, or out of a
//! mailbox elsewhere. All are kept here, before anything is made of them.
//!
//! To whom a mail leads is told by the token in the envelope's recipient; where nobody tells the
//! envelope, by a token in the headers that name recipients; and last by the ids of our letters
//! that it answers. A mail that was kept before is not kept again.

mod access;
mod http;
mod imap;
mod sql;
mod way;

use std::net::IpAddr;

use gate::House;
use kernel::{Arrival, Fault, Id, Letter};
use serde::{Deserialize, Serialize};
use store::{Conn, jobs};

pub use access::DeliverMail;
pub use http::routes;
pub(crate) use imap::poll;
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::Known;
pub(crate) use way::{by_address, by_addresses};

use crate::text::cut;

/// The kind of job that files a mail.
pub(crate) const FILE: &str = "mail.file";

/// The work of filing one mail.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Errand {
    /// Which.
    pub(crate) arrival: Id<Arrival>,
    /// The envelope's sender; empty for bounces, and for mails that nobody can answer.
    pub(crate) sender: String,
    /// Which server brought it; none where that is not known for sure.
    pub(crate) peer: Option<IpAddr>,
    /// What that server called itself.
    pub(crate) helo: String,
    /// The letter it came back about, if it came to a letter's own address.
    pub(crate) bounce_of: Option<Id<Letter>>,
}

/// Who brings a mail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bearer {
    /// The envelope's sender.
    pub(crate) sender: String,
    /// Which server brought it, if we saw that ourselves.
    pub(crate) peer: Option<IpAddr>,
    /// What it called itself.
    pub(crate) helo: String,
}

/// Keeps a mail for those to whom it leads: its bytes are synced, and its rows and jobs are
/// committed, when this returns. Tells how many rows are new.
///
/// # Errors
/// If the disk or the database fails; then nothing may be acknowledged.
pub(crate) async fn keep(
    house: &House,
    known: &[(Known, String)],
    bearer: &Bearer,
    bytes: Vec<u8>,
) -> Result<usize, Fault> {
    let now = house.clock.now();
    let sha256 = house.files.keep(bytes).await?.to_string();
    let mut tx = house.db.write().await?;
    let mut new = 0;
    for (known, recipient) in known {
        if sql::kept_before(&mut tx, *known, &sha256).await? {
            continue;
        }
        let arrival = Id::<Arrival>::mint();
        let sender = cut(&bearer.sender, 320).to_lowercase();
        sql::add(&mut tx, arrival, *known, (sender, recipient), &sha256, now).await?;
        let errand = Errand {
            arrival,
            sender: bearer.sender.clone(),
            peer: bearer.peer,
            helo: cut(&bearer.helo, 255),
            bounce_of: known.bounce_of,
        };
        jobs::add(&mut tx, FILE, &errand, now).await?;
        new += 1;
    }
    store::brink("mail.keeping");
    tx.commit().await?;
    store::brink("mail.kept");
    Ok(new)
}

/// Keeps a mail whose envelope nobody tells for sure: to whom it leads is read from itself.
/// Tells how many know it, and how many rows are new.
///
/// # Errors
/// As [`keep`].
pub(crate) async fn take(
    house: &House,
    recipients: &[String],
    sender: &str,
    bytes: Vec<u8>,
) -> Result<(usize, usize), Fault> {
    let mut conn: Conn = house.db.read().await?;
    let mut known = by_addresses(house, &mut conn, recipients).await?;
    if known.is_empty() {
        known = way::by_mail(house, &mut conn, &bytes).await?;
    }
    drop(conn);
    if known.is_empty() {
        return Ok((0, 0));
    }
    let bearer = Bearer { sender: sender.to_owned(), ..Bearer::default() };
    let new = keep(house, &known, &bearer, bytes).await?;
    Ok((known.len(), new))
}
