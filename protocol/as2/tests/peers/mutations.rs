//! Damaged bytes: no panic, and nothing accepted that was not signed.

use as2::{
    Answer, Certificate, Digest, Identity, Legacy, Outgoing, Scheme, cms, receive,
};
use proptest::prelude::*;

use crate::{
    ACME, GLOBEX, LAX, STRICT,
    combinations::{plain, sealed},
    keys,
};

#[test]
fn every_flipped_bit_of_the_signed_part_is_refused() {
    let sign = Some((&*ACME, Digest::Sha256, Scheme::Pkcs1));
    let made = Outgoing { sign, ..plain() }.make().unwrap();
    let partner = [ACME.certificate()];
    let read = |content: &[u8]| {
        receive(&made.fields, content, keys(&[], &partner), LAX, Digest::Sha256)
    };
    let begin = b"--=_outer\r\n".len();
    let found =
        made.content.windows(12).skip(begin).position(|it| it == b"\r\n--=_outer\r");
    let end = begin + found.unwrap();
    assert!(read(&made.content).is_ok());
    for at in begin..end {
        for bit in 0..8 {
            let mut damaged = made.content.clone();
            damaged[at] ^= 1 << bit;
            assert!(read(&damaged).is_err(), "byte {at}, bit {bit}");
        }
    }
}

fn damage(whole: &[u8], changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for (at, kind, with) in changes {
        let at = at % bytes.len().max(1);
        match kind % 5 {
            _ if bytes.is_empty() => {}
            0 => bytes[at] = *with,
            1 => bytes[at] ^= 1 << (with % 8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + usize::from(*with)).min(bytes.len()))),
            _ => bytes.insert(at, *with),
        }
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..5)
}

proptest! {
    #[test]
    fn property_a_damaged_message_is_refused_or_says_the_same(changes in changes()) {
        let made = sealed();
        let damaged = damage(&made.content, &changes);
        let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
        let keys = keys(&own, &partner);
        if let Ok(read) = receive(&made.fields, &damaged, keys, STRICT, Digest::Sha256) {
            prop_assert_eq!(&read.documents[0].bytes[..], plain().document);
        }
    }

    #[test]
    fn property_a_damaged_signed_message_is_refused_or_says_the_same(changes in changes()) {
        let sign = Some((&*ACME, Digest::Sha256, Scheme::Pkcs1));
        let made = Outgoing { sign, ..plain() }.make().unwrap();
        let damaged = damage(&made.content, &changes);
        let partner = [ACME.certificate()];
        let keys = keys(&[], &partner);
        let read = receive(&made.fields, &damaged, keys, LAX, Digest::Sha256);
        // Line breaks that only lost or gained their CR are the same text (RFC 8551, 3.1.1).
        if let Ok(read) = read && read.signed.is_some() {
            let bytes = mime::canonical(&read.documents[0].bytes).into_owned();
            prop_assert_eq!(bytes, mime::canonical(plain().document).into_owned());
        }
    }

    #[test]
    fn property_no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
        let (own, partner): ([&Identity; 1], [&Certificate; 1]) =
            ([&*GLOBEX], [ACME.certificate()]);
        let _read = cms::kind(&bytes);
        let _read = cms::decrypt(&bytes, &own, Legacy::Taken);
        let _read = cms::verify(&bytes, None, &partner, Legacy::Taken);
        let _read = cms::decompress(&bytes, 1000);
        let _read = Certificate::read_all(&bytes);
        let _read = Identity::from_pem(&bytes);
        let kind = [("Content-Type", "multipart/signed; boundary=a")].into_iter().collect();
        let _read = Answer::read(&kind, &bytes, &partner, Legacy::Taken);
    }

    #[test]
    fn property_a_damaged_certificate_makes_no_reader_panic(changes in changes()) {
        let der = damage(ACME.certificate().der(), &changes);
        let _read = Certificate::read_all(&der);
        let _read = Identity::from_pfx(&der, "secret");
    }
}
