//! How fast, beside `openssl speed`: `cargo xtask bench as2`.

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::{hint::black_box, process::Command, sync::Arc, time::Instant};

use as2::{
    Certificate, Cipher, Compression, Digest, Disposition, Identity, KeyTransport,
    Outgoing, Receipt, Ring, Scheme, receive,
};

use crate::{ACME, GLOBEX, NOW, STRICT, combinations::plain, keys};

/// How often a second of the time of this process, which others on the machine do not change.
#[expect(clippy::float_arithmetic, reason = "a measure, not money")]
fn rate(mut run: impl FnMut()) -> f64 {
    let (mut count, begin, used) = (0_u32, Instant::now(), cpu_seconds());
    while begin.elapsed().as_secs_f64() < 1.5 {
        run();
        count += 1;
    }
    f64::from(count) / (cpu_seconds() - used)
}

/// The seconds that the processor spent on this thread.
#[expect(clippy::float_arithmetic, reason = "a measure, not money")]
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let spent = told.split_whitespace().next().and_then(|told| told.parse::<f64>().ok());
    spent.unwrap() / 1e9
}

/// RSA-2048 signatures a second of processor time, as `openssl speed` measures them.
fn openssl() -> Option<f64> {
    let told = Command::new("openssl")
        .args(["speed", "-seconds", "2", "-mr", "rsa2048"])
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    // `+F2:2:2048:seconds of a signature:seconds of a verification`, before 3.2; since then rates.
    let line = told.lines().find(|line| line.starts_with("+F2:"))?;
    let mut seconds = line.split(':').skip(3).filter_map(|cell| cell.parse::<f64>().ok());
    let first = seconds.next()?;
    #[expect(clippy::float_arithmetic, reason = "a measure, not money")]
    Some(if first < 1.0 { 1.0 / first } else { first })
}

struct Table {
    limit: f64,
}

impl Table {
    /// A row: a rate, and what part it is of what so many private operations take.
    #[expect(clippy::float_arithmetic, reason = "a measure, not money")]
    fn row(&self, name: &str, rate: f64, operations: f64) {
        let part = rate * operations / self.limit * 100.0;
        println!("{name:<58} {rate:>8.1}/s {part:>6.1} % of {operations} operations");
    }
}

#[test]
#[ignore = "it measures"]
fn speed_of_making_and_reading() {
    let how = as2::cms::Signature {
        digest: Digest::Sha256,
        scheme: Scheme::Pkcs1,
        at_seconds: NOW,
    };
    let ours = rate(|| drop(black_box(as2::cms::sign(b"", &ACME, how).unwrap())));
    let before = openssl();
    let limit = before.unwrap_or(ours);
    println!(
        "RSA-2048 private operations: openssl {before:?}/s, ours in a CMS {ours:.0}/s"
    );
    let table = Table { limit };
    let line = b"PO1*1*10*EA*9.25*PE*VN*4000862141404~\r\n";
    for (name, size) in [("10 KB", 10 << 10), ("1 MB", 1 << 20), ("50 MB", 50 << 20)] {
        let document: Vec<u8> = line.iter().copied().cycle().take(size).collect();
        for cipher in [Cipher::Aes128Cbc, Cipher::Aes256Gcm] {
            for compression in [Compression::None, Compression::BeforeSigning] {
                let label = format!("{name} {cipher:?} {compression:?}");
                one(&table, &label, message(&document, cipher, compression));
            }
        }
    }
    let document: Vec<u8> = line.iter().copied().cycle().take(10 << 10).collect();
    stored(&table, message(&document, Cipher::Aes128Cbc, Compression::None));
    println!("openssl at the end: {:?}/s", openssl());
}

fn message(document: &[u8], cipher: Cipher, compression: Compression) -> Outgoing<'_> {
    Outgoing {
        document,
        sign: Some((&*ACME, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: Some((GLOBEX.certificate(), cipher, KeyTransport::Pkcs1)),
        compression,
        ..plain()
    }
}

/// One private operation to make a message, one to read it, and one for its receipt.
fn one(table: &Table, label: &str, message: Outgoing<'_>) {
    table.row(
        &format!("{label}: sign and encrypt"),
        rate(|| drop(black_box(message.make().unwrap()))),
        1.0,
    );
    let wire = message.make().unwrap();
    let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
    let read = || {
        let keys = keys(&own, &partner);
        receive(&wire.fields, &wire.content, keys, STRICT, Digest::Sha256).unwrap()
    };
    table.row(
        &format!("{label}: decrypt and verify"),
        rate(|| drop(black_box(read()))),
        1.0,
    );
    let receipt = || {
        let mic = read().mic;
        let told = Receipt {
            receiver: "GLOBEX",
            message_id: "<1@acme>",
            disposition: &Disposition::Processed,
            mic: Some(&mic),
            text: "It was taken.",
            product: "Entente",
            boundaries: ["=_a", "=_b"],
        };
        told.make(Some((&*GLOBEX, Digest::Sha256)), NOW).unwrap()
    };
    table.row(
        &format!("{label}: decrypt, verify, sign the receipt"),
        rate(|| drop(black_box(receipt()))),
        2.0,
    );
}

/// Keys that are stored, opened for each message or kept in a ring.
fn stored(table: &Table, message: Outgoing<'_>) {
    let wire = message.make().unwrap();
    let read = |own: &Identity, partner: &Certificate| {
        let (own, partner) = ([own], [partner]);
        let read = receive(
            &wire.fields,
            &wire.content,
            keys(&own, &partner),
            STRICT,
            Digest::Sha256,
        );
        drop(black_box(read.unwrap()));
    };
    let (pem, theirs) = (GLOBEX.certificate().pem(), ACME.certificate().pem());
    let open = || {
        let own = Certificate::read_all(pem.as_bytes())?.remove(0);
        Identity::new(GLOBEX.pkcs8(), own)
    };
    let each = rate(|| {
        let theirs = Certificate::read_all(theirs.as_bytes()).unwrap();
        read(&open().unwrap(), &theirs[0]);
    });
    table.row("10 KB: decrypt and verify, keys opened each time", each, 1.0);
    let ring = Ring::new(64);
    let kept = rate(|| {
        let own: Arc<Identity> =
            ring.identity(&[GLOBEX.pkcs8(), pem.as_bytes()], open).unwrap();
        read(&own, &ring.certificates(theirs.as_bytes()).unwrap()[0]);
    });
    table.row("10 KB: decrypt and verify, keys kept in a ring", kept, 1.0);
}
