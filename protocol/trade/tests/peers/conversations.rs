//! A trading partner that is not ours, and what each says to the other.

use std::process::Command;

use crate::Peers;

#[test]
fn every_way_in_which_a_trading_partner_behaves_is_answered_as_written() {
    let Some(peers) = Peers::find() else { return };

    let ended = Command::new(&peers.python)
        .arg(Peers::script("conversations.py"))
        .arg(&peers.entente)
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&ended.stdout).into_owned()
        + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{told}");
    assert!(told.starts_with("16 ways to behave, 44 conversations, "), "{told}");
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
