//! Documents with one fault.

use segments::{Form, Kind, Node, Release, Rule, Slot, Tag};

use super::{Document, Extent, Row, element, row, value};

/// A document with one fault.
pub(crate) struct Wrong {
    pub(crate) rule: &'static str,
    /// Where it is told; empty for anywhere.
    pub(crate) segment: String,
    pub(crate) element: usize,
    pub(crate) document: Document,
}

/// One broken document for each kind of rule that the set has.
pub(crate) fn broken(release: &Release, set: &str, full: &Document) -> Vec<Wrong> {
    let plan = release.plan(set).unwrap();
    let mut all = Vec::new();
    let mut add = |rule, segment: &str, element, change: &dyn Fn(&mut Document)| {
        let mut document = full.clone();
        change(&mut document);
        let segment = segment.to_owned();
        all.push(Wrong { rule, segment, element, document });
    };
    let last = full.rows.len() - 1;
    let (head, trailer) = (full.rows[1].tag.clone(), full.rows[last].tag.clone());
    // The segment after the opening one is mandatory, once, in every set but where a loop opens.
    add("segment_missing", "", 0, &|document| {
        let once = |node: &&Node| node.mandatory && node.depth == 0 && !node.is_loop();
        let wanted = plan.nodes.iter().filter(once).nth(1).unwrap().tag.to_string();
        let place = document.rows.iter().position(|row| row.tag == wanted).unwrap();
        document.rows.remove(place);
    });
    add("segment_unknown", "QQQ", 0, &|document| {
        document
            .rows
            .insert(2, Row { tag: "QQQ".into(), elements: vec![vec!["1".into()]] });
    });
    let foreign = release
        .layouts()
        .iter()
        .find(|layout| !plan.uses(layout.tag) && !is_shell(layout.tag));
    let foreign = row(release, foreign.unwrap().tag, Extent::Minimal);
    add("segment_not_in_set", &foreign.tag, 0, &|document| {
        document.rows.insert(2, foreign.clone());
    });
    add("segment_repeated", &head, 0, &|document| {
        let again = document.rows[1].clone();
        let most = plan.nodes[1].most.max(1);
        for _ in 0..most.min(2000) {
            document.rows.insert(2, again.clone());
        }
    });
    add("count_mismatch", &trailer, 1, &|document| document.surplus = 1);
    add("control_mismatch", &trailer, 2, &|document| document.control = "0002");
    add("trailer_missing", "", 0, &|document| document.has_trailer = false);
    if let Some((place, node)) = small_loop(plan.nodes.as_slice()) {
        let open = full.rows.iter().position(|row| row.tag == node.tag.to_string());
        let _ = place;
        add("loop_repeated", "", 0, &|document| {
            let at = open.unwrap();
            let mut again = document.rows[at].clone();
            again.tag.clone_from(&document.rows[at].tag);
            for _ in 0..node.most {
                document.rows.insert(at, again.clone());
            }
        });
    }
    let hollow = full.rows.iter().skip(2).position(|row| may_be_hollow(release, row));
    if let Some(place) = hollow.filter(|_| full.rows[0].tag == "ST") {
        let place = place + 2;
        add("segment_empty", &full.rows[place].tag, 0, &|document| {
            document.rows[place].elements.clear();
        });
    }
    of_elements(release, full, &mut add);
    all
}

/// Whether none of its elements must be there, so that nothing is missing where none is.
fn may_be_hollow(release: &Release, row: &Row) -> bool {
    let layout = release.layout(Tag::read(row.tag.as_bytes())).unwrap();
    layout.slots.iter().all(|slot| !slot.mandatory)
        && layout.conditions.iter().all(|condition| condition.rule != Rule::Required)
}

fn is_shell(tag: Tag) -> bool {
    let tag = tag.to_string();
    tag.starts_with("UN")
        || ["ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"].contains(&tag.as_str())
}

