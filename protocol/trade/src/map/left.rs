use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::pointer;
use crate::{Document, Kind, Line, OrderOf, Reference};

/// Something that one side says and the other side cannot carry, or not as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The byte of the file where it stands; 0 where it comes from no file.
    pub at: usize,
    /// The field of the document, such as `lines[0].price`; empty where it was read from a file
    /// and no field takes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What it is, for people.
    pub what: String,
    /// Why it stays behind.
    pub why: String,
    /// What could be done; empty where there is nothing to suggest.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mend: String,
    /// What arrives in its place, where anything does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Value>,
}

impl Left {
    pub(super) fn of_file(at: usize, what: String) -> Self {
        Self {
            at,
            what: short(what),
            why: "the document has no place for it".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn of_field(pointer: &str, value: Option<&Value>, why: String) -> Self {
        let path = pointer::shown(pointer);
        let value = match value {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => "not given".to_owned(),
            Some(other) => other.to_string(),
        };
        Self { what: short(format!("{path}: {value}")), path, why, ..Self::default() }
    }
}

/// What people read of it: a thousand characters, and how many there are.
fn short(mut what: String) -> String {
    if let Some((end, _)) = what.char_indices().nth(1000) {
        let count = what.chars().count();
        what.truncate(end);
        what = format!("{what}… ({count} characters)");
    }
    what
}

/// The document that arrives: without what was left, and with what stands in its place.
///
/// Writing a document and reading it back gives this, and nothing else.
pub fn without(document: &Document, left: &[Left]) -> Option<Document> {
    let mut value = serde_json::to_value(document.clone().tidy()).ok()?;
    for left in left.iter().filter(|left| !left.path.is_empty()) {
        let becomes = left.becomes.clone().unwrap_or_default();
        pointer::set(&mut value, &pointer::of_shown(&left.path), becomes);
    }
    pointer::prune(&mut value);
    let mut document = serde_json::from_value::<Document>(value).ok()?;
    if document.kind == Kind::DispatchAdvice {
        // A line of which nothing is left but where it stood is none.
        let says = |line: &Line| {
            let own = Line { package: None, order: None, ..line.clone() };
            own != Line::default()
        };
        let silent = document.lines.extract_if(.., |line| !says(line));
        let orders: Vec<OrderOf> = silent.filter_map(|line| line.order).collect();
        // The order that it belonged to is known all the same.
        let lines = document.lines.iter().filter_map(|line| line.order.clone());
        let whole = document.about.iter().chain(&document.references);
        let whole = whole.filter(|own| own.kind == "order");
        let whole = whole
            .map(|own| OrderOf { number: own.number.clone(), date: own.date.clone() });
        let mut known: BTreeSet<OrderOf> = lines.chain(whole).collect();
        for order in orders {
            if known.insert(order.clone()) {
                let OrderOf { number, date } = order;
                let kind = "order".to_owned();
                document.references.push(Reference { kind, number, date });
            }
        }
    }
    Some(document.tidy())
}
