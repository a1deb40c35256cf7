//! Messages on their way into logs: what waits is committed together, and acknowledged after.

use std::{
    error::Error,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use gate::{Caller, House};
use kernel::{Fault, Id, Room};
use tokio::sync::mpsc;
use wire::{Ack, Nak, ServerFrame};

use super::{Live, conn::Conn, queue::Flag};
use crate::{
    post::{Posted, Refusal, Round},
    rules::Draft,
};

/// How many messages are committed together.
const TOGETHER: usize = 64;
/// After a failure of ours, a client tries again after this.
const RETRY_MS: i64 = 2_000;
/// How often it is looked whether everything is committed, on the way down.
const FLUSH_EVERY: Duration = Duration::from_millis(10);

/// A message from a socket.
#[derive(Debug)]
pub(crate) struct Posting {
    pub(crate) caller: Caller,
    pub(crate) draft: Draft,
    pub(crate) conn: Arc<Conn>,
    /// The client's number for the answer.
    pub(crate) id: Option<u64>,
    /// Taken before the message was read, so that a cut finds it.
    pub(crate) flag: Arc<Flag>,
}

/// Commits what comes, for ever.
pub(crate) async fn run(live: Live, house: House) {
    let mut posted = live.0.posted.lock().await;
    let mut batch = Vec::with_capacity(TOGETHER);
    while posted.recv_many(&mut batch, TOGETHER).await > 0 {
        commit(&live, &house, &mut posted, &mut batch).await;
    }
}

/// Returns once everything that was sent is committed and answered.
pub(crate) async fn flushed(live: &Live) {
    while live.0.pending.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(FLUSH_EVERY).await;
    }
}

async fn commit(
    live: &Live,
    house: &House,
    posted: &mut mpsc::Receiver<Posting>,
    batch: &mut Vec<Posting>,
) {
    let cuts = live.cuts();
    match together(house, posted, batch).await {
        Ok(answers) => {
            for (posting, answer) in batch.drain(..).zip(answers) {
                tell(live, house, &posting, answer, cuts).await;
            }
        }
        // One of them may be what the database refuses: each for itself.
        Err(fault) => {
            tracing::warn!(
                error = &fault as &dyn Error,
                "messages could not be committed together: {fault}"
            );
            for posting in batch.drain(..) {
                let cuts = live.cuts();
                let answer = alone(house, &posting.caller, &posting.draft).await;
                tell(live, house, &posting, answer, cuts).await;
            }
        }
    }
}

/// Commits a batch in one transaction. A message that is refused writes nothing, and leaves
/// the others as they are.
async fn together(
    house: &House,
    posted: &mut mpsc::Receiver<Posting>,
    batch: &mut Vec<Posting>,
) -> Result<Vec<Result<Posted, Refusal>>, Fault> {
    let mut tx = house.db.write().await?;
    // Others came while the transaction had to wait for its turn.
    while batch.len() < TOGETHER
        && let Ok(posting) = posted.try_recv()
    {
        batch.push(posting);
    }
    // Rooms are locked in one order by all nodes; within a room, in the order sent.
    batch.sort_by_key(|posting| posting.draft.room);
    let drafts: Vec<_> = batch.iter().map(|it| (&it.caller, &it.draft)).collect();
    let mut round = Round::default();
    round.hold(&mut tx, &drafts).await?;
    let now = house.clock.now();
    let answers = round.post(&mut tx, &drafts, now).await?;
    round.tell(&mut tx, now).await?;
    if store::seeded("ack-before-commit") {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            drop(tx.commit().await);
        });
        return Ok(answers);
    }
    tx.commit().await?;
    Ok(answers)
}

/// Commits one message.
pub(crate) async fn alone(
    house: &House,
    caller: &Caller,
    draft: &Draft,
) -> Result<Posted, Refusal> {
    let mut tx = house.db.write().await?;
    let mut round = Round::default();
    let drafts = [(caller, draft)];
    round.hold(&mut tx, &drafts).await?;
    let now = house.clock.now();
    let answer = round.post(&mut tx, &drafts, now).await?.pop();
    let posted =
        answer.ok_or_else(|| Fault::broken("posting", "there is no answer"))??;
    round.tell(&mut tx, now).await?;
    tx.commit().await?;
    Ok(posted)
}

async fn tell(
    live: &Live,
    house: &House,
    posting: &Posting,
    answer: Result<Posted, Refusal>,
    cuts: u64,
) {
    answered(live, house, posting, answer, cuts).await;
    live.0.pending.fetch_sub(1, Ordering::SeqCst);
}

async fn answered(
    live: &Live,
    house: &House,
    posting: &Posting,
    answer: Result<Posted, Refusal>,
    cuts: u64,
) {
    let Draft { room, cid, .. } = &posting.draft;
    match answer {
        Ok(posted) => {
            posting.flag.settle(posted.space);
            // A cut that came between has not found the flag by its space.
            if live.cuts() != cuts && !still_reads(house, &posting.caller, *room).await {
                return;
            }
            let frame = ServerFrame::Ack(Ack {
                id: posting.id,
                cid: cid.clone(),
                room: room.to_string(),
                seq: posted.seq,
                at: posted.at.millis(),
                dup: posted.duplicate,
            });
            posting.conn.say_under(Some(Arc::clone(&posting.flag)), &frame);
        }
        Err(refusal) => {
            let waits = refusal.wait().and_then(|it| i64::try_from(it.as_millis()).ok());
            let fails = matches!(refusal, Refusal::Fault(_)).then_some(RETRY_MS);
            let retry = waits.or(fails);
            if let Refusal::Fault(fault) = &refusal {
                tracing::error!(
                    error = fault as &dyn Error,
                    "a message was not committed: {fault}"
                );
            }
            posting.conn.say(&ServerFrame::Nak(Nak {
                id: posting.id,
                cid: Some(cid.clone()),
                room: Some(room.to_string()),
                code: refusal.code().to_owned(),
                retry,
            }));
        }
    }
}

async fn still_reads(house: &House, caller: &Caller, room: Id<Room>) -> bool {
    let read = async {
        let mut conn = house.db.read().await?;
        sharing::log::reach(&mut conn, caller, room).await
    };
    matches!(read.await, Ok(Some(_)))
}
