//! Counter-offers on orders: taken or refused by the buyer in the browser or by EDI, heard by the seller.

use serde_json::{Value, json};

use super::{
    Stage,
    edifact::order_of,
    fulfilment::{last, read},
    stage::{Order, interchange},
    states,
};

scenes! {
    a_buyer_takes_one_line_of_a_counter_offer_and_refuses_the_other
    a_counter_offer_that_is_refused_whole_calls_the_order_off
    an_860_that_says_what_is_offered_takes_it_and_is_answered
    an_ordchg_that_says_what_is_offered_takes_it_and_is_answered
    an_860_that_asks_for_something_else_waits_for_the_seller
    what_is_under_way_is_neither_taken_nor_refused
    a_seller_on_x12_hears_by_860_what_became_of_its_offer
    a_seller_on_edifact_hears_by_ordchg_what_became_of_its_offer
}

/// An order of 3 × 4.15 and 10 × 0.125 of which Vega offers 2 at 4.20, and 10 a week later.
async fn countered(stage: &Stage, paper: String) -> String {
    let items = stage.send(stage.buyer, paper).await;
    let path = format!("/orders/{}", items[0]["order"]["id"].as_str().unwrap());
    let one = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(one["counter"], Value::Null);
    let answer = json!({ "revision": one["revision"], "lines": [
        { "line": "1", "decision": "change", "quantity": "2", "unit_price": "4.20" },
        { "line": "2", "decision": "change", "requested_on": "2027-01-15" },
    ]});
    stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    path
}

async fn see(stage: &Stage, path: &str) -> Value {
    let [seen, bought] = [stage.vendor, stage.buyer].map(|who| stage.get(who, path));
    let (seen, bought) = (seen.await.expect(200), bought.await.expect(200));
    for what in ["state", "lines", "counter", "total_minor", "revision"] {
        assert_eq!(seen[what], bought[what], "both see the same {what}");
    }
    seen
}

fn said(revision: &Value, note: &str, lines: &[(&str, bool)]) -> Value {
    let lines: Vec<_> =
        lines.iter().map(|(line, take)| json!({ "line": line, "take": take })).collect();
    json!({ "revision": revision, "note": note, "lines": lines })
}

