//! Quarantine is left by hand: mended, or put away.

use serde_json::{Value, json};

use super::{
    deadlines::notices,
    stage::{Order, Stage, interchange},
    states,
};

/// Of a file, what is to stand where `was` stands, once.
fn edit(file: &str, was: &str, is: &str) -> Value {
    assert_eq!(file.matches(was).count(), 1, "{was}");
    json!({ "at": file.find(was).unwrap(), "length": was.len(), "text": is })
}

fn mend(interchange: &Value, edits: &[Value]) -> Value {
    json!({ "sha256": interchange["sha256"], "edits": edits, "reason": "They mean three" })
}

fn path(interchange: &Value, rest: &str) -> String {
    format!("/edi/interchanges/{}{rest}", interchange["id"].as_str().unwrap())
}

/// A good order, 4711, and a broken one, 4712.
fn half_good() -> String {
    let bad =
        Order { number: "4712", control: "0002", quantity: "many", ..Order::default() };
    interchange("DORN", "VEGA", 1, "PO", &[Order::default().set(), bad.set()])
}

pub(super) async fn a_set_in_quarantine_is_mended_and_applied_beside_what_was_good(
    stage: Stage,
) {
    let file = half_good();
    let came = stage.send(stage.buyer, file.clone()).await.remove(0);
    let told = notices(&stage, "edi_quarantined").await;
    assert_eq!(
        told,
        [json!({ "partner": "ZZ:DORN", "kind": "850", "number": "000000001" })]
    );
    // A look first: it says what would still be wrong, and changes nothing.
    let preview = path(&came, "/mend/preview");
    let half = mend(&came, &[edit(&file, "PO1*1*many*EA", "PO1*1*3*E")]);
    let seen = stage.post(stage.vendor, &preview, half).await.expect(200);
    assert_eq!(seen["faults"][0]["segment"], "PO1", "{seen}");
    let edits = [edit(&file, "PO1*1*many*EA", "PO1*1*3*EA")];
    let seen = stage.post(stage.vendor, &preview, mend(&came, &edits)).await.expect(200);
    assert_eq!(seen["faults"], json!([]));
    let mended = file.replace("many", "3");
    assert_eq!(stage.count("select count(*) from interchange_deed").await, 0);

    let form = mend(&came, &edits);
    let items = stage.post(stage.vendor, &path(&came, "/mend"), form.clone()).await;

    let items = items.expect(202)["items"].as_array().unwrap().clone();
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(items[0]["faults"], json!([]));
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    let numbers: Vec<&Value> =
        orders["items"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, ["4712", "4711"], "each once");
    // What came is kept, and both sides see that it was mended; why is for its receiver.
    let ours = stage.get(stage.vendor, &path(&came, "")).await.expect(200);
    let deed = &ours["deeds"][0];
    assert_eq!(
        (&deed["kind"], &deed["person"], &deed["reason"], &deed["sha256"]),
        (&json!("mend"), &json!("Olga"), &json!("They mean three"), &came["sha256"])
    );
    let theirs = stage.get(stage.buyer, &path(&came, "")).await.expect(200);
    assert_eq!(theirs["deeds"][0]["organisation"], "Vega");
    assert_eq!(theirs["deeds"][0]["reason"], Value::Null);
    assert_eq!(theirs["deeds"][0]["person"], Value::Null);
    for who in [stage.vendor, stage.buyer] {
        let raw = stage.get(who, &path(&came, "/raw")).await;
        assert_eq!(raw.text(), mended);
        let raw = stage.get(who, &path(&came, "/raw?before=1")).await;
        assert_eq!(raw.text(), file);
        stage.get(who, &path(&came, "/raw?before=2")).await.expect(404);
    }
    // It was acknowledged as it came, once.
    assert_eq!(ours["acknowledged_by"].as_array().unwrap().len(), 1);
    // What the buyer sent is what counts for a duplicate; the same mend twice is none.
    let again = stage.send(stage.buyer, file).await;
    assert_eq!(states(&again), ["duplicate"]);
    stage.post(stage.vendor, &path(&came, "/mend"), form).await.expect(409);
    assert_eq!(stage.count("select count(*) from trade_order").await, 2);
    // The seller answers the mended order, with what it says now.
    let id = orders["items"][0]["id"].as_str().unwrap();
    let order = stage.get(stage.vendor, &format!("/orders/{id}")).await.expect(200);
    let answer = json!({ "revision": order["revision"], "lines": [
        { "line": "1", "decision": "accept" }, { "line": "2", "decision": "accept" },
    ]});
    let answered =
        stage.post(stage.vendor, &format!("/orders/{id}/answer"), answer).await;
    assert_eq!(answered.expect(200)["state"], "accepted");
}

