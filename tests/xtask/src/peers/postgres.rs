//! PostgreSQL, as safe as in earnest (fsync on) and small.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    failure::Failure,
    process::{self, Service, Stop, free_port},
    tools,
};

/// The user that Debian's package makes: the server refuses to run as root.
const USER: &str = "postgres";

/// Small, quiet and reachable from this machine alone; many tests connect at once.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "max_connections=300",
    "shared_buffers=64MB",
    "fsync=on",
    "wal_level=minimal",
    "max_wal_senders=0",
    "log_min_messages=fatal",
    "log_min_error_statement=panic",
];

/// Makes an empty cluster in `folder` and starts it; the URL names no database.
///
/// # Errors
/// `initdb` fails, or the server does not come up.
pub(crate) fn start(
    programs: &Path,
    folder: &Path,
) -> Result<(Service, String), Failure> {
    let cluster = folder.join("postgres");
    let as_root = tools::is_root();
    if as_root {
        process::run(
            Command::new("install").args(["-d", "-o", USER, "-m", "700"]).arg(&cluster),
        )?;
    }
    let mut initdb = as_user(&programs.join("initdb"), as_root);
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"]);
    initdb
        .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions", "-D"])
        .arg(&cluster);
    process::run(initdb.current_dir(folder).stdout(Stdio::null()))?;

    let port = free_port()?.to_string();
    let mut postgres = as_user(&programs.join("postgres"), as_root);
    postgres.arg("-D").arg(&cluster).args(["-p", &port]).current_dir(folder);
    postgres.arg("-c").arg(format!("unix_socket_directories={}", cluster.display()));
    for setting in SETTINGS {
        postgres.args(["-c", setting]);
    }
    let mut server = Service::start(
        "postgres",
        postgres.stdout(Stdio::null()),
        Stop::Interrupt,
        folder,
    )?;
    server.wait_until(Duration::from_mins(1), || {
        Command::new(programs.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-p", &port])
            .status()
            .is_ok_and(|status| status.success())
    })?;
    Ok((server, format!("postgres://{USER}@127.0.0.1:{port}")))
}

/// A program under the user of the server, where we are root; it keeps the process id.
fn as_user(program: &Path, as_root: bool) -> Command {
    if !as_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--"]).arg(program);
    command
}
