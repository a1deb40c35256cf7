//! Posting to a partner's station.

use gate::House;
use mime::Fields;
use reqwest::StatusCode;

use super::reach;

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
