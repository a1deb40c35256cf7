//! What people are told in the hub.

use crate::notices::{self, Notice};
use axum::http::StatusCode;
use gate::Role;
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};

async fn tell(stage: &Stage, whom: &Actor, text: &str, fold: Option<&str>) {
    let notice = Notice {
        kind: "message",
        params: json!({ "title": text }),
        subject: None,
        party: None,
        fold,
    };
    let mut tx = stage.house.db.write().await.unwrap();
    let told =
        notices::person(&mut tx, whom.organisation, whom.person, &notice, stage.now());
    told.await.unwrap();
    tx.commit().await.unwrap();
    stage.pass(std::time::Duration::from_secs(1));
}

scenes! {
    async fn unread_notices_of_a_kind_fold_into_one(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        for text in ["one", "two", "three"] {
            tell(&stage, &owner, text, Some("room:1")).await;
        }
        let list = stage.get(&owner, "/notifications").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["params"], json!({ "title": "three" }));
        assert_eq!(stage.get(&owner, "/me").await["unread_notifications"], 1);

        let (_, left) = stage.ask(&owner.token, ("POST", "/notifications/read"), json!({ "ids": [list["items"][0]["id"]] })).await;
        assert_eq!(left, json!({ "unread": 0 }));
        tell(&stage, &owner, "four", Some("room:1")).await;
        let list = stage.get(&owner, "/notifications").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 2, "what was read stays");
        assert_eq!((&list["items"][0]["read"], &list["items"][1]["read"]), (&json!(false), &json!(true)));
    }

    async fn a_long_list_has_pages_without_gap_or_double(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        for number in 0..5 {
            tell(&stage, &owner, &number.to_string(), None).await;
        }
        let (mut seen, mut path) = (Vec::new(), "/notifications?limit=2&unread=true".to_owned());
        loop {
            let page = stage.get(&owner, &path).await;
            seen.extend(page["items"].as_array().unwrap().iter().map(|it| it["params"]["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/notifications?limit=2&unread=true&after={next}");
        }
        assert_eq!(seen, ["4", "3", "2", "1", "0"]);
        let (status, _) = stage.ask(&owner.token, ("GET", "/notifications?after=nonsense"), Value::Null).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn notices_are_for_one_person_in_one_organisation(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let seller = stage.member(owner.organisation, "seller@acme.example", Role::Seller).await;
        tell(&stage, &owner, "one", None).await;
        let list = stage.get(&owner, "/notifications").await;

        assert_eq!(stage.get(&seller, "/notifications").await["items"], json!([]));
        stage.ask(&seller.token, ("POST", "/notifications/read"), json!({ "ids": [list["items"][0]["id"]] })).await;
        stage.ask(&seller.token, ("POST", "/notifications/read"), json!({ "all": true })).await;
        assert_eq!(stage.get(&owner, "/me").await["unread_notifications"], 1);
        let (status, _) = stage.ask(&owner.token, ("POST", "/notifications/read"), json!({})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
