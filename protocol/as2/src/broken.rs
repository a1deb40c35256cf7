//! What can be wrong with what a partner sends.

/// Why a message, a receipt or a certificate cannot be taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Broken {
    /// Not the ASN.1 that it should be.
    #[error("the ASN.1 makes no sense: {0}")]
    Asn1(&'static str),
    /// Not the MIME that it should be.
    #[error(transparent)]
    Mime(#[from] mime::Broken),
    /// A kind of CMS, or a place for one, that is not known.
    #[error("the message has {0}, which is not read here")]
    Unsupported(&'static str),
    /// It is signed, but not by this partner, or changed on the way.
    #[error("the signature is not that of this partner: {0}")]
    Unproven(&'static str),
    /// It is not encrypted to us, or changed on the way. One error for every cause that
    /// depends on a key: a sender must not learn which.
    #[error("the message cannot be decrypted with any of our keys")]
    Undecipherable,
    /// The compressed content is damaged, or larger than allowed.
    #[error("the compressed content {0}")]
    Incompressible(&'static str),
    /// The policy for this partner asks for more.
    #[error("this partner's messages must be {0}")]
    Insecure(&'static str),
    /// It is wrapped more often than anybody needs.
    #[error("the message is wrapped more than five times")]
    TooDeep,
    /// A header that it cannot do without is missing or makes no sense.
    #[error("the header `{0}` is missing or makes no sense")]
    Header(&'static str),
    /// It is no disposition notification.
    #[error("the answer is no disposition notification")]
    NoReceipt,
    /// A certificate or key cannot be used.
    #[error("{0}")]
    Certificate(&'static str),
    /// The library refused a step that has to succeed, such as a key that is too short.
    #[error("cryptography: {0}")]
    Crypto(&'static str),
}

impl Broken {
    /// The word that an MDN tells it with.
    ///
    /// Source: RFC 4130, 7.5.3 and 7.5.4; `decompression-failed` from RFC 5402, 5.
    pub const fn modifier(&self) -> &'static str {
        match self {
            Self::Unproven(_) => "authentication-failed",
            Self::Undecipherable => "decryption-failed",
            Self::Incompressible(_) => "decompression-failed",
            Self::Insecure(_) => "insufficient-message-security",
            Self::Asn1(_)
            | Self::Mime(_)
            | Self::Unsupported(_)
            | Self::TooDeep
            | Self::Header(_)
            | Self::NoReceipt
            | Self::Certificate(_)
            | Self::Crypto(_) => "unexpected-processing-error",
        }
    }
}
