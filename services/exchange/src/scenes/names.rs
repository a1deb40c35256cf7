//! One partner under several EDI names: X12 under one, EDIFACT under another.

use serde_json::{Value, json};

use super::{
    edifact,
    openssh::{self, Partner},
    stage::{Order, Stage, interchange},
    states,
    stations::{Dorn, eventually, message, receipt, send, trading},
};

/// A GLN; its last digit checks the others.
const GLN: &str = "14:4006381333931";

scenes! {
    one_partner_sends_850_and_orders_and_is_answered_in_each_dialect
    a_mailbox_takes_what_bears_any_name_of_its_partner
    a_name_is_one_partners_alone_whichever_way_it_is_reached
    what_goes_out_bears_the_name_that_fits_its_dialect
}

/// Vega's partner by AS2, with these names beside `ZZ:DORN`.
async fn names(stage: &Stage, dorn: &Dorn, further: Value) -> Value {
    let form = json!({
        "name": "DORN AS2", "identifier": "ZZ:DORN", "further": further, "url": dorn.url,
        "certificates": dorn.identity.certificate().pem(),
    });
    stage.post(stage.vendor, "/as2/partners", form).await.expect(200)
}

/// Dorn posts a document; tells whether Vega took it.
async fn posts(stage: &Stage, dorn: &Dorn, id: &str, document: &str) -> bool {
    let made = message(dorn, document, true);
    let heard = send(stage, dorn, "\"DORN AS2\"", id, &made).await;
    receipt(dorn, &heard).disposition == as2::Disposition::Processed
}

async fn one_partner_sends_850_and_orders_and_is_answered_in_each_dialect(stage: Stage) {
    let dorn = trading(&stage).await;
    assert!(!posts(&stage, &dorn, "<0@dorn>", &edifact::order("77")).await);

    let partner = names(&stage, &dorn, json!(["ZZZ:DORN", GLN])).await;
    assert_eq!(partner["further"], json!(["ZZZ:DORN", GLN]));
    assert!(posts(&stage, &dorn, "<1@dorn>", &Order::default().alone(1)).await);
    assert!(posts(&stage, &dorn, "<2@dorn>", &edifact::order("77")).await);
    let rival = interchange("RIVAL", "VEGA", 1, "PO", &[Order::default().set()]);
    assert!(!posts(&stage, &dorn, "<3@dorn>", &rival).await, "nobody else's name");
    eventually(|| async { orders(&stage).await.len() == 2 }).await;
    for order in orders(&stage).await {
        let path = format!("/orders/{}", order["id"].as_str().unwrap());
        let answer = json!({ "revision": order["revision"], "lines": [
            { "line": "1", "decision": "accept" }, { "line": "2", "decision": "accept" },
        ]});
        stage.post(stage.vendor, &format!("{path}/answer"), answer).await.expect(200);
    }

    // Each answer comes to the one station, in the dialect and under the name of its order.
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    eventually(|| async { dorn.got.lock().unwrap().len() == 3 }).await;
    worker.abort();
    let got = dorn.got.lock().unwrap().clone();
    let one = |kind: &str| got.iter().find(|it| it.contains(kind)).unwrap().clone();
    assert!(one("ST*855*").contains("*ZZ*DORN "), "{}", one("ST*855*"));
    assert!(one("ORDRSP:D:96A:UN").contains("+VEGA:ZZZ+DORN:ZZZ+"), "{got:?}");
    let stranger = stage.get(stage.rival, "/as2/partners").await.expect(200);
    assert_eq!(stranger["items"], json!([]));

    // A name that is taken away is nobody's again.
    names(&stage, &dorn, json!([])).await;
    assert!(!posts(&stage, &dorn, "<4@dorn>", &edifact::order_of("78", "5000")).await);
}

async fn orders(stage: &Stage) -> Vec<Value> {
    let told = stage.get(stage.vendor, "/orders").await.expect(200);
    told["items"].as_array().unwrap().clone()
}

fn mailbox(name: &str, identifier: &str, further: &[&str], key: &str) -> Value {
    let place = json!({ "side": "ours", "keys": [key] });
    json!({ "name": name, "identifier": identifier, "further": further, "place": place })
}

async fn a_mailbox_takes_what_bears_any_name_of_its_partner(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let (at, dorn) = (super::mailboxes::serve(&stage).await, Partner::new());
    let form = mailbox("Dorn", "ZZ:DORN", &["ZZZ:DORN"], &dorn.read("key.pub"));
    let made = stage.post(stage.vendor, "/sftp/mailboxes", form).await.expect(200);
    let by = (at, made["id"].as_str().unwrap(), "key");
    dorn.write("a.edi", Order::default().alone(1));
    dorn.write("b.edi", edifact::order("77"));
    let rival = interchange("RIVAL", "VEGA", 1, "PO", &[Order::default().set()]);
    dorn.write("c.edi", rival);

    for file in ["a.edi", "b.edi"] {
        let (done, told) = dorn.sftp(by, &[&format!("put {file} /in/{file}")]).await;
        assert!(done, "{told}");
    }
    assert!(!dorn.sftp(by, &["put c.edi /in/c.edi"]).await.0);
    eventually(|| async { orders(&stage).await.len() == 2 }).await;
    let files = stage.get(stage.vendor, "/sftp/files").await.expect(200);
    let why = files["items"][0]["why"].as_str().unwrap();
    assert!(why.contains("this mailbox is for ZZ:DORN or ZZZ:DORN"), "{why}");
}

