//! The stage of the demo: the hub's own router, people who ask it, a clock that walks.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use gate::House;
use kernel::{Clock, Moment};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Stopped, cast};

/// For how many days back the story reaches.
const DAYS: u32 = 52;
const DAY: Duration = Duration::from_hours(24);

/// The hand that moves the clock.
#[derive(Clone, Debug)]
pub(super) struct Walking {
    now: Arc<AtomicI64>,
    end: Moment,
}

/// A clock that stands still until the hand moves it, beginning some weeks ago.
pub(super) fn walking(real: &Clock) -> (Walking, Clock) {
    let end = real.now();
    let now = Arc::new(AtomicI64::new((end - DAY * DAYS).micros()));
    let told = Arc::clone(&now);
    let clock = Clock::from_fn(move || {
        // Each look is a little later, so that nothing happens at the same moment.
        Moment::from_micros(told.fetch_add(1_000, Ordering::Relaxed))
    });
    (Walking { now, end }, clock)
}

impl Walking {
    /// Moves on, but never past today.
    pub(super) fn minutes(&self, minutes: u64) {
        let then = Moment::from_micros(self.now.load(Ordering::Relaxed));
        let next = then + Duration::from_mins(minutes);
        let last = self.end - Duration::from_mins(2);
        if next < last {
            self.now.store(next.micros(), Ordering::Relaxed);
        }
    }

    /// Today.
    pub(super) fn today(&self) -> kernel::Day {
        self.end.day()
    }
}

/// The hub, and everybody's token.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) house: House,
    router: Router,
    pub(super) walking: Walking,
    tokens: BTreeMap<&'static str, String>,
    organisations: BTreeMap<&'static str, String>,
}

impl Stage {
    /// Everybody signs in.
    pub(super) async fn set(house: &House, walking: Walking) -> Result<Self, Stopped> {
        let router = crate::app::router(house, &rooms::Live::new(), 8 << 20, None);
        let (tokens, organisations) = (BTreeMap::new(), BTreeMap::new());
        let mut stage =
            Self { house: house.clone(), router, walking, tokens, organisations };
        for person in cast::PEOPLE {
            let form = json!({ "email": person.email, "password": cast::PASSWORD });
            let answer =
                stage.ask("", Method::POST, "/api/v1/sign-in", Some(form), None).await?;
            stage.tokens.insert(person.email, text(&answer, "/token"));
            stage.organisations.insert(person.company, text(&answer, "/organisation/id"));
        }
        Ok(stage)
    }

    /// The id of a company.
    pub(super) fn id(&self, company: &str) -> &str {
        self.organisations.get(company).map_or("", String::as_str)
    }

    /// Somebody reads.
    pub(super) async fn get(&self, who: &str, path: &str) -> Result<Value, Stopped> {
        self.ask(who, Method::GET, path, None, None).await
    }

    /// Somebody does something.
    pub(super) async fn post(
        &self,
        who: &str,
        path: &str,
        form: Value,
    ) -> Result<Value, Stopped> {
        self.ask(who, Method::POST, path, Some(form), None).await
    }

    /// Somebody sets something whole.
    pub(super) async fn put(
        &self,
        who: &str,
        path: &str,
        form: Value,
    ) -> Result<Value, Stopped> {
        self.ask(who, Method::PUT, path, Some(form), None).await
    }

    /// Somebody changes something that they have just read.
    pub(super) async fn patch(
        &self,
        who: &str,
        path: &str,
        revision: &Value,
        form: Value,
    ) -> Result<Value, Stopped> {
        self.ask(who, Method::PATCH, path, Some(form), Some(revision.to_string())).await
    }

    /// Somebody sends bytes that are no JSON.
    pub(super) async fn send(
        &self,
        who: &str,
        path: &str,
        bytes: String,
    ) -> Result<Value, Stopped> {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/edi-x12");
        self.run(who, path, request, Body::from(bytes)).await
    }

    async fn ask(
        &self,
        who: &str,
        method: Method,
        path: &str,
        form: Option<Value>,
        revision: Option<String>,
    ) -> Result<Value, Stopped> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(revision) = revision {
            request = request.header(header::IF_MATCH, format!("\"{revision}\""));
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = form.map_or_else(Body::empty, |form| Body::from(form.to_string()));
        self.run(who, path, request, body).await
    }

    async fn run(
        &self,
        who: &str,
        path: &str,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<Value, Stopped> {
        let stopped = |why: String| Stopped(format!("{who} {path}: {why}"));
        let request = match self.tokens.get(who) {
            Some(token) => {
                request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
            None => request,
        };
        let request = request.body(body).map_err(|error| stopped(error.to_string()))?;
        let answer = self.router.clone().oneshot(request).await;
        let response = answer.map_err(|error| stopped(error.to_string()))?;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 8 << 20).await;
        let bytes = bytes.map_err(|error| stopped(error.to_string()))?;
        let told = || String::from_utf8_lossy(&bytes).into_owned();
        if !status.is_success() {
            return Err(stopped(format!("{status} {}", told())));
        }
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| stopped(format!("{error}: {}", told())))
    }

    /// The story is over: what follows happens today.
    pub(super) fn finish(&self) {
        self.walking.now.store(self.walking.end.micros(), Ordering::Relaxed);
    }
}

/// A text of an answer, by its JSON pointer; empty where there is none.
pub(super) fn text(answer: &Value, pointer: &str) -> String {
    answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
