//! The tasks of the house: `cargo xtask run`, `test`, `bench`, `fuzz` and a few more.
//!
//! Depends on the standard library alone, so that it builds in seconds in a fresh clone.
//! What it starts it also stops: see [`process::keeper`].
#![expect(clippy::print_stdout, reason = "a task tells its story on standard output")]

mod bench;
mod failure;
mod fuzz;
mod house;
mod openapi;
mod peers;
mod process;
mod run;
mod stamp;
mod tally;
mod test;
mod tools;
mod ui;

use std::{env, process::ExitCode};

use failure::Failure;

/// One command of this program.
struct Task {
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    act: fn(&[String]) -> Result<(), Failure>,
}

const TASKS: &[Task] = &[
    Task {
        name: "run",
        usage: "run [ARGS]",
        what: "build the UI and a release binary, then `entente demo ARGS`",
        act: run::run,
    },
    Task {
        name: "test",
        usage: "test [STEP…] [--fast] [-- NEXTEST ARGS]",
        what: "everything that must hold; `test --list` names the steps",
        act: test::run,
    },
    Task {
        name: "bench",
        usage: "bench [NAME…] [-- ARGUMENT…]",
        what: "the benchmarks and the load programs",
        act: bench::run,
    },
    Task {
        name: "fuzz",
        usage: "fuzz [--seconds N] [--cases N]",
        what: "mutations of samples, and fuzz targets or long property tests",
        act: fuzz::run,
    },
    Task {
        name: "openapi",
        usage: "openapi [--check]",
        what: "write the API document and its TypeScript types for the UI",
        act: openapi::run,
    },
    Task {
        name: "ui",
        usage: "ui",
        what: "build the UI alone, if its sources changed",
        act: ui::run,
    },
    Task {
        name: "tools",
        usage: "tools",
        what: "install what the tests need and tell where it is",
        act: tools::run,
    },
    Task {
        name: "peers",
        usage: "peers [edi]",
        what: "start PostgreSQL and NATS for tests by hand; edi: what other readers say",
        act: peers::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print_usage();
        return ExitCode::from(2);
    };
    match name.as_str() {
        "--help" | "-h" | "help" => {
            print_usage();
            ExitCode::SUCCESS
        }
        process::keeper::COMMAND => {
            process::keeper::keep();
            ExitCode::SUCCESS
        }
        _ => start(name, rest),
    }
}

fn start(name: &str, arguments: &[String]) -> ExitCode {
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("xtask: there is no task named {name}");
        print_usage();
        return ExitCode::from(2);
    };
    finish((task.act)(arguments))
}

fn finish(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn print_usage() {
    println!("cargo xtask TASK\n");
    for task in TASKS {
        println!("  {:<40} {}", task.usage, task.what);
    }
}
