//! What a person keeps of a room for oneself, and how far others have read it.

use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person, Socket, on_both_databases};

use crate::sharing::shared_deal;

/// A deal's room with both sides in it.
struct Stage {
    olga: Person,
    bruno: Person,
    nordwind: Company,
    atelier: Company,
    room: String,
    moves: String,
}

impl Stage {
    async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        Self { olga, bruno, nordwind, atelier, room, moves }
    }

    fn path(&self, part: &str) -> String {
        format!("/api/v1/rooms/{}/{part}", self.room)
    }

    async fn keep(&self, who: &Person, form: Value) -> Value {
        who.patch(&self.path("own"), &json!(1), form).await.expect(200)
    }

    async fn own(&self, who: &Person) -> Value {
        who.get(&self.path("own")).await.expect(200)
    }

    async fn say(&self, who: &Person, cid: &str, body: &str) -> i64 {
        let form = json!({ "cid": cid, "body": body });
        let said = who.post(&self.path("events"), form).await.expect(201);
        said["seq"].as_i64().unwrap()
    }

    /// The kinds of unread notices that somebody has.
    async fn notices(&self, who: &Person) -> Vec<String> {
        let list = who.get("/api/v1/notifications?unread=true").await.expect(200);
        let kinds = list["items"].as_array().unwrap().iter();
        kinds
            .map(|it| it["kind"].as_str().unwrap().to_owned())
            .filter(|kind| kind == "message" || kind == "mention")
            .collect()
    }
}

/// Follows what concerns the person; there is nothing to catch up with.
async fn follow_me(socket: &mut Socket) {
    let id = socket.tell(json!({ "t": "sub", "room": "me" })).await;
    socket.until(|frame| frame["id"] == id).await;
}

