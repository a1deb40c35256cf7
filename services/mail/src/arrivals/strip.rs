//! What a person wrote, apart from what their mail program put under it.
//!
//! One pass that names each line, and a few looks at the names: the time grows with the length
//! and with nothing else. Where an answer stands between the quoted lines, or below them,
//! everything is kept: too much is read more easily than too little.

use super::table::{
    ATTRIBUTION_STARTS, ATTRIBUTION_VERBS, DEVICE_STARTS, FORWARD_WORDS, HEADER_FROM,
    HEADER_OTHERS, MARKERS,
};

/// What a line is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// Nothing stands in it.
    Blank,
    /// It is quoted with `>`.
    Quoted,
    /// Our own line, "reply above this line".
    Marker,
    /// Our own line, quoted.
    QuotedMarker,
    /// Above it stands the text, below it the signature.
    Dashes,
    /// From which device it was sent.
    Device,
    /// "Original Message" between dashes.
    Divider,
    /// A long rule and nothing else.
    Rule,
    /// Anything else.
    Words,
}

/// A mail longer than this is cut before it is looked at.
const LONGEST: usize = 256 * 1024;

/// The words that are new in a reply.
pub(super) fn reply(text: &str) -> String {
    let text =
        head(text, LONGEST).replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let kinds: Vec<Kind> = lines.iter().map(|line| kind(line)).collect();
    let end = new_end(&lines, &kinds);
    let top = without_signature(&kinds, end);
    let top = if blank(kinds.get(..top)) { end } else { top };
    if blank(kinds.get(..top)) {
        return joined(&lines, &kinds, lines.len());
    }
    joined(&lines, &kinds, top)
}

/// The first `most` bytes, or fewer, to the end of a character.
pub(crate) fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

fn kind(line: &str) -> Kind {
    steps::looked_at(line);
    let line = line.trim_end_matches('\r');
    let bare = line.trim();
    if bare.is_empty() {
        return Kind::Blank;
    }
    let inner = bare.trim_start_matches(['>', ' ', '|']);
    let is_marker = bare.len() < 200 && MARKERS.iter().any(|words| inner.contains(words));
    match (bare.starts_with('>'), is_marker) {
        (true, true) => return Kind::QuotedMarker,
        (true, false) => return Kind::Quoted,
        (false, true) => return Kind::Marker,
        (false, false) => {}
    }
    if matches!(line, "-- " | "--" | "—" | "-- \u{a0}") {
        return Kind::Dashes;
    }
    if bare.len() >= 10 && ["-", "_"].iter().any(|dash| bare.replace(dash, "").is_empty())
    {
        return Kind::Rule;
    }
    if is_divider(bare) {
        return Kind::Divider;
    }
    if is_device(bare) { Kind::Device } else { Kind::Words }
}

fn is_divider(bare: &str) -> bool {
    let dashed = bare.starts_with("--") && bare.ends_with("--") && bare.len() < 100;
    let inner = bare.trim_matches(['-', ' ']);
    dashed && FORWARD_WORDS.iter().any(|words| inner.eq_ignore_ascii_case(words))
}

/// No sentence: that has a comma, or ends.
fn is_device(bare: &str) -> bool {
    let starts = DEVICE_STARTS.iter().any(|start| bare.starts_with(start));
    starts && bare.len() < 80 && !bare.contains(", ") && !bare.ends_with('.')
}

/// Where the new words end: at the first thing that starts a quotation, unless new words come
/// after it.
fn new_end(lines: &[&str], kinds: &[Kind]) -> usize {
    let all = lines.len();
    // Below these, nothing tells old words from new ones.
    let hard = (0..all).find(|at| starts_block(lines, kinds, *at)).unwrap_or(all);
    let quoted = |kind: &Kind| matches!(kind, Kind::Quoted | Kind::QuotedMarker);
    let Some(first) = kinds.iter().take(hard).position(quoted) else {
        return attribution(lines, kinds, hard).unwrap_or(hard);
    };
    let mut signed = false;
    for (line, kind) in lines.iter().zip(kinds).take(hard).skip(first) {
        match kind {
            Kind::Dashes | Kind::Rule => signed = true,
            Kind::Words if !signed && !is_attribution(line) => return hard,
            Kind::Quoted | Kind::QuotedMarker => signed = false,
            Kind::Blank | Kind::Device | Kind::Divider | Kind::Marker | Kind::Words => {}
        }
    }
    attribution(lines, kinds, first).unwrap_or(first)
}

/// Whether a quotation that nothing marks line by line starts here.
fn starts_block(lines: &[&str], kinds: &[Kind], at: usize) -> bool {
    match kinds.get(at) {
        Some(Kind::Marker | Kind::Divider) => true,
        Some(Kind::Rule) => {
            let next = (at + 1..lines.len().min(at + 4))
                .find(|next| kinds.get(*next) != Some(&Kind::Blank));
            let list = |next: usize| {
                lines.get(next).is_some_and(|line| line.trim().ends_with("mailing list"))
            };
            next.is_some_and(|next| starts_headers(lines, next) || list(next))
        }
        Some(Kind::Words) => {
            starts_headers(lines, at) || starts_unmarked(lines, kinds, at)
        }
        Some(
            Kind::Blank | Kind::Quoted | Kind::QuotedMarker | Kind::Dashes | Kind::Device,
        )
        | None => false,
    }
}

