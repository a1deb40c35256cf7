use segments::{Form, Release};
use serde::Deserialize;
use toml::Spanned;

use crate::berths::{Berth, berths, release, slot};
use crate::quote::{NAME, quote, sentence};
use crate::{Document, ElementRule, Guide, SegmentRule, Spot, Use, When};

/// Why a guide cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the guide: {what}")]
pub struct GuideFlaw {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and the way out.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGuide {
    guide: String,
    version: String,
    #[serde(default)]
    document: Vec<RawDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    set: Spanned<String>,
    release: String,
    #[serde(default)]
    segment: Vec<RawSegment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSegment {
    at: Spanned<String>,
    when: Option<RawWhen>,
    #[serde(default, rename = "use")]
    usage: RawUse,
    most: Option<u32>,
    #[serde(default)]
    element: Vec<RawElement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWhen {
    element: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawElement {
    element: Spanned<String>,
    #[serde(default, rename = "use")]
    usage: RawUse,
    shortest: Option<u32>,
    longest: Option<u32>,
    #[serde(default)]
    codes: Vec<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawUse {
    #[default]
    May,
    Must,
    Never,
}

impl From<RawUse> for Use {
    fn from(raw: RawUse) -> Self {
        match raw {
            RawUse::May => Self::May,
            RawUse::Must => Self::Must,
            RawUse::Never => Self::Never,
        }
    }
}

impl Guide {
    /// Reads a guide and holds it against the standard.
    ///
    /// # Errors
    /// [`GuideFlaw`] for text that is not of the format, for what the standard does not have, and
    /// for a rule that would allow more than the standard, or nothing at all.
    pub fn read(text: &str) -> Result<Self, GuideFlaw> {
        let raw: RawGuide = toml::from_str(text).map_err(|error| GuideFlaw {
            line: error.span().map_or(1, |span| line(text, span.start)),
            what: sentence(error.message()),
        })?;
        for (field, own) in [("guide", &raw.guide), ("version", &raw.version)] {
            if own.chars().count() > NAME {
                let what = format!("`{field}` takes {NAME} characters");
                return Err(GuideFlaw { line: 1, what });
            }
        }
        let documents = raw.document.into_iter().map(|document| read(document, text));
        let documents = documents.collect::<Result<_, _>>()?;
        Ok(Self { name: raw.guide, version: raw.version, documents })
    }
}

fn line(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.split(|byte| *byte == b'\n').count()
}

fn read(raw: RawDocument, text: &str) -> Result<Document, GuideFlaw> {
    let flaw = |what: String| GuideFlaw { line: line(text, raw.set.span().start), what };
    let name = raw.release.as_str();
    let tables = release(name).ok_or_else(|| {
        let name = quote(name);
        flaw(format!("no tables of release {name}; there are such as 004010 and D96A"))
    })?;
    let set = raw.set.get_ref();
    let plan = tables.plan(set);
    let plan =
        plan.ok_or_else(|| flaw(format!("release {name} has no {} here", quote(set))))?;
    let berths = berths(plan);
    let mut segments = Vec::new();
    for raw in raw.segment {
        let at = line(text, raw.at.span().start);
        let narrow = Narrow { tables, berths: &berths, set, line: at };
        segments.push(narrow.segment(raw, text)?);
    }
    Ok(Document { set: set.clone(), release: raw.release, segments })
}

/// Sees to it that a rule narrows what the standard allows.
struct Narrow<'r> {
    tables: &'r Release,
    berths: &'r [Berth],
    set: &'r str,
    line: usize,
}

impl Narrow<'_> {
    fn flaw(&self, what: String) -> GuideFlaw {
        GuideFlaw { line: self.line, what }
    }

    fn segment(&self, raw: RawSegment, text: &str) -> Result<SegmentRule, GuideFlaw> {
        let (at, set) = (raw.at.into_inner(), self.set);
        let Some(berth) = self.berths.iter().find(|berth| berth.at == at) else {
            let tag = at.rsplit('/').next().unwrap_or_default();
            let tag = format!("/{tag}");
            let others = self.berths.iter().map(|berth| format!("/{}", berth.at));
            let others = others.filter(|other| other.ends_with(&tag));
            let others: Vec<String> =
                others.map(|other| other.trim_start_matches('/').to_owned()).collect();
            let hint = if others.is_empty() {
                String::new()
            } else {
                format!("; there is {}", others.join(", "))
            };
            return Err(
                self.flaw(format!("{set} has no segment at {}{hint}", quote(&at)))
            );
        };
        let usage = Use::from(raw.usage);
        let when = raw.when.map(|when| self.when(when, berth)).transpose()?;
        if usage == Use::Never && berth.mandatory && when.is_none() {
            let what = format!("the standard demands {at}: it cannot be forbidden");
            return Err(self.flaw(what));
        }
        if raw.most == Some(0) {
            return Err(
                self.flaw("`most` is 1 or more; to forbid say use = \"never\"".into())
            );
        }
        if let Some(most) = raw.most.filter(|most| *most > berth.most) {
            let allowed = berth.most;
            let what = format!("the standard allows {at} {allowed} times, not {most}");
            return Err(self.flaw(what));
        }
        let mut elements = Vec::new();
        for raw in raw.element {
            let line = line(text, raw.element.span().start);
            let narrow = Narrow { line, ..*self };
            elements.push(narrow.element(raw, berth)?);
        }
        let line = self.line;
        Ok(SegmentRule { at, when, usage, most: raw.most, elements, line })
    }

    fn spot(
        &self,
        text: &str,
        berth: &Berth,
    ) -> Result<(Spot, &segments::Slot), GuideFlaw> {
        let spot = Spot::read(text).ok_or_else(|| {
            self.flaw(format!(
                "`{}` is no element: write 02, or 01-2 for a component",
                quote(text)
            ))
        })?;
        let found = self.tables.layout(berth.tag).and_then(|layout| slot(layout, spot));
        let missing = || self.flaw(format!("the standard's {} has no {spot}", berth.tag));
        Ok((spot, found.ok_or_else(missing)?))
    }

    fn codes(&self, codes: &[String], slot: &segments::Slot) -> Result<(), GuideFlaw> {
        let Form::Simple { least, most, codes: list, .. } = &slot.form else {
            return Ok(());
        };
        let fits = |code: &&String| {
            let length = u32::try_from(code.chars().count()).unwrap_or(u32::MAX);
            (*least..=*most).contains(&length)
        };
        if let Some(odd) = codes.iter().find(|code| !fits(code)) {
            let reference = &slot.reference;
            let what = format!(
                "{} does not fit element {reference}: it has {least} to {most} characters",
                quote(odd)
            );
            return Err(self.flaw(what));
        }
        let Some(list) = list else {
            return Ok(());
        };
        let strange = codes.iter().find(|code| !list.has(code.as_bytes()));
        strange.map_or(Ok(()), |code| {
            Err(self.flaw(format!(
                "{} is no code of element {}",
                quote(code),
                slot.reference
            )))
        })
    }

    fn when(&self, raw: RawWhen, berth: &Berth) -> Result<When, GuideFlaw> {
        let (element, slot) = self.spot(&raw.element, berth)?;
        if raw.codes.is_empty() {
            return Err(self.flaw("`when` names one code or more".into()));
        }
        self.codes(&raw.codes, slot)?;
        Ok(When { element, codes: raw.codes })
    }

    fn element(&self, raw: RawElement, berth: &Berth) -> Result<ElementRule, GuideFlaw> {
        let (element, slot) = self.spot(raw.element.get_ref(), berth)?;
        let usage = Use::from(raw.usage);
        let tag = berth.tag;
        if usage == Use::Never && slot.mandatory && element.component == 0 {
            let what =
                format!("the standard demands {tag}{element}: it cannot be forbidden");
            return Err(self.flaw(what));
        }
        if let Form::Simple { least, most, .. } = &slot.form {
            if raw.longest.is_some_and(|longest| longest > *most) {
                let what =
                    format!("the standard allows {tag}{element} {most} characters");
                return Err(self.flaw(what));
            }
            if raw.shortest.is_some_and(|shortest| shortest < *least) {
                let what =
                    format!("the standard asks {least} characters of {tag}{element}");
                return Err(self.flaw(what));
            }
        }
        if raw.shortest.zip(raw.longest).is_some_and(|(least, most)| least > most) {
            return Err(self.flaw("`shortest` is more than `longest`".into()));
        }
        self.codes(&raw.codes, slot)?;
        Ok(ElementRule {
            element,
            usage,
            shortest: raw.shortest,
            longest: raw.longest,
            codes: raw.codes,
            line: self.line,
        })
    }
}
