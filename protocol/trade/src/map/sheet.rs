use std::cell::Cell;

use segments::{
    Broken, Check, Faults, Flaw, Form, Limits, Place, Release, Scanner, Tag, Weight,
    english,
};

use super::Left;
use super::trace::Span;

/// The segments of a set, where they stand in it, and which of their values were taken.
pub(super) struct Sheet {
    pub(super) rows: Vec<Row>,
}

/// A segment.
pub(super) struct Row {
    pub(super) tag: String,
    pub(super) at: usize,
    number: usize,
    /// The segments that open the loops around it; none where it is out of its place.
    pub(super) loops: Option<Vec<Tag>>,
    pub(super) opens: bool,
    elements: Vec<Vec<Value>>,
}

struct Value {
    text: String,
    span: Span,
    taken: Cell<bool>,
}

impl Sheet {
    /// Reads the segments of a set; the elements that are composites are cut.
    pub(super) fn read(
        mut scanner: Scanner<'_>,
        release: &'static Release,
        set: &str,
    ) -> Self {
        let mut check = Check::new(release, set, Limits::default());
        let mut rows = Vec::new();
        while let Some(segment) = scanner.next_segment() {
            let marks = segment.marks();
            check.segment(&segment, &mut Faults::default());
            let layout = release.layout(segment.tag());
            let element = |place: usize| {
                let slot = layout.and_then(|own| own.slots.get(place.checked_sub(1)?));
                let is_cut = match slot.map(|slot| &slot.form) {
                    Some(Form::Composite(_)) => true,
                    Some(Form::Simple { .. }) | None => marks.release.is_some(),
                };
                if !is_cut {
                    let length = segment.element(place).map_or(0, <[u8]>::len);
                    let span = Span { at: segment.at(place), length };
                    return vec![Value::new(segment.text(place).trim().to_owned(), span)];
                }
                let raw = segment.element(place).unwrap_or_default();
                let from = segment.at(place);
                let parts = segments::Parts::new(raw, marks.component, marks.release);
                let parts = parts.take(64);
                let text = |part| segments::text(part, &marks).trim().to_owned();
                let span = |at: usize, part: &[u8]| Span {
                    at: from.saturating_add(at),
                    length: part.len(),
                };
                parts.map(|(at, part)| Value::new(text(part), span(at, part))).collect()
            };
            rows.push(Row {
                tag: segment.tag().to_string(),
                at: segment.start(),
                number: segment.number(),
                loops: check.loops(),
                opens: check.opened().is_some(),
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
    fn new(text: String, span: Span) -> Self {
        Self { text, span, taken: Cell::new(false) }
    }
}

impl Row {
    fn value(&self, (element, part): (usize, usize)) -> Option<&Value> {
        let parts = self.elements.get(element.checked_sub(1)?)?;
        parts.get(part.checked_sub(1)?)
    }

    /// The text of a place; empty where there is none.
    pub(super) fn text(&self, spot: (usize, usize)) -> &str {
        self.value(spot).map(|value| value.text.as_str()).unwrap_or_default()
    }

    /// Where a place stands in the file; none where it is empty.
    pub(super) fn span(&self, spot: (usize, usize)) -> Option<Span> {
        self.value(spot).map(|value| value.span).filter(|span| span.length > 0)
    }

    /// Marks a place as taken.
    pub(super) fn take(&self, spot: (usize, usize)) {
        if let Some(value) = self.value(spot) {
            value.taken.set(true);
        }
    }

    /// Marks a place as not taken: it says more than what was taken from it.
    pub(super) fn leave(&self, spot: (usize, usize)) {
        if let Some(value) = self.value(spot) {
            value.taken.set(false);
        }
    }

    /// Whether a place was taken.
    pub(super) fn is_taken(&self, spot: (usize, usize)) -> bool {
        self.value(spot).is_some_and(|value| value.taken.get())
    }

    /// Marks all of it as taken: it says nothing that the document does not say otherwise.
    pub(super) fn pass(&self) {
        self.elements.iter().flatten().for_each(|value| value.taken.set(true));
    }

    /// A number that is none.
    pub(super) fn no_number(&self, (element, component): (usize, usize)) -> Broken {
        Broken {
            flaw: Flaw::NotANumber,
            weight: Weight::Error,
            place: Box::new(Place {
                at: self.at,
                segment: self.tag.clone(),
                number: self.number,
                element,
                component,
                ..Place::default()
            }),
            value: segments::escape(self.text((element, component)).as_bytes()),
            mend: String::new(),
        }
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
        Some(Left::of_file(self.at, format!("{}{name}: {}", self.tag, texts.join(", "))))
    }
}
