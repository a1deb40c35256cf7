//! The seller's own system credits a part of what it invoiced.

use serde_json::{Value, json};

use super::{
    super::{
        fulfilment::{last, read},
        stage::{Order, Stage, interchange},
        states,
    },
    answer, bill,
    elsewhere::edifact_of,
    from_vega, ordered, why,
};

scenes! {
    a_credit_note_of_a_sellers_own_system_is_as_one_of_its_page
    a_credit_note_that_does_not_fit_waits_with_its_reason
    a_credit_note_of_a_seller_elsewhere_is_refused
}

/// A credit note for the invoice R-77, in X12: 2 of A-1 at 4.15, with 19 % of tax.
fn note(control: u32, number: &str) -> String {
    from_vega(
        control,
        "IN",
        "810",
        &[
            &format!("BIG*20261130*{number}*20261120*4711***CR"),
            "NTE*GEN*Two were broken",
            "CUR*SE*EUR",
            "REF*IV*R-77",
            "IT1*1*2*EA*4.15**VP*A-1",
            "TDS*988",
            "TXI*VA*1.58*19*****8.3",
            "CTT*1",
        ],
    )
}

/// An order of Dorn's that Vega took on and invoiced as R-77; gives the order and the invoice.
async fn invoiced(stage: &Stage) -> (String, String) {
    let order = ordered(stage, Order::default().alone(1)).await;
    let lines = [
        "PO1*1*3*EA*4.15**VP*A-1",
        "ACK*IA*3*EA",
        "PO1*2*10*EA*0.125**VP*A-2",
        "ACK*IA*10*EA",
    ];
    for paper in [answer(1, &lines), bill(2, "R-77", "2213")] {
        let items = stage.send(stage.vendor, paper).await;
        assert_eq!(states(&items), ["applied"], "{items:#?}");
    }
    let bills = stage.get(stage.buyer, "/invoices?side=buyer").await.expect(200);
    (order, format!("/invoices/{}", bills["items"][0]["id"].as_str().unwrap()))
}

async fn credits(stage: &Stage, who: gate::Caller, invoice: &str) -> Value {
    stage.get(who, invoice).await.expect(200)["credit_notes"].clone()
}

async fn a_credit_note_of_a_sellers_own_system_is_as_one_of_its_page(stage: Stage) {
    let (order, invoice) = invoiced(&stage).await;

    let items = stage.send(stage.vendor, note(3, "C-1")).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let seen = credits(&stage, stage.buyer, &invoice).await;
    assert_eq!((seen.as_array().unwrap().len(), &seen[0]["number"]), (1, &json!("C-1")));
    let path = format!("/invoices/{}", seen[0]["id"].as_str().unwrap());
    let one = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!((&one["kind"], &one["total_minor"]), (&json!("credit_note"), &json!(988)));
    assert_eq!(
        (&one["note"], &one["tax_minor"]),
        (&json!("Two were broken"), &json!(158))
    );
    stage.get(stage.rival, &path).await.expect(404);
    let told = "select count(*) from notification where kind = 'invoice_credited'";
    assert_eq!(stage.count(told).await, 1, "the buyer's people hear of it");
    let out = read(&last(&stage, &order, "810").await);
    assert_eq!(out.invoice_type.as_deref(), Some("credit_note"));
    assert_eq!(out.amount("total").unwrap().to_string(), "9.88");

    // The same once more, under a number of its own, changes nothing.
    let items = stage.send(stage.vendor, note(4, "C-1")).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    // In EDIFACT, though the order came in X12; then the freight, which is of no product.
    let one = edifact_of(
        "5",
        "INVOIC",
        &[
            "BGM+381+C-2+9",
            "DTM+137:20261201:102",
            "RFF+ON:4711",
            "RFF+IV:R-77",
            "NAD+SU+V1::92++Vega",
            "NAD+BY+D1::92++Dorn",
            "CUX+2:EUR:4",
            "LIN+1++A-1:VP",
            "QTY+47:1:EA",
            "PRI+AAA:4.15",
            "TAX+7+VAT+++:::19+S",
            "UNS+S",
            "CNT+2:1",
            "MOA+77:4.94",
            "TAX+7+VAT+++:::19+S",
            "MOA+124:0.79",
        ],
    );
    let items = stage.send(stage.vendor, one).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let freight = note(6, "C-3")
        .replace("IT1*1*2*EA*4.15**VP*A-1", "IT1*3*1*EA*4.9")
        .replace("TDS*988", "TDS*583")
        .replace("1.58*19*****8.3", ".93*19*****4.9");
    let items = stage.send(stage.vendor, freight).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");

    let view = stage.get(stage.vendor, &invoice).await.expect(200);
    assert_eq!(view["credited_minor"], 988 + 494 + 583);
    assert_eq!(view["left"]["lines"][0], json!({ "line": "1", "quantity": "0" }));
    let second = &view["credit_notes"].as_array().unwrap()[1];
    let path = format!("/invoices/{}", second["id"].as_str().unwrap());
    let second = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(second["note"], "Credit note C-2", "it gave no reason");
}

