//! A socket as a browser has one.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{Hub, Person};

/// How long a frame may take: far more than it should, so that a slow machine is no failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Every frame that came, in order.
    pub seen: Vec<Value>,
    asked: i64,
}

impl Hub {
    /// Opens a socket, and says hello with a person's token.
    pub async fn socket(&self, person: &Person) -> Socket {
        Socket::open(&self.web, &person.token).await
    }

    /// Opens a socket, and says nothing.
    pub async fn bare_socket(&self) -> Socket {
        Socket::bare(&self.web).await
    }
}

impl Socket {
    /// Opens a socket to a hub at an address, and says hello with a token.
    pub async fn open(web: &str, token: &str) -> Self {
        let mut socket = Self::bare(web).await;
        socket.tell(json!({ "t": "hello", "token": token, "v": 1 })).await;
        socket.until(|frame| frame["t"] == "welcome").await;
        socket
    }

    async fn bare(web: &str) -> Self {
        let address = format!("{}/api/v1/socket", web.replace("http", "ws"));
        let mut request = address.into_client_request().unwrap();
        let protocol = "entente.v1.json".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (inner, _) = connect_async(request).await.expect("the socket opens");
        Self { inner, seen: Vec::new(), asked: 0 }
    }

    /// Sends a frame with a number of its own, and tells the number.
    pub async fn tell(&mut self, mut frame: Value) -> i64 {
        self.asked += 1;
        frame["id"] = json!(self.asked);
        self.raw(frame.to_string()).await;
        self.asked
    }

    /// Sends any text.
    pub async fn raw(&mut self, text: String) {
        drop(self.inner.send(Message::text(text)).await);
    }

    /// Subscribes to a room from its beginning, and reads until it has caught up.
    pub async fn subscribe(&mut self, room: &str) {
        self.tell(json!({ "t": "sub", "room": room })).await;
        self.until(|frame| frame["t"] == "caught" && frame["room"] == room).await;
    }

    /// Says something, and waits for the ack or nak.
    pub async fn say(&mut self, room: &str, cid: &str, body: &str) -> Value {
        let frame = json!({ "t": "send", "room": room, "cid": cid, "body": body });
        let id = self.tell(frame).await;
        self.until(|frame| frame["id"] == id).await
    }

    /// Reads until a frame fits; all are kept in `seen`.
    pub async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let reading = async {
            while let Some(frame) = self.next().await {
                if fits(&frame) {
                    return Some(frame);
                }
            }
            None
        };
        let found = tokio::time::timeout(PATIENCE, reading).await;
        let Ok(Some(frame)) = found else {
            panic!("no frame fits; these came: {:#?}", self.seen);
        };
        frame
    }

    /// What comes within a while.
    pub async fn during(&mut self, span: Duration) -> Vec<Value> {
        let before = self.seen.len();
        let reading = async { while self.next().await.is_some() {} };
        drop(tokio::time::timeout(span, reading).await);
        self.seen.get(before..).unwrap_or_default().to_vec()
    }

    /// The close code, once the hub closes the socket.
    pub async fn closed(&mut self) -> u16 {
        let reading = async {
            loop {
                match self.inner.next().await {
                    Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                    Some(Ok(_)) => {}
                    _ => return 0,
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("the socket is closed")
    }

    /// The next frame that is text; none once the socket is closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.inner.next().await? {
                Ok(Message::Text(text)) => {
                    let frame: Value =
                        serde_json::from_str(&text).expect("frames are JSON");
                    if frame["t"] == "ping" {
                        let pong = json!({ "t": "pong", "n": frame["n"] }).to_string();
                        self.raw(pong).await;
                        continue;
                    }
                    self.seen.push(frame.clone());
                    return Some(frame);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
