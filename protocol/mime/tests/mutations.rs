//! Signed messages that were bitten: none makes a reader panic, and parts lie within their whole.
//!
//! A fixed part runs with the other tests; `cargo xtask fuzz` runs hundreds of thousands.
#![expect(clippy::print_stdout, reason = "what was seen is told by `cargo xtask fuzz`")]

#[path = "../../../tests/fuzz/mutate.rs"]
mod mutate;

use mime::{TransferEncoding, canonical, decode, entity, parts, safe_file_name};

const WORDS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"--",
    b"--=_b1",
    b"--=_b1--",
    b"\r\n--=_b1--\r\n",
    b";",
    b"=",
    b"\"",
    b"\\",
    b":",
    b" ",
    b"boundary=",
    b"boundary=\"=_b1\"",
    b"Content-Type: multipart/signed;",
    b"filename*=utf-8''%C3%9c",
    b"filename*0=",
    b"base64",
    b"quoted-printable",
    b"=3D",
    b"=\r\n",
    b"\0",
    b"\xff",
    b"(",
    b")",
];

const SIGNED: &str = "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n\tmicalg=sha-256; boundary=\"=_b1\"\r\nMIME-Version: 1.0\r\n\r\n--=_b1\r\nContent-Type: application/edi-x12; name=\"order.edi\"\r\nContent-Disposition: attachment; filename=\"order.edi\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nISA*00*=20~\r\n--=_b1\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIBAAECAwQFBgcICQ==\r\n--=_b1--\r\n";
const REPORT: &str = "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThanks.\r\n--x\r\nContent-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: <1@a>\r\nDisposition: automatic-action/MDN-sent-automatically; processed\r\nReceived-Content-MIC: AAAA, sha-256\r\n--x--\r\n";

#[test]
fn mutations_of_messages_are_cut_or_refused() {
    let samples = vec![SIGNED.as_bytes().to_vec(), REPORT.as_bytes().to_vec()];
    let input = |case| mutate::input(&samples, WORDS, case);
    mutate::run("mime", mutate::cases(3000), input, |bytes, count| {
        let once = canonical(bytes).into_owned();
        assert_eq!(canonical(&once), once, "the canonical form is its own");
        let whole = match entity(bytes) {
            Ok(whole) => whole,
            Err(broken) => {
                return count.saw(format!("refused: {}", words(&broken.to_string())));
            }
        };
        let kind = whole.fields.content_type();
        drop(safe_file_name(&kind.param("name").unwrap_or_default()));
        match parts(whole.content, &kind) {
            Err(broken) => count.saw(format!("refused: {}", words(&broken.to_string()))),
            Ok(all) => {
                count.saw(format!("cut into {}", all.len().min(4)));
                let held: usize = all.iter().map(|part| part.len()).sum();
                assert!(held <= bytes.len(), "parts do not overlap");
                for part in all.iter().filter_map(|part| entity(part).ok()) {
                    let by = TransferEncoding::of(&part.fields);
                    let decoded =
                        by.and_then(|by| decode(part.content, by).map(|it| it.len()));
                    count.saw(if decoded.is_ok() { "decoded" } else { "not decoded" });
                }
            }
        }
    });
}

/// The words without numbers, so that like is counted with like.
fn words(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_ascii_digit()).take(60).collect()
}
