//! Direct messages: two people, and nobody else, for as long as they have something in common.

use std::fmt::Write as _;

use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person, Socket, on_both_databases};

use crate::sharing::shared_deal;

/// Two companies in one deal, with two people each.
struct Stage {
    olga: Person,
    bruno: Person,
    /// Another owner of Olga's company, who reads everything that the company reads.
    otto: Person,
    /// A colleague of Bruno's who has never said anything.
    dana: Person,
    nordwind: Company,
    atelier: Company,
    main: String,
    moves: String,
}

impl Stage {
    async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let otto = hub.person(&nordwind, Role::Owner, "Otto").await;
        let dana = hub.person(&atelier, Role::Seller, "Dana").await;
        let (_, main, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        let stage = Self { olga, bruno, otto, dana, nordwind, atelier, main, moves };
        say(&stage.bruno, &stage.main, "b0", "Here is Bruno").await.expect(201);
        say(&stage.olga, &stage.main, "o0", "Here is Olga").await.expect(201);
        stage
    }

    /// Olga's room with Bruno, who has been told a secret in it.
    async fn talk(&self) -> String {
        let room = open(&self.olga, &self.bruno, &self.atelier).await.expect(201);
        let room = room["room"].as_str().unwrap().to_owned();
        say(&self.olga, &room, "d1", "Kingfisher is the word").await.expect(201);
        room
    }

    async fn partnership(&self, step: &str) {
        let list = self.olga.get("/api/v1/partnerships").await.expect(200);
        let partnership = &list["items"][0];
        let path =
            format!("/api/v1/partnerships/{}/moves", partnership["id"].as_str().unwrap());
        let form = json!({ "move": step, "revision": partnership["revision"] });
        self.olga.post(&path, form).await.expect(200);
    }
}

async fn open(who: &Person, with: &Person, of: &Company) -> suite::Answer {
    let form = json!({ "person": with.id, "organisation": of.id });
    who.post("/api/v1/directs", form).await
}

async fn say(who: &Person, room: &str, cid: &str, body: &str) -> suite::Answer {
    let form = json!({ "cid": cid, "body": body });
    who.post(&format!("/api/v1/rooms/{room}/events"), form).await
}

