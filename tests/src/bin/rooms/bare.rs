//! The limit: a broadcast server with the same frames, and nothing behind them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::Response,
    routing::get,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::broadcast;

#[derive(Clone, Default)]
struct Rooms(Arc<Mutex<HashMap<String, Room>>>);

struct Room {
    seq: u64,
    said: broadcast::Sender<Utf8Bytes>,
    /// What was said, for those who come back.
    log: Vec<Utf8Bytes>,
}

impl Rooms {
    fn with<T>(&self, room: &str, play: impl FnOnce(&mut Room) -> T) -> T {
        let mut rooms = self.0.lock().expect("no panic holds it");
        let fresh =
            || Room { seq: 0, said: broadcast::channel(1_024).0, log: Vec::new() };
        play(rooms.entry(room.to_owned()).or_insert_with(fresh))
    }
}

/// Serves until it is killed.
pub(crate) async fn serve() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    let router =
        Router::new().route("/api/v1/socket", get(upgrade)).with_state(Rooms::default());
    axum::serve(listener, router).await.expect("it serves");
}

async fn upgrade(State(rooms): State<Rooms>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .protocols(["entente.v1.json"])
        .read_buffer_size(4 * 1_024)
        .write_buffer_size(16 * 1_024)
        .on_upgrade(async move |socket| _ = talk(rooms, socket).await)
}

async fn talk(rooms: Rooms, mut socket: WebSocket) -> Option<()> {
    let mut heard: Option<broadcast::Receiver<Utf8Bytes>> = None;
    loop {
        tokio::select! {
            message = socket.next() => {
                let Message::Text(text) = message?.ok()? else { continue };
                let frame: Value = serde_json::from_str(&text).ok()?;
                for answer in answer(&rooms, &frame, &mut heard)? {
                    socket.send(Message::Text(answer)).await.ok()?;
                }
            }
            text = next(heard.as_mut()) => {
                socket.feed(Message::Text(text?)).await.ok()?;
                while let Some(Ok(text)) = heard.as_mut().map(broadcast::Receiver::try_recv) {
                    socket.feed(Message::Text(text)).await.ok()?;
                }
                socket.flush().await.ok()?;
            }
        }
    }
}

async fn next(heard: Option<&mut broadcast::Receiver<Utf8Bytes>>) -> Option<Utf8Bytes> {
    match heard {
        Some(heard) => heard.recv().await.ok(),
        None => std::future::pending().await,
    }
}

fn answer(
    rooms: &Rooms,
    frame: &Value,
    heard: &mut Option<broadcast::Receiver<Utf8Bytes>>,
) -> Option<Vec<Utf8Bytes>> {
    let name = frame["room"].as_str().unwrap_or_default();
    let text = |frame: Value| Utf8Bytes::from(frame.to_string());
    Some(match frame["t"].as_str()? {
        "hello" => vec![text(json!({ "t": "welcome" }))],
        "sub" => rooms.with(name, |room| {
            *heard = Some(room.said.subscribe());
            let after = frame["cursor"]["seq"].as_u64().unwrap_or(room.seq);
            let missed = usize::try_from(after).unwrap_or(0);
            let mut told = vec![text(json!({ "t": "subd", "room": name }))];
            told.extend(room.log.iter().skip(missed).cloned());
            // `t` comes first, as in the hub's own frames: that is what clients look at.
            let caught = format!(r#"{{"t":"caught","room":{},"seq":{}}}"#, json!(name), room.seq);
            told.push(Utf8Bytes::from(caught));
            told
        }),
        "send" => rooms.with(name, |room| {
            room.seq += 1;
            // In the order and with the fields of the hub's own frames.
            let event = format!(
                "{{\"t\":\"ev\",\"room\":{},\"seq\":{},\"kind\":\"msg\",\"cid\":{},\"body\":{}}}",
                frame["room"], room.seq, frame["cid"], frame["body"]
            );
            let event = Utf8Bytes::from(event);
            room.log.push(event.clone());
            drop(room.said.send(event));
            let ack = format!(
                "{{\"t\":\"ack\",\"cid\":{},\"room\":{},\"seq\":{}}}",
                frame["cid"], frame["room"], room.seq
            );
            vec![Utf8Bytes::from(ack)]
        }),
        _ => Vec::new(),
    })
}
