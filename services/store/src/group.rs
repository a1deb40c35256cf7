//! One sync for all who wait for one: what was written before a sync began is on the disk
//! when it ends, whoever asked for it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::sync::{Mutex, MutexGuard};

/// How something is brought to the disk.
type Sync = Box<dyn Fn() -> io::Result<()> + Send + std::marker::Sync>;

/// Syncs one file for many who have written to it.
#[derive(Clone)]
pub(crate) struct Group(Arc<Inner>);

struct Inner {
    sync: Sync,
    /// How many have asked.
    asked: AtomicU64,
    /// How many of them, counted from the first, have what they wrote on the disk.
    synced: AtomicU64,
    /// Held by who syncs.
    turn: Mutex<()>,
    /// The disk refused once. What it lost then it would not tell of again.
    failed: AtomicBool,
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("asked", &self.0.asked).finish_non_exhaustive()
    }
}

impl Group {
    /// Of those who wait for this.
    pub(crate) fn new(
        sync: impl Fn() -> io::Result<()> + Send + std::marker::Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            sync: Box::new(sync),
            asked: AtomicU64::new(0),
            synced: AtomicU64::new(0),
            turn: Mutex::new(()),
            failed: AtomicBool::new(false),
        }))
    }

    /// Returns once what the caller has written is on the disk.
    ///
    /// # Errors
    /// If the disk refuses, now or before: what was written may then be lost.
    pub(crate) async fn synced(&self) -> io::Result<()> {
        let ticket = self.ask();
        let turn = self.0.turn.lock().await;
        if self.covers(ticket) {
            return Ok(());
        }
        drop(turn);
        let own = self.clone();
        let syncing = tokio::task::spawn_blocking(move || {
            let turn = own.0.turn.blocking_lock();
            own.sync(ticket, &turn)
        });
        syncing.await.map_err(io::Error::other)?
    }

    /// The same, for who may block.
    pub(crate) fn synced_here(&self) -> io::Result<()> {
        let ticket = self.ask();
        let turn = self.0.turn.blocking_lock();
        self.sync(ticket, &turn)
    }

    fn ask(&self) -> u64 {
        self.0.asked.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn covers(&self, ticket: u64) -> bool {
        self.0.synced.load(Ordering::SeqCst) >= ticket
    }

    fn sync(&self, ticket: u64, _turn: &MutexGuard<'_, ()>) -> io::Result<()> {
        if self.covers(ticket) {
            return Ok(());
        }
        if self.0.failed.load(Ordering::SeqCst) {
            return Err(io::Error::other(
                "the disk refused to keep what was written before; look after it, and start again",
            ));
        }
        let upto = self.0.asked.load(Ordering::SeqCst);
        if let Err(error) = (self.0.sync)() {
            self.0.failed.store(true, Ordering::SeqCst);
            return Err(error);
        }
        self.0.synced.store(upto, Ordering::SeqCst);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    use super::Group;

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_returns_before_its_own_writing_is_synced_and_few_syncs_serve_many() {
        let (written, on_disk) =
            (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let syncs = Arc::new(AtomicU64::new(0));
        let group = Group::new({
            let (written, on_disk) = (Arc::clone(&written), Arc::clone(&on_disk));
            let syncs = Arc::clone(&syncs);
            move || {
                let seen = written.load(Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
                on_disk.store(seen, Ordering::SeqCst);
                syncs.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        let writers = (0..200).map(|it| {
            let (group, written) = (group.clone(), Arc::clone(&written));
            let on_disk = Arc::clone(&on_disk);
            tokio::spawn(async move {
                let mine = written.fetch_add(1, Ordering::SeqCst) + 1;
                if it % 2 == 0 {
                    group.synced().await.unwrap();
                } else {
                    let group = group.clone();
                    let here = move || group.synced_here();
                    tokio::task::spawn_blocking(here).await.unwrap().unwrap();
                }
                assert!(on_disk.load(Ordering::SeqCst) >= mine);
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert!(syncs.load(Ordering::SeqCst) < 100, "each synced for itself");
    }

    #[tokio::test]
    async fn after_the_disk_refused_once_nothing_is_called_kept() {
        let calls = AtomicU64::new(0);
        let group = Group::new(move || match calls.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::Error::other("no")),
            _ => Ok(()),
        });

        assert!(group.synced().await.is_err());
        assert!(group.synced().await.is_err());
    }
}
