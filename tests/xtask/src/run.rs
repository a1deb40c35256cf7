//! `cargo xtask run`: from a fresh clone to a page to sign in on.

use std::{os::unix::process::CommandExt, process::Command};

use crate::{
    failure::Failure,
    house, process,
    tools::{Need, Tools},
    ui,
};

/// Builds the UI and a release binary, then becomes `entente demo`.
///
/// # Errors
/// Those of the builds; the demo answers for itself.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let tools = Tools::gather(&[Need::Node])?;
    ui::build(tools.node()?)?;
    process::run(&mut house::cargo(&["build", "--release", "-p", "hub"]))?;
    let mut demo = Command::new(house::binary("release"));
    demo.arg("demo").args(arguments);
    println!("+ {}", process::tell(&demo));
    // From here on Ctrl-C and signals are the demo's own.
    let error = demo.exec();
    Err(Failure::new(format!("{}: {error}", process::tell(&demo))))
}