pub(super) async fn what_may_not_be_mended_is_refused_and_changes_nothing(stage: Stage) {
    let file = half_good();
    let came = stage.send(stage.buyer, file.clone()).await.remove(0);
    let at = path(&came, "/mend");
    let good = edit(&file, "many", "3");
    let ask = async |who, edits: &[Value], expected: u16| {
        stage.post(who, &at, mend(&came, edits)).await.expect(expected)
    };
    let detail = |problem: &Value| problem["detail"].as_str().unwrap().to_owned();

    ask(stage.rival, std::slice::from_ref(&good), 404).await;
    ask(stage.buyer, std::slice::from_ref(&good), 409).await;
    let nothing = ask(stage.vendor, &[], 422).await;
    assert!(detail(&nothing).contains("nothing is changed"), "{nothing}");
    let far = json!({ "at": file.len(), "length": 1, "text": "" });
    assert!(detail(&ask(stage.vendor, &[far], 422).await).contains("not within"));
    // Who it is from and its number are its sender's to say.
    let number = [
        edit(&file, "00401*000000001", "00401*000000009"),
        edit(&file, "IEA*1*000000001", "IEA*1*000000009"),
    ];
    let envelope = ask(stage.vendor, &number, 422).await;
    assert!(detail(&envelope).contains("control number"), "{envelope}");
    let from = edit(&file, "*ZZ*DORN ", "*ZZ*RIVA ");
    assert!(detail(&ask(stage.vendor, &[from], 422).await).contains("sender"));
    let none = json!({ "at": 0, "length": file.len(), "text": "gone" });
    ask(stage.vendor, &[none], 422).await;
    // Of two who read the same, one is late.
    let mut unsaid = mend(&came, std::slice::from_ref(&good));
    unsaid["reason"] = json!(" ");
    stage.post(stage.vendor, &at, unsaid).await.expect(422);
    let mut late = mend(&came, std::slice::from_ref(&good));
    late["sha256"] = json!("0".repeat(64));
    let problem = stage.post(stage.vendor, &at, late).await.expect(409);
    assert_eq!(problem["type"], "/problems/interchange-moved");

    assert_eq!(stage.count("select count(*) from interchange_deed").await, 0);
    let seen = stage.get(stage.vendor, &path(&came, "")).await.expect(200);
    assert_eq!(seen["sha256"], came["sha256"]);
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    // Mended to other faults, it waits on with these.
    let worse = edit(&file, "many", "*");
    let items = ask(stage.vendor, &[worse], 202).await;
    assert_eq!(items["items"][0]["state"], "quarantined");
    assert_eq!(stage.count("select count(*) from interchange_deed").await, 1);
}

pub(super) async fn garbage_is_mended_into_an_order_or_put_away(stage: Stage) {
    let whole = Order::default().alone(1);
    let cut = whole.trim_start_matches('I').to_owned();
    let came = stage.send(stage.buyer, cut.clone()).await.remove(0);
    assert_eq!(
        (&came["kind"], &came["state"]),
        (&json!("unknown"), &json!("quarantined"))
    );
    let edits = [json!({ "at": 0, "length": 0, "text": "I" })];

    let items = stage.post(stage.buyer, &path(&came, "/mend"), mend(&came, &edits)).await;

    assert_eq!(items.expect(202)["items"][0]["state"], "applied");
    assert_eq!(stage.count("select count(*) from trade_order").await, 1);
    let raw = stage.get(stage.vendor, &path(&came, "/raw")).await;
    assert_eq!(raw.text(), whole);

    let other = stage.send(stage.buyer, "hello").await.remove(0);
    let away = json!({ "sha256": other["sha256"], "reason": "A greeting" });
    stage.post(stage.vendor, &path(&other, "/discard"), away.clone()).await.expect(404);
    let gone = stage.post(stage.buyer, &path(&other, "/discard"), away.clone()).await;
    assert_eq!(gone.expect(200)["state"], "discarded");
    stage.post(stage.buyer, &path(&other, "/discard"), away).await.expect(409);
    stage.post(stage.buyer, &path(&other, "/replay"), json!({})).await.expect(409);
    let seen = stage.get(stage.buyer, &path(&other, "")).await.expect(200);
    assert_eq!(seen["deeds"][0]["kind"], "discard");
    let raw = stage.get(stage.buyer, &path(&other, "/raw")).await;
    assert_eq!(raw.text(), "hello");
}
