//! What proves where mail comes from, and what people do about mail that proves nothing.

use std::{io::Write, process::Stdio, sync::atomic::Ordering, time::Duration};

use mail::authentic::dkim::Signer;
use serde_json::{Value, json};

use crate::{
    scenes::{fresh_postgres, parsed, reply, reply_address},
    stage::{Relay, Stage},
};

/// With the line ends that a signature is over.
pub(crate) fn on_the_wire(mail: &str) -> String {
    mail.replace('\n', "\r\n")
}

pub(crate) fn signed(stage: &Stage, mail: &str) -> String {
    let bytes = stage.client.sign(on_the_wire(mail).as_bytes()).unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn held(stage: &Stage) -> Vec<Value> {
    for _ in 0..100 {
        let (_, page) =
            stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        let items = page["items"].as_array().unwrap().clone();
        if !items.is_empty() {
            return items;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Vec::new()
}

pub(crate) async fn letter_becomes(stage: &Stage, wanted: &str) -> Value {
    for _ in 0..100 {
        let (_, page) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        let item = page["items"][0].clone();
        if item["state"] == wanted {
            return item;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no letter became {wanted}")
}

scenes! {
    what_its_domain_signed_is_posted_as_verified_and_a_forgery_waits(stage, Relay::Checked) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let good = signed(&stage, &reply("m1", "It is me."));
        let changed = signed(&stage, &reply("m2", "Two.")).replace("Two.", "Ten.");
        let bare = on_the_wire(&reply("m3", "Trust me."));

        for mail in [&changed, &bare, &good] {
            assert_eq!(stage.send("xavier@client.test", &to, mail).await[2], "250");
        }

        assert_eq!(stage.guests_words(room, 1).await, ["It is me."]);
        let events = stage.events(room).await;
        assert_eq!(events.last().unwrap().detail.as_ref().unwrap()["verified"], true);
        let (_, page) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 2, "{page}");
        let dkim: Vec<_> = items.iter().map(|it| it["checks"]["dkim"].as_str().unwrap()).collect();
        assert!(dkim.contains(&"fail") && dkim.contains(&"none"), "{page}");
        for item in items {
            assert_eq!((&item["checks"]["dmarc"], &item["checks"]["spf"]), (&json!("fail"), &json!("fail")));
            assert!(item["reason"].as_str().unwrap().contains("DMARC"), "{item}");
        }
    }

    what_nothing_proves_is_marked(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        stage.send("xavier@client.test", &to, &reply("m1", "Two.")).await;

        assert_eq!(stage.guests_words(room, 1).await, ["Two."]);
        let events = stage.events(room).await;
        assert_eq!(events.last().unwrap().detail.as_ref().unwrap()["verified"], false);
    }

    our_letters_bear_a_signature_that_others_verify(stage, Relay::Checked) {
        stage.topic().await;
        let letter = stage.relayed().await;
        let file = stage.house.settings.mail.dkim_key_file.clone().unwrap();
        let (name, record) = Signer::at(&file, "hub.test", "s1").unwrap().record().unwrap();

        let changed = String::from_utf8(letter.bytes.clone()).unwrap().replace("Ana", "Eve");
        let added = [b"Subject: Other\r\n".as_slice(), &letter.bytes].concat();

        let Some(verdict) = dkimpy(&name, &record, &letter.bytes) else { return };
        assert_eq!(verdict, "pass");
        assert_eq!(dkimpy(&name, &record, changed.as_bytes()).unwrap(), "fail");
        assert_eq!(dkimpy(&name, &record, &added).unwrap(), "fail", "no header can be added");
    }

    a_person_lets_a_held_mail_in_or_puts_it_away_once(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let foreign = reply("m1", "From my phone").replace("xavier@client", "xavier@phone");
        stage.send("xavier@phone.test", &to, &foreign).await;
        let item = held(&stage).await.remove(0);
        let path = format!("/mail/quarantine/{}", item["id"].as_str().unwrap());
        let release = format!("{path}/release");

        let (status, opened) = stage.ask(stage.ana, "GET", &path, Value::Null).await;
        assert_eq!((status, &opened["text"]), (200, &json!("From my phone")));
        let (_, raw) = stage.ask(stage.ana, "GET", &format!("{path}/raw"), Value::Null).await;
        assert!(raw.as_str().unwrap().contains("xavier@phone.test"));
        for (method, path) in [("GET", path.clone()), ("GET", format!("{path}/raw")), ("POST", release.clone()), ("POST", format!("{path}/discard"))] {
            assert_eq!(stage.ask(stage.rival, method, &path, Value::Null).await.0, 404, "{path}");
        }
        let both = tokio::join!(
            stage.ask(stage.ana, "POST", &release, Value::Null),
            stage.ask(stage.ana, "POST", &release, Value::Null),
        );

        let mut answers = [both.0.0, both.1.0];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409], "{both:?}");
        assert_eq!(stage.guests_words(room, 1).await, ["From my phone"]);
        let events = stage.events(room).await;
        let detail = events.last().unwrap().detail.clone().unwrap();
        assert_eq!((&detail["sender"], &detail["verified"]), (&json!("xavier@phone.test"), &json!(false)));
        assert_eq!(detail["released_by"], json!(stage.ana.person));

        let other = foreign.replace("m1@", "m2@");
        stage.send("xavier@phone.test", &to, &other).await;
        let item = held(&stage).await.remove(0);
        let path = format!("/mail/quarantine/{}", item["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.ana, "POST", &format!("{path}/discard"), Value::Null).await.0, 204);
        assert_eq!(stage.ask(stage.ana, "POST", &format!("{path}/release"), Value::Null).await.0, 409);
        assert_eq!(stage.guests_words(room, 1).await.len(), 1);
    }

    an_address_that_bounced_is_listed_until_it_writes(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let letter = stage.relayed().await;
        let to = reply_address(&letter.bytes);
        let bounce = letter.from.trim_start_matches("MAIL FROM:<").split('>').next().unwrap().to_owned();
        let report = "From: mailer-daemon@mx.test\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b--\n";
        stage.send("", &bounce, report).await;
        let failed = letter_becomes(&stage, "failed").await;

        let (_, list) = stage.ask(stage.ana, "GET", "/mail/suppressed", Value::Null).await;
        assert_eq!(list["items"][0]["email"], "xavier@client.test");
        assert_eq!(list["items"][0]["reason"], "bounced");
        let (_, theirs) = stage.ask(stage.rival, "GET", "/mail/suppressed", Value::Null).await;
        assert_eq!(theirs["items"], json!([]));
        let again = json!({ "title": "Again", "guest": { "email": "xavier@client.test", "name": "X" } });
        let (status, told) = stage.ask(stage.ana, "POST", &format!("/deals/{}/topics", stage.deal), again).await;
        assert_eq!((status, told["type"].as_str().unwrap().contains("suppressed")), (409, true), "{told}");
        let send = format!("/mail/outbox/{}/send", failed["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.ana, "POST", &send, Value::Null).await.0, 409);
        assert_eq!(stage.send("xavier@client.test", &to, &reply("m1", "I am back")).await[2], "250");
        assert_eq!(stage.guests_words(room, 1).await, ["I am back"]);
        let (_, list) = stage.ask(stage.ana, "GET", "/mail/suppressed", Value::Null).await;
        assert_eq!(list["items"], json!([]));
    }

    who_is_listed_by_hand_gets_no_letter(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        stage.relayed().await;
        let form = json!({ "email": "Xavier@Client.test", "detail": "asked by phone" });
        let (status, entry) = stage.ask(stage.ana, "POST", "/mail/suppressed", form.clone()).await;
        assert_eq!((status, &entry["reason"]), (201, &json!("by_hand")));
        assert_eq!(stage.ask(stage.ana, "POST", "/mail/suppressed", form).await.0, 409);
        let nonsense = json!({ "email": "xavier" });
        assert_eq!(stage.ask(stage.ana, "POST", "/mail/suppressed", nonsense).await.0, 422);

        stage.say(room, "Still there?").await;
        let failed = letter_becomes(&stage, "failed").await;

        assert!(failed["error"].as_str().unwrap().contains("no more mail"), "{failed}");
        let path = format!("/mail/suppressed/{}", entry["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.rival, "DELETE", &path, Value::Null).await.0, 404);
        assert_eq!(stage.ask(stage.ana, "DELETE", &path, Value::Null).await.0, 204);
        assert_eq!(stage.ask(stage.ana, "DELETE", &path, Value::Null).await.0, 404);
        let send = format!("/mail/outbox/{}/send", failed["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.rival, "POST", &send, Value::Null).await.0, 404);
        assert_eq!(stage.ask(stage.ana, "POST", &send, Value::Null).await.0, 204);
        let letter = stage.relayed().await;
        assert!(parsed(&letter.bytes).body_text(0).unwrap().contains("Still there?"));
        assert_eq!(stage.ask(stage.ana, "POST", &send, Value::Null).await.0, 409);
    }

    a_letter_that_the_relay_refused_is_sent_after_all(stage, Relay::Up) {
        stage.mood.store(550, Ordering::Relaxed);
        stage.topic().await;
        let failed = letter_becomes(&stage, "failed").await;
        let path = format!("/mail/outbox/{}", failed["id"].as_str().unwrap());
        let (_, raw) = stage.ask(stage.ana, "GET", &format!("{path}/raw"), Value::Null).await;
        stage.mood.store(250, Ordering::Relaxed);

        assert_eq!(stage.ask(stage.ana, "POST", &format!("{path}/send"), Value::Null).await.0, 204);

        assert_eq!(stage.relayed().await.bytes, raw.as_str().unwrap().as_bytes());
        letter_becomes(&stage, "sent").await;
    }
}

/// What dkimpy says; none where there is no Python with it, which in CI is a failure.
pub(crate) fn dkimpy(name: &str, record: &str, mail: &[u8]) -> Option<String> {
    let python = std::env::var("ENTENTE_TEST_PYTHON");
    assert!(python.is_ok() || std::env::var("CI").is_err(), "Python is missing");
    let program =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/mail/dkim_verdict.py");
    let mut child = std::process::Command::new(python.ok()?)
        .args([program, name, record])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "dkimpy did not run");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
