//! What follows an order: goods under way, invoices, and its end.

use gate::Caller;
use serde_json::{Value, json};

use super::{
    edifact,
    requests::read_by_a_peer,
    stage::{Order, Stage},
};

/// An order of two lines, 3 of A-1 at 4.15 and 10 of A-2 at 0.125, accepted; its path.
pub(super) async fn accepted(stage: &Stage, paper: String) -> String {
    let items = stage.send(stage.buyer, paper).await;
    let order = items[0]["order"]["id"].as_str().unwrap_or_else(|| panic!("{items:#?}"));
    let path = format!("/orders/{order}");
    let one = stage.get(stage.vendor, &path).await.expect(200);
    let lines = json!([
        { "line": "1", "decision": "accept" }, { "line": "2", "decision": "accept" },
    ]);
    let answer = json!({ "revision": one["revision"], "lines": lines });
    stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    path
}

/// Writes a paper for the order as it stands now.
pub(super) async fn write(
    stage: &Stage,
    order: &str,
    what: &str,
    mut form: Value,
) -> super::stage::Answer {
    let now = stage.get(stage.vendor, order).await.expect(200);
    form["revision"] = now["revision"].clone();
    stage.post(stage.vendor, &format!("{order}/{what}"), form).await
}

pub(super) fn shipment(lines: &Value) -> Value {
    json!({
        "sent_on": "2026-11-24", "expected_on": "2026-11-26", "carrier": "DHL Freight",
        "tracking": "JD014600003", "note": "Two pallets", "lines": lines,
        "packages": [{ "kind": "pallet", "sscc": "(00)376104250021234569" }],
    })
}

pub(super) fn invoice(lines: &Value) -> Value {
    json!({
        "issued_on": "2026-11-25", "due_on": "2026-12-25", "terms": "30 days net",
        "lines": lines,
        "charges": [{ "direction": "charge", "service": "freight", "amount": "4.90", "tax_percent": "19" }],
    })
}

pub(super) async fn state(stage: &Stage, who: Caller, order: &str) -> String {
    let one = stage.get(who, order).await.expect(200);
    one["state"].as_str().unwrap().to_owned()
}

/// The last paper of a kind that the buyer holds of an order.
pub(super) async fn last(stage: &Stage, order: &str, kind: &str) -> Vec<u8> {
    let one = stage.get(stage.buyer, order).await.expect(200);
    let papers = one["documents"].as_array().unwrap();
    let found = papers.iter().rfind(|it| it["kind"] == kind);
    let found = found.unwrap_or_else(|| panic!("no {kind} in {papers:#?}"));
    assert_eq!((&found["direction"], &found["state"]), (&json!("in"), &json!("built")));
    let path = format!("/edi/interchanges/{}/raw", found["id"].as_str().unwrap());
    stage.get(stage.buyer, &path).await.bytes.to_vec()
}

/// What went out, read again; nothing in it is wrong.
pub(super) fn read(bytes: &[u8]) -> trade::Document {
    let text = String::from_utf8_lossy(bytes);
    if bytes.starts_with(b"ISA") {
        let all = x12::read(bytes).unwrap();
        let wrong: Vec<_> = x12::check(&all[0]).all().cloned().collect();
        assert!(wrong.is_empty(), "{wrong:#?} in {text}");
        return trade::from_x12(&all[0].groups[0].sets[0]).unwrap().outcome;
    }
    let all = ::edifact::read(bytes).unwrap();
    let wrong: Vec<_> = ::edifact::check(&all[0]).all().cloned().collect();
    assert!(wrong.is_empty(), "{wrong:#?} in {text}");
    trade::from_edifact(&all[0].groups[0].sets[0]).unwrap().outcome
}

/// A reader that shares no code with ours finds each value; of an SSCC in X12, with its identifier.
fn peers_read(bytes: &[u8], values: &[&str]) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let Some(told) = read_by_a_peer(&text) else { return };
    let found: Vec<_> = told.split(['|', ':', '\n']).collect();
    for value in values {
        let marked = format!("00{value}");
        let there = found.contains(value) || found.contains(&marked.as_str());
        assert!(there, "no {value} in {told}");
    }
}

