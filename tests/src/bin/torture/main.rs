//! `cargo xtask bench torture`: random clients on rooms, while nodes are killed, frozen and sent
//! away, NATS and PostgreSQL restarted, and a company put out of the rooms and let in again.
//!
//! Every client keeps on disk what it said and heard. In the end everything is killed once more
//! and started again, the logs of the rooms are read, and `tests/peers/torture/check.py`, which
//! shares no code with the hub, says whether what clients were promised was kept.
//!
//! `--fault` seeds a fault into the hub (a debug build has them): then a promise must be broken,
//! or the torture would prove nothing.

mod chaos;
mod client;
mod http;
mod journal;
mod party;
mod servers;
mod stage;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use journal::Begin;
use rand::{SeedableRng, rngs::SmallRng};
use servers::Cluster;
use stage::Stage;

/// What is asked for on the command line.
#[derive(Clone, Debug)]
struct Wanted {
    /// For how long it goes on.
    seconds: u64,
    /// `sqlite`, or `nodes`: two of them on PostgreSQL, joined by NATS.
    on: String,
    /// Which fault the hub has on purpose.
    fault: Option<String>,
    /// What chance begins with.
    seed: u64,
    /// Where the logs go; kept only if named.
    folder: Option<PathBuf>,
}

impl Wanted {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Self {
            seconds: 600,
            on: String::new(),
            fault: None,
            seed: u64::from(std::process::id()),
            folder: None,
        };
        let mut arguments = arguments;
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} of what?"))?;
            let number =
                || value.parse().map_err(|_| format!("{name} {value}: a number"));
            match name.as_str() {
                "--seconds" => wanted.seconds = number()?,
                "--seed" => wanted.seed = number()?,
                "--on" => wanted.on = value,
                "--fault" => wanted.fault = Some(value),
                "--folder" => wanted.folder = Some(value.into()),
                _ => {
                    return Err(format!(
                        "no {name}: --seconds, --on, --fault, --seed, --folder"
                    ));
                }
            }
        }
        Ok(wanted)
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::read(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(complaint) => {
            eprintln!("{complaint}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let houses = match wanted.on.as_str() {
        "" => vec!["sqlite", "nodes"],
        named => vec![named],
    };
    let mut kept = true;
    for house in houses {
        println!("==> {house}: {} s, seed {}", wanted.seconds, wanted.seed);
        kept &= runtime.block_on(torture(&wanted, house));
    }
    runtime.shutdown_timeout(Duration::from_secs(5));
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays once; whether every promise was kept.
async fn torture(wanted: &Wanted, house: &str) -> bool {
    let begin = Begin::now();
    let folder = folder(wanted, house);
    let mut cluster = Cluster::found(house, &folder, wanted.fault.as_deref()).await;
    let stage = Stage::set(&mut cluster).await;
    if wanted.fault.as_deref() == Some("cids-forgotten") {
        stage::drop_index(&cluster).await;
    }
    cluster.start().await;
    let mut chance = SmallRng::seed_from_u64(wanted.seed);
    let crowd = client::gather(&stage, &cluster.nodes(), &folder, begin, &mut chance);
    let seconds = Duration::from_secs(wanted.seconds);
    chaos::reign(&mut cluster, &stage, (&folder, begin), seconds, &mut chance).await;
    let settled = crowd.settle().await;
    // What was acknowledged must be there after one more death of everything.
    cluster.kill_all();
    cluster.start().await;
    let heads = stage.truth(&cluster.nodes(), &folder).await;
    let left = crowd.leave(heads).await;
    cluster.stop().await;
    if !(settled && left) {
        println!(
            "not everybody was answered, or has the whole log: see the clients' logs"
        );
    }
    let checked = check(&folder);
    if wanted.folder.is_none() {
        drop(std::fs::remove_dir_all(&folder));
    }
    settled && left && checked
}

fn folder(wanted: &Wanted, house: &str) -> PathBuf {
    let fresh =
        || std::env::temp_dir().join(format!("entente-torture-{}", std::process::id()));
    let folder = wanted.folder.clone().unwrap_or_else(fresh).join(house);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder for the logs");
    folder
}

/// Asks the checker.
fn check(folder: &Path) -> bool {
    let python =
        std::env::var("ENTENTE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/torture/check.py");
    let checked = Command::new(python).arg(program).arg(folder).status();
    checked.expect("python is there").success()
}
