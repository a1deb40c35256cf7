//! What people do, and what comes of it.

use std::{sync::atomic::Ordering, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::client::{Tls, TlsParameters},
};
use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};

use crate::stage::{Relay, Stage};

/// Each scene is played on SQLite, and on PostgreSQL where there is one.
macro_rules! scenes {
    ($($name:ident($stage:ident, $relay:expr) $body:block)+) => {
        $( mod $name {
            use super::*;

            async fn scene($stage: Stage) $body

            #[tokio::test]
            async fn sqlite() {
                let file = format!("{}.db", kernel::Id::<kernel::Job>::mint());
                let url = format!("sqlite:{}", std::env::temp_dir().join(file).display());
                scene(Stage::new(&url, $relay).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                let Some(url) = fresh_postgres().await else { return };
                scene(Stage::new(&url, $relay).await).await;
            }
        } )+
    };
}

#[expect(clippy::disallowed_methods, reason = "a database for the test itself")]
pub(crate) async fn fresh_postgres() -> Option<String> {
    let server = std::env::var("ENTENTE_TEST_POSTGRES");
    assert!(server.is_ok() || std::env::var("CI").is_err(), "PostgreSQL is missing");
    let server = server.ok()?;
    let name = kernel::Id::<kernel::Job>::mint().to_string();
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    let make = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(make).execute(&pool).await.unwrap();
    Some(format!("{server}/{name}"))
}

pub(crate) fn parsed(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

pub(crate) fn reply_address(bytes: &[u8]) -> String {
    parsed(bytes).reply_to().unwrap().first().unwrap().address().unwrap().to_owned()
}

pub(crate) fn reply(id: &str, text: &str) -> String {
    format!(
        "From: Xavier <xavier@client.test>\nTo: post@hub.test\nSubject: Re: Price\nMessage-ID: <{id}@client.test>\n\n{text}\n"
    )
}

const QUOTE: &str = "\nLe lun. 22 nov. 2026 à 10:00, Ana Lima (Vendor) <post@hub.test> a écrit :\n\n> ##- Répondez au-dessus de cette ligne -##\n> How many?\n";

scenes! {
    a_topic_goes_out_and_its_answer_comes_back(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let first = stage.relayed().await;
        let letter = parsed(&first.bytes);
        assert_eq!(letter.subject(), Some("Price"));
        assert!(letter.body_text(0).unwrap().starts_with("##- Répondez au-dessus"));
        assert!(first.from.starts_with("MAIL FROM:<bounce+"), "{}", first.from);
        let to = reply_address(&first.bytes);

        let text = format!("Two, please.{QUOTE}");
        let codes = stage.send("xavier@client.test", &to, &reply("m1", &text)).await;

        assert_eq!(codes, ["250", "354", "250", "221"]);
        assert_eq!(stage.guests_words(room, 1).await, ["Two, please."]);
        let events = stage.events(room).await;
        let said = events.last().unwrap();
        assert_eq!((said.name.as_str(), said.via.is_some()), ("Xavier", true));
        assert_eq!(events[0].detail.as_ref().unwrap()["move"], "added");
        stage.say(room, "Done.").await;
        let second = stage.relayed().await;
        let letter = parsed(&second.bytes);
        assert_eq!(letter.subject(), Some("Re: Price"));
        assert_eq!(letter.in_reply_to().as_text(), Some("m1@client.test"));
        assert_eq!(letter.references().as_text_list().unwrap().len(), 3);
        assert_eq!(reply_address(&second.bytes), to);
        assert!(stage.nothing_relayed(Duration::from_secs(2)).await, "one mail a message");
    }

    a_mail_that_comes_again_is_posted_once(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let mail = reply("m1", "Two.");
        let again = (0..4).map(|_| stage.send("xavier@client.test", &to, &mail));

        let codes = futures_util::future::join_all(again).await;

        assert!(codes.iter().all(|codes| codes[2] == "250"));
        assert_eq!(stage.guests_words(room, 1).await, ["Two."]);
    }

    a_mail_under_tls_is_taken(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        let tls = TlsParameters::builder("hub.test".to_owned())
            .dangerous_accept_invalid_certs(true)
            .build_rustls()
            .unwrap();
        let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
            .port(stage.smtp.port())
            .tls(Tls::Required(tls))
            .build();
        let from = "xavier@client.test".parse().unwrap();
        let envelope = Envelope::new(Some(from), vec![to.parse().unwrap()]).unwrap();

        server.send_raw(&envelope, reply("m1", "Sealed").as_bytes()).await.unwrap();

        assert_eq!(stage.guests_words(room, 1).await, ["Sealed"]);
    }

    what_is_forged_foreign_or_automatic_is_not_posted(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        // One digit of the code in the address is another one.
        let last = to.find('@').unwrap() - 2;
        let other = |(at, digit)| if at != last { digit } else if digit == 'q' { 'a' } else { 'q' };
        let swapped: String = to.char_indices().map(other).collect();

        assert_eq!(stage.send("xavier@client.test", &swapped, "x").await, ["550"]);
        assert_eq!(stage.send("xavier@client.test", "post@hub.test", "x").await, ["550"]);
        let foreign = reply("m1", "me too").replace("xavier@", "mallory@");
        stage.send("mallory@client.test", &to, &foreign).await;
        let automatic = reply("m2", "away").replace("\n\n", "\nAuto-Submitted: auto-replied\n\n");
        stage.send("xavier@client.test", &to, &automatic).await;
        stage.send("", &to, &reply("m3", "bounced")).await;
        stage.send("xavier@client.test", &to, &reply("m4", "It is me.")).await;

        assert_eq!(stage.guests_words(room, 1).await, ["It is me."]);
        let (status, held) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        assert_eq!((status, held["items"].as_array().unwrap().len()), (200, 1));
        assert_eq!(held["items"][0]["from"], "mallory@client.test");
        assert!(!held.to_string().contains(&to), "the address stays a secret");
        let (_, theirs) = stage.ask(stage.rival, "GET", "/mail/quarantine", Value::Null).await;
        assert_eq!(theirs["items"], json!([]));
    }

    taking_a_guest_out_stops_its_mails_and_its_address(stage, Relay::Up) {
        let (room, guest) = stage.topic().await;
        let to = reply_address(&stage.relayed().await.bytes);
        stage.mood.store(451, Ordering::Relaxed);
        stage.say(room, "One more thing").await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let path = format!("/rooms/{room}/guests/{guest}");

        let (other, _) = stage.ask(stage.rival, "DELETE", &path, Value::Null).await;
        let (gone, _) = stage.ask(stage.ana, "DELETE", &path, Value::Null).await;
        stage.mood.store(250, Ordering::Relaxed);

        assert_eq!((other, gone), (404, 204));
        let (again, _) = stage.ask(stage.ana, "DELETE", &path, Value::Null).await;
        assert_eq!(again, 204);
        assert_eq!(stage.send("xavier@client.test", &to, &reply("m1", "Hm")).await, ["550"]);
        stage.say(room, "Among us").await;
        assert!(stage.nothing_relayed(Duration::from_secs(8)).await);
        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        assert_eq!(outbox["items"][0]["state"], "cancelled", "{outbox}");
    }

    a_party_that_goes_takes_its_guests_along(stage, Relay::Up) {
        let party = stage.partner().await;
        let (room, _) = stage.topic_by(stage.rival).await;
        let to = reply_address(&stage.relayed().await.bytes);
        assert_eq!(stage.send("xavier@client.test", &to, &reply("m1", "Hi")).await.len(), 4);
        assert_eq!(stage.guests_words(room, 1).await, ["Hi"]);
        let outbox = |who| stage.ask(who, "GET", "/mail/outbox", Value::Null);
        assert_eq!(outbox(stage.rival).await.1["items"].as_array().unwrap().len(), 1);
        stage.mood.store(451, Ordering::Relaxed);
        stage.say(room, "Still waiting").await;
        tokio::time::sleep(Duration::from_millis(1500)).await;

        stage.part(party).await;
        stage.mood.store(250, Ordering::Relaxed);

        assert_eq!(stage.send("xavier@client.test", &to, &reply("m2", "Ho")).await, ["550"]);
        stage.say(room, "They are gone").await;
        assert!(stage.nothing_relayed(Duration::from_secs(8)).await);
        assert_eq!(outbox(stage.rival).await.1["items"], json!([]));
        assert_eq!(outbox(stage.ana).await.1["items"], json!([]), "it was never hers");
    }

    two_nodes_write_one_letter_a_message(stage, Relay::Up) {
        for _ in 0..2 {
            for (_, work) in mail::jobs(&stage.house) {
                tokio::spawn(work);
            }
        }
        let (room, _) = stage.topic().await;
        for count in 0..8 {
            stage.say(room, &format!("message {count}")).await;
        }

        let mut ids = Vec::new();
        for _ in 0..9 {
            let letter = stage.relayed().await;
            ids.push(parsed(&letter.bytes).message_id().unwrap().to_owned());
        }

        assert!(stage.nothing_relayed(Duration::from_secs(6)).await);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 9);
    }

    a_letter_is_tried_again_as_it_was_and_failure_is_told(stage, Relay::Up) {
        stage.mood.store(451, Ordering::Relaxed);
        let (room, _) = stage.topic().await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        let item = &outbox["items"][0];
        assert_eq!(item["state"], "queued", "{outbox}");
        assert!(item["error"].as_str().unwrap().contains("451"), "{item}");
        let path = format!("/mail/outbox/{}/raw", item["id"].as_str().unwrap());
        let (_, raw) = stage.ask(stage.ana, "GET", &path, Value::Null).await;
        stage.mood.store(250, Ordering::Relaxed);
        assert_eq!(stage.relayed().await.bytes, raw.as_str().unwrap().as_bytes());
        assert_eq!(stage.ask(stage.rival, "GET", &path, Value::Null).await.0, 404);

        stage.mood.store(550, Ordering::Relaxed);
        stage.say(room, "And now?").await;
        tokio::time::sleep(Duration::from_millis(2500)).await;

        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        let states: Vec<_> = outbox["items"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
        assert_eq!(states, ["failed", "sent"]);
    }

    without_a_relay_letters_are_kept(stage, Relay::None) {
        let (room, _) = stage.topic().await;
        stage.say(room, "Second").await;
        tokio::time::sleep(Duration::from_millis(2500)).await;

        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox?limit=1", Value::Null).await;

        assert_eq!(outbox["items"][0]["state"], "kept");
        let next = format!("/mail/outbox?limit=1&after={}", outbox["next"].as_str().unwrap());
        let (_, rest) = stage.ask(stage.ana, "GET", &next, Value::Null).await;
        assert_eq!((&rest["items"][0]["subject"], &rest["next"]), (&json!("Price"), &Value::Null));
        let mails = directory::outbox::Mail {
            to: "boss@client.test".to_owned(),
            subject: "Bienvenue à bord".to_owned(),
            text: "a".to_owned(),
            html: "<p>a</p>".to_owned(),
            organisation: Some(stage.ana.organisation),
        };
        let mut tx = stage.house.db.write().await.unwrap();
        directory::outbox::mail(&mut tx, &mails, stage.house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        tokio::time::sleep(Duration::from_millis(2500)).await;
        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        assert_eq!(outbox["items"][0]["subject"], "Bienvenue à bord");
        assert_eq!(outbox["items"].as_array().unwrap().len(), 3);
    }

    a_guest_leaves_by_one_click_and_only_by_post(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let letter = stage.relayed().await;
        let to = reply_address(&letter.bytes);
        let message = parsed(&letter.bytes);
        let link = message.header_raw("List-Unsubscribe").unwrap().trim();
        let path = link.trim_matches(['<', '>']).replace("https://hub.test/api/v1", "");

        let (asked, page) = stage.ask(stage.rival, "GET", &path, Value::Null).await;
        assert!(asked == 200 && page.as_str().unwrap().contains("Quitter cette conversation"));
        assert_eq!(stage.send("xavier@client.test", &to, &reply("m1", "Hi")).await.len(), 4);
        let (left, _) = stage.ask(stage.rival, "POST", &path, Value::Null).await;
        let (again, _) = stage.ask(stage.rival, "POST", &path, Value::Null).await;

        assert_eq!((left, again), (200, 200));
        assert_eq!(stage.send("xavier@client.test", &to, &reply("m2", "Hi")).await, ["550"]);
        let told = stage.events(room).await;
        let left = told.iter().filter_map(|it| it.detail.as_ref()).filter(|it| it["move"] == "left");
        assert_eq!(left.count(), 1);
        let token = to.trim_start_matches("reply+").trim_end_matches("@hub.test");
        let stolen = format!("/mail/unsubscribe/{token}");
        assert_eq!(stage.ask(stage.rival, "POST", &stolen, Value::Null).await.0, 404);
    }

    a_bounce_silences_its_guest_until_it_writes(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let letter = stage.relayed().await;
        let bounce = letter.from.trim_start_matches("MAIL FROM:<").split('>').next().unwrap();
        let report = "From: mailer-daemon@mx.test\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n\n--b--\n";

        assert_eq!(stage.send("", bounce, report).await[2], "250");
        tokio::time::sleep(Duration::from_secs(2)).await;
        stage.say(room, "Anybody?").await;

        assert!(stage.nothing_relayed(Duration::from_secs(3)).await);
        let (_, outbox) = stage.ask(stage.ana, "GET", "/mail/outbox", Value::Null).await;
        assert_eq!(outbox["items"][0]["state"], "failed");
        let to = reply_address(&letter.bytes);
        stage.send("xavier@client.test", &to, &reply("m1", "Back")).await;
        let late = stage.relayed().await;
        assert!(parsed(&late.bytes).body_text(0).unwrap().contains("Anybody?"));
    }

    rooms_of_others_and_rooms_that_are_no_topics_have_no_guests(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let guest = json!({ "email": "y@client.test", "name": "Yves" });
        let ask = |who, path: String| stage.ask(who, "POST", path.leak(), guest.clone());

        assert_eq!(ask(stage.rival, format!("/rooms/{room}/guests")).await.0, 404);
        assert_eq!(ask(stage.ana, format!("/rooms/{}/guests", stage.main)).await.0, 409);
        assert_eq!(ask(stage.ana, format!("/rooms/{room}/guests")).await.0, 201);
        assert_eq!(ask(stage.ana, format!("/rooms/{room}/guests")).await.0, 409);
        let topic = json!({ "title": "t", "guest": guest });
        let path = format!("/deals/{}/topics", stage.deal);
        assert_eq!(stage.ask(stage.rival, "POST", &path, topic).await.0, 404);
        let own = json!({ "email": "post@hub.test", "name": "Us" });
        let path = format!("/rooms/{room}/guests");
        assert_eq!(stage.ask(stage.ana, "POST", &path, own).await.0, 422);
    }

    every_statement_fits_the_schema(stage, Relay::None) {
        for (_, statements) in mail::STATEMENTS {
            for statement in *statements {
                stage.house.db.prepare(*statement).await.unwrap();
            }
        }
    }
}
