//! A hub without its web side, a relay that remembers what it was given, and a mail server
//! that writes to us.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU16, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use directory::{Locale, organisations, people};
use gate::{
    Caller, House, MailDns, MailSettings, Mailbox, Means, Role, Scopes, Settings,
};
use kernel::{
    Clock, Id, Job, Moment, Organisation, Partnership, Party, Person, Room, Space,
};
use mail::authentic::dkim::Signer;
use serde_json::Value;
use sharing::{
    Author, Event, History, Mask, NewEvent, Range, Verbs, log,
    spaces::{self, PartyMove},
};
use store::{Bus, Db, Files};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Mutex, mpsc},
    time::timeout,
};
use tower::ServiceExt;

use crate::dns;

store::statements! {
    /// Two partners.
    PARTNERS = "
        insert into partnership (id, proposer_id, answerer_id, domain, low_id, high_id, state, message, reason, expires_at, revision, created_at, updated_at)
        values ($1, $2, $3, 'rival.test', $2, $3, 'active', '', '', $4, 1, $4, $4)";
}

/// A mail that the relay was given.
#[derive(Clone, Debug)]
pub(crate) struct Relayed {
    pub(crate) from: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) ana: Caller,
    pub(crate) rival: Caller,
    pub(crate) deal: Id<Space>,
    pub(crate) main: Id<Room>,
    /// What the relay answers to RCPT.
    pub(crate) mood: Arc<AtomicU16>,
    pub(crate) smtp: SocketAddr,
    /// How far its clock is ahead, in microseconds.
    ahead_us: Arc<AtomicI64>,
    /// Signs as client.test does.
    pub(crate) client: Signer,
    relayed: Mutex<mpsc::UnboundedReceiver<Relayed>>,
    router: Router,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Relay {
    Up,
    None,
    /// It is up, and incoming mail is checked: client.test signs all it sends.
    Checked,
    /// It is up, and a mailbox on this machine is read, too.
    Polled,
}

