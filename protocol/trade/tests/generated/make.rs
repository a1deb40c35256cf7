//! Makes documents from tables.

mod broken;

use segments::{Condition, Form, Kind, Release, Rule, Slot, Tag};

pub(crate) use broken::broken;

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

/// Every set that is shipped: its version, the tables, its name.
pub(crate) fn every_set() -> Vec<(String, &'static Release, String)> {
    let mut all = Vec::new();
    for version in ["004010", "005010"] {
        let release = x12::release(version).unwrap();
        for plan in release.plans() {
            all.push((version.to_owned(), release, plan.set.to_string()));
        }
    }
    for (directory, syntax) in [("96A", 3), ("01B", 3), ("96A", 4)] {
        let release = edifact::release(directory, syntax).unwrap();
        for plan in release.plans() {
            let only_contrl = syntax == 4;
            if (plan.set.as_ref() == "CONTRL") == (only_contrl || directory == "96A")
                && (!only_contrl || plan.set.as_ref() == "CONTRL")
                || (plan.set.as_ref() != "CONTRL" && !only_contrl)
            {
                all.push((
                    format!("D{directory}-{syntax}"),
                    release,
                    plan.set.to_string(),
                ));
            }
        }
    }
    all
}

/// A value that makes sense to a reader who knows more than tables.
fn sensible(reference: &str) -> Option<&'static str> {
    Some(match reference {
        // A level of its own, of the shipment.
        "628" => "1",
        "735" => "S",
        // One, in hundredths, as the lines have it.
        "610" => "100",
        _ => return None,
    })
}

fn value(release: &Release, slot: &Slot) -> String {
    let Form::Simple { kind, least, most, .. } = &slot.form else {
        return String::new();
    };
    if let Some(text) = sensible(&slot.reference) {
        return text.to_owned();
    }
    let least = usize::try_from(*least).unwrap();
    match kind {
        Kind::Code | Kind::Text | Kind::Letters => {
            let code = release.codes(&slot.reference).and_then(|list| {
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

fn element(release: &Release, slot: &Slot, extent: Extent) -> Vec<String> {
    match &slot.form {
        Form::Simple { .. } => vec![value(release, slot)],
        Form::Composite(parts) => {
            let wanted = |part: &Slot| extent == Extent::Full || part.mandatory;
            let mut made: Vec<String> = parts
                .iter()
                .map(
                    |part| {
                        if wanted(part) { value(release, part) } else { String::new() }
                    },
                )
                .collect();
            if made.iter().all(String::is_empty) {
                made[0] = value(release, &parts[0]);
            }
            made
        }
    }
}

fn row(release: &Release, tag: Tag, extent: Extent) -> Row {
    let layout = release.layout(tag).unwrap();
    let mut there: Vec<bool> = layout
        .slots
        .iter()
        .map(|slot| slot.mandatory || extent == Extent::Full)
        .collect();
    // The outermost level has no parent.
    if let Some(parent) = layout.slots.iter().position(|slot| &*slot.reference == "734") {
        there[parent] = false;
    }
    // A segment has one element at least, by ASC X12.6 3.8.
    if !there.contains(&true)
        && let Some(first) = there.first_mut()
    {
        *first = true;
    }
    // What excludes another goes; what another calls for comes.
    for _ in 0..4 {
        for condition in &layout.conditions {
            settle(condition, &mut there);
        }
    }
    let elements = layout.slots.iter().zip(&there);
    let elements =
        elements.map(
            |(slot, there)| {
                if *there { element(release, slot, extent) } else { Vec::new() }
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
            rows.push(row(release, node.tag, extent));
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
