//! What is read from files is what is read from memory.

use std::io::{Cursor, Read as _, Seek as _};

use mime::Fields;

use super::{Failure, Place, ReceivedFile, receive_file};
use crate::{
    Broken, Certificate, Cipher, Compression, Demand, Digest, Identity, KeyTransport,
    Keys, Legacy, Made, Outgoing, Policy, Profile, Received, Scheme, receive,
};

const POLICY: Policy = Policy {
    signed: Demand::Optional,
    encrypted: Demand::Optional,
    legacy: Legacy::Refused,
    limit_bytes: 1 << 22,
};

type File = Cursor<Vec<u8>>;

fn identity(name: &str) -> Identity {
    let profile = Profile { name, organisation: name, from_seconds: 0, days: 36_500 };
    Identity::generate(profile).unwrap()
}

fn from_files(
    fields: &Fields,
    content: &[u8],
    keys: Keys<'_>,
    policy: Policy,
) -> Result<ReceivedFile<File>, Failure> {
    // It does not begin where its file does.
    let file = Cursor::new([b"head", content].concat());
    let to = u64::try_from(content.len()).unwrap().saturating_add(4);
    let place = Place { from: 4, to };
    let scratch = &mut || Ok(File::default());
    receive_file(fields, (file, place), keys, policy, Digest::Sha256, scratch)
}

fn whole(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

fn agree(held: &Received, mut read: ReceivedFile<File>) {
    assert_eq!(read.signed, held.signed);
    assert_eq!(read.encrypted, held.encrypted);
    assert_eq!(read.compressed, held.compressed);
    assert_eq!(read.mic, held.mic);
    assert_eq!(read.documents.len(), held.documents.len());
    for (file, document) in read.documents.iter_mut().zip(&held.documents) {
        assert_eq!(whole(&mut file.file), document.bytes);
        assert_eq!(file.content_type, document.content_type);
        assert_eq!(file.file_name, document.file_name);
    }
    let evidence = read.evidence.map(|(mut content, signature)| crate::Evidence {
        content: whole(&mut content),
        signature,
    });
    assert_eq!(evidence, held.evidence);
}

struct Both {
    own: Identity,
    partner: Identity,
}

impl Both {
    fn new() -> Self {
        Self { own: identity("own"), partner: identity("partner") }
    }

    fn make(
        &self,
        document: &[u8],
        (sign, encrypt): (bool, Option<Cipher>),
        compression: Compression,
    ) -> Made {
        let to: &Certificate = self.own.certificate();
        let outgoing = Outgoing {
            document,
            content_type: "application/octet-stream",
            file_name: Some("some.bin"),
            sign: sign.then_some((&self.partner, Digest::Sha256, Scheme::Pkcs1)),
            encrypt: encrypt.map(|cipher| (to, cipher, KeyTransport::Pkcs1)),
            compression,
            mic: Digest::Sha256,
            at_seconds: 1_795_000_000,
            boundary: "=_b",
        };
        outgoing.make().unwrap()
    }

    fn both(
        &self,
        fields: &Fields,
        content: &[u8],
        policy: Policy,
    ) -> (Result<Received, Broken>, Result<ReceivedFile<File>, Failure>) {
        let (own, partner) = ([&self.own], [self.partner.certificate()]);
        let keys = Keys { own: &own, partner: &partner };
        let held = receive(fields, content, keys, policy, Digest::Sha256);
        (held, from_files(fields, content, keys, policy))
    }
}

#[test]
fn every_combination_is_read_from_files_as_from_memory() {
    let both = Both::new();
    let line = b"some bytes that are no text: \xff\x00 and a break\r\n";
    let document: Vec<u8> = line.iter().copied().cycle().take(300_001).collect();
    let ciphers =
        [None, Some(Cipher::Aes128Cbc), Some(Cipher::Aes256Cbc), Some(Cipher::Aes256Gcm)];
    for sign in [false, true] {
        for cipher in ciphers {
            for compression in
                [Compression::None, Compression::BeforeSigning, Compression::AfterSigning]
            {
                let made = both.make(&document, (sign, cipher), compression);
                let (held, read) = both.both(&made.fields, &made.content, POLICY);
                agree(&held.unwrap(), read.unwrap());
                // The same as base64.
                let letters = mime::base64_lines(&made.content);
                let mut fields: Fields = made
                    .fields
                    .iter()
                    .filter(|(name, _)| *name != "Content-Transfer-Encoding")
                    .collect();
                fields.push("Content-Transfer-Encoding", "base64");
                let (held, read) = both.both(&fields, letters.as_bytes(), POLICY);
                if let Ok(held) = held {
                    agree(&held, read.unwrap());
                }
            }
        }
    }
}

#[test]
fn what_was_changed_anywhere_is_refused_as_from_memory() {
    let both = Both::new();
    let document = b"0123456789abcdef".repeat(40);
    for (how, cipher) in
        [(true, None), (true, Some(Cipher::Aes128Cbc)), (true, Some(Cipher::Aes128Gcm))]
    {
        let made = both.make(&document, (how, cipher), Compression::BeforeSigning);
        let policy = Policy { signed: Demand::Required, ..POLICY };
        for at in (0..made.content.len()).step_by(7) {
            let mut content = made.content.clone();
            content[at] ^= 0x11;
            let (held, read) = both.both(&made.fields, &content, policy);
            match (held, read) {
                (Ok(held), Ok(read)) => agree(&held, read),
                // The frame that was changed says nothing to who holds the whole; one who reads
                // it as it comes wants it to close.
                (Err(_), Err(Failure::Broken(_)))
                | (Ok(_), Err(Failure::Broken(Broken::Asn1(_)))) => {}
                (held, read) => {
                    panic!("byte {at}: {}, {:?}", held.is_ok(), read.map(|it| it.mic));
                }
            }
        }
        for length in (0..made.content.len()).step_by(97) {
            let (_, read) = both.both(&made.fields, &made.content[..length], policy);
            assert!(matches!(read, Err(Failure::Broken(_))), "cut at {length}");
        }
    }
}

#[test]
fn what_the_policy_asks_for_and_the_size_of_what_was_compressed_hold() {
    let both = Both::new();
    let strict = Policy { signed: Demand::Required, ..POLICY };
    let made = both.make(b"x", (false, None), Compression::None);
    let refused = both.both(&made.fields, &made.content, strict).1;
    assert!(matches!(refused, Err(Failure::Broken(Broken::Insecure("signed")))));

    let bomb = vec![0; POLICY.limit_bytes + 1];
    let made = both.make(&bomb, (false, None), Compression::AfterSigning);
    let refused = both.both(&made.fields, &made.content, POLICY).1;
    assert!(matches!(refused, Err(Failure::Broken(Broken::Incompressible(_)))));

    let stranger = Both::new();
    let made = stranger.make(b"x", (true, None), Compression::None);
    let refused = both.both(&made.fields, &made.content, POLICY).1;
    assert!(matches!(refused, Err(Failure::Broken(Broken::Unproven(_)))));
    let made = stranger.make(b"x", (true, Some(Cipher::Aes128Cbc)), Compression::None);
    let refused = both.both(&made.fields, &made.content, POLICY).1;
    assert!(matches!(refused, Err(Failure::Broken(Broken::Undecipherable))));
}
