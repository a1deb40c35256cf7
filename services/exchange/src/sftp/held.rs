//! What sessions hold in memory while files come and go: counted, and bounded for all together.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use russh_sftp::server::StatusReply;

use super::{folder::failed, rules::Seen};
use crate::interchanges::LIMIT_BYTES;

/// The most bytes that all sessions hold, in files that come and go.
const LIMIT_HELD_BYTES: usize = 256 * 1024 * 1024;

/// How much all sessions hold.
pub(super) type Held = Arc<AtomicUsize>;

/// Bytes that count among those held, for as long as they are there.
pub(super) struct Counted {
    pub(super) bytes: Vec<u8>,
    /// Which of them were written; what lies between is not there.
    written: Seen,
    /// Whether something that was written had no room.
    broken: bool,
    room: usize,
    held: Held,
}

impl Counted {
    pub(super) const fn new(held: Held) -> Self {
        Self { bytes: Vec::new(), written: Seen::new(), broken: false, room: 0, held }
    }

    /// Makes room for so many bytes in all.
    pub(super) fn grow(&mut self, length: usize) -> Result<(), StatusReply> {
        let more = length.saturating_sub(self.room);
        let before = self.held.fetch_add(more, Ordering::Relaxed);
        if before.saturating_add(more) > LIMIT_HELD_BYTES {
            self.held.fetch_sub(more, Ordering::Relaxed);
            let why = "too much is under way here at the moment; try again later";
            return Err(failed(why));
        }
        self.room = self.room.saturating_add(more);
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        offset: usize,
        piece: &[u8],
    ) -> Result<(), StatusReply> {
        let written = self.try_write(offset, piece);
        self.broken |= written.is_err();
        written
    }

    fn try_write(&mut self, offset: usize, piece: &[u8]) -> Result<(), StatusReply> {
        let end = offset.saturating_add(piece.len());
        if end > LIMIT_BYTES {
            return Err(failed(&format!("a file has at most {LIMIT_BYTES} bytes")));
        }
        self.grow(end)?;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(there) = self.bytes.get_mut(offset..end) {
            there.copy_from_slice(piece);
        }
        self.written.add(offset, end);
        Ok(())
    }

    /// Whether each byte was written. Programs close a file that they failed to write, too.
    pub(super) fn is_whole(&self) -> bool {
        !self.broken && self.written.is_all(self.bytes.len())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.held.fetch_sub(self.room, Ordering::Relaxed);
    }
}
