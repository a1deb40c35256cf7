//! For how long rooms keep what is said, and what is kept in spite of that.

mod model;

use std::time::Duration;

use gate::Role;
use kernel::{Id, Person as PersonKind};
use serde_json::{Value, json};
use suite::{Company, Hub, Person, on_both_databases};

use crate::sharing::shared_deal;

const DAY: Duration = Duration::from_hours(24);

/// A deal's room with both sides in it; Nordwind is its host.
pub(crate) struct Stage {
    pub(crate) olga: Person,
    pub(crate) bruno: Person,
    nordwind: Company,
    atelier: Company,
    pub(crate) deal: String,
    pub(crate) room: String,
    moves: String,
}

impl Stage {
    pub(crate) async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        let deal = deal.rsplit('/').next().unwrap().to_owned();
        Self { olga, bruno, nordwind, atelier, deal, room, moves }
    }

    fn path(&self, part: &str) -> String {
        format!("/api/v1/rooms/{}/{part}", self.room)
    }

    /// Days pass. Nobody's session lasts so long.
    pub(crate) async fn wait(&mut self, hub: &Hub, days: u32) {
        hub.wait(DAY * days);
        self.olga = hub.again(&self.olga, self.nordwind.id).await;
        self.bruno = hub.again(&self.bruno, self.atelier.id).await;
    }

    async fn say(&self, who: &Person, cid: &str, body: &str) -> i64 {
        let form = json!({ "cid": cid, "body": body });
        let said = who.post(&self.path("events"), form).await.expect(201);
        said["seq"].as_i64().unwrap()
    }

    async fn act(&self, who: &Person, cid: &str, mut act: Value) -> u16 {
        act["cid"] = json!(cid);
        who.post(&self.path("acts"), act).await.status
    }

    /// The host says for how long its main rooms keep what is said; it holds at once, after a
    /// week.
    pub(crate) async fn rule(&self, days: Option<i64>) {
        let now = self.olga.get("/api/v1/retention").await.expect(200);
        let form = json!({ "main_days": days, "revision": now["revision"] });
        self.olga
            .ask("PUT".parse().unwrap(), "/api/v1/retention", Some(form), &[])
            .await
            .expect(200);
    }

    pub(crate) async fn log(&self, who: &Person) -> Value {
        who.get(&self.path("events?limit=200")).await.expect(200)
    }

    pub(crate) async fn seqs(&self, who: &Person) -> Vec<i64> {
        let page = self.log(who).await;
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["seq"].as_i64().unwrap())
            .collect()
    }

    pub(crate) async fn hold(&self, who: &Person, kind: &str, subject: &str) -> Value {
        let form = json!({ "kind": kind, "subject": subject, "reason": "Case 7" });
        who.post("/api/v1/holds", form).await.expect(201)
    }

    pub(crate) async fn release(&self, who: &Person, hold: &Value) {
        let path = format!("/api/v1/holds/{}/release", hold["id"].as_str().unwrap());
        who.post(&path, json!({ "revision": hold["revision"] })).await.expect(200);
    }
}

async fn trim(hub: &Hub) -> i64 {
    rooms::trim_overdue(&hub.house).await.unwrap().events
}

fn id_of(person: &Person) -> String {
    Id::<PersonKind>::to_string(&person.id)
}

