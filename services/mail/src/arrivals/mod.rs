//! Mails that came in.
//!
//! The listener keeps each mail and leaves a job; the job decides, in one transaction, what
//! becomes of it: posted into the guest's room, ignored (programs, doubles, guests that are
//! gone), or kept for a person (another sender than the invited one, too many at once). A
//! mail is posted once: its sender's Message-ID is its `cid` in the room's log, and a unique
//! index says so again.

mod access;
mod bounce;
#[cfg(test)]
mod corpus_tests;
mod held;
#[cfg(test)]
mod hostile_tests;
mod html;
mod http;
mod member;
mod mine;
mod parcel;
mod rules;
mod sql;
mod strip;
mod table;

use std::{sync::Arc, time::Duration};

use gate::{House, Role};
use kernel::{Arrival, Fault, Id, Moment};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::{
    Author, NewEvent, Refusal, Via,
    files::{self, NewFile},
    log, notify,
};
use store::{
    Sha256, Tx,
    jobs::{self, Job, Outcome},
};

pub use access::{SeeQuarantine, SettleQuarantine};
pub use held::{Refusal as HeldRefusal, discard, release};
pub use http::routes;
pub use sql::ALL as STATEMENTS;
pub(crate) use strip::head;
#[cfg(test)]
pub(crate) use table::MARKERS;

use crate::{
    authentic::{Brought, Checks, Judge, Verdict},
    guests, inbox, letters, suppression,
};
use bounce::{Failure, Lasting};
use rules::{Attached, Nature, Words};
use sql::{Settled, Stored, Writer};

/// Where a mail is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum ArrivalState {
    /// It stands in its room.
    Posted,
    /// It waits for a person.
    Quarantined,
    /// Nothing more is done with it.
    Ignored,
    /// What hangs on it went to the exchange, which tells what became of it.
    Handed,
}

/// Two programs that answer each other are stopped here, if nothing else stops them.
const MOST_AN_HOUR: i64 = 30;
/// A program says the same again; a person hardly does.
const MOST_THE_SAME: i64 = 3;
const HOUR: Duration = Duration::from_hours(1);

/// Files mails, for ever.
pub(crate) async fn file(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let settings = &house.settings;
    let judge = match Judge::new(&settings.mail.dns, &settings.mail_domain) {
        Ok(judge) => Arc::new(judge),
        Err(fault) => {
            let error: &dyn std::error::Error = &fault;
            tracing::error!(error, "incoming mail is not filed: {fault}");
            return;
        }
    };
    jobs::work(db, clock, inbox::FILE, move |job: Job, errand: inbox::Errand| {
        let (house, judge) = (house.clone(), Arc::clone(&judge));
        async move { file_one(&house, &judge, &job, errand).await }
    })
    .await;
}

async fn file_one(
    house: &House,
    judge: &Judge,
    job: &Job,
    errand: inbox::Errand,
) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let stored = sql::stored(&mut conn, errand.arrival).await?;
    drop(conn);
    let Some(stored) = stored else { return Ok(Outcome::Done) };
    let raw = house.files.read(stored.sha256.parse::<Sha256>()?).await?;
    let brought =
        Brought { peer: errand.peer, helo: &errand.helo, sender: &errand.sender };
    let (checks, signers) = judge.judge(&raw, &brought).await;
    if let Some(partner) = stored.mail_partner_id {
        return parcel::file(house, job, (&errand, partner), (raw, checks, signers))
            .await;
    }
    let (sender, is_bounce) = (errand.sender.clone(), errand.bounce_of.is_some());
    let judging =
        tokio::task::spawn_blocking(move || rules::judge(&raw, &sender, is_bounce));
    let mut nature = judging.await.map_err(Fault::new("reading a mail"))?;
    let files = match &mut nature {
        Nature::Words(words) => hold(house, words).await?,
        Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense => Vec::new(),
    };
    let mut tx = house.db.write().await?;
    let became =
        decide(&mut tx, &errand, &stored, (nature, files, checks), house.clock.now())
            .await;
    match became {
        Ok(()) => {}
        Err(Refusal::Fault(fault)) => return Err(fault),
        Err(refusal) => return Ok(Outcome::Retry(refusal.to_string())),
    }
    jobs::done(&mut tx, job.id).await?;
    store::brink("mail.filing");
    tx.commit().await?;
    store::brink("mail.filed");
    Ok(Outcome::Done)
}

