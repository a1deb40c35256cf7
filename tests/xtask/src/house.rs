//! Where things are in the house, and how its own tools are called.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_path_buf()
}

/// The sources of the web UI.
pub(crate) fn ui() -> PathBuf {
    root().join("services/web/ui")
}

/// Where tools are put that belong to this clone alone; git ignores it.
pub(crate) fn tools() -> PathBuf {
    root().join(".tools")
}

/// The program `entente`, as Cargo built it.
pub(crate) fn binary(profile: &str) -> PathBuf {
    target().join(profile).join("entente")
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |place| root().join(place))
}

/// Whether a machine runs this, where whatever is missing is a failure.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|said| !said.is_empty() && said != "false")
}

/// `cargo`, at the top of the house.
///
/// The variables that `cargo run` gave to this program are taken away again: they speak of
/// `xtask`, and build scripts that look at them would run anew each time.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(root());
    for (name, _) in env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    if is_ci() {
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}
