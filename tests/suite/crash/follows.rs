//! What follows an order: a change that is answered, goods, an invoice; and an order that is mended.

use serde_json::{Value, json};
use suite::{Backing, Hub, Person};

use super::{Process, killed};
use crate::{command_line::binary, scene::purchase_order};

/// Where the process dies, one order for each: before the commit and after it.
const PLACES: [&str; 10] = [
    "counter.settling",
    "counter.settled",
    "change.answering",
    "change.answered",
    "order.shipping",
    "order.shipped",
    "order.invoicing",
    "order.invoiced",
    "edi.judging",
    "edi.judged",
];

killed! { what_follows_an_order_is_done_once }

/// What somebody asks for, which the process dies over.
struct Deed {
    path: String,
    form: String,
    /// The order, or the interchange that is to be one.
    of: String,
}

async fn named(who: &Person, isa: &str) {
    let now = who.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
    who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
}

async fn sent(bruno: &Person, paper: String) -> Value {
    let taken = bruno.send("/api/v1/edi/interchanges", "application/edi-x12", paper);
    taken.await.expect(202)["items"][0].clone()
}

/// An order that the seller took, and what is asked of it next.
async fn deed(olga: &Person, bruno: &Person, number: u32, place: &str) -> Deed {
    let paper = purchase_order("ATELIER", "NORDWIND", number, &format!("PO-{number}"));
    if place.starts_with("edi.") {
        let wrong = paper.replace("*3*EA*", "*3*ZQ*");
        let came = sent(bruno, wrong.clone()).await;
        assert_eq!(came["state"], "quarantined", "{came}");
        let edit = json!({ "at": wrong.find("ZQ"), "length": 2, "text": "EA" });
        let form =
            json!({ "sha256": came["sha256"], "edits": [edit], "reason": "Pieces" });
        let of = came["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/edi/interchanges/{of}/mend");
        return Deed { path, form: form.to_string(), of };
    }
    let came = sent(bruno, paper).await;
    let of = came["order"]["id"].as_str().unwrap().to_owned();
    let order = format!("/api/v1/orders/{of}");
    let yes = json!({ "revision": 1, "lines": [{ "line": "1", "decision": "accept" }] });
    let other = json!({ "revision": 1, "lines": [{ "line": "1", "decision": "change", "quantity": "2" }] });
    let said = if place.starts_with("counter.") { other } else { yes };
    olga.post(&format!("{order}/answer"), said).await.expect(200);
    let (rest, form) = match place.split('.').next_back() {
        Some("answering" | "answered") => {
            let change = json!({ "revision": 2, "lines": [{ "line": "1", "kind": "changed", "quantity": "5" }] });
            bruno.post(&format!("{order}/changes"), change).await.expect(201);
            let lines =
                json!([{ "line": "1", "accept": true, "offer": { "quantity": "4" } }]);
            ("/changes/1/answer", json!({ "revision": 3, "lines": lines }))
        }
        Some("settling" | "settled") => {
            let lines = json!([{ "line": "1", "take": true }]);
            ("/counter-offer", json!({ "revision": 2, "lines": lines }))
        }
        Some("shipping" | "shipped") => {
            let lines = json!([{ "line": "1", "quantity": "3" }]);
            let form = json!({ "revision": 2, "sent_on": "2026-11-24", "lines": lines });
            ("/shipments", form)
        }
        _ => {
            let lines = json!([{ "line": "1", "quantity": "3", "tax_percent": "19" }]);
            let form = json!({ "revision": 2, "issued_on": "2026-11-24", "basis": "ordered", "lines": lines });
            ("/invoices", form)
        }
    };
    Deed { path: format!("{order}{rest}"), form: form.to_string(), of }
}

async fn what_follows_an_order_is_done_once(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let (_, bruno) = hub.company("Atelier").await;
    hub.partners(&olga, &bruno).await;
    named(&olga, "ZZ:NORDWIND").await;
    named(&bruno, "ZZ:ATELIER").await;
    let mut deeds = Vec::new();
    for (number, place) in (1_u32..).zip(PLACES) {
        deeds.push(deed(&olga, &bruno, number, place).await);
    }
    let backing = hub.stop().await;

    for (place, deed) in PLACES.iter().zip(&deeds) {
        let key = format!("Idempotency-Key: {place}\r\n");
        let json = "application/json";
        let dying = Process::dying(&binary(), &backing, place, "");
        let (path, form) = (&deed.path, &deed.form);
        let token =
            if place.starts_with("counter.") { &bruno.token } else { &olga.token };
        let answer = dying.post_once(path, token, json, form, &key).await;
        assert_eq!(answer, None, "it died at {place} before it answered");
        dying.died(place).await;
        let alive = Process::start(&binary(), &backing);
        let again = alive.post_once(path, token, json, form, &key).await;
        assert!(again.is_some(), "{place}: somebody who tries again is answered");
        alive.kill();
    }

    let hub = Hub::on(backing).await;
    olga.replace_router(hub.stranger().router());
    let mut invoices = Vec::new();
    for (place, deed) in PLACES.iter().zip(&deeds) {
        let read = async |path: String| olga.get(&path).await.expect(200);
        if place.starts_with("edi.") {
            let seen = read(format!("/api/v1/edi/interchanges/{}", deed.of)).await;
            let many = |what: &str| seen[what].as_array().unwrap().len();
            assert_eq!(seen["state"], "applied", "{place} {seen}");
            assert_eq!(
                (many("deeds"), many("acknowledged_by")),
                (1, 1),
                "{place} {seen}"
            );
            assert!(seen["order"]["id"].is_string(), "{place} {seen}");
            continue;
        }
        let order = read(format!("/api/v1/orders/{}", deed.of)).await;
        let papers = order["documents"].as_array().unwrap();
        let many = |kind: &str| papers.iter().filter(|it| it["kind"] == kind).count();
        let follows = &order["fulfilment"];
        if place.starts_with("counter.") {
            let changes = read(format!("/api/v1/orders/{}/changes", deed.of)).await;
            assert_eq!(changes["items"].as_array().unwrap().len(), 1, "{place}");
            assert_eq!(order["state"], "changed", "{place}");
            assert_eq!(order["total_minor"], 3_700, "{place}: 2 of 18.50");
        } else if place.starts_with("change.") {
            assert_eq!((many("865"), &order["state"]), (1, &json!("changed")), "{place}");
            assert_eq!(order["total_minor"], 7_400, "{place}: 4 of 18.50");
        } else if place.starts_with("order.ship") {
            assert_eq!((many("856"), &order["state"]), (1, &json!("shipped")), "{place}");
            assert_eq!(follows["shipments"].as_array().unwrap().len(), 1, "{place}");
        } else {
            let own = follows["invoices"].as_array().unwrap();
            assert_eq!((many("810"), own.len()), (1, 1), "{place}");
            invoices.push(own[0]["number"].as_str().unwrap().to_owned());
        }
    }
    // None was drawn for what was not done.
    assert_eq!(invoices, ["2026-00001", "2026-00002"]);
    let orders = olga.get("/api/v1/orders?limit=50").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), PLACES.len(), "each once");
}
