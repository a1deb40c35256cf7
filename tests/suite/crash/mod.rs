//! kill -9 at any moment loses nothing that was acknowledged, and does nothing twice.
//!
//! The process dies where a step ends: at a place that the code names ([`store::brink`]), or
//! wherever the other side stops. Who was not answered tries again with the same identity, as
//! people and programs do. After the last death a hub looks at what there is.

mod as2;
mod books;
mod buying;
mod digests;
mod exports;
mod follows;
mod mail;
mod mailbox;
mod mailing;
mod papers;
mod places;
mod push;
mod sftp;

use std::{
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use suite::{Backing, Hub, Socket};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{command_line::binary, sharing::shared_deal};

/// The hub as a process of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) web: String,
    pub(crate) as2: String,
    smtp: String,
    sftp: String,
}

impl Process {
    pub(crate) fn start(binary: &Path, backing: &Backing) -> Self {
        Self::dying(binary, backing, "", "")
    }

    /// On a database that others use too.
    pub(crate) fn on(binary: &Path, database_url: &str, data_dir: &Path) -> Self {
        let up = Self::try_spawn(binary, (database_url, data_dir), &[]);
        up.expect("it comes up")
    }

    /// One that dies at a place of [`store::brink`], if any, and has a relay, if any.
    pub(crate) fn dying(
        binary: &Path,
        backing: &Backing,
        place: &str,
        relay: &str,
    ) -> Self {
        let more = [("ENTENTE_DIE_AT", place), ("ENTENTE_SMTP_RELAY", relay)];
        let more: Vec<_> =
            more.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self::with(binary, backing, &more)
    }

    /// One with settings of its own.
    fn with(binary: &Path, backing: &Backing, more: &[(&str, &str)]) -> Self {
        let (url, data) = (backing.url(), backing.folder().join("data"));
        // What was left over may lead it to its death before it is up.
        let mut tries = (0..5).map(|_| Self::try_spawn(binary, (&url, &data), more));
        tries.find_map(Result::ok).expect("it comes up")
    }

    /// Waits until one dies at a place to which it comes by itself, maybe before it is up.
    async fn dies_at(
        binary: &Path,
        backing: &Backing,
        place: &str,
        more: &[(&str, &str)],
    ) {
        let more = [more, &[("ENTENTE_DIE_AT", place)]].concat();
        let (url, data) = (backing.url(), backing.folder().join("data"));
        match Self::try_spawn(binary, (&url, &data), &more) {
            Ok(up) => up.died_within(place, Duration::from_secs(30)).await,
            Err(how) => assert!(is_abort(how), "it does not start: {how}"),
        }
    }

    fn try_spawn(
        binary: &Path,
        (database_url, data_dir): (&str, &Path),
        more: &[(&str, &str)],
    ) -> Result<Self, ExitStatus> {
        let mut child = Command::new(binary)
            .args(["serve", "--print-addresses"])
            .env("ENTENTE_DATABASE_URL", database_url)
            .env("ENTENTE_DATA_DIR", data_dir)
            .env("ENTENTE_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_SMTP_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_SFTP_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_AS2_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_AS2_PRIVATE_NETWORKS", "true")
            .env("ENTENTE_MAIL_DOMAIN", "hub.test")
            .env("RUST_LOG", "error")
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |name: &str| addresses[name].as_str().unwrap_or_default().to_owned();
        let [web, as2] = ["web", "as2"].map(text);
        if web.is_empty() {
            return Err(child.wait().expect("the process is ours"));
        }
        Ok(Self { child, web, as2, smtp: text("smtp"), sftp: text("sftp") })
    }

    /// kill -9: no time to say anything.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Waits until it has died by itself.
    async fn died(self, place: &str) {
        self.died_within(place, Duration::from_secs(10)).await;
    }

    /// The same, for what takes its time.
    pub(crate) async fn died_within(mut self, place: &str, within: Duration) {
        for _ in 0..within.as_millis() / 50 {
            if let Some(how) = self.child.try_wait().expect("the process is ours") {
                assert!(is_abort(how), "it ended otherwise than at `{place}`: {how}");
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the process did not come to `{place}`");
    }

    /// Makes it stand still.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args([signal, &pid]).status();
        assert!(told.expect("`kill` is there").success());
    }

    /// Posts over a connection of its own; none where the process died before it answered.
    async fn post(&self, path: &str, token: &str, kind: &str, body: &str) -> Option<u16> {
        self.post_once(path, token, kind, body, "").await
    }

    /// As [`Self::post`], with a line of the header.
    async fn post_once(
        &self,
        path: &str,
        token: &str,
        kind: &str,
        body: &str,
        header: &str,
    ) -> Option<u16> {
        let address = self.web.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.ok()?;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n{header}Connection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.split(' ').nth(1)?.parse().ok()
    }
}

/// Whether a process ended as [`store::brink`] ends one.
fn is_abort(how: ExitStatus) -> bool {
    how.signal() == Some(6)
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has died by itself is gone already.
        drop(self.child.kill());
        self.child.wait().expect("the process ends");
    }
}

/// Plays on both databases.
macro_rules! killed {
    ($($name:ident)+) => { $( mod $name {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_sqlite() {
            super::$name(suite::Backing::sqlite().today()).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgres() {
            if let Some(backing) = suite::Backing::postgres().await {
                super::$name(backing.today()).await;
            }
        }
    } )+ };
}
use killed;

async fn nothing_acknowledged_is_lost(backing: Backing) {
    let binary = binary();
    let hub = Hub::on(backing).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    let backing = hub.stop().await;

    let mut acked: Vec<(String, i64)> = Vec::new();
    for round in 0..3_u128 {
        let process = Process::start(&binary, &backing);
        let mut socket = Socket::open(&process.web, &olga.token).await;
        for number in 0..20_u128 {
            let cid = uuid::Uuid::from_u128(round << 32 | number).to_string();
            let frame = json!({ "t": "send", "room": room, "cid": cid, "body": format!("{round}/{number}") });
            socket.tell(frame).await;
        }
        // Somewhere among the acks the process dies.
        let wanted = 5 + usize::try_from(round).unwrap() * 4;
        let mut here = 0;
        while here < wanted {
            let frame =
                socket.until(|frame| frame["t"] == "ack" || frame["t"] == "nak").await;
            if frame["t"] == "ack" {
                acked.push((
                    frame["cid"].as_str().unwrap().to_owned(),
                    frame["seq"].as_i64().unwrap(),
                ));
            }
            here += 1;
        }
        process.kill();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let hub = Hub::on(backing).await;
    let mut back = hub.socket(&olga).await;
    back.subscribe(&room).await;
    let events: Vec<&Value> =
        back.seen.iter().filter(|frame| frame["t"] == "ev").collect();
    let seqs: Vec<i64> =
        events.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert!(
        seqs.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "the log is dense: {seqs:?}"
    );
    assert!(acked.len() >= 15, "else little was tried");
    for (cid, seq) in acked {
        let found: Vec<&&Value> =
            events.iter().filter(|event| event["cid"] == cid.as_str()).collect();
        assert_eq!(found.len(), 1, "{cid} stands once");
        assert_eq!(found[0]["seq"], json!(seq), "{cid} stands where it was acknowledged");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_hub_has_everything_that_it_acknowledged_on_sqlite() {
    nothing_acknowledged_is_lost(Backing::sqlite().today()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_hub_has_everything_that_it_acknowledged_on_postgres() {
    if let Some(backing) = Backing::postgres().await {
        nothing_acknowledged_is_lost(backing.today()).await;
    }
}
