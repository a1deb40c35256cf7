//! The link by which a guest leaves. Anybody who holds it may use it: mail programs call it
//! without a person, by POST (RFC 8058); a person sees a page with one button. A GET changes
//! nothing, as programs that check links follow them too.

use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use directory::Locale;
use gate::{At, House, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{leave, of_link};
use crate::{
    letters::words,
    text::escaped,
    token::{Signer, Token},
};

/// The routes of this feature.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(ask, unsubscribe))
}

/// The page that asks a guest whether to leave.
#[utoipa::path(get, path = "/api/v1/mail/unsubscribe/{token}", operation_id = "ask_to_unsubscribe", tag = "guests", security(()), params(("token" = String, Path)), responses((status = 200, body = String, content_type = "text/html"), (status = 404)))]
async fn ask(
    State(house): State<House>,
    At(token): At<String>,
) -> Result<Response, Problem> {
    let token = Token::read(&token).ok_or_else(Problem::not_found)?;
    let signer = Signer::new(&house.settings.secret);
    let mut conn = house.db.read().await?;
    let guest = of_link(&mut conn, &signer, &token).await?;
    let guest = guest.ok_or_else(Problem::not_found)?;
    let form = format!(
        "<p>{}</p><form method=\"post\"><button>{}</button></form>",
        escaped(words::leave_question(guest.locale)),
        escaped(words::leave_button(guest.locale)),
    );
    Ok(page(guest.locale, &form))
}

/// Leave a topic, by one click.
#[utoipa::path(post, path = "/api/v1/mail/unsubscribe/{token}", tag = "guests", security(()), params(("token" = String, Path)), responses((status = 200, body = String, content_type = "text/html"), (status = 404)))]
async fn unsubscribe(
    State(house): State<House>,
    At(token): At<String>,
) -> Result<Response, Problem> {
    let token = Token::read(&token).ok_or_else(Problem::not_found)?;
    let signer = Signer::new(&house.settings.secret);
    let mut tx = house.db.write().await?;
    let guest = of_link(&mut tx, &signer, &token).await?;
    let guest = guest.ok_or_else(Problem::not_found)?;
    leave(&mut tx, &guest, house.clock.now()).await?;
    tx.commit().await?;
    let done = format!("<p>{}</p>", escaped(words::left(guest.locale)));
    Ok(page(guest.locale, &done))
}

fn page(locale: Locale, body: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("content-security-policy"),
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ];
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Entente</title></head>\
         <body>{body}</body></html>",
        locale.code(),
    );
    (StatusCode::OK, headers, html).into_response()
}
