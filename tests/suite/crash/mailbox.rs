//! Mail from a mailbox elsewhere: what was kept before the mark moved is read again, and posted once.

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;
use suite::{Backing, Hub};

use super::{
    Process, killed,
    mail::{Relay, filed, letter},
};
use crate::{command_line::binary, sharing::shared_deal};

killed! { a_mail_from_a_mailbox_is_posted_once }

/// A dovecot that ends with its test.
struct Dovecot {
    running: Child,
    port: String,
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _gone = (self.running.kill(), self.running.wait());
    }
}

fn peer(acts: &[&str]) -> Command {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/mail/dovecot.py");
    let mut command = Command::new("python3");
    command.arg(script).args(acts);
    command
}

impl Dovecot {
    /// None where there is no dovecot, which in CI is a failure.
    async fn start(folder: &Path) -> Option<Self> {
        let mut look = Command::new("sh");
        look.args(["-c", "command -v dovecot || test -x /usr/sbin/dovecot"]);
        if !look.stdout(Stdio::null()).status().unwrap().success() {
            assert!(std::env::var_os("CI").is_none(), "CI must have dovecot");
            eprintln!("skipped: no dovecot");
            return None;
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let folder = folder.join("dovecot");
        let running = peer(&["serve", folder.to_str().unwrap(), &port]).spawn().unwrap();
        let dovecot = Self { running, port };
        for _ in 0..50 {
            if dovecot.seen().is_some() {
                return Some(dovecot);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("dovecot does not come up");
    }

    fn append(&self, mail: &str) {
        let mut child =
            peer(&["append", &self.port]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// How many mails there are, and how many were read; none while it does not answer.
    fn seen(&self) -> Option<String> {
        let told = peer(&["seen", &self.port]).stderr(Stdio::null()).output().unwrap();
        let text = String::from_utf8(told.stdout).unwrap();
        told.status.success().then(|| text.trim().to_owned())
    }
}

async fn a_mail_from_a_mailbox_is_posted_once(backing: Backing) {
    let Some(dovecot) = Dovecot::start(backing.folder()).await else { return };
    let url = format!("imap://replies:secret@127.0.0.1:{}/INBOX", dovecot.port);
    let relay = Relay::open().await;
    let hub =
        Hub::with(backing, |config| config.smtp_relay = Some(relay.url.clone())).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (path, ..) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    let form = json!({
        "title": "Plans", "message": "zqfirst",
        "guest": { "email": "amaya@roca.example", "name": "Amaya" },
    });
    let topic = olga.post(&format!("{path}/topics"), form).await.expect(201);
    let events = format!("/api/v1/rooms/{}/events", topic["id"].as_str().unwrap());
    let first = letter(&relay, "zqfirst").await;
    let reply = first.lines().find_map(|it| it.strip_prefix("Reply-To: ")).unwrap();
    let backing = hub.stop().await;

    let places = ["mail.keeping", "mail.kept", "mailbox.marking"];
    for place in places {
        let word = format!("zqat{}", place.replace('.', ""));
        dovecot.append(&format!(
            "From: amaya@roca.example\r\nTo: {reply}\r\nSubject: Re: Plans\r\n\
             Message-ID: <{word}@roca.example>\r\n\r\n{word}\r\n"
        ));
        let mailbox = [("ENTENTE_MAIL_IMAP", url.as_str())];
        // It reads what the one before it had kept, too.
        Process::dies_at(&binary(), &backing, place, &mailbox).await;
    }
    let alive = Process::with(&binary(), &backing, &[("ENTENTE_MAIL_IMAP", &url)]);
    for _ in 0..100 {
        if dovecot.seen().as_deref() == Some("3 3") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(dovecot.seen().as_deref(), Some("3 3"), "all were read to the end");
    alive.kill();

    let hub = Hub::on(backing).await;
    // The clock of a process is ahead of ours; and what it had in hand is leased for a while.
    hub.wait(Duration::from_hours(240));
    olga.replace_router(hub.stranger().router());
    for place in places {
        filed(&olga, &events, &format!("zqat{}", place.replace('.', ""))).await;
    }
}
