//! An import of accounts, and its undo; two books that are compared.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use suite::{Backing, Hub};

use super::{Process, killed};
use crate::command_line::binary;

killed! {
    an_import_is_made_and_undone_once
    two_books_are_compared_in_the_end
}

async fn an_import_is_made_and_undone_once(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (_, olga) = hub.company("Nordwind").await;
    let backing = hub.stop().await;
    let path = "/api/v1/accounts/imports";

    for place in ["import.applying", "import.applied"] {
        let csv = format!("Company\n{place} one\n{place} two\n");
        let form = json!({ "filename": format!("{place}.csv"), "csv": csv, "mapping": { "name": "Company" }, "dry_run": false }).to_string();
        let key = format!("Idempotency-Key: {place}\r\n");
        let dying = Process::dying(&binary(), &backing, place, "");
        let json = "application/json";
        let answer = dying.post_once(path, &olga.token, json, &form, &key).await;
        assert_eq!(answer, None, "it died at {place} before it answered");
        dying.died(place).await;
        let alive = Process::start(&binary(), &backing);
        let again = alive.post_once(path, &olga.token, json, &form, &key).await;
        assert!(again.is_some(), "{place}: somebody who tries again is answered");
        alive.kill();
    }
    let hub = Hub::on(backing).await;
    let mut olga = olga;
    olga.replace_router(hub.stranger().router());
    let imports = olga.get(path).await.expect(200)["items"].as_array().unwrap().clone();
    let accounts = olga.get("/api/v1/accounts?total=true").await.expect(200);
    assert_eq!(accounts["total"], 4, "{accounts}");
    assert_eq!(imports.len(), 2, "{imports:?}");
    let backing = hub.stop().await;

    for (place, import) in ["import.undoing", "import.undone"].iter().zip(&imports) {
        let undo = format!("{path}/{}/undo", import["id"].as_str().unwrap());
        let dying = Process::dying(&binary(), &backing, place, "");
        let json = "application/json";
        assert_eq!(dying.post(&undo, &olga.token, json, "{}").await, None);
        dying.died(place).await;
        let alive = Process::start(&binary(), &backing);
        let again = alive.post(&undo, &olga.token, json, "{}").await;
        let told = if *place == "import.undoing" { 200 } else { 409 };
        assert_eq!(again, Some(told), "{place}");
        alive.kill();
    }
    let hub = Hub::on(backing).await;
    olga.replace_router(hub.stranger().router());
    let accounts = olga.get("/api/v1/accounts?total=true").await.expect(200);
    assert_eq!((&accounts["total"], &accounts["items"]), (&json!(0), &json!([])));
    let undone = olga.get(path).await.expect(200);
    let undone = undone["items"].as_array().unwrap();
    assert!(undone.iter().all(|it: &Value| it["state"] == "undone"), "{undone:?}");
}

async fn two_books_are_compared_in_the_end(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (_, mut olga) = hub.company("Nordwind").await;
    let (_, bruno) = hub.company("Atelier").await;
    let partners = hub.partners(&olga, &bruno).await;
    let path = format!("/api/v1/mappings/{}", partners["id"].as_str().unwrap());
    let mut levels = Vec::new();
    for (who, others) in [(&olga, 20_u32), (&bruno, 8)] {
        let shared = (0..12).map(|it| format!("Both {it},both{it}.example\n"));
        let own = (0..others).map(|it| format!("Own {it},own{others}x{it}.example\n"));
        let csv: String = std::iter::once("name,domain\n".to_owned())
            .chain(shared)
            .chain(own)
            .collect();
        let form = json!({ "filename": "a.csv", "csv": csv, "mapping": { "name": "name", "domain": "domain" }, "dry_run": false });
        who.post("/api/v1/accounts/imports", form).await.expect(201);
        let form = json!({ "name": "All", "filter": {} });
        let made = who.post("/api/v1/populations", form).await.expect(201);
        let level = format!("{path}/levels/{}", made["id"].as_str().unwrap());
        levels.push((who.token.clone(), level));
    }
    let form = Some(json!({ "level": "counts" }));
    for (who, level) in [&olga, &bruno].iter().zip(&levels) {
        who.ask(Method::PUT, &level.1, form.clone(), &[]).await.expect(200);
    }
    let backing = hub.stop().await;

    for place in ["mapping.comparing", "mapping.compared"] {
        Process::dies_at(&binary(), &backing, place, &[]).await;
    }
    let hub = Hub::on(backing).await;
    // The clock of a process is ahead of ours; and what it had in hand is leased for a while.
    hub.wait(Duration::from_hours(240));
    olga.replace_router(hub.stranger().router());
    let mut seen = Value::Null;
    for _ in 0..100 {
        seen = olga.get(&path).await.expect(200);
        if seen["cells"][0]["common"]["is"] == "about" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(seen["cells"].as_array().unwrap().len(), 1, "{seen}");
    let told = json!({ "is": "about", "number": 12 });
    assert_eq!(seen["cells"][0]["common"], told, "{seen}");
}
