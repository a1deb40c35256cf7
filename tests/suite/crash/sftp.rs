//! Orders out of a partner's mailbox, and their 997s into it, through deaths at every step.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use suite::{Backing, Hub};

use super::{Process, killed};
use crate::{
    command_line::binary,
    openssh::{self, Partner, Server},
    scene::purchase_order,
};

/// Where the process dies on the way of a file in, and of the 997 that answers it.
const PLACES: [&str; 7] = [
    "sftp.read",
    "sftp.taking",
    "sftp.taken",
    "sftp.away",
    "sftp.written",
    "sftp.put",
    "sftp.settled",
];

killed! {
    what_a_mailbox_brings_is_applied_once_and_answered_once
    what_a_partner_fetches_is_delivered_once_it_has_it
}

/// The mailbox at Globex's; to set it has it looked into at once.
fn mailbox(server: Option<&Server>) -> Value {
    let folder =
        |name: &str| server.map(|it| it.partner.folder.join(name).display().to_string());
    json!({
        "name": "Globex", "identifier": "ZZ:GLOBEX",
        "place": {
            "side": "theirs", "host": "127.0.0.1",
            "port": server.map_or(22, |it| it.at.port()),
            "user": server.map_or("nobody", |it| &it.user),
            "host_keys": server.map(|it| vec![it.print.clone()]).unwrap_or_default(),
            "fetch_from": folder("out").unwrap_or_default(),
            "put_into": folder("in").unwrap_or("/in".to_owned()),
        },
    })
}

async fn what_a_mailbox_brings_is_applied_once_and_answered_once(backing: Backing) {
    if !openssh::is_there() {
        return;
    }
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let now = olga.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    let made = olga.post("/api/v1/sftp/mailboxes", mailbox(None)).await.expect(200);
    let server = Server::start(made["public_key"].as_str().unwrap()).await;
    let form = mailbox(Some(&server));
    let backing = hub.stop().await;

    for (at, place) in PLACES.iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap();
        let order = purchase_order("GLOBEX", "ACME", number, &format!("PO-{number}"));
        server.partner.write(&format!("out/{number}.edi"), order);
        let dying = Process::dying(&binary(), &backing, place, "");
        let (path, kind) = ("/api/v1/sftp/mailboxes", "application/json");
        dying.post(path, &olga.token, kind, &form.to_string()).await;
        dying.died(place).await;
    }

    let hub = Hub::on(backing).await;
    olga.replace_router(hub.stranger().router());
    olga.post("/api/v1/sftp/mailboxes", form).await.expect(200);
    let files = settled(&hub, &olga).await;
    let taken =
        files.iter().filter(|it| it["direction"] == "in" && it["state"] == "taken");
    assert_eq!(taken.count(), PLACES.len(), "{files:#?}");
    assert_eq!(server.names("out"), [""; 0], "all was removed");
    let orders = olga.get("/api/v1/orders?limit=100").await.expect(200);
    let orders = orders["items"].as_array().unwrap();
    let numbers: BTreeSet<String> =
        orders.iter().map(|it| it["number"].to_string()).collect();
    assert_eq!((orders.len(), numbers.len()), (PLACES.len(), PLACES.len()), "each once");
    let answers = server.names("in");
    assert_eq!(answers.len(), PLACES.len(), "one 997 each, all whole: {answers:?}");
    let controls: BTreeSet<String> = answers
        .iter()
        .map(|name| {
            let text = server.partner.read(&format!("in/{name}"));
            text.split('*').nth(13).unwrap().to_owned()
        })
        .collect();
    assert_eq!(controls.len(), PLACES.len(), "each under a number of its own");
}

/// The files, once all that went out is delivered.
async fn settled(hub: &Hub, olga: &suite::Person) -> Vec<Value> {
    let mut files = Vec::new();
    for _ in 0..200 {
        hub.wait(Duration::from_hours(1));
        let all = olga.get("/api/v1/sftp/files?limit=100").await.expect(200);
        files = all["items"].as_array().unwrap().clone();
        let out = files.iter().filter(|it| it["direction"] == "out");
        let delivered = out.filter(|it| it["state"] == "delivered").count();
        if delivered == PLACES.len() {
            return files;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not all is delivered: {files:#?}");
}

async fn what_a_partner_fetches_is_delivered_once_it_has_it(backing: Backing) {
    if !openssh::is_there() {
        return;
    }
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let now = olga.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    let globex = Partner::new();
    let form = json!({
        "name": "Globex", "identifier": "ZZ:GLOBEX",
        "place": { "side": "ours", "keys": [globex.read("key.pub")] },
    });
    let made = olga.post("/api/v1/sftp/mailboxes", form).await.expect(200);
    let user = made["id"].as_str().unwrap();
    globex.write("order.edi", purchase_order("GLOBEX", "ACME", 1, "PO-1"));
    let backing = hub.stop().await;

    let alive = Process::start(&binary(), &backing);
    let at = alive.sftp.parse().unwrap();
    let by = |at| (at, user, "key");
    let (done, told) = globex.sftp(by(at), &["put order.edi /in/order.edi"]).await;
    assert!(done, "{told}");
    let mut names = String::new();
    for _ in 0..100 {
        names = globex.sftp(by(at), &["ls -1 /out"]).await.1;
        if names.contains(".edi") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(names.contains(".edi"), "its 997 waits: {names}");
    alive.kill();

    let dying = Process::dying(&binary(), &backing, "sftp.fetched", "");
    let at = dying.sftp.parse().unwrap();
    let (done, told) = globex.sftp(by(at), &["get /out/*.edi first.edi"]).await;
    assert!(!done, "the line broke before its CLOSE was answered: {told}");
    dying.died("sftp.fetched").await;
    let alive = Process::start(&binary(), &backing);
    let at = alive.sftp.parse().unwrap();
    let (done, told) = globex.sftp(by(at), &["get /out/*.edi again.edi"]).await;
    assert!(done, "who was not answered asks again: {told}");
    assert!(globex.read("again.edi").contains("AK1*PO*1"));
    assert_eq!(globex.read("again.edi"), globex.read("first.edi"));
    alive.kill();

    let hub = Hub::on(backing).await;
    olga.replace_router(hub.stranger().router());
    let files = olga.get("/api/v1/sftp/files").await.expect(200);
    let out = files["items"].as_array().unwrap().clone();
    let out: Vec<_> = out.iter().filter(|it| it["direction"] == "out").collect();
    assert_eq!(out.len(), 1, "{files}");
    assert_eq!(out[0]["state"], "delivered", "{files}");
}
