//! What two seats on two nodes tell each other crosses the bus sealed, so that the bus carries
//! no content: AES-256-GCM under a key that the nodes derive from the secret that they share.
//! The seat for which it is stands outside, and is sealed along.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use kernel::{Fault, Id, Seat};
use wire::CallSignalled;

const LABEL: &[u8] = b"entente: what two seats of a call tell each other";

fn key(secret: &[u8; 32]) -> Result<RandomizedNonceKey, Fault> {
    let derived =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()), LABEL);
    RandomizedNonceKey::new(&AES_256_GCM, derived.as_ref())
        .map_err(Fault::new("making the key of signals"))
}

/// Seals a text for a seat.
pub(super) fn seal(
    secret: &[u8; 32],
    seat: Id<Seat>,
    signal: &CallSignalled,
) -> Result<String, Fault> {
    let mut text = serde_json::to_vec(signal).map_err(Fault::new("writing a signal"))?;
    let aad = Aad::from(seat.to_string());
    let nonce = key(secret)?
        .seal_in_place_append_tag(aad, &mut text)
        .map_err(Fault::new("sealing a signal"))?;
    let mut sealed = nonce.as_ref().to_vec();
    sealed.append(&mut text);
    Ok(STANDARD_NO_PAD.encode(sealed))
}

/// Opens what was sealed for a seat; none if it was not, or not under this secret.
pub(super) fn open(
    secret: &[u8; 32],
    seat: Id<Seat>,
    sealed: &str,
) -> Option<CallSignalled> {
    let sealed = STANDARD_NO_PAD.decode(sealed).ok()?;
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    let aad = Aad::from(seat.to_string());
    let text = key(secret).ok()?.open_in_place(nonce, aad, &mut text).ok()?;
    serde_json::from_slice(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_seat_and_the_secret_that_it_was_sealed_for_open_it() {
        let (secret, seat) = ([7_u8; 32], Id::mint());
        let body = "v=0 candidate 10.0.0.7".to_owned();
        let signal = CallSignalled { body, ..CallSignalled::default() };
        let sealed = seal(&secret, seat, &signal).unwrap();

        assert_eq!(open(&secret, seat, &sealed), Some(signal.clone()));
        assert!(!sealed.contains("candidate"));
        assert_ne!(sealed, seal(&secret, seat, &signal).unwrap());
        assert_eq!(open(&[8; 32], seat, &sealed), None);
        assert_eq!(open(&secret, Id::mint(), &sealed), None);
        for broken in ["", "AAAA", sealed.get(1..).unwrap(), "not base 64!"] {
            assert_eq!(open(&secret, seat, broken), None, "{broken}");
        }
    }
}
