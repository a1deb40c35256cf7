//! Programs that a task starts: those it waits for, and those it keeps beside it.

pub(crate) mod keeper;
mod service;

use std::{
    ffi::OsString,
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Instant,
};

pub(crate) use service::{Folder, Service, Stop, free_port};

use crate::{
    failure::{Failure, While},
    tally::{Runner, Tally},
};

/// Runs a program to its end; what it prints goes straight through.
///
/// # Errors
/// It cannot be started, or does not end with 0.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let told = tell(command);
    println!("+ {told}");
    let mut child = command.spawn().while_doing(&told)?;
    let held = keeper::hold(child.id(), Stop::Terminate);
    let status = child.wait().while_doing(&told)?;
    drop(held);
    judge(&told, status)
}

/// Runs a program and gives what it wrote on standard output; its complaints go through.
///
/// # Errors
/// It cannot be started, or does not end with 0.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let told = tell(command);
    let output = command.stderr(Stdio::inherit()).output().while_doing(&told)?;
    judge(&told, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first line that a program says of its version; nothing where it is not to be had.
pub(crate) fn version(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| told.lines().next().unwrap_or_default().to_owned())
}

/// Runs tests: each line goes through at once, and the runner's sums are read on the way.
///
/// The second value is the failure of the run as a whole, beside what was counted until then.
///
/// # Errors
/// The program cannot be started.
pub(crate) fn count(
    command: &mut Command,
    runner: Runner,
) -> Result<(Tally, Result<(), Failure>), Failure> {
    let told = tell(command);
    println!("+ {told}");
    if io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().while_doing(&told)?;
    let held = keeper::hold(child.id(), Stop::Terminate);
    let tally = Arc::new(Mutex::new(Tally::default()));
    let readers = [
        child.stdout.take().map(|from| follow(from, io::stdout(), runner, &tally)),
        child.stderr.take().map(|from| follow(from, io::stderr(), runner, &tally)),
    ];
    let status = child.wait().while_doing(&told)?;
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has read what it could.
        let _ = reader.join();
    }
    drop(held);
    let tally = *tally.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((tally, judge(&told, status)))
}

/// Copies line by line, whatever the bytes, and adds up.
fn follow(
    from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    runner: Runner,
    tally: &Arc<Mutex<Tally>>,
) -> thread::JoinHandle<()> {
    let tally = Arc::clone(tally);
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            // Who reads us may be gone; the tests are still run to their end.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            let more = runner.read(&String::from_utf8_lossy(&line));
            *tally.lock().unwrap_or_else(PoisonError::into_inner) += more;
            line.clear();
        }
    })
}

/// A command as a person would type it.
pub(crate) fn tell(command: &Command) -> String {
    let name = PathBuf::from(command.get_program());
    let mut words = vec![name.file_name().map_or_else(OsString::new, OsString::from)];
    words.extend(command.get_args().map(OsString::from));
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn judge(told: &str, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{told}: {status}")))
}

/// Seconds since then, as people read them.
pub(crate) fn since(start: Instant) -> String {
    let spent = start.elapsed();
    let (minutes, seconds) = (spent.as_secs() / 60, spent.as_secs() % 60);
    let tenths = spent.subsec_millis() / 100;
    if minutes > 0 {
        format!("{minutes} min {seconds:02} s")
    } else {
        format!("{seconds}.{tenths} s")
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, time::Duration};

    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn tests_are_counted_on_both_streams_and_the_exit_code_is_kept() {
        let mut runner = shell(
            "echo 'Tests  2 passed (2)'; echo 'Tests  3 failed | 1 passed (4)' >&2; exit 101",
        );

        let (tally, ended) = count(&mut runner, Runner::Vitest).unwrap();

        assert_eq!((tally.passed, tally.failed), (3, 3));
        assert!(ended.unwrap_err().to_string().contains("101"));
    }

    #[test]
    fn a_service_ends_with_its_owner_and_leaves_no_folder() {
        let folder = Folder::new("test").unwrap();
        let place = folder.path().to_path_buf();
        let mut command = shell("echo $$ > started; exec sleep 60");
        let mut service = Service::start(
            "sleeper",
            command.current_dir(&place),
            Stop::Terminate,
            &place,
        )
        .unwrap();
        let started = place.join("started");
        service
            .wait_until(Duration::from_secs(10), || {
                fs::read_to_string(&started).is_ok_and(|process| process.ends_with('\n'))
            })
            .unwrap();
        let process = fs::read_to_string(&started).unwrap();
        let alive = Path::new("/proc").join(process.trim());
        assert!(alive.exists());

        drop(service);
        drop(folder);

        assert!(!alive.exists());
        assert!(!place.exists());
    }

    #[test]
    fn a_service_that_dies_says_why_from_its_log() {
        let folder = Folder::new("test").unwrap();
        let mut command = shell("echo 'the port is taken' >&2; exit 4");
        let mut service =
            Service::start("starter", &mut command, Stop::Terminate, folder.path())
                .unwrap();

        let failure = service.wait_until(Duration::from_secs(10), || false).unwrap_err();

        assert!(failure.to_string().contains("the port is taken"), "{failure}");
    }
}
