//! One connection as the rest of the process sees it: a queue to fill, and subscriptions to cut.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use gate::Caller;
use kernel::{Id, Moment, Organisation, Person, Room, Space};
use serde::Serialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use wire::{Close, Revoked, ServerFrame};

use super::{
    hub::Sub,
    queue::{Class, Flag, Item, Pushed, Queue},
};

/// A closing socket whose peer does not read is given up after this: until then, a peer that
/// reads again learns why it was closed.
const GRACE: Duration = Duration::from_secs(30);
/// Cutting waits this long for a write that is under way; then the socket is dropped.
const SETTLE: Duration = Duration::from_millis(500);

/// A lock that outlives a panic of its holder: what it guards is whole after each statement.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection whose `hello` was good.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) number: u64,
    pub(crate) person: Id<Person>,
    pub(crate) organisation: Id<Organisation>,
    pub(crate) person_name: String,
    /// Held while frames are on their way from the queue to the kernel.
    pub(crate) writing: tokio::sync::Mutex<()>,
    /// Cancelled to drop the socket at once, whatever it is doing.
    pub(crate) gone: CancellationToken,
    /// Cancelled once the socket is dropped.
    pub(crate) ended: CancellationToken,
    caller: Mutex<Caller>,
    queue: Mutex<Queue>,
    wake: Notify,
    drained: Notify,
    flags: Mutex<Vec<Weak<Flag>>>,
    subs: Mutex<HashMap<Id<Room>, Arc<Sub>>>,
    typed: Mutex<HashMap<Id<Room>, Moment>>,
    follows_me: AtomicBool,
}

impl Conn {
    pub(crate) fn new(number: u64, caller: Caller, person_name: String) -> Self {
        Self {
            number,
            person: caller.person,
            organisation: caller.organisation,
            person_name,
            writing: tokio::sync::Mutex::default(),
            gone: CancellationToken::new(),
            ended: CancellationToken::new(),
            caller: Mutex::new(caller),
            queue: Mutex::default(),
            wake: Notify::new(),
            drained: Notify::new(),
            flags: Mutex::default(),
            subs: Mutex::default(),
            typed: Mutex::default(),
            follows_me: AtomicBool::new(false),
        }
    }

    /// Its name in logs.
    pub(crate) fn name(&self) -> String {
        format!("c{}", self.number)
    }

    pub(crate) fn caller(&self) -> Caller {
        *locked(&self.caller)
    }

    pub(crate) fn set_caller(&self, caller: Caller) {
        *locked(&self.caller) = caller;
    }

    pub(crate) fn follow_me(&self, follows: bool) {
        self.follows_me.store(follows, Ordering::Relaxed);
    }

    pub(crate) fn follows_me(&self) -> bool {
        self.follows_me.load(Ordering::Relaxed)
    }

    /// Queues a frame that tells of no room.
    pub(crate) fn say(&self, frame: &ServerFrame<()>) {
        self.say_under(None, frame);
    }

    /// Queues a frame that is written only while `flag` is live.
    pub(crate) fn say_under(&self, flag: Option<Arc<Flag>>, frame: &ServerFrame<()>) {
        match text_of(frame) {
            Some(text) => {
                self.push(Item { text, class: Class::Lasting, flag });
            }
            None => self.close_now(Close::ServerError),
        }
    }

    /// Queues a frame. A queue that is full closes the socket.
    pub(crate) fn push(&self, item: Item) -> Pushed {
        let pushed = locked(&self.queue).push(item);
        match pushed {
            Pushed::Waits => self.wake.notify_one(),
            Pushed::Dropped => {}
            Pushed::Full => self.close_now(Close::Slow),
        }
        pushed
    }

    /// Waits until there is something to write, or a reason to close.
    pub(crate) async fn something(&self) -> Option<Close> {
        loop {
            {
                let queue = locked(&self.queue);
                if let Some(close) = queue.closed() {
                    return Some(close);
                }
                if !queue.is_empty() {
                    return None;
                }
            }
            self.wake.notified().await;
        }
    }

    /// Moves what waits into `batch`. Call it under [`Self::writing`].
    pub(crate) fn take(&self, batch: &mut Vec<Item>, frames: usize, bytes: usize) {
        locked(&self.queue).take(batch, frames, bytes);
        self.drained.notify_waiters();
    }

    /// Waits until less than half of the queue is used. False if the socket is closing.
    pub(crate) async fn room_for_more(&self) -> bool {
        loop {
            let drained = self.drained.notified();
            tokio::pin!(drained);
            drained.as_mut().enable();
            {
                let queue = locked(&self.queue);
                if queue.is_closing() {
                    return false;
                }
                if queue.is_below_half() {
                    return true;
                }
            }
            tokio::select! {
                () = drained => {}
                () = self.gone.cancelled() => return false,
            }
        }
    }

