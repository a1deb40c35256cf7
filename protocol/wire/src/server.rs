//! What a client hears.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CallJoined, CallOver, CallSignalled, CallState};

/// A frame from the server. `E` is an event of a log; the server has a type of its own for it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame<E = Event> {
    /// The answer to `hello`.
    Welcome(Welcome),
    /// The answer to `sub`.
    Subd(Subd),
    /// An event of a room that is followed.
    Ev(E),
    /// The replay has reached the present.
    Caught(Caught),
    /// Too much was missed: page by REST, then `sub` again.
    Gap(Gap),
    /// The answer to `unsub`.
    Unsubd(Unsubd),
    /// A message stands in the log, durably.
    Ack(Ack),
    /// A frame was refused.
    Nak(Nak),
    /// Something that passes: typing, presence.
    Eph(Eph),
    /// The room may not be followed any more; nothing of it comes after this.
    Revoked(Revoked),
    /// A record changed; read it again.
    Changed(Changed),
    /// The answer to `auth`.
    Authd(Authd),
    /// A frame could not be handled; the connection stays.
    Error(Error),
    /// A room's call, as it stands now.
    Call(CallState),
    /// The answer to `call_join`.
    CallJoined(CallJoined),
    /// Something from another seat of the same call.
    CallSignal(CallSignalled),
    /// The client's seat is gone; its connections to the others are to be closed.
    CallOver(CallOver),
    /// Are you there?
    Ping(crate::Number),
    /// Here I am.
    Pong(crate::Number),
    /// The last word before the socket is closed.
    Bye(Bye),
}

/// Who the client is, and the rules.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Welcome {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The person's id.
    pub user: String,
    /// The connection's name, for logs.
    pub conn: String,
    /// How often the server pings, in milliseconds.
    pub hb_ms: u64,
    /// The longest frame that is taken, in bytes.
    pub max_frame: usize,
    /// Milliseconds since 1970.
    pub server_time: i64,
    /// How long this connection can be resumed, in milliseconds: 0, for a cursor does it all.
    pub resume_ttl: u64,
}

/// How a subscription begins.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// From now on.
    Live,
    /// With what was missed.
    Replay,
    /// Not at all: too much was missed, or the log is another.
    Gap,
}

/// A room is followed (or, with [`Mode::Gap`], is not).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Subd {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The log's epoch.
    pub epoch: String,
    /// The newest seq.
    pub head: i64,
    /// The seq that will come first.
    pub from: i64,
    /// How it begins.
    pub mode: Mode,
}

/// An event of a log, as it comes over the wire.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Event {
    /// The room.
    pub room: String,
    /// Its place in the log.
    pub seq: i64,
    /// What it is.
    pub kind: String,
    /// Who said it.
    pub author: String,
    /// Their name.
    pub name: String,
    /// Their organisation.
    pub organisation: Option<String>,
    /// Its name.
    pub organisation_name: Option<String>,
    /// The author's own id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// By which way, if not the hub's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The seq that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// What its kind adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
}

/// The client has everything up to `seq`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Caught {
    /// The room.
    pub room: String,
    /// The last seq of the replay.
    pub seq: i64,
}

/// Too much was missed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Gap {
    /// The room.
    pub room: String,
    /// The newest seq.
    pub head: i64,
}

/// The room is followed no longer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Unsubd {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
}

/// A message stands at `seq`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ack {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The client's own id for the message.
    pub cid: String,
    /// The room.
    pub room: String,
    /// Its place in the log.
    pub seq: i64,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// Whether it stood there before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dup: bool,
}

/// A frame was refused.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Nak {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The client's own id for the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// The room, as the client named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Why, for programs: `cid_reused`, `too_long`, `rate`, `not_found`, `forbidden` …
    pub code: String,
    /// After how many milliseconds to try again, if that can help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<i64>,
}

/// What passes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EphKind {
    /// Somebody is typing.
    Typing,
    /// Somebody is there, or has gone.
    Presence,
    /// Somebody has read so far.
    Read,
}

/// Something that passes, and is never replayed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Eph {
    /// The room.
    pub room: String,
    /// What it is.
    pub kind: EphKind,
    /// Who.
    pub user: String,
    /// Their name.
    pub name: String,
    /// Until when it holds: milliseconds since 1970.
    pub exp: i64,
    /// For presence: whether they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    /// For read: up to which seq.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
}

/// The room is closed to the client.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Revoked {
    /// The room.
    pub room: String,
    /// A word for the reason.
    pub reason: String,
}

/// A record changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Changed {
    /// Its kind, such as `deal`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its revision; 0 where it has none.
    pub revision: i64,
}

/// The fresh token is good.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Authd {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
}

/// A frame could not be handled.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Error {
    /// The client's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Why, for programs: `unknown_frame`.
    pub code: String,
    /// Why, for people.
    pub detail: String,
}

/// The socket is about to be closed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bye {
    /// With this code.
    pub code: u16,
    /// After how many milliseconds to come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl<E: Serialize> ServerFrame<E> {
    /// Its text.
    ///
    /// # Errors
    /// If the event cannot be written as JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
