//! Invoices: their numbers, what they count, and in what they disagree.

use serde_json::{Value, json};

use super::{
    fulfilment::{accepted, invoice, last, read, state, write},
    stage::{Order, Stage},
};

pub(super) async fn a_wrong_invoice_is_taken_back_and_numbers_have_no_gap(stage: Stage) {
    let order = accepted(&stage, Order::default().alone(1)).await;
    let bill = |quantity: &str| {
        let mut form = invoice(&json!([{ "line": "2", "quantity": quantity }]));
        form["basis"] = json!("ordered");
        form
    };
    // What is not sent is not invoiced, unless it is said; nothing refused draws a number.
    let unsent = invoice(&json!([{ "line": "2", "quantity": "1" }]));
    let refused = write(&stage, &order, "invoices", unsent).await.expect(422);
    assert!(refused.to_string().contains("line 2: 0 are to be invoiced"), "{refused}");
    write(&stage, &order, "invoices", bill("11")).await.expect(422);
    let mut typed = bill("1");
    typed["number"] = json!("2026-00002");
    write(&stage, &order, "invoices", typed.clone()).await.expect(201);
    let taken = write(&stage, &order, "invoices", typed).await.expect(409);
    assert!(taken["type"].as_str().unwrap().ends_with("paper-number-taken"), "{taken}");
    let one = write(&stage, &order, "invoices", bill("4")).await.expect(201);
    assert_eq!(one["number"], "2026-00001");
    let path = format!("/invoices/{}", one["id"].as_str().unwrap());

    let form =
        json!({ "revision": 1, "reason": "Wrong quantity", "issued_on": "2026-11-30" });
    stage.post(stage.buyer, &format!("{path}/cancel"), form.clone()).await.expect(403);
    stage.post(stage.rival, &format!("{path}/cancel"), form.clone()).await.expect(404);
    let back = stage
        .post(stage.vendor, &format!("{path}/cancel"), form.clone())
        .await
        .expect(201);

    // 2026-00002 was given by hand, so the next one is 3.
    assert_eq!(
        (&back["number"], &back["kind"]),
        (&json!("2026-00003"), &json!("cancellation"))
    );
    assert_eq!(back["cancels"]["number"], "2026-00001");
    assert_eq!(back["total_minor"], one["total_minor"]);
    stage.post(stage.vendor, &format!("{path}/cancel"), form).await.expect(409);
    let gone = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(
        (&gone["state"], &gone["cancelled_by"]),
        (&json!("cancelled"), &back["id"])
    );
    let answer = json!({ "answer": "approve", "revision": 2 });
    stage.post(stage.buyer, &format!("{path}/answer"), answer).await.expect(409);
    let told = read(&last(&stage, &order, "810").await);
    assert_eq!(
        (told.purpose.as_str(), told.number.as_str()),
        ("cancellation", "2026-00003")
    );
    let wrong = told.references.iter().find(|it| it.kind == "invoice").unwrap();
    assert_eq!(wrong.number, "2026-00001");
    // What it invoiced may be invoiced anew: 1 of 10 is, by the one that stands.
    let anew = write(&stage, &order, "invoices", bill("9")).await.expect(201);
    assert_eq!(anew["number"], "2026-00004");
    write(&stage, &order, "invoices", bill("1")).await.expect(422);
}

pub(super) async fn invoices_written_at_once_count_each_thing_once(stage: Stage) {
    let order = accepted(&stage, Order::default().alone(1)).await;
    let one = stage.get(stage.vendor, &order).await.expect(200);
    let form = json!({
        "revision": one["revision"], "issued_on": "2026-11-25", "basis": "ordered",
        "lines": [{ "line": "1", "quantity": "2" }],
    });
    let (path, vendor) = (format!("{order}/invoices"), stage.vendor);

    let all = [0; 4].map(|_| stage.post(vendor, &path, form.clone()));
    let [one, two, three, four] = all;
    let told = tokio::join!(one, two, three, four);

    let told = [told.0, told.1, told.2, told.3].map(|it| it.status);
    assert_eq!(told.iter().filter(|it| **it == 201).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|it| **it == 409).count(), 3, "{told:?}");
    assert_eq!(stage.count("select max(last_used) from invoice_number").await, 1);
}

