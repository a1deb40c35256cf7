//! What somebody on the way can do to a message or receipt.

use as2::{Digest, Scheme, cms};

use crate::der;
use crate::mutate::{self, Draw};
use crate::scene::{
    ACME, Apart, GLOBEX, MALLORY, NOW, SENT, TOLD, apart, encrypted, multipart, pkcs7,
    signature_part,
};

/// What is done, by number.
pub(crate) const KINDS: [&str; 10] = [
    "bytes",
    "headers",
    "borders and parts",
    "signature's structure",
    "another's certificate",
    "stripped signature",
    "swapped content or signature",
    "cut short",
    "wrapped again",
    "encrypted structure",
];

const WORDS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"--=_outer",
    b"--=_outer--",
    b"\r\n--=_outer\r\n",
    b"\r\n\r\n",
    b"Content-Type: multipart/signed; boundary=\"=_outer\"\r\n",
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename=\"../../etc/passwd\"\r\n",
    b"Received-Content-MIC: AAAA, sha-256\r\n",
    b"Disposition: automatic-action/MDN-sent-automatically; processed\r\n",
    b"Original-Message-ID: <2@acme>\r\n",
    b"\x30\x80",
    b"\x00\x00",
    b"\x24\x80",
    b"\x86\x7f\xff\xff\xff\xff\xff",
    b"\0",
    b"=",
    b"boundary=x",
];

fn any<T>(all: &[T], draw: &mut Draw) -> usize {
    draw.below(all.len())
}

fn bitten(wire: &[u8], draw: &mut Draw) -> Vec<u8> {
    let others: Vec<Vec<u8>> = SENT.iter().map(|sent| sent.wire.clone()).collect();
    let case = u64::try_from(draw.below(usize::MAX)).unwrap_or(1);
    let mut samples = vec![wire.to_vec(); others.len()];
    samples.extend(others);
    mutate::input(&samples, WORDS, case)
}

fn headers(wire: &[u8], draw: &mut Draw) -> Vec<u8> {
    let split = wire.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(0);
    let (head, rest) = wire.split_at(split);
    let mut lines: Vec<String> =
        String::from_utf8_lossy(head).split("\r\n").map(str::to_owned).collect();
    for _ in 0..=draw.below(3) {
        let at = any(&lines, draw);
        match draw.below(6) {
            0 => drop(lines.remove(at)),
            1 => {
                let line = lines[at].clone();
                lines.insert(at, line);
            }
            2 => {
                let word = WORDS[6 + draw.below(5)];
                lines.insert(at, String::from_utf8_lossy(word).trim().to_owned());
            }
            3 => {
                lines[at] =
                    lines[at].replace("=_outer", ["=_inner", "", "\""][draw.below(3)]);
            }
            4 => lines[at] = lines[at].replace("multipart/signed", "multipart/mixed"),
            _ => lines[at] = lines[at].replace("; ", ";\r\n\t").to_uppercase(),
        }
        if lines.is_empty() {
            lines.push("X: y".to_owned());
        }
    }
    [lines.join("\r\n").as_bytes(), rest].concat()
}

fn borders(Apart { signed, signature }: &Apart, draw: &mut Draw) -> Vec<u8> {
    let by = signature_part(signature);
    let forged = b"Content-Type: application/edi-x12\r\n\r\nISA*FORGED~".to_vec();
    let nested = multipart(&[signed, &by]);
    match draw.below(9) {
        0 => multipart(&[&by, signed]),
        1 => multipart(&[signed]),
        2 => multipart(&[signed, &by, &by]),
        3 => multipart(&[&forged, signed, &by]),
        4 => multipart(&[&forged, &by]),
        5 => multipart(&[signed, &forged, &by]),
        6 => multipart(&[&nested, &by]),
        7 => {
            let mut whole = multipart(&[signed, &by]);
            let preamble =
                b"--=_outer\r\nContent-Type: text/plain\r\n\r\nISA*FORGED~\r\n";
            let at =
                whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(0) + 4;
            whole.splice(at..at, preamble.iter().copied());
            whole
        }
        _ => multipart(&[&[&forged[..], b"\r\n--=_outer\r\n", signed].concat(), &by]),
    }
}

