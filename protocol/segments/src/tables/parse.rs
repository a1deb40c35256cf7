use std::collections::HashMap;
use std::sync::Arc;

use super::{
    CodeList, Condition, Form, Keys, Kind, Layout, Node, Plan, Release, Rule, Slot,
};
use crate::Tag;

/// Why a table cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line} of the table: {what}")]
pub struct TableFlaw {
    /// The line, from 1, over all texts.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Release {
    /// Reads a release from tables; `tables/README.md` tells the format. Later texts add to
    /// earlier ones: a directory, its service segments, its codes.
    ///
    /// # Errors
    /// [`TableFlaw`] for a line that is not of the format.
    pub fn read(texts: &[&str]) -> Result<Self, TableFlaw> {
        let lines = || {
            let all = texts.iter().flat_map(|text| text.lines()).enumerate();
            all.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        };
        let mut reader = Reader::default();
        for (place, line) in lines() {
            reader
                .codes(line)
                .map_err(|what| TableFlaw { line: place.saturating_add(1), what })?;
        }
        reader.seal_codes();
        for (place, line) in lines() {
            reader
                .line(line)
                .map_err(|what| TableFlaw { line: place.saturating_add(1), what })?;
        }
        Ok(reader.finish())
    }
}

#[derive(Default)]
struct Reader {
    release: Release,
    composites: HashMap<String, Arc<[Slot]>>,
    lists: HashMap<String, CodeList>,
    judged: HashMap<String, Arc<CodeList>>,
}

type Step = Result<(), &'static str>;

impl Reader {
    /// First pass: `codes 355 whole` (or `known`, `part`), `=355 EA each`, and `+355 AA AB` for codes without words.
    fn codes(&mut self, line: &str) -> Step {
        if let Some(rest) = line.strip_prefix("codes ") {
            let (element, extent) =
                rest.split_once(' ').ok_or("a list says whole or part")?;
            let list = self.lists.entry(element.to_owned()).or_default();
            list.element = element.into();
            match extent {
                "whole" => list.whole = true,
                "known" => list.known = true,
                "part" => {}
                _ => return Err("a list is whole, known or part"),
            }
        } else if let Some(rest) = line.strip_prefix('=') {
            let mut words = rest.splitn(3, ' ');
            let element = words.next().ok_or("a code names its element")?;
            let code = words.next().ok_or("a code has a value")?;
            let meaning = words.next().unwrap_or_default();
            let list = self.lists.get_mut(element).ok_or("the list is not open")?;
            list.codes.push((code.into(), meaning.into()));
        }
        if let Some(rest) = line.strip_prefix('+') {
            let mut words = rest.split(' ');
            let element = words.next().unwrap_or_default();
            let list = self.lists.get_mut(element).ok_or("the list is not open")?;
            list.codes.extend(words.map(|code| (Box::from(code), Box::from(""))));
        }
        Ok(())
    }

