//! A hub of its own for each scene, with a clock that stands still until it is moved.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use directory::{Domain, Email, Locale, organisations, people};
use gate::{House, Password, Role, Settings};
use kernel::{Clock, Id, Moment, Organisation};
use serde_json::{Value, json};
use store::{Bus, Db, Files};
use tower::ServiceExt;

pub(crate) const NOON: i64 = 1_795_000_000_000_000;
pub(crate) const PASSWORD: &str = "correct horse";

/// Plays each scene on both databases; PostgreSQL where `ENTENTE_TEST_POSTGRES` names one.
macro_rules! scenes {
    ($( async fn $name:ident($stage:ident: Stage) $body:block )+) => {
        $( async fn $name($stage: $crate::scenes::stage::Stage) $body

        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::scenes::stage::Stage::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(stage) = $crate::scenes::stage::Stage::postgres().await {
                    super::$name(stage).await;
                }
            }
        } )+
    };
}

pub(crate) use scenes;

pub(crate) struct Stage {
    pub(crate) house: House,
    app: Router,
    time: Arc<AtomicI64>,
    file: Option<PathBuf>,
}

/// Somebody who acts.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) organisation: Id<Organisation>,
    pub(crate) token: String,
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            for end in ["", "-wal", "-shm"] {
                let file = format!("{}{end}", file.display());
                drop(std::fs::remove_file(file));
            }
        }
    }
}

impl Stage {
    pub(crate) async fn sqlite() -> Self {
        let name = format!("entente-crm-{}.db", Id::<Organisation>::mint());
        let file = std::env::temp_dir().join(name);
        let db = Db::open(&format!("sqlite:{}", file.display()), Bus::local()).await;
        Self::on(db.unwrap(), Some(file)).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("ENTENTE_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "ENTENTE_TEST_POSTGRES is not set");
            return None;
        };
        let name = format!("crm_{}", Id::<Organisation>::mint());
        let pool = sqlx::PgPool::connect(&format!("{server}/postgres")).await.unwrap();
        let make = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::raw_sql(make).execute(&pool).await.unwrap();
        pool.close().await;
        let db = Db::open(&format!("{server}/{name}"), Bus::local()).await.unwrap();
        Some(Self::on(db, None).await)
    }

    async fn on(db: Db, file: Option<PathBuf>) -> Self {
        db.migrate().await.unwrap();
        let time = Arc::new(AtomicI64::new(NOON));
        let told = Arc::clone(&time);
        let clock =
            Clock::from_fn(move || Moment::from_micros(told.load(Ordering::SeqCst)));
        let settings = Settings {
            public_url: "https://hub.example".to_owned(),
            sftp_address: "sftp.test:4222".to_owned(),
            as2_url: "http://as2.test/as2".to_owned(),
            as2_private_networks: true,
            mail_domain: "hub.example".to_owned(),
            smtp_relay: Some("smtp://127.0.0.1:1".to_owned()),
            session_days: 400,
            mail_limit_bytes: 1_000_000,
            secret: [7; 32],
            mail: gate::MailSettings::default(),
            calls: gate::CallSettings::default(),
        };
        let folder = std::env::temp_dir().join("entente-crm-files");
        let house = House {
            db,
            files: Files::at(folder),
            clock,
            settings: Arc::new(settings),
            actions: crate::ACTIONS,
        };
        let (routes, _document) = crate::routes()
            .merge(sharing::routes())
            .merge(directory::routes())
            .split_for_parts();
        let authenticate =
            axum::middleware::from_fn_with_state(house.clone(), gate::authenticate);
        let app = routes.layer(authenticate).with_state(house.clone());
        Self { house, app, time, file }
    }

    /// Breaks a rule of the schema on purpose, on SQLite.
    pub(crate) async fn break_schema(&self, sql: &'static str) {
        let file = self.file.as_ref().unwrap().display().to_string();
        let pool = sqlx::SqlitePool::connect(&format!("sqlite:{file}")).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    }

    pub(crate) fn now(&self) -> Moment {
        self.house.clock.now()
    }

    pub(crate) fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.time.fetch_add(micros, Ordering::SeqCst);
    }

    /// An organisation with its owner, who is signed in.
    pub(crate) async fn company(&self, name: &str, domain: &str) -> Actor {
        let mut tx = self.house.db.write().await.unwrap();
        let domain: Domain = domain.parse().unwrap();
        let made = organisations::create(&mut tx, name, &domain, true, self.now()).await;
        let organisation = made.unwrap();
        tx.commit().await.unwrap();
        self.member(organisation, &format!("owner@{domain}"), Role::Owner).await
    }

    /// Somebody of an organisation, who is signed in.
    pub(crate) async fn member(
        &self,
        organisation: Id<Organisation>,
        email: &str,
        role: Role,
    ) -> Actor {
        let password = Password::try_from(PASSWORD.to_owned()).unwrap();
        let address: Email = email.parse().unwrap();
        let (now, locale) = (self.now(), Locale::En);
        let mut tx = self.house.db.write().await.unwrap();
        let made = people::create(&mut tx, &address, email, &password, locale, now).await;
        let person = made.unwrap();
        people::join(&mut tx, organisation, person, role, now).await.unwrap();
        let fresh =
            gate::sessions::open(&self.house, &mut tx, person, Some(organisation), "");
        let token = fresh.await.unwrap().token;
        tx.commit().await.unwrap();
        Actor { organisation, token }
    }

    /// A request; `by` is a bearer token, empty for a stranger.
    pub(crate) async fn ask(
        &self,
        by: &str,
        (method, path): (&str, &str),
        body: Value,
    ) -> (StatusCode, Value) {
        self.ask_at(by, (method, path), body, None).await
    }

    /// A request about a revision.
    pub(crate) async fn ask_at(
        &self,
        by: &str,
        (method, path): (&str, &str),
        body: Value,
        revision: Option<i64>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::CONTENT_TYPE, "application/json");
        if !by.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {by}"));
        }
        if let Some(revision) = revision {
            request = request.header(header::IF_MATCH, format!("\"{revision}\""));
        }
        let body =
            if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, by: &Actor, path: &str) -> Value {
        let (status, answer) = self.ask(&by.token, ("GET", path), Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// Two companies that sell together.
    pub(crate) async fn partners(&self) -> (Actor, Actor) {
        let acme = self.company("Acme", "acme.example").await;
        let borel = self.company("Borel", "borel.example").await;
        self.shake(&acme, &borel, "borel.example").await;
        (acme, borel)
    }

    /// A handshake.
    pub(crate) async fn shake(&self, one: &Actor, other: &Actor, domain: &str) -> String {
        let form = json!({ "domain": domain });
        let (status, told) = self.ask(&one.token, ("POST", "/partnerships"), form).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
        let (id, revision) = (told["id"].as_str().unwrap(), &told["revision"]);
        let path = format!("/partnerships/{id}/moves");
        let form = json!({ "move": "accept", "revision": revision });
        let (status, told) = self.ask(&other.token, ("POST", &path), form).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        told["id"].as_str().unwrap().to_owned()
    }

    /// A post that must succeed.
    pub(crate) async fn post(&self, by: &Actor, path: &str, form: Value) -> Value {
        let (status, told) = self.ask(&by.token, ("POST", path), form).await;
        assert!(status.is_success(), "{path}: {status} {told}");
        told
    }

    /// A change that must succeed.
    pub(crate) async fn patch(
        &self,
        by: &Actor,
        path: &str,
        revision: i64,
        form: Value,
    ) -> Value {
        let (status, told) =
            self.ask_at(&by.token, ("PATCH", path), form, Some(revision)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {told}");
        told
    }
}
