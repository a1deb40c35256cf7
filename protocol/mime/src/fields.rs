//! The fields of an entity, and where its content begins.

use crate::{Broken, Value};

/// How long the fields of one entity may be, in bytes.
pub const LIMIT_FIELDS_BYTES: usize = 64 * 1024;

/// The fields of an entity, in their order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fields(Vec<(String, String)>);

/// An entity: fields and content.
#[derive(Clone, Debug)]
pub struct Entity<'a> {
    /// Its fields.
    pub fields: Fields,
    /// What follows the empty line, as it came.
    pub content: &'a [u8],
}

impl Fields {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a field at the end. Line breaks in the value become spaces, so that nobody can
    /// add a field by way of a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        let value = if value.contains(['\r', '\n', '\0']) {
            value.replace(['\r', '\n', '\0'], " ")
        } else {
            value
        };
        self.0.push((name.into(), value));
    }

    /// The first field of this name; case does not matter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// How many fields have this name.
    pub fn count(&self, name: &str) -> usize {
        self.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name)).count()
    }

    /// The fields, name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What `Content-Type` says; text if it says nothing (RFC 2045, 5.2).
    pub fn content_type(&self) -> Value {
        Value::read(self.get("Content-Type").unwrap_or("text/plain"))
    }

    /// The fields as lines, without the empty line after them.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for (name, value) in self.iter() {
            lines.extend([name, ": ", value, "\r\n"]);
        }
        lines
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut all = Self::new();
        for (name, value) in fields {
            all.push(name, value);
        }
        all
    }
}

/// Cuts an entity at its empty line; lines end in CRLF or LF, folded ones are joined.
///
/// Source: RFC 5322, 2.2.3; RFC 2046, 5.1: a part may begin with its empty line, and then has
/// no fields.
///
/// # Errors
/// [`Broken::FieldsTooLong`] and [`Broken::NoField`].
pub fn entity(bytes: &[u8]) -> Result<Entity<'_>, Broken> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = bytes;
    let mut number = 0_usize;
    while !rest.is_empty() {
        let line_end = rest.iter().position(|byte| *byte == b'\n');
        let (line, after) = match line_end.and_then(|at| at.checked_add(1)) {
            Some(end) => rest.split_at_checked(end).unwrap_or((rest, &[])),
            None => (rest, &[][..]),
        };
        rest = after;
        number = number.saturating_add(1);
        if bytes.len().saturating_sub(rest.len()) > LIMIT_FIELDS_BYTES {
            return Err(Broken::FieldsTooLong);
        }
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            break;
        }
        if text.starts_with([' ', '\t']) {
            let Some((_, value)) = fields.last_mut() else {
                return Err(Broken::NoField { line: number });
            };
            value.push(' ');
            value.push_str(text.trim());
        } else {
            let (name, value) =
                text.split_once(':').ok_or(Broken::NoField { line: number })?;
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    Ok(Entity { fields: Fields(fields), content: rest })
}

#[cfg(test)]
mod tests {
    use super::{Fields, entity};
    use crate::Broken;

    #[test]
    fn folded_fields_are_joined_and_the_content_stays_as_it_is() {
        let read = entity(b"A: one\r\n\ttwo\nb:three\r\n\r\n x\r\n\r\n").unwrap();

        assert_eq!(read.fields.get("a"), Some("one two"));
        assert_eq!(read.fields.get("B"), Some("three"));
        assert_eq!(read.content, b" x\r\n\r\n");
    }

    #[test]
    fn a_line_without_a_colon_is_refused_by_its_number() {
        assert_eq!(
            entity(b"A: b\r\nnonsense\r\n\r\n").err(),
            Some(Broken::NoField { line: 2 })
        );
        assert_eq!(entity(&vec![b'a'; 70_000]).err(), Some(Broken::FieldsTooLong));
    }

    #[test]
    fn a_value_cannot_bring_a_field_of_its_own() {
        let fields: Fields = [("Subject", "a\r\nBcc: b")].into_iter().collect();

        assert_eq!(fields.lines(), "Subject: a  Bcc: b\r\n");
    }
}
