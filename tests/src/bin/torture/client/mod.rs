//! One who talks in all rooms, loses the connection, comes back, and keeps a journal of it.

mod line;
mod talk;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    http,
    journal::{Begin, Journal},
    stage::{Speaker, Stage},
};
use line::Line;

/// How long everybody may take to be answered, and to have all.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long a node may take to greet.
const GREETING: Duration = Duration::from_secs(10);

/// How far the torture is.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// Everybody talks.
    Talk,
    /// Nobody says anything new; what was not answered is said again.
    Settle,
    /// Everybody reads up to these heads, and goes.
    Leave(Arc<HashMap<String, i64>>),
}

/// What a client is besides somebody who talks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Manner {
    /// Nothing.
    Plain,
    /// Stops reading for a while, with small buffers.
    Sloth,
    /// Says nothing after hello, not even that it is there.
    Mute,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Crowd {
    phase: watch::Sender<Phase>,
    /// How many have been answered everything.
    settled: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<bool>>,
}

/// Everybody comes.
pub(crate) fn gather(
    stage: &Stage,
    nodes: &[String],
    folder: &Path,
    begin: Begin,
    chance: &mut SmallRng,
) -> Crowd {
    let (phase, told) = watch::channel(Phase::Talk);
    let settled = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    let rooms = stage.deals.iter().map(|deal| (deal.room.clone(), Place::default()));
    for speaker in &stage.speakers {
        let manner = match speaker.name.as_str() {
            "nordwind-0" | "kestrel-0" => Manner::Sloth,
            "atelier-0" => Manner::Mute,
            _ => Manner::Plain,
        };
        let mut journal =
            Journal::new(folder, &format!("client-{}", speaker.name), begin);
        let is = json!({ "person": speaker.person, "tossed": speaker.is_tossed, "manner": format!("{manner:?}") });
        journal.note("is", is);
        let client = Client {
            speaker: speaker.clone(),
            nodes: nodes.to_vec(),
            manner,
            journal,
            begin,
            phase: told.clone(),
            chance: SmallRng::seed_from_u64(chance.random()),
            rooms: rooms.clone().collect(),
            outbox: Vec::new(),
            own: Vec::new(),
            said: 0,
            conn: 0,
            settled: Some(Arc::clone(&settled)),
        };
        clients.push(tokio::spawn(client.run()));
    }
    Crowd { phase, settled, clients }
}

impl Crowd {
    /// Nobody says anything new, and everybody is answered; false if not.
    pub(crate) async fn settle(&self) -> bool {
        drop(self.phase.send(Phase::Settle));
        let settled = async {
            while self.settled.load(Ordering::SeqCst) < self.clients.len() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.is_ok()
    }

    /// Everybody reads the whole logs, and goes; false if somebody does not have them.
    pub(crate) async fn leave(self, heads: HashMap<String, i64>) -> bool {
        drop(self.phase.send(Phase::Leave(Arc::new(heads))));
        let mut all = true;
        for client in self.clients {
            all &= client.await.expect("no panic in a client");
        }
        all
    }
}

/// Where a client stands in a room.
#[derive(Clone, Debug, Default)]
struct Place {
    epoch: String,
    has: i64,
    /// Whether it is followed on the line that is open.
    follows: bool,
    /// Pages have to be read before it is followed.
    is_behind: bool,
    /// When to try again, after a refusal.
    again_at: u64,
}

/// What was said, and is not answered.
#[derive(Clone, Debug)]
struct Waiting {
    room: String,
    cid: String,
    frame: Value,
    /// When it is said again on the same line, after a nak.
    again_at: Option<u64>,
}

/// Somebody who talks.
struct Client {
    speaker: Speaker,
    nodes: Vec<String>,
    manner: Manner,
    journal: Journal,
    begin: Begin,
    phase: watch::Receiver<Phase>,
    chance: SmallRng,
    rooms: BTreeMap<String, Place>,
    outbox: Vec<Waiting>,
    /// Own messages that stand: room, seq, cid.
    own: Vec<(String, i64, String)>,
    said: u64,
    conn: u64,
    /// Counts who was answered everything; none once counted.
    settled: Option<Arc<AtomicUsize>>,
}

impl Client {
    /// Comes and goes, until all is over. Whether it has the whole logs.
    async fn run(mut self) -> bool {
        let mut patience = None;
        loop {
            if let Phase::Leave(heads) = &self.now() {
                if self.has(heads) {
                    self.journal.close();
                    return true;
                }
                let until =
                    *patience.get_or_insert(tokio::time::Instant::now() + PATIENCE);
                if tokio::time::Instant::now() > until {
                    self.journal.close();
                    return false;
                }
            }
            let node = self.chance.random_range(0..self.nodes.len());
            let small = self.manner == Manner::Sloth;
            let open = Line::open(&self.nodes[node], &self.speaker.token, small);
            let Ok(Some(line)) = tokio::time::timeout(GREETING, open).await else {
                let pause = self.chance.random_range(50..600);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                continue;
            };
            self.conn += 1;
            self.journal.note("open", json!({ "conn": self.conn, "node": node }));
            let code = self.visit(line).await;
            self.journal.note("end", json!({ "conn": self.conn, "code": code }));
            for place in self.rooms.values_mut() {
                place.follows = false;
            }
            for waiting in &mut self.outbox {
                waiting.again_at = None;
            }
        }
    }

    /// How far the torture is.
    fn now(&self) -> Phase {
        self.phase.borrow().clone()
    }

    fn has(&self, heads: &HashMap<String, i64>) -> bool {
        heads
            .iter()
            .all(|(room, head)| self.rooms.get(room).is_some_and(|it| it.has >= *head))
    }

    /// Says that everything was answered, once.
    fn tell_settled(&mut self) {
        if matches!(self.now(), Phase::Settle)
            && (self.outbox.is_empty() || self.manner == Manner::Mute)
            && let Some(settled) = self.settled.take()
        {
            settled.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Pages over what was missed, until it may be followed again.
    async fn page(&mut self, room: &str) {
        loop {
            let place = self.rooms.get(room).cloned().unwrap_or_default();
            let path =
                format!("/api/v1/rooms/{room}/events?after={}&limit=200", place.has);
            let node = self.chance.random_range(0..self.nodes.len());
            let began = self.begin.micros();
            let token = self.speaker.token.clone();
            let answer = http::ask(&self.nodes[node], &token, ("GET", &path), None).await;
            let Some((status, page)) = answer else { return };
            let about = json!({ "room": room, "after": place.has, "status": status, "began": began, "items": page["items"] });
            self.journal.note("page", about);
            let Some(place) = self.rooms.get_mut(room) else { return };
            if status != 200 {
                place.again_at = self.begin.micros() + 500_000;
                return;
            }
            let items = page["items"].as_array().cloned().unwrap_or_default();
            page["epoch"].as_str().unwrap_or_default().clone_into(&mut place.epoch);
            let Some(last) = items.last() else {
                place.is_behind = false;
                return;
            };
            place.has = last["seq"].as_i64().unwrap_or(place.has);
        }
    }
}
