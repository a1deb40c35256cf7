//! Files named by their SHA-256: kept once, never changed.

use std::{
    fmt,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

use kernel::Fault;
use sha2::Digest;

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
#[derive(Clone, Debug)]
pub struct Files(PathBuf);

impl Files {
    /// In this folder, which is made when it is first needed.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Keeps a file: on disk and synced when this returns. The same bytes are kept once.
    ///
    /// # Errors
    /// If the disk refuses.
    pub async fn keep(&self, bytes: impl Into<bytes::Bytes>) -> Result<Sha256, Fault> {
        let (folder, bytes) = (self.0.clone(), bytes.into());
        let keeping = tokio::task::spawn_blocking(move || {
            let name = Sha256::of(&bytes);
            write_synced(&path(&folder, name), &bytes).map(|()| name)
        });
        let kept = keeping.await.map_err(Fault::new("waiting for a file to be kept"))?;
        crate::brink("file.kept");
        kept.map_err(Fault::new("keeping a file"))
    }

    /// Reads one back.
    ///
    /// # Errors
    /// If it is not there, or its bytes are no longer those it is named by.
    pub async fn read(&self, name: Sha256) -> Result<Vec<u8>, Fault> {
        let bytes = tokio::fs::read(path(&self.0, name)).await;
        let bytes = bytes.map_err(Fault::new(format!("reading file {name}")))?;
        if Sha256::of(&bytes) == name {
            Ok(bytes)
        } else {
            Err(Fault::broken(format!("reading file {name}"), "its bytes have changed"))
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}

fn path(folder: &Path, name: Sha256) -> PathBuf {
    let name = name.to_string();
    let (shelf, rest) = name.split_at(2);
    folder.join(shelf).join(rest)
}

/// Writes beside, syncs, renames, syncs the folder: a crash leaves the file whole or absent.
fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(folder)?;
    let beside = path.with_extension(kernel::Id::<kernel::Job>::mint().to_string());
    let mut file = std::fs::File::create_new(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    std::fs::File::open(folder)?.sync_all()
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
