//! Non-repudiation: what proves a message, as a folder that `openssl` checks without us.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gate::House;
use kernel::{As2Message, Fault, Id, Organisation};

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

/// The files of a message as a tar archive.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn folder(
    house: &House,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
) -> Result<Vec<u8>, Refusal> {
    let mut conn = house.db.read().await?;
    let row = sql::message(&mut conn, organisation, id).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    drop(conn);
    let facts = serde_json::json!({
        "message_id": row.message_id, "partner": row.partner, "direction": row.direction,
        "state": row.state, "mic": row.mic,
    });
    let mut files = vec![
        ("README.txt", README.as_bytes().to_vec()),
        ("facts.json", format!("{facts:#}\n").into_bytes()),
        ("certificates.pem", row.certificates.into_bytes()),
        ("raw.txt", read(house, &row.raw).await?),
    ];
    let kept = [
        ("receipt.txt", row.receipt),
        ("content.bin", row.content),
        ("signature.der", row.signature),
    ];
    for (name, file) in kept {
        if let Some(file) = file {
            files.push((name, read(house, &file).await?));
        }
    }
    let at = u64::try_from(house.clock.now().micros() / 1_000_000).unwrap_or_default();
    Ok(archive(&id.to_string(), &files, at).map_err(Fault::new("writing an archive"))?)
}

async fn read(house: &House, sha256: &str) -> Result<Vec<u8>, Fault> {
    house.files.read(sha256.parse()?).await
}

fn archive(folder: &str, files: &[(&str, Vec<u8>)], at: u64) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(at);
        tar.append_data(&mut header, format!("{folder}/{name}"), bytes.as_slice())?;
    }
    tar.into_inner()
}

/// A file that somebody uploads as base64.
pub(super) fn decoded(text: &str) -> Result<Vec<u8>, Refusal> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).map_err(|_bad| super::value("file", "send the file in base64"))
}
