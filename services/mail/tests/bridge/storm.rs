//! Programs that answer every mail, without the headers by which one knows them.

use std::{collections::HashMap, time::Duration};

use serde_json::{Value, json};

use crate::{
    scenes::{fresh_postgres, parsed, reply, reply_address},
    stage::{Relay, Stage},
};

/// Xavier's and Yves' mailboxes answer each letter by themselves, until the hub sends no more.
/// Tells how many letters each of them got.
async fn storm(
    stage: &Stage,
    answer: impl Fn(usize) -> String,
) -> HashMap<String, usize> {
    let (room, _) = stage.topic().await;
    let guest = json!({ "email": "yves@other.test", "name": "Yves" });
    let path = format!("/rooms/{room}/guests");
    assert_eq!(stage.ask(stage.ana, "POST", &path, guest).await.0, 201);
    stage.say(room, "Hello, both of you").await;
    let mut got: HashMap<String, usize> = HashMap::new();
    let mut count = 0;
    while let Some(letter) = stage.relayed_within(Duration::from_secs(7)).await {
        count += 1;
        assert!(count < 500, "it does not end");
        let to = parsed(&letter.bytes)
            .to()
            .unwrap()
            .first()
            .unwrap()
            .address()
            .unwrap()
            .to_owned();
        *got.entry(to.clone()).or_default() += 1;
        let mail = reply(&format!("auto{count}"), &answer(count))
            .replace("xavier@client.test", &to);
        let codes = stage.send(&to, &reply_address(&letter.bytes), &mail).await;
        assert_eq!(codes[2], "250", "an answer is kept in any case");
    }
    got
}

scenes! {
    two_that_answer_by_themselves_are_stopped_when_they_repeat_themselves(stage, Relay::Up) {
        let got = storm(&stage, |_| "I am away until Monday.".to_owned()).await;

        assert!(got.values().all(|count| (2..=6).contains(count)), "{got:?}");
        let (_, held) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        let reason = held["items"][0]["reason"].as_str().unwrap();
        assert!(reason.contains("the same"), "{reason}");
    }

    two_that_answer_by_themselves_in_ever_other_words_are_stopped_by_their_number(stage, Relay::Up) {
        let got = storm(&stage, |count| format!("I am away, ticket {count}.")).await;

        assert!(got.values().all(|count| (25..=34).contains(count)), "{got:?}");
        let (_, held) = stage.ask(stage.ana, "GET", "/mail/quarantine", Value::Null).await;
        let reason = held["items"][0]["reason"].as_str().unwrap();
        assert!(reason.contains("too many"), "{reason}");
    }
}
