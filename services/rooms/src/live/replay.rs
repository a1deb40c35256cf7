//! What a subscription missed: read in small pages, as fast as its socket drains.

use std::{error::Error, sync::Arc};

use gate::House;
use kernel::Fault;
use sharing::{Range, Slice, log};
use wire::{Caught, Close, ServerFrame};

use super::{
    Live,
    conn::{locked, text_of},
    hub::Sub,
    queue::Class,
    track::Step,
};

/// How many events are read at once.
const PAGE: i64 = 32;

/// How a replay ended.
enum Ended {
    /// The subscription is live.
    Caught,
    /// The subscription, or its socket, was over before.
    Over,
    /// The room may not be read any more.
    Revoked,
}

/// How the replay of one page ended.
enum Paged {
    /// The next page can be read.
    On,
    /// A right was taken away meanwhile: the page has to be read again.
    Again,
    /// There is no next page.
    Over,
}

/// Brings a subscription from where it stands to the present, and hands it to the room's
/// reader.
pub(crate) async fn replay(live: Live, house: House, sub: Arc<Sub>, upto: i64) {
    metrics::counter!("entente_replays_total").increment(1);
    match replayed(&live, &house, &sub, upto).await {
        Ok(Ended::Caught) => live.poke(sub.room),
        Ok(Ended::Over) => live.leave(&sub),
        Ok(Ended::Revoked) => {
            sub.conn.tell_revoked(&sub, "removed");
            live.leave(&sub);
        }
        Err(fault) => {
            tracing::error!(error = &fault as &dyn Error, room = %sub.room, "a replay failed: {fault}");
            sub.conn.close_now(Close::ServerError);
        }
    }
}

async fn replayed(
    live: &Live,
    house: &House,
    sub: &Arc<Sub>,
    upto: i64,
) -> Result<Ended, Fault> {
    loop {
        if !sub.conn.room_for_more().await {
            return Ok(Ended::Over);
        }
        let (cuts, after) = (live.cuts(), locked(&sub.track).last());
        let mut conn = house.db.read().await?;
        let range = Range::After(after);
        let read = log::slice(&mut conn, sub.reader, sub.room, range, PAGE).await?;
        drop(conn);
        let Some(slice) = read else { return Ok(Ended::Revoked) };
        // What it has not got yet was trimmed meanwhile.
        if slice.reach.first > after + 1 {
            sub.tell_gap(slice.reach.head);
            return Ok(Ended::Over);
        }
        match page(live, sub, cuts, &slice).await {
            Paged::On => {}
            Paged::Again => continue,
            Paged::Over => return Ok(Ended::Over),
        }
        if store::seeded("seam") && locked(&sub.track).last() >= upto {
            skip(house, sub).await?;
        }
        if let Some(ended) = caught(sub, upto, slice.events.is_empty()) {
            return Ok(ended);
        }
    }
}

/// Queues one page.
async fn page(live: &Live, sub: &Arc<Sub>, cuts: u64, slice: &Slice) -> Paged {
    for event in &slice.events {
        if !sub.conn.room_for_more().await {
            return Paged::Over;
        }
        let Some(text) = text_of(&ServerFrame::Ev(event)) else { return Paged::Over };
        let step = live.unless_cut(cuts, || {
            let mut track = locked(&sub.track);
            let step = track.replay(event.seq, text.len());
            if step == Step::Deliver {
                sub.push(text, Class::Lasting);
            }
            step
        });
        match step {
            Some(Step::Deliver) => {}
            Some(Step::Pass) => return Paged::Over,
            Some(Step::Gap) => {
                sub.tell_gap(slice.reach.head);
                return Paged::Over;
            }
            None => return Paged::Again,
        }
    }
    Paged::On
}

/// The fault that a test seeds: replay and live are joined by a head that was read later.
async fn skip(house: &House, sub: &Sub) -> Result<(), Fault> {
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let mut conn = house.db.read().await?;
    let reach = log::reach(&mut conn, sub.conn.organisation, sub.room).await?;
    if let Some(reach) = reach {
        locked(&sub.track).skip_to(reach.head);
    }
    Ok(())
}

/// Goes live, once the replay stands where the log stood when it began.
fn caught(sub: &Sub, upto: i64, nothing_came: bool) -> Option<Ended> {
    let mut track = locked(&sub.track);
    let seq = track.last();
    if seq < upto && !nothing_came {
        return None;
    }
    if !track.go_live() {
        return Some(Ended::Over);
    }
    // Said under the track's lock: what the room's reader brings comes after it.
    sub.say(&ServerFrame::Caught(Caught { room: sub.room.to_string(), seq }));
    Some(Ended::Caught)
}
