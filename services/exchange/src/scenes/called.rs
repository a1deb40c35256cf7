//! Mailboxes that we call, with OpenSSH's `sshd` as the partner.

use serde_json::{Value, json};

use super::{
    mailboxes::{files, orders, pair},
    openssh::{self, Server},
    stage::{Order, Stage},
    stations::eventually,
};

/// A mailbox at Dorn's, into which Vega looks.
async fn theirs(stage: &Stage, more: Value) -> Server {
    let none = json!({
        "name": "Dorn", "identifier": "ZZ:DORN",
        "place": {
            "side": "theirs", "host": "127.0.0.1", "user": "nobody", "host_keys": [],
            "fetch_from": "/nowhere", "put_into": "",
        },
    });
    let made = stage.post(stage.vendor, "/sftp/mailboxes", none).await.expect(200);
    let server = Server::start(made["public_key"].as_str().unwrap()).await;
    set(stage, &server, more).await;
    server
}

async fn set(stage: &Stage, server: &Server, more: Value) -> Value {
    let folder = |name: &str| server.partner.folder.join(name).display().to_string();
    let mut place = json!({
        "side": "theirs", "host": "127.0.0.1", "port": server.at.port(), "user": server.user,
        "host_keys": [server.print], "fetch_from": folder("out"), "put_into": folder("in"),
    });
    for (name, value) in more.as_object().unwrap() {
        place[name] = value.clone();
    }
    let form = json!({ "name": "Dorn", "identifier": "ZZ:DORN", "place": place });
    stage.post(stage.vendor, "/sftp/mailboxes", form).await.expect(200)
}

async fn tried(stage: &Stage) -> Vec<(String, bool, String)> {
    let all = stage.get(stage.vendor, "/sftp/mailboxes").await.expect(200);
    let path =
        format!("/sftp/mailboxes/{}/test", all["items"][0]["id"].as_str().unwrap());
    let told = stage.post(stage.vendor, &path, json!({})).await.expect(200);
    let steps = told["steps"].as_array().unwrap().iter();
    let word = |it: &Value| it.as_str().unwrap().to_owned();
    steps
        .map(|it| (word(&it["step"]), it["ok"].as_bool().unwrap(), word(&it["detail"])))
        .collect()
}

pub(super) async fn a_partners_mailbox_is_emptied_once_and_filled(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let server = theirs(&stage, json!({})).await;
    let steps = tried(&stage).await;
    let names: Vec<_> = steps.iter().map(|(step, ok, _)| (step.as_str(), *ok)).collect();
    let all = ["found", "host_key", "signed_in", "sftp", "fetch", "put"];
    assert_eq!(names, all.map(|it| (it, true)), "{steps:?}");
    assert_eq!(server.names("in"), [""; 0], "what was tried is gone");

    let order = Order::default().alone(1);
    server.partner.write("out/1.edi", &order);
    server.partner.write("out/same.edi", &order);
    server.partner.write("out/2.edi.part", &order);
    server.partner.write("secret", "none of ours");
    let link = server.partner.folder.join("out/link.edi");
    std::os::unix::fs::symlink(server.partner.folder.join("secret"), link).unwrap();
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let looker = tokio::spawn(crate::looking(house.clone()));
    eventually(|| async { server.names("out") == ["2.edi.part", "link.edi"] }).await;
    assert_eq!(files(&stage).await, [pair("in", "taken")]);
    eventually(|| async { orders(&stage).await == 1 }).await;

    let deliverer = tokio::spawn(async move { crate::delivering(house, work).await });
    eventually(|| async { files(&stage).await.contains(&pair("out", "delivered")) })
        .await;
    let [name] = server.names("in").try_into().unwrap();
    assert!(name.contains("-ich_"), "{name}");
    assert!(server.partner.read(&format!("in/{name}")).contains("AK1*PO*1"));
    eventually(|| async {
        stage.count("select count(*) from interchange where state = 'sent'").await == 1
    })
    .await;
    looker.abort();
    deliverer.abort();
}

pub(super) async fn what_was_fetched_is_moved_where_that_is_agreed(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let server = theirs(&stage, json!({})).await;
    let done = server.partner.folder.join("done").display().to_string();
    set(&stage, &server, json!({ "move_to": done })).await;
    server.partner.write("out/1.edi", Order::default().alone(1));
    server.partner.write("done/1.edi", "an older one of that name");
    let looker = tokio::spawn(crate::looking(stage.house.clone()));
    eventually(|| async { server.names("out").is_empty() }).await;
    looker.abort();

    let names = server.names("done");
    assert_eq!((names.len(), names[0].as_str()), (2, "1.edi"), "{names:?}");
    assert_eq!(server.partner.read("done/1.edi"), "an older one of that name");
    assert_eq!(files(&stage).await, [pair("in", "taken")]);
}

pub(super) async fn no_server_is_spoken_to_but_the_one_that_was_agreed(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let server = theirs(&stage, json!({ "host_keys": [] })).await;
    server.partner.write("out/1.edi", Order::default().alone(1));
    let last = |steps: Vec<(String, bool, String)>| steps.last().cloned().unwrap();
    let (step, ok, detail) = last(tried(&stage).await);
    assert_eq!((step.as_str(), ok), ("host_key", false));
    assert!(detail.contains(&server.print), "a person may compare it: {detail}");
    set(&stage, &server, json!({ "host_keys": [format!("SHA256:{}", "a".repeat(43))] }))
        .await;
    assert_eq!(last(tried(&stage).await).0, "host_key");
    set(&stage, &server, json!({ "user": "nobody-of-that-name" })).await;
    assert_eq!(last(tried(&stage).await).0, "signed_in");
    set(&stage, &server, json!({ "put_into": "/nowhere" })).await;
    assert_eq!(last(tried(&stage).await).0, "put");

    set(&stage, &server, json!({ "host_keys": [] })).await;
    let looker = tokio::spawn(crate::looking(stage.house.clone()));
    eventually(|| async {
        let all = stage.get(stage.vendor, "/sftp/mailboxes").await.expect(200);
        all["items"][0]["why"].as_str().is_some_and(|why| why.contains("not agreed"))
    })
    .await;
    looker.abort();
    assert_eq!(server.names("out"), ["1.edi"]);
    assert_eq!(files(&stage).await, []);
    // Inner addresses are called only where the operator allows it.
    let stage = stage.without_private_networks();
    let (step, ok, detail) = last(tried(&stage).await);
    assert_eq!((step.as_str(), ok), ("found", false), "{detail}");
}
