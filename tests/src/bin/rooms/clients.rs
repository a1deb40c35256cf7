//! The sockets that speak and listen.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    process::Server,
    speech::{Frame, Line, Speech, number},
    stage::Stage,
};

/// How many connect at the same time.
const AT_ONCE: usize = 64;
/// How many names in rooms were given.
static NICKS: AtomicU64 = AtomicU64::new(0);
/// What a message says besides: 200 bytes, as people write.
const WORDS: usize = 160;

/// A load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Into how many rooms the sockets are spread.
    pub(crate) rooms: usize,
    /// How many there are; every other one is of the party.
    pub(crate) sockets: usize,
    /// How many messages the host's people send a second, together.
    pub(crate) per_second: u32,
    /// For how long.
    pub(crate) seconds: u32,
}

/// What the sockets heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Microseconds from when a message was meant to leave to its ack.
    pub(crate) acks: Vec<u64>,
    /// The same, to each socket of the other party.
    pub(crate) deliveries: Vec<u64>,
    /// Microseconds from the begin of a connection to the end of its replay.
    pub(crate) joins: Vec<u64>,
    /// Events, on all sockets.
    pub(crate) events: u64,
    /// Events that came out of order, twice or with one left out.
    pub(crate) wrong: u64,
    /// Messages that were refused.
    pub(crate) refused: u64,
    /// The newest seq.
    pub(crate) head: i64,
}

#[derive(Debug)]
struct Client {
    speak: mpsc::UnboundedSender<Message>,
    room: String,
    task: JoinHandle<Heard>,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Crowd {
    hosts: Vec<Client>,
    others: Vec<Client>,
    speech: Speech,
    begin: Instant,
    sent: AtomicU64,
}

/// Where a client stands, and what it is.
struct Seat {
    web: String,
    token: String,
    room: String,
    cursor: Option<i64>,
    /// Whether it is of the other party.
    measures: bool,
    speech: Speech,
    /// A name of its own in the room.
    nick: String,
    begin: Instant,
}

impl Crowd {
    /// Connects everybody, and waits until each has caught up.
    pub(crate) async fn gather(
        servers: &[Server],
        stage: &Stage,
        plan: Plan,
        cursor: Option<i64>,
    ) -> Self {
        let begin = Instant::now();
        let gate = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        let last = servers.len() - 1;
        let speech = stage.kind().speech();
        let joining = (0..plan.sockets).map(|number| {
            let (side, own) = (number % 2, number / 2);
            let tokens = if side == 0 { &stage.hosts } else { &stage.parties };
            let seat = Seat {
                web: servers[if side == 0 { 0 } else { last }].web.clone(),
                token: tokens[own % tokens.len()].clone(),
                room: stage.rooms[own % plan.rooms].clone(),
                cursor,
                measures: side == 1,
                speech,
                // Nobody enters a room under a name that is there, also not of an earlier crowd.
                nick: format!("n{}", NICKS.fetch_add(1, Ordering::Relaxed)),
                begin,
            };
            let gate = Arc::clone(&gate);
            async move {
                let _seat = gate.acquire_owned().await.expect("the gate stays");
                (side, join(seat).await)
            }
        });
        let (hosts, others): (Vec<_>, Vec<_>) =
            join_all(joining).await.into_iter().partition(|(side, _)| *side == 0);
        let clients = |them: Vec<(usize, Client)>| them.into_iter().map(|(_, it)| it);
        let (hosts, others) = (clients(hosts).collect(), clients(others).collect());
        Self { hosts, others, speech, begin, sent: AtomicU64::new(0) }
    }

    /// Sends by the clock, whatever comes back.
    pub(crate) async fn send(&self, plan: Plan) {
        let words = "x".repeat(WORDS);
        let start = Instant::now();
        for number in 0..plan.per_second * plan.seconds {
            let due = start + Duration::from_secs(1) * number / plan.per_second;
            tokio::time::sleep_until(due.into()).await;
            let meant = due.duration_since(self.begin).as_micros();
            let speaker =
                &self.hosts[usize::try_from(number).unwrap_or(0) % self.hosts.len()];
            let unique = self.sent.fetch_add(1, Ordering::Relaxed);
            let cid = format!("{meant}-{unique}-{}", std::process::id());
            let body = format!("@{meant}@ {words}");
            let message = self.speech.say(number, &speaker.room, &cid, &body);
            drop(speaker.speak.send(message));
        }
    }