async fn a_credit_note_that_does_not_fit_waits_with_its_reason(stage: Stage) {
    let (_, invoice) = invoiced(&stage).await;
    let good = note(3, "C-1");
    stage.send(stage.vendor, good.clone()).await;
    let with = |control: u32, number: &str, from: &str, to: &str| {
        let text = note(control, number);
        assert!(text.contains(from), "{text}");
        text.replace(from, to)
    };

    for (paper, told) in [
        (with(4, "C-2", "REF*IV*R-77", "REF*VN*R-77"), "does not name the invoice"),
        (
            with(5, "C-2", "REF*IV*R-77", "REF*IV*R-78"),
            "there is no invoice R-78 for this",
        ),
        // A credit note is no invoice, so none credits it.
        (with(6, "C-2", "REF*IV*R-77", "REF*IV*C-1"), "there is no invoice C-1 for this"),
        (note(7, "C-2"), "1 are left to be credited, and not 2"),
        (with(8, "C-2", "A-1~", "A-9~"), "is no line of order 4711"),
        (with(9, "C-1", "TDS*988", "TDS*989"), "another paper C-1"),
        (with(10, "R-77", "TDS*988", "TDS*988"), "another paper R-77"),
        (with(11, "C-2", "IT1*1*2*", "IT1*1*1*"), "it says it comes to 9.88"),
        (with(12, "C-2", "***CR", "***DR"), "neither an invoice nor a credit note"),
        (with(13, "C-2", "CUR*SE*EUR", "CUR*SE*USD"), "it is in USD"),
    ] {
        let items = stage.send(stage.vendor, paper).await;
        let said = why(&items);
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(
        credits(&stage, stage.vendor, &invoice).await.as_array().unwrap().len(),
        1
    );
    // Nobody else says so in the seller's name.
    let items = stage.send(stage.buyer, note(14, "C-9")).await;
    assert_eq!(states(&items), ["quarantined"]);
    assert_eq!(
        credits(&stage, stage.vendor, &invoice).await.as_array().unwrap().len(),
        1
    );
}

async fn a_credit_note_of_a_seller_elsewhere_is_refused(stage: Stage) {
    let form = json!({
        "seller": { "name": "Acme", "identifier": "ZZ:ACME", "syntax": "x12" },
        "number": "4711", "currency": "EUR",
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "4.15" }],
    });
    stage.post(stage.buyer, "/orders", form).await.expect(201);
    let set = "ST*810*0001~\nBIG*20261130*C-1*20261120*4711***CR~\nCUR*SE*EUR~\n\
               REF*IV*R-77~\nIT1*1*2*EA*4.15**VP*A-1~\nTDS*830~\nCTT*1~\nSE*8*0001~\n";
    let file = interchange("ACME", "DORN", 1, "IN", &[set.to_owned()]);

    let items = stage.send(stage.buyer, file).await;
    let said = why(&items);
    assert!(said.contains("that is not on this hub is not taken"), "{said}");
    let paper = "select count(*) from invoice";
    assert_eq!(stage.count(paper).await, 0);
}
