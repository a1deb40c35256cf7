//! Who sends: a key of the hub's, and the token that it signs for a push service (RFC 8292).

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::json;

use crate::{Broken, base64url, seal::derived};

/// The length of a private key, in bytes.
pub const KEY_BYTES: usize = 32;

/// The hub towards push services: always the same, or browsers would have to subscribe anew.
#[derive(Debug)]
pub struct Sender(EcdsaKeyPair);

impl Sender {
    /// The one whose key follows from a secret.
    ///
    /// # Errors
    /// [`Broken::Failed`], if the library does.
    pub fn of_secret(secret: &[u8]) -> Result<Self, Broken> {
        // A number above the order of the curve is no key, and the next one is tried.
        (0_u8..8)
            .find_map(|turn| {
                let about = [b"entente web push sender\0".as_slice(), &[turn]].concat();
                let private: [u8; KEY_BYTES] =
                    derived(b"entente", secret, &about).ok()?;
                Self::of_key(&private).ok()
            })
            .ok_or(Broken::Failed)
    }

    fn of_key(private: &[u8; KEY_BYTES]) -> Result<Self, Broken> {
        let odd = |_| Broken::Private;
        let agreed = PrivateKey::from_private_key(&ECDH_P256, private).map_err(odd)?;
        let public = agreed.compute_public_key().map_err(|_odd| Broken::Failed)?;
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(way, private, public.as_ref());
        pair.map(Self).map_err(|_odd| Broken::Private)
    }

    /// The public key: what a browser is told as `applicationServerKey`, in base64url.
    pub fn public(&self) -> String {
        base64url(self.0.public_key().as_ref())
    }

    /// The field `Authorization` for a push service (RFC 8292, 3). `audience` is its origin,
    /// `until` a time in seconds since 1970, at most a day ahead, and `contact` a `mailto:` or
    /// `https:` address of whoever runs the hub.
    ///
    /// # Errors
    /// [`Broken::Failed`], if the library does.
    pub fn authorization(
        &self,
        audience: &str,
        until: i64,
        contact: &str,
    ) -> Result<String, Broken> {
        let head =
            base64url(json!({ "typ": "JWT", "alg": "ES256" }).to_string().as_bytes());
        let claims = json!({ "aud": audience, "exp": until, "sub": contact }).to_string();
        let signed = format!("{head}.{}", base64url(claims.as_bytes()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_odd| Broken::Failed)?;
        let signature = base64url(signature.as_ref());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public()))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;
    use crate::bytes_of;

    #[test]
    fn the_key_follows_from_the_secret_alone() {
        let public = |secret: &[u8]| Sender::of_secret(secret).unwrap().public();

        assert_eq!(public(b"one"), public(b"one"));
        assert_ne!(public(b"one"), public(b"other"));
        let bytes = bytes_of(&public(b"one")).unwrap();
        assert_eq!((bytes.len(), bytes[0]), (65, 4), "an uncompressed point");
    }

    #[test]
    fn a_token_says_to_whom_and_until_when_and_is_signed() {
        let sender = Sender::of_secret(b"one").unwrap();

        let told = sender
            .authorization(
                "https://push.example",
                1_795_000_000,
                "mailto:ops@hub.example",
            )
            .unwrap();

        let rest = told.strip_prefix("vapid t=").unwrap();
        let (token, key) = rest.split_once(", k=").unwrap();
        assert_eq!(key, sender.public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (_, claims) = signed.split_once('.').unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&bytes_of(claims).unwrap()).unwrap();
        assert_eq!(
            claims,
            json!({ "aud": "https://push.example", "exp": 1_795_000_000, "sub": "mailto:ops@hub.example" })
        );
        let signature = bytes_of(signature).unwrap();
        let key =
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes_of(key).unwrap());
        key.verify(signed.as_bytes(), &signature).unwrap();
        assert!(key.verify(b"anything else", &signature).is_err());
    }
}
