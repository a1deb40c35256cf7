//! Certificates, taken apart only as far as CMS and a person who looks at them need.
//!
//! In AS2 a certificate is trusted because somebody said "this is theirs", not because of
//! who issued it, so no chain is built, and one that has run out still proves who signed:
//! its dates are told, and a caller warns.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::{
    Broken, Digest,
    asn1::{OCTETS, Reader, SEQUENCE, sequence},
    oids,
    parsed::Parsed,
};

/// A partner's certificate, or ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certificate {
    der: Vec<u8>,
    pub(crate) issuer_serial: Vec<u8>,
    pub(crate) public: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) parsed: Parsed,
    key_id: Option<Vec<u8>>,
    facts: Facts,
}

/// What a person wants to know of a certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Facts {
    /// Whose it is, such as `CN=Acme, O=Acme Corp`.
    pub subject: String,
    /// Who says so.
    pub issuer: String,
    /// Its number, in hex.
    pub serial: String,
    /// From when on it is good, in seconds since 1970.
    pub from_seconds: i64,
    /// Until when, in seconds since 1970.
    pub until_seconds: i64,
    /// The length of its RSA key, in bits.
    pub key_bits: usize,
    /// The SHA-256 of its bytes, in lower-case hex.
    pub fingerprint: String,
}

impl Certificate {
    /// From DER.
    ///
    /// # Errors
    /// [`Broken::Certificate`] if it is none, or its key is not RSA of 1,024 to 8,192 bits.
    pub fn from_der(der: &[u8]) -> Result<Self, Broken> {
        let (rest, read) = X509Certificate::from_der(der)
            .map_err(|_none| Broken::Certificate("these bytes are no certificate"))?;
        let der = der.get(..der.len().saturating_sub(rest.len())).unwrap_or(der);
        let spki = read.public_key();
        if spki.algorithm.algorithm.as_bytes() != oids::RSA {
            return Err(Broken::Certificate("the key of the certificate is not RSA"));
        }
        let key = spki.subject_public_key.data.to_vec();
        let key_bits = modulus_bits(&key)?;
        if !(1024..=8192).contains(&key_bits) {
            return Err(Broken::Certificate("the key has not 1,024 to 8,192 bits"));
        }
        let key_id = read.iter_extensions().find_map(|extension| {
            let wanted = extension.oid.as_bytes() == [0x55, 0x1d, 0x0e];
            let inside = Reader::new(extension.value).expect(OCTETS);
            inside.ok().filter(|_| wanted).map(|item| item.content.to_vec())
        });
        let facts = Facts {
            subject: read.subject().to_string(),
            issuer: read.issuer().to_string(),
            serial: hex(read.raw_serial()),
            from_seconds: read.validity().not_before.timestamp(),
            until_seconds: read.validity().not_after.timestamp(),
            key_bits,
            fingerprint: hex(&Digest::Sha256.of(der)),
        };
        let (issuer_serial, public) = (named_by(der)?, spki.raw.to_vec());
        let (der, parsed) = (der.to_vec(), Parsed::default());
        Ok(Self { der, issuer_serial, public, key, parsed, key_id, facts })
    }

    /// Every certificate in a file: PEM (also with text around), DER, or PKCS #7 (`.p7b`,
    /// `.p7c`) in either.
    ///
    /// # Errors
    /// [`Broken::Certificate`] if there is none, or one cannot be used.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, Broken> {
        let mut blocks = pem_blocks(file);
        blocks.retain(|(label, _)| !label.contains("PRIVATE"));
        if blocks.is_empty() {
            let whole = STANDARD.decode(without_spaces(file)).unwrap_or(file.to_vec());
            blocks.push((String::new(), whole));
        }
        let mut all: Vec<Self> = Vec::new();
        for (_, block) in blocks {
            let found = match bundled(&block) {
                Ok(bundle) => bundle,
                Err(_no_bundle) => vec![Self::from_der(&block)?],
            };
            for certificate in found {
                if !all.contains(&certificate) {
                    all.push(certificate);
                }
            }
        }
        if all.is_empty() {
            return Err(Broken::Certificate("there is no certificate in the file"));
        }
        Ok(all)
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// As PEM.
    pub fn pem(&self) -> String {
        let lines = mime::base64_lines(&self.der).replace('\r', "");
        format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    }

    /// What a person wants to know.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether a CMS structure means this one: by issuer and number, or by key identifier.
    pub(crate) fn is_meant(&self, by: &crate::asn1::Item<'_>) -> bool {
        match by.tag {
            SEQUENCE => by.raw == self.issuer_serial,
            0x80 => self.key_id.as_deref() == Some(by.content),
            _ => false,
        }
    }
}

/// Issuer and number, as CMS names a certificate.
fn named_by(der: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut inside = Reader::new(der).sequence()?.sequence()?;
    inside.optional(0xa0)?;
    let serial = inside.expect(crate::asn1::INTEGER)?;
    inside.expect(SEQUENCE)?;
    let issuer = inside.expect(SEQUENCE)?;
    Ok(sequence(&[issuer.raw, serial.raw]))
}

fn modulus_bits(key: &[u8]) -> Result<usize, Broken> {
    let modulus = Reader::new(key).sequence()?.expect(crate::asn1::INTEGER)?.content;
    let leading = modulus.iter().take_while(|byte| **byte == 0).count();
    let rest = modulus.get(leading..).unwrap_or_default();
    let zeros = rest.first().map_or(0, |byte| byte.leading_zeros() as usize);
    Ok(rest.len().saturating_mul(8).saturating_sub(zeros))
}

/// The certificates of a PKCS #7 bundle (RFC 5652, 5.1), signed or not.
fn bundled(bytes: &[u8]) -> Result<Vec<Certificate>, Broken> {
    let mut inside = Reader::new(bytes).sequence()?;
    if inside.oid()? != oids::SIGNED_DATA {
        return Err(Broken::Unsupported("another content than signed data"));
    }
    let mut signed = inside.expect(0xa0)?.inside().sequence()?;
    signed.any()?;
    signed.any()?;
    signed.any()?;
    let mut all = Vec::new();
    if let Some(set) = signed.optional(0xa0)? {
        let mut each = set.inside();
        while !each.is_done() {
            all.push(Certificate::from_der(each.any()?.raw)?);
        }
    }
    Ok(all)
}

/// The blocks of a PEM file, label and bytes.
pub(crate) fn pem_blocks(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let text = String::from_utf8_lossy(file);
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(label) = line.strip_prefix("-----BEGIN ") {
            open = Some((label.trim_end_matches('-').to_owned(), String::new()));
        } else if line.starts_with("-----END ") {
            if let Some((label, letters)) = open.take()
                && let Ok(bytes) = STANDARD.decode(letters)
            {
                blocks.push((label, bytes));
            }
        } else if let Some((_, letters)) = &mut open {
            letters.push_str(line);
        }
    }
    blocks
}

fn without_spaces(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}
