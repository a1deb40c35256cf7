//! `cargo xtask bench rooms`: rooms under load, beside the limit of the machine.
//!
//! The load is open: messages leave by the clock, whether or not the ones before were
//! acknowledged, and each carries the moment at which it was *meant* to leave. Latency counts
//! from that moment, so a server that stalls is charged for everybody who had to wait (no
//! coordinated omission). The limit is a bare broadcast server, without rights, database or
//! log, under the same load in the same run: numbers of two machines are compared by their
//! ratio to it.

mod bare;
mod clients;
mod measure;
mod others;
mod process;
mod speech;
mod stage;

use std::time::Duration;

use clients::{Crowd, Plan};
use measure::Row;
use process::Server;
use stage::{Kind, Stage};

/// Sockets in one room, messages a second: what is said to many.
const FAN_OUT: Plan = Plan { rooms: 1, sockets: 200, per_second: 20, seconds: 10 };
/// A room of a thousand: 10,000 deliveries a second.
const THOUSAND: Plan = Plan { rooms: 1, sockets: 1_000, per_second: 10, seconds: 15 };
/// Sockets in many rooms: what is said to few.
const MANY: Plan = Plan { rooms: 50, sockets: 200, per_second: 100, seconds: 10 };
/// Sockets that come back at once, each with a cursor.
const STORM: Plan = Plan { rooms: 1, sockets: 400, per_second: 0, seconds: 0 };
/// How many events each of them missed.
const MISSED: i64 = 50;
/// Sockets that only stay.
const IDLE: Plan = Plan { rooms: 1, sockets: 400, per_second: 0, seconds: 0 };

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--bare") => runtime.block_on(bare::serve()),
        Some("--hub") => runtime.block_on(process::serve_hub()),
        chosen => runtime.block_on(run(chosen)),
    }
}

async fn run(chosen: Option<&str>) {
    let mut rows = Vec::new();
    let others = [Kind::Ejabberd, Kind::Prosody, Kind::SocketIo];
    let ours = [Kind::Bare, Kind::Sqlite, Kind::Postgres, Kind::TwoNodes];
    for kind in ours.into_iter().chain(others) {
        if chosen.is_some_and(|name| name != kind.name() && kind != Kind::Bare) {
            continue;
        }
        let Some(stage) = Stage::set(kind).await else {
            println!("{}: left out, its server is not there", kind.name());
            continue;
        };
        if others.contains(&kind) && stage.serve().is_empty() {
            println!("{}: left out, it is not installed", kind.name());
            continue;
        }
        rows.push(under_load("one room", kind, &stage, FAN_OUT).await);
        rows.push(under_load("a thousand", kind, &stage, THOUSAND).await);
        rows.push(idle(kind, &stage).await);
        if others.contains(&kind) {
            continue;
        }
        rows.push(under_load("many rooms", kind, &stage, MANY).await);
        rows.push(storm(kind, &stage).await);
    }
    measure::table(&rows);
}

/// Messages by the clock.
async fn under_load(name: &'static str, kind: Kind, stage: &Stage, plan: Plan) -> Row {
    eprintln!("{name}, {}", kind.name());
    let servers = stage.serve();
    let crowd = Crowd::gather(&servers, stage, plan, None).await;
    let before = process::cpu(&servers);
    let wall = std::time::Instant::now();
    crowd.send(plan).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (cpu, wall) = (process::cpu(&servers).saturating_sub(before), wall.elapsed());
    let told = crowd.leave().await;
    Row::of_load(name, kind.name(), plan, &told, cpu, wall)
}

/// Everybody comes back at once.
async fn storm(kind: Kind, stage: &Stage) -> Row {
    let servers = stage.serve();
    // Something to have missed.
    let first = Plan { sockets: 60, per_second: 60, seconds: 1, ..STORM };
    let crowd = Crowd::gather(&servers, stage, first, None).await;
    crowd.send(first).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let newest = crowd.leave().await.head;
    let before = process::cpu(&servers);
    let began = std::time::Instant::now();
    let back = Crowd::gather(&servers, stage, STORM, Some(newest - MISSED)).await;
    let (took, cpu) = (began.elapsed(), process::cpu(&servers).saturating_sub(before));
    let came = back.leave().await;
    Row::of_storm(kind.name(), STORM, &came, took, cpu)
}

/// Everybody only stays.
async fn idle(kind: Kind, stage: &Stage) -> Row {
    let servers = stage.serve();
    let warm = Crowd::gather(&servers, stage, Plan { sockets: 20, ..IDLE }, None).await;
    let before = process::memory(&servers);
    let crowd = Crowd::gather(&servers, stage, IDLE, None).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let bytes = process::memory(&servers).saturating_sub(before);
    drop((crowd.leave().await, warm.leave().await));
    Row::of_idle(kind.name(), IDLE, bytes)
}

/// The servers of one run; they end with it.
type Servers = Vec<Server>;
