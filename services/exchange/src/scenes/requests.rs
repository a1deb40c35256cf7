//! Requests for quote by EDI, and the quotes that answer them.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::{Stage, stage::interchange, states};

/// A sample of the library of business documents, sent from Dorn to Vega.
pub(super) fn sample(name: &str) -> String {
    let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = place.join("../../protocol/trade/tests/samples").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let padded = |name: &str| format!("{name:<15}");
    let text = text
        .replace(&padded("BUYERCO"), &padded("DORN"))
        .replace(&padded("SELLERCO"), &padded("VEGA"))
        .replace("BUYERCO", "DORN")
        .replace("SELLERCO", "VEGA");
    text.replace("5412345000013:14+4012345500004:14", "DORN:ZZZ+VEGA:ZZZ")
}

/// What pyx12 or pydifact reads: its segments, one a line. None at a desk that has neither.
pub(super) fn read_by_a_peer(paper: &str) -> Option<String> {
    let python = std::env::var_os("ENTENTE_TEST_PYTHON");
    assert!(python.is_some() || std::env::var_os("CI").is_none(), "CI needs the peers");
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = script.join("../../tests/peers/edi/read.py");
    let command = &mut Command::new(python?);
    let command = command.arg(script).stdin(Stdio::piped());
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(paper.as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{complaint}\n{paper}");
    Some(String::from_utf8(told.stdout).unwrap())
}

/// Prices a draft, has it approved and sends it.
pub(super) async fn send(stage: &Stage, quote: &Value) -> Value {
    let path = format!("/quotes/{}", quote["id"].as_str().unwrap());
    let step =
        |step: &str, of: &Value| json!({ "move": step, "revision": of["revision"] });
    let moves = format!("{path}/moves");
    let priced = stage.post(stage.vendor, &moves, step("price", quote)).await.expect(200);
    let form = json!({ "revision": priced["revision"] });
    let approved = stage.post(stage.vendor, &format!("{path}/approve"), form).await;
    let form = step("send", &approved.expect(200));
    stage.post(stage.vendor, &moves, form).await.expect(200)
}

/// Begins a quote for Dorn, who is not asked in the deal, that answers a request.
async fn draft(stage: &Stage, deal: &str, rfq: &Value) -> Value {
    let form = json!({
        "buyer_name": "Dorn", "rfq": rfq["id"], "number": "Q-88", "currency": "EUR",
        "valid_until": "2027-01-31", "terms": "Ex works",
        "lines": [
            { "product": "W-100", "description": "Widget, blue, 40 mm", "quantity": "250",
              "unit": "EA", "unit_price": "12.40" },
            { "product": "BRACKET-9", "quantity": "40", "unit": "CS", "unit_price": "88",
              "discount": "2.5", "deliver_on": "2026-12-24" },
        ],
    });
    stage.post(stage.vendor, &format!("/deals/{deal}/quotes"), form).await.expect(201)
}

async fn raw(stage: &Stage, paper: &Value) -> String {
    let id = paper["id"].as_str().unwrap();
    stage.get(stage.vendor, &format!("/edi/interchanges/{id}/raw")).await.text()
}

fn kinds(papers: &Value) -> Vec<&str> {
    let all = papers["items"].as_array().unwrap();
    all.iter().map(|it| it["kind"].as_str().unwrap()).collect()
}

pub(super) async fn an_840_becomes_a_request_and_its_quote_goes_out_as_843(stage: Stage) {
    // The seller had it by mail and hands it in: its buyer is not known to be on the hub.
    let items = stage.send(stage.vendor, sample("840_rfq_two_lines.edi")).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(items[0]["kind"], "840");
    assert_eq!(items[0]["acknowledged_by"][0]["kind"], "997");
    let left = items[0]["not_carried"].to_string();
    assert!(left.contains("line 1: its deliveries"), "{left}");
    let all = stage.get(stage.vendor, "/rfqs").await.expect(200);
    let rfq = all["items"][0].clone();
    assert_eq!(rfq["number"], "RFQ-2026-0101");
    assert_eq!(rfq["buyer"], json!({ "id": null, "name": "Buyer Co" }));
    assert_eq!((&rfq["deal"], &rfq["state"]), (&Value::Null, &json!("sent")));
    let lines: Vec<_> = rfq["lines"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&lines[0]["product"], &lines[0]["quantity"]),
        (&json!("W-100"), &json!("250"))
    );
    assert_eq!(lines[0]["deliver_on"], "2026-04-15");
    assert_eq!(
        (&lines[1]["product"], &lines[1]["unit"]),
        (&json!("BRACKET-9"), &json!("CS"))
    );
    let deal = stage.deal("Widgets", "Dorn").await;
    let place = format!("/rfqs/{}/deal", rfq["id"].as_str().unwrap());
    stage.post(stage.vendor, &place, json!({ "deal": deal })).await.expect(200);
    let quote = draft(&stage, &deal.to_string(), &rfq).await;
    let papers = format!("/quotes/{}/papers", quote["id"].as_str().unwrap());
    let before = stage.get(stage.vendor, &papers).await.expect(200);
    assert_eq!(kinds(&before), ["840", "997"]);
    let sent = send(&stage, &quote).await;
    assert_eq!(sent["state"], "sent");

    let after = stage.get(stage.vendor, &papers).await.expect(200);
    assert_eq!(kinds(&after), ["840", "997", "843"]);
    let paper = &after["items"][2];
    let written = raw(&stage, paper).await;
    // The discount of a line stands beside its net price: 88 less 2.5 % is 85.8.
    for told in [
        "BQR*00*RFQ-2026-0101*",
        "REF*PR*Q-88",
        "N1*BY*Dorn*92*B-001",
        "N1*SE*Vega*92*S-009",
        "PO1*1*250*EA*12.4*",
        "*BP*WIDGET-BLUE*VP*W-100",
        "PO1*2*40*CA*85.8*",
        "CUR*SE*EUR",
    ] {
        assert!(written.contains(told), "{told} in {written}");
    }
    let read = x12::read(written.as_bytes()).unwrap();
    let verdict = x12::check(&read[0]);
    assert_eq!(verdict.all().count(), 0, "{verdict:#?}");
    if let Some(read) = read_by_a_peer(&written) {
        assert!(read.contains("\nPO1|2|40|CA|85.8"), "{read}");
    }
    let room = stage.room(deal).await;
    let told = room.last().unwrap();
    assert_eq!(
        (told.0.as_str(), &told.1["kind"], &told.1["interchange"]),
        ("edi", &json!("843"), &paper["id"])
    );
    assert_eq!(told.1["left"], json!(paper["not_carried"].as_array().unwrap().len()));
    assert!(room.iter().any(|(kind, it)| kind == "quote" && it["rfq"] == rfq["id"]));
    let all = stage.get(stage.vendor, "/rfqs").await.expect(200);
    assert_eq!(all["items"][0]["state"], "quoted");
    // An order under the same EDI name, as it was offered, accepts; under another it does not.
    let now = async || {
        let path = format!("/quotes/{}", quote["id"].as_str().unwrap());
        stage.get(stage.vendor, &path).await.expect(200)["state"].clone()
    };
    for (from, control, after) in [("RIVAL", 401, "sent"), ("DORN", 402, "accepted")] {
        let order = format!(
            "ST*850*0001~\nBEG*00*SA*PO-{control}**20261120~\nCUR*BY*EUR~\nREF*PR*Q-88~\nPO1*1*250*EA*12.4**VP*W-100~\nPO1*2*40*CA*85.8**VP*BRACKET-9~\nCTT*2~\nSE*8*0001~\n"
        );
        let items = stage
            .send(stage.vendor, interchange(from, "VEGA", control, "PO", &[order]))
            .await;
        assert_eq!(states(&items), ["applied"], "{items:#?}");
        assert_eq!(now().await, after, "{from}");
    }
    // The buyer's 997 stands with the quote.
    let receipt_set =
        "ST*997*0001~\nAK1*RR*2~\nAK2*843*0002~\nAK5*A~\nAK9*A*1*1*1~\nSE*6*0001~\n";
    let receipt = interchange("DORN", "VEGA", 300, "FA", &[receipt_set.to_owned()]);
    let items = stage.send(stage.vendor, receipt).await;
    assert_eq!(items[0]["acknowledges"], paper["id"], "{items:#?}");
    let after = stage.get(stage.vendor, &papers).await.expect(200);
    assert_eq!(kinds(&after), ["840", "997", "843", "997"]);
    stage.get(stage.rival, &papers).await.expect(404);
    stage
        .get(stage.rival, &format!("/rfqs/{}/papers", rfq["id"].as_str().unwrap()))
        .await
        .expect(404);
}

