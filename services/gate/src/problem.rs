use std::error::Error;

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use kernel::Fault;
use serde_json::{Map, Value, json};

/// A kind of problem: one row of the public catalogue.
#[derive(Debug, Eq, PartialEq)]
pub struct ProblemKind {
    /// The last part of its URI. Programs match on it, so it never changes.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// One line for people, the same at every occurrence.
    pub title: &'static str,
}

/// One occurrence of a [`ProblemKind`], as RFC 9457 writes it.
#[derive(Debug)]
pub struct Problem {
    kind: &'static ProblemKind,
    detail: String,
    members: Map<String, Value>,
}

macro_rules! kinds {
    ($( $(#[$doc:meta])+ $name:ident = $status:literal $slug:literal $title:literal; )+) => {
        $( $(#[$doc])+
        pub const $name: ProblemKind =
            ProblemKind { slug: $slug, status: $status, title: $title }; )+
    };
}

kinds! {
    /// No caller is known.
    UNAUTHENTICATED = 401 "unauthenticated" "Sign in first";
    /// The caller is known, but may not do this.
    FORBIDDEN = 403 "forbidden" "You may not do this";
    /// There is no such thing, or it is not the caller's to know of.
    NOT_FOUND = 404 "not-found" "There is no such thing";
    /// What is asked for does not go with what is.
    CONFLICT = 409 "conflict" "This does not go with what is there";
    /// The record has changed since it was read.
    STALE_REVISION = 409 "stale-revision" "Somebody changed it in the meantime";
    /// A value cannot be what it is given as.
    REFUSED_INPUT = 422 "refused-input" "A value was refused";
    /// Ours.
    INTERNAL = 500 "internal" "Something failed on our side";
}

impl Problem {
    /// This occurrence, in words for the person who caused it.
    pub fn new(kind: &'static ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), members: Map::new() }
    }

    /// There is no such thing: the same answer for what is absent and what is not the
    /// caller's to know of.
    pub fn not_found() -> Self {
        Self::new(&NOT_FOUND, "nothing of that id is yours to see")
    }

    /// A value of the input was refused.
    pub fn refused(field: &str, detail: impl Into<String>) -> Self {
        Self::new(&REFUSED_INPUT, detail).with("field", field)
    }

    /// The record has another revision than the caller read.
    pub fn stale(revision: i64) -> Self {
        Self::new(
            &STALE_REVISION,
            "read it again, and apply your change to what it is now",
        )
        .with("revision", revision)
    }

    /// Adds a member that a program can act on.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Its kind.
    pub const fn kind(&self) -> &'static ProblemKind {
        self.kind
    }

    /// Its words.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// The one place where a fault is logged.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::error!(error = &fault as &dyn Error, "answering 500: {fault}");
        Self::new(
            &INTERNAL,
            "it has been written down; try again, or ask the administrator",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = self.members;
        body.insert("type".to_owned(), json!(format!("/problems/{}", self.kind.slug)));
        body.insert("title".to_owned(), json!(self.kind.title));
        body.insert("status".to_owned(), json!(self.kind.status));
        body.insert("detail".to_owned(), json!(self.detail));
        let status = StatusCode::from_u16(self.kind.status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [(CONTENT_TYPE, "application/problem+json")];
        (status, headers, Value::Object(body).to_string()).into_response()
    }
}
