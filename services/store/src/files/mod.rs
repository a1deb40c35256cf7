//! Files named by their SHA-256: kept once, never changed.

mod journal;
mod leave;
mod spool;

use std::{
    fmt,
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use bytes::Bytes;
use journal::{Journal, SMALL_BYTES};
use kernel::Fault;
use sha2::Digest;
pub use spool::Spool;

/// The name of a file: the SHA-256 (FIPS 180-4) of its bytes, in hex.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The 32 bytes themselves.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let broken =
            || Fault::broken("reading a file's name", "it is not a SHA-256 in hex");
        if text.len() != 64 || !text.is_ascii() {
            return Err(broken());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = str::from_utf8(pair).map_err(|_not_text| broken())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_not_hex| broken())?;
        }
        Ok(Self(bytes))
    }
}

/// Where files are kept: a folder on this machine's disk.
///
/// What is small goes into a journal first (`journal.rs`), so that those who keep files at the
/// same moment share a sync.
#[derive(Clone, Debug)]
pub struct Files(Arc<Shelves>);

#[derive(Debug)]
struct Shelves {
    folder: PathBuf,
    journal: Journal,
}

impl Files {
    /// In this folder, which is made when it is first needed. What a crash left out there is
    /// made good.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let journal = Journal::at(&folder);
        if let Err(error) = spool::sweep(&folder) {
            tracing::error!(%error, "what was not finished could not be removed");
        }
        Self(Arc::new(Shelves { folder, journal }))
    }

    /// Keeps a file: on disk and synced when this returns. The same bytes are kept once.
    ///
    /// # Errors
    /// If the disk refuses.
    pub async fn keep(&self, bytes: impl Into<Bytes>) -> Result<Sha256, Fault> {
        let mut names = self.keep_all(vec![bytes.into()]).await?;
        names.pop().ok_or_else(|| Fault::broken("keeping a file", "it has no name"))
    }

    /// Keeps several files, with one sync where they are small; gives their names in the same
    /// order.
    ///
    /// # Errors
    /// If the disk refuses; then some of them may be there.
    pub async fn keep_all(&self, files: Vec<Bytes>) -> Result<Vec<Sha256>, Fault> {
        let own = self.clone();
        let keeping = tokio::task::spawn_blocking(move || own.0.keep(&files));
        let kept = keeping.await.map_err(Fault::new("waiting for a file to be kept"))?;
        crate::brink("file.kept");
        kept.map_err(Fault::new("keeping a file"))
    }

    /// A file to be written piece by piece, which has no name yet.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn spool(&self) -> io::Result<Spool> {
        Spool::begin(&self.0.folder)
    }

    /// Keeps what was spooled: synced and under its name when this returns.
    ///
    /// # Errors
    /// If the disk refuses.
    pub async fn adopt(&self, spool: Spool) -> Result<Sha256, Fault> {
        let own = self.clone();
        let keeping = tokio::task::spawn_blocking(move || spool.keep(&own.0.folder));
        let kept = keeping.await.map_err(Fault::new("waiting for a file to be kept"))?;
        crate::brink("file.kept");
        kept.map_err(Fault::new("keeping a file"))
    }

    /// Opens a file that is kept, to be read like one that is spooled.
    ///
    /// # Errors
    /// If it is not there.
    pub fn spooled(&self, name: Sha256) -> io::Result<Spool> {
        leave::stay_if_asked(&self.0.folder, name);
        Spool::of(&path(&self.0.folder, name))
    }

    /// How many bytes one has.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn length(&self, name: Sha256) -> Result<i64, Fault> {
        leave::stay_if_asked(&self.0.folder, name);
        let told = tokio::fs::metadata(path(&self.0.folder, name)).await;
        let told = told.map_err(Fault::new(format!("measuring file {name}")))?;
        Ok(i64::try_from(told.len()).unwrap_or(i64::MAX))
    }

    /// Opens one to be read piece by piece, for what may be large; its bytes are not compared
    /// with its name.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn open(&self, name: Sha256) -> Result<tokio::fs::File, Fault> {
        leave::stay_if_asked(&self.0.folder, name);
        let opened = tokio::fs::File::open(path(&self.0.folder, name)).await;
        opened.map_err(Fault::new(format!("opening file {name}")))
    }

    /// Reads one back.
    ///
    /// # Errors
    /// If it is not there, or its bytes are no longer those it is named by.
    pub async fn read(&self, name: Sha256) -> Result<Vec<u8>, Fault> {
        leave::stay_if_asked(&self.0.folder, name);
        let bytes = tokio::fs::read(path(&self.0.folder, name)).await;
        let bytes = bytes.map_err(Fault::new(format!("reading file {name}")))?;
        if Sha256::of(&bytes) == name {
            Ok(bytes)
        } else {
            Err(Fault::broken(format!("reading file {name}"), "its bytes have changed"))
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }
}

impl Shelves {
    fn keep(&self, files: &[Bytes]) -> io::Result<Vec<Sha256>> {
        let names: Vec<_> = files.iter().map(|bytes| Sha256::of(bytes)).collect();
        let mut small = Vec::new();
        for (name, bytes) in names.iter().zip(files) {
            let place = path(&self.folder, *name);
            if place.exists() {
                continue;
            }
            if bytes.len() > SMALL_BYTES {
                write(&place, bytes, Synced::ByItself)?;
            } else {
                small.push((*name, bytes.as_ref()));
            }
        }
        if !small.is_empty() {
            self.journal.keep(&small)?;
        }
        Ok(names)
    }
}

fn path(folder: &Path, name: Sha256) -> PathBuf {
    let name = name.to_string();
    let (shelf, rest) = name.split_at(2);
    folder.join(shelf).join(rest)
}

/// Who sees to it that a file stays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Synced {
    /// It is in the journal already, and synced there.
    ByJournal,
    /// It is synced by itself.
    ByItself,
}

/// Writes beside and renames: a crash leaves the file whole or absent.
fn write(path: &Path, bytes: &[u8], synced: Synced) -> io::Result<()> {
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    let beside = path.with_extension(kernel::Id::<kernel::Job>::mint().to_string());
    let made = File::create_new(&beside);
    let mut file = match made {
        // The first on its shelf.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            File::create_new(&beside)?
        }
        made => made?,
    };
    file.write_all(bytes)?;
    if synced == Synced::ByItself {
        file.sync_all()?;
    }
    fs::rename(&beside, path)?;
    if synced == Synced::ByItself {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Files, Sha256};

    #[tokio::test]
    async fn a_file_is_kept_once_and_its_name_proves_its_bytes() {
        let folder =
            std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string());
        let files = Files::at(&folder);

        let name = files.keep("abc").await.unwrap();

        assert_eq!(files.keep("abc").await.unwrap(), name);
        assert_eq!(files.read(name).await.unwrap(), b"abc");
        assert!(name.to_string().starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert_eq!(name.to_string().parse::<Sha256>().unwrap(), name);
        std::fs::write(super::path(&folder, name), "abd").unwrap();
        assert!(files.read(name).await.is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
