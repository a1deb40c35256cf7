use std::fmt;

use crate::berths::{berths, release, slot};
use crate::{Document, ElementRule, Guide, SegmentRule, Use};

/// Where a guide is narrower than the standard.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The document, such as `850 of 004010`.
    pub document: String,
    /// Where in it, such as `N1/N1 with ST in 01` or `BEG03`.
    pub at: String,
    /// What the guide asks for.
    pub guide: String,
    /// What the standard has.
    pub standard: String,
    /// The line of the guide.
    pub line: usize,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, at, guide, standard, line } = self;
        write!(out, "{document}, {at}: {guide} (standard: {standard}; line {line})")
    }
}

impl Guide {
    /// Tells where the guide is narrower than the standard.
    pub fn differences(&self) -> Vec<Difference> {
        self.documents.iter().flat_map(document).collect()
    }
}

fn document(document: &Document) -> Vec<Difference> {
    let mut all = Vec::new();
    let Document { set, release: name, segments } = document;
    let Some(tables) = release(name) else {
        return all;
    };
    let berths = tables.plan(set).map(berths).unwrap_or_default();
    for rule in segments {
        let Some(berth) = berths.iter().find(|berth| berth.at == rule.at) else {
            continue;
        };
        let mut tell = |at: String, guide: String, standard: String, line: usize| {
            let document = format!("{set} of {name}");
            all.push(Difference { document, at, guide, standard, line });
        };
        let standard = format!(
            "{}, at most {}",
            if berth.mandatory { "mandatory" } else { "optional" },
            if berth.most == u32::MAX {
                "without limit".into()
            } else {
                berth.most.to_string()
            }
        );
        if let Some(asked) = asked(rule) {
            let when = rule.when.as_ref();
            let at = when.map_or(String::new(), |when| format!(" with {when}"));
            tell(format!("{}{at}", rule.at), asked, standard, rule.line);
        }
        let Some(layout) = tables.layout(berth.tag) else {
            continue;
        };
        for element in &rule.elements {
            let Some(slot) = slot(layout, element.element) else {
                continue;
            };
            let form = match &slot.form {
                segments::Form::Simple { least, most, .. } => {
                    format!(", {least} to {most} characters")
                }
                segments::Form::Composite(_) => String::new(),
            };
            let own = if slot.mandatory { "mandatory" } else { "optional" };
            let at = format!("{}{}", rule.at, element.element);
            tell(at, asked_of(element), format!("{own}{form}"), element.line);
        }
    }
    all
}

fn asked(rule: &SegmentRule) -> Option<String> {
    let mut parts: Vec<String> = usage(rule.usage).into_iter().collect();
    parts.extend(rule.most.map(|most| format!("at most {most}")));
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn asked_of(rule: &ElementRule) -> String {
    let mut parts: Vec<String> = usage(rule.usage).into_iter().collect();
    parts.extend(rule.shortest.map(|least| format!("at least {least} characters")));
    parts.extend(rule.longest.map(|most| format!("at most {most} characters")));
    if !rule.codes.is_empty() {
        parts.push(format!("only {}", rule.codes.join(", ")));
    }
    parts.join(", ")
}

fn usage(usage: Use) -> Option<String> {
    match usage {
        Use::May => None,
        Use::Must => Some("must be there".into()),
        Use::Never => Some("must not be there".into()),
    }
}
