//! Documents as JSON, read by the schema `maps/trade-1.schema.json`.

use std::fmt;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::Document;
use crate::map::{moments::is_moment, pointer::shown};

/// What is wrong with a document as JSON.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, thiserror::Error)]
pub struct WrongJson {
    /// Everything that is wrong, in the order of the document; at most a hundred.
    pub faults: Vec<WrongField>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct WrongField {
    /// Where, such as `lines[0].price`; of JSON that cannot be read, line and column.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub mend: String,
}

impl fmt::Display for WrongField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}; {}", self.path, self.what, self.mend)
    }
}

impl fmt::Display for WrongJson {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            let lead = if place == 0 { "" } else { "\n" };
            write!(out, "{lead}{fault}")?;
        }
        Ok(())
    }
}

/// The schema of the format, JSON Schema 2020-12.
pub const SCHEMA: &str = include_str!("../maps/trade-1.schema.json");

/// Reads a document from JSON.
///
/// # Errors
/// Each field that the schema refuses, with its path and what to do.
pub fn from_json(bytes: &[u8]) -> Result<Document, WrongJson> {
    static PARSED: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(SCHEMA).unwrap_or_default());
    let one = |path: String, what: &str, mend: &str| {
        let fault = WrongField { path, what: what.into(), mend: mend.into() };
        WrongJson { faults: vec![fault] }
    };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let path = format!("line {}, column {}", error.line(), error.column());
        one(path, "this is no JSON", "mend the brackets, commas and quotes here")
    })?;
    let mut judge = Judge { root: &PARSED, faults: Vec::new() };
    judge.judge(&PARSED, &value, "");
    if !judge.faults.is_empty() {
        return Err(WrongJson { faults: judge.faults });
    }
    serde_json::from_value(value).map_err(|error| {
        let told = segments::escape(error.to_string().as_bytes());
        one("the document".into(), &told, "compare it with the schema")
    })
}

struct Judge<'a> {
    root: &'a Value,
    faults: Vec<WrongField>,
}

