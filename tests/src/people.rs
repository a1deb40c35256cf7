//! Companies and people, and what they ask the hub for.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use directory::{Domain, Email, Locale, organisations, people};
use gate::Role;
use kernel::{Id, Membership, Organisation, Person as PersonKind};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::Hub;

/// A company of a test.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its id.
    pub id: Id<Organisation>,
    /// Its name.
    pub name: String,
    /// Its mail domain.
    pub domain: String,
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who; nobody has the id of a stranger.
    pub id: Id<PersonKind>,
    /// Their membership.
    pub membership: Id<Membership>,
    /// Their address.
    pub email: String,
    /// Their session's token; empty for a stranger.
    pub token: String,
    router: axum::Router,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, if it is JSON.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The headers.
    pub headers: HeaderMap,
}

/// The password of everybody in the tests: `correct horse`.
const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$ZW50ZW50ZS10ZXN0cw$bmCxqtf8wMk2/Kn60hNPxGjbo6jQk2Fa07ADoSilGzM";

impl Hub {
    /// A company whose mail domain is its name, and its owner.
    pub async fn company(&self, name: &str) -> (Company, Person) {
        let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
        let mut tx = self.house.db.write().await.unwrap();
        let parsed: Domain = domain.parse().unwrap();
        let now = self.house.clock.now();
        let id = organisations::create(&mut tx, name, &parsed, true, now).await.unwrap();
        tx.commit().await.unwrap();
        let company = Company { id, name: name.to_owned(), domain };
        let owner = self.person(&company, Role::Owner, "Olga Owner").await;
        (company, owner)
    }

    /// Somebody of a company, signed in.
    pub async fn person(&self, company: &Company, role: Role, name: &str) -> Person {
        let word = name.to_lowercase().replace(' ', ".");
        let email = format!("{word}@{}", company.domain);
        let address: Email = email.parse().unwrap();
        let now = self.house.clock.now();
        let mut tx = self.house.db.write().await.unwrap();
        let made =
            people::create_hashed(&mut tx, &address, name, HASH, Locale::default(), now)
                .await;
        let id = made.unwrap();
        let membership = people::join(&mut tx, company.id, id, role, now).await.unwrap();
        let fresh =
            gate::sessions::open(&self.house, &mut tx, id, Some(company.id), "test");
        let token = fresh.await.unwrap().token;
        tx.commit().await.unwrap();
        Person { id, membership, email, token, router: self.router() }
    }

    /// Somebody signs in once more.
    pub async fn again(&self, person: &Person, company: Id<Organisation>) -> Person {
        let mut tx = self.house.db.write().await.unwrap();
        let fresh =
            gate::sessions::open(&self.house, &mut tx, person.id, Some(company), "test");
        let token = fresh.await.unwrap().token;
        tx.commit().await.unwrap();
        Person { token, ..person.clone() }
    }

    /// Somebody who did not sign in.
    pub fn stranger(&self) -> Person {
        let (id, membership) = (Id::mint(), Id::mint());
        let (email, token) = (String::new(), String::new());
        Person { id, membership, email, token, router: self.router() }
    }

    /// Two companies become partners.
    pub async fn partners(&self, proposer: &Person, answerer: &Person) -> Value {
        let domain = answerer.email.split_once('@').unwrap().1;
        let made =
            proposer.post("/api/v1/partnerships", json!({ "domain": domain })).await;
        let made = made.expect(201);
        let path = format!("/api/v1/partnerships/{}/moves", made["id"].as_str().unwrap());
        let form = json!({ "move": "accept", "revision": made["revision"] });
        answerer.post(&path, form).await.expect(200)
    }
}

impl Person {
    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, &[]).await
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, form: Value) -> Answer {
        self.ask(Method::POST, path, Some(form), &[]).await
    }

    /// Changes a revision.
    pub async fn patch(&self, path: &str, revision: &Value, form: Value) -> Answer {
        let revision = format!("\"{revision}\"");
        self.ask(Method::PATCH, path, Some(form), &[("if-match", &revision)]).await
    }

    /// Takes away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None, &[]).await
    }

    /// Sends bytes of any kind.
    pub async fn send(&self, path: &str, kind: &str, bytes: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.run(request, bytes.into()).await
    }

    /// Asks by any method, with headers.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        form: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match form {
            None => Body::empty(),
            Some(form) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(form.to_string())
            }
        };
        self.run(request, body).await
    }

    async fn run(&self, mut request: axum::http::request::Builder, body: Body) -> Answer {
        if !self.token.is_empty() {
            request =
                request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let response =
            self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
        Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            bytes,
            headers,
        }
    }
}

impl Answer {
    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        let told = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{told}");
        self.body
    }

    /// The last part of the problem's type.
    pub fn problem(&self) -> &str {
        self.body["type"]
            .as_str()
            .and_then(|it| it.rsplit('/').next())
            .unwrap_or_default()
    }
}

impl Person {
    /// The router that this person asks, to put something before it.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Puts another router in its place.
    pub fn replace_router(&mut self, router: axum::Router) {
        self.router = router;
    }
}