async fn a_buyer_takes_one_line_of_a_counter_offer_and_refuses_the_other(stage: Stage) {
    let deal = stage.deal("Hall 4", "Somebody").await;
    let named = Order { reference: Some("hall 4"), ..Order::default() };
    let path = countered(&stage, named.alone(1)).await;
    let order = see(&stage, &path).await;
    // 2 × 4.20 + 10 × 0.125, and nothing of it binds yet.
    assert_eq!(order["counter"]["total_minor"], 840 + 125, "{order:#}");
    assert_eq!(order["total_minor"], 1245 + 125);
    let (at, revision) = (format!("{path}/counter-offer"), order["revision"].clone());
    let both = said(&revision, "Too late for us", &[("1", true), ("2", false)]);
    stage.post(stage.rival, &at, both.clone()).await.expect(404);
    stage.post(stage.vendor, &at, both.clone()).await.expect(403);
    stage.post(stage.buyer, &at, said(&json!(1), "", &[("1", true)])).await.expect(409);
    for (note, lines, why) in [
        ("", &[("1", true), ("2", false)][..], "say why"),
        ("", &[], "at least one line"),
        ("", &[("9", true)], "line 9: nothing is offered otherwise"),
        ("", &[("1", true), ("1", true)], "line 1: it is named twice"),
    ] {
        let refused = stage.post(stage.buyer, &at, said(&revision, note, lines)).await;
        let refused = refused.expect(422)["detail"].to_string();
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(see(&stage, &path).await["revision"], revision, "nothing was changed");

    stage.post(stage.buyer, &at, both.clone()).await.expect(200);

    let order = see(&stage, &path).await;
    assert_eq!(
        (&order["state"], &order["total_minor"]),
        (&json!("changed"), &json!(840))
    );
    assert_eq!(order["counter"], Value::Null);
    assert_eq!(order["lines"].as_array().unwrap().len(), 1);
    let line = &order["lines"][0];
    assert_eq!((&line["quantity"], &line["unit_price"]), (&json!("2"), &json!("4.20")));
    assert_eq!(line["answer"], json!({ "decision": "accept" }));
    let all = stage.get(stage.vendor, &format!("{path}/changes")).await.expect(200);
    let kept = &all["items"][0];
    assert_eq!(
        (&kept["settles"], &kept["state"]),
        (&json!(true), &json!("accepted_in_part"))
    );
    assert_eq!(kept["note"], "Too late for us");
    assert_eq!(kept["before"][0]["quantity"], "3", "what was ordered stays to be read");
    stage.post(stage.buyer, &at, both).await.expect(409);
    let once = "select count(*) from notification where kind = 'counter_settled'";
    assert_eq!(stage.count(once).await, 1);
    let room = stage.room(deal).await;
    let card = room.iter().rfind(|(kind, _)| kind == "order").unwrap();
    assert_eq!(
        (&card.1["counter"], &card.1["state"], &card.1["amount_minor"]),
        (&json!("accepted_in_part"), &json!("changed"), &json!(840))
    );
}

async fn a_counter_offer_that_is_refused_whole_calls_the_order_off(stage: Stage) {
    let path = countered(&stage, Order::default().alone(1)).await;
    let order = see(&stage, &path).await;
    let none = said(&order["revision"], "Too dear", &[("1", false), ("2", false)]);

    stage.post(stage.buyer, &format!("{path}/counter-offer"), none).await.expect(200);

    let order = see(&stage, &path).await;
    assert_eq!(order["state"], "cancelled");
    assert_eq!(order["lines"].as_array().unwrap().len(), 2, "it stays to be read");
    let ship = json!({ "revision": order["revision"], "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] });
    stage.post(stage.vendor, &format!("{path}/shipments"), ship).await.expect(409);
}

fn change(control: u32, segments: &[&str]) -> String {
    let body: String = segments.iter().map(|it| [it, "~\n"].concat()).collect();
    let set =
        format!("ST*860*{control:04}~\n{body}SE*{}*{control:04}~\n", segments.len() + 2);
    interchange("DORN", "VEGA", control, "PC", &[set])
}

const TAKES: [&str; 4] = [
    "BCH*04*SA*4711***20261121",
    "POC*1*CA*2*0*EA*4.2**VP*A-1",
    "POC*2*DI*10*0*EA*0.125**VP*A-2",
    "CTT*2",
];

/// After line 1 was taken and line 2 refused by EDI.
async fn settled_by_edi(stage: &Stage, path: &str, kind: &str) {
    let order = see(stage, path).await;
    assert_eq!(
        (&order["state"], &order["total_minor"], &order["counter"]),
        (&json!("changed"), &json!(840), &Value::Null)
    );
    let all = stage.get(stage.vendor, &format!("{path}/changes")).await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all:#}");
    assert_eq!(all["items"][0]["settles"], true);
    let told = read(&last(stage, path, kind).await);
    assert_eq!(told.answer.as_deref(), Some("accepted"));
    let words = told.lines.iter().map(|it| it.confirmations[0].status.as_str());
    assert_eq!(words.collect::<Vec<_>>(), ["accepted", "deleted"]);
    for (kind, many) in [("counter_settled", 1), ("change_asked", 0)] {
        let sql: &'static str = match kind {
            "counter_settled" => {
                "select count(*) from notification where kind = 'counter_settled'"
            }
            _ => "select count(*) from notification where kind = 'change_asked'",
        };
        assert_eq!(stage.count(sql).await, many, "{kind}");
    }
}

async fn an_860_that_says_what_is_offered_takes_it_and_is_answered(stage: Stage) {
    let path = countered(&stage, Order::default().alone(1)).await;

    let items = stage.send(stage.buyer, change(11, &TAKES)).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    settled_by_edi(&stage, &path, "865").await;
    // The very same words once more are the same yes.
    let again = stage.send(stage.buyer, change(12, &TAKES)).await;
    assert_eq!(states(&again), ["applied"], "{again:#?}");
    settled_by_edi(&stage, &path, "865").await;
    let out = "select count(*) from interchange where direction = 'out' and kind = '865'";
    assert_eq!(stage.count(out).await, 1);
}

async fn an_ordchg_that_says_what_is_offered_takes_it_and_is_answered(stage: Stage) {
    let path = countered(&stage, order_of("31", "4711")).await;
    let paper = [
        "UNB+UNOC:3+DORN:ZZZ+VEGA:ZZZ+261121:0930+32++++1",
        "UNH+1+ORDCHG:D:96A:UN",
        "BGM+230+C-1+4",
        "DTM+137:20261121:102",
        "RFF+ON:4711",
        "NAD+BY+D1::92++Dorn",
        "CUX+2:EUR:9",
        "LIN+1+3+A-1:SA",
        "QTY+21:2:PCE",
        "PRI+AAA:4.20",
        "LIN+2+2+A-2:SA",
        "UNS+S",
        "CNT+2:2",
        "UNT+13+1",
        "UNZ+1+32",
        "",
    ]
    .join("'\n");

    let items = stage.send(stage.buyer, paper).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    settled_by_edi(&stage, &path, "ORDRSP").await;
}

async fn an_860_that_asks_for_something_else_waits_for_the_seller(stage: Stage) {
    let path = countered(&stage, Order::default().alone(1)).await;
    let asks = [TAKES[0], "POC*1*CA*2*0*EA*4.15**VP*A-1", TAKES[2], TAKES[3]];

    stage.send(stage.buyer, change(11, &asks)).await;

    let all = stage.get(stage.vendor, &format!("{path}/changes")).await.expect(200);
    assert_eq!(
        (&all["items"][0]["settles"], &all["items"][0]["state"]),
        (&json!(false), &json!("asked"))
    );
    let order = see(&stage, &path).await;
    assert_eq!(order["counter"]["lines"].as_array().unwrap().len(), 2);
}

async fn what_is_under_way_is_neither_taken_nor_refused(stage: Stage) {
    let path = countered(&stage, Order::default().alone(1)).await;
    let order = see(&stage, &path).await;
    let ship = json!({ "revision": order["revision"], "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] });
    stage.post(stage.vendor, &format!("{path}/shipments"), ship).await.expect(201);

    let order = see(&stage, &path).await;
    let late = said(&order["revision"], "", &[("1", true)]);
    let late = stage.post(stage.buyer, &format!("{path}/counter-offer"), late).await;

    assert!(late.expect(409)["detail"].as_str().unwrap().contains("part_shipped"));
    assert_eq!(order["counter"], Value::Null);
}

/// Dorn's order to Acme, which is not here, and Acme's offer of 2 at 4.20 of line 1.
async fn bought(stage: &Stage, syntax: &str, offer: String) -> String {
    let form = json!({
        "seller": { "name": "Acme Supply", "identifier": "ZZ:ACME", "syntax": syntax },
        "number": "PO-1", "ordered_on": "2026-11-20", "currency": "EUR",
        "lines": [
            { "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "4.15" },
            { "product": "A-2", "quantity": "10", "unit": "EA", "unit_price": "0.125" },
        ],
    });
    let one = stage.post(stage.buyer, "/orders", form).await.expect(201);
    let items = stage.send(stage.buyer, offer).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    format!("/orders/{}", one["id"].as_str().unwrap())
}

async fn heard(stage: &Stage, path: &str, kind: &str) -> trade::Document {
    let order = stage.get(stage.buyer, path).await.expect(200);
    assert_eq!(order["counter"]["total_minor"], 840 + 125, "{order:#}");
    let taken = said(&order["revision"], "", &[("1", true)]);
    let at = format!("{path}/counter-offer");
    let order = stage.post(stage.buyer, &at, taken).await.expect(200);
    assert_eq!(
        (&order["state"], &order["total_minor"]),
        (&json!("changed"), &json!(965)),
        "{order:#}"
    );
    let papers = order["documents"].as_array().unwrap();
    let paper = papers.iter().find(|it| it["kind"] == kind).unwrap();
    assert_eq!((&paper["direction"], &paper["state"]), (&json!("out"), &json!("built")));
    let raw = format!("/edi/interchanges/{}/raw", paper["id"].as_str().unwrap());
    let told = read(&stage.get(stage.buyer, &raw).await.bytes);
    assert_eq!((told.kind, told.lines.len()), (trade::Kind::OrderChange, 1));
    assert_eq!(told.about.as_ref().unwrap().number, "PO-1");
    let line = &told.lines[0];
    assert_eq!(line.change.as_deref(), Some("changed"));
    assert_eq!(line.quantity.unwrap().to_string(), "2");
    assert_eq!(line.price.unwrap().normalize().to_string(), "4.2");
    told
}

fn from_acme(control: u32, code: &str, kind: &str, segments: &[&str]) -> String {
    let (count, body) = (segments.len() + 2, segments.join("~\n"));
    let set = format!("ST*{kind}*0001~\n{body}~\nSE*{count}*0001~\n");
    interchange("ACME", "DORN", control, code, &[set])
}

async fn a_seller_on_x12_hears_by_860_what_became_of_its_offer(stage: Stage) {
    let offer = [
        "BAK*00*AC*PO-1*20261120****S-9*20261122",
        "PO1*1*3*EA*4.2**VP*A-1",
        "ACK*IC*2*EA",
        "PO1*2*10*EA*0.125**VP*A-2",
        "ACK*IA*10*EA",
    ];
    let path = bought(&stage, "x12", from_acme(2, "PR", "855", &offer)).await;

    heard(&stage, &path, "860").await;

    // Its yes to what it offered itself changes nothing; another word than that waits for a person.
    let head = "BCA*00*AC*PO-1***20261120****20261124";
    let yes = [head, "POC*1*CA*2*0*EA*4.2**VP*A-1", "ACK*IA*2*EA", "CTT*1"];
    let items = stage.send(stage.buyer, from_acme(3, "CA", "865", &yes)).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let no = [head, "POC*1*CA*2*0*EA*4.2**VP*A-1", "ACK*IR*2*EA", "CTT*1"];
    let items = stage.send(stage.buyer, from_acme(4, "CA", "865", &no)).await;
    assert_eq!(states(&items), ["quarantined"], "{items:#?}");
    let order = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(order["total_minor"], 965);
}

async fn a_seller_on_edifact_hears_by_ordchg_what_became_of_its_offer(stage: Stage) {
    let offer = [
        "UNB+UNOC:3+ACME:ZZ+DORN:ZZ+261122:0930+7",
        "UNH+1+ORDRSP:D:96A:UN",
        "BGM+231+S-9+9+AC",
        "DTM+137:20261122:102",
        "RFF+ON:PO-1",
        "NAD+BY+D1::92++Dorn",
        "CUX+2:EUR:9",
        "LIN+1+3+A-1:SA",
        "QTY+21:3:PCE",
        "QTY+113:2:PCE",
        "PRI+AAA:4.2",
        "LIN+2+5+A-2:SA",
        "QTY+21:10:PCE",
        "PRI+AAA:0.125",
        "UNS+S",
        "CNT+2:2",
        "UNT+16+1",
        "UNZ+1+7",
        "",
    ]
    .join("'\n");
    let path = bought(&stage, "edifact", offer).await;

    heard(&stage, &path, "ORDCHG").await;
}
