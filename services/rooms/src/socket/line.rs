//! The loop of one connection: frames in, frames out, heartbeat. Nothing else knows what
//! carries them, so that another carrier can take its place.
//!
//! Most sockets are silent most of the time, and there are many of them. So what a frame needs is
//! boxed, and is there only while it is answered; what a burst made grow is given back.

use std::{error::Error, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use gate::{Caller, House};
use kernel::Fault;
use store::Lease;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use wire::{Broken, ClientFrame, Close, Number, ServerFrame};

use super::frames::{self, Greeted, Link, Next};
use crate::{Live, live::conn::Conn};

/// No `hello` within this time, no connection.
const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// How often the server pings.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(25);
/// A peer that is silent for this long is dead.
const SILENCE: Duration = Duration::from_secs(35);
/// How long a close frame may take to be written.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// How many frames are gathered for one write …
const BATCH_FRAMES: usize = 64;
/// … and how many bytes.
const BATCH_BYTES: usize = 64 * 1024;

/// Room for so many frames is kept when there is nothing to write.
const KEPT_FRAMES: usize = 8;

/// Serves one connection until it ends.
pub(super) async fn run(
    live: Live,
    house: House,
    caller: Option<Caller>,
    mut carrier: WebSocket,
) {
    let greeting = Box::pin(greet(&live, &house, caller, &mut carrier));
    let greeted = match timeout(HELLO_WITHIN, greeting).await {
        Ok(greeted) => greeted,
        Err(_elapsed) => Err(Some(Close::NotAuthenticated)),
    };
    let greeted = match greeted {
        Ok(greeted) => greeted,
        Err(close) => return Box::pin(turn_away(carrier, close)).await,
    };
    let link = Link::enter(live, house, &greeted);
    if let Err(close) = Box::pin(frames::welcome(&link, &greeted)).await {
        return Box::pin(turn_away(carrier, Some(close))).await;
    }
    let (sink, stream) = carrier.split();
    let lease = link.house.db.bus().lease().clone();
    let writer = tokio::spawn(write(Arc::clone(&link.conn), lease, sink));
    read(&link, stream).await;
    link.conn.gone.cancel();
    drop(writer.await);
}

/// Closes a connection that nobody knows yet.
async fn turn_away(mut carrier: WebSocket, close: Option<Close>) {
    if let Some(close) = close {
        count_close(close);
        drop(timeout(CLOSE_WITHIN, carrier.send(close_frame(close))).await);
    }
}

/// Waits for a good `hello`.
async fn greet(
    live: &Live,
    house: &House,
    caller: Option<Caller>,
    carrier: &mut WebSocket,
) -> Result<Greeted, Option<Close>> {
    loop {
        let text = match carrier.recv().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => return Err(Some(Close::Protocol)),
            Some(Ok(Message::Close(_))) | None => return Err(None),
            Some(Err(error)) => return Err(why(error)),
        };
        return match wire::read(&text) {
            Ok(ClientFrame::Hello(hello)) => {
                frames::hello(live, house, caller, hello).await.map_err(Some)
            }
            Ok(_) | Err(Broken::Unknown { .. }) => Err(Some(Close::NotAuthenticated)),
            Err(broken) => Err(Some(close_of(&broken))),
        };
    }
}

/// Reads until the peer, or we, have had enough.
async fn read(link: &Link, mut stream: SplitStream<WebSocket>) {
    let conn = &link.conn;
    let (mut heard, mut ping, mut number) =
        (Instant::now(), Instant::now() + HEARTBEAT, 0_u64);
    loop {
        tokio::select! {
            biased;
            () = conn.gone.cancelled() => return,
            message = stream.next() => {
                heard = Instant::now();
                let Some(next) = Box::pin(take(link, message)).await else { return };
                match next {
                    Next::Go => {}
                    Next::Close(close) => conn.close_now(close),
                }
            }
            () = sleep_until(ping.min(heard + SILENCE)) => {
                let now = Instant::now();
                if heard + SILENCE <= now {
                    tracing::debug!(conn = %conn.name(), "a peer fell silent");
                    count_close(Close::ServerError);
                    return;
                }
                if ping <= now {
                    number += 1;
                    conn.say(&ServerFrame::Ping(Number { n: Some(number) }));
                    ping = now + HEARTBEAT;
                }
            }
        }
    }
}

