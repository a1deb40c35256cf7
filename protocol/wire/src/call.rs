//! What is said about calls. Sound and pictures go from browser to browser; the socket carries
//! who is there, and what two of them need to find each other.

use serde::{Deserialize, Serialize};

/// Take a seat in a room's call; where there is no call, one starts.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallJoin {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The seat that this client had before its connection broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// Whether the microphone is off.
    #[serde(default)]
    pub muted: bool,
}

/// Get up from a seat.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallLeave {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The seat.
    pub seat: String,
}

/// How somebody takes part.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallTell {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The seat.
    pub seat: String,
    /// Whether the microphone is off.
    pub muted: bool,
    /// Whether the screen is shared: at most one in a call.
    pub sharing: bool,
}

/// What two browsers tell each other.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// A session description that is offered.
    #[default]
    Offer,
    /// The answer to one.
    Answer,
    /// A way to reach the sender.
    Candidate,
}

/// Something for another seat of the same call.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallSignal {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The sender's seat.
    pub seat: String,
    /// The seat for which it is.
    pub to: String,
    /// What it is.
    pub kind: SignalKind,
    /// Its text, which the hub does not look into.
    pub body: String,
}

/// The same, as the other one hears it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallSignalled {
    /// The room.
    pub room: String,
    /// The seat for which it is.
    pub seat: String,
    /// The seat from which it comes.
    pub from: String,
    /// What it is.
    pub kind: SignalKind,
    /// Its text.
    pub body: String,
}

/// A room's call as it stands now. One with a smaller `revision` is older.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallState {
    /// The room.
    pub room: String,
    /// The call; none where there is none.
    pub call: Option<String>,
    /// Grows with each change of this call.
    pub revision: i64,
    /// Since when: milliseconds since 1970.
    pub since: i64,
    /// Who started it.
    pub by: String,
    /// Their name.
    pub by_name: String,
    /// Who is in it, in the order in which they came.
    pub seats: Vec<CallSeat>,
    /// How many may be in it.
    pub most: usize,
}

/// Somebody who is in a call.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallSeat {
    /// The seat.
    pub seat: String,
    /// Who.
    pub user: String,
    /// Their name.
    pub name: String,
    /// For which organisation.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// Whether the microphone is off.
    pub muted: bool,
    /// Whether the screen is shared.
    pub sharing: bool,
    /// Since when: milliseconds since 1970.
    pub since: i64,
}

/// The client has a seat.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallJoined {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The call.
    pub call: String,
    /// The seat.
    pub seat: String,
    /// Servers that help two browsers to find each other.
    pub ice: Vec<IceServer>,
}

/// A server that helps two browsers to find each other, as `RTCPeerConnection` takes it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct IceServer {
    /// Its addresses.
    pub urls: Vec<String>,
    /// A name for it, for a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What goes with the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// A seat is gone.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CallOver {
    /// The room.
    pub room: String,
    /// The seat.
    pub seat: String,
    /// A word for the reason: `revoked`, `elsewhere`, `lapsed`.
    pub reason: String,
}
