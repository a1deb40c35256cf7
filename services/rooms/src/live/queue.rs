//! What waits to be written to one socket: bounded, and quick to give up what only passes.

use std::{
    collections::VecDeque,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::ws::Utf8Bytes;
use kernel::{Id, Space};
use wire::Close;

/// How many frames may wait.
pub(crate) const MOST_FRAMES: usize = 256;
/// Room for so many frames is kept where none waits.
const KEPT_FRAMES: usize = 8;
/// How many bytes may wait.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;

/// Whether frames may still be written. Every frame that tells of a room carries one, and the
/// writer looks at it right before it writes.
#[derive(Debug, Default)]
pub(crate) struct Flag {
    cut: AtomicBool,
    space: OnceLock<Id<Space>>,
}

impl Flag {
    /// Says of which space its frames tell.
    pub(crate) fn settle(&self, space: Id<Space>) {
        let _settled = self.space.set(space);
    }

    /// Of which space its frames tell, once that is known.
    pub(crate) fn space(&self) -> Option<Id<Space>> {
        self.space.get().copied()
    }

    /// From now on none of its frames is written.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    /// Whether its frames may be written.
    pub(crate) fn is_live(&self) -> bool {
        !self.cut.load(Ordering::SeqCst)
    }
}

/// What becomes of a frame when the queue runs full.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Class {
    /// It has to arrive, or the socket has to close.
    Lasting,
    /// It has to arrive; when a space is lost, it is looked through for that space.
    Hint,
    /// It may be dropped.
    Passing,
}

/// A frame that waits.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) text: Utf8Bytes,
    pub(crate) class: Class,
    pub(crate) flag: Option<Arc<Flag>>,
}

impl Item {
    /// Whether it may be written.
    pub(crate) fn is_live(&self) -> bool {
        self.flag.as_ref().is_none_or(|flag| flag.is_live())
    }
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pushed {
    /// It waits.
    Waits,
    /// It was dropped: it only passes, or the socket is closing.
    Dropped,
    /// There is no room for it: the client is too slow.
    Full,
}

/// The frames that wait for one socket.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    items: VecDeque<Item>,
    bytes: usize,
    closing: Option<Close>,
}

impl Queue {
    pub(crate) fn push(&mut self, item: Item) -> Pushed {
        if self.closing.is_some() {
            return Pushed::Dropped;
        }
        if !self.is_below_half() {
            self.drop_passing();
            if item.class == Class::Passing {
                return Pushed::Dropped;
            }
        }
        let bytes = self.bytes.saturating_add(item.text.len());
        if self.items.len() >= MOST_FRAMES || bytes > MOST_BYTES {
            return Pushed::Full;
        }
        self.bytes = bytes;
        self.items.push_back(item);
        Pushed::Waits
    }

    /// Moves frames into `batch`, up to so many frames and bytes, and at least one.
    pub(crate) fn take(&mut self, batch: &mut Vec<Item>, frames: usize, bytes: usize) {
        let mut taken = 0_usize;
        while batch.len() < frames && (batch.is_empty() || taken < bytes) {
            let Some(item) = self.items.pop_front() else {
                self.items.shrink_to(KEPT_FRAMES);
                return;
            };
            self.bytes = self.bytes.saturating_sub(item.text.len());
            taken = taken.saturating_add(item.text.len());
            batch.push(item);
        }
    }

    /// Whether something waits that tells of a room, and has to arrive.
    pub(crate) fn has_events(&self) -> bool {
        let tells = |item: &Item| item.flag.is_some() && item.class == Class::Lasting;
        self.items.iter().any(tells)
    }

    /// Drops the hints that name something.
    pub(crate) fn drop_hints_of(&mut self, name: &str) {
        self.keep(|item| item.class != Class::Hint || !item.text.contains(name));
    }

    fn drop_passing(&mut self) {
        self.keep(|item| item.class != Class::Passing);
    }

    fn keep(&mut self, kept: impl Fn(&Item) -> bool) {
        self.items.retain(kept);
        self.bytes = self.items.iter().map(|item| item.text.len()).sum();
    }

