//! Servers as processes of their own, so that their time and memory are theirs alone.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use hub::Config;
use kernel::Clock;

/// A server that is up.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) web: String,
}

impl Server {
    /// Starts this very program as a server.
    pub(crate) fn start(role: &str, environment: &[(&str, String)]) -> Self {
        let here = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(here)
            .arg(role)
            .envs(environment.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let said = child.stdout.take().expect("it says where it listens");
        BufReader::new(said).read_line(&mut line).expect("it says where it listens");
        Self { child, web: line.trim().to_owned() }
    }

    /// One that was started otherwise.
    pub(crate) const fn of(child: Child, web: String) -> Self {
        Self { child, web }
    }

    /// How much time it has had, of all cores.
    fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("Linux tells the time of a process");
        // proc(5): utime and stime are the 14th and 15th field, in ticks of 10 ms.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// How much memory of its own it holds, in bytes.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux tells the memory of a process");
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        kib.unwrap_or(0_u64) * 1_024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The time that servers have had together.
pub(crate) fn cpu(servers: &[Server]) -> Duration {
    servers.iter().map(Server::cpu).sum()
}

/// The memory that servers hold together.
pub(crate) fn memory(servers: &[Server]) -> u64 {
    servers.iter().map(Server::memory).sum()
}

/// Is a hub, as the environment says, until it is killed.
pub(crate) async fn serve_hub() {
    let free = || "127.0.0.1:0".to_owned();
    let told = |name: &str| std::env::var(name).ok();
    let config = Config {
        database_url: told("BENCH_DATABASE"),
        data_dir: told("BENCH_DATA").expect("a folder").into(),
        nats_url: told("BENCH_NATS"),
        listen: free(),
        smtp_listen: free(),
        sftp_listen: free(),
        mail_domain: "hub.test".to_owned(),
        session_days: 3_650,
        ..Config::default()
    };
    let running = hub::serve::start(&config, Clock::system()).await.expect("a hub");
    println!("{}", running.addresses.web);
    std::future::pending::<()>().await;
}
