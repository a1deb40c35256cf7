//! Messages that are too long to be held: from one file into others, in bounded memory.
//!
//! [`receive_file`] does what [`receive`](crate::receive) does, with the same words, and keeps each layer that it
//! undoes in a file of the caller's. Whatever is proven only at the end (a padding, a signature)
//! is believed only then: nothing of a layer is read before it was undone to its end.

mod ber;
mod cms;
#[cfg(test)]
mod tests;
mod text;

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use mime::{Fields, TransferEncoding, Value};

pub use cms::LIMIT_GCM_BYTES;

use self::cms::{Hashes, Layer, Terms};
use crate::{
    Broken, Cipher, Demand, Digest, KeyTransport, Keys, Mic, Policy,
    cms::{Content, verify_over},
    message::{By, LAYERS, file_name},
};

/// How much is worked on at once, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// The longest signature beside a content, in bytes.
const LIMIT_SIGNATURE_BYTES: u64 = 1 << 20;

type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<(), Failure>;

/// Why a message was not read.
#[derive(Debug)]
pub enum Failure {
    /// It is the message's.
    Broken(Broken),
    /// It is ours: a file could not be read or written.
    Io(io::Error),
}

impl Failure {
    /// What reading a stream may end in.
    fn reading(error: io::Error) -> Self {
        let kind = error.kind();
        if kind == io::ErrorKind::UnexpectedEof {
            Broken::Asn1("it is cut short").into()
        } else if kind == io::ErrorKind::InvalidData {
            mime::Broken::NotEncoded("base64").into()
        } else {
            Self::Io(error)
        }
    }
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<mime::Broken> for Failure {
    fn from(broken: mime::Broken) -> Self {
        Self::Broken(broken.into())
    }
}

/// A stretch of a file, in bytes from its begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Where it begins.
    pub from: u64,
    /// Where it ends: the first byte that is not in it.
    pub to: u64,
}

impl Place {
    /// How many bytes.
    pub const fn length(self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}

/// A document in a file of its own.
#[derive(Debug)]
pub struct DocumentFile<F> {
    /// Its type, as the sender told it.
    pub content_type: String,
    /// Its file name, made safe.
    pub file_name: Option<String>,
    /// Its bytes, without transfer encoding: all of the file.
    pub file: F,
}

/// A message, unwrapped into files; see [`Received`](crate::Received).
#[derive(Debug)]
pub struct ReceivedFile<F> {
    /// What it brings.
    pub documents: Vec<DocumentFile<F>>,
    /// The digest of its signature, and which of the partner's certificates proved it.
    pub signed: Option<(Digest, usize)>,
    /// Its cipher, how the key came, and which of our identities opened it.
    pub encrypted: Option<(Cipher, KeyTransport, usize)>,
    /// Whether it was compressed.
    pub compressed: bool,
    /// The digest that its receipt tells.
    pub mic: Mic,
    /// What was signed, in a file of its own, and its signature where that came beside it.
    pub evidence: Option<(F, Vec<u8>)>,
}

/// What the layers have told so far.
struct Found<F> {
    signed: Option<(Digest, usize)>,
    encrypted: Option<(Cipher, KeyTransport, usize)>,
    compressed: bool,
    mic: Option<Mic>,
    evidence: Option<(F, Vec<u8>)>,
}

/// Reads a message whose content is this stretch of a file. `wanted` is the digest that its
/// receipt shall have if it is not signed; `scratch` gives an empty file for each layer.
///
/// A signature whose content is inside it (opaque) is verified, but has no evidence besides the
/// message itself: it stands in the message as it came, which is kept.
///
/// # Errors
/// As [`receive`](crate::receive), and those of the files.
pub fn receive_file<F: Read + Write + Seek>(
    fields: &Fields,
    (file, place): (F, Place),
    keys: Keys<'_>,
    policy: Policy,
    wanted: Digest,
    scratch: &mut dyn FnMut() -> io::Result<F>,
) -> Result<ReceivedFile<F>, Failure> {
    let mut found = Found {
        signed: None,
        encrypted: None,
        compressed: false,
        mic: None,
        evidence: None,
    };
    let limit_bytes = u64::try_from(policy.limit_bytes).unwrap_or(u64::MAX);
    let (own, partner, legacy) = (keys.own, keys.partner, policy.legacy);
    let terms = Terms { own, partner, legacy, limit_bytes };
    let (mut fields, mut file, mut place) = (fields.clone(), file, place);
    for layer in 0..=LAYERS {
        let kind = fields.content_type();
        match kind.word.as_str() {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                let encoding = TransferEncoding::of(&fields)?;
                let mut out = scratch().map_err(Failure::Io)?;
                let layer = undo(&mut file, place, encoding, &mut out, terms)?;
                place = Place { from: 0, to: end(&mut out)? };
                found.note(layer)?;
                if found.signed.is_none() || matches!(layer, Layer::Signed(..)) {
                    let digest = found.signed.map_or(wanted, |(digest, _)| digest);
                    found.mic = Some(mic(&mut out, place, digest)?);
                }
                file = out;
            }
            "multipart/signed" if found.signed.is_none() => {
                let (by, signed, signature) = unsign(&mut file, place, &kind, terms)?;
                found.signed = Some(by);
                found.mic = Some(mic(&mut file, signed, by.0)?);
                let mut kept = scratch().map_err(Failure::Io)?;
                copy(&mut file, signed, TransferEncoding::Identity, &mut kept)?;
                found.evidence = Some((kept, signature));
                place = signed;
            }
            _ => {
                require(policy, &found)?;
                let mic = match found.mic.take() {
                    Some(mic) => mic,
                    None => mic(&mut file, place, wanted)?,
                };
                let documents = documents(&mut file, place, (&kind, &fields), scratch)?;
                let Found { signed, encrypted, compressed, evidence, .. } = found;
                return Ok(ReceivedFile {
                    documents,
                    signed,
                    encrypted,
                    compressed,
                    mic,
                    evidence,
                });
            }
        }
        if layer == LAYERS {
            break;
        }
        (fields, place) = entity(&mut file, place)?;
    }
    Err(Broken::TooDeep.into())
}