/// The signer named, or the certificate inside, becomes another's; or another signs.
fn anothers(
    Apart { signed, signature }: &Apart,
    own: &as2::Identity,
    draw: &mut Draw,
) -> Vec<u8> {
    let (own, other) = (own.certificate().der(), MALLORY.certificate().der());
    let forged = [&signed[..], b"\r\nFORGED"].concat();
    let how =
        cms::Signature { digest: Digest::Sha256, scheme: Scheme::Pkcs1, at_seconds: NOW };
    let by_mallory = |content: &[u8]| cms::sign(content, &MALLORY, how).unwrap();
    match draw.below(4) {
        0 => {
            let signature = der::exchange(signature, own, other);
            multipart(&[signed, &signature_part(&signature)])
        }
        1 => multipart(&[signed, &signature_part(&by_mallory(signed))]),
        2 => {
            // Signed by another, with the certificate of the one who should have.
            let signature = der::exchange(&by_mallory(&forged), other, own);
            multipart(&[&forged, &signature_part(&signature)])
        }
        _ => multipart(&[&forged, &signature_part(&by_mallory(&forged))]),
    }
}

fn stripped(signed: &[u8], draw: &mut Draw) -> Vec<u8> {
    match draw.below(4) {
        0 => signed.to_vec(),
        1 => encrypted(signed),
        2 => pkcs7(&cms::compress(signed).unwrap()),
        _ => encrypted(&pkcs7(&cms::compress(signed).unwrap())),
    }
}

fn wrapped(mut wire: Vec<u8>, draw: &mut Draw) -> Vec<u8> {
    for _ in 0..=draw.below(7) {
        wire = match draw.below(3) {
            0 => encrypted(&wire),
            1 => pkcs7(&cms::compress(&wire).unwrap()),
            _ => {
                let parts: [&[u8]; 1] = [&wire];
                mime::Multipart {
                    kind: "multipart/mixed",
                    boundary: "=_m",
                    parts: &parts,
                }
                .entity()
            }
        };
    }
    wire
}

/// What CMS structure an entity has for content, bitten.
fn structure(wire: &[u8], draw: &mut Draw) -> Vec<u8> {
    let at = wire.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(0) + 4;
    let (head, der) = wire.split_at(at.min(wire.len()));
    [head, &der::bite(der, draw)].concat()
}

/// A message of ACME, and what was done to it.
pub(crate) fn message(draw: &mut Draw) -> (u8, Vec<u8>) {
    let sent = &SENT[any(&SENT, draw)];
    let other = &SENT[any(&SENT, draw)];
    let mut kind = draw.below(KINDS.len());
    let taken = apart(&sent.inner);
    let others = apart(&other.inner);
    // What was compressed after it was signed shows no parts.
    if taken.is_none() && (2..7).contains(&kind) {
        kind = 9;
    }
    let none = || Apart { signed: Vec::new(), signature: Vec::new() };
    let parts = taken.unwrap_or_else(none);
    let changed = match kind {
        0 => bitten(&sent.wire, draw),
        1 => headers(&sent.wire, draw),
        2 => borders(&parts, draw),
        3 => {
            let signature = der::bite(&parts.signature, draw);
            multipart(&[&parts.signed, &signature_part(&signature)])
        }
        4 => anothers(&parts, &ACME, draw),
        5 => stripped(&parts.signed, draw),
        6 => {
            let others = others.unwrap_or_else(none);
            multipart(&[&parts.signed, &signature_part(&others.signature)])
        }
        7 => {
            let whole = [&sent.wire, &sent.inner][draw.below(2)];
            whole[..draw.below(whole.len())].to_vec()
        }
        8 => wrapped(sent.wire.clone(), draw),
        // From the fourth on they are one CMS structure.
        _ => structure(&SENT[3 + draw.below(SENT.len() - 3)].wire, draw),
    };
    // Anybody can encrypt for GLOBEX what they have changed.
    let again = kind != 9 && kind != 8 && draw.below(4) == 0;
    let wire = if again { encrypted(&changed) } else { changed };
    (u8::try_from(kind).unwrap_or(0), wire)
}

/// A receipt of GLOBEX, and what was done to it.
pub(crate) fn receipt(draw: &mut Draw) -> (u8, Vec<u8>) {
    let told = &TOLD[any(&TOLD, draw)];
    let others: Vec<Apart> = TOLD.iter().filter_map(|told| apart(&told.wire)).collect();
    let Some(parts) = apart(&told.wire).filter(|_| told.id != "<4@acme>") else {
        return (0, bitten(&told.wire, draw));
    };
    let kind = draw.below(8);
    let wire = match kind {
        0 => bitten(&told.wire, draw),
        1 => headers(&told.wire, draw),
        2 => borders(&parts, draw),
        3 => {
            let signature = der::bite(&parts.signature, draw);
            multipart(&[&parts.signed, &signature_part(&signature)])
        }
        4 => anothers(&parts, &GLOBEX, draw),
        5 => parts.signed.clone(),
        6 => {
            let other = &others[any(&others, draw)];
            multipart(&[&other.signed, &signature_part(&parts.signature)])
        }
        _ => told.wire[..draw.below(told.wire.len())].to_vec(),
    };
    (u8::try_from(kind).unwrap_or(0), wire)
}
