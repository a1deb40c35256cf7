//! Taking rights away: what is cut is cut when these functions return.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use futures_util::future::join_all;
use gate::{House, Means};
use kernel::{Id, Organisation, Person, Session, Space};
use store::{Barrier, Hint};
use tokio::sync::oneshot;
use wire::{Bye, Close, ServerFrame};

use super::{
    Live, commit,
    conn::{Conn, locked},
};

/// Sockets that are told to go come back within this time, one after the other.
const RETRY_WITHIN_MS: u64 = 30_000;
/// Rights that are not read again within this time are taken to be gone.
const RENEWED_WITHIN: Duration = Duration::from_secs(3);
/// What waits for a socket whose mask has become narrower is written within this time.
const FLUSHED_WITHIN: Duration = Duration::from_millis(500);

/// Somebody's rights are to be read again.
pub(super) struct Renewal {
    pub(super) person: Id<Person>,
    pub(super) organisation: Id<Organisation>,
    pub(super) done: oneshot::Sender<()>,
}

impl Live {
    /// What the bus calls after a commit that took rights away, before that commit returns.
    pub fn barrier(&self) -> Barrier {
        let live = self.clone();
        Box::new(move |hint| {
            let live = live.clone();
            Box::pin(async move { live.cut(hint).await })
        })
    }

    /// Cuts what a hint takes away. Returns once nothing of it reaches a socket any more.
    pub async fn cut(&self, hint: Hint) {
        match hint {
            Hint::Revoked { space, organisation, reason } => {
                self.revoke(space, organisation, &reason).await;
            }
            Hint::SessionOver { session } => self.end_session(session).await,
            Hint::Rights { person, organisation } => {
                self.renew(person, organisation).await;
            }
            Hint::Narrowed { organisation } => self.narrow(organisation).await,
            Hint::LeaseLost => self.send_away().await,
            Hint::Room { .. }
            | Hint::Changed { .. }
            | Hint::Person { .. }
            | Hint::Ephemeral { .. }
            | Hint::Call { .. }
            | Hint::Signal { .. }
            | Hint::Job { .. } => {}
        }
    }

    /// Cuts an organisation off a space. Returns once no frame of that space can be written
    /// to that organisation's sockets in this process any more.
    pub async fn revoke(
        &self,
        space: Id<Space>,
        organisation: Id<Organisation>,
        reason: &str,
    ) {
        locked(&self.0.lost).push((organisation, space));
        let conns = self.lose(space, organisation, reason);
        join_all(conns.iter().map(|conn| conn.settle())).await;
    }

    /// Cuts, without waiting for writes that are under way.
    pub(super) fn lose(
        &self,
        space: Id<Space>,
        organisation: Id<Organisation>,
        reason: &str,
    ) -> Vec<Arc<Conn>> {
        self.count_cut();
        let conns = self.conns_of(organisation);
        for conn in &conns {
            self.calls().lose(conn, space);
            for sub in conn.lose(space, reason) {
                self.leave(&sub);
            }
        }
        conns
    }

    /// An organisation sees less of something. What waits was read under the wider mask: it is
    /// written before this returns, or its socket has to come back and read it again.
    async fn narrow(&self, organisation: Id<Organisation>) {
        self.count_cut();
        let conns = self.conns_of(organisation);
        join_all(conns.iter().map(|conn| async {
            if tokio::time::timeout(FLUSHED_WITHIN, conn.flushed()).await.is_err() {
                conn.close_now(Close::GoingAway);
            }
            conn.settle().await;
        }))
        .await;
    }

    /// Closes the sockets of a session that is over.
    async fn end_session(&self, session: Id<Session>) {
        self.count_cut();
        let theirs = |conn: &Arc<Conn>| conn.caller().means == Means::Session(session);
        let conns: Vec<_> = self.all().into_iter().filter(theirs).collect();
        self.forbid(&conns).await;
    }

    /// Closes every socket: this process may not send, another one will.
    async fn send_away(&self) {
        self.count_cut();
        self.cut_off(&self.all(), Close::GoingAway).await;
    }

    /// Closes sockets whose rights are gone; returns once nothing is written to them.
    pub(super) async fn forbid(&self, conns: &[Arc<Conn>]) {
        self.cut_off(conns, Close::Forbidden).await;
    }

    async fn cut_off(&self, conns: &[Arc<Conn>], close: Close) {
        for conn in conns {
            conn.close_now(close);
            conn.subs().iter().for_each(|sub| {
                sub.end();
            });
        }
        join_all(conns.iter().map(|conn| conn.settle())).await;
    }

    /// Has somebody's rights read again, and cuts what is gone.
    async fn renew(&self, person: Id<Person>, organisation: Id<Organisation>) {
        self.count_cut();
        let theirs = |conn: &Arc<Conn>| conn.person == person;
        let conns: Vec<_> =
            self.conns_of(organisation).into_iter().filter(theirs).collect();
        if conns.is_empty() {
            return;
        }
        let (done, renewed) = oneshot::channel();
        drop(self.0.renewals.send(Renewal { person, organisation, done }));
        if !matches!(tokio::time::timeout(RENEWED_WITHIN, renewed).await, Ok(Ok(()))) {
            // Nobody could tell: they come back and say who they are.
            for conn in &conns {
                conn.close_now(Close::ServerError);
            }
            join_all(conns.iter().map(|conn| conn.settle())).await;
        }
    }

    /// Sends every socket away, to come back spread over half a minute, and waits at most
    /// `within` until they are gone. What was sent before is committed and answered first.
    pub async fn drain(&self, house: &House, within: Duration) {
        self.0.draining.store(true, Ordering::SeqCst);
        drop(tokio::time::timeout(within, commit::flushed(self)).await);
        if let Err(fault) = crate::calls::away(self, house).await {
            tracing::warn!(%fault, "seats in calls got no more time: {fault}");
        }
        let conns = self.all();
        let share = u64::try_from(conns.len()).unwrap_or(u64::MAX).max(1);
        for (place, conn) in (0_u64..).zip(&conns) {
            let retry_ms = RETRY_WITHIN_MS.saturating_mul(place) / share;
            let code = Close::GoingAway.code();
            conn.say(&ServerFrame::Bye(Bye { code, retry_ms: Some(retry_ms) }));
            conn.close_after(Close::GoingAway);
        }
        let gone = join_all(conns.iter().map(|conn| conn.ended.cancelled()));
        drop(tokio::time::timeout(within, gone).await);
        for conn in &conns {
            conn.gone.cancel();
        }
        self.0.reads.flush(house).await;
    }

    /// From now on, what was read before is not delivered; what is being delivered, is.
    fn count_cut(&self) {
        *self.0.cuts.write().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    /// How often rights were taken away.
    pub(crate) fn cuts(&self) -> u64 {
        *self.0.cuts.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues what was read when [`Self::cuts`] told `seen`; none if a right was taken away
    /// since, so that it has to be read again.
    pub(crate) fn unless_cut<T>(
        &self,
        seen: u64,
        deliver: impl FnOnce() -> T,
    ) -> Option<T> {
        let cuts = self.0.cuts.read().unwrap_or_else(PoisonError::into_inner);
        (*cuts == seen).then(deliver)
    }
}
