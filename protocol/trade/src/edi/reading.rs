use segments::{Broken, Flaw, Level, Unread};

use super::{Dialect, dialect, unknown};

/// Reads a file of either dialect that arrives piece by piece.
#[derive(Debug)]
pub struct Reading {
    state: State,
    dialect: Option<Dialect>,
}

/// Part of an interchange of either dialect.
#[derive(Debug)]
pub enum Part<'a> {
    /// ASC X12.
    X12(x12::Part<'a>),
    /// UN/EDIFACT.
    Edifact(edifact::Part<'a>),
}

#[derive(Debug)]
enum State {
    /// The first bytes, while the dialect is not known, and whether they are all.
    Unknown(Vec<u8>, bool),
    X12(Box<x12::Stream>),
    Edifact(Box<edifact::Stream>),
    Done,
}

/// How many bytes the dialect is looked for in.
const HEAD: usize = 4096;

impl Default for Reading {
    fn default() -> Self {
        Self { state: State::Unknown(Vec::new(), false), dialect: None }
    }
}

impl Reading {
    /// A file that is there already.
    pub fn of(file: &[u8]) -> Self {
        let mut reading = Self::default();
        reading.push(file);
        reading.end();
        reading
    }

    /// Takes more bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Unknown(head, _) => head.extend_from_slice(bytes),
            State::X12(stream) => stream.push(bytes),
            State::Edifact(stream) => stream.push(bytes),
            State::Done => {}
        }
    }

    /// There are no more bytes.
    pub fn end(&mut self) {
        match &mut self.state {
            State::Unknown(_, ended) => *ended = true,
            State::X12(stream) => stream.end(),
            State::Edifact(stream) => stream.end(),
            State::Done => {}
        }
    }

    /// The dialect, once it is known.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// The next part; none where more bytes are needed, or all were read.
    ///
    /// # Errors
    /// The file is no interchange, or a set of it has no end. Nothing is read after that.
    pub fn part(&mut self) -> Result<Option<Part<'_>>, Unread> {
        self.tell_dialect()?;
        match &mut self.state {
            State::Unknown(..) | State::Done => Ok(None),
            State::X12(stream) => Ok(stream.part()?.map(Part::X12)),
            State::Edifact(stream) => Ok(stream.part()?.map(Part::Edifact)),
        }
    }

    fn tell_dialect(&mut self) -> Result<(), Unread> {
        let State::Unknown(head, ended) = &mut self.state else {
            return Ok(());
        };
        if head.len() < HEAD && !*ended {
            return Ok(());
        }
        let (head, ended) = (std::mem::take(head), *ended);
        self.dialect = dialect(&head);
        self.state = match self.dialect {
            None => State::Done,
            Some(Dialect::X12) => State::X12(Box::default()),
            Some(Dialect::Edifact) => State::Edifact(Box::default()),
        };
        if self.dialect.is_none() {
            return Err(unknown(&head).into());
        }
        self.push(&head);
        if ended {
            self.end();
        }
        Ok(())
    }
}

/// What could not be read, as a fault.
pub(super) fn broken(unread: Unread) -> Broken {
    match unread {
        Unread::Broken(broken) => broken,
        Unread::TooLarge { at } => {
            Broken::in_bytes(Flaw::TrailerMissing(Level::Set), at, &[])
        }
    }
}
