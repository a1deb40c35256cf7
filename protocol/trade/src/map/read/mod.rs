//! Segments into a document, by the rules of a dialect.

use std::collections::HashMap;

use segments::{Broken, Flaw, Form, Place, Release, Slot, Weight};
use serde_json::Value;

use super::convert::{Conv, take};
use super::pieces::join;
use super::rules::{Field, Guard, Repeat, Rule, Source, rules};
use super::sheet::{Row, Sheet};
use super::trace::{Traced, Traces};
use super::write::slot;
use super::{KINDS, Mapped, levels, pointer};
use crate::codes::Dialect;
use crate::{Document, Kind};

mod admit;
mod price;

/// Reads a document from an X12 set: 840, 843, 850, 855, 856, 860, 865 or 810.
///
/// # Errors
/// [`Flaw::SetNotSupported`] for another set, [`Flaw::NotANumber`] for a quantity or price that is
/// none. Judge the set first: what its tables refuse is told better there.
pub fn from_x12(set: &x12::Set<'_>) -> Result<Mapped<Document>, Broken> {
    from_x12_of(set, "004010")
}

/// Reads a document from an X12 set of a release, as its group names it.
///
/// # Errors
/// As [`from_x12`].
pub fn from_x12_of(
    set: &x12::Set<'_>,
    version: &str,
) -> Result<Mapped<Document>, Broken> {
    read_x12(set, version, Traces::not_asked()).map(Mapped::from)
}

/// Reads a document from an X12 set, and tells where each of its values stands in the file.
///
/// # Errors
/// As [`from_x12`].
pub fn trace_x12(set: &x12::Set<'_>, version: &str) -> Result<Traced, Broken> {
    read_x12(set, version, Traces::asked())
}

fn read_x12(set: &x12::Set<'_>, version: &str, traces: Traces) -> Result<Traced, Broken> {
    let unknown = || unsupported(set.at, &set.kind);
    let release = x12::release(version).or_else(|| x12::release("004010"));
    let release = release.ok_or_else(unknown)?;
    let found = KINDS.iter().find(|(_, own, ..)| *own == set.kind);
    let (kind, code, ..) = *found.ok_or_else(unknown)?;
    let sheet = Sheet::read(set.segments(), release, &set.kind);
    Reader::new(Dialect::X12, release, (code, code), traces).read(&sheet, kind)
}

/// Reads a document from an EDIFACT message of D.96A or D.01B: REQOTE, QUOTES, ORDERS, ORDRSP,
/// ORDCHG, DESADV or INVOIC.
///
/// # Errors
/// [`Flaw::SetNotSupported`] for another message or directory, [`Flaw::NotANumber`] for a quantity
/// or price that is none.
pub fn from_edifact(message: &edifact::Message<'_>) -> Result<Mapped<Document>, Broken> {
    read_edifact(message, Traces::not_asked()).map(Mapped::from)
}

/// Reads a document from an EDIFACT message, and tells where each of its values stands in the
/// file.
///
/// # Errors
/// As [`from_edifact`].
pub fn trace_edifact(message: &edifact::Message<'_>) -> Result<Traced, Broken> {
    read_edifact(message, Traces::asked())
}

fn read_edifact(
    message: &edifact::Message<'_>,
    traces: Traces,
) -> Result<Traced, Broken> {
    let unknown = || unsupported(message.at, &message.kind);
    let release = edifact::release(&message.head.release, 3);
    let release = release.or_else(|| edifact::release("96A", 3)).ok_or_else(unknown)?;
    let sheet = Sheet::read(message.segments(), release, &message.kind);
    let change = sheet.rows.iter().any(|row| {
        (row.tag == "BGM" && row.text((1, 4)) == "ORDER-CHANGE-RESPONSE")
            || (row.tag == "RFF" && row.text((1, 1)) == "PP")
    });
    let mut found = KINDS.iter().filter(|(.., own)| *own == message.kind);
    let found = if change { found.next_back() } else { found.next() };
    let (kind, code, _, name) = *found.ok_or_else(unknown)?;
    Reader::new(Dialect::Edifact, release, (name, code), traces).read(&sheet, kind)
}

fn unsupported(at: usize, kind: &str) -> Broken {
    Broken {
        flaw: Flaw::SetNotSupported,
        weight: Weight::Error,
        place: Box::new(Place { at, ..Place::default() }),
        value: kind.to_owned(),
        mend: String::new(),
    }
}

/// A loop that is open: the rules of what it holds, and where in the document that goes.
struct Open {
    rules: Option<&'static [Rule]>,
    base: String,
}