/// Takes one message; none when there will be no more.
async fn take(
    link: &Link,
    message: Option<Result<Message, axum::Error>>,
) -> Option<Next> {
    match message? {
        Ok(Message::Text(text)) => Some(match wire::read(&text) {
            Ok(frame) => match frames::handle(link, frame).await {
                Ok(next) => next,
                Err(fault) => {
                    tell(&fault);
                    Next::Close(Close::ServerError)
                }
            },
            Err(Broken::Unknown { t, id }) => {
                frames::unknown(link, &t, id);
                Next::Go
            }
            Err(broken) => {
                tracing::debug!(conn = %link.conn.name(), %broken, "a frame makes no sense");
                Next::Close(close_of(&broken))
            }
        }),
        Ok(Message::Ping(_) | Message::Pong(_)) => Some(Next::Go),
        Ok(Message::Binary(_)) => Some(Next::Close(Close::Protocol)),
        Ok(Message::Close(_)) => None,
        Err(error) => {
            // Nothing more can be read; what was said is still written before the close.
            let close = why(error)?;
            link.conn.close_now(close);
            drop(timeout(CLOSE_WITHIN, link.conn.gone.cancelled()).await);
            None
        }
    }
}

fn tell(fault: &Fault) {
    tracing::error!(error = fault as &dyn Error, "closing a socket: {fault}");
}

/// Why a read failed, as a close code; none where nobody is there to hear it.
fn why(error: axum::Error) -> Option<Close> {
    let error = error.into_inner();
    let error = error.downcast_ref::<tungstenite::Error>()?;
    if matches!(error, tungstenite::Error::Capacity(_)) {
        Some(Close::FrameTooBig)
    } else if matches!(
        error,
        tungstenite::Error::Utf8(_) | tungstenite::Error::Protocol(_)
    ) {
        Some(Close::Protocol)
    } else {
        None
    }
}

fn close_of(broken: &Broken) -> Close {
    match broken {
        Broken::TooBig(_) => Close::FrameTooBig,
        Broken::TooDeep(_)
        | Broken::NotAFrame(_)
        | Broken::Unknown { .. }
        | Broken::Field { .. } => Close::Protocol,
    }
}

/// Writes what waits, many frames at a time, until the connection is gone.
async fn write(conn: Arc<Conn>, lease: Lease, mut sink: SplitSink<WebSocket, Message>) {
    tokio::select! {
        biased;
        () = conn.gone.cancelled() => {}
        () = write_all(&conn, &lease, &mut sink) => conn.gone.cancel(),
    }
}

async fn write_all(conn: &Conn, lease: &Lease, sink: &mut SplitSink<WebSocket, Message>) {
    let mut batch = Vec::new();
    loop {
        if let Some(close) = conn.something().await {
            count_close(close);
            drop(timeout(CLOSE_WITHIN, sink.send(close_frame(close))).await);
            // The peer's own close, or its end, comes to the reader.
            drop(timeout(CLOSE_WITHIN, conn.gone.cancelled()).await);
            return;
        }
        let writing = conn.writing.lock().await;
        // What waits is dropped, and the close is all that is said.
        if !lease.is_live() {
            conn.close_now(Close::GoingAway);
            continue;
        }
        conn.take(&mut batch, BATCH_FRAMES, BATCH_BYTES);
        let mut written = 0_u64;
        for item in batch.drain(..) {
            // Right before it is written: a room may have been lost since it was queued.
            if !item.is_live() {
                continue;
            }
            written += 1;
            let feeding = sink.feed(Message::Text(item.text));
            if !matches!(lease.during(feeding).await, Some(Ok(()))) {
                return;
            }
        }
        // Half a batch may be gone when the lease runs out: then nothing more is said.
        if !matches!(lease.during(sink.flush()).await, Some(Ok(()))) {
            return;
        }
        drop(writing);
        batch.shrink_to(KEPT_FRAMES);
        metrics::counter!("entente_socket_frames_total").increment(written);
    }
}

fn close_frame(close: Close) -> Message {
    Message::Close(Some(CloseFrame { code: close.code(), reason: "".into() }))
}

fn count_close(close: Close) {
    let code = close.code().to_string();
    metrics::counter!("entente_socket_closes_total", "code" => code).increment(1);
}
