//! Changes of orders: asked by EDI or in the browser, answered line by line, told in both dialects.

use serde_json::{Value, json};

use super::{
    Stage,
    requests::read_by_a_peer,
    stage::{Order, interchange},
    states,
};

scenes! {
    a_counter_offer_on_an_860_becomes_the_order_and_goes_out_as_865
    a_counter_offer_on_an_ordchg_becomes_the_order_and_goes_out_as_ordrsp
    an_860_is_answered_line_by_line_and_goes_out_as_865
    a_bad_change_is_quarantined_and_the_order_stays
    a_buyer_in_the_browser_calls_an_order_off
}

fn change(control: u32, segments: &[&str]) -> String {
    let body: String = segments.iter().map(|it| [it, "~\n"].concat()).collect();
    let set =
        format!("ST*860*{control:04}~\n{body}SE*{}*{control:04}~\n", segments.len() + 2);
    interchange("DORN", "VEGA", control, "PC", &[set])
}

/// Dorn's order of two lines, which Vega accepted.
async fn ordered(stage: &Stage) -> String {
    let items = stage.send(stage.buyer, Order::default().alone(1)).await;
    let path = format!("/orders/{}", items[0]["order"]["id"].as_str().unwrap());
    let lines = ["1", "2"].map(|line| json!({ "line": line, "decision": "accept" }));
    let answer = json!({ "revision": 1, "lines": lines });
    stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    path
}

async fn one(stage: &Stage, path: &str) -> Value {
    stage.get(stage.vendor, path).await.expect(200)
}

async fn answer(stage: &Stage, path: &str, rev: i64, lines: &[(&str, bool)]) -> Value {
    let revision = one(stage, path).await["revision"].clone();
    let lines: Vec<_> = lines
        .iter()
        .map(|(line, accept)| json!({ "line": line, "accept": accept }))
        .collect();
    let form = json!({ "revision": revision, "note": "As agreed", "lines": lines });
    stage
        .post(stage.vendor, &format!("{path}/changes/{rev}/answer"), form)
        .await
        .expect(200)
}

async fn last_paper(stage: &Stage, path: &str) -> (String, String) {
    let order = one(stage, path).await;
    let paper = order["documents"].as_array().unwrap().last().unwrap().clone();
    let id = paper["id"].as_str().unwrap();
    let raw = stage.get(stage.buyer, &format!("/edi/interchanges/{id}/raw")).await.text();
    (paper["kind"].as_str().unwrap().to_owned(), raw)
}

