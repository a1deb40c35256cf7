//! Cleans up after this program, however it ends.
//!
//! The keeper is this very program, started once more, in a process group of its own, so that
//! Ctrl-C does not reach it. Over a pipe it is told what runs and which folders are for the
//! moment. When the pipe closes, the task has ended or was killed: the keeper stops what is
//! left, by process id, and removes the folders.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, Write, stdin},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::Stop;

/// The argument that makes this program a keeper.
pub(crate) const COMMAND: &str = "keep-watch";

/// How long a process may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// Something that the keeper watches until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    release: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        send(&self.release);
    }
}

/// Has a process stopped if this program ends before the answer is dropped.
pub(crate) fn hold(process: u32, stop: Stop) -> Held {
    send(&format!("process {process} {}", stop.name()));
    Held { release: format!("ended {process}") }
}

/// Has a folder removed if this program ends before the answer is dropped.
pub(crate) fn hold_folder(folder: &Path) -> Held {
    send(&format!("folder {}", folder.display()));
    Held { release: format!("removed {}", folder.display()) }
}

/// Asks a process to end.
pub(crate) fn signal(process: u32, name: &str) {
    // The shell's own `kill`: the standard library has none. A process that is gone is fine.
    let _ = Command::new("sh")
        .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &process.to_string()])
        .stderr(Stdio::null())
        .status();
}

fn send(line: &str) {
    static PIPE: OnceLock<Option<Mutex<ChildStdin>>> = OnceLock::new();
    let Some(pipe) = PIPE.get_or_init(start) else { return };
    let mut pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
    // Without a keeper the task still works and cleans up after itself when it ends well.
    let _ = writeln!(pipe, "{line}");
}

fn start() -> Option<Mutex<ChildStdin>> {
    let mut keeper = Command::new(env::current_exe().ok()?)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()?;
    keeper.stdin.take().map(Mutex::new)
}

/// The life of a keeper.
pub(crate) fn keep() {
    let mut processes = BTreeMap::new();
    let mut folders = Vec::new();
    for line in stdin().lock().lines().map_while(Result::ok) {
        match line.split_once(' ') {
            Some(("process", rest)) => {
                if let Some((process, signal)) = read_process(rest) {
                    processes.insert(process, signal);
                }
            }
            Some(("ended", process)) => {
                processes.retain(|held: &u32, _| held.to_string() != process);
            }
            Some(("folder", path)) => folders.push(PathBuf::from(path)),
            Some(("removed", path)) => {
                folders.retain(|folder: &PathBuf| folder.as_path() != Path::new(path));
            }
            _ => {}
        }
    }
    for (process, name) in &processes {
        signal(*process, name);
    }
    let start = Instant::now();
    while processes.keys().any(|process| is_alive(*process)) && start.elapsed() < PATIENCE
    {
        thread::sleep(Duration::from_millis(50));
    }
    for process in processes.keys().filter(|process| is_alive(**process)) {
        signal(*process, "KILL");
    }
    for folder in folders {
        // Nobody is left to be told.
        let _ = fs::remove_dir_all(folder);
    }
}

fn read_process(told: &str) -> Option<(u32, String)> {
    let (process, signal) = told.split_once(' ')?;
    Some((process.parse().ok()?, signal.to_owned()))
}

/// Whether a process runs; one that ended and waits to be asked for its result does not.
fn is_alive(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().starts_with(" Z"))
}
