//! The Cryptographic Message Syntax: signed, enveloped and compressed data.
//!
//! Source: RFC 5652; RFC 5083 and 5084 (GCM); RFC 3274 (compression).

mod compressed;
mod enveloped;
mod signed;

pub use compressed::{compress, decompress};
pub use enveloped::{Opened, decrypt, encrypt};
pub(crate) use enveloped::{aes, cipher_of, open_gcm, unwrap_key};
pub(crate) use signed::{Content, digests, verify_any, verify_over};
pub use signed::{Signature, Signed, sign, verify};

use crate::{
    Broken,
    asn1::{Item, Reader, oid, sequence, value},
    oids,
};

/// What a CMS structure is, by its own word; what MIME says of it is often wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Signed data.
    Signed,
    /// Enveloped data, or with GCM.
    Enveloped,
    /// Compressed data.
    Compressed,
}

/// What these bytes are.
///
/// # Errors
/// [`Broken::Asn1`], or [`Broken::Unsupported`] for another kind.
pub fn kind(bytes: &[u8]) -> Result<Kind, Broken> {
    let kind = Reader::new(bytes).sequence()?.oid()?;
    match kind {
        oids::SIGNED_DATA => Ok(Kind::Signed),
        oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA => Ok(Kind::Enveloped),
        oids::COMPRESSED_DATA => Ok(Kind::Compressed),
        _ => Err(Broken::Unsupported("a kind of CMS")),
    }
}

/// The type and the content of a `ContentInfo`.
fn open(bytes: &[u8]) -> Result<(&[u8], Item<'_>), Broken> {
    let mut inside = Reader::new(bytes).sequence()?;
    let kind = inside.oid()?;
    let content = inside.expect(0xa0)?.inside().any()?;
    Ok((kind, content))
}

fn wrap(kind: &[u8], content: &[u8]) -> Vec<u8> {
    sequence(&[&oid(kind), &value(0xa0, content)])
}
