//! Two companies, their people, and deals whose rooms both may read.

use std::path::PathBuf;

use gate::Role;
use serde_json::json;
use suite::{Backing, Company, Hub, Person};

use crate::{Servers, others, process::Server, speech::Speech};

/// People of each side who speak. Nobody may say more than two things a second.
const SPEAKERS: usize = 60;
/// Rooms that are there.
const ROOMS: usize = 50;

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// The limit.
    Bare,
    /// A hub on SQLite.
    Sqlite,
    /// A hub on PostgreSQL.
    Postgres,
    /// Two hubs on PostgreSQL, joined by NATS; each side's people are on one of them.
    TwoNodes,
    /// ejabberd's group chat, in memory.
    Ejabberd,
    /// Prosody's group chat, in memory.
    Prosody,
    /// A server on socket.io, in memory.
    SocketIo,
}

impl Kind {
    /// Its name, as one asks for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::TwoNodes => "nodes",
            Self::Ejabberd => "ejabberd",
            Self::Prosody => "prosody",
            Self::SocketIo => "socket.io",
        }
    }

    /// How it is spoken to.
    pub(crate) const fn speech(self) -> Speech {
        match self {
            Self::Bare | Self::Sqlite | Self::Postgres | Self::TwoNodes => Speech::Ours,
            Self::Ejabberd | Self::Prosody => Speech::Xmpp,
            Self::SocketIo => Speech::SocketIo,
        }
    }
}

/// Everything that a server and its clients need.
#[derive(Debug)]
pub(crate) struct Stage {
    kind: Kind,
    backing: Option<Backing>,
    /// Where others keep what they need.
    folder: Option<Backing>,
    /// The tokens of the host's people.
    pub(crate) hosts: Vec<String>,
    /// The tokens of the party's people.
    pub(crate) parties: Vec<String>,
    /// The rooms.
    pub(crate) rooms: Vec<String>,
}

impl Stage {
    /// Sets it; none where a server that it needs is not there.
    pub(crate) async fn set(kind: Kind) -> Option<Self> {
        let backing = match kind {
            Kind::Bare | Kind::Ejabberd | Kind::Prosody | Kind::SocketIo => {
                let some = || vec![String::from("nobody")];
                let rooms = (0..ROOMS).map(|number| format!("room{number}")).collect();
                let (hosts, parties) = (some(), some());
                let folder = Some(Backing::sqlite());
                return Some(Self { kind, backing: None, folder, hosts, parties, rooms });
            }
            Kind::Sqlite => Backing::sqlite(),
            Kind::Postgres => Backing::postgres().await?,
            Kind::TwoNodes => {
                std::env::var("ENTENTE_TEST_NATS").ok()?;
                Backing::postgres().await?
            }
        };
        let hub = Hub::with(backing, |config| config.session_days = 3_650).await;
        let (vendor, olga) = hub.company("Nordwind").await;
        let (partner, bruno) = hub.company("Atelier").await;
        hub.partners(&olga, &bruno).await;
        let mut rooms = Vec::new();
        for number in 0..ROOMS {
            rooms.push(room(&olga, &bruno, &partner, number).await);
        }
        let hosts = speakers(&hub, &vendor).await;
        let parties = speakers(&hub, &partner).await;
        let backing = Some(hub.stop().await);
        Some(Self { kind, backing, folder: None, hosts, parties, rooms })
    }

    /// What it is.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// Starts its servers: the host's people speak to the first, the party's to the last. None
    /// where one is not to be had.
    pub(crate) fn serve(&self) -> Servers {
        if let (Some(folder), true) = (&self.folder, self.kind != Kind::Bare) {
            return others::start(self.kind, folder.folder()).into_iter().collect();
        }
        let Some(backing) = &self.backing else {
            return vec![Server::start("--bare", &[])];
        };
        let data: PathBuf = backing.folder().join("data");
        let mut environment = vec![
            ("BENCH_DATABASE", backing.url()),
            ("BENCH_DATA", data.display().to_string()),
        ];
        let nodes = if self.kind == Kind::TwoNodes { 2 } else { 1 };
        if let (2, Ok(nats)) = (nodes, std::env::var("ENTENTE_TEST_NATS")) {
            environment.push(("BENCH_NATS", nats));
        }
        (0..nodes).map(|_| Server::start("--hub", &environment)).collect()
    }
}

async fn room(olga: &Person, bruno: &Person, partner: &Company, number: usize) -> String {
    let form = json!({ "title": format!("Deal {number}"), "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
    let deal = olga.post("/api/v1/deals", form).await.expect(201);
    let path = format!("/api/v1/deals/{}", deal["id"].as_str().expect("an id"));
    let form = json!({ "organisation": partner.id, "fields": ["title", "account", "stage"], "verbs": ["read", "comment"], "history": "all" });
    let party = olga.post(&format!("{path}/parties"), form).await.expect(201);
    let moves = format!("{path}/parties/{}/moves", party["id"].as_str().expect("an id"));
    bruno.post(&moves, json!({ "move": "accept" })).await.expect(200);
    let rooms = deal["rooms"].as_array().expect("rooms");
    let main = rooms.iter().find(|room| room["kind"] == "main").expect("a main room");
    main["id"].as_str().expect("an id").to_owned()
}

async fn speakers(hub: &Hub, company: &Company) -> Vec<String> {
    let mut tokens = Vec::new();
    for number in 0..SPEAKERS {
        let name = format!("Speaker {number}");
        tokens.push(hub.person(company, Role::Seller, &name).await.token);
    }
    tokens
}
