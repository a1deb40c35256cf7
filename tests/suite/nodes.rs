//! Several processes on one database: the bus tells where to look, the database is the truth,
//! and a right that one of them takes away is gone on all of them when the answer comes.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use kernel::{Id, Room};
use serde_json::{Value, json};
use sharing::{Author, NewEvent, log};
use suite::{Backing, Hub, Person};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{command_line::binary, crash::Process, sharing::shared_deal};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_sent_on_one_node_is_delivered_on_the_other() {
    let Ok(nats) = std::env::var("ENTENTE_TEST_NATS") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_NATS");
        return;
    };
    let Some(backing) = Backing::postgres().await else { return };
    let url = backing.url();
    let data = backing.folder().join("data");
    let first = Hub::with(backing, |config| config.nats_url = Some(nats.clone())).await;
    let second = Hub::with(Backing::sqlite(), |config| {
        config.nats_url = Some(nats.clone());
        config.database_url = Some(url.clone());
        config.data_dir = data;
    })
    .await;
    let (_, olga) = first.company("Nordwind").await;
    let (atelier, bruno) = first.company("Atelier").await;
    let (_, room, moves) =
        shared_deal(&first, &olga, &bruno, &atelier.id.to_string()).await;
    let mut here = first.socket(&olga).await;
    let mut there = second.socket(&bruno).await;
    there.subscribe(&room).await;

    let cid = "019a0000-0000-7000-8000-000000000001";
    let ack = here.say(&room, cid, "From one node to the other").await;
    let heard = there.until(|frame| frame["body"] == "From one node to the other").await;
    let began = Instant::now();
    olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
    let took = began.elapsed();
    let told = there.until(|frame| frame["t"] == "revoked").await;

    assert_eq!(heard["seq"], ack["seq"]);
    assert_eq!(told["room"], room.as_str());
    // By the bus: neither the table's turn nor a lease was waited for.
    assert!(took < Duration::from_millis(900), "{took:?}");
}

/// Many more than fit between a node and a peer that does not read.
const MESSAGES: usize = 150;
/// What the kernel may hold for such a peer, in messages.
const ON_THE_WAY: usize = 75;
/// A lease, its margin, and a slow machine.
const BOUND: Duration = Duration::from_secs(7);

/// Two nodes without a bus, and a reader of the second that has stopped reading.
struct Stalled {
    first: Hub,
    second: Process,
    olga: Person,
    bruno: Person,
    room: String,
    moves: String,
    reader: WebSocketStream<TcpStream>,
}

impl Stalled {
    async fn new() -> Option<Self> {
        let first = Hub::on(Backing::postgres().await?.today()).await;
        let (_, olga) = first.company("Nordwind").await;
        let (atelier, bruno) = first.company("Atelier").await;
        let (_, room, moves) =
            shared_deal(&first, &olga, &bruno, &atelier.id.to_string()).await;
        let id: Id<Room> = room.parse().unwrap();
        let mut tx = first.house.db.write().await.unwrap();
        for number in 0..MESSAGES {
            let body = format!("secret {number} {}", "x".repeat(4_000));
            let event = NewEvent::saying(Author::System, None, body);
            let now = first.house.clock.now();
            log::append(&mut tx, id, now, event).await.unwrap();
        }
        tx.commit().await.unwrap();
        let url = first.config.database_url.clone().unwrap();
        let second = Process::on(&binary(), &url, &first.config.data_dir);
        let reader = reader(&second.web, &bruno.token, &room).await;
        // Until the kernel holds all that it can, and the rest waits in the hub.
        tokio::time::sleep(Duration::from_secs(2)).await;
        Some(Self { first, second, olga, bruno, room, moves, reader })
    }

    /// Takes the right away on the first node, and tells how long that took.
    async fn revoke(&self) -> Duration {
        let began = Instant::now();
        self.olga.post(&self.moves, json!({ "move": "remove" })).await.expect(200);
        began.elapsed()
    }

    /// How many messages come, and how the socket ends.
    async fn read_on(&mut self) -> (usize, Vec<Value>) {
        let (mut messages, mut others) = (0, Vec::new());
        let reading = async {
            while let Some(Ok(message)) = self.reader.next().await {
                match message {
                    Message::Text(text) if text.contains("secret") => messages += 1,
                    Message::Text(text) => {
                        others.push(serde_json::from_str(&text).unwrap());
                    }
                    Message::Close(Some(frame)) => {
                        others.push(json!({ "close": u16::from(frame.code) }));
                    }
                    _ => {}
                }
            }
        };
        drop(tokio::time::timeout(Duration::from_secs(4), reading).await);
        (messages, others)
    }

    /// Whether the second node serves again: bruno's own things, not the room.
    async fn second_serves(&self) {
        // It may have to take a lease first.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut socket = suite::Socket::open(&self.second.web, &self.bruno.token).await;
        let room = &self.room;
        socket.tell(json!({ "t": "sub", "room": room })).await;
        let answer = socket.until(|frame| frame["room"] == room.as_str()).await;
        assert_eq!((&answer["t"], &answer["code"]), (&json!("nak"), &json!("not_found")));
    }
}

async fn reader(web: &str, token: &str, room: &str) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let address = web.strip_prefix("http://").unwrap().parse().unwrap();
    let stream = socket.connect(address).await.unwrap();
    let url = format!("{}/api/v1/socket", web.replace("http", "ws"));
    let mut request = url.into_client_request().unwrap();
    let protocol = "entente.v1.json".parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut reader, _) = client_async(request, stream).await.unwrap();
    for frame in [
        json!({ "t": "hello", "id": 1, "token": token, "v": 1 }),
        json!({ "t": "sub", "id": 2, "room": room, "cursor": { "epoch": "e1", "seq": 0 } }),
    ] {
        reader.send(Message::text(frame.to_string())).await.unwrap();
    }
    reader
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_bus_a_revocation_waits_until_the_other_node_has_cut() {
    let Some(mut stage) = Stalled::new().await else { return };

    let took = stage.revoke().await;
    let (messages, _) = stage.read_on().await;

    assert!(took < Duration::from_secs(3), "it renews every second: {took:?}");
    assert!((1..ON_THE_WAY).contains(&messages), "{messages} of {MESSAGES}");
    stage.second_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_node_holds_a_revocation_up_for_a_lease_and_sends_nothing_when_it_wakes()
{
    let Some(mut stage) = Stalled::new().await else { return };

    stage.second.freeze();
    let took = stage.revoke().await;
    let (before, _) = stage.read_on().await;
    stage.second.thaw();
    let (after, others) = stage.read_on().await;

    assert!(took > Duration::from_secs(2), "it had a lease: {took:?}");
    assert!(took < BOUND, "{took:?}");
    assert!((1..ON_THE_WAY).contains(&before), "{before} of {MESSAGES}");
    assert_eq!(after, 0, "it woke without a lease: {others:?}");
    stage.second_serves().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_is_waited_for_once() {
    let Some(stage) = Stalled::new().await else { return };
    let Stalled { first, second, olga, moves, .. } = stage;

    second.kill();
    let began = Instant::now();
    olga.post(&moves, json!({ "move": "remove" })).await.expect(200);
    let took = began.elapsed();
    assert_eq!(olga.post("/api/v1/sign-out", json!({})).await.status, 204);
    let again = began.elapsed().saturating_sub(took);

    assert!(took < BOUND, "{took:?}");
    assert!(again < Duration::from_secs(2), "{again:?}");
    drop(first);
}
