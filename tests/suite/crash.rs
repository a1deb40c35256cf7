//! kill -9 at any moment loses nothing that was acknowledged.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use suite::{Backing, Hub, Socket};

use crate::{command_line::binary, sharing::shared_deal};

/// The hub as a process of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) web: String,
}

impl Process {
    pub(crate) fn start(binary: &Path, backing: &Backing) -> Self {
        Self::on(binary, &backing.url(), &backing.folder().join("data"))
    }

    /// On a database that others use too.
    pub(crate) fn on(binary: &Path, database_url: &str, data_dir: &Path) -> Self {
        let mut child = Command::new(binary)
            .args(["serve", "--print-addresses"])
            .env("ENTENTE_DATABASE_URL", database_url)
            .env("ENTENTE_DATA_DIR", data_dir)
            .env("ENTENTE_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_SMTP_LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value =
            serde_json::from_str(&line).expect("a line with the addresses");
        Self { child, web: addresses["web"].as_str().unwrap().to_owned() }
    }

    /// kill -9: no time to say anything.
    pub(crate) fn kill(self) {
        drop(self);
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
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().expect("the process is ours");
        self.child.wait().expect("the process ends");
    }
}

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
    nothing_acknowledged_is_lost(Backing::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_hub_has_everything_that_it_acknowledged_on_postgres() {
    if let Some(backing) = Backing::postgres().await {
        nothing_acknowledged_is_lost(backing).await;
    }
}