/// The story in one dialect, under the names that its papers have there.
async fn story(stage: &Stage, order: &str, names: [&str; 2]) {
    let vendor = stage.vendor;
    let part = json!([
        { "line": "1", "quantity": "2", "package": 1 }, { "line": "2", "quantity": "4", "package": 1 },
    ]);
    let first = write(stage, order, "shipments", shipment(&part)).await.expect(201);
    assert_eq!(first["contents"][0]["sscc"], "376104250021234569");
    assert_eq!(state(stage, stage.buyer, order).await, "part_shipped");
    let sent = last(stage, order, names[0]).await;
    let told = read(&sent);
    assert_eq!(told.kind, trade::Kind::DispatchAdvice);
    assert_eq!(told.number, first["number"].as_str().unwrap());
    assert_eq!(told.about.as_ref().unwrap().number, "4711");
    let quantities: Vec<_> =
        told.lines.iter().map(|it| it.quantity.unwrap().to_string()).collect();
    assert_eq!(quantities, ["2", "4"]);
    assert_eq!(told.packages[0].marks[0].value, "376104250021234569");
    let number = |it: &&trade::Reference| it.kind == "carrier_reference";
    assert_eq!(told.references.iter().find(number).unwrap().number, "JD014600003");
    assert_eq!(told.transport[0].name.as_deref(), Some("DHL Freight"));
    assert_eq!(sellers(&told), 1, "also where the order names its buyer alone");
    peers_read(&sent, &["4711", "376104250021234569", "JD014600003", "A-1"]);

    let much = write(
        stage,
        order,
        "shipments",
        shipment(&json!([{ "line": "1", "quantity": "2", "package": 1 }])),
    )
    .await;
    let much = much.expect(422);
    assert!(much.to_string().contains("line 1: 1 are open"), "{much}");
    let rest = json!([{ "line": "1", "quantity": "1", "package": 1 }, { "line": "2", "quantity": "6", "package": 1 }]);
    let second = write(stage, order, "shipments", shipment(&rest)).await.expect(201);
    assert_ne!(first["number"], second["number"]);
    assert_eq!(state(stage, vendor, order).await, "shipped");

    // 12.45 + 1.25 + 4.90 freight = 18.60; 19 % of 17.35 is 3.2965, 7 % of 1.25 is 0.0875.
    let lines = json!([
        { "line": "1", "quantity": "3", "tax_percent": "19" },
        { "line": "2", "quantity": "10", "tax_percent": "7" },
    ]);
    let one = write(stage, order, "invoices", invoice(&lines)).await.expect(201);
    assert_eq!(one["number"], "2026-00001");
    assert_eq!((&one["net_minor"], &one["tax_minor"]), (&json!(1860), &json!(339)));
    assert_eq!((&one["total_minor"], &one["state"]), (&json!(2199), &json!("sent")));
    assert_eq!(state(stage, vendor, order).await, "invoiced");
    let sent = last(stage, order, names[1]).await;
    let told = read(&sent);
    assert_eq!((told.kind, told.number.as_str()), (trade::Kind::Invoice, "2026-00001"));
    assert_eq!(told.amount("total").unwrap().to_string(), "21.99");
    assert_eq!(told.sum().total.to_string(), "21.99");
    assert_eq!(sellers(&told), 1);
    peers_read(&sent, &["4711", "2026-00001", "A-2"]);
}

/// How many a paper names who sell.
fn sellers(told: &trade::Document) -> usize {
    let sells =
        |it: &&trade::Party| ["seller", "supplier", "vendor"].contains(&it.role.as_str());
    told.parties.iter().filter(sells).count()
}

