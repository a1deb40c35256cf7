//! A message that goes out.

use mime::{Fields, Multipart, base64_lines, entity, quoted};

use crate::{
    Broken, Certificate, Cipher, Digest, Identity, KeyTransport, Mic, Scheme, cms,
};

/// Whether, and where, a message is compressed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// Before it is signed.
    BeforeSigning,
    /// After it was signed.
    AfterSigning,
}

/// A message to be made. The same message is sent again as the same bytes: make it once.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The document.
    pub document: &'a [u8],
    /// Its type, such as `application/edi-x12`.
    pub content_type: &'a str,
    /// Its file name.
    pub file_name: Option<&'a str>,
    /// Who signs, if anybody, and with which digest.
    pub sign: Option<(&'a Identity, Digest, Scheme)>,
    /// To whom it is encrypted, if to anybody, and how.
    pub encrypt: Option<(&'a Certificate, Cipher, KeyTransport)>,
    /// Whether it is compressed.
    pub compression: Compression,
    /// The digest of its MIC if it is not signed.
    pub mic: Digest,
    /// When, in seconds since 1970.
    pub at_seconds: i64,
    /// A boundary drawn at random: letters, digits, `=_-`.
    pub boundary: &'a str,
}

/// A message, made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The fields that describe the content: `Content-Type` and its like.
    pub fields: Fields,
    /// What is posted.
    pub content: Vec<u8>,
    /// The MIC that the receipt must tell.
    pub mic: Mic,
}

impl Outgoing<'_> {
    /// Makes it.
    ///
    /// # Errors
    /// [`Broken::Crypto`], if an algorithm is only read, or a key too short.
    pub fn make(self) -> Result<Made, Broken> {
        let mut fields = Fields::new();
        fields.push("Content-Type", self.content_type);
        fields.push("Content-Transfer-Encoding", "binary");
        if let Some(name) = self.file_name {
            fields.push(
                "Content-Disposition",
                format!("attachment; filename={}", quoted(name)),
            );
        }
        let plain = self.sign.is_none()
            && self.encrypt.is_none()
            && self.compression == Compression::None;
        if plain {
            let mic = Mic::of(self.mic, self.document);
            return Ok(Made { fields, content: self.document.to_vec(), mic });
        }
        let mut whole = joined(&fields, self.document);
        let mut mic = None;
        if self.sign.is_none() {
            mic = Some(Mic::of(self.mic, &whole));
        }
        if self.compression == Compression::BeforeSigning {
            whole = pkcs7("compressed-data", "smime.p7z", &cms::compress(&whole)?);
        }
        if let Some((identity, digest, scheme)) = self.sign {
            let how = cms::Signature { digest, scheme, at_seconds: self.at_seconds };
            mic = Some(Mic::of(digest, &whole));
            whole = signed(&whole, identity, how, self.boundary)?;
        }
        if self.compression == Compression::AfterSigning {
            whole = pkcs7("compressed-data", "smime.p7z", &cms::compress(&whole)?);
        }
        if let Some((to, cipher, transport)) = self.encrypt {
            let kind = if cipher.authenticates() {
                "authEnveloped-data"
            } else {
                "enveloped-data"
            };
            let sealed = cms::encrypt(&whole, &[to], cipher, transport)?;
            whole = pkcs7(kind, "smime.p7m", &sealed);
        }
        let read = entity(&whole)?;
        let mic = mic.ok_or(Broken::Crypto("no digest"))?;
        Ok(Made { fields: read.fields, content: read.content.to_vec(), mic })
    }
}

fn joined(fields: &Fields, content: &[u8]) -> Vec<u8> {
    let mut out = fields.lines().into_bytes();
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(content);
    out
}

fn pkcs7(kind: &str, name: &str, der: &[u8]) -> Vec<u8> {
    let mut fields = Fields::new();
    let told = format!("application/pkcs7-mime; smime-type={kind}; name=\"{name}\"");
    fields.push("Content-Type", told);
    fields.push("Content-Transfer-Encoding", "binary");
    fields.push("Content-Disposition", format!("attachment; filename=\"{name}\""));
    joined(&fields, der)
}

/// A `multipart/signed` around an entity (RFC 1847, 2.1; RFC 8551, 3.5.3).
pub(crate) fn signed(
    whole: &[u8],
    by: &Identity,
    how: cms::Signature,
    boundary: &str,
) -> Result<Vec<u8>, Broken> {
    let mut fields = Fields::new();
    fields.push("Content-Type", "application/pkcs7-signature; name=\"smime.p7s\"");
    fields.push("Content-Transfer-Encoding", "base64");
    fields.push("Content-Disposition", "attachment; filename=\"smime.p7s\"");
    let letters = base64_lines(&cms::sign(whole, by, how)?);
    let signature = joined(&fields, letters.as_bytes());
    let kind = format!(
        "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={}",
        how.digest.name()
    );
    Ok(Multipart { kind: &kind, boundary, parts: &[whole, &signature] }.entity())
}
