//! The algorithms that are known, by their names and identifiers.

use aws_lc_rs::{digest, signature};

use crate::{asn1, oids};

/// A digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Digest {
    /// SHA-1: read where a policy allows it, signed with never.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// By its name, in any of the spellings that peers use: `sha256`, `sha-256`, `SHA_256`.
    pub fn named(name: &str) -> Option<Self> {
        let name =
            name.trim().trim_matches('"').to_ascii_lowercase().replace(['-', '_'], "");
        Self::ALL.into_iter().find(|it| it.name().replace('-', "") == name)
    }

    /// Its name in `micalg` and in MDNs (RFC 8551, 3.5.3.2; `sha1` as RFC 4130 spells it).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// The digest of these bytes.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        digest::digest(self.algorithm(), bytes).as_ref().to_vec()
    }

    pub(crate) fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oids::SHA1,
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
        }
    }

    /// By the identifier of the digest, or of RSA with it, which some peers write instead.
    pub(crate) fn by_oid(oid: &[u8]) -> Option<Self> {
        let with_rsa = |it| match it {
            Self::Sha1 => oids::RSA_SHA1,
            Self::Sha256 => oids::RSA_SHA256,
            Self::Sha384 => oids::RSA_SHA384,
            Self::Sha512 => oids::RSA_SHA512,
        };
        Self::ALL.into_iter().find(|it| it.oid() == oid || with_rsa(*it) == oid)
    }

    pub(crate) fn identifier(self) -> Vec<u8> {
        asn1::sequence(&[&asn1::oid(self.oid()), asn1::NULL])
    }
}

/// How RSA signs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Scheme {
    /// PKCS #1 version 1.5, which everybody reads.
    #[default]
    Pkcs1,
    /// PSS.
    Pss,
}

/// The algorithm that verifies; RSA keys of 1,024 bits and SHA-1 only where allowed.
pub(crate) fn verifier(
    scheme: Scheme,
    digest: Digest,
    legacy: Legacy,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    use Digest::{Sha1, Sha256, Sha384, Sha512};
    Some(match (scheme, digest, legacy) {
        (Scheme::Pkcs1, Sha1, Legacy::Taken) => {
            &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY
        }
        (Scheme::Pkcs1 | Scheme::Pss, Sha1, _) => return None,
        (Scheme::Pkcs1, Sha256, Legacy::Taken) => {
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (Scheme::Pkcs1, Sha256, Legacy::Refused) => {
            &signature::RSA_PKCS1_2048_8192_SHA256
        }
        (Scheme::Pkcs1, Sha384, _) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (Scheme::Pkcs1, Sha512, _) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (Scheme::Pss, Sha256, _) => &signature::RSA_PSS_2048_8192_SHA256,
        (Scheme::Pss, Sha384, _) => &signature::RSA_PSS_2048_8192_SHA384,
        (Scheme::Pss, Sha512, _) => &signature::RSA_PSS_2048_8192_SHA512,
    })
}

/// The algorithm that signs; none with SHA-1.
pub(crate) fn signer(
    scheme: Scheme,
    digest: Digest,
) -> Option<&'static dyn signature::RsaEncoding> {
    use Digest::{Sha1, Sha256, Sha384, Sha512};
    Some(match (scheme, digest) {
        (Scheme::Pkcs1 | Scheme::Pss, Sha1) => return None,
        (Scheme::Pkcs1, Sha256) => &signature::RSA_PKCS1_SHA256,
        (Scheme::Pkcs1, Sha384) => &signature::RSA_PKCS1_SHA384,
        (Scheme::Pkcs1, Sha512) => &signature::RSA_PKCS1_SHA512,
        (Scheme::Pss, Sha256) => &signature::RSA_PSS_SHA256,
        (Scheme::Pss, Sha384) => &signature::RSA_PSS_SHA384,
        (Scheme::Pss, Sha512) => &signature::RSA_PSS_SHA512,
    })
}

/// Whether what is too weak today is taken from a partner who cannot do better: SHA-1,
/// triple DES, RSA keys shorter than 2,048 bits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Legacy {
    /// No.
    #[default]
    Refused,
    /// Yes.
    Taken,
}

/// A cipher for content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cipher {
    /// Triple DES: read where a policy allows it, written never.
    TripleDes,
    /// AES-128 in CBC mode.
    Aes128Cbc,
    /// AES-192 in CBC mode.
    Aes192Cbc,
    /// AES-256 in CBC mode.
    Aes256Cbc,
    /// AES-128 in GCM mode.
    Aes128Gcm,
    /// AES-256 in GCM mode.
    Aes256Gcm,
}

impl Cipher {
    const ALL: [Self; 6] = [
        Self::TripleDes,
        Self::Aes128Cbc,
        Self::Aes192Cbc,
        Self::Aes256Cbc,
        Self::Aes128Gcm,
        Self::Aes256Gcm,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TripleDes => "3des",
            Self::Aes128Cbc => "aes128-cbc",
            Self::Aes192Cbc => "aes192-cbc",
            Self::Aes256Cbc => "aes256-cbc",
            Self::Aes128Gcm => "aes128-gcm",
            Self::Aes256Gcm => "aes256-gcm",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether it also proves that nothing was changed.
    pub const fn authenticates(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes256Gcm)
    }

    pub(crate) const fn key_length(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Gcm => 16,
            Self::TripleDes | Self::Aes192Cbc => 24,
            Self::Aes256Cbc | Self::Aes256Gcm => 32,
        }
    }

    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::TripleDes => oids::TRIPLE_DES_CBC,
            Self::Aes128Cbc => oids::AES128_CBC,
            Self::Aes192Cbc => oids::AES192_CBC,
            Self::Aes256Cbc => oids::AES256_CBC,
            Self::Aes128Gcm => oids::AES128_GCM,
            Self::Aes256Gcm => oids::AES256_GCM,
        }
    }

    pub(crate) fn by_oid(oid: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.oid() == oid)
    }
}

/// How the key of the content is encrypted to the receiver's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KeyTransport {
    /// RSA, PKCS #1 version 1.5, which everybody reads.
    #[default]
    Pkcs1,
    /// RSA-OAEP with SHA-1: read only.
    OaepSha1,
    /// RSA-OAEP with SHA-256.
    OaepSha256,
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn digests_are_known_in_every_spelling() {
        for name in ["sha256", "sha-256", " SHA256", "\"SHA_256\""] {
            assert_eq!(Digest::named(name), Some(Digest::Sha256), "{name}");
        }
        assert_eq!(Digest::named("SHA-1"), Some(Digest::Sha1));
        assert_eq!(Digest::named("md5"), None);
    }
}
