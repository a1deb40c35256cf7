//! Every message in a topic becomes a letter to each of its guests, but for the guest who wrote
//! it. A guest's cursor tells up to where; it moves in the transaction that queues the letters,
//! so neither a crash nor another node makes two or none.

use std::time::Duration;

use gate::House;
use kernel::{Fault, Id, Room};
use sharing::{EventKind, Range, log};
use store::Hint;

use super::sql::{self, Behind};

/// Hints may be lost; then this often is soon enough.
const SWEEP: Duration = Duration::from_secs(5);
const AT_ONCE: i64 = 100;

/// Follows the rooms, for ever.
pub(crate) async fn follow(house: House) {
    let mut hints = house.db.bus().listen();
    loop {
        let hinted = async {
            loop {
                match hints.recv().await {
                    Ok(Hint::Room { room, .. }) => break Some(room),
                    Ok(_) => {}
                    Err(_lost) => break None,
                }
            }
        };
        let room = tokio::time::timeout(SWEEP, hinted).await.unwrap_or(None);
        if let Err(fault) = round(&house, room).await {
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                "following rooms for guests: {fault}"
            );
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Queues what is due in a room, or in all.
async fn round(house: &House, room: Option<Id<Room>>) -> Result<(), Fault> {
    let mut conn = house.db.read().await?;
    let behind = sql::behind(&mut conn, room).await?;
    drop(conn);
    for guest in behind {
        catch_up(house, guest).await?;
    }
    Ok(())
}

async fn catch_up(house: &House, mut guest: Behind) -> Result<(), Fault> {
    while guest.cursor_seq < guest.head_seq {
        let mut conn = house.db.read().await?;
        let range = Range::After(guest.cursor_seq);
        let slice =
            log::slice(&mut conn, guest.sponsor_id, guest.room_id, range, AT_ONCE)
                .await?;
        drop(conn);
        let Some(slice) = slice else { return Ok(()) };
        let own = guest.id.to_string();
        let to = slice.events.last().map_or(guest.head_seq, |event| event.seq);
        let mut tx = house.db.write().await?;
        if !sql::advance(&mut tx, guest.id, guest.cursor_seq, to).await? {
            return Ok(());
        }
        for event in slice.events {
            let shown = event.body.is_some() && event.hidden.is_none();
            let said = event.kind == EventKind::Msg && shown;
            if said && event.author != own {
                super::queue(&mut tx, house, &guest, event.seq, house.clock.now())
                    .await?;
            }
        }
        tx.commit().await?;
        guest.cursor_seq = to;
    }
    Ok(())
}
