//! What is done to messages: better words, taking back, reactions, pins, answers, calls.

use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person, Socket, on_both_databases};

use crate::sharing::shared_deal;

/// A deal's room with both sides in it, and their sockets.
struct Stage {
    olga: Person,
    bruno: Person,
    atelier: Company,
    room: String,
    moves: String,
    host: Socket,
    party: Socket,
    cids: u128,
}

impl Stage {
    async fn new(hub: &Hub) -> Self {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        let mut host = hub.socket(&olga).await;
        let mut party = hub.socket(&bruno).await;
        host.subscribe(&room).await;
        party.subscribe(&room).await;
        Self { olga, bruno, atelier, room, moves, host, party, cids: 0 }
    }

    fn cid(&mut self) -> String {
        self.cids += 1;
        format!("cid-{}", self.cids)
    }

    /// The host sends a frame; its answer.
    async fn host(&mut self, mut frame: Value) -> Value {
        frame["cid"] = json!(self.cid());
        frame["room"] = json!(self.room);
        let id = self.host.tell(frame).await;
        self.host.until(|frame| frame["id"] == id).await
    }

    /// The party sends a frame; its answer.
    async fn party(&mut self, mut frame: Value) -> Value {
        frame["cid"] = json!(self.cid());
        frame["room"] = json!(self.room);
        let id = self.party.tell(frame).await;
        self.party.until(|frame| frame["id"] == id).await
    }

    async fn said(&mut self, body: &str) -> i64 {
        let ack = self.host(json!({ "t": "send", "body": body })).await;
        ack["seq"].as_i64().unwrap_or_else(|| panic!("{ack}"))
    }

    /// An event as somebody reads it.
    async fn event(&self, who: &Person, seq: i64) -> Value {
        let path =
            format!("/api/v1/rooms/{}/events?after={}&limit=1", self.room, seq - 1);
        who.get(&path).await.expect(200)["items"][0].clone()
    }

    async fn log(&self, who: &Person) -> String {
        let path = format!("/api/v1/rooms/{}/events?limit=200", self.room);
        who.get(&path).await.expect(200).to_string()
    }
}