async fn a_name_is_one_partners_alone_whichever_way_it_is_reached(stage: Stage) {
    let dorn = trading(&stage).await;
    names(&stage, &dorn, json!([GLN])).await;
    let mail = |identifier: &str, further: &[&str]| {
        json!({
            "name": "Acme", "identifier": identifier, "further": further,
            "address": "edi@acme.example",
        })
    };
    let set = async |form: Value| {
        let answer = stage.post(stage.vendor, "/mailing/partners", form).await;
        (answer.status, answer.text())
    };

    for (form, field) in [
        (mail(GLN, &[]), "identifier"),
        (mail("ZZ:ACME", &["ZZZ:ACME", GLN]), "further"),
        (mail("ZZ:ACME", &["ACME"]), "further"),
        (mail("ACME", &[]), "identifier"),
    ] {
        let (status, told) = set(form).await;
        assert_eq!(status, 422, "{told}");
        assert!(told.contains(&format!("\"field\":\"{field}\"")), "{told}");
    }
    assert_eq!(stage.count("select count(*) from mail_partner").await, 0);
    // Another organisation has its own partners, and hears of none of these.
    let answer = stage.post(stage.rival, "/mailing/partners", mail(GLN, &[])).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (status, told) = set(mail("ZZ:ACME", &["ZZZ:ACME"])).await;
    assert_eq!(status, 200, "{told}");
    // Given up by the one, it is free for the other, also under a partner that comes back.
    names(&stage, &dorn, json!([])).await;
    let (status, told) = set(mail("ZZ:ACME", &[GLN])).await;
    assert_eq!(status, 200, "{told}");
    let partners = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    let path = format!("/as2/partners/{}", partners["items"][0]["id"].as_str().unwrap());
    assert_eq!(stage.ask(stage.vendor, "DELETE", &path, "").await.status, 204);
    let (status, told) = set(mail("ZZ:ACME", &[GLN, "ZZ:DORN"])).await;
    assert_eq!(status, 200, "{told}");
    let form = json!({
        "name": "DORN AS2", "identifier": "ZZ:DORN", "url": dorn.url,
        "certificates": dorn.identity.certificate().pem(),
    });
    let refused = stage.post(stage.vendor, "/as2/partners", form).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
}

fn order(number: &str, identifier: &str, syntax: &str) -> Value {
    json!({
        "seller": { "name": "Acme Supply", "identifier": identifier, "syntax": syntax },
        "number": number, "currency": "EUR",
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "4.15" }],
    })
}

async fn what_goes_out_bears_the_name_that_fits_its_dialect(stage: Stage) {
    let buyer = stage.buyer;
    let acme = |further: &[&str]| {
        json!({
            "name": "Acme", "identifier": "ZZ:ACME", "further": further,
            "address": "edi@acme.example",
        })
    };
    stage.post(buyer, "/mailing/partners", acme(&[])).await.expect(200);
    let none = stage.post(buyer, "/orders", order("P-1", "ZZ:ACME", "edifact")).await;
    assert_eq!(none.status, 422);
    let why = none.text();
    assert!(
        why.contains("the partner ZZ:ACME has no EDI id for EDIFACT; add one"),
        "{why}"
    );
    assert_eq!(stage.count("select count(*) from interchange").await, 0);

    stage.post(buyer, "/mailing/partners", acme(&[GLN])).await.expect(200);
    let listed = stage.get(buyer, "/order-partners").await.expect(200);
    let both = json!([
        { "name": "Acme", "identifier": GLN }, { "name": "Acme", "identifier": "ZZ:ACME" },
    ]);
    assert_eq!(listed["items"], both);
    for (number, identifier, syntax, receiver) in [
        ("P-1", "ZZ:ACME", "edifact", GLN),
        ("P-2", GLN, "x12", "ZZ:ACME"),
        ("P-3", GLN, "edifact", GLN),
    ] {
        let form = order(number, identifier, syntax);
        let one = stage.post(buyer, "/orders", form).await.expect(201);
        assert_eq!(one["documents"][0]["receiver"], receiver, "{one:#}");
    }
    // A request is written to by the same rule.
    let form = json!({
        "seller": { "name": "Acme", "identifier": "ZZ:ACME", "syntax": "edifact" },
        "lines": [{ "product": "A-1", "quantity": "3", "unit": "EA", "unit_price": "0" }],
    });
    let asked = stage.post(buyer, "/rfqs", form).await;
    assert_eq!(asked.status, 201, "{}", asked.text());
    let out = "select count(*) from interchange where kind = 'REQOTE' and receiver = '14:4006381333931'";
    assert_eq!(stage.count(out).await, 1);

    // The answer to an ORDERS may come in X12: it is the same seller.
    let answer = "ST*855*0001~\nBAK*00*AD*P-1*20261120****S-9*20261122~\n\
                  PO1*1*3*EA*4.15**VP*A-1~\nACK*IA*3*EA~\nSE*5*0001~\n";
    let file = interchange("ACME", "DORN", 1, "PR", &[answer.to_owned()]);
    let items = stage.send(buyer, file).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
}
