//! What a client says.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    Broken, CallJoin, CallLeave, CallSignal, CallTell, MAX_DEPTH, MAX_FRAME_BYTES, depth,
};

/// The largest number that every JSON reader keeps exactly: 2^53 - 1.
const MAX_NUMBER: i64 = 9_007_199_254_740_991;

/// A frame from a client.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: who it is.
    Hello(Hello),
    /// Follow a room.
    Sub(Sub),
    /// Follow it no longer.
    Unsub(Unsub),
    /// Say something.
    Send(Said),
    /// Say it better.
    Edit(Edit),
    /// Take a message back.
    Redact(Redact),
    /// React to a message, or take the reaction back.
    React(React),
    /// Pin a message, or unpin it.
    Pin(Pin),
    /// Everything up to here has been read.
    Read(Marked),
    /// The person is typing.
    Typing(Unsub),
    /// A fresh token, before the old one ends.
    Auth(Auth),
    /// Take a seat in a room's call, or start one.
    CallJoin(CallJoin),
    /// Get up.
    CallLeave(CallLeave),
    /// How one takes part: muted, sharing one's screen.
    CallTell(CallTell),
    /// Something for another seat of the same call.
    CallSignal(CallSignal),
    /// Are you there?
    Ping(Number),
    /// Here I am.
    Pong(Number),
}

impl ClientFrame {
    /// The word for each kind of frame: what is not named here is not read.
    pub const ALL: [&'static str; 17] = [
        "hello",
        "sub",
        "unsub",
        "send",
        "edit",
        "redact",
        "react",
        "pin",
        "read",
        "typing",
        "auth",
        "call_join",
        "call_leave",
        "call_tell",
        "call_signal",
        "ping",
        "pong",
    ];
}

/// Who is there, and which version they speak.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Hello {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// A session's or a program's token; a browser has its cookie instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The version of the protocol.
    pub v: u32,
    /// What the client can do besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<String>,
}

/// Where a client stands in a log.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Cursor {
    /// The log's epoch.
    pub epoch: String,
    /// The last event that the client has; 0 for none.
    #[serde(deserialize_with = "count")]
    pub seq: i64,
}

/// Follow a room, from a cursor or from now on.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sub {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room, or `me`.
    pub room: String,
    /// Where the client stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// How many events may be replayed at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A room, and nothing else.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Unsub {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
}

/// A message.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Said {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The client's own id for the message: the same one is never posted twice.
    pub cid: String,
    /// The words, in Markdown.
    pub body: String,
    /// The seq that it answers.
    #[serde(
        default,
        deserialize_with = "count_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub reply_to: Option<i64>,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attach: Vec<String>,
}

/// Better words for one's own message.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Edit {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The client's own id for this event: the same one is never posted twice.
    pub cid: String,
    /// The seq of the message.
    #[serde(deserialize_with = "count")]
    pub target: i64,
    /// The words, in Markdown.
    pub body: String,
}

/// A message is taken back.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Redact {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The client's own id for this event: the same one is never posted twice.
    pub cid: String,
    /// The seq of the message.
    #[serde(deserialize_with = "count")]
    pub target: i64,
}

/// A reaction to a message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct React {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The client's own id for this event: the same one is never posted twice.
    pub cid: String,
    /// The seq of the message.
    #[serde(deserialize_with = "count")]
    pub target: i64,
    /// An emoji.
    pub emoji: String,
    /// Whether it is given, or taken back; given, unless told.
    #[serde(default = "yes")]
    pub on: bool,
}

/// A message is pinned, or unpinned.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Pin {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The room.
    pub room: String,
    /// The client's own id for this event: the same one is never posted twice.
    pub cid: String,
    /// The seq of the message.
    #[serde(deserialize_with = "count")]
    pub target: i64,
    /// Whether it is pinned; so, unless told.
    #[serde(default = "yes")]
    pub on: bool,
}

/// How far a room has been read.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Marked {
    /// The room.
    pub room: String,
    /// The last seq that was read.
    #[serde(deserialize_with = "count")]
    pub seq: i64,
}

/// A fresh token.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Auth {
    /// The client's number for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The token.
    pub token: String,
}

/// A number that comes back as it went.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Number {
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
}

const fn yes() -> bool {
    true
}

fn count<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(from)?;
    if (0..=MAX_NUMBER).contains(&number) {
        Ok(number)
    } else {
        Err(D::Error::custom("a seq is a whole number from 0 to 2^53 - 1"))
    }
}

fn count_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let number: Option<i64> = Option::deserialize(from)?;
    if number.is_none_or(|number| (0..=MAX_NUMBER).contains(&number)) {
        Ok(number)
    } else {
        Err(D::Error::custom("a seq is a whole number from 0 to 2^53 - 1"))
    }
}

#[derive(Deserialize)]
struct Head {
    t: String,
    #[serde(default)]
    id: Option<serde_json::Value>,
}

/// Reads one frame of a client.
///
/// Fields that this version does not know are passed over.
///
/// # Errors
/// [`Broken::Unknown`] for a frame that this version does not know, which the connection
/// outlives; any other [`Broken`] ends it.
pub fn read(text: &str) -> Result<ClientFrame, Broken> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(Broken::TooBig(text.len()));
    }
    if let Some(place) = depth::first_deeper_than(text, MAX_DEPTH) {
        return Err(Broken::TooDeep(place));
    }
    // A JSON array would pass for a struct.
    if !text.trim_start().starts_with('{') {
        return Err(Broken::NotAFrame("it does not start with `{`".to_owned()));
    }
    let head: Head = serde_json::from_str(text)
        .map_err(|error| Broken::NotAFrame(error.to_string()))?;
    let known = ClientFrame::ALL.into_iter().find(|word| *word == head.t);
    let frame = match known.unwrap_or_default() {
        "hello" => serde_json::from_str(text).map(ClientFrame::Hello),
        "sub" => serde_json::from_str(text).map(ClientFrame::Sub),
        "unsub" => serde_json::from_str(text).map(ClientFrame::Unsub),
        "send" => serde_json::from_str(text).map(ClientFrame::Send),
        "edit" => serde_json::from_str(text).map(ClientFrame::Edit),
        "redact" => serde_json::from_str(text).map(ClientFrame::Redact),
        "react" => serde_json::from_str(text).map(ClientFrame::React),
        "pin" => serde_json::from_str(text).map(ClientFrame::Pin),
        "read" => serde_json::from_str(text).map(ClientFrame::Read),
        "typing" => serde_json::from_str(text).map(ClientFrame::Typing),
        "auth" => serde_json::from_str(text).map(ClientFrame::Auth),
        "call_join" => serde_json::from_str(text).map(ClientFrame::CallJoin),
        "call_leave" => serde_json::from_str(text).map(ClientFrame::CallLeave),
        "call_tell" => serde_json::from_str(text).map(ClientFrame::CallTell),
        "call_signal" => serde_json::from_str(text).map(ClientFrame::CallSignal),
        "ping" => serde_json::from_str(text).map(ClientFrame::Ping),
        "pong" => serde_json::from_str(text).map(ClientFrame::Pong),
        _other => {
            let id = head.id.and_then(|id| id.as_u64());
            return Err(Broken::Unknown { t: head.t.chars().take(32).collect(), id });
        }
    };
    frame.map_err(|error| Broken::Field { t: head.t, why: error.to_string() })
}
