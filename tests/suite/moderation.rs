//! Keeping order: hiding, reporting, locking, slowing down.

use std::time::Duration;

use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person, on_both_databases};

use crate::sharing::shared_deal;

/// A deal's room with both sides in it; Nordwind is its host.
struct Stage {
    olga: Person,
    bruno: Person,
    sam: Person,
    atelier: Company,
    room: String,
}

impl Stage {
    async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let sam = hub.person(&nordwind, Role::Seller, "Sam").await;
        let (_, room, _) = shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        Self { olga, bruno, sam, atelier, room }
    }

    fn path(&self, part: &str) -> String {
        format!("/api/v1/rooms/{}/{part}", self.room)
    }

    async fn say(&self, who: &Person, cid: &str, body: &str) -> suite::Answer {
        who.post(&self.path("events"), json!({ "cid": cid, "body": body })).await
    }

    async fn said(&self, who: &Person, cid: &str, body: &str) -> i64 {
        self.say(who, cid, body).await.expect(201)["seq"].as_i64().unwrap()
    }

    async fn hide(&self, who: &Person, cid: &str, target: i64, on: bool) -> u16 {
        let act = json!({ "cid": cid, "act": "hide", "target": target, "on": on });
        who.post(&self.path("acts"), act).await.status
    }

    async fn rule(&self, who: &Person, form: Value) -> suite::Answer {
        let path = format!("/api/v1/rooms/{}", self.room);
        let room = who.get(&path).await.expect(200);
        who.patch(&self.path("rules"), &room["revision"], form).await
    }

    /// A message as somebody reads it.
    async fn message(&self, who: &Person, seq: i64) -> Value {
        let path = self.path(&format!("events?after={}&limit=1", seq - 1));
        who.get(&path).await.expect(200)["items"][0].clone()
    }

    /// Everything of the room that somebody gets.
    async fn all(&self, who: &Person) -> String {
        let mut told = String::new();
        for part in ["events", "pins", "events?thread=1"] {
            told.push_str(&who.get(&self.path(part)).await.expect(200).to_string());
        }
        let found = who.get("/api/v1/search/messages?q=kingfisher").await.expect(200);
        told.push_str(&found.to_string());
        told
    }
}

