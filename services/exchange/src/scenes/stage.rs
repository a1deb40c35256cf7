//! A vendor, a buyer, and a rival of the vendor, on a database of their own.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::Request,
};
use directory::{
    Locale, organisations,
    organisations::{Identifier, Scheme},
    people,
};
use gate::{Caller, House, Means, Role, Scopes, Settings};
use kernel::{Clock, Id, Moment, Node, Organisation, Space};
use serde_json::Value;
use sharing::Mask;
use store::{Bus, Db, Files, Statement};
use tower::ServiceExt as _;

use crate::drop_folder::DropFolder;

pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) clock_us: Arc<AtomicI64>,
    pub(crate) folder: PathBuf,
    pub(crate) vendor: Caller,
    pub(crate) buyer: Caller,
    pub(crate) rival: Caller,
    router: Router,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        let told = String::from_utf8_lossy(&self.bytes);
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{told}"))
    }

    pub(crate) fn expect(self, status: u16) -> Value {
        let told = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{told}");
        self.json()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.to_vec()).unwrap()
    }
}

const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$ZW50ZW50ZS10ZXN0cw$bmCxqtf8wMk2/Kn60hNPxGjbo6jQk2Fa07ADoSilGzM";

impl Stage {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = fresh_folder();
        let url = format!("sqlite:{}", folder.join("hub.db").display());
        Self::on(&url, folder).await
    }

    /// None where no PostgreSQL is told of, which in CI is a failure.
    pub(crate) async fn on_postgres() -> Option<Self> {
        let Ok(server) = std::env::var("ENTENTE_TEST_POSTGRES") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI must set ENTENTE_TEST_POSTGRES"
            );
            return None;
        };
        let name = Id::<Node>::mint().to_string();
        let admin = Db::open(&format!("{server}/postgres"), Bus::local()).await.unwrap();
        let sql: &'static str = Box::leak(format!("create database {name}").into());
        let made = Statement { name: "make", sqlite: "", postgres: sql, unscoped: None };
        admin.read().await.unwrap().run(made).execute().await.unwrap();
        admin.close().await;
        Some(Self::on(&format!("{server}/{name}"), fresh_folder()).await)
    }

    /// The same, where AS2 calls addresses of the Internet alone.
    pub(crate) fn without_private_networks(mut self) -> Self {
        let settings = Settings {
            as2_private_networks: false,
            ..Settings::clone(&self.house.settings)
        };
        self.house.settings = Arc::new(settings);
        let (router, _) = crate::routes().merge(commerce::routes()).split_for_parts();
        self.router = router.with_state(self.house.clone());
        self
    }

    async fn on(url: &str, folder: PathBuf) -> Self {
        let db = Db::open(url, Bus::local()).await.unwrap();
        db.migrate().await.unwrap();
        let clock_us = Arc::new(AtomicI64::new(1_795_000_000_000_000));
        let tells = Arc::clone(&clock_us);
        let settings = Settings {
            public_url: "http://hub.test".into(),
            sftp_address: "sftp.test:4222".to_owned(),
            as2_url: "http://as2.test/as2".to_owned(),
            as2_private_networks: true,
            mail_domain: "hub.test".into(),
            smtp_relay: None,
            session_days: 30,
            mail_limit_bytes: 1_000_000,
            secret: [7; 32],
            mail: gate::MailSettings::default(),
            calls: gate::CallSettings::default(),
        };
        let house = House {
            db,
            files: Files::at(folder.join("files")),
            clock: Clock::from_fn(move || {
                Moment::from_micros(tells.load(Ordering::SeqCst))
            }),
            settings: Arc::new(settings),
            actions: crate::ACTIONS,
        };
        let vendor = company(&house, "Vega", Some("ZZ:VEGA")).await;
        let buyer = company(&house, "Dorn", Some("ZZ:DORN")).await;
        let rival = company(&house, "Rival", Some("ZZ:RIVAL")).await;
        let (router, _) = crate::routes().merge(commerce::routes()).split_for_parts();
        let router = router.with_state(house.clone());
        Self { house, clock_us, folder, vendor, buyer, rival, router }
    }

    pub(crate) async fn ask(
        &self,
        who: Caller,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("content-type", "application/json")
            .extension(who)
            .body(body.into())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, bytes }
    }

    pub(crate) async fn get(&self, who: Caller, path: &str) -> Answer {
        self.ask(who, "GET", path, Body::empty()).await
    }

    pub(crate) async fn post(&self, who: Caller, path: &str, form: Value) -> Answer {
        self.ask(who, "POST", path, form.to_string()).await
    }

    /// Sends interchanges in; gives what became of them.
    pub(crate) async fn send(&self, who: Caller, file: impl Into<Body>) -> Vec<Value> {
        let told = self.ask(who, "POST", "/edi/interchanges", file).await.expect(202);
        told["items"].as_array().unwrap().clone()
    }

    /// A deal of the vendor's alone.
    pub(crate) async fn deal(&self, title: &str, account: &str) -> Id<Space> {
        let mut tx = self.house.db.write().await.unwrap();
        let now = self.house.clock.now();
        let scope =
            self.vendor.permit::<commerce::orders::AnswerOrders>().unwrap().scope();
        let mask =
            Mask::of(["title", "account", "amount", "close_on", "next_step", "stage"]);
        let opened = sharing::spaces::open(&mut tx, scope, now, &mask, title).await;
        let space = opened.unwrap().space;
        let sql = "insert into deal (space_id, title, account_name, amount_minor, currency, stage, revision, created_at, updated_at)
                   values ($1, $2, $3, 0, 'EUR', 'qualified', 1, 0, 0)";
        let card = Statement { name: "card", sqlite: sql, postgres: sql, unscoped: None };
        tx.run(card).bind(space).bind(title).bind(account).execute().await.unwrap();
        tx.commit().await.unwrap();
        space
    }

    /// What the vendor reads in the main room of a deal: kinds and details.
    pub(crate) async fn room(&self, deal: Id<Space>) -> Vec<(String, Value)> {
        let mut conn = self.house.db.read().await.unwrap();
        let room = sharing::log::main_room(&mut conn, deal).await.unwrap();
        let all = sharing::Range::After(0);
        let slice =
            sharing::log::slice(&mut conn, self.vendor.organisation, room, all, 100);
        let events = slice.await.unwrap().unwrap().events;
        let told = |event: sharing::Event| {
            let kind = serde_json::to_value(event.kind).unwrap();
            (kind.as_str().unwrap().to_owned(), event.detail.unwrap_or_default())
        };
        events.into_iter().map(told).collect()
    }

    pub(crate) fn drop_folder(&self) -> DropFolder {
        let every = std::time::Duration::from_millis(20);
        DropFolder { every, ..DropFolder::beside(&self.house.files) }
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let count =
            Statement { name: "count", sqlite: sql, postgres: sql, unscoped: None };
        let mut conn = self.house.db.read().await.unwrap();
        conn.run(count).one::<(i64,)>().await.unwrap().0
    }
}