/// A loop of one segment kind at the outermost level that may not stand often, and nowhere else.
fn small_loop(nodes: &[Node]) -> Option<(usize, &Node)> {
    let mut all = nodes.iter().enumerate();
    all.find(|(place, node)| {
        let alone = nodes
            .iter()
            .enumerate()
            .filter(|(other, node)| other != place && !node.is_loop())
            .filter(|(_, other)| other.tag == node.tag)
            .count();
        let simple =
            nodes[*place + 1..node.next].iter().skip(1).all(|inner| !inner.mandatory);
        node.is_loop() && node.depth == 0 && node.most < 30 && alone == 1 && simple
    })
}

type Add<'a> = dyn FnMut(&'static str, &str, usize, &dyn Fn(&mut Document)) + 'a;

fn of_elements(release: &Release, full: &Document, add: &mut Add<'_>) {
    let last = full.rows.len() - 1;
    let mut done = Vec::new();
    for (number, row) in full.rows.iter().enumerate().skip(1).take(last.saturating_sub(1))
    {
        let layout = release.layout(Tag::read(row.tag.as_bytes())).unwrap();
        let mut once = |rule: &'static str, element: usize, parts: Vec<String>| {
            if done.contains(&rule) {
                return;
            }
            done.push(rule);
            add(rule, &row.tag, element, &|document| {
                let elements = &mut document.rows[number].elements;
                if elements.len() < element {
                    elements.resize(element, Vec::new());
                }
                elements[element - 1].clone_from(&parts);
            });
        };
        once("too_many_elements", layout.slots.len() + 1, vec!["1".into()]);
        for (slot, place) in layout.slots.iter().zip(1..) {
            if row.elements[place - 1].is_empty() {
                continue;
            }
            if slot.mandatory && place < layout.slots.len() {
                once("element_missing", place, Vec::new());
            }
            simple(release, slot, place, &mut once);
        }
        let mut blank = |rule, place: usize| once(rule, place, Vec::new());
        for condition in &layout.conditions {
            let second = condition.places[1];
            let filled = !row.elements[condition.places[0] - 1].is_empty();
            match condition.rule {
                Rule::Paired | Rule::Conditional if filled => {
                    blank("condition_missing", second);
                }
                Rule::Exclusive if filled && row.elements[second - 1].is_empty() => {
                    let value = element(release, &layout.slots[second - 1], Extent::Full);
                    once("condition_excluded", second, value);
                    break;
                }
                Rule::Paired
                | Rule::Conditional
                | Rule::Exclusive
                | Rule::Required
                | Rule::ListConditional => {}
            }
        }
    }
}

fn simple(
    release: &Release,
    slot: &Slot,
    place: usize,
    once: &mut dyn FnMut(&'static str, usize, Vec<String>),
) {
    let (slot, lead): (&Slot, usize) = match &slot.form {
        Form::Composite(parts) => {
            let mut many: Vec<String> =
                parts.iter().map(|part| value(release, part)).collect();
            many.push("1".into());
            once("too_many_components", place, many);
            (&parts[0], 0)
        }
        Form::Simple { .. } => (slot, 0),
    };
    let Form::Simple { kind, least, most, codes } = &slot.form else {
        return;
    };
    let parts = |text: String| {
        let mut parts = vec![String::new(); lead];
        parts.push(text);
        parts
    };
    let least = usize::try_from(*least).unwrap();
    let most = usize::try_from(*most).unwrap();
    match kind {
        Kind::Code | Kind::Text => {
            once("too_long", place, parts("A".repeat(most + 1)));
            once("bad_character", place, parts("\u{1}".repeat(least.max(1))));
            if least > 1 {
                once("too_short", place, parts("A".into()));
            }
            if codes.as_ref().is_some_and(|list| list.whole) {
                once("code_unknown", place, parts("!".repeat(least.max(1))));
            }
        }
        Kind::Whole(_) | Kind::Real | Kind::Number => {
            once("not_a_number", place, parts("1x".into()));
        }
        Kind::Date => once("date_invalid", place, parts("20261341".into())),
        Kind::Time => once("time_invalid", place, parts("2561".into())),
        Kind::Letters | Kind::Binary => {}
    }
}
