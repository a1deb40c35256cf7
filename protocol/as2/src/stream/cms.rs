//! One layer of CMS, undone from one file into another.

use std::io::{self, Read, Write};

use aws_lc_rs::{
    cipher::{DecryptionContext, StreamingDecryptingKey, UnboundCipherKey},
    digest,
    iv::FixedLength,
};
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};

use super::{Failure, PIECE_BYTES, ber::Ber};
use crate::{
    Broken, Certificate, Cipher, Digest, Identity, KeyTransport, Legacy,
    asn1::{INTEGER, OCTETS, OID, Reader, SEQUENCE, SET},
    cms::{self, Content},
    oids,
};

/// GCM proves its content only at the end, and the library does not hold back what is not
/// proven yet; so such a message is held whole, up to this size in bytes.
pub const LIMIT_GCM_BYTES: usize = 64 << 20;

/// What a layer told.
#[derive(Clone, Copy)]
pub(super) enum Layer {
    /// It was encrypted so, to this one of our identities.
    Opened(Cipher, KeyTransport, usize),
    /// It was compressed.
    Inflated,
    /// It was signed with its content inside.
    Signed(Digest, usize),
}

/// Under what a layer is undone.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) own: &'a [&'a Identity],
    pub(super) partner: &'a [&'a Certificate],
    pub(super) legacy: Legacy,
    pub(super) limit_bytes: u64,
}

/// Undoes a layer; what is inside goes to `out`.
pub(super) fn unwrap(
    from: impl Read,
    out: &mut impl Write,
    terms: Terms<'_>,
) -> Result<Layer, Failure> {
    let mut ber = Ber::new(from);
    ber.enter(SEQUENCE)?;
    let kind = ber.expect(OID)?;
    let kind = Reader::new(&kind).oid()?;
    ber.enter(0xa0)?;
    ber.enter(SEQUENCE)?;
    let layer = match kind {
        oids::ENVELOPED_DATA => opened(&mut ber, out, terms, false),
        oids::AUTH_ENVELOPED_DATA => opened(&mut ber, out, terms, true),
        oids::COMPRESSED_DATA => inflated(&mut ber, out, terms),
        oids::SIGNED_DATA => signed(&mut ber, out, terms),
        _ => Err(Broken::Unsupported("a kind of CMS").into()),
    }?;
    ber.close()?;
    Ok(layer)
}

fn opened<R: Read>(
    ber: &mut Ber<R>,
    out: &mut impl Write,
    terms: Terms<'_>,
    authenticated: bool,
) -> Result<Layer, Failure> {
    ber.expect(INTEGER)?;
    ber.optional(0xa0)?;
    let receivers = ber.expect(SET)?;
    ber.enter(SEQUENCE)?;
    ber.expect(OID)?;
    let algorithm = ber.expect(SEQUENCE)?;
    let mut algorithm = Reader::new(&algorithm).sequence()?;
    let cipher = cms::cipher_of(algorithm.oid()?, authenticated, terms.legacy)?;
    let params = algorithm.any()?;
    let receivers = Reader::new(&receivers).expect(SET)?.inside();
    let (key, transport, by) =
        cms::unwrap_key(receivers, terms.own, cipher.key_length())?;
    let failed = || Failure::from(Broken::Undecipherable);
    if authenticated {
        let mut held = Vec::new();
        ber.octets([0x80, 0xa0], &mut |piece| {
            if held.len().saturating_add(piece.len()) > LIMIT_GCM_BYTES {
                let why = "GCM over more than 64 MB; send it with AES in CBC mode";
                return Err(Broken::Unsupported(why).into());
            }
            held.extend_from_slice(piece);
            Ok(())
        })?;
        ber.leave()?;
        let covered = ber.optional(0xa1)?;
        let tag = ber.expect(OCTETS)?;
        let tag = Reader::new(&tag).expect(OCTETS)?.content;
        let nonce = params.inside().expect(OCTETS)?.content;
        let covered = match &covered {
            Some(covered) => Some(Reader::new(covered).any()?),
            None => None,
        };
        let length = cms::open_gcm(cipher, &key, nonce, (covered, tag), &mut held);
        let content = held.get(..length.ok_or(failed())?).unwrap_or_default();
        out.write_all(content).map_err(Failure::Io)?;
        return Ok(Layer::Opened(cipher, transport, by));
    }
    let mut blocks = Blocks::new(cipher, &key, params.content).ok_or(failed())?;
    ber.octets([0x80, 0xa0], &mut |piece| {
        let clear = blocks.update(piece).ok_or(failed())?;
        out.write_all(clear).map_err(Failure::Io)
    })?;
    let last = blocks.finish().ok_or(failed())?;
    out.write_all(&last).map_err(Failure::Io)?;
    Ok(Layer::Opened(cipher, transport, by))
}

/// CBC, piece by piece, with the padding of RFC 5652, 6.3.
enum Blocks {
    Aes(StreamingDecryptingKey, Vec<u8>),
    TripleDes(Box<cbc::Decryptor<des::TdesEde3>>, Vec<u8>, Vec<u8>),
}

