//! Receipts: message disposition notifications (MDN), signed or not.
//!
//! Source: RFC 8098 (their form), RFC 4130, 7 (what AS2 adds).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mime::{Entity, Fields, Multipart, TransferEncoding, decode, entity, parts};

use crate::{
    Broken, Certificate, Digest, Identity, Legacy, Mic, Scheme, cms,
    message::signed_part, outgoing::signed,
};

/// What became of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Disposition {
    /// It was taken.
    Processed,
    /// It was taken, with a remark, such as `duplicate-document`.
    Warning(String),
    /// It was not taken, for this reason.
    Error(String),
    /// The receiver cannot do what was asked.
    Failure(String),
}

impl Disposition {
    /// As an MDN has it.
    pub fn text(&self) -> String {
        match self {
            Self::Processed => "processed".to_owned(),
            Self::Warning(what) => format!("processed/warning: {what}"),
            Self::Error(what) => format!("processed/error: {what}"),
            Self::Failure(what) => format!("failed/failure: {what}"),
        }
    }

    /// Reads the value of the field `Disposition`, whose case and form vary among peers.
    fn read(text: &str) -> Self {
        let text = text.rsplit(';').next().unwrap_or_default().trim();
        let (kind, what) = text.split_once(':').unwrap_or((text, ""));
        let kind = kind.to_ascii_lowercase().replace(' ', "");
        let what = what.trim().chars().take(200).collect();
        match kind.as_str() {
            "processed" | "displayed" => Self::Processed,
            "processed/warning" => Self::Warning(what),
            "processed/error" | "error" => Self::Error(what),
            _ => Self::Failure(if what.is_empty() { kind } else { what }),
        }
    }
}

/// What a sender wants to hear, from its headers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wish {
    /// Whether the receipt is to be signed.
    pub signed: bool,
    /// The digest of the MIC: the first of the list that is known.
    pub digest: Digest,
    /// Where to send it, if not as the answer.
    pub later_to: Option<String>,
}

impl Wish {
    /// `None` if no receipt is asked for.
    ///
    /// Source: RFC 4130, 7.3.
    ///
    /// # Errors
    /// [`Broken::Unsupported`] if a digest or a form is *required* that is not known.
    pub fn read(fields: &Fields) -> Result<Option<Self>, Broken> {
        if fields.get("Disposition-Notification-To").is_none() {
            return Ok(None);
        }
        let options = fields.get("Disposition-Notification-Options").unwrap_or_default();
        let mut wish = Self {
            signed: false,
            digest: Digest::Sha256,
            later_to: fields
                .get("Receipt-Delivery-Option")
                .map(|url| url.trim().to_owned()),
        };
        for option in options.split(';') {
            let Some((name, value)) = option.split_once('=') else { continue };
            let mut words = value.split(',').map(str::trim);
            let required =
                words.next().is_some_and(|it| it.eq_ignore_ascii_case("required"));
            match name.trim().to_ascii_lowercase().as_str() {
                "signed-receipt-protocol" => {
                    wish.signed = words.any(|it| {
                        it.trim_matches('"')
                            .to_ascii_lowercase()
                            .ends_with("pkcs7-signature")
                    });
                    if required && !wish.signed {
                        return Err(Broken::Unsupported("a form of receipt"));
                    }
                }
                "signed-receipt-micalg" => match words.find_map(Digest::named) {
                    Some(digest) => wish.digest = digest,
                    None if required => {
                        return Err(Broken::Unsupported("a MIC algorithm"));
                    }
                    None => {}
                },
                _ => {}
            }
        }
        Ok(Some(wish))
    }
}

/// A receipt to be made.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The AS2 name of the receiver of the message: who writes the receipt.
    pub receiver: &'a str,
    /// The Message-ID of the message.
    pub message_id: &'a str,
    /// What became of it.
    pub disposition: &'a Disposition,
    /// Its MIC, if it could be read.
    pub mic: Option<&'a Mic>,
    /// What a person reads.
    pub text: &'a str,
    /// Our product.
    pub product: &'a str,
    /// Two boundaries drawn at random.
    pub boundaries: [&'a str; 2],
}

