//! How fast, beside `openssl speed`. Run by hand:
//! `cargo test --release -p as2 -- --ignored --nocapture speed`.

use std::{hint::black_box, time::Instant};

use as2::{Cipher, Compression, Digest, KeyTransport, Outgoing, Scheme, receive};

use crate::{ACME, GLOBEX, STRICT, combinations::plain, keys};

/// How often a second.
#[expect(clippy::float_arithmetic, reason = "a measure, not money")]
fn rate(mut run: impl FnMut()) -> f64 {
    let (mut count, begin) = (0_u32, Instant::now());
    while begin.elapsed().as_secs_f64() < 1.5 {
        run();
        count += 1;
    }
    f64::from(count) / begin.elapsed().as_secs_f64()
}

#[test]
#[ignore = "it measures"]
fn speed_of_making_and_reading() {
    let signing = rate(|| {
        let how = as2::cms::Signature {
            digest: Digest::Sha256,
            scheme: Scheme::Pkcs1,
            at_seconds: crate::NOW,
        };
        black_box(as2::cms::sign(b"", &ACME, how).unwrap());
    });
    println!("sign nothing: {signing:.0}/s");
    let line = b"PO1*1*10*EA*9.25*PE*VN*4000862141404~\r\n";
    for (name, size) in [("10 KB", 10 << 10), ("1 MB", 1 << 20), ("50 MB", 50 << 20)] {
        let document: Vec<u8> = line.iter().copied().cycle().take(size).collect();
        for cipher in [Cipher::Aes128Cbc, Cipher::Aes256Gcm] {
            for compression in [Compression::None, Compression::BeforeSigning] {
                let message = Outgoing {
                    document: &document,
                    sign: Some((&*ACME, Digest::Sha256, Scheme::Pkcs1)),
                    encrypt: Some((GLOBEX.certificate(), cipher, KeyTransport::Pkcs1)),
                    compression,
                    ..plain()
                };
                let writing = rate(|| drop(black_box(message.make().unwrap())));
                let wire = message.make().unwrap();
                let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
                let keys = keys(&own, &partner);
                let reading = rate(|| {
                    let read = receive(
                        &wire.fields,
                        &wire.content,
                        keys,
                        STRICT,
                        Digest::Sha256,
                    );
                    drop(black_box(read.unwrap()));
                });
                println!(
                    "{name} {cipher:?} {compression:?}: make {writing:.1}/s, read {reading:.1}/s"
                );
            }
        }
    }
}
