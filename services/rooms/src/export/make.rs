//! The jobs that make files, and that let them go when their time is over.

use gate::{Action, House, Reach};
use kernel::{Export, Fault, Id};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::audit;
use store::{
    Sha256,
    jobs::{self, Job, Outcome},
};

use super::{
    ExportSpace, KEPT_FOR,
    rules::Right,
    sql::{self, Goes, Waiting},
    write::{blocking, write},
};

/// The kind of the job that makes a file.
pub(super) const MAKE: &str = "export.make";
/// The kind of the job that lets it go.
const EXPIRE: &str = "export.expire";

/// Which export.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Errand {
    pub(super) export: Id<Export>,
}

/// Makes files, for ever.
pub(crate) async fn making(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |job, errand| {
        let house = house.clone();
        async move { Box::pin(make(&house, job, errand)).await }
    };
    jobs::work(db, clock, MAKE, run).await;
}

/// Lets files go whose time is over, for ever.
pub(crate) async fn expiring(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |job: Job, Errand { export }| {
        let house = house.clone();
        async move {
            let (mut tx, now) = (house.db.write().await?, house.clock.now());
            sql::remove(&mut tx, (export, Goes::Due(now)), now).await?;
            jobs::done(&mut tx, job.id).await?;
            tx.commit().await?;
            Ok(Outcome::Done)
        }
    };
    jobs::work(db, clock, EXPIRE, run).await;
}

async fn make(house: &House, job: Job, errand: Errand) -> Result<Outcome, Fault> {
    let is_last = job.is_last();
    let export = errand.export;
    match attempt(house, job, export).await {
        Err(fault) if is_last => {
            let mut tx = house.db.write().await?;
            sql::refuse(&mut tx, export).await?;
            tx.commit().await?;
            Err(fault)
        }
        came => came,
    }
}

/// Makes it once. What died on the way left a file without a name, which is swept away.
async fn attempt(house: &House, job: Job, export: Id<Export>) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let Some(asked) = sql::waiting(&mut conn, export).await? else {
        return Ok(Outcome::Done);
    };
    let sight = super::sight(&mut conn, asked.organisation_id, asked.space_id).await?;
    drop(conn);
    let Some(sight) = sight.filter(|it| may(&asked, &it.right)) else {
        return give_up(house, &job, &asked, export).await;
    };
    let right = sight.right.clone();
    let archive = Box::pin(write(house, &asked, sight)).await?;
    let spool = blocking(move || archive.end()).await?;
    let bytes = spool.length().map_err(Fault::new("measuring an export"))?;
    let file = house.files.adopt(spool).await?;
    let named = (file, i64::try_from(bytes).unwrap_or(i64::MAX));
    name(house, &job, (&asked, export), named, &right).await
}

/// Whether who asked may still take out what is read under a right.
fn may(asked: &Waiting, right: &Right) -> bool {
    let reaches = |role| ExportSpace::reach(role) == Reach::Organisation;
    let allowed = asked.role.is_some_and(reaches);
    allowed && right.is_of(asked.party_id)
}

/// Names the file that was written, if all that stands in it may still be read.
async fn name(
    house: &House,
    job: &Job,
    (asked, export): (&Waiting, Id<Export>),
    (file, bytes): (Sha256, i64),
    right: &Right,
) -> Result<Outcome, Fault> {
    let (mut tx, now) = (house.db.write().await?, house.clock.now());
    let (organisation, space) = (asked.organisation_id, asked.space_id);
    let again = sql::waiting(&mut tx, export).await?;
    let stands = again.is_some_and(|it| may(&it, right));
    if !stands || !super::still(&mut tx, organisation, space, right).await? {
        sql::let_go(&mut tx, file.to_string(), now).await?;
        tx.commit().await?;
        return Ok(Outcome::Retry("the right changed while it was made".to_owned()));
    }
    let until = now + KEPT_FOR;
    let of = (organisation, export);
    sql::ready(&mut tx, of, (file, bytes), right, (now, until)).await?;
    sql::remove(&mut tx, (export, Goes::Older), now).await?;
    jobs::add(&mut tx, EXPIRE, &Errand { export }, until).await?;
    let of = ("deal", space.to_string());
    let detail = json!({ "export": export, "sha256": file.to_string() });
    let who = Some(asked.asked_by);
    audit::write(&mut tx, organisation, who, "export.make", of, detail, now).await?;
    super::changed(&mut tx, organisation, space);
    jobs::done(&mut tx, job.id).await?;
    store::brink("export.making");
    tx.commit().await?;
    store::brink("export.made");
    Ok(Outcome::Done)
}

async fn give_up(
    house: &House,
    job: &Job,
    asked: &Waiting,
    export: Id<Export>,
) -> Result<Outcome, Fault> {
    let mut tx = house.db.write().await?;
    sql::refuse(&mut tx, export).await?;
    super::changed(&mut tx, asked.organisation_id, asked.space_id);
    jobs::done(&mut tx, job.id).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}
