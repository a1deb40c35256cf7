//! Mails on their way out.
//!
//! A letter is a row before it is bytes, and bytes before it is sent: `follow` adds one for each
//! guest and message, [`directory::outbox`] one for each mail of ours; the first attempt writes
//! its bytes to a file, and every attempt sends that file. The right to write to a guest is
//! read again when a letter is claimed. Back-off is the job queue's. What members are told
//! ([`crate::digests`]) is written anew for each attempt.
//!
//! Handing over is at least once: a process that dies after the relay took a letter and before
//! that was written down sends the same bytes, under the same Message-ID, again.

mod access;
mod again;
mod compose;
mod draft;
mod follow;
mod http;
mod member;
pub(crate) mod parcel;
mod relay;
mod sql;
pub(crate) mod trial;
pub(crate) mod words;

use std::{sync::Arc, time::Duration};

use directory::outbox;
use exchange::mailing::{self, Told};
use gate::House;
use kernel::{Fault, Id, Letter, Moment};
use serde::{Deserialize, Serialize};
use store::{
    Sha256, Tx,
    jobs::{self, Job, Outcome},
};
use utoipa::ToSchema;

pub use access::{SeeOutbox, SendAgain};
pub use again::{Refusal, send_again};
pub(crate) use follow::follow;
pub use http::routes;
pub use sql::ALL as STATEMENTS;

use crate::{
    authentic::dkim,
    token::{Purpose, Signer, address},
};
pub(crate) use compose::Draft;
use draft::draft;
pub(crate) use member::{Member, queue_to_member};
use relay::{Handed, Relay};
use sql::{NewLetter, ToSend};

/// Where a letter is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LetterState {
    /// It is to be sent.
    Queued,
    /// The relay has it.
    Sent,
    /// It will not be sent any more, or it came back.
    Failed,
    /// There is no relay: it is kept for the administrator.
    Kept,
    /// Its guest was removed before it was sent.
    Cancelled,
}

/// The work of sending one letter.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Errand {
    letter: Id<Letter>,
}

/// The kind of job that sends a letter.
pub(crate) const SEND: &str = "mail.letter";
/// The mailbox our letters come from; what is sent to it is refused.
pub(crate) const SENDER: &str = "post";
/// A claim lives longer than an attempt.
const CLAIM_FOR: Duration = Duration::from_mins(1);
/// From this attempt on, one an hour is enough.
const PATIENT_FROM: i64 = 10;
const EVERY: Duration = Duration::from_hours(1);
/// RFC 5321 § 4.5.4.1 asks for four to five days.
const GIVE_UP_AFTER: Duration = Duration::from_hours(96);

/// Works on the mails that [`directory::outbox`] queued, for ever.
pub(crate) async fn take_over(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    jobs::work(db, clock, outbox::KIND, move |job: Job, mail: outbox::Mail| {
        let house = house.clone();
        async move { adopt(&house, &job, &mail).await }
    })
    .await;
}

/// Sends letters, for ever.
pub(crate) async fn send(house: House) {
    let url = house.settings.smtp_relay.as_deref();
    let relay = Arc::new(Relay::at(url, &house.settings.mail_domain));
    if let Relay::Broken(why) = &*relay {
        tracing::error!("the setting `smtp_relay` makes no sense: {why}");
    }
    let (db, clock) = (house.db.clone(), house.clock.clone());
    jobs::work(db, clock, SEND, move |job: Job, errand: Errand| {
        let (house, relay) = (house.clone(), Arc::clone(&relay));
        async move { carry(&house, &relay, &job, errand.letter).await }
    })
    .await;
}

