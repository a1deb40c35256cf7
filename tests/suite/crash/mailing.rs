//! A trading partner by mail: what it sends is applied once, and what answers it goes out, wherever
//! the process dies.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use suite::{Backing, Hub};

use super::{
    Process, killed,
    mail::{Relay, say},
};
use crate::{command_line::binary, scene::purchase_order};

killed! { what_a_mail_brings_is_applied_once_and_answered }

/// Where it dies, each at a mail of its own.
const PLACES: [&str; 11] = [
    "mail.keeping",
    "mail.kept",
    "mail.handing",
    "mail.handed",
    "mailing.carrying",
    "mailing.carried",
    "parcel.writing",
    "parcel.written",
    "letter.claimed",
    "letter.handed",
    "letter.settled",
];

/// A mail with an order as its words, as lines of SMTP with what each is answered.
fn conversation(to: &str, number: u32) -> Vec<(String, &'static str)> {
    let order = purchase_order("GLOBEX", "ACME", number, &format!("PO-{number}"));
    let order = order.replace("\r\n", "\n").replace('\n', "\r\n");
    let head = format!(
        "From: erp@globex.example\r\nSubject: 850\r\nMessage-ID: <{number}@globex.example>\r\n\r\n"
    );
    vec![
        ("EHLO globex.example\r\n".to_owned(), "250 "),
        ("MAIL FROM:<erp@globex.example>\r\n".to_owned(), "250"),
        (format!("RCPT TO:<{to}>\r\n"), "250"),
        ("DATA\r\n".to_owned(), "354"),
        (format!("{head}{order}\r\n.\r\n"), "250"),
    ]
}

async fn what_a_mail_brings_is_applied_once_and_answered(backing: Backing) {
    let relay = Relay::open().await;
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let now = olga.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    let form = json!({ "name": "Globex", "identifier": "ZZ:GLOBEX", "address": "erp@globex.example", "must_prove": false });
    let partner = olga.post("/api/v1/mailing/partners", form).await.expect(200);
    let ours = partner["ours"].as_str().unwrap().split('@').next().unwrap().to_owned();
    let ours = format!("{ours}@hub.test");
    let backing = hub.stop().await;

    let mut refused = Vec::new();
    for (at, place) in PLACES.iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap();
        let dying = Process::dying(&binary(), &backing, place, &relay.url);
        if !say(&dying.smtp, &conversation(&ours, number)).await {
            refused.push(number);
        }
        dying.died(place).await;
    }

    let process = Process::dying(&binary(), &backing, "", &relay.url);
    for number in &refused {
        assert!(say(&process.smtp, &conversation(&ours, *number)).await, "{number}");
    }
    process.kill();
    let hub =
        Hub::with(backing, |config| config.smtp_relay = Some(relay.url.clone())).await;
    // Its clock stands behind that of the processes, whose leases are to run out.
    hub.wait(Duration::from_hours(240));
    olga.replace_router(hub.stranger().router());
    let files = settled(&olga).await;
    let of = |direction: &str, state: &str| {
        files
            .iter()
            .filter(|it| it["direction"] == direction && it["state"] == state)
            .count()
    };
    assert_eq!(
        (of("in", "taken"), of("out", "delivered")),
        (PLACES.len(), PLACES.len()),
        "{files:#?}"
    );
    let orders = olga.get("/api/v1/orders?limit=100").await.expect(200);
    let orders = orders["items"].as_array().unwrap();
    let numbers: BTreeSet<String> =
        orders.iter().map(|it| it["number"].to_string()).collect();
    assert_eq!((orders.len(), numbers.len()), (PLACES.len(), PLACES.len()), "each once");
    let mut ids = BTreeSet::new();
    for mail in relay.with("EDI: ").await {
        let id = mail.lines().find(|it| it.starts_with("Message-ID")).unwrap().to_owned();
        ids.insert((id, mail));
    }
    // The relay may get a letter twice, with the same bytes and the same Message-ID.
    assert_eq!(ids.len(), PLACES.len(), "one letter for each answer");
}

/// What came and went, once nothing waits any more.
async fn settled(olga: &suite::Person) -> Vec<Value> {
    let mut files = Vec::new();
    for _ in 0..300 {
        let page = olga.get("/api/v1/mailing/files?limit=200").await.expect(200);
        files = page["items"].as_array().unwrap().clone();
        let out = files.iter().filter(|it| it["direction"] == "out");
        if out.clone().count() == PLACES.len()
            && out.clone().all(|it| it["state"] == "delivered")
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    files
}
