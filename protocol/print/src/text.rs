//! Lines of text: what can be drawn of it, in which face, broken to a width, in visual order.

use std::ops::Range;

use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::fonts::{Face, Fonts};

/// How text is set. Sizes are thousandths of a point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Style {
    /// [`Face::Regular`] or [`Face::Bold`].
    pub(crate) face: Face,
    pub(crate) size: i64,
}

/// A picture of a face; its measures are units of the face.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: i32,
    pub(crate) offset: (i32, i32),
    /// What of the run's text it shows.
    pub(crate) of: Range<usize>,
}

/// Text in one face and one direction.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) face: Face,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: i64,
}

/// A line, from left to right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    pub(crate) runs: Vec<Run>,
    pub(crate) width: i64,
    pub(crate) size: i64,
    /// Whether its text begins at the right.
    pub(crate) is_rtl: bool,
}

/// Sets text in lines of at most this width. A word that is wider is broken between letters.
pub(crate) fn wrap(fonts: &Fonts, text: &str, style: Style, width: i64) -> Vec<Set> {
    let text = visible(fonts, style.face, text);
    text.split('\n').flat_map(|text| paragraph(fonts, text, style, width)).collect()
}

/// Sets text in one line.
pub(crate) fn line(fonts: &Fonts, text: &str, style: Style) -> Set {
    let text = visible(fonts, style.face, text).replace('\n', " ");
    let bidi = BidiInfo::new(&text, None);
    set(fonts, &bidi, 0..text.len(), style)
}

/// The text as it can be drawn: lines end with `\n`, and a character that would not be seen
/// stands by its number.
pub(crate) fn visible(fonts: &Fonts, face: Face, text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut hidden: Vec<char> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let shown = match letter {
            '\r' if letters.peek() == Some(&'\n') => continue,
            // Which of its two looks a sign has says nothing.
            '\u{fe0e}' | '\u{fe0f}' => continue,
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            _ if is_seen(fonts, face, letter) => Some(letter),
            _ => None,
        };
        if let Some(shown) = shown {
            by_number(&mut said, &mut hidden);
            said.push(shown);
        } else {
            hidden.push(letter);
        }
    }
    by_number(&mut said, &mut hidden);
    said
}

fn by_number(said: &mut String, hidden: &mut Vec<char>) {
    if hidden.is_empty() {
        return;
    }
    let numbers = hidden.drain(..).map(|letter| format!("U+{:04X}", u32::from(letter)));
    let numbers: Vec<_> = numbers.collect();
    said.extend(["‹", &numbers.join(" "), "›"]);
}

/// Whether a character may be drawn, and would be seen or only join its neighbours.
fn is_seen(fonts: &Fonts, face: Face, letter: char) -> bool {
    let conceals = letter.is_control()
        || matches!(letter,
            // Marks and overrides of direction, invisible operators, tags.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
            // Of private use: nobody knows what they mean (PDF/A level A forbids them).
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    !conceals && (fonts.has(face, letter) || fonts.has(Face::Spare, letter))
}

/// Which part of a text is drawn in which face: a mark stays with the letter that it is on.
fn faces(fonts: &Fonts, face: Face, text: &str) -> Vec<(Face, Range<usize>)> {
    let mut all: Vec<(Face, Range<usize>)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let joins = matches!(letter, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}');
        match all.last_mut() {
            Some((last, range)) if joins && fonts.has(*last, letter) => range.end = end,
            last => {
                let own = if fonts.has(face, letter) { face } else { Face::Spare };
                match last {
                    Some((last, range)) if *last == own => range.end = end,
                    Some(_) | None => all.push((own, at..end)),
                }
            }
        }
    }
    all
}

fn shape(fonts: &Fonts, face: Face, text: &str, is_rtl: bool, size: i64) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if is_rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let shaped = rustybuzz::shape(fonts.shaper(face), &[], buffer);
    let cluster = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let mut starts: Vec<usize> =
        shaped.glyph_infos().iter().map(|it| cluster(it.cluster)).collect();
    starts.sort_unstable();
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
    let glyphs: Vec<Glyph> = glyphs
        .map(|(info, position)| {
            let start = cluster(info.cluster);
            let next = starts.partition_point(|at| *at <= start);
            let end = starts.get(next).copied().unwrap_or(text.len());
            Glyph {
                id: info.glyph_id,
                advance: position.x_advance,
                offset: (position.x_offset, position.y_offset),
                of: start..end,
            }
        })
        .collect();
    let units: i64 = glyphs.iter().map(|it| i64::from(it.advance)).sum();
    let width = units * size / fonts.em(face);
    Run { face, text: text.to_owned(), glyphs, width }
}

