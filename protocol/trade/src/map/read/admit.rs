//! Whether a rule counts for a segment.

use serde_json::Value;

use super::super::pointer;
use super::super::rules::{Guard, Repeat, Rule, Source};
use super::super::sheet::Row;
use super::Reader;

impl Reader {
    pub(super) fn admits(&self, rule: &Rule, row: &Row, next: &str, base: &str) -> bool {
        let text = |at: &str| self.root.pointer(at).and_then(Value::as_str);
        let guards = rule.guards.iter().all(|guard| match guard {
            Guard::Next(tag) => next == *tag,
            Guard::NextIsNot(tag) => next != *tag,
            Guard::In(release) => self.release.name() == *release,
            Guard::NotIn(release) => self.release.name() != *release,
            Guard::Filled(places) => places.split(',').any(|place| {
                let spot = place.parse().map(|element: usize| (element, 1));
                spot.is_ok_and(|spot| !row.text(spot).is_empty())
            }),
            Guard::Inside(field, words) => {
                let own = text(&pointer::join(base, field)).unwrap_or_default();
                words.split('/').any(|word| word == own)
                    || (*field == "level" && row.tag == "HL")
            }
            Guard::Is(..)
            | Guard::IsNot(..)
            | Guard::When(..)
            | Guard::Has(_)
            | Guard::Lacks(_)
            | Guard::Short => true,
        });
        let constants = rule.fields.iter().all(|field| match field.source {
            Source::Guard(words) => field.spots.first().is_none_or(|spot| {
                let own = row.text(*spot);
                words.split('/').any(|word| word == own)
            }),
            Source::Constant(..)
            | Source::Computed(_)
            | Source::Leaf(..)
            | Source::Piece(_)
            | Source::NextText(_)
            | Source::NextItem(..) => true,
        });
        // What is said once is not overwritten.
        let free = !matches!(rule.repeat, Repeat::Once)
            || rule.fields.iter().all(|field| match field.source {
                Source::Leaf(path, _) => {
                    let filled =
                        field.spots.iter().any(|spot| !row.text(*spot).is_empty());
                    field.also || !filled || text(&pointer::join(base, path)).is_none()
                }
                Source::Guard(_)
                | Source::Constant(..)
                | Source::Computed(_)
                | Source::Piece(_)
                | Source::NextText(_)
                | Source::NextItem(..) => true,
            });
        guards && constants && free && self.knows_the_price(rule, row, base)
    }

    /// Whether the segment has no place left for more of its text.
    pub(super) fn is_full(rule: &Rule, row: &Row) -> bool {
        rule.fields.iter().all(|field| match field.source {
            Source::Piece(_) => {
                field.spots.iter().all(|spot| !row.text(*spot).is_empty())
            }
            Source::Guard(_)
            | Source::Constant(..)
            | Source::Computed(_)
            | Source::Leaf(..)
            | Source::NextText(_)
            | Source::NextItem(..) => true,
        })
    }

    /// Whether what the segment says besides its text is what the element before says.
    pub(super) fn is_same(&self, rule: &Rule, row: &Row, last: &str) -> bool {
        rule.fields.iter().all(|field| {
            let Source::Leaf(path, conv) = field.source else {
                return true;
            };
            let own =
                self.root.pointer(&pointer::join(last, path)).and_then(Value::as_str);
            self.told(rule, field, row, conv).ok().flatten().as_deref() == own
        })
    }
}
