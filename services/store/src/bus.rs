//! What nodes tell each other. A hint says where to look; the database is the truth, so a
//! hint that is lost costs time, never a message.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::StreamExt;
use kernel::{Fault, Id, Moment, Node, Organisation, Person, Room, Seat, Session, Space};
use serde::{Deserialize, Serialize};
use tokio::sync::{RwLock, broadcast};

use crate::{
    cluster::{Lease, Neighbours},
    jobs::Bells,
};

/// Where to look, and why.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Hint {
    /// A room's log has grown to `head`.
    Room {
        /// Which.
        room: Id<Room>,
        /// Its newest event.
        head: i64,
    },
    /// A record that an organisation may see has changed.
    Changed {
        /// Who may see it.
        organisation: Id<Organisation>,
        /// What kind it is, such as `deal`.
        kind: String,
        /// Which, as text.
        id: String,
        /// Its revision; 0 where it has none.
        revision: i64,
    },
    /// Something for one person: a notification, an unread count.
    Person {
        /// Who.
        person: Id<Person>,
        /// In which organisation.
        organisation: Id<Organisation>,
        /// What kind of record, such as `notification`.
        kind: String,
    },
    /// An organisation no longer takes part in a space.
    Revoked {
        /// Which space.
        space: Id<Space>,
        /// Who left it.
        organisation: Id<Organisation>,
        /// A word for the reason, as the socket tells it: `removed`, `left`, `ended`.
        reason: String,
    },
    /// A mask became narrower, or a grant on a record was taken back.
    Narrowed {
        /// Whose.
        organisation: Id<Organisation>,
    },
    /// A person's rights in an organisation are to be read again.
    Rights {
        /// Who.
        person: Id<Person>,
        /// Where.
        organisation: Id<Organisation>,
    },
    /// A session is over.
    SessionOver {
        /// Which.
        session: Id<Session>,
    },
    /// Somebody is typing, came or went, or has read: never stored.
    Ephemeral {
        /// Where.
        room: Id<Room>,
        /// Who.
        person: Id<Person>,
        /// For which organisation.
        organisation: Id<Organisation>,
        /// The person's name.
        name: String,
        /// `typing`, `online`, `offline` or `read`.
        what: String,
        /// How far they have read, for `read`.
        #[serde(default)]
        seq: Option<i64>,
        /// Until when it holds, in milliseconds since 1970.
        until_ms: i64,
    },
    /// Who is in a room's call has changed.
    Call {
        /// Where.
        room: Id<Room>,
    },
    /// Something for a seat of a call: sealed, so that the bus carries no content.
    Signal {
        /// For which.
        seat: Id<Seat>,
        /// What, for the node that holds its socket.
        sealed: String,
    },
    /// A job is waiting. Only its worker hears of it.
    Job {
        /// Of which kind.
        kind: String,
        /// When it is due.
        due: Moment,
    },
    /// This process has no lease any more: every socket of it goes. Never told to others.
    LeaseLost,
}

impl Hint {
    /// Whether it takes rights away. Such a change commits only while no answer is being
    /// made, and its commit returns only once nothing more can be sent under the old right.
    pub const fn lowers(&self) -> bool {
        match self {
            Self::Narrowed { .. }
            | Self::Revoked { .. }
            | Self::Rights { .. }
            | Self::SessionOver { .. }
            | Self::LeaseLost => true,
            Self::Room { .. }
            | Self::Changed { .. }
            | Self::Person { .. }
            | Self::Ephemeral { .. }
            | Self::Call { .. }
            | Self::Signal { .. }
            | Self::Job { .. } => false,
        }
    }
}

/// What must be done, after a commit that took rights away, before that commit returns:
/// live subscriptions are cut.
pub type Barrier =
    Box<dyn Fn(Hint) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// The receiving end. A slow reader loses the oldest hints and is told so.
pub type Hints = broadcast::Receiver<Hint>;

/// The bus: in this process, and across nodes where NATS joins them.
#[derive(Clone)]
pub struct Bus {
    node: Id<Node>,
    local: broadcast::Sender<Hint>,
    nats: Option<async_nats::Client>,
    fence: Arc<RwLock<()>>,
    /// Counts how often answers that were being made were refused.
    answers: Arc<AtomicU64>,
    barrier: Arc<OnceLock<Barrier>>,
    lease: Lease,
    neighbours: Arc<Neighbours>,
    bells: Arc<Bells>,
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("node", &self.node).finish_non_exhaustive()
    }
}

