//! Bouncy Castle and `JavaMail` as the other station, in both directions: one process of Java for all.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use as2::{
    Answer, Broken, Cipher, Compression, Digest, Disposition, KeyTransport, Legacy, Mic,
    Outgoing, Policy, Proof, Receipt, Scheme, receive,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{ACME, Folder, GLOBEX, LAX, NOW, combinations::plain, keys, pem};

const DOCUMENT: &[u8] = b"ISA*00*~\r\nGS*PO~\r\n\0\xff";

/// Where Debian puts them.
const JARS: &str = "/usr/share/java/";
const PARTS: [&str; 6] =
    ["bcmail", "bcpkix", "bcprov", "bcutil", "javax.mail", "javax.activation"];

struct Station {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    _folder: Folder,
}

type Told = HashMap<String, String>;

impl Station {
    /// GLOBEX, played by Bouncy Castle.
    fn open() -> Option<Self> {
        let Some(java) = std::env::var_os("ENTENTE_TEST_JAVA") else {
            assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_JAVA is needed");
            return None;
        };
        let folder = Folder::new("bouncy-castle");
        let key = folder.put("globex.pem", pem(&GLOBEX));
        let partner = folder.put("acme.crt", ACME.certificate().pem());
        let jars = PARTS.map(|part| format!("{JARS}{part}.jar")).join(":");
        let source = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/peers/as2/BouncyCastle.java"
        );
        let mut child = Command::new(java)
            .args(["-cp", &jars, source, &key, &partner])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|why| panic!("Java is needed (`cargo xtask tools`): {why}"));
        let (ask, told) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Some(Self { child, ask, told: BufReader::new(told), _folder: folder })
    }

    fn ask(&mut self, words: &[(&str, &str)]) -> Told {
        let mut line: Vec<_> =
            words.iter().map(|(name, word)| format!("{name}={word}")).collect();
        writeln!(self.ask, "{}", line.join("\t")).unwrap();
        let mut told = String::new();
        self.told.read_line(&mut told).unwrap();
        assert!(!told.is_empty(), "Bouncy Castle ended; are its packages there?");
        let words = told.trim_end().split('\t').filter_map(|word| word.split_once('='));
        let told: Told =
            words.map(|(name, word)| (name.to_owned(), word.to_owned())).collect();
        if let Some(why) = told.get("failed") {
            let why = String::from_utf8(bytes(why)).unwrap();
            line.retain(|word| {
                !word.starts_with("raw=") && !word.starts_with("document=")
            });
            panic!("{line:?}: {why}");
        }
        told
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn bytes(of: &str) -> Vec<u8> {
    STANDARD.decode(of).unwrap()
}

/// How a message is wrapped.
#[derive(Clone, Copy, Debug)]
struct How {
    sign: Option<(Digest, Scheme)>,
    encrypt: Option<(Cipher, KeyTransport)>,
    compress: Compression,
}

impl How {
    /// Whether what is weak is in it.
    fn is_legacy(self) -> bool {
        matches!(self.sign, Some((Digest::Sha1, _)))
            || matches!(self.encrypt, Some((Cipher::TripleDes, _)))
    }
}

const COMPRESSIONS: [Compression; 3] =
    [Compression::None, Compression::BeforeSigning, Compression::AfterSigning];
const DIGESTS: [Digest; 3] = [Digest::Sha256, Digest::Sha384, Digest::Sha512];
const CIPHERS: [Cipher; 5] = [
    Cipher::Aes128Cbc,
    Cipher::Aes192Cbc,
    Cipher::Aes256Cbc,
    Cipher::Aes128Gcm,
    Cipher::Aes256Gcm,
];

/// Each way to sign, with each way to encrypt, with each place to compress.
fn all(
    schemes: &[(Digest, Scheme)],
    ciphers: &[Cipher],
    transports: &[KeyTransport],
) -> Vec<How> {
    let signs =
        [None].into_iter().chain(schemes.iter().copied().map(Some)).collect::<Vec<_>>();
    let mut encrypts = vec![None];
    for cipher in ciphers {
        encrypts.extend(transports.iter().map(|by| Some((*cipher, *by))));
    }
    let mut all = Vec::new();
    for sign in signs {
        for encrypt in &encrypts {
            for compress in COMPRESSIONS {
                all.push(How { sign, encrypt: *encrypt, compress });
            }
        }
    }
    all
}

#[test]
fn bouncy_castle_and_we_read_each_other() {
    let Some(mut station) = Station::open() else { return };
    let both = DIGESTS.map(|it| [(it, Scheme::Pkcs1), (it, Scheme::Pss)]).concat();
    let transports = [KeyTransport::Pkcs1, KeyTransport::OaepSha256];
    let to = all(&both, &CIPHERS, &transports);
    for how in &to {
        to_bouncy_castle(&mut station, *how);
    }
    let signs = [&both[..], &[(Digest::Sha1, Scheme::Pkcs1)]].concat();
    let ciphers = [&CIPHERS[..], &[Cipher::TripleDes]].concat();
    let transports = [&transports[..], &[KeyTransport::OaepSha1]].concat();
    let from = all(&signs, &ciphers, &transports);
    for (at, how) in from.iter().enumerate() {
        let encoding = if at % 2 == 0 { "base64" } else { "binary" };
        from_bouncy_castle(&mut station, *how, encoding, Form::Detached);
    }
    for how in from.iter().filter(|how| how.sign.is_some()).step_by(7) {
        from_bouncy_castle(&mut station, *how, "base64", Form::Opaque);
    }

    assert_eq!((to.len(), from.len()), (7 * 11 * 3, 8 * 19 * 3));
}

fn to_bouncy_castle(station: &mut Station, how: How) {
    let made = Outgoing {
        document: DOCUMENT,
        sign: how.sign.map(|(digest, scheme)| (&*ACME, digest, scheme)),
        encrypt: how.encrypt.map(|(cipher, by)| (GLOBEX.certificate(), cipher, by)),
        compression: how.compress,
        ..plain()
    };
    let made = made.make().unwrap();
    let whole = [made.fields.lines().as_bytes(), b"\r\n", &made.content].concat();
    let signed = how.sign.map(|(digest, _)| java(digest));
    let mut ask =
        vec![("do", "read"), ("id", "<1@acme>"), ("micalg", made.mic.digest.name())];
    let raw = STANDARD.encode(whole);
    ask.push(("raw", &raw));
    ask.extend(signed.map(|digest| ("receipt", digest)));
    let told = station.ask(&ask);

    assert_eq!(bytes(&told["document"]), DOCUMENT, "{how:?}");
    assert_eq!(told["layers"], layers(how), "{how:?}");
    assert_eq!(bytes(&told["mic"]), made.mic.bytes, "{how:?}");
    let receipt = bytes(&told["receipt"]);
    let receipt = mime::entity(&receipt).unwrap();
    let partner = [GLOBEX.certificate()];
    let answer =
        Answer::read(&receipt.fields, receipt.content, &partner, Legacy::Refused)
            .unwrap_or_else(|why| panic!("{how:?}: {why}"));
    let proof = answer.proves("<1@acme>", &made.mic, signed.is_some());
    assert_eq!(proof, Proof::Delivered, "{how:?}");
    let other = Mic::of(made.mic.digest, b"another");
    let proof = answer.proves("<1@acme>", &other, signed.is_some());
    assert!(matches!(proof, Proof::Nothing(_)), "{how:?}");
}

/// What Bouncy Castle tells of the layers that it took off, the outermost first.
fn layers(how: How) -> String {
    let mut layers = Vec::new();
    if how.encrypt.is_some() {
        layers.push("encrypted".to_owned());
    }
    if how.compress == Compression::AfterSigning {
        layers.push("compressed".to_owned());
    }
    layers.extend(how.sign.map(|(digest, _)| format!("signed {}", java(digest))));
    if how.compress == Compression::BeforeSigning {
        layers.push("compressed".to_owned());
    }
    layers.join(",")
}

/// How Java spells a digest.
const fn java(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha1 => "SHA-1",
        Digest::Sha256 => "SHA-256",
        Digest::Sha384 => "SHA-384",
        Digest::Sha512 => "SHA-512",
    }
}

