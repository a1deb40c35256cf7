//! The house keeps its shape.

use std::{env, path::Path, process::Command};

use serde_json::Value;

/// A crate may depend only on crates above it in this list.
const LAYERS: &[&str] = &[
    "segments",
    "x12",
    "edifact",
    "trade",
    "print",
    "guide",
    "edi",
    "mime",
    "as2",
    "webpush",
    "wire",
    "kernel",
    "store",
    "gate",
    "directory",
    "sharing",
    "crm",
    "commerce",
    "exchange",
    "campaigns",
    "rooms",
    "mail",
    "insight",
    "web",
    "hub",
    "suite",
    "xtask",
];

/// What no crate of `protocol/` may use: they turn bytes into values and back, nothing else.
const NOT_IN_PROTOCOLS: &[&str] =
    &["tokio", "axum", "sqlx", "rand", "jiff", "reqwest", "hyper"];

fn packages() -> Vec<Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let told = Command::new(cargo).args(args).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    told["packages"].as_array().unwrap().clone()
}

#[test]
fn dependencies_point_up_the_list_of_layers() {
    let mut seen = 0;
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let layer = layer(name).unwrap_or_else(|| panic!("{name} has no layer"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let needed = dependency["name"].as_str().unwrap();
            if dependency["path"].is_string() {
                seen += 1;
                assert!(self::layer(needed) < Some(layer), "{name} may not use {needed}");
            }
        }
    }
    assert!(seen > 30, "else nothing was looked at");
}

#[test]
fn protocol_crates_neither_wait_nor_store_nor_guess() {
    let mut seen = 0;
    for package in packages() {
        if !package["manifest_path"].as_str().unwrap().contains("/protocol/") {
            continue;
        }
        seen += 1;
        for dependency in package["dependencies"].as_array().unwrap() {
            let needed = dependency["name"].as_str().unwrap();
            let shipped = dependency["kind"].is_null();
            let name = &package["name"];
            assert!(
                !(shipped && NOT_IN_PROTOCOLS.contains(&needed)),
                "{name} may not use {needed}"
            );
        }
    }
    assert!(seen >= 3, "else nothing was looked at");
}

#[test]
fn the_root_holds_what_the_readme_lists_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let told = Command::new("git").args(["ls-files"]).current_dir(root).output().unwrap();
    let files = String::from_utf8(told.stdout).unwrap();
    let mut top: Vec<&str> = files
        .lines()
        .filter_map(|line| line.split('/').next())
        .filter(|name| !name.starts_with('.'))
        .collect();
    top.dedup();
    let allowed = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "deploy",
        "migrations",
        "protocol",
        "services",
        "tests",
    ];
    for name in top {
        assert!(allowed.contains(&name), "`{name}` does not belong at the root");
    }
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == name)
}
