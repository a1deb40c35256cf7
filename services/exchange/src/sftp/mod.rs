//! SFTP: mailboxes through which an organisation trades with partners that have no AS2.
//!
//! A mailbox has one of two sides. *Ours* is served here (`server.rs`, `folder.rs`): the partner
//! signs in with its key, puts files into `/in` and fetches what waits in `/out`; there is nothing
//! else, and no disk under it. *Theirs* is called (`look.rs`, `client.rs`): its out-folder is
//! looked into every few minutes, and what goes out is put there under a name that is not whole
//! until it is. Both bring files to one place (`take`): kept before they are judged, once for
//! each content, from the partner that the mailbox is for and nobody else. Keys of ours are sealed
//! (`keys.rs`); what fails is told of (`warnings.rs`).

mod client;
mod folder;
mod held;
mod http;
mod keys;
mod look;
mod mailboxes;
mod rules;
mod server;
mod sql;
mod trial;
mod view;
mod warnings;
mod wire;

use std::time::Duration;

use gate::{House, Problem};
use kernel::{Fault, Id, Interchange, Moment, Organisation, SftpFile, SftpMailbox};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx, jobs::Outcome};
use utoipa::ToSchema;

use crate::{
    dialects,
    interchanges::{self, LIMIT_BYTES, Source, Way},
    names,
    stations::judge_soon,
};

pub use http::routes;
pub use server::{prepare, serve};
pub use view::{SftpFileView, SftpMailboxView};

pub(crate) use look::{LOOK, look};
#[cfg(test)]
pub(crate) use warnings::warn;
pub(crate) use warnings::watch;

/// The statements of this feature.
pub const STATEMENTS: &[store::Statement] = sql::ALL;

/// The most files that a mailbox brings in a day.
const LIMIT_DAY_FILES: i64 = 10_000;
/// The most bytes that a mailbox brings in a day.
const LIMIT_DAY_BYTES: i64 = 1024 * 1024 * 1024;
const DAY: Duration = Duration::from_hours(24);

/// Where a mailbox is, and what it takes to get in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "side", rename_all = "snake_case", deny_unknown_fields)]
pub enum SftpSide {
    /// Here: the partner calls us.
    Ours {
        /// The partner's public keys, each a line as in `authorized_keys`.
        keys: Vec<String>,
    },
    /// At the partner's: we call it.
    Theirs(SftpTheirs),
}

/// A mailbox at a partner's.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SftpTheirs {
    /// The host.
    pub host: String,
    /// Its port; 22 unless told.
    #[serde(default = "usual_port")]
    pub port: u16,
    /// As whom we sign in.
    pub user: String,
    /// The fingerprints of its host keys, each as `SHA256:…`: no other server is spoken to.
    pub host_keys: Vec<String>,
    /// The folder from which files are fetched; empty to fetch none.
    pub fetch_from: String,
    /// The folder into which files are put; empty to put none.
    pub put_into: String,
    /// The folder into which a file that was fetched is moved; null removes it.
    #[serde(default)]
    pub move_to: Option<String>,
    /// How often it is looked into, in minutes, 1 to 1,440; 5 unless told.
    #[serde(default = "usual_minutes")]
    pub every_minutes: u16,
}

const fn usual_port() -> u16 {
    22
}

const fn usual_minutes() -> u16 {
    5
}

/// Why something of a mailbox was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such mailbox.
    #[error("there is no such thing here")]
    NotFound,
    /// A value makes no sense.
    #[error("{why}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Why, and the way out.
        why: String,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Value { field, .. } => Self::refused(field, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// A mailbox, open.
#[derive(Clone, Debug)]
struct Mailbox {
    id: Id<SftpMailbox>,
    organisation: Id<Organisation>,
    name: String,
    /// The partner's EDI name: what it brings is from nobody else.
    identifier: String,
    /// Its other names, which are as good.
    further: Vec<String>,
    side: SftpSide,
    row: sql::MailboxRow,
}

impl Mailbox {
    const fn whose(&self) -> sql::Whose {
        (self.organisation, self.id)
    }

    /// Whether nobody changed or closed it since it was opened: who lost a key has no session
    /// that goes on.
    async fn is_as_it_was(&self, conn: &mut Conn) -> Result<bool, Fault> {
        let now = sql::one(conn, self.whose()).await?;
        Ok(now.is_some_and(|now| now.turn == self.row.turn))
    }
}

impl TryFrom<sql::MailboxRow> for Mailbox {
    type Error = Fault;

    fn try_from(row: sql::MailboxRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            organisation: row.organisation_id,
            name: row.name.clone(),
            identifier: row.identifier.clone(),
            further: names::further(&row.further)?,
            side: serde_json::from_str(&row.side)
                .map_err(Fault::new("reading what a mailbox is"))?,
            row,
        })
    }
}