/// Makes a mail of ours a letter. The letter bears its job's id, so it is made once.
async fn adopt(house: &House, job: &Job, mail: &outbox::Mail) -> Result<Outcome, Fault> {
    let (id, at) = (Id::<Letter>::from_uuid(job.id.uuid()), house.clock.now());
    let domain = &house.settings.mail_domain;
    let message_id = format!("{id}@{domain}");
    let draft = Draft {
        from: "Entente".to_owned(),
        address: format!("{SENDER}@{domain}"),
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        message_id: message_id.clone(),
        text: mail.text.clone(),
        html: Some(mail.html.clone()).filter(|html| !html.is_empty()),
        ..Draft::default()
    };
    let bytes = match signed(house, compose::bytes(&draft, at)).await {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Outcome::Dead(fault.to_string())),
    };
    let sha256 = house.files.keep(bytes).await?.to_string();
    let mut tx = house.db.write().await?;
    let letter = NewLetter {
        id,
        organisation: mail.organisation,
        about: None,
        member: None,
        recipient: &mail.to,
        subject: &mail.subject,
        message_id,
        sha256,
        at,
    };
    if sql::add(&mut tx, letter).await? {
        jobs::add(&mut tx, SEND, &Errand { letter: id }, at).await?;
    }
    jobs::done(&mut tx, job.id).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// Tries to send a letter.
async fn carry(
    house: &House,
    relay: &Relay,
    job: &Job,
    letter: Id<Letter>,
) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let row = sql::to_send(&mut conn, letter).await?;
    drop(conn);
    let Some(row) = row.filter(|row| row.state == LetterState::Queued) else {
        return Ok(Outcome::Done);
    };
    if row.guest_id.is_some() && row.live_guest_id.is_none() {
        return settled(house, letter, LetterState::Cancelled, None).await;
    }
    if row.suppression_id.is_some() {
        let why =
            Some("the address is on the list of those that get no more mail".to_owned());
        return settled(house, letter, LetterState::Failed, why).await;
    }
    let Some(bytes) = bytes_of(house, letter, &row).await? else {
        let why = Some("there is nothing to tell any more".to_owned());
        return settled(house, letter, LetterState::Cancelled, why).await;
    };
    let relay = match relay {
        Relay::None => return settled(house, letter, LetterState::Kept, None).await,
        Relay::Broken(why) => return later(house, job, letter, &row, why).await,
        Relay::At(relay) => relay,
    };
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    let claimed = sql::claim(&mut tx, letter, now + CLAIM_FOR, now).await?;
    tx.commit().await?;
    if !claimed {
        return Ok(Outcome::Retry("another worker holds it, or it was cancelled".into()));
    }
    let signer = Signer::new(&house.settings.secret);
    let bounces = signer.of_letter(letter);
    let from = address(Purpose::Bounce, &bounces, &house.settings.mail_domain);
    store::brink("letter.claimed");
    let handed = relay::hand_over(relay, &from, &row.recipient, &bytes).await;
    store::brink("letter.handed");
    match handed {
        Handed::Taken => {
            tracing::info!(letter.id = %letter, "the relay took letter {letter}");
            settled(house, letter, LetterState::Sent, None).await
        }
        Handed::Refused(why) => {
            // Why stands in the outbox: what relays say names people.
            tracing::warn!(letter.id = %letter, "the relay refused letter {letter}");
            settled(house, letter, LetterState::Failed, Some(why)).await
        }
        Handed::NotNow(why) => later(house, job, letter, &row, &why).await,
    }
}

async fn settled(
    house: &House,
    letter: Id<Letter>,
    state: LetterState,
    why: Option<String>,
) -> Result<Outcome, Fault> {
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    sql::settle(&mut tx, letter, state, why.clone()).await?;
    mailing::told(&mut tx, letter, parcel::told(state, why), now).await?;
    tx.commit().await?;
    store::brink("letter.settled");
    Ok(Outcome::Done)
}

