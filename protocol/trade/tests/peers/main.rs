//! Readers and trading partners that are not ours, each a process of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod conversations;
#[path = "../generated/make.rs"]
mod make;
mod oracles;
#[path = "../rich/mod.rs"]
mod rich;
mod written;

use std::path::{Path, PathBuf};

/// The programs that `cargo xtask test` installs or builds for these tests.
struct Peers {
    python: PathBuf,
    edifact_rs: PathBuf,
    entente: PathBuf,
}

impl Peers {
    /// Where they are; none at a desk that has not all of them.
    fn find() -> Option<Self> {
        let told = |name: &str| {
            let found = std::env::var_os(name).map(PathBuf::from);
            let is_ci = std::env::var_os("CI").is_some();
            assert!(found.is_some() || !is_ci, "{name} is needed");
            found
        };
        Some(Self {
            python: told("ENTENTE_TEST_PYTHON")?,
            edifact_rs: told("ENTENTE_TEST_EDIFACT_RS")?,
            entente: told("ENTENTE_TEST_BINARY")?,
        })
    }

    /// A script beside the peers' requirements.
    fn script(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/edi").join(name)
    }
}