/// Whether "On …, … <…@…> wrote:" stands here, in up to three lines, above words that are not
/// marked as quoted.
fn starts_unmarked(lines: &[&str], kinds: &[Kind], at: usize) -> bool {
    let line = |at: usize| lines.get(at).map(|line| line.trim()).unwrap_or_default();
    if !ATTRIBUTION_STARTS.iter().any(|word| line(at).starts_with(word)) {
        return false;
    }
    let mut joined = String::new();
    for last in at..(at + 3).min(lines.len()) {
        if kinds.get(last) != Some(&Kind::Words) || line(last).len() > 300 {
            return false;
        }
        joined = format!("{joined} {}", line(last));
        if joined.contains('<') && joined.contains('@') && is_attribution(&joined) {
            let below = kinds.iter().skip(last + 1).take(8);
            let below = below.copied().find(|kind| *kind != Kind::Blank);
            return matches!(below, Some(Kind::Words | Kind::Device | Kind::Rule));
        }
    }
    false
}

/// Whether the lines from here on look like the header of a quoted mail, as Outlook writes it.
fn starts_headers(lines: &[&str], at: usize) -> bool {
    let named = |line: &str, names: &[&str]| {
        steps::looked_at(line);
        let line = line.trim().trim_start_matches('*');
        let (name, _) = line.split_once(':').unwrap_or_default();
        let name = name.trim_matches(['*', ' ', '\u{a0}']);
        name.len() < 30 && names.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    // Most begin with the sender; some with the date.
    let sender = match lines.get(at) {
        Some(line) if named(line, HEADER_FROM) => true,
        Some(line) if named(line, HEADER_OTHERS) => false,
        Some(_) | None => return false,
    };
    let following = || lines.iter().skip(at + 1).take(6);
    let others = following().filter(|line| named(line, HEADER_OTHERS)).count();
    others >= 2 && (sender || following().any(|line| named(line, HEADER_FROM)))
}

/// Where the line "On …, … wrote:" above `end` starts, if there is one. It may take three lines.
fn attribution(lines: &[&str], kinds: &[Kind], end: usize) -> Option<usize> {
    let above = kinds.get(..end)?;
    let last = above.iter().rposition(|kind| *kind != Kind::Blank)?;
    // Blank lines may stand between, but not a whole paragraph's worth.
    if end - last > 6 {
        return None;
    }
    let mut found = None;
    let mut joined = String::new();
    for start in (last.saturating_sub(2)..=last).rev() {
        let line = lines.get(start).map(|line| line.trim()).unwrap_or_default();
        if above.get(start) != Some(&Kind::Words) || line.len() > 300 {
            break;
        }
        joined = format!("{line} {joined}");
        let begins = line.starts_with(|it: char| it.is_ascii_digit())
            || ATTRIBUTION_STARTS.iter().any(|word| line.starts_with(word));
        if is_attribution(&joined) && (begins || found.is_none()) {
            found = Some(start);
        }
    }
    found
}

/// Whether this ends like "… wrote:" and has a date or an address in it.
fn is_attribution(line: &str) -> bool {
    steps::looked_at(line);
    if line.len() > 1000 {
        return false;
    }
    let line = line.trim().replace('\u{a0}', " ").to_lowercase();
    let Some(words) = line.strip_suffix(':') else { return false };
    let words = words.trim_end();
    let says =
        ATTRIBUTION_VERBS.iter().any(|verb| words.contains(verb)) || words.ends_with('>');
    says && words.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
}

/// Where the words end that stand above a signature, or above the name of a device.
fn without_signature(kinds: &[Kind], end: usize) -> usize {
    let above = kinds.get(..end).unwrap_or_default();
    let mut end = above.iter().position(|kind| *kind == Kind::Dashes).unwrap_or(end);
    while let Some(kind) = end.checked_sub(1).and_then(|last| kinds.get(last)) {
        match kind {
            Kind::Blank | Kind::Device | Kind::Rule => end -= 1,
            Kind::Quoted
            | Kind::Marker
            | Kind::QuotedMarker
            | Kind::Dashes
            | Kind::Divider
            | Kind::Words => break,
        }
    }
    end
}

fn blank(kinds: Option<&[Kind]>) -> bool {
    kinds.is_none_or(|kinds| kinds.iter().all(|kind| *kind == Kind::Blank))
}

fn joined(lines: &[&str], kinds: &[Kind], end: usize) -> String {
    let kept = lines.iter().zip(kinds).take(end);
    let kept =
        kept.filter(|(_, kind)| !matches!(kind, Kind::Marker | Kind::QuotedMarker));
    let text: Vec<&str> = kept.map(|(line, _)| line.trim_end()).collect();
    text.join("\n").trim_matches('\n').trim_end().to_owned()
}

/// What the work is measured by, in tests: the bytes of the lines that were looked at.
mod steps {
    #[cfg(test)]
    thread_local! {
        pub(super) static TAKEN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    #[cfg(test)]
    pub(super) fn looked_at(line: &str) {
        TAKEN.set(TAKEN.get() + line.len() + 1);
    }

    #[cfg(not(test))]
    pub(super) const fn looked_at(_line: &str) {}
}

#[cfg(test)]
#[path = "strip_tests.rs"]
mod tests;
