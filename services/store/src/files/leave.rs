//! Files that nobody names any more, in two steps: first one is put aside, and only at a later look,
//! if still nobody names it, it is gone. Whoever kept the same bytes between looking and putting
//! aside has named them by the second look; whoever reads them meanwhile gets them.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use kernel::Fault;

use super::{Files, Sha256, path};

/// What the name of a file that was put aside ends in.
const ASIDE: &str = "leaving";

impl Files {
    /// Puts a file aside. It is read as before, and kept anew by whoever has the same bytes.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put_aside(&self, name: Sha256) -> Result<(), Fault> {
        let place = path(self.folder(), name);
        let moved = absent_is_fine(fs::rename(&place, aside(&place)));
        moved.map_err(Fault::new(format!("putting file {name} aside")))
    }

    /// Removes a file that was put aside.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn remove(&self, name: Sha256) -> Result<(), Fault> {
        let removed = absent_is_fine(fs::remove_file(aside(&path(self.folder(), name))));
        removed.map_err(Fault::new(format!("removing file {name}")))
    }

    /// Puts a file back that was put aside.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put_back(&self, name: Sha256) -> Result<(), Fault> {
        let back = stay(&path(self.folder(), name));
        back.map_err(Fault::new(format!("putting file {name} back")))
    }
}

/// Before a file is read: if it was put aside, it is wanted after all.
pub(super) fn stay_if_asked(folder: &Path, name: Sha256) {
    let place = path(folder, name);
    if !place.exists()
        && let Err(error) = stay(&place)
    {
        tracing::warn!(%error, "file {name} was put aside and could not be put back");
    }
}

fn stay(place: &Path) -> io::Result<()> {
    if place.exists() {
        return absent_is_fine(fs::remove_file(aside(place)));
    }
    absent_is_fine(fs::rename(aside(place), place))
}

fn aside(place: &Path) -> PathBuf {
    place.with_extension(ASIDE)
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_was_put_aside_comes_back_for_whoever_wants_it() {
        let folder =
            std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string());
        let files = Files::at(&folder);
        let name = files.keep("abc").await.unwrap();

        files.put_aside(name).unwrap();
        assert!(!path(&folder, name).exists());
        assert_eq!(files.read(name).await.unwrap(), b"abc", "who reads it gets it");
        assert!(path(&folder, name).exists(), "and it is back");

        files.put_aside(name).unwrap();
        files.keep("abc").await.unwrap();
        files.remove(name).unwrap();
        assert_eq!(files.read(name).await.unwrap(), b"abc", "it was kept anew");

        files.put_aside(name).unwrap();
        files.put_back(name).unwrap();
        files.remove(name).unwrap();
        assert_eq!(files.read(name).await.unwrap(), b"abc", "nothing was aside");

        files.put_aside(name).unwrap();
        files.remove(name).unwrap();
        files.remove(name).unwrap();
        assert!(files.read(name).await.is_err(), "now it is gone");
        fs::remove_dir_all(folder).unwrap();
    }
}
