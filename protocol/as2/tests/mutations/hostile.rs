//! Fixed shapes of what somebody hostile sends: bombs, layers, names, lengths.

use as2::{
    Broken, Compression, Digest, Keys, Outgoing, Policy, Received, Scheme, cms, receive,
};

use crate::POLICY;
use crate::scene::{ACME, GLOBEX, NOW, SENT, encrypted, entity_of, pkcs7};

fn read(wire: &[u8], policy: Policy) -> Result<Received, Broken> {
    let whole = mime::entity(wire).unwrap();
    let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
    let keys = Keys { own: &own, partner: &partner };
    receive(&whole.fields, whole.content, keys, policy, Digest::Sha256)
}

fn refused(wire: &[u8]) -> &'static str {
    read(wire, POLICY).map(|read| read.documents.len()).unwrap_err().modifier()
}

fn signed(document: &[u8], name: &str, compression: Compression) -> Vec<u8> {
    let message = Outgoing {
        document,
        content_type: "application/edi-x12",
        file_name: Some(name),
        sign: Some((&*ACME, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: None,
        compression,
        mic: Digest::Sha256,
        at_seconds: NOW,
        boundary: "=_outer",
    };
    entity_of(&message.make().unwrap())
}

#[test]
fn a_bomb_is_refused_wherever_it_is_wrapped() {
    let zeros = vec![0; 64 << 20];
    for compression in [Compression::BeforeSigning, Compression::AfterSigning] {
        let bomb = signed(&zeros, "order.edi", compression);
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        assert_eq!(refused(&bomb), "decompression-failed");
        assert_eq!(refused(&encrypted(&bomb)), "decompression-failed");
    }
    // A bomb in a bomb is refused at the second compression.
    let twice = pkcs7(&cms::compress(&pkcs7(&cms::compress(&zeros).unwrap())).unwrap());
    assert!(twice.len() < 2_000, "{}", twice.len());
    assert_eq!(refused(&twice), "decompression-failed");
    // A megabyte and no byte more.
    let full = vec![0; (1 << 20) - 200];
    let most = signed(&full, "order.edi", Compression::BeforeSigning);
    assert_eq!(read(&most, POLICY).unwrap().documents[0].bytes, full);
}

#[test]
fn layers_beyond_the_limit_are_refused() {
    let inner = &SENT[0].inner;
    let mut wire = inner.clone();
    for _ in 0..2 {
        wire = encrypted(&wire);
    }
    assert_eq!(read(&wire, POLICY).map(|_| ()), Err(Broken::TooDeep));
    // Structures in structures, and signed in signed.
    let mut nested = vec![0x04, 0x00];
    for _ in 0..200 {
        let mut outer = vec![0x30, 0x80];
        outer.extend_from_slice(&nested);
        outer.extend_from_slice(&[0, 0]);
        nested = outer;
    }
    assert!(read(&pkcs7(&nested), POLICY).is_err());
    let whole = mime::entity(inner).unwrap();
    let kind = whole.fields.get("Content-Type").unwrap().to_owned();
    let message = Outgoing {
        document: whole.content,
        content_type: &kind,
        file_name: None,
        sign: Some((&*ACME, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: None,
        compression: Compression::None,
        mic: Digest::Sha256,
        at_seconds: NOW,
        boundary: "=_second",
    };
    // The outer signature counts; the inner one is a document like any other.
    let twice = read(&entity_of(&message.make().unwrap()), POLICY).unwrap();
    assert_eq!(twice.documents[0].bytes, whole.content);
}

#[test]
fn the_names_of_hostile_files_are_made_safe() {
    for (name, safe) in [
        ("../../etc/passwd", Some("passwd")),
        ("..\\..\\boot.ini", Some("boot.ini")),
        ("/absolute/order.edi", Some("order.edi")),
        ("C:\\order.edi", Some("order.edi")),
        ("..", None),
        ("order.edi", Some("order.edi")),
    ] {
        let wire = signed(b"ISA", name, Compression::None);
        let read = read(&wire, POLICY).unwrap();
        let found = read.documents[0].file_name.as_deref();
        assert_eq!(found, safe, "{name}");
    }
    let long = signed(b"ISA", &"x".repeat(100_000), Compression::None);
    assert_eq!(refused(&long), "unexpected-processing-error");
    let names = ["a\0b", "nul\u{202e}ide.exe", "a/../b", ".hidden", "two\r\nlines"];
    for name in names.map(str::to_owned).into_iter().chain(["x".repeat(5_000)]) {
        let wire = signed(b"ISA", &name, Compression::None);
        let read = read(&wire, POLICY).unwrap();
        if let Some(found) = read.documents[0].file_name.as_deref() {
            assert!(found.len() <= 255 && !found.starts_with('.'), "{found:.80}");
            let bad = |letter: char| {
                letter.is_control() || ['/', '\\', '\u{202e}'].contains(&letter)
            };
            assert!(!found.chars().any(bad), "{found:.80}");
        }
    }
}

#[test]
fn a_length_that_lies_costs_no_memory() {
    for lie in [
        &[0x30, 0x86, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff][..],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x24, 0x80, 0x04, 0x84, 0xff, 0xff, 0xff, 0xff],
    ] {
        assert!(read(&pkcs7(lie), POLICY).is_err());
    }
}
