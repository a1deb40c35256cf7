//! What happens to those who serve.

use std::{path::Path, time::Duration};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::json;

use crate::{
    journal::{Begin, Journal},
    party::Toss,
    servers::Cluster,
    stage::Stage,
};

/// A node that was asked to go spreads its clients over this time, and a little more.
const GOES_WITHIN: Duration = Duration::from_secs(45);

/// One misfortune.
#[derive(Clone, Copy, Debug)]
enum Misfortune {
    /// kill -9 of a node.
    Kill(usize),
    /// A node is asked to go, as when a new version is put in its place.
    Leave(usize),
    /// A node stands still, and goes on.
    Freeze(usize),
    /// The bus is gone for a while.
    Nats,
    /// The database crashes.
    PostgresCrash,
    /// The database is started again in good order.
    PostgresRestart,
}

/// Lets misfortunes happen for so long, while a company is put out and let in; in the end all
/// that serves is up, and the company in.
pub(crate) async fn reign(
    cluster: &mut Cluster,
    stage: &Stage,
    (folder, begin): (&Path, Begin),
    seconds: Duration,
    chance: &mut SmallRng,
) {
    let mut journal = Journal::new(folder, "chaos", begin);
    let (over, told) = tokio::sync::watch::channel(false);
    let toss = Toss {
        stage: stage.clone(),
        nodes: cluster.nodes(),
        journal: Journal::new(folder, "parties", begin),
        begin,
        chance: SmallRng::seed_from_u64(chance.random()),
    };
    let tossing = tokio::spawn(toss.run(told));
    let until = tokio::time::Instant::now() + seconds;
    loop {
        let pause = Duration::from_millis(chance.random_range(500..4_000));
        if tokio::time::Instant::now() + pause >= until {
            break;
        }
        tokio::time::sleep(pause).await;
        let misfortune = pick(cluster, chance);
        journal.tell("begins", json!({ "what": format!("{misfortune:?}") }));
        happen(cluster, misfortune, &mut journal, chance).await;
        journal.tell("over", json!({ "what": format!("{misfortune:?}") }));
    }
    tokio::time::sleep_until(until).await;
    let _told = over.send(true);
    tossing.await.expect("no panic");
    journal.close();
}

fn pick(cluster: &Cluster, chance: &mut SmallRng) -> Misfortune {
    let node = chance.random_range(0..cluster.nodes().len());
    let kinds = if cluster.has_servers() { 12 } else { 8 };
    match chance.random_range(0..kinds) {
        0..5 => Misfortune::Kill(node),
        5 => Misfortune::Leave(node),
        6 | 7 => Misfortune::Freeze(node),
        8 | 9 => Misfortune::Nats,
        10 => Misfortune::PostgresCrash,
        _ => Misfortune::PostgresRestart,
    }
}

async fn happen(
    cluster: &mut Cluster,
    misfortune: Misfortune,
    journal: &mut Journal,
    chance: &mut SmallRng,
) {
    let pause = Duration::from_millis(chance.random_range(100..2_500));
    match misfortune {
        Misfortune::Kill(node) => {
            if !cluster.kill_node(node) {
                journal.tell("died", json!({ "node": node }));
            }
            tokio::time::sleep(pause / 4).await;
            cluster.start_node(node).await;
        }
        Misfortune::Leave(node) => {
            cluster.signal_node(node, "-TERM");
            if !cluster.gone(node, GOES_WITHIN).await {
                journal.tell("stays", json!({ "node": node }));
                cluster.kill_node(node);
            }
            cluster.start_node(node).await;
        }
        Misfortune::Freeze(node) => {
            cluster.signal_node(node, "-STOP");
            // Shorter and longer than a lease.
            tokio::time::sleep(pause * 3).await;
            cluster.signal_node(node, "-CONT");
        }
        Misfortune::Nats => cluster.restart_nats(pause).await,
        Misfortune::PostgresCrash => cluster.restart_postgres("immediate", pause).await,
        Misfortune::PostgresRestart => cluster.restart_postgres("fast", pause).await,
    }
}
