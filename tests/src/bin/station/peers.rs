//! What the machine can do at most, and what another station does.

use std::{
    fs,
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use suite::bench::Failure;

use crate::messages::Trade;

/// RSA-2048 private operations a second, as `openssl speed` measures them.
pub(crate) fn openssl() -> Result<f64, Failure> {
    let mut ask = Command::new("openssl");
    ask.args(["speed", "-seconds", "3", "-mr", "rsa2048"]).stderr(Stdio::null());
    let told = String::from_utf8_lossy(&ask.output()?.stdout).into_owned();
    // `+F2:2:2048:seconds of a signature:seconds of a verification`, before 3.2; since then rates.
    let line = told.lines().find(|line| line.starts_with("+F2:"));
    let cell = line.and_then(|line| line.split(':').nth(3));
    let first: f64 = cell.ok_or("openssl tells no speed of rsa2048")?.parse()?;
    Ok(if first < 1.0 { 1.0 / first } else { first })
}

/// Messages of 10 KB that pyas2lib makes, and that it reads and receipts, a second of its CPU
/// time; none where no Python is named.
pub(crate) fn pyas2lib(trade: &Trade) -> Result<Option<(f64, f64)>, Failure> {
    let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else { return Ok(None) };
    let backing = suite::Backing::sqlite();
    let certificate = trade.partner.certificate().pem();
    let key = STANDARD.encode(trade.partner.pkcs8());
    let key = format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n");
    let (own, theirs) =
        (backing.folder().join("own.pem"), backing.folder().join("theirs.pem"));
    fs::write(&own, key + &certificate)?;
    fs::write(&theirs, certificate)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/as2/speed.py");
    let mut ask = Command::new(python);
    ask.args(["-W", "ignore", script]).arg(&own).arg(&theirs).args(["10240", "3"]);
    let told = ask.stderr(Stdio::inherit()).output()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let mut rates = told.split_whitespace().map(str::parse);
    match (rates.next(), rates.next()) {
        (Some(Ok(made)), Some(Ok(read))) => Ok(Some((made, read))),
        _ => Err(format!("pyas2lib told no rates: {told}").into()),
    }
}
