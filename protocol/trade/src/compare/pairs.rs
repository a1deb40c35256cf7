use std::collections::HashMap;

use crate::{Document, Kind, Line};

type Find<'a> = &'a dyn Fn(&Line) -> Option<usize>;

/// For each line of the second document its place, and the line of the first that it is about.
pub(super) fn pairs(first: &Document, second: &Document) -> Vec<(Option<usize>, usize)> {
    let mut found: Vec<Option<usize>> = vec![None; second.lines.len()];
    // Several lines of a dispatch advice or an invoice may be about one line of the order.
    let splits = matches!(second.kind, Kind::DispatchAdvice | Kind::Invoice);
    let mut taken = vec![false; first.lines.len()];
    let numbers: HashMap<&str, usize> = by(first, |line| vec![number(line)]);
    let products = by(first, names);
    let same_number = |line: &Line| numbers.get(number(line)).copied();
    let agreed = |line: &Line| {
        let place = same_number(line)?;
        first.lines.get(place).filter(|own| !conflict(own, line)).map(|_| place)
    };
    let same_product =
        |line: &Line| names(line).iter().find_map(|name| products.get(name).copied());
    let rounds: [Find<'_>; 3] = [&agreed, &same_product, &same_number];
    for find in rounds {
        for (line, own) in second.lines.iter().zip(&mut found) {
            let place =
                find(line).filter(|_| own.is_none() && is_of(first, second, line));
            let Some(place) = place else {
                continue;
            };
            let free = taken.get(place).is_some_and(|is_taken| !is_taken || splits);
            if free {
                *own = Some(place);
                taken.get_mut(place).into_iter().for_each(|own| *own = true);
            }
        }
    }
    let of_this = second.lines.iter().zip(found).enumerate();
    let of_this = of_this.filter(|(_, (line, _))| is_of(first, second, line));
    of_this.map(|(place, (_, own))| (own, place)).collect()
}

/// Whether a line belongs to the order compared: a dispatch advice may hold lines of others.
fn is_of(first: &Document, second: &Document, line: &Line) -> bool {
    let holds_others =
        second.kind == Kind::DispatchAdvice && first.kind != Kind::DispatchAdvice;
    let other = line.order.as_ref().filter(|_| holds_others);
    other.is_none_or(|order| order.number == first.number)
}

/// The number of a line, without leading zeros.
fn number(line: &Line) -> &str {
    line.number.trim().trim_start_matches('0')
}

/// What a line's product is called, each name with who calls it so.
fn names(line: &Line) -> Vec<(&str, &str)> {
    let names = line.products.iter();
    names.map(|own| (own.kind.as_str(), own.value.trim())).collect()
}

/// Whether two lines name their product differently, and never alike.
pub(super) fn conflict(one: &Line, other: &Line) -> bool {
    let (own, theirs) = (names(one), names(other));
    let alike = own.iter().any(|name| theirs.contains(name));
    let differ = own.iter().any(|(kind, value)| {
        theirs.iter().any(|(like, name)| like == kind && name != value)
    });
    differ && !alike
}

/// The lines by their keys; the first line of a key, and none for an empty key.
fn by<'a, K: std::hash::Hash + Eq + Default>(
    document: &'a Document,
    keys: impl Fn(&'a Line) -> Vec<K>,
) -> HashMap<K, usize> {
    let mut all = HashMap::new();
    for (place, line) in document.lines.iter().enumerate() {
        for key in keys(line).into_iter().filter(|key| *key != K::default()) {
            all.entry(key).or_insert(place);
        }
    }
    all
}