impl<F> Found<F> {
    fn note(&mut self, layer: Layer) -> Result<(), Failure> {
        match layer {
            Layer::Opened(..) if self.encrypted.is_some() => Err(Broken::TooDeep.into()),
            Layer::Opened(cipher, transport, by) => {
                self.encrypted = Some((cipher, transport, by));
                Ok(())
            }
            Layer::Inflated if self.compressed => {
                Err(Broken::Incompressible("was compressed twice").into())
            }
            Layer::Inflated => {
                self.compressed = true;
                Ok(())
            }
            Layer::Signed(..) if self.signed.is_some() => Err(Broken::TooDeep.into()),
            Layer::Signed(digest, signer) => {
                self.signed = Some((digest, signer));
                Ok(())
            }
        }
    }
}

fn require<F>(policy: Policy, found: &Found<F>) -> Result<(), Broken> {
    if policy.encrypted == Demand::Required && found.encrypted.is_none() {
        return Err(Broken::Insecure("encrypted"));
    }
    if policy.signed == Demand::Required && found.signed.is_none() {
        return Err(Broken::Insecure("signed"));
    }
    Ok(())
}

fn undo<F: Read + Seek, O: Write>(
    file: &mut F,
    place: Place,
    encoding: TransferEncoding,
    out: &mut O,
    terms: Terms<'_>,
) -> Result<Layer, Failure> {
    let mut out = BufWriter::with_capacity(PIECE_BYTES, out);
    let from = decoded(file, place, encoding)?;
    let layer = cms::unwrap(from, &mut out, terms)?;
    out.flush().map_err(Failure::Io)?;
    Ok(layer)
}

/// A stretch of a file without its transfer encoding.
fn decoded<'f, F: Read + Seek>(
    file: &'f mut F,
    place: Place,
    encoding: TransferEncoding,
) -> Result<Box<dyn BufRead + 'f>, Failure> {
    file.seek(SeekFrom::Start(place.from)).map_err(Failure::Io)?;
    let raw = BufReader::with_capacity(PIECE_BYTES, file.take(place.length()));
    match encoding {
        TransferEncoding::Identity => Ok(Box::new(raw)),
        TransferEncoding::Base64 => {
            Ok(Box::new(BufReader::with_capacity(PIECE_BYTES, text::Base64::new(raw))))
        }
        TransferEncoding::QuotedPrintable => {
            let why = "quoted-printable in a message of this size; send it as binary";
            Err(Broken::Unsupported(why).into())
        }
    }
}

fn copy<F: Read + Seek, O: Write>(
    file: &mut F,
    place: Place,
    encoding: TransferEncoding,
    to: &mut O,
) -> Result<(), Failure> {
    each(&mut *decoded(file, place, encoding)?, &mut |piece| {
        to.write_all(piece).map_err(Failure::Io)
    })
}

