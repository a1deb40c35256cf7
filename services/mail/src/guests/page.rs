//! The links by which a guest leaves, and after which a member gets no more mail of a room.
//! Anybody who holds one may use it: mail programs call it without a person, by POST (RFC 8058); a
//! person sees a page with one button. A GET changes nothing, as programs that check links follow
//! them too.

use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use directory::Locale;
use gate::{At, House, Problem};
use kernel::Fault;
use store::Conn;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{leave, of_link, sql::Known};
use crate::{
    digests::{self, Quiet},
    letters::words,
    text::escaped,
    token::{Signer, Token},
};

/// What a link is about.
enum Link {
    /// A guest, who leaves.
    Guest(Box<Known>),
    /// Rooms of a member, who hears no more of them.
    Member(Quiet, Locale),
}

impl Link {
    async fn read(
        house: &House,
        conn: &mut Conn,
        token: &str,
    ) -> Result<Option<Self>, Fault> {
        let Some(token) = Token::read(token) else { return Ok(None) };
        let signer = Signer::new(&house.settings.secret);
        if let Some(guest) = of_link(conn, &signer, &token).await? {
            return Ok(Some(Self::Guest(Box::new(guest))));
        }
        let found = digests::of_link(conn, &signer, &token).await?;
        Ok(found.map(|(what, locale)| Self::Member(what, locale)))
    }

    const fn locale(&self) -> Locale {
        match self {
            Self::Guest(guest) => guest.locale,
            Self::Member(_, locale) => *locale,
        }
    }

    /// What it asks, its button, and what it says once it is done.
    const fn words(&self) -> [&'static str; 3] {
        let locale = self.locale();
        match self {
            Self::Guest(_) => [
                words::leave_question(locale),
                words::leave_button(locale),
                words::left(locale),
            ],
            Self::Member(..) => [
                digests::quiet_question(locale),
                digests::quiet_button(locale),
                digests::quieted(locale),
            ],
        }
    }
}

/// The routes of this feature.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(ask, unsubscribe))
}

/// The page that asks a guest whether to leave, or a member whether to get no more mail of a room.
#[utoipa::path(get, path = "/api/v1/mail/unsubscribe/{token}", operation_id = "ask_to_unsubscribe", tag = "guests", security(()), params(("token" = String, Path)), responses((status = 200, body = String, content_type = "text/html"), (status = 404)))]
async fn ask(
    State(house): State<House>,
    At(token): At<String>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let link = Link::read(&house, &mut conn, &token).await?;
    let link = link.ok_or_else(Problem::not_found)?;
    let [question, button, _] = link.words();
    let form = format!(
        "<p>{}</p><form method=\"post\"><button>{}</button></form>",
        escaped(question),
        escaped(button),
    );
    Ok(page(link.locale(), &form))
}

/// Leave a topic, or get no more mail of a room, by one click.
#[utoipa::path(post, path = "/api/v1/mail/unsubscribe/{token}", tag = "guests", security(()), params(("token" = String, Path)), responses((status = 200, body = String, content_type = "text/html"), (status = 404)))]
async fn unsubscribe(
    State(house): State<House>,
    At(token): At<String>,
) -> Result<Response, Problem> {
    let mut tx = house.db.write().await?;
    let link = Link::read(&house, &mut tx, &token).await?;
    let link = link.ok_or_else(Problem::not_found)?;
    match &link {
        Link::Guest(guest) => leave(&mut tx, guest, house.clock.now()).await?,
        Link::Member(what, _) => digests::quiet(&mut tx, *what).await?,
    }
    tx.commit().await?;
    let [.., done] = link.words();
    Ok(page(link.locale(), &format!("<p>{}</p>", escaped(done))))
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
