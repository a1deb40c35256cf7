//! The API's document is what other programs rely on.

use serde_json::Value;

#[test]
fn operations_change_only_on_purpose() {
    let document = serde_json::to_value(hub::app::openapi()).unwrap();
    let mut told = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().into_iter().flatten();
            let answers: Vec<&str> = answers.map(|(status, _)| status.as_str()).collect();
            told.push(format!("{path} {} {}", method.to_uppercase(), answers.join(" ")));
        }
    }
    told.sort();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_operation_says_what_it_does_and_the_document_is_whole() {
    let document = serde_json::to_value(hub::app::openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let known = document["components"]["schemas"].as_object().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let told = operation["summary"].as_str().unwrap_or_default();
            assert!(told.len() > 5, "{method} {path} does not say what it does");
        }
    }
    let mut missing = Vec::new();
    references(&document, &mut |name| {
        if !known.contains_key(name) {
            missing.push(name.to_owned());
        }
    });
    assert!(missing.is_empty(), "{missing:?}");
}

fn references(value: &Value, tell: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member.as_str()) {
                    ("$ref", Some(target)) => tell(target.rsplit('/').next().unwrap()),
                    _ => references(member, tell),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, tell)),
        _ => {}
    }
}
