//! How far people have read: gathered here, written every two seconds, never back.

use std::{collections::HashMap, error::Error, sync::Mutex, time::Duration};

use gate::House;
use kernel::{Fault, Id, Organisation, Person, Room};
use sharing::log;
use store::{Hint, Tx};

use super::{Live, conn::locked};
use crate::sql;

/// How often marks are written.
const EVERY: Duration = Duration::from_secs(2);
/// How long a mark that is told holds: longer than a room stays open.
const MARK_LASTS: Duration = Duration::from_hours(24);

/// Whose mark it is: the organisation they act for, the person, the room.
type Key = (Id<Organisation>, Id<Person>, Id<Room>);

/// Marks that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Reads(Mutex<HashMap<Key, i64>>);

impl Reads {
    /// Notes a mark; the furthest one counts.
    pub(crate) fn note(&self, key: Key, seq: i64) {
        let mut marks = locked(&self.0);
        let mark = marks.entry(key).or_insert(seq);
        *mark = seq.max(*mark);
    }

    /// Writes what waits. Marks that could not be written wait on.
    pub(crate) async fn flush(&self, house: &House) {
        let marks = std::mem::take(&mut *locked(&self.0));
        if marks.is_empty() {
            return;
        }
        if let Err(fault) = write(house, &marks).await {
            tracing::error!(error = &fault as &dyn Error, "read marks wait on: {fault}");
            for (key, seq) in marks {
                self.note(key, seq);
            }
        }
    }
}

async fn write(house: &House, marks: &HashMap<Key, i64>) -> Result<(), Fault> {
    let mut tx = house.db.write().await?;
    let mut marks: Vec<_> = marks.iter().collect();
    // Two nodes take their locks in one order.
    marks.sort_unstable();
    for (key, seq) in marks {
        mark(&mut tx, house, *key, *seq).await?;
    }
    tx.commit().await
}

/// Notes how far somebody has read a room, and that its notice is read too once nothing in
/// the room is unread. Their other devices, and those who follow the room, are told.
pub(crate) async fn mark(
    tx: &mut Tx,
    house: &House,
    (organisation, person, room): Key,
    seq: i64,
) -> Result<(), Fault> {
    let further = log::mark_read(tx, organisation, person, room, seq).await?;
    let now = house.clock.now();
    if further {
        let seq = log::read_mark(tx, organisation, person, room).await?;
        let name = sql::person_name(tx, person).await?;
        tx.hint(Hint::Person { person, organisation, kind: "read".to_owned() });
        tx.hint(Hint::Ephemeral {
            room,
            person,
            organisation,
            name,
            what: "read".to_owned(),
            seq: Some(seq),
            until_ms: (now + MARK_LASTS).millis(),
        });
    }
    if sql::notice_read(tx, organisation, person, room, now).await? {
        for kind in ["notification", "room"] {
            let kind = kind.to_owned();
            tx.hint(Hint::Person { person, organisation, kind });
        }
    }
    Ok(())
}

/// Writes marks every two seconds, for ever.
pub(crate) async fn run(live: Live, house: House) {
    loop {
        tokio::time::sleep(EVERY).await;
        live.reads().flush(&house).await;
    }
}
