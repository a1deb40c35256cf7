//! Mail that comes in by other ways than our own listener.

use std::{
    io::Write,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    scenes::{fresh_postgres, parsed, reply, reply_address},
    stage::{Relay, Stage},
};

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
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/mail/dovecot.py");
    let mut command = Command::new("python3");
    command.arg(root).args(acts);
    command
}

impl Dovecot {
    /// None where there is no dovecot, which in CI is a failure.
    async fn start(stage: &Stage) -> Option<Self> {
        let mut look = Command::new("sh");
        look.args(["-c", "command -v dovecot || test -x /usr/sbin/dovecot"]);
        if !look.stdout(Stdio::null()).status().unwrap().success() {
            assert!(std::env::var_os("CI").is_none(), "CI must have dovecot");
            eprintln!("skipped: no dovecot");
            return None;
        }
        let url = &stage.house.settings.mail.imap.as_ref().unwrap().url;
        let port =
            url.split(['@', '/']).nth(3).unwrap().split(':').nth(1).unwrap().to_owned();
        let folder = std::env::temp_dir().join(format!("dovecot-{port}"));
        let running = peer(&["serve", folder.to_str().unwrap(), &port]).spawn().unwrap();
        let dovecot = Self { running, port };
        for _ in 0..50 {
            if peer(&["seen", &dovecot.port])
                .stderr(Stdio::null())
                .output()
                .unwrap()
                .status
                .success()
            {
                return Some(dovecot);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("dovecot does not come up");
    }

    fn append(&self, mail: &str) {
        let mut command = peer(&["append", &self.port]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    fn seen(&self) -> String {
        let told = peer(&["seen", &self.port]).output().unwrap();
        String::from_utf8(told.stdout).unwrap().trim().to_owned()
    }
}

fn to(address: &str, mail: &str) -> String {
    format!("To: {address}\n{mail}")
}

scenes! {
    a_mailbox_elsewhere_is_read_and_each_mail_is_posted_once(stage, Relay::Polled) {
        let (room, _) = stage.topic().await;
        let letter = stage.relayed().await;
        let address = reply_address(&letter.bytes);
        let id = parsed(&letter.bytes).message_id().unwrap().to_owned();
        let Some(dovecot) = Dovecot::start(&stage).await else { return };
        // A second node reads the same mailbox.
        for (_, work) in mail::jobs(&stage.house) {
            tokio::spawn(work);
        }

        let first = to(&address, &reply("m1", "Two."));
        dovecot.append(&first);
        dovecot.append(&to("post@hub.test", &format!("References: <{id}>\n{}", reply("m2", "By the thread."))));
        dovecot.append(&to("post@hub.test", &reply("m3", "To nobody.")));
        dovecot.append(&to("post@hub.test", &format!("X-Odd: <{address}>\n{}", reply("m4", "An odd header."))));
        dovecot.append(&first);

        let mut words = stage.guests_words(room, 2).await;
        words.sort_unstable();
        assert_eq!(words, ["By the thread.", "Two."]);
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(stage.guests_words(room, 2).await.len(), 2);
        assert_eq!(dovecot.seen(), "5 3", "what leads nowhere is left unseen");
    }

    a_program_hands_a_mail_over_and_may_do_so_again(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let address = reply_address(&stage.relayed().await.bytes);
        let query = format!("?sender=xavier%40client.test&recipient={}", address.replace('+', "%2B"));
        let path = format!("/mail/inbound{query}");
        let mail = reply("m1", "Two.");
        let named = to(&address, &reply("m2", "Three."));

        let (status, told) = stage.post_raw(stage.ana, "POST", &path, mail.clone()).await;
        assert_eq!((status, &told["kept"]), (202, &json!(1)), "{told}");
        let (status, told) = stage.post_raw(stage.ana, "POST", &path, mail).await;
        assert_eq!((status, &told["kept"]), (202, &json!(0)));
        // Mails are worked on several at once: which comes first is said by waiting for it.
        assert_eq!(stage.guests_words(room, 1).await, ["Two."]);
        let (status, _) = stage.post_raw(stage.ana, "POST", "/mail/inbound", named).await;
        assert_eq!(status, 202);
        for nobody in [String::new(), reply("m3", "To nobody.")] {
            let (status, told) = stage.post_raw(stage.ana, "POST", "/mail/inbound", nobody).await;
            assert_eq!(status, 422, "{told}");
        }
        let large = format!("{}{}", reply("m4", "x"), "y".repeat(100_000));
        assert_eq!(stage.post_raw(stage.ana, "POST", &path, large).await.0, 422);

        assert_eq!(stage.guests_words(room, 2).await, ["Two.", "Three."]);
        let events = stage.events(room).await;
        assert_eq!(events.last().unwrap().detail.as_ref().unwrap()["verified"], false);
        let (_, held) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        assert_eq!(held["items"], json!([]));
    }
}
