//! What somebody said and heard, on disk, a line for each.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use serde_json::{Value, json};

/// From when the microseconds of all journals count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begin(Instant);

impl Begin {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Microseconds since then.
    pub(crate) fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// A journal.
#[derive(Debug)]
pub(crate) struct Journal {
    begin: Begin,
    file: BufWriter<File>,
}

impl Journal {
    pub(crate) fn new(folder: &Path, name: &str, begin: Begin) -> Self {
        let file = File::create(folder.join(format!("{name}.jsonl")));
        Self { begin, file: BufWriter::new(file.expect("a file for the journal")) }
    }

    /// As [`Self::note`], and has it written at once.
    pub(crate) fn tell(&mut self, what: &str, about: Value) {
        self.note(what, about);
        self.file.flush().expect("the journal can be written");
    }

    /// Writes a line, with its moment.
    pub(crate) fn note(&mut self, what: &str, mut about: Value) {
        about["at"] = json!(self.begin.micros());
        about["do"] = json!(what);
        writeln!(self.file, "{about}").expect("the journal can be written");
    }

    pub(crate) fn close(mut self) {
        self.file.flush().expect("the journal can be written");
    }
}
