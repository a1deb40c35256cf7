//! A message that came in: unwrapped, verified, and its MIC.

use std::borrow::Cow;

use mime::{Entity, Fields, TransferEncoding, Value, decode, entity, parts};

use crate::{Broken, Certificate, Cipher, Digest, Identity, KeyTransport, Legacy, cms};

/// How often a message may be wrapped.
pub(crate) const LAYERS: usize = 5;

/// What a partner's messages must be, and what is still taken.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether a message must be signed: else a signature could be stripped on the way.
    pub signed: Demand,
    /// Whether it must be encrypted.
    pub encrypted: Demand,
    /// Whether weak algorithms are taken.
    pub legacy: Legacy,
    /// How large the content may become when it is decompressed, in bytes.
    pub limit_bytes: usize,
}

/// Whether something must be.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Demand {
    /// It must be so.
    #[default]
    Required,
    /// As the partner likes.
    Optional,
}

/// The keys that a message may be made with.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// Ours, the newest first: partners go on using an old one.
    pub own: &'a [&'a Identity],
    /// The partner's, the newest first.
    pub partner: &'a [&'a Certificate],
}

/// One document of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// Its type, as the sender told it.
    pub content_type: String,
    /// Its file name, made safe.
    pub file_name: Option<String>,
    /// Its bytes, without transfer encoding.
    pub bytes: Vec<u8>,
}

/// A message, unwrapped.
#[derive(Clone, Debug)]
pub struct Received {
    /// What it brings: one document, or several (RFC 6362).
    pub documents: Vec<Document>,
    /// The digest of its signature, and which of the partner's certificates proved it.
    pub signed: Option<(Digest, usize)>,
    /// Its cipher, how the key came, and which of our identities opened it.
    pub encrypted: Option<(Cipher, KeyTransport, usize)>,
    /// Whether it was compressed.
    pub compressed: bool,
    /// The digest that its receipt tells.
    pub mic: Mic,
    /// What proves, to others too, who sent it.
    pub evidence: Option<Evidence>,
}

/// A signature and what it covers, as they were verified. `openssl cms -verify -binary
/// -inform DER -in SIGNATURE -content CONTENT` confirms them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evidence {
    /// The bytes that were signed.
    pub content: Vec<u8>,
    /// The CMS structure.
    pub signature: Vec<u8>,
}

/// The message integrity check: the digest of what the sender's digest covered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mic {
    /// With which digest.
    pub digest: Digest,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Mic {
    /// Of these bytes.
    pub fn of(digest: Digest, bytes: &[u8]) -> Self {
        Self { digest, bytes: digest.of(bytes) }
    }
}

/// What the layers have told so far.
#[derive(Default)]
struct Found {
    signed: Option<(Digest, usize)>,
    encrypted: Option<(Cipher, KeyTransport, usize)>,
    compressed: bool,
    mic: Option<Mic>,
    evidence: Option<Evidence>,
}

/// Reads a message. `wanted` is the digest that its receipt shall have if it is not signed.
///
/// The MIC covers (RFC 4130, 7.3.1; RFC 5402, 4): of a signed message the part that was
/// signed, byte for byte as it came; of one that was only encrypted or compressed, headers
/// and content of what was inside; of a plain one, its content.
///
/// # Errors
/// [`Broken`], whose `modifier` an MDN tells.
pub fn receive(
    fields: &Fields,
    content: &[u8],
    keys: Keys<'_>,
    policy: Policy,
    wanted: Digest,
) -> Result<Received, Broken> {
    let mut found = Found::default();
    let (mut fields, mut content) = (fields.clone(), Cow::Borrowed(content));
    for layer in 0..=LAYERS {
        let kind = fields.content_type();
        let inner = match kind.word.as_str() {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                Some(unwrap(&fields, &content, keys, policy, wanted, &mut found)?)
            }
            "multipart/signed" if found.signed.is_none() => {
                Some(unsign(&kind, &content, keys, policy, &mut found)?)
            }
            _ => None,
        };
        let Some(inner) = inner else {
            require(policy, &found)?;
            let plain = || Mic::of(wanted, &content);
            let mic = found.mic.take().unwrap_or_else(plain);
            let documents = documents(&kind, &fields, &content)?;
            let Found { signed, encrypted, compressed, evidence, .. } = found;
            return Ok(Received {
                documents,
                signed,
                encrypted,
                compressed,
                mic,
                evidence,
            });
        };
        if layer == LAYERS {
            break;
        }
        let Entity { fields: next, content: rest } = entity(&inner)?;
        content = Cow::Owned(rest.to_vec());
        fields = next;
    }
    Err(Broken::TooDeep)
}

fn require(policy: Policy, found: &Found) -> Result<(), Broken> {
    if policy.encrypted == Demand::Required && found.encrypted.is_none() {
        return Err(Broken::Insecure("encrypted"));
    }
    if policy.signed == Demand::Required && found.signed.is_none() {
        return Err(Broken::Insecure("signed"));
    }
    Ok(())
}

