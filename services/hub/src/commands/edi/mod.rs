//! `edi`: reading, judging, answering, converting and cutting EDI files, without a server.
//!
//! X12 and EDIFACT are told apart by their first bytes. On a terminal the outcome is text for
//! people; elsewhere, or with `--json`, it is one line of JSON for each thing. Files are read piece
//! by piece: no more than one set of a file is held.

mod guides;
mod out;
mod source;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use kernel::{Clock, Fault};
use serde_json::json;
use trade::edi::{
    Answering, Conversion, Converting, Found, Language, Notice, Numbering, Overlay, Part,
    Reading, RejectedShells, Splitter, Stream, Target, convert as convert_document,
    inspect_part,
};

use super::Failure;
use out::Out;
use source::Source;

#[derive(Debug, Subcommand)]
pub(super) enum EdiCommand {
    /// Print documents as a person reads them.
    Inspect {
        #[command(flatten)]
        files: Files,
        /// Print the segments beneath each document, too.
        #[arg(long)]
        segments: bool,
    },
    /// Judge files: every fault with its place, the rule, and how to mend it.
    Validate {
        #[command(flatten)]
        files: Files,
        /// A partner's guide to judge by, beside the standard.
        #[arg(long)]
        guide: Option<PathBuf>,
    },
    /// Write the acknowledgements of files: TA1 and 997 or 999, or CONTRL.
    Ack {
        #[command(flatten)]
        files: Files,
        /// A partner's guide to judge by, beside the standard.
        #[arg(long)]
        guide: Option<PathBuf>,
        /// Answer X12 with 999, which says more about the place, instead of 997.
        #[arg(long = "999")]
        implementation: bool,
    },
    /// Make a partner's guide from samples, or tell it from the standard.
    #[command(subcommand)]
    Guide(guides::GuideCommand),
    /// Convert documents between X12, EDIFACT and JSON; tells what the target cannot carry.
    Convert {
        #[command(flatten)]
        files: Files,
        /// What to convert to: x12, edifact or json; a release may follow, as in x12:005010 and
        /// edifact:D.01B (otherwise 004010 and D.96A).
        #[arg(long)]
        to: Target,
    },
    /// Cut files into interchanges of one set each.
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
    #[arg(required = true, value_name = "FILES")]
    paths: Vec<PathBuf>,
    /// Print JSON, also on a terminal.
    #[arg(long)]
    json: bool,
    /// The language of what people read: en, fr or es; otherwise that of the environment.
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::read(tag).ok_or_else(|| format!("`{tag}` is none of en, fr, es"))
}

impl Files {
    /// The language asked for, or that of the environment (POSIX.1, chapter 8.2), or English.
    fn language(&self) -> Language {
        let told = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
        let own = || Language::read(&told?);
        self.lang.or_else(own).unwrap_or_default()
    }
}

/// Runs one of them. What is wrong with a file is an outcome, told on standard output; the
/// exit code is 1 then.
pub(super) fn run(command: EdiCommand) -> Result<(), Failure> {
    let faulty = match command {
        EdiCommand::Inspect { files, segments } => inspect(&files, segments)?,
        EdiCommand::Validate { files, guide } => validate(&files, guide.as_deref())?,
        EdiCommand::Ack { files, guide, implementation } => {
            let notice =
                if implementation { Notice::Implementation } else { Notice::Functional };
            acknowledge(&files, guide.as_deref(), notice)?
        }
        EdiCommand::Guide(command) => return guides::run(command),
        EdiCommand::Convert { files, to } => convert(&files, to)?,
        EdiCommand::Split { files, out } => split(&files, &out)?,
    };
    if faulty == 0 {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{faulty} of the files have faults")))
    }
}

