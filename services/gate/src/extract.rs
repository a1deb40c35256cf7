//! What a handler takes from a request, with refusals that are [`Problem`]s.

use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{header::IF_MATCH, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Problem, ProblemKind};

const BAD_REQUEST: ProblemKind =
    ProblemKind { slug: "bad-request", status: 400, title: "The request makes no sense" };
/// The body is larger than the hub takes.
pub const TOO_LARGE: ProblemKind =
    ProblemKind { slug: "too-large", status: 413, title: "The body is too large" };
const NOT_JSON: ProblemKind =
    ProblemKind { slug: "not-json", status: 415, title: "The body must be JSON" };
const IF_MATCH_MISSING: ProblemKind = ProblemKind {
    slug: "if-match-missing",
    status: 428,
    title: "Say which revision you change",
};

/// A JSON body, read into what cannot be wrong.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// The ids in a path.
#[derive(Debug)]
pub struct At<T>(pub T);

/// What stands behind the question mark.
#[derive(Debug)]
pub struct Asked<T>(pub T);

/// The revision that `If-Match` names (RFC 9110 § 13.1.1).
#[derive(Clone, Copy, Debug)]
pub struct Revision(pub i64);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(form)| Self(form)).map_err(|refusal| refused_body(&refusal))
    }
}

fn refused_body(refusal: &JsonRejection) -> Problem {
    match refusal.status().as_u16() {
        413 => Problem::new(&TOO_LARGE, "send less at once"),
        415 => Problem::new(&NOT_JSON, "send it with `content-type: application/json`"),
        422 => Problem::new(&crate::REFUSED_INPUT, refusal.body_text()),
        _ => Problem::new(&BAD_REQUEST, refusal.body_text()),
    }
}

impl<T: Serialize> IntoResponse for Form<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read: Result<Path<T>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        read.map(|Path(ids)| Self(ids))
            .map_err(|refusal| Problem::new(&BAD_REQUEST, refusal.body_text()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        read.map(|Query(asked)| Self(asked))
            .map_err(|refusal| Problem::new(&BAD_REQUEST, refusal.body_text()))
    }
}

impl<S: Sync> FromRequestParts<S> for Revision {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let told = parts.headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
        let told = told.ok_or_else(|| {
            Problem::new(&IF_MATCH_MISSING, "send `If-Match: \"<revision>\"`")
        })?;
        let bare = told.trim().trim_start_matches("W/").trim_matches('"');
        bare.parse().map(Self).map_err(|_not_a_number| {
            Problem::new(&BAD_REQUEST, "`If-Match` names a revision: `\"7\"`")
        })
    }
}
