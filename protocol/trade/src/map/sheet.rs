use std::cell::Cell;

use rust_decimal::Decimal;
use segments::{Broken, Flaw, Place, Scanner, Weight, english};

use super::Left;

/// The segments of a set, and which of their values were taken.
pub(super) struct Sheet {
    pub(super) rows: Vec<Row>,
}

/// A segment.
pub(super) struct Row {
    pub(super) tag: String,
    pub(super) at: usize,
    number: usize,
    elements: Vec<Vec<Value>>,
}

struct Value {
    text: String,
    taken: Cell<bool>,
}

/// Whether elements are cut into components.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Cut {
    /// X12: only where a component is asked for.
    Never,
    /// EDIFACT.
    Always,
}

impl Sheet {
    pub(super) fn read(mut scanner: Scanner<'_>, cut: Cut) -> Self {
        let mut rows = Vec::new();
        while let Some(segment) = scanner.next_segment() {
            let marks = segment.marks();
            let element = |place: usize| {
                let raw = segment.element(place).unwrap_or_default();
                match cut {
                    Cut::Never => vec![Value::new(segment.text(place).trim().to_owned())],
                    Cut::Always => {
                        segments::Parts::new(raw, marks.component, marks.release)
                            .map(|(_, part)| {
                                Value::new(segments::text(part, &marks).into_owned())
                            })
                            .collect()
                    }
                }
            };
            rows.push(Row {
                tag: segment.tag().to_string(),
                at: segment.start(),
                number: segment.number(),
                elements: (1..=segment.len().min(64)).map(element).collect(),
            });
        }
        Self { rows }
    }

    /// What was not taken, one entry a segment.
    pub(super) fn left(&self) -> Vec<Left> {
        self.rows.iter().filter_map(Row::left).collect()
    }
}

impl Value {
    fn new(text: String) -> Self {
        Self { text, taken: Cell::new(false) }
    }
}

impl Row {
    /// Takes the value of an element.
    pub(super) fn take(&self, element: usize) -> String {
        self.part(element, 1)
    }

    /// Takes the value of a component.
    pub(super) fn part(&self, element: usize, part: usize) -> String {
        let parts = element.checked_sub(1).and_then(|place| self.elements.get(place));
        let value = parts.and_then(|parts| parts.get(part.checked_sub(1)?));
        value.map_or_else(String::new, |value| {
            value.taken.set(true);
            value.text.clone()
        })
    }

    /// Takes a value, unless it is empty.
    pub(super) fn some(&self, element: usize) -> Option<String> {
        super::some(self.take(element))
    }

    /// Takes a component, unless it is empty.
    pub(super) fn some_part(&self, element: usize, part: usize) -> Option<String> {
        super::some(self.part(element, part))
    }

    /// Takes a number.
    ///
    /// # Errors
    /// [`Flaw::NotANumber`].
    pub(super) fn number(
        &self,
        element: usize,
        part: usize,
    ) -> Result<Option<Decimal>, Broken> {
        let text = self.part(element, part);
        if text.is_empty() {
            return Ok(None);
        }
        let read = text.replace(',', ".").parse::<Decimal>();
        read.map(Some).map_err(|_| Broken {
            flaw: Flaw::NotANumber,
            weight: Weight::Error,
            place: Box::new(Place {
                at: self.at,
                segment: self.tag.clone(),
                number: self.number,
                element,
                component: part,
                ..Place::default()
            }),
            value: segments::escape(text.as_bytes()),
            mend: String::new(),
        })
    }

    /// Marks all of it as taken: it says nothing that the document does not say otherwise.
    pub(super) fn pass(&self) {
        self.elements.iter().flatten().for_each(|value| value.taken.set(true));
    }

    /// How many elements it has.
    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    fn left(&self) -> Option<Left> {
        let rest = self.elements.iter().flatten();
        let rest = rest.filter(|value| !value.taken.get() && !value.text.is_empty());
        let texts: Vec<&str> = rest.map(|value| value.text.as_str()).collect();
        if texts.is_empty() {
            return None;
        }
        let name = english()
            .name(&self.tag)
            .map(|name| format!(" ({name})"))
            .unwrap_or_default();
        let what = format!("{}{name}: {}", self.tag, texts.join(", "));
        Some(Left::new(self.at, what, "the document has no place for it"))
    }
}
