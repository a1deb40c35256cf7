//! An import of accounts, and its undo.

use serde_json::{Value, json};
use suite::{Backing, Hub};

use super::{Process, killed};
use crate::command_line::binary;

killed! { an_import_is_made_and_undone_once }

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
