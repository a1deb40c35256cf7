//! Every way to wrap a message, read again; and what must not be read.

use as2::{
    Answer, Broken, Cipher, Compression, Demand, Digest, Disposition, KeyTransport, Made,
    Mic, Outgoing, Policy, Proof, Receipt, Scheme, receive,
};

use crate::{ACME, GLOBEX, LAX, MALLORY, NOW, STRICT, keys};

const DOCUMENT: &[u8] = b"ISA*00*          *00*...~\r\nGS*PO*...~\n\0\xff";

pub(crate) fn plain() -> Outgoing<'static> {
    Outgoing {
        document: DOCUMENT,
        content_type: "application/edi-x12",
        file_name: Some("a \"b\".edi"),
        sign: None,
        encrypt: None,
        compression: Compression::None,
        mic: Digest::Sha256,
        at_seconds: NOW,
        boundary: "=_outer",
    }
}

pub(crate) fn sealed() -> Made {
    let cipher = (GLOBEX.certificate(), Cipher::Aes256Gcm, KeyTransport::Pkcs1);
    let sign = Some((&*ACME, Digest::Sha256, Scheme::Pkcs1));
    Outgoing { sign, encrypt: Some(cipher), ..plain() }.make().unwrap()
}

#[test]
fn every_combination_is_read_again_with_the_same_mic() {
    let signs = [
        None,
        Some((&*ACME, Digest::Sha256, Scheme::Pkcs1)),
        Some((&*ACME, Digest::Sha384, Scheme::Pss)),
        Some((&*ACME, Digest::Sha512, Scheme::Pss)),
    ];
    let to = GLOBEX.certificate();
    let encrypts = [
        None,
        Some((to, Cipher::Aes128Cbc, KeyTransport::Pkcs1)),
        Some((to, Cipher::Aes192Cbc, KeyTransport::OaepSha256)),
        Some((to, Cipher::Aes256Cbc, KeyTransport::OaepSha256)),
        Some((to, Cipher::Aes128Gcm, KeyTransport::Pkcs1)),
        Some((to, Cipher::Aes256Gcm, KeyTransport::OaepSha256)),
    ];
    let compressions =
        [Compression::None, Compression::BeforeSigning, Compression::AfterSigning];
    let mut seen = 0;
    for sign in signs {
        for encrypt in encrypts {
            for compression in compressions {
                let made =
                    Outgoing { sign, encrypt, compression, ..plain() }.make().unwrap();
                let (own, partner) = ([&*MALLORY, &*GLOBEX], [ACME.certificate()]);
                let keys = keys(&own, &partner);
                let read =
                    receive(&made.fields, &made.content, keys, LAX, Digest::Sha256)
                        .unwrap();

                assert_eq!(read.documents[0].bytes, DOCUMENT);
                assert_eq!(read.documents[0].file_name.as_deref(), Some("a _b_.edi"));
                assert_eq!(read.mic, made.mic);
                assert_eq!(read.signed, sign.map(|(_, digest, _)| (digest, 0)));
                assert_eq!(
                    read.encrypted,
                    encrypt.map(|(_, cipher, by)| (cipher, by, 1))
                );
                assert_eq!(read.compressed, compression != Compression::None);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 72);
}

fn refused(made: &Made, policy: Policy) -> Broken {
    let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
    let keys = keys(&own, &partner);
    receive(&made.fields, &made.content, keys, policy, Digest::Sha256).unwrap_err()
}

#[test]
fn a_stripped_signature_or_encryption_is_told() {
    let sign = Some((&*ACME, Digest::Sha256, Scheme::Pkcs1));
    let encrypt = Some((GLOBEX.certificate(), Cipher::Aes128Cbc, KeyTransport::Pkcs1));
    let only_encrypted = Outgoing { encrypt, ..plain() }.make().unwrap();
    let only_signed = Outgoing { sign, ..plain() }.make().unwrap();

    assert_eq!(refused(&only_encrypted, STRICT), Broken::Insecure("signed"));
    assert_eq!(refused(&only_signed, STRICT), Broken::Insecure("encrypted"));
    let lax = Policy { encrypted: Demand::Optional, ..STRICT };
    let keys = keys(&[], &[]);
    let unknown =
        receive(&only_signed.fields, &only_signed.content, keys, lax, Digest::Sha256);
    assert_eq!(unknown.unwrap_err().modifier(), "authentication-failed");
}

#[test]
fn a_wrong_signer_and_a_wrong_receiver_are_told() {
    let sign = Some((&*MALLORY, Digest::Sha256, Scheme::Pkcs1));
    let foreign = Outgoing { sign, ..plain() }.make().unwrap();
    assert_eq!(refused(&foreign, LAX).modifier(), "authentication-failed");

    let encrypt = Some((MALLORY.certificate(), Cipher::Aes128Cbc, KeyTransport::Pkcs1));
    let foreign = Outgoing { encrypt, ..plain() }.make().unwrap();
    assert_eq!(refused(&foreign, LAX), Broken::Undecipherable);
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let zeros = vec![0; 8 << 20];
    let compression = Compression::BeforeSigning;
    let bomb = Outgoing { document: &zeros, compression, ..plain() }.make().unwrap();

    assert!(bomb.content.len() < 20_000);
    let policy = Policy { limit_bytes: 1 << 20, ..LAX };
    assert_eq!(refused(&bomb, policy).modifier(), "decompression-failed");
}

#[test]
fn weak_algorithms_are_never_written() {
    let sign = Some((&*ACME, Digest::Sha1, Scheme::Pkcs1));
    assert!(Outgoing { sign, ..plain() }.make().is_err());
    let encrypt = Some((GLOBEX.certificate(), Cipher::TripleDes, KeyTransport::Pkcs1));
    assert!(Outgoing { encrypt, ..plain() }.make().is_err());
}

fn receipt(disposition: &Disposition, mic: Option<&Mic>, signed: bool) -> Answer {
    let receipt = Receipt {
        receiver: "GLOBEX",
        message_id: "<1@acme>",
        disposition,
        mic,
        text: "It was taken.\nThanks.",
        product: "Entente",
        boundaries: ["=_a", "=_b"],
    };
    let by = signed.then_some((&*GLOBEX, Digest::Sha1));
    let (kind, content) = receipt.make(by, NOW).unwrap();
    let fields = [("Content-Type", kind)].into_iter().collect();
    Answer::read(&fields, &content, &[GLOBEX.certificate()], as2::Legacy::Refused)
        .unwrap()
}

#[test]
fn only_a_signed_receipt_with_our_mic_proves_delivery() {
    let (mic, other) = (Mic::of(Digest::Sha256, b"a"), Mic::of(Digest::Sha256, b"b"));
    let (done, id) = (Disposition::Processed, "1@acme");
    let again = Disposition::Warning("duplicate-document".into());
    let failed = Disposition::Error("decryption-failed".into());
    let proof = |it: Answer| it.proves(id, &mic, true);
    let nothing = |it: Answer| matches!(proof(it), Proof::Nothing(_));

    assert_eq!(proof(receipt(&done, Some(&mic), true)), Proof::Delivered);
    assert_eq!(proof(receipt(&again, Some(&mic), true)), Proof::Delivered);
    assert!(nothing(receipt(&done, Some(&mic), false)));
    assert!(nothing(receipt(&done, Some(&other), true)));
    assert!(nothing(receipt(&done, None, true)));
    assert_eq!(
        proof(receipt(&failed, None, true)),
        Proof::Refused("decryption-failed".into())
    );
    let foreign = receipt(&done, Some(&mic), true).proves("<2@acme>", &mic, true);
    assert!(matches!(foreign, Proof::Nothing(_)));
}

#[test]
fn several_documents_come_in_one_message() {
    let parts: [&[u8]; 2] = [
        b"Content-Type: application/edi-x12\r\n\r\nISA",
        b"Content-Type: application/pdf; name=\"../a.pdf\"\r\n\
          Content-Transfer-Encoding: base64\r\n\r\nJVBERg==",
    ];
    let both =
        mime::Multipart { kind: "multipart/related", boundary: "p", parts: &parts };
    let (kind, content) = (both.content_type(), both.content());
    let sign = Some((&*ACME, Digest::Sha256, Scheme::Pkcs1));
    let message = Outgoing { document: &content, content_type: &kind, sign, ..plain() };
    let made = message.make().unwrap();
    let partner = [ACME.certificate()];
    let read =
        receive(&made.fields, &made.content, keys(&[], &partner), LAX, Digest::Sha256);

    let documents = read.unwrap().documents;
    assert_eq!(documents[0].bytes, b"ISA");
    assert_eq!(documents[1].bytes, b"%PDF");
    assert_eq!(documents[1].file_name.as_deref(), Some("a.pdf"));
}
