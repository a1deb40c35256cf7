//! Web Push: a message that only one browser can open, and the proof of who sends it.
//!
//! A browser subscribes at a push service and hands out an address there, a public key and a
//! secret. [`Browser`] holds those two; [`seal`] encrypts a message for it (RFC 8291), so that the
//! push service carries what it cannot read. [`Sender`] signs for the hub towards the push service
//! (VAPID, RFC 8292). No I/O, no clock, no chance: salts, keys and times are parameters.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod seal;
mod sender;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

pub use seal::{Browser, LIMIT_BYTES, SALT_BYTES, seal};
pub use sender::{KEY_BYTES, Sender};

/// Why nothing was sealed or signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Broken {
    /// The public key of a browser is none.
    #[error(
        "the key `p256dh` is no point of P-256: 65 bytes in base64url (RFC 8291, 3.1)"
    )]
    Key,
    /// The secret of a browser is none.
    #[error("the secret `auth` has 16 bytes in base64url (RFC 8291, 3.2)")]
    Secret,
    /// The message does not fit into one record.
    #[error("a pushed message has at most {LIMIT_BYTES} bytes")]
    TooLong,
    /// The bytes make no private key; others will.
    #[error("these bytes are no private key of P-256")]
    Private,
    /// The library failed.
    #[error("the cryptographic library failed")]
    Failed,
}

/// Bytes as base64url without padding (RFC 4648, 5).
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What base64url stands for; padding may be there.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}
