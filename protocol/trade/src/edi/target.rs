use std::str::FromStr;

use segments::facts;

/// What a file is converted to.
///
/// As text `x12`, `edifact` or `json`; a release may follow, as in `x12:005010` and
/// `edifact:D.01B`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// X12 in this release, such as `005010`.
    X12(&'static str),
    /// UN/EDIFACT in this directory, such as `01B`.
    Edifact(&'static str),
    /// The document free of dialect, as JSON.
    Json,
}

impl Target {
    /// X12 004010.
    pub const X12_004010: Self = Self::X12("004010");
    /// UN/EDIFACT D.96A.
    pub const EDIFACT_D96A: Self = Self::Edifact("96A");

    /// All of them, as text: a release or directory is here as soon as there are tables of it.
    pub fn names() -> Vec<String> {
        let releases = facts::X12.iter().map(|(release, _)| format!("x12:{release}"));
        let own = |(_, syntax, _): &&(&str, u8, _)| *syntax == 3;
        let directories = facts::EDIFACT.iter().filter(own);
        let directories = directories.map(|(name, ..)| format!("edifact:D.{name}"));
        releases.chain(directories).chain(["json".to_owned()]).collect()
    }
}

/// A target that there is not.
#[derive(Debug, thiserror::Error)]
#[error("`{asked}` cannot be written: give x12, edifact or json, or one of {}", Target::names().join(", "))]
pub struct UnknownTarget {
    asked: String,
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        let (dialect, release) = match text.split_once(':') {
            Some((dialect, release)) => (dialect, Some(release)),
            None => (text, None),
        };
        let found = match (dialect.to_ascii_lowercase().as_str(), release) {
            ("x12", None) => Some(Self::X12_004010),
            ("x12", Some(release)) => {
                let own = |known: &&(&'static str, _)| known.0 == release;
                facts::X12.iter().find(own).map(|known| Self::X12(known.0))
            }
            ("edifact", None) => Some(Self::EDIFACT_D96A),
            ("edifact", Some(directory)) => {
                let short = directory.to_ascii_uppercase();
                let short = short.strip_prefix('D').unwrap_or(&short);
                let short = short.trim_start_matches('.');
                let own = |known: &&(&'static str, u8, _)| known.0 == short;
                facts::EDIFACT.iter().find(own).map(|known| Self::Edifact(known.0))
            }
            ("json", None) => Some(Self::Json),
            _ => None,
        };
        found.ok_or_else(|| UnknownTarget { asked: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_told_with_its_release_or_without() {
        let read = |text: &str| text.parse::<Target>().ok();
        assert_eq!(read("x12"), Some(Target::X12("004010")));
        assert_eq!(read("x12:005010"), Some(Target::X12("005010")));
        assert_eq!(read("edifact"), Some(Target::Edifact("96A")));
        for text in ["edifact:D.01B", "edifact:D01B", "EDIFACT:01b", "edifact:d01b"] {
            assert_eq!(read(text), Some(Target::Edifact("01B")), "{text}");
        }
        assert_eq!(read("json"), Some(Target::Json));
        for name in Target::names() {
            assert!(read(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_release_without_tables_is_refused_with_those_that_have_them() {
        let told = "x12:007010".parse::<Target>().unwrap_err().to_string();
        assert_eq!(
            told,
            "`x12:007010` cannot be written: give x12, edifact or json, or one of x12:004010, \
             x12:005010, edifact:D.96A, edifact:D.01B, json"
        );
        for text in ["", "json:1", "edifact:", "xml", "x12:"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
