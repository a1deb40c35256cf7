//! A message that only one browser can open: `aes128gcm` (RFC 8188) with keys as RFC 8291 says.

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};

use crate::{Broken, KEY_BYTES, base64url, bytes_of};

/// The length of a salt, in bytes (RFC 8188, 2.1).
pub const SALT_BYTES: usize = 16;
/// The longest message, in bytes: what push services must take (RFC 8030, 7.2) without the
/// header, the delimiter and the tag of its only record.
pub const LIMIT_BYTES: usize = 3_993;
/// The size of a record, as the header tells it (RFC 8188, 2.1).
const RECORD_BYTES: u32 = 4_096;
/// A point of P-256, uncompressed (X9.62).
const POINT_BYTES: usize = 65;
/// The authentication secret (RFC 8291, 3.2).
const SECRET_BYTES: usize = 16;
/// What ends the last record (RFC 8188, 2).
const LAST: u8 = 2;

/// A browser that subscribed: what it takes to write to it.
#[derive(Clone, Eq, PartialEq)]
pub struct Browser {
    key: [u8; POINT_BYTES],
    secret: [u8; SECRET_BYTES],
}

impl Browser {
    /// From `p256dh` and `auth`, as a browser tells them (Push API, `getKey`), in base64url.
    ///
    /// # Errors
    /// [`Broken::Key`] and [`Broken::Secret`].
    pub fn new(p256dh: &str, auth: &str) -> Result<Self, Broken> {
        let key = bytes_of(p256dh).ok_or(Broken::Key)?;
        let secret = bytes_of(auth).ok_or(Broken::Secret)?;
        Self::from_bytes(&key, &secret)
    }

    /// From the bytes of both.
    ///
    /// # Errors
    /// [`Broken::Key`] and [`Broken::Secret`].
    pub fn from_bytes(key: &[u8], secret: &[u8]) -> Result<Self, Broken> {
        let key = <[u8; POINT_BYTES]>::try_from(key).map_err(|_odd| Broken::Key)?;
        let secret = secret.try_into().map_err(|_odd| Broken::Secret)?;
        // The library says whether it is a point of the curve once it agrees on something.
        let anybody = PrivateKey::from_private_key(&ECDH_P256, &[1; KEY_BYTES]);
        let anybody = anybody.map_err(|_odd| Broken::Failed)?;
        let peer = UnparsedPublicKey::new(&ECDH_P256, key);
        agreement::agree(&anybody, peer, Broken::Key, |_| Ok(()))?;
        Ok(Self { key, secret })
    }

    /// Its public key.
    pub const fn key(&self) -> &[u8] {
        &self.key
    }

    /// Its secret.
    pub const fn secret(&self) -> &[u8] {
        &self.secret
    }
}

/// What is secret is not printed.
impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Browser({})", base64url(&self.key))
    }
}

/// How many bytes are derived.
#[derive(Clone, Copy)]
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Encrypts a message for a browser. `once` is a private key and `salt` a salt that were drawn for
/// this message alone.
///
/// # Errors
/// [`Broken::TooLong`] above [`LIMIT_BYTES`]; [`Broken::Private`] where the bytes of `once` make no
/// key, which happens once in four thousand million times.
pub fn seal(
    message: &[u8],
    to: &Browser,
    once: &[u8; KEY_BYTES],
    salt: &[u8; SALT_BYTES],
) -> Result<Vec<u8>, Broken> {
    if message.len() > LIMIT_BYTES {
        return Err(Broken::TooLong);
    }
    let private =
        PrivateKey::from_private_key(&ECDH_P256, once).map_err(|_odd| Broken::Private)?;
    let public = private.compute_public_key().map_err(|_odd| Broken::Failed)?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, to.key);
    let (key, nonce) = agreement::agree(&private, peer, Broken::Key, |shared| {
        keys(shared, to, public.as_ref(), salt)
    })?;

    let mut sealed = message.to_vec();
    sealed.push(LAST);
    let key = UnboundKey::new(&AES_128_GCM, &key).map_err(|_odd| Broken::Failed)?;
    LessSafeKey::new(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut sealed,
        )
        .map_err(|_odd| Broken::Failed)?;

    // RFC 8188, 2.1: salt, record size, length of the key's name, the key's name.
    let mut whole = salt.to_vec();
    whole.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    whole.push(u8::try_from(public.as_ref().len()).map_err(|_odd| Broken::Failed)?);
    whole.extend_from_slice(public.as_ref());
    whole.append(&mut sealed);
    Ok(whole)
}

/// The key and the nonce of the content (RFC 8291, 3.3 and 3.4).
fn keys(
    shared: &[u8],
    to: &Browser,
    public: &[u8],
    salt: &[u8; SALT_BYTES],
) -> Result<([u8; 16], [u8; 12]), Broken> {
    let about = [b"WebPush: info\0", to.key.as_slice(), public].concat();
    let input: [u8; 32] = derived(&to.secret, shared, &about)?;
    let key = derived(salt, &input, b"Content-Encoding: aes128gcm\0")?;
    let nonce = derived(salt, &input, b"Content-Encoding: nonce\0")?;
    Ok((key, nonce))
}

/// HKDF with SHA-256 (RFC 5869).
pub(crate) fn derived<const N: usize>(
    salt: &[u8],
    input: &[u8],
    about: &[u8],
) -> Result<[u8; N], Broken> {
    let mut out = [0; N];
    let drawn = Salt::new(HKDF_SHA256, salt).extract(input);
    let made = drawn.expand(&[about], Bytes(N)).and_then(|made| made.fill(&mut out));
    made.map(|()| out).map_err(|_odd| Broken::Failed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The browser of RFC 8291, appendix A.
    const P256DH: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn array<const N: usize>(text: &str) -> [u8; N] {
        bytes_of(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn a_message_is_sealed_as_in_the_example_of_the_standard() {
        // RFC 8291, section 5 and appendix A.
        let once = array("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let salt = array("DGv6ra1nlYgDCS1FRnbzlw");
        let to = Browser::new(P256DH, AUTH).unwrap();

        let sealed =
            seal(b"When I grow up, I want to be a watermelon", &to, &once, &salt);

        assert_eq!(
            base64url(&sealed.unwrap()),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_message_fits_what_every_push_service_takes() {
        let to = Browser::new(P256DH, AUTH).unwrap();
        let sealed = |bytes: usize| seal(&vec![b'x'; bytes], &to, &[7; 32], &[9; 16]);

        assert_eq!(sealed(LIMIT_BYTES).unwrap().len(), 4_096);
        assert_eq!(sealed(LIMIT_BYTES + 1), Err(Broken::TooLong));
    }

    #[test]
    fn a_browser_that_is_none_is_refused_by_what_is_wrong_with_it() {
        let off_the_curve = base64url(&[&[4_u8][..], &[1; 64]].concat());

        for (key, auth, told) in [
            ("", AUTH, Broken::Key),
            ("not base64!", AUTH, Broken::Key),
            (AUTH, AUTH, Broken::Key),
            (off_the_curve.as_str(), AUTH, Broken::Key),
            (P256DH, "", Broken::Secret),
            (P256DH, P256DH, Broken::Secret),
        ] {
            assert_eq!(Browser::new(key, auth), Err(told), "{key} {auth}");
        }
        // Some browsers pad.
        assert!(Browser::new(&format!("{P256DH}="), &format!("{AUTH}==")).is_ok());
    }

    proptest! {
        #[test]
        fn no_words_of_a_browser_make_it_panic(key in ".{0,100}", auth in ".{0,40}") {
            let _taken = Browser::new(&key, &auth);
        }
    }
}
