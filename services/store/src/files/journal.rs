//! Where small files are written first: one after the other into one file, so that one sync
//! keeps all that came at the same moment. Each is then written to its own place without a
//! sync of its own; what a crash left out there is made good from here at the next start.
//!
//! A record is its length (8 bytes, little-endian), the SHA-256 of its bytes, and its bytes.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use kernel::Id;

use super::{Sha256, path, write};
use crate::group::Group;

/// A file of more bytes than this is synced by itself: to write it twice would cost more.
pub(super) const SMALL_BYTES: usize = 1 << 20;
/// When a segment holds so many bytes, the next one is begun.
const SEGMENT_BYTES: u64 = 16 << 20;
const HEAD_BYTES: usize = 40;
/// What a segment's name ends in until it is locked.
const BEGUN: &str = "begun";

/// The journal of one process.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    open: Mutex<Option<Arc<Segment>>>,
}

/// One file of the journal.
#[derive(Debug)]
struct Segment {
    path: PathBuf,
    folder: PathBuf,
    written: Mutex<u64>,
    file: Arc<File>,
    group: Group,
    /// The next one is begun: once nobody uses it, all it holds is synced, and it goes.
    retired: AtomicBool,
}

impl Journal {
    /// Of files in this folder; what a process that died has left behind is made good first.
    pub(super) fn at(folder: &Path) -> Self {
        if let Err(error) = recover(folder) {
            tracing::error!(%error, "a journal of files could not be read; it is kept");
        }
        Self { folder: folder.to_owned(), open: Mutex::new(None) }
    }

    /// Keeps these, all with one sync: on disk when it returns, each at its place.
    pub(super) fn keep(&self, files: &[(Sha256, &[u8])]) -> io::Result<()> {
        let segment = self.segment()?;
        segment.append(files)?;
        segment.group.synced_here()?;
        crate::brink("file.journalled");
        for (name, bytes) in files {
            write(&path(&self.folder, *name), bytes, super::Synced::ByJournal)?;
        }
        Ok(())
    }

    /// The segment that is written to; a new one where there is none, or it is full.
    fn segment(&self) -> io::Result<Arc<Segment>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(segment) = open.as_ref().filter(|it| !it.is_full()) {
            return Ok(Arc::clone(segment));
        }
        let new = Arc::new(Segment::begin(&self.folder)?);
        if let Some(full) = open.replace(Arc::clone(&new)) {
            full.retired.store(true, Ordering::SeqCst);
        }
        Ok(new)
    }
}

impl Segment {
    fn begin(folder: &Path) -> io::Result<Self> {
        let journal = folder.join("journal");
        fs::create_dir_all(&journal)?;
        let path = journal.join(Id::<kernel::Job>::mint().to_string());
        // Under its name only once it is locked: who starts meanwhile would take it for one
        // that was left behind.
        let begun = path.with_extension(BEGUN);
        let file = Arc::new(File::create_new(&begun)?);
        file.lock()?;
        fs::rename(&begun, &path)?;
        File::open(&journal)?.sync_all()?;
        let own = Arc::clone(&file);
        let group = Group::new(move || own.sync_data());
        Ok(Self {
            path,
            folder: folder.to_owned(),
            written: Mutex::new(0),
            file,
            group,
            retired: AtomicBool::new(false),
        })
    }

    fn is_full(&self) -> bool {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) >= SEGMENT_BYTES
    }

    fn append(&self, files: &[(Sha256, &[u8])]) -> io::Result<()> {
        let mut records = Vec::new();
        for (name, bytes) in files {
            records.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            records.extend_from_slice(name.bytes());
            records.extend_from_slice(bytes);
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = (&*self.file).write_all(&records) {
            // Half a record would hide those after it.
            *written = SEGMENT_BYTES;
            return Err(error);
        }
        *written = written.saturating_add(records.len() as u64);
        Ok(())
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if !self.retired.load(Ordering::SeqCst) {
            return;
        }
        let (path, folder) = (std::mem::take(&mut self.path), self.folder.clone());
        // It takes as long as the disk needs, and nobody waits for it.
        std::thread::spawn(move || {
            if let Err(error) = sync_all(&folder).and_then(|()| fs::remove_file(&path)) {
                tracing::error!(%error, "files could not be synced; their journal stays");
            }
        });
    }
}

