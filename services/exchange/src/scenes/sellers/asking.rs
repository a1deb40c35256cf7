//! A request for quote to a seller that is not on the hub, and what comes back of it; and a seller on
//! the hub whose own system offers.

use gate::Caller;
use serde_json::{Value, json};

use crate::scenes::{
    Stage,
    fulfilment::read,
    requests::{read_by_a_peer, sample, send},
    stage::{Answer, interchange},
    states,
};

scenes! {
    a_request_goes_out_as_840_and_its_843_is_accepted_by_an_850
    a_request_goes_out_as_reqote_and_its_quotes_becomes_an_orders
    a_request_goes_out_in_every_release_and_a_peer_reads_it
    an_offer_is_taken_once_and_by_who_asked_alone
    a_request_that_makes_no_sense_is_not_sent
    two_hubs_ask_offer_and_order_of_each_other
    a_sellers_own_system_offers_what_its_people_would
}

fn form(identifier: &str, syntax: &str) -> Value {
    json!({
        "seller": { "name": "Acme Supply", "identifier": identifier, "syntax": syntax },
        "number": "RFQ-1", "answer_by": "2026-12-01", "note": "For the hall",
        "lines": [
            { "product": "W-100", "description": "Widget", "quantity": "250", "unit": "EA", "unit_price": "12", "deliver_on": "2026-12-04" },
            { "product": "B-9", "quantity": "40", "unit": "CS" },
        ],
    })
}

fn from_acme(control: u32, segments: &[&str]) -> String {
    let (count, body) = (segments.len() + 2, segments.join("~\n"));
    let set = format!("ST*843*0001~\n{body}~\nSE*{count}*0001~\n");
    interchange("ACME", "DORN", control, "RR", &[set])
}

/// Two hundred of the 250, dearer than was hoped, later.
fn offer(control: u32, price: &str, until: &str) -> String {
    let first = format!("PO1*1*200*EA*{price}**VP*W-100");
    let last = format!("DTM*036*{until}");
    let segments = [
        "BQR*00*RFQ-1*20261119",
        "CUR*SE*EUR",
        "REF*PR*Q-7",
        &last,
        &first,
        "SCH*200*EA***067*20261210",
        "PO1*2*40*CA*88**VP*B-9",
        "CTT*2",
    ];
    from_acme(control, &segments)
}

async fn asked(stage: &Stage, identifier: &str, syntax: &str) -> Value {
    stage.post(stage.buyer, "/rfqs", form(identifier, syntax)).await.expect(201)
}

async fn sent(stage: &Stage, who: Caller, papers: &str, kind: &str) -> String {
    let all = stage.get(who, papers).await.expect(200);
    let all = all["items"].as_array().unwrap();
    let paper = all.iter().rfind(|it| it["kind"] == kind).unwrap();
    let id = paper["id"].as_str().unwrap();
    stage.get(who, &format!("/edi/interchanges/{id}/raw")).await.text()
}

async fn of_order(stage: &Stage, order: &str, kind: &str) -> String {
    let one = stage.get(stage.buyer, &format!("/orders/{order}")).await.expect(200);
    let paper = one["documents"].as_array().unwrap().iter().find(|it| it["kind"] == kind);
    let id = paper.unwrap()["id"].as_str().unwrap();
    stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await.text()
}

async fn taken(stage: &Stage, who: Caller, file: String) {
    let items = stage.send(who, file).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
}

/// The only quote that answers a request, as its buyer sees it beside what it asked for.
async fn beside(stage: &Stage, rfq: &Value) -> Value {
    let path = format!("/rfqs/{}/quotes", rfq["id"].as_str().unwrap());
    let all = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all:#}");
    all["items"][0].clone()
}

async fn answer(stage: &Stage, who: Caller, quote: &Value, what: &str) -> Answer {
    let form = json!({ "answer": what, "sha256": quote["sha256"], "revision": quote["revision"], "order_number": "PO-9" });
    stage
        .post(who, &format!("/quotes/{}/answer", quote["id"].as_str().unwrap()), form)
        .await
}

