//! A Python of the clone's own, with the peers that the tests talk to.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, While},
    house, process, stamp,
    tools::{debian, on_path},
};

/// What every test may count on; a peer's further needs are in its `requirements.txt`.
const PINNED: &[&str] = &["aiosmtpd==1.4.6", "dkimpy==1.1.8", "pyx12==4.0.0"];

/// The Python of `.tools/venv`, with everything in it.
///
/// # Errors
/// There is no Python 3 to make it from, or the packages cannot be had.
pub(crate) fn ready() -> Result<PathBuf, Failure> {
    let home = house::tools().join("venv");
    let python = home.join("bin/python");
    let files = requirements()?;
    let mut hasher = DefaultHasher::new();
    PINNED.hash(&mut hasher);
    for file in &files {
        fs::read(file).while_doing(file.display())?.hash(&mut hasher);
    }
    stamp::unless_done("python peers", hasher.finish(), python.exists(), || {
        if process::version(Command::new(&python).arg("--version")).is_none() {
            make(&home)?;
        }
        let mut install = pip(&home);
        install.args(PINNED);
        for file in &files {
            install.arg("-r").arg(file);
        }
        process::run(&mut install)
    })?;
    Ok(python)
}

/// Makes a virtual environment, with Debian's package for it where that is missing.
///
/// # Errors
/// Python 3 is missing, or cannot make one.
pub(crate) fn make(home: &Path) -> Result<(), Failure> {
    let make =
        || Command::new("python3").args(["-m", "venv", "--clear"]).arg(home).output();
    if on_path("python3").is_some() && make().is_ok_and(|output| output.status.success())
    {
        return Ok(());
    }
    debian::install(&["python3", "python3-venv"])?;
    let output = make().while_doing("python3 -m venv")?;
    if output.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&output.stdout).into_owned();
    Err(Failure::new(format!("python3 -m venv: {why}")))
}

/// `pip install`, waiting for what to install.
pub(crate) fn pip(home: &Path) -> Command {
    let mut pip = Command::new(home.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries=5",
    ]);
    pip
}

/// `tests/peers/*/requirements.txt`, in the order of their names.
fn requirements() -> Result<Vec<PathBuf>, Failure> {
    let peers = house::root().join("tests/peers");
    let mut files = Vec::new();
    if peers.is_dir() {
        for entry in fs::read_dir(&peers).while_doing(peers.display())? {
            files.push(
                entry.while_doing(peers.display())?.path().join("requirements.txt"),
            );
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}
