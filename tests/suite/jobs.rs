//! The queue: one job that waits holds up no other, and a lease that ran out settles nothing.

use std::{sync::Arc, time::Duration};

use kernel::Fault;
use store::jobs::{self, Job, Outcome};
use suite::Hub;
use tokio::{
    sync::{Mutex, Semaphore},
    task::JoinHandle,
};

const KIND: &str = "test.errand";
const PATIENCE: Duration = Duration::from_secs(20);

type Names = Arc<Mutex<Vec<String>>>;

/// A worker whose slow jobs wait for a sign.
struct Worker {
    sign: Arc<Semaphore>,
    begun: Names,
    ended: Names,
    task: JoinHandle<()>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Worker {
    fn start(hub: &Hub) -> Self {
        let sign = Arc::new(Semaphore::new(0));
        let (begun, ended): (Names, Names) = (Arc::default(), Arc::default());
        let (given, seen, done) =
            (Arc::clone(&sign), Arc::clone(&begun), Arc::clone(&ended));
        let run = move |_job: Job, errand: String| {
            let (given, seen, done) =
                (Arc::clone(&given), Arc::clone(&seen), Arc::clone(&done));
            async move {
                seen.lock().await.push(errand.clone());
                if errand.starts_with("slow") {
                    given.acquire().await.unwrap().forget();
                }
                done.lock().await.push(errand);
                Ok::<_, Fault>(Outcome::Done)
            }
        };
        let work = jobs::work(hub.house.db.clone(), hub.house.clock.clone(), KIND, run);
        Self { sign, begun, ended, task: tokio::spawn(work) }
    }
}

/// Waits until so many are in the list.
async fn reaches(list: &Mutex<Vec<String>>, count: usize) {
    let waiting = async {
        while list.lock().await.len() < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(came.is_ok(), "only {:?}", list.lock().await);
}

async fn add(hub: &Hub, errands: &[&str]) {
    let mut tx = hub.house.db.write().await.unwrap();
    for errand in errands {
        jobs::add(&mut tx, KIND, errand, hub.house.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn waiting(hub: &Hub) -> i64 {
    let mut conn = hub.house.db.read().await.unwrap();
    let counts = jobs::count(&mut conn).await.unwrap();
    let of_ours =
        |(kind, _, count): (String, String, i64)| (kind == KIND).then_some(count);
    counts.into_iter().filter_map(of_ours).sum()
}

suite::on_both_databases! {
    async fn a_job_that_waits_holds_up_no_other(hub: Hub) {
        add(&hub, &["slow 1", "slow 2", "slow 3"]).await;
        let worker = Worker::start(&hub);
        reaches(&worker.begun, 3).await;

        add(&hub, &["quick 1", "quick 2", "quick 3", "quick 4", "quick 5"]).await;
        reaches(&worker.ended, 5).await;
        worker.sign.add_permits(3);
        reaches(&worker.ended, 8).await;

        assert!(worker.ended.lock().await[..5].iter().all(|it| it.starts_with("quick")));
    }

    async fn no_more_than_four_run_at_once(hub: Hub) {
        add(&hub, &["slow 1", "slow 2", "slow 3", "slow 4", "slow 5", "quick"]).await;
        let worker = Worker::start(&hub);
        reaches(&worker.begun, 4).await;
        tokio::time::sleep(Duration::from_millis(300)).await;

        assert_eq!(worker.begun.lock().await.len(), 4);
        worker.sign.add_permits(5);
        reaches(&worker.ended, 6).await;
    }

    async fn a_worker_whose_lease_ran_out_settles_nothing(hub: Hub) {
        add(&hub, &["slow"]).await;
        let worker = Worker::start(&hub);
        reaches(&worker.begun, 1).await;

        hub.wait(Duration::from_mins(2));
        let now = hub.house.clock.now();
        let mut tx = hub.house.db.write().await.unwrap();
        let other = jobs::lease(&mut tx, KIND, now, 1).await.unwrap();
        tx.commit().await.unwrap();
        worker.sign.add_permits(1);
        reaches(&worker.ended, 1).await;
        tokio::time::sleep(Duration::from_millis(300)).await;

        assert_eq!(other.first().map(|job| job.attempts), Some(2));
        assert_eq!(waiting(&hub).await, 1, "it belongs to the other worker now");
    }
}