impl Stage {
    pub(crate) async fn new(url: &str, relay: Relay) -> Self {
        let folder = std::env::temp_dir().join(Id::<Job>::mint().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let mood = Arc::new(AtomicU16::new(250));
        let (at, relayed) = sink(Arc::clone(&mood)).await;
        let client = Signer::at(&folder.join("client.pem"), "client.test", "s1").unwrap();
        let checks = checks(relay, &folder, &client).await;
        let db = Db::open(url, Bus::local()).await.unwrap();
        let ahead_us = Arc::<AtomicI64>::default();
        db.migrate().await.unwrap();
        let settings = Settings {
            public_url: "https://hub.test".to_owned(),
            sftp_address: "sftp.test:4222".to_owned(),
            as2_url: "http://as2.test/as2".to_owned(),
            as2_private_networks: true,
            mail_domain: "hub.test".to_owned(),
            smtp_relay: (relay != Relay::None).then(|| format!("smtp://{at}")),
            session_days: 1,
            mail_limit_bytes: 100_000,
            secret: [9; 32],
            mail: checks,
            calls: gate::CallSettings::default(),
        };
        let house = House {
            db,
            files: Files::at(folder),
            clock: {
                let (ahead, system) = (Arc::clone(&ahead_us), Clock::system());
                Clock::from_fn(move || {
                    let ahead = ahead.load(Ordering::Relaxed);
                    Moment::from_micros(system.now().micros() + ahead)
                })
            },
            settings: Arc::new(settings),
            actions: mail::ACTIONS,
        };
        let ana = member(&house, "Vendor", "vendor.test", "Ana Lima").await;
        let rival = member(&house, "Rival", "rival.test", "Rita").await;
        let (deal, main) = deal(&house, &ana).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let smtp = listener.local_addr().unwrap();
        tokio::spawn(mail::serve(house.clone(), listener));
        for (_, work) in mail::jobs(&house) {
            tokio::spawn(work);
        }
        let all = mail::routes().merge(exchange::routes());
        let all = all.merge(directory::quiet::routes());
        let (router, _) = all.with_state(house.clone()).split_for_parts();
        let relayed = Mutex::new(relayed);
        Self {
            house,
            ana,
            rival,
            deal,
            main,
            mood,
            smtp,
            ahead_us,
            client,
            relayed,
            router,
        }
    }

    /// Asks as somebody; the status and what came back.
    pub(crate) async fn ask(
        &self,
        who: Caller,
        method: &str,
        path: &str,
        body: Value,
    ) -> (u16, Value) {
        self.post_raw(who, method, path, body.to_string()).await
    }

    /// The same, with a body that is no JSON.
    pub(crate) async fn post_raw(
        &self,
        who: Caller,
        method: &str,
        path: &str,
        body: String,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("content-type", "application/json")
            .extension(who)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Opens a topic with Xavier, by name "Price"; its room and the guest.
    pub(crate) async fn topic(&self) -> (Id<Room>, String) {
        self.topic_by(self.ana).await
    }

    /// The same, by somebody.
    pub(crate) async fn topic_by(&self, who: Caller) -> (Id<Room>, String) {
        let form = serde_json::json!({
            "title": "Price",
            "guest": { "email": "Xavier@Client.test", "name": "Xavier", "locale": "fr" },
            "message": "How many?\n\nAna",
        });
        let path = format!("/deals/{}/topics", self.deal);
        let (status, room) = self.ask(who, "POST", &path, form).await;
        assert_eq!(status, 201, "{room}");
        let guest = room["guests"][0]["id"].as_str().unwrap().to_owned();
        (room["id"].as_str().unwrap().parse().unwrap(), guest)
    }

    /// Ana brings Rita's organisation into the deal, and Rita accepts; her party.
    pub(crate) async fn partner(&self) -> Id<Party> {
        let (house, now) = (&self.house, self.house.clock.now());
        let scope =
            |who: &Caller| who.permit::<mail::guests::OpenTopic>().unwrap().scope();
        let mask = Mask::of(["title"]);
        let verbs = Verbs::of(["comment"]);
        let mut tx = house.db.write().await.unwrap();
        tx.run(PARTNERS)
            .bind(Id::<Partnership>::mint())
            .bind(self.ana.organisation)
            .bind(self.rival.organisation)
            .bind(now)
            .execute()
            .await
            .unwrap();
        let (to, history) = (self.rival.organisation, History::All);
        let ana = scope(&self.ana);
        let party =
            spaces::invite(&mut tx, ana, self.deal, to, &mask, verbs, history, now)
                .await
                .unwrap();
        let rita = scope(&self.rival);
        spaces::step(&mut tx, rita, party.id, PartyMove::Accept, "deal", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        party.id
    }

    /// Ana sends a party away.
    pub(crate) async fn part(&self, party: Id<Party>) {
        let scope = self.ana.permit::<mail::guests::OpenTopic>().unwrap().scope();
        let mut tx = self.house.db.write().await.unwrap();
        let now = self.house.clock.now();
        spaces::step(&mut tx, scope, party, PartyMove::Remove, "deal", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Its clock goes on.
    pub(crate) fn wait(&self, time: Duration) {
        let ahead = i64::try_from(time.as_micros()).unwrap();
        self.ahead_us.fetch_add(ahead, Ordering::Relaxed);
    }

    /// A member says something in a room.
    pub(crate) async fn say(&self, room: Id<Room>, body: &str) {
        self.say_as(self.ana, room, body).await;
    }

    /// The same, by somebody.
    pub(crate) async fn say_as(&self, who: Caller, room: Id<Room>, body: &str) {
        let mut tx = self.house.db.write().await.unwrap();
        let author =
            Author::Person { person: who.person, organisation: who.organisation };
        let event = NewEvent::saying(author, None, body);
        log::append(&mut tx, room, self.house.clock.now(), event).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn events(&self, room: Id<Room>) -> Vec<Event> {
        let mut conn = self.house.db.read().await.unwrap();
        let organisation = self.ana.organisation;
        let slice = log::slice(&mut conn, organisation, room, Range::After(0), 100).await;
        slice.unwrap().unwrap().events
    }

    /// What guests have said in a room, once there are so many; a second later, still so many.
    pub(crate) async fn guests_words(&self, room: Id<Room>, count: usize) -> Vec<String> {
        let mut words = Vec::new();
        for round in 0..100 {
            let events = self.events(room).await.into_iter();
            words = events
                .filter(|it| it.author.starts_with("gst_"))
                .filter_map(|it| it.body)
                .collect();
            if words.len() >= count && round > 15 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        words
    }

    pub(crate) async fn relayed(&self) -> Relayed {
        let mut relayed = self.relayed.lock().await;
        timeout(Duration::from_secs(10), relayed.recv()).await.expect("no mail").unwrap()
    }

    pub(crate) async fn relayed_within(&self, wait: Duration) -> Option<Relayed> {
        timeout(wait, self.relayed.lock().await.recv()).await.ok().flatten()
    }

    pub(crate) async fn nothing_relayed(&self, for_: Duration) -> bool {
        timeout(for_, self.relayed.lock().await.recv()).await.is_err()
    }

    /// Gives the hub a mail, step by step; the codes it answered.
    pub(crate) async fn send(&self, from: &str, to: &str, mail: &str) -> Vec<String> {
        let socket = TcpStream::connect(self.smtp).await.unwrap();
        let mut lines = BufReader::new(socket);
        let mut codes = Vec::new();
        let dotted = mail.replace('\n', "\r\n").replace("\r\n.", "\r\n..");
        let steps = [
            String::new(),
            "EHLO client.test\r\n".to_owned(),
            format!("MAIL FROM:<{from}>\r\n"),
            format!("RCPT TO:<{to}>\r\n"),
            "DATA\r\n".to_owned(),
            format!("{dotted}\r\n.\r\n"),
            "QUIT\r\n".to_owned(),
        ];
        for step in steps {
            lines.write_all(step.as_bytes()).await.unwrap();
            let code = answer(&mut lines).await;
            let go_on = code.starts_with(['2', '3']);
            codes.push(code);
            if !go_on {
                break;
            }
        }
        codes.split_off(3)
    }
}

/// What the hub asks, and what it is told.
async fn checks(relay: Relay, folder: &Path, client: &Signer) -> MailSettings {
    if relay == Relay::Polled {
        let port =
            TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let url = format!("imap://replies:secret@127.0.0.1:{port}/INBOX");
        let imap = Some(Mailbox { url, every: Duration::from_secs(2) });
        return MailSettings { imap, ..MailSettings::default() };
    }
    if relay != Relay::Checked {
        return MailSettings::default();
    }
    let (name, key) = client.record().unwrap();
    let own = Signer::at(&folder.join("dkim.pem"), "hub.test", "s1").unwrap();
    let (own_name, own_key) = own.record().unwrap();
    let records = [
        (&*own_name, &*own_key),
        ("hub.test", "v=spf1 mx -all"),
        (&*name, &*key),
        ("_dmarc.client.test", "v=DMARC1; p=reject"),
        ("client.test", "v=spf1 -all"),
    ];
    MailSettings {
        dkim_key_file: Some(folder.join("dkim.pem")),
        dkim_selector: "s1".to_owned(),
        dns: MailDns::At(vec![dns::serve(&records).await]),
        imap: None,
    }
}

async fn answer(lines: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).await.unwrap();
        let (code, rest) = line.split_at_checked(3).unwrap_or_default();
        if !rest.starts_with('-') {
            return code.to_owned();
        }
    }
}

async fn member(house: &House, organisation: &str, domain: &str, name: &str) -> Caller {
    let now = house.clock.now();
    let mut tx = house.db.write().await.unwrap();
    let domain_name = domain.parse().unwrap();
    let organisation: Id<Organisation> =
        organisations::create(&mut tx, organisation, &domain_name, true, now)
            .await
            .unwrap();
    let email = format!("{}@{domain}", name.split(' ').next().unwrap()).parse().unwrap();
    let person: Id<Person> =
        people::create_hashed(&mut tx, &email, name, "-", Locale::En, now).await.unwrap();
    people::join(&mut tx, organisation, person, Role::Owner, now).await.unwrap();
    tx.commit().await.unwrap();
    let means = Means::Session(Id::mint());
    Caller { person, organisation, role: Role::Owner, means, scopes: Scopes::All }
}

async fn deal(house: &House, host: &Caller) -> (Id<Space>, Id<Room>) {
    let scope = host.permit::<mail::guests::OpenTopic>().unwrap().scope();
    let mut tx = house.db.write().await.unwrap();
    let mask = Mask::of(["title"]);
    let opened =
        spaces::open(&mut tx, scope, house.clock.now(), &mask, "deal").await.unwrap();
    tx.commit().await.unwrap();
    (opened.space, opened.main)
}

/// A relay that takes everything, or answers RCPT as it is told.
async fn sink(mood: Arc<AtomicU16>) -> (SocketAddr, mpsc::UnboundedReceiver<Relayed>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(take(socket, Arc::clone(&mood), tell.clone()));
        }
    });
    (at, told)
}

async fn take(
    socket: TcpStream,
    mood: Arc<AtomicU16>,
    tell: mpsc::UnboundedSender<Relayed>,
) {
    let mut socket = BufReader::new(socket);
    let mut from = String::new();
    let mut reply = "220 relay.test".to_owned();
    loop {
        if socket.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let mut line = String::new();
        if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        reply = "250 ok".to_owned();
        if line.starts_with("MAIL") {
            line.trim().clone_into(&mut from);
        } else if line.starts_with("RCPT") {
            reply = format!("{} as told", mood.load(Ordering::Relaxed));
        } else if line.starts_with("DATA") {
            socket.write_all(b"354 go\r\n").await.unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"\r\n.\r\n") {
                bytes.push(socket.read_u8().await.unwrap());
            }
            bytes.truncate(bytes.len() - 3);
            tell.send(Relayed { from: from.clone(), bytes }).unwrap();
        }
    }
}