/// Approving the last invoice closes the order; both sides hold each paper, a third none.
async fn ends(stage: &Stage, order: &str) {
    let list =
        stage.get(stage.buyer, "/invoices?side=buyer&state=sent").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let id = list["items"][0]["id"].as_str().unwrap();
    let path = format!("/invoices/{id}");
    let approve = json!({ "answer": "approve", "revision": 1 });
    stage
        .post(stage.vendor, &format!("{path}/answer"), approve.clone())
        .await
        .expect(403);
    stage.post(stage.rival, &format!("{path}/answer"), approve.clone()).await.expect(404);
    let dispute = json!({ "answer": "dispute", "revision": 1 });
    stage.post(stage.buyer, &format!("{path}/answer"), dispute).await.expect(422);
    let dispute =
        json!({ "answer": "dispute", "revision": 1, "reason": "One was broken" });
    stage.post(stage.buyer, &format!("{path}/answer"), dispute).await.expect(200);
    let theirs = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(theirs["reason"], "One was broken");
    assert_eq!(state(stage, stage.vendor, order).await, "invoiced");
    stage.post(stage.buyer, &format!("{path}/answer"), approve).await.expect(409);
    let approve = json!({ "answer": "approve", "revision": 2 });
    let done =
        stage.post(stage.buyer, &format!("{path}/answer"), approve).await.expect(200);
    assert_eq!(done["state"], "approved");
    assert_eq!(
        done["may"],
        json!({ "approve": false, "dispute": false, "cancel": false, "credit": false })
    );
    assert_eq!(state(stage, stage.vendor, order).await, "closed");
    let one = stage.get(stage.buyer, order).await.expect(200);
    let shipments = one["fulfilment"]["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 2);
    assert_eq!(one["fulfilment"]["lines"][1]["shipped"], "10");
    assert_eq!(one["fulfilment"]["lines"][1]["open"], "0");
    let sent = format!("/shipments/{}", shipments[0]["id"].as_str().unwrap());
    for path in [&sent, &path] {
        let view = stage.get(stage.buyer, path).await.expect(200);
        let bytes = stage.get(stage.buyer, &format!("{path}/document")).await.bytes;
        assert_eq!(
            store::Sha256::of(&bytes).to_string(),
            view["sha256"].as_str().unwrap()
        );
        assert!(trade::from_json(&bytes).is_ok());
        stage.get(stage.rival, path).await.expect(404);
        stage.get(stage.rival, &format!("{path}/document")).await.expect(404);
    }
    let none = json!({ "items": [], "next": null });
    assert_eq!(stage.get(stage.rival, "/invoices").await.expect(200), none);
    let sold = stage.get(stage.vendor, "/invoices?side=buyer").await.expect(200);
    assert_eq!(sold, none, "the vendor buys nothing");
    assert_eq!(
        stage.count("select count(*) from document_holding where media_type = 'application/json'").await,
        6,
    );
    let late = write(
        stage,
        order,
        "shipments",
        shipment(&json!([{ "line": "1", "quantity": "1" }])),
    )
    .await;
    late.expect(409);
}

pub(super) async fn an_850_is_shipped_in_two_parts_invoiced_approved_and_closed(
    stage: Stage,
) {
    let order = accepted(&stage, Order::default().alone(1)).await;

    story(&stage, &order, ["856", "810"]).await;

    ends(&stage, &order).await;
}

pub(super) async fn an_orders_is_shipped_in_two_parts_invoiced_approved_and_closed(
    stage: Stage,
) {
    let order = accepted(&stage, edifact::order_of("1", "4711")).await;

    story(&stage, &order, ["DESADV", "INVOIC"]).await;

    ends(&stage, &order).await;
}

pub(super) async fn only_its_seller_goes_on_with_an_order_at_its_revision(stage: Stage) {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    let path = format!("/orders/{}", items[0]["order"]["id"].as_str().unwrap());
    let early = write(
        &stage,
        &path,
        "shipments",
        shipment(&json!([{ "line": "1", "quantity": "1" }])),
    )
    .await;
    let early = early.expect(409);
    assert!(early["detail"].as_str().unwrap().contains("answer it first"), "{early}");
    let order =
        accepted(&stage, Order { number: "4712", ..Order::default() }.alone(2)).await;
    let plain = json!({ "revision": 2, "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] });
    let bill = json!({ "revision": 2, "issued_on": "2026-11-24", "basis": "ordered", "lines": [{ "line": "1", "quantity": "1" }] });
    let close = json!({ "revision": 2, "reason": "Nothing more comes" });

    for (what, form) in [("shipments", &plain), ("invoices", &bill), ("close", &close)] {
        let path = format!("{order}/{what}");
        stage.post(stage.rival, &path, form.clone()).await.expect(404);
        stage.post(stage.buyer, &path, form.clone()).await.expect(403);
        let mut old = form.clone();
        old["revision"] = json!(1);
        stage.post(stage.vendor, &path, old).await.expect(409);
    }

    assert_eq!(stage.count("select count(*) from shipment").await, 0);
    assert_eq!(stage.count("select count(*) from invoice_number").await, 0);
    let closed =
        stage.post(stage.vendor, &format!("{order}/close"), close).await.expect(200);
    assert_eq!(closed["closed_reason"], "Nothing more comes");
    assert_eq!(closed["may"], json!({ "ship": false, "invoice": false, "close": false }));
    let late = write(&stage, &order, "invoices", bill).await.expect(409);
    assert_eq!(late["state"], "closed");
}

pub(super) async fn what_follows_an_order_is_told_in_its_deal(stage: Stage) {
    let deal = stage.deal("Hall 4", "Somebody").await;
    let named = Order { reference: Some("hall 4"), ..Order::default() };
    let order = accepted(&stage, named.alone(1)).await;
    let lines = json!([{ "line": "1", "quantity": "3", "package": 1 }]);

    let sent = write(&stage, &order, "shipments", shipment(&lines)).await.expect(201);
    let lines = json!([{ "line": "1", "quantity": "3" }]);
    let bill = write(&stage, &order, "invoices", invoice(&lines)).await.expect(201);

    let room = stage.room(deal).await;
    let cards: Vec<_> = room.iter().filter(|(kind, _)| kind == "order").collect();
    assert!(
        cards
            .iter()
            .any(|(_, it)| it["shipment"]["id"] == sent["id"]
                && it["state"] == "part_shipped"),
        "{room:#?}"
    );
    assert!(
        cards.iter().any(|(_, it)| it["invoice"]["id"] == bill["id"]
            && it["amount_minor"] == bill["total_minor"]),
        "{room:#?}"
    );
    let kinds: Vec<_> = room
        .iter()
        .filter(|(kind, _)| kind == "edi")
        .map(|(_, it)| it["kind"].clone())
        .collect();
    assert!(kinds.contains(&json!("856")) && kinds.contains(&json!("810")), "{kinds:?}");
}