/// Where a text may be cut, each with the width from there to the next.
fn clusters(fonts: &Fonts, text: &str, style: Style) -> Vec<(usize, i64)> {
    let mut all = Vec::new();
    for (face, range) in faces(fonts, style.face, text) {
        let part = text.get(range.clone()).unwrap_or_default();
        let run = shape(fonts, face, part, false, style.size);
        let em = fonts.em(face);
        for glyph in &run.glyphs {
            let width = i64::from(glyph.advance) * style.size / em;
            all.push((range.start + glyph.of.start, width));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    all
}

fn paragraph(fonts: &Fonts, text: &str, style: Style, width: i64) -> Vec<Set> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    // The line begins at `start` and is `taken` wide; a good place to end it is `good`.
    let (mut start, mut taken, mut good) = (0, 0, None::<(usize, i64)>);
    for (at, wide) in clusters(fonts, text, style) {
        let letter = text.get(at..).and_then(|rest| rest.chars().next());
        let is_space = letter == Some(' ');
        if taken + wide > width && at > start && !is_space {
            let (end, before) = good.take().unwrap_or((at, taken));
            cuts.push(start..end);
            (start, taken) = (end, taken - before);
        }
        taken += wide;
        let is_break =
            is_space || matches!(letter, Some('-' | '/' | '\u{2013}' | '\u{2014}'));
        if let Some(letter) = letter.filter(|_| is_break) {
            good = Some((at + letter.len_utf8(), taken));
        }
    }
    cuts.push(start..text.len());
    let bidi = BidiInfo::new(text, None);
    cuts.into_iter()
        .map(|cut| {
            let part = text.get(cut.clone()).unwrap_or_default();
            let end = cut.start + part.trim_end_matches(' ').len();
            set(fonts, &bidi, cut.start..end, style)
        })
        .collect()
}

fn set(fonts: &Fonts, bidi: &BidiInfo<'_>, range: Range<usize>, style: Style) -> Set {
    let mut line = Set { size: style.size, ..Set::default() };
    let Some(paragraph) = bidi.paragraphs.first().filter(|_| !range.is_empty()) else {
        return line;
    };
    line.is_rtl = paragraph.level.is_rtl();
    let (levels, runs) = bidi.visual_runs(paragraph, range);
    for run in runs {
        let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
        let text = bidi.text.get(run).unwrap_or_default();
        let mut parts = faces(fonts, style.face, text);
        if is_rtl {
            parts.reverse();
        }
        for (face, range) in parts {
            let part = text.get(range).unwrap_or_default();
            line.runs.push(shape(fonts, face, part, is_rtl, style.size));
        }
    }
    line.width = line.runs.iter().map(|it| it.width).sum();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { face: Face::Regular, size: 9_000 };

    fn said(lines: &[Set]) -> Vec<String> {
        lines
            .iter()
            .map(|it| it.runs.iter().map(|run| run.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn lines_break_at_spaces_and_within_words_that_are_too_wide() {
        let fonts = Fonts::own().unwrap();
        let lines = wrap(fonts, "a gate and a gate\nand it", STYLE, 40_000);
        assert_eq!(said(&lines), ["a gate", "and a", "gate", "and it"]);
        let word = "x".repeat(400);
        let lines = wrap(fonts, &word, STYLE, 40_000);
        assert!(lines.len() > 40 && lines.iter().all(|it| it.width <= 40_000));
        assert_eq!(said(&lines).concat(), word);
    }

    #[test]
    fn what_would_not_be_seen_stands_by_its_number() {
        let fonts = Fonts::own().unwrap();
        let seen = |text| visible(fonts, Face::Regular, text);
        assert_eq!(seen("Žluťoučký Ωμέγα Щука"), "Žluťoučký Ωμέγα Щука");
        assert_eq!(seen("1\u{202e}001\u{7}"), "1‹U+202E›001‹U+0007›");
        assert_eq!(seen("門戸\u{e000}!"), "‹U+9580 U+6238 U+E000›!");
        assert_eq!(seen("a\r\nb\rc\td\u{fe0f}"), "a\nb\nc d");
    }

    #[test]
    fn text_from_right_to_left_is_set_in_visual_order() {
        let fonts = Fonts::own().unwrap();
        let lines = wrap(fonts, "שלום 12 gates", STYLE, 400_000);
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(line.is_rtl);
        assert_eq!(line.runs.first().map(|it| it.text.trim()), Some("gates"));
        assert!(line.runs.iter().any(|it| it.face == Face::Spare));
    }
}