/// Undoes one layer of CMS; what it is, its identifier tells, not `smime-type`.
fn unwrap(
    fields: &Fields,
    content: &[u8],
    keys: Keys<'_>,
    policy: Policy,
    wanted: Digest,
    found: &mut Found,
) -> Result<Vec<u8>, Broken> {
    let bytes = decode(content, TransferEncoding::of(fields)?)?;
    match cms::kind(&bytes)? {
        cms::Kind::Enveloped if found.encrypted.is_some() => Err(Broken::TooDeep),
        cms::Kind::Enveloped => {
            let opened = cms::decrypt(&bytes, keys.own, policy.legacy)?;
            found.encrypted = Some((opened.cipher, opened.transport, opened.by));
            if found.signed.is_none() {
                found.mic = Some(Mic::of(wanted, &opened.content));
            }
            Ok(opened.content)
        }
        cms::Kind::Compressed if found.compressed => {
            Err(Broken::Incompressible("was compressed twice"))
        }
        cms::Kind::Compressed => {
            let inner = cms::decompress(&bytes, policy.limit_bytes)?;
            found.compressed = true;
            if found.signed.is_none() {
                found.mic = Some(Mic::of(wanted, &inner));
            }
            Ok(inner)
        }
        cms::Kind::Signed if found.signed.is_some() => Err(Broken::TooDeep),
        cms::Kind::Signed => {
            let signed = cms::verify(&bytes, None, keys.partner, policy.legacy)?;
            let missing = Broken::Unproven("what it signs is missing");
            let inner = signed.content.ok_or(missing)?.into_owned();
            found.signed = Some((signed.digest, signed.signer));
            found.mic = Some(Mic::of(signed.digest, &inner));
            let content = inner.clone();
            found.evidence = Some(Evidence { content, signature: bytes.into_owned() });
            Ok(inner)
        }
    }
}

/// Verifies a `multipart/signed` and gives its first part. The part is verified as it came;
/// only if that fails, with its line breaks made canonical, as some gateways need it.
fn unsign(
    kind: &Value,
    content: &[u8],
    keys: Keys<'_>,
    policy: Policy,
    found: &mut Found,
) -> Result<Vec<u8>, Broken> {
    let part = signed_part(kind, content, keys.partner, policy.legacy)?;
    let signed = part.content.into_owned();
    found.signed = Some(part.by);
    found.mic = Some(Mic::of(part.by.0, &signed));
    let content = signed.clone();
    found.evidence = Some(Evidence { content, signature: part.signature });
    Ok(signed)
}

/// A digest, and which of the certificates verified the signature with it.
pub(crate) type By = (Digest, usize);

/// The signed part of a multipart, verified.
pub(crate) struct SignedPart<'a> {
    pub(crate) content: Cow<'a, [u8]>,
    pub(crate) signature: Vec<u8>,
    pub(crate) by: By,
}

/// The signed part of a `multipart/signed` (RFC 1847, 2.1), and who signed it.
pub(crate) fn signed_part<'a>(
    kind: &Value,
    content: &'a [u8],
    certificates: &[&Certificate],
    legacy: Legacy,
) -> Result<SignedPart<'a>, Broken> {
    let both = parts(content, kind)?;
    let &[signed, signature] = both.as_slice() else {
        return Err(Broken::Unproven("a signed multipart has two parts"));
    };
    let signature = entity(signature)?;
    let by = TransferEncoding::of(&signature.fields)?;
    let signature = decode(signature.content, by)?.into_owned();
    let verify = |bytes: &[u8]| {
        let proof = cms::verify(&signature, Some(bytes), certificates, legacy)?;
        Ok((proof.digest, proof.signer))
    };
    let (content, by) = match verify(signed) {
        Ok(by) => (Cow::Borrowed(signed), by),
        Err(why) => match mime::canonical(signed) {
            Cow::Borrowed(_) => return Err(why),
            Cow::Owned(canonical) => {
                let by = verify(&canonical).map_err(|_still| why)?;
                (Cow::Owned(canonical), by)
            }
        },
    };
    Ok(SignedPart { content, signature, by })
}

fn documents(
    kind: &Value,
    fields: &Fields,
    content: &[u8],
) -> Result<Vec<Document>, Broken> {
    if matches!(kind.word.as_str(), "multipart/related" | "multipart/mixed") {
        let mut all = Vec::new();
        for part in parts(content, kind)? {
            let Entity { fields, content } = entity(part)?;
            all.push(document(&fields, content)?);
        }
        return Ok(all);
    }
    document(fields, content).map(|it| vec![it])
}

fn document(fields: &Fields, content: &[u8]) -> Result<Document, Broken> {
    let bytes = decode(content, TransferEncoding::of(fields)?)?.into_owned();
    Ok(Document {
        content_type: fields
            .get("Content-Type")
            .unwrap_or("application/octet-stream")
            .to_owned(),
        file_name: file_name(fields),
        bytes,
    })
}

/// The file name that an entity's fields tell, made safe.
pub(crate) fn file_name(fields: &Fields) -> Option<String> {
    let named = fields.get("Content-Disposition").map(Value::read);
    let named = named.and_then(|it| it.param("filename"));
    let named = named.or_else(|| fields.content_type().param("name"));
    named.and_then(|name| mime::safe_file_name(&name))
}
