//! What becomes of an address whose letters come back.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    scenes::{fresh_postgres, parsed, reply, reply_address},
    stage::{Relay, Stage},
};

async fn suppressed(stage: &Stage) -> usize {
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let (_, list) = stage.ask(stage.ana, "GET", "/mail/suppressed", Value::Null).await;
    list["items"].as_array().unwrap().len()
}

fn report(action: &str, status: &str, about: &str) -> String {
    format!(
        "From: mailer-daemon@mx.test\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: {action}\nStatus: {status}\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{about}>\n--b--\n"
    )
}

scenes! {
    five_letters_that_are_set_back_are_as_good_as_a_refusal(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let mut letters = vec![stage.relayed().await];
        for count in 2..=5 {
            stage.say(room, &format!("message {count}")).await;
            letters.push(stage.relayed().await);
        }
        let bounce = |at: usize| {
            letters[at].from.trim_start_matches("MAIL FROM:<").split('>').next().unwrap()
        };

        for at in [0, 1, 2, 3, 3, 3] {
            stage.send("", bounce(at), &report("delayed", "4.2.2", "x@y.test")).await;
        }
        assert_eq!(suppressed(&stage).await, 0, "the same letter counts once");
        stage.send("", bounce(4), &report("failed", "5.2.2", "x@y.test")).await;

        assert_eq!(suppressed(&stage).await, 1);
        let to = reply_address(&letters[0].bytes);
        stage.send("xavier@client.test", &to, &reply("m1", "I am back")).await;
        assert_eq!(suppressed(&stage).await, 0);
        stage.send("", bounce(4), &report("failed", "5.2.2", "x@y.test")).await;
        assert_eq!(suppressed(&stage).await, 0, "what was before is forgiven");
    }

    a_report_at_the_reply_address_counts_by_the_id_of_a_letter(stage, Relay::Up) {
        let (room, _) = stage.topic().await;
        let letter = stage.relayed().await;
        let to = reply_address(&letter.bytes);
        let id = parsed(&letter.bytes).message_id().unwrap().to_owned();

        stage.send("", &to, &report("failed", "5.1.1", "guessed@hub.test")).await;
        assert_eq!(suppressed(&stage).await, 0);
        stage.send("", &to, &report("failed", "5.1.1", &id)).await;

        assert_eq!(suppressed(&stage).await, 1);
        assert_eq!(stage.guests_words(room, 0).await, [""; 0]);
        let told = stage.events(room).await;
        let moves: Vec<_> = told.iter().filter_map(|it| it.detail.clone()).map(|it| it["move"].clone()).collect();
        assert!(moves.contains(&json!("bounced")), "{moves:?}");
    }
}
