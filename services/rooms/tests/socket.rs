//! The socket from end to end, in one process: two companies, one deal, real frames.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
    middleware::from_fn_with_state,
};
use directory::{Domain, Email, Locale, organisations, people};
use futures_util::{SinkExt, StreamExt};
use gate::{Caller, House, Means, Role, Scopes, Settings};
use kernel::{Clock, Id, Organisation, Party, Person, Room, Session, Space};
use rooms::{Live, ReadRooms};
use serde_json::{Value, json};
use sharing::{Author, History, Mask, NewEvent, Verbs, log, spaces};
use store::{Bus, Db, Files};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use tower::ServiceExt;

const PATIENCE: Duration = Duration::from_secs(10);
/// Of `correct horse`.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$ZW50ZW50ZS10ZXN0cw$bmCxqtf8wMk2/Kn60hNPxGjbo6jQk2Fa07ADoSilGzM";

struct Hub {
    house: House,
    live: Live,
    router: Router,
    address: SocketAddr,
    folder: std::path::PathBuf,
}

#[derive(Clone)]
struct Somebody {
    organisation: Id<Organisation>,
    person: Id<Person>,
    session: Id<Session>,
    token: String,
}

/// A deal of A with B in it.
struct Deal {
    space: Id<Space>,
    main: Id<Room>,
    party: Id<Party>,
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Drop for Hub {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

async fn hub() -> Hub {
    let folder = std::env::temp_dir().join(Id::<Room>::mint().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite:{}", folder.join("hub.db").display());
    let db = Db::open(&url, Bus::local()).await.unwrap();
    db.migrate().await.unwrap();
    let settings = Settings {
        public_url: "http://hub.example".to_owned(),
        mail_domain: "hub.example".to_owned(),
        smtp_relay: None,
        session_days: 30,
        mail_limit_bytes: 1 << 20,
        secret: [7; 32],
    };
    let files = Files::at(folder.join("files"));
    let (clock, settings) = (Clock::system(), Arc::new(settings));
    let house = House { db, files, clock, settings, actions: rooms::ACTIONS };
    let live = Live::new();
    house.db.bus().set_barrier(live.barrier());
    for (_, job) in rooms::jobs(&house, &live) {
        tokio::spawn(job);
    }
    let routes = rooms::routes(&live)
        .merge(directory::routes())
        .merge(sharing::routes())
        .layer(from_fn_with_state(house.clone(), gate::fence))
        .layer(from_fn_with_state(house.clone(), gate::authenticate))
        .with_state(house.clone());
    let (router, _) = routes.split_for_parts();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = router.clone();
    tokio::spawn(async move { axum::serve(listener, served).await });
    Hub { house, live, router, address, folder }
}

impl Hub {
    async fn company(&self, name: &str) -> Somebody {
        let domain: Domain = format!("{name}.example").parse().unwrap();
        let mut tx = self.house.db.write().await.unwrap();
        let now = self.house.clock.now();
        let id = organisations::create(&mut tx, name, &domain, true, now).await.unwrap();
        tx.commit().await.unwrap();
        self.member(id, &format!("olga@{name}.example")).await
    }

    async fn member(&self, organisation: Id<Organisation>, email: &str) -> Somebody {
        let email: Email = email.parse().unwrap();
        let now = self.house.clock.now();
        let mut tx = self.house.db.write().await.unwrap();
        let made =
            people::create_hashed(&mut tx, &email, "Olga", HASH, Locale::default(), now);
        let person = made.await.unwrap();
        people::join(&mut tx, organisation, person, Role::Owner, now).await.unwrap();
        let fresh =
            gate::sessions::open(&self.house, &mut tx, person, Some(organisation), "");
        let fresh = fresh.await.unwrap();
        tx.commit().await.unwrap();
        Somebody { organisation, person, session: fresh.session, token: fresh.token }
    }

    async fn ask(
        &self,
        who: &Somebody,
        method: &str,
        path: &str,
        form: Value,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(form.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn get(&self, who: &Somebody, path: &str) -> (u16, Value) {
        self.ask(who, "GET", path, Value::Null).await
    }

    async fn deal(&self, a: &Somebody, b: &Somebody, b_domain: &str) -> Deal {
        let form = json!({ "domain": b_domain });
        let (status, made) = self.ask(a, "POST", "/api/v1/partnerships", form).await;
        assert_eq!(status, 201, "{made}");
        let path = format!("/api/v1/partnerships/{}/moves", made["id"].as_str().unwrap());
        let form = json!({ "move": "accept", "revision": made["revision"] });
        assert_eq!(self.ask(b, "POST", &path, form).await.0, 200);
        let (now, mask) = (self.house.clock.now(), Mask::of(["title", "stage"]));
        let mut tx = self.house.db.write().await.unwrap();
        let opened = spaces::open(&mut tx, a.scope(), now, &mask, "x").await.unwrap();
        let (space, to) = (opened.space, b.organisation);
        let (verbs, history) = (Verbs::ALL, History::All);
        let row =
            spaces::invite(&mut tx, a.scope(), space, to, &mask, verbs, history, now);
        let party = row.await.unwrap().id;
        let accept = spaces::PartyMove::Accept;
        spaces::step(&mut tx, b.scope(), party, accept, "x", now).await.unwrap();
        tx.commit().await.unwrap();
        Deal { space, main: opened.main, party }
    }

    async fn remove(&self, a: &Somebody, deal: &Deal) {
        let mut tx = self.house.db.write().await.unwrap();
        let (now, remove) = (self.house.clock.now(), spaces::PartyMove::Remove);
        spaces::step(&mut tx, a.scope(), deal.party, remove, "x", now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// So many messages at once, past the limit of the socket.
    async fn fill(&self, who: &Somebody, room: Id<Room>, count: usize, body: &str) {
        let mut tx = self.house.db.write().await.unwrap();
        for _ in 0..count {
            let Somebody { person, organisation, .. } = *who;
            let event =
                NewEvent::saying(Author::Person { person, organisation }, None, body);
            log::append(&mut tx, room, self.house.clock.now(), event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn bare(&self, origin: Option<&str>, cookie: Option<&str>) -> Option<Socket> {
        let url = format!("ws://{}/api/v1/socket", self.address);
        let mut request = url.into_client_request().unwrap();
        let protocol = wire::SUBPROTOCOL.parse().unwrap();
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        if let Some(origin) = origin {
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        }
        if let Some(token) = cookie {
            let cookie = format!("entente_session={token}").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        let (socket, answer) = connect_async(request).await.ok()?;
        assert_eq!(answer.headers()[header::SEC_WEBSOCKET_PROTOCOL], wire::SUBPROTOCOL);
        Some(Socket(socket))
    }

    async fn socket(&self, who: &Somebody) -> Socket {
        let mut socket = self.bare(None, None).await.unwrap();
        socket.tell(json!({ "t": "hello", "id": 1, "v": 1, "token": who.token })).await;
        let welcome = socket.until("welcome").await;
        assert_eq!(welcome["user"], who.person.to_string());
        socket
    }
}

impl Somebody {
    fn scope(&self) -> gate::Scope {
        let caller = Caller {
            person: self.person,
            organisation: self.organisation,
            role: Role::Owner,
            means: Means::Session(self.session),
            scopes: Scopes::All,
        };
        caller.permit::<ReadRooms>().unwrap().scope()
    }
}

impl Socket {
    async fn tell(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, but presence; none once it is closed.
    async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match message.expect("a frame comes in time") {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if frame["t"] != "eph" || frame["kind"] == "typing" {
                        return Ok(frame);
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }

    async fn until(&mut self, t: &str) -> Value {
        loop {
            let frame =
                self.next().await.unwrap_or_else(|code| panic!("closed by {code}"));
            if frame["t"] == t {
                return frame;
            }
        }
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    async fn quiet(&mut self) {
        let frame = tokio::time::timeout(Duration::from_millis(300), self.next()).await;
        assert!(frame.is_err(), "{frame:?}");
    }

    async fn sub(&mut self, room: Id<Room>, seq: Option<i64>) -> Value {
        let cursor = seq.map(|seq| json!({ "epoch": "e1", "seq": seq }));
        self.tell(json!({ "t": "sub", "id": 2, "room": room, "cursor": cursor })).await;
        self.until("subd").await
    }

    async fn say(&mut self, room: Id<Room>, cid: &str, body: &str) -> Value {
        let frame =
            json!({ "t": "send", "id": 3, "room": room, "cid": cid, "body": body });
        self.tell(frame).await;
        loop {
            let frame = self.next().await.unwrap();
            if frame["cid"] == cid && frame["t"] != "ev" {
                return frame;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_company_says_the_other_hears_once_and_in_order() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    let head = ann.sub(deal.main, None).await["head"].as_i64().unwrap();
    assert_eq!(ben.sub(deal.main, None).await["mode"], "live");

    for number in 1..=5 {
        let ack = ann.say(deal.main, &format!("c{number}"), "hello").await;
        assert_eq!(
            (&ack["t"], &ack["seq"]),
            (&json!("ack"), &json!(head + number)),
            "{ack}"
        );
    }
    for number in 1..=5 {
        let ev = ben.until("ev").await;
        assert_eq!(ev["seq"], head + number);
        assert_eq!(ev["author"], a.person.to_string());
    }

    let again = ann.say(deal.main, "c1", "hello").await;
    assert_eq!((&again["seq"], &again["dup"]), (&json!(head + 1), &json!(true)));
    assert_eq!(ann.say(deal.main, "c1", "other").await["code"], "cid_reused");
    assert_eq!(ann.say(deal.main, "c9", &"x".repeat(8_001)).await["code"], "too_long");
    ben.quiet().await;

    let mut late = hub.socket(&b).await;
    let subd = late.sub(deal.main, Some(head)).await;
    assert_eq!((&subd["mode"], &subd["from"]), (&json!("replay"), &json!(head + 1)));
    for number in 1..=5 {
        assert_eq!(late.until("ev").await["seq"], head + number);
    }
    assert_eq!(late.next().await.unwrap()["t"], "caught");

    let (status, page) =
        hub.get(&b, &format!("/api/v1/rooms/{}/events?after=0", deal.main)).await;
    assert_eq!((status, &page["head"]), (200, &json!(head + 5)));
    let (status, list) =
        hub.get(&b, &format!("/api/v1/deals/{}/rooms", deal.space)).await;
    assert_eq!(status, 200);
    assert_eq!(list["items"][0]["kind"], "main");
    assert_eq!(list["items"][0]["audience"].as_array().unwrap().len(), 2);
    let unread = hub.get(&b, "/api/v1/notifications?unread=true").await.1;
    let messages = |list: &Value| {
        let items = list["items"].as_array().unwrap().clone();
        items.iter().filter(|notice| notice["kind"] == "message").count()
    };
    assert_eq!(messages(&unread), 1, "{unread}");

    let path = format!("/api/v1/rooms/{}/read", deal.main);
    assert_eq!(hub.ask(&b, "POST", &path, json!({ "seq": head + 5 })).await.0, 204);
    assert_eq!(messages(&hub.get(&b, "/api/v1/notifications?unread=true").await.1), 0);
    let room = hub.get(&b, &format!("/api/v1/rooms/{}", deal.main)).await.1;
    assert_eq!(room["read"], head + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_to_a_room_learns_nothing_of_it() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let c = hub.company("core").await;
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut carl = hub.socket(&c).await;

    for room in
        [deal.main.to_string(), Id::<Room>::mint().to_string(), "nonsense".to_owned()]
    {
        carl.tell(json!({ "t": "sub", "id": 7, "room": room })).await;
        let nak = carl.until("nak").await;
        assert_eq!((&nak["code"], &nak["id"]), (&json!("not_found"), &json!(7)));
        carl.tell(json!({ "t": "send", "id": 8, "room": room, "cid": "c", "body": "x" }))
            .await;
        assert_eq!(carl.until("nak").await["code"], "not_found");
        carl.tell(json!({ "t": "typing", "room": room })).await;
        carl.tell(json!({ "t": "read", "room": room, "seq": 1 })).await;
    }
    carl.tell(json!({ "t": "dance", "id": 9 })).await;
    let error = carl.until("error").await;
    assert_eq!((&error["code"], &error["id"]), (&json!("unknown_frame"), &json!(9)));
    for path in ["", "/events"] {
        let path = format!("/api/v1/rooms/{}{path}", deal.main);
        assert_eq!(hub.get(&c, &path).await.0, 404);
    }
    assert_eq!(hub.get(&c, &format!("/api/v1/deals/{}/rooms", deal.space)).await.0, 404);
    let path = format!("/api/v1/rooms/{}/events", deal.main);
    assert_eq!(
        hub.ask(&c, "POST", &path, json!({ "cid": "c", "body": "x" })).await.0,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_removal_nothing_of_the_room_arrives_and_the_socket_stays() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    ann.sub(deal.main, None).await;
    ben.tell(json!({ "t": "sub", "room": "me" })).await;
    ben.sub(deal.main, None).await;
    ann.say(deal.main, "c1", "before").await;
    assert_eq!(ben.until("ev").await["body"], "before");

    hub.remove(&a, &deal).await;
    ann.say(deal.main, "c2", "after").await;

    let revoked = ben.until("revoked").await;
    assert_eq!(revoked["reason"], "removed");
    assert_eq!(ben.say(deal.main, "c3", "still here?").await["code"], "not_found");
    ben.tell(json!({ "t": "ping", "n": 5 })).await;
    loop {
        let frame = ben.next().await.unwrap();
        assert_ne!(frame["t"], "ev");
        assert_ne!(frame["id"], deal.space.to_string());
        if frame["t"] == "pong" {
            break;
        }
    }
    assert_eq!(ann.until("ev").await["kind"], "party");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_under_fire_lets_nothing_through() {
    let hub = Arc::new(hub().await);
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut sockets = Vec::new();
    for _ in 0..6 {
        let mut ben = hub.socket(&b).await;
        ben.sub(deal.main, Some(0)).await;
        sockets.push(ben);
    }
    let (filling, room) = (Arc::clone(&hub), deal.main);
    let filler = tokio::spawn(async move {
        for _ in 0..40 {
            filling.fill(&a, room, 3, "fire").await;
        }
        a
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
    let a = Somebody { ..hub.member(b.organisation, "zoe@bolt.example").await };
    drop(a);
    let mut tx = hub.house.db.write().await.unwrap();
    let now = hub.house.clock.now();
    let leave = spaces::PartyMove::Leave;
    spaces::step(&mut tx, b.scope(), deal.party, leave, "x", now).await.unwrap();
    tx.commit().await.unwrap();
    let a = filler.await.unwrap();
    let events = format!("/api/v1/rooms/{}/events?limit=200", deal.main);
    let items = hub.get(&a, &events).await.1["items"].as_array().unwrap().clone();
    let gone = items.iter().rfind(|event| event["kind"] == "party").unwrap();
    let gone = gone["seq"].as_i64().unwrap();

    for mut ben in sockets {
        let mut last = 0;
        loop {
            let frame = ben.next().await.unwrap();
            match frame["t"].as_str().unwrap() {
                "ev" => {
                    assert_eq!(frame["seq"], last + 1, "dense");
                    last += 1;
                    assert!(last < gone, "{last} came, but {gone} was the end");
                }
                "revoked" => break,
                _ => {}
            }
        }
        ben.quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_absence_is_a_gap_and_a_short_one_a_replay() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    hub.fill(&a, deal.main, 600, "hello").await;
    let mut ben = hub.socket(&b).await;

    assert_eq!(ben.sub(deal.main, Some(1)).await["mode"], "gap");
    let subd = ben.sub(deal.main, Some(150)).await;
    assert_eq!(subd["mode"], "replay");
    let head = subd["head"].as_i64().unwrap();
    for seq in 151..=head {
        assert_eq!(ben.until("ev").await["seq"], seq);
    }
    assert_eq!(ben.until("caught").await["seq"], head);
    let other = json!({ "epoch": "e0", "seq": head });
    ben.tell(json!({ "t": "sub", "id": 4, "room": deal.main, "cursor": other })).await;
    assert_eq!(ben.until("subd").await["mode"], "gap");

    hub.fill(&a, deal.main, 60, &"long ".repeat(1_500)).await;
    for _ in 0..3 {
        hub.fill(&a, deal.main, 60, &"long ".repeat(1_500)).await;
    }
    assert_eq!(ben.sub(deal.main, Some(head)).await["mode"], "replay");
    let mut next = head + 1;
    loop {
        let frame = ben.next().await.unwrap();
        if frame["t"] == "gap" {
            break;
        }
        if frame["t"] == "ev" {
            assert_eq!(frame["seq"], next);
            next += 1;
        }
    }
    assert!(next < head + 240);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_good_hello_opens_and_only_from_our_pages() {
    let hub = hub().await;
    let a = hub.company("acme").await;
    let hello = |frame: Value| async {
        let mut socket = hub.bare(None, None).await.unwrap();
        socket.tell(frame).await;
        socket.closed().await
    };
    assert_eq!(hello(json!({ "t": "hello", "v": 1, "token": "wrong" })).await, 4001);
    assert_eq!(hello(json!({ "t": "hello", "v": 1 })).await, 4001);
    assert_eq!(hello(json!({ "t": "hello", "v": 2, "token": a.token })).await, 4400);
    assert_eq!(hello(json!({ "t": "ping" })).await, 4001);
    assert_eq!(hello(json!([1])).await, 4010);
    assert_eq!(hub.bare(None, None).await.unwrap().closed().await, 4001);

    assert!(hub.bare(Some("http://evil.example"), Some(&a.token)).await.is_none());
    let mut socket = hub.bare(Some("http://hub.example"), Some(&a.token)).await.unwrap();
    socket.tell(json!({ "t": "hello", "v": 1 })).await;
    socket.until("welcome").await;
    socket.tell(json!({ "t": "ping", "n": 3 })).await;
    assert_eq!(socket.until("pong").await["n"], 3);
    let long = json!({ "t": "ping", "x": "x".repeat(70_000) });
    socket.tell(long).await;
    assert_eq!(socket.closed().await, 4009);

    let mut socket = hub.socket(&a).await;
    socket.0.send(Message::text("{}")).await.unwrap();
    assert_eq!(socket.closed().await, 4010);

    let (mut first, mut other) = (hub.socket(&a).await, hub.socket(&a).await);
    first.tell(json!({ "t": "auth", "id": 2, "token": a.token })).await;
    first.until("authd").await;
    let mut tx = hub.house.db.write().await.unwrap();
    let caller = Caller {
        person: a.person,
        organisation: a.organisation,
        role: Role::Owner,
        means: Means::Session(a.session),
        scopes: Scopes::All,
    };
    let now = hub.house.clock.now();
    assert!(gate::sessions::end(&mut tx, &caller, a.session, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((first.closed().await, other.closed().await), (4003, 4003));
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_messages_in_ten_seconds_are_enough() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let mut ann = hub.socket(&a).await;
    for number in 0..21 {
        let cid = format!("c{number}");
        let frame = json!({ "t": "send", "room": deal.main, "cid": cid, "body": "x" });
        ann.tell(frame).await;
    }
    // A refusal needs no commit, so it may overtake.
    let (mut acks, mut naks) = (Vec::new(), Vec::new());
    while acks.len() + naks.len() < 21 {
        let frame = ann.next().await.unwrap();
        match frame["t"].as_str().unwrap() {
            "ack" => acks.push(frame["seq"].as_i64().unwrap()),
            "nak" => naks.push(frame),
            _ => {}
        }
    }
    assert!(acks.is_sorted() && acks.len() == 20);
    assert_eq!(naks[0]["code"], "rate");
    assert!(naks[0]["retry"].as_i64().unwrap() > 0);
    let path = format!("/api/v1/rooms/{}/events", deal.main);
    let (status, _) =
        hub.ask(&a, "POST", &path, json!({ "cid": "d", "body": "x" })).await;
    assert_eq!(status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_told_to_the_others_and_going_away_to_all() {
    let hub = hub().await;
    let (a, b) = (hub.company("acme").await, hub.company("bolt").await);
    let deal = hub.deal(&a, &b, "bolt.example").await;
    let (mut ann, mut ben) = (hub.socket(&a).await, hub.socket(&b).await);
    ann.sub(deal.main, None).await;
    ben.sub(deal.main, None).await;
    ben.until("caught").await;

    for _ in 0..2 {
        ann.tell(json!({ "t": "typing", "room": deal.main })).await;
    }
    let eph = ben.until("eph").await;
    assert_eq!((&eph["kind"], &eph["user"]), (&json!("typing"), &json!(a.person)));
    ben.quiet().await;

    let draining = hub.live.clone();
    let house = hub.house.clone();
    let drain = tokio::spawn(async move { draining.drain(&house, PATIENCE).await });
    for socket in [&mut ann, &mut ben] {
        let bye = socket.until("bye").await;
        assert_eq!(bye["code"], 4503);
        assert_eq!(socket.closed().await, 4503);
    }
    drop((ann, ben));
    drain.await.unwrap();
    assert_eq!(hub.live.sockets(), 0);
}
