//! A socket that remembers what it may follow, and reads until it knows that nothing is left.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use suite::{Hub, Person, Socket};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A socket of somebody.
#[derive(Debug)]
pub(super) struct Ear {
    socket: Socket,
    /// The rooms that it follows.
    pub(super) follows: BTreeSet<String>,
    pings: u64,
}

impl Ear {
    pub(super) async fn open(hub: &Hub, person: &Person) -> Self {
        let mut socket = hub.socket(person).await;
        socket.tell(json!({ "t": "sub", "room": "me" })).await;
        Self { socket, follows: BTreeSet::new(), pings: 0 }
    }

    async fn next(&mut self) -> Result<Value, String> {
        match tokio::time::timeout(PATIENCE, self.socket.next()).await {
            Ok(Some(frame)) => {
                let room = frame["room"].as_str().unwrap_or_default();
                if frame["t"] == "revoked" {
                    self.follows.remove(room);
                } else if ["ev", "eph"].iter().any(|it| frame["t"] == *it)
                    && !self.follows.contains(room)
                {
                    return Err(format!("after it was revoked came {frame}"));
                }
                Ok(frame)
            }
            Ok(None) => Err("the socket was closed".to_owned()),
            Err(_late) => Err("a frame did not come".to_owned()),
        }
    }

    /// Reads whatever the hub had to say when this was asked.
    pub(super) async fn drain(&mut self) -> Result<Vec<Value>, String> {
        self.pings += 1;
        let number = self.pings;
        self.socket.raw(json!({ "t": "ping", "n": number }).to_string()).await;
        self.until(|frame| frame["t"] == "pong" && frame["n"] == number).await
    }

    /// Reads until a frame fits; gives it last.
    pub(super) async fn until(
        &mut self,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, String> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await?;
            let found = fits(&frame);
            frames.push(frame);
            if found {
                return Ok(frames);
            }
        }
    }

    /// Asks for something, and reads until its answer, which comes last.
    pub(super) async fn ask(&mut self, frame: Value) -> Result<Vec<Value>, String> {
        let id = self.socket.tell(frame).await;
        self.until(|frame| frame["id"] == id).await
    }

    /// Follows a room from the beginning of its log, as far as it may be read.
    pub(super) async fn follow(&mut self, room: &str) -> Result<Vec<Value>, String> {
        self.follows.insert(room.to_owned());
        let cursor = json!({ "epoch": "e1", "seq": 0 });
        let ask = json!({ "t": "sub", "room": room, "cursor": cursor });
        let mut frames = self.ask(ask).await?;
        let gap = frames.last().is_some_and(|it| it["mode"] == "gap");
        if gap {
            frames.extend(self.ask(json!({ "t": "sub", "room": room })).await?);
        }
        let answer = frames.last().cloned().unwrap_or_default();
        if answer["t"] != "subd" {
            return Err(format!("a room that may be read is refused: {answer}"));
        }
        let caught = |it: &Value| it["t"] == "caught" && it["room"] == room;
        frames.extend(self.until(caught).await?);
        Ok(frames)
    }

    /// Whether the hub closes it.
    pub(super) async fn is_closed(&mut self) -> bool {
        let reading = async { while self.socket.next().await.is_some() {} };
        tokio::time::timeout(PATIENCE, reading).await.is_ok()
    }
}
