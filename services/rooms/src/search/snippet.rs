//! The part of a text in which something was found. Pure.

use kernel::text::{Spoken, spoken};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{Sought, Term};

/// How many characters are shown before the first hit.
const BEFORE: usize = 60;
/// How many characters are shown in all.
const MOST: usize = 240;

/// A piece of a text as it is shown where something was found. The pieces, one after the
/// other, are the text.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = SnippetPiece)]
pub(super) struct Piece {
    /// The words; blanks and ends of lines are one blank.
    pub(super) text: String,
    /// Whether this is what was sought.
    pub(super) hit: bool,
}

/// The part of a text around the first hit, in pieces; `…` where it was cut.
pub(super) fn snippet(text: &str, sought: &Sought) -> Vec<Piece> {
    let words = spoken(text);
    let mut hits: Vec<(usize, usize)> =
        sought.said.iter().flat_map(|term| places(&words, term)).collect();
    hits.sort_unstable();
    let first = hits.first().map_or(0, |(start, _)| *start);
    let (from, to) = window(text, &words, first);
    let mut pieces = Vec::new();
    if from > 0 {
        push(&mut pieces, "…", false);
    }
    let mut at = from;
    for (start, end) in hits {
        let (start, end) = (start.max(at), end.min(to));
        if start < end {
            push(&mut pieces, text.get(at..start).unwrap_or_default(), false);
            push(&mut pieces, text.get(start..end).unwrap_or_default(), true);
            at = end;
        }
    }
    push(&mut pieces, text.get(at..to).unwrap_or_default(), false);
    if to < text.trim_end().len() {
        push(&mut pieces, "…", false);
    }
    pieces
}

/// Where words stand together, in bytes.
fn places(words: &[Spoken], term: &Term) -> Vec<(usize, usize)> {
    let is_it = |window: &&[Spoken]| {
        window.iter().zip(&term.words).zip(1..).all(|((word, sought), place)| {
            word.folded == *sought
                || (term.is_begun
                    && place == term.words.len()
                    && word.folded.starts_with(sought.as_str()))
        })
    };
    let span = |window: &[Spoken]| Some((window.first()?.start, window.last()?.end));
    words.windows(term.words.len().max(1)).filter(is_it).filter_map(span).collect()
}

/// What is shown, in bytes: it begins with a word, and ends behind one if it can.
fn window(text: &str, words: &[Spoken], first: usize) -> (usize, usize) {
    let before = text.get(..first).unwrap_or_default().char_indices();
    let early = before.rev().nth(BEFORE).map_or(0, |(at, _)| at);
    let from = if early == 0 {
        0
    } else {
        words.iter().map(|word| word.start).find(|at| *at >= early).unwrap_or(early)
    };
    let rest = text.get(from..).unwrap_or_default();
    let Some((far, _)) = rest.char_indices().nth(MOST) else { return (from, text.len()) };
    let mut ends = words.iter().map(|word| word.end);
    let whole = ends.rfind(|end| *end <= from + far && *end > first);
    (from, whole.unwrap_or(from + far))
}

/// Adds text to the last piece or as one of its own, with blanks made one.
fn push(pieces: &mut Vec<Piece>, text: &str, hit: bool) {
    let mut told = String::with_capacity(text.len());
    for letter in text.chars() {
        let blank = letter.is_whitespace();
        if !blank {
            told.push(letter);
        } else if !told.ends_with(' ') {
            told.push(' ');
        }
    }
    match pieces.last_mut() {
        _ if told.is_empty() => {}
        Some(last) if last.hit == hit => last.text.push_str(&told),
        Some(_) | None => pieces.push(Piece { text: told, hit }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A snippet as one text, what was found in brackets.
    fn shown(text: &str, typed: &str) -> String {
        let pieces = snippet(text, &Sought::read(typed).unwrap());
        let tell = |it: &Piece| {
            if it.hit { format!("[{}]", it.text) } else { it.text.clone() }
        };
        pieces.iter().map(tell).collect()
    }

    #[test]
    fn what_was_found_is_marked_where_it_stands() {
        assert_eq!(shown("Le Café,\n  à Évry", "cafe evr"), "Le [Café], à [Évry]");
        assert_eq!(
            shown("net price, net weight", "\"net weight\""),
            "net price, [net weight]"
        );
        assert_eq!(shown("aa a aa", "a"), "aa [a] aa");
        assert_eq!(
            shown("<b>x</b>", "x "),
            "<b>[x]</b>",
            "it is text, and shown as text"
        );
        assert_eq!(shown("nothing", "other"), "nothing");
        assert_eq!(shown("", "other"), "");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_hit() {
        let text = format!("{} needle {}", "straw ".repeat(100), "hay ".repeat(100));
        let told = shown(&text, "needle");
        assert!(told.starts_with("…straw") && told.contains("[needle]"), "{told}");
        assert!(told.ends_with("hay…") && told.chars().count() < MOST + 10, "{told}");
        let endless = shown(&"é".repeat(8_000), "éé");
        assert!(endless.chars().count() < MOST + 10, "{endless}");
    }
}
