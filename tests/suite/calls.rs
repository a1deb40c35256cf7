//! Calls: who is in them, what two browsers tell each other through the hub, and how they end.

use std::time::Duration;

use gate::Role;
use serde_json::{Value, json};
use suite::{Backing, Company, Hub, Person, Socket, on_both_databases};

use crate::{command_line::binary, crash::Process, sharing::shared_deal};

const A_WHILE: Duration = Duration::from_millis(600);

/// Two companies in the room of one deal.
struct Stage {
    nordwind: Company,
    atelier: Company,
    olga: Person,
    bruno: Person,
    room: String,
    deal: String,
    moves: String,
}

impl Stage {
    async fn new(hub: &Hub) -> Self {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        Self { nordwind, atelier, olga, bruno, room, deal, moves }
    }

    /// The room in which olga and bruno talk alone.
    async fn direct(&self) -> String {
        for (who, cid) in [(&self.olga, "o0"), (&self.bruno, "b0")] {
            let form = json!({ "cid": cid, "body": "Here I am" });
            let path = format!("/api/v1/rooms/{}/events", self.room);
            who.post(&path, form).await.expect(201);
        }
        let form = json!({ "person": self.bruno.id, "organisation": self.atelier.id });
        let room = self.olga.post("/api/v1/directs", form).await.expect(201);
        room["room"].as_str().unwrap().to_owned()
    }
}

/// Asks for a seat; what the hub answers.
async fn ask(socket: &mut Socket, room: &str, seat: Option<&str>) -> Value {
    let mut frame = json!({ "t": "call_join", "room": room });
    if let Some(seat) = seat {
        frame["seat"] = json!(seat);
    }
    let id = socket.tell(frame).await;
    socket.until(|frame| frame["id"] == id).await
}

/// Takes a seat.
async fn join(socket: &mut Socket, room: &str) -> String {
    let answer = ask(socket, room, None).await;
    assert_eq!(answer["t"], "call_joined", "{answer}");
    answer["seat"].as_str().unwrap().to_owned()
}

/// A frame that fits, of those that came already or of those that come.
async fn met(socket: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    let before = socket.seen.iter().rfind(|it| fits(it)).cloned();
    match before {
        Some(frame) => frame,
        None => socket.until(fits).await,
    }
}

/// Waits until so many are told to be in the room's call.
async fn seats(socket: &mut Socket, room: &str, count: usize) -> Value {
    let fits = |frame: &Value| {
        frame["t"] == "call"
            && frame["room"] == room
            && frame["seats"].as_array().unwrap().len() == count
    };
    socket.until(fits).await
}

fn offer(room: &str, from: &str, to: &str, body: &str) -> Value {
    json!({ "t": "call_signal", "room": room, "seat": from, "to": to, "kind": "offer", "body": body })
}

/// The code with which a frame is refused.
async fn refused(socket: &mut Socket, frame: Value) -> String {
    let id = socket.tell(frame).await;
    let answer = socket.until(|frame| frame["id"] == id).await;
    assert_eq!(answer["t"], "nak", "{answer}");
    answer["code"].as_str().unwrap().to_owned()
}

