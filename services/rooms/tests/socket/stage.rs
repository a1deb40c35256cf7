//! Two companies, their deal, and sockets as browsers have them.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
    middleware::from_fn_with_state,
};
use directory::{Domain, Email, Locale, organisations, people};
use futures_util::{SinkExt, StreamExt};
use gate::{Caller, House, Means, Role, Scopes, Settings};
use kernel::{Clock, Id, Organisation, Party, Person, Room, Session, Space};
use rooms::{Live, ReadRooms};
use serde_json::{Value, json};
use sharing::{Author, History, Mask, NewEvent, Verbs, log, spaces};
use store::{Bus, Db, Files};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use tower::ServiceExt;

pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// Of `correct horse`.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$ZW50ZW50ZS10ZXN0cw$bmCxqtf8wMk2/Kn60hNPxGjbo6jQk2Fa07ADoSilGzM";

pub(crate) struct Hub {
    pub(crate) house: House,
    pub(crate) live: Live,
    pub(crate) router: Router,
    pub(crate) address: SocketAddr,
    pub(crate) folder: PathBuf,
}

#[derive(Clone)]
pub(crate) struct Somebody {
    pub(crate) organisation: Id<Organisation>,
    pub(crate) person: Id<Person>,
    pub(crate) session: Id<Session>,
    pub(crate) token: String,
}

/// A deal of A with B in it.
pub(crate) struct Deal {
    pub(crate) space: Id<Space>,
    pub(crate) main: Id<Room>,
    pub(crate) party: Id<Party>,
}

pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Drop for Hub {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// An empty database on the server that `ENTENTE_TEST_POSTGRES` names.
#[expect(clippy::disallowed_methods, reason = "makes the database of a test")]
pub(crate) async fn fresh_postgres() -> Option<String> {
    let Ok(server) = std::env::var("ENTENTE_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_POSTGRES");
        return None;
    };
    let name = Id::<Room>::mint().to_string();
    let admin = sqlx::PgPool::connect(&format!("{server}/postgres")).await.unwrap();
    let make = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(make).execute(&admin).await.unwrap();
    admin.close().await;
    Some(format!("{server}/{name}"))
}