    /// Returns once nothing waits that tells of a room.
    pub(crate) async fn flushed(&self) {
        loop {
            let drained = self.drained.notified();
            tokio::pin!(drained);
            drained.as_mut().enable();
            if !locked(&self.queue).has_events() {
                return;
            }
            drained.await;
        }
    }

    /// Forgets what waits, and closes. A peer that does not read is dropped a little later.
    pub(crate) fn close_now(&self, close: Close) {
        locked(&self.queue).close_now(close);
        self.closing();
    }

    /// Closes after what waits.
    pub(crate) fn close_after(&self, close: Close) {
        locked(&self.queue).close_after(close);
        self.closing();
    }

    /// Whether it is closed because its rights were taken away.
    pub(crate) fn is_forbidden(&self) -> bool {
        locked(&self.queue).why() == Some(Close::Forbidden)
    }

    fn closing(&self) {
        self.wake.notify_one();
        self.drained.notify_waiters();
        let gone = self.gone.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(GRACE) => gone.cancel(),
                () = gone.cancelled() => {}
            }
        });
    }

    /// A new flag, which a lost space will find.
    pub(crate) fn flag(&self) -> Arc<Flag> {
        let flag = Arc::new(Flag::default());
        let mut flags = locked(&self.flags);
        if flags.len() == flags.capacity() {
            flags.retain(|flag| flag.strong_count() > 0);
        }
        flags.push(Arc::downgrade(&flag));
        flag
    }

    /// The subscription to a room.
    pub(crate) fn sub(&self, room: Id<Room>) -> Option<Arc<Sub>> {
        locked(&self.subs).get(&room).cloned()
    }

    pub(crate) fn subs(&self) -> Vec<Arc<Sub>> {
        locked(&self.subs).values().cloned().collect()
    }

    pub(crate) fn sub_count(&self) -> usize {
        locked(&self.subs).len()
    }

    pub(crate) fn keep_sub(&self, sub: Arc<Sub>) {
        locked(&self.subs).insert(sub.room, sub);
    }

    /// Forgets a subscription, if it is still this one.
    pub(crate) fn drop_sub(&self, sub: &Arc<Sub>) {
        let mut subs = locked(&self.subs);
        if subs.get(&sub.room).is_some_and(|kept| Arc::ptr_eq(kept, sub)) {
            subs.remove(&sub.room);
        }
    }

    /// Whether the person may be told to be typing again; if so, notes that they are.
    pub(crate) fn types(&self, room: Id<Room>, now: Moment) -> bool {
        let mut typed = locked(&self.typed);
        typed.retain(|_, at| *at + super::limits::TYPING_EVERY > now);
        let fresh = !typed.contains_key(&room);
        if fresh {
            typed.insert(room, now);
        }
        fresh
    }

    /// Cuts everything of a space, and says so. Nothing of it is written once a write that is
    /// under way has ended: see [`Self::settle`].
    pub(crate) fn lose(&self, space: Id<Space>, reason: &str) -> Vec<Arc<Sub>> {
        for flag in locked(&self.flags).iter().filter_map(Weak::upgrade) {
            if flag.space() == Some(space) {
                flag.cut();
            }
        }
        let lost: Vec<_> =
            self.subs().into_iter().filter(|sub| sub.space == space).collect();
        {
            let mut queue = locked(&self.queue);
            queue.drop_hints_of(&space.to_string());
            for sub in &lost {
                queue.drop_hints_of(&sub.room.to_string());
            }
        }
        for sub in &lost {
            self.tell_revoked(sub, reason);
        }
        lost
    }

    /// Ends a subscription, and tells the client why: the last that it hears of the room.
    pub(crate) fn tell_revoked(&self, sub: &Arc<Sub>, reason: &str) {
        if sub.end() {
            self.drop_sub(sub);
            let (room, reason) = (sub.room.to_string(), reason.to_owned());
            self.say(&ServerFrame::Revoked(Revoked { room, reason }));
        }
    }

    /// Returns once no frame that was cut before can reach the kernel any more. A peer that
    /// does not read would keep it waiting: its socket is dropped.
    pub(crate) async fn settle(&self) {
        if tokio::time::timeout(SETTLE, self.writing.lock()).await.is_err() {
            self.gone.cancel();
            drop(tokio::time::timeout(SETTLE, self.ended.cancelled()).await);
        }
    }
}

/// The text of a frame; none, and a line in the log, if it cannot be written.
pub(crate) fn text_of<E: Serialize>(frame: &ServerFrame<E>) -> Option<Utf8Bytes> {
    match frame.text() {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a frame could not be written as JSON");
            None
        }
    }
}
