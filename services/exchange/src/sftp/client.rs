//! Calling a partner's server: only one whose key was agreed, and only on the Internet unless the
//! operator allows others.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use gate::House;
use russh::{
    client::{self, AuthResult, Config, Handle},
    keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate},
};
use russh_sftp::client::SftpSession;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{
    Mailbox, SftpTheirs, keys,
    rules::{is_name, is_unfinished},
};
use crate::{
    interchanges::LIMIT_BYTES,
    stations::{TrialStep, reach, seal},
};

/// How long a server may take to let us in.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(30);
/// How long it may take for one file.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long it may take for one answer, in seconds.
const ANSWER_SECONDS: u64 = 30;
/// How many files are fetched in one turn.
const LIMIT_FILES: usize = 500;

/// Takes a server for its partner's only if its key is one that was agreed.
struct Pinned {
    pins: Vec<String>,
    saw: Arc<Mutex<Option<String>>>,
}

impl client::Handler for Pinned {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        let print = keys::fingerprint(key);
        let known = self.pins.contains(&print);
        *self.saw.lock().unwrap_or_else(PoisonError::into_inner) = Some(print);
        Ok(known)
    }
}

/// A server that let us in.
pub(super) struct Theirs {
    sftp: SftpSession,
    handle: Handle<Pinned>,
}

/// What was done, step by step; the last one that is not `ok` is where it ended.
pub(super) type Steps = Vec<TrialStep>;

/// Notes a step; an error ends the way there.
fn step<T>(
    steps: &mut Steps,
    step: &'static str,
    done: Result<(T, String), String>,
) -> Result<T, String> {
    match done {
        Ok((it, detail)) => {
            steps.push(TrialStep { step, ok: true, detail });
            Ok(it)
        }
        Err(why) => {
            steps.push(TrialStep { step, ok: false, detail: why.clone() });
            Err(why)
        }
    }
}

/// Signs in.
///
/// # Errors
/// Why that was not possible, as a person may read it.
pub(super) async fn connect(
    house: &House,
    mailbox: &Mailbox,
    theirs: &SftpTheirs,
    steps: &mut Steps,
) -> Result<Theirs, String> {
    let trying = sign_in(house, mailbox, theirs, steps);
    match tokio::time::timeout(SIGN_IN_WITHIN, trying).await {
        Ok(done) => done,
        Err(_late) => {
            let why = format!("{} does not answer within 30 seconds", theirs.host);
            step(steps, "answered", Err(why))
        }
    }
}

async fn sign_in(
    house: &House,
    mailbox: &Mailbox,
    theirs: &SftpTheirs,
    steps: &mut Steps,
) -> Result<Theirs, String> {
    let found = reach::address(house, &theirs.host, theirs.port).await;
    let address = step(steps, "found", found.map(|it| (it, it.to_string())))?;
    let saw = Arc::new(Mutex::new(None));
    let pinned = Pinned { pins: theirs.host_keys.clone(), saw: Arc::clone(&saw) };
    let config = Config { inactivity_timeout: Some(PATIENCE), ..Config::default() };
    let met = client::connect(Arc::new(config), address, pinned).await;
    let saw = saw.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut handle = match (met, saw) {
        (Ok(handle), Some(print)) => step(steps, "host_key", Ok((handle, print)))?,
        (_, Some(print)) if !theirs.host_keys.contains(&print) => {
            let why = format!("the server's key is {print}, which is not agreed");
            return step(steps, "host_key", Err(why));
        }
        (Err(why), _) => return step(steps, "answered", Err(why.to_string())),
        (Ok(_), None) => {
            let why = "the server showed no key that can be agreed".to_owned();
            return step(steps, "host_key", Err(why));
        }
    };
    let entered = enter(house, mailbox, theirs, &mut handle).await;
    step(steps, "signed_in", entered.map(|how| ((), how.to_owned())))?;
    let sftp = open(&handle).await.map(|it| (it, String::new()));
    let sftp = step(steps, "sftp", sftp)?;
    sftp.set_timeout(ANSWER_SECONDS);
    Ok(Theirs { sftp, handle })
}

async fn enter(
    house: &House,
    mailbox: &Mailbox,
    theirs: &SftpTheirs,
    handle: &mut Handle<Pinned>,
) -> Result<&'static str, String> {
    let told = |why: russh::Error| why.to_string();
    let key = keys::open(house, mailbox.id, &mailbox.row.sealed)
        .map_err(|fault| fault.to_string())?;
    let key = PrivateKeyWithHashAlg::new(key, None);
    let by_key = handle.authenticate_publickey(theirs.user.as_str(), key).await;
    if by_key.map_err(told)?.success() {
        return Ok("by our key");
    }
    let refused = || {
        format!("the server does not let {} in; give the partner our key", theirs.user)
    };
    let sealed = mailbox.row.password.as_deref().ok_or_else(refused)?;
    let password = seal::open(&house.settings.secret, mailbox.id, sealed)
        .map_err(|fault| fault.to_string())?;
    let password = String::from_utf8_lossy(&password).into_owned();
    let by_password = handle.authenticate_password(theirs.user.as_str(), password).await;
    match by_password.map_err(told)? {
        AuthResult::Success => Ok("by our password"),
        AuthResult::Failure { .. } => Err(refused()),
    }
}

