//! The stage on which the tests play: a whole hub on a database of its own, companies, people
//! who ask it for things, and sockets that listen.

pub mod bench;
mod database;
mod people;
mod socket;

pub use database::Backing;
pub use people::{Answer, Company, Person};
pub use socket::Socket;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::Router;
use gate::House;
use hub::{Config, serve::Running};
use kernel::{Clock, Moment};

/// A hub of its own for one test. It goes down, and its database goes, when it is dropped.
#[derive(Debug)]
pub struct Hub {
    /// What its handlers use.
    pub house: House,
    /// Where it listens for the web.
    pub web: String,
    /// Where AS2 is listened for.
    pub as2: String,
    /// Where mailboxes are served by SFTP.
    pub sftp: String,
    /// Where it listens for mail.
    pub smtp: String,
    /// The settings that it was started with.
    pub config: Config,
    router: Router,
    now: Arc<AtomicI64>,
    running: Running,
    backing: Backing,
}

/// When every test begins: 2026-11-18, in the morning.
const BEGINNING: i64 = 1_795_000_000_000_000;

impl Hub {
    /// On an empty SQLite file.
    pub async fn on_sqlite() -> Self {
        Self::on(Backing::sqlite()).await
    }

    /// On an empty PostgreSQL database; none if no server is named. In CI that is a failure.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::on(Backing::postgres().await?).await)
    }

    /// On a backing that may have been used before.
    pub async fn on(backing: Backing) -> Self {
        Self::with(backing, |_config| {}).await
    }

    /// On a backing, with settings that differ.
    pub async fn with(backing: Backing, change: impl FnOnce(&mut Config)) -> Self {
        let free = || "127.0.0.1:0".to_owned();
        let mut config = Config {
            database_url: Some(backing.url()),
            data_dir: backing.folder().join("data"),
            listen: free(),
            as2_listen: free(),
            sftp_listen: free(),
            as2_private_networks: true,
            smtp_listen: free(),
            mail_domain: "hub.test".to_owned(),
            mail_dns: Some("off".to_owned()),
            ..Config::default()
        };
        change(&mut config);
        draw_secret(&config.data_dir);
        let begins =
            if backing.is_today() { Clock::system().now().micros() } else { BEGINNING };
        let now = Arc::new(AtomicI64::new(begins));
        let told = Arc::clone(&now);
        // The clock stands still until a test moves it: time tells nobody what others did.
        let clock =
            Clock::from_fn(move || Moment::from_micros(told.load(Ordering::Relaxed)));
        let running = hub::serve::start(&config, clock).await.expect("the hub starts");
        Self {
            house: running.house.clone(),
            web: running.addresses.web.clone(),
            as2: running.addresses.as2.clone().unwrap_or_default(),
            sftp: running.addresses.sftp.clone().unwrap_or_default(),
            smtp: running.addresses.smtp.clone().unwrap_or_default(),
            router: hub::app::router(
                &running.house,
                &running.live,
                config.body_limit_bytes,
                None,
            ),
            config,
            now,
            running,
            backing,
        }
    }

    /// Moves the clock on.
    pub fn wait(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).expect("a span that fits");
        self.now.fetch_add(micros, Ordering::Relaxed);
    }

    /// A folder of this hub's own, gone with it.
    pub fn folder(&self) -> &std::path::Path {
        self.backing.folder()
    }

    /// Goes down in good order, and hands its database over.
    pub async fn stop(self) -> Backing {
        let Self { running, backing, .. } = self;
        running.drain().await;
        backing
    }

    /// The router, for asking without a network between.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }
}

/// Lays down the secret that a hub would draw at its first start: what is derived from chance tells
/// nobody what others did.
fn draw_secret(data: &std::path::Path) {
    std::fs::create_dir_all(data).expect("a folder");
    std::fs::write(data.join("secret"), [7; 32]).expect("a secret");
}

/// Plays one of many histories on a runtime of its own, which takes everything down with it: a
/// hub that goes down in good order waits for its sockets.
pub fn alone<T>(history: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(history);
    runtime.shutdown_background();
    outcome
}

/// Writes a test once and runs it on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($( $(#[$attr:meta])* async fn $name:ident($hub:ident: Hub) $play:block )+) => {
        $( mod $name {
            use super::*;

            async fn play($hub: $crate::Hub) $play

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                play($crate::Hub::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(hub) = $crate::Hub::on_postgres().await {
                    play(hub).await;
                }
            }
        } )+
    };
}
