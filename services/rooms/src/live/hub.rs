//! One room in this process: who follows it, and the one reader that brings them its log.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use gate::House;
use kernel::{Fault, Id, Person, Room, Space};
use sharing::{Event, Range, Reach, Reader, RoomKind, log};
use tokio::sync::Notify;
use wire::{Eph, EphKind, Gap, ServerFrame};

use super::{
    Live,
    conn::{Conn, locked, text_of},
    queue::{Class, Flag, Item},
    track::{Step, Track},
};

/// The log is read again this often, even if no hint came: a lost one costs this long.
const RECHECK: Duration = Duration::from_secs(5);
/// How many events are read at once for those who are live.
const LIVE_PAGE: i64 = 100;
/// In a room with more people than this, nobody is told who comes and goes.
pub(crate) const MOST_PRESENT: usize = 50;

/// A subscription: one connection follows one room.
#[derive(Debug)]
pub(crate) struct Sub {
    pub(crate) conn: Arc<Conn>,
    pub(crate) room: Id<Room>,
    pub(crate) space: Id<Space>,
    /// By whose right it is read: a room of two people by the person's, any other by the
    /// organisation's, once for all its people.
    pub(crate) reader: Reader,
    pub(crate) flag: Arc<Flag>,
    pub(crate) track: Mutex<Track>,
}

impl Sub {
    pub(crate) fn new(
        conn: Arc<Conn>,
        reach: &Reach,
        flag: Arc<Flag>,
        track: Track,
    ) -> Self {
        let reader = match reach.kind {
            RoomKind::Direct => Reader::from(&conn.caller()),
            RoomKind::Main | RoomKind::Internal | RoomKind::Topic => {
                Reader::from(conn.organisation)
            }
        };
        let (room, space, track) = (reach.room, reach.space, Mutex::new(track));
        Self { conn, room, space, reader, flag, track }
    }

    /// Ends it: nothing of it is written any more. False if it was over before.
    pub(crate) fn end(&self) -> bool {
        let mut track = locked(&self.track);
        let ends = !track.is_over();
        track.end();
        self.flag.cut();
        ends
    }

    pub(crate) fn say(&self, frame: &ServerFrame<()>) {
        self.conn.say_under(Some(Arc::clone(&self.flag)), frame);
    }

    pub(crate) fn push(&self, text: Utf8Bytes, class: Class) {
        self.conn.push(Item { text, class, flag: Some(Arc::clone(&self.flag)) });
    }

    /// The last seq that it has, if the room's reader moves it.
    fn live_after(&self) -> Option<i64> {
        let track = locked(&self.track);
        track.is_live().then(|| track.last())
    }

    /// Tells of a gap and ends: the client pages, and subscribes again.
    pub(crate) fn tell_gap(self: &Arc<Self>, head: i64) {
        self.conn.drop_sub(self);
        self.say(&ServerFrame::Gap(Gap { room: self.room.to_string(), head }));
    }
}

/// Somebody who is there.
#[derive(Clone, Debug)]
struct Present {
    name: String,
    until_ms: i64,
}

/// A room that somebody follows.
#[derive(Debug)]
pub(crate) struct Hub {
    room: Id<Room>,
    subs: Mutex<Vec<Arc<Sub>>>,
    present: Mutex<HashMap<Id<Person>, Present>>,
    poke: Notify,
}

impl Hub {
    pub(crate) fn new(room: Id<Room>) -> Self {
        Self {
            room,
            subs: Mutex::default(),
            present: Mutex::default(),
            poke: Notify::new(),
        }
    }

    /// Has the log read again.
    pub(crate) fn poke(&self) {
        self.poke.notify_one();
    }

    pub(crate) fn add(&self, sub: Arc<Sub>) {
        locked(&self.subs).push(sub);
    }

    pub(crate) fn remove(&self, sub: &Arc<Sub>) {
        locked(&self.subs).retain(|kept| !Arc::ptr_eq(kept, sub));
    }

    pub(crate) fn subs(&self) -> Vec<Arc<Sub>> {
        locked(&self.subs).clone()
    }

    /// Whether the room is one of a space.
    pub(crate) fn is_of(&self, space: Id<Space>) -> bool {
        locked(&self.subs).iter().any(|sub| sub.space == space)
    }

    pub(crate) fn is_empty(&self) -> bool {
        locked(&self.subs).is_empty()
    }

    pub(crate) const fn room(&self) -> Id<Room> {
        self.room
    }

    /// Whether a person follows the room by this process.
    pub(crate) fn has(&self, person: Id<Person>) -> bool {
        locked(&self.subs).iter().any(|sub| sub.conn.person == person)
    }

    /// The people who follow the room by this process, each with one of their connections.
    pub(crate) fn people(&self) -> HashMap<Id<Person>, Arc<Conn>> {
        let subs = locked(&self.subs);
        subs.iter().map(|sub| (sub.conn.person, Arc::clone(&sub.conn))).collect()
    }

