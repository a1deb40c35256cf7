//! `/sign-in`, `/sign-out`, `/switch`, `/sessions`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use kernel::{Id, Membership, Moment, Organisation, Person, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Fresh, OwnSessions};
use crate::{
    At, Caller, Form, House, Means, Page, Password, Permit, Problem, ProblemKind, Role,
    sql,
};

pub(super) const WRONG_PASSWORD: ProblemKind = ProblemKind {
    slug: "wrong-password",
    status: 401,
    title: "Address or password is wrong",
};
pub(super) const NO_PLACE: ProblemKind =
    ProblemKind { slug: "no-membership", status: 403, title: "You are no member there" };
pub(super) const TOO_MANY: ProblemKind =
    ProblemKind { slug: "too-many-attempts", status: 429, title: "Too many attempts" };

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(switch))
        .routes(routes!(list))
        .routes(routes!(end))
}

/// An address and its password.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignIn {
    email: String,
    password: Password,
    /// For which organisation to act; the first, unless told.
    organisation: Option<Id<Organisation>>,
}

/// Another organisation to act for.
#[derive(Deserialize, ToSchema)]
pub(super) struct Switch {
    organisation: Id<Organisation>,
}

/// An id with a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OrganisationName {
    id: Id<Organisation>,
    name: String,
}

/// Who signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PersonIn {
    id: Id<Person>,
    name: String,
    email: String,
    locale: String,
}

/// A place where the person may act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PlaceView {
    id: Id<Membership>,
    organisation: OrganisationName,
    role: Role,
}

/// What a new session is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// For `Authorization: Bearer`; browsers use the cookie that came with it.
    token: String,
    organisation: OrganisationName,
    person: PersonIn,
    role: Role,
    memberships: Vec<PlaceView>,
}

impl From<Fresh> for SignedIn {
    fn from(fresh: Fresh) -> Self {
        let place = fresh.place;
        let organisation =
            OrganisationName { id: place.organisation_id, name: place.organisation_name };
        let person = PersonIn {
            id: fresh.person,
            name: place.name,
            email: place.email,
            locale: place.locale,
        };
        let memberships = fresh.places.into_iter().map(PlaceView::from).collect();
        Self { token: fresh.token, organisation, person, role: place.role, memberships }
    }
}

impl From<super::Place> for PlaceView {
    fn from(place: super::Place) -> Self {
        let organisation =
            OrganisationName { id: place.organisation_id, name: place.organisation_name };
        Self { id: place.membership_id, organisation, role: place.role }
    }
}

/// A session of one's own.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionView {
    id: Id<Session>,
    /// Whether this request was made with it.
    current: bool,
    user_agent: String,
    created_at: Moment,
    seen_at: Moment,
}

/// Sign in by address and password.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "session", security(()), responses((status = 200, body = SignedIn), (status = 401), (status = 429)))]
async fn sign_in(
    State(house): State<House>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let fresh = super::sign_in(
        &house,
        &form.email,
        &form.password,
        form.organisation,
        agent(&headers),
    )
    .await?;
    Ok(with_cookie(&house, fresh))
}

/// End the session that this request was made with.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "session", responses((status = 204)))]
async fn sign_out(
    State(house): State<House>,
    permit: Permit<OwnSessions>,
) -> Result<impl IntoResponse, Problem> {
    if let Some((caller, id)) = session_of(&permit) {
        let mut tx = house.db.write().await?;
        super::end(&mut tx, &caller, id, house.clock.now()).await?;
        tx.commit().await?;
    }
    let gone = format!(
        "{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        house.settings.cookie_name()
    );
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, gone)])))
}

/// Act for another organisation from now on, with a session of its own.
#[utoipa::path(post, path = "/api/v1/switch", operation_id = "switch_organisation", tag = "session", responses((status = 200, body = SignedIn), (status = 403)))]
async fn switch(
    State(house): State<House>,
    headers: HeaderMap,
    caller: Caller,
    Form(form): Form<Switch>,
) -> Result<impl IntoResponse, Problem> {
    let Means::Session(old) = caller.means else {
        return Err(Problem::new(
            &NO_PLACE,
            "a program's token acts for one organisation",
        ));
    };
    let mut tx = house.db.write().await?;
    let fresh = super::open(
        &house,
        &mut tx,
        caller.person,
        Some(form.organisation),
        agent(&headers),
    )
    .await?;
    super::end(&mut tx, &caller, old, house.clock.now()).await?;
    tx.commit().await?;
    Ok(with_cookie(&house, fresh))
}

/// One's own live sessions in this organisation.
#[utoipa::path(get, path = "/api/v1/sessions", operation_id = "list_sessions", tag = "session", responses((status = 200, body = Page<SessionView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<OwnSessions>,
    caller: Caller,
) -> Result<Json<Page<SessionView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows: Vec<(Id<Session>, String, Moment, Moment)> = conn
        .run(sql::SESSIONS)
        .bind(permit.scope().organisation())
        .bind(caller.person)
        .bind(house.clock.now())
        .all()
        .await?;
    let view = |(id, user_agent, created_at, seen_at)| {
        let current = caller.means == Means::Session(id);
        SessionView { id, current, user_agent, created_at, seen_at }
    };
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{session}", operation_id = "end_session", tag = "session", params(("session" = Id<Session>, Path)), responses((status = 204), (status = 404)))]
async fn end(
    State(house): State<House>,
    _permit: Permit<OwnSessions>,
    caller: Caller,
    At(session): At<Id<Session>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    if !super::end(&mut tx, &caller, session, house.clock.now()).await? {
        return Err(Problem::not_found());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session_of(permit: &Permit<OwnSessions>) -> Option<(Caller, Id<Session>)> {
    match permit.caller() {
        Some(caller @ Caller { means: Means::Session(id), .. }) => Some((caller, id)),
        _ => None,
    }
}

fn agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|told| told.to_str().ok())
        .unwrap_or_default()
}

fn with_cookie(house: &House, fresh: Fresh) -> impl IntoResponse + use<> {
    let cookie = cookie_for(house, &fresh.token);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Json(SignedIn::from(fresh)))
}

/// The cookie that carries a session's token: out of reach of scripts, and not sent along
/// when another site's page makes a request.
pub fn cookie_for(house: &House, token: &str) -> String {
    let name = house.settings.cookie_name();
    let seconds = super::lifetime(house).as_secs();
    let secure = if house.settings.is_secure() { "; Secure" } else { "" };
    format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}
