//! The binary as an operator calls it, without a server.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::scene::purchase_order;

/// The binary under test.
pub(crate) fn binary() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let built = std::env::var_os("ENTENTE_TEST_BINARY")
        .map_or_else(|| root.join("target/debug/entente"), Into::into);
    assert!(built.exists(), "build it first: cargo build -p hub ({})", built.display());
    built
}

/// Runs it with a file on standard input: the exit code, and what it says.
fn edi(arguments: &[&str], file: &str) -> (i32, String) {
    let mut child = Command::new(binary())
        .arg("edi")
        .args(arguments)
        .arg("-")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let written = child.stdin.take().unwrap().write_all(file.as_bytes());
    // Who refuses what it was asked for does not read what comes in.
    assert!(written.is_ok() || !child.wait().unwrap().success(), "{written:?}");
    let ended = child.wait_with_output().unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap())
}

#[test]
fn a_good_order_is_valid_and_a_bad_one_tells_where_and_how_to_mend_it() {
    let good = purchase_order("ATELIER", "NORDWIND", 7, "PO-7");
    let bad = good.replace("PO1*1*3*EA", "PO1*1*three*EA");

    let (valid, _) = edi(&["validate"], &good);
    let (faulty, told) = edi(&["validate"], &bad);

    assert_eq!((valid, faulty), (0, 1));
    let told: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fault = &told[0]["set"]["faults"][0];
    assert_eq!(told[1]["interchange"]["answer"], "accepted");
    assert_eq!(told[2]["outcome"]["errors"], 1);
    assert_eq!((&fault["segment"], &fault["element"]), (&"PO1".into(), &2.into()));
    let at = usize::try_from(fault["at"].as_i64().unwrap()).unwrap();
    assert_eq!(&bad[at..at + 5], "three");
    assert!(!fault["mend"].as_str().unwrap().is_empty());
}

#[test]
fn a_fault_is_told_in_the_language_that_was_asked_for() {
    let good = purchase_order("ATELIER", "NORDWIND", 7, "PO-7");
    let bad = good.replace("PO1*1*3*EA", "PO1*1*three*EA");
    let fault = |language: &str| -> Value {
        let (_, told) = edi(&["validate", "--lang", language], &bad);
        let set: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
        set["set"]["faults"][0].clone()
    };

    let (english, french, spanish) = (fault("en"), fault("fr"), fault("es"));

    for field in ["text", "mend"] {
        assert_ne!(english[field], french[field]);
        assert_ne!(english[field], spanish[field]);
        assert_ne!(french[field], spanish[field]);
    }
    assert_eq!(english["at"], french["at"]);
    assert_eq!(edi(&["validate", "--lang", "tlh"], &bad).0, 2);
}

#[test]
fn an_order_goes_to_edifact_and_is_valid_there() {
    let order = purchase_order("ATELIER", "NORDWIND", 7, "PO-7");

    let (converted, edifact) = edi(&["convert", "--to", "edifact"], &order);
    let (valid, _) = edi(&["validate"], &edifact);

    assert_eq!((converted, valid), (0, 0), "{edifact}");
    assert!(
        edifact.contains("BGM+220+PO-7") && edifact.contains("QTY+21:3"),
        "{edifact}"
    );
}

#[test]
fn an_order_is_acknowledged_and_an_acknowledgement_is_not() {
    let order = purchase_order("ATELIER", "NORDWIND", 7, "PO-7");

    let (answered, answer) = edi(&["ack"], &order);
    let (silent, nothing) = edi(&["ack"], answer.trim_end());

    assert_eq!((answered, silent), (0, 0));
    assert!(answer.contains("ST*997*") && answer.contains("AK5*A"), "{answer}");
    assert_eq!(nothing, "");
}

#[test]
fn a_guide_made_from_an_order_takes_it_and_tells_what_another_lacks() {
    let order = purchase_order("ATELIER", "NORDWIND", 7, "PO-7");
    let path = std::env::temp_dir().join(format!("nordwind-{}.toml", std::process::id()));

    let (inferred, guide) = edi(&["guide", "infer", "--name", "Nordwind"], &order);
    std::fs::write(&path, guide.replace("\"EA\"", "\"DZ\"")).unwrap();
    let guided = ["validate", "--guide", path.to_str().unwrap()];
    let (refused, told) = edi(&guided, &order);
    std::fs::write(&path, &guide).unwrap();
    let (taken, _) = edi(&guided, &order);
    std::fs::remove_file(&path).unwrap();

    assert_eq!((inferred, refused, taken), (0, 1, 0), "{guide}");
    assert!(
        told.contains("this partner takes DZ only (guide Nordwind 1, line "),
        "{told}"
    );
}

#[test]
fn what_makes_no_sense_is_usage_or_a_fault() {
    assert_eq!(edi(&["convert"], "x").0, 2, "without a target");
    assert_eq!(edi(&["inspect"], "Dear Sir or Madam").0, 1, "no interchange");
}