impl Blocks {
    fn new(cipher: Cipher, key: &[u8], iv: &[u8]) -> Option<Self> {
        if cipher == Cipher::TripleDes {
            let made = cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv).ok()?;
            return Some(Self::TripleDes(Box::new(made), Vec::new(), Vec::new()));
        }
        let key = UnboundCipherKey::new(cms::aes(cipher)?, key).ok()?;
        let iv = <[u8; 16]>::try_from(iv).ok()?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let made = StreamingDecryptingKey::cbc_pkcs7(key, context).ok()?;
        Some(Self::Aes(made, vec![0; PIECE_BYTES.saturating_add(32)]))
    }

    fn update(&mut self, piece: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Aes(key, out) => {
                let length = piece.len().saturating_add(32);
                if out.len() < length {
                    out.resize(length, 0);
                }
                let written = key.update(piece, out).ok()?.written().len();
                out.get(..written)
            }
            Self::TripleDes(key, held, out) => {
                held.extend_from_slice(piece);
                out.clear();
                // The last block holds the padding, and waits.
                let whole = held.len().saturating_sub(1) & !7;
                let rest = held.split_off(whole);
                for block in held.chunks_exact_mut(8) {
                    let block = <&mut [u8; 8]>::try_from(block).ok()?;
                    key.decrypt_block(block.into());
                    out.extend_from_slice(block);
                }
                *held = rest;
                Some(out)
            }
        }
    }

    fn finish(self) -> Option<Vec<u8>> {
        match self {
            Self::Aes(key, mut out) => {
                let written = key.finish(&mut out).ok()?.written().len();
                out.truncate(written);
                Some(out)
            }
            Self::TripleDes(key, mut held, _) => {
                let length = key
                    .decrypt_padded::<cbc::cipher::block_padding::Pkcs7>(&mut held)
                    .ok()?
                    .len();
                held.truncate(length);
                Some(held)
            }
        }
    }
}

fn inflated<R: Read>(
    ber: &mut Ber<R>,
    out: &mut impl Write,
    terms: Terms<'_>,
) -> Result<Layer, Failure> {
    ber.expect(INTEGER)?;
    let algorithm = ber.expect(SEQUENCE)?;
    if Reader::new(&algorithm).sequence()?.oid()? != oids::ZLIB {
        return Err(Broken::Unsupported("a compression").into());
    }
    ber.enter(SEQUENCE)?;
    ber.expect(OID)?;
    ber.enter(0xa0)?;
    let limited = Limited { out, left: terms.limit_bytes, refused: None };
    let mut decoder = flate2::write::ZlibDecoder::new(limited);
    let mut fed = Ok(());
    ber.octets([0x04, 0x24], &mut |piece| {
        fed = decoder.write_all(piece);
        if fed.is_ok() {
            Ok(())
        } else {
            Err(Broken::Incompressible("is damaged").into())
        }
    })
    .or_else(|why| if fed.is_err() { Ok(()) } else { Err(why) })?;
    let ended = fed.and_then(|()| decoder.try_finish());
    let refused = decoder.get_mut().refused.take();
    match (ended, refused) {
        (Ok(()), _) => Ok(Layer::Inflated),
        (Err(_), Some(why)) => Err(why),
        (Err(_), None) => Err(Broken::Incompressible("is damaged").into()),
    }
}

/// Lets so many bytes through.
struct Limited<'o, W> {
    out: &'o mut W,
    left: u64,
    refused: Option<Failure>,
}

impl<W: Write> Write for Limited<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(length) else {
            let why = Broken::Incompressible("is larger than is allowed here");
            self.refused = Some(why.into());
            return Err(io::ErrorKind::InvalidData.into());
        };
        self.left = left;
        self.out.write_all(bytes).map_err(|error| {
            let told = io::Error::from(error.kind());
            self.refused = Some(Failure::Io(error));
            told
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn signed<R: Read>(
    ber: &mut Ber<R>,
    out: &mut impl Write,
    terms: Terms<'_>,
) -> Result<Layer, Failure> {
    ber.expect(INTEGER)?;
    let named = ber.expect(SET)?;
    let mut hashes = Hashes::named(Reader::new(&named).expect(SET)?.inside())?;
    ber.enter(SEQUENCE)?;
    let kind = ber.expect(OID)?;
    if ber.peek()? != Some(0xa0) {
        return Err(Broken::Unproven("what it signs is missing").into());
    }
    ber.enter(0xa0)?;
    ber.octets([0x04, 0x24], &mut |piece| {
        hashes.update(piece);
        out.write_all(piece).map_err(Failure::Io)
    })?;
    ber.leave()?;
    ber.leave()?;
    ber.optional(0xa0)?;
    ber.optional(0xa1)?;
    let signers = ber.expect(SET)?;
    let signers = Reader::new(&signers).expect(SET)?.inside();
    let digests = hashes.finish();
    let content = Content::Digests(&digests);
    let kind = Reader::new(&kind).oid()?;
    let (digest, signer) =
        cms::verify_any(signers, (kind, content), terms.partner, terms.legacy)?;
    Ok(Layer::Signed(digest, signer))
}

/// Digests of the same bytes.
pub(super) struct Hashes(Vec<(Digest, digest::Context)>);

impl Hashes {
    pub(super) fn new(of: impl IntoIterator<Item = Digest>) -> Self {
        let context = |it: Digest| (it, digest::Context::new(it.algorithm()));
        Self(of.into_iter().map(context).collect())
    }

    /// Those that a set of identifiers names and we know.
    fn named(mut set: Reader<'_>) -> Result<Self, Failure> {
        let mut known: Vec<Digest> = Vec::new();
        while !set.is_done() {
            let digest = Digest::by_oid(set.sequence()?.oid()?);
            known.extend(digest.filter(|digest| !known.contains(digest)));
        }
        Ok(Self::new(known))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        for (_, context) in &mut self.0 {
            context.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Vec<(Digest, Vec<u8>)> {
        let ended = |(it, context): (Digest, digest::Context)| {
            (it, context.finish().as_ref().to_vec())
        };
        self.0.into_iter().map(ended).collect()
    }
}
