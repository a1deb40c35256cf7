//! What others wrote, as short as it must be in what we say of it.

/// The most characters of a name or version of a guide: both stand in every fault that it finds.
pub(crate) const NAME: usize = 100;
/// The most codes that are named in one fault.
const CODES: usize = 20;

/// A text of others within a sentence: at most 96 bytes of it, with its length.
pub(crate) fn quote(text: &str) -> String {
    segments::escape(text.as_bytes())
}

/// A sentence of a library that quotes others between backticks, each quotation cut.
pub(crate) fn sentence(text: &str) -> String {
    let pieces: Vec<String> = text
        .split('`')
        .map(|piece| if piece.len() > 96 { quote(piece) } else { piece.to_owned() })
        .collect();
    let short = pieces.join("`");
    match short.char_indices().nth(1000) {
        Some((end, _)) => format!("{}…", short.get(..end).unwrap_or_default()),
        None => short,
    }
}

/// Codes in a row, the first of them.
pub(crate) fn codes(all: &[String]) -> Vec<String> {
    let mut named: Vec<String> = all.iter().take(CODES).map(|code| quote(code)).collect();
    if all.len() > CODES {
        named.push(format!("… ({} codes)", all.len()));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_cut_and_what_is_short_is_not() {
        let long = "k".repeat(1 << 20);
        assert_eq!(quote("N1/N1"), "N1/N1");
        assert!(quote(&long).len() < 150 && quote(&long).contains("1048576 bytes"));
        let short = "unknown field `usage`, expected one of `at`, `use`";
        assert_eq!(sentence(short), short);
        let cut = sentence(&format!("unknown field `{long}`, expected one of `at`"));
        assert!(cut.len() < 250 && cut.ends_with("expected one of `at`"), "{cut}");
        assert!(sentence(&"`a".repeat(1 << 20)).chars().count() <= 1001);
        let many: Vec<String> = (0..50_000).map(|code| code.to_string()).collect();
        assert_eq!(codes(&many).len(), 21);
        assert_eq!(codes(&many[..20]).len(), 20);
    }
}
