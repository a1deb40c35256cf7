//! A second opinion: the command `openssl`.

use std::process::{Command, Stdio};

use as2::{
    Certificate, Cipher, Digest, Identity, KeyTransport, Legacy, Outgoing, Scheme, cms,
    receive,
};

use crate::{ACME, Folder, GLOBEX, LAX, combinations::plain, keys, pem};

fn openssl(arguments: &[&str]) -> Option<Vec<u8>> {
    let run = Command::new("openssl").args(arguments).stderr(Stdio::piped()).output();
    let Ok(run) = run else {
        assert!(std::env::var_os("CI").is_none(), "openssl is needed");
        return None;
    };
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "openssl {arguments:?}: {told}");
    Some(run.stdout)
}

#[test]
fn openssl_verifies_our_evidence_and_we_its_signatures() {
    let folder = Folder::new("signed");
    let sign = Some((&*ACME, Digest::Sha384, Scheme::Pss));
    let made = Outgoing { sign, ..plain() }.make().unwrap();
    let partner = [ACME.certificate()];
    let read =
        receive(&made.fields, &made.content, keys(&[], &partner), LAX, Digest::Sha256);
    let evidence = read.unwrap().evidence.unwrap();
    let content = folder.put("content", &evidence.content);
    let signature = folder.put("signature", &evidence.signature);
    let theirs = folder.put("acme.crt", ACME.certificate().pem());
    let verify = [
        "cms", "-verify", "-binary", "-inform", "DER", "-in", &signature, "-content",
        &content, "-CAfile", &theirs, "-purpose", "any",
    ];
    let Some(told) = openssl(&verify) else { return };
    assert!(told.ends_with(plain().document));

    let key = folder.put("acme.pem", pem(&ACME));
    let text = folder.put("text", b"one\r\ntwo\0\r\n".repeat(20_000));
    for (digest, form) in [
        ("sha256", &["-stream"][..]),
        ("sha512", &["-nodetach", "-stream"]),
        ("sha1", &["-keyopt", "rsa_padding_mode:pkcs1"]),
        ("sha256", &["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32"]),
    ] {
        let with = ["cms", "-sign", "-binary", "-outform", "DER", "-md", digest];
        let all = [&with[..], &["-signer", &key, "-in", &text], form].concat();
        let signature = openssl(&all).unwrap();
        let bytes = std::fs::read(&text).unwrap();
        let detached = Some(&*bytes).filter(|_| form[0] != "-nodetach");
        let certificate = [ACME.certificate()];
        let signed =
            cms::verify(&signature, detached, &certificate, Legacy::Taken).unwrap();
        assert_eq!(Some(signed.digest), Digest::named(digest));
        assert!(signed.content.is_none_or(|content| *content == *bytes));
        let strict = cms::verify(&signature, detached, &certificate, Legacy::Refused);
        assert_eq!(strict.is_err(), digest == "sha1");
    }
}

#[test]
fn openssl_decrypts_ours_and_we_its() {
    let folder = Folder::new("enveloped");
    let text = b"one\r\ntwo\0\r\n".repeat(20_000);
    let file = folder.put("text", &text);
    let theirs = folder.put("globex.crt", GLOBEX.certificate().pem());
    let key = folder.put("globex.pem", pem(&GLOBEX));
    for cipher in
        [Cipher::Aes128Cbc, Cipher::Aes192Cbc, Cipher::Aes256Cbc, Cipher::Aes256Gcm]
    {
        for transport in [KeyTransport::Pkcs1, KeyTransport::OaepSha256] {
            let sealed = cms::encrypt(&text, &[GLOBEX.certificate()], cipher, transport);
            let sealed = folder.put("sealed", sealed.unwrap());
            let with = ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", &sealed];
            let Some(told) = openssl(&[&with[..], &["-inkey", &key]].concat()) else {
                return;
            };
            assert!(told == text, "{cipher:?} {transport:?}");
        }
    }
    for cipher in
        ["-aes128", "-aes192", "-aes256", "-aes-128-gcm", "-aes-256-gcm", "-des3"]
    {
        for padding in ["pkcs1", "oaep"] {
            for form in ["-stream", "-binary"] {
                let padding = format!("rsa_padding_mode:{padding}");
                let sealed = openssl(&[
                    "cms", "-encrypt", "-binary", form, "-outform", "DER", cipher, "-in",
                    &file, "-recip", &theirs, "-keyopt", &padding,
                ]);
                let opened =
                    cms::decrypt(&sealed.unwrap(), &[&*GLOBEX], Legacy::Taken).unwrap();
                assert!(opened.content == text, "{cipher} {padding}");
            }
        }
    }
}

#[test]
fn certificates_and_keys_come_in_every_usual_file() {
    let folder = Folder::new("files");
    let key = folder.put("acme.pem", pem(&ACME));
    let theirs = folder.put("acme.crt", ACME.certificate().pem());
    let p7b = ["crl2pkcs7", "-nocrl", "-certfile", &theirs];
    let Some(bundle) = openssl(&p7b) else { return };
    let raw = openssl(&[&p7b[..], &["-outform", "DER"]].concat()).unwrap();
    let both = [ACME.certificate().pem(), GLOBEX.certificate().pem()].join("some text\n");
    let read = |file: &[u8]| Certificate::read_all(file).unwrap();

    assert_eq!(read(&bundle), [ACME.certificate().clone()]);
    assert_eq!(read(&raw), [ACME.certificate().clone()]);
    assert_eq!(read(ACME.certificate().der()), [ACME.certificate().clone()]);
    assert_eq!(read(both.as_bytes()).len(), 2);
    assert!(Certificate::read_all(b"nonsense").is_err());

    let facts = ACME.certificate().facts();
    let told =
        openssl(&["x509", "-in", &theirs, "-noout", "-fingerprint", "-sha256"]).unwrap();
    let told = String::from_utf8(told).unwrap().to_lowercase().replace(':', "");
    assert!(told.trim().ends_with(&facts.fingerprint), "{told}");
    assert_eq!((facts.key_bits, facts.subject.as_str()), (2048, "CN=ACME, O=ACME"));

    for form in
        [&["-passout", "pass:secret"][..], &["-passout", "pass:secret", "-legacy"]]
    {
        let pfx = openssl(&[&["pkcs12", "-export", "-in", &key], form].concat()).unwrap();
        let own = Identity::from_pfx(&pfx, "secret").unwrap();
        assert_eq!(own.certificate(), ACME.certificate());
        assert_eq!(own.pkcs8(), ACME.pkcs8());
        assert!(Identity::from_pfx(&pfx, "wrong").is_err());
    }
    assert_eq!(Identity::from_pem(pem(&ACME).as_bytes()).unwrap().pkcs8(), ACME.pkcs8());
    let stolen = Identity::new(ACME.pkcs8(), GLOBEX.certificate().clone());
    assert!(stolen.is_err(), "the key is another certificate's");
}
