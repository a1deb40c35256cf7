//! `edi`: reading, judging, answering, converting and cutting EDI files, without a server.
//!
//! X12 and EDIFACT are told apart by their first bytes. On a terminal the outcome is text for
//! people; elsewhere, or with `--json`, it is JSON. Files are held in memory one at a time.

use std::{
    fs,
    io::{IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};
use kernel::{Clock, Fault};
use serde::Serialize;
use serde_json::json;
use trade::edi::{self, Numbering, Target};

use super::{Failure, say};

#[derive(Debug, Subcommand)]
pub(super) enum EdiCommand {
    /// Print a document as a person reads it.
    Inspect(Files),
    /// Judge a file: every fault with its place, the rule, and how to mend it.
    Validate(Files),
    /// Write the acknowledgements of a file: TA1 and 997, or CONTRL.
    Ack(Files),
    /// Convert documents between X12, EDIFACT and JSON; tells what the target cannot carry.
    Convert {
        #[command(flatten)]
        files: Files,
        /// What to convert to.
        #[arg(long)]
        to: To,
    },
    /// Cut a file into interchanges of one set each.
    Split {
        #[command(flatten)]
        files: Files,
        /// The folder for the pieces.
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(super) struct Files {
    /// The files; `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print JSON, also on a terminal.
    #[arg(long)]
    json: bool,
}

/// What to convert to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum To {
    /// X12 004010.
    X12,
    /// EDIFACT D.96A.
    Edifact,
    /// The document free of dialect.
    Json,
}

impl Files {
    /// Each file's name and bytes.
    fn read(&self) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        self.files
            .iter()
            .map(|path| Ok((path.display().to_string(), bytes(path)?)))
            .collect()
    }

    /// Whether people read the outcome.
    fn for_people(&self) -> bool {
        !self.json && std::io::stdout().is_terminal()
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        return read.map(|_length| bytes).map_err(Fault::new("reading standard input"));
    }
    fs::read(path).map_err(Fault::new(format!("reading `{}`", path.display())))
}

/// Runs one of them. What is wrong with a file is an outcome, told on standard output; the
/// exit code is 1 then.
pub(super) fn run(command: EdiCommand) -> Result<(), Failure> {
    let faulty = match command {
        EdiCommand::Inspect(files) => inspect(&files)?,
        EdiCommand::Validate(files) => validate(&files)?,
        EdiCommand::Ack(files) => acknowledge(&files)?,
        EdiCommand::Convert { files, to } => convert(&files, to)?,
        EdiCommand::Split { files, out } => split(&files, &out)?,
    };
    if faulty == 0 {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{faulty} of the files have faults")))
    }
}

fn inspect(files: &Files) -> Result<usize, Failure> {
    let mut faulty = 0;
    for (name, bytes) in files.read()? {
        match edi::inspect(&bytes) {
            Ok(inspection) if files.for_people() => say(&format!("{name}\n{inspection}")),
            Ok(inspection) => tell(&name, &inspection)?,
            Err(broken) => {
                faulty += 1;
                refuse(files, &name, &broken.to_string())?;
            }
        }
    }
    Ok(faulty)
}

fn validate(files: &Files) -> Result<usize, Failure> {
    let mut faulty = 0;
    for (name, bytes) in files.read()? {
        let report = edi::validate(&bytes);
        faulty += usize::from(report.has_faults());
        if files.for_people() {
            say(&format!("{name}\n{report}"));
        } else {
            tell(&name, &report)?;
        }
    }
    Ok(faulty)
}

fn acknowledge(files: &Files) -> Result<usize, Failure> {
    let (mut faulty, numbering) = (0, numbering());
    for (name, bytes) in files.read()? {
        match edi::acknowledge(&bytes, &numbering) {
            Ok(answers) => answers.iter().try_for_each(|answer| put(answer))?,
            Err(broken) => {
                faulty += 1;
                refuse(files, &name, &broken.to_string())?;
            }
        }
    }
    Ok(faulty)
}

fn convert(files: &Files, to: To) -> Result<usize, Failure> {
    let (mut faulty, numbering) = (0, numbering());
    let target = match to {
        To::X12 => Target::X12,
        To::Edifact => Target::Edifact,
        To::Json => Target::Json,
    };
    for (name, bytes) in files.read()? {
        match edi::convert(&bytes, target, &numbering) {
            Ok(conversion) => {
                faulty += usize::from(!conversion.refused.is_empty());
                for document in &conversion.documents {
                    put(&document.bytes)?;
                }
                // What was left goes beside the outcome, which may be piped on.
                let told = serde_json::to_string(
                    &json!({ "file": name, "conversion": conversion }),
                );
                warn(&told.map_err(Fault::new("writing JSON"))?);
            }
            Err(refusal) => {
                faulty += 1;
                refuse(files, &name, &refusal.to_string())?;
            }
        }
    }
    Ok(faulty)
}

fn split(files: &Files, out: &Path) -> Result<usize, Failure> {
    let mut faulty = 0;
    fs::create_dir_all(out).map_err(Fault::new(format!("making `{}`", out.display())))?;
    for (name, bytes) in files.read()? {
        match edi::split(&bytes) {
            Ok(pieces) => {
                for piece in pieces {
                    let path = out.join(&piece.name);
                    let written = fs::write(&path, &piece.bytes);
                    written
                        .map_err(Fault::new(format!("writing `{}`", path.display())))?;
                    say(&path.display().to_string());
                }
            }
            Err(broken) => {
                faulty += 1;
                refuse(files, &name, &broken.to_string())?;
            }
        }
    }
    Ok(faulty)
}

/// The numbers that answers count up from, and the time that they tell.
fn numbering() -> Numbering {
    let now = Clock::system().now();
    let (year, month, day) = now.day().parts();
    let minutes = now.millis().div_euclid(60_000).rem_euclid(24 * 60);
    Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: format!("{year:04}{month:02}{day:02}"),
        time: format!("{:02}{:02}", minutes.div_euclid(60), minutes.rem_euclid(60)),
    }
}

fn tell(file: &str, outcome: &impl Serialize) -> Result<(), Fault> {
    let told = serde_json::to_string(&json!({ "file": file, "outcome": outcome }));
    say(&told.map_err(Fault::new("writing JSON"))?);
    Ok(())
}

fn refuse(files: &Files, name: &str, why: &str) -> Result<(), Fault> {
    if files.for_people() {
        say(&format!("{name}: {why}"));
        return Ok(());
    }
    tell(name, &json!({ "refused": why }))
}

/// Bytes on standard output, as they are.
fn put(bytes: &[u8]) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.write_all(b"\n"));
    written.map_err(Fault::new("writing to standard output"))
}

fn warn(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}