fn each(from: &mut dyn BufRead, to: Sink<'_>) -> Result<(), Failure> {
    loop {
        let piece = from.fill_buf().map_err(Failure::reading)?;
        if piece.is_empty() {
            return Ok(());
        }
        let length = piece.len();
        to(piece)?;
        from.consume(length);
    }
}

fn end<F: Seek>(file: &mut F) -> Result<u64, Failure> {
    file.seek(SeekFrom::End(0)).map_err(Failure::Io)
}

fn hashed<F: Read + Seek>(
    file: &mut F,
    place: Place,
    digests: &[Digest],
) -> Result<Vec<(Digest, Vec<u8>)>, Failure> {
    let mut hashes = Hashes::new(digests.iter().copied());
    each(&mut *decoded(file, place, TransferEncoding::Identity)?, &mut |piece| {
        hashes.update(piece);
        Ok(())
    })?;
    Ok(hashes.finish())
}

fn mic<F: Read + Seek>(
    file: &mut F,
    place: Place,
    digest: Digest,
) -> Result<Mic, Failure> {
    let bytes = hashed(file, place, &[digest])?.pop().map(|(_, bytes)| bytes);
    Ok(Mic { digest, bytes: bytes.unwrap_or_default() })
}

/// The fields of the entity at this place, and where its content lies.
fn entity<F: Read + Seek>(
    file: &mut F,
    place: Place,
) -> Result<(Fields, Place), Failure> {
    file.seek(SeekFrom::Start(place.from)).map_err(Failure::Io)?;
    let most = mime::LIMIT_FIELDS_BYTES.saturating_mul(2);
    let mut head = Vec::new();
    let length = place.length().min(u64::try_from(most).unwrap_or(u64::MAX));
    file.take(length).read_to_end(&mut head).map_err(Failure::Io)?;
    let read = mime::entity(&head)?;
    let rest = u64::try_from(read.content.len()).unwrap_or(u64::MAX);
    let from = place.from.saturating_add(length.saturating_sub(rest));
    Ok((read.fields, Place { from, to: place.to }))
}

/// Who signed a `multipart/signed`, what was signed, and the signature.
///
/// The part is verified as it came; unlike a message that is held, not with its line breaks
/// made canonical besides.
fn unsign<F: Read + Seek>(
    file: &mut F,
    place: Place,
    kind: &Value,
    terms: Terms<'_>,
) -> Result<(By, Place, Vec<u8>), Failure> {
    let both = text::parts(file, place, kind)?;
    let &[signed, signature] = both.as_slice() else {
        return Err(Broken::Unproven("a signed multipart has two parts").into());
    };
    if signature.length() > LIMIT_SIGNATURE_BYTES {
        return Err(Broken::Unproven("its signature is longer than one can be").into());
    }
    let mut letters = Vec::new();
    copy(file, signature, TransferEncoding::Identity, &mut letters)?;
    let letters = mime::entity(&letters)?;
    let encoding = TransferEncoding::of(&letters.fields)?;
    let signature = mime::decode(letters.content, encoding)?.into_owned();
    let named = crate::cms::digests(&signature)?;
    let digests = hashed(file, signed, &named)?;
    let content = Content::Digests(&digests);
    let by = verify_over(&signature, content, terms.partner, terms.legacy)?;
    Ok((by, signed, signature))
}

fn documents<F: Read + Write + Seek>(
    file: &mut F,
    place: Place,
    (kind, fields): (&Value, &Fields),
    scratch: &mut dyn FnMut() -> io::Result<F>,
) -> Result<Vec<DocumentFile<F>>, Failure> {
    let mut all = Vec::new();
    if matches!(kind.word.as_str(), "multipart/related" | "multipart/mixed") {
        for part in text::parts(file, place, kind)? {
            let (fields, place) = entity(file, part)?;
            all.push(document(file, place, &fields, scratch)?);
        }
    } else {
        all.push(document(file, place, fields, scratch)?);
    }
    Ok(all)
}

fn document<F: Read + Write + Seek>(
    file: &mut F,
    place: Place,
    fields: &Fields,
    scratch: &mut dyn FnMut() -> io::Result<F>,
) -> Result<DocumentFile<F>, Failure> {
    let mut out = scratch().map_err(Failure::Io)?;
    copy(file, place, TransferEncoding::of(fields)?, &mut out)?;
    let kind = fields.get("Content-Type").unwrap_or("application/octet-stream");
    Ok(DocumentFile {
        content_type: kind.to_owned(),
        file_name: file_name(fields),
        file: out,
    })
}
