//! Looking into partners' folders: a job for each mailbox, that leaves its successor behind.

use std::time::Duration;

use gate::House;
use kernel::{Fault, Id, SftpMailbox};
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    jobs::{self, Outcome},
};

use super::{
    Mailbox, SftpSide, SftpTheirs, Taken,
    client::{self, Steps},
    sql, take, warnings,
};
use crate::interchanges::LIMIT_BYTES;

/// The kind of job that looks into a partner's folder.
pub(crate) const LOOK: &str = "sftp.look";

/// After how many turns in vain somebody is told.
const TOLD_AFTER: i64 = 3;
/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_hours(6);

/// The errand of that job. A mailbox that was changed has another turn: who comes with an old
/// one goes home.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct LookErrand {
    mailbox: Id<SftpMailbox>,
    turn: i64,
}

/// Has a mailbox looked into from now on, if there is something to look into.
pub(super) async fn begin(
    tx: &mut Tx,
    mailbox: &Mailbox,
    at: kernel::Moment,
) -> Result<(), Fault> {
    if fetches(&mailbox.side).is_none() {
        return Ok(());
    }
    let errand = LookErrand { mailbox: mailbox.id, turn: mailbox.row.turn };
    jobs::add(tx, LOOK, &errand, at).await.map(drop)
}

fn fetches(side: &SftpSide) -> Option<&SftpTheirs> {
    match side {
        SftpSide::Theirs(theirs) => Some(theirs).filter(|it| !it.fetch_from.is_empty()),
        SftpSide::Ours { .. } => None,
    }
}

/// Looks once, and has somebody look again: the job's errand.
pub(crate) async fn look(house: &House, errand: LookErrand) -> Result<Outcome, Fault> {
    let mut conn = house.db.read().await?;
    let row = sql::door(&mut conn, errand.mailbox).await?;
    drop(conn);
    let Some(row) = row.filter(|row| row.turn == errand.turn) else {
        return Ok(Outcome::Done);
    };
    let mailbox = Mailbox::try_from(row)?;
    let Some(theirs) = fetches(&mailbox.side) else { return Ok(Outcome::Done) };
    let looked = fetch_all(house, &mailbox, theirs).await?;
    let now = house.clock.now();
    let failures = match &looked {
        Ok(()) => 0,
        Err(_why) => mailbox.row.failures.saturating_add(1),
    };
    let seen_at = looked.is_ok().then_some(now);
    let why = looked.err();
    let told = why.clone().filter(|_| failures == TOLD_AFTER);
    let turn = sql::Turn { number: errand.turn, failures, why, seen_at };
    let mut tx = house.db.write().await?;
    if sql::turn(&mut tx, mailbox.whose(), turn).await? {
        if let Some(why) = &told {
            warnings::tell(&mut tx, &mailbox, ("sftp_unreachable", why), now).await?;
        }
        let next = LookErrand { turn: errand.turn.saturating_add(1), ..errand };
        jobs::add(&mut tx, LOOK, &next, now + pause(theirs.every_minutes, failures))
            .await?;
        tx.commit().await?;
    }
    Ok(Outcome::Done)
}

/// How long until the next look: as agreed, and twice as long for each failure in a row.
fn pause(every_minutes: u16, failures: i64) -> Duration {
    let usual = Duration::from_mins(every_minutes.into());
    let doubled = 1_u32 << failures.clamp(0, 10);
    usual.saturating_mul(doubled).min(LONGEST.max(usual))
}

/// Fetches what is there. Each file is kept before it is removed: one that is seen again, because
/// we died in between, is known by its content.
async fn fetch_all(
    house: &House,
    mailbox: &Mailbox,
    theirs: &SftpTheirs,
) -> Result<Result<(), String>, Fault> {
    let session = match client::connect(house, mailbox, theirs, &mut Steps::new()).await {
        Ok(session) => session,
        Err(why) => return Ok(Err(why)),
    };
    let folder = theirs.fetch_from.as_str();
    let files = match session.list(folder).await {
        Ok(files) => files,
        Err(why) => return Ok(Err(why)),
    };
    let mut trouble = Ok(());
    for file in files {
        if usize::try_from(file.bytes).map_or(true, |bytes| bytes > LIMIT_BYTES) {
            trouble =
                Err(format!("{} has more than {LIMIT_BYTES} bytes; it stays", file.name));
            continue;
        }
        let bytes = match session.read(&client::path(folder, &file.name)).await {
            Ok(bytes) => bytes,
            Err(why) => {
                trouble = Err(why);
                continue;
            }
        };
        store::brink("sftp.read");
        match take(house, mailbox, &file.name, bytes).await? {
            Taken::New | Taken::Known => {}
            Taken::NotNow(why) => {
                trouble = Err(why.to_owned());
                continue;
            }
            Taken::Refused(why) => {
                tracing::warn!(mailbox.id = %mailbox.id, "a file was refused: {why}");
            }
        }
        let away = session.put_away((folder, &file.name), theirs.move_to.as_deref());
        if let Err(why) = away.await {
            trouble = Err(why);
        }
        store::brink("sftp.away");
    }
    session.leave().await;
    Ok(trouble)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn who_fails_waits_twice_as_long_but_never_for_ever() {
        let minutes = |minutes| Duration::from_mins(minutes);
        assert_eq!(pause(5, 0), minutes(5));
        assert_eq!(pause(5, 2), minutes(20));
        assert_eq!(pause(5, 60), minutes(360));
        assert_eq!(pause(1_440, 9), minutes(1_440));
    }
}
