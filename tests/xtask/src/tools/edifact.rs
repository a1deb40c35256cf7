//! The crate `edifact-rs` as a program, in a workspace of its own: nothing of it is linked with ours.

use std::path::PathBuf;

use crate::{failure::Failure, house, process, stamp};

const SOURCE: &str = "tests/peers/edi/edifact-rs";

/// Builds it, where its sources changed.
///
/// # Errors
/// Cargo cannot build it, for want of its crates perhaps.
pub(crate) fn ready() -> Result<PathBuf, Failure> {
    let source = house::root().join(SOURCE);
    let target = house::tools().join("edifact-rs");
    let program = target.join("release/edifact-rs-says");
    let content = stamp::digest(&source, &["target"])?;
    stamp::unless_done("edifact-rs", content, program.exists(), || {
        let mut build = house::cargo(&["build", "--release", "--locked", "--quiet"]);
        build.arg("--manifest-path").arg(source.join("Cargo.toml"));
        process::run(build.arg("--target-dir").arg(&target))
    })?;
    Ok(program)
}
