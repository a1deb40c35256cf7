//! Signed data, detached or not.

use std::borrow::Cow;

use super::{open, wrap};
use crate::{
    Broken, Certificate, Digest, Identity, Legacy, Scheme,
    algorithms::verifier,
    asn1::{INTEGER, Item, NULL, OCTETS, Reader, SET, oid, sequence, set_of, value},
    oids,
};

const UTC_TIME: u8 = 0x17;

/// How to sign.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// With which digest; SHA-1 is refused.
    pub digest: Digest,
    /// How RSA signs.
    pub scheme: Scheme,
    /// When, in seconds since 1970.
    pub at_seconds: i64,
}

/// A signature that was verified.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Which of the certificates verified it.
    pub signer: usize,
    /// The content, if it came inside.
    pub content: Option<Cow<'a, [u8]>>,
}

/// A detached signature of these bytes, with the certificate in it.
///
/// # Errors
/// [`Broken::Crypto`] for SHA-1, and for a date that cannot be written.
pub fn sign(bytes: &[u8], by: &Identity, how: Signature) -> Result<Vec<u8>, Broken> {
    let Signature { digest, scheme, at_seconds } = how;
    let attribute = |kind: &[u8], it: &[u8]| sequence(&[&oid(kind), &value(SET, it)]);
    let attributes = set_of(vec![
        attribute(oids::CONTENT_TYPE, &oid(oids::DATA)),
        attribute(oids::SIGNING_TIME, &value(UTC_TIME, utc(at_seconds)?.as_bytes())),
        attribute(oids::MESSAGE_DIGEST, &value(OCTETS, &digest.of(bytes))),
    ]);
    let signature = by.sign(&attributes, digest, scheme)?;
    let covered = Reader::new(&attributes).any()?.content;
    let algorithm = match scheme {
        Scheme::Pkcs1 => sequence(&[&oid(oids::RSA), NULL]),
        Scheme::Pss => sequence(&[&oid(oids::RSA_PSS), &pss(digest)]),
    };
    let signer = sequence(&[
        &value(INTEGER, &[1]),
        &by.certificate().issuer_serial,
        &digest.identifier(),
        &value(0xa0, covered),
        &algorithm,
        &value(OCTETS, &signature),
    ]);
    let body = sequence(&[
        &value(INTEGER, &[1]),
        &value(SET, &digest.identifier()),
        &sequence(&[&oid(oids::DATA)]),
        &value(0xa0, by.certificate().der()),
        &value(SET, &signer),
    ]);
    Ok(wrap(oids::SIGNED_DATA, &body))
}

/// RSASSA-PSS-params (RFC 8017, A.2.3), with a salt as long as the digest.
fn pss(digest: Digest) -> Vec<u8> {
    let hash = digest.identifier();
    let salt = u8::try_from(digest.algorithm().output_len()).unwrap_or(32);
    sequence(&[
        &value(0xa0, &hash),
        &value(0xa1, &sequence(&[&oid(oids::MGF1), &hash])),
        &value(0xa2, &value(INTEGER, &[salt])),
    ])
}

/// `YYMMDDhhmmssZ` (RFC 5652, 11.3: `UTCTime` through 2049).
fn utc(seconds: i64) -> Result<String, Broken> {
    let at = time::OffsetDateTime::from_unix_timestamp(seconds);
    let at = at.map_err(|_range| Broken::Crypto("writing the time"))?;
    if !(1950..2050).contains(&at.year()) {
        return Err(Broken::Crypto("writing the time"));
    }
    let (year, month) = (at.year().rem_euclid(100), u8::from(at.month()));
    let (day, hour, minute, second) = (at.day(), at.hour(), at.minute(), at.second());
    Ok(format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z"))
}

/// How many signers of one signature are looked at.
const SIGNERS: usize = 8;

/// What the bytes of a signature were made over.
enum Covered<'a> {
    Attributes(Vec<u8>),
    Content(Content<'a>),
}

/// Verifies a signature by one of these certificates: the one that it names first, then the
/// others, since a partner may have sent a new certificate with its old name.
///
/// `detached` is what was signed, unless that is inside. Signing times prove nothing, and
/// are not looked at.
///
/// # Errors
/// [`Broken::Unproven`] if no signature in it is of one of these certificates over exactly
/// these bytes.
pub fn verify<'a>(
    bytes: &'a [u8],
    detached: Option<&[u8]>,
    certificates: &[&Certificate],
    legacy: Legacy,
) -> Result<Signed<'a>, Broken> {
    let (kind, body) = open(bytes)?;
    if kind != oids::SIGNED_DATA {
        return Err(Broken::Unsupported("no signed data"));
    }
    let mut inside = body.inside();
    inside.expect(INTEGER)?;
    inside.expect(SET)?;
    let mut content = inside.sequence()?;
    let kind = content.oid()?;
    let within = match content.optional(0xa0)? {
        Some(item) => Some(item.inside().any()?.octets()?),
        None => None,
    };
    let covered = detached.or(within.as_deref());
    let covered = covered.ok_or(Broken::Unproven("what it signs is missing"))?;
    inside.optional(0xa0)?;
    inside.optional(0xa1)?;
    let signers = inside.expect(SET)?.inside();
    let covered = (kind, Content::Bytes(covered));
    let (digest, signer) = verify_any(signers, covered, certificates, legacy)?;
    Ok(Signed { digest, signer, content: within })
}

/// What a signature covers.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// Bytes of which these are the digests.
    Digests(&'a [(Digest, Vec<u8>)]),
}

