//! A space as a file: each party gets what it may read, and nothing once it may not.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use store::Sha256;
use suite::{Company, Hub, Person, on_both_databases};
use tower::ServiceExt as _;
use zip::ZipArchive;

const HOUR: Duration = Duration::from_hours(1);

/// A deal whose host is Nordwind, with Atelier in it.
struct Stage {
    olga: Person,
    bruno: Person,
    nordwind: Company,
    atelier: Company,
    path: String,
    party: String,
    main: String,
}

impl Stage {
    /// Atelier sees title and stage, reads from when it came, and may take it out.
    async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        hub.partners(&olga, &bruno).await;
        let form = json!({ "title": "Rollout", "account": "Harbour", "amount_minor": 7_654_321, "currency": "EUR" });
        let deal = olga.post("/api/v1/deals", form).await.expect(201);
        let path = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        let main = room(&deal, "main");
        say(&olga, &main, "Before you came").await;
        let form = json!({ "organisation": atelier.id, "fields": ["title", "stage"], "verbs": ["read", "comment", "export"], "history": "from_join" });
        let party = olga.post(&format!("{path}/parties"), form).await.expect(201);
        let party = party["id"].as_str().unwrap().to_owned();
        let moves = format!("{path}/parties/{party}/moves");
        bruno.post(&moves, json!({ "move": "accept" })).await.expect(200);
        Self { olga, bruno, nordwind, atelier, path, party, main }
    }

    /// Somebody has it made: its id, once it is there.
    async fn made(&self, who: &Person) -> String {
        let asked = who.post(&self.exports(), json!({})).await.expect(202);
        let id = asked["id"].as_str().unwrap().to_owned();
        self.until(who, &id, "ready").await;
        id
    }

    async fn until(&self, who: &Person, export: &str, state: &str) {
        for _ in 0..200 {
            if self.state(who, export).await == state {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{export} is {}, not {state}", self.state(who, export).await);
    }

    async fn state(&self, who: &Person, export: &str) -> String {
        let listed = who.get(&self.exports()).await.expect(200);
        let rows = listed["items"].as_array().unwrap();
        let row = rows.iter().find(|it| it["id"] == export).unwrap();
        row["state"].as_str().unwrap().to_owned()
    }

    fn exports(&self) -> String {
        format!("{}/exports", self.path)
    }

    fn file(&self, export: &str) -> String {
        format!("{}/{export}/file", self.exports())
    }

    async fn mask(&self, form: Value) {
        let deal = self.olga.get(&self.path).await.expect(200);
        let parties = deal["party_list"].as_array().unwrap();
        let row = parties.iter().find(|it| it["id"] == self.party.as_str()).unwrap();
        let path = format!("{}/parties/{}", self.path, self.party);
        self.olga.patch(&path, &row["revision"], form).await.expect(200);
    }
}

fn room(deal: &Value, kind: &str) -> String {
    let rooms = deal["rooms"].as_array().unwrap();
    let room = rooms.iter().find(|it| it["kind"] == kind).unwrap();
    room["id"].as_str().unwrap().to_owned()
}

fn cid() -> String {
    uuid::Uuid::from_u128(rand::random()).to_string()
}

async fn say(who: &Person, room: &str, body: &str) -> i64 {
    let form = json!({ "cid": cid(), "body": body });
    let said = who.post(&format!("/api/v1/rooms/{room}/events"), form).await;
    said.expect(201)["seq"].as_i64().unwrap()
}

async fn act(who: &Person, room: &str, mut act: Value) {
    act["cid"] = json!(cid());
    let done = who.post(&format!("/api/v1/rooms/{room}/acts"), act).await;
    assert!(done.status < 300, "{}", done.body);
}

/// What somebody fetched, by the names of its entries; each has the hash that the list says.
fn unpacked(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = BTreeMap::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        entries.insert(name, bytes);
    }
    let list = String::from_utf8(entries["SHA256SUMS"].clone()).unwrap();
    assert_eq!(list.lines().count(), entries.len() - 1, "{list}");
    for line in list.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(Sha256::of(&entries[name]).to_string(), hash, "{name}");
    }
    entries
}

fn space(entries: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&entries["space.json"]).unwrap()
}