async fn decide(
    tx: &mut Tx,
    errand: &inbox::Errand,
    stored: &Stored,
    (nature, files, checks): (Nature, Vec<NewFile>, Checks),
    now: Moment,
) -> Result<(), Refusal> {
    let id = errand.arrival;
    sql::checked(tx, id, checks).await?;
    match nature {
        Nature::Automatic(why) => {
            Ok(shelve(tx, id, ArrivalState::Ignored, why, &errand.sender).await?)
        }
        Nature::Nonsense => {
            let why = "it cannot be read as a mail";
            shelve(tx, id, ArrivalState::Quarantined, why, &errand.sender).await?;
            Ok(tell_held(tx, stored, why, now).await?)
        }
        Nature::Bounce(failure) => came_back(tx, errand, stored, &failure, now).await,
        Nature::Words(words) if stored.seat_id.is_some() => {
            member::post(tx, id, stored, (words, files, checks), now).await
        }
        Nature::Words(words) => post(tx, id, stored, (words, files, checks), now).await,
    }
}

/// A letter came back. Its own address says which; else the returned mail's id, which its
/// reader alone has seen, if it is one of this guest's.
async fn came_back(
    tx: &mut Tx,
    errand: &inbox::Errand,
    stored: &Stored,
    failure: &Failure,
    now: Moment,
) -> Result<(), Refusal> {
    let mut letter = errand.bounce_of;
    if let (None, Some(guest)) = (letter, stored.guest_id) {
        for id in &failure.about {
            letter = letter.or(letters::by_message_id(tx, guest, id).await?);
        }
    }
    let mut told = "a report about a mail that is not one of ours";
    if let Some(letter) = letter {
        let why = &failure.why;
        let over = match failure.lasting {
            Lasting::Permanent => {
                letters::came_back(tx, letter, why, now).await?;
                suppression::bounced(tx, letter, why, now).await?;
                true
            }
            Lasting::Passing => suppression::set_back(tx, letter, why, now).await?,
        };
        if let (true, Some(guest)) = (over, stored.guest_id) {
            guests::bounced(tx, guest, now).await?;
        }
        told = if over {
            "a letter could not be delivered"
        } else {
            "a letter could not be delivered for now"
        };
    }
    let (id, sender) = (errand.arrival, &errand.sender);
    Ok(shelve(tx, id, ArrivalState::Ignored, told, sender).await?)
}

async fn shelve(
    tx: &mut Tx,
    arrival: Id<Arrival>,
    state: ArrivalState,
    reason: &str,
    sender: &str,
) -> Result<(), Fault> {
    let (message_id, seq, subject) = (None, None, "");
    sql::settle(tx, arrival, Settled { state, reason, message_id, sender, subject, seq })
        .await
}

async fn post(
    tx: &mut Tx,
    id: Id<Arrival>,
    stored: &Stored,
    (words, files, checks): (Words, Vec<NewFile>, Checks),
    now: Moment,
) -> Result<(), Refusal> {
    let writer = match stored.guest_id {
        Some(guest) => sql::writer(tx, guest).await?,
        None => None,
    };
    let from = words.from.clone().unwrap_or_default();
    let mut settled = Settled {
        state: ArrivalState::Ignored,
        reason: "the guest is no longer in the conversation",
        message_id: Some(words.message_id.clone()),
        sender: &from,
        subject: &words.subject,
        seq: None,
    };
    let Some(writer) = writer.filter(|it| Some(it.room_id) == stored.room_id) else {
        return Ok(sql::settle(tx, id, settled).await?);
    };
    if let Some(why) = doubt(tx, &writer, &words, checks, now).await? {
        settled.state = ArrivalState::Quarantined;
        settled.reason = why;
        sql::settle(tx, id, settled).await?;
        return Ok(tell_held(tx, stored, why, now).await?);
    }
    let said = (said(&writer, &words, &files, checks), &*files);
    let (state, reason, seq) = match admit(tx, &writer, &words, said, now).await? {
        Some(seq) => (ArrivalState::Posted, "", Some(seq)),
        None => (ArrivalState::Ignored, "the same mail came before", None),
    };
    (settled.state, settled.reason, settled.seq) = (state, reason, seq);
    Ok(sql::settle(tx, id, settled).await?)
}