/// What became of a file that a mailbox brought.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Taken {
    /// It is kept and will be judged.
    New,
    /// Its bytes were brought before.
    Known,
    /// It is kept, and nothing is done with it, for this reason.
    Refused(String),
    /// Nothing is written down of it: it may be brought again, for this reason.
    NotNow(&'static str),
}

/// Takes a file in: keeps it durably, and what becomes of it in one transaction.
///
/// # Errors
/// Only ours.
async fn take(
    house: &House,
    mailbox: &Mailbox,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Taken, Fault> {
    let now = house.clock.now();
    let why = refusal(mailbox, &bytes);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sha256 = house.files.keep(bytes).await?.to_string();
    let mut tx = house.db.write().await?;
    if !mailbox.is_as_it_was(&mut tx).await? {
        return Ok(Taken::NotNow("the mailbox was changed or closed; sign in again"));
    }
    if sql::is_known(&mut tx, mailbox.whose(), &sha256).await? {
        return Ok(Taken::Known);
    }
    let since = now - DAY;
    let (files, day_bytes) = sql::brought(&mut tx, mailbox.whose(), since).await?;
    if files >= LIMIT_DAY_FILES || day_bytes.saturating_add(size) > LIMIT_DAY_BYTES {
        return Ok(Taken::NotNow("this mailbox is full for today; try tomorrow"));
    }
    let interchange = if why.is_none() {
        let source = Source::Sftp(mailbox.organisation, mailbox.name.clone());
        let kept = (sha256.clone(), size);
        Some(interchanges::keep_in(&mut tx, source, kept, now).await?)
    } else {
        None
    };
    let new = sql::NewFile {
        direction: "in",
        name: name.to_owned(),
        sha256,
        bytes: size,
        state: if why.is_some() { "refused" } else { "taken" },
        interchange,
        attempt: 0,
        why: why.clone(),
        at: now,
    };
    if sql::add(&mut tx, mailbox.whose(), new).await?.is_none() {
        // Somebody brought the same bytes at the same moment.
        return Ok(Taken::Known);
    }
    if let Some(why) = &why {
        warnings::tell(&mut tx, mailbox, ("sftp_refused", why), now).await?;
    }
    store::brink("sftp.taking");
    tx.commit().await?;
    store::brink("sftp.taken");
    tracing::info!(mailbox.id = %mailbox.id, taken = why.is_none(), "a file came by SFTP");
    if let Some(id) = interchange {
        tokio::spawn(judge_soon(house.clone(), id));
    }
    Ok(why.map_or(Taken::New, Taken::Refused))
}

/// Why a file is not what a mailbox is for. A partner speaks for itself alone: the senders inside
/// are its own. What cannot be read at all is judged, and told of, as anywhere.
fn refusal(mailbox: &Mailbox, bytes: &[u8]) -> Option<String> {
    if bytes.len() > LIMIT_BYTES {
        return Some(format!("it has more than {LIMIT_BYTES} bytes"));
    }
    let read = dialects::read(bytes).unwrap_or_default();
    let is_own = |it: &String| *it == mailbox.identifier || mailbox.further.contains(it);
    let other = read.iter().map(dialects::Wire::sender).find(|it| !is_own(it))?;
    let own = names::listed(&mailbox.identifier, &mailbox.further);
    Some(format!("its sender (ISA06 or UNB) is {other}; this mailbox is for {own}"))
}

/// How far a mailbox carried an interchange.
#[derive(Debug)]
pub(crate) enum Carried {
    /// It waits for its partner, who fetches it when it likes.
    Waits,
    /// It is there, or is not, and this is what becomes of the job.
    Ended(Outcome),
}

/// Carries an interchange to its receiver, if that has a mailbox. `None` if it has not.
///
/// # Errors
/// Only ours.
pub(crate) async fn carry(
    house: &House,
    (organisation, interchange, attempt): (Id<Organisation>, Id<Interchange>, i64),
    receiver: &str,
    (bytes, name, last): (&[u8], &str, bool),
) -> Result<Option<Carried>, Fault> {
    let mut conn = house.db.read().await?;
    let row = sql::of(&mut conn, organisation, receiver).await?;
    drop(conn);
    let Some(row) = row else { return Ok(None) };
    let mailbox = Mailbox::try_from(row)?;
    if matches!(&mailbox.side, SftpSide::Theirs(it) if it.put_into.is_empty()) {
        return Ok(None);
    }
    let now = house.clock.now();
    let new = sql::NewFile {
        direction: "out",
        name: name.to_owned(),
        sha256: store::Sha256::of(bytes).to_string(),
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        state: "waiting",
        interchange: Some(interchange),
        attempt,
        why: None,
        at: now,
    };
    let mut tx = house.db.write().await?;
    sql::add(&mut tx, mailbox.whose(), new).await?;
    let file = sql::outgoing(&mut tx, organisation, (interchange, attempt)).await?;
    tx.commit().await?;
    let missing = || Fault::broken("putting a file into a mailbox", "it is not there");
    let file = file.ok_or_else(missing)?;
    let ended = |outcome| Ok(Some(Carried::Ended(outcome)));
    match (file.state.as_str(), &mailbox.side) {
        ("delivered", _) => ended(Outcome::Done),
        ("failed", _) => ended(Outcome::Dead(file.why.unwrap_or_default())),
        (_, SftpSide::Ours { .. }) => Ok(Some(Carried::Waits)),
        (_, SftpSide::Theirs(theirs)) => {
            let put = client::put(house, &mailbox, theirs, (&file.name, bytes)).await;
            ended(settle(house, &mailbox, &file, (put, last)).await?)
        }
    }
}

/// Writes down what became of a file that we put.
async fn settle(
    house: &House,
    mailbox: &Mailbox,
    file: &sql::FileRow,
    (put, last): (Result<(), String>, bool),
) -> Result<Outcome, Fault> {
    let (now, whose) = (house.clock.now(), (mailbox.organisation, file.id));
    let mut tx = house.db.write().await?;
    let outcome = match put {
        Ok(()) => {
            sql::settle(&mut tx, whose, ("delivered", None), now).await?;
            Outcome::Done
        }
        Err(why) => {
            let state = if last { "failed" } else { "waiting" };
            let told = (state, Some(why.clone()));
            if sql::settle(&mut tx, whose, told, now).await? && last {
                warnings::tell(&mut tx, mailbox, ("sftp_failed", &why), now).await?;
            }
            if last { Outcome::Dead(why) } else { Outcome::Retry(why) }
        }
    };
    tx.commit().await?;
    store::brink("sftp.settled");
    Ok(outcome)
}

/// The partner has a file of ours: it fetched all of it, or took it away.
async fn fetched(
    tx: &mut Tx,
    mailbox: &Mailbox,
    (file, interchange): (Id<SftpFile>, Option<Id<Interchange>>),
    now: Moment,
) -> Result<(), Fault> {
    let whose = (mailbox.organisation, file);
    if sql::settle(tx, whose, ("delivered", None), now).await?
        && let Some(interchange) = interchange
    {
        interchanges::arrived_in(tx, interchange, Way::Sftp, now).await?;
    }
    Ok(())
}

/// Whether an organisation trades with a partner of this EDI name over a mailbox.
pub(crate) async fn trades(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    identifier: &str,
) -> Result<bool, Fault> {
    Ok(sql::of(conn, organisation, identifier).await?.is_some())
}

/// Within how many hours such a partner acknowledges documents, if it agreed to.
pub(crate) async fn acknowledges_within(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    receiver: &str,
) -> Result<Option<u16>, Fault> {
    let row = sql::of(conn, organisation, receiver).await?;
    let hours = row.and_then(|row| row.acknowledge_hours);
    Ok(hours.and_then(|hours| u16::try_from(hours).ok()))
}