on_both_databases! {
    async fn each_party_takes_out_what_its_mask_shows(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (olga, bruno) = (&stage.olga, &stage.bruno);
        let seen = bruno.get(&stage.path).await.expect(200);
        say(bruno, &room(&seen, "internal"), "Atelier keeps this to itself").await;
        let own = olga.get(&stage.path).await.expect(200);
        say(olga, &room(&own, "internal"), "Nordwind keeps that to itself").await;
        let hello = say(olga, &stage.main, "Hello to both").await;
        act(bruno, &stage.main, json!({ "act": "react", "target": hello, "emoji": "👍" })).await;
        let slip = say(olga, &stage.main, "A slip of the tongue").await;
        act(olga, &stage.main, json!({ "act": "redact", "target": slip })).await;
        let path = format!("/api/v1/rooms/{}/files?cid={}&name=plan.pdf", stage.main, cid());
        olga.send(&path, "application/octet-stream", "%PDF-1.7 the plan").await.expect(201);
        let topic = json!({ "title": "Delivery", "message": "By ship or by rail?" });
        olga.post(&format!("{}/topics", stage.path), topic).await.expect(201);
        bruno.patch("/api/v1/me", &json!(1), json!({ "locale": "fr" })).await.expect(200);

        let (hers, his) = (stage.made(olga).await, stage.made(bruno).await);
        let hers = unpacked(olga.get(&stage.file(&hers)).await.bytes);
        let his = unpacked(bruno.get(&stage.file(&his)).await.bytes);

        let (all, part) = (space(&hers), space(&his));
        assert_eq!(all["deal"]["amount_minor"], 7_654_321);
        assert_eq!(part["deal"]["title"], "Rollout");
        let (all, part) = (all.to_string(), part.to_string());
        for (word, hers, his) in [
            ("7654321", true, false),
            ("Harbour", true, false),
            ("Before you came", true, false),
            ("Nordwind keeps that to itself", true, false),
            ("Atelier keeps this to itself", false, true),
            ("Hello to both", true, true),
            ("👍", true, true),
            ("By ship or by rail?", true, true),
            ("plan.pdf", true, true),
            ("A slip of the tongue", false, false),
        ] {
            assert_eq!((all.contains(word), part.contains(word)), (hers, his), "{word}");
        }
        let file = format!("files/{}", Sha256::of(b"%PDF-1.7 the plan"));
        assert_eq!((hers.get(&file), his.get(&file)), (Some(&b"%PDF-1.7 the plan".to_vec()), hers.get(&file)));
        assert!(String::from_utf8_lossy(&hers["README.txt"]).starts_with("This is a deal"));
        assert!(String::from_utf8_lossy(&his["README.txt"]).starts_with("Voici une affaire"));
        for (of, told, first) in [("host", space(&hers), 1), ("party", space(&his), 2)] {
            let rooms = told["rooms"].as_array().unwrap();
            assert_eq!(rooms.len(), 3, "{of}: main, own notes, a topic");
            let seqs: Vec<_> = rooms[0]["events"].as_array().unwrap().iter().map(|it| it["seq"].as_i64().unwrap()).collect();
            let head = rooms[0]["room"]["head"].as_i64().unwrap();
            assert!(seqs[0] >= first, "{of}");
            assert_eq!(seqs, (seqs[0]..=head).collect::<Vec<_>>(), "{of}: in order, and whole");
        }
        let actions: Vec<_> = olga.get("/api/v1/audit").await.expect(200)["items"]
            .as_array().unwrap().iter().map(|it| it["action"].clone()).filter(|it| it.to_string().contains("export")).collect();
        assert_eq!(json!(actions), json!(["export.fetch", "export.make", "export.ask"]));
    }

    async fn a_party_takes_out_nothing_without_the_verb(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let made = stage.made(&stage.bruno).await;
        stage.bruno.get(&stage.file(&made)).await.expect(200);

        stage.mask(json!({ "verbs": ["read", "comment"] })).await;

        assert_eq!(stage.bruno.get(&stage.file(&made)).await.status, 403);
        assert_eq!(stage.bruno.post(&stage.exports(), json!({})).await.status, 403);
        assert_eq!(stage.olga.get(&stage.file(&made)).await.status, 404, "it is not the host's");
    }

    async fn what_was_taken_away_since_is_not_fetched(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (olga, bruno) = (&stage.olga, &stage.bruno);
        let said = say(olga, &stage.main, "Half price").await;

        // A narrower mask: the file is gone, and may be made anew.
        let made = stage.made(bruno).await;
        stage.mask(json!({ "fields": ["title"] })).await;
        let refused = bruno.get(&stage.file(&made)).await;
        assert_eq!((refused.status, refused.problem()), (409, "export-outdated"));
        assert_eq!(bruno.get(&stage.file(&made)).await.status, 404);
        assert_eq!(stage.state(bruno, &made).await, "removed");

        // A message that was taken back.
        let made = stage.made(bruno).await;
        stage.mask(json!({ "fields": ["title", "amount"] })).await;
        bruno.get(&stage.file(&made)).await.expect(200);
        act(olga, &stage.main, json!({ "act": "redact", "target": said })).await;
        assert_eq!(bruno.get(&stage.file(&made)).await.status, 409);

        // The part in the space.
        let made = stage.made(bruno).await;
        let moves = format!("{}/parties/{}/moves", stage.path, stage.party);
        olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
        assert_eq!(bruno.get(&stage.file(&made)).await.status, 404);
        assert_eq!(bruno.get(&stage.exports()).await.status, 404);
    }

    async fn a_file_on_its_way_breaks_off_when_the_right_is_taken_away(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let made = stage.made(&stage.bruno).await;
        let begun = async || {
            let token = format!("Bearer {}", stage.bruno.token);
            let request = Request::get(stage.file(&made)).header(header::AUTHORIZATION, token);
            let answer = stage.bruno.router().oneshot(request.body(Body::empty()).unwrap());
            answer.await.unwrap()
        };
        let whole = to_bytes(begun().await.into_body(), 64 << 20).await.unwrap();
        assert!(!whole.is_empty(), "else nothing is on its way");

        let answer = begun().await;
        assert_eq!(answer.status(), 200);
        stage.mask(json!({ "fields": ["title"] })).await;

        assert!(to_bytes(answer.into_body(), 64 << 20).await.is_err());
    }

    async fn a_file_goes_when_a_newer_one_is_there_and_when_its_time_is_over(hub: Hub) {
        let mut stage = Stage::new(&hub).await;
        let older = stage.made(&stage.olga).await;
        say(&stage.olga, &stage.main, "One more").await;
        let newer = stage.made(&stage.olga).await;
        assert_eq!(stage.state(&stage.olga, &older).await, "removed");
        let bytes = stage.olga.get(&stage.file(&newer)).await.bytes;
        let kept = Sha256::of(&bytes);
        hub.house.files.read(kept).await.unwrap();

        hub.wait(HOUR * 73);
        stage.olga = hub.again(&stage.olga, stage.nordwind.id).await;
        stage.until(&stage.olga, &newer, "removed").await;

        assert_eq!(stage.olga.get(&stage.file(&newer)).await.status, 404);
        for _ in 0..2 {
            hub.wait(HOUR * 3);
            rooms::sweep(&hub.house).await.unwrap();
        }
        assert!(hub.house.files.read(kept).await.is_err(), "and it is gone from the disk");
    }

    async fn who_lost_the_role_gets_no_file_and_another_company_knows_of_none(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let seller = hub.person(&stage.atelier, gate::Role::Seller, "Sue Seller").await;
        let made = stage.made(&seller).await;
        let member = format!("/api/v1/people/{}", seller.membership);
        let people = stage.bruno.get("/api/v1/people").await.expect(200);
        let rows = people["items"].as_array().unwrap();
        let row = rows.iter().find(|it| it["membership"] == json!(seller.membership)).unwrap();
        stage.bruno.patch(&member, &row["revision"], json!({ "role": "viewer" })).await.expect(200);

        let seller = hub.again(&seller, stage.atelier.id).await;
        assert_eq!(seller.get(&stage.file(&made)).await.status, 403);
        stage.bruno.get(&stage.file(&made)).await.expect(200);
        let (_, carl) = hub.company("Kestrel").await;
        let asked = carl.ask(Method::POST, &stage.exports(), None, &[]).await;
        assert_eq!((asked.status, carl.get(&stage.file(&made)).await.status), (404, 404));
    }
}