impl Receipt<'_> {
    /// Makes it; signed, if somebody signs. SHA-1 is not signed with: towards those who
    /// want it, only the MIC has it.
    ///
    /// # Errors
    /// [`Broken::Crypto`].
    pub fn make(
        &self,
        sign: Option<(&Identity, Digest)>,
        at_seconds: i64,
    ) -> Result<(String, Vec<u8>), Broken> {
        let [outer, inner] = self.boundaries;
        let report = self.report(inner).entity_owned();
        let whole = match sign {
            None => report,
            Some((by, digest)) => {
                let digest = if digest == Digest::Sha1 { Digest::Sha256 } else { digest };
                let how = cms::Signature { digest, scheme: Scheme::Pkcs1, at_seconds };
                signed(&report, by, how, outer)?
            }
        };
        let Entity { fields, content } = entity(&whole)?;
        let kind = fields.get("Content-Type").unwrap_or_default().to_owned();
        Ok((kind, content.to_vec()))
    }

    fn report(&self, boundary: &str) -> Report {
        let mut told = Fields::new();
        told.push("Reporting-UA", self.product);
        told.push("Original-Recipient", format!("rfc822; {}", self.receiver));
        told.push("Final-Recipient", format!("rfc822; {}", self.receiver));
        told.push("Original-Message-ID", self.message_id);
        let disposition = self.disposition.text();
        let automatic = "automatic-action/MDN-sent-automatically";
        told.push("Disposition", format!("{automatic}; {disposition}"));
        if let Some(mic) = self.mic {
            let letters = STANDARD.encode(&mic.bytes);
            told.push(
                "Received-Content-MIC",
                format!("{letters}, {}", mic.digest.name()),
            );
        }
        let text = mime::canonical(self.text.as_bytes()).into_owned();
        let kind = "Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: 8bit\r\n\r\n";
        let text = [kind.as_bytes(), &text, b"\r\n"].concat();
        let kind = "Content-Type: message/disposition-notification\r\n\
            Content-Transfer-Encoding: 7bit\r\n\r\n";
        let fields = [kind.as_bytes(), told.lines().as_bytes()].concat();
        Report { boundary: boundary.to_owned(), text, fields }
    }
}

struct Report {
    boundary: String,
    text: Vec<u8>,
    fields: Vec<u8>,
}

impl Report {
    fn entity_owned(&self) -> Vec<u8> {
        let kind = "multipart/report; report-type=disposition-notification";
        let (boundary, parts) = (&self.boundary, [&*self.text, &*self.fields]);
        Multipart { kind, boundary, parts: &parts }.entity()
    }
}

/// A receipt that came.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which of the certificates signed it, if it is signed.
    pub signed: Option<usize>,
    /// What became of the message.
    pub disposition: Disposition,
    /// Of which message it speaks.
    pub message_id: String,
    /// The MIC: of a digest that is known, and well written.
    pub mic: Option<Mic>,
}

impl Answer {
    /// Reads a receipt; a signature must be of one of these certificates.
    ///
    /// # Errors
    /// [`Broken::NoReceipt`], [`Broken::Unproven`] and what MIME refuses.
    pub fn read(
        fields: &Fields,
        content: &[u8],
        partner: &[&Certificate],
        legacy: Legacy,
    ) -> Result<Self, Broken> {
        let kind = fields.content_type();
        let mut signed = None;
        let inner;
        let whole = if kind.word == "multipart/signed" {
            let part = signed_part(&kind, content, partner, legacy)?;
            signed = Some(part.by.1);
            inner = part.content;
            entity(&inner)?
        } else {
            Entity { fields: fields.clone(), content }
        };
        let kind = whole.fields.content_type();
        if kind.word != "multipart/report" {
            return Err(Broken::NoReceipt);
        }
        let plain = decode(whole.content, TransferEncoding::of(&whole.fields)?)?;
        for part in parts(&plain, &kind)? {
            let part = entity(part)?;
            let kind = part.fields.content_type().word;
            if kind != "message/disposition-notification" {
                continue;
            }
            let told = decode(part.content, TransferEncoding::of(&part.fields)?)?;
            return Self::told(signed, &told);
        }
        Err(Broken::NoReceipt)
    }

