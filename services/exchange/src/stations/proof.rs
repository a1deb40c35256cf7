//! Non-repudiation: what proves a message, as a folder that `openssl` checks without us.

use std::{fs::File, io::Read as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gate::House;
use kernel::{As2Message, Fault, Id, Organisation};
use store::{Files, Sha256};

use super::{Refusal, sql};

/// How to check it, for whoever has the folder.
const README: &str = "\
raw.txt          the message as it came over the wire, or went: headers and content
receipt.txt      the receipt (MDN) that answered it, with its headers
content.bin      what was signed, byte for byte
signature.der    its signature (CMS)
certificates.pem the partner's certificates, as they were agreed
facts.json       its ids, its state and its MIC

openssl cms -verify -binary -inform DER -in signature.der -content content.bin \\
    -certfile certificates.pem -noverify -out /dev/null
";

/// The files of a message as a tar archive, which is read once.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn folder(
    house: &House,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
) -> Result<File, Refusal> {
    let mut conn = house.db.read().await?;
    let row = sql::message(&mut conn, organisation, id).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    drop(conn);
    let facts = serde_json::json!({
        "message_id": row.message_id, "partner": row.partner, "direction": row.direction,
        "state": row.state, "mic": row.mic,
    });
    let mut written = vec![
        ("README.txt", README.as_bytes().to_vec()),
        ("facts.json", format!("{facts:#}\n").into_bytes()),
        ("certificates.pem", row.certificates.into_bytes()),
    ];
    written.extend(row.receipt.map(|it| ("receipt.txt", it)));
    written.extend(row.signature.map(|it| ("signature.der", it)));
    let mut kept = vec![("raw.txt", Vec::new(), row.raw.parse()?)];
    if let Some(content) = row.content {
        kept.push(("content.bin", row.head.unwrap_or_default(), content.parse()?));
    }
    let at = u64::try_from(house.clock.now().micros() / 1_000_000).unwrap_or_default();
    let files = house.files.clone();
    let writing = tokio::task::spawn_blocking(move || {
        archive(&files, &id.to_string(), (&written, &kept), at)
    });
    let archive = writing.await.map_err(Fault::new("writing an archive"))?;
    Ok(archive.map_err(Fault::new("writing an archive"))?)
}

/// A file that is written for the archive.
type Written = (&'static str, Vec<u8>);
/// A file that is kept, and what stands before its bytes.
type Kept = (&'static str, Vec<u8>, Sha256);

/// Writes the archive to disk: a message may be too long to be held.
fn archive(
    files: &Files,
    folder: &str,
    (written, kept): (&[Written], &[Kept]),
    at: u64,
) -> std::io::Result<File> {
    let mut tar = tar::Builder::new(std::io::BufWriter::new(files.spool()?));
    let header = |length: u64| {
        let mut header = tar::Header::new_ustar();
        header.set_size(length);
        header.set_mode(0o644);
        header.set_mtime(at);
        header
    };
    for (name, bytes) in written {
        let place = format!("{folder}/{name}");
        tar.append_data(&mut header(bytes.len() as u64), place, bytes.as_slice())?;
    }
    for (name, head, sha256) in kept {
        let file = files.spooled(*sha256)?;
        let place = format!("{folder}/{name}");
        let length = file.length()?.saturating_add(head.len() as u64);
        tar.append_data(&mut header(length), place, head.as_slice().chain(file))?;
    }
    let spool =
        tar.into_inner()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    spool.into_last_reader()
}

/// A file that somebody uploads as base64.
pub(super) fn decoded(text: &str) -> Result<Vec<u8>, Refusal> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).map_err(|_bad| super::value("file", "send the file in base64"))
}
