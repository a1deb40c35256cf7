use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use kernel::Clock;
use tokio::time::Instant;

/// How long a node may send after it last read what was taken away.
pub(super) const LEASE: Duration = Duration::from_secs(4);

/// A node's right to send. Whoever takes a right away waits for each node to cut it, or for
/// its lease to run out; so a node whose lease is over sends nothing.
///
/// It is measured by two clocks of this machine, and over when either says so: the one that
/// never goes back, and the wall clock, since the first one stands still while a machine
/// sleeps.
#[derive(Clone, Debug)]
pub struct Lease(Arc<Held>);

#[derive(Debug)]
struct Held {
    begin: Instant,
    wall: Clock,
    /// Microseconds after `begin`; [`FOR_EVER`] where there is but one node.
    until: AtomicU64,
    /// Microseconds since 1970.
    wall_until: AtomicI64,
}

const FOR_EVER: u64 = u64::MAX;

/// A moment, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Both {
    steady: Instant,
    wall_us: i64,
}

impl Lease {
    /// One that never ends: of a process that no other has to wait for.
    pub(crate) fn endless() -> Self {
        Self::by(Clock::system())
    }

    fn by(wall: Clock) -> Self {
        Self(Arc::new(Held {
            begin: Instant::now(),
            wall,
            until: AtomicU64::new(FOR_EVER),
            wall_until: AtomicI64::new(i64::MAX),
        }))
    }

    pub(super) fn now(&self) -> Both {
        Both { steady: Instant::now(), wall_us: self.0.wall.now().micros() }
    }

    /// Makes it last for [`LEASE`] from a moment that is past.
    pub(super) fn renew(&self, from: Both) {
        let lasts = i64::try_from(LEASE.as_micros()).unwrap_or(0);
        self.0.wall_until.store(from.wall_us.saturating_add(lasts), Ordering::SeqCst);
        let since = from.steady.saturating_duration_since(self.0.begin) + LEASE;
        let until = u64::try_from(since.as_micros()).unwrap_or(0);
        self.0.until.store(until, Ordering::SeqCst);
    }

    /// Ends it now.
    pub(super) fn end(&self) {
        self.0.until.store(0, Ordering::SeqCst);
    }

    /// Whether the node may send.
    pub fn is_live(&self) -> bool {
        let until = self.0.until.load(Ordering::SeqCst);
        until == FOR_EVER
            || (self.0.begin.elapsed().as_micros() < u128::from(until)
                && self.0.wall.now().micros() < self.0.wall_until.load(Ordering::SeqCst))
    }

    /// How long it lasts from now, by the steady clock.
    pub(super) fn rest(&self) -> Duration {
        let until = Duration::from_micros(self.0.until.load(Ordering::SeqCst));
        until.saturating_sub(self.0.begin.elapsed())
    }

    /// Does something that sends, step by step, for as long as the lease lasts; none if it
    /// ran out on the way.
    pub async fn during<T>(&self, sending: impl Future<Output = T>) -> Option<T> {
        let mut sending = pin!(sending);
        poll_fn(|context| {
            // Looked at right before each step: the process may have stood still since.
            if self.is_live() {
                sending.as_mut().poll(context).map(Some)
            } else {
                Poll::Ready(None)
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lease_ends_by_the_steady_clock_and_can_be_renewed() {
        let lease = Lease::by(Clock::from_fn(|| Moment::from_micros(0)));
        assert!(lease.is_live(), "alone, it never ends");
        let from = lease.now();
        tokio::time::advance(LEASE / 2).await;
        lease.renew(from);
        assert!(lease.is_live());
        tokio::time::advance(LEASE / 2).await;
        assert!(!lease.is_live(), "it counts from before the renewal was asked for");
        assert_eq!(lease.rest(), Duration::ZERO);
        lease.renew(lease.now());
        assert!(lease.is_live());
        lease.end();
        assert!(!lease.is_live());
    }

    #[test]
    fn a_machine_that_slept_has_no_lease() {
        let wall = Arc::new(AtomicI64::new(0));
        let told = Arc::clone(&wall);
        let clock =
            Clock::from_fn(move || Moment::from_micros(told.load(Ordering::SeqCst)));
        let lease = Lease::by(clock);
        lease.renew(lease.now());
        assert!(lease.is_live());
        wall.store(-5_000_000, Ordering::SeqCst);
        assert!(lease.is_live(), "a wall clock that was put back takes nothing");
        wall.store(5_000_000, Ordering::SeqCst);
        assert!(!lease.is_live());
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_in_the_middle_of_sending_is_not_sent_later() {
        let lease = Lease::by(Clock::from_fn(|| Moment::from_micros(0)));
        lease.renew(lease.now());
        let slow = async {
            tokio::time::sleep(LEASE + Duration::from_secs(1)).await;
            "sent"
        };
        assert_eq!(lease.during(slow).await, None);
        lease.renew(lease.now());
        assert_eq!(lease.during(async { "sent" }).await, Some("sent"));
    }
}