    fn told(signed: Option<usize>, told: &[u8]) -> Result<Self, Broken> {
        let begin = told.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let told = entity(told.get(begin..).unwrap_or_default())?.fields;
        let disposition = told.get("Disposition").ok_or(Broken::Header("Disposition"))?;
        let mic = told.get("Received-Content-MIC").and_then(|value| {
            let (letters, digest) = value.rsplit_once(',')?;
            let letters: String = letters.split_whitespace().collect();
            let bytes = STANDARD.decode(letters).ok()?;
            Some(Mic { digest: Digest::named(digest)?, bytes })
        });
        let message_id = told.get("Original-Message-ID").unwrap_or_default().to_owned();
        Ok(Self { signed, disposition: Disposition::read(disposition), message_id, mic })
    }

    /// Whether this proves that a message arrived: the receipt speaks of it, is signed if
    /// that was asked for, says that it was taken, and has its MIC. `duplicate-document`
    /// after our own second try is delivery.
    pub fn proves(&self, message_id: &str, mic: &Mic, signed: bool) -> Proof {
        if id(&self.message_id) != id(message_id) {
            return Proof::Nothing("the receipt speaks of another message");
        }
        if signed && self.signed.is_none() {
            return Proof::Nothing("the receipt is not signed");
        }
        match &self.disposition {
            Disposition::Error(why) | Disposition::Failure(why) => {
                Proof::Refused(why.clone())
            }
            Disposition::Processed | Disposition::Warning(_) => match &self.mic {
                None => Proof::Nothing("the receipt has no MIC"),
                Some(told) if told == mic => Proof::Delivered,
                Some(_) => Proof::Nothing("the receipt tells the MIC of another content"),
            },
        }
    }
}

/// A Message-ID without its angle brackets, which some peers leave out.
fn id(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>')
}

/// What a receipt proves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Proof {
    /// The partner has exactly what was sent.
    Delivered,
    /// The partner refused it, for this reason.
    Refused(String),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

#[cfg(test)]
mod tests {
    use mime::Fields;

    use super::{Disposition as D, Wish};
    use crate::{Broken, Digest};

    #[test]
    fn dispositions_are_read_in_every_form() {
        let read =
            |text| D::read(&format!("automatic-action/MDN-sent-automatically; {text}"));

        assert_eq!(read("Processed"), D::Processed);
        assert_eq!(
            read("processed/Warning: duplicate-document"),
            D::Warning("duplicate-document".into())
        );
        assert_eq!(
            read("processed/Error:  decryption-failed"),
            D::Error("decryption-failed".into())
        );
        assert_eq!(read("failed/Failure: x"), D::Failure("x".into()));
        assert_eq!(read("deleted"), D::Failure("deleted".into()));
    }

    #[test]
    fn the_first_known_digest_of_a_wish_is_taken() {
        let wish = |options: &str| {
            let fields: Fields = [
                ("Disposition-Notification-To", "a@b"),
                ("Disposition-Notification-Options", options),
            ]
            .into_iter()
            .collect();
            Wish::read(&fields)
        };
        let told = "signed-receipt-protocol=optional, pkcs7-signature; \
            signed-receipt-micalg=optional, md5, SHA512, sha1";

        assert_eq!(
            wish(told),
            Ok(Some(Wish { signed: true, digest: Digest::Sha512, later_to: None }))
        );
        assert_eq!(
            wish("signed-receipt-micalg=required, md5"),
            Err(Broken::Unsupported("a MIC algorithm"))
        );
        assert_eq!(Wish::read(&Fields::new()), Ok(None));
    }
}
