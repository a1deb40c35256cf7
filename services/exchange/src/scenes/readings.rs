//! Documents as a person reads them.

use serde_json::Value;

use super::{
    edifact,
    stage::{Order, Stage, interchange},
};

/// The first cell with this text, and the bytes that it names.
fn bytes_of<'f>(reading: &Value, text: &str, file: &'f str) -> Vec<&'f str> {
    let sections = reading["sections"].as_array().unwrap();
    let rows = sections.iter().flat_map(|it| it["rows"].as_array().unwrap());
    let mut cells = rows.flat_map(|it| it["cells"].as_array().unwrap());
    let cell = cells.find(|cell| cell["text"] == text);
    let cell = cell.unwrap_or_else(|| panic!("no {text} in {reading:#}"));
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let spans = cell["spans"].as_array().unwrap().iter();
    spans
        .map(|span| {
            let at = number(&span["at"]);
            file.get(at..at + number(&span["length"])).unwrap()
        })
        .collect()
}

pub(super) async fn a_document_is_read_with_the_bytes_of_each_value(stage: Stage) {
    let second = Order { number: "4712", control: "0002", ..Order::default() };
    let sets = [Order::default().set(), second.set()];
    let file = interchange("DORN", "VEGA", 1, "PO", &sets);
    let items = stage.send(stage.buyer, file.clone()).await;
    let path = format!("/edi/interchanges/{}/reading", items[0]["id"].as_str().unwrap());

    let first = stage.get(stage.vendor, &path).await.expect(200);

    assert_eq!(
        (first["kind"].as_str(), first["control"].as_str()),
        (Some("850"), Some("0001"))
    );
    assert!(first["title"].as_str().is_some_and(|it| it.contains("4711")), "{first:#}");
    assert_eq!(bytes_of(&first, "Bracket", &file), ["Bracket"]);
    let line = first["segments"].as_array().unwrap().iter().find(|it| it["tag"] == "PO1");
    let meaning = &line.unwrap()["values"][2]["meaning"];
    assert!(meaning.as_str().is_some_and(|it| !it.is_empty()), "{line:?}");
    let french = stage.get(stage.vendor, &format!("{path}?language=fr&document=2")).await;
    let french = french.expect(200);
    assert_eq!(french["control"], "0002");
    assert_ne!(french["name"], first["name"]);
    for (who, ask, status) in [
        (stage.rival, "", 404),
        (stage.vendor, "?document=3", 404),
        (stage.vendor, "?document=0", 404),
        (stage.vendor, "?language=tlh", 422),
    ] {
        let asked = stage.get(who, &format!("{path}{ask}")).await;
        assert_eq!(asked.status, status, "{ask}");
    }
    // An acknowledgement says in words what it is about.
    let answer = items[0]["acknowledged_by"][0]["id"].as_str().unwrap();
    let path = format!("/edi/interchanges/{answer}/reading");
    let read = stage.get(stage.vendor, &path).await.expect(200);
    assert!(read["told"][0].as_str().is_some_and(|it| it.contains('1')), "{read:#}");
    assert_eq!(read["sections"], Value::Array(Vec::new()));
    // EDIFACT as well.
    let items = stage.send(stage.buyer, edifact::order("78")).await;
    let path = format!("/edi/interchanges/{}/reading", items[0]["id"].as_str().unwrap());
    let read = stage.get(stage.vendor, &path).await.expect(200);
    assert_eq!(read["kind"], "ORDERS");
    assert!(!read["sections"].as_array().unwrap().is_empty());
}
