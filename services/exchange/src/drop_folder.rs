//! The operator's drop folder: `in/` is picked up, `done/` and `failed/` keep what was,
//! `out/<receiver>/` is for partners' programs to fetch.
//!
//! A file is kept and judged before it is moved: one that is seen twice, because the process
//! died in between, is a duplicate and applied once. A file counts as whole once it stays as
//! it is from one look to the next; names that end in `.tmp` or `.part` are left alone.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use gate::House;
use kernel::{Fault, Id, Interchange};
use store::Files;

use crate::interchanges::{self, LIMIT_BYTES, Source};

/// Where the drop folder is, and how often it is looked at.
#[derive(Clone, Debug)]
pub struct DropFolder {
    /// The folder that holds `in`, `done`, `failed` and `out`.
    pub folder: PathBuf,
    /// How long from one look to the next.
    pub every: Duration,
}

/// What a file was at the last look.
type Looks = HashMap<PathBuf, (u64, Option<SystemTime>)>;

impl DropFolder {
    /// The folder `edi` beside the folder of the files, looked at once a second.
    pub fn beside(files: &Files) -> Self {
        Self::at(files.folder().with_file_name("edi"))
    }

    /// This folder, looked at once a second.
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder, every: Duration::from_secs(1) }
    }

    fn incoming(&self) -> PathBuf {
        self.folder.join("in")
    }

    /// Where what goes out is put, a folder for each partner.
    pub fn outgoing(&self) -> PathBuf {
        self.folder.join("out")
    }
}

/// Looks at the folder, for ever.
pub async fn watch(house: House, folder: DropFolder) {
    let mut looks = Looks::new();
    loop {
        if let Err(fault) = look(&house, &folder, &mut looks).await {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, "the drop folder: {fault}");
        }
        tokio::time::sleep(folder.every).await;
    }
}

/// Looks once: takes the files in that have not changed since the last look.
///
/// # Errors
/// If the folder cannot be read, or the database fails.
async fn look(
    house: &House,
    folder: &DropFolder,
    looks: &mut Looks,
) -> Result<(), Fault> {
    let incoming = folder.incoming();
    let seen = blocking(move || list(&incoming)).await?;
    let before = std::mem::replace(looks, seen);
    let mut whole: Vec<_> = looks
        .iter()
        .filter(|(path, look)| before.get(*path) == Some(*look))
        .map(|(path, (bytes, _))| (path.clone(), *bytes))
        .collect();
    whole.sort_unstable();
    for (path, bytes) in whole {
        looks.remove(&path);
        let kept = take(house, &path, bytes).await?;
        store::brink("drop.taken");
        let to = folder.folder.join(if kept { "done" } else { "failed" });
        blocking(move || put_away(&path, &to)).await?;
        store::brink("drop.moved");
    }
    Ok(())
}

/// Takes one file in; tells whether all of it was good.
async fn take(house: &House, path: &Path, bytes: u64) -> Result<bool, Fault> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    if usize::try_from(bytes).is_ok_and(|bytes| bytes <= LIMIT_BYTES) {
        let from = path.to_owned();
        let file = blocking(move || fs::read(&from)).await?;
        let ids =
            interchanges::take(house, Source::Folder(name.clone()), file.into()).await?;
        let good = all_good(house, ids).await?;
        tracing::info!(file = name, good, "took {name} in from the drop folder");
        return Ok(good);
    }
    tracing::warn!(file = name, bytes, "{name} is larger than {LIMIT_BYTES} bytes");
    Ok(false)
}

async fn all_good(house: &House, ids: Vec<Id<Interchange>>) -> Result<bool, Fault> {
    let mut conn = house.db.read().await?;
    let mut good = true;
    for id in ids {
        good &= interchanges::went_well(&mut conn, id).await?;
    }
    Ok(good)
}

async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let ran = tokio::task::spawn_blocking(run).await;
    ran.map_err(Fault::new("waiting for the drop folder"))?
        .map_err(Fault::new("working on the drop folder"))
}

fn list(folder: &Path) -> io::Result<Looks> {
    fs::create_dir_all(folder)?;
    let mut looks = Looks::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // A file that is gone by now was somebody's who changed their mind.
        let Ok(about) = entry.metadata() else { continue };
        if about.is_file() && is_wanted(&path) {
            looks.insert(path, (about.len(), about.modified().ok()));
        }
    }
    Ok(looks)
}

fn is_wanted(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.as_encoded_bytes().first() == Some(&b'.'));
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    !hidden && matches!(ending.as_deref(), Some("edi" | "x12" | "txt"))
}

/// Moves a file away without writing over another of its name.
fn put_away(file: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut goal = to.join(name);
    if goal.exists() {
        let name = name.to_string_lossy();
        goal = to.join(format!("{}-{name}", Id::<Interchange>::mint()));
    }
    match fs::rename(file, goal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_wanted;

    #[test]
    fn only_whole_files_of_interchanges_are_wanted() {
        for good in ["a.edi", "a.X12", "a b.txt"] {
            assert!(is_wanted(Path::new(good)), "{good}");
        }
        for bad in ["a.edi.tmp", "a.part", "a", ".a.edi", "a.csv"] {
            assert!(!is_wanted(Path::new(bad)), "{bad}");
        }
    }
}