    /// Reads the log whenever it grew, and brings it to those who are live, until nobody
    /// follows the room.
    pub(crate) async fn run(self: Arc<Self>, live: Live, house: House) {
        loop {
            tokio::select! {
                () = self.poke.notified() => {}
                () = tokio::time::sleep(RECHECK) => {}
            }
            if live.retire(&self) {
                return;
            }
            if let Err(fault) = self.deliver(&live, &house).await {
                tracing::error!(error = &fault as &dyn std::error::Error, room = %self.room, "the log of a room could not be read: {fault}");
                tokio::time::sleep(Duration::from_secs(1)).await;
                self.poke();
            }
        }
    }

    /// Brings every live subscription to the head of the log. Each organisation reads for
    /// itself: its right is checked by the statement that reads, and its mask applied.
    async fn deliver(&self, live: &Live, house: &House) -> Result<(), Fault> {
        loop {
            let mut more = false;
            for (reader, after) in self.standing() {
                let cuts = live.cuts();
                let mut conn = house.db.read().await?;
                let range = Range::After(after);
                let read =
                    log::slice(&mut conn, reader, self.room, range, LIVE_PAGE).await?;
                drop(conn);
                let Some(slice) = read else {
                    self.revoke(live, reader);
                    continue;
                };
                let full = i64::try_from(slice.events.len()).unwrap_or(0) >= LIVE_PAGE;
                let gaps = live.unless_cut(cuts, || {
                    if slice.events.is_empty() {
                        self.behind(reader, slice.reach.first)
                    } else {
                        self.fan_out(reader, after, &slice.events)
                    }
                });
                more |= full || gaps.is_none();
                for sub in gaps.unwrap_or_default() {
                    sub.tell_gap(slice.reach.head);
                    live.leave(&sub);
                }
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// For each reader, the seq after which its slowest live subscription stands.
    fn standing(&self) -> HashMap<Reader, i64> {
        let mut lowest = HashMap::new();
        for sub in locked(&self.subs).iter() {
            if let Some(after) = sub.live_after() {
                let known = lowest.entry(sub.reader).or_insert(after);
                *known = after.min(*known);
            }
        }
        lowest
    }

    /// The hot loop: each event, made text once, to every queue. Returns the subscriptions
    /// that a gap ended.
    fn fan_out(&self, reader: Reader, after: i64, events: &[Event]) -> Vec<Arc<Sub>> {
        let mut gaps = Vec::new();
        let subs = locked(&self.subs);
        for event in events {
            let Some(text) = text_of(&ServerFrame::Ev(event)) else { break };
            for sub in subs.iter().filter(|sub| sub.reader == reader) {
                let mut track = locked(&sub.track);
                match track.hear(after, event.seq) {
                    Step::Deliver => sub.push(text.clone(), Class::Lasting),
                    Step::Pass => {}
                    Step::Gap => gaps.push(Arc::clone(sub)),
                }
            }
        }
        gaps
    }

    /// The live subscriptions that stand before the beginning of a log of which nothing is left.
    fn behind(&self, reader: Reader, first: i64) -> Vec<Arc<Sub>> {
        let subs = locked(&self.subs);
        let theirs = subs.iter().filter(|sub| sub.reader == reader);
        let is_behind =
            |sub: &&Arc<Sub>| sub.live_after().is_some_and(|it| it + 1 < first);
        theirs.filter(is_behind).cloned().collect()
    }

    /// A reader may not read the room any more.
    fn revoke(&self, live: &Live, reader: Reader) {
        let theirs = |sub: &&Arc<Sub>| sub.reader == reader;
        let lost: Vec<_> = locked(&self.subs).iter().filter(theirs).cloned().collect();
        for sub in lost {
            sub.conn.tell_revoked(&sub, "removed");
            live.leave(&sub);
        }
    }

    /// Tells everybody but the person themselves of something that passes.
    pub(crate) fn tell_passing(&self, person: Id<Person>, eph: Eph) {
        if eph.kind == EphKind::Presence && !self.note(person, &eph) {
            return;
        }
        let Some(text) = text_of::<()>(&ServerFrame::Eph(eph)) else { return };
        for sub in locked(&self.subs).iter().filter(|sub| sub.conn.person != person) {
            sub.push(text.clone(), Class::Passing);
        }
    }

    /// Notes who is there. False where there are too many to tell of.
    fn note(&self, person: Id<Person>, eph: &Eph) -> bool {
        let mut present = locked(&self.present);
        if eph.online == Some(false) {
            return present.remove(&person).is_some();
        }
        if present.len() >= MOST_PRESENT && !present.contains_key(&person) {
            return false;
        }
        present.insert(person, Present { name: eph.name.clone(), until_ms: eph.exp });
        true
    }

    /// Tells a new follower who is there already.
    pub(crate) fn introduce(&self, sub: &Sub, now_ms: i64) {
        let mut present = locked(&self.present);
        present.retain(|_, somebody| somebody.until_ms > now_ms);
        for (person, somebody) in present.iter().filter(|(id, _)| **id != sub.conn.person)
        {
            let frame = ServerFrame::Eph(Eph {
                room: self.room.to_string(),
                kind: EphKind::Presence,
                user: person.to_string(),
                name: somebody.name.clone(),
                exp: somebody.until_ms,
                online: Some(true),
                seq: None,
            });
            if let Some(text) = text_of::<()>(&frame) {
                sub.push(text, Class::Passing);
            }
        }
    }
}
