//! nats-server, without persistence: the hub never trusts the bus to remember.

use std::{
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    failure::Failure,
    process::{Service, Stop, free_port},
};

/// Starts it on a free port.
///
/// # Errors
/// It does not come up.
pub(crate) fn start(program: &Path, folder: &Path) -> Result<(Service, String), Failure> {
    let address = format!("127.0.0.1:{}", free_port()?);
    let (host, port) = address.split_once(':').unwrap_or_default();
    let mut nats = Command::new(program);
    nats.args(["--addr", host, "--port", port]).current_dir(folder).stdout(Stdio::null());
    let mut server = Service::start("nats-server", &mut nats, Stop::Terminate, folder)?;
    server
        .wait_until(Duration::from_secs(20), || TcpStream::connect(&address).is_ok())?;
    Ok((server, format!("nats://{address}")))
}
