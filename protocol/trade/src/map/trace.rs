//! Where in a file the values of a document came from.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::{Document, Left};

/// Bytes of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Span {
    /// The first byte, from 0.
    pub at: usize,
    /// How many bytes.
    pub length: usize,
}

/// Where the values of a document came from, by JSON pointer, such as `/lines/0/quantity`.
pub type Origins = BTreeMap<String, Vec<Span>>;

/// A document that was read, and where its values came from.
#[derive(Clone, Debug, Serialize)]
pub struct Traced {
    /// The document.
    pub document: Document,
    /// What of the file it does not hold.
    pub left: Vec<Left>,
    /// Where its values stand in the file. What was not said there has no origin.
    pub origins: Origins,
}

/// What reading notes down, where somebody asked for it.
#[derive(Debug)]
pub(super) struct Traces {
    is_asked: bool,
    all: Vec<(String, Span)>,
}

impl Traces {
    pub(super) fn asked() -> Self {
        Self { is_asked: true, all: Vec::new() }
    }

    pub(super) fn not_asked() -> Self {
        Self { is_asked: false, all: Vec::new() }
    }

    pub(super) fn add(&mut self, pointer: &str, span: Option<Span>) {
        if let (true, Some(span)) = (self.is_asked, span) {
            self.all.push((pointer.to_owned(), span));
        }
    }

    /// What was read, before it is put in place; nothing where nobody asked.
    pub(super) fn copy(&self, read: &Value) -> Value {
        if self.is_asked { read.clone() } else { Value::Null }
    }

    /// The origins of what a document holds at last. Reading puts some values elsewhere in the end
    /// (the lines of a dispatch advice, the order that an answer is about): such a value is found
    /// by its field and what it says, in order.
    pub(super) fn settle(self, read: &Value, document: &Document) -> Origins {
        if !self.is_asked {
            return Origins::new();
        }
        let document = serde_json::to_value(document).unwrap_or_default();
        let mut spans: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for (pointer, span) in self.all {
            spans.entry(pointer).or_default().push(span);
        }
        let mut leaves = Vec::new();
        walk(&document, String::new(), &mut leaves);
        let mut origins = Origins::new();
        let said = |of: &Value, pointer: &str| {
            of.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
        };
        leaves.retain(|(pointer, text)| {
            let is_there = said(read, pointer).as_ref() == Some(text);
            let Some(own) = spans.get(pointer).filter(|_| is_there) else {
                return true;
            };
            origins.insert(pointer.clone(), own.clone());
            false
        });
        let mut moved: HashMap<(String, String), VecDeque<Vec<Span>>> = HashMap::new();
        let mut waiting: Vec<(&String, &Vec<Span>)> =
            spans.iter().filter(|(pointer, _)| !origins.contains_key(*pointer)).collect();
        waiting.sort_by_key(|(_, spans)| spans.first().map(|span| span.at));
        for (pointer, own) in waiting {
            if let Some(text) = said(read, pointer) {
                let key = (field(pointer).to_owned(), text);
                moved.entry(key).or_default().push_back(own.clone());
            }
        }
        for (pointer, text) in leaves {
            let key = (field(&pointer).to_owned(), text);
            if let Some(own) = moved.get_mut(&key).and_then(VecDeque::pop_front) {
                origins.insert(pointer, own);
            }
        }
        origins
    }
}

/// The name at the end of a pointer.
fn field(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

/// The texts of a value, each with its pointer.
fn walk(value: &Value, at: String, into: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => into.push((at, text.clone())),
        Value::Array(list) => {
            for (place, inner) in list.iter().enumerate() {
                walk(inner, format!("{at}/{place}"), into);
            }
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                walk(inner, format!("{at}/{name}"), into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
