//! Who writes to whom, what they wrote, and how a wire is taken apart and made again.

use std::sync::LazyLock;

use as2::{
    Cipher, Compression, Digest, Disposition, Document, Identity, KeyTransport, Made,
    Mic, Outgoing, Profile, Receipt, Scheme, cms,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// 2026-11-22.
pub(crate) const NOW: i64 = 1_795_305_600;

pub(crate) static ACME: LazyLock<Identity> = LazyLock::new(|| identity("ACME"));
pub(crate) static GLOBEX: LazyLock<Identity> = LazyLock::new(|| identity("GLOBEX"));
pub(crate) static MALLORY: LazyLock<Identity> = LazyLock::new(|| identity("MALLORY"));

fn identity(name: &str) -> Identity {
    let profile = Profile { name, organisation: name, from_seconds: NOW, days: 3650 };
    Identity::generate(profile).unwrap()
}

/// What ACME sent: the message as an entity, and what is to be taken from it.
pub(crate) struct Original {
    pub(crate) wire: Vec<u8>,
    /// The same before it was encrypted, if it was.
    pub(crate) inner: Vec<u8>,
    pub(crate) document: Document,
    pub(crate) mic: Mic,
}

const ORDER: &[u8] = b"ISA*00*ORDER~\r\nPO1*1*10*EA*9.25*PE~\n\0\xff";
const OTHER: &[u8] = b"ISA*00*OTHER ORDER~\r\nPO1*1*99*EA*0.01*PE~\r\n";

pub(crate) fn entity_of(made: &Made) -> Vec<u8> {
    let mut whole = made.fields.lines().into_bytes();
    whole.extend_from_slice(b"\r\n");
    whole.extend_from_slice(&made.content);
    whole
}

fn original(
    document: &'static [u8],
    (digest, scheme): (Digest, Scheme),
    cipher: Option<(Cipher, KeyTransport)>,
    compression: Compression,
) -> Original {
    let message = Outgoing {
        document,
        content_type: "application/edi-x12",
        file_name: Some("order.edi"),
        sign: Some((&*ACME, digest, scheme)),
        encrypt: None,
        compression,
        mic: Digest::Sha256,
        at_seconds: NOW,
        boundary: "=_outer",
    };
    let inner = entity_of(&message.make().unwrap());
    let encrypt = cipher.map(|(cipher, by)| (GLOBEX.certificate(), cipher, by));
    let made = Outgoing { encrypt, ..message }.make().unwrap();
    Original {
        wire: entity_of(&made),
        inner,
        document: Document {
            content_type: "application/edi-x12".to_owned(),
            file_name: Some("order.edi".to_owned()),
            bytes: document.to_vec(),
        },
        mic: made.mic,
    }
}

/// What ACME sent to GLOBEX.
pub(crate) static SENT: LazyLock<Vec<Original>> = LazyLock::new(|| {
    let plain = (Digest::Sha256, Scheme::Pkcs1);
    let pss = (Digest::Sha512, Scheme::Pss);
    let cbc = Some((Cipher::Aes128Cbc, KeyTransport::Pkcs1));
    let gcm = Some((Cipher::Aes256Gcm, KeyTransport::OaepSha256));
    vec![
        original(ORDER, plain, None, Compression::None),
        original(OTHER, plain, None, Compression::None),
        original(ORDER, pss, None, Compression::BeforeSigning),
        original(ORDER, plain, None, Compression::AfterSigning),
        original(ORDER, plain, cbc, Compression::None),
        original(OTHER, pss, gcm, Compression::BeforeSigning),
        original(ORDER, plain, gcm, Compression::AfterSigning),
    ]
});

/// A receipt that GLOBEX wrote, and of what it is to prove delivery.
pub(crate) struct Told {
    pub(crate) wire: Vec<u8>,
    pub(crate) id: &'static str,
    pub(crate) mic: Mic,
    pub(crate) delivers: bool,
}

fn told(
    id: &'static str,
    disposition: &Disposition,
    mic: Option<&Mic>,
    by: Option<&Identity>,
) -> Told {
    let receipt = Receipt {
        receiver: "GLOBEX",
        message_id: id,
        disposition,
        mic,
        text: "Thanks.",
        product: "Entente",
        boundaries: ["=_outer", "=_inner"],
    };
    let (kind, content) = receipt.make(by.map(|by| (by, Digest::Sha256)), NOW).unwrap();
    let mut wire = format!("Content-Type: {kind}\r\n\r\n").into_bytes();
    wire.extend_from_slice(&content);
    let asked = Mic::of(Digest::Sha256, ORDER);
    let is_ours = by.is_some_and(|by| by.certificate() == GLOBEX.certificate());
    let delivers =
        is_ours && *disposition == Disposition::Processed && mic == Some(&asked);
    Told { wire, id, mic: asked, delivers }
}

/// Receipts: only the first proves anything.
pub(crate) static TOLD: LazyLock<Vec<Told>> = LazyLock::new(|| {
    let (mic, other) = (Mic::of(Digest::Sha256, ORDER), Mic::of(Digest::Sha256, OTHER));
    let failed = Disposition::Error("decryption-failed".to_owned());
    let all = vec![
        told("<1@acme>", &Disposition::Processed, Some(&mic), Some(&GLOBEX)),
        told("<2@acme>", &failed, None, Some(&GLOBEX)),
        told("<3@acme>", &Disposition::Processed, Some(&other), Some(&GLOBEX)),
        told("<4@acme>", &Disposition::Processed, Some(&mic), None),
        told("<5@acme>", &Disposition::Processed, Some(&mic), Some(&MALLORY)),
    ];
    assert_eq!(all.iter().filter(|told| told.delivers).count(), 1);
    all
});

/// A `multipart/signed`, taken apart: the signed part and the signature.
pub(crate) struct Apart {
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// None for what is not a multipart as ours are.
pub(crate) fn apart(wire: &[u8]) -> Option<Apart> {
    let whole = mime::entity(wire).ok()?;
    let kind = whole.fields.content_type();
    let parts = mime::parts(whole.content, &kind).ok()?;
    let [signed, signature] = parts.as_slice() else { return None };
    let letters = mime::entity(signature).ok()?.content.to_vec();
    let letters: Vec<u8> =
        letters.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Some(Apart { signed: signed.to_vec(), signature: STANDARD.decode(letters).ok()? })
}

/// The multipart of some parts.
pub(crate) fn multipart(parts: &[&[u8]]) -> Vec<u8> {
    let kind =
        "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256";
    mime::Multipart { kind, boundary: "=_outer", parts }.entity()
}

/// A signature as a part.
pub(crate) fn signature_part(der: &[u8]) -> Vec<u8> {
    let kind = "Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    [kind.as_bytes(), mime::base64_lines(der).as_bytes()].concat()
}

/// An entity around a CMS structure.
pub(crate) fn pkcs7(der: &[u8]) -> Vec<u8> {
    let kind = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n";
    [&kind[..], der].concat()
}

/// Anybody can encrypt for GLOBEX.
pub(crate) fn encrypted(inner: &[u8]) -> Vec<u8> {
    let to = [GLOBEX.certificate()];
    pkcs7(&cms::encrypt(inner, &to, Cipher::Aes128Cbc, KeyTransport::Pkcs1).unwrap())
}
