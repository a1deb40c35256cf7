//! Where bytes come from: files and standard input, piece by piece, with progress on a terminal.

use std::{
    fs::{self, File},
    io::{self, IsTerminal, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use kernel::Fault;

/// How much is read at a time, in bytes.
const PIECE: usize = 256 << 10;

/// From how many bytes on progress is shown.
const LONG: u64 = 32 << 20;

/// A file that is read piece by piece.
#[derive(Debug)]
pub(super) struct Source {
    name: String,
    from: From,
    piece: Vec<u8>,
    progress: Option<Progress>,
}

#[derive(Debug)]
enum From {
    File(File),
    Stdin,
}

impl Source {
    /// Opens a file; `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let name = path.display().to_string();
        let (from, length) = if path == Path::new("-") {
            (From::Stdin, None)
        } else {
            let file =
                File::open(path).map_err(Fault::new(format!("reading `{name}`")))?;
            let length = file.metadata().ok().map(|known| known.len());
            (From::File(file), length)
        };
        let progress = Progress::of(&name, length);
        Ok(Self { name, from, piece: vec![0; PIECE], progress })
    }

    /// Opens a file that is to be read twice: standard input is put aside on the disk first.
    pub(super) fn open_twice(path: &Path) -> Result<Self, Fault> {
        let mut source = Self::open(path)?;
        if matches!(source.from, From::Stdin) {
            let aside = set_aside().map_err(Fault::new("keeping standard input"))?;
            source.from = From::File(aside);
        }
        Ok(source)
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next bytes; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Fault> {
        let read = loop {
            let read = match &mut self.from {
                From::File(file) => file.read(&mut self.piece),
                From::Stdin => io::stdin().lock().read(&mut self.piece),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let length = read.map_err(Fault::new(format!("reading `{}`", self.name)))?;
        if let Some(progress) = self.progress.as_mut() {
            progress.add(length);
        }
        Ok(self.piece.get(..length).filter(|piece| !piece.is_empty()))
    }

    /// Starts anew.
    pub(super) fn rewind(&mut self) -> Result<(), Fault> {
        if let From::File(file) = &mut self.from {
            let rewound = file.seek(SeekFrom::Start(0));
            rewound.map_err(Fault::new(format!("reading `{}` again", self.name)))?;
        }
        if let Some(progress) = self.progress.as_mut() {
            progress.done = 0;
        }
        Ok(())
    }
}

/// Standard input in a file without a name, which goes when it is closed.
fn set_aside() -> io::Result<File> {
    let folder = std::env::temp_dir();
    let (mut file, path) = create(&folder)?;
    // The name is not needed any more; the file stays as long as it is open.
    let removed = fs::remove_file(&path);
    let copied = io::copy(&mut io::stdin().lock(), &mut file);
    removed.and(copied.map(drop))?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn create(folder: &Path) -> io::Result<(File, PathBuf)> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let path = folder.join(format!("entente-edi-{}-{attempt}", std::process::id()));
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A bar on standard error, where that is a terminal.
#[derive(Debug)]
struct Progress {
    name: String,
    length: u64,
    done: u64,
    shown: Option<u64>,
}

impl Progress {
    fn of(name: &str, length: Option<u64>) -> Option<Self> {
        let length = length.filter(|length| *length >= LONG)?;
        io::stderr().is_terminal().then(|| Self {
            name: name.to_owned(),
            length,
            done: 0,
            shown: None,
        })
    }

    fn add(&mut self, bytes: usize) {
        self.done = self.done.saturating_add(bytes as u64);
        let percent = self.done.saturating_mul(100) / self.length.max(1);
        if self.shown != Some(percent) {
            self.shown = Some(percent);
            drop(write!(io::stderr(), "\r{}", self.bar(percent.min(100))));
        }
    }

    fn bar(&self, percent: u64) -> String {
        let full = usize::try_from(percent / 4).unwrap_or(25);
        let (full, empty) = ("█".repeat(full), "░".repeat(25_usize.saturating_sub(full)));
        format!("{full}{empty} {percent:>3} % of {} MB  {}", self.length >> 20, self.name)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // The bar goes when the work is done.
        drop(write!(io::stderr(), "\r\x1b[K"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_tells_how_far_it_is_and_of_what() {
        let bar =
            Progress { name: "orders.edi".into(), length: 1 << 30, done: 0, shown: None };

        assert!(bar.bar(0).starts_with('░'));
        assert_eq!(bar.bar(50).matches('█').count(), 12);
        assert!(bar.bar(100).ends_with("100 % of 1024 MB  orders.edi"));
    }
}
