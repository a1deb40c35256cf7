//! What a run of the tests tells the person who waits for it.

use std::{fmt, time::Instant};

use super::{Verdict, steps::Step};
use crate::{failure::Failure, process, tally::Tally};

/// A step that is over.
#[derive(Debug)]
pub(super) struct Line {
    name: &'static str,
    verdict: Verdict,
    took: String,
}

impl Line {
    /// The step began at `start` and ends now.
    pub(super) fn new(name: &'static str, verdict: Verdict, start: Instant) -> Self {
        Self { name, verdict, took: process::since(start) }
    }

    /// Whether this is the step of that name, and it failed.
    pub(super) fn failed(&self, name: &str) -> bool {
        self.name == name && matches!(self.verdict, Verdict::Fails(..))
    }

    fn tally(&self) -> Tally {
        match &self.verdict {
            Verdict::Holds(tally) | Verdict::Fails(tally, _) => *tally,
            Verdict::LeftOut(_) => Tally::default(),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, why) = match &self.verdict {
            Verdict::Holds(_) => ("ok", ""),
            Verdict::Fails(_, why) => ("FAILED", why.lines().next().unwrap_or_default()),
            Verdict::LeftOut(why) => ("left out", why.as_str()),
        };
        let Tally { passed, failed, skipped } = self.tally();
        let tests = match (passed, failed, skipped) {
            (0, 0, 0) => String::new(),
            (_, _, 0) => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {skipped} skipped"),
        };
        let line = format!("{:<12} {word:<9} {:>12}  {tests}", self.name, self.took);
        write!(out, "{}", format!("{}  {why}", line.trim_end()).trim_end())
    }
}

/// Opens a step.
pub(super) fn print_heading(name: &str, what: &str) {
    println!("\n==> {name}: {what}");
}

/// The steps there are, with their groups.
pub(super) fn print_steps(steps: &[Step]) {
    for step in steps {
        println!("  {:<12} {:<8} {}", step.name, step.group, step.what);
    }
}

/// The table of all steps, in full what failed, and last the sum of the tests.
pub(super) fn print_summary(lines: &[Line], start: Instant) {
    println!("\n==> summary");
    for line in lines {
        println!("{line}");
    }
    println!("{:<12} {:<9} {:>12}", "all", "", process::since(start));
    for line in lines {
        if let Verdict::Fails(_, why) = &line.verdict {
            println!("\n{}: {why}", line.name);
        }
    }
    let mut sum = Tally::default();
    for line in lines {
        sum += line.tally();
    }
    if sum.passed + sum.failed > 0 {
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
    }
}

/// The failure of the run as a whole.
///
/// # Errors
/// The names of the steps that failed.
pub(super) fn judge(lines: &[Line]) -> Result<(), Failure> {
    let failed: Vec<_> = lines
        .iter()
        .filter(|line| line.failed(line.name))
        .map(|line| line.name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("failed: {}", failed.join(", "))))
}
