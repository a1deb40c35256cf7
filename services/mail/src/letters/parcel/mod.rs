//! Letters to trading partners: each carries one interchange, from the address of ours that the
//! partner may answer to. What becomes of such a letter becomes of its file, in one transaction.

mod http;
mod trial;

use exchange::mailing::{self, Errand as Parcel, Outgoing, Told};
use gate::House;
use kernel::{Fault, Id, Letter};
use store::jobs::{self, Job, Outcome};

pub(crate) use http::routes;

use super::{
    Errand, LetterState, SEND,
    compose::{self, Draft, Enclosed},
    signed,
    sql::{self, NewLetter},
};

/// Writes the letters of what is to go out, for ever.
pub(crate) async fn write_all(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    jobs::work(db, clock, mailing::SEND, move |job: Job, parcel: Parcel| {
        let house = house.clone();
        async move { write(&house, &job, parcel).await }
    })
    .await;
}

/// Makes a file a letter. The letter bears its job's id, so it is made once.
async fn write(house: &House, job: &Job, parcel: Parcel) -> Result<Outcome, Fault> {
    let (id, at) = (Id::<Letter>::from_uuid(job.id.uuid()), house.clock.now());
    let mut conn = house.db.read().await?;
    let outgoing = mailing::outgoing(house, &mut conn, parcel.file).await?;
    drop(conn);
    let Some(outgoing) = outgoing else { return Ok(Outcome::Done) };
    let message_id = format!("{id}@{}", house.settings.mail_domain);
    let (organisation, to) = (outgoing.organisation, outgoing.to.clone());
    let draft = draft(house, outgoing, &message_id);
    let bytes = match signed(house, compose::bytes(&draft, at)).await {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Outcome::Dead(fault.to_string())),
    };
    let sha256 = house.files.keep(bytes).await?.to_string();
    let mut tx = house.db.write().await?;
    let letter = NewLetter {
        id,
        organisation: Some(organisation),
        about: None,
        member: None,
        recipient: &to,
        subject: &draft.subject,
        message_id,
        sha256,
        at,
    };
    if mailing::lettered(&mut tx, parcel.file, id).await?
        && sql::add(&mut tx, letter).await?
    {
        jobs::add(&mut tx, SEND, &Errand { letter: id }, at).await?;
    }
    jobs::done(&mut tx, job.id).await?;
    store::brink("parcel.writing");
    tx.commit().await?;
    store::brink("parcel.written");
    Ok(Outcome::Done)
}

fn draft(house: &House, outgoing: Outgoing, message_id: &str) -> Draft {
    let Outgoing { organisation_name: from, name, media, bytes, to, local, .. } =
        outgoing;
    let text = format!(
        "{from} sends you the attached EDI document.\n\n\
         Send yours as attachments to the address that this mail comes from.\n"
    );
    Draft {
        address: format!("{local}@{}", house.settings.mail_domain),
        to,
        subject: format!("EDI: {name}"),
        message_id: message_id.to_owned(),
        text,
        files: vec![Enclosed { name, kind: media.to_owned(), bytes }],
        from,
        ..Draft::default()
    }
}

/// What the exchange hears of the end of a letter.
pub(super) fn told(state: LetterState, why: Option<String>) -> Told {
    match state {
        LetterState::Sent => Told::Taken,
        LetterState::Failed => Told::Failed(why.unwrap_or_default()),
        LetterState::Cancelled => Told::Failed("it was called off".to_owned()),
        LetterState::Kept => {
            Told::Waits("this hub has no relay for its mail; ask its operator".to_owned())
        }
        LetterState::Queued => Told::Waits(why.unwrap_or_default()),
    }
}