async fn a_request_goes_out_as_840_and_its_843_is_accepted_by_an_850(stage: Stage) {
    let rfq = asked(&stage, "ZZ:ACME", "x12").await;
    assert_eq!((&rfq["state"], &rfq["side"]), (&json!("sent"), &json!("buyer")));
    assert_eq!(rfq["seller"], json!({ "id": null, "name": "Acme Supply" }));
    let papers = format!("/rfqs/{}/papers", rfq["id"].as_str().unwrap());
    let text = sent(&stage, stage.buyer, &papers, "840").await;
    let told = read(text.as_bytes());
    assert_eq!(
        (told.kind, told.number.as_str()),
        (trade::Kind::RequestForQuote, "RFQ-1")
    );
    assert_eq!(told.lines[0].price.unwrap().to_string(), "12");
    assert_eq!(told.lines[0].dates[0].date, "2026-12-04");
    assert_eq!(told.dates[0].date, "2026-12-01");
    assert!(text.contains("PO1*2*40*CA**"), "{text}");

    taken(&stage, stage.buyer, offer(1, "12.4", "20261125")).await;
    let one = beside(&stage, &rfq).await;
    let quote = &one["quote"];
    assert_eq!((&quote["number"], &quote["state"]), (&json!("Q-7"), &json!("sent")));
    assert_eq!(quote["seller"], json!({ "id": null, "name": "Acme Supply" }));
    assert_eq!((&quote["rev"], &quote["total_minor"]), (&json!(1), &json!(600_000)));
    assert_eq!(one["lines"][0]["differs"], json!(["quantity", "price", "date"]));
    assert_eq!(one["lines"][1]["differs"], json!([]));
    assert_eq!(one["lines"][1]["offered"]["unit_price"], "88");
    assert_eq!(quote["may"], json!(["answer"]));
    stage
        .get(stage.rival, &format!("/quotes/{}", quote["id"].as_str().unwrap()))
        .await
        .expect(404);

    // Nobody answers after its last day; the next revision, under the same number, waits again.
    let week = 8 * 24 * 60 * 60 * 1_000_000;
    stage.clock_us.fetch_add(week, std::sync::atomic::Ordering::SeqCst);
    let late = answer(&stage, stage.buyer, quote, "accept").await.expect(409);
    assert!(late.to_string().contains("ask for a new one"), "{late}");
    taken(&stage, stage.buyer, offer(2, "12", "20261231")).await;
    let one = beside(&stage, &rfq).await;
    let quote = &one["quote"];
    assert_eq!((&quote["rev"], &quote["state"]), (&json!(2), &json!("sent")));
    assert_eq!(quote["revisions"][0]["became"], "withdrawn");
    assert_eq!(one["lines"][0]["differs"], json!(["quantity", "date"]));
    answer(&stage, stage.rival, quote, "accept").await.expect(404);
    let wish = answer(&stage, stage.buyer, quote, "counter").await.expect(409);
    assert!(wish.to_string().contains("ask anew"), "{wish}");

    let done = answer(&stage, stage.buyer, quote, "accept").await.expect(200);
    assert_eq!(done["state"], "accepted");
    let again = answer(&stage, stage.buyer, quote, "accept").await.expect(200);
    assert_eq!(again["order"], done["order"]);
    let order = done["order"].as_str().unwrap();
    let written = of_order(&stage, order, "850").await;
    let told = read(written.as_bytes());
    assert_eq!((told.kind, told.number.as_str()), (trade::Kind::Order, "PO-9"));
    assert_eq!(told.lines[0].price.unwrap().to_string(), "12");
    assert!(
        written.contains("REF*PR*Q-7") || written.contains("REF*Q1*Q-7"),
        "{written}"
    );
    let view = stage.get(stage.buyer, &format!("/orders/{order}")).await.expect(200);
    assert_eq!(view["quote"]["number"], "Q-7");
    assert_eq!(view["disagreements"], json!([]));
    let out = "select count(*) from interchange where direction = 'out' and kind = '850'";
    assert_eq!(stage.count(out).await, 1);
    // What was accepted is revised no more.
    let late = stage.send(stage.buyer, offer(3, "99", "20261231")).await;
    let why = late[0]["faults"].to_string();
    assert!(why.contains("`accepted` cannot be revised"), "{why}");
}

