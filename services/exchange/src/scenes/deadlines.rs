//! What is awaited and does not come: acknowledgements, and the renewal of certificates.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{answered, receipt, stage::Stage, stations};
use crate::stations::warn;

const HOUR_US: i64 = 60 * 60 * 1_000_000;

impl stations::Dorn {
    /// What it got so far, in order.
    fn heard(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }

    fn url(&self) -> &str {
        &self.url
    }
}

/// Dorn's station is somewhere else now, says Vega.
pub(super) async fn move_to(stage: &Stage, dorn: &stations::Dorn, url: &str) {
    let partner = json!({
        "name": "DORN AS2", "identifier": "ZZ:DORN", "url": url,
        "certificates": dorn.identity.certificate().pem(),
    });
    stage.post(stage.vendor, "/as2/partners", partner).await.expect(200);
}

fn wait(stage: &Stage, hours: i64) {
    stage.clock_us.fetch_add(hours * HOUR_US, Ordering::SeqCst);
}

/// The kinds of notices of the vendor's, and what their sentences are made of, oldest first.
pub(super) async fn notices(stage: &Stage, kind: &'static str) -> Vec<Value> {
    let sql = "select params from notification where kind = $1 order by at, id";
    let read =
        store::Statement { name: "notices", sqlite: sql, postgres: sql, unscoped: None };
    let mut conn = stage.house.db.read().await.unwrap();
    let rows: Vec<(String,)> = conn.run(read).bind(kind.to_owned()).all().await.unwrap();
    rows.iter().map(|(params,)| serde_json::from_str(params).unwrap()).collect()
}

pub(super) async fn an_acknowledgement_that_does_not_come_is_told_listed_and_chased(
    stage: Stage,
) {
    let dorn = stations::trading_on(&stage, json!({ "acknowledge_hours": 5 })).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let delivering = tokio::spawn(async move { crate::delivering(house, work).await });
    let house = stage.house.clone();
    let awaiting = tokio::spawn(async move { crate::awaiting(house).await });
    let paper = answered(&stage).await;
    let path = format!("/edi/interchanges/{}", paper["id"].as_str().unwrap());
    let seen = || async { stage.get(stage.vendor, &path).await.expect(200) };
    stations::eventually(|| async { seen().await["state"] == "sent" }).await;
    assert!(seen().await["acknowledge_by"].is_string());
    let buyers = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(buyers["acknowledge_by"], Value::Null, "a matter of the sender's");

    wait(&stage, 4);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(seen().await["overdue"], false);
    wait(&stage, 1);
    stations::eventually(|| async { seen().await["overdue"] == true }).await;

    let told = notices(&stage, "edi_overdue").await;
    assert_eq!(
        told,
        [json!({ "partner": "ZZ:DORN", "kind": "855", "number": "000000002" })]
    );
    let list =
        stage.get(stage.vendor, "/edi/interchanges?overdue=true").await.expect(200);
    let ids: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [&paper["id"]]);
    let others = stage.get(stage.buyer, "/edi/interchanges?overdue=true").await;
    assert_eq!(others.expect(200)["items"], json!([]));

    let before = dorn.heard();
    let chase = format!("{path}/chase");
    stage.post(stage.rival, &chase, json!({})).await.expect(404);
    stage.post(stage.buyer, &chase, json!({})).await.expect(409);
    let chased = stage.post(stage.vendor, &chase, json!({})).await.expect(200);
    assert_eq!(chased["overdue"], false);
    stations::eventually(|| async { dorn.heard().len() > before.len() }).await;
    assert_eq!(dorn.heard().last(), before.last(), "the very same interchange");
    // It is awaited anew, from now.
    wait(&stage, 5);
    stations::eventually(|| async { seen().await["overdue"] == true }).await;

    stage.send(stage.buyer, receipt(2, "0002", "A")).await;
    let settled = seen().await;
    assert_eq!(
        (&settled["overdue"], &settled["acknowledge_by"]),
        (&json!(false), &Value::Null)
    );
    stage.post(stage.vendor, &chase, json!({})).await.expect(409);
    assert_eq!(notices(&stage, "edi_overdue").await.len(), 2);
    delivering.abort();
    awaiting.abort();
}

/// A CONTRL of Dorn's to Vega, about an interchange of Vega's: `7` takes it, `8` says that it came,
/// `4` rejects it.
fn contrl(control: u32, about: &str, action: u32) -> String {
    format!(
        "UNB+UNOC:3+DORN:ZZZ+VEGA:ZZZ+261122:0930+{control}'\n\
         UNH+1+CONTRL:D:3:UN'\nUCI+{about}+VEGA:ZZZ+DORN:ZZZ+{action}'\nUNT+3+1'\n\
         UNZ+1+{control}'\n"
    )
}

