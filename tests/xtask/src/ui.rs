//! The web UI: its packages, its build, its checks. Nothing is done twice for the same sources.

use std::{process::Command, thread, time::Duration};

use crate::{
    failure::Failure,
    house, process, stamp,
    tools::{Need, Node, Tools},
};

/// What builds and tests leave beside the sources.
const PRODUCTS: &[&str] =
    &["node_modules", "dist", "test-results", "playwright-report", "coverage", ".vite"];

/// Builds the UI by itself.
///
/// # Errors
/// A word on the command line, or a build that fails.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("ui takes no arguments"));
    }
    build(Tools::gather(&[Need::Node])?.node()?)
}

/// Builds `dist`, which the server embeds, unless its sources are those of the last build.
///
/// # Errors
/// npm's, after trying again.
pub(crate) fn build(node: &Node) -> Result<(), Failure> {
    install(node)?;
    let sources = stamp::digest(&house::ui(), PRODUCTS)?;
    let is_there = house::ui().join("dist/index.html").is_file();
    stamp::unless_done("ui build", sources, is_there, || {
        process::run(&mut npm(node, &["run", "build"]))
    })
}

/// A script of the UI's `package.json`, with its packages in place.
///
/// # Errors
/// The packages cannot be had.
pub(crate) fn script(node: &Node, name: &str) -> Result<Command, Failure> {
    install(node)?;
    Ok(npm(node, &["run", name]))
}

/// Brings the locked packages; a network may fail twice.
fn install(node: &Node) -> Result<(), Failure> {
    const TRIES: u32 = 3;
    let is_there = house::ui().join("node_modules").is_dir();
    let locked = stamp::digest(&house::ui().join("package-lock.json"), &[])?;
    stamp::unless_done("ui packages", locked, is_there, || {
        let mut tried = 1;
        loop {
            match process::run(&mut npm(node, &["ci", "--no-audit", "--no-fund"])) {
                Err(failure) if tried < TRIES => {
                    println!("{failure}; trying again ({tried} of {TRIES} tries failed)");
                    thread::sleep(Duration::from_secs(5));
                    tried += 1;
                }
                ended => return ended,
            }
        }
    })
}

fn npm(node: &Node, arguments: &[&str]) -> Command {
    node.npm(&house::ui(), arguments)
}
