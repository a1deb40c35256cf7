//! Other readers beside ours, on every sample: where they differ, a reason is written.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Peers;

/// The table with the reasons of a file: whether it holds, and what it prints.
fn table(peers: &Peers, reasons: &PathBuf) -> (bool, String) {
    let ended = Command::new(&peers.python)
        .arg(Peers::script("oracles.py"))
        .arg("--reasons")
        .arg(reasons)
        .args([&peers.entente, &peers.edifact_rs])
        .output()
        .unwrap();
    let told = String::from_utf8(ended.stdout).unwrap();
    (ended.status.success(), told + &String::from_utf8_lossy(&ended.stderr))
}

#[test]
fn where_another_reader_of_a_sample_differs_the_reason_is_written() {
    let Some(peers) = Peers::find() else { return };

    let (holds, told) = table(&peers, &Peers::script("reasons.tsv"));

    assert!(holds, "{told}");
    assert!(told.contains("\n75 files, of which we take "), "{told}");
}

#[test]
fn a_difference_without_a_reason_and_a_reason_without_a_difference_are_told() {
    let Some(peers) = Peers::find() else { return };
    let reasons = fs::read_to_string(Peers::script("reasons.tsv")).unwrap();
    let without: Vec<&str> = reasons
        .lines()
        .filter(|line| !line.starts_with("TA1_mock.edi\tx12-tidy"))
        .collect();
    let other = without.join("\n").replace("\tB04 D02\t", "\tB05\t")
        + "\n850_mock_in.edi\tpyx12\tX12Error\tno longer so\n";
    let path =
        std::env::temp_dir().join(format!("entente-reasons-{}.tsv", std::process::id()));
    fs::write(&path, other).unwrap();

    let (holds, told) = table(&peers, &path);

    fs::remove_file(path).unwrap();
    assert!(!holds, "{told}");
    assert!(told.contains("no reason: TA1_mock.edi\tx12-tidy"), "{told}");
    assert!(told.contains("another finding: 856_crossdock.edi\tx12-doctor"), "{told}");
    assert!(told.contains("fits no difference: 850_mock_in.edi\tpyx12"), "{told}");
    assert!(told.contains(" differences, 3 to be looked at"), "{told}");
}
