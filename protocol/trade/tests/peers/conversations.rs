//! A trading partner that is not ours, and what each says to the other.

use std::process::Command;

use crate::Peers;

/// Every conversation in a dialect, held to what is written.
fn converse(dialect: &str) {
    let Some(peers) = Peers::find() else { return };

    let ended = Command::new(&peers.python)
        .arg(Peers::script("conversations.py"))
        .arg(dialect)
        .arg(&peers.entente)
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&ended.stdout).into_owned()
        + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{told}");
    assert!(told.starts_with("16 ways to behave, 22 conversations, "), "{told}");
}

#[test]
fn every_way_in_which_a_partner_behaves_in_x12_is_answered_as_written() {
    converse("X12");
}

#[test]
fn every_way_in_which_a_partner_behaves_in_edifact_is_answered_as_written() {
    converse("EDIFACT");
}

#[test]
fn a_hub_and_a_partner_trade_through_the_drop_folder() {
    let Some(peers) = Peers::find() else { return };

    let ended = Command::new(&peers.python)
        .arg(Peers::script("hub.py"))
        .arg(&peers.entente)
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&ended.stdout).into_owned()
        + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{told}");
    for line in [
        "the hub sends 997: taken",
        "the hub sends 855: taken",
        "the partner's receipt accepted our 850",
        "accepting your 855",
    ] {
        assert!(told.contains(line), "{line}:\n{told}");
    }
}
