//! Mail that comes in, at every step of SMTP, and letters that go out.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use suite::{Backing, Hub};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::Mutex,
};

use super::{Process, killed};
use crate::{command_line::binary, sharing::shared_deal};

killed! { a_mail_is_filed_once_and_letters_go_out }

/// After which step of the client the process is killed: each line, and the content in pieces.
const STEPS: usize = 9;
/// How many there are with the final dot, after which the mail is the hub's.
const DOT: usize = 8;
/// Where it dies by itself, once a mail is whole.
const PLACES: [&str; 5] =
    ["file.kept", "mail.keeping", "mail.kept", "mail.filing", "mail.filed"];
/// Where it dies on the way of a letter out.
const OUT: [&str; 3] = ["file.kept", "letter.claimed", "letter.handed"];

/// A relay that takes everything, and remembers it.
#[derive(Clone, Debug)]
pub(super) struct Relay {
    pub(super) url: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub(super) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let relay = Self { url, taken: Arc::default() };
        let taken = Arc::clone(&relay.taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Self::talk(stream, Arc::clone(&taken)));
            }
        });
        relay
    }

    async fn talk(stream: TcpStream, taken: Arc<Mutex<Vec<String>>>) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 relay.test\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let word = line.get(..4).unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "DATA" => "354 go on",
                "QUIT" => "221 goodbye",
                _ => "250 fine",
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
            if word == "DATA" {
                let mut mail = String::new();
                while let Some(line) = lines.next_line().await.ok()? {
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                taken.lock().await.push(mail);
                write.write_all(b"250 taken\r\n").await.ok()?;
            }
        }
        None
    }

    /// The mails that hold a word.
    pub(super) async fn with(&self, word: &str) -> Vec<String> {
        let taken = self.taken.lock().await;
        taken.iter().filter(|mail| mail.contains(word)).cloned().collect()
    }
}

/// A mail of a guest, as lines of SMTP with what each is answered.
fn conversation(from: &str, to: &str, word: &str) -> [(String, &'static str); STEPS] {
    let mail = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Re: Plans\r\nMessage-ID: <{word}@outside.example>\r\n\r\n"
    );
    // In the middle of a header, and in the middle of a word.
    let (head, rest) = mail.split_at(mail.len() / 2);
    let (begun, ended) = word.split_at(word.len() / 2);
    [
        ("EHLO outside.example\r\n".to_owned(), "250 "),
        (format!("MAIL FROM:<{from}>\r\n"), "250"),
        (format!("RCPT TO:<{to}>\r\n"), "250"),
        ("DATA\r\n".to_owned(), "354"),
        (head.to_owned(), ""),
        (format!("{rest}{begun}"), ""),
        (format!("{ended}\r\n"), ""),
        (".\r\n".to_owned(), "250"),
        ("QUIT\r\n".to_owned(), "221"),
    ]
}

/// Says the first lines, and tells whether the last one was answered.
pub(super) async fn say(smtp: &str, lines: &[(String, &str)]) -> bool {
    let Ok(stream) = TcpStream::connect(smtp).await else { return false };
    let (read, mut write) = stream.into_split();
    let mut answers = BufReader::new(read);
    if !heard(&mut answers, "220").await {
        return false;
    }
    for (line, answer) in lines {
        if !told(&mut write, line).await {
            return false;
        }
        if !answer.is_empty() && !heard(&mut answers, answer).await {
            return false;
        }
    }
    true
}

async fn told(write: &mut OwnedWriteHalf, line: &str) -> bool {
    write.write_all(line.as_bytes()).await.is_ok()
}

/// Reads until a line begins so; false where the other side is gone.
async fn heard(
    answers: &mut (impl AsyncReadExt + AsyncBufReadExt + Unpin),
    with: &str,
) -> bool {
    let mut line = String::new();
    while answers.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        if line.starts_with(with) && !line.starts_with("250-") {
            return true;
        }
        line.clear();
    }
    false
}

