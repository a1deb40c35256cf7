//! The AS2 listener. Old stations fold their headers, which hyper refuses, so the head of a
//! request is unfolded before hyper sees it (RFC 9112, 5.2: a recipient may). Each connection
//! takes one request: what follows the head goes through as it is.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    Router,
    http::{HeaderValue, header},
    serve::Listener,
};
use gate::House;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};
use tower_http::set_header::SetResponseHeaderLayer;

/// The longest head of a request, in bytes; one that is longer is left to hyper.
const LIMIT_HEAD_BYTES: usize = 64 * 1024;

/// Serves AS2, for ever.
pub(crate) async fn serve(house: House, listener: TcpListener) {
    let close = HeaderValue::from_static("close");
    let router: Router = exchange::stations::listener_routes(&house)
        .layer(SetResponseHeaderLayer::overriding(header::CONNECTION, close));
    if let Err(error) = axum::serve(Unfolding(listener), router).await {
        tracing::error!(%error, "the AS2 listener ended");
    }
}

struct Unfolding(TcpListener);

impl Listener for Unfolding {
    type Io = Unfolded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Unfolded, SocketAddr) {
        let (stream, from) = Listener::accept(&mut self.0).await;
        (Unfolded { stream, head: Vec::new(), given: 0, state: State::Head }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

enum State {
    /// The head is not whole yet.
    Head,
    /// The head, and what came with it, is given to hyper.
    Giving,
    /// The rest passes through.
    Through,
}

/// A connection whose first head is unfolded.
struct Unfolded {
    stream: TcpStream,
    head: Vec<u8>,
    given: usize,
    state: State,
}

impl AsyncRead for Unfolded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while matches!(this.state, State::Head) {
            let mut chunk = [0_u8; 4096];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut read))?;
            let ended = read.filled().is_empty();
            this.head.extend_from_slice(read.filled());
            if let Some(end) = end_of_head(&this.head) {
                let rest = this.head.split_off(end);
                this.head = unfold(&this.head);
                this.head.extend(rest);
                this.state = State::Giving;
            } else if ended || this.head.len() > LIMIT_HEAD_BYTES {
                this.state = State::Giving;
            }
        }
        if matches!(this.state, State::Giving) {
            let rest = this.head.get(this.given..).unwrap_or_default();
            let some = rest.get(..into.remaining()).unwrap_or(rest);
            if !some.is_empty() {
                into.put_slice(some);
                this.given = this.given.saturating_add(some.len());
                return Poll::Ready(Ok(()));
            }
            this.head = Vec::new();
            this.state = State::Through;
        }
        Pin::new(&mut this.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Unfolded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Where the content begins, if the head is whole.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// Each line break before white space becomes two spaces, so that no length changes. The
/// line of the request itself is left alone.
fn unfold(head: &[u8]) -> Vec<u8> {
    let mut out = head.to_vec();
    let first = head.windows(2).position(|two| two == b"\r\n").unwrap_or(head.len());
    for at in first + 1..out.len().saturating_sub(2) {
        if let Some(three @ [b'\r', b'\n', b' ' | b'\t']) = out.get_mut(at..at + 3) {
            three.fill(b' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{end_of_head, unfold};

    #[test]
    fn folded_headers_become_one_line_and_nothing_else_changes() {
        let head = b"POST /as2 HTTP/1.1\r\nA: one;\r\n\ttwo;\r\n three\r\nB: x\r\n\r\n";

        assert_eq!(
            unfold(head),
            b"POST /as2 HTTP/1.1\r\nA: one;   two;   three\r\nB: x\r\n\r\n"
        );
        assert_eq!(end_of_head(head), Some(head.len()));
        assert_eq!(end_of_head(b"POST / HTTP/1.1\r\n"), None);
        // A request line with a fold after it would hide a header: it is left to hyper.
        let smuggled = b"POST / HTTP/1.1\r\n X: y\r\n\r\n";
        assert_eq!(unfold(smuggled), smuggled);
    }
}
