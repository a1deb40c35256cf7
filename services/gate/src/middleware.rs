//! What every request passes before it reaches a handler.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Fault, Moment};
use store::{Claim, Sha256};

use crate::{
    Caller, FORBIDDEN, House, Means, Problem, ProblemKind, Scopes, sessions::hash_token,
    sql,
};

const NO_LEASE: ProblemKind =
    ProblemKind { slug: "no-lease", status: 503, title: "This node may not answer now" };
const KEY_REUSED: ProblemKind = ProblemKind {
    slug: "key-reused",
    status: 409,
    title: "This idempotency key was used for something else",
};
const KEY_APPLIED: ProblemKind = ProblemKind {
    slug: "key-applied",
    status: 409,
    title: "This request was carried out before, but its answer is gone",
};

/// A use is written down at most this often.
const TOUCH_EVERY: Duration = Duration::from_mins(5);
/// What a browser's script must send with every request that changes something: a foreign page
/// cannot, without asking first (CORS), and we never allow it.
const CLIENT: HeaderName = HeaderName::from_static("x-entente-client");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const KEPT_ANSWER_BYTES: usize = 256 * 1024;
/// The largest body of a request with a key: it is held to be compared. Interchanges, the
/// largest that anybody sends, have 10 MiB.
const KEYED_BODY_BYTES: usize = 10 * 1024 * 1024 + 1024;

/// Finds who is behind a request, and puts the [`Caller`] beside it. A request without a
/// session or token goes on without one: only its handler knows whether it needs one.
pub async fn authenticate(
    State(house): State<House>,
    mut request: Request,
    next: Next,
) -> Response {
    match caller(&house, request.headers(), request.method()).await {
        Ok(Some(caller)) => drop(request.extensions_mut().insert(caller)),
        Ok(None) => {}
        Err(problem) => return problem.into_response(),
    }
    next.run(request).await
}