    /// Closes everything, and adds up what was heard.
    pub(crate) async fn leave(self) -> Heard {
        let mut sum = Heard::default();
        let clients: Vec<_> = self.hosts.into_iter().chain(self.others).collect();
        for Client { speak, task, .. } in clients {
            drop(speak);
            let heard = task.await.expect("a client ends");
            sum.acks.extend(heard.acks);
            sum.deliveries.extend(heard.deliveries);
            sum.joins.extend(heard.joins);
            sum.events += heard.events;
            sum.wrong += heard.wrong;
            sum.refused += heard.refused;
            sum.head = sum.head.max(heard.head);
        }
        sum
    }
}

async fn join(seat: Seat) -> Client {
    let began = Instant::now();
    let mut line = seat.speech.connect(&seat.web).await;
    let mut heard = Heard::default();
    if seat.speech == Speech::Ours {
        follow(&mut line, &seat, &mut heard).await;
    } else {
        seat.speech.enter(&mut line, &seat.room, &seat.nick).await;
    }
    heard.deliveries.clear();
    heard.joins.push(micros(began.elapsed()));
    let room = seat.room.clone();
    let (speak, said) = mpsc::unbounded_channel();
    let task = tokio::spawn(listen(line, seat, heard, said));
    Client { speak, room, task }
}

/// Says hello, follows the room from its cursor, and reads until it has caught up.
async fn follow(line: &mut Line, seat: &Seat, heard: &mut Heard) {
    let hello = json!({ "t": "hello", "id": 1, "token": seat.token, "v": 1 });
    line.send(Message::text(hello.to_string())).await.expect("a socket");
    let mut sub = json!({ "t": "sub", "id": 2, "room": seat.room, "limit": 0 });
    if let Some(seq) = seat.cursor {
        sub = json!({ "t": "sub", "id": 2, "room": seat.room, "cursor": { "epoch": "e1", "seq": seq } });
    }
    line.send(Message::text(sub.to_string())).await.expect("a socket");
    loop {
        let message = line.next().await.expect("a frame").expect("a frame");
        let Message::Text(text) = message else { continue };
        assert!(!text.starts_with("{\"t\":\"nak\""), "not followed: {text}");
        drop(hear(&text, seat, heard));
        if text.starts_with("{\"t\":\"caught\"") {
            heard.head = number(&text, "\"seq\":").unwrap_or(0);
            break;
        }
    }
}

async fn listen(
    mut line: Line,
    seat: Seat,
    mut heard: Heard,
    mut said: mpsc::UnboundedReceiver<Message>,
) -> Heard {
    loop {
        tokio::select! {
            message = line.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    if let Some(answer) = hear(&text, &seat, &mut heard) {
                        drop(line.send(answer).await);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return heard,
            },
            message = said.recv() => match message {
                Some(message) => drop(line.send(message).await),
                None => return heard,
            },
        }
    }
}

/// Takes one frame; what it wants for an answer.
fn hear(text: &str, seat: &Seat, heard: &mut Heard) -> Option<Message> {
    let now = micros(seat.begin.elapsed());
    match seat.speech.hear(text, &seat.nick) {
        Frame::Said { seq, meant, is_own } => {
            heard.events += 1;
            if let Some(seq) = seq {
                if heard.head != 0 && seq != heard.head + 1 {
                    heard.wrong += 1;
                }
                heard.head = seq;
            }
            let took = meant.map(|meant| now.saturating_sub(meant.unsigned_abs()));
            if is_own {
                heard.acks.extend(took);
            } else if seat.measures {
                heard.deliveries.extend(took);
            }
        }
        Frame::Ack { meant } => {
            heard.acks.extend(meant.map(|it| now.saturating_sub(it.unsigned_abs())));
        }
        Frame::Refused => heard.refused += 1,
        Frame::Wants(answer) => return Some(Message::text(answer.to_owned())),
        Frame::Other => {}
    }
    None
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
