//! `cargo xtask bench`: how fast it is, and under what load.
//!
//! A benchmark is a row of [`BENCHES`]: a name, and what cargo is to do. What stands behind `--`
//! is handed to it. It prints one table, and passes or fails by no wall clock.

use std::time::Instant;

use crate::{
    failure::Failure,
    house,
    peers::Peers,
    process,
    tools::{Need, Tools},
};

/// One benchmark: there as soon as its source is.
struct Bench {
    name: &'static str,
    what: &'static str,
    source: &'static str,
    cargo: &'static [&'static str],
    /// The servers that it is told of, by `ENTENTE_TEST_POSTGRES` and `ENTENTE_TEST_NATS`.
    needs: &'static [Need],
}

/// Every benchmark of the house, in the order in which they run.
const BENCHES: &[Bench] = &[
    Bench {
        name: "edi",
        what: "reading, judging and writing EDI, beside readers that are not ours",
        source: "tests/benches/edi",
        cargo: &[
            "run",
            "--release",
            "--locked",
            "--quiet",
            "--manifest-path",
            "tests/benches/edi/Cargo.toml",
            "-p",
            "ours",
            "--",
            "table",
        ],
        needs: &[],
    },
    Bench {
        name: "as2",
        what: "AS2 messages, beside the private-key operations of openssl",
        source: "protocol/as2/tests/peers/speed.rs",
        cargo: &[
            "test",
            "--release",
            "-p",
            "as2",
            "--test",
            "peers",
            "--",
            "--ignored",
            "--nocapture",
            "speed",
        ],
        needs: &[],
    },
    Bench {
        name: "wire",
        what: "WebSocket frames",
        source: "protocol/wire/benches",
        cargo: &["bench", "-p", "wire"],
        needs: &[],
    },
    Bench {
        name: "accounts",
        what: "CPU time per request at 100,000 accounts, on both databases",
        source: "tests/src/bin/accounts",
        // It builds the hub for release by itself; what asks it need not be fast.
        cargo: &["run", "--package", "suite", "--bin", "accounts", "--"],
        needs: &[Need::Postgres],
    },
    Bench {
        name: "station",
        what: "AS2 messages through the whole station, beside RSA and pyas2lib; an inbox of a million",
        source: "tests/src/bin/station",
        cargo: &["run", "--package", "suite", "--bin", "station", "--"],
        needs: &[Need::Postgres, Need::Python],
    },
    Bench {
        name: "rooms",
        what: "rooms under load, beside the limit of the machine, ejabberd, Prosody and socket.io",
        source: "tests/src/bin/rooms",
        cargo: &["run", "--release", "-p", "suite", "--bin", "rooms"],
        needs: &[Need::Postgres, Need::Nats, Need::ChatServers],
    },
    Bench {
        name: "torture",
        what: "ten minutes of torture on each house, and whether every promise was kept",
        source: "tests/src/bin/torture",
        // It builds the hub for release by itself, and starts servers of its own.
        cargo: &["run", "--package", "suite", "--bin", "torture", "--"],
        needs: &[Need::Postgres, Need::Nats, Need::Python],
    },
];

/// Runs the benchmarks named, or all that are there.
///
/// # Errors
/// A name that no benchmark has; a benchmark that fails; none at all to run.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut parts = arguments.splitn(2, |argument| argument == "--");
    let (names, handed) = (parts.next().unwrap_or(&[]), parts.next().unwrap_or(&[]));
    for name in names {
        if !BENCHES.iter().any(|bench| bench.name == name) {
            let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
            let names = names.join(", ");
            return Err(Failure::usage(format!(
                "no benchmark {name}; there are {names}"
            )));
        }
    }
    let mut ran = 0_usize;
    let mut failed = Vec::new();
    for bench in BENCHES {
        if !names.is_empty() && !names.iter().any(|name| bench.name == name) {
            continue;
        }
        println!("\n==> {}: {}", bench.name, bench.what);
        if !house::root().join(bench.source).exists() {
            println!("there is no {} yet", bench.source);
            continue;
        }
        ran += 1;
        let start = Instant::now();
        if let Err(failure) = one(bench, handed) {
            println!("{failure}");
            failed.push(bench.name);
        }
        println!("{}: {}", bench.name, process::since(start));
    }
    match (ran, failed.as_slice()) {
        (0, _) => Err(Failure::new("no benchmark was run")),
        (_, []) => Ok(()),
        _ => Err(Failure::new(format!("failed: {}", failed.join(", ")))),
    }
}

fn one(bench: &Bench, handed: &[String]) -> Result<(), Failure> {
    let mut command = house::cargo(bench.cargo);
    command.args(handed);
    // Servers that the environment names already are used as they are.
    let named = std::env::var_os("ENTENTE_TEST_POSTGRES").is_some();
    let _until_the_end = if bench.needs.is_empty() || named {
        None
    } else {
        let peers = Peers::start(&Tools::gather(bench.needs)?)?;
        peers.tell(&mut command);
        Some(peers)
    };
    process::run(&mut command)
}