pub(super) async fn a_buyer_sees_in_what_an_invoice_disagrees(stage: Stage) {
    let order = accepted(&stage, Order::default().alone(1)).await;
    let part = json!([{ "line": "1", "quantity": "1" }]);
    let plain = json!({ "sent_on": "2026-11-24", "lines": part });
    write(&stage, &order, "shipments", plain).await.expect(201);

    let form = json!({ "issued_on": "2026-11-25", "basis": "ordered", "lines": [
        { "line": "1", "quantity": "3", "unit_price": "4.20" }, { "line": "2", "quantity": "10" },
    ]});
    let one = write(&stage, &order, "invoices", form).await.expect(201);

    let path = format!("/invoices/{}", one["id"].as_str().unwrap());
    let theirs = stage.get(stage.buyer, &path).await.expect(200);
    let told = theirs["disagreements"].as_array().unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|it| {
            (
                it["what"].as_str().unwrap(),
                it["line"].as_str(),
                it["expected"].as_str(),
                it["invoiced"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("price", Some("1"), Some("4.15"), "4.2"),
            ("more_than_shipped", Some("1"), Some("1"), "3"),
            ("more_than_shipped", Some("2"), Some("0"), "10"),
            ("total", None, Some("13.70"), "13.85"),
        ]
    );
    assert_eq!(theirs["may"]["dispute"], true);
    assert_eq!(state(&stage, stage.buyer, &order).await, "part_shipped");
}

pub(super) async fn a_part_of_an_invoice_is_credited_and_never_more_than_is_left(
    stage: Stage,
) {
    let order = accepted(&stage, Order::default().alone(1)).await;
    let form = json!({ "issued_on": "2026-11-25", "basis": "ordered", "lines": [
        { "line": "1", "quantity": "3", "tax_percent": "19" }, { "line": "2", "quantity": "10" },
    ]});
    let bill = write(&stage, &order, "invoices", form).await.expect(201);
    let path = format!("/invoices/{}", bill["id"].as_str().unwrap());
    assert_eq!(bill["may"]["credit"], true);
    let credit = |revision: i64, lines: Value, amounts: Value| {
        json!({ "revision": revision, "reason": "Two were broken", "issued_on": "2026-11-30",
            "lines": lines, "amounts": amounts })
    };
    let two = credit(1, json!([{ "line": "1", "quantity": "2" }]), json!([]));
    let at = format!("{path}/credit");
    stage.post(stage.buyer, &at, two.clone()).await.expect(403);
    stage.post(stage.rival, &at, two.clone()).await.expect(404);
    let mut silent = two.clone();
    silent["reason"] = json!(" ");
    stage.post(stage.vendor, &at, silent).await.expect(422);
    let four = credit(1, json!([{ "line": "1", "quantity": "4" }]), json!([]));
    let refused = stage.post(stage.vendor, &at, four).await.expect(422);
    assert!(refused.to_string().contains("3 are left to be credited"), "{refused}");

    // 2 at 4.15 with 19 % are 9.88; nothing that was refused drew a number.
    let note = stage.post(stage.vendor, &at, two.clone()).await.expect(201);
    assert_eq!(
        (&note["kind"], &note["number"], &note["total_minor"]),
        (&json!("credit_note"), &json!("2026-00002"), &json!(988))
    );
    assert_eq!(note["credits"]["number"], bill["number"]);
    stage.post(stage.vendor, &at, two).await.expect(409);
    let told = read(&last(&stage, &order, "810").await);
    assert_eq!(told.invoice_type.as_deref(), Some("credit_note"));
    assert_eq!((told.purpose.as_str(), told.number.as_str()), ("original", "2026-00002"));
    let credited = told.references.iter().find(|it| it.kind == "invoice").unwrap();
    assert_eq!(credited.number, "2026-00001");
    assert_eq!(told.amount("total").unwrap().to_string(), "9.88");

    let theirs = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(
        (&theirs["credited_minor"], &theirs["credit_notes"][0]["number"]),
        (&json!(988), &json!("2026-00002"))
    );
    assert_eq!(theirs["left"]["lines"][0], json!({ "line": "1", "quantity": "1" }));
    assert_eq!(
        (&theirs["may"]["credit"], &theirs["may"]["approve"]),
        (&json!(false), &json!(true))
    );
    let at_note = format!("/invoices/{}", note["id"].as_str().unwrap());
    stage.get(stage.buyer, &at_note).await.expect(200);
    stage.get(stage.rival, &at_note).await.expect(404);
    // What was credited in part is not taken back, nor is a credit note; nobody answers one.
    let form = json!({ "revision": 2, "reason": "Wrong" });
    stage.post(stage.vendor, &format!("{path}/cancel"), form).await.expect(409);
    let form = json!({ "revision": 1, "reason": "Wrong" });
    stage.post(stage.vendor, &format!("{at_note}/cancel"), form).await.expect(409);
    let form = json!({ "answer": "approve", "revision": 1 });
    stage.post(stage.buyer, &format!("{at_note}/answer"), form).await.expect(409);

    // Amounts are credited at a rate of the invoice, up to what is left of it, and not beyond.
    let much = credit(2, json!([]), json!([{ "amount": "4.16", "tax_percent": "19" }]));
    let refused = stage.post(stage.vendor, &at, much).await.expect(422);
    assert!(
        refused.to_string().contains("4.15 EUR of the invoice are left"),
        "{refused}"
    );
    let now = stage.get(stage.vendor, &order).await.expect(200);
    let rest = json!([
        { "amount": "4.15", "tax_percent": "19", "text": "The third too" },
        { "amount": theirs["left"]["rates"][0]["net_minor"].as_i64().map(|it| format!("{}.{:02}", it / 100, it % 100)) },
    ]);
    let last_note =
        stage.post(stage.vendor, &at, credit(2, json!([]), rest)).await.expect(201);
    let all = note["total_minor"].as_i64().unwrap()
        + last_note["total_minor"].as_i64().unwrap();
    assert_eq!(all, bill["total_minor"].as_i64().unwrap(), "the whole, to the cent");
    let theirs = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(theirs["may"]["credit"], false);
    // What is credited may not be invoiced anew, and leaves the order where it stood.
    let after = stage.get(stage.vendor, &order).await.expect(200);
    let sums = &after["fulfilment"];
    assert_eq!(
        (&sums["invoiced_minor"], &sums["credited_minor"]),
        (&bill["total_minor"], &json!(all))
    );
    assert_eq!(
        (&sums["lines"][0]["credited"], &sums["lines"][0]["to_invoice_ordered"]),
        (&json!("2"), &json!("0"))
    );
    assert_eq!((&after["state"], &after["revision"]), (&now["state"], &now["revision"]));
}
