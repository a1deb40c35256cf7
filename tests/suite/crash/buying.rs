//! What a buyer asks and orders of a seller that is not on the hub, what that offers, and a quote that a
//! seller sends: through deaths before and after each commit.

use std::time::Duration;

use serde_json::{Value, json};
use suite::{Backing, Hub, Person};

use super::{Process, killed};
use crate::command_line::binary;

/// Where the process dies, one deed for each: before the commit and after it.
const PLACES: [&str; 12] = [
    "order.writing",
    "order.written",
    "change.asking",
    "change.asked",
    "rfq.asking",
    "rfq.asked",
    "edi.judging",
    "edi.judged",
    "quote.answering",
    "quote.answered",
    "quote.sending",
    "quote.sent",
];

killed! { what_is_bought_of_a_seller_elsewhere_is_done_once }

/// What somebody asks for, which the process dies over.
struct Deed {
    kind: &'static str,
    path: String,
    form: String,
    token: String,
    /// Where it is seen what came of it.
    seen: String,
}

async fn named(who: &Person, isa: &str) {
    let now = who.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
    who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
}

fn paper(to: &str, control: usize, kind: &str, code: &str, body: &[&str]) -> String {
    let (count, body) = (body.len() + 2, body.join("~"));
    format!(
        "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*261122*1200*U*00401*{control:09}*0*P*>~\
         GS*{code}*{from}*{to}*20261122*1200*{control}*X*004010~ST*{kind}*0001~{body}~SE*{count}*0001~\
         GE*1*{control}~IEA*1*{control:09}~",
        from = "ACME"
    )
}

fn offer(at: usize) -> String {
    let asked = format!("BQR*00*RFQ-{at}*20261119");
    let number = format!("REF*PR*Q-{at}");
    let body = [
        &asked,
        "CUR*SE*EUR",
        &number,
        "DTM*036*20361231",
        "PO1*1*3*EA*4**VP*A-1",
        "CTT*1",
    ];
    paper("ATELIER", at + 100, "843", "RR", &body)
}

fn order(at: usize) -> Value {
    json!({
        "seller": { "name": "Acme", "identifier": "ZZ:ACME" }, "number": format!("PO-{at}"), "currency": "EUR",
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "4" }],
    })
}

fn request(at: usize) -> Value {
    json!({
        "seller": { "name": "Acme", "identifier": "ZZ:ACME" }, "number": format!("RFQ-{at}"),
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA" }],
    })
}

/// A new deal, in which the request stands from now on.
async fn placed(olga: &Person, rfq: &Value) -> String {
    let form = json!({ "title": "Gates", "account": "Acme", "amount_minor": 100, "currency": "EUR" });
    let deal = olga.post("/api/v1/deals", form).await.expect(201);
    let place = format!("/api/v1/rfqs/{}/deal", rfq["id"].as_str().unwrap());
    olga.post(&place, json!({ "deal": deal["id"] })).await.expect(200);
    deal["id"].as_str().unwrap().to_owned()
}

/// A quote of the seller's that is approved, and answers a request that came by EDI.
async fn approved(olga: &Person, at: usize) -> Value {
    let asked = format!("BQT*00*RFQ-{at}*20261119");
    let body = [&asked, "N1*BY*Acme", "PO1*1*3*EA***VP*A-1", "CTT*1"];
    let text = paper("NORDWIND", at, "840", "RQ", &body);
    let came = olga.send("/api/v1/edi/interchanges", "application/edi-x12", text).await;
    assert_eq!(came.expect(202)["items"][0]["state"], "applied");
    let all = olga.get("/api/v1/rfqs").await.expect(200);
    let number = json!(format!("RFQ-{at}"));
    let all = all["items"].as_array().unwrap();
    let rfq = all.iter().find(|it| it["number"] == number).unwrap();
    let deal = match rfq["deal"]["id"].as_str() {
        // The second finds the deal of the first by itself.
        Some(deal) => deal.to_owned(),
        None => placed(olga, rfq).await,
    };
    let form = json!({
        "buyer_name": "Acme", "rfq": rfq["id"], "currency": "EUR", "valid_until": "2036-12-31",
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "4" }],
    });
    let path = format!("/api/v1/deals/{deal}/quotes");
    let quote = olga.post(&path, form).await.expect(201);
    let path = format!("/api/v1/quotes/{}", quote["id"].as_str().unwrap());
    let form = json!({ "move": "price", "revision": quote["revision"] });
    let priced = olga.post(&format!("{path}/moves"), form).await.expect(200);
    let form = json!({ "revision": priced["revision"] });
    olga.post(&format!("{path}/approve"), form).await.expect(200)
}

