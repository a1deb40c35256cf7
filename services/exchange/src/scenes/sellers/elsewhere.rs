//! The seller's system speaks another dialect than its buyer, who may not be on the hub.

use serde_json::json;

use super::{
    super::{
        edifact,
        fulfilment::{last, read, state},
        stage::{Order, Stage, interchange},
        states,
    },
    answer, from_vega, kinds, ordered, why,
};

pub(super) fn edifact_of(control: &str, kind: &str, segments: &[&str]) -> String {
    let count = segments.len() + 2;
    let body = segments.join("'\n");
    format!(
        "UNB+UNOC:3+VEGA:ZZZ+DORN:ZZZ+261124:0930+{control}'\nUNH+1+{kind}:D:96A:UN'\n{body}'\nUNT+{count}+1'\nUNZ+1+{control}'\n"
    )
}

/// The order came in X12, and its seller's system speaks EDIFACT: its buyer gets X12.
async fn refused(stage: &Stage, paper: String, expected: &str) {
    let items = stage.send(stage.vendor, paper).await;
    assert!(why(&items).contains(expected), "{items:#?}");
}

pub(super) async fn a_seller_speaks_edifact_to_a_buyer_who_speaks_x12(stage: Stage) {
    let order = ordered(&stage, Order::default().alone(1)).await;

    let said = edifact_of(
        "1",
        "ORDRSP",
        &[
            "BGM+231+S-9+9+AC",
            "DTM+137:20261122:102",
            "RFF+ON:4711",
            "NAD+BY+D1::92++Dorn",
            "CUX+2:EUR:9",
            "LIN+1+3+A-1:VP",
            "QTY+21:3:EA",
            "QTY+113:2:EA",
            "PRI+AAA:4.1",
            "LIN+2+5+A-2:VP",
            "QTY+21:10:EA",
            "PRI+AAA:0.125",
            "UNS+S",
            "CNT+2:2",
        ],
    );
    let items = stage.send(stage.vendor, said).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let one = stage.get(stage.buyer, &order).await.expect(200);
    assert_eq!(
        one["lines"][0]["answer"],
        json!({ "decision": "change", "quantity": "2", "unit_price": "4.1" })
    );
    let out = read(&last(&stage, &order, "855").await);
    assert_eq!(out.lines[0].confirmations[0].quantity.unwrap().to_string(), "2");

    let said = edifact_of(
        "2",
        "DESADV",
        &[
            "BGM+351+SHP-1+9",
            "DTM+137:20261124:102",
            "DTM+11:20261124:102",
            "RFF+ON:4711",
            "NAD+SU+V1::92++Vega",
            "NAD+DP+D1::92++Dorn",
            "TDT+20+++++++:::Rail",
            "CPS+1",
            "PAC+1++PX",
            "PCI+33E",
            "GIN+BJ+376104250021234569",
            // Its own numbers of lines: the product tells which line of the order is meant.
            "LIN+7++A-2:VP",
            "QTY+12:10:EA",
            "LIN+8++A-1:VP",
            "QTY+12:2:EA",
        ],
    );
    let items = stage.send(stage.vendor, said).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(state(&stage, stage.buyer, &order).await, "shipped");
    let out = read(&last(&stage, &order, "856").await);
    assert_eq!(out.number, "SHP-1");

    // 2 × 4.10 at 19 %, 10 × 0.125 at 7 %: 9.45 + 1.558 + 0.0875 = 11.10.
    let said = edifact_of(
        "3",
        "INVOIC",
        &[
            "BGM+380+R-77+9",
            "DTM+137:20261125:102",
            "RFF+ON:4711",
            "NAD+SU+V1::92++Vega",
            "NAD+BY+D1::92++Dorn",
            "CUX+2:EUR:4",
            "PAT+3++5:3:D:30",
            "LIN+1++A-1:VP",
            "QTY+47:2:EA",
            "MOA+203:8.20",
            "PRI+AAA:4.1",
            "TAX+7+VAT+++:::19+S",
            "LIN+2++A-2:VP",
            "QTY+47:10:EA",
            "PRI+AAA:0.125",
            "TAX+7+VAT+++:::7+S",
            "UNS+S",
            "CNT+2:2",
            "MOA+77:11.1",
            "TAX+7+VAT+++:::19+S",
            "MOA+124:1.56",
            "TAX+7+VAT+++:::7+S",
            "MOA+124:0.09",
        ],
    );
    let debit = said.replace("BGM+380", "BGM+383").replace("+3'", "+9'");
    refused(&stage, debit, "it is neither an invoice nor a credit note").await;
    let odd = said.replace("MOA+203:8.20", "MOA+203:8.21").replace("+3'", "+10'");
    refused(&stage, odd, "says that it comes to 8.21").await;
    let items = stage.send(stage.vendor, said).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let out = read(&last(&stage, &order, "810").await);
    assert_eq!(out.amount("total").unwrap().to_string(), "11.1");
    let bills = stage.get(stage.buyer, "/invoices?side=buyer").await.expect(200);
    let one = format!("/invoices/{}", bills["items"][0]["id"].as_str().unwrap());
    let one = stage.get(stage.buyer, &one).await.expect(200);
    assert_eq!(one["taxes"].as_array().unwrap().len(), 2);
    assert_eq!((&one["tax_minor"], &one["disagreements"]), (&json!(165), &json!([])));
}

