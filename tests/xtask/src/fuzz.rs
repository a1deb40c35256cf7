//! `cargo xtask fuzz`: bytes and histories that nobody thought of, for as long as it is told.

use std::{fs, process::Command};

use crate::{
    failure::{Failure, While},
    house,
    peers::Peers,
    process,
    tally::{Runner, Tally},
    tools::{Need, Tools},
};

/// A case of a service costs as much as so many readings of a few bytes.
const CASES_A_FEATURE: u64 = 20;
/// So does a history of the whole hub.
const CASES_A_HISTORY: u64 = 200;

/// How long to look for.
struct Effort {
    seconds: u64,
    cases: u64,
}

/// How many mutations are tried for each case of a property.
const MUTATIONS_A_CASE: u64 = 10;

/// Bites samples and judges what they become; then runs fuzz targets where cargo-fuzz and a nightly
/// compiler are, else long property tests.
///
/// # Errors
/// A crash or a falsified property; a command line that makes no sense.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let effort = read(arguments)?;
    mutations(&effort)?;
    let targets = targets()?;
    let nightly =
        process::version(Command::new("cargo").args(["+nightly", "fuzz", "--version"]));
    match (nightly, targets.as_slice()) {
        (_, []) => {
            println!("there is no tests/fuzz/fuzz_targets: long property tests instead");
        }
        (None, _) => {
            println!("no cargo-fuzz on a nightly compiler: long property tests instead");
        }
        (Some(version), targets) => {
            println!(
                "{version}: {} s for each of {} targets",
                effort.seconds,
                targets.len()
            );
            return fuzz(targets, &effort);
        }
    }
    properties(&effort)
}

fn read(arguments: &[String]) -> Result<Effort, Failure> {
    let mut effort = Effort { seconds: 60, cases: 20_000 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse().ok());
        match (word.as_str(), number) {
            ("--seconds", Some(seconds)) => effort.seconds = seconds,
            ("--cases", Some(cases)) => effort.cases = cases,
            _ => return Err(Failure::usage("fuzz takes --seconds N and --cases N")),
        }
    }
    Ok(effort)
}

/// Runs the tests named `mutations` of the protocols, for release, with many cases; they need no
/// server and print what was seen.
fn mutations(effort: &Effort) -> Result<(), Failure> {
    let cases = effort.cases.saturating_mul(MUTATIONS_A_CASE);
    println!(
        "\n==> {cases} mutations of EDI files, guides and MIME, a twentieth of them of AS2"
    );
    let mut cargo = house::cargo(&["test", "--release", "--test", "mutations"]);
    cargo.args([
        "-p",
        "trade",
        "-p",
        "guide",
        "-p",
        "mime",
        "-p",
        "as2",
        "--no-fail-fast",
    ]);
    cargo.args(["--", "--nocapture"]).env("ENTENTE_MUTATIONS", cases.to_string());
    process::run(&mut cargo)
}

fn targets() -> Result<Vec<String>, Failure> {
    let folder = house::root().join("tests/fuzz/fuzz_targets");
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(&folder).while_doing(folder.display())? {
            let path = entry.while_doing(folder.display())?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                names.extend(
                    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()),
                );
            }
        }
    }
    names.sort();
    Ok(names)
}

fn fuzz(targets: &[String], effort: &Effort) -> Result<(), Failure> {
    let longest = format!("-max_total_time={}", effort.seconds);
    let mut crashed = Vec::new();
    for target in targets {
        println!("\n==> {target}");
        // Not the compiler that runs this program: the variable would name it.
        let mut cargo = Command::new("cargo");
        cargo.env_remove("RUSTUP_TOOLCHAIN").current_dir(house::root().join("tests"));
        cargo.args(["+nightly", "fuzz", "run", target, "--", &longest]);
        if let Err(failure) = process::run(&mut cargo) {
            println!("{failure}");
            crashed.push(target.as_str());
        }
    }
    if crashed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("crashed: {}", crashed.join(", "))))
}

fn properties(effort: &Effort) -> Result<(), Failure> {
    let tools = Tools::gather(&[Need::Postgres, Need::Nats, Need::Python])?;
    let peers = Peers::start(&tools)?;
    process::run(&mut house::cargo(&["build", "--workspace", "--bins"]))?;
    let mut sum = Tally::default();
    let mut failures = Vec::new();
    for (selection, cases) in selections(effort)? {
        println!("\n==> {cases} cases: {}", selection.join(" "));
        let mut cargo = house::cargo(&["nextest", "run", "--profile", "fuzz"]);
        cargo.args(&selection).args(["--no-tests", "warn"]);
        cargo.env("PROPTEST_CASES", cases.to_string());
        cargo.env("ENTENTE_TEST_BINARY", house::binary("debug"));
        peers.tell(&mut cargo);
        let (tally, ended) = process::count(&mut cargo, Runner::Nextest)?;
        sum += tally;
        failures.extend(ended.err().map(|failure| failure.to_string()));
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if failures.is_empty() {
        return Ok(());
    }
    Err(Failure::new(failures.join("; ")))
}

/// Which tests to run, with how many cases each: the protocols', the services', the suite's.
fn selections(effort: &Effort) -> Result<Vec<(Vec<String>, u64)>, Failure> {
    let suite =
        ["-p", "suite", "-E", "test(/propert|histor|noninterference|revocation/)"];
    Ok(vec![
        (with_properties("protocol")?, effort.cases),
        (with_properties("services")?, (effort.cases / CASES_A_FEATURE).max(1)),
        (suite.map(str::to_owned).to_vec(), (effort.cases / CASES_A_HISTORY).max(1)),
    ])
}

/// The crates of a folder that use proptest, as nextest wants them named.
fn with_properties(folder: &str) -> Result<Vec<String>, Failure> {
    let folder = house::root().join(folder);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).while_doing(folder.display())? {
        let entry = entry.while_doing(folder.display())?;
        let manifest =
            fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        if manifest.lines().any(|line| line.starts_with("proptest")) {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names.into_iter().flat_map(|name| ["-p".to_owned(), name]).collect())
}