struct Reader {
    dialect: Dialect,
    release: &'static Release,
    set: &'static str,
    kind: &'static str,
    root: Value,
    /// Whether the last piece of a text filled its place.
    filled: HashMap<String, bool>,
    /// The element of a list whose segment was full, so that the next one goes on with it.
    goes_on: Option<(&'static str, String)>,
    traces: Traces,
}

impl Reader {
    fn new(
        dialect: Dialect,
        release: &'static Release,
        (set, kind): (&'static str, &'static str),
        traces: Traces,
    ) -> Self {
        Self {
            dialect,
            release,
            set,
            kind,
            root: Value::Object(serde_json::Map::new()),
            filled: HashMap::new(),
            goes_on: None,
            traces,
        }
    }

    fn read(mut self, sheet: &Sheet, kind: Kind) -> Result<Traced, Broken> {
        let top = Open { rules: Some(rules(self.dialect)), base: String::new() };
        let mut stack = vec![top];
        for (place, row) in sheet.rows.iter().enumerate() {
            let is_service = matches!(
                row.tag.as_str(),
                "ST" | "SE" | "UNH" | "UNT" | "UNS" | "CTT" | "CNT"
            );
            if is_service {
                row.pass();
            }
            let next = place.checked_add(1).and_then(|next| sheet.rows.get(next));
            let next = next.map(|row| row.tag.as_str()).unwrap_or_default();
            self.row(row, next, &mut stack)?;
        }
        let read = self.traces.copy(&self.root);
        levels::restore(&mut self.root);
        pointer::prune(&mut self.root);
        let left = sheet.left();
        let document = serde_json::from_value::<Document>(self.root);
        let document = Document { kind, ..document.unwrap_or_default() }.tidy();
        let origins = self.traces.settle(&read, &document);
        Ok(Traced { document, left, origins })
    }

    fn row(
        &mut self,
        row: &Row,
        next: &str,
        stack: &mut Vec<Open>,
    ) -> Result<(), Broken> {
        let opens = if let Some(loops) = &row.loops {
            let depth = loops.len().saturating_sub(usize::from(row.opens));
            // What stands in no loop is at the top.
            stack.truncate(depth.saturating_add(1));
            row.opens
        } else {
            let tag = row.tag.as_str();
            let holds = |open: &Open| {
                open.rules.is_some_and(|rules| rules.iter().any(|rule| rule.tag == tag))
            };
            let Some(depth) = stack.iter().rposition(holds) else {
                return Ok(());
            };
            stack.truncate(depth.saturating_add(1));
            true
        };
        let Some(open) = stack.last() else {
            return Ok(());
        };
        let base = open.base.clone();
        let mut inner = Open { rules: None, base: base.clone() };
        for rule in open.rules.unwrap_or_default() {
            let fits = rule.tag == row.tag && rule.is_of(self.set, self.kind);
            if !fits || !self.admits(rule, row, next, &base) {
                continue;
            }
            if let Some(at) = self.apply(rule, row, &base)?
                && (!rule.children.is_empty() || inner.rules.is_none())
            {
                inner = Open { rules: Some(&rule.children), base: at };
            }
        }
        if opens {
            stack.push(inner);
        }
        Ok(())
    }

    /// Takes what a rule takes from a segment; gives where in the document that went, unless
    /// there was nothing to take.
    fn apply(
        &mut self,
        rule: &'static Rule,
        row: &Row,
        base: &str,
    ) -> Result<Option<String>, Broken> {
        let mut at = base.to_owned();
        if let Repeat::Each(list) = rule.repeat {
            let list = pointer::join(base, list);
            let fresh = rule.fields.iter().any(|field| {
                let own = |spot: &(usize, usize)| {
                    !row.text(*spot).is_empty() && !row.is_taken(*spot)
                };
                is_told(&field.source) && !field.also && field.spots.iter().any(own)
            });
            // A loop may begin with a segment that says nothing.
            let filled = rule.fields.iter().any(|field| {
                let filled = |spot: &(usize, usize)| !row.text(*spot).is_empty();
                is_told(&field.source) && field.spots.iter().any(filled)
            });
            if !fresh && (filled || rule.children.is_empty()) {
                return Ok(None);
            }
            let place = pointer::length(&self.root, &list);
            at = format!("{list}/{place}");
            if let Some((tag, last)) = self.goes_on.take()
                && rule.again
                && tag == rule.tag
                && last.rsplit_once('/').is_some_and(|(own, _)| own == list)
                && self.is_same(rule, row, &last)
            {
                at = last;
            }
            for guard in &rule.guards {
                if let Guard::Is(field, words) = guard {
                    let word = words.split('/').next().unwrap_or_default();
                    pointer::set(&mut self.root, &pointer::join(&at, field), word.into());
                }
            }
        }
        for field in &rule.fields {
            self.field(rule, field, row, &at)?;
        }
        if rule.again && Self::is_full(rule, row) {
            self.goes_on = Some((rule.tag, at.clone()));
        }
        Ok(Some(at))
    }

