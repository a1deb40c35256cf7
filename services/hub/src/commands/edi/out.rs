//! Where outcomes go: text in colours on a terminal, JSON elsewhere.

use std::{
    fmt::Display,
    io::{self, BufWriter, IsTerminal, Stdout, Write},
};

use kernel::Fault;
use serde::Serialize;
use serde_json::json;

/// Standard output, and who reads it.
#[derive(Debug)]
pub(super) struct Out {
    stdout: BufWriter<Stdout>,
    people: bool,
    colours: bool,
}

impl Out {
    /// JSON where it is asked for, or where no terminal shows it.
    pub(super) fn new(json: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            stdout: BufWriter::new(io::stdout()),
            people: terminal && !json,
            colours: terminal && !json && !plain,
        }
    }

    /// Whether people read the outcome.
    pub(super) fn for_people(&self) -> bool {
        self.people
    }

    /// Tells something: as text to people, else as a line of JSON in which `key` names it.
    pub(super) fn tell(
        &mut self,
        file: &str,
        key: &str,
        outcome: &(impl Serialize + Display),
    ) -> Result<(), Fault> {
        if self.people {
            return self.text(&outcome.to_string());
        }
        self.json(file, key, outcome)
    }

    /// Tells something as a line of JSON in which `key` names it.
    pub(super) fn json(
        &mut self,
        file: &str,
        key: &str,
        outcome: &impl Serialize,
    ) -> Result<(), Fault> {
        let line = serde_json::to_string(&json!({ "file": file, key: outcome }));
        let line = line.map_err(Fault::new("writing JSON"))?;
        self.bytes(line.as_bytes())
    }

    /// Tells why a file was not read.
    pub(super) fn refuse(&mut self, file: &str, why: &str) -> Result<(), Fault> {
        if self.people {
            return self.text(&format!("{file}: error: {why}\n"));
        }
        self.json(file, "outcome", &json!({ "refused": why }))
    }

    /// Text, each line in its colour.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Fault> {
        for line in text.lines() {
            let colour = if self.colours { colour(line) } else { None };
            let written = match colour {
                Some(colour) => writeln!(self.stdout, "\x1b[{colour}m{line}\x1b[0m"),
                None => writeln!(self.stdout, "{line}"),
            };
            written.map_err(Fault::new("writing to standard output"))?;
        }
        Ok(())
    }

    /// Bytes as they are, and a line end.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written =
            self.stdout.write_all(bytes).and_then(|()| self.stdout.write_all(b"\n"));
        written.map_err(Fault::new("writing to standard output"))
    }

    /// Everything that was told goes out.
    pub(super) fn flush(&mut self) -> Result<(), Fault> {
        self.stdout.flush().map_err(Fault::new("writing to standard output"))
    }
}

/// The colour of a line of a report.
fn colour(line: &str) -> Option<&'static str> {
    let opens = |word: &str| line.starts_with(word);
    let ends = |word: &str| line.ends_with(word);
    if opens("error:") || line.contains(": error: ") || ends(": rejected") {
        Some("31")
    } else if opens("note:")
        || ends(": accepted with errors")
        || ends(": accepted in part")
    {
        Some("33")
    } else if ends(": accepted") {
        Some("32")
    } else if !opens(" ") && line.contains(", from ") {
        Some("1")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_red_remarks_yellow_and_what_is_taken_green() {
        assert_eq!(colour("error: PO1 (order line), segment 4"), Some("31"));
        assert_eq!(colour("  850 0001: rejected"), Some("31"));
        assert_eq!(colour("note: CTT (totals)"), Some("33"));
        assert_eq!(colour("  850 0001: accepted with errors"), Some("33"));
        assert_eq!(colour("  850 0001: accepted"), Some("32"));
        assert_eq!(colour("850 purchase order 0001, from ZZ:A to ZZ:B"), Some("1"));
        assert_eq!(colour("    order line: quantity 24"), None);
    }
}
