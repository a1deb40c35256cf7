//! `cargo xtask test`: everything that must hold, step by step.
//!
//! A step that fails does not stop those that do not build on it: one run tells everything
//! that is wrong. The last line is the sum of all tests, by whatever runner.

mod deny;
mod report;
mod steps;

use std::{collections::BTreeSet, time::Instant};

use crate::{
    failure::Failure,
    house,
    peers::Peers,
    process,
    tally::Tally,
    tools::{Need, Tools},
};
use report::Line;
use steps::{STEPS, Step};

/// How a step ended.
#[derive(Debug)]
enum Verdict {
    /// It holds; tests, if it ran any.
    Holds(Tally),
    /// It does not; tests, if it ran any, and why.
    Fails(Tally, String),
    /// It was not done, and why.
    LeftOut(String),
}

/// What steps share.
#[derive(Debug)]
struct Scene {
    tools: Tools,
    /// Started by the first step that needs them, stopped at the end.
    peers: Option<Peers>,
    /// For nextest, from behind `--` on the command line.
    arguments: Vec<String>,
}

impl Scene {
    fn peers(&mut self) -> Result<&Peers, Failure> {
        let peers = match self.peers.take() {
            Some(peers) => peers,
            None => Peers::start(&self.tools)?,
        };
        Ok(self.peers.insert(peers))
    }
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Wish {
    names: Vec<String>,
    is_fast: bool,
    arguments: Vec<String>,
}

/// Runs the steps that are asked for, all of them by default.
///
/// # Errors
/// The names of the steps that failed.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if arguments == ["--list"] {
        report::print_steps(STEPS);
        return Ok(());
    }
    let wish = read(arguments)?;
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| is_chosen(step, &wish)).collect();
    let needs: BTreeSet<Need> =
        chosen.iter().flat_map(|step| step.needs).copied().collect();
    let needs: Vec<Need> = needs.into_iter().collect();

    let mut lines = Vec::new();
    let start = Instant::now();
    report::print_heading("tools", "what the steps need, found or installed");
    let tools = Tools::gather(&needs)?;
    tools.print(&needs);
    let verdict = match tools.missing.as_slice() {
        [] => Verdict::Holds(Tally::default()),
        missing => Verdict::LeftOut(format!("what needs {}", missing.join("; "))),
    };
    lines.push(Line::new("tools", verdict, start));

    let mut scene = Scene { tools, peers: None, arguments: wish.arguments.clone() };
    for step in STEPS {
        lines.extend(line(step, &wish, &lines, &mut scene));
    }
    drop(scene);
    report::print_summary(&lines, start);
    report::judge(&lines)
}

/// Does one step, or says why it is not done; nothing for a step that nobody asked for.
fn line(step: &Step, wish: &Wish, before: &[Line], scene: &mut Scene) -> Option<Line> {
    let start = Instant::now();
    if !is_chosen(step, wish) {
        let why = format!("--fast: {}", step.what);
        let is_told = wish.is_fast && wish.names.is_empty();
        return is_told.then(|| Line::new(step.name, Verdict::LeftOut(why), start));
    }
    report::print_heading(step.name, step.what);
    let broken =
        step.after.iter().find(|name| before.iter().any(|line| line.failed(name)));
    let verdict = match broken {
        Some(name) => {
            Verdict::Fails(Tally::default(), format!("not tried, {name} failed"))
        }
        None => (step.act)(scene).unwrap_or_else(|failure| {
            Verdict::Fails(Tally::default(), failure.to_string())
        }),
    };
    let line = Line::new(step.name, verdict, start);
    println!("{line}");
    Some(line)
}

fn is_chosen(step: &Step, wish: &Wish) -> bool {
    if wish.names.is_empty() {
        return !(wish.is_fast && step.is_slow);
    }
    let is_named = |step: &Step| {
        wish.names.iter().any(|name| step.name == name || step.group == name)
    };
    // What a named step builds on is done with it.
    is_named(step)
        || STEPS.iter().any(|later| is_named(later) && later.after.contains(&step.name))
}

fn read(arguments: &[String]) -> Result<Wish, Failure> {
    let mut wish = Wish::default();
    let mut words = arguments.iter();
    for word in words.by_ref() {
        match word.as_str() {
            "--" => break,
            "--fast" => wish.is_fast = true,
            name if STEPS.iter().any(|step| step.name == name || step.group == name) => {
                wish.names.push(name.to_owned());
            }
            other => {
                return Err(Failure::usage(format!(
                    "there is no step {other}; `cargo xtask test --list` names them"
                )));
            }
        }
    }
    wish.arguments = words.cloned().collect();
    if house::is_ci() && wish.is_fast {
        println!(
            "CI is set and --fast was asked for: what is left out is listed at the end"
        );
    }
    Ok(wish)
}

impl From<(Tally, Result<(), Failure>)> for Verdict {
    /// A runner that ends well but ran nothing has not shown anything.
    fn from((tally, ended): (Tally, Result<(), Failure>)) -> Self {
        match ended {
            Err(failure) => Self::Fails(tally, failure.to_string()),
            Ok(()) if tally.failed > 0 => Self::Fails(tally, "tests failed".to_owned()),
            Ok(()) if tally.passed == 0 => {
                Self::Fails(tally, "no test was run".to_owned())
            }
            Ok(()) => Self::Holds(tally),
        }
    }
}

/// Runs something that is no test.
fn plain(command: &mut std::process::Command) -> Result<Verdict, Failure> {
    process::run(command)?;
    Ok(Verdict::Holds(Tally::default()))
}
