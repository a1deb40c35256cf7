//! The API's document is what other programs rely on.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

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

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(hub::app::openapi()).unwrap();
    let mut seen = BTreeMap::<String, String>::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty(), "{name} has no operationId");
        if let Some(other) = seen.insert(id.clone(), name.clone()) {
            panic!("{name} and {other} are both called {id}: give one an operation_id");
        }
    }
}

#[test]
fn every_answer_says_what_it_is() {
    let document = serde_json::to_value(hub::app::openapi()).unwrap();
    let mut silent = Vec::new();
    for (name, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            if answer["description"].as_str().unwrap_or_default().is_empty() {
                silent.push(format!("{name} {status}: no description"));
            }
            // These two have no body (RFC 9110, 15.2.2 and 15.3.5).
            let shapes = answer["content"].as_object();
            let told = shapes.is_some_and(|shapes| {
                !shapes.is_empty()
                    && shapes.values().all(|shape| shape["schema"].is_object())
            });
            if told == matches!(status.as_str(), "101" | "204") {
                silent.push(format!("{name} {status}: a schema, unless it has no body"));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// The document keeps schemas by name and the later one wins without a word, so two types
/// of one name would describe each other's answers.
#[test]
fn no_two_types_of_the_document_have_one_name() {
    let mut seen = BTreeMap::<String, String>::new();
    let mut doubles = Vec::new();
    for (place, text) in sources(&root().join("services")) {
        for name in documented(&text) {
            if let Some(other) = seen.insert(name.clone(), place.clone()) {
                doubles.push(format!("{name}: {other} and {place}"));
            }
        }
    }
    assert!(seen.len() > 100, "else the types were not found");
    assert!(
        doubles.is_empty(),
        "give one another name by `#[schema(as = …)]`:\n{}",
        doubles.join("\n")
    );
}

#[test]
fn types_are_found_by_the_name_that_the_document_gives_them() {
    let text = "#[derive(Debug, ToSchema)]\n#[schema(as = Other)]\npub(crate) struct One {\n}\n\
                #[derive(Debug)]\nstruct Two;\n#[derive(ToSchema)]\n/// Three.\nenum Three {}\n";

    assert_eq!(documented(text), ["Other", "Three"]);
}

/// The names of the types of a source that go into the document.
fn documented(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if !(line.starts_with("#[derive(") && line.contains("ToSchema")) {
            continue;
        }
        let mut renamed = None;
        for line in lines.by_ref() {
            if let Some(rest) = line.strip_prefix("#[schema(as = ") {
                renamed = rest.split([')', ',']).next().map(str::to_owned);
            }
            if line.starts_with(['#', '/']) {
                continue;
            }
            let mut words = line.split(|one: char| !one.is_alphanumeric() && one != '_');
            if words.by_ref().any(|word| matches!(word, "struct" | "enum")) {
                names.extend(renamed.or_else(|| words.next().map(str::to_owned)));
                break;
            }
        }
    }
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Each Rust source below a folder, by its path from the root.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "node_modules" | "ui" | "target") {
            told.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let place = path.strip_prefix(root()).unwrap().display().to_string();
            told.push((place, fs::read_to_string(&path).unwrap()));
        }
    }
    told
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut told = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            told.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    told
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