async fn a_request_goes_out_as_reqote_and_its_quotes_becomes_an_orders(stage: Stage) {
    let rfq = asked(&stage, "14:4012345500004", "edifact_d01b").await;
    let papers = format!("/rfqs/{}/papers", rfq["id"].as_str().unwrap());
    let text = sent(&stage, stage.buyer, &papers, "REQOTE").await;
    assert!(text.contains("REQOTE:D:01B:UN"), "{text}");
    let offer = |control: &str, kind: &str, until: &str, price: &str| {
        let segments = [
            &format!("BGM+310+{kind}+9"),
            "DTM+137:20261119:102",
            until,
            "RFF+AHU:RFQ-1",
            "CUX+2:EUR:10",
            "LIN+1++W-100:VP",
            "QTY+21:250:PCE",
            "DTM+69:20261204:102",
            &format!("PRI+AAA:{price}:::100"),
            "LIN+2++B-9:VP",
            "QTY+21:40:CS",
            "PRI+AAA:88",
            "UNS+S",
            "CNT+2:2",
        ];
        let body: Vec<_> = segments.iter().filter(|it| !it.is_empty()).copied().collect();
        let (count, body) = (body.len() + 2, body.join("'\n"));
        format!(
            "UNB+UNOC:3+4012345500004:14+DORN:ZZZ+261124:0930+{control}'\nUNH+1+QUOTES:D:96A:UN'\n{body}'\nUNT+{count}+1'\nUNZ+1+{control}'\n"
        )
    };
    let items = stage.send(stage.buyer, offer("1", "Q-7", "", "1200")).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let left = items[0]["not_carried"].to_string();
    assert!(left.contains("its last day"), "{left}");
    let one = beside(&stage, &rfq).await;
    assert_eq!(one["lines"][0]["offered"]["price_per"], 100);
    assert_eq!(one["lines"][0]["differs"], json!([]), "12 each, as was hoped");
    assert_eq!(one["quote"]["valid_until"], "2026-12-19");
    let no = answer(&stage, stage.buyer, &one["quote"], "reject").await.expect(200);
    assert_eq!(no["state"], "rejected");

    let last = "DTM+36:20261231:102";
    taken(&stage, stage.buyer, offer("2", "Q-7", last, "1150")).await;
    let one = beside(&stage, &rfq).await;
    let done = answer(&stage, stage.buyer, &one["quote"], "accept").await.expect(200);
    let written = of_order(&stage, done["order"].as_str().unwrap(), "ORDERS").await;
    assert!(written.contains("ORDERS:D:01B:UN"), "{written}");
    assert!(written.contains("RFF+AAG:Q-7"), "{written}");
    assert_eq!(read(written.as_bytes()).lines[0].price.unwrap().to_string(), "11.5");
}

async fn a_request_goes_out_in_every_release_and_a_peer_reads_it(stage: Stage) {
    for (identifier, syntax, kind, version) in [
        ("ZZ:ONE", "x12", "840", "*004010"),
        ("ZZ:TWO", "x12_at5010", "840", "*005010"),
        ("ZZZ:THREE", "edifact", "REQOTE", "REQOTE:D:96A:UN"),
        ("ZZZ:FOUR", "edifact_d01b", "REQOTE", "REQOTE:D:01B:UN"),
    ] {
        let rfq = asked(&stage, identifier, syntax).await;
        let papers = format!("/rfqs/{}/papers", rfq["id"].as_str().unwrap());
        let text = sent(&stage, stage.buyer, &papers, kind).await;
        assert!(text.contains(version), "{version} in {text}");
        let told = read(text.as_bytes());
        assert_eq!((told.number.as_str(), told.lines.len()), ("RFQ-1", 2));
        if let Some(peer) = read_by_a_peer(&text) {
            let line = if kind == "840" { "PO1|1|250|EA|12" } else { "QTY|21:250" };
            assert!(peer.contains(line) && peer.contains("W-100"), "{peer}");
        }
    }
}

