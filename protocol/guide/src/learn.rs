use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use segments::{Check, Faults, Form, Kind, Look, Overlay, Release, Segment};

use crate::berths::{Berth, berths, release, slot};
use crate::look::{Spotted, ends, scope, value};
use crate::{Document, ElementRule, Guide, SegmentRule, Spot, Use, When};

/// How many codes of an element are listed; an element with more is left free.
const CODES_LIMIT: usize = 24;

/// Watches documents while they are judged, and makes a guide of what they have in common.
///
/// What stood in every instance of its loop is asked for; what never stood twice in several
/// instances may stand once; the codes that were seen are the codes. Lengths and what was never
/// seen are left as the standard has them: a few samples say nothing about them. Nothing is learnt
/// from a document with faults.
#[derive(Debug, Default)]
pub struct Learner {
    known: RefCell<BTreeMap<(String, String), Known>>,
}

/// What is known of a document.
#[derive(Debug, Default)]
struct Known {
    /// How many instances of each loop there were.
    instances: BTreeMap<String, usize>,
    segments: BTreeMap<Subject, Seen>,
}

/// A segment by its place, and by its qualifier where it has one.
type Subject = (usize, String, Option<String>);

#[derive(Debug, Default)]
struct Seen {
    /// In how many instances of its loop it stood, and how often in one at most.
    instances: usize,
    most: u32,
    /// How often it stood at all.
    count: usize,
    elements: BTreeMap<Spot, Values>,
}

#[derive(Debug, Default)]
struct Values {
    count: usize,
    codes: BTreeSet<String>,
}

impl Learner {
    /// The guide.
    pub fn guide(&self, name: &str, version: &str) -> Guide {
        let known = self.known.borrow();
        let documents = known.iter().map(|((set, release), known)| Document {
            set: set.clone(),
            release: release.clone(),
            segments: known.rules(set, release),
        });
        Guide {
            name: name.to_owned(),
            version: version.to_owned(),
            documents: documents.collect(),
        }
    }
}

impl Overlay for Learner {
    fn look<'o>(&'o self, set: &str, name: &str) -> Option<Box<dyn Look + 'o>> {
        let tables = release(name)?;
        let berths = berths(tables.plan(set)?);
        Some(Box::new(Learning {
            known: &self.known,
            document: (set.to_owned(), name.to_owned()),
            tables,
            berths,
            open: BTreeMap::new(),
            seen: Known::default(),
        }))
    }
}

struct Learning<'l> {
    known: &'l RefCell<BTreeMap<(String, String), Known>>,
    document: (String, String),
    tables: &'static Release,
    berths: Vec<Berth>,
    /// Of each loop the instance that is open, and what was counted in it.
    open: BTreeMap<String, (String, BTreeMap<Subject, u32>)>,
    seen: Known,
}

impl Look for Learning<'_> {
    fn segment(
        &mut self,
        segment: &Segment<'_, '_>,
        check: &Check<'_>,
        faults: &mut Faults,
    ) {
        let spotted = Spotted::of(segment, check);
        self.enter(&spotted);
        self.count(&spotted, segment);
        if ends(segment) {
            let scopes: Vec<String> = self.open.keys().cloned().collect();
            for scope in &scopes {
                self.close(scope);
            }
            let seen = std::mem::take(&mut self.seen);
            // A document with faults is no sample of what is right.
            if !faults.has_error {
                let mut known = self.known.borrow_mut();
                known.entry(self.document.clone()).or_default().add(seen);
            }
        }
    }
}

impl Learning<'_> {
    /// Closes the loops that were left, opens those that were entered.
    fn enter(&mut self, spotted: &Spotted) {
        let scopes: BTreeSet<String> = self.berths.iter().map(scope).collect();
        for scope in scopes {
            let now = spotted.within(&scope);
            let before = self.open.get(&scope).map(|(instance, _)| instance.as_str());
            if before == now {
                continue;
            }
            let now = now.map(str::to_owned);
            if before.is_some() {
                self.close(&scope);
            }
            if let Some(now) = now {
                self.open.insert(scope, (now, BTreeMap::new()));
            }
        }
    }

    fn close(&mut self, scope: &str) {
        let Some((_, counts)) = self.open.remove(scope) else {
            return;
        };
        let instances = self.seen.instances.entry(scope.to_owned()).or_default();
        *instances = instances.saturating_add(1);
        for (subject, count) in counts {
            let seen = self.seen.segments.entry(subject).or_default();
            seen.instances = seen.instances.saturating_add(1);
            seen.most = seen.most.max(count);
        }
    }

    fn count(&mut self, spotted: &Spotted, segment: &Segment<'_, '_>) {
        let Some(berth) = self.berths.iter().find(|berth| berth.at == spotted.at) else {
            return;
        };
        let is_shell = matches!(spotted.at.as_str(), "ST" | "SE" | "UNH" | "UNT");
        let Some(layout) = self.tables.layout(berth.tag).filter(|_| !is_shell) else {
            return;
        };
        // The element that tells such segments apart.
        let teller = qualifier(self.tables, berth);
        let qualifier =
            teller.map(|at| value(segment, at)).filter(|code| !code.is_empty());
        // A guide cannot speak of a code that the standard lacks; such a segment teaches nothing.
        let known = |code: &String| {
            teller.and_then(|at| slot(layout, at)).is_none_or(|slot| knows(slot, code))
        };
        if !qualifier.as_ref().is_none_or(known) {
            return;
        }
        let subject = (berth.order, berth.at.clone(), qualifier);
        if let Some((_, counts)) = self.open.get_mut(&scope(berth)) {
            let count = counts.entry(subject.clone()).or_default();
            *count = count.saturating_add(1);
        }
        let seen = self.seen.segments.entry(subject).or_default();
        seen.count = seen.count.saturating_add(1);
        for (element, own) in (1_usize..).zip(&layout.slots) {
            let parts = match &own.form {
                Form::Simple { .. } => 0..1,
                Form::Composite(parts) => 1..parts.len().saturating_add(1),
            };
            for component in parts {
                let place = Spot { element, component };
                let value = value(segment, place);
                let Some(slot) = slot(layout, place).filter(|_| !value.is_empty()) else {
                    continue;
                };
                let values = seen.elements.entry(place).or_default();
                values.count = values.count.saturating_add(1);
                if is_code(self.tables, slot) && values.codes.len() <= CODES_LIMIT {
                    values.codes.insert(value);
                }
            }
        }
    }
}