async fn open(handle: &Handle<Pinned>) -> Result<SftpSession, String> {
    let told = |why: russh::Error| why.to_string();
    let channel = handle.channel_open_session().await.map_err(told)?;
    channel.request_subsystem(true, "sftp").await.map_err(told)?;
    SftpSession::new(channel.into_stream()).await.map_err(|why| why.to_string())
}

/// A file in a folder of a partner's.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Remote {
    pub(super) name: String,
    pub(super) bytes: u64,
}

pub(super) fn path(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

impl Theirs {
    /// The whole files in a folder, by name, up to a limit; nothing of what is a link, a folder,
    /// or named to lead elsewhere.
    pub(super) async fn list(&self, folder: &str) -> Result<Vec<Remote>, String> {
        let read = self.sftp.read_dir(folder).await;
        let read = read.map_err(|why| format!("`{folder}` cannot be read: {why}"))?;
        let mut files: Vec<_> = read
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| Remote {
                name: entry.file_name(),
                bytes: entry.metadata().len(),
            })
            .filter(|it| is_name(&it.name) && !is_unfinished(&it.name))
            .collect();
        files.sort_unstable();
        files.truncate(LIMIT_FILES);
        Ok(files)
    }

    /// Reads a file, and one byte more than is taken: a server may lie about lengths.
    pub(super) async fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let reading = async {
            let file = self.sftp.open(path).await.map_err(|why| why.to_string())?;
            let limit = u64::try_from(LIMIT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
            let mut bytes = Vec::new();
            file.take(limit)
                .read_to_end(&mut bytes)
                .await
                .map_err(|why| why.to_string())?;
            Ok(bytes)
        };
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.unwrap_or_else(|_late| Err("it took too long".to_owned()))
            .map_err(|why: String| format!("`{path}` cannot be read: {why}"))
    }

    /// Removes a file that was fetched, or moves it away.
    pub(super) async fn put_away(
        &self,
        (folder, name): (&str, &str),
        move_to: Option<&str>,
    ) -> Result<(), String> {
        let from = path(folder, name);
        let Some(move_to) = move_to else {
            let removed = self.sftp.remove_file(from.as_str()).await;
            return removed.map_err(|why| format!("`{from}` cannot be removed: {why}"));
        };
        let to = path(move_to, name);
        if self.sftp.rename(from.as_str(), to.as_str()).await.is_ok() {
            return Ok(());
        }
        // One of that name may be there already.
        let to = format!("{to}-{}", kernel::Id::<kernel::SftpFile>::mint());
        let moved = self.sftp.rename(from.as_str(), to.as_str()).await;
        moved.map_err(|why| format!("`{from}` cannot be moved to `{move_to}`: {why}"))
    }

    /// Puts a file: under a name that is not whole, then under its own.
    pub(super) async fn write(
        &self,
        (folder, name): (&str, &str),
        bytes: &[u8],
    ) -> Result<(), String> {
        let (whole, part) = (path(folder, name), path(folder, &format!("{name}.part")));
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // Put by a try whose end nobody wrote down.
        if self.sftp.metadata(whole.as_str()).await.is_ok_and(|it| it.len() == length) {
            return Ok(());
        }
        let writing = async {
            let mut file =
                self.sftp.create(part.as_str()).await.map_err(|why| why.to_string())?;
            file.write_all(bytes).await.map_err(|why| why.to_string())?;
            file.shutdown().await.map_err(|why| why.to_string())
        };
        let written = tokio::time::timeout(PATIENCE, writing).await;
        written
            .unwrap_or_else(|_late| Err("it took too long".to_owned()))
            .map_err(|why: String| format!("`{part}` cannot be written: {why}"))?;
        store::brink("sftp.written");
        let renamed = self.sftp.rename(part.as_str(), whole.as_str()).await;
        renamed.map_err(|why| format!("`{part}` cannot be renamed: {why}"))
    }

    /// Whether a file can be put into a folder: one is, and removed.
    pub(super) async fn try_folder(&self, folder: &str) -> Result<(), String> {
        let name = format!(".entente-{}.part", kernel::Id::<kernel::SftpFile>::mint());
        let path = path(folder, &name);
        let told = |why: String| format!("nothing can be put into `{folder}`: {why}");
        let mut file =
            self.sftp.create(path.as_str()).await.map_err(|why| told(why.to_string()))?;
        let written = file.write_all(b"Entente test\r\n").await;
        written.map_err(|why| told(why.to_string()))?;
        file.shutdown().await.map_err(|why| told(why.to_string()))?;
        self.sftp.remove_file(path).await.map_err(|why| told(why.to_string()))
    }

    /// Says goodbye; whether that is heard changes nothing.
    pub(super) async fn leave(self) {
        drop(self.sftp.close().await);
        let by = russh::Disconnect::ByApplication;
        drop(self.handle.disconnect(by, "done", "en").await);
    }
}

/// Puts a file into a partner's folder.
///
/// # Errors
/// Why it is not there; it may be tried again.
pub(super) async fn put(
    house: &House,
    mailbox: &Mailbox,
    theirs: &SftpTheirs,
    (name, bytes): (&str, &[u8]),
) -> Result<(), String> {
    let session = connect(house, mailbox, theirs, &mut Steps::new()).await?;
    let put = session.write((&theirs.put_into, name), bytes).await;
    store::brink("sftp.put");
    session.leave().await;
    put
}
