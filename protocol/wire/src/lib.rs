//! The frames of the socket `entente.v1.json`: text to values and back. Sans-IO.
//!
//! One text frame is one JSON object with `t`. [`read`] takes what a client sent, and refuses
//! what is too long, too deep or no frame at all; [`ServerFrame`] is what it hears. A frame of
//! an unknown `t` is told apart from a broken one: the connection outlives it.

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod broken;
mod call;
mod client;
mod close;
mod depth;
mod server;

pub use broken::Broken;
pub use call::{
    CallJoin, CallJoined, CallLeave, CallOver, CallSeat, CallSignal, CallSignalled,
    CallState, CallTell, IceServer, SignalKind,
};
pub use client::{
    Auth, ClientFrame, Cursor, Edit, Hello, Marked, Number, Pin, React, Redact, Said,
    Sub, Unsub, read,
};
pub use close::Close;
pub use server::{
    Ack, Authd, Bye, Caught, Changed, Eph, EphKind, Error, Event, Gap, Mode, Nak,
    Revoked, ServerFrame, Subd, Unsubd, Welcome,
};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "entente.v1.json";
/// The version that `hello` names.
pub const VERSION: u32 = 1;
/// The longest frame that a client may send, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// How deep a frame's JSON may nest.
pub const MAX_DEPTH: usize = 16;
/// The room that carries what concerns the person, and hints.
pub const ME: &str = "me";