/// A buyer who is not on the hub ordered in EDIFACT; the seller's system answers in X12.
pub(super) async fn a_buyer_who_is_not_here_is_sent_what_the_sellers_system_says(
    stage: Stage,
) {
    let paper = edifact::order_of("1", "4711").replace("DORN:ZZZ", "AWAY:ZZZ");
    let items = stage.send(stage.vendor, paper).await;
    let order = format!("/orders/{}", items[0]["order"]["id"].as_str().unwrap());
    let lines =
        ["PO1*1*3*EA*4.15**VP*A-1", "ACK*IA*3*EA", "PO1*2*10*EA*0.125**VP*A-2", "ACK*IR"];
    let said = answer(1, &lines).replace("DORN ", "AWAY ").replace("*DORN*", "*AWAY*");

    let items = stage.send(stage.vendor, said).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let told = kinds(&stage, stage.vendor, &order).await;
    assert!(told.contains(&"out ORDRSP built".to_owned()), "{told:?}");
    let one = stage.get(stage.vendor, &order).await.expect(200);
    assert_eq!(one["state"], "accepted_with_change");
    assert_eq!(one["lines"][1]["answer"]["decision"], "reject");
    // A partner that never ordered is answered nothing.
    let other = answer(2, &lines).replace("DORN ", "FARR ").replace("*DORN*", "*FARR*");
    let other = stage.send(stage.vendor, other).await;
    assert!(why(&other).contains("you have no order 4711 of ZZ:FARR"), "{other:#?}");
}

pub(super) async fn a_change_is_answered_by_the_sellers_system(stage: Stage) {
    let order = ordered(&stage, Order::default().alone(1)).await;
    let change = |ordinal: u32, quantity: &str| {
        let set = format!(
            "ST*860*0001~\nBCH*04*SA*4711***20261120***C-{ordinal}**20261123~\nPOC*1*QI*{quantity}*0*EA*4.15**VP*A-1~\nCTT*1~\nSE*5*0001~\n"
        );
        interchange("DORN", "VEGA", 10 + ordinal, "PC", &[set])
    };
    let lines = [
        "PO1*1*3*EA*4.15**VP*A-1",
        "ACK*IA*3*EA",
        "PO1*2*10*EA*0.125**VP*A-2",
        "ACK*IA*10*EA",
    ];
    stage.send(stage.vendor, answer(1, &lines)).await;
    let items = stage.send(stage.buyer, change(1, "5")).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let said = |control, ack: &str| {
        from_vega(
            control,
            "CA",
            "865",
            &[
                "BCA*00*AC*4711***20261120****20261124",
                "POC*1*CA*5*0*EA*4.15**VP*A-1",
                ack,
                "CTT*1",
            ],
        )
    };

    let items = stage.send(stage.vendor, said(3, "ACK*IA*5*EA")).await;

    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let one = stage.get(stage.buyer, &order).await.expect(200);
    assert_eq!(
        (&one["state"], &one["lines"][0]["quantity"]),
        (&json!("changed"), &json!("5"))
    );
    let again = stage.send(stage.vendor, said(4, "ACK*IA*5*EA")).await;
    assert!(why(&again).contains("no change of it waits"), "{again:#?}");
    let told = "select count(*) from notification where kind = 'change_answered'";
    assert_eq!(stage.count(told).await, 1);
}
