//! Interchanges, over the API and through the drop folder, and the answers to them.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use serde_json::{Value, json};
use suite::{Backing, Hub, Person};

use super::{Process, killed};
use crate::{command_line::binary, scene::purchase_order};

/// Where the process dies on the way of an interchange in, and of its 997 out.
const IN: [&str; 5] =
    ["file.kept", "edi.kept", "edi.judging", "edi.judged", "edi.handed"];
/// The same through the drop folder.
const DROPPED: [&str; 6] =
    ["file.kept", "edi.kept", "edi.judging", "edi.judged", "drop.taken", "drop.moved"];
/// Where it dies on the way of an answer.
const ANSWER: [&str; 3] = ["order.answering", "order.answered", "edi.handed"];

killed! { an_interchange_is_applied_once_and_answered }

async fn an_interchange_is_applied_once_and_answered(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (_, bruno) = hub.company("Atelier").await;
    hub.partners(&olga, &bruno).await;
    for (who, isa) in [(&olga, "ZZ:NORDWIND"), (&bruno, "ZZ:ATELIER")] {
        let now = who.get("/api/v1/organisation").await.expect(200);
        let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
        who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    }
    let backing = hub.stop().await;
    let edi = backing.folder().join("data").join("edi");

    let mut unanswered = Vec::new();
    for (at, place) in IN.iter().enumerate() {
        let number = u32::try_from(at).unwrap() + 1;
        let paper =
            purchase_order("ATELIER", "NORDWIND", number, &format!("PO-{number}"));
        let dying = Process::dying(&binary(), &backing, place, "");
        if send(&dying, &bruno, &paper).await != Some(202) {
            unanswered.push(paper);
        }
        dying.died(place).await;
    }
    assert!(unanswered.len() >= 4, "else it hardly died in between");
    for (at, place) in DROPPED.iter().enumerate() {
        let number = u32::try_from(at).unwrap() + 11;
        let paper =
            purchase_order("ATELIER", "NORDWIND", number, &format!("PO-{number}"));
        fs::create_dir_all(edi.join("in")).unwrap();
        fs::write(edi.join("in").join(format!("{number}.edi")), paper).unwrap();
        Process::dying(&binary(), &backing, place, "").died(place).await;
    }
    let alive = Process::start(&binary(), &backing);
    for paper in &unanswered {
        assert_eq!(send(&alive, &bruno, paper).await, Some(202));
    }
    until(|| fs::read_dir(edi.join("in")).is_ok_and(|it| it.count() == 0)).await;
    alive.kill();

    let hub = Hub::on(backing).await;
    hub.wait(Duration::from_hours(240));
    let [olga, bruno] = [olga, bruno].map(|mut who| {
        who.replace_router(hub.stranger().router());
        who
    });
    let orders = settled(&olga, IN.len() + DROPPED.len()).await;
    let backing = hub.stop().await;
    for (order, place) in orders.iter().zip(ANSWER) {
        let form = json!({ "revision": order["revision"], "lines": [{ "line": "1", "decision": "accept" }] });
        let path = format!("/api/v1/orders/{}/answer", order["id"].as_str().unwrap());
        let (form, json) = (form.to_string(), "application/json");
        let dying = Process::dying(&binary(), &backing, place, "");
        let answer = dying.post(&path, &olga.token, json, &form).await;
        dying.died(place).await;
        if answer.is_none() {
            let alive = Process::start(&binary(), &backing);
            let again = alive.post(&path, &olga.token, json, &form).await;
            let told = if place == "order.answering" { 200 } else { 409 };
            assert_eq!(again, Some(told), "{place}");
            alive.kill();
        }
    }

    let hub = Hub::on(backing).await;
    hub.wait(Duration::from_hours(480));
    let mut olga = olga;
    olga.replace_router(hub.stranger().router());
    check_papers(&olga, &edi).await;
    drop(bruno);
}

async fn send(process: &Process, who: &Person, paper: &str) -> Option<u16> {
    let (path, kind) = ("/api/v1/edi/interchanges", "application/edi-x12");
    process.post(path, &who.token, kind, paper).await
}

async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..150 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not settle");
}

/// The orders, once there are as many as were sent; each must be there once.
async fn settled(who: &Person, many: usize) -> Vec<Value> {
    let mut orders = Vec::new();
    for _ in 0..150 {
        let all = who.get("/api/v1/orders?limit=100").await.expect(200);
        orders = all["items"].as_array().unwrap().clone();
        if orders.len() >= many {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut numbers: Vec<_> = orders.iter().map(|it| it["number"].to_string()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!((orders.len(), numbers.len()), (many, many), "{orders:#?}");
    orders
}

/// Each 850 was applied once and has its 997; three orders have one 855; all that was built
/// was handed over.
async fn check_papers(olga: &Person, edi: &Path) {
    let mut kinds: BTreeMap<(String, String), usize> = BTreeMap::new();
    for _ in 0..150 {
        let all = olga.get("/api/v1/edi/interchanges?limit=100").await.expect(200);
        kinds.clear();
        for it in all["items"].as_array().unwrap() {
            let word = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
            *kinds.entry((word("kind"), word("state"))).or_default() += 1;
        }
        if kinds.keys().all(|(_, state)| state != "built" && state != "received") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let many = |kind: &str, state: &str| {
        kinds.get(&(kind.to_owned(), state.to_owned())).copied().unwrap_or(0)
    };
    assert_eq!(many("850", "applied"), IN.len() + DROPPED.len(), "{kinds:?}");
    assert_eq!(many("855", "sent"), ANSWER.len(), "{kinds:?}");
    assert!(many("997", "sent") >= IN.len() + DROPPED.len(), "{kinds:?}");
    assert_eq!(many("997", "built") + many("855", "built"), 0, "{kinds:?}");
    let out = fs::read_dir(edi.join("out")).unwrap().flatten();
    let files = out.filter_map(|it| fs::read_dir(it.path()).ok()).flatten().flatten();
    // What was being written when the process died bears another name.
    let files = files.filter(|it| it.path().extension().is_some_and(|it| it == "edi"));
    let files = files.count();
    assert_eq!(files, many("997", "sent") + many("855", "sent"), "{kinds:?}");
}
