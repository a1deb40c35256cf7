//! The live half of rooms: every socket of this process, and what cuts them.
//!
//! [`Live`] is the handle. A change commits and leaves a [`Hint`]; [`dispatch`] hears it and
//! pokes the room's [`hub`], which reads the log from where its followers stand and queues
//! each event on their [`conn`]. What is sent to a room goes through [`commit`].
//!
//! Every frame that tells of a room carries a flag that the writer checks right before it
//! writes, under a lock. Taking a right away cuts the flags, then waits for that lock: once
//! [`Live::cut`] returns, nothing of the space reaches the kernel any more.

pub(crate) mod commit;
pub(crate) mod conn;
mod cut;
pub(crate) mod dispatch;
pub(crate) mod hub;
pub(crate) mod limits;
pub(crate) mod queue;
pub(crate) mod reads;
pub(crate) mod replay;
pub(crate) mod track;

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use gate::{Caller, House};
use kernel::{Id, Moment, Organisation, Person, Room, Space};
use tokio::sync::mpsc;

use commit::Posting;
use conn::{Conn, locked};
use cut::Renewal;
use hub::{Hub, Sub};
use limits::Sends;
use reads::Reads;

use crate::calls::live::Calls;

/// How many messages may wait for the committer.
const POSTINGS: usize = 4_096;

/// Every socket of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

/// The connections of each organisation, by number.
type Conns = HashMap<Id<Organisation>, HashMap<u64, Arc<Conn>>>;

struct Inner {
    conns: Mutex<Conns>,
    hubs: Mutex<HashMap<Id<Room>, Arc<Hub>>>,
    /// Counts what takes rights away. Who reads under a right looks, before it delivers or
    /// registers something to be cut, whether one was taken away meanwhile.
    cuts: RwLock<u64>,
    numbers: AtomicU64,
    draining: AtomicBool,
    /// Spaces that were cut, until the bus has told of it: hints about them may still come.
    lost: Mutex<Vec<(Id<Organisation>, Id<Space>)>>,
    sends: Mutex<HashMap<Id<Person>, Sends>>,
    reads: Reads,
    postings: mpsc::Sender<Posting>,
    /// How many messages are not answered yet.
    pending: AtomicUsize,
    posted: tokio::sync::Mutex<mpsc::Receiver<Posting>>,
    renewals: mpsc::UnboundedSender<Renewal>,
    renewing: tokio::sync::Mutex<mpsc::UnboundedReceiver<Renewal>>,
    calls: Calls,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("sockets", &self.sockets()).finish_non_exhaustive()
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// Without any socket yet.
    pub fn new() -> Self {
        let (postings, posted) = mpsc::channel(POSTINGS);
        let (renewals, renewing) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            conns: Mutex::default(),
            hubs: Mutex::default(),
            cuts: RwLock::default(),
            numbers: AtomicU64::new(1),
            draining: AtomicBool::new(false),
            lost: Mutex::default(),
            sends: Mutex::default(),
            reads: Reads::default(),
            postings,
            pending: AtomicUsize::new(0),
            posted: tokio::sync::Mutex::new(posted),
            renewals,
            renewing: tokio::sync::Mutex::new(renewing),
            calls: Calls::default(),
        }))
    }

    /// How many sockets are open.
    pub fn sockets(&self) -> usize {
        locked(&self.0.conns).values().map(HashMap::len).sum()
    }

    /// Whether new sockets are sent away.
    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::SeqCst)
    }

    fn all(&self) -> Vec<Arc<Conn>> {
        let conns = locked(&self.0.conns);
        conns.values().flat_map(HashMap::values).cloned().collect()
    }

    fn conns_of(&self, organisation: Id<Organisation>) -> Vec<Arc<Conn>> {
        let conns = locked(&self.0.conns);
        conns
            .get(&organisation)
            .map(|theirs| theirs.values().cloned().collect())
            .unwrap_or_default()
    }

    /// A new connection, known from now on.
    pub(crate) fn enter(&self, caller: Caller, person_name: String) -> Arc<Conn> {
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        let conn = Arc::new(Conn::new(number, caller, person_name));
        let mut conns = locked(&self.0.conns);
        conns.entry(caller.organisation).or_default().insert(number, Arc::clone(&conn));
        metrics::gauge!("entente_sockets").increment(1.0);
        conn
    }

    /// A connection is gone, and with it all that it followed.
    pub(crate) fn forget(&self, house: &House, conn: &Arc<Conn>) {
        {
            let mut conns = locked(&self.0.conns);
            if let Some(theirs) = conns.get_mut(&conn.organisation) {
                theirs.remove(&conn.number);
                if theirs.is_empty() {
                    conns.remove(&conn.organisation);
                }
            }
        }
        metrics::gauge!("entente_sockets").decrement(1.0);
        self.0.calls.forget(conn);
        for sub in conn.subs() {
            sub.end();
            conn.drop_sub(&sub);
            self.leave(&sub);
            self.tell_left(house, &sub);
        }
    }

    /// A subscription joins its room; the room's reader starts if it is the first.
    pub(crate) fn join(&self, house: &House, sub: &Arc<Sub>) -> Arc<Hub> {
        let mut hubs = locked(&self.0.hubs);
        let hub = hubs.entry(sub.room).or_insert_with(|| {
            let hub = Arc::new(Hub::new(sub.room));
            tokio::spawn(Arc::clone(&hub).run(self.clone(), house.clone()));
            hub
        });
        hub.add(Arc::clone(sub));
        Arc::clone(hub)
    }

    /// A subscription leaves its room.
    pub(crate) fn leave(&self, sub: &Arc<Sub>) {
        let hub = self.hub(sub.room);
        if let Some(hub) = hub {
            hub.remove(sub);
            if hub.is_empty() {
                hub.poke();
            }
        }
    }

    pub(crate) fn hub(&self, room: Id<Room>) -> Option<Arc<Hub>> {
        locked(&self.0.hubs).get(&room).cloned()
    }

    pub(crate) fn hubs(&self) -> Vec<Arc<Hub>> {
        locked(&self.0.hubs).values().cloned().collect()
    }

    /// Has a room's log read again.
    pub(crate) fn poke(&self, room: Id<Room>) {
        if let Some(hub) = self.hub(room) {
            hub.poke();
        }
    }

    /// Forgets a room that nobody follows; true if its reader may end.
    pub(crate) fn retire(&self, hub: &Arc<Hub>) -> bool {
        let mut hubs = locked(&self.0.hubs);
        let ends = hub.is_empty();
        if ends {
            hubs.retain(|_, kept| !Arc::ptr_eq(kept, hub));
        }
        ends
    }

    /// Counts a message that a person sends.
    ///
    /// # Errors
    /// After how long there is room for it.
    pub(crate) fn count_send(
        &self,
        person: Id<Person>,
        now: Moment,
    ) -> Result<(), Duration> {
        locked(&self.0.sends).entry(person).or_default().count(now)
    }

    fn forget_idle(&self, now: Moment) {
        locked(&self.0.sends).retain(|_, sends| !sends.is_idle(now));
        self.0.calls.forget_idle(now);
    }

    /// Hands a message to the committer; false if too many wait.
    pub(crate) fn post(&self, posting: Posting) -> bool {
        // Counted first: the committer may be done before we are.
        self.0.pending.fetch_add(1, Ordering::SeqCst);
        let taken = self.0.postings.try_send(posting).is_ok();
        if !taken {
            self.0.pending.fetch_sub(1, Ordering::SeqCst);
        }
        taken
    }

    pub(crate) fn reads(&self) -> &Reads {
        &self.0.reads
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.0.calls
    }
}
