//! Places in a document: JSON pointers inside, `lines[0].price` for people.

use serde_json::{Map, Value};

/// A path of a map, from where its rule stands; one that begins with `/` is from the top.
pub(super) fn join(base: &str, path: &str) -> String {
    match path.strip_prefix('/') {
        Some(path) => format!("/{}", path.replace('.', "/")),
        None => format!("{base}/{}", path.replace('.', "/")),
    }
}

/// A pointer as people read it.
pub(crate) fn shown(pointer: &str) -> String {
    let mut text = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() {
            text.push('[');
            text.push_str(part);
            text.push(']');
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(part);
        }
    }
    text
}

/// What people wrote, as a pointer.
pub(super) fn of_shown(path: &str) -> String {
    let path = path.replace('[', ".").replace(']', "");
    path.split('.').filter(|part| !part.is_empty()).fold(
        String::new(),
        |mut all, part| {
            all.push('/');
            all.push_str(part);
            all
        },
    )
}

/// The pointers of everything that says something, in order.
pub(super) fn leaves(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    walk(inner, &format!("{at}/{name}"), all);
                }
            }
            Value::Array(list) => {
                for (place, inner) in list.iter().enumerate() {
                    walk(inner, &format!("{at}/{place}"), all);
                }
            }
            Value::String(text) if text.is_empty() => {}
            Value::Null => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                all.push(at.to_owned());
            }
        }
    }
    let mut all = Vec::new();
    walk(value, "", &mut all);
    all
}

/// Puts a value at a pointer; what leads there is made. A number makes a list.
pub(super) fn set(root: &mut Value, pointer: &str, value: Value) {
    let mut at = root;
    for part in pointer.split('/').skip(1) {
        at = match part.parse::<usize>() {
            Ok(place) if !at.is_object() => {
                if !at.is_array() {
                    *at = Value::Array(Vec::new());
                }
                let Value::Array(list) = at else {
                    return;
                };
                while list.len() <= place && list.len() < 1_000_000 {
                    list.push(Value::Null);
                }
                let Some(inner) = list.get_mut(place) else {
                    return;
                };
                inner
            }
            Ok(_) | Err(_) => {
                if !at.is_object() {
                    *at = Value::Object(Map::new());
                }
                let Value::Object(fields) = at else {
                    return;
                };
                fields.entry(part).or_insert(Value::Null)
            }
        };
    }
    *at = value;
}

/// How many elements the list at a pointer has.
pub(super) fn length(root: &Value, pointer: &str) -> usize {
    root.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
}

/// Takes out what says nothing: nulls, empty texts, lists and objects.
pub(super) fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(prune);
            fields.retain(|_, inner| !is_nothing(inner));
        }
        Value::Array(list) => {
            list.iter_mut().for_each(prune);
            list.retain(|inner| !is_nothing(inner));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
