//! Enveloped data, with CBC or GCM.

use aws_lc_rs::{
    aead::{self, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{
        self, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
        UnboundCipherKey,
    },
    iv::FixedLength,
    rand, rsa,
};
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::Pkcs7};

use super::{open, wrap};
use crate::{
    Broken, Certificate, Cipher, Identity, KeyTransport, Legacy,
    algorithms::Digest,
    asn1::{
        INTEGER, Item, NULL, OCTETS, Reader, SEQUENCE, SET, oid, sequence, set_of, value,
    },
    oids,
};

/// What was decrypted.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The content.
    pub content: Vec<u8>,
    /// Its cipher.
    pub cipher: Cipher,
    /// How its key was encrypted.
    pub transport: KeyTransport,
    /// Which of our identities opened it.
    pub by: usize,
}

const FAILED: fn(aws_lc_rs::error::Unspecified) -> Broken =
    |_| Broken::Crypto("encrypting");

/// Encrypts to one or several certificates.
///
/// # Errors
/// [`Broken::Crypto`] for ciphers and transports that are only read, and for keys shorter
/// than 2,048 bits.
pub fn encrypt(
    bytes: &[u8],
    to: &[&Certificate],
    cipher: Cipher,
    transport: KeyTransport,
) -> Result<Vec<u8>, Broken> {
    let mut key = vec![0_u8; cipher.key_length()];
    rand::fill(&mut key).map_err(FAILED)?;
    let mut receivers = Vec::new();
    for certificate in to {
        receivers.push(receiver(certificate, &key, transport)?);
    }
    let receivers = set_of(receivers);
    let mut content = bytes.to_vec();
    let version = value(INTEGER, &[0]);
    let inside = |algorithm: &[u8], content: &[u8]| {
        sequence(&[&oid(oids::DATA), algorithm, &value(0x80, content)])
    };
    if let Some(gcm) = gcm(cipher) {
        let mut nonce = [0_u8; 12];
        rand::fill(&mut nonce).map_err(FAILED)?;
        let key = LessSafeKey::new(UnboundKey::new(gcm, &key).map_err(FAILED)?);
        let unique = Nonce::assume_unique_for_key(nonce);
        let tag = key.seal_in_place_separate_tag(unique, Aad::empty(), &mut content);
        let tag = tag.map_err(FAILED)?;
        let params = sequence(&[&value(OCTETS, &nonce), &value(INTEGER, &[16])]);
        let algorithm = sequence(&[&oid(cipher.oid()), &params]);
        let content = inside(&algorithm, &content);
        let parts = [&version, &receivers, &content, &value(OCTETS, tag.as_ref())];
        return Ok(wrap(oids::AUTH_ENVELOPED_DATA, &sequence(&parts.map(Vec::as_slice))));
    }
    let aes = aes(cipher).ok_or(Broken::Crypto("this cipher is only read"))?;
    let key = UnboundCipherKey::new(aes, &key).map_err(FAILED)?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(FAILED)?;
    let vector = key.encrypt(&mut content).map_err(FAILED)?;
    let iv: &[u8] = (&vector).try_into().map_err(FAILED)?;
    let algorithm = sequence(&[&oid(cipher.oid()), &value(OCTETS, iv)]);
    let body = sequence(&[&version, &receivers, &inside(&algorithm, &content)]);
    Ok(wrap(oids::ENVELOPED_DATA, &body))
}

/// `KeyTransRecipientInfo` (RFC 5652, 6.2.1).
fn receiver(
    certificate: &Certificate,
    key: &[u8],
    transport: KeyTransport,
) -> Result<Vec<u8>, Broken> {
    let short = Broken::Crypto("the receiver's key is shorter than 2,048 bits");
    let public = certificate.parsed.sealing(&certificate.public).ok_or(short)?;
    let mut out = vec![0_u8; public.pkcs1.key_size_bytes()];
    let algorithm = match transport {
        KeyTransport::Pkcs1 => {
            public.pkcs1.encrypt(key, &mut out).map_err(FAILED)?;
            sequence(&[&oid(oids::RSA), NULL])
        }
        KeyTransport::OaepSha256 => {
            let with = &rsa::OAEP_SHA256_MGF1SHA256;
            public.oaep.encrypt(with, key, &mut out, None).map_err(FAILED)?;
            let hash = Digest::Sha256.identifier();
            let mask = sequence(&[&oid(oids::MGF1), &hash]);
            let params = sequence(&[&value(0xa0, &hash), &value(0xa1, &mask)]);
            sequence(&[&oid(oids::RSA_OAEP), &params])
        }
        KeyTransport::OaepSha1 => {
            return Err(Broken::Crypto("OAEP with SHA-1 is only read"));
        }
    };
    let named = &certificate.issuer_serial;
    Ok(sequence(&[&value(INTEGER, &[0]), named, &algorithm, &value(OCTETS, &out)]))
}