/// The queue backs off by doubling; once that takes long, a fresh job comes every hour.
async fn later(
    house: &House,
    job: &Job,
    letter: Id<Letter>,
    row: &ToSend,
    why: &str,
) -> Result<Outcome, Fault> {
    let now = house.clock.now();
    if row.at + GIVE_UP_AFTER < now {
        let why = Some(why.to_owned());
        return settled(house, letter, LetterState::Failed, why).await;
    }
    let mut tx = house.db.write().await?;
    sql::put_off(&mut tx, letter, why).await?;
    mailing::told(&mut tx, letter, Told::Waits(why.to_owned()), now).await?;
    if job.attempts < PATIENT_FROM {
        tx.commit().await?;
        return Ok(Outcome::Retry("the relay did not take it".to_owned()));
    }
    jobs::add(&mut tx, SEND, &Errand { letter }, now + EVERY).await?;
    jobs::done(&mut tx, job.id).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// A letter with our signature, where there is a relay that carries it to others.
async fn signed(
    house: &House,
    written: Result<Vec<u8>, Fault>,
) -> Result<Vec<u8>, Fault> {
    let bytes = written?;
    let settings = Arc::clone(&house.settings);
    let Some(file) = settings.mail.dkim_key_file.clone() else { return Ok(bytes) };
    if settings.smtp_relay.is_none() {
        return Ok(bytes);
    }
    let signing = tokio::task::spawn_blocking(move || {
        let selector = &settings.mail.dkim_selector;
        dkim::Signer::at(&file, &settings.mail_domain, selector)?.sign(&bytes)
    });
    signing.await.map_err(Fault::new("signing a mail"))?
}

/// The bytes of a letter: those that were kept, or else they are written now. None if what it
/// was to tell is gone.
async fn bytes_of(
    house: &House,
    letter: Id<Letter>,
    row: &ToSend,
) -> Result<Option<Vec<u8>>, Fault> {
    if let Some(membership) = row.membership_id {
        return member::bytes(house, letter, membership, row).await;
    }
    if !row.sha256.is_empty() {
        return house.files.read(row.sha256.parse::<Sha256>()?).await.map(Some);
    }
    let Some(draft) = draft(house, row).await? else { return Ok(None) };
    let bytes = signed(house, compose::bytes(&draft, row.at)).await?;
    let sha256 = house.files.keep(bytes.clone()).await?.to_string();
    let mut tx = house.db.write().await?;
    let first = sql::written(&mut tx, letter, sha256).await?;
    tx.commit().await?;
    if first {
        return Ok(Some(bytes));
    }
    Err(Fault::broken("writing a letter", "another worker has just written it"))
}

/// A letter came back: it failed after all. Tells whose it was, if it was a guest's.
pub(crate) async fn came_back(
    tx: &mut Tx,
    letter: Id<Letter>,
    why: &str,
    now: Moment,
) -> Result<(), Fault> {
    tx.run(sql::CAME_BACK).bind(letter).bind(why.to_owned()).execute().await?;
    mailing::came_back(tx, letter, why, now).await
}

/// The letter of this Message-ID, if it went to this guest.
pub(crate) async fn by_message_id(
    tx: &mut Tx,
    guest: Id<kernel::Guest>,
    message_id: &str,
) -> Result<Option<Id<Letter>>, Fault> {
    let query = tx.run(sql::BY_MESSAGE_ID).bind(guest).bind(message_id.to_owned());
    let found: Option<(Id<Letter>,)> = query.optional().await?;
    Ok(found.map(|(id,)| id))
}

/// Whom a letter went to, as (guest, room); none if there is no such letter.
pub(crate) async fn about(
    conn: &mut store::Conn,
    letter: Id<Letter>,
) -> Result<Option<(Option<Id<kernel::Guest>>, Option<Id<kernel::Room>>)>, Fault> {
    conn.run(sql::GUEST_OF).bind(letter).optional().await
}

/// Queues a letter to a guest about an event; once, however often it is asked for.
async fn queue(
    tx: &mut Tx,
    house: &House,
    to: &sql::Behind,
    seq: i64,
    at: Moment,
) -> Result<(), Fault> {
    let id = Id::<Letter>::mint();
    let letter = NewLetter {
        id,
        organisation: Some(to.sponsor_id),
        about: Some((to.room_id, to.id, seq)),
        member: None,
        recipient: &to.email,
        subject: &to.title,
        message_id: format!("{id}@{}", house.settings.mail_domain),
        sha256: String::new(),
        at,
    };
    if sql::add(tx, letter).await? {
        jobs::add(tx, SEND, &Errand { letter: id }, at).await?;
    }
    Ok(())
}