pub(super) async fn a_reqote_becomes_a_request_and_its_quote_goes_out_as_quotes(
    stage: Stage,
) {
    let items = stage.send(stage.vendor, sample("REQOTE_d96a.edi")).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let all = stage.get(stage.vendor, "/rfqs").await.expect(200);
    let rfq = all["items"][0].clone();
    assert_eq!(rfq["note"], "Please quote in +/- 5 per cent lots");
    assert_eq!(rfq["lines"][0]["description"], "Widget: blue 40 mm");
    let deal = stage.deal("Widgets", "Dorn").await;
    // A quote for a request that stands in no deal is written in any deal of the seller's.
    let quote = draft(&stage, &deal.to_string(), &rfq).await;
    send(&stage, &quote).await;

    let papers = format!("/quotes/{}/papers", quote["id"].as_str().unwrap());
    let after = stage.get(stage.vendor, &papers).await.expect(200);
    let paper = after["items"].as_array().unwrap().last().unwrap();
    assert_eq!(paper["kind"], "QUOTES");
    let written = raw(&stage, paper).await;
    for told in [
        "QUOTES:D:96A:UN",
        "BGM+310+Q-88+9",
        "RFF+AHU:RFQ-2026-0101",
        "DTM+36:20270131:102",
        "NAD+BY+5412345000013::9",
        "NAD+SE+4012345500004::9",
        "PRI+AAA:85.8",
        "BRACKET-9:BP",
    ] {
        assert!(written.contains(told), "{told} in {written}");
    }
    let read = ::edifact::read(written.as_bytes()).unwrap();
    let verdict = ::edifact::check(&read[0]);
    assert_eq!(verdict.all().count(), 0, "{verdict:#?}");
    if let Some(read) = read_by_a_peer(&written) {
        assert!(read.starts_with("UNH|QUOTES|D.96A"), "{read}");
        assert!(read.contains("\nPRI|AAA:85.8"), "{read}");
    }
}