    fn told(
        &self,
        rule: &Rule,
        field: &Field,
        row: &Row,
        conv: Conv,
    ) -> Result<Option<String>, Broken> {
        let texts: Vec<String> =
            field.spots.iter().map(|spot| row.text(*spot).to_owned()).collect();
        let first = field.spots.first().copied().unwrap_or((1, 1));
        if let Some((default, _)) = field.default
            && texts.first().is_some_and(|text| text == default)
        {
            return Ok(None);
        }
        let own = self.slot(rule.tag, first);
        take(self.dialect, conv, &texts, own).map_err(|()| row.no_number(first))
    }

    fn field(
        &mut self,
        rule: &'static Rule,
        field: &'static Field,
        row: &Row,
        at: &str,
    ) -> Result<(), Broken> {
        let Some(first) = field.spots.first().copied() else {
            return Ok(());
        };
        match &field.source {
            Source::Guard(_) | Source::Computed(_) => row.take(first),
            Source::Constant(text, _) => {
                if row.text(first) == *text {
                    row.take(first);
                }
            }
            Source::Leaf(path, Conv::Basis) => self.price(rule, field, row, at, path)?,
            Source::Leaf(path, conv) => {
                let pointer = pointer::join(at, path);
                let told = self.told(rule, field, row, *conv)?;
                let known = self.root.pointer(&pointer).and_then(Value::as_str);
                let same = known.is_some() && known == told.as_deref();
                if field.also && (same || (known.is_none() && row.is_taken(first))) {
                    field.spots.iter().for_each(|spot| row.take(*spot));
                    return Ok(());
                }
                if field.also && known.is_some() {
                    return Ok(());
                }
                field.spots.iter().for_each(|spot| row.take(*spot));
                if let Some(told) = told {
                    for spot in &field.spots {
                        self.traces.add(&pointer, row.span(*spot));
                    }
                    pointer::set(&mut self.root, &pointer, told.into());
                }
            }
            Source::Piece(path) => self.piece(rule, path, first, row, at),
            Source::NextText(path) => {
                let list = pointer::join(at, path);
                row.take(first);
                if !row.text(first).is_empty() {
                    let place = pointer::length(&self.root, &list);
                    let text = row.text(first).to_owned();
                    let own = format!("{list}/{place}");
                    self.traces.add(&own, row.span(first));
                    pointer::set(&mut self.root, &own, text.into());
                }
            }
            Source::NextItem(path, inner) => {
                if field.spots.iter().all(|spot| row.text(*spot).is_empty()) {
                    return Ok(());
                }
                let list = pointer::join(at, path);
                let item = format!("{list}/{}", pointer::length(&self.root, &list));
                for ((path, conv), spot) in inner.iter().zip(&field.spots) {
                    row.take(*spot);
                    let own = self.slot(rule.tag, *spot);
                    let told =
                        take(self.dialect, *conv, &[row.text(*spot).to_owned()], own);
                    if let Some(told) = told.map_err(|()| row.no_number(*spot))? {
                        let pointer = pointer::join(&item, path);
                        self.traces.add(&pointer, row.span(*spot));
                        pointer::set(&mut self.root, &pointer, told.into());
                    }
                }
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        rule: &Rule,
        path: &str,
        spot: (usize, usize),
        row: &Row,
        at: &str,
    ) {
        row.take(spot);
        let piece = row.text(spot);
        if piece.is_empty() {
            return;
        }
        let pointer = pointer::join(at, path);
        let own = self.root.pointer(&pointer).and_then(Value::as_str);
        let mut text = own.unwrap_or_default().to_owned();
        let filled = self.filled.get(&pointer).copied().unwrap_or_default();
        join(&mut text, piece, filled);
        let most = match self.slot(rule.tag, spot).map(|slot| &slot.form) {
            Some(Form::Simple { most, .. }) => {
                usize::try_from(*most).unwrap_or(usize::MAX)
            }
            Some(Form::Composite(_)) | None => 35,
        };
        self.traces.add(&pointer, row.span(spot));
        self.filled.insert(pointer.clone(), piece.chars().count() == most);
        pointer::set(&mut self.root, &pointer, text.into());
    }

    fn slot(&self, tag: &str, spot: (usize, usize)) -> Option<&'static Slot> {
        slot(self.release, tag, spot)
    }
}

/// Whether a source is something of the document.
fn is_told(source: &Source) -> bool {
    match source {
        Source::Guard(_) | Source::Constant(..) | Source::Computed(_) => false,
        Source::Leaf(..)
        | Source::Piece(_)
        | Source::NextText(_)
        | Source::NextItem(..) => true,
    }
}
