//! An order to a seller that is not on the hub, and all that comes back of it.

use gate::Caller;
use serde_json::{Value, json};

use super::{
    fulfilment::{read, state},
    requests::read_by_a_peer,
    stage::{Stage, interchange},
    states,
};

scenes! {
    an_order_goes_out_as_850_and_comes_back_as_answer_goods_and_invoice
    an_order_goes_out_as_orders_and_its_papers_come_back_in_edifact
    an_order_that_makes_no_sense_is_not_written
    a_change_goes_out_as_860_and_its_counter_offer_comes_back
    a_change_goes_out_as_ordchg
}

fn form(identifier: &str, syntax: &str) -> Value {
    json!({
        "seller": { "name": "Acme Supply", "identifier": identifier, "syntax": syntax },
        "number": "PO-1", "ordered_on": "2026-11-20", "currency": "EUR", "note": "Ring twice",
        "ship_to": { "name": "Dorn, Hall 4", "street": "Hafenstr. 1", "city": "Hamburg", "postal_code": "20457", "country": "DE" },
        "lines": [
            { "product": "A-1", "description": "Bracket", "quantity": "3", "unit": "EA", "unit_price": "4.15", "requested_on": "2026-12-04" },
            { "product": "A-2", "quantity": "10", "unit": "EA", "unit_price": "0.125" },
        ],
    })
}

async fn sent(stage: &Stage, order: &Value, place: usize) -> Vec<u8> {
    let id = order["documents"][place]["id"].as_str().unwrap();
    stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await.bytes.to_vec()
}

fn from_acme(control: u32, code: &str, kind: &str, segments: &[&str]) -> String {
    let (count, body) = (segments.len() + 2, segments.join("~\n"));
    let set = format!("ST*{kind}*0001~\n{body}~\nSE*{count}*0001~\n");
    interchange("ACME", "DORN", control, code, &[set])
}

async fn taken(stage: &Stage, who: Caller, file: String) {
    let items = stage.send(who, file).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
}

/// What the buyer sees of the match of three: ordered, sent, invoiced.
async fn matched(stage: &Stage, order: &str, total: i64, disagreements: &Value) -> Value {
    let bills = stage.get(stage.buyer, "/invoices?side=buyer").await.expect(200);
    assert_eq!(bills["items"].as_array().unwrap().len(), 1);
    let sold = stage.get(stage.buyer, "/invoices?side=seller").await.expect(200);
    assert_eq!(sold["items"], json!([]), "the buyer sells nothing");
    let bill = format!("/invoices/{}", bills["items"][0]["id"].as_str().unwrap());
    let one = stage.get(stage.buyer, &bill).await.expect(200);
    assert_eq!((&one["number"], &one["total_minor"]), (&json!("R-77"), &json!(total)));
    assert_eq!(one["seller"], json!({ "id": null, "name": "Acme Supply" }));
    assert_eq!(&one["disagreements"], disagreements);
    assert_eq!(
        one["may"],
        json!({ "approve": true, "dispute": true, "cancel": false, "credit": false })
    );
    stage.get(stage.rival, &bill).await.expect(404);
    stage.get(stage.vendor, order).await.expect(404);
    one
}

