//! What a partner sees of its mailbox here: `/in`, `/out`, and nothing else. What it writes stays
//! in memory until it is whole: a session that breaks off has put nothing.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use gate::House;
use kernel::{Fault, Moment};
use russh_sftp::{
    protocol::{File, FileAttributes, Handle, OpenFlags, Status, StatusCode},
    server::StatusReply,
};

use super::{
    Mailbox, Taken, fetched,
    held::{Counted, Held},
    rules::{Place, Seen, is_unfinished},
    sql, take,
};

/// The most files and folders that a session has open.
pub(super) const LIMIT_HANDLES: usize = 16;
/// The most files of a session that are not whole.
const LIMIT_PARTS: usize = 16;
/// For how long a file is shown once it was taken, or fetched: programs look whether it is there,
/// and may fetch again what they failed to keep.
const SHOWN_FOR: Duration = Duration::from_hours(1);

pub(super) enum Open {
    Folder(Vec<File>),
    Fetching { file: sql::FileRow, content: Counted, seen: Seen },
    Putting { name: String, content: Counted },
}

/// One session of a partner's.
pub(super) struct Folder {
    house: House,
    mailbox: Mailbox,
    pub(super) open: HashMap<String, Open>,
    /// What was closed under a name that is not whole.
    parts: HashMap<String, Counted>,
    held: Held,
    handles: u64,
}

impl Folder {
    pub(super) fn new(house: House, mailbox: Mailbox, held: Held) -> Self {
        let (open, parts) = (HashMap::new(), HashMap::new());
        Self { house, mailbox, open, parts, held, handles: 0 }
    }

    pub(super) fn handle(&mut self, id: u32, open: Open) -> Result<Handle, StatusReply> {
        if self.open.len() >= LIMIT_HANDLES {
            return Err(failed(&format!(
                "at most {LIMIT_HANDLES} files are open at once"
            )));
        }
        self.handles = self.handles.saturating_add(1);
        let handle = self.handles.to_string();
        self.open.insert(handle.clone(), open);
        Ok(Handle { id, handle })
    }

    /// What stands in a folder, the newest of each name; a mailbox that was closed has nothing.
    async fn listed(
        &self,
        direction: &'static str,
    ) -> Result<Vec<sql::FileRow>, StatusReply> {
        let since = self.house.clock.now() - SHOWN_FOR;
        let whose = self.mailbox.whose();
        let mut conn = self.house.db.read().await.map_err(ours)?;
        if !self.mailbox.is_as_it_was(&mut conn).await.map_err(ours)? {
            return Err(failed("the mailbox was changed or closed; sign in again"));
        }
        let rows =
            sql::listed(&mut conn, whose, (direction, since)).await.map_err(ours)?;
        let mut names = HashSet::new();
        Ok(rows.into_iter().filter(|row| names.insert(row.name.clone())).collect())
    }

    async fn find(
        &self,
        direction: &'static str,
        name: &str,
    ) -> Result<sql::FileRow, StatusReply> {
        let rows = self.listed(direction).await?;
        let found = rows.into_iter().find(|row| row.name == name);
        found.ok_or_else(|| StatusCode::NoSuchFile.into())
    }

    pub(super) async fn about(&self, path: &str) -> Result<FileAttributes, StatusReply> {
        match place(path)? {
            Place::Root | Place::In | Place::Out => Ok(folder_attributes()),
            Place::Put(name) => match self.parts.get(&name) {
                Some(part) => Ok(file_attributes(part.bytes.len() as u64, None)),
                None => self.find("in", &name).await.map(|row| attributes(&row)),
            },
            Place::Fetch(name) => {
                self.find("out", &name).await.map(|row| attributes(&row))
            }
        }
    }

    pub(super) async fn list(&self, place: &Place) -> Result<Vec<File>, StatusReply> {
        let dots = [".", ".."].map(|name| File::new(name, folder_attributes()));
        let mut files = Vec::from(dots);
        let direction = match place {
            Place::Root => {
                files.extend(
                    ["in", "out"].map(|name| File::new(name, folder_attributes())),
                );
                return Ok(files);
            }
            Place::In => "in",
            Place::Out => "out",
            Place::Put(_) | Place::Fetch(_) => return Err(StatusCode::NoSuchFile.into()),
        };
        if *place == Place::In {
            files.extend(self.parts.iter().map(|(name, part)| {
                File::new(name.clone(), file_attributes(part.bytes.len() as u64, None))
            }));
        }
        let rows = self.listed(direction).await?;
        files.extend(rows.iter().map(|row| File::new(row.name.clone(), attributes(row))));
        Ok(files)
    }

    pub(super) async fn fetch(&mut self, name: &str) -> Result<Open, StatusReply> {
        let file = self.find("out", name).await?;
        let mut content = Counted::new(Arc::clone(&self.held));
        content.grow(usize::try_from(file.bytes).unwrap_or(usize::MAX))?;
        let sha256 = file.sha256.parse().map_err(ours)?;
        content.bytes = self.house.files.read(sha256).await.map_err(ours)?;
        Ok(Open::Fetching { file, content, seen: Seen::new() })
    }