async fn listed(who: &Person) -> Vec<Value> {
    let list = who.get("/api/v1/directs").await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// Everything by which somebody may come across what was said in a room: what they are answered,
/// without what they asked.
async fn reads(who: &Person, room: &str) -> String {
    let mut told = String::new();
    for part in ["", "/events", "/own", "/readers", "/pins", "/people"] {
        let answer = who.get(&format!("/api/v1/rooms/{room}{part}")).await;
        writeln!(told, "{} {}", answer.status, answer.body).unwrap();
    }
    for path in [
        "/api/v1/directs".to_owned(),
        "/api/v1/notifications".to_owned(),
        "/api/v1/search/messages?q=kingfisher".to_owned(),
        format!("/api/v1/search/messages?q=kingfisher&room={room}"),
    ] {
        told.push_str(&who.get(&path).await.body.to_string());
    }
    told
}

/// What an outsider of a room hears at every one of its doors.
async fn is_shut(who: &Person, room: &str) {
    for part in ["", "/events", "/own", "/readers", "/pins", "/people"] {
        let answer = who.get(&format!("/api/v1/rooms/{room}{part}")).await;
        assert_eq!(answer.status, 404, "{part}: {}", answer.body);
    }
    assert_eq!(say(who, room, "x1", "Let me in").await.status, 404);
    let act = json!({ "cid": "x2", "act": "react", "target": 1, "emoji": "👍" });
    let acted = who.post(&format!("/api/v1/rooms/{room}/acts"), act).await;
    assert_eq!(acted.status, 404);
    let read = json!({ "seq": 1 });
    let read = who.post(&format!("/api/v1/rooms/{room}/read"), read).await;
    assert_eq!(read.status, 404);
    let told = reads(who, room).await;
    assert!(!told.contains("Kingfisher") && !told.contains(room), "{told}");
}

/// Whether a socket is told that there is no such room.
async fn refused(socket: &mut Socket, room: &str) -> bool {
    let id = socket.tell(json!({ "t": "sub", "room": room })).await;
    let answer = socket.until(|frame| frame["id"] == id).await;
    answer["t"] == "nak" && answer["code"] == "not_found"
}

on_both_databases! {
    async fn two_people_talk_and_not_even_an_owner_of_theirs_listens(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        let again = open(&stage.bruno, &stage.olga, &stage.nordwind).await.expect(200);
        assert_eq!(again["room"], room, "they have one room, whoever opens it");

        let told = reads(&stage.bruno, &room).await;
        assert!(told.matches("Kingfisher").count() >= 3, "he reads and finds it: {told}");
        let mine = listed(&stage.bruno).await;
        assert_eq!((&mine[0]["unread"], &mine[0]["with"]["name"], &mine[0]["open"]), (&json!(1), &json!("Olga Owner"), &json!(true)).clone(), "{mine:?}");
        let view = stage.bruno.get(&format!("/api/v1/rooms/{room}")).await.expect(200);
        assert_eq!((&view["kind"], &view["with"]["user"], &view["can_write"]), (&json!("direct"), &json!(stage.olga.id), &json!(true)));
        for who in [&stage.otto, &stage.dana] {
            is_shut(who, &room).await;
            let mut socket = hub.socket(who).await;
            assert!(refused(&mut socket, &room).await);
        }
        let (_, carl) = hub.company("Kestrel").await;
        is_shut(&carl, &room).await;
    }

    async fn a_file_is_for_the_two_alone_and_one_notice_comes(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        let path = format!("/api/v1/rooms/{room}/files?cid=f1&name=plan.pdf");
        stage.olga.send(&path, "application/octet-stream", "%PDF-1.7").await.expect(201);
        let events = stage.bruno.get(&format!("/api/v1/rooms/{room}/events")).await.expect(200);
        let file = events["items"][1]["detail"]["files"][0]["id"].as_str().unwrap().to_owned();
        let file = format!("/api/v1/rooms/{room}/files/{file}");

        assert_eq!(stage.bruno.get(&file).await.status, 200);
        for who in [&stage.otto, &stage.dana] {
            assert_eq!(who.get(&file).await.status, 404);
            assert_eq!(who.send(&path, "application/octet-stream", "%PDF").await.status, 404);
        }
        let notices = stage.bruno.get("/api/v1/notifications?unread=true").await.expect(200);
        let direct: Vec<_> = notices["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "direct").collect();
        assert_eq!(direct.len(), 1, "{notices}");
        assert_eq!(direct[0]["subject"], json!({ "kind": "direct", "id": room }));
        assert!(!direct[0].to_string().contains("Kingfisher"), "a notice holds no words");
        stage.bruno.post(&format!("/api/v1/rooms/{room}/read"), json!({ "seq": 2 })).await.expect(204);
        assert_eq!(listed(&stage.bruno).await[0]["unread"], 0);
    }

    async fn only_whom_one_knows_can_be_written_to(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (kestrel, carl) = hub.company("Kestrel").await;
        let viewer = hub.person(&stage.nordwind, Role::Viewer, "Vera").await;
        let nobody = kernel::Id::<kernel::Person>::mint();

        let unknown = json!({ "person": nobody, "organisation": stage.atelier.id });
        let unknown = stage.olga.post("/api/v1/directs", unknown).await;
        let silent = open(&stage.olga, &stage.dana, &stage.atelier).await;
        let foreign = open(&stage.olga, &carl, &kestrel).await;
        assert_eq!((unknown.status, silent.status, foreign.status), (404, 404, 404));
        assert_eq!(unknown.body["detail"], silent.body["detail"], "a silent colleague of theirs is nobody");
        assert_eq!(open(&stage.olga, &stage.olga, &stage.nordwind).await.status, 422);
        assert_eq!(open(&viewer, &stage.olga, &stage.nordwind).await.status, 403);
        assert_eq!(open(&stage.olga, &stage.bruno, &stage.nordwind).await.status, 404, "he is no one of Nordwind's");
        open(&stage.olga, &stage.otto, &stage.nordwind).await.expect(201);
        say(&stage.dana, &stage.main, "d0", "I am Dana").await.expect(201);
        open(&stage.olga, &stage.dana, &stage.atelier).await.expect(201);
        let people = stage.olga.get("/api/v1/directs/people?q=").await.expect(200);
        let names: Vec<_> = people["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"Otto") && names.contains(&"Dana") , "{names:?}");
        assert!(!people.to_string().contains(&kestrel.id.to_string()), "nobody of another company");
        assert!(listed(&stage.otto).await.is_empty(), "nothing was said yet");
    }

    async fn colleagues_talk_live_and_a_third_one_hears_nothing(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sam = hub.person(&stage.nordwind, Role::Seller, "Sam").await;
        let room = open(&stage.olga, &stage.otto, &stage.nordwind).await.expect(201);
        let room = room["room"].as_str().unwrap().to_owned();
        let (mut one, mut other) = (hub.socket(&stage.olga).await, hub.socket(&stage.otto).await);
        let mut third = hub.socket(&sam).await;
        one.subscribe(&room).await;
        other.subscribe(&room).await;
        assert!(refused(&mut third, &room).await);

        one.say(&room, "s1", "Kingfisher at noon").await;
        let heard = other.until(|frame| frame["t"] == "ev" && frame["room"] == room).await;
        other.say(&room, "s2", "I will be there").await;
        let answer = one.until(|frame| frame["body"] == "I will be there").await;
        assert_eq!((&heard["body"], &heard["seq"], &answer["seq"]), (&json!("Kingfisher at noon"), &json!(1), &json!(2)));
        let nak = third.tell(json!({ "t": "send", "room": room, "cid": "t1", "body": "Me too" })).await;
        let nak = third.until(|frame| frame["id"] == nak).await;
        assert_eq!((&nak["t"], &nak["code"]), (&json!("nak"), &json!("not_found")));
        let heard = third.during(std::time::Duration::from_millis(300)).await;
        assert!(!json!(heard).to_string().contains(&room), "{heard:?}");
        is_shut(&sam, &room).await;
    }

    async fn what_ends_the_last_common_space_ends_the_talk(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        let mut socket = hub.socket(&stage.bruno).await;
        socket.subscribe(&room).await;

        stage.partnership("end_now").await;
        let gone = socket.until(|frame| frame["t"] == "revoked" && frame["room"] == room).await;
        let refused_to_write = say(&stage.olga, &room, "d2", "Are you there?").await;
        let after = socket.during(std::time::Duration::from_millis(300)).await;

        assert_eq!(gone["reason"], "ended");
        assert!(!after.iter().any(|frame| frame["room"] == room && frame["t"] != "revoked"), "{after:?}");
        is_shut(&stage.bruno, &room).await;
        assert_eq!(refused_to_write.status, 403, "who opened it keeps it, and reads");
        let kept = stage.olga.get(&format!("/api/v1/rooms/{room}/events")).await.expect(200);
        let kinds: Vec<_> = kept["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["msg", "party"]);
        assert_eq!(listed(&stage.olga).await[0]["open"], false);
        assert_eq!(open(&stage.olga, &stage.bruno, &stage.atelier).await.status, 404);
    }

    async fn who_comes_back_begins_anew(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        stage.partnership("end_now").await;
        let (_, main, _) = shared_deal(&hub, &stage.olga, &stage.bruno, &stage.atelier.id.to_string()).await;
        say(&stage.bruno, &main, "b9", "Back again").await.expect(201);

        is_shut(&stage.bruno, &room).await;
        let anew = open(&stage.olga, &stage.bruno, &stage.atelier).await.expect(201);
        assert_ne!(anew["room"], room);
        say(&stage.olga, anew["room"].as_str().unwrap(), "d9", "Good").await.expect(201);
        is_shut(&stage.bruno, &room).await;
    }

    async fn it_is_dark_while_the_partnership_is_suspended(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        let mut socket = hub.socket(&stage.bruno).await;
        socket.subscribe(&room).await;

        stage.partnership("suspend").await;
        let gone = socket.until(|frame| frame["t"] == "revoked" && frame["room"] == room).await;
        assert_eq!(gone["reason"], "suspended");
        is_shut(&stage.bruno, &room).await;
        assert_eq!(say(&stage.olga, &room, "d2", "Hello?").await.status, 403);

        stage.partnership("resume").await;
        assert!(reads(&stage.bruno, &room).await.contains("Kingfisher"));
        say(&stage.bruno, &room, "d3", "Here I am").await.expect(201);
    }

    async fn another_space_in_common_keeps_it_open(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.talk().await;
        let form = json!({ "title": "Second", "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
        let deal = stage.olga.post("/api/v1/deals", form).await.expect(201);
        let path = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        let form = json!({ "organisation": stage.atelier.id, "fields": ["title"], "verbs": ["read"], "history": "all" });
        let party = stage.olga.post(&format!("{path}/parties"), form).await.expect(201);
        let second = format!("{path}/parties/{}/moves", party["id"].as_str().unwrap());
        stage.bruno.post(&second, json!({ "move": "accept" })).await.expect(200);

        stage.bruno.post(&stage.moves, json!({ "move": "leave" })).await.expect(200);
        say(&stage.bruno, &room, "d2", "Still here").await.expect(201);
        stage.olga.post(&second, json!({ "move": "remove" })).await.expect(200);
        is_shut(&stage.bruno, &room).await;
    }

    async fn two_guests_of_one_host_talk_until_one_of_them_goes(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (kestrel, carl) = hub.company("Kestrel").await;
        hub.partners(&stage.olga, &carl).await;
        let deal = stage.moves.split("/parties").next().unwrap();
        let form = json!({ "organisation": kestrel.id, "fields": ["title"], "verbs": ["read", "comment"], "history": "all" });
        let party = stage.olga.post(&format!("{deal}/parties"), form).await.expect(201);
        let moves = format!("{deal}/parties/{}/moves", party["id"].as_str().unwrap());
        assert_eq!(open(&carl, &stage.bruno, &stage.atelier).await.status, 404, "not before");
        carl.post(&moves, json!({ "move": "accept" })).await.expect(200);
        let room = open(&carl, &stage.bruno, &stage.atelier).await.expect(201);
        let room = room["room"].as_str().unwrap().to_owned();
        say(&carl, &room, "k1", "Kingfisher among guests").await.expect(201);
        is_shut(&stage.olga, &room).await;

        stage.olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
        is_shut(&stage.bruno, &room).await;
        assert_eq!(say(&carl, &room, "k2", "Hello?").await.status, 403);
    }

    async fn who_leaves_the_company_leaves_the_talk(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = open(&stage.olga, &stage.otto, &stage.nordwind).await.expect(201);
        let room = room["room"].as_str().unwrap().to_owned();
        say(&stage.otto, &room, "s1", "Kingfisher stays").await.expect(201);
        let people = stage.olga.get("/api/v1/people").await.expect(200);
        let otto = people["items"].as_array().unwrap().iter().find(|it| it.to_string().contains(&stage.otto.membership.to_string())).unwrap().clone();
        let path = format!("/api/v1/people/{}", stage.otto.membership);
        stage.olga.patch(&path, &otto["revision"], json!({ "state": "suspended" })).await.expect(200);

        assert_eq!(stage.otto.get(&format!("/api/v1/rooms/{room}/events")).await.status, 401);
        assert_eq!(say(&stage.olga, &room, "s2", "Are you there?").await.status, 403);
        assert!(reads(&stage.olga, &room).await.contains("Kingfisher"));
    }
}