/// Where the signed content stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// Beside its signature.
    Detached,
    /// Inside it, in pieces of a length that is not told before.
    Opaque,
}

fn from_bouncy_castle(station: &mut Station, how: How, encoding: &str, form: Form) {
    let document = STANDARD.encode(DOCUMENT);
    let mut ask = vec![("do", "make"), ("document", &*document), ("encoding", encoding)];
    if let Some((digest, scheme)) = how.sign {
        let scheme = if scheme == Scheme::Pss { "pss" } else { "pkcs1" };
        ask.extend([("sign", java(digest)), ("scheme", scheme)]);
    }
    if let Some((cipher, by)) = how.encrypt {
        let by = match by {
            KeyTransport::Pkcs1 => "pkcs1",
            KeyTransport::OaepSha1 => "oaep-sha1",
            KeyTransport::OaepSha256 => "oaep-sha256",
        };
        ask.extend([("encrypt", cipher.name()), ("transport", by)]);
    }
    match how.compress {
        Compression::None => {}
        Compression::BeforeSigning => ask.push(("compress", "before")),
        Compression::AfterSigning => ask.push(("compress", "after")),
    }
    if form == Form::Opaque {
        ask.push(("opaque", "yes"));
    }
    let made = station.ask(&ask);
    let raw = bytes(&made["raw"]);
    let message = mime::entity(&raw).unwrap();
    let (own, partner) = ([&*ACME], [GLOBEX.certificate()]);
    let read = |policy| {
        let keys = keys(&own, &partner);
        receive(&message.fields, message.content, keys, policy, Digest::Sha256)
    };
    let strict = read(Policy { legacy: Legacy::Refused, ..LAX });
    assert_eq!(strict.is_err(), how.is_legacy(), "{how:?} {form:?}: {strict:?}");
    let read = read(LAX).unwrap_or_else(|why: Broken| panic!("{how:?} {form:?}: {why}"));

    assert_eq!(read.documents[0].bytes, DOCUMENT, "{how:?}");
    assert_eq!(read.documents[0].file_name.as_deref(), Some("order.edi"));
    assert_eq!(read.signed.map(|(it, _)| it), how.sign.map(|(it, _)| it), "{how:?}");
    assert_eq!(read.encrypted.map(|(cipher, by, _)| (cipher, by)), how.encrypt);
    assert_eq!(read.compressed, how.compress != Compression::None);
    let wrapped = how.sign.is_some() || how.encrypt.is_some() || read.compressed;
    if wrapped {
        assert_eq!(STANDARD.encode(&read.mic.bytes), made["mic"], "{how:?} {form:?}");
    }
    let signs = how.sign.map(|(digest, _)| (&*ACME, digest));
    our_receipt_is_read(station, &read.mic, signs);
}

fn our_receipt_is_read(
    station: &mut Station,
    mic: &Mic,
    signs: Option<(&as2::Identity, Digest)>,
) {
    let answer = Receipt {
        receiver: "ACME",
        message_id: "<2@globex>",
        disposition: &Disposition::Processed,
        mic: Some(mic),
        text: "It was taken.",
        product: "Entente",
        boundaries: ["=_a", "=_b"],
    };
    let (kind, content) = answer.make(signs, NOW).unwrap();
    let whole = [format!("Content-Type: {kind}\r\n\r\n").as_bytes(), &content].concat();
    let told = station.ask(&[("do", "take"), ("raw", &STANDARD.encode(whole))]);

    // Of SHA-1, only the MIC is made.
    let by = signs
        .map(|(_, digest)| if digest == Digest::Sha1 { Digest::Sha256 } else { digest });
    assert_eq!(told["signed"], by.map_or("no", java));
    assert_eq!(told["mic"], STANDARD.encode(&mic.bytes));
    assert_eq!(Digest::named(&told["micalg"]), Some(mic.digest));
    assert_eq!(told["id"], "<2@globex>");
    assert!(told["disposition"].ends_with("; processed"), "{told:?}");
}
