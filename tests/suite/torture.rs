//! One minute of torture on each house, and faults that it must notice: see
//! `tests/src/bin/torture`, which `cargo xtask bench torture` runs for ten minutes.

use std::{path::Path, process::Command};

use crate::command_line::binary;

/// Runs it: whether every promise was kept, and what it printed.
fn torture(on: &str, seconds: u32, fault: Option<&str>) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_torture"));
    command.args(["--on", on, "--seconds", &seconds.to_string(), "--seed", "11"]);
    if let Some(fault) = fault {
        command.args(["--fault", fault]);
    }
    let ended =
        command.env("ENTENTE_BENCH_BINARY", binary()).output().expect("it starts");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr)
    );
    (ended.status.success(), said)
}

/// A fault that breaks these promises, one of them at least in any run.
fn noticed(fault: &str, promises: &[&str]) {
    let (kept, said) = torture("sqlite", 20, Some(fault));
    let is_blamed = promises.iter().any(|it| said.contains(&format!("BROKEN {it}:")));
    assert!(!kept && is_blamed, "{fault} was not noticed:\n{said}");
}

#[test]
fn a_minute_on_sqlite_keeps_every_promise() {
    let (kept, said) = torture("sqlite", 60, None);
    assert!(kept, "{said}");
}

#[test]
fn a_minute_on_two_nodes_with_postgres_and_nats_keeps_every_promise() {
    let there = Path::new("/usr/lib/postgresql").exists()
        && (Path::new("/usr/sbin/nats-server").exists()
            || Command::new("nats-server").arg("--version").output().is_ok());
    if !there {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI must have PostgreSQL and nats-server"
        );
        return;
    }
    let (kept, said) = torture("nodes", 60, None);
    assert!(kept, "{said}");
}

#[test]
fn an_ack_before_its_commit_is_noticed() {
    noticed("ack-before-commit", &["R2", "R6"]);
}

#[test]
fn a_seam_between_replay_and_live_is_noticed() {
    noticed("seam", &["R1", "R10"]);
}

#[test]
fn a_message_that_stands_twice_is_noticed() {
    noticed("cids-forgotten", &["R3"]);
}