const fn gcm(cipher: Cipher) -> Option<&'static aead::Algorithm> {
    match cipher {
        Cipher::Aes128Gcm => Some(&aead::AES_128_GCM),
        Cipher::Aes256Gcm => Some(&aead::AES_256_GCM),
        Cipher::TripleDes | Cipher::Aes128Cbc | Cipher::Aes192Cbc | Cipher::Aes256Cbc => {
            None
        }
    }
}

pub(crate) const fn aes(cipher: Cipher) -> Option<&'static cipher::Algorithm> {
    match cipher {
        Cipher::Aes128Cbc => Some(&cipher::AES_128),
        Cipher::Aes192Cbc => Some(&cipher::AES_192),
        Cipher::Aes256Cbc => Some(&cipher::AES_256),
        Cipher::TripleDes | Cipher::Aes128Gcm | Cipher::Aes256Gcm => None,
    }
}

/// Decrypts with the first of our identities that it names.
///
/// A key that cannot be unwrapped is replaced by one drawn at random, and whatever fails
/// after that is one error: otherwise a sender could learn from the answers what a message
/// of others says (RFC 3218; CVE-2023-50782 and its kin).
///
/// # Errors
/// [`Broken::Undecipherable`]; [`Broken::Unsupported`] and [`Broken::Insecure`] for what can
/// be told without a key; [`Broken::Asn1`].
pub fn decrypt(bytes: &[u8], by: &[&Identity], legacy: Legacy) -> Result<Opened, Broken> {
    let (kind, body) = open(bytes)?;
    let authenticated = kind == oids::AUTH_ENVELOPED_DATA;
    if !authenticated && kind != oids::ENVELOPED_DATA {
        return Err(Broken::Unsupported("no enveloped data"));
    }
    let mut inside = body.inside();
    inside.expect(INTEGER)?;
    inside.optional(0xa0)?;
    let receivers = inside.expect(SET)?.inside();
    let mut content = inside.sequence()?;
    content.oid()?;
    let mut algorithm = content.sequence()?;
    let cipher = cipher_of(algorithm.oid()?, authenticated, legacy)?;
    let params = algorithm.any()?;
    let mut content = content.any()?.octets()?.into_owned();
    let (key, transport, by) = unwrap_key(receivers, by, cipher.key_length())?;
    let opened = if authenticated {
        let covered = inside.optional(0xa1)?;
        let tag = inside.expect(OCTETS)?.content;
        let nonce = params.inside().expect(OCTETS)?.content;
        open_gcm(cipher, &key, nonce, (covered, tag), &mut content)
    } else if cipher == Cipher::TripleDes {
        open_triple_des(&key, params.content, &mut content)
    } else {
        open_aes(cipher, &key, params.content, &mut content)
    };
    let length = opened.ok_or(Broken::Undecipherable)?;
    content.truncate(length);
    Ok(Opened { content, cipher, transport, by })
}

/// The cipher of this identifier, where it may stand.
pub(crate) fn cipher_of(
    oid: &[u8],
    authenticated: bool,
    legacy: Legacy,
) -> Result<Cipher, Broken> {
    let cipher = Cipher::by_oid(oid).ok_or(Broken::Unsupported("a cipher"))?;
    if cipher.authenticates() != authenticated {
        return Err(Broken::Unsupported("a cipher where it does not belong"));
    }
    if cipher == Cipher::TripleDes && legacy == Legacy::Refused {
        return Err(Broken::Insecure("encrypted with AES, not with triple DES"));
    }
    Ok(cipher)
}

