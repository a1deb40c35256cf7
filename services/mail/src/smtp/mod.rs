//! The door by which mail comes in: SMTP (RFC 5321) on a listener of our own.
//!
//! `session` holds the conversation as a value that bytes are fed to; `desk` answers its
//! two questions, whether a recipient is known and whether a mail is kept; `listener` moves
//! bytes between them and the socket, and watches the time.

mod desk;
mod lines;
mod listener;
mod session;
mod tls;

pub use listener::{serve, serve_with};
pub use tls::Tls;
