//! The mail listener, spoken to by programs that are not ours.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

use crate::{scene::purchase_order, sharing::shared_deal};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Whether a program is here and says so; where it is not, its tests are skipped, and in CI
/// they fail.
fn has(program: &str, flag: &str, says: &str) -> bool {
    let told = Command::new(program).arg(flag).output();
    let here = told.is_ok_and(|it| String::from_utf8_lossy(&it.stdout).contains(says));
    if !here {
        eprintln!("skipped: no {program} that says `{says}`");
    }
    assert!(here || std::env::var_os("CI").is_none(), "CI must have {program}");
    here
}

/// A topic with a guest: the way to its log, and the address to which the guest replies.
pub(crate) async fn topic(hub: &Hub) -> (Person, String, String) {
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (path, ..) = shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
    let form = json!({ "title": "Plans", "guest": { "email": "amaya@roca.example", "name": "Amaya" }, "message": "May we see them?" });
    let topic = olga.post(&format!("{path}/topics"), form).await.expect(201);
    let events = format!("/api/v1/rooms/{}/events", topic["id"].as_str().unwrap());
    for _ in 0..100 {
        let outbox = olga.get("/api/v1/mail/outbox").await.expect(200);
        let mut items = outbox["items"].as_array().unwrap().iter();
        if let Some(id) = items.find_map(|it| it["id"].as_str()) {
            let raw = olga.get(&format!("/api/v1/mail/outbox/{id}/raw")).await;
            let raw = String::from_utf8_lossy(&raw.bytes).into_owned();
            if let Some(reply) = raw.lines().find_map(|it| it.strip_prefix("Reply-To: "))
            {
                let reply = reply.rsplit('<').next().unwrap().trim_end_matches('>');
                return (olga, events, reply.to_owned());
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no letter was written");
}

async fn run(mut command: Command) -> (bool, String) {
    let ran =
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8_lossy(&said).into_owned())
}

pub(crate) async fn stands(who: &Person, events: &str, word: &str) -> bool {
    for _ in 0..100 {
        let seen = who.get(events).await.expect(200);
        let said = |it: &Value| it["body"].as_str().is_some_and(|it| it.trim() == word);
        if seen["items"].as_array().unwrap().iter().any(said) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Hands a mail to the listener, as any server would.
pub(crate) async fn deliver(hub: &Hub, from: &str, to: &str, mail: &str) {
    let (from, to) = (format!("MAIL FROM:<{from}>\r\n"), format!("RCPT TO:<{to}>\r\n"));
    let whole = format!("{mail}\r\n.\r\n");
    let mut socket =
        tokio::io::BufReader::new(TcpStream::connect(&hub.smtp).await.unwrap());
    for (step, code) in [
        ("", "220"),
        ("HELO peer.example\r\n", "250"),
        (&from, "250"),
        (&to, "250"),
        ("DATA\r\n", "354"),
        (&whole, "250"),
        ("QUIT\r\n", "221"),
    ] {
        socket.write_all(step.as_bytes()).await.unwrap();
        let mut line = String::new();
        socket.read_line(&mut line).await.unwrap();
        assert!(line.starts_with(code), "{step:.40}: {line}");
    }
}

/// The bytes of the letter in the outbox that has a word in it, once it is written.
pub(crate) async fn letter_with(who: &Person, word: &str) -> String {
    for _ in 0..100 {
        let outbox = who.get("/api/v1/mail/outbox").await.expect(200);
        for item in outbox["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let raw = who.get(&format!("/api/v1/mail/outbox/{id}/raw")).await;
            let raw = String::from_utf8_lossy(&raw.bytes).into_owned();
            if raw.contains(word) {
                return raw;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no letter has {word}")
}

fn swaks(hub: &Hub, to: &str, word: &str) -> Command {
    let mut command = Command::new("swaks");
    command.args(["--server", &hub.smtp, "--helo", "roca.example"]);
    command.args(["--from", "amaya@roca.example", "--to", to, "--body", word]);
    command
}

on_both_databases! {
    async fn swaks_hands_a_reply_over_in_the_clear_pipelined_and_under_tls(hub: Hub) {
        if !has("swaks", "--support", "=== TLS supported") {
            return;
        }
        let (olga, events, reply) = topic(&hub).await;

        for (word, how) in [("plain", ""), ("pipelined", "--pipeline"), ("covered", "--tls")] {
            let mut command = swaks(&hub, &reply, word);
            command.args(Some(how).filter(|it| !it.is_empty()));
            let (good, said) = run(command).await;
            assert!(good, "{said}");
            assert_eq!(said.contains("TLS started"), word == "covered", "{said}");
            assert!(stands(&olga, &events, word).await, "{word} stands in the topic");
        }
    }

    async fn swaks_brings_an_order_of_a_trading_partner(hub: Hub) {
        if !has("swaks", "--support", "=== TLS supported") {
            return;
        }
        let (_, olga) = hub.company("Nordwind").await;
        let now = olga.get("/api/v1/organisation").await.expect(200);
        let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
        olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
        let form = json!({ "name": "Globex", "identifier": "ZZ:GLOBEX", "address": "erp@globex.example", "must_prove": false });
        let partner = olga.post("/api/v1/mailing/partners", form).await.expect(200);
        let folder = hub.folder().join("swaks");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("order.x12");
        std::fs::write(&file, purchase_order("GLOBEX", "ACME", 1, "PO-1")).unwrap();

        for (kind, round) in [("application/EDI-X12", 1), ("text/plain", 2)] {
            let mut command = Command::new("swaks");
            command.args(["--server", &hub.smtp, "--helo", "globex.example", "--from", "erp@globex.example"]);
            command.args(["--to", partner["ours"].as_str().unwrap(), "--attach-type", kind, "--attach-name", "order.x12"]);
            command.arg("--attach").arg(format!("@{}", file.display()));
            command.args(["--body", &format!("Our order, sent {round} times.")]);
            let (good, said) = run(command).await;
            assert!(good, "{said}");
        }

        for _ in 0..100 {
            let orders = olga.get("/api/v1/orders").await.expect(200);
            if orders["items"].as_array().unwrap().len() == 1 { break; }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let orders = olga.get("/api/v1/orders").await.expect(200);
        assert_eq!(orders["items"][0]["number"], "PO-1");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let files = olga.get("/api/v1/mailing/files").await.expect(200);
        let taken = files["items"].as_array().unwrap().iter().filter(|it| it["state"] == "taken").count();
        assert_eq!(taken, 1, "the same bytes are one file: {files}");
    }

    async fn swaks_is_told_that_a_forged_address_is_unknown(hub: Hub) {
        if !has("swaks", "--support", "=== TLS supported") {
            return;
        }
        let (olga, events, reply) = topic(&hub).await;
        let (mailbox, domain) = reply.split_once('@').unwrap();
        let last = if mailbox.ends_with('a') { 'b' } else { 'a' };
        let forged = format!("{}{last}@{domain}", &mailbox[..mailbox.len() - 1]);

        let (good, said) = run(swaks(&hub, &forged, "forged")).await;

        assert!(!good && said.contains("550 5.1.1"), "{said}");
        let seen = olga.get(&events).await.expect(200).to_string();
        assert!(!seen.contains("forged"));
    }

    async fn openssl_begins_tls_and_what_came_before_it_does_not_count(hub: Hub) {
        if !has("openssl", "version", "OpenSSL") {
            return;
        }
        let smtp = hub.smtp.clone();
        let talk = move || {
            let mut child = Command::new("openssl")
                .args(["s_client", "-starttls", "smtp", "-connect", &smtp, "-quiet", "-crlf"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut write = child.stdin.take().unwrap();
            write.write_all(b"MAIL FROM:<a@b.example>\nEHLO b.example\nQUIT\n").unwrap();
            let ended = child.wait_with_output().unwrap();
            String::from_utf8_lossy(&ended.stdout).into_owned()
        };

        let said = tokio::task::spawn_blocking(talk).await.unwrap();

        // Its own greeting, before TLS, is forgotten; and TLS is not offered twice.
        assert!(said.contains("503 5.5.1") && said.contains("PIPELINING"), "{said}");
        assert!(said.trim_end().ends_with("221 2.0.0 goodbye"), "{said}");
        let after = said.split("503 5.5.1").nth(1).unwrap_or_default();
        assert!(!after.contains("STARTTLS"), "{said}");
    }
}
