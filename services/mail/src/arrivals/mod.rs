//! Mails that came in.
//!
//! The listener keeps each mail and leaves a job; the job decides, in one transaction, what
//! becomes of it: posted into the guest's room, ignored (programs, doubles, guests that are
//! gone), or kept for a person (another sender than the invited one, too many at once). A
//! mail is posted once: its sender's Message-ID is its `cid` in the room's log, and a unique
//! index says so again.

mod access;
mod html;
mod http;
mod rules;
mod sql;
mod strip;
mod table;

use std::time::Duration;

use gate::{House, Role};
use kernel::{Arrival, Fault, Id, Moment};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::{Author, NewEvent, Refusal, Via, log, notify};
use store::{
    Sha256, Tx,
    jobs::{self, Job, Outcome},
};

pub use access::SeeQuarantine;
pub use http::routes;
pub use sql::ALL as STATEMENTS;
#[cfg(test)]
pub(crate) use table::MARKERS;

use crate::{guests, letters, smtp};
use rules::{Nature, Words};
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
}

/// Two programs that answer each other are stopped here, if nothing else stops them.
const MOST_AN_HOUR: i64 = 30;
const HOUR: Duration = Duration::from_hours(1);

/// Files mails, for ever.
pub(crate) async fn file(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    jobs::work(db, clock, smtp::FILE, move |job: Job, errand: smtp::Errand| {
        let house = house.clone();
        async move { file_one(&house, &job, errand).await }
    })
    .await;
}

async fn file_one(
    house: &House,
    job: &Job,
    errand: smtp::Errand,
) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let stored = sql::stored(&mut conn, errand.arrival).await?;
    drop(conn);
    let Some(stored) = stored else { return Ok(Outcome::Done) };
    let raw = house.files.read(stored.sha256.parse::<Sha256>()?).await?;
    let (sender, is_bounce) = (errand.sender.clone(), errand.bounce_of.is_some());
    let judging =
        tokio::task::spawn_blocking(move || rules::judge(&raw, &sender, is_bounce));
    let nature = judging.await.map_err(Fault::new("reading a mail"))?;
    let mut tx = house.db.write().await?;
    let filed = decide(&mut tx, &errand, &stored, nature, house.clock.now()).await;
    match filed {
        Ok(()) => {}
        Err(Refusal::Fault(fault)) => return Err(fault),
        Err(refusal) => return Ok(Outcome::Retry(refusal.to_string())),
    }
    jobs::done(&mut tx, job.id).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

async fn decide(
    tx: &mut Tx,
    errand: &smtp::Errand,
    stored: &Stored,
    nature: Nature,
    now: Moment,
) -> Result<(), Refusal> {
    let id = errand.arrival;
    match nature {
        Nature::Automatic(why) => {
            Ok(shelve(tx, id, ArrivalState::Ignored, why, &errand.sender).await?)
        }
        Nature::Nonsense => {
            let why = "it cannot be read as a mail";
            shelve(tx, id, ArrivalState::Quarantined, why, &errand.sender).await?;
            Ok(tell_held(tx, stored, why, now).await?)
        }
        Nature::Bounce(why) => {
            if let Some(letter) = errand.bounce_of {
                letters::came_back(tx, letter, &why).await?;
            }
            if let Some(guest) = stored.guest_id {
                guests::bounced(tx, guest, now).await?;
            }
            let told = "a letter could not be delivered";
            Ok(shelve(tx, id, ArrivalState::Ignored, told, &errand.sender).await?)
        }
        Nature::Words(words) => post(tx, id, stored, words, now).await,
    }
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
    words: Words,
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
    if let Some(why) = doubt(tx, &writer, &words, now).await? {
        settled.state = ArrivalState::Quarantined;
        settled.reason = why;
        sql::settle(tx, id, settled).await?;
        return Ok(tell_held(tx, stored, why, now).await?);
    }
    settled.reason = "the same mail came before";
    let room = writer.room_id;
    if sql::posted_before(tx, room, &from, &words.message_id).await? {
        return Ok(sql::settle(tx, id, settled).await?);
    }
    match log::append(tx, room, now, said(&writer, &words)).await {
        Ok(appended) if !appended.duplicate => {
            settled.state = ArrivalState::Posted;
            settled.reason = "";
            settled.seq = Some(appended.seq);
        }
        Ok(_) | Err(Refusal::CidReused) => {}
        Err(refusal) => return Err(refusal),
    }
    let posted = settled.state == ArrivalState::Posted;
    sql::settle(tx, id, settled).await?;
    if posted {
        guests::wrote(tx, writer.id, writer.space_id, room).await?;
        tell_posted(tx, &writer, now).await?;
    }
    Ok(())
}

/// Why a person should look at a mail first, if one should.
async fn doubt(
    tx: &mut Tx,
    writer: &Writer,
    words: &Words,
    now: Moment,
) -> Result<Option<&'static str>, Fault> {
    let Some(from) = &words.from else {
        return Ok(Some("it names no sender, or several"));
    };
    if *from != writer.email.to_lowercase() {
        return Ok(Some("it is from another address than the invited one"));
    }
    let lately = sql::posted_since(tx, writer.id, now - HOUR).await?;
    Ok((lately >= MOST_AN_HOUR).then_some("too many mails within an hour"))
}

fn said(writer: &Writer, words: &Words) -> NewEvent {
    let author = Author::Guest { guest: writer.id, name: writer.name.clone() };
    let cid = format!("mail-{}", Sha256::of(words.message_id.as_bytes()));
    let body = if words.reply.is_empty() { "…" } else { &words.reply };
    let mut event = NewEvent::saying(author, Some(cid), body);
    event.via = Some(Via::Email);
    if !words.attachments.is_empty() {
        event.detail = Some(json!({ "attachments": words.attachments }));
    }
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
