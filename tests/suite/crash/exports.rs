//! A space that is made into a file: once, whenever the process dies.

use std::time::Duration;

use serde_json::{Value, json};
use suite::{Backing, Hub};

use super::{Process, killed};
use crate::command_line::binary;

killed! { a_space_is_made_into_a_file_once }

async fn a_space_is_made_into_a_file_once(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (nordwind, olga) = hub.company("Nordwind").await;
    let mut deals = Vec::new();
    for title in ["Before", "After"] {
        let form = json!({ "title": title, "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
        let deal = olga.post("/api/v1/deals", form).await.expect(201);
        deals.push(format!("/api/v1/deals/{}/exports", deal["id"].as_str().unwrap()));
    }
    let backing = hub.stop().await;

    for (place, path) in ["export.making", "export.made"].iter().zip(&deals) {
        let dying = Process::dying(&binary(), &backing, place, "");
        let json = "application/json";
        dying.post(path, &olga.token, json, "{}").await;
        dying.died(place).await;
        let alive = Process::start(&binary(), &backing);
        let again = alive.post(path, &olga.token, json, "{}").await;
        // One is made at a time: the first still waits for its lease to run out.
        let told = if *place == "export.making" { 409 } else { 202 };
        assert_eq!(again, Some(told), "{place}");
        alive.kill();
    }

    let hub = Hub::on(backing).await;
    let mut olga = olga;
    olga.replace_router(hub.stranger().router());
    for path in &deals {
        let mut rows = Value::Null;
        for round in 0..200 {
            rows = olga.get(path).await.expect(200)["items"].clone();
            if rows.as_array().unwrap().iter().all(|it| it["state"] != "waiting") {
                break;
            }
            if round == 20 {
                // The leases of the dead run out.
                hub.wait(Duration::from_hours(1));
                olga = hub.again(&olga, nordwind.id).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let ready: Vec<_> =
            rows.as_array().unwrap().iter().filter(|it| it["state"] == "ready").collect();
        assert_eq!(ready.len(), 1, "{rows}");
        let file = format!("{path}/{}/file", ready[0]["id"].as_str().unwrap());
        let fetched = olga.get(&file).await;
        assert_eq!(
            fetched.bytes.len(),
            usize::try_from(ready[0]["bytes"].as_i64().unwrap()).unwrap()
        );
        assert!(fetched.bytes.starts_with(b"PK"), "{}", fetched.status);
    }
    let audit = olga.get("/api/v1/audit").await.expect(200);
    let audit = audit["items"].as_array().unwrap().clone();
    let many = |action: &str| audit.iter().filter(|it| it["action"] == action).count();
    assert_eq!(many("export.make"), many("export.ask"), "each was made once");
}
