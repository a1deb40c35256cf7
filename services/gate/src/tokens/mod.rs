//! Tokens for programs: each acts as its person, in one organisation, within its scopes.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Id, Moment, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Action, At, Caller, Form, House, Means, Page, Permit, Problem, Reach, Role,
    sessions::{fresh_token, hash_token},
    sql,
};

/// See, make and end one's own tokens.
#[derive(Debug)]
pub enum OwnTokens {}

impl Action for OwnTokens {
    const NAME: &'static str = "token.own";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

/// What a token may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TokenScope {
    Read,
    Write,
}

#[derive(Deserialize, ToSchema)]
struct NewToken {
    /// What it is for, 1 to 100 characters.
    name: String,
    scopes: Vec<TokenScope>,
}

type TokenRow = (Id<Token>, String, String, Moment, Option<Moment>);

#[derive(Serialize, ToSchema)]
struct TokenView {
    id: Id<Token>,
    name: String,
    scopes: Vec<TokenScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    created_at: Moment,
    last_used_at: Option<Moment>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(end))
}

/// One's own tokens.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", tag = "session", responses((status = 200, body = Page<TokenView>)))]
async fn list(
    State(house): State<House>,
    permit: Permit<OwnTokens>,
    caller: Caller,
) -> Result<Json<Page<TokenView>>, Problem> {
    let mut conn = house.db.read().await?;
    let rows: Vec<TokenRow> = conn
        .run(sql::TOKENS)
        .bind(permit.scope().organisation())
        .bind(caller.person)
        .all()
        .await?;
    let view = |(id, name, scopes, created_at, last_used_at): TokenRow| {
        let scopes = scopes_of(&scopes);
        TokenView { id, name, scopes, token: None, created_at, last_used_at }
    };
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}

fn scopes_of(text: &str) -> Vec<TokenScope> {
    let write = text.split(' ').any(|word| word == "write");
    if write { vec![TokenScope::Read, TokenScope::Write] } else { vec![TokenScope::Read] }
}

/// Make a token. It is shown this once.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "add_token", tag = "session", responses((status = 201, body = TokenView)))]
async fn add(
    State(house): State<House>,
    permit: Permit<OwnTokens>,
    caller: Caller,
    Form(form): Form<NewToken>,
) -> Result<(StatusCode, Json<TokenView>), Problem> {
    if !(1..=100).contains(&form.name.trim().chars().count()) {
        return Err(Problem::refused(
            "name",
            "say in 1 to 100 characters what it is for",
        ));
    }
    if matches!(caller.means, Means::Token(_)) {
        return Err(Problem::new(
            &crate::FORBIDDEN,
            "a token cannot make tokens; sign in",
        ));
    }
    let (id, token, now) =
        (Id::mint(), format!("ent_{}", fresh_token()), house.clock.now());
    let write = form.scopes.contains(&TokenScope::Write);
    let mut tx = house.db.write().await?;
    tx.run(sql::ADD_TOKEN)
        .bind(id)
        .bind(caller.person)
        .bind(permit.scope().organisation())
        .bind(form.name.trim())
        .bind(if write { "read write" } else { "read" })
        .bind(hash_token(&token))
        .bind(now)
        .execute()
        .await?;
    tx.commit().await?;
    let scopes = scopes_of(if write { "read write" } else { "read" });
    let name = form.name.trim().to_owned();
    let view = TokenView {
        id,
        name,
        scopes,
        token: Some(token),
        created_at: now,
        last_used_at: None,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// End a token of one's own.
#[utoipa::path(delete, path = "/api/v1/tokens/{token}", operation_id = "end_token", tag = "session", params(("token" = Id<Token>, Path)), responses((status = 204), (status = 404)))]
async fn end(
    State(house): State<House>,
    permit: Permit<OwnTokens>,
    caller: Caller,
    At(token): At<Id<Token>>,
) -> Result<StatusCode, Problem> {
    let mut tx = house.db.write().await?;
    let ended = tx
        .run(sql::END_TOKEN)
        .bind(permit.scope().organisation())
        .bind(caller.person)
        .bind(token)
        .bind(house.clock.now())
        .execute()
        .await?;
    if ended == 0 {
        return Err(Problem::not_found());
    }
    tx.hint(store::Hint::Rights {
        person: caller.person,
        organisation: permit.scope().organisation(),
    });
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