/// Whether a slot holds codes.
fn is_code(tables: &Release, slot: &segments::Slot) -> bool {
    match &slot.form {
        Form::Simple { kind: Kind::Code, .. } => true,
        Form::Simple { .. } => tables.codes(&slot.reference).is_some(),
        Form::Composite(_) => false,
    }
}

/// Whether the standard has a code, as far as it is known whole.
fn knows(slot: &segments::Slot, code: &str) -> bool {
    match &slot.form {
        Form::Simple { codes: Some(list), .. } => list.has(code.as_bytes()),
        Form::Simple { codes: None, .. } | Form::Composite(_) => true,
    }
}

/// The element that tells segments of one name apart: the first, where it is a code and the
/// segment can stand more than once.
fn qualifier(tables: &Release, berth: &Berth) -> Option<Spot> {
    let layout = tables.layout(berth.tag).filter(|_| berth.most > 1)?;
    let whole = Spot { element: 1, component: 0 };
    let first = slot(layout, whole)?;
    let spot = if first.is_composite() { Spot { component: 1, ..whole } } else { whole };
    slot(layout, spot).filter(|slot| is_code(tables, slot)).map(|_| spot)
}

impl Known {
    fn add(&mut self, other: Self) {
        for (scope, more) in other.instances {
            let instances = self.instances.entry(scope).or_default();
            *instances = instances.saturating_add(more);
        }
        for (subject, more) in other.segments {
            let seen = self.segments.entry(subject).or_default();
            seen.instances = seen.instances.saturating_add(more.instances);
            seen.most = seen.most.max(more.most);
            seen.count = seen.count.saturating_add(more.count);
            for (spot, more) in more.elements {
                let values = seen.elements.entry(spot).or_default();
                values.count = values.count.saturating_add(more.count);
                values.codes.extend(more.codes);
            }
        }
    }

    fn rules(&self, set: &str, name: &str) -> Vec<SegmentRule> {
        let tables = release(name);
        let plan = tables.and_then(|tables| tables.plan(set));
        let berths = plan.map(berths).unwrap_or_default();
        let mut rules = Vec::new();
        for ((_, at, code), seen) in &self.segments {
            let found = berths.iter().find(|berth| berth.at == *at);
            let Some((berth, tables)) = found.zip(tables) else {
                continue;
            };
            let instances =
                self.instances.get(&scope(berth)).copied().unwrap_or_default();
            let always = seen.instances == instances;
            let when = code.as_ref().zip(qualifier(tables, berth));
            let when =
                when.map(|(code, element)| When { element, codes: vec![code.clone()] });
            let is_told = always && (!berth.mandatory || when.is_some());
            let once = seen.most == 1 && berth.most > 1 && instances > 1;
            let elements = seen.elements(tables, berth, when.as_ref());
            let rule = SegmentRule {
                at: at.clone(),
                usage: if is_told { Use::Must } else { Use::May },
                most: once.then_some(1),
                elements,
                when,
                line: 0,
            };
            if rule.usage != Use::May || rule.most.is_some() || !rule.elements.is_empty()
            {
                rules.push(rule);
            }
        }
        rules
    }
}

impl Seen {
    fn elements(
        &self,
        tables: &Release,
        berth: &Berth,
        when: Option<&When>,
    ) -> Vec<ElementRule> {
        let mut rules = Vec::new();
        for (spot, values) in &self.elements {
            let found = tables.layout(berth.tag).and_then(|layout| slot(layout, *spot));
            if when.is_some_and(|when| when.element == *spot) || found.is_none() {
                continue;
            }
            let is_mandatory = found.is_some_and(|slot| slot.mandatory);
            let always = values.count == self.count && !is_mandatory;
            let known = |code: &String| found.is_none_or(|slot| knows(slot, code));
            let listed =
                values.codes.len() <= CODES_LIMIT && values.codes.iter().all(known);
            let codes: Vec<String> =
                if listed { values.codes.iter().cloned().collect() } else { Vec::new() };
            if always || !codes.is_empty() {
                rules.push(ElementRule {
                    element: *spot,
                    usage: if always { Use::Must } else { Use::May },
                    shortest: None,
                    longest: None,
                    codes,
                    line: 0,
                });
            }
        }
        rules
    }
}
