//! A request over a connection of its own, which may fail at any moment.

use std::time::Duration;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A node that stands still answers nothing.
const PATIENCE: Duration = Duration::from_secs(15);

/// The status and what was answered; none where no whole answer came.
pub(crate) async fn ask(
    address: &str,
    token: &str,
    (method, path): (&str, &str),
    form: Option<&Value>,
) -> Option<(u16, Value)> {
    let asking = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let body = form.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8(answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // A connection that broke in the middle has given half a body, which is no JSON.
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(body).ok()?
        };
        Some((status, body))
    };
    tokio::time::timeout(PATIENCE, asking).await.ok().flatten()
}
