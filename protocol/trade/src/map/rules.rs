//! The maps as data: `maps/x12.txt` and `maps/edifact.txt`, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::convert::Conv;
use crate::codes::Dialect;

/// A segment of a map.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "marks of a line, each by itself")]
pub(super) struct Rule {
    pub(super) tag: &'static str,
    /// The sets that have it; with `but`, the sets that do not.
    sets: Vec<&'static str>,
    but: bool,
    /// It is only read.
    pub(super) only_read: bool,
    /// It stands after the lines.
    pub(super) summary: bool,
    /// It is written even where it says nothing of the document.
    pub(super) always: bool,
    /// It is written again until its texts are through.
    pub(super) again: bool,
    pub(super) repeat: Repeat,
    pub(super) guards: Vec<Guard>,
    pub(super) fields: Vec<Field>,
    pub(super) children: Vec<Rule>,
}

/// How often a rule is written.
#[derive(Clone, Debug, Default)]
pub(super) enum Repeat {
    #[default]
    Once,
    /// For each element of a list.
    Each(&'static str),
    /// While there is more of a text or list.
    While(&'static str),
}

/// When a rule counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Guard {
    /// The element of the list has this word; reading gives it the word.
    Is(&'static str, &'static str),
    /// It has another word; for writing.
    IsNot(&'static str, &'static str),
    /// It has the field; for writing.
    Has(&'static str),
    /// It lacks the field; for writing.
    Lacks(&'static str),
    /// It is a text and nothing else, of up to eighty characters; for writing.
    Short,
    /// What the rule stands in has one of these words.
    Inside(&'static str, &'static str),
    /// What the rule stands in has this word; for writing.
    When(&'static str, &'static str),
    /// One of these elements is filled; for reading.
    Filled(&'static str),
    /// The release is this one.
    In(&'static str),
    /// It is another one.
    NotIn(&'static str),
    /// The next segment is this one; for reading.
    Next(&'static str),
    /// The next segment is another one; for reading.
    NextIsNot(&'static str),
}

/// An element and a component, from 1.
pub(super) type Spot = (usize, usize);

/// What stands at a place of the segment.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) spots: Vec<Spot>,
    pub(super) source: Source,
    /// Written where there is nothing (and the other place is filled), and not read.
    pub(super) default: Option<(&'static str, Option<Spot>)>,
    /// What stands in for a value that is missing.
    pub(super) stand_in: Option<&'static str>,
    /// Only where it was not written before.
    pub(super) also: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The first is written; only these are read.
    Guard(&'static str),
    /// Written, where the other place is filled.
    Constant(&'static str, Option<Spot>),
    /// Known from the document or the envelope.
    Computed(&'static str),
    Leaf(&'static str, Conv),
    /// The next piece of a text.
    Piece(&'static str),
    /// The next element of a list of texts.
    NextText(&'static str),
    /// The next element of a list, a field to a place.
    NextItem(&'static str, Vec<(&'static str, Conv)>),
}

impl Rule {
    /// Whether a set has it: by its number or name, or by the X12 number of its kind.
    pub(super) fn is_of(&self, set: &str, kind: &str) -> bool {
        let listed = self.sets.iter().any(|own| *own == set || *own == kind);
        self.sets.is_empty() || listed != self.but
    }
}

/// The rules of a dialect.
pub(super) fn rules(dialect: Dialect) -> &'static [Rule] {
    static X12: LazyLock<Vec<Rule>> =
        LazyLock::new(|| read(include_str!("../../maps/x12.txt")));
    static EDIFACT: LazyLock<Vec<Rule>> =
        LazyLock::new(|| read(include_str!("../../maps/edifact.txt")));
    match dialect {
        Dialect::X12 => &X12,
        Dialect::Edifact => &EDIFACT,
    }
}

struct Lined {
    depth: usize,
    text: &'static str,
}

fn read(text: &'static str) -> Vec<Rule> {
    let mut blocks: HashMap<&'static str, Vec<Lined>> = HashMap::new();
    let mut top = Vec::new();
    let mut open: Option<&'static str> = None;
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let own = line.trim_start();
        if own.is_empty() {
            continue;
        }
        let depth = line.len().saturating_sub(own.len()) / 2;
        if let Some(name) = own.strip_prefix("block ") {
            open = Some(name.trim());
        } else if let (Some(name), true) = (open, depth > 0) {
            let line = Lined { depth: depth.saturating_sub(1), text: own };
            blocks.entry(name).or_default().push(line);
        } else {
            open = None;
            top.push(Lined { depth, text: own });
        }
    }
    nest(&top, &blocks, 0)
}

/// The rules of lines, those of deeper lines as their children; `&name` stands for a block.
fn nest(
    lines: &[Lined],
    blocks: &HashMap<&'static str, Vec<Lined>>,
    nested: usize,
) -> Vec<Rule> {
    let mut all = Vec::new();
    let mut rest = lines;
    while let Some((first, after)) = rest.split_first() {
        let held = after.iter().position(|line| line.depth <= first.depth);
        let (inner, next) =
            after.split_at_checked(held.unwrap_or(after.len())).unwrap_or((after, &[]));
        rest = next;
        let (sets, but, only_read, text) = head(first.text);
        let block = text.strip_prefix('&').and_then(|name| blocks.get(name.trim()));
        if let (Some(block), true) = (block, nested < 8) {
            for mut rule in nest(block, blocks, nested.saturating_add(1)) {
                if rule.sets.is_empty() {
                    rule.sets.clone_from(&sets);
                    rule.but = but;
                }
                all.push(rule);
            }
        } else {
            let mut rule = Rule { sets, but, only_read, ..segment(text) };
            rule.children = nest(inner, blocks, nested);
            all.push(rule);
        }
    }
    all
}

/// The sets, whether they are those without it, whether it is only read, and the rest.
fn head(text: &'static str) -> (Vec<&'static str>, bool, bool, &'static str) {
    let (mut sets, mut but, mut rest) = (Vec::new(), false, text);
    if let Some((list, after)) =
        text.strip_prefix('[').and_then(|text| text.split_once(']'))
    {
        but = list.starts_with('-');
        sets = list.trim_start_matches('-').split(',').collect();
        rest = after.trim_start();
    }
    match rest.strip_prefix("< ") {
        Some(rest) => (sets, but, true, rest),
        None => (sets, but, false, rest),
    }
}

fn segment(text: &'static str) -> Rule {
    let mut rule = Rule::default();
    for word in text.split_whitespace() {
        if word == "$" {
            rule.summary = true;
        } else if rule.tag.is_empty() {
            rule.always = word.ends_with('!');
            rule.again = word.ends_with('+');
            rule.tag = word.trim_end_matches(['!', '+']);
        } else if let Some(list) = word.strip_prefix('*') {
            rule.repeat = Repeat::Each(list);
        } else if let Some(path) = word.strip_prefix('^') {
            rule.repeat = Repeat::While(path);
        } else if let Some(guard) = guard(word) {
            rule.guards.push(guard);
        } else {
            fields(word, &mut rule.fields);
        }
    }
    rule
}

fn guard(word: &'static str) -> Option<Guard> {
    if let Some(tag) = word.strip_prefix(">!") {
        return Some(Guard::NextIsNot(tag));
    }
    if let Some(tag) = word.strip_prefix('>') {
        return Some(Guard::Next(tag));
    }
    if let Some(release) = word.strip_prefix("in:") {
        return Some(Guard::In(release));
    }
    if let Some(release) = word.strip_prefix("not:") {
        return Some(Guard::NotIn(release));
    }
    if let Some(places) = word.strip_prefix("has:") {
        return Some(Guard::Filled(places));
    }
    if let Some(when) = word.strip_prefix('=') {
        return when.split_once('=').map(|(field, word)| Guard::When(field, word));
    }
    if let Some(inside) = word.strip_prefix('%') {
        return inside.split_once('=').map(|(field, word)| Guard::Inside(field, word));
    }
    let own = word.strip_prefix('?')?;
    Some(if own == "short" {
        Guard::Short
    } else if let Some((field, word)) = own.split_once("!=") {
        Guard::IsNot(field, word)
    } else if let Some((field, word)) = own.split_once('=') {
        Guard::Is(field, word)
    } else if let Some(field) = own.strip_prefix('!') {
        Guard::Lacks(field)
    } else {
        Guard::Has(own)
    })
}

/// The fields of a word such as `2,3x10=products(kind:product,value)`.
fn fields(word: &'static str, all: &mut Vec<Field>) {
    let Some((places, text)) = word.split_once('=') else {
        return;
    };
    let (places, times) = places.split_once('x').unwrap_or((places, "1"));
    let spots: Vec<Spot> = places.split(',').filter_map(spot).collect();
    let step = spots.len();
    for time in 0..times.parse::<usize>().unwrap_or(1) {
        let ahead = time.saturating_mul(step);
        let moved = spots.iter().map(|(element, part)| match times {
            // Components of one element go on in the next element.
            _ if spots.first().map(|spot| spot.0) == spots.get(1).map(|spot| spot.0) => {
                (element.saturating_add(time), *part)
            }
            _ => (element.saturating_add(ahead), *part),
        });
        let moved: Vec<Spot> = moved.collect();
        all.push(field(&moved, text));
    }
}

fn spot(text: &str) -> Option<Spot> {
    let (element, part) = text.split_once('.').unwrap_or((text, "1"));
    Some((element.parse().ok()?, part.parse().ok()?))
}

fn field(spots: &[Spot], text: &'static str) -> Field {
    let plain = |source| Field {
        spots: spots.to_vec(),
        source,
        default: None,
        stand_in: None,
        also: false,
    };
    if let Some(words) = text.strip_prefix('\'') {
        return plain(Source::Guard(words));
    }
    if let Some(constant) = text.strip_prefix('~') {
        let (constant, with) = constant.split_once('&').unwrap_or((constant, ""));
        return plain(Source::Constant(constant, spot(with)));
    }
    if let Some(name) = text.strip_prefix('@') {
        return plain(Source::Computed(name));
    }
    let (rest, stand_in) = match text.split_once('|') {
        Some((rest, stand_in)) => (rest, Some(stand_in)),
        None => (text, None),
    };
    let (rest, default) = match rest.split_once('!') {
        Some((rest, text)) => {
            let (text, with) = text.split_once('&').unwrap_or((text, ""));
            (rest, Some((text, spot(with))))
        }
        None => (rest, None),
    };
    let also = rest.starts_with('+');
    let rest = rest.trim_start_matches('+');
    let source = if let Some(path) = rest.strip_suffix('#') {
        Source::Piece(path)
    } else if let Some(path) = rest.strip_suffix("[]") {
        Source::NextText(path)
    } else if let Some((list, inner)) =
        rest.strip_suffix(')').and_then(|rest| rest.split_once('('))
    {
        Source::NextItem(list, inner.split(',').map(converted).collect())
    } else {
        let (path, conv) = converted(rest);
        Source::Leaf(path, conv)
    };
    Field { default, stand_in, also, ..plain(source) }
}

fn converted(text: &'static str) -> (&'static str, Conv) {
    text.split_once(':').map_or((text, Conv::Text), |(path, conv)| (path, Conv::of(conv)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(rules: &[Rule], of: &mut Vec<Rule>) {
        for rule in rules {
            of.push(rule.clone());
            all(&rule.children, of);
        }
    }

    #[test]
    fn every_line_of_the_maps_is_understood() {
        for dialect in [Dialect::X12, Dialect::Edifact] {
            let mut every = Vec::new();
            all(rules(dialect), &mut every);
            assert!(every.len() > 60);
            for rule in every {
                assert!((2..=3).contains(&rule.tag.len()), "{} is no tag", rule.tag);
                for field in rule.fields {
                    assert!(!field.spots.is_empty(), "{}", rule.tag);
                    if let Source::Leaf(path, Conv::Code(list)) = field.source {
                        assert!(
                            crate::codes::names().contains(&list),
                            "{} {path} {list}",
                            rule.tag
                        );
                    }
                }
            }
        }
    }
}
