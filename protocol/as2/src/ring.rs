//! Keys and certificates that are taken apart once, and not for every message.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{Broken, Certificate, Digest, Identity};

/// Opened keys, by what they were opened from: whoever stores a key sealed asks here before
/// opening it, since opening costs as much as using it.
///
/// What is kept is named by the SHA-256 of everything that it was made from, so nothing kept is
/// ever out of date: a changed row is another name, and a deleted one is not asked for again. Of
/// each sort the last `most` that were asked for are kept; private keys stay in memory that long.
#[derive(Debug)]
pub struct Ring {
    most: usize,
    identities: Mutex<Vec<Kept<Identity>>>,
    certificates: Mutex<Vec<Kept<[Certificate]>>>,
}

/// What something was made from, and what was made.
type Kept<T> = (Vec<u8>, Arc<T>);

impl Ring {
    /// One that keeps so many identities, and as many files of certificates.
    pub const fn new(most: usize) -> Self {
        Self {
            most,
            identities: Mutex::new(Vec::new()),
            certificates: Mutex::new(Vec::new()),
        }
    }

    /// The identity made from `parts` (the sealed key, the certificate, and whatever else decides
    /// that it may be opened), opened by `open` unless it is kept.
    ///
    /// # Errors
    /// Those of `open`; they are not kept.
    pub fn identity<E>(
        &self,
        parts: &[&[u8]],
        open: impl FnOnce() -> Result<Identity, E>,
    ) -> Result<Arc<Identity>, E> {
        kept(&self.identities, self.most, parts, || open().map(Arc::new))
    }

    /// The certificates in a file, read as [`Certificate::read_all`] does unless they are kept.
    ///
    /// # Errors
    /// As [`Certificate::read_all`].
    pub fn certificates(&self, file: &[u8]) -> Result<Arc<[Certificate]>, Broken> {
        let read = || Certificate::read_all(file).map(Arc::from);
        kept(&self.certificates, self.most, &[file], read)
    }
}

fn kept<T: ?Sized, E>(
    all: &Mutex<Vec<Kept<T>>>,
    most: usize,
    parts: &[&[u8]],
    open: impl FnOnce() -> Result<Arc<T>, E>,
) -> Result<Arc<T>, E> {
    let name = name(parts);
    let lock = || all.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let mut all = lock();
        let found = all.iter().position(|(own, _)| *own == name);
        if let Some(place) = found {
            // The last that was asked for stands at the end.
            let found = all.remove(place);
            let made = Arc::clone(&found.1);
            all.push(found);
            return Ok(made);
        }
    }
    // Others need not wait while this one is opened; two may open the same.
    let made = open()?;
    let mut all = lock();
    if !all.iter().any(|(own, _)| *own == name) {
        all.push((name, Arc::clone(&made)));
        let over = all.len().saturating_sub(most);
        all.drain(..over);
    }
    Ok(made)
}

/// No two lists of parts have one name.
fn name(parts: &[&[u8]]) -> Vec<u8> {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend_from_slice(&part.len().to_be_bytes());
        whole.extend_from_slice(part);
    }
    Digest::Sha256.of(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn identity(name: &str) -> Identity {
        let profile = Profile { name, organisation: name, from_seconds: 0, days: 10 };
        Identity::generate(profile).unwrap()
    }

    #[test]
    fn a_key_is_opened_once_and_the_one_asked_for_longest_ago_goes() {
        let ring = Ring::new(2);
        let opened = std::cell::Cell::new(0);
        let (acme, globex) = (identity("ACME"), identity("GLOBEX"));
        let ask = |parts: &[&[u8]], of: &Identity| {
            let open = || {
                opened.set(opened.get() + 1);
                Identity::new(of.pkcs8(), of.certificate().clone())
            };
            ring.identity(parts, open).unwrap()
        };
        let first = ask(&[b"a", b"bc"], &acme);
        assert!(Arc::ptr_eq(&first, &ask(&[b"a", b"bc"], &acme)));
        assert_eq!(opened.get(), 1);
        // The same bytes in other parts are another key.
        let other = ask(&[b"ab", b"c"], &globex);
        assert_eq!(other.certificate(), globex.certificate());
        ask(&[b"a", b"bc"], &acme);
        ask(&[b"third"], &acme);
        assert_eq!(opened.get(), 3);
        ask(&[b"a", b"bc"], &acme);
        assert_eq!(opened.get(), 3);
        ask(&[b"ab", b"c"], &globex);
        assert_eq!(opened.get(), 4);
    }

    #[test]
    fn what_cannot_be_opened_is_asked_for_again() {
        let ring = Ring::new(2);
        let none = ring.identity(&[b"x"], || Err::<Identity, _>("wrong"));
        assert_eq!(none.unwrap_err(), "wrong");
        assert!(ring.identity(&[b"x"], || Ok::<_, ()>(identity("X"))).is_ok());
        assert!(ring.certificates(b"none").is_err());
        let pem = identity("Y").certificate().pem();
        let (one, two) =
            (ring.certificates(pem.as_bytes()), ring.certificates(pem.as_bytes()));
        assert!(Arc::ptr_eq(&one.unwrap(), &two.unwrap()));
    }
}
