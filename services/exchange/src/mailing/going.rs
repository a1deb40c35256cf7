//! Interchanges on their way out: each is a file that waits for the letter which carries it.

use gate::House;
use kernel::{Fault, Id, Interchange, Letter, MailFile, Moment, Organisation};
use serde::{Deserialize, Serialize};
use store::{Conn, Sha256, Tx, jobs};

use super::{
    rules, sql,
    sql::{NewFile, Step},
    tell,
};
use crate::interchanges::{self, Way};

/// The kind of job that writes the letter of a file.
pub const SEND: &str = "edi.mail";

/// The work of writing the letter of one file.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Errand {
    /// Which.
    pub file: Id<MailFile>,
}

/// What a letter to a partner is made of.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Whose letter it is.
    pub organisation: Id<Organisation>,
    /// What that is called.
    pub organisation_name: String,
    /// The part before the `@` of the address that it comes from, and answers go to.
    pub local: String,
    /// To whom it goes.
    pub to: String,
    /// What the file is called.
    pub name: String,
    /// The media type of its bytes (RFC 1767).
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How far a letter came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Told {
    /// The relay has it.
    Taken,
    /// It will not be sent any more, for this reason.
    Failed(String),
    /// It waits, for this reason.
    Waits(String),
}

/// Has an interchange go out by mail, if its receiver is a partner by mail.
///
/// # Errors
/// Only ours.
pub(crate) async fn carry(
    house: &House,
    (organisation, interchange, attempt): (Id<Organisation>, Id<Interchange>, i64),
    receiver: &str,
    (bytes, name): (&[u8], &str),
) -> Result<bool, Fault> {
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    let Some(partner) = sql::of(&mut tx, organisation, receiver).await? else {
        return Ok(false);
    };
    let new = NewFile {
        direction: "out",
        name: name.to_owned(),
        sha256: Sha256::of(bytes).to_string(),
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        state: "waiting",
        interchange: Some(interchange),
        attempt,
        sender: String::new(),
        why: None,
        at: now,
    };
    // One that is there already has its job.
    if let Some(file) = sql::add(&mut tx, partner.whose(), new).await? {
        jobs::add(&mut tx, SEND, &Errand { file }, now).await?;
    }
    store::brink("mailing.carrying");
    tx.commit().await?;
    store::brink("mailing.carried");
    Ok(true)
}

/// What the letter of a file is made of; none if there is nothing to write any more.
///
/// # Errors
/// If the database or the disk fails.
pub async fn outgoing(
    house: &House,
    conn: &mut Conn,
    file: Id<MailFile>,
) -> Result<Option<Outgoing>, Fault> {
    let row = sql::to_write(conn, file).await?.filter(|it| it.state == "waiting");
    let Some(row) = row else { return Ok(None) };
    let bytes = house.files.read(row.sha256.parse::<Sha256>()?).await?;
    Ok(Some(Outgoing {
        organisation: row.organisation_id,
        organisation_name: row.organisation,
        local: row.local,
        to: row.address,
        name: row.name,
        media: rules::media(&bytes),
        bytes,
    }))
}

/// A file has its letter; false if it had one before.
///
/// # Errors
/// Only ours.
pub async fn lettered(
    tx: &mut Tx,
    file: Id<MailFile>,
    letter: Id<Letter>,
) -> Result<bool, Fault> {
    sql::lettered(tx, file, letter).await
}

/// A letter came to an end; if it carries a file, so did that. One that failed may be sent after all.
///
/// # Errors
/// Only ours.
pub async fn told(
    tx: &mut Tx,
    letter: Id<Letter>,
    told: Told,
    now: Moment,
) -> Result<(), Fault> {
    let Some(file) = sql::of_letter(tx, letter).await? else { return Ok(()) };
    let whose = (file.organisation_id, file.id);
    let step = |from, to, why| Step { from, to, why, interchange: None };
    match told {
        Told::Taken => {
            let mut is =
                sql::settle(tx, whose, step("waiting", "delivered", None), now).await?;
            is |= sql::settle(tx, whose, step("failed", "delivered", None), now).await?;
            if let (true, Some(interchange)) = (is, file.interchange_id) {
                interchanges::arrived_in(tx, interchange, Way::Mail, now).await?;
            }
        }
        Told::Failed(why) => {
            let failed = step("waiting", "failed", Some(why.clone()));
            if sql::settle(tx, whose, failed, now).await? {
                let told = ("mailing_failed", file.partner.as_str(), why.as_str());
                tell(tx, file.organisation_id, told, now).await?;
            }
        }
        Told::Waits(why) => {
            sql::settle(tx, whose, step("waiting", "waiting", Some(why)), now).await?;
        }
    }
    Ok(())
}

/// A letter came back: the partner has not what it carries, and its keepers are told.
///
/// # Errors
/// Only ours.
pub async fn came_back(
    tx: &mut Tx,
    letter: Id<Letter>,
    why: &str,
    now: Moment,
) -> Result<(), Fault> {
    let Some(file) = sql::of_letter(tx, letter).await? else { return Ok(()) };
    let (from, to) = ("delivered", "failed");
    let step = Step { from, to, why: Some(why.to_owned()), interchange: None };
    if sql::settle(tx, (file.organisation_id, file.id), step, now).await? {
        if let Some(interchange) = file.interchange_id {
            interchanges::returned_in(tx, interchange).await?;
        }
        let told = ("mailing_failed", file.partner.as_str(), why);
        tell(tx, file.organisation_id, told, now).await?;
    }
    Ok(())
}
