//! The seats whose sockets this process holds, and what is to be done for them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kernel::{Id, Moment, Person, Room, Seat, Space};
use sharing::Reader;
use tokio::sync::mpsc;
use wire::{CallOver, ServerFrame};

use super::rules::{Counted, Rates};
use crate::live::{
    conn::{Conn, locked},
    queue::Flag,
};

/// A seat whose socket is here.
#[derive(Debug)]
pub(crate) struct Seated {
    pub(crate) seat: Id<Seat>,
    pub(crate) room: Id<Room>,
    pub(crate) space: Id<Space>,
    pub(crate) reader: Reader,
    pub(crate) conn: Arc<Conn>,
    /// Cut with the space: nothing of the call is written to this socket any more.
    pub(crate) flag: Arc<Flag>,
    /// Set once the seat is committed: until then the database does not know it, which is no lapse.
    pub(crate) stands: AtomicBool,
}

impl Seated {
    /// The seat is committed.
    pub(crate) fn settle(&self) {
        self.stands.store(true, Ordering::SeqCst);
    }

    /// Whether whoever reads the database from now on finds the seat, or it is over.
    pub(crate) fn is_settled(&self) -> bool {
        self.stands.load(Ordering::SeqCst)
    }

    pub(crate) fn say(&self, frame: &ServerFrame<()>) {
        self.conn.say_under(Some(Arc::clone(&self.flag)), frame);
    }

    /// The last that is said of the seat.
    pub(crate) fn over(&self, reason: &str) {
        self.flag.cut();
        self.conn.say(&ServerFrame::CallOver(CallOver {
            room: self.room.to_string(),
            seat: self.seat.to_string(),
            reason: reason.to_owned(),
        }));
    }
}

/// What is to be done beside.
#[derive(Debug)]
pub(crate) enum Task {
    /// A room's call has changed: tell those who follow it here.
    Refresh(Id<Room>),
    /// A space was taken from somebody: tell the others in its calls.
    Lost(Id<Space>),
    /// Hints were lost.
    RefreshAll,
    /// Hand on what came from another node.
    Deliver {
        /// To which seat.
        seat: Id<Seat>,
        /// What, sealed.
        sealed: String,
    },
    /// Somebody gets up.
    Leave(Id<Room>, Id<Seat>),
    /// A socket broke: its seat holds a little longer, for it to come back.
    Gone(Id<Room>, Id<Seat>),
    /// That time is over.
    Lapse(Id<Room>),
}

/// The seats of this process.
#[derive(Debug)]
pub(crate) struct Calls {
    seats: Mutex<HashMap<Id<Seat>, Arc<Seated>>>,
    rates: Mutex<HashMap<Id<Person>, Rates>>,
    tasks: mpsc::UnboundedSender<Task>,
    pub(super) doing: tokio::sync::Mutex<mpsc::UnboundedReceiver<Task>>,
}

impl Default for Calls {
    fn default() -> Self {
        let (tasks, doing) = mpsc::unbounded_channel();
        Self {
            seats: Mutex::default(),
            rates: Mutex::default(),
            tasks,
            doing: tokio::sync::Mutex::new(doing),
        }
    }
}

impl Calls {
    /// Has something done, in the order of these calls.
    pub(crate) fn task(&self, task: Task) {
        drop(self.tasks.send(task));
    }

    /// Somebody sits down. Who sat there by another socket is told that they no longer do.
    pub(super) fn sit(&self, seated: Arc<Seated>) {
        let number = seated.conn.number;
        let before = locked(&self.seats).insert(seated.seat, seated);
        if let Some(before) = before.filter(|it| it.conn.number != number) {
            before.over("elsewhere");
        }
    }

    /// A seat is gone. False if it was before.
    pub(super) fn stand(&self, seated: &Arc<Seated>) -> bool {
        let mut seats = locked(&self.seats);
        let is_there =
            seats.get(&seated.seat).is_some_and(|kept| Arc::ptr_eq(kept, seated));
        if is_there {
            seats.remove(&seated.seat);
        }
        is_there
    }

    pub(super) fn seated(&self, seat: Id<Seat>) -> Option<Arc<Seated>> {
        locked(&self.seats).get(&seat).cloned()
    }

    /// A seat of a connection in a room.
    pub(super) fn own(
        &self,
        conn: &Conn,
        (room, seat): (Id<Room>, Id<Seat>),
    ) -> Option<Arc<Seated>> {
        let is_own = |it: &Arc<Seated>| it.conn.number == conn.number && it.room == room;
        self.seated(seat).filter(is_own)
    }

    pub(super) fn all(&self) -> Vec<Arc<Seated>> {
        locked(&self.seats).values().cloned().collect()
    }

    pub(super) fn of_room(&self, room: Id<Room>) -> Vec<Arc<Seated>> {
        self.all().into_iter().filter(|it| it.room == room).collect()
    }

    fn of_conn(&self, conn: &Conn) -> Vec<Arc<Seated>> {
        self.all().into_iter().filter(|it| it.conn.number == conn.number).collect()
    }

    /// Has what comes from another node handed on, if the seat is here.
    pub(crate) fn deliver(&self, seat: Id<Seat>, sealed: String) {
        if self.seated(seat).is_some() {
            self.task(Task::Deliver { seat, sealed });
        }
    }

    /// A connection has lost a space: it is out of the calls there before this returns.
    pub(crate) fn lose(&self, conn: &Conn, space: Id<Space>) {
        for lost in self.of_conn(conn).into_iter().filter(|it| it.space == space) {
            if self.stand(&lost) {
                lost.over("revoked");
                self.task(Task::Leave(lost.room, lost.seat));
            }
        }
    }

    /// A connection is gone. Whose rights were taken away has no time to come back.
    pub(crate) fn forget(&self, conn: &Conn) {
        for gone in self.of_conn(conn) {
            if self.stand(&gone) {
                self.task(if conn.is_forbidden() {
                    Task::Leave(gone.room, gone.seat)
                } else {
                    Task::Gone(gone.room, gone.seat)
                });
            }
        }
    }

    /// Counts what a person asks for.
    pub(super) fn count(
        &self,
        person: Id<Person>,
        what: Counted,
        now: Moment,
    ) -> Result<(), Duration> {
        let mut rates = locked(&self.rates);
        rates.entry(person).or_insert_with(|| Rates::new(now)).count(what, now)
    }

    pub(crate) fn forget_idle(&self, now: Moment) {
        locked(&self.rates).retain(|_, rates| !rates.is_idle(now));
    }
}
