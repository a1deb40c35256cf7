//! `entente`: the partner-relationship hub as one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    hub::commands::run()
}
