//! Mails that wait for a person, and what the person does: reads one, lets it into its room,
//! or puts it away. Either is done once; the mail itself is kept in any case.

use gate::{House, Permit};
use kernel::{Arrival, Fault, Id, Moment, Organisation};
use serde_json::{Value, json};
use sharing::{
    audit,
    files::{File, NewFile},
};
use store::{Conn, Sha256, Tx};

use super::{
    ArrivalState, Checks, SeeQuarantine, SettleQuarantine, admit, hold,
    rules::{self, Nature, Words},
    said, sql,
};

/// Why nothing was done with a mail.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is not there, or not to be seen, or it does not wait any more.
    #[error("there is no such mail")]
    NotFound,
    /// It was let in, or put away, already.
    #[error("this mail does not wait any more: it was {0}")]
    Settled(&'static str),
    /// There is nobody in whose name it could stand in the room.
    #[error("its guest is no longer in the conversation; invite them again first")]
    Gone,
    /// It has no words that could be posted.
    #[error(
        "this cannot be read as a mail; it can only be opened as it came, or put away"
    )]
    Unreadable,
    /// The log refused.
    #[error(transparent)]
    Sharing(#[from] sharing::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A mail that waits, opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) row: sql::Held,
    /// What would be posted.
    pub(super) text: String,
    pub(super) files: Vec<File>,
}

/// Opens a mail that waits.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn open(
    house: &House,
    permit: &Permit<SeeQuarantine>,
    id: Id<Arrival>,
) -> Result<Opened, Refusal> {
    let mut conn = house.db.read().await?;
    let row = find(&mut conn, permit.scope().organisation(), id).await?;
    drop(conn);
    let (text, files) = match read(house, &row).await? {
        Nature::Words(words) => (words.reply, words.files),
        Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense => Default::default(),
    };
    let files = files.iter().map(|it| NewFile::of(&it.name, &it.bytes).file);
    Ok(Opened { row, text, files: files.collect() })
}

/// The bytes of a mail that waits, as they came.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn raw(
    house: &House,
    permit: &Permit<SeeQuarantine>,
    id: Id<Arrival>,
) -> Result<Vec<u8>, Refusal> {
    let mut conn = house.db.read().await?;
    let row = find(&mut conn, permit.scope().organisation(), id).await?;
    drop(conn);
    Ok(house.files.read(row.sha256.parse::<Sha256>()?).await?)
}

/// Lets a mail into its room, in its guest's name. Where it came from another address, the
/// event says which, and who let it in.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn release(
    house: &House,
    permit: &Permit<SettleQuarantine>,
    id: Id<Arrival>,
) -> Result<(), Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let row = find(&mut conn, scope.organisation(), id).await?;
    drop(conn);
    row.waits()?;
    let Nature::Words(mut words) = read(house, &row).await? else {
        return Err(Refusal::Unreadable);
    };
    let files = hold(house, &mut words).await?;
    let mut tx = house.db.write().await?;
    let writer = sql::writer(&mut tx, row.guest_id).await?.ok_or(Refusal::Gone)?;
    let checks = Checks { spf: row.spf, dkim: row.dkim, dmarc: row.dmarc };
    let mut event = said(&writer, &words, &files, checks);
    event.detail = Some(marked(event.detail.take(), &words, scope.actor()));
    // The row is taken first: of two who let the same mail in, one finds it settled.
    if !sql::take(&mut tx, id, "a person let it in").await? {
        return Err(Refusal::Settled("let in or put away a moment ago"));
    }
    match admit(&mut tx, &writer, &words, (event, &files), now).await? {
        Some(seq) => sql::stands(&mut tx, id, seq).await?,
        None => return Err(Refusal::Settled("posted before, by another copy of it")),
    }
    note(&mut tx, permit, "mail.release", id, now).await?;
    Ok(tx.commit().await?)
}

/// Puts a mail away. Its bytes stay.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn discard(
    house: &House,
    permit: &Permit<SettleQuarantine>,
    id: Id<Arrival>,
) -> Result<(), Refusal> {
    let mut tx = house.db.write().await?;
    let row = find(&mut tx, permit.scope().organisation(), id).await?;
    row.waits()?;
    if !sql::take(&mut tx, id, "a person put it away").await? {
        return Err(Refusal::Settled("let in or put away a moment ago"));
    }
    note(&mut tx, permit, "mail.discard", id, house.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn find(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<Arrival>,
) -> Result<sql::Held, Refusal> {
    sql::held(conn, organisation, id).await?.ok_or(Refusal::NotFound)
}

impl sql::Held {
    fn waits(&self) -> Result<(), Refusal> {
        match self.state {
            ArrivalState::Quarantined => Ok(()),
            ArrivalState::Posted => Err(Refusal::Settled("let in")),
            ArrivalState::Ignored => Err(Refusal::Settled("put away")),
            ArrivalState::Handed => Err(Refusal::Settled("handed to the exchange")),
        }
    }
}

async fn read(house: &House, row: &sql::Held) -> Result<Nature, Fault> {
    let raw = house.files.read(row.sha256.parse::<Sha256>()?).await?;
    let sender = row.sender.clone();
    let judging = tokio::task::spawn_blocking(move || rules::judge(&raw, &sender, false));
    judging.await.map_err(Fault::new("reading a mail"))
}

/// What stands beside the words: who really wrote them, and who vouches for that.
fn marked(detail: Option<Value>, words: &Words, by: Option<Id<kernel::Person>>) -> Value {
    let mut detail = detail.unwrap_or_else(|| json!({}));
    if let Some(fields) = detail.as_object_mut() {
        fields.insert("sender".to_owned(), json!(words.from));
        fields.insert("released_by".to_owned(), json!(by));
    }
    detail
}

async fn note(
    tx: &mut Tx,
    permit: &Permit<SettleQuarantine>,
    action: &str,
    id: Id<Arrival>,
    now: Moment,
) -> Result<(), Fault> {
    let scope = permit.scope();
    let of = ("arrival", id.to_string());
    audit::write(tx, scope.organisation(), scope.actor(), action, of, json!({}), now)
        .await
}
