//! A message as it came over the wire: its headers, an empty line, its content.

use bytes::Bytes;
use gate::House;
use kernel::Fault;
use mime::Fields;
use store::{Sha256, Spool};

use super::wire::Content;

/// A message as it came; it is kept by its file, or forgotten.
pub(super) struct Raw {
    whole: Content,
    /// Where its content begins, in bytes.
    from: usize,
}

/// The content of a message, to be read.
pub(super) enum Body {
    /// It is short.
    Held(Bytes),
    /// It is long: in this file, from this byte on.
    Spooled(Spool, u64),
}

impl Raw {
    /// Of its headers and what came after them; a long one has its headers in its file already.
    pub(super) fn of(fields: &Fields, content: Content) -> Self {
        let mut head = fields.lines().into_bytes();
        head.extend_from_slice(b"\r\n");
        let from = head.len();
        let whole = match content {
            Content::Held(body) => {
                head.extend_from_slice(&body);
                Content::Held(head.into())
            }
            spooled @ Content::Spooled(_) => spooled,
        };
        Self { whole, from }
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// Those of the disk.
    pub(super) fn length_bytes(&self) -> Result<u64, Fault> {
        match &self.whole {
            Content::Held(whole) => Ok(u64::try_from(whole.len()).unwrap_or(u64::MAX)),
            Content::Spooled(spool) => {
                spool.length().map_err(Fault::new("measuring a message"))
            }
        }
    }

    /// Its content, which can be read whether or not the message is kept.
    ///
    /// # Errors
    /// Those of the disk.
    pub(super) fn body(&self) -> Result<Body, Fault> {
        match &self.whole {
            Content::Held(whole) => Ok(Body::Held(whole.slice(self.from..))),
            Content::Spooled(spool) => {
                let again = spool.again().map_err(Fault::new("opening a message"))?;
                Ok(Body::Spooled(again, u64::try_from(self.from).unwrap_or(u64::MAX)))
            }
        }
    }

    /// Keeps it: durable when this returns.
    ///
    /// # Errors
    /// Those of the disk.
    pub(super) async fn keep(self, house: &House) -> Result<Sha256, Fault> {
        match self.whole {
            Content::Held(whole) => house.files.keep(whole).await,
            Content::Spooled(spool) => house.files.adopt(spool).await,
        }
    }
}