on_both_databases! {
    async fn what_is_past_its_rule_goes_from_the_front(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let old = stage.say(&stage.olga, "m1", "Kingfisher of old").await;
        assert_eq!(stage.act(&stage.bruno, "p1", json!({ "act": "pin", "target": old })).await, 201);
        let mut late = hub.socket(&stage.bruno).await;
        late.subscribe(&stage.room).await;
        stage.rule(Some(30)).await;
        stage.wait(&hub, 29).await;
        let answer = json!({ "cid": "m2", "body": "An answer of today", "reply_to": old });
        let young = stage.bruno.post(&stage.path("events"), answer).await.expect(201)["seq"].as_i64().unwrap();
        let pin = json!({ "act": "pin", "target": young });
        assert_eq!(stage.act(&stage.bruno, "p2", pin).await, 201);
        assert_eq!(trim(&hub).await, 0, "nothing is thirty days old");

        stage.wait(&hub, 2).await;
        let gone = trim(&hub).await;

        assert_eq!(gone, young - 1, "else the rule does nothing");
        assert_eq!(trim(&hub).await, 0);
        for who in [&stage.olga, &stage.bruno] {
            let page = stage.log(who).await;
            assert_eq!((&page["first"], &page["epoch"]), (&json!(young), &json!("e1")));
            assert!(!page.to_string().contains("Kingfisher"), "{page}");
            assert_eq!(stage.seqs(who).await, [young, young + 1], "dense, from the first on");
            let found = who.get("/api/v1/search/messages?q=kingfisher").await.expect(200);
            assert_eq!(found["items"], json!([]));
            let pins = who.get(&stage.path("pins")).await.expect(200);
            assert_eq!(pins["items"].as_array().unwrap().len(), 1, "the pin of what is gone is gone");
            let thread = who.get(&stage.path(&format!("events?thread={old}"))).await.expect(200);
            assert_eq!(thread["items"].as_array().unwrap().len(), 1, "the answers stay");
            let before = who.get(&stage.path(&format!("events?before={young}"))).await.expect(200);
            assert_eq!((&before["items"], &before["first"]), (&json!([]), &json!(young)));
        }
        for (number, act) in ["react", "edit", "pin", "redact"].iter().enumerate() {
            let form = json!({ "act": act, "target": old, "emoji": "👍", "body": "x" });
            assert_eq!(stage.act(&stage.olga, &format!("a{number}"), form).await, 422, "{act}");
        }
        let next = stage.say(&stage.olga, "m1", "The id is free again, the seq is new").await;
        assert_eq!(next, young + 2, "no seq is used twice");
        stage.olga.post(&stage.path("read"), json!({ "seq": 1 })).await.expect(204);
        let room = stage.olga.get(&format!("/api/v1/rooms/{}", stage.room)).await.expect(200);
        assert_eq!((&room["first"], &room["keeps"]["days"], &room["keeps"]["by"]["name"]), (&json!(young), &json!(30), &json!("Nordwind")));
    }

    async fn an_older_cursor_is_told_of_a_gap_and_finds_the_beginning(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        for number in 1..6 {
            stage.say(&stage.olga, &format!("m{number}"), "Long ago").await;
        }
        stage.rule(Some(10)).await;
        stage.wait(&hub, 11).await;
        let head = stage.log(&stage.olga).await["head"].as_i64().unwrap();

        assert_eq!(trim(&hub).await, head, "all of it");

        let mut socket = hub.socket(&stage.bruno).await;
        let sub = json!({ "t": "sub", "room": stage.room, "cursor": { "epoch": "e1", "seq": 2 } });
        let id = socket.tell(sub).await;
        let told = socket.until(|frame| frame["id"] == id).await;
        assert_eq!((&told["mode"], &told["head"]), (&json!("gap"), &json!(head)));
        let page = stage.bruno.get(&stage.path("events?after=2")).await.expect(200);
        assert_eq!((&page["items"], &page["first"], &page["head"]), (&json!([]), &json!(head + 1), &json!(head)));
        let sub = json!({ "t": "sub", "room": stage.room, "cursor": { "epoch": "e1", "seq": head } });
        let id = socket.tell(sub).await;
        let told = socket.until(|frame| frame["id"] == id).await;
        assert_eq!((&told["mode"], &told["from"]), (&json!("live"), &json!(head + 1)));
        let next = stage.say(&stage.olga, "n1", "Today").await;
        let heard = socket.until(|frame| frame["t"] == "ev").await;
        assert_eq!((heard["seq"].as_i64(), next), (Some(head + 1), head + 1));
    }

    async fn the_host_rules_the_shared_room_and_each_side_its_notes(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let rooms = stage.bruno.get(&format!("/api/v1/deals/{}/rooms", stage.deal)).await.expect(200);
        let notes = rooms["items"].as_array().unwrap().iter().find(|it| it["kind"] == "internal").unwrap()["id"].as_str().unwrap().to_owned();
        let events = format!("/api/v1/rooms/{notes}/events");
        stage.bruno.post(&events, json!({ "cid": "n1", "body": "Our own" })).await.expect(201);
        stage.say(&stage.olga, "m1", "Shared").await;
        let put = async |who: &Person, form: Value| who.ask("PUT".parse().unwrap(), "/api/v1/retention", Some(form), &[]).await;
        let mine = json!({ "main_days": 1, "internal_days": 5, "revision": 0 });
        put(&stage.bruno, mine).await.expect(200);
        let seller = hub.person(&stage.nordwind, Role::ChannelManager, "Sam").await;
        assert_eq!(put(&seller, json!({ "revision": 0 })).await.status, 403);
        assert_eq!(put(&stage.olga, json!({ "main_days": 0, "revision": 0 })).await.status, 422);
        assert_eq!(put(&stage.olga, json!({ "main_days": 9, "revision": 3 })).await.status, 409);
        let shared = format!("/api/v1/rooms/{}", stage.room);
        assert_eq!(stage.bruno.get(&shared).await.expect(200)["keeps"], json!(null), "not the guest's rule");

        stage.wait(&hub, 8).await;

        assert_eq!(trim(&hub).await, 1, "the note alone");
        let page = stage.bruno.get(&events).await.expect(200);
        assert_eq!((&page["items"], &page["first"]), (&json!([]), &json!(2)));
        assert!(stage.log(&stage.bruno).await.to_string().contains("Shared"));
    }

    async fn a_rule_rests_for_a_week_after_it_was_changed(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        stage.say(&stage.olga, "m1", "Old").await;
        stage.wait(&hub, 100).await;
        stage.rule(Some(30)).await;
        let told = stage.olga.get("/api/v1/retention").await.expect(200);
        assert!(told["rests_until"].is_string(), "{told}");
        stage.wait(&hub, 6).await;
        assert_eq!(trim(&hub).await, 0, "it was a slip");
        stage.rule(None).await;
        stage.wait(&hub, 30).await;
        assert_eq!(trim(&hub).await, 0, "and it was mended");
        stage.rule(Some(30)).await;
        stage.wait(&hub, 8).await;
        assert!(trim(&hub).await > 0);
    }

    async fn a_hold_of_either_side_keeps_what_that_side_reads(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let first = stage.say(&stage.olga, "m1", "Evidence").await;
        stage.rule(Some(10)).await;
        let form = json!({ "kind": "space", "subject": stage.deal, "reason": "Case 7" });
        let seller = hub.person(&stage.atelier, Role::ChannelManager, "Sam").await;
        assert_eq!(seller.post("/api/v1/holds", form.clone()).await.status, 403);
        let (_, carl) = hub.company("Kestrel").await;
        assert_eq!(carl.post("/api/v1/holds", form.clone()).await.status, 422, "not theirs");
        let hold = stage.hold(&stage.bruno, "space", &stage.deal).await;
        assert_eq!(hold["subject"]["title"], "Rollout");
        assert_eq!(stage.bruno.post("/api/v1/holds", form).await.status, 409, "once");
        let foreign = format!("/api/v1/holds/{}/words", hold["id"].as_str().unwrap());
        assert_eq!(stage.olga.get(&foreign).await.status, 404, "the other side knows nothing of it");
        assert_eq!(stage.olga.get("/api/v1/holds").await.expect(200)["items"], json!([]));

        stage.wait(&hub, 40).await;
        assert_eq!(trim(&hub).await, 0, "it is held");
        assert!(stage.seqs(&stage.olga).await.contains(&first));
        stage.release(&stage.bruno, &hold).await;
        assert!(trim(&hub).await >= first, "it is not held any more");
        let audit = stage.bruno.get("/api/v1/audit").await.expect(200).to_string();
        assert!(audit.contains("hold.place") && audit.contains("hold.release"), "{audit}");
    }

    async fn a_hold_ends_with_the_part_in_the_space(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        stage.say(&stage.olga, "m1", "Evidence").await;
        stage.rule(Some(10)).await;
        let hold = stage.hold(&stage.bruno, "room", &stage.room).await;
        let taken = stage.say(&stage.olga, "m2", "Kingfisher").await;
        stage.act(&stage.olga, "r1", json!({ "act": "redact", "target": taken })).await;
        let words = format!("/api/v1/holds/{}/words", hold["id"].as_str().unwrap());
        assert!(stage.bruno.get(&words).await.expect(200).to_string().contains("Kingfisher"));
        stage.bruno.post(&stage.moves, json!({ "move": "leave" })).await.expect(200);
        let kept = stage.bruno.get(&words).await.expect(200);
        assert_eq!(kept["items"], json!([]), "who left reads nothing of the room, held or not");
        stage.wait(&hub, 12).await;
        assert!(trim(&hub).await > 0);
    }

    async fn what_is_taken_back_under_a_hold_is_read_by_its_keepers_alone(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let said = stage.say(&stage.bruno, "m1", "Kingfisher first").await;
        let better = json!({ "act": "edit", "target": said, "body": "Kingfisher bettered" });
        assert_eq!(stage.act(&stage.bruno, "e1", better).await, 201);
        let plan = stage.path("files?cid=f1&name=plan.pdf");
        let sent = stage.bruno.send(&plan, "application/octet-stream", "%PDF-1.7 held").await.expect(201);
        let with_file = sent["seq"].as_i64().unwrap();
        let hold = stage.hold(&stage.olga, "room", &stage.room).await;
        let own = stage.hold(&stage.bruno, "person", &id_of(&stage.bruno)).await;
        let nobody = stage.olga.post("/api/v1/holds", json!({ "kind": "person", "subject": id_of(&stage.bruno), "reason": "x" })).await;
        assert_eq!(nobody.status, 422, "only one's own people");

        for (number, target) in [said, with_file].iter().enumerate() {
            let act = json!({ "act": "redact", "target": target });
            assert_eq!(stage.act(&stage.bruno, &format!("r{number}"), act).await, 201);
        }

        for who in [&stage.olga, &stage.bruno] {
            assert!(!stage.log(who).await.to_string().contains("Kingfisher"), "it is gone for all");
        }
        for (who, hold) in [(&stage.olga, &hold), (&stage.bruno, &own)] {
            let path = format!("/api/v1/holds/{}", hold["id"].as_str().unwrap());
            let words = who.get(&format!("{path}/words")).await.expect(200);
            let bodies: Vec<_> = words["items"].as_array().unwrap().iter().map(|it| it["body"].as_str().unwrap()).collect();
            assert_eq!(bodies, ["Kingfisher first", "Kingfisher bettered", "plan.pdf"]);
            let file = words["items"][2]["files"][0]["id"].as_str().unwrap().to_owned();
            let file = who.get(&format!("{path}/files/{file}")).await;
            assert_eq!((file.status, file.bytes.as_slice()), (200, b"%PDF-1.7 held".as_slice()));
            let audit = who.get("/api/v1/audit").await.expect(200).to_string();
            assert!(audit.contains("hold.read"), "each reading is told");
        }
        stage.release(&stage.olga, &hold).await;
        let path = format!("/api/v1/holds/{}/words", hold["id"].as_str().unwrap());
        assert_eq!(stage.olga.get(&path).await.expect(200)["items"], json!([]), "now it is gone for good");
    }

    async fn a_hold_on_a_person_keeps_their_own_words_and_nobody_elses(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let form = json!({ "person": stage.bruno.id, "organisation": stage.atelier.id });
        stage.say(&stage.bruno, "b0", "Here is Bruno").await;
        let room = stage.olga.post("/api/v1/directs", form).await.expect(201)["room"].as_str().unwrap().to_owned();
        let acts = format!("/api/v1/rooms/{room}/acts");
        let events = format!("/api/v1/rooms/{room}/events");
        let hold = stage.hold(&stage.olga, "person", &id_of(&stage.olga)).await;
        for (who, cid, body) in [(&stage.olga, "d1", "Kingfisher of mine"), (&stage.bruno, "d2", "Heron of his")] {
            let seq = who.post(&events, json!({ "cid": cid, "body": body })).await.expect(201)["seq"].clone();
            let act = json!({ "cid": format!("{cid}r"), "act": "redact", "target": seq });
            who.post(&acts, act).await.expect(201);
        }
        let words = format!("/api/v1/holds/{}/words", hold["id"].as_str().unwrap());
        let kept = stage.olga.get(&words).await.expect(200).to_string();
        assert!(kept.contains("Kingfisher") && !kept.contains("Heron"), "{kept}");
        let form = json!({ "direct_days": 1, "revision": 0 });
        stage.olga.ask("PUT".parse().unwrap(), "/api/v1/retention", Some(form), &[]).await.expect(200);
        stage.wait(&hub, 9).await;
        assert_eq!(trim(&hub).await, 0, "the log begins with what she said");
    }

    async fn a_file_goes_with_its_last_message_and_a_document_never(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let put = async |cid: &str, bytes: &'static str| {
            let path = stage.path(&format!("files?cid={cid}&name=a.bin"));
            stage.bruno.send(&path, "application/octet-stream", bytes).await.expect(201);
            store::Sha256::of(bytes.as_bytes())
        };
        let (once, twice, paper) = (put("f1", "once").await, put("f2", "twice").await, put("f3", "a paper").await);
        let mut tx = hub.house.db.write().await.unwrap();
        let errand = json!({ "sha256": paper.to_string() });
        store::jobs::add(&mut tx, "nobody.works", &errand, hub.house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        stage.rule(Some(10)).await;
        stage.wait(&hub, 9).await;
        let path = stage.path("files?cid=f4&name=a.bin");
        stage.bruno.send(&path, "application/octet-stream", "twice").await.expect(201);
        stage.wait(&hub, 2).await;
        assert!(trim(&hub).await > 0);

        let mut removed = 0;
        for _ in 0..3 {
            hub.wait(Duration::from_hours(3));
            removed += rooms::sweep(&hub.house).await.unwrap();
        }

        assert_eq!(removed, 1, "of three, one is named by nobody");
        assert!(hub.house.files.read(once).await.is_err());
        assert_eq!(hub.house.files.read(twice).await.unwrap(), b"twice");
        assert_eq!(hub.house.files.read(paper).await.unwrap(), b"a paper");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "it asks the database for its own schema")]
async fn every_column_that_names_a_file_is_asked_before_one_goes() {
    use sqlx::Row as _;
    let backing = suite::Backing::sqlite();
    let db = store::Db::open(&backing.url(), store::Bus::local()).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
    let pool = sqlx::SqlitePool::connect(&backing.url()).await.unwrap();
    let columns = "
        select m.name, c.name
        from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and c.type = 'TEXT'
          and (c.name like '%sha256%' or c.name in ('file', 'raw', 'receipt'))
          and m.name <> 'file_leaving'";
    let rows = sqlx::query(columns).fetch_all(&pool).await.unwrap();
    let all = hub::statements();
    let asks = all
        .iter()
        .flat_map(|(_, all)| all.iter())
        .find(|it| it.name == "IS_NAMED")
        .unwrap();
    assert!(rows.len() > 12, "else nothing was read");
    for row in rows {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let from = format!(" from {table} where ");
        let asked = asks.sqlite.split(&from).nth(1).and_then(|it| it.lines().next());
        let named = asked.is_some_and(|it| it.contains(&format!("{column} = $1")));
        assert!(named, "a file that `{table}.{column}` names could be removed");
    }
}
