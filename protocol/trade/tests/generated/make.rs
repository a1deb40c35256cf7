//! Makes documents from tables.

use segments::{Condition, Form, Kind, Layout, Node, Release, Rule, Slot, Tag};

/// How much a document holds.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Extent {
    /// Every segment once, with every element.
    Full,
    /// What is mandatory.
    Minimal,
}

/// One segment.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) tag: String,
    /// Each element as its components.
    pub(crate) elements: Vec<Vec<String>>,
}

/// One set.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) set: String,
    pub(crate) group: String,
    pub(crate) rows: Vec<Row>,
    /// What the trailer counts more than there is, and its control number.
    pub(crate) surplus: usize,
    pub(crate) control: &'static str,
    pub(crate) has_trailer: bool,
}

/// A document with one fault.
pub(crate) struct Wrong {
    pub(crate) rule: &'static str,
    /// Where it is told; empty for anywhere.
    pub(crate) segment: String,
    pub(crate) element: usize,
    pub(crate) document: Document,
}

fn value(slot: &Slot) -> String {
    let Form::Simple { kind, least, most, codes } = &slot.form else {
        return String::new();
    };
    let least = usize::try_from(*least).unwrap();
    match kind {
        Kind::Code | Kind::Text | Kind::Letters => {
            let code = codes.as_ref().and_then(|list| {
                let fits = |code: &&(Box<str>, Box<str>)| {
                    code.0.len() >= least
                        && code.0.len() <= usize::try_from(*most).unwrap()
                };
                list.codes.iter().find(fits)
            });
            code.map_or_else(|| "A".repeat(least.max(1)), |(code, _)| code.to_string())
        }
        Kind::Whole(_) | Kind::Real | Kind::Number => "1".repeat(least.max(1)),
        Kind::Date if least == 6 => "261122".into(),
        Kind::Date => "20261122".into(),
        Kind::Time => "1015".into(),
        Kind::Binary => "1".into(),
    }
}

fn element(slot: &Slot, extent: Extent) -> Vec<String> {
    match &slot.form {
        Form::Simple { .. } => vec![value(slot)],
        Form::Composite(parts) => {
            let wanted = |part: &Slot| extent == Extent::Full || part.mandatory;
            let mut made: Vec<String> = parts
                .iter()
                .map(|part| if wanted(part) { value(part) } else { String::new() })
                .collect();
            if made.iter().all(String::is_empty) {
                made[0] = value(&parts[0]);
            }
            made
        }
    }
}

fn row(layout: &Layout, extent: Extent) -> Row {
    let mut there: Vec<bool> = layout
        .slots
        .iter()
        .map(|slot| slot.mandatory || extent == Extent::Full)
        .collect();
    // What excludes another goes; what another calls for comes.
    for _ in 0..4 {
        for condition in &layout.conditions {
            settle(condition, &mut there);
        }
    }
    let elements = layout.slots.iter().zip(&there);
    let elements = elements.map(
        |(slot, there)| {
            if *there { element(slot, extent) } else { Vec::new() }
        },
    );
    Row { tag: layout.tag.to_string(), elements: elements.collect() }
}

fn settle(condition: &Condition, there: &mut [bool]) {
    let places: Vec<usize> = condition.places.iter().map(|place| place - 1).collect();
    let any = places.iter().any(|place| there[*place]);
    match condition.rule {
        Rule::Exclusive => {
            let mut kept = false;
            for place in &places {
                if there[*place] && kept {
                    there[*place] = false;
                }
                kept |= there[*place];
            }
        }
        Rule::Paired if any => {
            for place in &places {
                there[*place] = true;
            }
        }
        Rule::Required if !any => there[places[0]] = true,
        Rule::Conditional if there[places[0]] => {
            for place in &places {
                there[*place] = true;
            }
        }
        Rule::ListConditional if there[places[0]] => {
            if !places[1..].iter().any(|place| there[*place]) {
                there[places[1]] = true;
            }
        }
        Rule::Paired | Rule::Required | Rule::Conditional | Rule::ListConditional => {}
    }
}

