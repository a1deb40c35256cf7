//! AS2 names: who sends, who receives.

use std::fmt;

use crate::Broken;

/// The name of a station: 1 to 128 printable ASCII characters; case matters.
///
/// Source: RFC 4130, 6.2.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Name(String);

impl Name {
    /// From its own characters.
    ///
    /// # Errors
    /// [`Broken::Header`] for an empty or a long one, and other characters.
    pub fn new(name: &str) -> Result<Self, Broken> {
        let printable = |byte: u8| (b' '..=b'~').contains(&byte);
        let good = (1..=128).contains(&name.len())
            && name.bytes().all(printable)
            && name.trim() == name;
        if good {
            Ok(Self(name.to_owned()))
        } else {
            Err(Broken::Header("AS2-From or AS2-To"))
        }
    }

    /// From a header, where it stands in quotes if it has spaces, quotes or backslashes.
    ///
    /// # Errors
    /// As [`Name::new`].
    pub fn read(header: &str) -> Result<Self, Broken> {
        let header = header.trim();
        let inside = header.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        let Some(inside) = inside else { return Self::new(header) };
        let (mut name, mut escaped) = (String::new(), false);
        for letter in inside.chars() {
            if letter == '\\' && !escaped {
                escaped = true;
            } else {
                name.push(letter);
                escaped = false;
            }
        }
        Self::new(&name)
    }

    /// As it stands in a header.
    pub fn header(&self) -> String {
        if self.0.contains([' ', '"', '\\']) {
            mime::quoted(&self.0)
        } else {
            self.0.clone()
        }
    }

    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_with_spaces_and_quotes_survive_the_header() {
        for name in ["ACME", "Acme West", "a\"b\\c", "a\\"] {
            let name = Name::new(name).unwrap();
            assert_eq!(Name::read(&name.header()), Ok(name));
        }
        assert_ne!(Name::new("acme"), Name::new("ACME"));
        for bad in ["", " ", "é", "a\r\nb", &"a".repeat(129)] {
            assert!(Name::new(bad).is_err(), "{bad:?}");
        }
    }
}
