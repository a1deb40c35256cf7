//! What nodes tell each other. A hint says where to look; the database is the truth, so a
//! hint that is lost costs time, never a message.

use futures_util::StreamExt;
use kernel::{Fault, Id, Node, Organisation, Person, Room, Session, Space};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

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
    /// Somebody is typing or came or went: never stored.
    Ephemeral {
        /// Where.
        room: Id<Room>,
        /// Who.
        person: Id<Person>,
        /// For which organisation.
        organisation: Id<Organisation>,
        /// The person's name.
        name: String,
        /// `typing`, `online` or `offline`.
        what: String,
        /// Until when it holds, in milliseconds since 1970.
        until_ms: i64,
    },
    /// A job is waiting.
    Job,
}

/// The receiving end. A slow reader loses the oldest hints and is told so.
pub type Hints = broadcast::Receiver<Hint>;

/// The bus: in this process, and across nodes where NATS joins them.
#[derive(Clone, Debug)]
pub struct Bus {
    node: Id<Node>,
    local: broadcast::Sender<Hint>,
    nats: Option<async_nats::Client>,
}

#[derive(Deserialize, Serialize)]
struct Parcel {
    from: Id<Node>,
    hint: Hint,
}

const CAPACITY: usize = 16_384;
const SUBJECT: &str = "entente.hint";

impl Bus {
    /// For one process.
    pub fn local() -> Self {
        Self { node: Id::mint(), local: broadcast::channel(CAPACITY).0, nats: None }
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
        let (node, local) = (bus.node, bus.local.clone());
        tokio::spawn(async move {
            while let Some(message) = parcels.next().await {
                match serde_json::from_slice::<Parcel>(&message.payload) {
                    Ok(parcel) if parcel.from == node => {}
                    Ok(parcel) => drop(local.send(parcel.hint)),
                    Err(error) => {
                        tracing::warn!(%error, "a hint from NATS makes no sense")
                    }
                }
            }
        });
        bus.nats = Some(client);
        Ok(bus)
    }

    /// Tells everybody, here and on other nodes. Never waits.
    pub fn tell(&self, hint: Hint) {
        if let Some(client) = self.nats.clone() {
            let parcel = Parcel { from: self.node, hint: hint.clone() };
            match serde_json::to_vec(&parcel) {
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
        drop(self.local.send(hint));
    }

    /// Listens from now on.
    pub fn listen(&self) -> Hints {
        self.local.subscribe()
    }

    /// The name of this process among the nodes.
    pub const fn node(&self) -> Id<Node> {
        self.node
    }
}
