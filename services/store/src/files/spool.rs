//! Files that are being written and are too large to be held: without a name until they are
//! whole.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use kernel::Id;
use sha2::Digest as _;

use super::{Sha256, path};

/// How much is read at once, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// What a name ends in until the file is locked.
const BEGUN: &str = "begun";

/// A file that is being written. It goes when it is dropped, unless it was kept.
#[derive(Debug)]
pub struct Spool {
    file: File,
    path: PathBuf,
}

impl Spool {
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let spools = spools(folder);
        fs::create_dir_all(&spools)?;
        let path = spools.join(Id::<kernel::Job>::mint().to_string());
        let begun = path.with_extension(BEGUN);
        let file =
            File::options().read(true).write(true).create_new(true).open(&begun)?;
        file.lock()?;
        fs::rename(&begun, &path)?;
        Ok(Self { file, path })
    }

    /// One that has its name already, and stays.
    pub(super) fn of(place: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(place)?, path: PathBuf::new() })
    }

    /// Opens it once more, from its begin, to be read: also when it has been kept or dropped since.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn again(&self) -> io::Result<Self> {
        Self::of(&self.path)
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// The file from its begin, for whoever reads it last: it has no place on the disk any more.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn into_last_reader(mut self) -> io::Result<File> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.try_clone()
    }

    /// Synced, and under its name from now on.
    pub(super) fn keep(mut self, folder: &Path) -> io::Result<Sha256> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut hash = sha2::Sha256::new();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = self.file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            hash.update(piece.get(..read).unwrap_or_default());
        }
        let name = Sha256(hash.finalize().into());
        let place = path(folder, name);
        if place.exists() {
            return Ok(name);
        }
        self.file.sync_all()?;
        let holder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::create_dir_all(holder)?;
        fs::rename(&self.path, &place)?;
        File::open(holder)?.sync_all()?;
        self.path.clear();
        Ok(name)
    }
}

impl Read for Spool {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty()
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a file that was not finished could not be removed");
        }
    }
}

fn spools(folder: &Path) -> PathBuf {
    folder.join("spool")
}

/// Removes what processes that died were writing: nobody was told that it is kept.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(spools(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == BEGUN) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        match file.try_lock() {
            Ok(()) => fs::remove_file(&path)?,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::{Files, Sha256};

    #[tokio::test]
    async fn a_spool_has_a_name_once_it_is_kept_and_is_gone_if_it_is_not() {
        let folder =
            std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string());
        let files = Files::at(&folder);
        let spools = || std::fs::read_dir(folder.join("spool")).unwrap().count();
        let bytes = vec![7; 3 << 20];

        let mut spool = files.spool().unwrap();
        spool.write_all(&bytes).unwrap();
        // Who starts meanwhile leaves it alone.
        drop(Files::at(&folder));
        assert_eq!(spools(), 1);
        assert_eq!(spool.length().unwrap(), 3 << 20);
        let name = files.adopt(spool).await.unwrap();

        assert_eq!(name, Sha256::of(&bytes));
        assert_eq!(files.read(name).await.unwrap(), bytes);
        assert_eq!(spools(), 0);
        drop(files.spool().unwrap());
        assert_eq!(spools(), 0);
        std::fs::write(folder.join("spool/left"), "x").unwrap();
        drop(Files::at(&folder));
        assert_eq!(spools(), 0);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