pub(crate) async fn hub(url: Option<String>) -> Hub {
    let folder = std::env::temp_dir().join(Id::<Room>::mint().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let file = || format!("sqlite:{}", folder.join("hub.db").display());
    let url = url.unwrap_or_else(file);
    node(&url, Bus::local(), folder).await
}

/// One process of perhaps several on one database.
pub(crate) async fn node(url: &str, bus: Bus, folder: PathBuf) -> Hub {
    let db = Db::open(url, bus).await.unwrap();
    db.migrate().await.unwrap();
    let settings = Settings {
        public_url: "http://hub.example".to_owned(),
        sftp_address: "sftp.test:4222".to_owned(),
        as2_url: "http://as2.test/as2".to_owned(),
        as2_private_networks: true,
        mail_domain: "hub.example".to_owned(),
        smtp_relay: None,
        session_days: 30,
        mail_limit_bytes: 1 << 20,
        secret: [7; 32],
        mail: gate::MailSettings::default(),
        calls: gate::CallSettings::default(),
    };
    let files = Files::at(folder.join("files"));
    let (clock, settings) = (Clock::system(), Arc::new(settings));
    let house = House { db, files, clock, settings, actions: rooms::ACTIONS };
    let live = Live::new();
    house.db.bus().set_barrier(live.barrier());
    for (_, job) in rooms::jobs(&house, &live) {
        tokio::spawn(job);
    }
    let api = rooms::routes(&live)
        .merge(directory::routes())
        .merge(sharing::routes())
        .layer(from_fn_with_state(house.clone(), gate::fence))
        .layer(from_fn_with_state(house.clone(), gate::authenticate))
        .with_state(house.clone());
    let (served, _) = api.split_for_parts();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = served.clone();
    tokio::spawn(async move { axum::serve(listener, served).await });
    Hub { house, live, router, address, folder }
}

impl Hub {
    pub(crate) async fn company(&self, name: &str) -> Somebody {
        let domain: Domain = format!("{name}.example").parse().unwrap();
        let mut tx = self.house.db.write().await.unwrap();
        let now = self.house.clock.now();
        let id = organisations::create(&mut tx, name, &domain, true, now).await.unwrap();
        tx.commit().await.unwrap();
        self.member(id, &format!("olga@{name}.example")).await
    }

    pub(crate) async fn member(
        &self,
        organisation: Id<Organisation>,
        email: &str,
    ) -> Somebody {
        let email: Email = email.parse().unwrap();
        let now = self.house.clock.now();
        let mut tx = self.house.db.write().await.unwrap();
        let made =
            people::create_hashed(&mut tx, &email, "Olga", HASH, Locale::default(), now);
        let person = made.await.unwrap();
        people::join(&mut tx, organisation, person, Role::Owner, now).await.unwrap();
        let fresh =
            gate::sessions::open(&self.house, &mut tx, person, Some(organisation), "");
        let fresh = fresh.await.unwrap();
        tx.commit().await.unwrap();
        Somebody { organisation, person, session: fresh.session, token: fresh.token }
    }

    pub(crate) async fn ask(
        &self,
        who: &Somebody,
        method: &str,
        path: &str,
        form: Value,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(form.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    pub(crate) async fn get(&self, who: &Somebody, path: &str) -> (u16, Value) {
        self.ask(who, "GET", path, Value::Null).await
    }

    pub(crate) async fn deal(&self, a: &Somebody, b: &Somebody, b_domain: &str) -> Deal {
        let form = json!({ "domain": b_domain });
        let (status, made) = self.ask(a, "POST", "/api/v1/partnerships", form).await;
        assert_eq!(status, 201, "{made}");
        let path = format!("/api/v1/partnerships/{}/moves", made["id"].as_str().unwrap());
        let form = json!({ "move": "accept", "revision": made["revision"] });
        assert_eq!(self.ask(b, "POST", &path, form).await.0, 200);
        let (now, mask) = (self.house.clock.now(), Mask::of(["title", "stage"]));
        let mut tx = self.house.db.write().await.unwrap();
        let opened = spaces::open(&mut tx, a.scope(), now, &mask, "x").await.unwrap();
        let (space, to) = (opened.space, b.organisation);
        let (verbs, history) = (Verbs::ALL, History::All);
        let row =
            spaces::invite(&mut tx, a.scope(), space, to, &mask, verbs, history, now);
        let party = row.await.unwrap().id;
        let accept = spaces::PartyMove::Accept;
        spaces::step(&mut tx, b.scope(), party, accept, "x", now).await.unwrap();
        tx.commit().await.unwrap();
        Deal { space, main: opened.main, party }
    }

    pub(crate) async fn remove(&self, a: &Somebody, deal: &Deal) {
        let mut tx = self.house.db.write().await.unwrap();
        let (now, remove) = (self.house.clock.now(), spaces::PartyMove::Remove);
        spaces::step(&mut tx, a.scope(), deal.party, remove, "x", now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// So many messages at once, past the limit of the socket.
    pub(crate) async fn fill(
        &self,
        who: &Somebody,
        room: Id<Room>,
        count: usize,
        body: &str,
    ) {
        let mut tx = self.house.db.write().await.unwrap();
        for _ in 0..count {
            let Somebody { person, organisation, .. } = *who;
            let event =
                NewEvent::saying(Author::Person { person, organisation }, None, body);
            log::append(&mut tx, room, self.house.clock.now(), event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(crate) async fn bare(
        &self,
        origin: Option<&str>,
        cookie: Option<&str>,
    ) -> Option<Socket> {
        let url = format!("ws://{}/api/v1/socket", self.address);
        let mut request = url.into_client_request().unwrap();
        let protocol = wire::SUBPROTOCOL.parse().unwrap();
        request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        if let Some(origin) = origin {
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        }
        if let Some(token) = cookie {
            let cookie = format!("entente_session={token}").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        let (socket, answer) = connect_async(request).await.ok()?;
        assert_eq!(answer.headers()[header::SEC_WEBSOCKET_PROTOCOL], wire::SUBPROTOCOL);
        Some(Socket(socket))
    }

    pub(crate) async fn socket(&self, who: &Somebody) -> Socket {
        let mut socket = self.bare(None, None).await.unwrap();
        socket.tell(json!({ "t": "hello", "id": 1, "v": 1, "token": who.token })).await;
        let welcome = socket.until("welcome").await;
        assert_eq!(welcome["user"], who.person.to_string());
        socket
    }
}

impl Somebody {
    pub(crate) fn scope(&self) -> gate::Scope {
        let caller = Caller {
            person: self.person,
            organisation: self.organisation,
            role: Role::Owner,
            means: Means::Session(self.session),
            scopes: Scopes::All,
        };
        caller.permit::<ReadRooms>().unwrap().scope()
    }
}

impl Socket {
    pub(crate) async fn tell(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, but presence; none once it is closed.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match message.expect("a frame comes in time") {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if frame["t"] != "eph" || frame["kind"] == "typing" {
                        return Ok(frame);
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }

    pub(crate) async fn until(&mut self, t: &str) -> Value {
        loop {
            let frame =
                self.next().await.unwrap_or_else(|code| panic!("closed by {code}"));
            if frame["t"] == t {
                return frame;
            }
        }
    }

    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    pub(crate) async fn quiet(&mut self) {
        let frame = tokio::time::timeout(Duration::from_millis(300), self.next()).await;
        assert!(frame.is_err(), "{frame:?}");
    }

    pub(crate) async fn sub(&mut self, room: Id<Room>, seq: Option<i64>) -> Value {
        let frame = match seq {
            Some(seq) => {
                let cursor = json!({ "epoch": "e1", "seq": seq });
                json!({ "t": "sub", "id": 2, "room": room, "cursor": cursor })
            }
            None => json!({ "t": "sub", "id": 2, "room": room, "limit": 0 }),
        };
        self.tell(frame).await;
        loop {
            let subd = self.until("subd").await;
            if subd["room"] == room.to_string() {
                return subd;
            }
        }
    }

    pub(crate) async fn say(&mut self, room: Id<Room>, cid: &str, body: &str) -> Value {
        let frame =
            json!({ "t": "send", "id": 3, "room": room, "cid": cid, "body": body });
        self.tell(frame).await;
        loop {
            let frame = self.next().await.unwrap();
            if frame["cid"] == cid && frame["t"] != "ev" {
                return frame;
            }
        }
    }
}
