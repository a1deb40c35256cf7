//! Texts that are cut for their places, and lists that are taken element by element.

use std::collections::VecDeque;

use serde_json::Value;

use super::super::convert::{Conv, plain, put};
use super::super::pieces::{cut, join};
use super::super::pointer;
use super::super::rules::{Rule, Source, Spot};
use super::{Claim, Piece, Writer, Written};

impl Writer<'_> {
    /// Takes the next element of a list of which every field finds its place.
    pub(super) fn item(
        &mut self,
        rule: &'static Rule,
        list: &str,
        spots: &[Spot],
        inner: &[(&'static str, Conv)],
        written: &mut Written,
    ) {
        loop {
            let next = self.items.entry(list.to_owned()).or_default();
            let item = format!("{list}/{next}");
            *next = next.saturating_add(1);
            if self.root.pointer(&item).is_none() {
                return;
            }
            let mut made = Vec::new();
            for ((path, conv), spot) in inner.iter().zip(spots) {
                let pointer = pointer::join(&item, path);
                let slot = self.slot(rule.tag, *spot);
                let value = self.text(&pointer).unwrap_or_default();
                match put(self.dialect, *conv, value, &[slot]) {
                    Ok(put) => made.push((*spot, pointer, put)),
                    Err((why, mend)) => {
                        let why = format!("{}{:02}: {why}", rule.tag, spot.0);
                        self.reasons.insert(item.clone(), (why, mend));
                    }
                }
            }
            if made.len() == inner.len() {
                for (spot, pointer, put) in made {
                    written.texts.insert(spot, put.texts.concat());
                    let changed = put.changed;
                    written.claims.push(Claim { element: spot.0, pointer, changed });
                }
                return;
            }
        }
    }

    /// Cuts a text for the places that take it.
    pub(super) fn line_up(&mut self, rule: &'static Rule, pointer: &str, spot: Spot) {
        if self.queues.contains_key(pointer) {
            return;
        }
        let text = self.text(pointer).unwrap_or_default();
        let most = self.width(rule.tag, spot);
        let places = rule.fields.iter().filter(|field| match field.source {
            Source::Piece(path) => pointer.ends_with(&path.replace('.', "/")),
            Source::Guard(_)
            | Source::Constant(..)
            | Source::Computed(_)
            | Source::Leaf(..)
            | Source::NextText(_)
            | Source::NextItem(..) => false,
        });
        let places = places.count().max(1);
        let mut texts = cut(text, most);
        // A segment that is full goes on in the next one: the last one must not be.
        for less in 1..most.min(30) {
            let is_full = texts.len().is_multiple_of(places) && !texts.is_empty();
            if !rule.again || !is_full {
                break;
            }
            // A piece that does not reach the width is followed by a blank either way.
            texts = cut(text, most.saturating_sub(less));
            if texts.iter().any(|text| text.chars().count() >= most.saturating_sub(less))
            {
                texts = cut(text, most);
            }
        }
        let piece = |text| Piece {
            element: 0,
            pointer: pointer.to_owned(),
            text,
            width: Some(most),
        };
        self.queues.insert(pointer.to_owned(), texts.into_iter().map(piece).collect());
    }

    pub(super) fn line_up_list(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        spot: Spot,
    ) {
        if self.queues.contains_key(pointer) {
            return;
        }
        let most = self.width(rule.tag, spot);
        let list = self.root.pointer(pointer).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        let cut = |text: &str| {
            let text = plain(text);
            if text.chars().count() <= most { vec![text] } else { cut(&text, most) }
        };
        let piece =
            |text| Piece { element: 0, pointer: pointer.to_owned(), text, width: None };
        let texts = texts.flat_map(cut).filter(|text| !text.is_empty());
        self.queues.insert(pointer.to_owned(), texts.map(piece).collect());
    }

    pub(super) fn remaining(&self, pointer: &str) -> usize {
        let waiting = self.queues.get(pointer).map(VecDeque::len);
        waiting.unwrap_or_else(|| {
            let next = self.items.get(pointer).copied().unwrap_or_default();
            pointer::length(self.root, pointer).saturating_sub(next)
        })
    }

    /// Whether a text or list is not through; one that nobody has begun is.
    pub(super) fn has_more(&mut self, rule: &'static Rule, pointer: &str) -> bool {
        for field in &rule.fields {
            let Some(spot) = field.spots.first().copied() else {
                continue;
            };
            match field.source {
                Source::Piece(_) => self.line_up(rule, pointer, spot),
                Source::NextText(_) => self.line_up_list(rule, pointer, spot),
                Source::Guard(_)
                | Source::Constant(..)
                | Source::Computed(_)
                | Source::Leaf(..)
                | Source::NextItem(..) => continue,
            }
            break;
        }
        self.remaining(pointer) > 0
    }

    pub(super) fn queue_waits(&self, rule: &'static Rule, base: &str) -> bool {
        rule.fields.iter().any(|field| match field.source {
            Source::Piece(path) => self.remaining(&pointer::join(base, path)) > 0,
            Source::Guard(_)
            | Source::Constant(..)
            | Source::Computed(_)
            | Source::Leaf(..)
            | Source::NextText(_)
            | Source::NextItem(..) => false,
        })
    }

    /// The texts and lists that were cut, with what came through.
    pub(in super::super) fn cut_texts(&self) -> impl Iterator<Item = &String> {
        self.queues.keys()
    }
}

/// What the pieces that came through read as.
pub(in super::super) fn joined(pieces: &[Piece]) -> Value {
    if pieces.iter().all(|piece| piece.width.is_none()) {
        return pieces.iter().map(|piece| Value::from(piece.text.clone())).collect();
    }
    let (mut text, mut filled) = (String::new(), false);
    for piece in pieces {
        join(&mut text, &piece.text, filled);
        filled = piece.width == Some(piece.text.chars().count());
    }
    Value::from(text)
}
