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
