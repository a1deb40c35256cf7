//! Quotes, orders and what follows them as PDF.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use suite::{Answer, Person, on_both_databases};

use crate::quotes::{Stage, answer, path, step, write};

/// What another program reads in a sheet, without spaces; none without that program.
fn read(sheet: &Answer) -> Option<String> {
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.headers["content-type"], "application/pdf");
    let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else {
        assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_PYTHON is needed");
        return None;
    };
    let mut child = Command::new(python)
        .args([
            "-W",
            "ignore",
            concat!(env!("CARGO_MANIFEST_DIR"), "/peers/print/read.py"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A pipe holds less than some sheets: it is read while it is written.
    let (mut ask, bytes) = (child.stdin.take().unwrap(), sheet.bytes.clone());
    let writer = std::thread::spawn(move || ask.write_all(&bytes));
    let told = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let pages = told["pages"].as_array().unwrap().iter();
    let all: String = pages.map(|it| it.as_str().unwrap()).collect();
    Some(all.chars().filter(|it| !it.is_whitespace()).collect())
}

/// Minor units with two decimals, as English writes them.
fn amount(minor: &Value) -> String {
    let minor = minor.as_i64().unwrap();
    assert!(minor < 100_000, "else it has marks between its thousands");
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// An order of 3 pieces at 18.0375, taken on; its address and what it is.
async fn ordered(stage: &Stage) -> (String, Value) {
    let sent = stage.sent().await;
    let seen = stage.bruno.get(&path(&sent)).await.expect(200);
    let number = json!({ "order_number": "PO-78" });
    let accepted = answer(&stage.bruno, &seen, "accept", number).await.expect(200);
    let order = format!("/api/v1/orders/{}", accepted["order"].as_str().unwrap());
    let shown = stage.olga.get(&order).await.expect(200);
    let yes = json!({ "revision": shown["revision"], "lines": [{ "line": "1", "decision": "accept" }] });
    stage.olga.post(&format!("{order}/answer"), yes).await.expect(200);
    let shown = stage.olga.get(&order).await.expect(200);
    (order, shown)
}

/// A paper that both sides print the same, with the hash of the very document, and nobody else.
async fn printed(stage: &Stage, other: &Person, path: &str) -> Option<String> {
    let pdf = format!("{path}/pdf");
    let sheet = stage.olga.get(&pdf).await;
    assert!(sheet.bytes == stage.bruno.get(&pdf).await.bytes, "one paper, two sheets");
    assert_eq!(other.get(&pdf).await.status, 404);
    let kept = stage.bruno.get(&format!("{path}/document")).await;
    let told = read(&sheet)?;
    assert!(told.contains(&store::Sha256::of(&kept.bytes).to_string()), "{told}");
    Some(told)
}

on_both_databases! {
    async fn a_quote_is_printed_for_who_may_read_it_and_says_what_the_screen_says(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (_, carla) = hub.company("Celero").await;
        let draft = stage.drafted(stage.form("18.50")).await;
        let pdf = format!("{}/pdf", path(&draft));
        let drawn = stage.olga.get(&pdf).await;
        if let Some(told) = read(&drawn) {
            assert!(told.contains("Draft.") && !told.contains("SHA-256"), "{told}");
        }
        // What was not sent is its seller's alone, also as a sheet.
        for who in [&stage.bruno, &carla] {
            assert_eq!(who.get(&pdf).await.status, 404);
        }

        let sent = stage.send(&draft).await;
        for who in [&stage.olga, &stage.bruno] {
            let sheet = who.get(&pdf).await;
            let again = who.get(&format!("{pdf}?revision=1&lang=en")).await;
            assert!(sheet.bytes == again.bytes, "one sheet, two files");
            let disposition = sheet.headers["content-disposition"].to_str().unwrap();
            assert!(disposition.contains(sent["number"].as_str().unwrap()));
            let Some(told) = read(&sheet) else { continue };
            let revision = &sent["revisions"][0];
            assert!(told.contains(revision["sha256"].as_str().unwrap()), "{told}");
            assert!(told.contains(&format!("{}EUR", amount(&revision["total_minor"]))));
            for line in revision["lines"].as_array().unwrap() {
                assert!(told.contains(&amount(&line["amount_minor"])), "{line}: {told}");
                assert!(told.contains(line["net_price"].as_str().unwrap()), "{line}: {told}");
                assert!(told.contains("2.5%"), "{line}: {told}");
            }
        }
        assert_eq!(carla.get(&pdf).await.status, 404);
        assert_eq!(stage.bruno.get(&format!("{pdf}?revision=2")).await.status, 404);
        assert_eq!(stage.bruno.get(&format!("{pdf}?lang=de")).await.status, 400);

        // Who reads French gets French, and may still ask for Spanish.
        stage.bruno.ask(axum::http::Method::PATCH, "/api/v1/me", Some(json!({ "locale": "fr" })), &[]).await.expect(200);
        if let Some(told) = read(&stage.bruno.get(&pdf).await) {
            assert!(told.contains("Devis") && told.contains("54,11EUR"), "{told}");
        }
        if let Some(told) = read(&stage.bruno.get(&format!("{pdf}?lang=es")).await) {
            assert!(told.contains("Cotización"), "{told}");
        }
    }

    async fn a_buyer_never_gets_a_sheet_of_what_is_being_written(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sent = stage.sent().await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        answer(&stage.bruno, &seen, "counter", json!({ "wishes": [{ "line": 1, "unit_price": "17" }] })).await.expect(200);
        let now = stage.olga.get(&path(&sent)).await.expect(200);
        let revised = step(&stage.olga, &now, "revise").await.expect(200);
        write(&stage.olga, &revised, stage.form("17.77")).await.expect(200);
        let pdf = format!("{}/pdf", path(&sent));
        for asked in [pdf.clone(), format!("{pdf}?revision=1")] {
            if let Some(told) = read(&stage.bruno.get(&asked).await) {
                assert!(told.contains("54.11EUR") && !told.contains("17.77"), "{told}");
            }
        }
        assert_eq!(stage.bruno.get(&format!("{pdf}?revision=2")).await.status, 404);
        if let Some(told) = read(&stage.olga.get(&pdf).await) {
            assert!(told.contains("17.77") && told.contains("Draft."), "{told}");
        }
    }

    async fn an_order_is_printed_with_what_was_answered(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let sent = stage.sent().await;
        let seen = stage.bruno.get(&path(&sent)).await.expect(200);
        let accepted = answer(&stage.bruno, &seen, "accept", json!({ "order_number": "PO-77" })).await.expect(200);
        let order = format!("/api/v1/orders/{}", accepted["order"].as_str().unwrap());
        let pdf = format!("{order}/pdf");
        let shown = stage.bruno.get(&order).await.expect(200);
        let sheet = stage.bruno.get(&pdf).await;
        assert!(sheet.bytes == stage.olga.get(&pdf).await.bytes, "one order, two sheets");
        if let Some(told) = read(&sheet) {
            assert!(told.contains("PurchaseorderPO-77"), "{told}");
            assert!(told.contains(&format!("{}EUR", amount(&shown["total_minor"]))), "{told}");
            for line in shown["lines"].as_array().unwrap() {
                assert!(told.contains(&amount(&line["amount_minor"])), "{told}");
            }
        }
        let (_, carla) = hub.company("Celero").await;
        assert_eq!(carla.get(&pdf).await.status, 404);
    }

    async fn what_follows_an_order_is_printed_from_the_document_that_is_kept(hub: Hub) {
        let stage = Stage::new(&hub).await;
        let (order, shown) = ordered(&stage).await;
        let (_, carla) = hub.company("Celero").await;
        let goods = json!({ "revision": shown["revision"], "sent_on": "2026-11-24", "carrier": "DHL Freight",
            "tracking": "JD014600003", "note": "Two pallets",
            "packages": [{ "kind": "pallet", "sscc": "376104250021234569" }],
            "lines": [{ "line": "1", "quantity": "3", "package": 1 }] });
        let sent = stage.olga.post(&format!("{order}/shipments"), goods).await.expect(201);
        let path = format!("/api/v1/shipments/{}", sent["id"].as_str().unwrap());
        if let Some(told) = printed(&stage, &carla, &path).await {
            let number: &str = sent["number"].as_str().unwrap();
            for word in [number, "376104250021234569", "JD014600003", "DHLFreight", "Twopallets", "24November2026"] {
                assert!(told.contains(word), "{word}: {told}");
            }
        }
        if let Some(told) = read(&stage.bruno.get(&format!("{path}/pdf?lang=fr")).await) {
            assert!(told.contains("Avisd’expédition"), "{told}");
        }

        let now = stage.olga.get(&order).await.expect(200);
        let bill = json!({ "revision": now["revision"], "issued_on": "2026-11-25", "due_on": "2026-12-25", "terms": "30 days net",
            "charges": [{ "direction": "charge", "service": "freight", "amount": "4.90", "tax_percent": "7" }],
            "lines": [{ "line": "1", "quantity": "3", "tax_percent": "19" }] });
        let bill = stage.olga.post(&format!("{order}/invoices"), bill).await.expect(201);
        // 54.11 and 4.90 before tax; 10.28 and 0.34 of it.
        assert_eq!((&bill["net_minor"], &bill["tax_minor"], &bill["total_minor"]), (&json!(5901), &json!(1062), &json!(6963)));
        let path = format!("/api/v1/invoices/{}", bill["id"].as_str().unwrap());
        let Some(told) = printed(&stage, &carla, &path).await else { return };
        assert!(told.contains("Invoice2026-00001"), "{told}");
        for minor in ["net_minor", "tax_minor", "total_minor"] {
            assert!(told.contains(&format!("{}EUR", amount(&bill[minor]))), "{minor}: {told}");
        }
        for tax in bill["taxes"].as_array().unwrap() {
            let (part, base) = (amount(&tax["amount_minor"]), amount(&tax["base_minor"]));
            let told_so = format!("{part}EUR,{}%of{base}EUR", tax["percent"].as_str().unwrap());
            assert!(told.contains(&told_so), "{told_so}: {told}");
        }
        let spanish = read(&stage.bruno.get(&format!("{path}/pdf?lang=es")).await).unwrap();
        assert!(spanish.contains("Factura2026-00001") && spanish.contains("69,63EUR"), "{spanish}");

        let wrong = json!({ "revision": bill["revision"], "reason": "Wrong tax", "issued_on": "2026-11-26" });
        let back = stage.olga.post(&format!("{path}/cancel"), wrong).await.expect(201);
        let path = format!("/api/v1/invoices/{}", back["id"].as_str().unwrap());
        let told = printed(&stage, &carla, &path).await.unwrap();
        for word in ["Cancellationofaninvoice2026-00002", "2026-00001", "69.63EUR"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }
}
