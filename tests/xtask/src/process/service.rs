//! A program that runs beside a task, and a folder that lasts as long.

use std::{
    env, fs,
    fs::File,
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::keeper::{self, Held};
use crate::failure::{Failure, While};

/// How a program wants to be told to end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// SIGTERM, which most programs understand.
    Terminate,
    /// SIGINT: PostgreSQL's "end now, cleanly"; SIGTERM would wait for its clients.
    Interrupt,
}

impl Stop {
    /// The name that `kill -s` takes.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Terminate => "TERM",
            Self::Interrupt => "INT",
        }
    }
}

/// A program that is stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Service {
    name: &'static str,
    child: Child,
    stop: Stop,
    log: PathBuf,
    _held: Held,
}

impl Service {
    /// Starts a program, with what it says on standard error in a log under `folder`.
    ///
    /// Where standard output goes is for the caller to say.
    ///
    /// # Errors
    /// The program or its log cannot be opened.
    pub(crate) fn start(
        name: &'static str,
        command: &mut Command,
        stop: Stop,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).while_doing(log.display())?;
        let child = command
            .stdin(Stdio::null())
            .stderr(file)
            .process_group(0)
            .spawn()
            .while_doing(super::tell(command))?;
        let held = keeper::hold(child.id(), stop);
        Ok(Self { name, child, stop, log, _held: held })
    }

    /// Its standard output, once.
    pub(crate) fn take_output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Where its complaints are.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// Waits until `is_ready` says so.
    ///
    /// # Errors
    /// The program ended, or took longer than `patience`; the end of its log is told.
    pub(crate) fn wait_until(
        &mut self,
        patience: Duration,
        mut is_ready: impl FnMut() -> bool,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        while !is_ready() {
            if let Some(status) = self.child.try_wait().while_doing(self.name)? {
                return Err(self.failure(&format!("ended with {status}")));
            }
            if start.elapsed() > patience {
                let seconds = patience.as_secs();
                return Err(self.failure(&format!("was not ready after {seconds} s")));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What went wrong, with the end of the log.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let tail =
            lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n");
        Failure::new(format!("{} {what}; its log ends:\n{tail}", self.name))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        const PATIENCE: Duration = Duration::from_secs(15);
        keeper::signal(self.child.id(), self.stop.name());
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > PATIENCE {
                eprintln!("{} does not stop: killing it", self.name);
                // Both fail only for a process that is gone.
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A folder outside the clone that is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _held: Held,
}

impl Folder {
    /// Makes one that other users may pass through.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn new(name: &str) -> Result<Self, Failure> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            env::temp_dir().join(format!("entente-{name}-{}-{count}", process::id()));
        fs::create_dir_all(&path).while_doing(path.display())?;
        let held = keeper::hold_folder(&path);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
            .while_doing(path.display())?;
        Ok(Self { path, _held: held })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{}: {error}", self.path.display());
        }
    }
}

/// A port of the loopback address that nobody listens on at this moment.
///
/// # Errors
/// There is none.
pub(crate) fn free_port() -> Result<u16, Failure> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).while_doing("a free port")?;
    Ok(listener.local_addr().while_doing("a free port")?.port())
}
