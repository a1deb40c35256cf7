//! Public keys that are taken apart once for each use of them.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::{
    rsa::{OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey},
    signature::{ParsedPublicKey, UnparsedPublicKey},
};

use crate::{Digest, Legacy, Scheme, algorithms::verifier};

/// The public key of a certificate, ready for use as soon as it was used once. It follows from
/// the certificate's bytes, so it says nothing when certificates are compared.
#[derive(Clone, Default)]
pub(crate) struct Parsed(Arc<Ready>);

#[derive(Default)]
struct Ready {
    verifying: [OnceLock<Option<ParsedPublicKey>>; 16],
    sealing: OnceLock<Option<Sealing>>,
}

/// The key that encrypts, for both ways to do it.
pub(crate) struct Sealing {
    pub(crate) pkcs1: Pkcs1PublicEncryptingKey,
    pub(crate) oaep: OaepPublicEncryptingKey,
}

impl Parsed {
    /// Whether a signature over these bytes is of this key; not for what is not taken.
    pub(crate) fn verifies(
        &self,
        key: &[u8],
        (scheme, digest, legacy): (Scheme, Digest, Legacy),
        (covered, signature): (&[u8], &[u8]),
    ) -> bool {
        self.ready(key, (scheme, digest, legacy))
            .is_some_and(|ready| ready.verify_sig(covered, signature).is_ok())
    }

    /// The same, where only the digest of what is covered is known.
    pub(crate) fn verifies_digest(
        &self,
        key: &[u8],
        (scheme, digest, legacy): (Scheme, Digest, Legacy),
        (of, signature): (&[u8], &[u8]),
    ) -> bool {
        let Ok(of) = aws_lc_rs::digest::Digest::import_less_safe(of, digest.algorithm())
        else {
            return false;
        };
        self.ready(key, (scheme, digest, legacy))
            .is_some_and(|ready| ready.verify_digest_sig(&of, signature).is_ok())
    }

    /// The key, ready to verify so.
    fn ready(
        &self,
        key: &[u8],
        (scheme, digest, legacy): (Scheme, Digest, Legacy),
    ) -> Option<&ParsedPublicKey> {
        let with = verifier(scheme, digest, legacy)?;
        let digest = match digest {
            Digest::Sha1 => 0,
            Digest::Sha256 => 1,
            Digest::Sha384 => 2,
            Digest::Sha512 => 3,
        };
        let scheme = match scheme {
            Scheme::Pkcs1 => 0,
            Scheme::Pss => 4,
        };
        let legacy = match legacy {
            Legacy::Refused => 0,
            Legacy::Taken => 8,
        };
        let place: usize = digest | scheme | legacy;
        let parse = || UnparsedPublicKey::new(with, key).parse().ok();
        let ready = self.0.verifying.get(place).map(|slot| slot.get_or_init(parse));
        ready.and_then(Option::as_ref)
    }

    /// The key that encrypts; none if it is too short.
    pub(crate) fn sealing(&self, public: &[u8]) -> Option<&Sealing> {
        let parse = || {
            let public = PublicEncryptingKey::from_der(public).ok()?;
            let pkcs1 = Pkcs1PublicEncryptingKey::new(public.clone()).ok()?;
            Some(Sealing { pkcs1, oaep: OaepPublicEncryptingKey::new(public).ok()? })
        };
        self.0.sealing.get_or_init(parse).as_ref()
    }
}

impl std::fmt::Debug for Parsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parsed").finish_non_exhaustive()
    }
}

impl PartialEq for Parsed {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Parsed {}
