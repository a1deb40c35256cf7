//! pyas2lib as the other station, in both directions.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use as2::{
    Answer, Cipher, Compression, Digest, Disposition, KeyTransport, Legacy, Outgoing,
    Proof, Receipt, Scheme, Wish, receive,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{ACME, Folder, GLOBEX, LAX, NOW, combinations::plain, keys, pem};

struct Station {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    _folder: Folder,
}

impl Station {
    /// GLOBEX, played by pyas2lib.
    fn open(name: &str) -> Option<Self> {
        let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else {
            assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_PYTHON is needed");
            return None;
        };
        let folder = Folder::new(name);
        let key = folder.put("globex.pem", pem(&GLOBEX));
        let partner = folder.put("acme.crt", ACME.certificate().pem());
        let script =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/as2/station.py");
        let mut child = Command::new(python)
            .args(["-W", "ignore", script, &key, &partner, "GLOBEX", "ACME"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (ask, told) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Some(Self { child, ask, told: BufReader::new(told), _folder: folder })
    }

    fn ask(&mut self, ask: &Value) -> Value {
        writeln!(self.ask, "{ask}").unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|why| panic!("{ask}: {why}"))
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn bytes(of: &Value) -> Vec<u8> {
    STANDARD.decode(of.as_str().unwrap()).unwrap()
}

const DOCUMENT: &[u8] = b"ISA*00*~\r\nGS*PO~\r\n";

#[test]
fn what_pyas2lib_sends_is_read_and_it_takes_our_receipt() {
    let Some(mut station) = Station::open("from") else { return };
    let mut seen = 0;
    for sign in [None, Some("sha1"), Some("sha256"), Some("sha384"), Some("sha512")] {
        for encrypt in [
            None,
            Some("tripledes_192_cbc"),
            Some("aes_128_cbc"),
            Some("aes_192_cbc"),
            Some("aes_256_cbc"),
        ] {
            for compress in [false, true] {
                for receipt in [None, Some("sha1"), Some("sha256")] {
                    from_pyas2lib(&mut station, (sign, encrypt, compress, receipt));
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 150);
}

type How = (Option<&'static str>, Option<&'static str>, bool, Option<&'static str>);

fn from_pyas2lib(station: &mut Station, how: How) {
    let (sign, encrypt, compress, receipt) = how;
    let made = station.ask(&json!({
        "do": "make", "document": STANDARD.encode(DOCUMENT), "sign": sign,
        "encrypt": encrypt, "compress": compress, "mdn": "SYNC", "mdn_digest": receipt,
    }));
    let raw = bytes(&made["raw"]);
    let message = mime::entity(&raw).unwrap();
    let wish = Wish::read(&message.fields).unwrap().unwrap();
    assert_eq!(wish.signed, receipt.is_some(), "{how:?}");
    let (own, partner) = ([&*ACME], [GLOBEX.certificate()]);
    let keys = keys(&own, &partner);
    let read = receive(&message.fields, message.content, keys, LAX, wish.digest)
        .unwrap_or_else(|why| panic!("{how:?}: {why}"));
    assert_eq!(read.documents[0].bytes, DOCUMENT, "{how:?}");
    assert_eq!(read.signed.is_some(), sign.is_some());
    assert_eq!(read.encrypted.is_some(), encrypt.is_some());
    assert_eq!(read.compressed, compress);
    // Where it wraps nothing, pyas2lib may not know the MIC of its own message.
    if sign.is_some() || !made["mic"].is_null() {
        assert_eq!(STANDARD.encode(&read.mic.bytes), made["mic"], "{how:?}");
    }
    let answer = Receipt {
        receiver: "ACME",
        message_id: message.fields.get("Message-ID").unwrap(),
        disposition: &Disposition::Processed,
        mic: Some(&read.mic),
        text: "It was taken.",
        product: "Entente",
        boundaries: ["=_a", "=_b"],
    };
    let (kind, content) =
        answer.make(wish.signed.then_some((&*ACME, wish.digest)), NOW).unwrap();
    let mut whole = format!(
        "AS2-From: ACME\r\nAS2-To: GLOBEX\r\nMessage-ID: <2@acme>\r\n\
         MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
    )
    .into_bytes();
    whole.extend(content);
    let told = station.ask(&json!({"do": "receipt", "raw": STANDARD.encode(whole)}));
    assert_eq!(told["status"], "processed", "{how:?}: {told}");
}

#[test]
fn what_we_send_pyas2lib_reads_and_its_receipt_proves_it() {
    let Some(mut station) = Station::open("to") else { return };
    let signs = [None, Some(Digest::Sha256), Some(Digest::Sha384), Some(Digest::Sha512)];
    let ciphers =
        [None, Some(Cipher::Aes128Cbc), Some(Cipher::Aes192Cbc), Some(Cipher::Aes256Cbc)];
    let compressions =
        [Compression::None, Compression::BeforeSigning, Compression::AfterSigning];
    let mut seen = 0;
    for sign in signs {
        for cipher in ciphers {
            for compression in compressions {
                for receipt in [None, Some("sha256"), Some("sha512")] {
                    to_pyas2lib(&mut station, (sign, cipher, compression, receipt));
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 144);
}

type To = (Option<Digest>, Option<Cipher>, Compression, Option<&'static str>);

fn to_pyas2lib(station: &mut Station, how: To) {
    let (sign, cipher, compression, receipt) = how;
    let mic = receipt.and_then(Digest::named).unwrap_or(Digest::Sha256);
    let made = Outgoing {
        document: DOCUMENT,
        file_name: Some("order.edi"),
        content_type: "application/octet-stream",
        sign: sign.map(|digest| (&*ACME, digest, Scheme::Pkcs1)),
        encrypt: cipher.map(|it| (GLOBEX.certificate(), it, KeyTransport::Pkcs1)),
        compression,
        mic,
        ..plain()
    };
    let made = made.make().unwrap();
    let mut whole = String::from(
        "AS2-Version: 1.2\r\nAS2-From: ACME\r\nAS2-To: GLOBEX\r\nMessage-ID: <1@acme>\r\n\
         Subject: order\r\nDisposition-Notification-To: station@example.org\r\n",
    );
    if receipt.is_some() {
        whole += "Disposition-Notification-Options: signed-receipt-protocol=optional, \
            pkcs7-signature; signed-receipt-micalg=optional, ";
        whole += mic.name();
        whole += "\r\n";
    }
    whole += &made.fields.lines();
    whole += "\r\n";
    let whole = [whole.as_bytes(), &made.content].concat();
    // pyas2lib has one digest for the MIC of what is not signed, in its own settings.
    let told = station.ask(&json!({
        "do": "read", "raw": STANDARD.encode(whole), "sign": sign.map(|_| "sha256"),
        "encrypt": cipher.map(|_| "aes_256_cbc"), "mdn": "SYNC", "mdn_digest": receipt,
    }));
    assert_eq!(told["status"], "processed", "{how:?}: {told}");
    assert_eq!(bytes(&told["document"]), DOCUMENT, "{how:?}");
    let raw = bytes(&told["mdn"]);
    let answer = mime::entity(&raw).unwrap();
    let partner = [GLOBEX.certificate()];
    let answer = Answer::read(&answer.fields, answer.content, &partner, Legacy::Taken)
        .unwrap_or_else(|why| panic!("{how:?}: {why}"));
    let proof = answer.proves("<1@acme>", &made.mic, receipt.is_some());
    if answer.mic.is_none() {
        // Of what is not signed, pyas2lib may tell no MIC: that proves nothing.
        assert!(sign.is_none(), "{how:?}");
        assert_eq!(proof, Proof::Nothing("the receipt has no MIC"));
        return;
    }
    assert_eq!(proof, Proof::Delivered, "{how:?} {answer:?}");
}
