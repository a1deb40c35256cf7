//! `cargo xtask bench`: how fast it is, and under what load.

use std::time::Instant;

use crate::{failure::Failure, house, process};

/// One benchmark: there as soon as its source is.
struct Bench {
    name: &'static str,
    what: &'static str,
    source: &'static str,
    cargo: &'static [&'static str],
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
    },
    Bench {
        name: "wire",
        what: "WebSocket frames",
        source: "protocol/wire/benches",
        cargo: &["bench", "-p", "wire"],
    },
    Bench {
        name: "suite",
        what: "features, in one process",
        source: "tests/benches/suite.rs",
        cargo: &["bench", "-p", "suite"],
    },
    Bench {
        name: "rooms",
        what: "rooms under load, beside the limit of the machine",
        source: "tests/src/bin/rooms",
        cargo: &["run", "--release", "-p", "suite", "--bin", "rooms"],
    },
    Bench {
        name: "load",
        what: "a hub under load: CPU time per request at 100,000 accounts",
        source: "tests/src/bin/load.rs",
        cargo: &["run", "--release", "-p", "suite", "--bin", "load", "--"],
    },
];

/// Runs the benchmarks named, or all that are there.
///
/// # Errors
/// A name that no benchmark has; a benchmark that fails; none at all to run.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    for argument in arguments {
        if !BENCHES.iter().any(|bench| bench.name == argument) {
            let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
            let names = names.join(", ");
            return Err(Failure::usage(format!(
                "no benchmark {argument}; there are {names}"
            )));
        }
    }
    let mut ran = 0_usize;
    let mut failed = Vec::new();
    for bench in BENCHES {
        if !arguments.is_empty() && !arguments.iter().any(|name| bench.name == name) {
            continue;
        }
        println!("\n==> {}: {}", bench.name, bench.what);
        if !house::root().join(bench.source).exists() {
            println!("there is no {} yet", bench.source);
            continue;
        }
        ran += 1;
        let start = Instant::now();
        if let Err(failure) = process::run(&mut house::cargo(bench.cargo)) {
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
