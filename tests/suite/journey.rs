//! From an order to its invoice by real EDI over AS2, against a hub that is a process of its own
//! (`peers/journey`): the buyer's ERP writes and reads with programs that are not ours.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use suite::{Backing, Hub};

use crate::{command_line::binary, crash::Process, sharing::shared_deal};

/// Two companies that share a deal, in a process; what a peer needs to know of them.
async fn stage(backing: Backing) -> (Backing, Process, Value) {
    let binary = binary();
    let hub = Hub::on(backing.today()).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (deal, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    let backing = hub.stop().await;
    let process = Process::start(&binary, &backing);
    let place = json!({
        "web": process.web, "as2": process.as2, "seller": olga.email, "partner": bruno.email,
        "deal": deal.rsplit('/').next(), "room": room,
    });
    (backing, process, place)
}

/// Plays the trade in a dialect, as far as there is a Python.
async fn trade(backing: Backing, words: &'static str) {
    let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else {
        assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_PYTHON is needed");
        return;
    };
    let (_backing, _process, place) = stage(backing).await;
    let play = move || {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/journey/trade.py");
        let mut child = Command::new(python)
            .args(["-W", "ignore", script])
            .args(words.split(' '))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{place}").unwrap();
        let told = child.wait_with_output().unwrap();
        (told.status.success(), String::from_utf8_lossy(&told.stdout).into_owned())
    };
    let (good, told) = tokio::task::spawn_blocking(play).await.unwrap();
    assert!(good, "{told}");
    assert!(told.contains("ended: "), "{told}");
}

/// Plays on both databases.
macro_rules! played {
    ($($name:ident: $words:literal)+) => { $( mod $name {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_sqlite() {
            super::trade(suite::Backing::sqlite(), $words).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgres() {
            if let Some(backing) = suite::Backing::postgres().await {
                super::trade(backing, $words).await;
            }
        }
    } )+ };
}

played! {
    an_850_over_as2_is_mended_answered_changed_shipped_and_invoiced: "X12"
    an_orders_over_as2_is_mended_answered_changed_shipped_and_invoiced: "EDIFACT"
    mock_edi_orders_by_850_changes_and_counts_what_it_gets: "X12 mocked"
    mock_edi_orders_by_orders_changes_and_counts_what_it_gets: "EDIFACT mocked"
}