impl Content<'_> {
    fn digest(self, by: Digest) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(by.of(bytes)),
            Self::Digests(all) => {
                all.iter().find(|(it, _)| *it == by).map(|(_, bytes)| bytes.clone())
            }
        }
    }
}

/// The digests that the signers of a detached signature name, as far as they are known.
pub(crate) fn digests(bytes: &[u8]) -> Result<Vec<Digest>, Broken> {
    let (_, mut signers) = detached(bytes)?;
    let mut known = Vec::new();
    for _ in 0..SIGNERS {
        if signers.is_done() {
            break;
        }
        let mut signer = signers.sequence()?;
        signer.expect(INTEGER)?;
        signer.any()?;
        let digest = Digest::by_oid(signer.sequence()?.oid()?);
        known.extend(digest.filter(|digest| !known.contains(digest)));
    }
    Ok(known)
}

/// Verifies a detached signature over content of which the digests are known.
pub(crate) fn verify_over(
    bytes: &[u8],
    content: Content<'_>,
    certificates: &[&Certificate],
    legacy: Legacy,
) -> Result<(Digest, usize), Broken> {
    let (kind, signers) = detached(bytes)?;
    verify_any(signers, (kind, content), certificates, legacy)
}

/// The type that is signed, and the signers.
fn detached(bytes: &[u8]) -> Result<(&[u8], Reader<'_>), Broken> {
    let (kind, body) = open(bytes)?;
    if kind != oids::SIGNED_DATA {
        return Err(Broken::Unsupported("no signed data"));
    }
    let mut inside = body.inside();
    inside.expect(INTEGER)?;
    inside.expect(SET)?;
    let kind = inside.sequence()?.oid()?;
    inside.optional(0xa0)?;
    inside.optional(0xa1)?;
    Ok((kind, inside.expect(SET)?.inside()))
}

/// Which digest, and which of the certificates, the first signature has that proves anything.
pub(crate) fn verify_any(
    mut signers: Reader<'_>,
    (kind, content): (&[u8], Content<'_>),
    certificates: &[&Certificate],
    legacy: Legacy,
) -> Result<(Digest, usize), Broken> {
    let mut why = Broken::Unproven("nobody signed it");
    for _ in 0..SIGNERS {
        if signers.is_done() {
            break;
        }
        match verify_one(signers.sequence()?, (kind, content), certificates, legacy) {
            Ok(by) => return Ok(by),
            Err(broken) => why = broken,
        }
    }
    Err(why)
}

fn verify_one(
    mut signer: Reader<'_>,
    (kind, content): (&[u8], Content<'_>),
    certificates: &[&Certificate],
    legacy: Legacy,
) -> Result<(Digest, usize), Broken> {
    signer.expect(INTEGER)?;
    let named = signer.any()?;
    let digest = Digest::by_oid(signer.sequence()?.oid()?)
        .ok_or(Broken::Unproven("its digest is not known"))?;
    let attributes = signer.optional(0xa0)?;
    let algorithm = signer.sequence()?.oid()?;
    let signature = signer.expect(OCTETS)?.content;
    let covered = match attributes {
        None => Covered::Content(content),
        Some(attributes) => {
            let of = content.digest(digest);
            let of = of.ok_or(Broken::Unproven("its digest is not one that it names"))?;
            check(attributes, kind, &of)?;
            // As received; only the tag is the one of a set (RFC 5652, 5.4).
            Covered::Attributes(value(SET, attributes.content))
        }
    };
    let scheme = if algorithm == oids::RSA_PSS { Scheme::Pss } else { Scheme::Pkcs1 };
    let known = algorithm == oids::RSA_PSS
        || algorithm == oids::RSA
        || Digest::by_oid(algorithm) == Some(digest);
    let with = verifier(scheme, digest, legacy).filter(|_| known);
    with.ok_or(Broken::Unproven("its algorithm is not taken here"))?;
    let how = (scheme, digest, legacy);
    let proves = |it: &Certificate| match &covered {
        Covered::Attributes(bytes) => {
            it.parsed.verifies(&it.key, how, (bytes, signature))
        }
        Covered::Content(Content::Bytes(bytes)) => {
            it.parsed.verifies(&it.key, how, (bytes, signature))
        }
        Covered::Content(content @ Content::Digests(_)) => content
            .digest(digest)
            .is_some_and(|of| it.parsed.verifies_digest(&it.key, how, (&of, signature))),
    };
    let all = || certificates.iter().enumerate();
    let first = all().find(|(_, it)| it.is_meant(&named) && proves(it));
    let other = || all().find(|(_, it)| !it.is_meant(&named) && proves(it));
    let found = first.or_else(other).map(|(at, _)| (digest, at));
    found.ok_or(Broken::Unproven("none of the certificates verifies it"))
}

/// The signed attributes name the content's type and its digest, once each (RFC 5652, 11).
fn check(attributes: Item<'_>, kind: &[u8], digest: &[u8]) -> Result<(), Broken> {
    let (mut digests, mut kinds) = (Vec::new(), Vec::new());
    let mut each = attributes.inside();
    while !each.is_done() {
        let mut attribute = each.sequence()?;
        let name = attribute.oid()?;
        let values = attribute.expect(SET)?;
        match name {
            oids::MESSAGE_DIGEST => digests.push(values.inside().expect(OCTETS)?.content),
            oids::CONTENT_TYPE => kinds.push(values.inside().oid()?),
            _ => {}
        }
    }
    if digests != [digest] {
        return Err(Broken::Unproven("the content was changed after it was signed"));
    }
    if kinds != [kind] {
        return Err(Broken::Unproven("it signs another type of content"));
    }
    Ok(())
}
