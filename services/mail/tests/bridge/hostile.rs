//! Mails that mean harm, through the listener: each is kept, settled and harmless.

use std::time::Duration;

use mail::authentic::dkim::Signer;
use serde_json::{Value, json};

use crate::{
    proof::on_the_wire,
    scenes::{fresh_postgres, reply, reply_address},
    stage::{Relay, Stage},
};

store::statements! {
    /// What became of each mail that came in.
    BECAME unscoped "a test looks at all there is" = "select state, sha256 from arrival order by at";
}

/// Mails by the guest that nobody's mail program writes. The address is a secret.
fn harmful(address: &str) -> Vec<(&'static str, String)> {
    let head = |name: &str| {
        let whole = reply(name, "");
        whole.trim_end().to_owned() + "\n"
    };
    let nest = |depth: usize| -> String {
        let open = |at| {
            format!("Content-Type: multipart/mixed; boundary=\"b{at}\"\n\n--b{at}\n")
        };
        (0..depth).map(open).collect()
    };
    vec![
        ("a MIME bomb", head("bomb") + &nest(1_000) + "\nzqbomb\n"),
        (
            "mails within mails",
            head("within") + &"Content-Type: message/rfc822\n\n".repeat(1_000),
        ),
        (
            "a flood of headers",
            head("flood") + &"X-A: b\n".repeat(10_000) + "\nzqflood\n",
        ),
        (
            "a subject with NUL",
            reply("nul", "zqnul").replace("Re: Price", "=?utf-8?b?AFByaWNlAA==?="),
        ),
        ("words with NUL", reply("nuls", "zq\0nuls")),
        ("a sender with NUL", reply("from", "zqfrom").replace("<xavier@", "<xavier\0@")),
        (
            "a file whose name has NUL",
            head("name")
                + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nzqname\n--b\nContent-Type: a/b; name=\"=?utf-8?b?AA==?=../a\"\nContent-Disposition: attachment\n\nx\n--b--\n",
        ),
        (
            "a charset that lies",
            head("lies")
                + "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n/////w==\n",
        ),
        (
            "the secret in a subject",
            reply("told", "zqtold").replace("Re: Price", address),
        ),
        ("the secret in the words", reply("told2", &format!("Write to {address}"))),
        (
            "a second mail within",
            reply(
                "smuggled",
                "zqone\n.\nMAIL FROM:<a@b.test>\nRCPT TO:<post@hub.test>\nDATA\nFrom: boss@client.test\n\nzqtwo",
            ),
        ),
        ("no head at all", "\n\n\n".to_owned()),
        ("two senders", reply("two", "zqtwo").replace("From: ", "From: a@client.test, ")),
        (
            "another sender, with the true one in his name",
            reply("odd", "zqodd").replace(
                "Xavier <xavier@client.test>",
                "\"xavier@client.test\" <mallory@else.test>",
            ),
        ),
    ]
}

scenes! {
    what_means_harm_is_kept_and_settled_and_the_talk_goes_on(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let mails = harmful(&to);
        for (what, mail) in &mails {
            let codes = stage.send("xavier@client.test", &to, mail).await;
            assert_eq!(codes.get(2).map(String::as_str), Some("250"), "{what}");
        }
        stage.send("xavier@client.test", &to, &reply("true", "It is me.")).await;

        let mut settled = Vec::new();
        for _ in 0..150 {
            let mut conn = stage.house.db.read().await.unwrap();
            let became: Vec<(String, String)> = conn.run(BECAME).all().await.unwrap();
            drop(conn);
            assert_eq!(became.len(), mails.len() + 1, "none is lost");
            settled = became;
            if settled.iter().all(|(state, _)| state != "stored") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for ((state, sha256), (what, _)) in settled.iter().zip(&mails) {
            assert_ne!(state, "stored", "{what} is tried for ever");
            let kept = stage.house.files.read(sha256.parse().unwrap()).await;
            assert!(kept.is_ok(), "{what} can be looked at");
        }
        let events = stage.events(room).await;
        let said: Vec<&str> = events.iter().filter_map(|it| it.body.as_deref()).collect();
        for word in ["zqbomb", "zqflood", "zqnul", "zqname", "zqtold", "It is me."] {
            let of = |it: &&&str| it.trim() == word;
            assert!(word == "zqbomb" || said.iter().filter(of).count() == 1, "{word}: {said:?}");
        }
        for word in ["zqtwo", "zqodd", "zqfrom"] {
            let alone = |it: &&str| it.trim() == word;
            assert!(!said.iter().any(alone), "{word} is not the guest's: {said:?}");
        }
        let (_, held) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        let secret = to.trim_start_matches("reply+").split('@').next().unwrap();
        let told = format!("{said:?} {held}");
        assert!(!told.contains(secret), "the address stays a secret");
    }

    a_forger_whose_own_servers_keep_silent_proves_nothing(stage, Relay::Checked) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let file = std::env::temp_dir().join(format!("{room}.pem"));
        let mut mail = on_the_wire(&reply("m1", "Trust me.")).into_bytes();
        for selector in ["s1", "s2"] {
            let signer = Signer::at(&file, "silent.test", selector).unwrap();
            mail = signer.sign(&mail).unwrap();
        }
        let mail = String::from_utf8(mail).unwrap();
        let codes = stage.send("mallory@silent.test", &to, &mail).await;
        assert_eq!(codes[2], "250");

        let mut page = Value::Null;
        for _ in 0..300 {
            (_, page) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
            if page["items"] != json!([]) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let item = &page["items"][0];
        assert_eq!(item["checks"], json!({ "spf": "unknown", "dkim": "unknown", "dmarc": "fail" }));
        assert!(item["reason"].as_str().unwrap().contains("DMARC"), "{item}");
        assert_eq!(stage.guests_words(room, 0).await, [""; 0]);
    }
}