on_both_databases! {
    async fn better_words_reach_everybody_and_only_their_author_says_them(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let seq = stage.said("Tuesday at noon").await;

        let other = stage.party(json!({ "t": "edit", "target": seq, "body": "Never" })).await;
        let ack = stage.host(json!({ "t": "edit", "target": seq, "body": "Thursday at noon" })).await;
        let heard = stage.party.until(|frame| frame["kind"] == "edit").await;

        assert_eq!((&other["t"], &other["code"]), (&json!("nak"), &json!("not_yours")));
        assert_eq!((&heard["seq"], &heard["target"], &heard["body"]), (&ack["seq"], &json!(seq), &json!("Thursday at noon")));
        let event = stage.event(&stage.bruno, seq).await;
        assert_eq!((&event["body"], &event["now"]["body"]), (&json!("Tuesday at noon"), &json!("Thursday at noon")));
        assert_eq!(event["now"]["edited"], ack["seq"]);
        let missing = stage.host(json!({ "t": "edit", "target": 9_999, "body": "x" })).await;
        assert_eq!(missing["code"], "bad_target");
        let no_message = stage.host(json!({ "t": "edit", "target": ack["seq"], "body": "x" })).await;
        assert_eq!(no_message["code"], "bad_target", "an edit is no message");
    }

    async fn what_is_taken_back_is_gone_and_leaves_a_tombstone(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let seq = stage.said("The price is 4711").await;
        stage.host(json!({ "t": "edit", "target": seq, "body": "The price is 4712" })).await;
        assert!(stage.log(&stage.bruno).await.contains("4711"), "else nothing is taken back");

        let other = stage.party(json!({ "t": "redact", "target": seq })).await;
        let ack = stage.host(json!({ "t": "redact", "target": seq })).await;
        stage.party.until(|frame| frame["kind"] == "redact").await;
        let again = stage.host(json!({ "t": "redact", "target": seq })).await;
        let late = stage.host(json!({ "t": "edit", "target": seq, "body": "4713" })).await;
        let mut back = hub.socket(&stage.bruno).await;
        back.subscribe(&stage.room).await;

        assert_eq!(other["code"], "not_yours");
        assert_eq!((&ack["t"], &again["t"], &again["dup"]), (&json!("ack"), &json!("ack"), &json!(true)));
        assert_eq!(late["code"], "bad_target");
        for told in [stage.log(&stage.olga).await, stage.log(&stage.bruno).await, format!("{:?}", back.seen)] {
            assert!(!told.contains("471"), "{told}");
        }
        let tombstone = stage.event(&stage.bruno, seq).await;
        assert_eq!((&tombstone["kind"], &tombstone["now"]["redacted"]), (&json!("msg"), &json!(true)));
        let seqs: Vec<i64> = back.seen.iter().filter(|it| it["t"] == "ev").map(|it| it["seq"].as_i64().unwrap()).collect();
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "the log is dense: {seqs:?}");
        let resent = json!({ "t": "send", "room": stage.room, "cid": "cid-1", "body": "The price is 4711" });
        let id = stage.host.tell(resent).await;
        let resent = stage.host.until(|frame| frame["id"] == id).await;
        assert_eq!((&resent["seq"], &resent["dup"]), (&json!(seq), &json!(true)), "it is not said again");
    }

    async fn reactions_are_given_and_taken_back_once(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let seq = stage.said("Done").await;
        let react = |on: bool| json!({ "t": "react", "target": seq, "emoji": "🎉", "on": on });

        let first = stage.party(react(true)).await;
        let twice = stage.party(react(true)).await;
        stage.host(json!({ "t": "react", "target": seq, "emoji": "🎉" })).await;
        let both = stage.event(&stage.olga, seq).await;
        stage.party(react(false)).await;
        let one = stage.event(&stage.olga, seq).await;
        let text = stage.party(json!({ "t": "react", "target": seq, "emoji": "no" })).await;

        assert_eq!((&first["dup"], &twice["dup"]), (&Value::Null, &json!(true)));
        assert_eq!(both["now"]["reactions"][0]["by"].as_array().unwrap().len(), 2);
        assert_eq!(one["now"]["reactions"][0]["by"][0]["user"], json!(stage.olga.id));
        assert_eq!(one["now"]["reactions"][0]["by"].as_array().unwrap().len(), 1);
        assert_eq!(text["code"], "bad_emoji");
    }

    async fn pins_and_threads_are_listed(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let (root, second) = (stage.said("Agenda").await, stage.said("Minutes").await);
        for number in 0..3 {
            stage.party(json!({ "t": "send", "body": format!("Point {number}"), "reply_to": root })).await;
        }
        for target in [root, second] {
            stage.party(json!({ "t": "pin", "target": target })).await;
        }
        let pins = format!("/api/v1/rooms/{}/pins", stage.room);
        let seqs = |list: Value| -> Vec<i64> {
            list["items"].as_array().unwrap().iter().map(|it| it["seq"].as_i64().unwrap()).collect()
        };

        let two = seqs(stage.olga.get(&pins).await.expect(200));
        stage.host(json!({ "t": "pin", "target": second, "on": false })).await;
        let one = seqs(stage.olga.get(&pins).await.expect(200));
        let thread = format!("/api/v1/rooms/{}/events?thread={root}", stage.room);
        let answers = stage.olga.get(&thread).await.expect(200);

        assert_eq!((two, one), (vec![second, root], vec![root]));
        assert_eq!(answers["items"].as_array().unwrap().len(), 3);
        assert_eq!(stage.event(&stage.olga, root).await["now"]["replies"], 3);
        stage.olga.post(&stage.moves, json!({ "move": "remove" })).await.expect(200);
        assert_eq!(stage.bruno.get(&pins).await.status, 404);
        assert_eq!(stage.bruno.get(&thread).await.status, 404);
    }

    async fn a_call_notifies_who_is_there_and_nobody_else(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let (_, carl) = hub.company("Rival").await;
        let mentions = async |who: &Person| {
            let list = who.get("/api/v1/notifications").await.expect(200);
            list["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "mention").count()
        };
        // Nobody of the other side is named before they did something there.
        let people = format!("/api/v1/rooms/{}/people", stage.room);
        let dana = hub.person(&stage.atelier, Role::Seller, "Dana Silent").await;
        let names = stage.olga.get(&people).await.expect(200).to_string();
        assert!(!names.contains("Dana"), "{names}");
        assert!(stage.bruno.get(&people).await.expect(200).to_string().contains("Dana"));
        stage.said(&format!("@[Dana]({})", dana.id)).await;
        assert_eq!(mentions(&dana).await, 0, "whoever did not speak is not called by name");

        let said = json!({ "cid": "dana", "body": "Here I am" });
        dana.post(&format!("/api/v1/rooms/{}/events", stage.room), said).await.expect(201);
        let names = stage.olga.get(&format!("{people}?q=dAn")).await.expect(200);
        stage.said(&format!("@[Dana]({}) and @[Carl]({}), please", dana.id, carl.id)).await;
        let heard = stage.party.until(|frame| frame["body"].as_str().is_some_and(|it| it.ends_with("please"))).await;

        assert_eq!((names["items"].as_array().unwrap().len(), &names["items"][0]["user"]), (1, &json!(dana.id)));
        assert_eq!(heard["detail"]["mentions"].as_array().unwrap().len(), 2);
        assert_eq!((mentions(&dana).await, mentions(&carl).await, mentions(&stage.olga).await), (1, 0, 0));
        stage.said("@[all](all): lunch").await;
        assert_eq!((mentions(&dana).await, mentions(&stage.bruno).await, mentions(&carl).await), (1, 1, 0));
    }

    async fn one_who_joined_later_does_not_read_what_was_said_before(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let seq = stage.said("Before you came").await;
        let (dora_company, dora) = hub.company("Dora").await;
        hub.partners(&stage.olga, &dora).await;
        let parties = stage.moves.rsplitn(3, '/').last().unwrap().to_owned();
        let form = json!({ "organisation": dora_company.id, "fields": ["title"], "verbs": ["read", "comment"], "history": "from_join" });
        let made = stage.olga.post(&parties, form).await.expect(201);
        let moves = format!("{parties}/{}/moves", made["id"].as_str().unwrap());
        dora.post(&moves, json!({ "move": "accept" })).await.expect(200);

        stage.host(json!({ "t": "edit", "target": seq, "body": "Before you came, better" })).await;
        let mut late = hub.socket(&dora).await;
        late.subscribe(&stage.room).await;

        let edit = late.seen.iter().find(|it| it["kind"] == "edit");
        assert!(edit.is_some(), "its log has no hole: {:?}", late.seen);
        assert!(!format!("{:?}", late.seen).contains("Before you came"), "{:?}", late.seen);
        assert!(!stage.log(&dora).await.contains("Before you came"));
        assert!(stage.log(&stage.bruno).await.contains("better"), "those who were there read it");
        let id = late.tell(json!({ "t": "react", "room": stage.room, "cid": "d1", "target": seq, "emoji": "👍" })).await;
        let refused = late.until(|frame| frame["id"] == id).await;
        assert_eq!(refused["code"], "bad_target");
    }
}
