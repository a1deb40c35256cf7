//! Whether mail works, as the settings show it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    scenes::{fresh_postgres, parsed, reply_address},
    stage::{Relay, Stage},
};

async fn setup(stage: &Stage) -> Value {
    let (status, told) = stage.ask(stage.ana, "GET", "/mail/setup", Value::Null).await;
    assert_eq!(status, 200, "{told}");
    told
}

scenes! {
    what_the_dns_must_say_stands_beside_what_it_says(stage, Relay::Checked) {
        let told = setup(&stage).await;

        let states: Vec<_> = told["records"].as_array().unwrap().iter().map(|it| (it["kind"].as_str().unwrap(), it["state"].as_str().unwrap())).collect();
        assert_eq!(states, [("mx", "missing"), ("spf", "right"), ("dkim", "right"), ("dmarc", "missing")], "{told}");
        assert_eq!(told["records"][0]["wanted"], "10 hub.test.");
        assert_eq!(told["records"][1]["found"], json!(["v=spf1 mx -all"]));
        assert!(told["records"][2]["wanted"].as_str().unwrap().starts_with("v=DKIM1"));
        assert_eq!((&told["asks_dns"], &told["sends"], &told["test"]), (&json!(true), &json!(true), &Value::Null));
    }

    a_mail_to_oneself_goes_there_and_its_answer_back(stage, Relay::Checked) {
        let (status, _) = stage.ask(stage.ana, "POST", "/mail/test", Value::Null).await;
        assert_eq!(status, 204);
        let letter = stage.relayed().await;
        let to = reply_address(&letter.bytes);
        assert_eq!(parsed(&letter.bytes).to().unwrap().first().unwrap().address(), Some("ana@vendor.test"));
        assert_eq!(setup(&stage).await["test"]["answered_at"], Value::Null);

        let mail = "From: xavier@client.test\r\nSubject: Re: Does mail work?\r\nMessage-ID: <t1@client.test>\r\nDate: Wed, 18 Nov 2026 10:00:00 +0000\r\n\r\nIt does.\r\n";
        let signed = String::from_utf8(stage.client.sign(mail.as_bytes()).unwrap()).unwrap();
        assert_eq!(stage.send("xavier@client.test", &to, signed.trim_end()).await[2], "250");

        let mut test = Value::Null;
        for _ in 0..50 {
            test = setup(&stage).await["test"].clone();
            if !test["answered_at"].is_null() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!((&test["to"], &test["state"]), (&json!("ana@vendor.test"), &json!("sent")));
        assert!(test["answered_at"].is_string(), "{test}");
        assert_eq!((&test["checks"]["spf"], &test["checks"]["dmarc"]), (&json!("fail"), &json!("pass")), "{test}");
        let (_, theirs) = stage.ask(stage.rival, "GET", "/mail/setup", Value::Null).await;
        assert_eq!(theirs["test"], Value::Null);
    }
}