async fn deed(olga: &Person, bruno: &Person, at: usize, place: &str) -> Deed {
    let deed = |who: &Person, path: String, form: Value, seen: String| Deed {
        kind: "application/json",
        path,
        form: form.to_string(),
        token: who.token.clone(),
        seen,
    };
    let id = |it: &Value| it["id"].as_str().unwrap().to_owned();
    match place {
        "order.writing" | "order.written" => {
            deed(bruno, "/api/v1/orders".to_owned(), order(at), String::new())
        }
        "change.asking" | "change.asked" => {
            let one = bruno.post("/api/v1/orders", order(at)).await.expect(201);
            let form = json!({ "revision": one["revision"], "number": "C-1", "lines": [{ "line": "1", "kind": "changed", "quantity": "5" }] });
            let path = format!("/api/v1/orders/{}", id(&one));
            deed(bruno, format!("{path}/changes"), form, path)
        }
        "rfq.asking" | "rfq.asked" => {
            deed(bruno, "/api/v1/rfqs".to_owned(), request(at), String::new())
        }
        "edi.judging" | "edi.judged" => {
            let one = bruno.post("/api/v1/rfqs", request(at)).await.expect(201);
            let seen = format!("/api/v1/rfqs/{}/quotes", id(&one));
            let path = "/api/v1/edi/interchanges".to_owned();
            let form = offer(at);
            Deed {
                kind: "application/edi-x12",
                form,
                ..deed(bruno, path, json!(0), seen)
            }
        }
        "quote.answering" | "quote.answered" => {
            let one = bruno.post("/api/v1/rfqs", request(at)).await.expect(201);
            let kind = "application/edi-x12";
            let came = bruno.send("/api/v1/edi/interchanges", kind, offer(at)).await;
            assert_eq!(came.expect(202)["items"][0]["state"], "applied");
            let path = format!("/api/v1/rfqs/{}/quotes", id(&one));
            let all = bruno.get(&path).await.expect(200);
            let quote = &all["items"][0]["quote"];
            let form = json!({ "answer": "accept", "sha256": quote["sha256"], "revision": quote["revision"] });
            let path = format!("/api/v1/quotes/{}", id(quote));
            deed(bruno, format!("{path}/answer"), form, path)
        }
        _ => {
            let quote = approved(olga, at).await;
            let form = json!({ "move": "send", "revision": quote["revision"] });
            let path = format!("/api/v1/quotes/{}", id(&quote));
            deed(olga, format!("{path}/moves"), form, path)
        }
    }
}

async fn what_is_bought_of_a_seller_elsewhere_is_done_once(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let (_, mut bruno) = hub.company("Atelier").await;
    named(&olga, "ZZ:NORDWIND").await;
    named(&bruno, "ZZ:ATELIER").await;
    let mut deeds = Vec::new();
    for (at, place) in (1..).zip(PLACES) {
        deeds.push(deed(&olga, &bruno, at, place).await);
    }
    let backing = hub.stop().await;

    for (place, deed) in PLACES.iter().zip(&deeds) {
        let key = format!("Idempotency-Key: {place}\r\n");
        let dying = Process::dying(&binary(), &backing, place, "");
        let Deed { kind, path, form, token, .. } = deed;
        let answer = dying.post_once(path, token, kind, form, &key).await;
        assert_eq!(answer, None, "it died at {place} before it answered");
        dying.died(place).await;
        let alive = Process::start(&binary(), &backing);
        let again = alive.post_once(path, token, kind, form, &key).await;
        assert!(again.is_some(), "{place}: somebody who tries again is answered");
        alive.kill();
    }

    let hub = Hub::on(backing).await;
    // The clock of a process is ahead of ours; and what it had in hand is leased for a while.
    hub.wait(Duration::from_hours(240));
    olga.replace_router(hub.stranger().router());
    bruno.replace_router(hub.stranger().router());
    let many = async |who: &Person, kind: &str| {
        let path = format!("/api/v1/edi/interchanges?limit=100&kind={kind}");
        who.get(&path).await.expect(200)["items"].as_array().unwrap().len()
    };
    // Two were written, two had been, and two came of quotes; and so on: none twice, none missing.
    let orders = bruno.get("/api/v1/orders?limit=50").await.expect(200);
    let orders = orders["items"].as_array().unwrap().len();
    assert_eq!((orders, many(&bruno, "850").await), (6, 6));
    assert_eq!(many(&bruno, "860").await, 2);
    let rfqs = bruno.get("/api/v1/rfqs?limit=50").await.expect(200);
    let rfqs = rfqs["items"].as_array().unwrap().len();
    assert_eq!((rfqs, many(&bruno, "840").await), (6, 6));
    assert_eq!(many(&olga, "843").await, 2);
    for (place, deed) in PLACES.iter().zip(&deeds) {
        if deed.seen.is_empty() {
            continue;
        }
        let who = if place.starts_with("quote.sen") { &olga } else { &bruno };
        let mut seen = who.get(&deed.seen).await.expect(200);
        for _ in 0..100 {
            if !place.starts_with("edi.") || seen["items"] != json!([]) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            seen = who.get(&deed.seen).await.expect(200);
        }
        match *place {
            "edi.judging" | "edi.judged" => {
                let all = seen["items"].as_array().unwrap();
                assert_eq!(all.len(), 1, "{place} {seen}");
                assert_eq!(all[0]["quote"]["rev"], 1, "{place} {seen}");
            }
            "quote.answering" | "quote.answered" => {
                assert_eq!(seen["state"], "accepted", "{place} {seen}");
                assert!(seen["order"].is_string(), "{place} {seen}");
            }
            "quote.sending" | "quote.sent" => {
                assert_eq!(seen["state"], "sent", "{place}");
            }
            _ => {
                let papers = seen["documents"].as_array().unwrap();
                let changes = papers.iter().filter(|it| it["kind"] == "860").count();
                assert_eq!(changes, 1, "{place} {seen}");
            }
        }
    }
}
