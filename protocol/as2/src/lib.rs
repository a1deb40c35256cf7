//! AS2 over bytes: S/MIME messages and their receipts.
//!
//! [`receive`] unwraps, verifies and takes the MIC of what came; [`Outgoing`] makes what
//! goes; [`Receipt`] and [`Answer`] are the MDN in both directions; [`Identity`] and
//! [`Certificate`] are who we and our partners are, [`Ring`] keeps them opened; [`cms`] is the cryptographic syntax
//! below, on aws-lc-rs. No I/O and no clock; times and boundaries are parameters. Only keys,
//! nonces and signatures draw chance, inside the library that needs them.
//!
//! Source: RFC 4130 (AS2), RFC 5402 (compression), RFC 6362 (several documents), RFC 8551
//! (S/MIME), RFC 5652 (CMS), RFC 8098 (MDN).
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod algorithms;
mod asn1;
mod broken;
mod certificate;
pub mod cms;
mod identity;
mod message;
mod name;
mod oids;
mod outgoing;
mod parsed;
mod receipt;
mod ring;
mod stream;

pub use algorithms::{Cipher, Digest, KeyTransport, Legacy, Scheme};
pub use broken::Broken;
pub use certificate::{Certificate, Facts};
pub use identity::{Identity, Profile};
pub use message::{Demand, Document, Evidence, Keys, Mic, Policy, Received, receive};
pub use name::Name;
pub use outgoing::{Compression, Made, Outgoing};
pub use receipt::{Answer, Disposition, Proof, Receipt, Wish};
pub use ring::Ring;
pub use stream::{
    DocumentFile, Failure, LIMIT_GCM_BYTES, Place, ReceivedFile, receive_file,
};