/// The key of the content, or one drawn at random in its place.
pub(crate) fn unwrap_key(
    mut receivers: Reader<'_>,
    by: &[&Identity],
    length: usize,
) -> Result<(Vec<u8>, KeyTransport, usize), Broken> {
    while !receivers.is_done() {
        let receiver = receivers.any()?;
        if receiver.tag != SEQUENCE {
            continue; // key agreement and the like: not with RSA
        }
        let mut receiver = receiver.inside();
        receiver.expect(INTEGER)?;
        let named = receiver.any()?;
        let transport = transport(receiver.sequence()?)?;
        let wrapped = receiver.expect(OCTETS)?.content;
        let own = by.iter().enumerate().find(|(_, it)| it.certificate().is_meant(&named));
        let Some((at, own)) = own else { continue };
        let mut drawn = vec![0_u8; length];
        rand::fill(&mut drawn).map_err(|_none| Broken::Crypto("drawing a key"))?;
        let mut out = vec![0_u8; own.pkcs1.key_size_bytes()];
        let oaep = |with, out| own.oaep.decrypt(with, wrapped, out, None);
        let key = match transport {
            KeyTransport::Pkcs1 => own.pkcs1.decrypt(wrapped, &mut out),
            KeyTransport::OaepSha1 => oaep(&rsa::OAEP_SHA1_MGF1SHA1, &mut out),
            KeyTransport::OaepSha256 => oaep(&rsa::OAEP_SHA256_MGF1SHA256, &mut out),
        };
        let key = key.ok().filter(|key| key.len() == length).map(|key| key.to_vec());
        return Ok((key.unwrap_or(drawn), transport, at));
    }
    Err(Broken::Undecipherable)
}

/// RSAES-OAEP-params: SHA-1 unless told (RFC 8017, A.2.1).
fn transport(mut algorithm: Reader<'_>) -> Result<KeyTransport, Broken> {
    match algorithm.oid()? {
        oids::RSA => return Ok(KeyTransport::Pkcs1),
        oids::RSA_OAEP => {}
        _ => return Err(Broken::Unsupported("a way to encrypt keys")),
    }
    let mut digest = Digest::Sha1;
    if let Some(params) = algorithm.optional(SEQUENCE)?
        && let Some(hash) = params.inside().optional(0xa0)?
    {
        let named = Digest::by_oid(hash.inside().sequence()?.oid()?);
        digest = named.ok_or(Broken::Unsupported("a digest in OAEP"))?;
    }
    match digest {
        Digest::Sha1 => Ok(KeyTransport::OaepSha1),
        Digest::Sha256 => Ok(KeyTransport::OaepSha256),
        Digest::Sha384 | Digest::Sha512 => Err(Broken::Unsupported("a digest in OAEP")),
    }
}

/// Opens what GCM sealed; the attributes that it covers besides are covered as a set.
pub(crate) fn open_gcm(
    cipher: Cipher,
    key: &[u8],
    nonce: &[u8],
    (covered, tag): (Option<Item<'_>>, &[u8]),
    content: &mut Vec<u8>,
) -> Option<usize> {
    if tag.len() != 16 {
        return None;
    }
    let key = LessSafeKey::new(UnboundKey::new(gcm(cipher)?, key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    content.extend_from_slice(tag);
    let covered = covered.map(|it| value(SET, it.content)).unwrap_or_default();
    key.open_in_place(nonce, Aad::from(covered), content).ok().map(|open| open.len())
}

fn open_aes(cipher: Cipher, key: &[u8], iv: &[u8], content: &mut [u8]) -> Option<usize> {
    let key = UnboundCipherKey::new(aes(cipher)?, key).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
    let iv = <[u8; 16]>::try_from(iv).ok()?;
    let vector = DecryptionContext::Iv128(FixedLength::from(iv));
    key.decrypt(content, vector).ok().map(|open| open.len())
}

fn open_triple_des(key: &[u8], iv: &[u8], content: &mut [u8]) -> Option<usize> {
    let decryptor = cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv).ok()?;
    decryptor.decrypt_padded::<Pkcs7>(content).ok().map(<[u8]>::len)
}