pub(super) async fn a_request_comes_once_and_a_bad_one_is_quarantined(stage: Stage) {
    let deal = stage.deal("Anything", "Buyer Co").await;
    let first = sample("840_rfq_two_lines.edi");
    stage.send(stage.buyer, first.clone()).await;

    // It found its deal by the customer, and the buyer, who sent it, sees it without the deal.
    let room = stage.room(deal).await;
    let kinds: Vec<_> = room.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["quote", "edi"], "{room:?}");
    let theirs = stage.get(stage.buyer, "/rfqs").await.expect(200);
    assert_eq!(
        (&theirs["items"][0]["side"], &theirs["items"][0]["deal"]),
        (&json!("buyer"), &Value::Null)
    );
    assert_eq!(
        stage
            .count("select count(*) from notification where kind = 'rfq_received'")
            .await,
        1
    );
    // Under other control numbers it is the same request; with other lines it is none.
    let again = first.replace("000000101", "000000102");
    let items = stage.send(stage.buyer, again.clone()).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let other = first.replace("000000101", "000000103").replace("PO1*1*250", "PO1*1*251");
    let items = stage.send(stage.buyer, other).await;
    assert_eq!(states(&items), ["quarantined"]);
    let why = items[0]["faults"][0]["text"].as_str().unwrap();
    assert!(
        why.contains("RFQ-2026-0101 was received before with other content"),
        "{why}"
    );
    for (control, from, to, plain) in [
        ("000000104", "BQT*00*RFQ-2026-0101", "BQT*01*RFQ-1", "is no new request"),
        ("000000105", "PO1*1*250*EA", "PO1*1*0*EA", "line 1 asks for nothing"),
    ] {
        let bad = first.replace("000000101", control).replace("RFQ-2026-0101", "RFQ-9");
        let (from, to) = (from.replace("RFQ-2026-0101", "RFQ-9"), to);
        let bad = bad.replace(&from, to);
        let items = stage.send(stage.buyer, bad).await;
        assert_eq!(states(&items), ["quarantined"], "{items:#?}");
        let why = items[0]["faults"][0]["text"].as_str().unwrap();
        assert!(why.contains(plain), "{why}");
    }
    assert_eq!(stage.count("select count(*) from rfq").await, 1);
    assert_eq!(
        stage
            .count("select count(*) from notification where kind = 'rfq_received'")
            .await,
        1
    );
    let empty = json!({ "items": [], "next": null });
    assert_eq!(stage.get(stage.rival, "/rfqs").await.expect(200), empty);
}