    pub(super) fn put(&mut self, name: String, flags: OpenFlags) -> Open {
        let part = self.parts.remove(&name);
        // What goes on where it broke off keeps what is there.
        let part = part.filter(|_| !flags.contains(OpenFlags::TRUNCATE));
        let content = part.unwrap_or_else(|| Counted::new(Arc::clone(&self.held)));
        Open::Putting { name, content }
    }

    /// A file is whole, by its name.
    async fn whole(&mut self, name: &str, content: Counted) -> Result<(), StatusReply> {
        let mut content = content;
        if !content.is_whole() {
            return Err(failed("not all of it was written; put it again"));
        }
        let bytes = std::mem::take(&mut content.bytes);
        if bytes.is_empty() {
            return Err(failed("an empty file is no interchange"));
        }
        let taken = take(&self.house, &self.mailbox, name, bytes).await.map_err(ours)?;
        match taken {
            Taken::New | Taken::Known => Ok(()),
            Taken::NotNow(why) => Err(failed(why)),
            Taken::Refused(why) => Err(failed(&format!("{name} is refused: {why}"))),
        }
    }

    pub(super) async fn closed(&mut self, open: Open) -> Result<(), StatusReply> {
        match open {
            Open::Folder(_) => Ok(()),
            Open::Fetching { file, content, seen } => {
                if seen.is_all(content.bytes.len()) {
                    self.settle(&file, Leave::Shown).await.map_err(ours)?;
                }
                Ok(())
            }
            Open::Putting { name, content } if is_unfinished(&name) => {
                if self.parts.len() >= LIMIT_PARTS {
                    return Err(failed("too many files here are not whole; rename them"));
                }
                self.parts.insert(name, content);
                Ok(())
            }
            Open::Putting { name, content } => self.whole(&name, content).await,
        }
    }

    async fn settle(&self, file: &sql::FileRow, leave: Leave) -> Result<(), Fault> {
        let now = self.house.clock.now();
        let mut tx = self.house.db.write().await?;
        fetched(&mut tx, &self.mailbox, (file.id, file.interchange_id), now).await?;
        if leave == Leave::Hidden {
            sql::hide(&mut tx, (self.mailbox.organisation, file.id), now).await?;
        }
        tx.commit().await?;
        store::brink("sftp.fetched");
        Ok(())
    }

    pub(super) async fn take_away(&mut self, path: &str) -> Result<(), StatusReply> {
        match place(path)? {
            Place::Put(name) if self.parts.remove(&name).is_some() => Ok(()),
            Place::Put(name) => {
                let file = self.find("in", &name).await?;
                let whose = (self.mailbox.organisation, file.id);
                let now = self.house.clock.now();
                let mut tx = self.house.db.write().await.map_err(ours)?;
                sql::hide(&mut tx, whose, now).await.map_err(ours)?;
                tx.commit().await.map_err(ours)
            }
            Place::Fetch(name) => {
                let file = self.find("out", &name).await?;
                self.settle(&file, Leave::Hidden).await.map_err(ours)
            }
            Place::Root | Place::In | Place::Out => Err(denied()),
        }
    }

    pub(super) async fn renamed(
        &mut self,
        from: &str,
        to: &str,
    ) -> Result<(), StatusReply> {
        let (Place::Put(from), Place::Put(to)) = (place(from)?, place(to)?) else {
            return Err(denied());
        };
        let content = self.parts.remove(&from).ok_or(StatusCode::NoSuchFile)?;
        if is_unfinished(&to) {
            self.parts.insert(to, content);
            return Ok(());
        }
        self.whole(&to, content).await
    }
}

/// Whether a file that was delivered is still shown.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Leave {
    Shown,
    Hidden,
}

pub(super) fn place(path: &str) -> Result<Place, StatusReply> {
    Place::of(path).ok_or_else(|| StatusCode::NoSuchFile.into())
}

pub(super) fn failed(why: &str) -> StatusReply {
    StatusCode::Failure.with_message(why)
}

pub(super) fn denied() -> StatusReply {
    StatusCode::PermissionDenied
        .with_message("put files into /in, fetch files from /out; that is all there is")
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn ours(fault: Fault) -> StatusReply {
    let error = &fault as &dyn std::error::Error;
    tracing::error!(error, "a mailbox: {fault}");
    failed("it has been written down; try again later")
}

pub(super) fn file_attributes(bytes: u64, at: Option<Moment>) -> FileAttributes {
    let seconds = at.map_or(0, |at| u32::try_from(at.micros() / 1_000_000).unwrap_or(0));
    let mut attributes = FileAttributes::empty();
    attributes.size = Some(bytes);
    attributes.permissions = Some(0o100_600);
    (attributes.uid, attributes.gid) = (Some(0), Some(0));
    (attributes.atime, attributes.mtime) = (Some(seconds), Some(seconds));
    attributes
}

pub(super) fn attributes(row: &sql::FileRow) -> FileAttributes {
    file_attributes(u64::try_from(row.bytes).unwrap_or_default(), Some(row.at))
}

pub(super) fn folder_attributes() -> FileAttributes {
    FileAttributes { permissions: Some(0o040_700), ..file_attributes(0, None) }
}

pub(super) fn ok(id: u32) -> Status {
    Status {
        id,
        status_code: StatusCode::Ok,
        error_message: "Ok".to_owned(),
        language_tag: "en-US".to_owned(),
    }
}
