//! A socket that may break at any moment.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// What came.
#[derive(Debug)]
pub(super) enum Came {
    Frame(Value),
    /// It is over; with the code if one was told, else 0.
    End(u16),
}

/// An open socket whose hello was answered.
#[derive(Debug)]
pub(super) struct Line {
    inner: WebSocketStream<TcpStream>,
    /// Whether pings are answered.
    pub(super) answers: bool,
}

impl Line {
    /// Opens it and says hello; none where the node does not take part.
    pub(super) async fn open(address: &str, token: &str, small: bool) -> Option<Self> {
        let socket = TcpSocket::new_v4().ok()?;
        if small {
            socket.set_recv_buffer_size(4_096).ok()?;
        }
        let stream = socket.connect(address.parse().ok()?).await.ok()?;
        let url = format!("ws://{address}/api/v1/socket");
        let mut request = url.into_client_request().ok()?;
        let protocol = "entente.v1.json".parse().ok()?;
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (inner, _) = client_async(request, stream).await.ok()?;
        let mut line = Self { inner, answers: true };
        let hello = json!({ "t": "hello", "id": 1, "token": token, "v": 1 });
        if !line.say(&hello).await {
            return None;
        }
        loop {
            match line.next().await {
                Came::Frame(frame) if frame["t"] == "welcome" => return Some(line),
                Came::Frame(_) => {}
                Came::End(_) => return None,
            }
        }
    }

    /// False once it is over.
    pub(super) async fn say(&mut self, frame: &Value) -> bool {
        self.inner.send(Message::text(frame.to_string())).await.is_ok()
    }

    /// The next frame. Safe to be given up in between.
    pub(super) async fn next(&mut self) -> Came {
        loop {
            match self.inner.next().await {
                Some(Ok(Message::Text(text))) => {
                    let Ok(frame) = serde_json::from_str::<Value>(&text) else {
                        return Came::Frame(
                            json!({ "t": "broken", "text": text.as_str() }),
                        );
                    };
                    if frame["t"] == "ping" {
                        if self.answers {
                            let pong = json!({ "t": "pong", "n": frame["n"] });
                            self.say(&pong).await;
                        }
                        continue;
                    }
                    return Came::Frame(frame);
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Came::End(frame.code.into());
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Came::End(0),
            }
        }
    }

    /// Closes it in good order.
    pub(super) async fn close(mut self) {
        drop(self.inner.close(None).await);
    }
}
