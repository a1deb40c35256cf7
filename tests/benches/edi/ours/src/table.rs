//! Runs everything and prints one table.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::files;

/// The size of the files, and of those for programs that need longer than a minute for one.
const LARGE: usize = 30_000_000;
const SMALL: usize = 3_000_000;

enum Program {
    Ours,
    Peers,
    Gpl,
    Node,
    Python,
}

/// Who reads which file, and what they are asked to do.
const ROWS: &[(Program, &str, &str, &str, usize)] = &[
    (Program::Peers, "memchr", "x12", "memchr: counting terminators (the limit)", LARGE),
    (Program::Peers, "memchr2", "x12", "memchr2: visiting each separator", LARGE),
    (Program::Ours, "x12-read", "x12", "Entente: segments and envelopes", LARGE),
    (Program::Ours, "x12-judge", "x12", "Entente: everything judged, in pieces", LARGE),
    (Program::Ours, "x12-write", "x12", "Entente: read and written again", LARGE),
    (
        Program::Peers,
        "x12-stream-parser",
        "x12",
        "x12-stream-parser 0.1.0: segments, elements",
        LARGE,
    ),
    (Program::Gpl, "edi", "x12", "edi 0.4.0 (GPL): parse", LARGE),
    (Program::Node, "node-x12", "x12", "npm node-x12: parse", SMALL),
    (Program::Python, "pyx12", "x12", "pyx12 4.0.0: reader", SMALL),
    (
        Program::Peers,
        "memchr",
        "edifact",
        "memchr: counting terminators (the limit)",
        LARGE,
    ),
    (Program::Ours, "edifact-read", "edifact", "Entente: segments and envelopes", LARGE),
    (
        Program::Ours,
        "edifact-judge",
        "edifact",
        "Entente: everything judged, in pieces",
        LARGE,
    ),
    (Program::Ours, "edifact-write", "edifact", "Entente: read and written again", LARGE),
    (
        Program::Peers,
        "edifact-parser",
        "edifact",
        "edifact-parser 0.38.0: no-op handler",
        LARGE,
    ),
    (Program::Peers, "edifact-rs", "edifact", "edifact-rs 0.18.0: segments", LARGE),
    (Program::Node, "edifact", "edifact", "npm edifact: parser events", LARGE),
    (Program::Python, "pydifact", "edifact", "pydifact 0.2.3: segments", SMALL),
];

pub fn run() -> ExitCode {
    let home =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned();
    let work = home.join("target/edi");
    fs::create_dir_all(&work).expect("a folder for the files");
    for (size, name) in [(LARGE, "large"), (SMALL, "small")] {
        fs::write(work.join(format!("{name}.x12")), files::x12(size)).expect("a file");
        fs::write(work.join(format!("{name}.edifact")), files::edifact(size))
            .expect("a file");
    }
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--release",
            "--locked",
            "--workspace",
            "--quiet",
            "--manifest-path",
        ])
        .arg(home.join("Cargo.toml"))
        .status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("the peers cannot be built");
        return ExitCode::FAILURE;
    }
    let node = home.join("node");
    if !node.join("node_modules").is_dir() {
        let installed =
            Command::new("npm").args(["ci", "--silent"]).current_dir(&node).status();
        if !installed.is_ok_and(|status| status.success()) {
            eprintln!("the npm packages cannot be had; their rows are left out");
        }
    }
    println!("{:<48} {:>7} {:>9} {:>9}", "", "MB", "MB/CPU-s", "of limit");
    let (mut last, mut limit, mut is_whole) = ("", 0.0, true);
    for (program, what, kind, told, size) in ROWS {
        let file = work
            .join(format!("{}.{kind}", if *size == LARGE { "large" } else { "small" }));
        let Some(speed) = measure(program, what, &home, &file) else {
            println!("{told:<48} {:>7} {:>9}", size / 1_000_000, "missing");
            is_whole &= matches!(program, Program::Node | Program::Python);
            continue;
        };
        if last != *kind {
            println!(
                "{}",
                if *kind == "x12" { "X12 004010, 850" } else { "EDIFACT D.96A, ORDERS" }
            );
            (last, limit) = (*kind, speed);
        }
        let ratio = speed / limit * 100.0;
        println!("{told:<48} {:>7} {speed:>9.2} {ratio:>8.3}%", size / 1_000_000);
    }
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The best of three runs, in MB per second of CPU time.
fn measure(program: &Program, what: &str, home: &Path, file: &Path) -> Option<f64> {
    let folder = env::current_exe().ok()?.parent()?.to_owned();
    let start = |path: PathBuf, script: Option<PathBuf>| {
        let mut command = Command::new(path);
        command.args(script).arg(what).arg(file);
        command
    };
    let runs = if matches!(program, Program::Node | Program::Python) { 1 } else { 3 };
    let mut best: Option<f64> = None;
    for _ in 0..runs {
        let mut command = match program {
            // Not by its own name: building the peers may have put a newer one in its place.
            Program::Ours => start(folder.join("ours"), None),
            Program::Peers => start(folder.join("peers"), None),
            Program::Gpl => start(folder.join("gpl"), None),
            Program::Node => start("node".into(), Some(home.join("node/read.js"))),
            Program::Python => start(python(home), Some(home.join("read.py"))),
        };
        let output = command.output().ok().filter(|output| output.status.success())?;
        let line = String::from_utf8(output.stdout).ok()?;
        let mut words = line.split('\t');
        let bytes: f64 = words.next()?.trim().parse().ok()?;
        let nanoseconds: f64 = words.next()?.trim().parse().ok()?;
        let speed = bytes * 1e3 / nanoseconds;
        best = Some(best.map_or(speed, |best| best.max(speed)));
    }
    best
}

/// A Python with the peers: the one of the tests.
fn python(home: &Path) -> PathBuf {
    env::var_os("ENTENTE_TEST_PYTHON")
        .map_or_else(|| home.join("../../../.tools/venv/bin/python"), PathBuf::from)
}
