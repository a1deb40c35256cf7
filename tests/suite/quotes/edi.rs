//! Requests, quotes and orders of one trade by EDI.

use std::time::Duration;

use serde_json::{Value, json};
use suite::on_both_databases;

use super::{Stage, answer, path, step, write};
use crate::scene::{Scene, purchase_order};

/// An 840 that asks for three gates, in a deal that it names.
fn request(from: &str, to: &str, control: u32, deal: &str) -> String {
    let deal = deal.trim_start_matches("deal_").to_uppercase();
    format!(
        "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*261118*0930*U*00401*{control:09}*0*T*>~GS*RQ*{from}*{to}*20261118*0930*{control}*X*004010~ST*840*0001~BQT*00*RFQ-7*20261118~REF*CT*{deal}~N1*BY*Atelier*92*ATELIER~PO1*10*3*EA***BP*THEIRS*VP*GATE-48~CTT*1~SE*7*0001~GE*1*{control}~IEA*1*{control:09}~"
    )
}

on_both_databases! {
    async fn a_request_by_edi_is_quoted_in_the_room_and_by_843_revision_by_revision(hub: Hub) {
        let stage = Stage::new(&hub).await;
        stage.named().await;
        let (_, carl) = hub.company("Kestrel").await;
        let deal = stage.deal.rsplit('/').next().unwrap();
        let paper = request("ATELIER", "NORDWIND", 1, deal);
        let taken = stage.bruno.send("/api/v1/edi/interchanges", "application/edi-x12", paper).await.expect(202);
        assert_eq!((&taken["items"][0]["state"], &taken["items"][0]["kind"]), (&json!("applied"), &json!("840")), "{taken}");

        let rfq = stage.bruno.get("/api/v1/rfqs").await.expect(200)["items"][0].clone();
        assert_eq!((&rfq["number"], &rfq["deal"]["id"]), (&json!("RFQ-7"), &json!(deal)));
        let mut form = stage.form("18.50");
        form["rfq"] = rfq["id"].clone();
        let sent = stage.send(&stage.drafted(form).await).await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        let wish = json!({ "wishes": [{ "line": 1, "unit_price": "17.50" }] });
        let countered = answer(&stage.bruno, &seen, "counter", wish).await.expect(200);
        assert_eq!(countered["state"], "countered");
        let heard = stage.olga.get(&path(&sent)).await.expect(200);
        let second = step(&stage.olga, &heard, "revise").await.expect(200);
        let second = write(&stage.olga, &second, Scene::quote("17.95")).await.expect(200);
        // While the next revision is written, the buyer holds no paper of it.
        let papers = format!("{}/papers", path(&sent));
        let before = stage.bruno.get(&papers).await.expect(200);
        let kinds = |of: &Value| of["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds(&before), ["840", "997", "843"]);
        stage.send(&second).await;

        let after = stage.bruno.get(&papers).await.expect(200);
        assert_eq!(kinds(&after), ["840", "997", "843", "843"]);
        for (place, purpose, price) in [(2, "00", "18.0375"), (3, "05", "17.50125")] {
            let id = after["items"][place]["id"].as_str().unwrap();
            assert_eq!(after["items"][place]["direction"], "in");
            let raw = stage.bruno.get(&format!("/api/v1/edi/interchanges/{id}/raw")).await;
            let text = String::from_utf8(raw.bytes.clone()).unwrap();
            for told in [format!("BQR*{purpose}*RFQ-7*"), format!("PO1*10*3*EA*{price}*"), "BP*THEIRS*VP*GATE-48".to_owned()] {
                assert!(text.contains(&told), "{told} in {text}");
            }
            carl.get(&format!("/api/v1/edi/interchanges/{id}")).await.expect(404);
        }
        let room = stage.bruno.get(&format!("/api/v1/rooms/{}/events", stage.room)).await.expect(200).to_string();
        assert!(room.contains("\"kind\":\"843\""), "{room}");
        carl.get(&papers).await.expect(404);
        let none = carl.get("/api/v1/rfqs").await.expect(200);
        assert_eq!(none["items"], json!([]));
    }

    async fn an_order_by_edi_that_names_a_quote_is_compared_with_it_line_by_line(hub: Hub) {
        let stage = Stage::new(&hub).await;
        stage.named().await;
        let sent = stage.sent().await;
        let number = sent["number"].as_str().unwrap();
        let named = format!("CUR*BY*EUR~REF*PR*{number}~");
        let order = |control, price: &str| {
            purchase_order("ATELIER", "NORDWIND", control, &format!("PO-{control}"))
                .replace("CUR*BY*EUR~", &named)
                .replace("SE*7*", "SE*8*")
                .replace("*18.5*", price)
        };
        // One that disagrees, then one that agrees: it accepts. A third comes too late for that.
        for (control, price, after) in [(1, "*17.9*", "sent"), (2, "*18.0375*", "accepted"), (3, "*18.0375*", "accepted")] {
            let taken = stage.bruno.send("/api/v1/edi/interchanges", "application/edi-x12", order(control, price)).await;
            assert_eq!(taken.expect(202)["items"][0]["state"], "applied");
            for who in [&stage.olga, &stage.bruno] {
                let quote = who.get(&path(&sent)).await.expect(200);
                assert_eq!((&quote["state"], &quote["sha256"]), (&json!(after), &sent["sha256"]), "{control}");
            }
        }

        let orders = stage.olga.get("/api/v1/orders").await.expect(200);
        for order in orders["items"].as_array().unwrap() {
            assert_eq!((&order["quote"]["number"], &order["quote"]["id"]), (&json!(number), &sent["id"]));
            let whole = stage.bruno.get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap())).await.expect(200);
            let expected = if order["number"] == "PO-1" {
                json!([{ "what": "price", "line": "1", "offered": "18.0375", "ordered": "17.9" }])
            } else {
                json!([])
            };
            assert_eq!(whole["disagreements"], expected);
        }
        // The order that accepted stands in the quote's deal; so the deal may be committed.
        let accepting = orders["items"].as_array().unwrap().iter().find(|it| it["number"] == "PO-2").unwrap();
        assert_eq!(accepting["deal"]["id"], json!(stage.deal.rsplit('/').next().unwrap()));
        let seen = stage.olga.get(&path(&sent)).await.expect(200);
        assert_eq!((&seen["revisions"][0]["became"], &seen["may"]), (&json!("accepted"), &json!([])));
        let log = stage.olga.get("/api/v1/audit").await.expect(200).to_string();
        assert_eq!(log.matches("quote.accept").count(), 1, "{log}");
    }

    async fn an_order_by_edi_accepts_nothing_that_is_over_or_was_offered_to_another(hub: Hub) {
        let stage = Stage::new(&hub).await;
        stage.named().await;
        let (_, carl) = hub.company("Kestrel").await;
        let now = carl.get("/api/v1/organisation").await.expect(200);
        let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:KESTREL" }] });
        carl.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
        let mut form = stage.form("18.50");
        form["valid_until"] = json!(hub.house.clock.now().day());
        let sent = stage.send(&stage.drafted(form).await).await;
        let number = sent["number"].as_str().unwrap();
        let order = |from: &str, control| {
            purchase_order(from, "NORDWIND", control, &format!("PO-{control}"))
                .replace("CUR*BY*EUR~", &format!("CUR*BY*EUR~REF*PR*{number}~"))
                .replace("SE*7*", "SE*8*")
                .replace("*18.5*", "*18.0375*")
        };

        // Somebody else names it; the seller hands in what the buyer has not sent itself.
        for (who, from, control) in [(&carl, "KESTREL", 1), (&stage.olga, "ATELIER", 2)] {
            let taken = who.send("/api/v1/edi/interchanges", "application/edi-x12", order(from, control)).await;
            assert_eq!(taken.expect(202)["items"][0]["state"], "applied");
            assert_eq!(stage.olga.get(&path(&sent)).await.expect(200)["state"], "sent", "{from}");
        }
        hub.wait(Duration::from_hours(24 * 3));
        let late = stage.bruno.send("/api/v1/edi/interchanges", "application/edi-x12", order("ATELIER", 3)).await;
        assert_eq!(late.expect(202)["items"][0]["state"], "applied");
        assert_ne!(stage.olga.get(&path(&sent)).await.expect(200)["state"], "accepted");
    }
}