async fn an_offer_is_taken_once_and_by_who_asked_alone(stage: Stage) {
    let rfq = asked(&stage, "ZZ:ACME", "x12").await;
    for forger in [stage.rival, stage.vendor] {
        let items = stage.send(forger, offer(1, "1", "20261231")).await;
        assert_eq!(states(&items), ["quarantined"], "{items:#?}");
    }
    let other = offer(1, "1", "20261231").replace("RFQ-1", "RFQ-2");
    let why = stage.send(stage.buyer, other).await[0]["faults"].to_string();
    assert!(why.contains("asked ZZ:ACME for no quote under RFQ-2"), "{why}");
    taken(&stage, stage.buyer, offer(2, "12.4", "20261231")).await;
    taken(&stage, stage.buyer, offer(3, "12.4", "20261231")).await;

    assert_eq!(beside(&stage, &rfq).await["quote"]["rev"], 1);
    let told = "select count(*) from notification where kind = 'quote_sent'";
    assert_eq!(stage.count(told).await, 1);
    for (pointer, from, to) in [
        ("no currency", "CUR*SE*EUR~\n", ""),
        ("it has no price", "*12.4*", "**"),
        ("takes a quote back", "BQR*00", "BQR*01"),
    ] {
        let text = offer(9, "12.4", "20261231").replace(from, to);
        let text = if to.is_empty() { text.replace("SE*10*", "SE*9*") } else { text };
        let items = stage
            .send(
                stage.buyer,
                text.replace("000000009", &format!("{:09}", from.len() + 20)),
            )
            .await;
        assert_eq!(states(&items), ["quarantined"], "{pointer}: {items:#?}");
    }
    // Who keeps a request in a seller's stead neither offers nor declines.
    let path = format!("/rfqs/{}", rfq["id"].as_str().unwrap());
    let no = json!({ "revision": 1, "reason": "no" });
    stage.post(stage.buyer, &format!("{path}/decline"), no).await.expect(404);
    let sold = stage.get(stage.buyer, "/quotes?side=seller").await.expect(200);
    assert_eq!(sold["items"], json!([]));
    let bought = stage.get(stage.buyer, "/quotes").await.expect(200);
    assert_eq!(bought["items"].as_array().unwrap().len(), 1);
    for who in [stage.rival, stage.vendor] {
        stage.get(who, &path).await.expect(404);
        stage.get(who, &format!("{path}/quotes")).await.expect(404);
        let none = json!({ "items": [], "next": null });
        assert_eq!(stage.get(who, "/quotes").await.expect(200), none);
    }
}

async fn a_request_that_makes_no_sense_is_not_sent(stage: Stage) {
    let good = form("ZZ:ACME", "x12");
    stage.post(stage.buyer, "/rfqs", good.clone()).await.expect(201);
    let twice = stage.post(stage.buyer, "/rfqs", good.clone()).await.expect(409);
    assert!(twice.to_string().contains("take a new number"), "{twice}");
    for (pointer, value, why) in [
        ("/seller/identifier", json!("ACME"), "such as `ZZ:ACME`"),
        ("/seller/name", json!(" "), "say who sells"),
        ("/lines", json!([]), "at least one line"),
        ("/lines/0/quantity", json!("0"), "offers nothing"),
        ("/number", json!("Ä"), "22 letters"),
    ] {
        let mut bad = good.clone();
        bad["number"] = json!("RFQ-2");
        *bad.pointer_mut(pointer).unwrap() = value;
        let refused = stage.post(stage.buyer, "/rfqs", bad).await.expect(422);
        assert!(refused.to_string().contains(why), "{pointer}: {refused}");
    }
    assert_eq!(stage.count("select count(*) from rfq").await, 1);
    assert_eq!(stage.count("select count(*) from interchange").await, 1);
    // The same number goes to another seller too.
    stage.post(stage.buyer, "/rfqs", form("ZZ:OTHER", "x12")).await.expect(201);
}

