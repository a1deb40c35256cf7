//! Files on messages, over REST: a message with a file, and the file itself.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use gate::{Asked, At, Caller, House, Permit, Problem};
use kernel::{Fault, Id, Room, StoredFile};
use serde::Deserialize;
use serde_json::json;
use sharing::{
    files::{self, NewFile},
    log,
};
use store::Sha256;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Live, PostMessage, ReadRooms,
    http::{Refused, SentView, sent},
    post::{Refusal, Round},
    rules::Draft,
};

/// What is said of a file that comes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Sharing {
    /// The client's own id for the message, at most 64 bytes: the same one is never posted twice.
    cid: String,
    /// What the file is called.
    name: String,
    /// The words beside it, in Markdown; without any, its name.
    body: Option<String>,
    /// The seq that it answers.
    reply_to: Option<i64>,
}

/// How a file is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A picture is to be shown, not saved.
    show: Option<bool>,
}

/// The routes of this feature.
pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(share_file)).routes(routes!(read_file))
}

/// Say something with a file. The body is the file's bytes.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/files", tag = "rooms", params(("room" = Id<Room>, Path), Sharing), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = SentView), (status = 200, description = "It stood there before", body = SentView), (status = 403), (status = 404), (status = 409), (status = 413), (status = 422), (status = 429)))]
async fn share_file(
    State(house): State<House>,
    Extension(live): Extension<Live>,
    _permit: Permit<PostMessage>,
    caller: Caller,
    At(room): At<Id<Room>>,
    Asked(asked): Asked<Sharing>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<SentView>), Refused> {
    if bytes.is_empty() {
        let detail = "the file is empty; send its bytes as the request's body";
        return Err(Problem::refused("file", detail).into());
    }
    let new = NewFile::of(&asked.name, &bytes);
    let words = asked.body.filter(|it| !it.trim().is_empty());
    let body = words.unwrap_or_else(|| new.file.name.clone());
    let draft = Draft::new(room, asked.cid, body, asked.reply_to)?;
    live.count_send(caller.person, house.clock.now()).map_err(Refused::Wait)?;
    // Nothing is kept for who may not write here.
    let mut conn = house.db.read().await.map_err(Problem::from)?;
    let reach = log::reach(&mut conn, &caller, room).await;
    drop(conn);
    let reach = reach.map_err(Problem::from)?.ok_or(Refusal::NotFound)?;
    if !reach.may_write {
        return Err(Refusal::Forbidden.into());
    }
    house.files.keep(bytes).await.map_err(Problem::from)?;
    let posted = post(&house, &caller, &draft, &new).await?;
    Ok(sent(draft, posted))
}

async fn post(
    house: &House,
    caller: &Caller,
    draft: &Draft,
    new: &NewFile,
) -> Result<crate::Posted, Refusal> {
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    let mut round = Round::default();
    round.hold(&mut tx, &[(caller, draft)]).await?;
    let new = std::slice::from_ref(new);
    let detail = json!({ "files": files::told(new) });
    let posted = round.post_with(&mut tx, (caller, draft), (detail, None), now).await?;
    if !posted.duplicate {
        files::hang(&mut tx, draft.room, posted.seq, new, now).await?;
    }
    round.tell(&mut tx, now).await?;
    tx.commit().await?;
    Ok(posted)
}

/// A file of a message.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/files/{file}", tag = "rooms", params(("room" = Id<Room>, Path), ("file" = Id<StoredFile>, Path), Wanted), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404)))]
async fn read_file(
    State(house): State<House>,
    permit: Permit<ReadRooms>,
    At((room, file)): At<(Id<Room>, Id<StoredFile>)>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let mut conn = house.db.read().await?;
    let kept = files::one(&mut conn, permit.scope(), room, file).await?;
    drop(conn);
    let kept = kept.ok_or_else(Problem::not_found)?;
    let bytes = house.files.read(kept.sha256.parse::<Sha256>()?).await?;
    let shown = wanted.show == Some(true) && files::is_picture(&kept.kind);
    Ok(answer(&kept.name, &kept.kind, shown, bytes)?)
}

/// Bytes of a stranger's: nothing in them runs, whatever they are taken for.
pub(crate) fn answer(
    name: &str,
    kind: &str,
    shown: bool,
    bytes: Vec<u8>,
) -> Result<Response, Fault> {
    let how = if shown { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", percent(name));
    let kind = if shown { kind } else { "application/octet-stream" };
    let value = |text: &str| {
        HeaderValue::from_str(text).map_err(Fault::new("naming a file in a header"))
    };
    let headers = [
        (header::CONTENT_TYPE, value(kind)?),
        (header::CONTENT_DISPOSITION, value(&disposition)?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// RFC 8187 § 3.2.1: what is no `attr-char` is written as `%XX`.
fn percent(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let hex = |bits: u8| char::from_digit(u32::from(bits), 16).unwrap_or('0');
            written.extend(
                ['%', hex(byte >> 4), hex(byte & 15)].map(|it| it.to_ascii_uppercase()),
            );
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::answer;

    #[test]
    fn no_name_ends_its_header_and_nothing_runs() {
        let page = answer("é\"; a\r\nb.html", "image/png", false, b"<script>".to_vec());
        let page = page.unwrap();
        let told = |name: header::HeaderName| page.headers()[name].to_str().unwrap();
        assert_eq!(
            told(header::CONTENT_DISPOSITION),
            "attachment; filename*=UTF-8''%C3%A9%22%3B%20a%0D%0Ab.html"
        );
        assert_eq!(told(header::CONTENT_TYPE), "application/octet-stream");
        assert_eq!(told(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(told(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    }
}