/// What the room's log tells of calls.
async fn notes(who: &Person, room: &str) -> Vec<Value> {
    let log = who.get(&format!("/api/v1/rooms/{room}/events")).await.expect(200);
    let calls = log["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "call");
    calls.map(|it| it["detail"].clone()).collect()
}

/// Waits until the room's log tells of a call.
async fn note(who: &Person, room: &str, within: Duration) -> Value {
    let waiting = async {
        loop {
            if let Some(note) = notes(who, room).await.pop() {
                return note;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(within, waiting).await.expect("the log tells of the call")
}

/// Who took part.
fn people(note: &Value) -> Vec<Value> {
    note["people"].as_array().unwrap().iter().map(|it| it["user"].clone()).collect()
}

on_both_databases! {
    async fn a_call_is_seen_by_the_room_while_it_goes_on_and_told_once_it_is_over(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let otto = hub.person(&stage.nordwind, Role::Seller, "Otto").await;
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let mut watching = hub.socket(&otto).await;
        for socket in [&mut one, &mut two, &mut watching] {
            socket.subscribe(room).await;
        }

        let olga = join(&mut one, room).await;
        let alone = seats(&mut watching, room, 1).await;
        let bruno = join(&mut two, room).await;
        let both = seats(&mut watching, room, 2).await;
        two.tell(json!({ "t": "call_tell", "room": room, "seat": bruno, "muted": true, "sharing": false })).await;
        let muted = watching.until(|it| it["t"] == "call" && it["seats"][1]["muted"] == true).await;
        let mut late = hub.socket(&otto).await;
        late.subscribe(room).await;
        let told = met(&mut late, |it| it["t"] == "call").await;
        one.tell(json!({ "t": "call_leave", "room": room, "seat": olga })).await;
        seats(&mut watching, room, 1).await;
        two.tell(json!({ "t": "call_leave", "room": room, "seat": bruno })).await;
        let over = watching.until(|it| it["t"] == "call" && it["call"].is_null()).await;
        let note = note(&stage.bruno, room, A_WHILE).await;

        assert_eq!((&alone["by"], &alone["most"]), (&json!(stage.olga.id), &json!(4)));
        assert_eq!(alone["call"], both["call"]);
        // The seats are read after the revision, so a frame may tell of more than its revision has.
        assert!(both["revision"].as_i64() <= muted["revision"].as_i64());
        assert_eq!(told["seats"], muted["seats"]);
        assert_eq!(over["seats"], json!([]));
        assert_eq!(people(&note), [json!(stage.olga.id), json!(stage.bruno.id)]);
        assert_eq!((&note["call"], &note["missed"]), (&both["call"], &json!(false)));
        assert!(note["from"].as_i64() <= note["to"].as_i64());
        assert_eq!(notes(&stage.olga, room).await.len(), 1);
    }

    async fn the_fifth_finds_it_full_until_somebody_leaves(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let mut people = vec![stage.olga.clone(), stage.bruno.clone()];
        for name in ["Pia", "Per", "Pol"] {
            people.push(hub.person(&stage.atelier, Role::Seller, name).await);
        }
        let mut sockets = Vec::new();
        for person in &people {
            sockets.push(hub.socket(person).await);
        }
        let mut fifth = sockets.pop().unwrap();
        let mut taken = Vec::new();
        for socket in &mut sockets {
            taken.push(join(socket, room).await);
        }

        let full = ask(&mut fifth, room, None).await;
        let again = join(&mut hub.socket(&stage.olga).await, room).await;
        let gone = sockets[0].until(|it| it["t"] == "call_over").await;
        sockets[1].tell(json!({ "t": "call_leave", "room": room, "seat": taken[1] })).await;
        let left = |it: &Value| !it.to_string().contains(taken[1].as_str());
        sockets[2].until(|it| it["t"] == "call" && it["seats"].as_array().unwrap().len() == 3 && left(it)).await;
        let now = ask(&mut fifth, room, None).await;

        assert_eq!((&full["t"], &full["code"]), (&json!("nak"), &json!("full")));
        assert_ne!(again, taken[0]);
        assert_eq!((&gone["reason"], &gone["seat"]), (&json!("elsewhere"), &json!(taken[0])));
        assert_eq!(now["t"], "call_joined", "{now}");
    }

    async fn what_two_say_to_each_other_is_handed_on_within_their_call_alone(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let otto = hub.person(&stage.nordwind, Role::Seller, "Otto").await;
        let (_, carl) = hub.company("Kestrel").await;
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let (mut watching, mut stranger) = (hub.socket(&otto).await, hub.socket(&carl).await);
        watching.subscribe(room).await;
        let (olga, bruno) = (join(&mut one, room).await, join(&mut two, room).await);
        let notes = stage.olga.get(&stage.deal).await.expect(200)["rooms"].as_array().unwrap()
            .iter().find(|it| it["kind"] == "internal").unwrap()["id"].as_str().unwrap().to_owned();
        let other = join(&mut watching, &notes).await;

        one.tell(offer(room, &olga, &bruno, "v=0 kingfisher")).await;
        let heard = two.until(|it| it["t"] == "call_signal").await;
        let across = refused(&mut one, offer(room, &olga, &other, "x")).await;
        let by_another = refused(&mut watching, offer(room, &olga, &bruno, "x")).await;
        let to_oneself = refused(&mut one, offer(room, &olga, &olga, "x")).await;
        let by_stranger = refused(&mut stranger, offer(room, &olga, &bruno, "x")).await;
        let unseen = ask(&mut stranger, room, None).await;
        let inside = ask(&mut two, &notes, None).await;
        let long = refused(&mut one, offer(room, &olga, &bruno, &"x".repeat(40_000))).await;
        for socket in [&mut two, &mut watching, &mut stranger] {
            socket.during(A_WHILE).await;
        }

        assert_eq!((&heard["from"], &heard["body"]), (&json!(olga), &json!("v=0 kingfisher")));
        assert_eq!([across, by_another, to_oneself, by_stranger], ["not_found"; 4]);
        assert_eq!((&unseen["code"], &inside["code"]), (&json!("not_found"), &json!("not_found")));
        assert_eq!(long, "too_long");
        assert_eq!(two.seen.iter().filter(|it| it["t"] == "call_signal").count(), 1);
        for others in [&watching, &stranger] {
            assert!(!format!("{:?}", others.seen).contains("kingfisher"));
        }
    }

    async fn who_loses_the_room_is_out_of_its_call_at_once(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let (olga, bruno) = (join(&mut one, room).await, join(&mut two, room).await);
        seats(&mut one, room, 2).await;

        stage.olga.post(&stage.moves, json!({ "move": "remove" })).await.expect(200);
        let refused_there = refused(&mut two, offer(room, &bruno, &olga, "x")).await;
        let refused_here = refused(&mut one, offer(room, &olga, &bruno, "x")).await;
        let over = met(&mut two, |it| it["t"] == "call_over").await;
        let is_alone = |it: &Value| it["t"] == "call" && it["revision"].as_i64() > Some(2);
        let alone = met(&mut one, is_alone).await;
        two.during(A_WHILE).await;
        let before = two.seen.len();
        one.tell(json!({ "t": "call_tell", "room": room, "seat": olga, "muted": true, "sharing": false })).await;
        one.until(|it| it["t"] == "call" && it["seats"][0]["muted"] == true).await;
        two.during(A_WHILE).await;
        one.tell(json!({ "t": "call_leave", "room": room, "seat": olga })).await;

        assert_eq!((refused_there.as_str(), refused_here.as_str()), ("not_found", "not_found"));
        assert_eq!((&over["seat"], &over["reason"]), (&json!(bruno), &json!("revoked")));
        assert_eq!(alone["seats"][0]["seat"], json!(olga));
        assert_eq!(two.seen.len(), before, "{:?}", two.seen);
        let told = note(&stage.olga, room, Duration::from_secs(5)).await;
        assert_eq!(people(&told).len(), 2);
    }

    async fn a_session_that_ends_takes_its_seat_with_it(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        join(&mut one, room).await;
        join(&mut two, room).await;
        seats(&mut one, room, 2).await;

        assert_eq!(stage.bruno.post("/api/v1/sign-out", json!({})).await.status, 204);

        seats(&mut one, room, 1).await;
    }

    async fn a_tab_that_died_keeps_its_seat_for_its_lease_and_one_that_comes_back_keeps_it(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let (olga, bruno) = (join(&mut one, room).await, join(&mut two, room).await);
        seats(&mut one, room, 2).await;

        drop(two);
        let mut back = hub.socket(&stage.bruno).await;
        let again = ask(&mut back, room, Some(&bruno)).await;
        one.tell(offer(room, &olga, &bruno, "after the break")).await;
        let heard = back.until(|it| it["t"] == "call_signal").await;
        drop(back);
        // A line that breaks is waited for two seconds: its peer may still hear why it was closed.
        let held = one.during(Duration::from_secs(3)).await;
        // The hub's clock stands still unless it is moved on.
        hub.wait(Duration::from_secs(11));
        let alone = seats(&mut one, room, 1).await;

        assert_eq!(again["seat"], json!(bruno), "{again}");
        assert_eq!(heard["body"], "after the break");
        assert!(!held.iter().any(|it| it["seats"].as_array().is_some_and(|it| it.len() == 1)));
        assert_eq!(alone["seats"][0]["seat"], json!(olga));
    }

    async fn one_screen_is_shared_at_a_time(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let (olga, bruno) = (join(&mut one, room).await, join(&mut two, room).await);
        let share = |seat: &str, sharing: bool| {
            json!({ "t": "call_tell", "room": room, "seat": seat, "muted": false, "sharing": sharing })
        };

        one.tell(share(&olga, true)).await;
        two.until(|it| it["t"] == "call" && it["seats"][0]["sharing"] == true).await;
        let taken = refused(&mut two, share(&bruno, true)).await;
        let others = refused(&mut two, share(&olga, false)).await;
        one.tell(json!({ "t": "call_leave", "room": room, "seat": olga })).await;
        seats(&mut two, room, 1).await;
        two.tell(share(&bruno, true)).await;

        two.until(|it| it["t"] == "call" && it["seats"][0]["sharing"] == true).await;
        assert_eq!((taken.as_str(), others.as_str()), ("taken", "not_found"));
    }

    async fn a_flood_is_refused_for_a_while(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let (mut one, mut two) = (hub.socket(&stage.olga).await, hub.socket(&stage.bruno).await);
        let (olga, bruno) = (join(&mut one, room).await, join(&mut two, room).await);

        for _ in 0..320 {
            one.tell(offer(room, &olga, &bruno, "flood")).await;
        }
        let nak = one.until(|it| it["t"] == "nak").await;

        assert_eq!(nak["code"], "rate");
        assert!(nak["retry"].as_i64().is_some_and(|ms| (1..=10_000).contains(&ms)), "{nak}");
        two.during(A_WHILE).await;
        let heard = two.seen.iter().filter(|it| it["t"] == "call_signal").count();
        assert_eq!(heard, 300);
    }

    async fn a_private_talk_rings_for_the_other_one_alone_and_tells_when_nobody_came(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.direct().await;
        let otto = hub.person(&stage.nordwind, Role::Owner, "Otto").await;
        let mut one = hub.socket(&stage.olga).await;
        let mut two = hub.socket(&stage.bruno).await;
        let mut third = hub.socket(&otto).await;
        for socket in [&mut two, &mut third] {
            let id = socket.tell(json!({ "t": "sub", "room": "me" })).await;
            socket.until(|frame| frame["id"] == id).await;
        }
        let rings = async |who: &Person| who.get("/api/v1/calls").await.expect(200)["items"].clone();

        let seat = join(&mut one, &room).await;
        two.until(|it| it["t"] == "changed" && it["kind"] == "call").await;
        let ringing = rings(&stage.bruno).await;
        let elsewhere = [rings(&stage.olga).await, rings(&otto).await];
        let refused = ask(&mut third, &room, None).await;
        one.tell(json!({ "t": "call_leave", "room": room, "seat": seat })).await;
        two.until(|it| it["t"] == "changed" && it["kind"] == "notification").await;
        let told = note(&stage.bruno, &room, A_WHILE).await;
        let notices = stage.bruno.get("/api/v1/notifications?unread=true").await.expect(200);

        assert_eq!((&ringing[0]["room"], &ringing[0]["user"]), (&json!(room), &json!(stage.olga.id)));
        assert_eq!(elsewhere, [json!([]), json!([])]);
        assert_eq!(refused["code"], "not_found");
        assert_eq!(told["missed"], true);
        assert_eq!(rings(&stage.bruno).await, json!([]));
        let missed = notices["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "missed_call");
        assert_eq!(missed.count(), 1, "{notices}");
        let told = third.seen.iter().filter(|it| it["t"] != "nak");
        assert!(!format!("{:?}", told.collect::<Vec<_>>()).contains(&room));
    }

    async fn who_may_only_read_sees_the_call_and_gets_no_seat(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let room = stage.room.as_str();
        let viewer = hub.person(&stage.atelier, Role::Viewer, "Vic").await;
        let (mut one, mut looking) = (hub.socket(&stage.olga).await, hub.socket(&viewer).await);
        looking.subscribe(room).await;
        join(&mut one, room).await;

        seats(&mut looking, room, 1).await;
        let refused = ask(&mut looking, room, None).await;

        assert_eq!(refused["code"], "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_on_two_nodes_find_each_other_and_the_bus_tells_nothing_of_it() {
    let Ok(nats) = std::env::var("ENTENTE_TEST_NATS") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_NATS");
        return;
    };
    let Some(backing) = Backing::postgres().await else { return };
    let (url, data) = (backing.url(), backing.folder().join("data"));
    let first = Hub::with(backing, |config| config.nats_url = Some(nats.clone())).await;
    let second = Hub::with(Backing::sqlite(), |config| {
        config.nats_url = Some(nats.clone());
        config.database_url = Some(url.clone());
        config.data_dir = data;
    })
    .await;
    let stage = Stage::new(&first).await;
    let room = stage.room.as_str();
    let mut bus = second.house.db.bus().listen();
    let (mut here, mut there) =
        (first.socket(&stage.olga).await, second.socket(&stage.bruno).await);
    let olga = join(&mut here, room).await;
    let bruno = join(&mut there, room).await;
    seats(&mut here, room, 2).await;
    seats(&mut there, room, 2).await;

    here.tell(offer(room, &olga, &bruno, "v=0 kingfisher")).await;
    let heard = there.until(|it| it["t"] == "call_signal").await;
    there.tell(offer(room, &bruno, &olga, "v=0 heron")).await;
    let answered = here.until(|it| it["t"] == "call_signal").await;
    stage.olga.post(&stage.moves, json!({ "move": "remove" })).await.expect(200);
    let refused_there = refused(&mut there, offer(room, &bruno, &olga, "x")).await;
    met(&mut there, |it| it["t"] == "call_over").await;
    seats(&mut here, room, 1).await;

    assert_eq!(
        (&heard["from"], &heard["body"]),
        (&json!(olga), &json!("v=0 kingfisher"))
    );
    assert_eq!(answered["body"], "v=0 heron");
    assert_eq!(refused_there, "not_found");
    let mut signals = 0;
    while let Ok(hint) = bus.try_recv() {
        let hint = serde_json::to_string(&hint).unwrap();
        assert!(!hint.contains("kingfisher") && !hint.contains("heron"), "{hint}");
        signals += usize::from(hint.contains("sealed"));
    }
    assert_eq!(signals, 2, "else nothing crossed the bus");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_was_killed_tells_of_its_calls_once_when_it_is_back() {
    let hub = Hub::on(Backing::sqlite().today()).await;
    let stage = Stage::new(&hub).await;
    let backing = hub.stop().await;
    for place in ["call.ending", "call.ended"] {
        let up = Process::start(&binary(), &backing);
        let mut one = Socket::open(&up.web, &stage.olga.token).await;
        join(&mut one, &stage.room).await;
        up.kill();
        // The lease of a seat is 20 s: this one dies when it ends the call.
        let dying = Process::dying(&binary(), &backing, place, "");
        dying.died_within(place, Duration::from_mins(1)).await;
    }
    let hub = Hub::on(backing).await;
    let told = tokio::time::timeout(Duration::from_secs(90), async {
        let mut olga = hub.again(&stage.olga, stage.nordwind.id).await;
        olga.replace_router(hub.stranger().router());
        loop {
            let told = notes(&olga, &stage.room).await;
            if told.len() == 2 {
                // One that is told twice is told soon.
                tokio::time::sleep(Duration::from_secs(2)).await;
                return notes(&olga, &stage.room).await;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });

    let told = told.await.expect("both calls are told");
    assert_eq!(told.len(), 2, "{told:?}");
    assert_ne!(told[0]["call"], told[1]["call"]);
}
