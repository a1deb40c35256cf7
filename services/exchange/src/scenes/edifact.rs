//! The same trade in EDIFACT: ORDERS in, CONTRL and ORDRSP out.

use serde_json::json;

use super::stage::Stage;

/// An ORDERS message of D.96A with two lines.
fn message(number: &str, quantity: &str) -> Vec<String> {
    [
        "UNH+1+ORDERS:D:96A:UN",
        &format!("BGM+220+{number}+9"),
        "DTM+137:20261120:102",
        "DTM+2:20261204:102",
        "RFF+CT:Hall 4",
        "NAD+BY+D1::92++Dorn",
        "CUX+2:EUR:9",
        "LIN+1++A-1:SA",
        "IMD+F++:::Bracket",
        &format!("QTY+21:{quantity}:PCE"),
        "PRI+AAA:4.15",
        "LIN+2++A-2:SA",
        "QTY+21:10:PCE",
        "PRI+AAA:0.125",
        "UNS+S",
        "CNT+2:2",
        "UNT+17+1",
    ]
    .map(str::to_owned)
    .into()
}

/// An interchange of Dorn to Vega; `asks` for a CONTRL or does not.
fn interchange(control: &str, asks: bool, messages: &[Vec<String>]) -> String {
    let receipt = if asks { "++++1" } else { "" };
    let mut segments =
        vec![format!("UNB+UNOC:3+DORN:ZZZ+VEGA:ZZZ+261120:0930+{control}{receipt}")];
    segments.extend(messages.iter().flatten().cloned());
    segments.push(format!("UNZ+{}+{control}", messages.len()));
    segments.join("'\n") + "'\n"
}

/// An interchange with one order.
pub(super) fn order(control: &str) -> String {
    order_of(control, "4799")
}

/// An interchange with the order of a number.
pub(super) fn order_of(control: &str, number: &str) -> String {
    interchange(control, false, &[message(number, "3")])
}

pub(super) async fn an_orders_becomes_an_order_and_is_answered_by_contrl_and_ordrsp(
    stage: Stage,
) {
    let paper = interchange("77", true, &[message("4711", "3")]);
    let items = stage.send(stage.buyer, paper).await;

    assert_eq!(
        (&items[0]["state"], &items[0]["kind"]),
        (&json!("applied"), &json!("ORDERS"))
    );
    assert_eq!(items[0]["acknowledged_by"][0]["kind"], "CONTRL");
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let order = &orders["items"][0];
    assert_eq!(order["number"], "4711");
    assert_eq!(order["total_minor"], 3 * 415 + 125);
    assert_eq!(order["buyer"]["name"], "Dorn");
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let one = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(one["lines"][0]["product"], "A-1");
    assert_eq!(one["lines"][0]["description"], "Bracket");
    let answer = json!({ "revision": one["revision"], "note": "Two now, one later", "lines": [
        { "line": "1", "decision": "change", "quantity": "2", "requested_on": "2026-12-24" },
        { "line": "2", "decision": "accept" },
    ]});
    let answered =
        stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    let kinds: Vec<_> =
        answered["documents"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["ORDERS", "CONTRL", "ORDRSP"]);
    let raw = |id: &serde_json::Value| {
        format!("/edi/interchanges/{}/raw", id.as_str().unwrap())
    };
    let contrl =
        stage.get(stage.buyer, &raw(&answered["documents"][1]["id"])).await.text();
    assert!(contrl.contains("UCI+77+DORN:ZZZ+VEGA:ZZZ+7'"), "{contrl}");
    let ordrsp =
        stage.get(stage.buyer, &raw(&answered["documents"][2]["id"])).await.text();
    for told in [
        "ORDRSP:D:96A:UN",
        "RFF+ON:4711",
        "LIN+1+6",
        "QTY+113:2:PCE",
        "DTM+69:20261224",
        "Two now, one later",
    ] {
        assert!(ordrsp.contains(told), "{told} in {ordrsp}");
    }
    // What is written is good by our own tables, and says what the seller said.
    let read = ::edifact::read(ordrsp.as_bytes()).unwrap();
    let verdict = ::edifact::check(&read[0]);
    assert_eq!(verdict.all().count(), 0, "{verdict:#?}");
    // The buyer's CONTRL settles it.
    let number = read[0].header.control.clone();
    let receipt = [
        "UNH+1+CONTRL:D:3:UN".to_owned(),
        format!("UCI+{number}+VEGA:ZZZ+DORN:ZZZ+7"),
        "UNT+3+1".to_owned(),
    ];
    let items =
        stage.send(stage.buyer, interchange("78", false, &[receipt.into()])).await;
    assert_eq!(
        (&items[0]["state"], &items[0]["kind"]),
        (&json!("applied"), &json!("CONTRL"))
    );
    assert!(items[0]["acknowledged_by"].as_array().unwrap().is_empty(), "never answered");
    stage.get(stage.rival, &path).await.expect(404);
}

pub(super) async fn a_contrl_is_for_who_asks_and_for_who_errs(stage: Stage) {
    let quiet =
        stage.send(stage.buyer, interchange("1", false, &[message("1", "3")])).await;
    assert_eq!(quiet[0]["state"], "applied");
    assert!(quiet[0]["acknowledged_by"].as_array().unwrap().is_empty());

    // A bad message stands beside a good one: the good one is an order.
    let mut bad = message("2", "3");
    bad[6] = "CUX+2:EURO:9".to_owned();
    bad[0] = "UNH+2+ORDERS:D:96A:UN".to_owned();
    bad[16] = "UNT+17+2".to_owned();
    let both = interchange("2", false, &[message("3", "5"), bad]);
    let items = stage.send(stage.buyer, both).await;
    assert_eq!(items[0]["state"], "quarantined", "{items:#?}");
    let fault = &items[0]["faults"][0];
    assert_eq!((&fault["segment"], &fault["value"]), (&json!("CUX"), &json!("EURO")));
    assert_eq!(items[0]["acknowledged_by"][0]["kind"], "CONTRL");
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);

    // Money is not guessed.
    let mut poor = message("4", "5");
    poor.remove(6);
    poor[15] = "UNT+16+1".to_owned();
    let items = stage.send(stage.buyer, interchange("3", true, &[poor])).await;
    assert_eq!(items[0]["state"], "quarantined");
    let why = items[0]["faults"][0]["text"].as_str().unwrap();
    assert!(why.contains("CUX"), "{why}");
    // The same interchange twice is one order, and is answered again.
    let again =
        stage.send(stage.buyer, interchange("1", false, &[message("1", "3")])).await;
    assert_eq!(again[0]["state"], "duplicate");
}
