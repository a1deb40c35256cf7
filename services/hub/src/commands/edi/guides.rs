//! `edi guide`: partner guides, made from samples and told from the standard.

use std::{fs, path::Path};

use clap::Subcommand;
use guide::{Guide, Learner};
use kernel::Fault;
use trade::edi::{Overlay, Stream};

use super::{Files, out::Out, source::Source};
use crate::commands::{Failure, say};

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum GuideCommand {
    /// Print a guide of what sample files have in common, to be edited.
    Infer {
        #[command(flatten)]
        files: Files,
        /// What the guide is called.
        #[arg(long, default_value = "inferred")]
        name: String,
        /// Which version of it.
        #[arg(long, default_value = "1")]
        version: String,
    },
    /// Tell where guides are narrower than the standard.
    Diff(Files),
}

pub(super) fn run(command: GuideCommand) -> Result<(), Failure> {
    match command {
        GuideCommand::Infer { files, name, version } => infer(&files, &name, &version),
        GuideCommand::Diff(files) => diff(&files),
    }
}

/// Reads a guide.
pub(super) fn open(path: &Path) -> Result<Guide, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path);
    let text = text.map_err(Fault::new(format!("reading `{name}`")))?;
    Guide::read(&text).map_err(|flaw| Failure::Refused(format!("`{name}`, {flaw}")))
}

fn infer(files: &Files, name: &str, version: &str) -> Result<(), Failure> {
    let learner = Learner::default();
    let mut left_out = 0;
    for path in &files.paths {
        let mut source = Source::open(path)?;
        let mut stream = Stream::new(Some(&learner as &dyn Overlay));
        while let Some(bytes) = source.next()? {
            stream.push(bytes);
            while stream.found().is_some() {}
        }
        stream.end();
        while stream.found().is_some() {}
        left_out += usize::from(stream.sum().has_faults());
    }
    let guide = learner.guide(name, version);
    if guide.documents.is_empty() {
        let why = "none of the files holds a document without faults to learn from";
        return Err(Failure::Refused(why.to_owned()));
    }
    if left_out > 0 {
        super::warn(&format!(
            "{left_out} of the files have faults; nothing was learnt from documents with faults"
        ));
    }
    say(guide.to_string().trim_end());
    Ok(())
}

fn diff(files: &Files) -> Result<(), Failure> {
    let mut out = Out::new(files.json);
    for path in &files.paths {
        let guide = open(path)?;
        let name = path.display().to_string();
        for difference in guide.differences() {
            out.tell(&name, "difference", &difference)?;
        }
    }
    out.flush()?;
    Ok(())
}