#[derive(Deserialize, Serialize)]
struct Parcel {
    from: Id<Node>,
    #[serde(flatten)]
    said: Said,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    /// Where to look.
    Hint(Hint),
    /// There is something to cut, up to this number.
    ToCut(i64),
    /// The sender has cut up to this number.
    HasCut(i64),
}

const CAPACITY: usize = 16_384;
const SUBJECT: &str = "entente.hint";

impl Bus {
    /// For one process.
    pub fn local() -> Self {
        Self {
            node: Id::mint(),
            local: broadcast::channel(CAPACITY).0,
            nats: None,
            fence: Arc::default(),
            answers: Arc::default(),
            barrier: Arc::default(),
            lease: Lease::endless(),
            neighbours: Arc::default(),
            bells: Arc::default(),
        }
    }

    /// For several, joined by the NATS server at `url`.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn nats(url: &str) -> Result<Self, Fault> {
        let client =
            async_nats::connect(url).await.map_err(Fault::new("reaching NATS"))?;
        let mut bus = Self::local();
        let mut parcels =
            client.subscribe(SUBJECT).await.map_err(Fault::new("subscribing at NATS"))?;
        client.flush().await.map_err(Fault::new("subscribing at NATS"))?;
        let here = bus.clone();
        tokio::spawn(async move {
            while let Some(message) = parcels.next().await {
                match serde_json::from_slice::<Parcel>(&message.payload) {
                    Ok(parcel) if parcel.from == here.node => {}
                    Ok(Parcel { from, said }) => here.hear(from, said),
                    Err(error) => {
                        tracing::warn!(%error, "a hint from NATS makes no sense");
                    }
                }
            }
        });
        bus.nats = Some(client);
        Ok(bus)
    }

    fn hear(&self, from: Id<Node>, said: Said) {
        match said {
            Said::Hint(hint) => self.tell_here(hint),
            Said::ToCut(_) => self.neighbours.look(),
            Said::HasCut(no) => self.neighbours.has_cut(from, no),
        }
    }

    /// Tells everybody, here and on other nodes. Never waits.
    pub fn tell(&self, hint: Hint) {
        if self.nats.is_some() {
            self.publish(Said::Hint(hint.clone()));
        }
        self.tell_here(hint);
    }

    /// Tells this process only.
    pub(crate) fn tell_here(&self, hint: Hint) {
        if let Hint::Job { kind, due } = &hint {
            self.bells.ring(kind, *due);
        } else {
            drop(self.local.send(hint));
        }
    }

    pub(crate) fn bells(&self) -> &Bells {
        &self.bells
    }

    /// Tells other nodes that there is something to cut.
    pub(crate) fn tell_to_cut(&self, no: i64) {
        self.publish(Said::ToCut(no));
    }

    /// Tells other nodes that this one has cut so far.
    pub(crate) fn tell_cut(&self, no: i64) {
        self.publish(Said::HasCut(no));
    }

    fn publish(&self, said: Said) {
        let Some(client) = self.nats.clone() else { return };
        match serde_json::to_vec(&Parcel { from: self.node, said }) {
            Ok(bytes) => {
                tokio::spawn(async move {
                    if let Err(error) = client.publish(SUBJECT, bytes.into()).await {
                        tracing::warn!(%error, "a hint did not reach NATS");
                    }
                });
            }
            Err(error) => tracing::warn!(%error, "a hint could not be written"),
        }
    }

    /// Listens from now on.
    pub fn listen(&self) -> Hints {
        self.local.subscribe()
    }

    /// Held to read while an answer is made, and to write while a commit takes rights away.
    pub const fn fence(&self) -> &Arc<RwLock<()>> {
        &self.fence
    }

    /// Whether this process may send.
    pub const fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Changes when answers that are being made must not be sent any more: rights were taken
    /// away under them, and they held that up for too long.
    pub fn answers(&self) -> u64 {
        self.answers.load(Ordering::SeqCst)
    }

    pub(crate) fn refuse_answers(&self) {
        self.answers.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// Sets what cuts live subscriptions. The first one set stays.
    pub fn set_barrier(&self, barrier: Barrier) {
        drop(self.barrier.set(barrier));
    }

    /// Cuts what a hint takes away, and returns when it is cut.
    pub(crate) async fn cut(&self, hint: &Hint) {
        if let Some(barrier) = self.barrier.get() {
            barrier(hint.clone()).await;
        }
    }

    /// The name of this process among the nodes.
    pub const fn node(&self) -> Id<Node> {
        self.node
    }
}