async fn an_order_goes_out_as_850_and_comes_back_as_answer_goods_and_invoice(
    stage: Stage,
) {
    let buyer = stage.buyer;
    let one = stage.post(buyer, "/orders", form("ZZ:ACME", "x12")).await.expect(201);
    assert_eq!((&one["state"], &one["number"]), (&json!("received"), &json!("PO-1")));
    assert_eq!(one["seller"], json!({ "id": null, "name": "Acme Supply" }));
    assert_eq!(
        (&one["buyer"]["name"], &one["total_minor"]),
        (&json!("Dorn"), &json!(1370))
    );
    assert_eq!(
        one["fulfilment"]["may"],
        json!({ "ship": false, "invoice": false, "close": false })
    );
    let order = format!("/orders/{}", one["id"].as_str().unwrap());
    let paper = &one["documents"][0];
    assert_eq!((&paper["kind"], &paper["direction"]), (&json!("850"), &json!("out")));
    let bytes = sent(&stage, &one, 0).await;
    let told = read(&bytes);
    assert_eq!((told.kind, told.number.as_str()), (trade::Kind::Order, "PO-1"));
    assert_eq!(told.party("ship_to").unwrap().city.as_deref(), Some("Hamburg"));
    assert_eq!(told.lines[0].price.unwrap().to_string(), "4.15");
    assert_eq!(told.lines[0].dates[0].date, "2026-12-04");
    let text = String::from_utf8(bytes).unwrap();
    if let Some(peer) = read_by_a_peer(&text) {
        assert!(peer.contains("PO1|1|3|EA|4.15"), "{peer}");
    }
    // It arrives, and is acknowledged.
    let group =
        text.split("GS*PO*").nth(1).unwrap().split('*').nth(4).unwrap().to_owned();
    let ack = from_acme(1, "FA", "997", &[&format!("AK1*PO*{group}"), "AK9*A*1*1*1"]);
    taken(&stage, buyer, ack).await;
    let path = format!("/edi/interchanges/{}", paper["id"].as_str().unwrap());
    let acked = stage.get(buyer, &path).await.expect(200);
    assert_eq!(acked["acknowledged_by"][0]["kind"], "997");

    // The seller changes the price of line 1 and the day of line 2.
    let answer = from_acme(
        2,
        "PR",
        "855",
        &[
            "BAK*00*AC*PO-1*20261120****S-9*20261122",
            "PO1*1*3*EA*4.2**VP*A-1",
            "ACK*IP*3*EA",
            "PO1*2*10*EA*0.125**VP*A-2",
            "ACK*DR*10*EA*067*20261224",
        ],
    );
    stage
        .post(
            stage.vendor,
            &format!("{order}/answer"),
            json!({ "revision": 1, "lines": [] }),
        )
        .await
        .expect(404);
    let forged = stage.send(stage.rival, answer.clone()).await;
    assert_eq!(states(&forged), ["quarantined"]);
    taken(&stage, buyer, answer).await;
    let now = stage.get(buyer, &order).await.expect(200);
    assert_eq!(now["state"], "accepted_with_change");
    assert_eq!(
        now["lines"][0]["answer"],
        json!({ "decision": "change", "unit_price": "4.2" })
    );
    assert_eq!(
        now["lines"][1]["answer"],
        json!({ "decision": "change", "requested_on": "2026-12-24" })
    );
    let ship = json!({ "revision": now["revision"], "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] });
    stage.post(buyer, &format!("{order}/shipments"), ship).await.expect(403);

    goods_and_invoice(&stage, &order).await;
}

/// It sends two of three, and invoices three at another price than was agreed.
async fn goods_and_invoice(stage: &Stage, order: &str) {
    let buyer = stage.buyer;
    let advice = from_acme(
        3,
        "SH",
        "856",
        &[
            "BSN*00*SHP-1*20261124*0800*0004",
            "HL*1**S",
            "TD5*****Rail",
            "DTM*011*20261124",
            "HL*2*1*O",
            "PRF*PO-1",
            "HL*3*2*I",
            "LIN*1*VP*A-1",
            "SN1*1*2*EA",
            "HL*4*2*I",
            "LIN*2*VP*A-2",
            "SN1*2*10*EA",
            "CTT*4",
        ],
    );
    taken(stage, buyer, advice).await;
    assert_eq!(state(stage, buyer, order).await, "part_shipped");
    // It invoices three where two were sent, at another price than was agreed: taken, and shown.
    // 3 × 4.50 + 10 × 0.125 = 14.75; 19 % of it is 2.8025.
    let bill = |control, total: &str| {
        from_acme(
            control,
            "IN",
            "810",
            &[
                "BIG*20261125*R-77*20261120*PO-1",
                "CUR*SE*EUR",
                "ITD*05*3*****30",
                "IT1*1*3*EA*4.5**VP*A-1",
                "IT1*2*10*EA*0.125**VP*A-2",
                &format!("TDS*{total}"),
                "TXI*VA*2.8*19*****14.75",
                "CTT*2",
            ],
        )
    };
    let wrong = stage.send(buyer, bill(4, "1756")).await;
    let why = wrong[0]["faults"].to_string();
    assert!(why.contains("it says it comes to 17.56"), "{why}");
    taken(stage, buyer, bill(5, "1755")).await;
    let expected = json!([
        { "what": "price", "line": "1", "expected": "4.2", "invoiced": "4.5" },
        { "what": "more_than_shipped", "line": "1", "expected": "2", "invoiced": "3" },
        { "what": "total", "line": null, "expected": "13.85", "invoiced": "14.75" },
    ]);
    let one = matched(stage, order, 1755, &expected).await;
    let path = format!("/invoices/{}", one["id"].as_str().unwrap());
    let take_back = json!({ "revision": 1, "reason": "Wrong price" });
    stage.post(buyer, &format!("{path}/cancel"), take_back).await.expect(403);
    let dispute =
        json!({ "answer": "dispute", "revision": 1, "reason": "Two came, at 4.20" });
    stage.post(buyer, &format!("{path}/answer"), dispute).await.expect(200);
    assert_eq!(stage.get(buyer, &path).await.expect(200)["state"], "disputed");
}

async fn an_order_goes_out_as_orders_and_its_papers_come_back_in_edifact(stage: Stage) {
    let one = stage
        .post(stage.buyer, "/orders", form("14:4012345500004", "edifact"))
        .await
        .expect(201);
    let order = format!("/orders/{}", one["id"].as_str().unwrap());
    let told = read(&sent(&stage, &one, 0).await);
    assert_eq!((told.kind, told.number.as_str()), (trade::Kind::Order, "PO-1"));
    assert_eq!(one["documents"][0]["sender"], "ZZZ:DORN");
    let from = |control: &str, kind: &str, segments: &[&str]| {
        let (count, body) = (segments.len() + 2, segments.join("'\n"));
        format!("UNB+UNOC:3+4012345500004:14+DORN:ZZZ+261124:0930+{control}++++1'\nUNH+1+{kind}:D:96A:UN'\n{body}'\nUNT+{count}+1'\nUNZ+1+{control}'\n").replace("++++1'", "'")
    };

    let answer = from(
        "1",
        "ORDRSP",
        &["BGM+231+S-9+9+AP", "DTM+137:20261122:102", "RFF+ON:PO-1", "UNS+S", "CNT+2:0"],
    );
    taken(&stage, stage.buyer, answer).await;
    assert_eq!(state(&stage, stage.buyer, &order).await, "accepted");
    let advice = from(
        "2",
        "DESADV",
        &[
            "BGM+351+SHP-1+9",
            "DTM+137:20261124:102",
            "DTM+11:20261124:102",
            "RFF+ON:PO-1",
            "CPS+1",
            "LIN+1++A-1:VP",
            "QTY+12:3:EA",
            "LIN+2++A-2:VP",
            "QTY+12:10:EA",
        ],
    );
    taken(&stage, stage.buyer, advice).await;
    assert_eq!(state(&stage, stage.buyer, &order).await, "shipped");
    let bill = from(
        "3",
        "INVOIC",
        &[
            "BGM+380+R-77+9",
            "DTM+137:20261125:102",
            "RFF+ON:PO-1",
            "CUX+2:EUR:4",
            "LIN+1++A-1:VP",
            "QTY+47:3:EA",
            "PRI+AAA:4.15",
            "LIN+2++A-2:VP",
            "QTY+47:10:EA",
            "PRI+AAA:0.125",
            "UNS+S",
            "CNT+2:2",
            "MOA+77:13.7",
        ],
    );
    taken(&stage, stage.buyer, bill).await;
    let one = matched(&stage, &order, 1370, &json!([])).await;
    let path = format!("/invoices/{}/answer", one["id"].as_str().unwrap());
    let approve = json!({ "answer": "approve", "revision": 1 });
    stage.post(stage.buyer, &path, approve).await.expect(200);
    assert_eq!(state(&stage, stage.buyer, &order).await, "closed");
    let told = "select count(*) from notification where kind in ('order_answered', 'order_shipped', 'invoice_received')";
    assert_eq!(stage.count(told).await, 3);
}

async fn an_order_that_makes_no_sense_is_not_written(stage: Stage) {
    let good = form("ZZ:ACME", "x12");
    stage.post(stage.buyer, "/orders", good.clone()).await.expect(201);
    let twice = stage.post(stage.buyer, "/orders", good.clone()).await.expect(409);
    assert!(twice.to_string().contains("take a new number"), "{twice}");
    for (pointer, value, why) in [
        ("/number", json!(""), "give a number"),
        ("/seller/identifier", json!("ACME"), "such as `ZZ:ACME`"),
        ("/seller/name", json!(" "), "say who sells"),
        ("/lines", json!([]), "at least one line"),
        ("/lines/0/quantity", json!("0"), "more than nothing"),
        ("/lines/0/unit_price", json!("x"), "`x` is no price"),
        ("/lines/1/product", json!(""), "say what it is"),
        ("/ship_to/city", json!("x".repeat(31)), "at most 30 characters"),
        ("/seller/identifier", json!(format!("ZZ:{}", "A".repeat(20))), "at most 15"),
    ] {
        let mut bad = good.clone();
        bad["number"] = json!("PO-2");
        *bad.pointer_mut(pointer).unwrap() = value;
        let refused = stage.post(stage.buyer, "/orders", bad).await.expect(422);
        assert!(refused.to_string().contains(why), "{pointer}: {refused}");
    }
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    assert_eq!(stage.count("select count(*) from interchange").await, 1);
    // Another organisation's numbers are its own.
    stage.post(stage.rival, "/orders", good).await.expect(201);
    let none = json!({ "items": [], "next": null });
    assert_eq!(stage.get(stage.vendor, "/orders").await.expect(200), none);
    assert_eq!(stage.get(stage.buyer, "/order-partners").await.expect(200), none);
}

async fn a_change_goes_out_as_860_and_its_counter_offer_comes_back(stage: Stage) {
    let buyer = stage.buyer;
    let one = stage.post(buyer, "/orders", form("ZZ:ACME", "x12")).await.expect(201);
    let order = format!("/orders/{}", one["id"].as_str().unwrap());
    let form = json!({
        "revision": one["revision"], "number": "C-1", "note": "More of the first",
        "lines": [{ "line": "1", "kind": "changed", "quantity": "8" }, { "line": "2", "kind": "deleted" }],
    });
    let path = format!("{order}/changes");
    assert_eq!(stage.post(stage.rival, &path, form.clone()).await.status, 404);
    let all = stage.post(buyer, &path, form).await.expect(201);
    assert_eq!(all["items"][0]["state"], "asked");

    let seen = stage.get(buyer, &order).await.expect(200);
    let papers = seen["documents"].as_array().unwrap();
    let place = papers.iter().position(|it| it["kind"] == "860").unwrap();
    let bytes = sent(&stage, &seen, place).await;
    let told = read(&bytes);
    assert_eq!(
        (told.kind, told.number.as_str(), told.purpose.as_str()),
        (trade::Kind::OrderChange, "C-1", "change")
    );
    assert_eq!(told.about.as_ref().unwrap().number, "PO-1");
    let words: Vec<_> = told.lines.iter().map(|it| it.change.as_deref()).collect();
    assert_eq!(words, [Some("changed"), Some("deleted")]);
    assert_eq!(told.lines[0].quantity.unwrap().to_string(), "8");
    assert_eq!(told.lines[0].price.unwrap().to_string(), "4.15");

    // The seller sends seven of the eight, and lets the second line go.
    let answer = from_acme(
        1,
        "CA",
        "865",
        &[
            "BCA*00*AC*PO-1***20261120****20261124",
            "POC*1*CA*7*0*EA*4.15**VP*A-1",
            "ACK*IQ*7*EA",
            "POC*2*DI*10*0*EA*0.125**VP*A-2",
            "ACK*ID*10*EA",
            "CTT*2",
        ],
    );
    taken(&stage, buyer, answer).await;
    let all = stage.get(buyer, &path).await.expect(200);
    let change = &all["items"][0];
    assert_eq!(change["lines"][0]["offered"]["quantity"], "7", "{change:#}");
    assert_eq!(change["lines"][1]["accepted"], true, "{change:#}");
    let seen = stage.get(buyer, &order).await.expect(200);
    let lines = seen["lines"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["quantity"]), (1, &json!("7")), "{seen:#}");
    let out = "select count(*) from interchange where direction = 'out' and kind = '865'";
    assert_eq!(stage.count(out).await, 0, "the buyer answers nothing to itself");
}

async fn a_change_goes_out_as_ordchg(stage: Stage) {
    let buyer = stage.buyer;
    let one = stage.post(buyer, "/orders", form("ZZ:ACME", "edifact")).await.expect(201);
    let order = format!("/orders/{}", one["id"].as_str().unwrap());
    let form = json!({ "revision": one["revision"], "number": "C-1", "cancels": true });
    stage.post(buyer, &format!("{order}/changes"), form).await.expect(201);
    let seen = stage.get(buyer, &order).await.expect(200);
    let papers = seen["documents"].as_array().unwrap();
    let place = papers.iter().position(|it| it["kind"] == "ORDCHG").unwrap();
    let told = read(&sent(&stage, &seen, place).await);
    assert_eq!(
        (told.kind, told.purpose.as_str()),
        (trade::Kind::OrderChange, "cancellation")
    );
    assert_eq!(told.about.as_ref().unwrap().number, "PO-1");
}
