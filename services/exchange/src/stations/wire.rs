//! What goes over the wire: posting to a partner's station, and the body of what one posts.

use std::{io::Write as _, time::Duration};

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt as _;
use gate::House;
use kernel::Fault;
use mime::Fields;
use reqwest::StatusCode;
use store::Spool;
use tokio::{sync::Semaphore, time::timeout};

use super::reach;
use crate::interchanges::{LIMIT_BYTES, LIMIT_SPOOLED_BYTES};

/// The longest message that is held in memory, in bytes: base64 and signatures make an
/// interchange longer.
const LIMIT_HELD_BYTES: usize = LIMIT_BYTES * 2;
/// How much of a long message waits to be written, in bytes.
const PIECE_BYTES: usize = 1 << 20;
/// For so long the next bytes of a message are waited for: names alone let one send, so who
/// stalls must not keep others from sending.
const STALLS_AFTER: Duration = Duration::from_mins(1);
/// So many long messages are written to disk at once.
static LONG: Semaphore = Semaphore::const_new(4);

/// Where a message may go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Room {
    /// Only where it is short.
    InMemory,
    /// To disk, where it is long.
    OnDisk,
}

/// The body of a message.
pub(super) enum Content {
    /// It is short.
    Held(Bytes),
    /// It is long: a file with its headers before it.
    Spooled(Spool),
}

/// Why a message was not taken, for whoever sends it.
type Refused = (StatusCode, String);

/// The next bytes; none at the end.
async fn next(stream: &mut BodyDataStream) -> Result<Option<Bytes>, Refused> {
    match timeout(STALLS_AFTER, stream.next()).await {
        Ok(chunk) => chunk.transpose().map_err(|_broken| {
            (StatusCode::BAD_REQUEST, "the message broke off".to_owned())
        }),
        Err(_stalled) => {
            let why = "nothing came for a minute; send it again".to_owned();
            Err((StatusCode::REQUEST_TIMEOUT, why))
        }
    }
}

/// Reads a body to its end; or says why not, for whoever sends it.
pub(super) async fn gather(
    house: &House,
    fields: &Fields,
    body: Body,
    room: Room,
) -> Result<Result<Content, Refused>, Fault> {
    let mut stream = body.into_data_stream();
    let mut held = Vec::new();
    let long = |bytes: u64| {
        let why = format!("a message has at most {bytes} bytes here");
        (StatusCode::PAYLOAD_TOO_LARGE, why)
    };
    loop {
        let chunk = match next(&mut stream).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(why) => return Ok(Err(why)),
        };
        held.extend_from_slice(&chunk);
        if held.len() > LIMIT_HELD_BYTES {
            break;
        }
    }
    if held.len() <= LIMIT_HELD_BYTES {
        return Ok(Ok(Content::Held(held.into())));
    }
    if room == Room::InMemory {
        return Ok(Err(long(u64::try_from(LIMIT_HELD_BYTES).unwrap_or(u64::MAX))));
    }
    let Ok(_turn) = LONG.try_acquire() else {
        let why = "other long messages are being taken; send it again in a minute";
        return Ok(Err((StatusCode::SERVICE_UNAVAILABLE, why.to_owned())));
    };
    let ours = "writing down a long message";
    let mut spool = house.files.spool().map_err(Fault::new(ours))?;
    let mut whole = fields.lines().into_bytes();
    whole.extend_from_slice(b"\r\n");
    whole.append(&mut held);
    let mut written = 0_u64;
    loop {
        let chunk = match next(&mut stream).await {
            Ok(chunk) => chunk,
            Err(why) => return Ok(Err(why)),
        };
        let ended = chunk.is_none();
        whole.extend_from_slice(&chunk.unwrap_or_default());
        if whole.len() >= PIECE_BYTES || ended {
            let piece = std::mem::take(&mut whole);
            written =
                written.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if written > LIMIT_SPOOLED_BYTES {
                return Ok(Err(long(LIMIT_SPOOLED_BYTES)));
            }
            let writing = tokio::task::spawn_blocking(move || {
                spool.write_all(&piece).map(|()| spool)
            });
            spool = writing.await.map_err(Fault::new(ours))?.map_err(Fault::new(ours))?;
        }
        if ended {
            return Ok(Ok(Content::Spooled(spool)));
        }
    }
}

/// The longest answer that is read, in bytes.
const LIMIT_ANSWER_BYTES: usize = 1024 * 1024;

/// What a partner answered.
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) fields: Fields,
    pub(super) content: Vec<u8>,
}

/// Posts an entity; an error is a reason to try again.
pub(super) async fn post(house: &House, url: &str, whole: &[u8]) -> Result<Told, String> {
    let client = reach::client(house, url)?;
    let entity = mime::entity(whole).map_err(|broken| broken.to_string())?;
    let mut request = client.post(url);
    for (name, value) in entity.fields.iter() {
        request = request.header(name, value);
    }
    let sent = request.body(entity.content.to_vec()).send().await;
    let mut response = sent.map_err(|error| reason(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let fields = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let mut content = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        content.extend_from_slice(&chunk);
        if content.len() > LIMIT_ANSWER_BYTES {
            return Err("the answer is longer than a receipt can be".to_owned());
        }
    }
    Ok(Told { status, fields, content })
}

fn reason(error: &reqwest::Error) -> String {
    let mut why = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    why
}

#[cfg(test)]
mod tests {
    use std::io;

    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt as _, stream};

    #[tokio::test(start_paused = true)]
    async fn who_stalls_in_the_middle_of_a_message_is_not_waited_for() {
        let first = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"some"))]);
        let body = Body::from_stream(first.chain(stream::pending()));
        let mut stream = body.into_data_stream();

        assert_eq!(super::next(&mut stream).await.unwrap().unwrap(), "some");
        assert_eq!(super::next(&mut stream).await.unwrap_err().0.as_u16(), 408);
    }
}