async fn two_hubs_ask_offer_and_order_of_each_other(stage: Stage) {
    let theirs = Stage::on_sqlite().await;
    let rfq = asked(&stage, "ZZ:VEGA", "x12").await;
    let papers = format!("/rfqs/{}/papers", rfq["id"].as_str().unwrap());
    let request = sent(&stage, stage.buyer, &papers, "840").await;
    taken(&theirs, theirs.vendor, request).await;
    let known = theirs.get(theirs.vendor, "/rfqs").await.expect(200)["items"][0].clone();
    assert_eq!(known["number"], "RFQ-1");
    let deal = theirs.deal("Hall", "Dorn").await;
    let place = format!("/rfqs/{}/deal", known["id"].as_str().unwrap());
    theirs.post(theirs.vendor, &place, json!({ "deal": deal })).await.expect(200);
    let form = json!({
        "buyer_name": "Dorn", "rfq": known["id"], "number": "Q-88", "currency": "EUR", "valid_until": "2026-12-31",
        "lines": [
            { "product": "W-100", "quantity": "250", "unit": "EA", "unit_price": "12", "deliver_on": "2026-12-04" },
            { "product": "B-9", "quantity": "40", "unit": "CS", "unit_price": "90", "discount": "10" },
        ],
    });
    let path = format!("/deals/{deal}/quotes");
    let quote = theirs.post(theirs.vendor, &path, form).await.expect(201);
    send(&theirs, &quote).await;
    let papers = format!("/quotes/{}/papers", quote["id"].as_str().unwrap());
    let offered = sent(&theirs, theirs.vendor, &papers, "843").await;

    taken(&stage, stage.buyer, offered).await;
    let one = beside(&stage, &rfq).await;
    assert!(
        one["lines"].as_array().unwrap().iter().all(|it| it["differs"] == json!([])),
        "{one:#}"
    );
    assert_eq!(one["lines"][1]["offered"]["unit_price"], "81");
    let done = answer(&stage, stage.buyer, &one["quote"], "accept").await.expect(200);
    let order = of_order(&stage, done["order"].as_str().unwrap(), "850").await;
    taken(&theirs, theirs.vendor, order).await;
    let path = format!("/quotes/{}", quote["id"].as_str().unwrap());
    let sold = theirs.get(theirs.vendor, &path).await.expect(200);
    assert_eq!(sold["state"], "accepted", "the order that names it agrees with it");
}

async fn a_sellers_own_system_offers_what_its_people_would(stage: Stage) {
    stage.send(stage.vendor, sample("840_rfq_two_lines.edi")).await;
    let rfq = stage.get(stage.vendor, "/rfqs").await.expect(200)["items"][0].clone();
    let offer = |control: u32, price: &str| {
        let first = format!("PO1*1*250*EA*{price}**VP*W-100");
        let segments = [
            "BQR*00*RFQ-2026-0101*20261119",
            "CUR*SE*EUR",
            "REF*PR*Q-7",
            "DTM*036*20261231",
            &first,
            "PO1*2*40*CA*88**BP*BRACKET-9",
            "CTT*2",
        ];
        let set = format!("ST*843*0001~\n{}~\nSE*9*0001~\n", segments.join("~\n"));
        interchange("VEGA", "DORN", control, "RR", &[set])
    };
    // Not while the request stands in no deal, as in the browser.
    let first = stage.send(stage.vendor, offer(1, "12.4")).await;
    let why = first[0]["faults"].to_string();
    assert!(why.contains("stands in no deal yet"), "{why}");
    assert_eq!(stage.count("select count(*) from quote").await, 0);
    for forger in [stage.rival, stage.buyer] {
        let items = stage.send(forger, offer(7, "1")).await;
        assert_eq!(states(&items), ["quarantined"], "{items:#?}");
    }
    let deal = stage.deal("Widgets", "Dorn").await;
    let place = format!("/rfqs/{}/deal", rfq["id"].as_str().unwrap());
    stage.post(stage.vendor, &place, json!({ "deal": deal })).await.expect(200);
    let path = format!("/edi/interchanges/{}/replay", first[0]["id"].as_str().unwrap());
    stage.post(stage.vendor, &path, json!({})).await.expect(202);

    let quotes = stage.get(stage.vendor, "/quotes").await.expect(200);
    let quote = quotes["items"][0].clone();
    assert_eq!((&quote["number"], &quote["state"]), (&json!("Q-7"), &json!("sent")));
    assert_eq!(quote["total_minor"], 662_000);
    // It goes out in the words of the request, as one that was written in the browser does.
    let papers = format!("/quotes/{}/papers", quote["id"].as_str().unwrap());
    let written = sent(&stage, stage.vendor, &papers, "843").await;
    assert!(written.contains("W-100"), "{written}");
    let out = "select count(*) from interchange where direction = 'out' and kind = '843'";
    assert_eq!(stage.count(out).await, 1);
    // The same again changes nothing; what was sent is not written over.
    taken(&stage, stage.vendor, offer(2, "12.4")).await;
    assert_eq!(stage.count(out).await, 1);
    let other = stage.send(stage.vendor, offer(3, "11")).await;
    let why = other[0]["faults"].to_string();
    assert!(why.contains("`sent` cannot be written"), "{why}");
}