async fn company(house: &House, name: &str, isa: Option<&str>) -> Caller {
    let mut tx = house.db.write().await.unwrap();
    let (now, word) = (house.clock.now(), name.to_lowercase());
    let domain = format!("{word}.example").parse().unwrap();
    let made = organisations::create(&mut tx, name, &domain, true, now).await;
    let organisation: Id<Organisation> = made.unwrap();
    if let Some(isa) = isa {
        let isa = [Identifier::new(Scheme::Isa, isa).unwrap()];
        organisations::identify(&mut tx, organisation, &isa).await.unwrap();
    }
    let email = format!("olga@{word}.example").parse().unwrap();
    let locale = Locale::default();
    let made = people::create_hashed(&mut tx, &email, "Olga", HASH, locale, now).await;
    let person = made.unwrap();
    people::join(&mut tx, organisation, person, Role::Owner, now).await.unwrap();
    tx.commit().await.unwrap();
    let means = Means::Session(Id::mint());
    Caller { person, organisation, role: Role::Owner, means, scopes: Scopes::All }
}

/// Another person of the vendor's.
pub(crate) async fn colleague(stage: &Stage, name: &str, role: Role) -> Caller {
    let (house, organisation) = (&stage.house, stage.vendor.organisation);
    let (now, locale) = (house.clock.now(), Locale::default());
    let mut tx = house.db.write().await.unwrap();
    let email = format!("{name}@vega.example").parse().unwrap();
    let made = people::create_hashed(&mut tx, &email, name, HASH, locale, now).await;
    let person = made.unwrap();
    people::join(&mut tx, organisation, person, role, now).await.unwrap();
    tx.commit().await.unwrap();
    Caller { person, role, means: Means::Session(Id::mint()), ..stage.vendor }
}

fn fresh_folder() -> PathBuf {
    let name = Id::<Node>::mint().to_string();
    let folder = std::env::temp_dir().join("entente-tests").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// An interchange of these groups of segments, each group one set.
pub(crate) fn interchange(
    from: &str,
    to: &str,
    control: u32,
    code: &str,
    sets: &[String],
) -> String {
    let mut text = format!(
        "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*261122*1200*U*00401*{control:09}*0*P*>~\n\
         GS*{code}*{from}*{to}*20261122*1200*{control}*X*004010~\n"
    );
    for set in sets {
        text.push_str(set);
    }
    let end = format!("GE*{}*{control}~\nIEA*1*{control:09}~\n", sets.len());
    text + &end
}

pub(crate) struct Order<'o> {
    pub(crate) number: &'o str,
    pub(crate) control: &'o str,
    pub(crate) reference: Option<&'o str>,
    pub(crate) buyer: &'o str,
    pub(crate) quantity: &'o str,
}

impl Default for Order<'_> {
    fn default() -> Self {
        let (number, control, quantity) = ("4711", "0001", "3");
        Self { number, control, reference: None, buyer: "Dorn", quantity }
    }
}

impl Order<'_> {
    pub(crate) fn set(&self) -> String {
        let mut segments = vec![
            format!("ST*850*{}", self.control),
            format!("BEG*00*SA*{}**20261120", self.number),
            "CUR*BY*EUR".into(),
        ];
        segments.extend(self.reference.map(|it| format!("REF*CT*{it}")));
        segments.push(format!("N1*BY*{}*92*D1", self.buyer));
        segments.push(format!("PO1*1*{}*EA*4.15**VP*A-1", self.quantity));
        segments.push("PID*F****Bracket".into());
        segments.push("PO1*2*10*EA*0.125**VP*A-2".into());
        segments.push("CTT*2".into());
        segments.push(format!("SE*{}*{}", segments.len() + 1, self.control));
        segments.join("~\n") + "~\n"
    }

    pub(crate) fn alone(&self, control: u32) -> String {
        interchange("DORN", "VEGA", control, "PO", &[self.set()])
    }
}