/// Makes a document of a set.
pub(crate) fn document(release: &Release, set: &str, extent: Extent) -> Document {
    let plan = release.plan(set).unwrap();
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(node) = plan.nodes.get(at) {
        if extent == Extent::Minimal && !node.mandatory {
            at = node.next;
            continue;
        }
        at += 1;
        if !node.is_loop() {
            rows.push(row(release.layout(node.tag).unwrap(), extent));
        }
    }
    Document {
        set: set.to_owned(),
        group: plan.group.to_string(),
        rows,
        surplus: 0,
        control: "0001",
        has_trailer: true,
    }
}

impl Document {
    /// Writes it in an interchange of a release, such as `004010` or `D96A-3`.
    pub(crate) fn write(&self, version: &str) -> Vec<u8> {
        let mut rows = self.rows.clone();
        let last = rows.len() - 1;
        let edifact = version.starts_with('D');
        let count = (rows.len() + self.surplus).to_string();
        let control = self.control.to_owned();
        if edifact {
            let directory = version.get(1..4).unwrap_or_default();
            let (first, second) =
                match (self.set.as_str(), version.get(5..).unwrap_or_default()) {
                    ("CONTRL", "4") => ("4", "1"),
                    ("CONTRL", _) => ("D", "3"),
                    _ => ("D", directory),
                };
            let kind = [self.set.as_str(), first, second, "UN"].map(str::to_owned);
            rows[0].elements = vec![vec!["0001".into()], kind.to_vec()];
            rows[last].elements = vec![vec![count], vec![control]];
        } else {
            rows[0].elements = vec![vec![self.set.clone()], vec!["0001".into()]];
            rows[last].elements = vec![vec![count], vec![control]];
        }
        if !self.has_trailer {
            rows.pop();
        }
        let (plus, colon, end) =
            if edifact { ('+', ':', "'\n") } else { ('*', '>', "~\n") };
        let mut text = head(version, &self.group);
        for row in &rows {
            text.push_str(&row.tag);
            let kept =
                |element: &Vec<String>| element.iter().any(|part| !part.is_empty());
            let count = row.elements.iter().rposition(kept).map_or(0, |last| last + 1);
            for element in &row.elements[..count] {
                text.push(plus);
                let filled = element.iter().rposition(|part| !part.is_empty());
                let parts = &element[..filled.map_or(0, |last| last + 1)];
                text.push_str(&parts.join(&colon.to_string()));
            }
            text.push_str(end);
        }
        text.push_str(if edifact {
            "UNZ+1+77'\n"
        } else {
            "GE*1*7~\nIEA*1*000000077~\n"
        });
        text.into_bytes()
    }
}

fn head(version: &str, group: &str) -> String {
    if let Some(syntax) =
        version.strip_prefix('D').map(|rest| rest.get(4..).unwrap_or_default())
    {
        let (una, date) = if syntax == "4" { ("*", "20261122") } else { (" ", "261122") };
        return format!(
            "UNA:+.?{una}'\nUNB+UNOC:{syntax}+5412345000013:14+4012345500004:14+{date}:1015+77'\n"
        );
    }
    let mark = if version == "004010" { 'U' } else { '^' };
    format!(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       \
         *261122*1015*{mark}*{}*000000077*0*T*>~\nGS*{group}*ACME*NORDWIND*20261122*1015*7*X*{version}~\n",
        version.get(..5).unwrap_or_default()
    )
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
    let foreign = row(foreign.unwrap(), Extent::Minimal);
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
    of_elements(release, full, &mut add);
    all
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
            simple(slot, place, &mut once);
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
                    let value = element(&layout.slots[second - 1], Extent::Full);
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
    slot: &Slot,
    place: usize,
    once: &mut dyn FnMut(&'static str, usize, Vec<String>),
) {
    let (slot, lead): (&Slot, usize) = match &slot.form {
        Form::Composite(parts) => {
            let mut many: Vec<String> = parts.iter().map(value).collect();
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