/// Posts a guest's words; tells the seq, or none if they stand there already. Only the guest's
/// own address proves that mail reaches it.
async fn admit(
    tx: &mut Tx,
    writer: &Writer,
    words: &Words,
    (said, files): (NewEvent, &[NewFile]),
    now: Moment,
) -> Result<Option<i64>, Refusal> {
    let room = writer.room_id;
    let from = words.from.as_deref().unwrap_or_default();
    if sql::posted_before(tx, room, from, &words.message_id).await? {
        return Ok(None);
    }
    let appended = match log::append(tx, room, now, said).await {
        Ok(appended) if !appended.duplicate => appended,
        Ok(_) | Err(Refusal::CidReused) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    files::hang(tx, room, appended.seq, files, now).await?;
    if is_their_own(writer, words) {
        guests::wrote(tx, writer.id, writer.space_id, room).await?;
        suppression::alive(tx, writer.sponsor_id, &writer.email).await?;
    }
    tell_posted(tx, writer, now).await?;
    Ok(Some(appended.seq))
}

fn is_their_own(writer: &Writer, words: &Words) -> bool {
    words.from.as_deref() == Some(&*writer.email.to_lowercase())
}

/// Why a person should look at a mail first, if one should.
async fn doubt(
    tx: &mut Tx,
    writer: &Writer,
    words: &Words,
    checks: Checks,
    now: Moment,
) -> Result<Option<&'static str>, Fault> {
    if words.from.is_none() {
        return Ok(Some("it names no sender, or several"));
    }
    if !is_their_own(writer, words) {
        return Ok(Some("it is from another address than the invited one"));
    }
    match checks.dmarc {
        Verdict::Fail => {
            return Ok(Some("its domain says that it did not send it (DMARC)"));
        }
        Verdict::Pass | Verdict::None | Verdict::Unknown => {}
    }
    let about = (writer.room_id, writer.id);
    if sql::same_since(tx, about, body(words), now - HOUR).await? >= MOST_THE_SAME {
        return Ok(Some("it says the same for the fourth time within an hour"));
    }
    let lately = sql::posted_since(tx, writer.id, now - HOUR).await?;
    Ok((lately >= MOST_AN_HOUR).then_some("too many mails within an hour"))
}

/// Keeps what hangs on a mail; takes its bytes out of the words.
async fn hold(house: &House, words: &mut Words) -> Result<Vec<NewFile>, Fault> {
    let mut held = Vec::new();
    for Attached { name, bytes } in words.files.drain(..) {
        held.push(NewFile::of(&name, &bytes));
        house.files.keep(bytes).await?;
    }
    Ok(held)
}

/// What is posted: a mail may have no words, but files.
fn body(words: &Words) -> &str {
    if words.reply.is_empty() { "…" } else { &words.reply }
}

/// Words that nothing proves to be their sender's are marked.
fn said(writer: &Writer, words: &Words, files: &[NewFile], checks: Checks) -> NewEvent {
    let author = Author::Guest { guest: writer.id, name: writer.name.clone() };
    let cid = format!("mail-{}", Sha256::of(words.message_id.as_bytes()));
    let mut event = NewEvent::saying(author, Some(cid), body(words));
    event.via = Some(Via::Email);
    let mut detail = serde_json::Map::new();
    if !files.is_empty() {
        detail.insert("files".to_owned(), files::told(files));
    }
    let proven = match checks.dmarc {
        Verdict::Pass => true,
        Verdict::Fail | Verdict::None | Verdict::Unknown => false,
    };
    detail.insert("verified".to_owned(), json!(proven));
    event.detail = Some(detail.into());
    event
}

async fn tell_posted(tx: &mut Tx, writer: &Writer, now: Moment) -> Result<(), Fault> {
    let Some(person) = writer.added_by else { return Ok(()) };
    let room = writer.room_id.to_string();
    let notice = notify::Notice {
        kind: "guest_replied",
        params: json!({
            "guest": writer.name,
            "topic": writer.title,
            "room": room,
        }),
        subject: Some(("deal", writer.space_id.to_string())),
        party: Some(writer.party_id),
        fold: Some(&format!("guest_replied {room}")),
    };
    notify::person(tx, writer.sponsor_id, person, &notice, now).await
}

/// Tells those who run the sponsor's mail that one waits.
async fn tell_held(
    tx: &mut Tx,
    stored: &Stored,
    why: &str,
    now: Moment,
) -> Result<(), Fault> {
    let Some(guest) = stored.guest_id else { return Ok(()) };
    let Some(writer) = sql::writer(tx, guest).await? else { return Ok(()) };
    let notice = notify::Notice {
        kind: "mail_quarantined",
        params: json!({ "guest": writer.name, "topic": writer.title, "reason": why }),
        subject: Some(("deal", writer.space_id.to_string())),
        party: Some(writer.party_id),
        fold: Some("mail_quarantined"),
    };
    notify::all_who(tx, writer.sponsor_id, Role::governs, &notice, now).await
}
