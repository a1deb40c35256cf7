//! Short texts that people type: trimmed, without control characters, of a sane length.

/// The text as it is kept, if it has `1..=limit` characters and stands on one line.
pub(crate) fn line(text: &str, limit: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= limit;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// The text as it is kept, if it has at most `limit` characters; lines may break.
pub(crate) fn lines(text: &str, limit: usize) -> Option<String> {
    let text = text.trim();
    let plain = |it: char| !it.is_control() || it == '\n' || it == '\t';
    let text: String = text.chars().filter(|it| *it != '\r').collect();
    (text.chars().count() <= limit && text.chars().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn a_name_stands_on_one_line() {
        assert_eq!(line("  Ada Lovelace ", 20).as_deref(), Some("Ada Lovelace"));
        assert_eq!(line("Ada\r\nBcc: everybody", 40), None);
        assert_eq!(line("   ", 40), None);
        assert_eq!(line("abc", 2), None);
    }

    #[test]
    fn a_message_may_break_its_lines() {
        assert_eq!(lines("a\r\nb\n", 10).as_deref(), Some("a\nb"));
        assert_eq!(lines("", 10).as_deref(), Some(""));
        assert_eq!(lines("\u{7}", 10), None);
    }
}
