//! What of a document was carried, and why the rest was not.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::levels::Origins;
use super::write::{Piece, joined};
use super::{Left, pointer};
use crate::{Document, Kind};

/// What was carried, what was changed, and why the rest was not.
#[derive(Default)]
pub(super) struct Account {
    pub(super) origins: Origins,
    pub(super) carried: HashSet<String>,
    pub(super) changed: HashMap<String, (Value, String)>,
    pub(super) reasons: HashMap<String, (String, String)>,
}

impl Account {
    /// The places in the document that a place in what was written came from.
    pub(super) fn origin(&self, at: &str) -> Vec<String> {
        let of_level = self.origins.iter().filter_map(|(prefix, from)| {
            let rest = at.strip_prefix(prefix.as_str())?;
            let whole = rest.is_empty() || rest.starts_with('/');
            whole.then(|| from.iter().map(move |from| format!("{from}{rest}")))
        });
        let all: Vec<String> = of_level.flatten().collect();
        if all.is_empty() { vec![at.to_owned()] } else { all }
    }

    pub(super) fn carry(&mut self, at: &str, changed: Option<&(String, String)>) {
        for at in self.origin(at) {
            if let Some((to, why)) = changed {
                self.changed.insert(at.clone(), (Value::from(to.clone()), why.clone()));
            }
            self.carried.insert(at);
        }
    }

    /// Texts that were cut: what came through is what they read as.
    pub(super) fn pieces<'a>(
        &mut self,
        value: &Value,
        cut: impl Iterator<Item = &'a String>,
        pieces: &[Piece],
    ) {
        let mut through: HashMap<&str, Vec<Piece>> = HashMap::new();
        for piece in pieces {
            through.entry(&piece.pointer).or_default().push(piece.clone());
        }
        for at in cut {
            let Some(own) = value.pointer(at) else {
                continue;
            };
            let Some(pieces) = through.get(at.as_str()) else {
                continue;
            };
            let read = joined(pieces);
            for at in self.origin(at) {
                if read != *own {
                    let why = "it was cut to the lengths that stand here".to_owned();
                    self.changed.insert(at.clone(), (read.clone(), why));
                }
                self.carried.insert(at);
            }
        }
    }

    pub(super) fn reason(&mut self, at: &str, why: &str, mend: &str) {
        for at in self.origin(at) {
            self.reasons.entry(at).or_insert_with(|| (why.to_owned(), mend.to_owned()));
        }
    }

    pub(super) fn close(
        self,
        document: &Document,
        value: &Value,
        set: &str,
    ) -> Vec<Left> {
        let mut left = Vec::new();
        let mut changed: Vec<_> = self.changed.iter().collect();
        changed.sort_by_key(|(at, _)| at.as_str());
        for (at, (to, why)) in changed {
            let own = Left::of_field(at, value.pointer(at), why.clone());
            left.push(Left { becomes: Some(to.clone()), ..own });
        }
        for at in pointer::leaves(value) {
            if self.is_carried(&at) || is_implied(document, &at, value) {
                continue;
            }
            let (why, mend) = self.why(&at, set);
            let own = Left::of_field(&at, value.pointer(&at), why);
            left.push(Left { mend, ..own });
        }
        left
    }

    pub(super) fn is_carried(&self, at: &str) -> bool {
        let list = at.rsplit_once('/').map(|(list, _)| list);
        self.carried.contains(at) || list.is_some_and(|list| self.carried.contains(list))
    }

    /// The nearest reason: that of the value, of what it stands in, or of something beside it.
    pub(super) fn why(&self, at: &str, set: &str) -> (String, String) {
        let mut own = at;
        loop {
            if let Some(reason) = self.reasons.get(own) {
                return reason.clone();
            }
            match own.rsplit_once('/') {
                Some((outer, _)) if !outer.is_empty() => own = outer,
                _ => break,
            }
        }
        let beside = at.rsplit_once('/').map(|(outer, _)| format!("{outer}/"));
        let beside = beside.filter(|outer| outer.len() > 1);
        let near = beside.and_then(|outer| {
            let mut near: Vec<_> =
                self.reasons.iter().filter(|(at, _)| at.starts_with(&outer)).collect();
            near.sort();
            near.first().map(|(at, (why, mend))| {
                let why = format!("it goes with {}: {why}", pointer::shown(at));
                (why, mend.clone())
            })
        });
        near.unwrap_or_else(|| (format!("{set} has no place for it"), String::new()))
    }
}

/// What a reader knows without being told.
fn is_implied(document: &Document, at: &str, value: &Value) -> bool {
    let text = value.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let packed = document.kind == Kind::DispatchAdvice;
    match at {
        "/entente" | "/kind" | "/about/kind" => true,
        "/purpose" => text == "original",
        "/order_type" => {
            matches!(document.kind, Kind::Order | Kind::OrderChange)
                && text == "stand_alone"
        }
        _ if at.starts_with("/lines/") && at.ends_with("/change") => {
            let changes =
                matches!(document.kind, Kind::OrderChange | Kind::OrderChangeAnswer);
            changes && text == "changed"
        }
        _ if at.ends_with("/date_kind") => text == "promised",
        _ if at.starts_with("/lines/") && at.ends_with("/package") => packed,
        _ if at.starts_with("/packages/") => {
            packed && (at.ends_with("/number") || at.ends_with("/parent"))
        }
        _ => false,
    }
}
