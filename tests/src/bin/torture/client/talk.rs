//! What a client does while its line is open.

use std::time::Duration;

use rand::Rng;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    Client, Manner, Phase, Waiting,
    line::{Came, Line},
};

/// The code with which a visit ends that the client itself ended.
const OWN: u16 = 1;
/// What is said, at most, before it is answered.
const MOST_WAITING: usize = 30;

impl Client {
    /// Talks on a line until it ends; the code with which it did.
    pub(super) async fn visit(&mut self, mut line: Line) -> u16 {
        if self.manner == Manner::Mute {
            return self.be_mute(line).await;
        }
        for waiting in self.outbox.clone() {
            if !self.tell(&mut line, &waiting.frame).await {
                return 0;
            }
        }
        let mut leaves = Instant::now() + self.millis(1_500..12_000);
        let mut acts = Instant::now();
        loop {
            let talks = matches!(self.now(), Phase::Talk);
            self.tell_settled();
            if let Phase::Leave(heads) = self.now()
                && self.has(&heads)
            {
                line.close().await;
                return OWN;
            }
            if !self.follow(&mut line).await {
                return 0;
            }
            tokio::select! {
                came = line.next() => match came {
                    Came::Frame(frame) => self.hear(&frame),
                    Came::End(code) => return code,
                },
                () = tokio::time::sleep_until(acts) => {
                    acts = Instant::now() + self.millis(150..1_200);
                    if !self.act(&mut line, talks).await {
                        return 0;
                    }
                }
                () = tokio::time::sleep_until(leaves), if talks => {
                    leaves = Instant::now() + self.millis(1_500..12_000);
                    match self.chance.random_range(0..3) {
                        _ if self.manner == Manner::Sloth => {
                            tokio::time::sleep(self.millis(18_000..30_000)).await;
                        }
                        // As when a train goes into a tunnel: nothing is said.
                        0 => return OWN,
                        1 => {
                            line.close().await;
                            return OWN;
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Says nothing any more, and waits for the end.
    async fn be_mute(&mut self, mut line: Line) -> u16 {
        line.answers = false;
        if matches!(self.now(), Phase::Leave(_)) {
            line.answers = true;
        }
        if !self.follow(&mut line).await {
            return 0;
        }
        self.journal.note("mute", json!({ "conn": self.conn }));
        loop {
            self.tell_settled();
            if let Phase::Leave(heads) = self.now()
                && (self.has(&heads) || !line.answers)
            {
                return OWN;
            }
            match tokio::time::timeout(Duration::from_millis(500), line.next()).await {
                Ok(Came::Frame(frame)) => self.hear(&frame),
                Ok(Came::End(code)) => return code,
                Err(_elapsed) => {}
            }
            if line.answers && !self.follow(&mut line).await {
                return 0;
            }
        }
    }

    fn millis(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.chance.random_range(range))
    }

    /// Says a frame, and notes it.
    async fn tell(&mut self, line: &mut Line, frame: &Value) -> bool {
        self.journal.note("say", json!({ "conn": self.conn, "frame": frame }));
        line.say(frame).await
    }

    /// Follows the rooms that are not followed, after reading what was missed.
    async fn follow(&mut self, line: &mut Line) -> bool {
        let now = self.begin.micros();
        let due: Vec<_> = self
            .rooms
            .iter()
            .filter(|(_, place)| !place.follows && place.again_at <= now)
            .map(|(room, _)| room.clone())
            .collect();
        for room in due {
            if self.rooms.get(&room).is_some_and(|place| place.is_behind) {
                self.page(&room).await;
            }
            let Some(place) = self.rooms.get_mut(&room) else { continue };
            if place.is_behind {
                continue;
            }
            place.follows = true;
            let epoch = if place.epoch.is_empty() { "e1" } else { &place.epoch };
            let cursor = json!({ "epoch": epoch, "seq": place.has });
            let frame = json!({ "t": "sub", "id": 7, "room": room, "cursor": cursor });
            if !self.tell(line, &frame).await {
                return false;
            }
        }
        true
    }

    /// Says something, or does something to what was said.
    async fn act(&mut self, line: &mut Line, talks: bool) -> bool {
        let now = self.begin.micros();
        for waiting in self.outbox.clone() {
            if waiting.again_at.is_some_and(|at| at <= now) {
                self.forget_nak(&waiting.cid);
                if !self.tell(line, &waiting.frame).await {
                    return false;
                }
            }
        }
        if !talks || self.outbox.len() >= MOST_WAITING {
            return true;
        }
        let number = self.chance.random_range(0..self.rooms.len());
        let Some(room) = self.rooms.keys().nth(number).cloned() else { return true };
        self.said += 1;
        let cid = format!("{}-{}", self.speaker.name, self.said);
        let frame = self.something(&room, &cid);
        if frame["trick"] != true {
            let room = frame["room"].as_str().unwrap_or_default().to_owned();
            self.outbox.push(Waiting { room, cid, frame: frame.clone(), again_at: None });
        }
        self.tell(line, &frame).await
    }

    fn forget_nak(&mut self, cid: &str) {
        for waiting in self.outbox.iter_mut().filter(|it| it.cid == cid) {
            waiting.again_at = None;
        }
    }

    fn something(&mut self, room: &str, cid: &str) -> Value {
        let words = "x".repeat(self.chance.random_range(0..400));
        let say = json!({ "t": "send", "id": 9, "room": room, "cid": cid, "body": format!("{cid} {words}") });
        let Some((at, seq, old)) = self.some_own() else { return say };
        match self.chance.random_range(0..20) {
            0 | 1 => {
                json!({ "t": "edit", "id": 9, "room": at, "cid": cid, "target": seq, "body": format!("better {cid}") })
            }
            2 => json!({ "t": "redact", "id": 9, "room": at, "cid": cid, "target": seq }),
            3 | 4 => {
                json!({ "t": "react", "id": 9, "room": at, "cid": cid, "target": seq, "emoji": "👍" })
            }
            // The id of a message that stands, with other words.
            5 => {
                json!({ "t": "send", "id": 9, "room": at, "cid": old, "body": format!("not {old}"), "trick": true })
            }
            6 => json!({ "t": "typing", "room": room, "trick": true }),
            _ => say,
        }
    }

    fn some_own(&mut self) -> Option<(String, i64, String)> {
        if self.own.is_empty() {
            return None;
        }
        let number = self.chance.random_range(0..self.own.len());
        self.own.get(number).cloned()
    }

    /// Takes a frame.
    fn hear(&mut self, frame: &Value) {
        let word = frame["t"].as_str().unwrap_or_default();
        if matches!(word, "eph" | "changed" | "unsubd" | "pong" | "bye") {
            return;
        }
        self.journal.note("heard", json!({ "conn": self.conn, "frame": frame }));
        let now = self.begin.micros();
        let room = frame["room"].as_str().unwrap_or_default();
        match word {
            "ack" => self.answered(frame),
            "nak" if frame["cid"].is_string() => self.refused(frame),
            _ => {}
        }
        let Some(place) = self.rooms.get_mut(room) else { return };
        match word {
            "ev" => place.has = place.has.max(frame["seq"].as_i64().unwrap_or_default()),
            "subd" => {
                frame["epoch"].as_str().unwrap_or_default().clone_into(&mut place.epoch);
                if frame["mode"] == "gap" {
                    (place.follows, place.is_behind) = (false, true);
                }
            }
            "gap" => (place.follows, place.is_behind) = (false, true),
            "revoked" => (place.follows, place.again_at) = (false, now + 500_000),
            "nak" if frame["cid"].is_null() => {
                (place.follows, place.again_at) = (false, now + 500_000);
            }
            _ => {}
        }
    }

    fn answered(&mut self, frame: &Value) {
        let cid = frame["cid"].as_str().unwrap_or_default();
        let Some(place) = self.outbox.iter().position(|it| it.cid == cid) else { return };
        let waiting = self.outbox.remove(place);
        if waiting.frame["t"] == "send" {
            let seq = frame["seq"].as_i64().unwrap_or_default();
            self.own.push((waiting.room, seq, waiting.cid));
        }
    }

    /// What may be tried again is; what was refused for good is forgotten.
    fn refused(&mut self, frame: &Value) {
        let cid = frame["cid"].as_str().unwrap_or_default();
        let retry = frame["retry"].as_u64();
        let now = self.begin.micros();
        match retry {
            Some(millis) => {
                for waiting in self.outbox.iter_mut().filter(|it| it.cid == cid) {
                    waiting.again_at = Some(now + millis * 1_000);
                }
            }
            None => self.outbox.retain(|it| it.cid != cid),
        }
    }
}
