//! The forum of a deal: topics with and without somebody outside, their answers and locks.

use gate::Role;
use serde_json::{Value, json};
use suite::{Person, on_both_databases};

use crate::sharing::shared_deal;

async fn open(who: &Person, deal: &str, form: Value) -> String {
    let room = who.post(&format!("{deal}/topics"), form).await.expect(201);
    room["id"].as_str().unwrap().to_owned()
}

async fn say(who: &Person, room: &str, cid: &str, body: &str) -> i64 {
    let form = json!({ "cid": cid, "body": body });
    let said = who.post(&format!("/api/v1/rooms/{room}/events"), form).await.expect(201);
    said["seq"].as_i64().unwrap()
}

async fn topics(who: &Person, deal: &str) -> Vec<Value> {
    let page = who.get(&format!("{deal}/topics")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn change(who: &Person, room: &str, revision: i64, form: Value) -> u16 {
    let path = format!("/api/v1/rooms/{room}/topic");
    who.patch(&path, &json!(revision), form).await.status
}

on_both_databases! {
    async fn topics_are_listed_with_what_was_said_in_them_last(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, _, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let prices = open(&olga, &deal, json!({ "title": "Prices in 2027", "category": "Prices", "message": "Who knows?" })).await;
        let plans = open(&bruno, &deal, json!({ "title": "Plans" })).await;
        hub.wait(std::time::Duration::from_mins(1));
        say(&bruno, &prices, "1", "I do").await;

        let list = topics(&olga, &deal).await;
        assert_eq!(list.iter().map(|it| it["id"].as_str().unwrap()).collect::<Vec<_>>(), [&prices, &plans]);
        let first = &list[0];
        assert_eq!((&first["category"], &first["messages"], &first["unread"]), (&json!("Prices"), &json!(2), &json!(1)));
        assert_eq!((&first["opener"], &first["level"], &first["people"]), (&json!("Olga Owner"), &json!("all"), &json!(["Olga Owner"])));
        let long = olga.post(&format!("{deal}/topics"), json!({ "title": "x", "category": "x".repeat(41) })).await;
        assert_eq!((long.status, &long.body["field"]), (422, &json!("category")));
        let found = bruno.get("/api/v1/search/messages?q=prices").await.expect(200);
        assert_eq!(found["items"][0]["kind"], "topic", "a title is found");
    }

    async fn who_opened_a_topic_accepts_an_answer_and_locks_it(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let sam = hub.person(&nordwind, Role::Seller, "Sam").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, main, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let room = open(&sam, &deal, json!({ "title": "Prices", "message": "Who knows?" })).await;
        let answer = say(&bruno, &room, "1", "I do").await;

        assert_eq!(change(&bruno, &room, 1, json!({ "answer": answer })).await, 403, "another side's topic");
        assert_eq!(change(&sam, &room, 1, json!({ "answer": 999 })).await, 422);
        assert_eq!(change(&sam, &main, 1, json!({ "locked": true })).await, 422, "the main room is no topic");
        assert_eq!(change(&sam, &room, 1, json!({ "answer": answer })).await, 204);
        assert_eq!(change(&sam, &room, 1, json!({ "title": "Late" })).await, 409);
        assert_eq!(topics(&bruno, &deal).await[0]["answer"], json!(answer));
        assert_eq!(change(&olga, &room, 2, json!({ "locked": true, "title": "Prices, settled" })).await, 204, "the host's owner");
        let said = bruno.post(&format!("/api/v1/rooms/{room}/events"), json!({ "cid": "2", "body": "more" })).await;
        assert_eq!(said.status, 403, "it is locked");
        let log = bruno.get(&format!("/api/v1/rooms/{room}/events")).await.expect(200);
        let told: Vec<_> = log["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "topic").map(|it| it["detail"]["change"].clone()).collect();
        assert_eq!(told, ["answer", "title", "locked"]);
        assert_eq!(change(&sam, &room, 3, json!({ "locked": false })).await, 204);
        say(&bruno, &room, "3", "more").await;
        let found = bruno.get("/api/v1/search/messages?q=settled").await.expect(200);
        assert_eq!(found["items"][0]["seq"], 0, "the new title is found");
    }

    async fn a_thread_goes_on_as_a_topic_without_a_copy(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (kestrel, carl) = hub.company("Kestrel").await;
        let (deal, main, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let root = say(&olga, &main, "1", "A secret start").await;
        hub.partners(&olga, &carl).await;
        let form = json!({ "organisation": kestrel.id, "fields": ["title"], "verbs": ["read", "comment"], "history": "from_join" });
        let party = olga.post(&format!("{deal}/parties"), form).await.expect(201);
        carl.post(&format!("{deal}/parties/{}/moves", party["id"].as_str().unwrap()), json!({ "move": "accept" })).await.expect(200);

        let topic = open(&bruno, &deal, json!({ "title": "Goes on", "thread": root })).await;
        assert_eq!(topics(&bruno, &deal).await[0]["origin"], json!(root));
        let seen = topics(&carl, &deal).await;
        assert_eq!((&seen[0]["id"], &seen[0]["origin"]), (&json!(topic), &Value::Null), "who may not read it learns nothing of it");
        let log = carl.get(&format!("/api/v1/rooms/{topic}/events")).await.expect(200);
        assert!(!log.to_string().contains("secret"), "{log}");
        let missing = carl.post(&format!("{deal}/topics"), json!({ "title": "x", "thread": root })).await;
        assert_eq!((missing.status, &missing.body["field"]), (422, &json!("thread")));
        assert_eq!(carl.get("/api/v1/deals/deal_01arz3ndektsv4rrffq69g5fav/topics").await.status, 404);
    }
}