/// Reads a file part by part; gives the reason where it cannot be read to its end.
fn each_part(
    source: &mut Source,
    mut visit: impl FnMut(&Part<'_>) -> Result<(), Fault>,
) -> Result<Option<String>, Fault> {
    let mut reading = Reading::default();
    loop {
        let bytes = source.next()?;
        let is_over = bytes.is_none();
        if let Some(bytes) = bytes {
            reading.push(bytes);
        } else {
            reading.end();
        }
        loop {
            match reading.part() {
                Ok(Some(part)) => visit(&part)?,
                Ok(None) => break,
                Err(unread) => return Ok(Some(unread.to_string())),
            }
        }
        if is_over {
            return Ok(None);
        }
    }
}

/// Reads each file part by part, and counts those that cannot be read.
fn each_file(
    files: &Files,
    mut visit: impl FnMut(&str, &Part<'_>, &mut Out) -> Result<(), Fault>,
) -> Result<usize, Failure> {
    let (mut faulty, mut out) = (0, Out::new(files.json));
    for path in &files.paths {
        let mut source = Source::open(path)?;
        let name = source.name().to_owned();
        let unread = each_part(&mut source, |part| visit(&name, part, &mut out))?;
        if let Some(why) = unread {
            faulty += 1;
            out.refuse(&name, &why)?;
        }
    }
    out.flush()?;
    Ok(faulty)
}

fn inspect(files: &Files, segments: bool) -> Result<usize, Failure> {
    let language = files.language();
    each_file(files, |name, part, out| {
        let sets = inspect_part(part, language);
        sets.iter().try_for_each(|set| {
            if segments && out.for_people() {
                return out.text(&format!("{set:#}"));
            }
            out.tell(name, "set", set)
        })
    })
}

fn validate(files: &Files, guide: Option<&Path>) -> Result<usize, Failure> {
    let (mut faulty, mut out) = (0, Out::new(files.json));
    let language = files.language();
    let guide = guide.map(guides::open).transpose()?;
    for path in &files.paths {
        let mut source = Source::open(path)?;
        let name = source.name().to_owned();
        if out.for_people() {
            out.text(&name)?;
        }
        let mut stream = Stream::new(guide.as_ref().map(|guide| guide as &dyn Overlay));
        let mut is_over = false;
        while !is_over {
            let bytes = source.next()?;
            is_over = bytes.is_none();
            if let Some(bytes) = bytes {
                stream.push(bytes);
            } else {
                stream.end();
            }
            while let Some(all) = stream.found() {
                for found in all {
                    tell(&mut out, &name, &found.told_in(language))?;
                }
            }
            is_over |= stream.sum().unread.is_some();
        }
        let sum = stream.sum();
        faulty += usize::from(sum.has_faults());
        out.tell(&name, "outcome", sum)?;
    }
    out.flush()?;
    Ok(faulty)
}

fn tell(out: &mut Out, name: &str, found: &Found) -> Result<(), Fault> {
    if out.for_people() {
        return out.text(&found.to_string());
    }
    match found {
        Found::Set(set) => out.json(name, "set", set),
        Found::Group(group) => out.json(name, "group", group),
        Found::Interchange(interchange) => out.json(name, "interchange", interchange),
    }
}

fn acknowledge(
    files: &Files,
    guide: Option<&Path>,
    notice: Notice,
) -> Result<usize, Failure> {
    let guide = guide.map(guides::open).transpose()?;
    let overlay = guide.as_ref().map(|guide| guide as &dyn Overlay);
    let mut answering = Answering::new(notice, numbering(), overlay);
    each_file(files, |_name, part, out| {
        answering.part(part).map_or(Ok(()), |answer| out.bytes(&answer))
    })
}

fn convert(files: &Files, target: Target) -> Result<usize, Failure> {
    let (mut faulty, mut out) = (0, Out::new(files.json));
    for path in &files.paths {
        let mut source = Source::open_twice(path)?;
        let name = source.name().to_owned();
        match convert_file(&mut source, target, &mut out)? {
            Ok(refused) => faulty += usize::from(refused > 0),
            Err(why) => {
                faulty += 1;
                out.refuse(&name, &why)?;
            }
        }
    }
    out.flush()?;
    Ok(faulty)
}

/// Converts a file: how many sets were refused, or why it cannot be read.
fn convert_file(
    source: &mut Source,
    target: Target,
    out: &mut Out,
) -> Result<Result<usize, String>, Fault> {
    let name = source.name().to_owned();
    let is_json =
        source.next()?.is_some_and(|head| head.trim_ascii_start().starts_with(b"{"));
    source.rewind()?;
    if is_json {
        return convert_json(source, target, out);
    }
    let mut shells = RejectedShells::default();
    let unread = each_part(source, |part| {
        shells.part(part);
        Ok(())
    })?;
    if let Some(why) = unread {
        return Ok(Err(why));
    }
    source.rewind()?;
    let (mut refused, mut failed) = (0, None);
    let mut converting = Converting::new(target, numbering(), shells);
    each_part(source, |part| {
        match converting.part(part) {
            Ok(conversion) => {
                refused += conversion.refused.len();
                hand_over(&name, &conversion, out)?;
            }
            Err(refusal) => failed = Some(refusal.to_string()),
        }
        Ok(())
    })?;
    Ok(failed.map_or(Ok(refused), Err))
}

/// Converts one document that is free of dialect.
fn convert_json(
    source: &mut Source,
    target: Target,
    out: &mut Out,
) -> Result<Result<usize, String>, Fault> {
    let name = source.name().to_owned();
    let mut document = Vec::new();
    while let Some(bytes) = source.next()? {
        document.extend_from_slice(bytes);
    }
    match convert_document(&document, target, &numbering()) {
        Ok(conversion) => {
            hand_over(&name, &conversion, out)?;
            Ok(Ok(conversion.refused.len()))
        }
        Err(refusal) => Ok(Err(refusal.to_string())),
    }
}

fn hand_over(name: &str, conversion: &Conversion, out: &mut Out) -> Result<(), Fault> {
    for document in &conversion.documents {
        out.bytes(&document.bytes)?;
    }
    if conversion.documents.is_empty() && conversion.refused.is_empty() {
        return Ok(());
    }
    // What was left goes beside the outcome, which may be piped on.
    let told = serde_json::to_string(&json!({ "file": name, "conversion": conversion }));
    warn(&told.map_err(Fault::new("writing JSON"))?);
    Ok(())
}

fn split(files: &Files, folder: &Path) -> Result<usize, Failure> {
    let made = fs::create_dir_all(folder);
    made.map_err(Fault::new(format!("making `{}`", folder.display())))?;
    let mut splitter = Splitter::default();
    each_file(files, |_name, part, out| {
        for piece in splitter.part(part) {
            let path = folder.join(&piece.name);
            let written = fs::write(&path, &piece.bytes);
            written.map_err(Fault::new(format!("writing `{}`", path.display())))?;
            out.bytes(path.display().to_string().as_bytes())?;
        }
        Ok(())
    })
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

fn warn(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}