impl Judge<'_> {
    fn fault(&mut self, at: &str, what: String, mend: String) {
        if self.faults.len() < 100 {
            let path = shown(at);
            let path = if path.is_empty() { "the document".to_owned() } else { path };
            let path = segments::escape(path.as_bytes());
            self.faults.push(WrongField { path, what, mend });
        }
    }

    fn judge(&mut self, schema: &Value, value: &Value, at: &str) {
        let named = schema.get("$ref").and_then(Value::as_str);
        if let Some(own) =
            named.and_then(|name| self.root.pointer(name.trim_start_matches('#')))
        {
            return self.judge(&own.clone(), value, at);
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            if !words.contains(value) {
                let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                let mend = format!("write {}", words.join(", "));
                self.fault(
                    at,
                    format!("{} is none of the words here", brief(value)),
                    mend,
                );
            }
            return;
        }
        if schema.get("format").and_then(Value::as_str) == Some("decimal") {
            let read = match value {
                Value::String(text) => text.parse::<Decimal>().is_ok(),
                Value::Number(number) => number.to_string().parse::<Decimal>().is_ok(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                    false
                }
            };
            if !read {
                let mend = "write digits with a point, such as \"12.50\"".to_owned();
                self.fault(at, format!("{} is no number", brief(value)), mend);
            }
            return;
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, value, at),
            Some("array") => self.array(schema, value, at),
            _ => self.text(schema, value, at),
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, at: &str) {
        let Some(fields) = value.as_object() else {
            let mend = "write an object in braces".to_owned();
            return self.fault(at, format!("{} is no object", brief(value)), mend);
        };
        let Some(known) = schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let is_empty = |own: &Value| own.is_null() || own.as_str() == Some("");
            if fields.get(name).is_none_or(is_empty) {
                let about = known.get(name).and_then(|own| own.get("description"));
                let about = about.and_then(Value::as_str).unwrap_or_default();
                let at = format!("{at}/{name}");
                self.fault(&at, "it is missing".into(), format!("add it: {about}"));
            }
        }
        for (name, inner) in fields {
            let at = format!("{at}/{name}");
            match known.get(name) {
                Some(_) if inner.is_null() => {}
                Some(schema) => self.judge(schema, inner, &at),
                None => {
                    let near = {
                        let short: String = name.chars().take(64).collect();
                        known.keys().min_by_key(|own| distance(own, &short))
                    };
                    let mend = near.map_or_else(String::new, |near| {
                        format!("take it out, or write {near}")
                    });
                    self.fault(&at, "the format has no such field".into(), mend);
                }
            }
        }
    }

    fn array(&mut self, schema: &Value, value: &Value, at: &str) {
        let Some(list) = value.as_array() else {
            let mend = "write a list in square brackets".to_owned();
            return self.fault(at, format!("{} is no list", brief(value)), mend);
        };
        if list.is_empty() && schema.get("minItems").is_some() {
            self.fault(at, "the list is empty".into(), "add one at least".into());
        }
        for (place, inner) in list.iter().enumerate() {
            if let Some(schema) = schema.get("items") {
                self.judge(schema, inner, &format!("{at}/{place}"));
            }
        }
    }

    fn text(&mut self, schema: &Value, value: &Value, at: &str) {
        let Some(text) = value.as_str() else {
            let mend = "write it in quotes".to_owned();
            return self.fault(at, format!("{} is no text", brief(value)), mend);
        };
        let is_date = schema.get("format").and_then(Value::as_str) == Some("moment");
        if is_date && !is_moment(text) {
            let mend = "write it as 2026-11-22, 2026-11-22T18:30, 2026-11, 2026-W47 or \
                        2026-11-01/2026-11-30"
                .to_owned();
            self.fault(at, format!("{} is no date", brief(value)), mend);
        }
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// How many letters two words differ in, roughly: those of either that the other lacks.
fn distance(one: &str, two: &str) -> usize {
    let lacks = |from: &str, of: &str| {
        from.chars().filter(|letter| !of.contains(*letter)).count()
    };
    let length = one.chars().count().abs_diff(two.chars().count());
    let other = if one.chars().next() == two.chars().next() { 0 } else { 4_usize };
    let length = length.saturating_add(other);
    lacks(one, two).saturating_add(lacks(two, one)).saturating_add(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let wrong = from_json(text.as_bytes()).unwrap_err();
        wrong.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn wrong_json_is_told_with_place_and_way_out() {
        let told = faults(
            r#"{"entente":"trade/1","kind":"order","number":"1","date":"22.11.2026",
                "lines":[{"qty":"5","price":"12,50"}]}"#,
        );
        assert_eq!(
            told,
            [
                "date: \"22.11.2026\" is no date; write it as 2026-11-22, 2026-11-22T18:30, \
                 2026-11, 2026-W47 or 2026-11-01/2026-11-30",
                "lines[0].price: \"12,50\" is no number; write digits with a point, such as \
                 \"12.50\"",
                "lines[0].qty: the format has no such field; take it out, or write quantity",
            ]
        );
        let long = "k".repeat(1 << 20);
        for told in [
            faults(&format!(
                r#"{{"{long}":1,"kind":"{long}","number":{{"a":"{long}"}}}}"#
            )),
            faults(&format!(
                r#"{{"lines":[{{"{long}":1,"price":"{long}","{long}x":[]}}]}}"#
            )),
        ] {
            assert!(told.len() > 2, "{}", told.len());
            assert!(told.iter().all(|told| told.len() < 600), "{}", told[0].len());
        }
        let told = faults(r#"{"kind":"bill","lines":[]}"#);
        assert!(
            told.iter().any(|told| told.starts_with("entente: it is missing")),
            "{told:?}"
        );
        assert!(
            told.iter().any(|told| told.starts_with("kind: \"bill\" is none")),
            "{told:?}"
        );
        assert_eq!(
            faults("{"),
            [
                "line 1, column 1: this is no JSON; mend the brackets, commas and quotes here"
            ]
        );
    }

    #[test]
    fn another_version_of_the_format_is_refused() {
        let told =
            faults(r#"{"entente":"trade/2","kind":"order","number":"1","lines":[{}]}"#);
        assert_eq!(
            told,
            ["entente: \"trade/2\" is none of the words here; write trade/1"]
        );
    }
}