/// Syncs everything that was written to the disk on which the folder is.
#[cfg(target_os = "linux")]
fn sync_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Syncs every file in the folder.
#[cfg(not(target_os = "linux"))]
fn sync_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    File::open(folder)?.sync_all()
}

/// Makes good what processes that died have left out.
fn recover(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder.join("journal")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == BEGUN) {
            continue;
        }
        let mut file = match File::open(&path) {
            Ok(file) => file,
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            // Its process lives.
            Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut count = 0_u64;
        for (name, content) in records(&bytes) {
            let place = super::path(folder, name);
            if fs::read(&place).is_ok_and(|there| there == content) {
                continue;
            }
            count += 1;
            if place.exists() {
                fs::remove_file(&place)?;
            }
            write(&place, content, super::Synced::ByJournal)?;
        }
        sync_all(folder)?;
        fs::remove_file(&path)?;
        if count > 0 {
            tracing::warn!(count, "files that a crash had left out were made good");
        }
    }
    Ok(())
}

/// The whole records; what a crash cut off at the end was never called kept.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (Sha256, &[u8])> {
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(HEAD_BYTES)?;
        let (length, name) = head.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (bytes, next) = after.split_at_checked(length)?;
        let name = Sha256(name.try_into().ok()?);
        rest = next;
        (Sha256::of(bytes) == name).then_some((name, bytes))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::Sha256, Journal, SEGMENT_BYTES, path};

    fn folder() -> std::path::PathBuf {
        std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string())
    }

    #[test]
    fn what_a_crash_left_out_is_made_good_and_half_a_record_is_nothing() {
        let folder = folder();
        let journal = Journal::at(&folder);
        let [one, two] = [b"one".as_slice(), b"two"];
        let names = [Sha256::of(one), Sha256::of(two)];
        journal.keep(&[(names[0], one), (names[1], two)]).unwrap();
        let segment = fs::read_dir(folder.join("journal")).unwrap().next().unwrap();
        let segment = segment.unwrap().path();
        // The first was never written, the second came out empty, and a third was being written.
        fs::remove_file(path(&folder, names[0])).unwrap();
        fs::write(path(&folder, names[1]), "").unwrap();
        let mut torn = fs::read(&segment).unwrap();
        torn.extend_from_slice(&torn.clone()[..42]);
        fs::write(&segment, torn).unwrap();

        // As long as its process lives, nobody touches it.
        drop(Journal::at(&folder));
        assert!(!path(&folder, names[0]).exists());
        drop(journal);
        drop(Journal::at(&folder));

        assert_eq!(fs::read(path(&folder, names[0])).unwrap(), one);
        assert_eq!(fs::read(path(&folder, names[1])).unwrap(), two);
        assert!(!segment.exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_full_segment_goes_once_its_files_are_synced() {
        let folder = folder();
        let journal = Journal::at(&folder);
        let part = usize::try_from(SEGMENT_BYTES / 20).unwrap();
        for it in 0..50_u8 {
            let bytes = vec![it; part];
            journal.keep(&[(Sha256::of(&bytes), &bytes)]).unwrap();
        }

        let segments = || fs::read_dir(folder.join("journal")).unwrap().count();
        for _ in 0..200 {
            if segments() == 1 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(segments(), 1);
        let bytes = vec![3; part];
        assert_eq!(fs::read(path(&folder, Sha256::of(&bytes))).unwrap(), bytes);
        fs::remove_dir_all(folder).unwrap();
    }
}