on_both_databases! {
    async fn only_messages_of_others_are_unread_and_a_call_names_its_message(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let unread = async |who: &Person| {
            let deals = who.get("/api/v1/deals").await.expect(200);
            let deal = deals["items"][0]["id"].as_str().unwrap().to_owned();
            let rooms = who.get(&format!("/api/v1/deals/{deal}/rooms")).await.expect(200);
            let room = rooms["items"].as_array().unwrap().iter().find(|it| it["id"] == stage.room).unwrap();
            assert_eq!(deals["items"][0]["unread"], room["unread"], "there is nothing in other rooms");
            room["unread"].clone()
        };
        assert_eq!(unread(&stage.bruno).await, json!(0), "coming and going is no message");
        let first = stage.say(&stage.olga, "u1", "One").await;
        stage.say(&stage.olga, "u2", "Two").await;
        let call = stage.say(&stage.olga, "u3", "@[all](all) three").await;
        let react = json!({ "cid": "u4", "act": "react", "target": first, "emoji": "👍" });
        stage.olga.post(&stage.path("acts"), react).await.expect(201);
        assert_eq!((unread(&stage.bruno).await, unread(&stage.olga).await), (json!(3), json!(0)));
        stage.bruno.post(&stage.path("read"), json!({ "seq": first })).await.expect(204);
        assert_eq!(unread(&stage.bruno).await, json!(2));
        let list = stage.bruno.get("/api/v1/notifications?unread=true").await.expect(200);
        let notice = list["items"].as_array().unwrap().iter().find(|it| it["kind"] == "mention").unwrap();
        assert_eq!(notice["params"]["seq"], json!(call.to_string()), "{notice}");
    }

    async fn a_draft_is_found_on_every_device_and_read_by_nobody_else(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sam = hub.person(&stage.nordwind, Role::Owner, "Sam").await;
        let mut phone = hub.socket(&stage.olga).await;
        follow_me(&mut phone).await;

        stage.keep(&stage.olga, json!({ "draft": "Not under 14 percent" })).await;
        let told = phone.until(|frame| frame["t"] == "changed").await;
        let kept = stage.own(&stage.olga).await;
        for who in [&sam, &stage.bruno] {
            assert_eq!(stage.own(who).await, json!({ "level": "all", "draft": null, "draft_at": null }));
        }

        assert_eq!((&told["kind"], &kept["draft"]), (&json!("own"), &json!("Not under 14 percent")));
        assert!(kept["draft_at"].is_i64());
        stage.keep(&stage.olga, json!({ "draft": "Not under 12 percent" })).await;
        stage.keep(&stage.olga, json!({ "level": "mentions" })).await;
        let last = stage.own(&stage.olga).await;
        assert_eq!((&last["draft"], &last["level"]), (&json!("Not under 12 percent"), &json!("mentions")));
        let gone = stage.keep(&stage.olga, json!({ "draft": "" })).await;
        assert_eq!((&gone["draft"], &gone["draft_at"], &gone["level"]), (&Value::Null, &Value::Null, &json!("mentions")));
        for form in [json!({ "draft": "x".repeat(8_001) }), json!({ "level": "some" })] {
            let refused = stage.olga.patch(&stage.path("own"), &json!(1), form).await;
            assert_eq!(refused.status, 422);
        }
    }

    async fn a_draft_goes_with_the_right_to_the_room(hub: Hub) {
        let stage = Stage::new(&hub).await;
        stage.keep(&stage.bruno, json!({ "draft": "We could" })).await;
        stage.olga.post(&stage.moves, json!({ "move": "remove" })).await.expect(200);

        assert_eq!(stage.bruno.get(&stage.path("own")).await.status, 404);
        assert_eq!(stage.bruno.get(&stage.path("readers")).await.status, 404);
        let form = json!({ "draft": "Still here?" });
        assert_eq!(stage.bruno.patch(&stage.path("own"), &json!(1), form).await.status, 404);
    }

    async fn notices_come_as_each_person_wants_them(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let dana = hub.person(&stage.atelier, Role::Seller, "Dana").await;
        let finn = hub.person(&stage.atelier, Role::Seller, "Finn").await;
        stage.keep(&dana, json!({ "level": "mentions" })).await;
        stage.keep(&finn, json!({ "level": "nothing" })).await;

        stage.say(&stage.olga, "c1", "Good morning").await;
        assert_eq!(stage.notices(&stage.bruno).await, ["message"]);
        assert!(stage.notices(&dana).await.is_empty());
        assert!(stage.notices(&finn).await.is_empty());

        stage.say(&stage.olga, "c2", "@[all](all): lunch").await;
        assert_eq!(stage.notices(&stage.bruno).await, ["mention"]);
        assert_eq!(stage.notices(&dana).await, ["mention"]);
        assert!(stage.notices(&finn).await.is_empty());
        stage.say(&stage.bruno, "c3", &format!("@[Finn]({})", finn.id)).await;
        assert!(stage.notices(&finn).await.is_empty());
        stage.keep(&finn, json!({ "level": "all" })).await;
        stage.say(&stage.olga, "c4", "Good evening").await;
        assert_eq!(stage.notices(&finn).await, ["message"]);
    }

    async fn how_far_others_read_is_told_of_those_who_spoke(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let dana = hub.person(&stage.atelier, Role::Seller, "Dana Silent").await;
        stage.say(&stage.bruno, "c1", "Here I am").await;
        let seq = stage.say(&stage.olga, "c2", "Read this").await;
        let (mut window, mut phone) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        window.subscribe(&stage.room).await;
        follow_me(&mut phone).await;

        for who in [&stage.bruno, &dana] {
            who.post(&stage.path("read"), json!({ "seq": seq + 40 })).await.expect(204);
        }
        let live = window.until(|frame| frame["kind"] == "read").await;
        let own = phone.until(|frame| frame["t"] == "changed" && frame["kind"] == "read").await;
        let told = stage.olga.get(&stage.path("readers")).await.expect(200);
        let within = stage.bruno.get(&stage.path("readers")).await.expect(200);

        assert_eq!((&live["t"], &live["user"], &live["seq"]), (&json!("eph"), &json!(stage.bruno.id), &json!(seq)));
        assert_eq!(own["t"], "changed");
        let names = |list: &Value| -> Vec<String> {
            list["items"].as_array().unwrap().iter().map(|it| it["user"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&told), [stage.bruno.id.to_string()], "not Dana, who said nothing");
        assert_eq!(told["items"][0]["seq"], seq, "nobody read further than the log goes");
        assert!(names(&within).contains(&dana.id.to_string()), "her own people see her");
    }
}