on_both_databases! {
    async fn a_hidden_message_is_read_by_its_own_side_alone(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let mut socket = hub.socket(&stage.sam).await;
        socket.subscribe(&stage.room).await;
        let seq = stage.said(&stage.bruno, "m1", "Kingfisher first").await;
        let edit = json!({ "cid": "m2", "act": "edit", "target": seq, "body": "Kingfisher bettered" });
        stage.bruno.post(&stage.path("acts"), edit).await.expect(201);
        let pin = json!({ "cid": "m3", "act": "pin", "target": seq });
        stage.bruno.post(&stage.path("acts"), pin).await.expect(201);
        assert!(stage.all(&stage.sam).await.contains("Kingfisher"));

        assert_eq!(stage.hide(&stage.sam, "h0", seq, true).await, 403, "a seller keeps no order");
        assert_eq!(stage.hide(&stage.bruno, "h1", seq, true).await, 403, "only the host does");
        assert_eq!(stage.hide(&stage.olga, "h2", seq, true).await, 201);
        assert_eq!(stage.hide(&stage.olga, "h3", seq, true).await, 200, "once is enough");
        let told = socket.until(|frame| frame["kind"] == "hide").await;
        assert_eq!((&told["target"], &told["detail"]["on"], &told["name"]), (&json!(seq), &json!(true), &json!("Olga Owner")));
        for who in [&stage.olga, &stage.sam] {
            let all = stage.all(who).await;
            assert!(!all.contains("Kingfisher"), "{all}");
            let message = stage.message(who, seq).await;
            assert_eq!((&message["hidden"], &message["now"]["hidden"], message.get("body")), (&json!("Olga Owner"), &json!("Olga Owner"), None));
        }
        let own = stage.message(&stage.bruno, seq).await;
        assert_eq!((&own["body"], &own["now"]["body"], &own["hidden"]), (&json!("Kingfisher first"), &json!("Kingfisher bettered"), &json!("Olga Owner")));
        let mut late = hub.socket(&stage.sam).await;
        late.subscribe(&stage.room).await;
        let replayed = late.during(Duration::from_millis(300)).await;
        assert!(!json!(replayed).to_string().contains("Kingfisher"), "{replayed:?}");

        assert_eq!(stage.hide(&stage.olga, "h4", seq, false).await, 201);
        assert!(stage.all(&stage.sam).await.contains("Kingfisher bettered"));
    }

    async fn a_hidden_file_goes_with_its_message(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let path = stage.path("files?cid=f1&name=plan.pdf");
        let sent = stage.bruno.send(&path, "application/octet-stream", "%PDF-1.7").await.expect(201);
        let seq = sent["seq"].as_i64().unwrap();
        let file = stage.message(&stage.bruno, seq).await["detail"]["files"][0]["id"].as_str().unwrap().to_owned();
        let file = stage.path(&format!("files/{file}"));
        assert_eq!(stage.sam.get(&file).await.status, 200);

        assert_eq!(stage.hide(&stage.olga, "h1", seq, true).await, 201);
        assert_eq!((stage.sam.get(&file).await.status, stage.bruno.get(&file).await.status), (404, 200));
        assert!(!stage.message(&stage.sam, seq).await.to_string().contains("plan.pdf"));
        let react = json!({ "cid": "r1", "act": "react", "target": seq, "emoji": "👍" });
        assert_eq!(stage.sam.post(&stage.path("acts"), react).await.status, 422);
    }

    async fn nobody_writes_in_a_locked_room_until_it_is_opened(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let seq = stage.said(&stage.bruno, "m1", "Before").await;
        assert_eq!(stage.rule(&stage.sam, json!({ "locked": true })).await.status, 403);
        assert_eq!(stage.rule(&stage.bruno, json!({ "locked": true })).await.status, 403);
        let (_, carl) = hub.company("Kestrel").await;
        let foreign = carl.patch(&stage.path("rules"), &json!(1), json!({ "locked": true })).await;
        assert_eq!(foreign.status, 404);
        stage.rule(&stage.olga, json!({ "locked": true })).await.expect(204);

        for who in [&stage.olga, &stage.bruno] {
            assert_eq!(stage.say(who, "m2", "After").await.status, 403);
            let react = json!({ "cid": "r1", "act": "react", "target": seq, "emoji": "👍" });
            assert_eq!(who.post(&stage.path("acts"), react).await.status, 403);
        }
        let room = stage.bruno.get(&format!("/api/v1/rooms/{}", stage.room)).await.expect(200);
        assert_eq!((&room["locked"], &room["can_write"], &room["hosted"]), (&json!(true), &json!(false), &json!(false)));
        assert_eq!(stage.hide(&stage.olga, "h1", seq, true).await, 201, "order is kept in it");
        let stale = stage.olga.patch(&stage.path("rules"), &json!(1), json!({ "locked": false })).await;
        assert_eq!(stale.status, 409);
        stage.rule(&stage.olga, json!({ "locked": false })).await.expect(204);
        stage.said(&stage.bruno, "m2", "After").await;
    }

    async fn a_slow_room_makes_each_person_wait(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let refused = stage.rule(&stage.olga, json!({ "slow_s": 3601 })).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!("slow_s")));
        stage.rule(&stage.olga, json!({ "slow_s": 30 })).await.expect(204);
        stage.said(&stage.bruno, "m1", "One").await;

        let wait = stage.say(&stage.bruno, "m2", "Two").await;
        assert_eq!(wait.status, 429, "{}", wait.body);
        assert_eq!(stage.say(&stage.bruno, "m1", "One").await.status, 200, "the same one is no other");
        stage.said(&stage.sam, "m3", "Another person").await;
        stage.said(&stage.olga, "m4", "Who keeps order").await;
        stage.said(&stage.olga, "m5", "does not wait").await;
        let mut socket = hub.socket(&stage.bruno).await;
        let id = socket.tell(json!({ "t": "send", "room": stage.room, "cid": "m6", "body": "Two" })).await;
        let nak = socket.until(|frame| frame["id"] == id).await;
        assert_eq!((&nak["t"], &nak["code"]), (&json!("nak"), &json!("rate")));
        assert!((1..=30_000).contains(&nak["retry"].as_i64().unwrap()), "{nak}");
        hub.wait(Duration::from_secs(31));
        stage.said(&stage.bruno, "m2", "Two").await;
    }

    async fn a_report_reaches_both_sides_administrators(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let seq = stage.said(&stage.bruno, "m1", "Kingfisher is rude").await;
        let form = json!({ "target": seq, "reason": "This is no way to talk" });
        for _again in 0..2 {
            stage.sam.post(&stage.path("reports"), form.clone()).await.expect(204);
        }
        let bad = stage.sam.post(&stage.path("reports"), json!({ "target": 999, "reason": "x" })).await;
        let (_, carl) = hub.company("Kestrel").await;
        let foreign = carl.post(&stage.path("reports"), form).await;
        assert_eq!((bad.status, foreign.status), (422, 404));

        assert_eq!(stage.sam.get("/api/v1/reports").await.status, 403);
        for who in [&stage.olga, &stage.bruno] {
            let list = who.get("/api/v1/reports").await.expect(200);
            let report = &list["items"][0];
            assert_eq!(list["items"].as_array().unwrap().len(), 1);
            assert_eq!((&report["reason"], &report["body"], &report["reporter_name"]), (&json!("This is no way to talk"), &json!("Kingfisher is rude"), &json!("Sam")));
            let notices = who.get("/api/v1/notifications?unread=true").await.expect(200);
            assert!(notices["items"].as_array().unwrap().iter().any(|it| it["kind"] == "report"), "{notices}");
        }
        assert!(carl.get("/api/v1/reports").await.expect(200)["items"].as_array().unwrap().is_empty());
        let open = stage.olga.get("/api/v1/reports").await.expect(200)["items"][0].clone();
        let path = format!("/api/v1/reports/{}", open["id"].as_str().unwrap());
        assert_eq!(stage.bruno.patch(&path, &json!(1), json!({ "settled": true })).await.status, 404, "each side settles its own");
        stage.olga.patch(&path, &json!(1), json!({ "settled": true })).await.expect(204);
        assert_eq!(stage.olga.patch(&path, &json!(1), json!({ "settled": true })).await.status, 409);
        let settled = stage.olga.get("/api/v1/reports?settled=true").await.expect(200);
        assert_eq!(settled["items"][0]["settled_by"], "Olga Owner");
        assert_eq!(stage.bruno.get("/api/v1/reports").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    async fn a_report_shows_nobody_what_two_people_said(hub: Hub) {
        let stage = Stage::new(&hub).await;
        stage.said(&stage.bruno, "m0", "Here is Bruno").await;
        let form = json!({ "person": stage.bruno.id, "organisation": stage.atelier.id });
        let room = stage.sam.post("/api/v1/directs", form).await.expect(201);
        let room = room["room"].as_str().unwrap().to_owned();
        let path = |part: &str| format!("/api/v1/rooms/{room}/{part}");
        stage.bruno.post(&path("events"), json!({ "cid": "d1", "body": "Kingfisher in private" })).await.expect(201);
        let form = json!({ "target": 1, "reason": "He threatens me" });
        stage.sam.post(&path("reports"), form).await.expect(204);

        let list = stage.olga.get("/api/v1/reports").await.expect(200);
        assert_eq!((&list["items"][0]["reason"], &list["items"][0]["body"]), (&json!("He threatens me"), &Value::Null));
        assert!(!list.to_string().contains("Kingfisher"));
        assert_eq!(stage.bruno.get("/api/v1/reports").await.expect(200)["items"][0]["body"], "Kingfisher in private", "he said it");
        let hide = json!({ "cid": "h1", "act": "hide", "target": 1, "on": true });
        assert_eq!(stage.sam.post(&path("acts"), hide).await.status, 403, "nobody keeps order there");
    }

    async fn a_report_goes_with_the_right_to_the_room(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let seq = stage.said(&stage.bruno, "m1", "Kingfisher is rude").await;
        let form = json!({ "target": seq, "reason": "No way to talk" });
        stage.sam.post(&stage.path("reports"), form).await.expect(204);
        let list = stage.olga.get("/api/v1/partnerships").await.expect(200);
        let path = format!("/api/v1/partnerships/{}/moves", list["items"][0]["id"].as_str().unwrap());
        let form = json!({ "move": "end_now", "revision": list["items"][0]["revision"] });
        stage.olga.post(&path, form).await.expect(200);

        assert!(stage.bruno.get("/api/v1/reports").await.expect(200)["items"].as_array().unwrap().is_empty());
        assert_eq!(stage.olga.get("/api/v1/reports").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
