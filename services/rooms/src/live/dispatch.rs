//! From the bus to the sockets: hints, presence, and rights that are to be read again.

use std::{error::Error, sync::Arc, time::Duration};

use gate::{House, sessions};
use kernel::{Fault, Id, Moment, Organisation, Person, Room, Space};
use store::Hint;
use tokio::{sync::broadcast::error::RecvError, time::MissedTickBehavior};
use wire::{Changed, Eph, EphKind, ServerFrame};

use crate::calls::live::Task;

use super::{
    Live,
    conn::{Conn, locked, text_of},
    hub::{MOST_PRESENT, Sub},
    queue::{Class, Item},
};

/// Who is there is told again this often …
const PRESENCE_EVERY: Duration = Duration::from_secs(20);
/// … and holds this long.
const PRESENCE_LASTS: Duration = Duration::from_secs(45);
/// Every socket's rights are read again this often, even if no hint came.
const RENEW_EVERY: Duration = Duration::from_mins(1);

/// Brings hints to the sockets, for ever.
pub(crate) async fn run(live: Live, house: House) {
    let mut hints = house.db.bus().listen();
    loop {
        match hints.recv().await {
            Ok(hint) => live.hear(hint),
            Err(RecvError::Lagged(lost)) => {
                tracing::warn!(lost, "hints were lost; every room is read again");
                locked(&live.0.lost).clear();
                live.hubs().iter().for_each(|hub| hub.poke());
                live.calls().task(Task::RefreshAll);
                live.renew_all(&house).await;
            }
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Reads rights again when it is asked to, for ever.
pub(crate) async fn renew(live: Live, house: House) {
    let mut asked = live.0.renewing.lock().await;
    while let Some(renewal) = asked.recv().await {
        let theirs = |conn: &Arc<Conn>| conn.person == renewal.person;
        let conns = live.conns_of(renewal.organisation);
        let conns: Vec<_> = conns.into_iter().filter(theirs).collect();
        match live.renew_these(&house, &conns).await {
            Ok(()) => drop(renewal.done.send(())),
            // Not answered: whoever waits takes the rights to be gone.
            Err(fault) => tell(&fault),
        }
    }
}

/// Does what has to be done from time to time, for ever.
pub(crate) async fn tick(live: Live, house: House) {
    let mut presence = tokio::time::interval(PRESENCE_EVERY);
    let mut rights = tokio::time::interval(RENEW_EVERY);
    presence.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rights.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = presence.tick() => live.tell_present(&house),
            _ = rights.tick() => {
                live.forget_idle(house.clock.now());
                live.renew_all(&house).await;
            }
        }
    }
}

fn tell(fault: &Fault) {
    tracing::error!(
        error = fault as &dyn Error,
        "rights could not be read again: {fault}"
    );
}

impl Live {
    fn hear(&self, hint: Hint) {
        match hint {
            Hint::Room { room, head: _ } => self.poke(room),
            Hint::Changed { organisation, kind, id, revision } => {
                // Told before a revocation, heard after it.
                let lost = |(to, space): &(Id<Organisation>, Id<Space>)| {
                    *to == organisation && space.to_string() == id
                };
                if !locked(&self.0.lost).iter().any(lost) {
                    let changed = Changed { kind, id, revision };
                    Self::hint(&self.conns_of(organisation), changed);
                }
            }
            Hint::Person { person, organisation, kind } => {
                let theirs = |conn: &Arc<Conn>| conn.person == person;
                let conns = self.conns_of(organisation);
                let conns: Vec<_> = conns.into_iter().filter(theirs).collect();
                Self::hint(&conns, Changed { kind, id: person.to_string(), revision: 0 });
            }
            Hint::Call { room } => self.calls().task(Task::Refresh(room)),
            Hint::Signal { seat, sealed } => self.calls().deliver(seat, sealed),
            Hint::Revoked { space, organisation, reason } => {
                self.hear_revoked(space, organisation, &reason);
                self.calls().task(Task::Lost(space));
            }
            // These were cut before they were told.
            Hint::Rights { .. }
            | Hint::SessionOver { .. }
            | Hint::Narrowed { .. }
            | Hint::LeaseLost
            | Hint::Job { .. } => {}
            Hint::Ephemeral {
                room,
                person,
                organisation: _,
                name,
                what,
                seq,
                until_ms,
            } => {
                if let Some(hub) = self.hub(room) {
                    let (kind, online) = match what.as_str() {
                        "typing" => (EphKind::Typing, None),
                        "read" => (EphKind::Read, None),
                        "online" => (EphKind::Presence, Some(true)),
                        _gone => (EphKind::Presence, Some(false)),
                    };
                    let (room, user) = (room.to_string(), person.to_string());
                    let exp = until_ms;
                    let eph = Eph { room, kind, user, name, exp, online, seq };
                    hub.tell_passing(person, eph);
                }
            }
        }
    }

    /// A space that this process cut is not cut again: who lost it may be back by now.
    fn hear_revoked(
        &self,
        space: Id<Space>,
        organisation: Id<Organisation>,
        reason: &str,
    ) {
        let cut_here = {
            let mut lost = locked(&self.0.lost);
            let place = lost.iter().position(|lost| *lost == (organisation, space));
            place.map(|place| lost.swap_remove(place))
        };
        let conns = match cut_here {
            Some(_) => self.conns_of(organisation),
            None => self.lose(space, organisation, reason),
        };
        // Lists are shorter now. Which record went is not told any more.
        let (kind, id) = ("deal".to_owned(), String::new());
        Self::hint(&conns, Changed { kind, id, revision: 0 });
    }

    fn hint(conns: &[Arc<Conn>], changed: Changed) {
        if conns.is_empty() {
            return;
        }
        let Some(text) = text_of::<()>(&ServerFrame::Changed(changed)) else { return };
        for conn in conns.iter().filter(|conn| conn.follows_me()) {
            conn.push(Item { text: text.clone(), class: Class::Hint, flag: None });
        }
    }

    /// Reads the rights of every socket again.
    async fn renew_all(&self, house: &House) {
        if let Err(fault) = self.renew_these(house, &self.all()).await {
            tell(&fault);
        }
    }

    async fn renew_these(&self, house: &House, conns: &[Arc<Conn>]) -> Result<(), Fault> {
        let mut gone = Vec::new();
        for conn in conns {
            let mut db = house.db.read().await?;
            let renewed =
                sessions::renew(&mut db, conn.caller(), house.clock.now()).await?;
            drop(db);
            match renewed {
                Some(caller) => conn.set_caller(caller),
                None => gone.push(Arc::clone(conn)),
            }
        }
        self.forbid(&gone).await;
        Ok(())
    }

    /// Tells who is there, of every room, so that it does not lapse.
    fn tell_present(&self, house: &House) {
        let until = house.clock.now() + PRESENCE_LASTS;
        for hub in self.hubs() {
            for conn in hub.people().values().take(MOST_PRESENT) {
                let room = hub.room();
                house.db.bus().tell(presence(conn, room, "online", until));
            }
        }
    }

    /// Tells that somebody came.
    pub(crate) fn tell_came(house: &House, sub: &Sub) {
        let until = house.clock.now() + PRESENCE_LASTS;
        house.db.bus().tell(presence(&sub.conn, sub.room, "online", until));
    }

    /// Tells that somebody went, unless another of their sockets is still there.
    pub(crate) fn tell_left(&self, house: &House, sub: &Sub) {
        let stays = self.hub(sub.room).is_some_and(|hub| hub.has(sub.conn.person));
        if !stays {
            let now = house.clock.now();
            house.db.bus().tell(presence(&sub.conn, sub.room, "offline", now));
        }
    }

    /// Tells that somebody is typing.
    pub(crate) fn tell_typing(house: &House, sub: &Sub) {
        let until = house.clock.now() + super::limits::TYPING_LASTS;
        house.db.bus().tell(presence(&sub.conn, sub.room, "typing", until));
    }
}

fn presence(conn: &Conn, room: Id<Room>, what: &str, until: Moment) -> Hint {
    let (person, organisation): (Id<Person>, Id<Organisation>) =
        (conn.person, conn.organisation);
    Hint::Ephemeral {
        room,
        person,
        organisation,
        name: conn.person_name.clone(),
        what: what.to_owned(),
        seq: None,
        until_ms: until.millis(),
    }
}