async fn caller(
    house: &House,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Option<Caller>, Problem> {
    if let Some(token) = bearer(headers) {
        return Ok(authenticate_token(house, token).await?);
    }
    let Some(token) = cookie(headers, house.settings.cookie_name()) else {
        return Ok(None);
    };
    let found = authenticate_token(house, token).await?;
    if found.is_some() && !method.is_safe() && !headers.contains_key(CLIENT) {
        let detail = "a request that changes something and is known by its cookie must carry `X-Entente-Client`";
        return Err(Problem::new(&FORBIDDEN, detail));
    }
    Ok(found)
}

/// Who is behind a session's or a program's token, if it is live.
///
/// # Errors
/// Only ours.
pub async fn authenticate_token(
    house: &House,
    token: &str,
) -> Result<Option<Caller>, Fault> {
    let (hash, now) = (hash_token(token), house.clock.now());
    let mut conn = house.db.read().await?;
    if let Some(row) = sql::session_by_token(&mut conn, &hash, now).await? {
        drop(conn);
        if stale(Some(row.seen_at), now) {
            let mut tx = house.db.write().await?;
            let expires = now + crate::sessions::lifetime(house);
            sql::touch_session(&mut tx, row.id, now, expires).await?;
            tx.commit().await?;
        }
        return Ok(Some(Caller {
            person: row.person_id,
            organisation: row.organisation_id,
            role: row.role,
            means: Means::Session(row.id),
            scopes: Scopes::All,
        }));
    }
    let Some(row) = sql::caller_by_token(&mut conn, &hash).await? else {
        return Ok(None);
    };
    drop(conn);
    if stale(row.last_used_at, now) {
        let mut tx = house.db.write().await?;
        sql::touch_token(&mut tx, row.id, now).await?;
        tx.commit().await?;
    }
    let writes = row.scopes.split(' ').any(|scope| scope == "write");
    Ok(Some(Caller {
        person: row.person_id,
        organisation: row.organisation_id,
        role: row.role,
        means: Means::Token(row.id),
        scopes: if writes { Scopes::All } else { Scopes::Read },
    }))
}

fn stale(seen: Option<Moment>, now: Moment) -> bool {
    seen.is_none_or(|seen| seen + TOUCH_EVERY < now)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let told = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = told.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Makes answers while no rights are being taken away, so that what was read under a right
/// is out before its revocation returns; see [`store::Bus::fence`]. A process without a
/// [lease](store::Lease) answers nothing.
pub async fn fence(State(house): State<House>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let bus = house.db.bus();
    if !bus.lease().is_live() {
        return no_lease();
    }
    let (method, headers) = (request.method(), request.headers());
    let reads = method.is_safe() && !headers.contains_key(header::UPGRADE);
    let held = if reads { Some(bus.fence().read().await) } else { None };
    let answers = bus.answers();
    let response = next.run(request).await;
    drop(held);
    // Right before it goes: rights may have been taken away on another node, or this process
    // may have stood still.
    if !bus.lease().is_live() || (reads && bus.answers() != answers) {
        return no_lease();
    }
    response
}

fn no_lease() -> Response {
    let detail = "this node lost touch with the others; ask again in a moment";
    let headers = [(header::RETRY_AFTER, "1")];
    (headers, Problem::new(&NO_LEASE, detail)).into_response()
}

/// Makes a request with an `Idempotency-Key` happen once: a second one gets the first one's
/// answer, and another body under the same key is refused.
pub async fn idempotent(
    State(house): State<House>,
    request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>().copied();
    let key = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let (Some(caller), Some(key), false) = (caller, key, request.method().is_safe())
    else {
        return next.run(request).await;
    };
    let Some(key) = key.to_str().ok().filter(|key| (1..=200).contains(&key.len())) else {
        return Problem::refused("Idempotency-Key", "1 to 200 visible characters")
            .into_response();
    };
    match keyed(&house, caller, key.to_owned(), request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(
    house: &House,
    caller: Caller,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, KEYED_BODY_BYTES).await else {
        return Err(Problem::new(
            &crate::TOO_LARGE,
            "send less at once, or without a key",
        ));
    };
    let told = format!("{} {}\n", parts.method, parts.uri);
    let claim = Claim {
        organisation: caller.organisation,
        person: caller.person,
        key,
        body: Sha256::of(&[told.as_bytes(), &body].concat()),
        at: house.clock.now(),
    };
    if let Some(answer) = known(house, &claim).await? {
        return Ok(answer);
    }
    let request = Request::from_parts(parts, Body::from(body));
    let (response, taken) = store::with_claim(claim.clone(), next.run(request)).await;
    if !taken {
        // Nothing was committed: either it was refused, or another one with this key won.
        return Ok(known(house, &claim).await?.unwrap_or(response));
    }
    let (parts, body) = response.into_parts();
    let body =
        to_bytes(body, usize::MAX).await.map_err(Fault::new("reading our answer"))?;
    if body.len() <= KEPT_ANSWER_BYTES {
        let mut tx = house.db.write().await?;
        let text = String::from_utf8_lossy(&body);
        store::remember(&mut tx, &claim, parts.status.as_u16(), &text).await?;
        tx.commit().await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The answer to a key that was used before.
async fn known(house: &House, claim: &Claim) -> Result<Option<Response>, Problem> {
    let mut conn = house.db.read().await?;
    let Some((body, status, answer)) = store::recall(&mut conn, claim).await? else {
        return Ok(None);
    };
    if body != claim.body.to_string() {
        return Err(Problem::new(&KEY_REUSED, "take a new key for a new request"));
    }
    let (Some(status), Some(answer)) = (status, answer) else {
        return Err(Problem::new(&KEY_APPLIED, "read the record to see what came of it"));
    };
    let status =
        u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok(Some(
        (status.unwrap_or(StatusCode::OK), kind, Bytes::from(answer)).into_response(),
    ))
}