    /// Takes no more frames, and forgets those that wait.
    pub(crate) fn close_now(&mut self, close: Close) {
        self.items.clear();
        self.bytes = 0;
        self.closing.get_or_insert(close);
    }

    /// Takes no more frames; those that wait still go.
    pub(crate) fn close_after(&mut self, close: Close) {
        self.closing.get_or_insert(close);
    }

    /// Why it takes no more frames, once none waits.
    pub(crate) fn closed(&self) -> Option<Close> {
        self.closing.filter(|_| self.items.is_empty())
    }

    /// Why it takes no more frames, whatever waits.
    pub(crate) const fn why(&self) -> Option<Close> {
        self.closing
    }

    pub(crate) const fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether less than half of it is used.
    pub(crate) fn is_below_half(&self) -> bool {
        self.items.len() < MOST_FRAMES / 2 && self.bytes < MOST_BYTES / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(class: Class, text: &str) -> Item {
        Item { text: text.into(), class, flag: None }
    }

    #[test]
    fn what_only_passes_is_dropped_at_half_and_nothing_else_is() {
        let mut queue = Queue::default();
        assert_eq!(queue.push(item(Class::Passing, "typing")), Pushed::Waits);
        for _ in 0..MOST_FRAMES / 2 {
            assert_eq!(queue.push(item(Class::Lasting, "said")), Pushed::Waits);
        }
        assert_eq!(queue.push(item(Class::Passing, "typing")), Pushed::Dropped);

        let mut batch = Vec::new();
        queue.take(&mut batch, usize::MAX, usize::MAX);
        assert_eq!(batch.len(), MOST_FRAMES / 2);
        assert!(batch.iter().all(|item| item.class == Class::Lasting));
    }

    #[test]
    fn a_full_queue_says_so_by_frames_and_by_bytes() {
        let mut queue = Queue::default();
        for _ in 0..MOST_FRAMES {
            assert_eq!(queue.push(item(Class::Lasting, "said")), Pushed::Waits);
        }
        assert_eq!(queue.push(item(Class::Lasting, "said")), Pushed::Full);

        let (mut queue, long) = (Queue::default(), "x".repeat(MOST_BYTES / 2));
        assert_eq!(queue.push(item(Class::Lasting, &long)), Pushed::Waits);
        assert_eq!(queue.push(item(Class::Lasting, &long)), Pushed::Waits);
        assert_eq!(queue.push(item(Class::Lasting, "x")), Pushed::Full);
        let mut batch = Vec::new();
        queue.take(&mut batch, 64, 1);
        assert_eq!(batch.len(), 1);
        assert_eq!(queue.push(item(Class::Lasting, "x")), Pushed::Waits);
    }

    #[test]
    fn a_closing_queue_takes_nothing_and_is_closed_once_it_is_empty() {
        let mut queue = Queue::default();
        queue.push(item(Class::Lasting, "bye"));
        queue.close_after(Close::GoingAway);
        assert_eq!(queue.push(item(Class::Lasting, "late")), Pushed::Dropped);
        assert_eq!(queue.closed(), None);
        queue.take(&mut Vec::new(), 64, 64);
        assert_eq!(queue.closed(), Some(Close::GoingAway));

        let mut queue = Queue::default();
        queue.push(item(Class::Lasting, "said"));
        queue.close_now(Close::Slow);
        assert_eq!(queue.closed(), Some(Close::Slow));
    }

    #[test]
    fn hints_of_a_lost_space_do_not_go_out() {
        let mut queue = Queue::default();
        queue.push(item(Class::Hint, r#"{"t":"changed","id":"deal_1"}"#));
        queue.push(item(Class::Hint, r#"{"t":"changed","id":"deal_2"}"#));
        queue.drop_hints_of("deal_1");
        let mut batch = Vec::new();
        queue.take(&mut batch, 64, 64);
        assert_eq!(batch.len(), 1);
    }
}
