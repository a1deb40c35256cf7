//! The mail behind a message, as it came.
//!
//! Whoever may read the message may open it: its header, its whole text, and its HTML as a page
//! of its own in which nothing runs and nothing is fetched. Tokens of ours are made unreadable
//! in all of it, since who has one can write in a guest's name.

mod access;
mod http;
mod page;
mod sql;

use gate::{House, Permit};
use kernel::{Fault, Id, Room};
use mail_parser::PartType;
use store::Sha256;

pub use access::ReadOriginal;
pub use http::routes;
pub use sql::ALL as STATEMENTS;

use crate::{
    text::{cut, read_mail},
    token::redact,
};
use sql::Behind;

/// So much of a text is shown; the file has all of it.
const LONGEST_CHARS: usize = 200_000;
const HEADERS: usize = 200;
const HEADER_CHARS: usize = 2_000;

/// A mail, opened.
struct Original {
    row: Behind,
    headers: Vec<(String, String)>,
    text: String,
    html: Option<String>,
}

/// Opens the mail behind a message; none if there is none, or the message is not to be read.
///
/// # Errors
/// If the database or the disk fails.
async fn open(
    house: &House,
    permit: &Permit<ReadOriginal>,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<Original>, Fault> {
    let organisation = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let row = sql::behind(&mut conn, organisation, room, seq).await?;
    drop(conn);
    let Some(row) = row else { return Ok(None) };
    let raw = house.files.read(row.sha256.parse::<Sha256>()?).await?;
    let reading = tokio::task::spawn_blocking(move || read(row, &raw));
    reading.await.map(Some).map_err(Fault::new("reading a mail"))
}

fn read(row: Behind, raw: &[u8]) -> Original {
    let Some(mail) = read_mail(raw) else {
        let text = cut(&redact(&String::from_utf8_lossy(raw)), LONGEST_CHARS);
        return Original { row, headers: Vec::new(), text, html: None };
    };
    let headers = mail.headers_raw().take(HEADERS).map(|(name, value)| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        (name.to_owned(), cut(&redact(&value), HEADER_CHARS))
    });
    let headers = headers.collect();
    let texts = (0..mail.text_body_count()).filter_map(|at| mail.body_text(at));
    let text = cut(&redact(&texts.collect::<Vec<_>>().join("\n")), LONGEST_CHARS);
    let has_html = mail.html_bodies().any(|it| matches!(it.body, PartType::Html(_)));
    let html = has_html.then(|| page::safe(&mail));
    Original { row, headers, text, html }
}