async fn a_mail_is_filed_once_and_letters_go_out(backing: Backing) {
    let relay = Relay::open().await;
    let hub =
        Hub::with(backing, |config| config.smtp_relay = Some(relay.url.clone())).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (path, ..) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    let from = "amaya@roca.example";
    let form = json!({ "title": "Plans", "guest": { "email": from, "name": "Amaya" }, "message": "zqfirst" });
    let topic = olga.post(&format!("{path}/topics"), form).await.expect(201);
    let events = format!("/api/v1/rooms/{}/events", topic["id"].as_str().unwrap());
    let first = letter(&relay, "zqfirst").await;
    let reply = first.lines().find_map(|it| it.strip_prefix("Reply-To: ")).unwrap();
    let reply = reply.rsplit('<').next().unwrap().trim_end_matches('>').to_owned();
    let backing = hub.stop().await;

    let mut refused = Vec::new();
    for step in 1..=STEPS {
        let word = format!("zqstep{step}");
        let lines = conversation(from, &reply, &word);
        let process = Process::start(&binary(), &backing);
        if !(say(&process.smtp, &lines[..step]).await && step >= DOT) {
            refused.push(word);
        }
        process.kill();
    }
    for place in PLACES {
        let word = format!("zqat{}", place.replace('.', ""));
        let lines = conversation(from, &reply, &word);
        let process = Process::dying(&binary(), &backing, place, &relay.url);
        if !say(&process.smtp, &lines[..DOT]).await {
            refused.push(word);
        }
        process.died(place).await;
    }
    // Filing may be faster than the answer.
    assert!((DOT + 2..=DOT + 4).contains(&refused.len()), "{refused:?}");
    for (at, place) in OUT.iter().enumerate() {
        let process = Process::dying(&binary(), &backing, place, &relay.url);
        let cid = uuid::Uuid::from_u128(at as u128 + 1).to_string();
        let form = json!({ "cid": cid, "body": format!("zqout{at}") }).to_string();
        let said = process.post(&events, &olga.token, "application/json", &form).await;
        assert!(said.is_none_or(|status| status == 201), "{place}: {said:?}");
        process.died(place).await;
    }

    let process = Process::dying(&binary(), &backing, "", &relay.url);
    for word in &refused {
        let lines = conversation(from, &reply, word);
        assert!(say(&process.smtp, &lines).await, "{word} is taken at last");
    }
    process.kill();
    let hub =
        Hub::with(backing, |config| config.smtp_relay = Some(relay.url.clone())).await;
    hub.wait(Duration::from_hours(240));
    let mut olga = olga;
    olga.replace_router(hub.stranger().router());
    for step in 1..=STEPS {
        filed(&olga, &events, &format!("zqstep{step}")).await;
    }
    for place in PLACES {
        filed(&olga, &events, &format!("zqat{}", place.replace('.', ""))).await;
    }
    for at in 0..OUT.len() {
        let word = format!("zqout{at}");
        letter(&relay, &word).await;
        let copies = relay.with(&word).await;
        assert!(copies.iter().all(|it| *it == copies[0]), "the same bytes each time");
    }
}

/// A word stands once in the room.
pub(super) async fn filed(who: &suite::Person, events: &str, word: &str) {
    let mut many = 0;
    for _ in 0..100 {
        let seen = who.get(&format!("{events}?limit=200")).await.expect(200);
        let said = |it: &&Value| it["body"].as_str().is_some_and(|it| it.trim() == word);
        many = seen["items"].as_array().unwrap().iter().filter(said).count();
        if many > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(many, 1, "{word} stands once");
}

/// The letter with a word, once the relay has it.
pub(super) async fn letter(relay: &Relay, word: &str) -> String {
    for _ in 0..150 {
        if let Some(mail) = relay.with(word).await.first() {
            return mail.clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no letter with {word} came");
}