pub(super) async fn a_contrl_is_asked_for_where_agreed_and_awaited_as_a_997_is(
    stage: Stage,
) {
    let terms = json!({ "acknowledge_hours": 5, "ask_contrl": true });
    let dorn = stations::trading_on(&stage, terms).await;
    move_identifier(&stage, &dorn).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let delivering = tokio::spawn(async move { crate::delivering(house, work).await });
    let house = stage.house.clone();
    let awaiting = tokio::spawn(async move { crate::awaiting(house).await });
    stage.send(stage.buyer, super::edifact::order("77")).await;
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let path = format!("/orders/{}", orders["items"][0]["id"].as_str().unwrap());
    let answer = json!({ "revision": 1, "lines": [
        { "line": "1", "decision": "accept" }, { "line": "2", "decision": "accept" },
    ]});
    let answered = stage.post(stage.vendor, &format!("{path}/answer"), answer).await;
    let answered = answered.expect(200);
    let papers = answered["documents"].as_array().unwrap();
    let paper = papers.iter().find(|it| it["kind"] == "ORDRSP").unwrap();
    let control = paper["control_number"].as_str().unwrap().to_owned();
    let path = format!("/edi/interchanges/{}", paper["id"].as_str().unwrap());
    let seen = || async { stage.get(stage.vendor, &path).await.expect(200) };

    stations::eventually(|| async { seen().await["state"] == "sent" }).await;
    let raw = stage.get(stage.vendor, &format!("{path}/raw")).await.text();
    let unb = raw.lines().find(|line| line.starts_with("UNB")).unwrap();
    assert!(unb.ends_with(&format!("+{control}++++1'")), "{unb}");
    assert!(seen().await["acknowledge_by"].is_string(), "{}", seen().await);
    // That it came says nothing of what is in it.
    stage.send(stage.buyer, contrl(1, &control, 8)).await;
    assert!(seen().await["acknowledge_by"].is_string());
    wait(&stage, 5);
    stations::eventually(|| async { seen().await["overdue"] == true }).await;
    assert_eq!(notices(&stage, "edi_overdue").await[0]["kind"], "ORDRSP");
    stage.send(stage.buyer, contrl(2, &control, 7)).await;
    let settled = seen().await;
    assert_eq!(
        (&settled["overdue"], &settled["acknowledge_by"], &settled["state"]),
        (&json!(false), &Value::Null, &json!("sent"))
    );
    delivering.abort();
    awaiting.abort();
}

/// Dorn's name in EDIFACT; its qualifier is another than in X12.
async fn move_identifier(stage: &Stage, dorn: &stations::Dorn) {
    let partners = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    let mut terms = partners["items"][0]["terms"].clone();
    terms["ask_contrl"] = json!(true);
    let partner = json!({
        "name": "DORN AS2", "identifier": "ZZZ:DORN", "url": dorn.url(), "terms": terms,
        "certificates": dorn.identity.certificate().pem(),
    });
    stage.post(stage.vendor, "/as2/partners", partner).await.expect(200);
}

pub(super) async fn a_certificate_that_ends_is_told_of_once_a_step(stage: Stage) {
    // Dorn's certificate lives for a year from now on, Vega's for three.
    stations::trading_on(&stage, json!({})).await;
    let days = |told: Vec<Value>| -> Vec<String> {
        told.iter().map(|it| it["days"].as_str().unwrap().to_owned()).collect()
    };
    warn(&stage.house).await.unwrap();
    assert!(notices(&stage, "certificate_of_partner_ends").await.is_empty());

    wait(&stage, 24 * 336);
    for _twice in 0..2 {
        warn(&stage.house).await.unwrap();
    }
    let told = notices(&stage, "certificate_of_partner_ends").await;
    assert_eq!((told[0]["partner"].as_str(), told.len()), (Some("DORN AS2"), 1));
    assert_eq!(days(told), ["30"]);
    // The unread one gives way to the next.
    wait(&stage, 24 * 30);
    warn(&stage.house).await.unwrap();
    assert_eq!(days(notices(&stage, "certificate_of_partner_ends").await), ["0"]);
    assert!(notices(&stage, "certificate_ends").await.is_empty());

    wait(&stage, 24 * 720);
    warn(&stage.house).await.unwrap();
    assert_eq!(days(notices(&stage, "certificate_ends").await), ["30"]);
}

pub(super) async fn addresses_within_the_network_are_not_called(stage: Stage) {
    let stage = stage.without_private_networks();
    let dorn = stations::trading_on(&stage, json!({})).await;
    let partners = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    let test =
        format!("/as2/partners/{}/test", partners["items"][0]["id"].as_str().unwrap());

    let tried = stage.post(stage.vendor, &test, json!({})).await.expect(200);

    let words = tried["steps"][1].to_string();
    assert!(words.contains("as2_private_networks"), "{tried}");
    assert!(dorn.heard().is_empty());
    // By its name, too.
    let named = dorn.url().replace("127.0.0.1", "localhost");
    move_to(&stage, &dorn, &named).await;
    let tried = stage.post(stage.vendor, &test, json!({})).await.expect(200);
    let words = tried["steps"][1].to_string();
    assert!(words.contains("as2_private_networks"), "{tried}");
    assert!(dorn.heard().is_empty());
}

pub(super) async fn a_message_that_fails_is_told_of(stage: Stage) {
    let dorn = stations::trading_on(&stage, json!({})).await;
    // Dorn's station answers 404 there: no try will help.
    move_to(&stage, &dorn, &format!("{}/elsewhere", dorn.url())).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let delivering = tokio::spawn(async move { crate::delivering(house, work).await });

    answered(&stage).await;

    stations::eventually(|| async { notices(&stage, "as2_failed").await.len() == 2 })
        .await;
    delivering.abort();
    assert_eq!(notices(&stage, "as2_failed").await[0]["partner"], "DORN AS2");
}
