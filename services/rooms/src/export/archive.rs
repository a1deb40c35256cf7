//! A ZIP that is written piece by piece into a file without a name. Each entry is hashed as it
//! is written; the last entry lists the hashes, in the form that `sha256sum -c` reads.

use std::io::{self, Read, Write};

use kernel::Fault;
use sha2::{Digest, Sha256 as Hasher};
use store::{Files, Sha256, Spool};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How much of a file is copied at once, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// What lists the hashes.
const LIST: &str = "SHA256SUMS";

/// The archive, with an entry that is being written or none.
pub(super) struct Archive {
    zip: Box<ZipWriter<Spool>>,
    hash: Hasher,
    entry: String,
    list: String,
}

impl Archive {
    /// An empty one.
    pub(super) fn begin(files: &Files) -> Result<Self, Fault> {
        let spool = files.spool().map_err(Fault::new("beginning an archive"))?;
        let (entry, list) = (String::new(), String::new());
        let zip = Box::new(ZipWriter::new(spool));
        Ok(Self { zip, hash: Hasher::new(), entry, list })
    }

    /// Begins an entry of text that is packed.
    pub(super) fn text(&mut self, name: &str) -> io::Result<()> {
        self.next(name, CompressionMethod::Deflated)
    }

    /// Goes on with the entry that was begun.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.zip.write_all(bytes)
    }

    /// Adds a file that is kept, as it is; its bytes must still be those that name it.
    pub(super) fn file(&mut self, files: &Files, name: Sha256) -> io::Result<()> {
        self.next(&place(name), CompressionMethod::Stored)?;
        let mut from = files.spooled(name)?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = from.read(&mut piece)?;
            if read == 0 {
                break;
            }
            self.write(piece.get(..read).unwrap_or_default())?;
        }
        if self.hash.clone().finalize().as_slice() == name.bytes() {
            Ok(())
        } else {
            Err(io::Error::other(format!("the bytes of file {name} have changed")))
        }
    }

    /// Ends it with the list of hashes; it has no name yet.
    pub(super) fn end(mut self) -> io::Result<Spool> {
        self.close();
        let list = std::mem::take(&mut self.list);
        self.begin_entry(LIST, CompressionMethod::Deflated)?;
        self.zip.write_all(list.as_bytes())?;
        self.zip.finish().map_err(io::Error::other)
    }

    fn next(&mut self, name: &str, how: CompressionMethod) -> io::Result<()> {
        self.close();
        name.clone_into(&mut self.entry);
        self.begin_entry(name, how)
    }

    fn begin_entry(&mut self, name: &str, how: CompressionMethod) -> io::Result<()> {
        // Nobody knows how large it becomes; the time is left out, so the same is the same.
        let options =
            SimpleFileOptions::default().compression_method(how).large_file(true);
        self.zip.start_file(name, options).map_err(io::Error::other)
    }

    fn close(&mut self) {
        if !self.entry.is_empty() {
            let hash = self.hash.finalize_reset();
            for byte in hash {
                self.list.extend([byte >> 4, byte & 15].map(hex));
            }
            self.list.extend(["  ", &self.entry, "\n"]);
            self.entry.clear();
        }
    }
}

fn hex(bits: u8) -> char {
    char::from_digit(u32::from(bits), 16).unwrap_or('0')
}

/// Where a file lies in the archive.
pub(super) fn place(name: impl std::fmt::Display) -> String {
    format!("files/{name}")
}

#[cfg(test)]
mod tests {
    use zip::ZipArchive;

    use super::*;

    #[tokio::test]
    async fn an_archive_lists_the_hash_of_each_entry_and_refuses_bytes_that_changed() {
        let folder =
            std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string());
        let files = Files::at(&folder);
        let plan = files.keep("a plan").await.unwrap();

        let mut archive = Archive::begin(&files).unwrap();
        archive.text("space.json").unwrap();
        archive.write(b"{\"deal\":").unwrap();
        archive.write(b"1}").unwrap();
        archive.file(&files, plan).unwrap();
        let mut read = ZipArchive::new(archive.end().unwrap()).unwrap();

        let mut list = String::new();
        read.by_name(LIST).unwrap().read_to_string(&mut list).unwrap();
        let whole = Sha256::of(b"{\"deal\":1}");
        assert_eq!(list, format!("{whole}  space.json\n{plan}  files/{plan}\n"));
        let mut bytes = String::new();
        read.by_name(&place(plan)).unwrap().read_to_string(&mut bytes).unwrap();
        assert_eq!(bytes, "a plan");
        let name = plan.to_string();
        let (shelf, rest) = name.split_at(2);
        std::fs::write(folder.join(shelf).join(rest), "a lie!").unwrap();
        let mut archive = Archive::begin(&files).unwrap();
        assert!(archive.file(&files, plan).is_err());
        drop(archive);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
