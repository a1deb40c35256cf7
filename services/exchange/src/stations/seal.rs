//! Private keys at rest: AES-256-GCM under a key derived from the hub's secret, bound to
//! whose they are.

use std::fmt::Display;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf, rand,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Fault;

const NONCE_BYTES: usize = 12;

fn broken(what: &str) -> Fault {
    Fault::broken(what.to_owned(), "the hub's secret is not the one it was sealed with")
}

/// HKDF (RFC 5869) of the hub's secret, for this purpose alone.
fn key(secret: &[u8; 32]) -> Result<LessSafeKey, Fault> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"entente as2 keys");
    let secret = salt.extract(secret);
    let derived = secret.expand(&[b"aes-256-gcm"], &AES_256_GCM);
    let derived = derived.map_err(|_never| broken("deriving a key"))?;
    Ok(LessSafeKey::new(UnboundKey::from(derived)))
}

/// Seals a private key.
pub(crate) fn seal(
    secret: &[u8; 32],
    owner: impl Display,
    plain: &[u8],
) -> Result<String, Fault> {
    let mut nonce = [0_u8; NONCE_BYTES];
    rand::fill(&mut nonce).map_err(|_none| broken("drawing a nonce"))?;
    let mut sealed = plain.to_vec();
    let aad = Aad::from(owner.to_string());
    key(secret)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
        .map_err(|_never| broken("sealing a key"))?;
    Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
}

/// Opens it again.
pub(crate) fn open(
    secret: &[u8; 32],
    owner: impl Display,
    sealed: &str,
) -> Result<Vec<u8>, Fault> {
    let failed = || broken("opening the key of an AS2 station");
    let bytes = STANDARD.decode(sealed).map_err(|_bad| failed())?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(failed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_never| failed())?;
    let (mut plain, aad) = (sealed.to_vec(), Aad::from(owner.to_string()));
    let opened = key(secret)?.open_in_place(nonce, aad, &mut plain);
    let length = opened.map_err(|_forged| failed())?.len();
    plain.truncate(length);
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Organisation};

    use super::{open, seal};

    #[test]
    fn a_sealed_key_opens_for_its_owner_and_secret_alone() {
        let (owner, other) = (Id::<Organisation>::mint(), Id::<Organisation>::mint());
        let sealed = seal(&[1; 32], owner, b"private").unwrap();

        assert_eq!(open(&[1; 32], owner, &sealed).unwrap(), b"private");
        assert!(open(&[2; 32], owner, &sealed).is_err());
        assert!(open(&[1; 32], other, &sealed).is_err());
        assert_ne!(seal(&[1; 32], owner, b"private").unwrap(), sealed);
    }
}
