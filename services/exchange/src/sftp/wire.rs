//! The requests of SFTP, version 3 (draft-ietf-secsh-filexfer-02), as far as a mailbox has them.

use std::collections::HashMap;

use russh_sftp::{
    protocol::{
        Attrs, Data, File, FileAttributes, Handle, Name, OpenFlags, Status, StatusCode,
        Version,
    },
    server::{self, StatusReply},
};

use super::{
    folder::{
        Folder, LIMIT_HANDLES, Open, attributes, denied, failed, file_attributes,
        folder_attributes, ok, place,
    },
    rules::Place,
};

/// The longest piece that is read at once, in bytes.
const LIMIT_PIECE_BYTES: usize = 256 * 1024;

impl server::Handler for Folder {
    type Error = StatusReply;

    fn unimplemented(&self) -> StatusReply {
        StatusCode::OpUnsupported.into()
    }

    async fn init(
        &mut self,
        _version: u32,
        _extensions: HashMap<String, String>,
    ) -> Result<Version, StatusReply> {
        Ok(Version::new())
    }

    async fn realpath(&mut self, id: u32, path: String) -> Result<Name, StatusReply> {
        let path = place(&path)?.path();
        Ok(Name { id, files: vec![File::dummy(path)] })
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusReply> {
        Ok(Attrs { id, attrs: self.about(&path).await? })
    }

    async fn lstat(&mut self, id: u32, path: String) -> Result<Attrs, StatusReply> {
        Ok(Attrs { id, attrs: self.about(&path).await? })
    }

    async fn fstat(&mut self, id: u32, handle: String) -> Result<Attrs, StatusReply> {
        let attrs = match self.open.get(&handle) {
            Some(Open::Folder(_)) => folder_attributes(),
            Some(Open::Fetching { file, .. }) => attributes(file),
            Some(Open::Putting { content, .. }) => {
                file_attributes(content.bytes.len() as u64, None)
            }
            None => return Err(failed("no such handle")),
        };
        Ok(Attrs { id, attrs })
    }

    /// Programs set times and rights of what they put; there are none here.
    async fn setstat(
        &mut self,
        id: u32,
        path: String,
        _attrs: FileAttributes,
    ) -> Result<Status, StatusReply> {
        place(&path).map(|_there| ok(id))
    }

    async fn fsetstat(
        &mut self,
        id: u32,
        handle: String,
        _attrs: FileAttributes,
    ) -> Result<Status, StatusReply> {
        self.open.get(&handle).map(|_open| ok(id)).ok_or_else(|| failed("no such handle"))
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusReply> {
        let files = self.list(&place(&path)?).await?;
        self.handle(id, Open::Folder(files))
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusReply> {
        match self.open.get_mut(&handle) {
            Some(Open::Folder(files)) if files.is_empty() => Err(StatusCode::Eof.into()),
            Some(Open::Folder(files)) => {
                let most = files.len().min(100);
                Ok(Name { id, files: files.drain(..most).collect() })
            }
            Some(Open::Fetching { .. } | Open::Putting { .. }) | None => {
                Err(failed("no such handle"))
            }
        }
    }

    async fn open(
        &mut self,
        id: u32,
        filename: String,
        pflags: OpenFlags,
        _attrs: FileAttributes,
    ) -> Result<Handle, StatusReply> {
        let writes = pflags.contains(OpenFlags::WRITE);
        if self.open.len() >= LIMIT_HANDLES {
            return Err(failed(&format!(
                "at most {LIMIT_HANDLES} files are open at once"
            )));
        }
        let open = match place(&filename)? {
            Place::Put(name) if writes => self.put(name, pflags),
            Place::Fetch(name) if !writes => self.fetch(&name).await?,
            Place::Put(_) | Place::Fetch(_) | Place::Root | Place::In | Place::Out => {
                return Err(denied());
            }
        };
        self.handle(id, open)
    }

    async fn read(
        &mut self,
        id: u32,
        handle: String,
        offset: u64,
        len: u32,
    ) -> Result<Data, StatusReply> {
        let Some(Open::Fetching { content, seen, .. }) = self.open.get_mut(&handle)
        else {
            return Err(failed("no such handle"));
        };
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let length = usize::try_from(len).unwrap_or(usize::MAX).min(LIMIT_PIECE_BYTES);
        let to = from.saturating_add(length).min(content.bytes.len());
        match content.bytes.get(from..to) {
            Some(piece) if !piece.is_empty() => {
                seen.add(from, to);
                Ok(Data { id, data: piece.to_vec() })
            }
            Some(_) | None => Err(StatusCode::Eof.into()),
        }
    }

    async fn write(
        &mut self,
        id: u32,
        handle: String,
        offset: u64,
        data: Vec<u8>,
    ) -> Result<Status, StatusReply> {
        let Some(Open::Putting { content, .. }) = self.open.get_mut(&handle) else {
            return Err(failed("no such handle"));
        };
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        content.write(offset, &data).map(|()| ok(id))
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, StatusReply> {
        let open = self.open.remove(&handle).ok_or_else(|| failed("no such handle"))?;
        self.closed(open).await.map(|()| ok(id))
    }

    async fn remove(&mut self, id: u32, filename: String) -> Result<Status, StatusReply> {
        self.take_away(&filename).await.map(|()| ok(id))
    }

    async fn rename(
        &mut self,
        id: u32,
        oldpath: String,
        newpath: String,
    ) -> Result<Status, StatusReply> {
        self.renamed(&oldpath, &newpath).await.map(|()| ok(id))
    }

    async fn mkdir(
        &mut self,
        _id: u32,
        _path: String,
        _attrs: FileAttributes,
    ) -> Result<Status, StatusReply> {
        Err(denied())
    }

    async fn rmdir(&mut self, _id: u32, _path: String) -> Result<Status, StatusReply> {
        Err(denied())
    }
}
