//! Installing from Debian's packages, where that is allowed.

use std::process::Command;

use crate::{failure::Failure, process, tools::on_path};

/// Installs packages, all at once; does nothing for none.
///
/// # Errors
/// This is not Debian, we may not install, or the installation failed: with the command for
/// a person who may.
pub(crate) fn install(packages: &[&str]) -> Result<(), Failure> {
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if on_path("apt-get").is_none() {
        return Err(Failure::new(format!(
            "no apt-get here; on Debian it would be `{by_hand}`"
        )));
    }
    if !is_root() {
        return Err(Failure::new(format!("not installed; as root: `{by_hand}`")));
    }
    println!("installing {}", packages.join(", "));
    process::run(apt_get().args(["update", "-qq"]))?;
    process::run(
        apt_get()
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args([
        "-o",
        "Acquire::Retries=2",
        "-o",
        "Dpkg::Use-Pty=0",
    ]);
    command
}

/// Whether we may do everything.
pub(crate) fn is_root() -> bool {
    process::version(Command::new("id").arg("-u")).is_some_and(|user| user == "0")
}