async fn an_860_is_answered_line_by_line_and_goes_out_as_865(stage: Stage) {
    let path = ordered(&stage).await;
    let asked = change(
        11,
        &[
            "BCH*04*SA*4711***20261121",
            "POC*1*QD*2*2*EA*4.15**VP*A-1",
            "POC*2*DI*10*0*EA*0.125**VP*A-2",
            "POC*3*AI*7*7*EA*2**VP*A-3",
            "PID*F****Cover",
            "CTT*3",
        ],
    );
    let items = stage.send(stage.buyer, asked.clone()).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(
        (&items[0]["kind"], &items[0]["order"]["number"]),
        (&json!("860"), &json!("4711"))
    );
    let changes = format!("{path}/changes");
    let all = stage.get(stage.buyer, &changes).await.expect(200);
    let lines = all["items"][0]["lines"].as_array().unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|it| {
            (
                it["line"].as_str().unwrap(),
                it["kind"].as_str().unwrap(),
                it["quantity"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("1", "changed", Some("2")), ("2", "deleted", None), ("3", "added", Some("7"))]
    );
    // Nothing is otherwise before the seller agrees; the same change twice is one.
    assert_eq!(one(&stage, &path).await["total_minor"], 1370);
    stage.send(stage.buyer, asked.replace("000000011", "000000012")).await;
    let twice = stage.get(stage.vendor, &changes).await.expect(200);
    assert_eq!(twice["items"].as_array().unwrap().len(), 1);
    stage.get(stage.rival, &changes).await.expect(404);
    let form = json!({ "revision": 1, "lines": [] });
    stage
        .post(stage.rival, &format!("{changes}/1/answer"), form.clone())
        .await
        .expect(404);
    stage.post(stage.buyer, &format!("{changes}/1/answer"), form).await.expect(403);

    let after = answer(&stage, &path, 1, &[("1", true), ("2", false), ("3", true)]).await;

    assert_eq!(after["items"][0]["state"], "accepted_in_part");
    assert_eq!(after["items"][0]["before_minor"], 1370);
    assert_eq!(after["items"][0]["before"][0]["quantity"], "3");
    let order = one(&stage, &path).await;
    assert_eq!(order["state"], "changed");
    // 2 × 4.15, 10 × 0.125, 7 × 2.
    assert_eq!(order["total_minor"], 830 + 125 + 1400);
    let quantities: Vec<_> = order["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["quantity"].as_str().unwrap())
        .collect();
    assert_eq!(quantities, ["2", "10", "7"]);
    assert_eq!(
        stage.get(stage.buyer, &changes).await.expect(200),
        after,
        "both see the same"
    );
    let (kind, raw) = last_paper(&stage, &path).await;
    assert_eq!(kind, "865");
    for told in [
        "*4711*",
        "POC*1*",
        "POC*2*",
        "POC*3*AI*7*",
        "ACK*IA*2*EA",
        "ACK*IR",
        "ACK*IA*7*EA",
    ] {
        assert!(raw.contains(told), "{told} in {raw}");
    }
    let read = x12::read(raw.as_bytes()).unwrap();
    let verdict = x12::check(&read[0]);
    assert_eq!(verdict.all().count(), 0, "{verdict:#?}\n{raw}");
    if let Some(read) = read_by_a_peer(&raw) {
        assert!(read.contains("\nPOC|1|"), "{read}");
    }
    let again = stage
        .post(
            stage.vendor,
            &format!("{changes}/1/answer"),
            json!({ "revision": order["revision"], "lines": [] }),
        )
        .await;
    assert_eq!(again.status, 409);
    assert_eq!(
        stage
            .count("select count(*) from notification where kind = 'change_asked'")
            .await,
        1
    );
}

async fn a_bad_change_is_quarantined_and_the_order_stays(stage: Stage) {
    let path = ordered(&stage).await;
    for (control, segments, plain) in [
        (
            21,
            ["BCH*04*SA*4712***20261121", "POC*1*QD*2*2*EA*4.15**VP*A-1"],
            "never received",
        ),
        (
            22,
            ["BCH*04*SA*4711***20261121", "POC*9*QD*2*2*EA*4.15**VP*A-9"],
            "no line of the order",
        ),
        (
            23,
            ["BCH*04*SA*4711***20261121", "POC*1*QD*3*3*EA*4.15**VP*A-1"],
            "changes nothing",
        ),
        (
            24,
            ["BCH*04*SA*4711***20261121", "POC*1*QI*2*2*DZ*4.15**VP*A-1"],
            "in the unit of the order",
        ),
    ] {
        let items = stage.send(stage.buyer, change(control, &segments)).await;
        assert_eq!(states(&items), ["quarantined"], "{control} {items:#?}");
        let why = items[0]["faults"][0]["text"].as_str().unwrap();
        assert!(why.contains(plain), "{why}");
    }
    let all = stage.get(stage.vendor, &format!("{path}/changes")).await.expect(200);
    assert_eq!(all["items"], json!([]));
    assert_eq!(one(&stage, &path).await["revision"], 2);
}

async fn a_buyer_in_the_browser_calls_an_order_off(stage: Stage) {
    let path = ordered(&stage).await;
    let changes = format!("{path}/changes");
    let form = |revision: i64| json!({ "revision": revision, "cancels": true, "note": "The hall burnt down" });
    stage.post(stage.vendor, &changes, form(2)).await.expect(403);
    stage.post(stage.rival, &changes, form(2)).await.expect(404);
    stage.post(stage.buyer, &changes, form(1)).await.expect(409);
    let asked = stage.post(stage.buyer, &changes, form(2)).await.expect(201);
    assert_eq!(
        (&asked["items"][0]["state"], &asked["items"][0]["cancels"]),
        (&json!("asked"), &json!(true))
    );

    answer(&stage, &path, 1, &[("1", true), ("2", true)]).await;

    let order = one(&stage, &path).await;
    assert_eq!(
        (&order["state"], &order["total_minor"]),
        (&json!("cancelled"), &json!(1370))
    );
    // The order came by EDI, so its answer goes there too.
    let (kind, raw) = last_paper(&stage, &path).await;
    assert_eq!(kind, "865");
    assert!(raw.contains("ACK*ID"), "{raw}");
    // What was called off is changed no more.
    let more = json!({ "revision": order["revision"], "lines": [{ "line": "1", "kind": "changed", "quantity": "9" }] });
    let late = stage.post(stage.buyer, &changes, more).await.expect(409);
    assert!(late["detail"].as_str().unwrap().contains("cancelled"), "{late}");
}

/// What asks for 9 of line 1 and 4 of a new line 3, in the dialect of the order.
fn more(edifact: bool) -> String {
    if edifact {
        return [
            "UNB+UNOC:3+DORN:ZZZ+VEGA:ZZZ+261121:0930+32++++1",
            "UNH+1+ORDCHG:D:96A:UN",
            "BGM+230+C-1+4",
            "DTM+137:20261121:102",
            "RFF+ON:4711",
            "NAD+BY+D1::92++Dorn",
            "CUX+2:EUR:9",
            "LIN+1+3+A-1:SA",
            "QTY+21:9:PCE",
            "PRI+AAA:4.15",
            "LIN+3+1+A-3:SA",
            "QTY+21:4:PCE",
            "PRI+AAA:2",
            "UNS+S",
            "CNT+2:2",
            "UNT+15+1",
            "UNZ+1+32",
            "",
        ]
        .join("'\n");
    }
    change(
        32,
        &[
            "BCH*04*SA*4711***20261121",
            "POC*1*QI*9*6*EA*4.15**VP*A-1",
            "POC*3*AI*4*4*EA*2**VP*A-3",
            "CTT*2",
        ],
    )
}

async fn counter(stage: &Stage, edifact: bool) {
    let path = if edifact {
        let paper = super::edifact::order_of("31", "4711");
        super::fulfilment::accepted(stage, paper).await
    } else {
        ordered(stage).await
    };
    let items = stage.send(stage.buyer, more(edifact)).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let offer =
        json!({ "quantity": "5", "unit_price": "4.00", "requested_on": "2027-01-15" });
    let form = |revision: &Value, offer: &Value| {
        json!({ "revision": revision, "note": "Five by January", "lines": [
            { "line": "1", "accept": true, "offer": offer }, { "line": "3", "accept": true },
        ]})
    };
    let revision = one(stage, &path).await["revision"].clone();
    let at = format!("{path}/changes/1/answer");
    for bad in [json!({ "quantity": "0" }), json!({ "unit_price": "dear" })] {
        let refused = stage.post(stage.vendor, &at, form(&revision, &bad)).await;
        let refused = refused.expect(422)["detail"].to_string();
        assert!(refused.contains("line 1: "), "{refused}");
    }
    assert_eq!(one(stage, &path).await["revision"], revision);

    let told = stage.post(stage.vendor, &at, form(&revision, &offer)).await.expect(200);

    assert_eq!(told["items"][0]["state"], "accepted_in_part");
    assert_eq!(told["items"][0]["lines"][0]["offered"]["quantity"], "5");
    assert_eq!(told["items"][0]["lines"][0]["quantity"], "9", "what was asked stays");
    let order = one(stage, &path).await;
    // 5 × 4.00, 10 × 0.125, 4 × 2.
    assert_eq!(order["total_minor"], 2000 + 125 + 800);
    assert_eq!(order["lines"][0]["requested_on"], "2027-01-15");
    let (kind, raw) = last_paper(stage, &path).await;
    let says: &[&str] = if edifact {
        assert_eq!(kind, "ORDRSP");
        &["LIN+1+6+", "QTY+113:5:PCE", "PRI+AAA:4'", "DTM+69:20270115", "LIN+3+5+"]
    } else {
        assert_eq!(kind, "865");
        &["POC*1*CA*5*5*EA*4*PE*VP*A-1", "ACK*IC*5*EA*069*20270115", "ACK*IA*4*EA"]
    };
    for text in says {
        assert!(raw.contains(text), "{text} in {raw}");
    }
    let read = super::fulfilment::read(raw.as_bytes());
    assert_eq!(read.lines[0].confirmations[0].status, "changed", "{raw}");
    if let Some(read) = read_by_a_peer(&raw) {
        assert!(read.contains("4711"), "{read}");
    }
}

async fn a_counter_offer_on_an_860_becomes_the_order_and_goes_out_as_865(stage: Stage) {
    counter(&stage, false).await;
}

async fn a_counter_offer_on_an_ordchg_becomes_the_order_and_goes_out_as_ordrsp(
    stage: Stage,
) {
    counter(&stage, true).await;
}