    fn seal_codes(&mut self) {
        for (element, mut list) in std::mem::take(&mut self.lists) {
            list.codes.sort();
            list.codes.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                // The words of a code may stand in another text than the code itself.
                if same && kept.1.is_empty() {
                    std::mem::swap(&mut later.1, &mut kept.1);
                }
                same
            });
            list.keys = Keys::of(list.codes.iter().map(|(code, _)| code.as_bytes()));
            let list = Arc::new(list);
            if list.whole || list.known {
                self.judged.insert(element, Arc::clone(&list));
            }
            self.release.lists.push(list);
        }
        self.release.lists.sort_by(|one, other| one.element.cmp(&other.element));
    }

    fn line(&mut self, line: &str) -> Step {
        let (head, rest) = line.split_once(' ').ok_or("a line has two words")?;
        match head {
            "release" => {
                if self.release.name.is_empty() {
                    rest.clone_into(&mut self.release.name);
                }
            }
            "composite" => {
                let (name, slots) =
                    rest.split_once(' ').ok_or("a composite has components")?;
                let slots = self.slots(slots)?;
                self.composites.insert(name.to_owned(), slots.into());
            }
            "segment" => {
                let (name, slots) =
                    rest.split_once(' ').ok_or("a segment has elements")?;
                let slots = self.slots(slots)?;
                let last = slots.iter().rposition(|slot| slot.mandatory);
                let layout = Layout {
                    tag: tag(name)?,
                    slots,
                    conditions: Vec::new(),
                    demanded: last.map_or(0, |last| last.saturating_add(1)),
                };
                self.release.layouts.push(layout);
            }
            "note" => self.note(rest)?,
            "set" => {
                let (set, group) = rest.split_once(' ').unwrap_or((rest, ""));
                let (set, group) = (set.into(), group.into());
                self.release.plans.push(Plan { set, group, nodes: Vec::new() });
            }
            "codes" => {}
            _ if head.starts_with(['=', '+']) => {}
            _ => self.node(head, rest)?,
        }
        Ok(())
    }

    fn note(&mut self, rest: &str) -> Step {
        let mut words = rest.split(' ');
        let name = tag(words.next().unwrap_or_default())?;
        let layout = self.release.layouts.last_mut().filter(|layout| layout.tag == name);
        let layout = layout.ok_or("a note follows its segment")?;
        for text in words {
            let condition = condition(text)?;
            let places = 1..=layout.slots.len();
            if !condition.places.iter().all(|place| places.contains(place)) {
                return Err("a condition is about elements that the segment has");
            }
            layout.conditions.push(condition);
        }
        Ok(())
    }

    fn node(&mut self, depth: &str, rest: &str) -> Step {
        let plan = self.release.plans.last_mut().ok_or("a node belongs to a set")?;
        let words: Vec<&str> = rest.split(' ').collect();
        let [id, required, most] = words.as_slice() else {
            return Err("a node has an id, M or O, and how often");
        };
        let (tag, name) = match id.strip_prefix('+') {
            Some(name) => (Tag::NONE, Some(name.into())),
            None => (tag(id)?, None),
        };
        plan.nodes.push(Node {
            tag,
            name,
            mandatory: *required == "M",
            most: if *most == "*" { u32::MAX } else { whole(most)? },
            depth: depth.parse().map_err(|_| "a node begins with its depth")?,
            next: 0,
            demanded: 0,
            reach: 0,
            layout: None,
        });
        Ok(())
    }

    fn slots(&self, text: &str) -> Result<Vec<Slot>, &'static str> {
        text.split(' ').map(|one| self.slot(one)).collect()
    }

    fn slot(&self, text: &str) -> Result<Slot, &'static str> {
        let words: Vec<&str> = text.split(':').collect();
        let (reference, required, form, repeats) = match words.as_slice() {
            [reference, required, rest @ ..] if rest.len() < 2 => {
                let held = self
                    .composites
                    .get(*reference)
                    .ok_or("the composite is not known")?;
                (reference, required, Form::Composite(Arc::clone(held)), rest.first())
            }
            [reference, required, kind_name, least, most, rest @ ..]
                if rest.len() < 2 =>
            {
                let codes = self.judged.get(*reference).map(Arc::clone);
                let (kind, least, most) = (kind(kind_name)?, whole(least)?, whole(most)?);
                (
                    reference,
                    required,
                    Form::Simple { kind, least, most, codes },
                    rest.first(),
                )
            }
            _ => return Err("a slot is id:M or id:M:kind:least:most"),
        };
        Ok(Slot {
            reference: (*reference).into(),
            mandatory: *required == "M",
            repeats: repeats.map_or(Ok(1), |text| whole(text))?,
            form,
        })
    }

    fn finish(mut self) -> Release {
        self.release.layouts.sort_by_key(|layout| layout.tag);
        let Release { layouts, plans, .. } = &mut self.release;
        let find =
            |tag: Tag| layouts.binary_search_by_key(&tag, |layout| layout.tag).ok();
        for plan in plans {
            plan.link(find);
        }
        self.release
    }
}

fn tag(text: &str) -> Result<Tag, &'static str> {
    Some(Tag::read(text.as_bytes()))
        .filter(|tag| *tag != Tag::NONE)
        .ok_or("not a segment's name")
}

fn whole(text: &str) -> Result<u32, &'static str> {
    text.parse().map_err(|_| "not a whole number")
}

fn kind(text: &str) -> Result<Kind, &'static str> {
    Ok(match text {
        "ID" => Kind::Code,
        "AN" | "an" => Kind::Text,
        "R" => Kind::Real,
        "DT" => Kind::Date,
        "TM" => Kind::Time,
        "a" => Kind::Letters,
        "n" => Kind::Number,
        "B" => Kind::Binary,
        _ => {
            // `N2`: two implied decimals. `R6`: X12 uses it for rates; the number is a hint only.
            let (letter, digits) = text.split_at_checked(1).ok_or("not a kind")?;
            let digits = digits.parse().map_err(|_| "not a kind")?;
            match letter {
                "N" => Kind::Whole(digits),
                "R" => Kind::Real,
                _ => return Err("not a kind"),
            }
        }
    })
}

fn condition(text: &str) -> Result<Condition, &'static str> {
    let (letter, digits) =
        text.split_at_checked(1).ok_or("a condition begins with a letter")?;
    let rule = match letter {
        "P" => Rule::Paired,
        "R" => Rule::Required,
        "E" => Rule::Exclusive,
        "C" => Rule::Conditional,
        "L" => Rule::ListConditional,
        _ => return Err("a condition is P, R, E, C or L"),
    };
    let pairs = digits.as_bytes().chunks(2);
    let places = pairs.map(|pair| std::str::from_utf8(pair).ok()?.parse().ok());
    let places: Option<Vec<usize>> = places.collect();
    let places = places.filter(|places| places.len() > 1).ok_or("two digits a place")?;
    let bit = |place: &usize| {
        let place = u32::try_from(place.checked_sub(1)?).ok()?;
        1_u64.checked_shl(place)
    };
    let all = places.iter().try_fold(0, |all, place| Some(all | bit(place)?));
    let bits = all.zip(places.first().and_then(bit)).map(|(all, first)| [all, first]);
    Ok(Condition { rule, places, text: text.into(), bits })
}
